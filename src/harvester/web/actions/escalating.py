"""What the clock does at night: matters whose time ran out go on to the next forum, each cause once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from harvester.processor.forums.escalation import Cause, causes_of_clocks, next_body
from harvester.web import permissions
from harvester.web.actions.acting import Actor, act
from harvester.web.forums import deciding
from harvester.web.forums.standing import (
    Standing,
    can_be_tabled,
    standings,
    takes_of,
    whole_record,
)
from harvester.web.matters import courses
from harvester.web.models import Decision, Escalation, Meeting
from harvester.web.rights import Happening

if TYPE_CHECKING:
    import datetime as dt

    from harvester.web.forums.deciding import ShownDecision
    from harvester.web.matters.rows import Shown

LONGEST_WHY = 400


def escalate(today: dt.date | None = None) -> list[Escalation]:
    """Send every matter whose time has run out on to the next forum; the escalations made.

    Doing it again changes nothing: each cause is written once, and a matter goes one forum on at a
    time however many causes there are.
    """
    day = today or timezone.localdate()
    known = set(Escalation.objects.values_list("cause", flat=True))
    open_ones = [one for one in whole_record(day) if can_be_tabled(one)]
    where = standings(open_ones)
    late = _late_decisions(day)
    made: list[Escalation] = []
    for one in open_ones:
        stands = where[one.matter.pk]
        causes = [*causes_of_clocks(one.matter.key, one.clocks)]
        decisions = late.get(one.matter.pk, [])
        causes += [_unanswered(one, decision) for decision in decisions]
        causes += _passed_over(one, stands, day)
        fresh = [cause for cause in causes if cause.id not in known]
        if fresh:
            made += _go_on(one, stands, fresh, {_id(one, d): d for d in decisions}, day)
    return made


def _go_on(
    one: Shown,
    stands: Standing,
    causes: list[Cause],
    decisions: dict[str, ShownDecision],
    day: dt.date,
) -> list[Escalation]:
    suited = str(one.matter.known.get("forum", ""))
    to = next_body(stands.body, takes_of(one), one.matter.parties, causes, suited)
    if to is None:
        return []
    level = courses.level_of(one.matter, one.course)
    when = timezone.now()
    made: list[Escalation] = []
    try:
        with (
            transaction.atomic(),
            act(
                Actor.system(),
                Happening.ESCALATED,
                one.matter.key,
                on=permissions.subject_of(one.matter.key, level),
                reason="; ".join(cause.why for cause in causes)[:LONGEST_WHY],
                at=when,
            ) as note,
        ):
            for cause in causes:
                row = decisions.get(cause.id)
                made.append(
                    Escalation.objects.create(
                        cause=cause.id,
                        matter=one.matter,
                        decision=row.decision if row else None,
                        to=to.code,
                        why=cause.why[:LONGEST_WHY],
                        on=day,
                        level=level.value,
                        at=when,
                    )
                )
            note.payload.update(
                {"to": to.code, "from": stands.body.code if stands.body else "",
                 "causes": [cause.id for cause in causes]}
            )  # fmt: skip
    except IntegrityError:
        # Another night's run wrote the same cause a moment ago; it stands.
        return []
    return made


def _late_decisions(day: dt.date) -> dict[int, list[ShownDecision]]:
    found: dict[int, list[ShownDecision]] = {}
    rows = deciding.with_all(Decision.objects.filter(matter__isnull=False, due__lt=day))
    for one in deciding.shown(rows, day):
        if one.late and one.decision.matter_id is not None:
            found.setdefault(one.decision.matter_id, []).append(one)
    return found


def _id(one: Shown, late: ShownDecision) -> str:
    return f"{one.matter.key}|decision|{late.decision.token}"


def _unanswered(one: Shown, late: ShownDecision) -> Cause:
    row = late.decision
    return Cause(
        _id(one, late), f"nobody answered a decision that was due on {row.due:%-d %B %Y}", row.due
    )


def _passed_over(one: Shown, stands: Standing, day: dt.date) -> list[Cause]:
    """A meeting of the forum it stands before that was held since, and decided nothing on it."""
    if stands.body is None or stands.since is None:
        return []
    held = Meeting.objects.filter(
        forum=stands.body.code, on__gt=stands.since, on__lte=day, closed__held=True
    ).exclude(decisions__matter=one.matter)
    return [
        Cause(
            f"{one.matter.key}|meeting|{meeting.number}",
            f"its forum met on {meeting.on:%-d %B %Y} and decided nothing on it",
            meeting.on,
        )
        for meeting in held
    ]
