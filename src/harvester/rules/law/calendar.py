"""The yearly calendar: when each step of planning and budgeting is due, from rules, for any year.

Days are the count itself, not moved on from a Sunday or public holiday: a plan errs on the early side.
"""

from __future__ import annotations

import calendar as months
import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from harvester.domain.periods import MONTHS_PER_YEAR, Calendar, FinancialYear
from harvester.rules import parameters
from harvester.rules.expectations import Due
from harvester.rules.law.periods import Period, period_of
from harvester.rules.law.procedures import Law

if TYPE_CHECKING:
    from pathlib import Path


class Fixed(StrEnum):
    """Whether law fixes the day, or only practice does."""

    STATUTORY = "statutory"
    PRACTICE = "practice"


class Every(StrEnum):
    """How often an event comes in its year."""

    YEAR = "year"
    QUARTER = "quarter"
    MONTH = "month"

    @property
    def months(self) -> int:
        """Months from one to the next."""
        return {Every.YEAR: 12, Every.QUARTER: 3, Every.MONTH: 1}[self]


@dataclass(frozen=True)
class Window:
    """A span of months, ``year`` after the calendar year the financial year starts in."""

    year: int
    first: int
    last: int

    def days(self, start: int) -> tuple[dt.date, dt.date]:
        """First and last day, for the financial year that starts in ``start``."""
        year = start + self.year
        end = months.monthrange(year, self.last)[1]
        return dt.date(year, self.first, 1), dt.date(year, self.last, end)


@dataclass(frozen=True)
class EventRule:
    """One event of the calendar. Of ``on``, ``before_year``, ``after_event``, ``after_end`` and
    ``window`` one is set. It holds for years that start from ``first_year`` to ``last_year``."""

    id: str
    title: str
    calendar: Calendar
    who: str
    every: Every
    on: Due | None
    before_year: Period | None
    after_event: tuple[str, Period] | None
    after_end: Period | None
    window: Window | None
    practice: Due | None
    fixed: Fixed
    law: Law
    first_year: int | None
    last_year: int | None

    def in_force(self, start: int) -> bool:
        """Whether it is for the financial year that starts in ``start``."""
        late_enough = self.first_year is None or start >= self.first_year
        return late_enough and (self.last_year is None or start <= self.last_year)


@dataclass(frozen=True)
class Occasion:
    """An event of one year: the days it may fall on, and the last day.

    ``statutory`` is the last day the law allows, ``None`` where no law that was read fixes one;
    ``practice`` the
    day it is done in practice, ``None`` where none is known.
    """

    rule: EventRule
    year: FinancialYear
    number: int
    first: dt.date | None
    last: dt.date
    statutory: dt.date | None
    practice: dt.date | None

    @property
    def only_said(self) -> bool:
        """Whether the day is said to be law, but nobody has read it there."""
        return self.rule.fixed is Fixed.STATUTORY and not self.rule.law.verified

    @property
    def id(self) -> str:
        """``C4:2018/19:3``: the third of its year."""
        return f"{self.rule.id}:{self.year.label}:{self.number}"

    @property
    def day(self) -> dt.date:
        """The day to plan for: practice where it is known, else the last day."""
        return self.practice or self.last


@cache
def load(path: Path = parameters.DATA / "calendar.yaml") -> tuple[EventRule, ...]:
    """Every event, in the order of the file.

    Raises :class:`ConfigurationError` when the file is broken, an id stands in it twice, or an event
    follows one that does not come before it in the file.
    """
    rules = tuple(_rule(item) for item in parameters.read(path).items("events"))
    seen: set[str] = set()
    for rule in rules:
        if rule.id in seen:
            raise parameters.broken(path, f"event {rule.id}", "stands in it twice")
        if rule.after_event and rule.after_event[0] not in seen:
            raise parameters.broken(
                path, f"event {rule.id}", f"follows no event {rule.after_event[0]}"
            )
        seen.add(rule.id)
    return rules


def occasions(
    start: int, calendar: Calendar | None = None, rules: tuple[EventRule, ...] | None = None
) -> tuple[Occasion, ...]:
    """The calendar of the financial years that start in ``start``, in order of the last day.

    Municipal and national side by side, or one of them.
    """
    made: dict[str, list[Occasion]] = {}
    for rule in rules or load():
        if rule.in_force(start):
            made[rule.id] = _occasions(rule, start, made)
    every = (o for found in made.values() for o in found)
    kept = (o for o in every if calendar is None or o.rule.calendar is calendar)
    return tuple(sorted(kept, key=lambda o: (o.last, o.rule.id, o.number)))


