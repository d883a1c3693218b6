"""Ids as people type them: told when one is mistyped, and followed to where it leads now."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harvester.domain.errors import UserError
from harvester.linkage.identity import ids, redirects

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from harvester.linkage.identity.redirects import Redirect, Resolved

_LOOKS_LIKE = re.compile(r"ZA-[0-9A-Z]{1,8}-[0-9A-Z]{7,9}-[0-9A-Z*]\Z")
_WRITTEN = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def looks_like(text: str) -> bool:
    """Whether a person seems to mean an undertaking id, rightly typed or not."""
    return bool(_LOOKS_LIKE.match(text.strip().upper()))


def candidates(text: str) -> list[str]:
    """The id a person typed, and where it is mistyped every id one slip away."""
    typed = text.strip().upper()
    if ids.is_valid(typed) or not looks_like(typed):
        return [typed]
    return list(dict.fromkeys([typed, *(meant for _, meant in _mended(typed))]))


def follow(
    text: str, found: Iterable[Redirect], living: Mapping[str, str], *, where: str = ""
) -> Resolved | None:
    """Where the id a person typed leads now; ``None`` for one that nobody gave out.

    ``living`` names the undertakings of the harvest (those among :func:`candidates`, and what they
    lead to, are enough). Raises ``UserError`` for text that looks like
    an id but is mistyped, naming the id that was most likely meant.
    """
    typed = text.strip().upper()
    moved = list(found)
    if looks_like(typed) and not ids.is_valid(typed):
        known = {*living, *(r.undertaking_id for r in moved)}
        if typed not in known:
            raise UserError(
                f"{typed} is not an id: the check character does not fit.",
                where=where,
                mend=_meant(typed, known),
            )
    return redirects.resolve(typed, moved, living)


def _meant(typed: str, known: Collection[str]) -> str:
    for slip, candidate in _mended(typed):
        if candidate in known:
            return f"Did you mean {candidate}? {slip}"
    return "Copy the id from a list, or look the project up by name."


def _mended(typed: str) -> Iterator[tuple[str, str]]:
    """Every text one swap or one character away, with the slip in words."""
    for at in range(3, len(typed) - 1):
        a, b = typed[at], typed[at + 1]
        if a != b and "-" not in {a, b}:
            yield f"{a} and {b} are swapped.", f"{typed[:at]}{b}{a}{typed[at + 2 :]}"
    for at in range(3, len(typed)):
        if typed[at] == "-":
            continue
        for right in _WRITTEN:
            yield f"{typed[at]} should be {right}.", f"{typed[:at]}{right}{typed[at + 1 :]}"
        yield f"{typed[at]} is one too many.", typed[:at] + typed[at + 1 :]
    for at in range(3, len(typed)):
        for right in _WRITTEN:
            yield f"{right} is missing.", f"{typed[:at]}{right}{typed[at:]}"
