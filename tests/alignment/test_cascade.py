"""V5: targets of departments, and the funded undertakings behind them."""

from __future__ import annotations

import pytest

from harvester.alignment.facts import Facts
from tests.alignment.country import country, load

TARGETS = """
    document            | by     | project | name                    | kind      | function       | owner  | metro   | 2019
    performance         | EC-HEA | t1      | 1.1 New clinics opened  | indicator | administration | EC-HEA | unknown | -
    performance         | EC-HEA | t2      | 1.2 Hospitals upgraded  | indicator | administration | EC-HEA | unknown | -
    performance         | EC-HEA | t3      | 1.3 Reports tabled      | indicator | administration | EC-HEA | unknown | -
    performance         | EC-EDU | t4      | 1.1 Schools built       | indicator | administration | EC-EDU | unknown | -
    idp                 | BUF    | water   | Water                   | project   | water          | BUF    | BUF     | 1
"""
CLINIC = "    provincial_projects | EC-HEA | c | Duncan Village Clinic | project | health | EC-HEA | BUF | 20\n"
LATER = CLINIC.replace("| 20", "| -")


@pytest.fixture
def cascade(engine):
    def of(text):
        with Facts(engine, load(engine, country(text))) as facts:
            rows = facts.query("SELECT * FROM fact_cascade ORDER BY name").to_pylist()
        return {row["name"]: (row["theme"], row["funded"], row["undertakings"]) for row in rows}

    return of


def test_a_target_is_funded_by_works_of_its_kind(cascade):
    assert cascade(TARGETS + CLINIC) == {
        "1.1 New clinics opened": ("clinic", True, 1),
        "1.2 Hospitals upgraded": ("hospital", False, 0),
        "1.3 Reports tabled": ("", None, 0),
        "1.1 Schools built": ("school", None, 0),
    }


def test_works_without_money_are_not_behind_a_target(cascade):
    assert cascade(TARGETS + LATER)["1.1 New clinics opened"] == ("clinic", False, 0)


def test_value_counts_targets_that_ask_for_works_and_can_be_told(measured):
    row = measured(country(TARGETS + CLINIC), "V5", metro="all")
    assert (row["value"], row["denominator"], row["unknown"]) == (0.5, 2.0, 1.0)
    assert measured(country(TARGETS + CLINIC), "V5.metro")["value"] == 0.5


def test_works_elsewhere_in_the_province_are_behind_the_target_but_not_in_the_metro(measured):
    tables = country(TARGETS + CLINIC.replace("BUF | 20", "EC101 | 20"))
    assert measured(tables, "V5", metro="all")["value"] == 0.5
    assert measured(tables, "V5.metro")["value"] == 0.0


def test_a_grant_stands_behind_the_target_of_who_transfers_it(cascade):
    text = """
        document    | by  | project | name             | kind      | function       | owner | metro   | grant   | 2019
        performance | DHS | t       | Houses completed | indicator | administration | DHS   | unknown | unknown | -
        budget      | BUF | h       | Reeston phase 2  | project   | housing        | BUF   | BUF     | USDG    | 10
    """
    assert cascade(text)["Houses completed"] == ("housing", True, 1)
    assert cascade(text.replace("USDG", "own "))["Houses completed"] == ("housing", None, 0)


def test_a_strategic_target_looks_over_its_five_years(cascade):
    text = """
        document            | by     | season | project | name           | kind    | function | owner  | metro   | 2014 | 2019 | 2021
        strategic_plan      | EC-HEA | 2015   | t       | Clinics opened | outcome | health   | EC-HEA | unknown | -    | -    | -
        provincial_projects | EC-HEA | {year} | c       | Gompo Clinic   | project | health   | EC-HEA | BUF     | 5    | 5    | 5
    """
    assert cascade(text.replace("{year}", "2019"))["Clinics opened"][1] is True
    assert cascade(text.replace("{year}", "2020"))["Clinics opened"][1] is None
