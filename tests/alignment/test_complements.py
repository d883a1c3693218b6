"""H1: housing with what it needs around it, in reach and in time."""

from __future__ import annotations

import pytest

from harvester.alignment.facts import Facts
from tests.alignment.country import country, load

# One hundredth of a degree of latitude is about 1.1 km.
HOUSES = """
    document            | by     | project | function         | longitude | latitude | 2019 | 2020
    budget              | BUF    | houses  | housing          | 27.90     | -33.00   | 50   | 50
    budget              | BUF    | mains   | water            | 27.90     | -33.02   | 10   | -
    budget              | BUF    | sewer   | sanitation       | 27.90     | -33.10   | 10   | -
    budget              | BUF    | power   | electricity      | 27.90     | -33.01   | 5    | -
    budget              | BUF    | street  | roads            | 27.90     | -33.01   | 5    | -
    budget              | BUF    | stop    | public_transport | 27.90     | -33.004  | 5    | -
    provincial_projects | EC-EDU | school  | education        | 27.90     | -33.02   | -    | 20
"""


def complements_of(engine, tables):
    with Facts(engine, load(engine, tables)) as facts:
        rows = facts.query("SELECT * FROM fact_complement ORDER BY ALL").to_pylist()
    return {row["complement"]: row for row in rows}


def test_near_in_time_is_satisfied_far_is_missing_and_an_unread_list_is_unknown(engine):
    found = complements_of(engine, country(HOUSES))

    assert {code: row["status"] for code, row in found.items()} == {
        "water": "satisfied",
        "sanitation": "missing",
        "power": "satisfied",
        "road": "satisfied",
        "school": "satisfied",
        "clinic": "unknown",
        "transport": "satisfied",
    }
    assert found["water"]["near_entry"] == "budget-BUF-2019:0:3"
    assert found["water"]["metres"] == pytest.approx(2220, abs=25)


def test_a_complement_that_ends_after_the_housing_is_late(engine):
    tables = country("""
        document | by  | project | function | longitude | latitude | 2019 | 2020 | 2021
        budget   | BUF | houses  | housing  | 27.90     | -33.00   | 50   | -    | -
        budget   | BUF | slow    | water    | 27.90     | -33.01   | -    | -    | 10
        budget   | BUF | mains   | water    | 27.90     | -33.02   | -    | 10   | -
        budget   | BUF | far     | water    | 27.90     | -33.30   | 10   | -    | -
    """)
    row = complements_of(engine, tables)["water"]
    assert (row["status"], row["months_late"], row["near_entry"]) == (
        "late", 12, "budget-BUF-2019:0:4",
    )  # fmt: skip


def test_housing_without_a_place_is_unknown_unless_its_area_is_served(engine):
    area = {"area_id": "region:N", "layer": "region", "kind": "region", "metro": "BUF",
            "priority": False}  # fmt: skip
    text = """
        document | by  | project | function | place_class | 2019
        budget   | BUF | houses  | housing  | multi_ward  | 50
        budget   | BUF | mains   | water    | network     | 10
    """
    assert complements_of(engine, country(text))["water"]["status"] == "unknown"
    places = [
        {"entry_id": f"budget-BUF-2019:0:{n}", "layer": "region", "area_id": "region:N",
         "place_class": "multi_ward", "weight": 1, "rule": "named region"}
        for n in (2, 3)
    ]  # fmt: skip
    served = complements_of(engine, country(text, areas=[area], places=places))
    assert (served["water"]["status"], served["water"]["metres"]) == ("satisfied", None)
    assert served["sanitation"]["status"] == "unknown"


def test_a_network_that_says_nowhere_whom_it_serves_may_serve_the_housing(engine):
    tables = country("""
        document | by  | project | function   | place_class | longitude | latitude | 2019
        budget   | BUF | houses  | housing    | located     | 27.90     | -33.00   | 50
        budget   | BUF | mains   | water      | network     |           |          | 10
        budget   | BUF | roads   | roads      | city_wide   |           |          | 10
    """)
    found = complements_of(engine, tables)
    assert found["water"]["status"] == "unknown"
    assert (found["road"]["status"], found["road"]["share_high"]) == ("missing", 1.0)


def test_a_point_just_inside_reach_may_lie_just_outside(engine):
    tables = country("""
        document | by  | project | function | longitude | latitude  | 2019
        budget   | BUF | houses  | housing  | 27.90     | -33.00    | 50
        budget   | BUF | street  | roads    | 27.90     | -33.0171  | 10
    """)
    row = complements_of(engine, tables)["road"]
    assert (row["status"], row["share_low"], row["share_high"]) == ("satisfied", 0.0, 1.0)


def test_a_college_is_no_school(engine):
    tables = country(HOUSES.replace("school  |", "college |"))
    entries = tables["entries"].to_pylist()
    entries[-1]["name"] = "New TVET college"
    tables["entries"] = tables["entries"].from_pylist(entries, schema=tables["entries"].schema)
    assert complements_of(engine, tables)["school"]["status"] == "missing"


def test_value_is_the_mean_share_of_complements_by_rand(measured):
    tables = country(HOUSES)
    assert measured(tables, "H1.water")["value"] == 1.0
    assert measured(tables, "H1.sanitation")["value"] == 0.0
    assert measured(tables, "H1.clinic")["value"] is None
    row = measured(tables, "H1")
    assert row["value"] == pytest.approx(5 / 6, abs=1e-6)
    assert row["bound_low"] <= row["low"] < 5 / 7
    assert 6 / 7 < row["high"] <= row["bound_high"]
    assert measured(tables, "H1.all")["value"] == 0.0
