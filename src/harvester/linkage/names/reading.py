"""Single words of names: what a word may be, settled once for each distinct word.

A scan over a million texts meets the same few ten thousand words again and again; what does not
depend on the words beside it is worked out here, once.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from harvester.rules.lexicon import Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from harvester.rules.lexicon import Lexicon

NAME, SKIPPED, COMMON, LISTED, OPENING, OTHER = range(6)
"""What a word is whatever stands beside it: a proper name, nothing, a common word, one that the
lexicon gives one meaning; one that means something by itself or as the first of several, and is no
part of a project; or it depends on its neighbours."""

ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9,
         "x": 10, "xi": 11, "xii": 12, "xiii": 13, "xiv": 14, "xv": 15}  # fmt: skip
SURE_ROMAN = frozenset({"ii", "iii", "iv", "vi", "vii", "viii", "ix", "xi", "xii"})
MEASURES = frozenset(
    {"mm", "cm", "m", "m2", "m3", "km", "kms", "ml", "kl", "ha", "kv", "kva", "mva", "mw", "kw"}
)
NUMBER = re.compile(r"0*(\d{1,5})([a-z]?)\Z", re.ASCII)
ORDINAL = re.compile(r"0*(\d{1,2})(?:st|nd|rd|th|de|ste)\Z", re.ASCII)
QUANTITY = re.compile(
    r"r?\d+(?:x\d+)?(?:mm|cm|m|m2|m3|km|kms|ml|mld|kl|l|ha|kv|kva|mva|mw|kw|kwp|v|a|mil|rm|bn|sqm)\Z",
    re.ASCII,
)
YEAR = re.compile(r"(?:19|20)\d\d\Z", re.ASCII)
YEAR_END = re.compile(r"(?:\d\d|(?:19|20)\d\d)\Z", re.ASCII)
_GLUED = re.compile(r"([a-z]+)0*(\d{1,4}[a-z]?)\Z", re.ASCII)
_GLUED_ALONE = frozenset({"x", "nu"})
"""Designators of under three letters that are glued to their number without a doubt."""

_NEVER_GLUED = frozenset({"part", "area", "farm", "plaas", "deel", "lot"})
ROADS = frozenset({"mr", "dr", "tr", "n", "r", "m", "d", "p", "op"})
"""Letters before the number of a road: national, regional, main, district, provincial ..."""

ROAD_WORDS = frozenset({"road", "roads", "pad", "paaie", "route", "highway", "interchange", "indlela", "umgwaqo",
                        "corridor", "freeway", "bridge", "intersection", "reseal", "regravelling"})  # fmt: skip


class Answers(dict[str, Any]):
    """Answers of a function of one word, each worked out when first asked for."""

    def __init__(self, answer: Callable[[str], object]) -> None:
        super().__init__()
        self._answer = answer

    def __missing__(self, word: str) -> object:
        if len(self) >= _MOST_KEPT:
            self.clear()
        found = self[word] = self._answer(word)
        return found


_MOST_KEPT = 1_000_000


def glued_part(word: str, lexicon: Lexicon) -> tuple[str, str] | None:
    """``("phase", "2")`` for "ph2", ``("extension", "10")`` for "x10"; None for other words."""
    found = _GLUED.match(word)
    if not found:
        return None
    code = lexicon.designators.get(found[1], "")
    sure = len(found[1]) > 2 or found[1] in _GLUED_ALONE or code == "phase"
    if not code or not sure or found[1] in _NEVER_GLUED:
        return None
    return code, found[2]


def class_of(word: str, lexicon: Lexicon) -> int:
    """Which of ``NAME``, ``SKIPPED``, ``COMMON``, ``LISTED`` and ``OTHER`` a word is."""
    if word.isalpha() and len(word) > 1 and _unheard_of(word, lexicon):
        return NAME
    meaning = lexicon.phrases.get((word,))
    if not _settled(word, lexicon):
        return OTHER
    if meaning is None or lexicon.starts[word] > 1:
        return OPENING
    if meaning.role is Role.STOP:
        return SKIPPED
    return COMMON if meaning.role is Role.COMMON and word not in lexicon.networks else LISTED


def _unheard_of(word: str, lexicon: Lexicon) -> bool:
    return (
        word not in lexicon.starts
        and word not in lexicon.designators
        and word not in lexicon.ambiguous
        and word not in lexicon.numbers
        and word not in ROMAN
        and word not in ROADS
    )


def _settled(word: str, lexicon: Lexicon) -> bool:
    """Whether the lexicon has phrases that start with this word, and it has no second role."""
    return (
        word in lexicon.starts
        and word.isalpha()
        and word not in lexicon.designators
        and word not in lexicon.ambiguous
        and word not in lexicon.numbers
        and word not in ROMAN
        and word not in ROADS
    )
