"""What a person's calendar feed says. Calendar programs copy it to places nobody here looks after:
of what is for parties only it says little, and of what is privileged nothing at all."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.conf import settings

from harvester.processor.forums.bodies import body_of
from harvester.processor.workflow.clocks import Running
from harvester.reports.calendar_feed import Notice, feed, law_notices
from harvester.web.forums import deciding, months
from harvester.web.forums.standing import name_of
from harvester.web.matters import rows
from harvester.web.models import Meeting
from harvester.web.permissions import standing_of
from harvester.web.rights import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.contrib.auth.models import User

DAYS_BACK, DAYS_ON = 60, 540
YOURS = "A matter of yours"


def ics(person: User, today: dt.date) -> bytes:
    """The feed of a person: both calendars of law, meetings that concern them, clocks, decisions owed."""
    first, last = today - dt.timedelta(DAYS_BACK), today + dt.timedelta(DAYS_ON)
    events = months.occasions(first, last)
    notices = [*law_notices(events), *_meetings(person, first), *_clocks(person, today)]
    notices += _owed(person, today)
    return feed(events, f"Combined Harvester, {person.get_full_name()}", today, notices)


def meetings_of(person: User, first: dt.date) -> list[Meeting]:
    """Meetings from a day on, of forums that a person's institution has a part in; all of them where
    the person speaks for none."""
    code = standing_of(person).institution
    found = []
    for meeting in Meeting.objects.filter(on__gte=first).select_related("closed").order_by("on"):
        closed = getattr(meeting, "closed", None)
        body = body_of(meeting.forum)
        if body is None or (closed is not None and not closed.held):
            continue
        if not code or body.concerns([code]):
            found.append(meeting)
    return found


def _meetings(person: User, first: dt.date) -> Iterator[Notice]:
    for meeting in meetings_of(person, first):
        address = f"{settings.SITE_ADDRESS}/meetings/{meeting.number}/"
        yield Notice(meeting.key, meeting.on, name_of(meeting.forum), address, "meeting")


def named(level: Level, *, privileged: bool, title: str, key: str) -> str:
    """How a matter is called outside these pages: by its title only where anybody may know it."""
    if privileged or level is Level.PRIVILEGED:
        return YOURS
    return title if level is Level.PUBLIC else f"{YOURS}, {key}"


def _clocks(person: User, today: dt.date) -> Iterator[Notice]:
    for one in rows.everything(person, today):
        if one.course.privileged or one.stands == "over":
            continue
        matter = one.matter
        name = named(Level(matter.level), privileged=False, title=matter.title, key=matter.key)
        for clock in one.clocks:
            if clock.stands in {Running.RUNNING, Running.OVER}:
                yield Notice(
                    f"{matter.key}:{clock.rule.id}:{clock.started}", clock.due,
                    f"{clock.rule.name}: last day. {name}",
                    f"{clock.rule.standing}. {settings.SITE_ADDRESS}/cases/{matter.number}/", "clock",
                )  # fmt: skip


def _owed(person: User, today: dt.date) -> Iterator[Notice]:
    code = standing_of(person).institution
    if not code:
        return
    for one in deciding.decisions_of(person, today, owner=code):
        row = one.decision
        if not one.is_open or row.level == Level.PRIVILEGED.value:
            continue
        words = row.words if row.level == Level.PUBLIC.value else YOURS
        yield Notice(
            row.key, row.due, f"Decision due: {words[:100]}",
            f"{one.forum}. {settings.SITE_ADDRESS}/decisions/{row.token}/", "decision",
        )  # fmt: skip
