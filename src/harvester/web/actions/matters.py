"""Matters opened and stepped: one row, its papers and its events together or not at all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from harvester.domain.errors import UserError
from harvester.processor.workflow import course as workflow
from harvester.processor.workflow.moves import open_course, take
from harvester.rules import institutions
from harvester.rules.law import procedures
from harvester.web import permissions
from harvester.web.actions.acting import Actor, act
from harvester.web.actions.editions import SIGNED_PAPER, put_in
from harvester.web.actions.papers import add_paper
from harvester.web.matters import courses, people
from harvester.web.models import (
    ChainHead,
    Matter,
    MatterStep,
    Party,
    Seat,
    StepPaper,
)
from harvester.web.permissions import Subject
from harvester.web.rights import Action, Happening, Level, Reach

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from django.contrib.auth.models import User

    from harvester.processor.workflow.course import Course
    from harvester.web.models import AnswerLink

LONGEST_TITLE = 200
LONGEST_TEXT = 4_000
NAMED = ("owner", "delegate")
"""Answers that name a person by user name."""


class OvertakenError(UserError):
    """Somebody acted in the matter since this person looked; ``since`` are the steps taken."""

    def __init__(self, since: Sequence[MatterStep]) -> None:
        self.since = list(since)
        super().__init__(
            "somebody acted in this matter while you were writing.",
            mend="Look at what was done; what you wrote is still here. Send it again if it stands.",
        )


@dataclass(frozen=True)
class NewPaper:
    """A paper that somebody puts in with a step: as which kind, and what it says or holds."""

    kind: str
    title: str
    body: str = ""
    file_name: str = ""
    content: bytes = b""
    public: bool = False


@dataclass(frozen=True)
class Presiding:
    """That somebody acts by a decision of the meeting they keep: of which ``forum``, and the
    ``seats`` there (primary keys of persons). Before that forum the case must stand."""

    forum: str
    seats: frozenset[int]


def open_matter(
    actor: Actor,
    procedure: str,
    *,
    title: str,
    parties: Sequence[str],
    known: Mapping[str, Any],
    opened: dt.date,
    level: Level = Level.PUBLIC,
    finding: str = "",
    run: str = "",
    metro: str = "",
    parent: Matter | None = None,
    reason: str = "",
    at: dt.datetime | None = None,
) -> Matter:
    """Open a matter under the version of its procedure that is in force on the day.

    Raises ``UserError`` for parties that are not known, a title that is empty or too long, and a
    finding that a matter of this procedure is open for already.
    """
    when = at or timezone.now()
    begun = procedures.in_force(procedure, opened)
    codes = list(dict.fromkeys(parties))
    _check_opening(title, codes, level)
    course = open_course(begun, opened, codes, known)
    on = Subject(level, frozenset(codes))
    action = Action.REPORT if actor.person is None else Action.OPEN_MATTER
    with act(actor, action, f"{procedure}:", on=on, reason=reason, at=when) as note:
        # Whoever opens a matter waits here for whoever is opening one: numbers have no gap.
        ChainHead.objects.select_for_update().get(pk=1)
        if finding and (found := standing_for(finding, procedure)):
            raise UserError(f"this finding is {found.key} already.", where="finding")
        number = (Matter.objects.aggregate(last=Max("number"))["last"] or 0) + 1
        matter = Matter.objects.create(
            number=number, key=f"{procedure}:{number}", procedure=procedure,
            version=begun.head.from_date, title=title.strip(), opened=opened, opened_at=when,
            opened_by=actor.person, level=level.value, parent=parent, finding=finding, run=run,
            metro=metro, parties=codes, known=dict(known),
        )  # fmt: skip
        Party.objects.bulk_create(_newcomers(matter.key, {*codes, *people.taking_part(course)}))
        note.subject = matter.key
        note.payload.update(
            {"title": matter.title, "parties": codes, "finding": finding, "run": run,
             "parent": parent.key if parent else "", "opened": opened.isoformat()}
        )  # fmt: skip
    return matter


def _check_opening(title: str, codes: Sequence[str], level: Level) -> None:
    if not title.strip() or len(title.strip()) > LONGEST_TITLE:
        raise UserError(f"give a title of at most {LONGEST_TITLE} characters.", where="title")
    unknown = [code for code in codes if institutions.load().get(code) is None]
    if unknown:
        raise UserError(f"no institution has the code {unknown[0]!r}.", where="parties")
    if level is Level.PRIVILEGED:
        raise UserError("a matter becomes privileged by a step, never at its opening.")


def standing_for(finding: str, procedure: str) -> Matter | None:
    """The matter of this procedure that a finding has and that is not over."""
    found = courses.with_steps(Matter.objects.filter(finding=finding, procedure=procedure))
    return next((one for one in found if not courses.course_of(one).is_over), None)


def take_step(
    actor: Actor,
    number: int,
    step: str,
    *,
    on: dt.date,
    seen: int | None = None,
    told: Mapping[str, Any] | None = None,
    papers: Sequence[NewPaper] = (),
    reason: str = "",
    link: AnswerLink | None = None,
    presiding: Presiding | None = None,
    at: dt.datetime | None = None,
) -> MatterStep:
    """Take one step of a matter. ``seen`` is how many steps were taken when the person looked.

    ``presiding``: the person acts for the meeting they keep, by its decision.

    The matter's row is locked and its course replayed, so that of two people who act at once the
    second is told what the first did. Raises :class:`OvertakenError` then, ``NotAllowedError`` with
    everything that stands in the way, ``UserError`` for a person or case that is not known, and
    ``PermissionDenied``.
    """
    when = at or timezone.now()
    with transaction.atomic():
        matter = Matter.objects.select_for_update().get(number=number)
        course = courses.course_of(matter)
        if seen is not None and seen != len(course.taken):
            raise OvertakenError(matter.steps.filter(number__gt=seen))
        after = _taken(actor, matter, course, step, on=on, told=told or {}, papers=papers,
                       reason=reason, link=link, presiding=presiding)  # fmt: skip
        level = courses.level_of(matter, after)
        subject = permissions.subject_of(matter.key, level)
        if presiding is not None:
            subject = replace(subject, seats=subject.seats | presiding.seats)
        done = after.taken[-1]
        # The owner of a case and the delegate sit at it, whatever institution they are of.
        seated = [
            (_owner(str(done.told[name]), name, level), name) for name in NAMED if name in done.told
        ]
        if len({person.pk for person, _ in seated}) < len(seated):
            raise UserError("the delegate must be somebody else than the owner.", where="delegate")
        if "merged_into" in done.told:
            _check_merge(matter, str(done.told["merged_into"]))
        for one in papers:
            if one.kind == SIGNED_PAPER:
                put_in(actor, matter, one.content, when)
        kept = [_keep(actor, matter, one, level, when) for one in papers]
        with act(
            actor,
            Action.STEP_MATTER if actor.person else Happening.STEPPED,
            matter.key,
            on=subject,
            reason=reason,
            at=when,
        ) as note:
            row = MatterStep.objects.create(
                matter=matter, number=len(after.taken), step=step, on=on, at=when,
                person=actor.person, name=actor.name, on_behalf_of=actor.on_behalf_of,
                institution=done.institution, kind=done.kind, level=level.value,
                reason=done.reason, told=dict(done.told), link=link,
            )  # fmt: skip
            for one, paper in zip(papers, kept, strict=True):
                StepPaper.objects.create(step=row, kind=one.kind, paper=paper)
            admitted = _newcomers(matter.key, people.taking_part(after))
            Party.objects.bulk_create(admitted)
            for person, capacity in seated:
                Seat.objects.get_or_create(
                    matter=matter.key, person=person, defaults={"capacity": capacity}
                )
            note.payload.update(
                {"step": step, "number": row.number, "on": on.isoformat(), "kind": done.kind,
                 "told": dict(done.told), "papers": [paper.token for paper in kept],
                 "admitted": [one.institution for one in admitted],
                 "seated": [person.get_username() for person, _ in seated]}
            )  # fmt: skip
    return row


def _taken(
    actor: Actor,
    matter: Matter,
    course: Course,
    step: str,
    *,
    on: dt.date,
    told: Mapping[str, Any],
    papers: Sequence[NewPaper],
    reason: str,
    link: AnswerLink | None,
    presiding: Presiding | None,
) -> Course:
    """The course with the step taken by whoever acts: a person, the system, or a guest's link."""
    put_in = [workflow.Paper(one.kind, one.title) for one in papers]
    if actor.person is not None:
        who = people.actor_for(actor.person, course, people.seats_of(matter.key))
        if presiding is not None and course.facts.get("forum") == presiding.forum:
            who = replace(who, kinds=who.kinds | {"chair"})
    elif link is not None:
        who = workflow.Actor(actor.name, link.institution, frozenset({"party"}))
    else:
        who = workflow.Actor(actor.name, "", frozenset({"harvest"}))
    return take(course, step, who, on, reason=reason, papers=put_in, told=told)


