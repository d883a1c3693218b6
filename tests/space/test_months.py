"""Amounts meet by month: a national year is never set beside the municipal year of its label."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.domain.periods import Month
from harvester.space.months.calendars import months_of, to_months, to_municipal_years


def line(cents=1200, year="2018/19", calendar="municipal", start=None, end=None):
    """One line of a budget."""
    return {
        "line_id": "l1", "amount_cents": cents, "year": year, "calendar": calendar,
        "period_start": start, "period_end": end,
    }  # fmt: skip


def test_a_municipal_year_stays_in_its_year():
    assert to_municipal_years(line()) == {"2018/19": 1200}


def test_a_national_year_gives_three_months_to_the_municipal_year_before():
    assert to_municipal_years(line(calendar="national")) == {"2017/18": 300, "2018/19": 900}


def test_a_quarter_is_three_months():
    quarter = line(100, calendar="national", start=dt.date(2018, 4, 1), end=dt.date(2018, 6, 30))
    assert to_months(quarter) == {
        Month.of(dt.date(2018, 4, 1)): 34,
        Month.of(dt.date(2018, 5, 1)): 33,
        Month.of(dt.date(2018, 6, 1)): 33,
    }


def test_the_period_wins_over_the_label():
    october = line(start=dt.date(2019, 10, 1), end=dt.date(2019, 10, 31))
    assert to_municipal_years(october) == {"2019/20": 1200}


def test_a_period_that_ends_before_it_begins_is_not_believed():
    backwards = line(start=dt.date(2019, 10, 1), end=dt.date(2019, 9, 30))
    assert to_municipal_years(backwards) == {"2018/19": 1200}


def test_money_without_a_year_has_no_month_and_year_unknown():
    assert months_of(line(year="unknown")) == []
    assert to_months(line(year="unknown")) == {}
    assert to_municipal_years(line(year="unknown")) == {"unknown": 1200}


def test_an_amount_that_is_not_whole_cents_is_refused():
    with pytest.raises(TypeError, match="whole cents"):
        to_months(line(cents=12.5))


@settings(max_examples=60, deadline=None)
@given(
    st.integers(-(10**15), 10**15),
    st.dates(dt.date(2010, 1, 1), dt.date(2030, 1, 1)),
    st.integers(0, 900),
)
def test_no_cent_is_lost_over_months(cents, start, days):
    parts = to_months(line(cents, start=start, end=start + dt.timedelta(days=days)))
    assert sum(parts.values()) == cents
    assert max(parts.values()) - min(parts.values()) <= 1
