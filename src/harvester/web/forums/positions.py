"""Where the parties of matters stand, as one reader may know it: words, commitments, papers.

A meeting that decides on a matter needs to see it: what each party last did in it, how each stands to
the words on the table of every negotiated text, what a protocol has each party commit to, and the
papers put in.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harvester.processor.negotiation.text import Position
from harvester.reports import words
from harvester.web import labels
from harvester.web.compacts import promises, standing
from harvester.web.matters.facts import in_words
from harvester.web.models import NegotiatedText, Paper
from harvester.web.permissions import Action, visible
from harvester.web.texts import reading

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

    from harvester.processor.negotiation.text import Clause, Version
    from harvester.web.compacts.promises import Compact
    from harvester.web.matters.rows import Shown


@dataclass(frozen=True)
class PartyStand:
    """How a party stands to words on the table, and its dissent where it gave one."""

    party: str
    position: Position
    dissent: str


@dataclass(frozen=True)
class OnTheTable:
    """Words of a clause that nobody has answered, and how each party stands to them."""

    clause: Clause
    version: Version
    stands: tuple[PartyStand, ...]


@dataclass(frozen=True)
class LastWord:
    """What a party did last in a matter: the step, its day, and what was told with it."""

    party: str
    step: str
    on: dt.date
    told: str


@dataclass(frozen=True)
class Positions:
    """Where the parties of one matter stand."""

    last: tuple[LastWord, ...] = ()
    texts: tuple[reading.Shown, ...] = ()
    compact: Compact | None = None
    papers: tuple[Paper, ...] = ()
    """In the order in which they were put in; their content is fetched when it is asked for."""

    @property
    def texts_told(self) -> list[tuple[reading.Shown, str]]:
        """Each text with where it stands, in a line."""
        return [(text, told_of(text)) for text in self.texts]


def of_matters(
    user: AbstractBaseUser | AnonymousUser, shown: Sequence[Shown], today: dt.date
) -> dict[int, Positions]:
    """The positions in each of these matters by its primary key, in a few questions in all.

    Of a matter of which something is kept from the reader nothing is told.
    """
    known = [one for one in shown if one.whole]
    texts = _texts(user, known)
    papers = _papers(user, known)
    protocols = [one for one in known if one.matter.procedure == standing.PROTOCOL]
    compacts = {
        one.shown.matter.pk: one
        for one in promises.compacts(user, today, protocols)
        if one.version is not None
    }
    return {
        one.matter.pk: Positions(
            last_words(one), tuple(texts[one.matter.pk]), compacts.get(one.matter.pk),
            tuple(papers[one.matter.pk]),
        )
        for one in known
    }  # fmt: skip


def last_words(shown: Shown) -> tuple[LastWord, ...]:
    """The last step of each party that took one, in the order of the parties."""
    course = shown.course
    last = {taken.institution: taken for taken in course.taken}
    found = []
    for party in course.parties:
        taken = last.get(party)
        step = course.procedure.step(taken.step) if taken else None
        if taken is None or step is None:
            continue
        names = dict(course.procedure.worked_out) | {a.fact: a.name for a in step.asks}
        told = [f"{names.get(f, f)}: {_listed(in_words(f, v))}" for f, v in taken.told.items()]
        if taken.reason:
            told.append(taken.reason)
        found.append(LastWord(party, step.name, taken.on, "; ".join(told)))
    return tuple(found)


def on_the_table(text: reading.Shown) -> tuple[OnTheTable, ...]:
    """The words of each clause that stand unanswered: one version, or more where offers crossed."""
    return tuple(
        OnTheTable(clause, version, tuple(_stands(text, clause, version)))
        for clause in text.text.clauses
        for version in clause.current
    )


def clause_stands(text: reading.Shown, clause: Clause) -> str:
    """A clause as agreed, crossed or open."""
    if clause.crossed:
        return reading.STANDS[reading.CROSSED]
    agreed = clause.agreed(text.text.parties) is not None
    return reading.STANDS[reading.AGREED if agreed else reading.OPEN]


def told_of(text: reading.Shown) -> str:
    """A text in a line: how many of its clauses are agreed, and whose word the others wait for."""
    clauses = text.text.clauses
    if not clauses:
        return "no clause is proposed"
    agreed = len(clauses) - len(text.text.open_clauses)
    said = f"{agreed} of {words.whole(len(clauses))} clauses agreed"
    crossed = sum(clause.crossed for clause in clauses)
    waiting = [
        f"{labels.institution(party)} ({len(text.waits_for(party))})"
        for party in text.text.parties
        if text.waits_for(party)
    ]
    if crossed:
        said += f"; offers crossed on {crossed}"
    if waiting:
        said += f"; waits for {', '.join(waiting)}"
    refused = sum(
        stand.position is Position.DECLINES for row in on_the_table(text) for stand in row.stands
    )
    return f"{said}; {refused} not accepted" if refused else said


def _listed(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def _stands(text: reading.Shown, clause: Clause, version: Version) -> list[PartyStand]:
    found = []
    for party in text.text.parties:
        said = clause.stand_of(party, version.number)
        position = clause.position(party, version.number)
        found.append(PartyStand(party, position, said.dissent if said else ""))
    return found


def _texts(
    user: AbstractBaseUser | AnonymousUser, known: Sequence[Shown]
) -> dict[int, list[reading.Shown]]:
    found: dict[int, list[reading.Shown]] = defaultdict(list)
    rows = NegotiatedText.objects.filter(matter__in=[one.matter.pk for one in known])
    for text in reading.seen_by(user, rows):
        found[text.row.matter_id].append(text)
    return found


def _papers(
    user: AbstractBaseUser | AnonymousUser, known: Sequence[Shown]
) -> dict[int, list[Paper]]:
    by_key = {one.matter.key: one.matter.pk for one in known}
    rows = visible(user, Action.READ_PAPER, Paper.objects.filter(matter__in=list(by_key)))
    found: dict[int, list[Paper]] = defaultdict(list)
    for paper in rows.select_related("added_by").defer("content").order_by("pk"):
        found[by_key[paper.matter]].append(paper)
    return found
