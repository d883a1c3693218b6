"""A matter of the database as a course: its steps taken again under the version it began with."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from django.db.models import Prefetch

from harvester.processor.workflow.course import Course, Paper, Taken
from harvester.rules.law import procedures
from harvester.web.compacts import standing
from harvester.web.models import MatterStep, StepPaper
from harvester.web.permissions import Action, may, subject_of
from harvester.web.rights import Level

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
    from django.db.models import QuerySet

    from harvester.web.models import Matter


def with_steps(matters: QuerySet[Matter]) -> QuerySet[Matter]:
    """The matters with all that :func:`course_of` needs, in three questions however many there are.

    Titles of papers are not fetched: a course needs to know which kinds were put in, no more.
    """
    papers = StepPaper.objects.select_related("paper").only(
        "step_id", "kind", "paper__token", "paper__level"
    )
    steps = MatterStep.objects.order_by("number").prefetch_related(Prefetch("papers", papers))
    return matters.prefetch_related(Prefetch("steps", steps))


def course_of(matter: Matter) -> Course:
    """Everything done in a matter, taken again from its opening."""
    begun = procedures.version(matter.procedure, matter.version)
    course = Course(
        begun,
        matter.opened,
        tuple(matter.parties),
        MappingProxyType(dict(matter.known)),
        tuple(_taken(step) for step in matter.steps.all()),
    )
    if matter.procedure != standing.PROTOCOL:
        return course
    return replace(course, worked=standing.worked_out(matter, lambda: course))


def _taken(step: MatterStep) -> Taken:
    papers = tuple(Paper(one.kind, one.kind, one.paper.token) for one in step.papers.all())
    return Taken(
        step.step, step.on, step.on_behalf_of or step.name, step.institution, step.kind,
        step.reason, papers, MappingProxyType(dict(step.told)),
    )  # fmt: skip


def level_of(matter: Matter, course: Course) -> Level:
    """How confidential what is put in now is: once privileged, always."""
    return Level.PRIVILEGED if course.privileged else Level(matter.level)


def shown_to(
    user: AbstractBaseUser | AnonymousUser, matter: Matter, course: Course | None = None
) -> tuple[Course, bool]:
    """The course as far as this person may know of it, and whether that is all of it.

    Whoever may not read what is privileged knows that a matter became so, by which step and on
    which day, and nothing after: neither state nor clock nor how much was done since.
    """
    whole = course or course_of(matter)
    if not whole.privileged or may(
        user, Action.READ_MATTER, subject_of(matter.key, Level.PRIVILEGED)
    ):
        return whole, True
    return before_privilege(whole), False


def before_privilege(course: Course) -> Course:
    """The course up to the step that made it privileged, of which only name and day are left."""
    kept: list[Taken] = []
    for taken in course.taken:
        so_far = replace(course, taken=(*kept, taken))
        if so_far.privileged:
            bare = replace(taken, reason="", papers=(), told=MappingProxyType({}))
            return replace(course, taken=(*kept, bare))
        kept.append(taken)
    return replace(course, taken=tuple(kept))


def keys_of(matters: Iterable[Matter]) -> list[str]:
    """Keys by which papers and parties name these matters."""
    return [matter.key for matter in matters]
