"""The clocks of a matter: which run, since when, until when, and which have run out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from harvester.domain.errors import UserError
from harvester.rules.law.periods import Basis
from harvester.rules.law.procedures import OPENED

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from harvester.processor.workflow.course import Course
    from harvester.rules.law.periods import Period
    from harvester.rules.law.procedures import ClockRule, Procedure


class Running(StrEnum):
    """How a clock stands."""

    RUNNING = "running"
    OVER = "over"
    IN_TIME = "in_time"
    LATE = "late"


@dataclass(frozen=True)
class Clock:
    """One clock of a matter: when it ``started``, the last day ``due``, and when it was ``stopped``."""

    rule: ClockRule
    started: dt.date
    due: dt.date
    stopped: dt.date | None
    stands: Running

    @property
    def statutory(self) -> bool:
        """Whether the law itself fixes the days, and was read."""
        return self.rule.by_law

    def days_left(self, as_at: dt.date) -> int:
        """Days from ``as_at`` to the last day; negative when it has passed."""
        return (self.due - as_at).days


def clocks(
    course: Course, as_at: dt.date, limits: Mapping[str, Period] | None = None
) -> tuple[Clock, ...]:
    """Every clock that has begun by ``as_at``, in the order they began; each begins anew with its step.

    ``limits`` are the working group's own periods, by ``procedure.clock``; they change policy clocks
    only. Raises ``UserError`` when one is set for a clock whose days are law.
    """
    rules = with_limits(course.procedure, limits or {})
    found = [clock for rule in rules for clock in _of_rule(course, rule, as_at)]
    return tuple(sorted(found, key=lambda c: (c.started, c.rule.id)))


def with_limits(procedure: Procedure, limits: Mapping[str, Period]) -> tuple[ClockRule, ...]:
    """The clock rules of a procedure with the working group's own periods in them."""
    found = []
    for rule in procedure.clocks:
        limit = limits.get(f"{procedure.id}.{rule.id}")
        if limit and rule.basis is Basis.STATUTORY:
            raise UserError(
                f"the time of {rule.name!r} is fixed by {rule.law.reference}.",
                where=f"{procedure.id}.{rule.id}",
                mend="Only times that are policy can be set.",
            )
        found.append(replace(rule, period=limit) if limit else rule)
    return tuple(found)


def _of_rule(course: Course, rule: ClockRule, as_at: dt.date) -> list[Clock]:
    days = [(t.on, t.step) for t in course.taken if t.on <= as_at]
    if OPENED in rule.starts and course.opened <= as_at:
        days.insert(0, (course.opened, OPENED))
    found: list[Clock] = []
    started: dt.date | None = None
    for day, step in days:
        if started is not None and step in rule.stops:
            found.append(_clock(rule, started, day, as_at))
            started = None
        if step in rule.starts:
            started = day
    if started is not None:
        ended = course.last_day if course.is_over else None
        found.append(_clock(rule, started, ended, as_at))
    return found


def _clock(rule: ClockRule, started: dt.date, stopped: dt.date | None, as_at: dt.date) -> Clock:
    due = rule.period.after(started)
    if stopped is None:
        stands = Running.OVER if as_at > due else Running.RUNNING
    else:
        stands = Running.LATE if stopped > due else Running.IN_TIME
    return Clock(rule, started, due, stopped, stands)
