"""Days as the law counts them: Sundays, public holidays, working days, months."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.rules.law.periods import (
    Period,
    Unit,
    holiday_name,
    is_public_holiday,
    is_working_day,
    next_working_day,
    working_days_between,
)

DAY = st.dates(dt.date(2005, 1, 1), dt.date(2035, 12, 31))
SOME = st.integers(0, 120)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def test_the_first_day_is_left_out_and_the_last_counted() -> None:
    assert Period(10, Unit.DAYS).after(day("2018-05-31")) == day("2018-06-11")  # 10 June: a Sunday
    assert Period(30, Unit.DAYS).after(day("2018-06-11")) == day("2018-07-11")


def test_a_last_day_that_is_a_public_holiday_moves_on() -> None:
    # Sunday 16 June 2019 is Youth Day, and so Monday the 17th is a public holiday too.
    assert Period(1, Unit.DAYS).after(day("2019-06-15")) == day("2019-06-18")
    assert holiday_name(day("2019-06-17"))


def test_working_days_leave_out_week_ends_and_public_holidays() -> None:
    # Good Friday 2019 was 19 April, Family Day Monday 22 April.
    assert Period(1, Unit.WORKING_DAYS).after(day("2019-04-18")) == day("2019-04-23")
    assert Period(1, Unit.WORKING_DAYS).before(day("2019-04-23")) == day("2019-04-18")


def test_a_day_proclaimed_for_elections_is_a_public_holiday() -> None:
    assert is_public_holiday(day("2024-05-29"))
    assert not is_public_holiday(day("2024-05-30"))


def test_months_end_where_the_month_does() -> None:
    assert Period(1, Unit.MONTHS).before(day("2019-03-31")) == day("2019-02-28")
    assert Period(10, Unit.MONTHS).before(day("2019-07-01")) == day("2018-09-01")


def test_at_least_so_many_days_before_is_not_moved_for_a_holiday() -> None:
    assert Period(90, Unit.DAYS).before(day("2019-07-01")) == day("2019-04-02")


@pytest.mark.parametrize(("amount", "words"), [(1, "1 working day"), (14, "14 working days")])
def test_a_period_in_words(amount: int, words: str) -> None:
    assert Period(amount, Unit.WORKING_DAYS).words == words


@given(DAY, SOME)
def test_a_period_never_ends_on_a_sunday_or_holiday_nor_too_early(start: dt.date, n: int) -> None:
    last = Period(n, Unit.DAYS).after(start)
    assert (last - start).days >= n
    assert last.weekday() != 6
    assert not is_public_holiday(last)


@given(DAY, st.integers(1, 60))
def test_working_days_there_and_back(start: dt.date, n: int) -> None:
    first = next_working_day(start)
    last = Period(n, Unit.WORKING_DAYS).after(first)
    assert is_working_day(last)
    assert working_days_between(first, last) == n
    assert Period(n, Unit.WORKING_DAYS).before(last) == first
