"""Meetings called and kept: agenda, attendance, minutes. What they decide is beside, in decisions."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from harvester.domain.errors import UserError
from harvester.processor.forums.bodies import body_of
from harvester.rules import institutions
from harvester.web import permissions
from harvester.web.actions.acting import Actor, act
from harvester.web.actions.matters import take_step
from harvester.web.forums import agendas
from harvester.web.forums.standing import CASE, TABLE, whole_record
from harvester.web.matters import courses, people
from harvester.web.models import (
    AgendaChange,
    Attendance,
    ChainHead,
    Matter,
    Meeting,
    MeetingClosed,
)
from harvester.web.permissions import OPEN, Subject
from harvester.web.rights import Action

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from harvester.web.models import MatterStep

DAYS_TO_FOLLOWING = 90
"""When a forum is thought to meet again where nobody says: a quarter on. Policy."""
LONGEST_LINE, LONGEST_WORDS = 500, 4_000


class ClosedMeetingError(UserError):
    """The minutes were fixed, or the meeting called off, while this person was writing."""

    def __init__(self) -> None:
        super().__init__(
            "this meeting is closed.", mend="What is new belongs to the next meeting of the forum."
        )


def subject_of(meeting: Meeting) -> Subject:
    """A meeting as a subject: whoever chairs it has their seat there."""
    return Subject(seats=frozenset({meeting.chair_id} if meeting.chair_id else set()))


def on_matter(meeting: Meeting, matter: Matter | None) -> Subject:
    """What is done at a meeting about a matter: as confidential as the matter is now."""
    own = subject_of(meeting)
    if matter is None:
        return own
    about = permissions.subject_of(matter.key, courses.level_of(matter, courses.course_of(matter)))
    return Subject(about.level, about.parties, about.seats | own.seats)


def call_meeting(
    actor: Actor,
    forum: str,
    on: dt.date,
    *,
    following: dt.date | None = None,
    venue: str = "",
    metro: str = "",
    chair: User | None = None,
    at: dt.datetime | None = None,
) -> Meeting:
    """Call a forum together on a day. The secretariat does; the chair keeps it from then on.

    Raises ``UserError`` for a forum or metro that is not known, and a day the next meeting cannot be.
    """
    when = at or timezone.now()
    body = body_of(forum)
    if body is None:
        raise UserError(f"no forum {forum!r}.", where="forum")
    after = following or on + dt.timedelta(days=DAYS_TO_FOLLOWING)
    if after <= on:
        raise UserError("the next meeting comes after this one.", where="following")
    if metro and institutions.load().get(metro) is None:
        raise UserError(f"no municipality {metro!r}.", where="metro")
    with act(actor, Action.KEEP_MEETING, "meeting:", on=OPEN, at=when) as note:
        # Whoever calls one waits here for whoever is calling one: numbers have no gap.
        ChainHead.objects.select_for_update().get(pk=1)
        if Meeting.objects.filter(forum=forum, on=on, closed=None).exists():
            raise UserError("this forum is called for that day already.", where="on")
        number = (Meeting.objects.aggregate(last=Max("number"))["last"] or 0) + 1
        meeting = Meeting.objects.create(
            number=number, forum=forum, on=on, following=after, venue=venue.strip()[:200],
            metro=metro or _metro_of(body.code), chair=chair, called_by=actor.person, called_at=when,
        )  # fmt: skip
        note.subject = meeting.key
        note.payload.update(
            {"forum": forum, "on": on.isoformat(), "following": after.isoformat(),
             "venue": meeting.venue, "metro": meeting.metro,
             "chair": chair.get_username() if chair else ""}
        )  # fmt: skip
    return meeting


def _metro_of(code: str) -> str:
    last = code.rpartition(":")[2]
    return last if institutions.load().kind(last) == "metro" else ""


def held_open(number: int) -> Meeting:
    """The row of a meeting, locked until the transaction ends. Raises :class:`ClosedMeetingError`."""
    meeting = Meeting.objects.select_for_update().get(number=number)
    if MeetingClosed.objects.filter(meeting=meeting).exists():
        raise ClosedMeetingError
    return meeting


def change_agenda(
    actor: Actor,
    number: int,
    matter_number: int,
    *,
    put_on: bool,
    reason: str,
    at: dt.datetime | None = None,
) -> AgendaChange:
    """Put a matter on the agenda, or take it off it, with a reason.

    A case that its owner works is tabled by the same action, where the person may take that step, so
    that the case and the agenda say one thing. Raises ``UserError`` without a reason and for a matter
    this person may not read, which is not there for them.
    """
    when = at or timezone.now()
    said = reason.strip()
    if not said or len(said) > LONGEST_LINE:
        raise UserError(f"say why, in at most {LONGEST_LINE} characters.", where="reason")
    with transaction.atomic():
        meeting = held_open(number)
        if actor.person is not None:
            permissions.check(actor.person, Action.KEEP_MEETING, subject_of(meeting))
        matter = readable_matter(actor, matter_number)
        on = on_matter(meeting, matter)
        with act(actor, Action.KEEP_MEETING, meeting.key, on=on, reason=said, at=when) as note:
            change = AgendaChange.objects.create(
                meeting=meeting, matter=matter, put_on=put_on, reason=said, level=on.level.value,
                by=actor.person, at=when,
            )  # fmt: skip
            note.payload.update({"matter": matter.key, "put_on": put_on})
        if put_on:
            table(actor, meeting, matter, when)
    return change


def table(actor: Actor, meeting: Meeting, matter: Matter, at: dt.datetime) -> MatterStep | None:
    """Take the step that tables a case here, where it is being worked and this person may; else none.

    A chair who neither owns the case nor is the secretariat may put it on; the owner tables it.
    """
    course = courses.course_of(matter)
    step = course.procedure.step(TABLE) if matter.procedure == CASE else None
    if (
        step is None
        or actor.person is None
        or step not in course.procedure.steps_from(course.state)
    ):
        return None
    kinds = people.actor_for(actor.person, course, people.seats_of(matter.key)).kinds
    if not kinds & set(step.by):
        return None
    today = timezone.localdate(at)
    return take_step(
        actor, matter.number, TABLE, on=max(today, course.last_day),
        told={"forum": meeting.forum}, reason=f"put on the agenda of {meeting.key}", at=at,
    )  # fmt: skip


def readable_matter(actor: Actor, number: int) -> Matter:
    """A matter this person may read whole. Raises ``UserError`` for any other, there or not."""
    person = actor.person
    found = courses.with_steps(Matter.objects.filter(number=number)).first()
    if found is not None and person is not None:
        level = courses.level_of(found, courses.course_of(found))
        if permissions.may(person, Action.READ_MATTER, permissions.subject_of(found.key, level)):
            return found
    raise UserError("there is no such matter, or it is not for you.", where="matter")


def note_attendance(
    actor: Actor,
    number: int,
    *,
    name: str,
    institution: str = "",
    capacity: str = "",
    present: bool,
    at: dt.datetime | None = None,
) -> Attendance:
    """Note that somebody is there, or sent an apology. The latest note of a name holds."""
    when = at or timezone.now()
    if not name.strip() or len(name) > 120:
        raise UserError("say who, in at most 120 characters.", where="name")
    if institution and institutions.load().get(institution) is None:
        raise UserError(f"no institution {institution!r}.", where="institution")
    with transaction.atomic():
        meeting = held_open(number)
        on = subject_of(meeting)
        with act(actor, Action.KEEP_MEETING, meeting.key, on=on, at=when) as note:
            row = Attendance.objects.create(
                meeting=meeting, institution=institution, name=name.strip(),
                capacity=capacity.strip()[:120], present=present, by=actor.person, at=when,
            )  # fmt: skip
            note.payload.update(
                {"attends": row.name, "institution": institution, "capacity": row.capacity,
                 "present": present}
            )  # fmt: skip
    return row


def close_meeting(
    actor: Actor, number: int, *, held: bool, words: str, at: dt.datetime | None = None
) -> MeetingClosed:
    """Fix the minutes, or call the meeting off. Nothing is added to it after.

    The agenda as it stood for everybody is kept with it; each reader is shown what they may see.
    Raises ``UserError`` without words, and for minutes of a day that has not come.
    """
    when = at or timezone.now()
    if not words.strip() or len(words) > LONGEST_WORDS:
        raise UserError(f"write at most {LONGEST_WORDS} characters.", where="words")
    with transaction.atomic():
        meeting = held_open(number)
        if held and timezone.localdate(when) < meeting.on:
            raise UserError("the day of this meeting has not come.", where="words")
        kept = agendas.compute(meeting, whole_record(timezone.localdate(when)))
        on = subject_of(meeting)
        with act(actor, Action.KEEP_MEETING, meeting.key, on=on, at=when) as note:
            row = MeetingClosed.objects.create(
                meeting=meeting, held=held, words=words.strip(), by=actor.person, at=when,
                agenda=[
                    {"matter": line.shown.matter.number, "why": line.why, "press": int(line.press)}
                    for line in kept.lines
                ],
            )  # fmt: skip
            note.payload.update({"held": held, "words": row.words})
    return row
