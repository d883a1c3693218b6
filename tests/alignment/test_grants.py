"""V3: grant money in the budget beside the gazettes, each gazette a version."""

from __future__ import annotations

import json

import pytest

from harvester.alignment.facts import Facts
from harvester.engine import schema
from tests.alignment.country import country, load

BUDGET = """
    document | project | grant | 2019
    budget   | roads   | USDG  | 60
    budget   | pipes   | USDG  | 40
    budget   | buses   | PTNG  | 50
    budget   | office  | own   | 999
"""


def gazetted(*rows: tuple[object, ...]) -> dict[str, object]:
    """A country with BUDGET and gazettes: (number, day, grant, metro, R million of 2019)."""
    text = BUDGET
    for n, row in enumerate(rows):
        text += f"    allocations | g{n} | {row[2]} | {row[4]}\n"
    tables = country(text)
    entries, lines = tables["entries"].to_pylist(), tables["lines"].to_pylist()
    told = iter(rows)
    for entry in entries:
        if entry["document"] == "allocations":
            number, day, _, metro, _, *extra = next(told)
            entry |= {
                "kind": "allocation",
                "other_code": number,
                "metro": metro,
                "institution": "NT",
                "extras": json.dumps({"gazette_date": day} | (extra[0] if extra else {})),
            }
    ids = {e["entry_id"] for e in entries if e["kind"] == "allocation"}
    for line in lines:
        if line["entry_id"] in ids:
            line |= {"phase": "gazetted", "calendar": "national"}
    papers = tables["submissions"].to_pylist()
    for paper in papers:
        if paper["document"] == "allocations":
            paper |= {"institution": "NT", "calendar": "national"}
    return tables | {
        "entries": schema.ENTRIES.from_rows(entries),
        "lines": schema.LINES.from_rows(lines),
        "submissions": schema.SUBMISSIONS.from_rows(papers),
    }


def test_matched_is_the_lesser_of_budget_and_gazette(parts_of):
    tables = gazetted(
        ("GG 1", "2019-04-20", "USDG", "BUF", 80), ("GG 1", "2019-04-20", "PTNG", "BUF", 70)
    )
    assert parts_of(tables, "V3") == {"USDG": (100, 0.8, 0.8, 0.8), "PTNG": (50, 1, 1, 1)}


def test_a_grant_no_gazette_speaks_of_is_unknown(measured):
    row = measured(gazetted(("GG 1", "2019-04-20", "USDG", "BUF", 100)), "V3")

    assert (row["value"], row["denominator"], row["unknown"]) == (1.0, 100e8, 50e8)
    assert (row["low"], row["high"]) == pytest.approx((100 / 150, 1.0), abs=1e-6)


def test_a_gazette_that_speaks_of_both_but_not_together_gives_nothing(parts_of):
    tables = gazetted(
        ("GG 1", "2019-04-20", "USDG", "BUF", 100), ("GG 1", "2019-04-20", "PTNG", "CPT", 70)
    )
    assert parts_of(tables, "V3")["PTNG"] == (50, 0, 0, 0)


def test_a_cut_after_adoption_shows_between_the_two_versions(measured, engine):
    tables = gazetted(
        ("GG 1", "2019-04-20", "USDG", "BUF", 100), ("GG 2", "2019-11-15", "USDG", "BUF", 60)
    )
    assert measured(tables, "V3")["value"] == 0.6
    assert measured(tables, "V3.adoption")["value"] == 1.0
    with Facts(engine, load(engine, tables)) as facts:
        row = facts.query("SELECT * FROM fact_grant WHERE \"grant\" = 'USDG' AND year = '2019/20'")
    cut = row.to_pylist()[0]
    assert (cut["cut_cents"], cut["number"], cut["versions"]) == (40 * 10**8, "GG 2", 2)


def test_a_gazette_after_adoption_says_nothing_of_the_day_of_adoption(measured):
    tables = gazetted(("GG 1", "2019-11-15", "USDG", "BUF", 100))

    assert measured(tables, "V3")["value"] == 1.0
    assert measured(tables, "V3.adoption")["value"] is None


@pytest.mark.parametrize("extra", [{"version": "bill"}, {"schedule": "6B"}])
def test_a_bill_and_money_in_kind_are_no_gazetted_allocation(measured, extra):
    tables = gazetted(("GG 1", "2019-04-20", "USDG", "BUF", 100, extra))

    assert measured(tables, "V3")["value"] is None


def test_the_municipalitys_own_list_of_grants_counts_where_its_budget_names_none(measured):
    """SA18/19 holds the whole grant, SA36 its capital: never both."""
    own = "document | by | project | grant | metro | 2019\nallocations | BUF | a | PTNG | BUF | 30"
    assert measured(country(own), "V3")["unknown"] == 30 * 10**8
    both = f"{own}\nbudget | BUF | buses | USDG | BUF | 10"
    assert measured(country(both), "V3")["unknown"] == 10 * 10**8
