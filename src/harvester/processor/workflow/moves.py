"""What can be done next in a matter, what stands in the way, and doing it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from harvester.domain.errors import UserError
from harvester.processor.workflow.clocks import clocks
from harvester.processor.workflow.course import Course, Taken

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from harvester.processor.workflow.course import Actor, Facts, Paper
    from harvester.rules.law.periods import Period
    from harvester.rules.law.procedures import Procedure, Step


class NotAllowedError(UserError):
    """A step cannot be taken; ``reasons`` says everything that stands in the way, at once."""

    def __init__(self, step: str, reasons: Sequence[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__(f"“{step}” cannot be done now: {'; '.join(reasons)}.")


@dataclass(frozen=True)
class Move:
    """A step from the present state, and everything that stands in the way of one actor's taking it."""

    step: Step
    in_the_way: tuple[str, ...]

    @property
    def open(self) -> bool:
        """Whether this actor may take it now, with the papers and answers it asks for."""
        return not self.in_the_way


def open_course(
    procedure: Procedure, opened: dt.date, parties: Sequence[str], facts: Facts | None = None
) -> Course:
    """A matter that begins. Raises ``UserError`` when no party is named or one is named twice."""
    if not parties or len(set(parties)) != len(parties) or not all(parties):
        raise UserError("name every party once.", where=procedure.id)
    return Course(procedure, opened, tuple(parties), MappingProxyType(dict(facts or {})))


def moves(
    course: Course, actor: Actor, on: dt.date, limits: Mapping[str, Period] | None = None
) -> tuple[Move, ...]:
    """Every step that leads on from where the matter stands, and what stands in this actor's way."""
    facts = facts_on(course, on, limits)
    return tuple(
        Move(step, tuple(_in_the_way(course, step, actor, on, facts)))
        for step in course.procedure.steps_from(course.state)
    )


def take(
    course: Course,
    step_id: str,
    actor: Actor,
    on: dt.date,
    *,
    reason: str = "",
    papers: Sequence[Paper] = (),
    told: Facts | None = None,
    limits: Mapping[str, Period] | None = None,
) -> Course:
    """The matter with one more step taken. ``on`` is the day it has effect.

    ``told`` answers what the step asks (anything else in it is not kept), and ``papers`` are those
    put in; conditions are judged with the answers among the facts.

    Raises :class:`NotAllowedError` with everything that stands in the way: wrong state or actor, a
    condition not met or not known, papers or answers missing, a day before the step before it.
    """
    step = course.procedure.step(step_id)
    if step is None:
        known = ", ".join(s.id for s in course.procedure.steps)
        raise UserError(f"{course.procedure.id} has no step {step_id!r}.", mend=f"One of {known}.")
    told = told or {}
    wrong: list[str] = []
    if step not in course.procedure.steps_from(course.state):
        wrong.append(f"the matter stands at “{course.procedure.state(course.state).name}”")
    answered = {asked.fact: told[asked.fact] for asked in step.asks if asked.fact in told}
    facts = facts_on(course, on, limits)
    wrong += _in_the_way(course, step, actor, on, facts | answered)
    wrong += _missing(step, papers, told)
    if wrong:
        raise NotAllowedError(step.name, wrong)
    kind = next(kind for kind in step.by if kind in actor.kinds)
    answered |= {fact: facts[fact] for fact in step.records if fact in facts}
    done = Taken(
        step.id, on, actor.person, actor.institution, kind, reason.strip(), tuple(papers),
        MappingProxyType(answered),
    )  # fmt: skip
    return replace(course, taken=(*course.taken, done))


def facts_on(
    course: Course, on: dt.date, limits: Mapping[str, Period] | None = None
) -> dict[str, object]:
    """Everything known on a day: what was told, what is worked out (which wins), and how each clock
    stands then as ``clock:<id>``."""
    standing = {f"clock:{c.rule.id}": str(c.stands) for c in clocks(course, on, limits)}
    return {**course.facts, **_worked_out(course, on), **standing}


def _worked_out(course: Course, on: dt.date) -> Facts:
    """What is worked out, where a step from the present state asks for it: it may be dear to find."""
    if course.worked is None:
        return {}
    steps = course.procedure.steps_from(course.state)
    asked = {fact for step in steps for fact in (*step.records, *(c.fact for c in step.only_if))}
    known = {fact for fact, _ in course.procedure.worked_out}
    return course.worked(on) if asked & known else {}


def _in_the_way(course: Course, step: Step, actor: Actor, on: dt.date, facts: Facts) -> list[str]:
    found = []
    if not actor.kinds & set(step.by):
        who = " or ".join(course.procedure.actor(kind) for kind in step.by)
        found.append(f"it is for {who}")
    elif step.each_party and actor.institution not in course.parties:
        found.append("it is for each party, and you speak for none")
    elif step.each_party and actor.institution not in course.waiting_for(step):
        found.append("your institution has done it")
    asked = {one.fact for one in step.asks} - set(facts)
    for condition in step.only_if:
        if condition.fact in asked:
            continue  # whoever takes the step says it with the step; unsaid, it is missed there
        held = condition.holds(facts)
        if held is None:
            found.append(f"not known whether {condition.says}")
        elif not held:
            found.append(f"not so: {condition.says}")
    if on < course.last_day:
        found.append(f"{on} is before the step before it, of {course.last_day}")
    return found


def _missing(step: Step, papers: Sequence[Paper], told: Facts) -> list[str]:
    given = {paper.kind for paper in papers}
    found = [f"missing: {kind.name}" for kind in step.papers if kind.kind not in given]
    for asked in step.asks:
        value = told.get(asked.fact)
        if value is None or value in ("", [], ()):
            found.append(f"not said: {asked.name}")
        elif asked.one_of and str(value) not in asked.one_of:
            found.append(f"{asked.name}: one of {', '.join(asked.one_of)}, not {value!r}")
        elif asked.many and (isinstance(value, str) or not hasattr(value, "__iter__")):
            found.append(f"{asked.name}: give a list")
    return found
