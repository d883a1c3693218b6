"""A matter before forums: where it stands, where it was tabled, and what was decided on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harvester.processor.forums.bodies import fitting
from harvester.web.forums import deciding
from harvester.web.forums.standing import Standing, can_be_tabled, name_of, standings, takes_of
from harvester.web.models import AgendaChange, Escalation, Meeting
from harvester.web.permissions import Action, visible

if TYPE_CHECKING:
    import datetime as dt

    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

    from harvester.processor.forums.bodies import Body
    from harvester.web.forums.deciding import ShownDecision
    from harvester.web.matters.rows import Shown


@dataclass(frozen=True)
class BeforeForums:
    """What a matter's page says of forums."""

    standing: Standing
    may_go: tuple[Body, ...]
    coming: tuple[Meeting, ...]
    decisions: tuple[ShownDecision, ...]
    escalations: tuple[tuple[Escalation, str], ...]
    changes: tuple[AgendaChange, ...]

    @property
    def anything(self) -> bool:
        """Whether there is anything to say."""
        told = (self.standing.body, self.may_go, self.decisions, self.escalations, self.changes)
        return any(told)


def before_forums(
    user: AbstractBaseUser | AnonymousUser, one: Shown, today: dt.date
) -> BeforeForums:
    """Where a matter stands and may go, the meetings to come there, and what was decided so far, as
    this reader may know it."""
    matter = one.matter
    standing = standings([one])[matter.pk]
    open_ = can_be_tabled(one)
    may_go = fitting(takes_of(one), matter.parties, standing.rung) if open_ else ()
    here = [standing.body.code] if standing.body else []
    coming = Meeting.objects.filter(forum__in=here, on__gte=today, closed=None).order_by("on")[:3]

    def mine(rows: object) -> object:
        return visible(user, Action.READ_MATTER, rows, by="matter__key").filter(matter=matter)

    gone = mine(Escalation.objects.all())
    changes = mine(AgendaChange.objects.select_related("meeting", "by"))
    return BeforeForums(
        standing,
        () if standing.body else may_go,
        tuple(coming),
        tuple(deciding.decisions_of(user, today, matter=matter)),
        tuple((row, name_of(row.to)) for row in gone),
        tuple(changes),
    )
