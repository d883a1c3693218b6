"""A month as forums and law have it: meetings, last days by law beside practice, what falls due."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harvester.rules.law import calendar as law
from harvester.rules.law.periods import holiday_name
from harvester.web.forums import deciding
from harvester.web.forums.standing import name_of
from harvester.web.models import Meeting

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

    from harvester.domain.periods import Calendar
    from harvester.rules.law.calendar import Occasion
    from harvester.web.forums.deciding import ShownDecision


@dataclass(frozen=True)
class Entry:
    """One thing on a day: what, where it leads, and how sure the day is."""

    kind: str
    words: str
    note: str = ""
    number: int | None = None
    token: str = ""
    verified: bool = True


@dataclass
class Day:
    """One day with what stands on it."""

    date: dt.date
    inside: bool
    holiday: str
    entries: list[Entry] = field(default_factory=list)


@dataclass(frozen=True)
class Month:
    """A month: its weeks, and what falls in it without a day."""

    first: dt.date
    weeks: list[list[Day]]
    windows: list[Occasion]

    @property
    def before(self) -> dt.date:
        """A day of the month before."""
        return self.first - dt.timedelta(days=1)

    @property
    def after(self) -> dt.date:
        """A day of the month after."""
        return self.first + dt.timedelta(
            days=calendar.monthrange(self.first.year, self.first.month)[1]
        )

    @property
    def meetings(self) -> int:
        """How many meetings are in it."""
        days = [day for week in self.weeks for day in week if day.inside]
        return sum(e.kind == "meeting" for day in days for e in day.entries)


def month_of(
    user: AbstractBaseUser | AnonymousUser,
    first_day: dt.date,
    today: dt.date,
    of: Calendar | None = None,
) -> Month:
    """One month for a reader; ``of`` leaves one of the two calendars of law."""
    year, month = first_day.year, first_day.month
    grid = calendar.Calendar().monthdatescalendar(year, month)
    days = {d: Day(d, d.month == month, holiday_name(d)) for week in grid for d in week}
    first, last = min(days), max(days)
    for meeting in Meeting.objects.filter(on__gte=first, on__lte=last).select_related("closed"):
        closed = getattr(meeting, "closed", None)
        off = closed is not None and not closed.held
        name = f"{name_of(meeting.forum)}{', called off' if off else ''}"
        days[meeting.on].entries.append(Entry("meeting", name, meeting.venue, meeting.number))
    windows = []
    for occasion in occasions(first, last, of):
        if occasion.first:
            windows.append(occasion)
            continue
        for day, entry in entries_of(occasion):
            if day in days:
                days[day].entries.append(entry)
    for one in due(user, first, last, today):
        words = f"Decision due: {one.decision.words[:80]}"
        days[one.decision.due].entries.append(
            Entry(
                "late" if one.late else "due", words, one.decision.owner, token=one.decision.token
            )
        )
    inside = [w for w in windows if _in_month(w, year, month)]
    return Month(dt.date(year, month, 1), [[days[d] for d in week] for week in grid], inside)


def _in_month(one: Occasion, year: int, month: int) -> bool:
    start = dt.date(year, month, 1)
    end = dt.date(year, month, calendar.monthrange(year, month)[1])
    return one.first is not None and one.first <= end and one.last >= start


def occasions(first: dt.date, last: dt.date, of: Calendar | None = None) -> list[Occasion]:
    """Events of the calendars of law that touch these days, each once."""
    found = {
        one.id: one
        for start in range(first.year - 3, last.year + 2)
        for one in law.occasions(start, of)
        if (one.first or min(one.day, one.last)) <= last and max(one.day, one.last) >= first
    }
    return sorted(found.values(), key=lambda one: (one.day, one.id))


def entries_of(one: Occasion) -> list[tuple[dt.date, Entry]]:
    """An event with a day: its day in practice, and its last day by law where that is another."""
    kind = str(one.rule.calendar)
    words = f"{one.rule.title} ({one.year.label})"
    told = [one.rule.law.reference]
    if not one.rule.law.verified:
        told.append("not verified")
    if one.statutory and one.practice and one.statutory != one.practice:
        return [
            (one.practice, Entry(kind, words, "; ".join(["in practice", *told]))),
            (one.statutory, Entry(kind, words, "; ".join(["last day by law", *told]))),
        ]
    how = (
        "last day by law" if one.statutory else "said to be law" if one.only_said else "in practice"
    )
    return [(one.day, Entry(kind, words, "; ".join([how, *told]), verified=one.rule.law.verified))]


def due(
    user: AbstractBaseUser | AnonymousUser, first: dt.date, last: dt.date, today: dt.date
) -> list[ShownDecision]:
    """Decisions still to be done that fall due between two days and this person may know of."""
    found = deciding.decisions_of(user, today, due__gte=first, due__lte=last)
    return [one for one in found if one.is_open]
