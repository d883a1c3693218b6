"""Intergovernmental forums: what they are, and what they can decide."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from harvester.rules import parameters

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True)
class Forum:
    """One forum. ``decides`` is what it can do in words; ``verified`` whether its law was read."""

    code: str
    name: str
    law: str
    members: str
    decides: str
    verified: bool


@dataclass(frozen=True)
class ForumBook:
    """Every forum, in the order of the file."""

    forums: tuple[Forum, ...]

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

    def name(self, code: str) -> str:
        """Its name; the code itself when it is not in the list."""
        found = self.get(code)
        return found.name if found else code


@cache
def load(path: Path = parameters.DATA / "forums.yaml") -> ForumBook:
    """Every forum. Raises :class:`ConfigurationError` when the file is broken."""
    items = parameters.read(path).items("forums")
    forums = tuple(
        Forum(
            item.text("code"),
            item.text("name"),
            item.text("law"),
            item.text("members"),
            item.text("decides"),
            item.flag("verified"),
        )
        for item in items
    )
    return ForumBook(forums)
