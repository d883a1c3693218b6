"""Who was expected to give what for which metro, and what came."""

from __future__ import annotations

import datetime as dt

import pytest

from harvester.alignment.stage import coverage
from tests.alignment.country import country, load

DAY = dt.date(2020, 1, 1)


@pytest.fixture
def expected(engine):
    def rows(text, as_at=DAY, **more):
        tables = load(engine, country(text, **more))
        found = engine.arrow(
            coverage(engine, tables["submissions"], tables["entries"], as_at)
        ).to_pylist()
        return {(r["institution"], r["document"], r["metro"], r["year"]): r for r in found}

    return rows


def test_document_of_its_publisher_is_received(expected):
    row = expected("document | project | 2019\nidp | a | 1")["BUF", "idp", "BUF", "2019/20"]
    assert (row["state"], row["received"], row["rule"]) == (
        "received",
        "idp-BUF-2019:0",
        "metro-idp",
    )


def test_what_has_not_come_is_late_once_its_day_has_passed(expected):
    text = "document | project | 2019\nidp | a | 1"
    key = ("BUF", "budget", "BUF", "2019/20")
    assert expected(text)[key]["due_on"] == dt.date(2019, 6, 30)
    assert expected(text)[key]["state"] == "late"
    assert expected(text, dt.date(2019, 6, 30))[key]["state"] == "not_due"
    assert expected(text, dt.date(2019, 7, 1))[key]["state"] == "late"


def test_all_eight_metros_are_expected_in_every_year_of_the_harvest(expected):
    rows = expected("document | season | project | 2019\nidp | 2018 | a | 1\nbudget | 2019 | a | 1")
    budgets = {(metro, year) for _, document, metro, year in rows if document == "budget"}
    assert len(budgets) == 16
    assert {year for _, year in budgets} == {"2018/19", "2019/20"}


def test_list_of_many_owners_answers_for_each_owner_in_it(expected):
    rows = expected("""
        document            | by | project | owner  | 2019
        provincial_projects | EC | school  | EC-EDU | 10
    """)
    assert rows["EC-EDU", "provincial_projects", "BUF", "2019/20"]["state"] == "received"
    assert rows["EC-EDU", "provincial_projects", "NMA", "2019/20"]["state"] == "received"
    assert rows["EC-HEA", "provincial_projects", "BUF", "2019/20"]["state"] == "late"


def test_list_without_a_project_in_the_metro_is_still_received(expected):
    rows = expected("document | project | 2019\nidp | a | 1", empty=("agency_projects:PRASA:2019",))
    for metro in ("BUF", "CPT"):
        assert rows["PRASA", "agency_projects", metro, "2019/20"]["state"] == "received"


def test_national_list_that_does_not_say_whose_it_is_is_the_treasurys(expected):
    rows = expected(
        "document | by | project | owner | 2019\nnational_projects | unknown | a | DWS | 1"
    )
    assert rows["NT", "national_projects", "CPT", "2019/20"]["state"] == "received"


def test_document_of_another_year_is_not_received(expected):
    rows = expected("document | season | project | 2019\nidp | 2018 | a | 1\nbudget | 2019 | a | 1")
    assert rows["BUF", "idp", "BUF", "2019/20"]["state"] == "late"


def test_empty_harvest_expects_nothing(expected):
    assert expected("document | project | 2019\n") == {}


def test_a_performance_report_asks_nobody_for_a_budget_of_its_year(expected):
    rows = expected("""
        document    | season | project | 2019
        idp         | 2019   | a       | 1
        performance | 2021   | b       | 1
    """)
    assert {year for *_, year in rows} == {"2019/20"}
