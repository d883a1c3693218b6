"""The yearly calendar as an iCalendar feed (RFC 5545): one all-day event for each occasion."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from icalendar import Calendar as Feed
from icalendar import Event

if TYPE_CHECKING:
    from collections.abc import Iterable

    from harvester.rules.law.calendar import Occasion

ONE_DAY = dt.timedelta(days=1)


def feed(occasions: Iterable[Occasion], name: str, as_at: dt.date) -> bytes:
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
