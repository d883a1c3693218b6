"""The yearly calendar as an iCalendar feed (RFC 5545): one all-day event for each occasion."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from icalendar import Calendar as Feed
from icalendar import Event

if TYPE_CHECKING:
    from collections.abc import Iterable

    from harvester.rules.law.calendar import Occasion

ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Notice:
    """Something else on a day: a meeting, the last day of a clock. ``id`` is its own for good."""

    id: str
    day: dt.date
    title: str
    words: str = ""
    kind: str = ""


def feed(
    occasions: Iterable[Occasion], name: str, as_at: dt.date, notices: Iterable[Notice] = ()
) -> bytes:
    """A feed called ``name``. ``as_at`` stamps it, so that the same calendar gives the same bytes.

    An event stands on the day to plan for (practice where it is known, else the last day), or over
    the months it falls in; its text says the last day the law allows and whether that was verified.
    """
    made = Feed()
    made.add("prodid", "-//Combined Harvester//Calendar of plans and budgets//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", name)
    for occasion in occasions:
        made.add_component(_event(occasion, as_at))
    for notice in notices:
        made.add_component(_notice(notice, as_at))
    return made.to_ical()


def _event(occasion: Occasion, as_at: dt.date) -> Event:
    event = Event()
    event.add("uid", f"{occasion.id}@combined-harvester")
    event.add("dtstamp", dt.datetime.combine(as_at, dt.time(), dt.UTC))
    event.add("summary", f"{occasion.rule.title} ({occasion.year.label})")
    event.add("dtstart", occasion.first or occasion.day)
    event.add("dtend", (occasion.last if occasion.first else occasion.day) + ONE_DAY)
    event.add("description", told(occasion))
    event.add("categories", [str(occasion.rule.calendar), str(occasion.rule.fixed)])
    event.add("transp", "TRANSPARENT")
    return event


def _notice(notice: Notice, as_at: dt.date) -> Event:
    event = Event()
    event.add("uid", f"{notice.id}@combined-harvester")
    event.add("dtstamp", dt.datetime.combine(as_at, dt.time(), dt.UTC))
    event.add("summary", notice.title)
    event.add("dtstart", notice.day)
    event.add("dtend", notice.day + ONE_DAY)
    if notice.words:
        event.add("description", notice.words)
    if notice.kind:
        event.add("categories", [notice.kind])
    event.add("transp", "TRANSPARENT")
    return event


def law_notices(occasions: Iterable[Occasion]) -> list[Notice]:
    """The last day by law of each occasion that is planned for another day, to stand beside it."""
    return [
        Notice(
            f"{one.id}:law", one.statutory, f"Last day by law: {one.rule.title} ({one.year.label})",
            told(one), str(one.rule.calendar),
        )
        for one in occasions
        if one.statutory and one.statutory != one.day
    ]  # fmt: skip


def told(occasion: Occasion) -> str:
    """Who, by which law, and how sure: the words under an event."""
    rule = occasion.rule
    law = f"{rule.law.reference} ({'verified' if rule.law.verified else 'not verified'})"
    if occasion.statutory:
        last = f"Last day by law: {occasion.statutory:%-d %B %Y}."
    elif occasion.only_said:
        last = f"By {occasion.last:%-d %B %Y}, which is said to be law."
    elif occasion.first:
        last = "No law fixes the day."
    else:
        last = f"By {occasion.last:%-d %B %Y} in practice; no law fixes the day."
    return f"{rule.who[0].upper()}{rule.who[1:]}. {last} {law}"
