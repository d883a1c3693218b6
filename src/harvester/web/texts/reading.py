"""A negotiated text of the database as the pure model: its moves taken again, as far as a person may
know of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Prefetch

from harvester.processor.negotiation.moves import Kind, Move, apply, replay
from harvester.processor.negotiation.text import Rung, Text
from harvester.web.models import NegotiatedText, TextMove
from harvester.web.permissions import Action, institution_of, visible
from harvester.web.rights import Level

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
    from django.db.models import QuerySet

    from harvester.processor.negotiation.text import Clause
    from harvester.processor.workflow.course import Course
    from harvester.web.models import Matter

MAKES = frozenset({Kind.PROPOSE, Kind.OFFER, Kind.STRIKE, Kind.CHOOSE, Kind.BRIDGE})
"""Moves that make a version."""
OPEN, CROSSED, AGREED = "open", "crossed", "agreed"
STANDS = {
    OPEN: "open",
    CROSSED: "offers crossed",
    AGREED: "agreed",
}


def move_of(row: TextMove) -> Move:
    """A row as a move of the pure model."""
    return Move(
        Kind(row.kind), row.institution, row.who, row.at, Rung(row.rung), row.clause, row.heading,
        row.version, row.words, row.reason,
    )  # fmt: skip


def text_of(row: NegotiatedText, moves: Iterable[TextMove]) -> Text:
    """The text that these moves made."""
    return replay(row.title, row.parties, map(move_of, moves))


def level_now(row_level: str, course: Course) -> Level:
    """How confidential what is done to a text now is: once its matter is privileged, always."""
    return Level.PRIVILEGED if course.privileged else Level(row_level)


@dataclass(frozen=True)
class Shown:
    """A text as a person may know of it; ``moves`` are those they may read, in order."""

    row: NegotiatedText
    text: Text
    moves: tuple[TextMove, ...]

    @property
    def stands(self) -> str:
        """Agreed, crossed somewhere, or open."""
        if self.text.agreed:
            return AGREED
        return CROSSED if any(clause.crossed for clause in self.text.clauses) else OPEN

    def waits_for(self, party: str) -> list[Clause]:
        """Clauses that wait for a party's word; none for who is no party."""
        if party not in self.text.parties:
            return []
        return [clause for clause in self.text.clauses if clause.awaits(party)]

    @property
    def done(self) -> list[tuple[TextMove, int]]:
        """Each move with the number of the version it made or judged; 0 for none."""
        found, text = [], Text(self.row.title, tuple(self.row.parties))
        for row in self.moves:
            text = apply(text, move_of(row))
            made = row.version
            if row.kind in MAKES:
                made = len(text.clause(row.clause).versions)
            found.append((row, made))
        return found


def seen_by(
    user: AbstractBaseUser | AnonymousUser, rows: QuerySet[NegotiatedText]
) -> Iterator[Shown]:
    """Those of these texts a person may know of, with the moves they may read, in two questions."""
    moves = visible(user, Action.READ_MATTER, TextMove.objects.all(), by="text__matter__key")
    moves = moves.order_by("number").select_related("person")
    texts = visible(user, Action.READ_MATTER, rows, by="matter__key")
    for row in texts.select_related("matter").prefetch_related(
        Prefetch("moves", moves, to_attr="readable")
    ):
        readable: list[TextMove] = row.readable
        yield Shown(row, text_of(row, readable), tuple(readable))


def of_matter(user: AbstractBaseUser | AnonymousUser, matter: Matter) -> list[Shown]:
    """The texts of a matter that a person may know of."""
    return list(seen_by(user, NegotiatedText.objects.filter(matter=matter)))


def one(user: AbstractBaseUser | AnonymousUser, matter: Matter, number: int) -> Shown | None:
    """One text among those a person may know of."""
    rows = NegotiatedText.objects.filter(matter=matter, number=number)
    return next(seen_by(user, rows), None)


def party_of(user: AbstractBaseUser | AnonymousUser, shown: Shown) -> str:
    """The party a person speaks for in a text; empty for none."""
    code = institution_of(user)
    return code if code in shown.text.parties else ""
