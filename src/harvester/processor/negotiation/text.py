"""A text negotiated clause by clause.

Each offer says which version of the clause it answers. Two offers on one version never overwrite
each other: both stand in the clause, and whoever came second sees both. A party accepts a version of a
clause, not the clause; when the words change, acceptance of the old ones is of no effect. To strike a
clause is an offer like another: a version without words, which is accepted, answered or crossed. A
struck clause keeps its number, its place and its history, and other words can restore it.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from harvester.domain.errors import UserError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence


STRUCK = "(struck out)"
"""What stands for the words of a version that strikes its clause."""


class Rung(StrEnum):
    """Where a text is negotiated: by officials, or by those who answer for them."""

    TECHNICAL = "technical"
    POLITICAL = "political"


class Position(StrEnum):
    """How a party stands to a version. Silence is neither yes nor no."""

    ACCEPTS = "accepts"
    DECLINES = "does not accept"
    SILENT = "silent"


@dataclass(frozen=True)
class Version:
    """One wording of a clause: its ``number``, and the versions it ``answers`` (none: it begins it;
    several: it brings crossed offers together). Without words it strikes the clause."""

    number: int
    answers: tuple[int, ...]
    words: str
    party: str
    person: str
    at: dt.datetime
    rung: Rung
    reason: str

    @property
    def struck(self) -> bool:
        """Whether it strikes the clause."""
        return not self.words

    @property
    def shown(self) -> str:
        """Its words as they are shown."""
        return self.words or STRUCK


@dataclass(frozen=True)
class Stand:
    """What a party said of a version: accepted or not, and its dissent where it gave one."""

    version: int
    party: str
    person: str
    at: dt.datetime
    accepts: bool
    dissent: str = ""
    rung: Rung = Rung.TECHNICAL


@dataclass(frozen=True)
class Referral:
    """A text sent to the other rung: to which, by whom, why."""

    rung: Rung
    party: str
    person: str
    at: dt.datetime
    reason: str


@dataclass(frozen=True)
class Clause:
    """One clause with every version and every stand, in order; nothing is ever taken out."""

    id: str
    heading: str
    versions: tuple[Version, ...]
    stands: tuple[Stand, ...] = ()

    @property
    def current(self) -> tuple[Version, ...]:
        """Versions nobody has answered: one; or more where offers crossed."""
        answered = {number for v in self.versions for number in v.answers}
        return tuple(v for v in self.versions if v.number not in answered)

    @property
    def crossed(self) -> bool:
        """Whether two offers answered one version, so that one must be chosen."""
        return len(self.current) > 1

    def version(self, number: int) -> Version:
        """The version of a number. Raises ``UserError`` when there is none."""
        for one in self.versions:
            if one.number == number:
                return one
        raise UserError(f"clause {self.id} has no version {number}.")

    def stand_of(self, party: str, version: int) -> Stand | None:
        """What a party last said of a version."""
        said = [s for s in self.stands if s.party == party and s.version == version]
        return said[-1] if said else None

    def position(self, party: str, version: int) -> Position:
        """How a party stands to a version: by its last word, else by having offered it itself."""
        said = self.stand_of(party, version)
        if said is not None:
            return Position.ACCEPTS if said.accepts else Position.DECLINES
        own = self.version(version).party == party
        return Position.ACCEPTS if own else Position.SILENT

    def agreed(self, parties: Sequence[str]) -> Version | None:
        """The version every party accepts; ``None`` while offers are crossed or a party does not."""
        if self.crossed:
            return None
        (words,) = self.current
        positions = {self.position(party, words.number) for party in parties}
        return words if positions == {Position.ACCEPTS} else None

    def awaits(self, party: str) -> bool:
        """Whether another party's offer waits for this one's word, or crossed offers for a choice."""
        if self.crossed:
            return True
        return self.position(party, self.current[0].number) is Position.SILENT

    def dissents(self, version: int) -> tuple[Stand, ...]:
        """Dissent recorded beside a version, the last word of each party."""
        parties = dict.fromkeys(s.party for s in self.stands)
        last = (self.stand_of(party, version) for party in parties)
        return tuple(s for s in last if s is not None and s.dissent)


@dataclass(frozen=True)
class Text:
    """A negotiated text: its parties and clauses."""

    title: str
    parties: tuple[str, ...]
    clauses: tuple[Clause, ...] = field(default=())
    referrals: tuple[Referral, ...] = field(default=())

    @property
    def rung(self) -> Rung:
        """Where it is negotiated now; a text begins at the technical rung."""
        return self.referrals[-1].rung if self.referrals else Rung.TECHNICAL

    def clause(self, clause_id: str) -> Clause:
        """The clause of an id. Raises ``UserError`` when there is none."""
        for one in self.clauses:
            if one.id == clause_id:
                return one
        raise UserError(f"“{self.title}” has no clause {clause_id!r}.")

    @property
    def open_clauses(self) -> tuple[Clause, ...]:
        """Clauses that are not agreed by every party."""
        return tuple(c for c in self.clauses if c.agreed(self.parties) is None)

    @property
    def agreed(self) -> bool:
        """Whether every clause is agreed, and one is not struck."""
        return not self.open_clauses and any(not c.current[0].struck for c in self.clauses)

    def propose(
        self, clause_id: str, heading: str, words: str, by: tuple[str, str], at: dt.datetime,
        *, rung: Rung = Rung.TECHNICAL, reason: str = "",
    ) -> Text:  # fmt: skip
        """The text with a new clause. ``by`` is party and person."""
        self._checked(by[0], words)
        if any(c.id == clause_id for c in self.clauses):
            raise UserError(f"“{self.title}” has a clause {clause_id!r} already.")
        first = Version(1, (), words.strip(), *by, at, rung, reason)
        return replace(self, clauses=(*self.clauses, Clause(clause_id, heading, (first,))))

    def offer(
        self, clause_id: str, answers: int, words: str, by: tuple[str, str], at: dt.datetime,
        *, rung: Rung = Rung.TECHNICAL, reason: str = "",
    ) -> Text:  # fmt: skip
        """The text with a counter-offer to the version a person had before them.

        Where somebody else answered that version in the meantime both offers stand, crossed.
        Raises ``UserError`` for an unknown party, no words, words that change nothing, and words
        that stand as an answer to that version already.
        """
        self._checked(by[0], words)
        return self._answered(
            clause_id, Version(0, (answers,), words.strip(), *by, at, rung, reason)
        )

    def strike(
        self, clause_id: str, answers: int, by: tuple[str, str], at: dt.datetime,
        *, rung: Rung = Rung.TECHNICAL, reason: str = "",
    ) -> Text:  # fmt: skip
        """The text with the offer to strike a clause, as :meth:`offer` with no words.

        Raises ``UserError`` besides where no reason is given, or the version strikes it already.
        """
        self._checked(by[0], "x")
        if not reason.strip():
            raise UserError("say why the clause is to be struck.", where="reason")
        return self._answered(clause_id, Version(0, (answers,), "", *by, at, rung, reason.strip()))

    def _answered(self, clause_id: str, made: Version) -> Text:
        """The text with an answer to one version; the clause gives it its number."""
        clause = self.clause(clause_id)
        if clause.version(made.answers[0]).words == made.words:
            raise UserError(
                "that version strikes the clause already." if made.struck else "the words are the same.",
                where=clause_id, mend="Accept the version instead.",
            )  # fmt: skip
        for other in clause.versions:
            if other.answers == made.answers and other.words == made.words:
                raise UserError(
                    f"version {other.number} says this already.", where=clause_id,
                    mend="Accept that version instead.",
                )  # fmt: skip
        numbered = replace(made, number=len(clause.versions) + 1)
        return self._with(replace(clause, versions=(*clause.versions, numbered)))

    def choose(
        self, clause_id: str, version: int, by: tuple[str, str], at: dt.datetime,
        *, rung: Rung = Rung.TECHNICAL,
    ) -> Text:  # fmt: skip
        """The text with crossed offers brought together on the words of one of them.

        The chosen words stand as a new version, which the parties accept or answer anew. Raises
        ``UserError`` where nothing is crossed, or the version is not among the crossed ones.
        """
        self._checked(by[0], "x")
        clause = self.clause(clause_id)
        chosen = clause.version(version)
        if not clause.crossed or chosen not in clause.current:
            raise UserError("there is nothing to choose between there.", where=clause_id)
        answers = tuple(v.number for v in clause.current)
        made = Version(
            len(clause.versions) + 1, answers, chosen.words, *by, at, rung, f"version {version} chosen"
        )  # fmt: skip
        return self._with(replace(clause, versions=(*clause.versions, made)))

    def bridge(
        self, clause_id: str, words: str, by: tuple[str, str], at: dt.datetime,
        *, rung: Rung = Rung.TECHNICAL, reason: str = "",
    ) -> Text:  # fmt: skip
        """The text with crossed offers brought together on words of neither.

        Raises ``UserError`` where nothing is crossed, or the words are those of one of the offers.
        """
        self._checked(by[0], words)
        clause = self.clause(clause_id)
        if not clause.crossed:
            raise UserError("no offers are crossed there.", where=clause_id)
        if any(one.words == words.strip() for one in clause.current):
            raise UserError("these are the words of one of the offers.", where=clause_id,
                            mend="Choose that offer instead.")  # fmt: skip
        answers = tuple(v.number for v in clause.current)
        made = Version(len(clause.versions) + 1, answers, words.strip(), *by, at, rung, reason)
        return self._with(replace(clause, versions=(*clause.versions, made)))

    def stand(
        self, clause_id: str, version: int, by: tuple[str, str], at: dt.datetime,
        *, accepts: bool, dissent: str = "", rung: Rung = Rung.TECHNICAL,
    ) -> Text:  # fmt: skip
        """The text with a party's word on a version. Raises ``UserError`` where it is not current."""
        self._checked(by[0], "x")
        clause = self.clause(clause_id)
        if clause.version(version) not in clause.current:
            raise UserError(
                f"version {version} has been answered.", where=clause_id,
                mend=f"Read version {clause.current[-1].number}.",
            )  # fmt: skip
        said = Stand(version, *by, at, accepts, dissent.strip(), rung)
        return self._with(replace(clause, stands=(*clause.stands, said)))

    def refer(self, rung: Rung, by: tuple[str, str], at: dt.datetime, *, reason: str) -> Text:
        """The text sent to the other rung. What was said stays said, at the rung it was said.

        ``by`` may be no party: the secretariat brings a text up too. Raises ``UserError`` where
        the text is there already, or no reason is given.
        """
        if rung is self.rung:
            raise UserError(f"the text is at the {rung} rung already.")
        if not reason.strip():
            raise UserError("say why it goes there.", where="reason")
        sent = Referral(rung, *by, at, reason.strip())
        return replace(self, referrals=(*self.referrals, sent))

    def _checked(self, party: str, words: str) -> None:
        if party not in self.parties:
            raise UserError(f"{party!r} is no party to “{self.title}”.")
        if not words.strip():
            raise UserError("a clause needs words.")

    def _with(self, clause: Clause) -> Text:
        return replace(
            self, clauses=tuple(clause if c.id == clause.id else c for c in self.clauses)
        )


