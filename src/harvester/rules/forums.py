"""Intergovernmental forums: what they are, and what they can decide."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from harvester.rules import parameters

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Rung(StrEnum):
    """Who sits in a forum."""

    TECHNICAL = "technical"
    POLITICAL = "political"


@dataclass(frozen=True)
class Forum:
    """One forum. ``decides`` is what it can do in words; ``verified`` whether its law was read.

    ``rung``: of officials (``technical``) or of those who answer for them (``political``). ``takes``
    are the matters that may usefully be put to it, and ``meets`` when it does; both are a reading.
    """

    code: str
    name: str
    law: str
    members: str
    decides: str
    rung: Rung
    takes: tuple[str, ...]
    meets: str
    verified: bool


@dataclass(frozen=True)
class ForumBook:
    """Every forum, in the order of the file."""

    forums: tuple[Forum, ...]
    matters: tuple[tuple[str, str], ...] = ()

    def __iter__(self) -> Iterator[Forum]:
        return iter(self.forums)

    def __contains__(self, code: object) -> bool:
        return any(forum.code == code for forum in self.forums)

    @property
    def codes(self) -> tuple[str, ...]:
        """Every code."""
        return tuple(forum.code for forum in self.forums)

    def get(self, code: str) -> Forum | None:
        """The forum of a code, or ``None``."""
        return next((forum for forum in self.forums if forum.code == code), None)

    def taking(self, matter: str, rung: Rung | None = None) -> tuple[Forum, ...]:
        """Forums that a matter may be put to, those of one rung or both, in the order of the file."""
        return tuple(f for f in self.forums if matter in f.takes and rung in {None, f.rung})

    def name(self, code: str) -> str:
        """Its name; the code itself when it is not in the list."""
        found = self.get(code)
        return found.name if found else code


@cache
def load(path: Path = parameters.DATA / "forums.yaml") -> ForumBook:
    """Every forum. Raises :class:`ConfigurationError` when the file is broken."""
    told = parameters.read(path)
    matters = told.body.get("matters")
    if not isinstance(matters, dict):
        raise parameters.broken(path, "matters", "must be a mapping of codes to words")
    forums = tuple(_forum(item) for item in told.items("forums"))
    for forum in forums:
        if unknown := set(forum.takes) - set(matters):
            raise parameters.broken(path, forum.code, f"takes what is no matter: {sorted(unknown)}")
    return ForumBook(forums, tuple((str(code), str(words)) for code, words in matters.items()))


def _forum(item: parameters.Entry) -> Forum:
    return Forum(
        code=item.text("code"),
        name=item.text("name"),
        law=item.text("law"),
        members=item.text("members"),
        decides=item.text("decides"),
        rung=item.choice("rung", Rung),
        takes=item.texts("takes"),
        meets=item.text("meets"),
        verified=item.flag("verified"),
    )