def _keep(actor: Actor, matter: Matter, new: NewPaper, level: Level, at: dt.datetime) -> Any:
    """Add one paper at the level of the matter; open to all only where the person says so."""
    if actor.person is None:
        raise UserError("papers are put in by somebody with an account.", where="papers")
    if level is not Level.PRIVILEGED:
        level = Level.PUBLIC if new.public else Level.PARTIES
    return add_paper(
        actor.person, matter.key, level, new.title, body=new.body, file_name=new.file_name,
        content=new.content, at=at,
    )  # fmt: skip


def _owner(username: str, where: str, level: Level) -> User:
    """The person of a user name who can own a case. Raises ``UserError`` for anybody else."""
    found = get_user_model().objects.filter(username=username, is_active=True).first()
    if found is not None:
        standing = permissions.standing_of(found)
        if standing.reach(Action.STEP_MATTER, level) is not Reach.NONE:
            return found
    raise UserError(f"{username!r} is nobody who can take steps in a case.", where=where)


def _check_merge(matter: Matter, into: str) -> None:
    other = Matter.objects.filter(key=into, procedure=matter.procedure).first()
    if other is None or other.pk == matter.pk:
        raise UserError(f"{into!r} is no other case.", where="merged_into")


def _newcomers(key: str, codes: set[str] | frozenset[str]) -> list[Party]:
    """Rows for the institutions that do not know of a matter yet."""
    held = set(Party.objects.filter(matter=key).values_list("institution", flat=True))
    return [Party(matter=key, institution=code) for code in sorted(set(codes) - held)]