class Mark(StrEnum):
    """What became of a piece of text from one version to another."""

    SAME = "same"
    OUT = "out"
    IN = "in"


def redline(before: str, after: str) -> tuple[tuple[Mark, str], ...]:
    """The words of two versions as pieces that stay, go out, and come in; both can be read back.

    ``"".join`` of the pieces that are not IN is ``before``; of those not OUT, ``after``.
    """
    old, new = _words(before), _words(after)
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    told = [
        (tag == "equal", "".join(old[a:b]), "".join(new[c:d]))
        for tag, a, b, c, d in matcher.get_opcodes()
    ]
    pieces: list[tuple[Mark, str]] = []
    for same, out, come in _joined(told):
        if same:
            pieces.append((Mark.SAME, out))
            continue
        pieces += [(mark, words) for mark, words in ((Mark.OUT, out), (Mark.IN, come)) if words]
    return tuple(pieces)


def _joined(told: list[tuple[bool, str, str]]) -> list[tuple[bool, str, str]]:
    """Changes with nothing but a space between them as one: a phrase is struck whole, not by words."""
    found: list[tuple[bool, str, str]] = []
    for n, (same, out, come) in enumerate(told):
        between = same and not out.strip() and 0 < n < len(told) - 1
        if found and not found[-1][0] and (between or not same):
            _, before_out, before_in = found[-1]
            found[-1] = (False, before_out + out, before_in + come)
        else:
            found.append((same, out, come))
    return found


def _words(text: str) -> list[str]:
    """Words, whole figures, and what stands between them, so that nothing of the text is lost."""
    return re.findall(r"\s+|\d[\d.,]*\d|\w+|[^\w\s]", text)
