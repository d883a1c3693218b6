"""A hand-made harvest of eThekwini, small enough to check by eye."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
import shapely

from harvester.engine import schema

if TYPE_CHECKING:
    import pyarrow as pa

AS_AT = dt.date(2018, 10, 12)
SHA = "ab" * 32


@dataclass
class HandMade:
    """A harvest in memory."""

    tables: dict[str, pa.Table] = field(default_factory=dict)
    manifest: dict[str, Any] = field(default_factory=dict)

    def table(self, name: str) -> pa.Table:
        """Rows of one table."""
        return self.tables[name]


def manifest(as_at: str | None = AS_AT.isoformat()) -> dict[str, Any]:
    """What a run says of itself."""
    return {
        "run": "0041", "digest": "7f3a" * 16, "as_at": as_at,
        "inputs": {"digest": "1", "rules": "2", "files": [SHA]}, "counts": {},
    }  # fmt: skip


def empty() -> HandMade:
    """A harvest of nothing at all."""
    return HandMade({t.name: t.empty() for t in schema.HARVEST_TABLES}, manifest(None))


def submission(n, document, institution, **more):
    """One submission."""
    return {
        "submission_id": f"s{n}:1", "sha256": SHA, "file": f"file-{n}.xlsx", "sheet": "Sheet1",
        "format": "x", "document": document, "institution": institution,
        "institution_text": institution, "financial_year": "2018/19", "calendar": "municipal",
        "stage": "adopted", "title": "", "reader_version": "x 1", "entries": 3, "lines": 9,
        "rejected_rows": 0, "published_on": dt.date(2018, 5, 31),
    } | more  # fmt: skip


PAPER = {"budget": "s1:1", "pipeline": "s2:1", "provincial_projects": "s3:1"}


def money(area, document, cents, year, place_class, layer="municipality", **more):
    """One row of the spatial budget."""
    return {
        "layer": layer, "area_id": area, "metro": "ETH", "sphere": "local", "owner": "ETH",
        "document": document, "function": "water", "grant": "USDG", "phase": "budget",
        "year": year, "place_class": place_class, "amount_cents": cents, "entries": 2,
        "submission_id": PAPER[document], "latest": True,
    } | more  # fmt: skip


def indicator(name, value, low, high, year="2018/19", **more):
    """One value of an indicator."""
    return {
        "indicator": name, "metro": "ETH", "sphere": "all", "year": year, "value": value,
        "low": low, "high": high, "numerator": 1.2e10, "denominator": 2.5e10, "unknown": 3e9,
        "items": 12,
    } | more  # fmt: skip


def finding(n, detector, title, statement, rand, severity, **more):
    """One finding."""
    return {
        "finding_id": f"{detector}:u{n}", "detector": detector, "title": title,
        "statement": statement, "severity": severity, "metro": "ETH", "year": "2018/19",
        "parties": "ETH,KZN-EDU", "spheres": "local,provincial", "function": "water",
        "undertaking_id": f"u{n}", "rand_cents": rand,
        "rand_low_cents": rand and rand * 8 // 10, "rand_high_cents": rand, "confidence": 0.91,
        "offering": "compacts", "forum": "CBF",
    } | more  # fmt: skip


SUBMISSIONS = [
    submission(1, "budget", "ETH", file="SA36 eThekwini <draft>.xlsx", sheet="ETH"),
    submission(2, "pipeline", "ETH", published_on=None, rejected_rows=2, entries=40),
    submission(3, "provincial_projects", "KZN-EDU", calendar="national", entries=11,
               published_on=dt.date(2017, 3, 1)),
    submission(4, "national_projects", "unknown", institution_text="National Treasury", sheet=""),
    submission(5, "budget", "BUF", sheet="BUF"),
    submission(6, "budget", "ETH", financial_year="2017/18", published_on=dt.date(2017, 5, 31)),
]  # fmt: skip

ENTRIES = [
    {"entry_id": f"s{s}:1:{row}", "submission_id": f"s{s}:1", "sheet": "Sheet1", "row": row,
     "kind": "project", "metro": metro}
    for s, row, metro in [(1, 4, "ETH"), (1, 5, "ETH"), (2, 2, "ETH"), (3, 2, "ETH"),
                          (3, 3, "BUF"), (5, 4, "BUF"), (4, 2, "ETH")]
]  # fmt: skip


def problem(n, submission_id, code, severity, row, message, mend, **more):
    """One problem."""
    return {
        "problem_id": f"{submission_id}:{n}", "submission_id": submission_id, "stage": "sources",
        "code": code, "severity": severity, "sheet": "Sheet1", "row": row, "column": "K",
        "header": "GPS Longitude", "value": "0", "message": message, "mend": mend,
    } | more  # fmt: skip


PROBLEMS = [
    problem(1, "s1:1", "no_location", "warning", 4, "The coordinate is 0, 0.", "Give the point."),
    problem(2, "s1:1", "no_location", "warning", 5, "The coordinate is 0, 0.", "Give the point."),
    problem(3, "s1:1", "bad_amount", "error", 4, "The amount is not a number.",
            "Write rand as a number.", column="P", header="Budget year 2018/19", value="=cmd|' /C calc'!A0"),
    problem(4, "s3:1", "coordinate_elsewhere", "warning", 3,
            "The coordinate lies in Umzimkhulu but the row says Buffalo City.", "Ask the owner."),
    problem(5, "s2:1", "unit", "note", None, "Amounts are whole rand.", "Nothing to do.", column=""),
]  # fmt: skip

UNDERTAKINGS = [
    {"undertaking_id": f"u{i}", "name": f"Project {i}", "metro": metro, "province": "KZN",
     "function": function, "owner": owner, "sphere": sphere, "entries": 2, "documents": "budget",
     "institutions": owner, "first_year": 2018, "last_year": 2020, "amount_cents": cents,
     "place_class": place_class, "confidence": 1.0}
    for i, (metro, function, owner, sphere, cents, place_class) in enumerate([
        ("ETH", "water", "ETH", "local", 1_960_000_000_000, "located"),
        ("ETH", "housing", "ETH", "local", 640_000_000_00, "multi_ward"),
        ("ETH", "education", "KZN-EDU", "provincial", 71_000_000_00, "located"),
        ("ETH", "roads", "ETH", "local", 790_000_000_000, "city_wide"),
        ("ETH", "roads", "SANRAL", "entity", 390_000_000_000, "unknown"),
        ("ETH", "health", "unknown", "unknown", None, "unknown"),
        ("BUF", "water", "BUF", "local", 12_300, "located"),
    ])
]  # fmt: skip

BUDGET = [
    money("municipality:ETH", "budget", 1_200_000_000_000, "2018/19", "located"),
    money("municipality:ETH", "budget", 300_000_000_000, "2019/20", "city_wide"),
    money("municipality:ETH", "budget", 150_000_000_000, "2019/20", "unknown"),
    money("municipality:ETH", "budget", 90_000_000_000, "2018/19", "multi_ward"),
    money("municipality:ETH", "budget", 40_000_000_000, "2018/19", "network"),
    money("municipality:ETH", "budget", 60_000_000_000, "2018/19", "administrative"),
    money("municipality:ETH", "budget", 777, "2018/19", "located", phase="actual"),
    money("municipality:ETH", "pipeline", 900_000_000_000, "2019/20", "located", phase="planned"),
    money("municipality:ETH", "pipeline", 250_000_000_000, "unknown", "unknown", phase="planned"),
    money("municipality:ETH", "provincial_projects", 7_100_000_000, "2017/18", "located",
          sphere="provincial", owner="KZN-EDU"),
    money("integration_zone:a", "budget", 400_000_000_000, "2018/19", "located", "integration_zone"),
    money("integration_zone:a", "pipeline", 700_000_000_000, "2019/20", "located", "integration_zone",
          phase="planned"),
    money("", "budget", 1_440_000_000_000, "2018/19", "located", "integration_zone"),
    money("municipality:BUF", "budget", 12_300, "2018/19", "located", metro="BUF", owner="BUF", submission_id="s5:1"),
    money("municipality:ETH", "budget", 999_000_000_000, "2017/18", "located", submission_id="s6:1",
          latest=False),
]  # fmt: skip

AREAS = [
    {"area_id": "municipality:ETH", "submission_id": "a:1", "layer": "municipality",
     "kind": "municipality", "code": "ETH", "name": "eThekwini", "metro": "ETH", "priority": False,
     "illustrative": True, "square_metres": 1.0, "geometry": shapely.to_wkb(shapely.box(30, -31, 32, -29))},
    {"area_id": "integration_zone:a", "submission_id": "a:1", "layer": "integration_zone",
     "kind": "integration_zone", "name": "Cornubia to Umhlanga", "metro": "ETH", "priority": True,
     "illustrative": True, "square_metres": 1.0, "geometry": shapely.to_wkb(shapely.box(31, -30, 31.2, -29.5))},
]  # fmt: skip

INDICATORS = [
    indicator("V1", 0.61, 0.55, 0.68), indicator("V1", 0.4, 0.3, 0.5, "2017/18"),
    indicator("S1", 0.44, 0.31, 0.50, "2019/20"),
    indicator("B1", None, 0.0, 1.0), indicator("P1", 0.642857, 0.642857, 0.642857),
    indicator("Q1", 1.0, 1.0, 1.0), indicator("T1", 0.003, 0.0, 0.2),
    indicator("V1", 0.5, 0.4, 0.6, metro="all"),
]  # fmt: skip

FINDINGS = [
    finding(1, "W07", "Amounts disagree", "“Cornubia <bulk> water” is R 640 m in the BEPP pipeline and R 212 m in the capital budget.", 428_000_000_00, "high"),
    finding(2, "W01", "In the pipeline, not in the IDP", "“Bridge City intermodal” is in the BEPP pipeline 2018/19 and in no IDP.", 318_000_000_00, "medium"),
    finding(3, "W04", "Other sphere’s project unknown to the metro", "“Waterloo primary school” of KwaZulu-Natal: Education is in no plan of eThekwini.", 71_000_000_00, "medium"),
    finding(4, "W20", "Expected submission missing", "The capital programme of PRASA has not come.", None, "low", parties="PRASA"),
    finding(5, "W07", "Amounts disagree", "Somewhere else.", 100, "low", metro="BUF"),
]  # fmt: skip

EVIDENCE = [
    {"finding_id": "W07:u1", "n": 1, "note": "planned amount", "entry_id": "s2:1:2",
     "submission_id": "s2:1", "file": "file-2.xlsx", "sheet": "Sheet1", "cell": "P2", "value": "640000000"},
    {"finding_id": "W07:u1", "n": 2, "note": "budgeted amount", "entry_id": "s1:1:4",
     "submission_id": "s1:1", "file": "SA36 eThekwini <draft>.xlsx", "sheet": "ETH", "cell": "P4",
     "value": "=HYPERLINK(\"x\")"},
]  # fmt: skip

COVERAGE = [
    {"institution": who, "document": document, "metro": metro, "year": "2018/19", "due_on": due,
     "rule": "r", "received": received, "state": state}
    for who, document, metro, due, received, state in [
        ("PRASA", "agency_projects", "ETH", dt.date(2018, 9, 1), "", "late"),
        ("PRASA", "agency_projects", "BUF", dt.date(2018, 9, 1), "", "late"),
        ("KZN-EDU", "provincial_projects", "ETH", dt.date(2018, 4, 1), "s3:1", "received"),
        ("ETH", "in_year", "ETH", dt.date(2018, 10, 31), "", "not_due"),
        ("ETH", "idp", "ETH", dt.date(2018, 5, 31), "", "late"),
    ]
]  # fmt: skip


@pytest.fixture
def harvest() -> HandMade:
    """The hand-made harvest."""
    rows = {
        schema.SUBMISSIONS: SUBMISSIONS, schema.ENTRIES: ENTRIES, schema.PROBLEMS: PROBLEMS,
        schema.UNDERTAKINGS: UNDERTAKINGS, schema.SPATIAL_BUDGET: BUDGET, schema.AREAS: AREAS,
        schema.INDICATORS: INDICATORS, schema.FINDINGS: FINDINGS, schema.EVIDENCE: EVIDENCE,
        schema.COVERAGE: COVERAGE,
    }  # fmt: skip
    made = empty()
    made.manifest = manifest()
    made.tables |= {table.name: table.from_rows(list(listed)) for table, listed in rows.items()}
    return made


@pytest.fixture
def nothing() -> HandMade:
    """A harvest of nothing."""
    return empty()