def _occasions(rule: EventRule, start: int, made: dict[str, list[Occasion]]) -> list[Occasion]:
    year = FinancialYear(start, rule.calendar)
    practice = rule.practice.on(start) if rule.practice else None
    if rule.window:
        first, last = rule.window.days(start)
        return [Occasion(rule, year, 1, first, last, None, practice)]
    lasts = _last_days(rule, year, made)
    fixed = rule.fixed is Fixed.STATUTORY and rule.law.verified
    return [
        Occasion(rule, year, n, None, last, last if fixed else None, practice)
        for n, last in enumerate(lasts, start=1)
    ]


def _last_days(
    rule: EventRule, year: FinancialYear, made: dict[str, list[Occasion]]
) -> list[dt.date]:
    if rule.on:
        return [rule.on.on(year.start)]
    if rule.before_year:
        return [rule.before_year.before(year.first_day)]
    if rule.after_event:
        event, time = rule.after_event
        return [time.counted_from(o.last) for o in made.get(event, [])]
    assert rule.after_end is not None
    step = rule.every.months
    ends = [month.first_day for month in year.months[step::step]]
    ends.append(year.last_day + dt.timedelta(days=1))
    return [rule.after_end.counted_from(end - dt.timedelta(days=1)) for end in ends]


def _rule(item: parameters.Entry) -> EventRule:
    item.only("id", "title", "calendar", "who", "every", "latest", "window", "practice", "basis",
              "reference", "verified", "first_year", "last_year")  # fmt: skip
    latest = parameters.entry(item.path, f"{item.where}.latest", item.values.get("latest", {}))
    latest.only("day", "before_year", "after_event", "time", "after_end")
    every = item.choice("every", Every) if "every" in item.values else Every.YEAR
    rule = EventRule(
        id=item.text("id"),
        title=item.text("title"),
        calendar=item.choice("calendar", Calendar),
        who=item.text("who"),
        every=every,
        on=_due(latest, "day"),
        before_year=_period(latest, "before_year"),
        after_event=(latest.text("after_event"), _needed(latest, "time"))
        if "after_event" in latest.values
        else None,
        after_end=_period(latest, "after_end"),
        window=_window(item),
        practice=_due(item, "practice"),
        fixed=item.choice("basis", Fixed),
        law=Law(item.text("reference"), item.flag("verified")),
        first_year=_year(item, "first_year"),
        last_year=_year(item, "last_year"),
    )
    ways = [rule.on, rule.before_year, rule.after_event, rule.after_end, rule.window]
    if sum(way is not None for way in ways) != 1:
        raise parameters.broken(item.path, item.where, "must say its day in one way")
    if (rule.after_end is None) != (every is Every.YEAR):
        raise parameters.broken(item.path, item.where, "after_end goes with every month or quarter")
    return rule


def _inner(item: parameters.Entry, name: str) -> parameters.Entry | None:
    if name not in item.values:
        return None
    return parameters.entry(item.path, f"{item.where}.{name}", item.values[name])


def _due(item: parameters.Entry, name: str) -> Due | None:
    inner = _inner(item, name)
    return Due(inner.number("year"), inner.number("month"), inner.number("day")) if inner else None


def _period(item: parameters.Entry, name: str) -> Period | None:
    inner = _inner(item, name)
    return period_of(inner) if inner else None


def _needed(item: parameters.Entry, name: str) -> Period:
    found = _period(item, name)
    if found is None:
        raise parameters.broken(item.path, f"{item.where}.{name}", "is missing")
    return found


def _window(item: parameters.Entry) -> Window | None:
    inner = _inner(item, "window")
    if inner is None:
        return None
    made = Window(inner.number("year"), inner.number("first"), inner.number("last"))
    if not 1 <= made.first <= made.last <= MONTHS_PER_YEAR:
        raise parameters.broken(item.path, inner.where, "must be months in order")
    return made


def _year(item: parameters.Entry, name: str) -> int | None:
    return item.number(name) if name in item.values else None
