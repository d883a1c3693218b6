"""What waits for a person: the matters in which the next move is theirs, late ones first."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harvester.processor.workflow.moves import moves
from harvester.rules.law.procedures import SAME
from harvester.web.matters import people, rows
from harvester.web.matters.courses import level_of
from harvester.web.permissions import Action, Role, Subject, may, may_somewhere, standing_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

    from harvester.processor.workflow.moves import Move
    from harvester.rules.law.procedures import Step
    from harvester.web.matters.rows import Shown

WAYS_OUT = frozenset(
    {"hand_over", "reopen", "dismiss", "merge", "withdraw", "drop", "redraft", "terminate",
     "amend", "expire", "fail"}
)  # fmt: skip
"""Steps that end a matter or take it back. One may take them; nobody waits for them."""
SECRETARIAT, PARTY, OWNER, DRAFTER = "secretariat", "party", "owner", "drafter"
LACKING = ("missing_contents", "open_checks", "unbound_contributions")
"""Facts of a protocol that keep it from being checked."""


@dataclass(frozen=True)
class Task:
    """One matter that waits: for which moves, until when, and whether it came by escalation."""

    shown: Shown
    moves: tuple[Move, ...]
    due: dt.date | None
    late: bool
    escalated: bool
    writes: bool = False

    @property
    def what(self) -> str:
        """The moves in words."""
        told = ["Write what the contents lack"] if self.writes else []
        return "; ".join([*told, *(move.step.name for move in self.moves)])


def tasks_of(user: AbstractBaseUser | AnonymousUser, today: dt.date) -> list[Task]:
    """Everything that waits for a person. Nothing waits for the public."""
    if not user.is_authenticated or not may_somewhere(user, Action.STEP_MATTER):
        return []
    going = [o for o in rows.everything(user, today) if o.whole and not o.course.is_over]
    at = people.at_the_table([one.matter.key for one in going])
    found = [task for one in going if (task := _task(user, one, at[one.matter.key], today))]
    return sorted(found, key=lambda t: (not t.late, t.due or dt.date.max, t.shown.matter.number))


def _task(
    user: AbstractBaseUser | AnonymousUser, one: Shown, at: people.AtTheTable, today: dt.date
) -> Task | None:
    course = one.course
    subject = Subject(level_of(one.matter, course), at.parties, at.sitting)
    if not may(user, Action.STEP_MATTER, subject):
        return None
    actor = people.actor_for(user, course, at.seats)
    on = max(today, course.last_day)
    late = bool(one.late)
    mine = [
        move
        for move in moves(course, actor, on)
        if move.open and _waits(user, one, move, actor.kinds, late=late)
    ]
    writes = _writes(user, one, actor.kinds, subject, on)
    if not mine and not writes:
        return None
    due = one.due if any(move.step.id in _stops(one) for move in mine) else None
    escalated = late and not (actor.kinds & _first(course.state))
    return Task(one, tuple(mine), due, late and due is not None, escalated, writes)


def _writes(
    user: AbstractBaseUser | AnonymousUser,
    one: Shown,
    kinds: frozenset[str],
    subject: Subject,
    on: dt.date,
) -> bool:
    """Whether a drafted protocol waits for whoever drafts it, because its contents lack something."""
    course = one.course
    if course.worked is None or course.state != "drafted" or DRAFTER not in kinds:
        return False
    facts = course.worked(on)
    return may(user, Action.WRITE_COMPACT, subject) and any(facts[name] for name in LACKING)


def _stops(one: Shown) -> set[str]:
    """Steps that stop a clock which runs now."""
    return {step for clock in one.clocks if clock.stopped is None for step in clock.rule.stops}


def _first(state: str) -> frozenset[str]:
    """Kinds of actor to whom a case comes without anybody being silent."""
    return frozenset({SECRETARIAT}) if state == "grain" else frozenset({OWNER})


def _waits(
    user: AbstractBaseUser | AnonymousUser,
    one: Shown,
    move: Move,
    kinds: frozenset[str],
    *,
    late: bool,
) -> bool:
    """Whether this move is what the matter waits for from this person.

    A case waits for its owner, and when the owner's clock has run out for the delegate and the
    secretariat too. A party's answer is waited for until it has given one.
    """
    step = move.step
    if step.id in WAYS_OUT and not (late and step.id == "hand_over"):
        return False
    if one.matter.procedure == "case":
        return _waits_in_case(user, one, step, kinds, late=late)
    if step.id == "settle":
        # A settlement is waited for when another party has signed it.
        return len(one.course.waiting_for(step)) < len(one.course.parties)
    return step.target != SAME or step.id in _stops(one) or bool(set(step.by) & (kinds - {PARTY}))


def _waits_in_case(
    user: AbstractBaseUser | AnonymousUser,
    one: Shown,
    step: Step,
    kinds: frozenset[str],
    *,
    late: bool,
) -> bool:
    if one.course.state in {"grain", "snoozed"}:
        return SECRETARIAT in kinds and step.id != "wake"
    if step.id == "answer":
        mine = standing_of(user).institution
        return not any(t.step == step.id and t.institution == mine for t in one.course.taken)
    if one.course.facts.get("owner") == _name(user):
        return True
    if user.get_username() in people.owners(one.course):
        return late
    return late and standing_of(user).role is Role.SECRETARIAT


def _name(user: AbstractBaseUser | AnonymousUser) -> str:
    principal = getattr(user, "acting_for", None)
    return (principal or user).get_username()


def overdue(found: list[Task]) -> int:
    """How many are late."""
    return sum(task.late for task in found)
