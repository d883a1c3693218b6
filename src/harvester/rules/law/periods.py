"""Periods the law speaks of, and the day they end: days, working days, months.

Days are counted as section 4 of the Interpretation Act 33 of 1957 has it (not yet verified against
the Act): the first day is left out and the last is counted, unless it is a Sunday or a public
holiday, when the next day that is neither is the last.
"""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

import holidays

if TYPE_CHECKING:
    from harvester.rules import parameters

SATURDAY, SUNDAY = 5, 6
ONE_DAY = dt.timedelta(days=1)


class Unit(StrEnum):
    """What a period is counted in."""

    DAYS = "days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"


class Basis(StrEnum):
    """Where a number comes from: fixed by law, or set by the working group."""

    STATUTORY = "statutory"
    POLICY = "policy"


@dataclass(frozen=True)
class Period:
    """So many days, working days or months."""

    amount: int
    unit: Unit

    @property
    def words(self) -> str:
        """``30 days``, ``1 working day``."""
        noun = str(self.unit).replace("_", " ")
        return f"{self.amount} {noun[:-1] if self.amount == 1 else noun}"

    def after(self, day: dt.date) -> dt.date:
        """The last day of the period that something of ``day`` begins."""
        last = self.counted_from(day)
        while self.unit is not Unit.WORKING_DAYS and (
            last.weekday() == SUNDAY or is_public_holiday(last)
        ):
            last += ONE_DAY
        return last

    def counted_from(self, day: dt.date) -> dt.date:
        """The day the count itself ends on, Sunday or not: the safe side, to plan by."""
        if self.unit is Unit.WORKING_DAYS:
            return _working(day, self.amount, ONE_DAY)
        if self.unit is Unit.MONTHS:
            return _months(day, self.amount)
        return day + dt.timedelta(self.amount)

    def before(self, day: dt.date) -> dt.date:
        """The latest day that is at least so long before ``day``; it is not moved for a holiday."""
        if self.unit is Unit.WORKING_DAYS:
            return _working(day, self.amount, -ONE_DAY)
        if self.unit is Unit.MONTHS:
            return _months(day, -self.amount)
        return day - dt.timedelta(self.amount)


def is_public_holiday(day: dt.date) -> bool:
    """Whether a day is a South African public holiday, proclaimed ones included where known."""
    return day in _holidays(day.year)


def holiday_name(day: dt.date) -> str:
    """The name of a public holiday; empty on any other day."""
    return _holidays(day.year).get(day, "")


def is_working_day(day: dt.date) -> bool:
    """Whether a day is neither a Saturday or Sunday nor a public holiday."""
    return day.weekday() < SATURDAY and not is_public_holiday(day)


def next_working_day(day: dt.date) -> dt.date:
    """``day`` itself when it is a working day, else the first after it."""
    while not is_working_day(day):
        day += ONE_DAY
    return day


def working_days_between(first: dt.date, last: dt.date) -> int:
    """Working days after ``first`` up to and with ``last``; 0 when ``last`` is not later."""
    span = range(1, (last - first).days + 1)
    return sum(is_working_day(first + dt.timedelta(days=n)) for n in span)


def period_of(item: parameters.Entry) -> Period:
    """A period as a rule file states it: ``{amount: 30, unit: days}``."""
    return Period(item.number("amount"), item.choice("unit", Unit))


@cache
def _holidays(year: int) -> dict[dt.date, str]:
    return dict(holidays.country_holidays("ZA", years=year))


def _working(day: dt.date, amount: int, step: dt.timedelta) -> dt.date:
    while amount > 0:
        day += step
        amount -= is_working_day(day)
    return day


def _months(day: dt.date, amount: int) -> dt.date:
    index = day.year * 12 + day.month - 1 + amount
    year, month = divmod(index, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
