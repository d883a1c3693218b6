"""Amounts over months: where two financial calendars can be compared.

A flat profile: an amount is spread evenly over the calendar months its line is for. Whole cents
are split by largest remainder; over equal months that gives the cents left over to the earliest
months, one each. A municipal year's part of a line is the sum of its months.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from harvester.domain.money import split_cents
from harvester.domain.periods import Calendar, FinancialYear, Month, parse_year_label

if TYPE_CHECKING:
    from collections.abc import Mapping


def months_of(line: Mapping[str, object]) -> list[Month]:
    """The calendar months a line (a row of ``schema.LINES``) is for, in order.

    From its period where it states one, else its financial year in its own calendar; empty where
    neither is known. A period that begins or ends within a month counts that whole month.
    """
    start, end = line.get("period_start"), line.get("period_end")
    if isinstance(start, dt.date) and isinstance(end, dt.date) and start <= end:
        first, last = Month.of(start).index, Month.of(end).index
        return [Month(i) for i in range(first, last + 1)]
    year = parse_year_label(str(line.get("year") or ""))
    if year is None:
        return []
    return FinancialYear(year, Calendar(str(line["calendar"]))).months


def to_months(line: Mapping[str, object]) -> dict[Month, int]:
    """A line's amount by calendar month, in cents; the months sum to the amount.

    Empty where the line says neither period nor year: its money has no month, which is not zero.
    """
    months = months_of(line)
    if not months:
        return {}
    cents = line["amount_cents"]
    if not isinstance(cents, int):
        message = f"line {line.get('line_id')}: amount_cents must be whole cents, not {cents!r}"
        raise TypeError(message)
    return dict(zip(months, split_cents(cents, [1] * len(months)), strict=True))


def to_municipal_years(line: Mapping[str, object]) -> dict[str, int]:
    """A line's amount by municipal year label (July to June), in cents; ``unknown`` without one.

    A national year 2018/19 (April 2018 to March 2019) gives its first three months to the
    municipal 2017/18 and the other nine to 2018/19 (DOMAIN: 9/12 + 3/12).
    """
    years: dict[str, int] = {}
    for month, cents in to_months(line).items():
        label = FinancialYear.containing(month.first_day, Calendar.MUNICIPAL).label
        years[label] = years.get(label, 0) + cents
    return years or {"unknown": int(str(line["amount_cents"]))}
