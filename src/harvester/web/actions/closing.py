"""What a harvest does to cases: closes those its data mended, wakes those whose day has come."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.utils import timezone

from harvester.processor.workflow.moves import NotAllowedError
from harvester.web.actions.acting import Actor
from harvester.web.actions.matters import take_step
from harvester.web.matters import courses, mending
from harvester.web.models import Matter

if TYPE_CHECKING:
    from harvester.web.harvest_store import HarvestTables


def after_harvest(tables: HarvestTables, today: dt.date | None = None) -> list[Matter]:
    """Close every case that the harvest in service shows to be mended, and wake those that slept
    until ``today``; the cases closed. Doing it again changes nothing.
    """
    day = today or timezone.localdate()
    closed = []
    cases = courses.with_steps(Matter.objects.filter(procedure="case"))
    for case in cases:
        course = courses.course_of(case)
        if course.is_over:
            continue
        if course.state == "snoozed" and _day(course.facts.get("until")) <= day:
            take_step(Actor.system(), case.number, "wake", on=max(day, course.last_day))
            continue
        mended = mending.of_case(tables, case)
        if mended is None or not mended.shown_by:
            continue
        try:
            take_step(
                Actor.system(), case.number, "close", on=max(day, course.last_day),
                seen=len(course.taken), reason=mended.words,
                told={"finding_gone": "true", "shown_by": mended.shown_by},
            )  # fmt: skip
        except NotAllowedError:
            # A grain nobody admitted has no close; it is shown as mended on the list for triage.
            continue
        closed.append(case)
    return closed


def _day(told: object) -> dt.date:
    """The day a case sleeps until; one that cannot be read wakes now."""
    try:
        return dt.date.fromisoformat(str(told))
    except ValueError:
        return dt.date.min
