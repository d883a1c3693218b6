"""How programmes of engagement stand for a reader: milestones, promises, and the acts they may read."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harvester.processor.forums.engagement import Stands, promises, standing
from harvester.web.forums.standing import name_of
from harvester.web.models import Matter, Programme, ProgrammeAct
from harvester.web.permissions import Action, visible

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser


@dataclass(frozen=True)
class Told:
    """A programme as a reader may know it, on a day."""

    programme: Programme
    acts: list[ProgrammeAct]
    milestones: list[dict[str, Any]]
    stakeholders: list[dict[str, Any]]
    promises: dict[int, Stands]

    @property
    def reached(self) -> int:
        """Milestones reached."""
        return sum(m["stands"] is Stands.REACHED for m in self.milestones)

    @property
    def late(self) -> int:
        """Milestones past their day."""
        return sum(m["stands"] is Stands.LATE for m in self.milestones)

    @property
    def first_late(self) -> dt.date | None:
        """The day of what is late the longest."""
        days = [m["on"] for m in self.milestones if m["stands"] is Stands.LATE]
        days += [a.due for a in self.acts if a.due and self.promises.get(a.number) is Stands.LATE]
        return min(days, default=None)

    @property
    def late_in_words(self) -> str:
        """``2 milestones and 1 promise late``; empty where nothing is."""
        told = ((self.late, "milestone"), (self.promises_late, "promise"))
        parts = [f"{n} {noun}{'s' if n > 1 else ''}" for n, noun in told if n]
        return f"{' and '.join(parts)} late" if parts else ""

    @property
    def promises_late(self) -> int:
        """Promises past their day after which nothing followed."""
        return sum(one is Stands.LATE for one in self.promises.values())


def told_of(user: AbstractBaseUser | AnonymousUser, programme: Programme, today: dt.date) -> Told:
    """What a reader may know of a programme, and how it stands."""
    every = ProgrammeAct.objects.filter(programme=programme)
    rows = visible(user, Action.READ_PROGRAMME, every, by="matter__key")
    acts = list(rows.select_related("meeting", "matter", "answers", "by").order_by("on", "number"))
    readable = set(
        visible(user, Action.READ_MATTER, Matter.objects.filter(pk__in=[a.matter_id for a in acts if a.matter_id]), by="key").values_list("pk", flat=True)
    )  # fmt: skip
    for one in acts:
        one.shows_matter = one.matter_id in readable
    done = {a.milestone: a for a in acts if a.kind == ProgrammeAct.DONE}
    milestones = []
    for stone in programme.milestones:
        on = dt.date.fromisoformat(stone["on"])
        reached = done.get(stone["id"])
        stands = standing(on, reached.on if reached else None, today)
        milestones.append({**stone, "on": on, "reached": reached, "stands": stands})
    kept = promises(
        ((a.number, a.due) for a in acts if a.due is not None),
        ((a.answers.number, a.on) for a in acts if a.answers is not None),
    )
    stands = {one.number: one.stands(today) for one in kept}
    for one in acts:
        one.stands = stands.get(one.number)
    stakeholders = [
        {
            "who": s["who"], "forums": [(code, name_of(code)) for code in s["forums"]],
            "acts": [a for a in acts if a.stakeholder == s["who"]],
        }
        for s in programme.stakeholders
    ]  # fmt: skip
    return Told(programme, acts, milestones, stakeholders, stands)


def late_ones(user: AbstractBaseUser | AnonymousUser, today: dt.date) -> list[Told]:
    """Programmes of which something is late, as this reader may know them."""
    every = (told_of(user, one, today) for one in Programme.objects.all())
    return [one for one in every if one.first_late is not None]
