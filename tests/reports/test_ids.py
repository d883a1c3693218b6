"""Ids are in every export; earlier ids lead on; mistyped ones are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

from harvester.domain.errors import UserError
from harvester.engine import schema
from harvester.engine.granary import Harvest
from harvester.linkage.identity import ids
from harvester.reports import tables, workbook
from harvester.reports.explain import explain, in_words
from tests.links import tables_of

if TYPE_CHECKING:
    from tests.reports.conftest import HandMade

WHOLE, PART, OLD, GONE, TORN = (ids.mint("ETH", name) for name in ("w", "p", "o", "g", "t"))
REASON = '[{"reason":"amounts of 2 parts add up to 98 % of the whole","weight":3.0}]'

RELATIONS = [{"from_undertaking": WHOLE, "to_undertaking": PART, "kind": "split_into",
              "probability": 0.9, "reasons": REASON}]  # fmt: skip
REDIRECTS = [
    {"undertaking_id": OLD, "now_id": WHOLE, "kind": "merge", "name": "Old bridge"},
    {"undertaking_id": GONE, "now_id": "", "kind": "withdrawn", "name": "Gone clinic"},
    {"undertaking_id": TORN, "now_id": WHOLE, "kind": "split", "name": "Both"},
    {"undertaking_id": TORN, "now_id": PART, "kind": "split", "name": "Both"},
]


@pytest.fixture
def kept(harvest: HandMade, tmp_path) -> Harvest:
    """The hand-made harvest in a folder, with two related projects and three earlier ids."""
    undertakings = harvest.tables["undertakings"].to_pylist()[:2]
    undertakings = [u | {"undertaking_id": i} for u, i in zip(undertakings, (WHOLE, PART), strict=True)]  # fmt: skip
    members = [("s1:1:4", WHOLE), ("s1:1:5", PART)]
    lines = [{"line_id": "s1:1:4:P4", "entry_id": "s1:1:4", "submission_id": "s1:1", "amount_cents": 1}]  # fmt: skip
    links = [{"entry_a": "s1:1:4", "entry_b": "s1:1:5", "probability": 0.4, "weight": 1.0, "joined": False, "reasons": "[]"}]  # fmt: skip
    pair = {"entry_a": "s1:1:4", "entry_b": "s1:1:5", "undertaking_a": WHOLE, "undertaking_b": PART}
    harvest.tables |= {
        "undertakings": schema.UNDERTAKINGS.from_rows(undertakings),
        "memberships": schema.MEMBERSHIPS.from_rows(
            [{"entry_id": e, "undertaking_id": u, "probability": 1.0} for e, u in members]
        ),
        "lines": schema.LINES.from_rows(lines),
        **tables_of(links),
        "decisions": schema.DECISIONS.from_rows(
            [pair | {"decision_id": "d1", "verdict": "accepted"}]
        ),
        "review": schema.REVIEW.from_rows(
            [
                pair
                | {
                    "rank": 1,
                    "probability": 0.4,
                    "joined": False,
                    "contradicted": False,
                    "findings": 0,
                    "pairs": 1,
                }
            ]
        ),
        "relations": schema.RELATIONS.from_rows(RELATIONS),
        "redirects": schema.REDIRECTS.from_rows(REDIRECTS),
    }
    for name, rows in harvest.tables.items():
        pq.write_table(rows, tmp_path / f"{name}.parquet")
    return Harvest("h0001", tmp_path, harvest.manifest)


OF_PROJECTS = {
    "entries": ("undertaking_id",),
    "lines": ("undertaking_id",),
    "undertakings": ("undertaking_id",),
    "memberships": ("undertaking_id",),
    "places": ("undertaking_id",),
    "benefits": ("undertaking_id",),
    "mends": ("undertaking_id",),
    "findings": ("undertaking_id",),
    "mended": ("undertaking_id",),
    "links": ("undertaking_a", "undertaking_b"),
    "relations": ("from_undertaking", "to_undertaking"),
    "redirects": ("undertaking_id", "now_id"),
    "decisions": ("undertaking_a", "undertaking_b"),
    "review": ("undertaking_a", "undertaking_b"),
}
NOT_OF_PROJECTS = {
    "submissions", "problems", "indicators", "indicator-slices", "areas", "spatial-budget", "coverage",
}  # fmt: skip


@pytest.mark.parametrize("name", tables.SHOWN)
def test_rows_about_a_project_say_which_in_every_table(kept: Harvest, name: str) -> None:
    assert name in NOT_OF_PROJECTS or name in OF_PROJECTS
    rows = tables.select(kept, name)
    text = "".join(tables.to_csv(rows))
    for column in OF_PROJECTS.get(name, ()):
        assert column in rows.column_names
        assert column in text.splitlines()[0]
        assert column in tables.brief_columns(name)
    if name in {"entries", "lines", "links", "memberships"}:
        assert WHOLE in text


def test_the_sheets_of_a_workbook_say_which_too() -> None:
    listed = {name: {c.heading for c in getattr(workbook, name)} for name in
              ("FINDINGS", "EVIDENCE", "PROJECTS", "RELATED", "EARLIER_IDS")}  # fmt: skip
    assert all("Undertaking" in heads or "Undertaking now" in heads for heads in listed.values())


@pytest.mark.parametrize("name", OF_PROJECTS)
def test_a_table_can_be_asked_for_one_project(kept: Harvest, name: str) -> None:
    rows = tables.select(kept, name, projects=[WHOLE]).to_pylist()
    assert all(WHOLE in {row[column] for column in OF_PROJECTS[name]} for row in rows)
    assert rows or name in {"findings", "mended", "places", "benefits", "mends"}


def test_a_table_of_no_projects_cannot(kept: Harvest) -> None:
    with pytest.raises(UserError, match="coverage cannot be filtered by project"):
        tables.select(kept, "coverage", projects=[WHOLE])


def test_an_earlier_id_is_followed_with_a_sentence(kept: Harvest) -> None:
    found = tables.follow(kept, OLD)
    assert found.living == (WHOLE,)
    assert (
        found.sentence == f"{OLD} (Old bridge) is now {WHOLE}: both turned out to be one project."
    )
    assert tables.follow(kept, GONE).living == ()
    assert "was withdrawn" in tables.follow(kept, GONE).sentence


def test_a_mistyped_or_unknown_id_is_told(kept: Harvest) -> None:
    swapped = WHOLE[:8] + WHOLE[9] + WHOLE[8] + WHOLE[10:]
    with pytest.raises(UserError, match=f"--id: {swapped} is not an id: the check.*Did you mean {WHOLE}"):  # fmt: skip
        tables.follow(kept, swapped)
    with pytest.raises(UserError, match="no harvest here has given out"):
        tables.follow(kept, ids.mint("ETH", "never"))


def test_explain_follows_an_earlier_id(kept: Harvest) -> None:
    told = explain(kept, OLD)
    assert (told["id"], told["name"]) == (WHOLE, "Project 0")
    assert told["note"].endswith("both turned out to be one project.")
    assert explain(kept, WHOLE)["note"] == ""
    torn = explain(kept, TORN)
    assert "turned out to be several projects" in torn["note"]
    assert {row["undertaking_id"] for row in torn["now"]} == {WHOLE, PART}
    assert explain(kept, GONE)["last_known_as"] == "Gone clinic"
    with pytest.raises(UserError, match=f"Did you mean {OLD}"):
        explain(kept, OLD[:-1] + ("0" if OLD[-1] != "0" else "1"))


def test_explain_tells_related_projects_from_both_sides(kept: Harvest) -> None:
    (whole,), (part,) = (explain(kept, i)["related_to"] for i in (WHOLE, PART))
    assert (whole["kind"], whole["undertaking_id"]) == ("was split: a part of it is", PART)
    assert (part["kind"], part["undertaking_id"]) == ("was split off from", WHOLE)
    text = in_words(explain(kept, PART))
    assert "related to: 1" in text
    assert "amounts of 2 parts add up to 98 % of the whole" in text


def test_a_harvest_older_than_relations_can_still_be_read(kept: Harvest) -> None:
    for name in ("relations", "redirects"):
        kept.path(name).unlink()
    assert explain(kept, WHOLE)["related_to"] == []
    assert tables.select(kept, "relations").num_rows == 0
