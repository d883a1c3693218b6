"""Random countries of a few papers, as the tables that the later stages are given."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from harvester.engine import schema

if TYPE_CHECKING:
    from tests.engines.reference.papers import Row, Tables

DAYS = (None, None, dt.date(2018, 5, 31), dt.date(2019, 3, 1), dt.date(2020, 2, 29))
NAMES = ("unknown", "BUF", "EC-HEA")
UNDERTAKINGS = ("u1", "u2", "u3", "u4")
MUNICIPAL = ("pipeline", "idp", "budget", "in_year")
LISTS = (*MUNICIPAL, "budget", "idp", "provincial_projects", "national_projects", "areas")

amounts = st.one_of(
    st.integers(-300, 300),
    st.sampled_from([0, 1, 10_000_000, 100_000_000, 70_000_000, -5, 9_000_000_000_000_001]),
)
periods = st.one_of(
    st.none(),
    st.tuples(st.dates(dt.date(2017, 1, 1), dt.date(2021, 12, 1)), st.integers(0, 500)),
)
lines = st.fixed_dictionaries({
    "amount_cents": amounts, "year": st.sampled_from(["2018/19", "2019/20", "2020/21", "unknown"]),
    "phase": st.sampled_from(["planned", "budget", "budget", "adjusted", "actual", "gazetted", "forecast"]),
    "period": periods,
})  # fmt: skip
entries = st.fixed_dictionaries({
    "undertaking": st.sampled_from([*UNDERTAKINGS, *UNDERTAKINGS, None]),
    "p": st.sampled_from([1.0, 1.0, 0.9, 0.62]),
    "kind": st.sampled_from(["project", "project", "programme", "total"]),
    "name": st.sampled_from(["Clinic", "Road", " "]),
    "owner": st.sampled_from(["BUF", "BUF", "EC-HEA", "unknown"]),
    "owner_text": st.sampled_from(["", "Health"]),
    "sphere": st.sampled_from(["local", "local", "provincial", "unknown"]),
    "metro": st.sampled_from(["BUF", "BUF", "NMA", "unknown"]),
    "place_class": st.sampled_from(["located", "unknown", "administrative"]),
    "asset_class": st.sampled_from(["unknown", "computer_equipment", "clinics"]),
    "outcome_mtsf": st.sampled_from(["unknown", "unknown", "8"]),
    "outcome_text": st.sampled_from(["", "", "words"]),
    "start_date": st.sampled_from([None, dt.date(2018, 9, 1), dt.date(2020, 9, 1)]),
    "amount_cents": st.sampled_from([None, 0, 500, 100_000_000]),
    "lines": st.lists(lines, max_size=3),
})  # fmt: skip
papers = st.fixed_dictionaries({
    "document": st.sampled_from(LISTS),
    "institution": st.sampled_from(["BUF", "BUF", "BUF", "NMA", "EC-HEA", "unknown"]),
    "season": st.sampled_from(["2018/19", "2019/20", "2019/20", "2020/21", "unknown"]),
    "stage": st.sampled_from(["draft", "tabled", "adopted", "adopted", "adjusted", ""]),
    "published_on": st.sampled_from(DAYS),
    "asks_outcome": st.booleans(),
    "entries": st.lists(entries, max_size=4),
})  # fmt: skip
pairs = st.fixed_dictionaries({
    "a": st.integers(0, 50), "b": st.integers(0, 50),
    "probability": st.sampled_from([0.1, 0.3, 0.45, 0.59]),
    "decided": st.sampled_from(["", "", "rejected"]),
})  # fmt: skip
relations = st.fixed_dictionaries({
    "from": st.sampled_from(UNDERTAKINGS), "to": st.sampled_from(UNDERTAKINGS),
    "kind": st.sampled_from(["split_into", "merged_into", "phase_of"]),
})  # fmt: skip


@st.composite
def countries(draw: Any, least: int = 1) -> Tables:
    """Tables of a country of at least so many papers by name, as lists of rows with every column."""
    made: Tables = {name: [] for name in NEEDED}
    for n, paper in enumerate(draw(st.lists(papers, min_size=least, max_size=7))):
        _add_paper(made, f"paper{n}:0", paper)
    _add_links(made, draw(st.lists(pairs, max_size=5)))
    _add_relations(made, draw(st.lists(relations, max_size=2)))
    used = {m["undertaking_id"] for m in made["memberships"]}
    made["undertakings"] = [
        {"undertaking_id": u, "name": u, "metro": draw(st.sampled_from(["BUF", "unknown"])),
         "sphere": "local", "function": "unknown", "owner": "unknown", "province": "EC",
         "entries": 1, "place_class": "unknown", "confidence": 1.0}
        for u in sorted(used)
    ]  # fmt: skip
    return {name: NEEDED[name].from_rows(rows).to_pylist() for name, rows in made.items()}


NEEDED = {
    t.name: t for t in (
        schema.SUBMISSIONS, schema.COLUMNS, schema.ENTRIES, schema.LINES, schema.LINKS,
        schema.MEMBERSHIPS, schema.UNDERTAKINGS, schema.RELATIONS,
    )
}  # fmt: skip


def _add_paper(made: Tables, sid: str, paper: Row) -> None:
    calendar = "municipal" if paper["document"] in MUNICIPAL else "national"
    told = {"document": paper["document"], "institution": paper["institution"], "stage": paper["stage"],
            "published_on": paper["published_on"]}  # fmt: skip
    made["submissions"].append({
        **told, "submission_id": sid, "financial_year": paper["season"], "calendar": calendar,
        "entries": 0, "lines": 0, "rejected_rows": 0,
    })  # fmt: skip
    if paper["asks_outcome"]:
        made["columns"].append({"submission_id": sid, "field": "outcome_text", "column": "H"})
    for row, entry in enumerate(paper["entries"], start=2):
        said = {k: v for k, v in entry.items() if k not in {"undertaking", "p", "lines"}}
        entry_id = f"{sid}:{row}"
        made["entries"].append({
            **said, **told, "entry_id": entry_id, "submission_id": sid, "row": row,
            "publication_year": paper["season"], "grant": "unknown", "function": "unknown",
        })  # fmt: skip
        if entry["undertaking"]:
            made["memberships"].append({
                "entry_id": entry_id, "undertaking_id": entry["undertaking"], "probability": entry["p"]
            })  # fmt: skip
        for n, line in enumerate(entry["lines"]):
            made["lines"].append(_line(f"{entry_id}:{n}", entry_id, sid, calendar, line))


def _line(line_id: str, entry_id: str, sid: str, calendar: str, line: Row) -> Row:
    start, days = line["period"] or (None, 0)
    return {
        "line_id": line_id, "entry_id": entry_id, "submission_id": sid, "calendar": calendar,
        "amount_cents": line["amount_cents"], "year": line["year"], "phase": line["phase"],
        "period_start": start, "period_end": start and start + dt.timedelta(days=days),
    }  # fmt: skip


def _add_links(made: Tables, drawn: list[Row]) -> None:
    """Near misses between rows of different undertakings, each pair once."""
    of = [(m["entry_id"], m["undertaking_id"]) for m in made["memberships"]]
    found: dict[tuple[str, str], Row] = {}
    for pair in drawn if of else []:
        (a, one), (b, other) = sorted((of[pair["a"] % len(of)], of[pair["b"] % len(of)]))
        if one != other:
            found[a, b] = {
                "entry_a": a, "entry_b": b, "probability": pair["probability"], "weight": 0.0,
                "joined": False, "decided": pair["decided"], "wording": 1,
            }  # fmt: skip
    made["links"] = list(found.values())


def _add_relations(made: Tables, drawn: list[Row]) -> None:
    found = {}
    for one in drawn:
        if one["from"] != one["to"]:
            key = (one["from"], one["to"], one["kind"])
            found[key] = {
                "from_undertaking": one["from"], "to_undertaking": one["to"], "kind": one["kind"],
                "probability": 0.9, "reasons": "[]",
            }  # fmt: skip
    made["relations"] = list(found.values())
