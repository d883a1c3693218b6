"""What differs between two versions of a protocol, section by section, with the words that changed."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

from harvester.processor.compacts.wording import sections
from harvester.processor.negotiation.text import Mark, redline

if TYPE_CHECKING:
    from harvester.processor.compacts.protocol import Protocol

Pieces = tuple[tuple[Mark, str], ...]


@dataclass(frozen=True)
class Change:
    """A section that differs: each line as pieces that stay, go out, or come in; the lines that
    did not change are left out."""

    field: str
    heading: str
    lines: tuple[Pieces, ...]


def changes(before: Protocol, after: Protocol) -> tuple[Change, ...]:
    """Every section in which two versions differ, in order; empty when they say the same."""
    found = []
    for old, new in zip(sections(before), sections(after), strict=True):
        lines = tuple(_lines(old.lines, new.lines))
        if lines:
            found.append(Change(new.field, new.heading, lines))
    return tuple(found)


def _lines(old: tuple[str, ...], new: tuple[str, ...]) -> list[Pieces]:
    found: list[Pieces] = []
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            continue
        for was, now in zip_longest(old[a:b], new[c:d]):
            if was is None:
                found.append(((Mark.IN, now),))
            elif now is None:
                found.append(((Mark.OUT, was),))
            else:
                found.append(redline(was, now))
    return found
