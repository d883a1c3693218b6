"""The working group's own programme of engagement, dated on the calendar of plans and budgets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harvester.domain.errors import UserError
from harvester.rules.law import calendar, programmes
from harvester.rules.law.periods import Period, Unit

if TYPE_CHECKING:
    import datetime as dt

    from harvester.rules.law.programmes import Stakeholder


@dataclass(frozen=True)
class Milestone:
    """Something to be done or shown by a day; ``product`` is empty for base work."""

    id: str
    title: str
    on: dt.date
    who: str
    product: str
    why: str


@dataclass(frozen=True)
class Programme:
    """A programme that starts on a day: its milestones in order, and whom it engages where."""

    name: str
    starts: dt.date
    milestones: tuple[Milestone, ...]
    stakeholders: tuple[Stakeholder, ...]


def start(template: str, on: dt.date) -> Programme:
    """A programme from a template, dated from the day it starts.

    Base work is counted in months from the start; a milestone on an event of the calendar takes the
    first such event that comes after the start, and then so many years on as the template says.
    Raises ``UserError`` for a template that is not known.
    """
    known = {one.id: one for one in programmes.load()}
    if template not in known:
        raise UserError(f"no programme {template!r}.", mend=f"One of {', '.join(known)}.")
    chosen = known[template]
    made = [
        Milestone(b.id, b.title, Period(b.months, Unit.MONTHS).counted_from(on), b.who, "",
                  f"{b.months} months after the start")
        for b in chosen.base
    ]  # fmt: skip
    for stone in chosen.milestones:
        occasion = _after(stone.event, on, stone.years)
        made.append(
            Milestone(stone.id, stone.title, occasion.day, occasion.rule.who, stone.product,
                      f"{occasion.rule.title} of {occasion.year.label}")
        )  # fmt: skip
    return Programme(
        chosen.name, on, tuple(sorted(made, key=lambda m: (m.on, m.id))), chosen.stakeholders
    )


def _after(event: str, on: dt.date, years: int) -> calendar.Occasion:
    """The first occasion of an event after a day, ``years`` counted from it (1: that one)."""
    for first in range(on.year - 1, on.year + 3):
        found = _occasion(event, first)
        if found.day > on:
            return _occasion(event, first + years - 1)
    raise UserError(f"event {event} does not come after {on}.")


def _occasion(event: str, year: int) -> calendar.Occasion:
    return next(o for o in calendar.occasions(year) if o.rule.id == event)
