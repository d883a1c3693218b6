"""What a person is written to about: what is due, what is late, and which meetings come."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harvester.web.forums import deciding
from harvester.web.forums.feeds import YOURS, meetings_of, named
from harvester.web.forums.programmes import late_ones
from harvester.web.forums.standing import name_of
from harvester.web.matters import tasks
from harvester.web.permissions import Action, may_somewhere, standing_of
from harvester.web.rights import Level, Role

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from harvester.web.models import Decision, Matter

DAYS_AHEAD = 7
ANSWER = "answer"


@dataclass(frozen=True)
class Line:
    """One thing to be told: in which words, until when, whether that has passed, where to look.

    A letter leaves these walls, so what is privileged is *a matter of yours* and no more, and has no
    link to answer by; ``decision`` or ``matter`` is what can be answered through one.
    """

    words: str
    due: dt.date
    late: bool
    path: str
    decision: Decision | None = None
    matter: Matter | None = None
    is_meeting: bool = False


def lines_of(person: User, today: dt.date) -> list[Line]:
    """Everything a person is to be told of today, what is late first."""
    found = [*_tasks(person, today), *_owed(person, today), *_meetings(person, today)]
    found += _programmes(person, today)
    return sorted(found, key=lambda line: (not line.late, line.due, line.words))


def _tasks(person: User, today: dt.date) -> list[Line]:
    last = today + dt.timedelta(DAYS_AHEAD)
    found = []
    for task in tasks.tasks_of(person, today):
        if task.due is None or not (task.late or task.due <= last):
            continue
        matter, course = task.shown.matter, task.shown.course
        level = Level(matter.level)
        name = named(level, privileged=course.privileged, title=matter.title, key=matter.key)
        what = f": {task.what}" if level is Level.PUBLIC and not course.privileged else ""
        answers = not course.privileged and any(m.step.id == ANSWER for m in task.moves)
        path = "/tasks/" if course.privileged else f"/cases/{matter.number}/"
        found.append(
            Line(f"{name}{what}", task.due, task.late, path, None, matter if answers else None)
        )
    return found


def _owed(person: User, today: dt.date) -> list[Line]:
    code = standing_of(person).institution
    if not code:
        return []
    last = today + dt.timedelta(DAYS_AHEAD)
    found = []
    for one in deciding.decisions_of(person, today, owner=code, due__lte=last):
        if not one.is_open:
            continue
        row = one.decision
        if row.level == Level.PRIVILEGED.value:
            found.append(Line(YOURS, row.due, one.late, "/tasks/"))
            continue
        public = row.level == Level.PUBLIC.value
        words = f"{one.forum} decided: {row.words}" if public else f"{YOURS}: a decision"
        found.append(Line(words, row.due, one.late, f"/decisions/{row.token}/", row))
    return found


def is_worth_a_letter(lines: list[Line], today: dt.date) -> bool:
    """Whether there is more to be told than a meeting some days off."""
    tomorrow = today + dt.timedelta(1)
    return any(not line.is_meeting or line.due <= tomorrow for line in lines)


def _meetings(person: User, today: dt.date) -> list[Line]:
    standing = standing_of(person)
    if not standing.institution and standing.role is not Role.SECRETARIAT:
        return []
    last = today + dt.timedelta(DAYS_AHEAD)
    return [
        Line(
            f"{name_of(m.forum)} meets",
            m.on,
            late=False,
            path=f"/meetings/{m.number}/",
            is_meeting=True,
        )
        for m in meetings_of(person, today)
        if m.on <= last and getattr(m, "closed", None) is None
    ]


def _programmes(person: User, today: dt.date) -> list[Line]:
    """For those who keep it: a programme of which something is late."""
    if not may_somewhere(person, Action.KEEP_PROGRAMME):
        return []
    return [
        Line(f"{one.programme.name}: {one.late_in_words}", one.first_late or today, late=True,
             path=f"/programme/{one.programme.number}/")
        for one in late_ones(person, today)
    ]  # fmt: skip
