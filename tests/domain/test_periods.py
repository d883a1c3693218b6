"""Two calendars: municipal years run July to June, all others April to March."""

import datetime as dt

import pytest

from harvester.domain.documents import Document, Sphere
from harvester.domain.periods import (
    Calendar,
    FinancialYear,
    Month,
    months_between,
    months_shared,
    parse_year_label,
)

MUNICIPAL = FinancialYear(2018, Calendar.MUNICIPAL)
NATIONAL = FinancialYear(2018, Calendar.NATIONAL)


def test_a_municipal_year_runs_july_to_june():
    assert MUNICIPAL.label == "2018/19"
    assert (MUNICIPAL.first_day, MUNICIPAL.last_day) == (dt.date(2018, 7, 1), dt.date(2019, 6, 30))


def test_a_national_year_runs_april_to_march():
    assert (NATIONAL.first_day, NATIONAL.last_day) == (dt.date(2018, 4, 1), dt.date(2019, 3, 31))
    assert [m.first_day.month for m in NATIONAL.months] == [4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3]


def test_years_of_the_same_name_share_only_nine_months():
    assert months_shared(MUNICIPAL, NATIONAL) == 9
    assert months_shared(MUNICIPAL, FinancialYear(2019, Calendar.NATIONAL)) == 3
    assert months_shared(MUNICIPAL, FinancialYear(2025, Calendar.NATIONAL)) == 0
    assert months_shared(MUNICIPAL, MUNICIPAL) == 12


def test_the_century_is_written_with_two_digits():
    assert FinancialYear(1999, Calendar.NATIONAL).label == "1999/00"


@pytest.mark.parametrize(
    ("day", "calendar", "label"),
    [
        (dt.date(2019, 6, 30), Calendar.MUNICIPAL, "2018/19"),
        (dt.date(2019, 7, 1), Calendar.MUNICIPAL, "2019/20"),
        (dt.date(2019, 3, 31), Calendar.NATIONAL, "2018/19"),
        (dt.date(2019, 4, 1), Calendar.NATIONAL, "2019/20"),
    ],
)
def test_the_year_a_day_falls_in(day, calendar, label):
    assert FinancialYear.containing(day, calendar).label == label


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("2018/19", 2018),
        ("Budget year\n2019/20", 2019),
        ("FY 2021-22", 2021),
        ("2018/2019", 2018),
        ("2018 – 19", 2018),
        ("1999/00", 1999),
        ("2018/21", None),  # the halves do not follow each other
        ("Project 12/13", None),
        ("2019", None),  # start or end of the year? the reader of the format must say
        ("2020/03/31", None),  # a day, not a year
        ("", None),
    ],
)
def test_year_labels(text, start):
    assert parse_year_label(text) == start


def test_months_subtract():
    assert months_between(dt.date(2020, 3, 31), dt.date(2021, 6, 1)) == 15
    assert months_between(dt.date(2020, 3, 1), dt.date(2020, 2, 28)) == -1
    assert Month.of(dt.date(2020, 2, 29)).first_day == dt.date(2020, 2, 1)


def test_only_the_local_sphere_keeps_the_municipal_calendar():
    assert {s for s in Sphere if s.calendar is Calendar.MUNICIPAL} == {Sphere.LOCAL}


def test_every_document_has_a_name_in_words():
    assert all(document.label for document in Document)
