"""How a programme of engagement stands: milestones reached or late, promises kept or late."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Stands(StrEnum):
    """How a milestone or promise stands on a day."""

    TO_COME = "to come"
    REACHED = "reached"
    LATE = "late"


@dataclass(frozen=True)
class Promise:
    """What was promised, until when; ``followed`` are the days on which something followed."""

    number: int
    due: dt.date
    followed: tuple[dt.date, ...] = ()

    def stands(self, as_at: dt.date) -> Stands:
        """Reached as soon as something followed; late past its day without."""
        return standing(self.due, min(self.followed, default=None), as_at)


def standing(due: dt.date, reached: dt.date | None, as_at: dt.date) -> Stands:
    """How something that is due on a day stands on another. What is reached late is reached."""
    if reached is not None and reached <= as_at:
        return Stands.REACHED
    return Stands.LATE if as_at > due else Stands.TO_COME


def promises(
    made: Iterable[tuple[int, dt.date]], followed: Iterable[tuple[int, dt.date]]
) -> tuple[Promise, ...]:
    """Promises (number, last day) with what followed each (number of the promise, day), the first due
    first."""
    days: dict[int, list[dt.date]] = {}
    for number, on in followed:
        days.setdefault(number, []).append(on)
    found = (Promise(number, due, tuple(sorted(days.get(number, ())))) for number, due in made)
    return tuple(sorted(found, key=lambda p: (p.due, p.number)))


def season_begins(year: int) -> dt.date:
    """The day work on the budgets of a year begins (``2019`` for 2019/20): 1 July of the year before,
    ahead of the first hearings and of the engagement on municipal lists. A choice of this project."""
    return dt.date(year - 1, 7, 1)
