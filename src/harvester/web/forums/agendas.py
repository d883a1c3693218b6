"""The agenda of a meeting for one reader: what they may not see is not on it, nor counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harvester.processor.forums.agenda import Matter as Put
from harvester.processor.forums.agenda import Press, agenda
from harvester.processor.forums.bodies import body_of
from harvester.reports.packs.gather import ASKED
from harvester.web.forums.standing import can_be_tabled, standings, takes_of
from harvester.web.matters import rows
from harvester.web.models import AgendaChange, MeetingClosed

if TYPE_CHECKING:
    import datetime as dt

    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

    from harvester.processor.forums.bodies import Body
    from harvester.web.forums.standing import Standing
    from harvester.web.matters.rows import Shown
    from harvester.web.models import Meeting

MOST_ITEMS = 15
"""Items a day holds besides what was put to the forum. Policy of the working group."""
PRESSES = {
    Press.LATE_BY_LAW: "time by law ran out",
    Press.LATE: "time ran out",
    Press.PUT: "put to this forum",
    Press.ENDS_BEFORE_NEXT: "time ends before the next meeting",
    Press.OPEN: "open",
}
ASKED_OTHERWISE = "Say what is done next, by whom and by when."


@dataclass(frozen=True)
class Line:
    """One matter on an agenda, and why it stands where it does."""

    number: int
    shown: Shown
    press: Press
    why: str

    @property
    def pressing(self) -> str:
        """How pressing, in words."""
        return PRESSES[self.press]

    @property
    def asked(self) -> str:
        """The decision asked of the meeting."""
        return ASKED.get(self.shown.offering, ASKED_OTHERWISE)


@dataclass(frozen=True)
class Off:
    """A matter that is not on the agenda, and why; ``taken_off`` where somebody did so."""

    shown: Shown
    why: str
    taken_off: bool = False


@dataclass(frozen=True)
class MeetingAgenda:
    """The lines in order, and what is off it."""

    lines: tuple[Line, ...]
    off: tuple[Off, ...]


def body_at(meeting: Meeting) -> Body:
    """The forum that meets."""
    found = body_of(meeting.forum)
    assert found is not None, meeting.forum
    return found


def agenda_of(
    user: AbstractBaseUser | AnonymousUser, meeting: Meeting, today: dt.date
) -> MeetingAgenda:
    """The agenda as this reader may know it: computed until the meeting is closed, then as it stood."""
    known = [one for one in rows.everything(user, today) if one.whole]
    closed = MeetingClosed.objects.filter(meeting=meeting).first()
    if closed is not None:
        return MeetingAgenda(tuple(_as_it_stood(closed.agenda, known)), ())
    return compute(meeting, known)


def compute(meeting: Meeting, known: list[Shown]) -> MeetingAgenda:
    """The agenda over these matters, with what was put on and taken off."""
    body = body_at(meeting)
    changes = {change.matter_id: change for change in AgendaChange.objects.filter(meeting=meeting)}
    candidates = [one for one in known if can_be_tabled(one)]
    where = standings(candidates)
    given, off = [], []
    for one in candidates:
        change = changes.get(one.matter.pk)
        if change is not None and not change.put_on:
            off.append(Off(one, change.reason, taken_off=True))
            continue
        put = f"put on: {change.reason}" if change is not None else ""
        made = candidate(body, one, where[one.matter.pk], put)
        if made is not None:
            given.append(made)
    found = agenda(body.forum, given, meeting.on, meeting.following, MOST_ITEMS)
    by_key = {one.matter.key: one for one in candidates}
    lines = tuple(Line(i.number, by_key[i.matter.id], i.press, i.why) for i in found.items)
    off += [Off(by_key[left.matter.id], left.why) for left in found.left_off]
    return MeetingAgenda(lines, tuple(off))


def candidate(body: Body, one: Shown, stands: Standing, put: str = "") -> Put | None:
    """A matter as the agenda of a body weighs it; ``None`` where it is not for this body at all."""
    takes = takes_of(one)
    here = stands.body is not None and stands.body.code == body.code
    if not put and stands.body is not None and not here:
        return None
    if not put and not here:
        fits = set(takes) & set(body.forum.takes) and body.rung is stands.rung
        if not fits or not body.concerns(one.matter.parties):
            return None
    return Put(
        one.matter.key, one.matter.title, tuple(sorted(takes)), stands.rung, one.rand,
        one.clocks, put or (stands.why if here else ""),
    )  # fmt: skip


def may_go_to(body: Body, known: list[Shown]) -> list[tuple[Shown, str]]:
    """Matters that stand before this body or may be put to it, and which of the two."""
    candidates = [one for one in known if can_be_tabled(one)]
    where = standings(candidates)
    found = []
    for one in candidates:
        made = candidate(body, one, where[one.matter.pk])
        if made is not None:
            found.append((one, made.put))
    return sorted(found, key=lambda pair: (not pair[1], not pair[0].late, pair[0].matter.number))


def _as_it_stood(kept: list[dict[str, Any]], known: list[Shown]) -> list[Line]:
    by_number = {one.matter.number: one for one in known}
    seen = [item for item in kept if item["matter"] in by_number]
    return [
        Line(n, by_number[item["matter"]], Press(item["press"]), str(item["why"]))
        for n, item in enumerate(seen, start=1)
    ]
