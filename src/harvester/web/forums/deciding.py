"""Decisions as a reader may know them, and how each stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Prefetch

from harvester.processor.forums.meeting import Answered
from harvester.processor.forums.meeting import Decision as Decided
from harvester.web.forums.standing import name_of
from harvester.web.models import Decision, DecisionAnswer, Dissent
from harvester.web.permissions import Action, visible

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
    from django.db.models import QuerySet

WORDS = {Answered.OPEN: "to be done", Answered.DONE: "done", Answered.OVERDUE: "past its day"}
REPLACED = "replaced"


@dataclass(frozen=True)
class ShownDecision:
    """A decision with its answers and dissents, and how it stands on a day."""

    decision: Decision
    answers: tuple[DecisionAnswer, ...]
    dissents: tuple[Dissent, ...]
    replaced_by: Decision | None
    as_at: dt.date

    @property
    def stands(self) -> str:
        """open, done, overdue, or replaced."""
        return REPLACED if self.replaced_by else str(pure(self).stands(self.as_at))

    @property
    def words(self) -> str:
        """How it stands, in words."""
        return "replaced by a later one" if self.replaced_by else WORDS[Answered(self.stands)]

    @property
    def late(self) -> bool:
        """Whether it is past its day and nobody has said that it is done."""
        return self.stands == Answered.OVERDUE

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.stands in {Answered.OPEN, Answered.OVERDUE}

    @property
    def forum(self) -> str:
        """Name of the forum that decided."""
        return name_of(self.decision.meeting.forum)

    @property
    def to(self) -> str:
        """Name of the forum it sent the matter on to; empty."""
        return name_of(self.decision.to) if self.decision.to else ""

    @property
    def subject(self) -> str:
        """Key of the matter, else of the meeting."""
        matter = self.decision.matter
        return matter.key if matter else self.decision.meeting.key


def pure(one: ShownDecision) -> Decided:
    """The decision as the rules of the processor weigh it."""
    done = next((answer.on for answer in one.answers if answer.done), None)
    row = one.decision
    return Decided(one.subject, row.words, row.owner, row.due, done)


def with_all(rows: QuerySet[Decision]) -> QuerySet[Decision]:
    """Decisions with what :func:`shown` needs, in few questions."""
    return rows.select_related("meeting", "matter", "by", "replaced_by__meeting").prefetch_related(
        Prefetch("answers", DecisionAnswer.objects.select_related("by")), "dissents"
    )


def shown(rows: Iterable[Decision], as_at: dt.date) -> list[ShownDecision]:
    """Decisions, and how each stands on a day."""
    return [
        ShownDecision(
            row, tuple(row.answers.all()), tuple(row.dissents.all()),
            getattr(row, "replaced_by", None), as_at,
        )
        for row in rows
    ]  # fmt: skip


def readable(user: AbstractBaseUser | AnonymousUser) -> QuerySet[Decision]:
    """Every decision this person may know of: those on no matter, and on matters they may read so far."""
    return visible(user, Action.READ_MATTER, Decision.objects.all(), by="matter__key")


def decisions_of(
    user: AbstractBaseUser | AnonymousUser, as_at: dt.date, **only: object
) -> list[ShownDecision]:
    """The decisions this person may know of, narrowed, in order of their meetings."""
    found = with_all(readable(user).filter(**only)).order_by("meeting__on", "id")
    return shown(found, as_at)


def late_first(found: Iterable[ShownDecision]) -> list[ShownDecision]:
    """Those still to be done, the longest past its day first."""
    still = [one for one in found if one.is_open]
    return sorted(still, key=lambda one: (one.decision.due, one.decision.pk))
