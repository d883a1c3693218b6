"""The agenda of a meeting: which matters a forum may take, in which order, and why each stands there.

Order: matters whose time by law has run out, then by policy, then what was put to this forum, then
those whose time ends before the next meeting, then the rest; within each by rand at stake, where
unknown comes after known but before nothing. What does not fit on the day, or is not for this forum,
is listed with the reason; what was put to it is never left off for want of room.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from harvester.processor.workflow.clocks import Clock
    from harvester.rules.forums import Forum, Rung


class Press(IntEnum):
    """How pressing a matter is, most pressing first."""

    LATE_BY_LAW = 0
    LATE = 1
    PUT = 2
    ENDS_BEFORE_NEXT = 3
    OPEN = 4


@dataclass(frozen=True)
class Matter:
    """What an agenda needs of a matter. ``takes`` are codes of ``rules/data/forums.yaml``.

    ``rung`` is where it stands: officials first, then those who answer for them. ``rand_cents`` is
    the rand at stake, ``None`` where unknown. ``clocks`` are those that run. ``put`` says why it was
    put to this very forum (tabled, referred, escalated); empty where it only may be.
    """

    id: str
    title: str
    takes: tuple[str, ...]
    rung: Rung
    rand_cents: int | None
    clocks: tuple[Clock, ...] = ()
    put: str = ""


@dataclass(frozen=True)
class Item:
    """A matter on the agenda, and why it stands where it does."""

    number: int
    matter: Matter
    press: Press
    why: str


@dataclass(frozen=True)
class LeftOff:
    """A matter that is not on the agenda, and why."""

    matter: Matter
    why: str


@dataclass(frozen=True)
class Agenda:
    """The items in order, and what was left off."""

    items: tuple[Item, ...]
    left_off: tuple[LeftOff, ...]


def agenda(
    forum: Forum,
    matters: Sequence[Matter],
    on: dt.date,
    following: dt.date,
    most: int | None = None,
) -> Agenda:
    """The agenda of a forum's meeting on a day.

    ``following`` is the day of the meeting after it, by which a clock that runs may have run out;
    ``most`` how many items the day holds. Every matter given is on it or among what was left off.
    """
    fitting, left_off = [], []
    for matter in matters:
        if matter.put:
            fitting.append((*_press(matter, on, following), matter))
        elif not set(matter.takes) & set(forum.takes):
            left_off.append(LeftOff(matter, f"{forum.name} does not take this kind of matter"))
        elif matter.rung is not forum.rung:
            left_off.append(LeftOff(matter, f"it stands at the {matter.rung} rung"))
        else:
            fitting.append((*_press(matter, on, following), matter))
    fitting.sort(key=lambda one: (one[0], *_weight(one[2]), one[2].id))
    items = tuple(
        Item(n, matter, press, why) for n, (press, why, matter) in enumerate(fitting, start=1)
    )
    if most is None:
        return Agenda(items, tuple(left_off))
    room = most - sum(bool(item.matter.put) for item in items)
    could = [item for item in items if not item.matter.put]
    beyond = could[max(room, 0) :]
    full = (LeftOff(item.matter, f"the day holds {most} items") for item in beyond)
    kept = (item for item in items if item not in beyond)
    numbered = tuple(replace(item, number=n) for n, item in enumerate(kept, start=1))
    return Agenda(numbered, (*left_off, *full))


def _press(matter: Matter, on: dt.date, following: dt.date) -> tuple[Press, str]:
    late = sorted(
        (c for c in matter.clocks if c.stopped is None and c.due < on), key=lambda c: c.due
    )
    by_law = next((c for c in late if c.statutory), None)
    if by_law:
        return (
            Press.LATE_BY_LAW,
            _also(matter, f"{by_law.rule.name}: time by law ran out on {by_law.due:%-d %B %Y}"),
        )
    if late:
        why = f"{late[0].rule.name}: time ran out on {late[0].due:%-d %B %Y}"
        return Press.LATE, _also(matter, why)
    if matter.put:
        return Press.PUT, matter.put
    soon = [c for c in matter.clocks if c.stopped is None and on <= c.due < following]
    if soon:
        first = min(soon, key=lambda c: c.due)
        return Press.ENDS_BEFORE_NEXT, f"{first.rule.name}: time ends on {first.due:%-d %B %Y}"
    return Press.OPEN, "open"


def _also(matter: Matter, why: str) -> str:
    return f"{why}; {matter.put}" if matter.put else why


def _weight(matter: Matter) -> tuple[int, int]:
    """Known rand first, the most first; then unknown; then none at stake."""
    if matter.rand_cents is None:
        return 1, 0
    return (0, -matter.rand_cents) if matter.rand_cents > 0 else (2, 0)
