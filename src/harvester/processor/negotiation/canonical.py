"""A text as bytes that are signed: the same words give the same bytes, different words different ones.

Headings begin a line and words are set in by four spaces, so no words can pass for a heading. Letters
are in Unicode's composed form (NFC), lines end in one line feed, and no line ends in a space.
"""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harvester.domain.errors import UserError
from harvester.processor.negotiation.text import STRUCK

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from harvester.processor.negotiation.text import Text

FIRST_LINE = "Combined Harvester canonical text, form 1"
"""A change of the form is a new number: old signatures keep the form they were made under."""
INDENT = "    "


@dataclass(frozen=True)
class Section:
    """One clause of a text to be signed. One without words was struck: it keeps its number."""

    id: str
    heading: str
    words: str

    @property
    def shown(self) -> str:
        """Its words as they are shown."""
        return self.words or STRUCK


@dataclass(frozen=True)
class Dissent:
    """What a party had recorded beside a clause it let stand."""

    section: str
    party: str
    words: str


@dataclass(frozen=True)
class Document:
    """A text to be signed: its title, which matter it settles, its parties (code and name), clauses."""

    title: str
    matter: str
    parties: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    dissents: tuple[Dissent, ...] = ()

    @property
    def canonical(self) -> str:
        """The words that are signed."""
        lines = [
            FIRST_LINE,
            f"Title: {_line(self.title)}",
            f"Matter: {_line(self.matter)}",
            "Parties:",
        ]
        lines += [f"{INDENT}{_line(code)}: {_line(name)}" for code, name in self.parties]
        for one in self.sections:
            struck = "" if one.words.strip() else " [struck out]"
            lines += ["", f"{_line(one.id)}. {_line(one.heading)}{struck}", *_block(one.words)]
        for said in self.dissents:
            lines += [
                "",
                f"Dissent of {_line(said.party)} on {_line(said.section)}",
                *_block(said.words),
            ]
        return unicodedata.normalize("NFC", "\n".join(lines) + "\n")

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical words in UTF-8."""
        return digest_of(self.canonical)


def digest_of(canonical: str) -> str:
    """SHA-256 of canonical words, in UTF-8, as hexadecimal."""
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


def agreed_document(text: Text, matter: str, name_of: Callable[[str], str]) -> Document:
    """An agreed text as it is to be signed, with the dissent recorded beside it.

    Raises ``UserError`` while a clause is open: what is not agreed is not signed.
    """
    if not text.agreed:
        still = ", ".join(clause.id for clause in text.open_clauses)
        none = "every clause is struck" if text.clauses else "it has no clause"
        why = f"clauses still open: {still}" if still else none
        raise UserError(f"“{text.title}” is not agreed: {why}.")
    sections, dissents = [], []
    for clause in text.clauses:
        words = clause.agreed(text.parties)
        assert words is not None, clause.id
        sections.append(Section(clause.id, clause.heading, words.words))
        dissents += [
            Dissent(clause.id, one.party, one.dissent) for one in clause.dissents(words.number)
        ]
    return Document(
        text.title, matter, _named(text.parties, name_of), tuple(sections), tuple(dissents)
    )


def _named(codes: Sequence[str], name_of: Callable[[str], str]) -> tuple[tuple[str, str], ...]:
    return tuple((code, name_of(code)) for code in codes)


def _line(words: str) -> str:
    """Words on one line."""
    return " ".join(words.split())


def _block(words: str) -> list[str]:
    """Words as lines set in; nothing of their order is lost, only spaces at ends of lines."""
    return [f"{INDENT}{line}".rstrip() for line in words.strip().splitlines()]
