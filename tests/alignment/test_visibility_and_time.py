"""V4: who names whose projects. T1: whether the years agree."""

from __future__ import annotations

from harvester.rules import bands
from tests.alignment.country import country

MISSED = bands.load().missed


def test_metro_that_names_every_other_spheres_project_sees_all(measured):
    tables = country("""
        document            | by     | project | owner  | 2019
        provincial_projects | EC-EDU | school  | EC-EDU | 40
        agency_projects     | PRASA  | station | PRASA  | 60
        idp                 | BUF    | school  | EC-EDU | -
        pipeline            | BUF    | station | PRASA  | -
    """)
    row = measured(tables, "V4")
    assert (row["value"], row["high"]) == (1.0, 1.0)
    assert 0.7 < row["low"] < 1.0


def test_value_by_sphere_of_the_owner(measured):
    tables = country("""
        document            | by     | project | owner  | 2019
        provincial_projects | EC-EDU | school  | EC-EDU | 40
        agency_projects     | PRASA  | station | PRASA  | 60
        idp                 | BUF    | school  | EC-EDU | -
    """)
    assert measured(tables, "V4")["value"] == 0.4
    assert measured(tables, "V4", sphere="provincial")["value"] == 1.0
    assert measured(tables, "V4", sphere="entity")["value"] == 0.0


def test_plans_that_were_not_read_are_unknown(measured):
    tables = country("""
        document            | by     | project | owner  | 2019
        provincial_projects | EC-EDU | school  | EC-EDU | 40
    """)
    row = measured(tables, "V4")
    assert (row["value"], row["low"], row["high"]) == (None, 0.0, 1.0)


def test_project_on_two_lists_of_other_spheres_counts_once(parts_of):
    tables = country("""
        document          | by    | project | owner | 2019
        national_projects | NT    | station | PRASA | 60
        agency_projects   | PRASA | station | PRASA | 55
        idp               | BUF   | water   | BUF   | 1
    """)
    assert parts_of(tables, "V4") == {"station": (60, 0, 0, MISSED)}


def test_reverse_asks_whether_the_owners_list_carries_the_metros_wish(parts_of):
    tables = country("""
        document            | by     | project | owner  | 2019
        idp                 | BUF    | school  | EC-EDU | 40
        idp                 | BUF    | hall    | EC-EDU | 10
        idp                 | BUF    | clinic  | EC-HEA | 20
        idp                 | BUF    | water   | BUF    | 99
        provincial_projects | EC-EDU | school  | EC-EDU | 40
    """)
    assert parts_of(tables, "V4.reverse") == {
        "school": (40, 1, 1, 1),
        "hall": (10, 0, 0, MISSED),
        "clinic": (20, None, 0, 1),
    }


def test_undertakings_within_a_year_of_each_other_agree(measured):
    tables = country("""
        document | project | 2019 | 2020 | 2021
        pipeline | a       | 10   | 10   | -
        idp      | a       | -    | 10   | 10
        pipeline | b       | 10   | -    | -
        idp      | b       | -    | -    | 10
        pipeline | alone   | 10   | -    | -
    """)
    row = measured(tables, "T1")
    assert (row["value"], row["denominator"], row["items"]) == (0.5, 2.0, 2)


def test_calendars_are_compared_by_month_not_by_label(measured):
    """April 2019 and July 2020 are fifteen months apart, though their labels differ by one."""
    tables = country("""
        document            | by     | project | owner  | 2019 | 2020
        provincial_projects | EC-EDU | school  | EC-EDU | 10   | -
        idp                 | BUF    | school  | EC-EDU | -    | 10
        idp                 | BUF    | water   | BUF    | 10   | -
    """)
    assert measured(tables, "T1")["value"] == 1.0
    tables = country("""
        document            | by     | season | project | owner  | 2019 | 2020
        provincial_projects | EC-EDU | 2019   | school  | EC-EDU | 10   | -
        idp                 | BUF    | 2019   | school  | EC-EDU | -    | 10
        idp                 | BUF    | 2019   | water   | BUF    | 10   | -
        pipeline            | BUF    | 2019   | old     | BUF    | 10   | -
    """)
    assert measured(tables, "T1")["value"] == 1.0


def test_project_that_began_before_the_budget_is_compared_from_the_budget_on(measured):
    tables = country("""
        document | project | 2015 | 2018 | 2019
        pipeline | a       | 10   | 10   | 10
        budget   | a       | -    | -    | 10
    """)
    assert measured(tables, "T1")["value"] == 1.0


def test_undertaking_without_two_stated_years_is_unknown(measured):
    tables = country("""
        document | project | 2019
        pipeline | a       | 10
        idp      | a       | -
    """)
    row = measured(tables, "T1")
    assert (row["value"], row["low"], row["high"]) == (None, 0.0, 1.0)


def test_link_that_may_not_hold_may_turn_either_answer(parts_of):
    tables = country("""
        document | project | p   | 2019 | 2020 | 2021
        pipeline | yes     | 1   | 10   | -    | -
        idp      | yes     | 0.8 | 10   | -    | -
        pipeline | no      | 1   | 10   | -    | -
        idp      | no      | 0.8 | -    | -    | 10
    """)
    assert parts_of(tables, "T1") == {"yes": (1e-8, 1, 0.8, 1), "no": (1e-8, 0, 0, 0.2)}
