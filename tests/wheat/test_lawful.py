"""W17 and W18: dates that the law does not allow."""

from __future__ import annotations

import pytest

from tests.alignment.country import country

R = 100_000_000  # one million rand in cents

EARLY = """
    document | season | project | start_date | 2018 | 2019 | 2020
    budget   | 2018   | road    |            | 5    | -    | -
    budget   | 2019   | hall    |            | -    | 10   | 10
    idp      | 2019   | hall    | {}         | -    | 10   | 10
"""


def early(start: str) -> dict:
    """A hall first budgeted in 2019/20 that is to start on a day."""
    return country(EARLY.format(start))


def test_w17_starts_in_a_year_whose_budget_gives_it_nothing(found):
    (finding,) = found(early("2018-08-01"), "W17").values()
    assert finding["finding_id"] == "W17:hall:BUF"
    assert finding["statement"] == (
        "“Project hall” starts on 1 August 2018 in the IDP 2019/20 of Buffalo City; the capital budget "
        "has money for it from 2019/20 only, and none in 2018/19 (MFMA s19(1)(a), not verified)."
    )
    assert finding["rand_cents"] == 20 * R
    assert ("idp BUF 2019.xlsx", "Sheet1", "G4", "2018-08-01") in finding["cells"]
    assert ("budget BUF 2018.xlsx", "Sheet1", "", "") in finding["cells"]


@pytest.mark.parametrize("start", ["2019-07-01", "2019-12-01", "2019-04-01"])
def test_w17_from_the_year_of_the_money_or_a_rounding_before_is_lawful(found, start):
    assert found(early(start), "W17") == {}


def test_w17_a_budget_that_was_not_read_may_have_paid(found):
    assert found(early("2017-08-01"), "W17") == {}


def test_w17_money_in_the_budget_before_mends_it(found):
    tables = country("""
        document | season | project | start_date | 2018 | 2019
        budget   | 2018   | hall    |            | 5    | -
        budget   | 2019   | hall    |            | -    | 10
        idp      | 2019   | hall    | 2018-08-01 | -    | 10
    """)
    assert found(tables, "W17") == {}


def test_w17_a_plan_with_money_in_that_year_disagrees_about_years_instead(found):
    tables = country("""
        document | season | project | start_date | 2018 | 2019 | 2020
        budget   | 2018   | road    |            | 5    | -    | -
        budget   | 2019   | hall    |            | -    | -    | 10
        idp      | 2018   | hall    | 2018-08-01 | 10   | -    | -
    """)
    assert found(tables, "W17") == {}


def test_w17_of_plans_that_disagree_the_later_start_counts(found):
    tables = country("""
        document | season | project | start_date | 2018 | 2019
        budget   | 2018   | road    |            | 5    | -
        budget   | 2019   | hall    |            | -    | 10
        idp      | 2019   | hall    | 2018-08-01 | -    | 10
        pipeline | 2019   | hall    | 2019-08-01 | -    | 10
    """)
    assert found(tables, "W17") == {}


CEMETERY = """
    document | project | name                | nature | status     | status_text | start_date | published_on | 2019
    idp      | grave   | New cemetery Fort Jackson | {}    | {} | Identified  | {}         | {}           | 10
"""


def test_w17_starts_before_an_approval_can_have_been_given(found):
    tables = country(CEMETERY.format("new", "identified", "2019-07-01", "2019-05-31"))
    (finding,) = found(tables, "W17").values()
    assert finding["statement"] == (
        "“New cemetery Fort Jackson” stands at identified in the IDP 2019/20 of Buffalo City of 31 May 2019 "
        "and starts on 1 July 2019; basic assessment of the environment takes 107 days (NEMA EIA "
        "Regulations 2014, regulation 20), so not before 15 September 2019."
    )
    assert finding["confidence"] == 0.7
    assert ("idp BUF 2019.xlsx", "Sheet1", "O2", "Identified") in finding["cells"]


@pytest.mark.parametrize(
    "told",
    [
        ("new", "identified", "2019-10-01", "2019-05-31"),  # time enough
        ("new", "design", "2019-07-01", "2019-05-31"),  # it may have applied long ago
        ("new", "unknown", "2019-07-01", "2019-05-31"),  # not known how far it is
        ("renewal", "identified", "2019-07-01", "2019-05-31"),  # nothing new to assess
        ("new", "identified", "2019-07-01", ""),  # not known when this was so
        ("new", "identified", "", "2019-05-31"),  # not known when it starts
    ],
)
def test_w17_without_all_it_must_know_it_is_silent(found, told):
    assert found(country(CEMETERY.format(*told)), "W17") == {}


LONG = """
    document | season | project | status | status_text | start_date | end_date | published_on | 2019 | 2020
    idp      | 2019   | works   | {}     | Tender      | {}         | {}       | {}           | 10   | 10
"""


def test_w18_past_the_third_year_and_a_month_after_it_was_published(found):
    tables = country(LONG.format("tender", "2019-07-01", "2023-06-30", "2019-05-31"))
    (finding,) = found(tables, "W18").values()
    assert finding["finding_id"] == "W18:works:BUF"
    assert finding["statement"] == (
        "“Project works” runs to 30 June 2023, past the budget's last year 2021/22, and starts on 1 July "
        "2019, 31 days after it was first published (the IDP 2019/20 of Buffalo City); a contract so "
        "long needs 60 (MFMA s33(1)(a))."
    )
    assert (finding["confidence"], finding["rand_cents"]) == (0.7, 20 * R)
    assert [cell[2] for cell in finding["cells"]] == ["B2", "O2", "G2", "I2", "P2", "Q2"]


@pytest.mark.parametrize(
    "told",
    [
        ("tender", "2019-07-01", "2022-06-30", "2019-05-31"),  # three years
        ("tender", "2019-08-15", "2023-06-30", "2019-05-31"),  # more than sixty days
        ("construction", "2019-07-01", "2023-06-30", "2019-05-31"),  # under contract
        ("unknown", "2019-07-01", "2023-06-30", "2019-05-31"),  # not known how far it is
        ("tender", "2019-07-01", "2023-06-30", ""),  # not known when it was published
        ("tender", "", "2023-06-30", "2019-05-31"),  # not known when it starts
        ("tender", "2018-07-01", "2023-06-30", "2019-05-31"),  # begun before the plan
    ],
)
def test_w18_without_all_it_must_know_it_is_silent(found, told):
    assert found(country(LONG.format(*told)), "W18") == {}


def test_w18_an_earlier_paper_that_said_so_gives_the_time(found):
    tables = country("""
        document | season | project | status | start_date | end_date   | published_on | 2019
        idp      | 2018   | works   | design | 2019-07-01 | 2023-06-30 | 2018-05-31   | 10
        idp      | 2019   | works   | tender | 2019-07-01 | 2023-06-30 | 2019-05-31   | 10
    """)
    assert found(tables, "W18") == {}


def test_w18_is_law_of_municipalities_alone(found):
    tables = country("""
        document | project | owner  | status | start_date | end_date   | published_on | 2019
        idp      | works   | EC-TRA | tender | 2019-07-01 | 2023-06-30 | 2019-05-31   | 10
    """)
    assert found(tables, "W18") == {}
