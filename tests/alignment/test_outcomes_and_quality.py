"""V1: money that names an outcome. P1: who handed in. Q1: how good the lists are."""

from __future__ import annotations

import pytest

from tests.alignment.country import country

ASKED = ("outcome_text",)


def test_share_of_capital_that_names_an_outcome(measured):
    tables = country(
        """
        document | project | outcome_text | outcome_mtsf | outcome_iudf | 2019
        budget   | a       | Outcome 8    | 8            | unknown      | 20
        budget   | b       |              | unknown      | growth       | 20
        budget   | c       |              | unknown      | unknown      | 60
        """,
        columns=ASKED,
    )
    row = measured(tables, "V1")
    assert (row["value"], row["low"], row["high"]) == (0.4, 0.4, 0.4)


def test_outcome_in_words_we_could_not_resolve_is_unknown(measured):
    tables = country(
        """
        document | project | outcome_text | outcome_mtsf | 2019
        budget   | a       | Outcome 8    | 8            | 50
        budget   | b       | Various      | unknown      | 50
        """,
        columns=ASKED,
    )
    row = measured(tables, "V1")
    assert (row["value"], row["low"], row["high"]) == (1.0, 0.5, 1.0)


def test_document_with_no_place_for_an_outcome_is_unknown(measured):
    tables = country("document | project | 2019\nbudget | a | 50")
    row = measured(tables, "V1")
    assert (row["value"], row["low"], row["high"]) == (None, 0.0, 1.0)


def test_capital_is_the_budget_where_one_was_read_else_the_plan(parts_of):
    tables = country("""
        document | season | project | 2019 | 2020
        idp      | 2019   | a       | 10   | -
        budget   | 2019   | a       | 20   | -
        idp      | 2020   | a       | -    | 30
    """)
    weights = {item: part[0] for item, part in parts_of(tables, "V1").items()}
    assert weights == {"budget-BUF-2019:0:3": 20, "idp-BUF-2020:0:4": 30}


def test_participation_counts_what_was_due(measured):
    expected = [
        ("BUF", "idp", "received"),
        ("BUF", "budget", "late"),
        ("PRASA", "agency_projects", "received"),
        ("BUF", "in_year", "not_due"),
    ]
    tables = country(
        "document | project | 2019\nbudget | a | 1",
        coverage=[
            {
                "institution": who,
                "document": what,
                "metro": "BUF",
                "year": "2019/20",
                "state": state,
            }
            for who, what, state in expected
        ],
    )
    assert measured(tables, "P1")["value"] == pytest.approx(2 / 3, abs=1e-6)
    assert measured(tables, "P1", sphere="entity")["value"] == 1.0


def test_quality_is_the_share_located_linked_dated_and_owned(measured):
    tables = country("""
        document | project | place_class    | owner   | 2019
        budget   | a       | located        | BUF     | 50
        idp      | a       | city_wide      | unknown | 50
        idp      | b       | administrative | BUF     | 100
    """)
    assert measured(tables, "Q1.located")["value"] == 0.5
    assert measured(tables, "Q1.linked")["value"] == 0.5
    assert measured(tables, "Q1.dated")["value"] == 1.0
    assert measured(tables, "Q1.owned")["value"] == 0.75
    assert measured(tables, "Q1")["value"] == pytest.approx(
        (50 * 1 + 50 * 0.5 + 100 * 2 / 3) / 200, abs=1e-6
    )
