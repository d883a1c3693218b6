"""Which sphere answers for which function (Constitution, Schedules 4 and 5), and what it builds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from harvester.domain.documents import Sphere
from harvester.rules import parameters
from harvester.rules.text import phrase_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


@dataclass(frozen=True)
class Responsibility:
    """What each sphere does in one function; ``lead`` carries it in a metro.

    ``holds``: spheres that may build for it on their own authority; ``by_agreement``: those that do
    where it is assigned to them or another pays; any other has no part in it.
    ``contested`` is ``yes``, ``no``, ``some`` or a word; ``verified`` whether the law was read.
    """

    function: str
    schedule: str
    lead: Sphere
    national: str
    provincial: str
    municipal: str
    holds: tuple[str, ...]
    by_agreement: tuple[str, ...]
    contested: str
    verified: bool


@cache
def load(path: Path = parameters.DATA / "responsibilities.yaml") -> dict[str, Responsibility]:
    """Responsibilities by function code. Raises :class:`ConfigurationError` when broken."""
    return {
        function: Responsibility(
            function,
            item.text("schedule"),
            item.choice("lead", Sphere),
            item.text("national"),
            item.text("provincial"),
            item.text("municipal"),
            item.texts("holds"),
            item.texts("by_agreement"),
            item.text("contested"),
            item.flag("verified"),
        )
        for function, item in parameters.read(path).mapping("functions").items()
    }


@dataclass(frozen=True)
class Segments:
    """Words of names by the functions that a row with them may, or may not, be booked under.

    ``fitting`` and ``foreign`` are regular expressions over lower-case names, by function; a
    function that holds all sorts of projects is in neither.
    """

    fitting: dict[str, str]
    foreign: dict[str, str]


@cache
def segments(path: Path = parameters.DATA / "segments.yaml") -> Segments:
    """Words against functions. Raises :class:`ConfigurationError` when the file is broken."""
    found = parameters.read(path)
    anywhere = set(found.whole().texts("anywhere"))
    kinds = [
        (item.texts("words"), item.texts("also"), set(item.texts("functions")))
        for item in found.mapping("kinds").values()
    ]
    judged = sorted(set(load()) - anywhere)
    return Segments(
        {
            f: _any_of(w for words, also, fits in kinds if f in fits for w in (*words, *also))
            for f in judged
        },
        {f: _any_of(w for words, _, fits in kinds if f not in fits for w in words) for f in judged},
    )


def _any_of(words: Iterable[str]) -> str:
    """A pattern for any of some whole words; one that never matches when there are none."""
    phrases = {word.lower() for word in words}
    return phrase_pattern(phrases) if phrases else "a^"
