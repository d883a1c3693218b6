"""The review queue: unsure links, most valuable first, none lost that has no amount."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from harvester.engine import schema
from harvester.linkage.decisions import contradicted_pairs
from harvester.wheat.review import review

if TYPE_CHECKING:
    from harvester.engine.engine import Engine

RAND = {"e1": 100_00, "e2": 300_00, "e3": 1_000_00, "e4": 0, "e5": None, "e6": None}


def country(engine: Engine, links: list[tuple[str, str, float, str]]) -> dict[str, object]:
    rows = {
        schema.ENTRIES: [
            {"entry_id": e, "row": 1, "name": e, "metro": "ETH", "amount_cents": c} for e, c in RAND.items()
        ],
        schema.LINKS: [
            {"entry_a": a, "entry_b": b, "probability": p, "weight": 0.0, "joined": p > 0.5, "decided": d, "wording": 1}
            for a, b, p, d in links
        ],
        schema.MEMBERSHIPS: [{"entry_id": e, "undertaking_id": f"U-{e}", "probability": 1.0} for e in RAND],
        schema.FINDINGS: [
            {"finding_id": f"{d}:{u}", "detector": d, "undertaking_id": u, "confidence": 1.0}
            for d, u in (("W07", "U-e1"), ("W01", "U-e2"), ("W12", "U-e2"))
        ],
    }  # fmt: skip
    return {t.name: engine.table(t, t.from_rows(made)) for t, made in rows.items()}


NONE = contradicted_pairs(schema.DECISIONS.empty())


def queue(
    engine: Engine, links: list[tuple[str, str, float, str]], clash: pa.Table = NONE, most: int = 99
):
    rows, left_off = review(engine, country(engine, links), clash, most)
    return rows.to_pylist(), left_off


def test_value_is_rand_times_doubt_times_findings(engine: Engine) -> None:
    (row,), _ = queue(engine, [("e1", "e2", 0.5, "")])
    assert (row["rank"], row["amount_cents"], row["findings"]) == (1, 100_00, 3)
    assert row["detectors"] == "W01,W07"
    assert row["value"] == pytest.approx(100 * 1.0 * (1 + 3))


def test_most_valuable_first_and_unknown_amounts_last_but_there(engine: Engine) -> None:
    links = [
        ("e5", "e6", 0.5, ""),
        ("e3", "e4", 0.5, ""),
        ("e1", "e5", 0.5, ""),
        ("e3", "e6", 0.1, ""),
    ]
    rows, _ = queue(engine, links)
    assert [(r["entry_a"], r["entry_b"]) for r in rows] == [
        ("e3", "e6"), ("e1", "e5"), ("e3", "e4"), ("e5", "e6"),
    ]  # fmt: skip
    assert [r["amount_cents"] for r in rows] == [1_000_00, 100_00, 0, None]


def test_sure_and_decided_links_need_nobody(engine: Engine) -> None:
    links = [("e1", "e2", 0.04, ""), ("e1", "e3", 0.96, ""), ("e2", "e3", 0.5, "rejected")]
    assert queue(engine, links) == ([], 0)
    rows, _ = queue(engine, [("e1", "e2", 0.05, ""), ("e1", "e3", 0.95, "")])
    assert len(rows) == 2


def test_contradicted_links_are_there_however_sure_the_model_is(engine: Engine) -> None:
    clash = pa.table({"entry_a": ["e1"], "entry_b": ["e3"]})
    (row,), _ = queue(engine, [("e1", "e3", 0.999, "rejected")], clash)
    assert row["contradicted"]
    assert row["value"] == pytest.approx(100 * 1.0 * 2)


def test_the_queue_is_bounded_and_says_what_it_left_off(engine: Engine) -> None:
    links = [("e1", "e2", 0.5, ""), ("e1", "e3", 0.5, ""), ("e2", "e3", 0.5, "")]
    rows, left_off = queue(engine, links, most=2)
    assert [r["rank"] for r in rows] == [1, 2]
    assert left_off == 1


def test_rows_that_are_surely_one_ask_one_question(engine: Engine) -> None:
    links = [("e1", "e2", 0.99, ""), ("e1", "e3", 0.7, ""), ("e2", "e3", 0.7, "")]
    rows, left_off = queue(engine, links)
    assert [(r["entry_a"], r["entry_b"], r["pairs"]) for r in rows] == [("e2", "e3", 2)]
    assert left_off == 0


def test_what_people_said_of_one_pair_settles_the_question(engine: Engine) -> None:
    between = [("e1", "e2", 0.99, ""), ("e2", "e3", 0.7, "")]
    for answer in ("accepted", "rejected"):
        assert queue(engine, [*between, ("e1", "e3", 0.7, answer)]) == ([], 0)


def test_a_contradicted_pair_is_asked_by_itself(engine: Engine) -> None:
    links = [("e1", "e2", 0.99, ""), ("e1", "e3", 0.7, "rejected"), ("e2", "e3", 0.7, "")]
    rows, _ = queue(engine, links, pa.table({"entry_a": ["e1"], "entry_b": ["e3"]}))
    assert [(r["entry_a"], r["entry_b"], r["contradicted"]) for r in rows] == [("e1", "e3", True)]
