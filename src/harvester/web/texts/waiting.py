"""What of negotiated texts waits for a person's institution: another party's offer, or a choice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harvester.web.matters import rows
from harvester.web.models import NegotiatedText
from harvester.web.permissions import Action, Subject, institution_of, may
from harvester.web.texts import reading

if TYPE_CHECKING:
    import datetime as dt

    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

    from harvester.processor.negotiation.text import Clause
    from harvester.web.texts.reading import Shown


@dataclass(frozen=True)
class Waiting:
    """One text with the clauses that wait for a party's word."""

    shown: Shown
    clauses: tuple[Clause, ...]

    @property
    def crossed(self) -> int:
        """How many of them wait for a choice between crossed offers."""
        return sum(clause.crossed for clause in self.clauses)


def waiting_for(user: AbstractBaseUser | AnonymousUser, today: dt.date) -> list[Waiting]:
    """Texts of matters that are going on in which this person's institution has something to say."""
    party = institution_of(user)
    if not party or not NegotiatedText.objects.exists():
        return []
    going = {
        one.matter.pk: one
        for one in rows.everything(user, today)
        if one.whole and not one.course.is_over
    }
    found = []
    for shown in reading.seen_by(user, NegotiatedText.objects.filter(matter__in=list(going))):
        level = reading.level_now(shown.row.level, going[shown.row.matter_id].course)
        subject = Subject(level, frozenset(shown.text.parties))
        clauses = tuple(shown.waits_for(party))
        if clauses and may(user, Action.NEGOTIATE_TEXT, subject):
            found.append(Waiting(shown, clauses))
    return found
