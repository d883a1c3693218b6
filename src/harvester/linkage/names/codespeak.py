"""Ids and accounting strings in a name: what is a code, and what mSCOA writes instead of a name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from harvester.rules import lexicon as words

if TYPE_CHECKING:
    from harvester.rules.lexicon import Lexicon

_LONG_NUMBER = re.compile(r"\d{5}")
_CODE = re.compile(
    r"(?:(?!R)[A-Z]|[A-Z]{2,4})[/_-]?\d{5,}(?:[/_-][A-Z0-9]+)*|\d{5,}(?:[/_][A-Z0-9]+)+"
)
"""Ids written into a text: long figures with letters or strokes; bare figures count something."""

_SPOKEN = re.compile(
    r"\s*P\s?-\s?C(?:NI|I)(?P<nature>N|ER|EU|R|U)\b[\s:.-]*(?P<rest>.*)", re.DOTALL | re.IGNORECASE
)
_OPERATIONAL = re.compile(
    r"\s*P\s?-\s?O(?:[A-Z]{0,4})\b[\s:.-]+(?P<rest>.*)", re.DOTALL | re.IGNORECASE
)
_PATH = re.compile(r"\s*(?:capital|operational)\s*:", re.IGNORECASE)
_NATURES = {"N": "construct", "ER": "rehabilitate", "R": "rehabilitate", "EU": "upgrade", "U": "upgrade"}  # fmt: skip
_PATH_NATURES = {"new": "construct", "upgrading": "upgrade", "renewal": "rehabilitate",
                 "maintenance": "maintain"}  # fmt: skip
_DULL = frozenset({"capital", "operational", "infrastructure", "non-infrastructure", "non infrastructure",
                   "noninfrastructure", "new", "existing", "upgrading", "renewal", "default",
                   "typical work streams", "municipal running cost", "whole of the municipality"})  # fmt: skip


class Spoken(NamedTuple):
    """An accounting string: the action its nature stands for, and its telling words."""

    action: str
    rest: str


def ids(text: str) -> tuple[tuple[str, ...], str]:
    """Ids written into a text, and the text without them."""
    if not _LONG_NUMBER.search(text):
        return (), text
    upper = text.upper()
    found = tuple(dict.fromkeys(_CODE.findall(upper)))
    return found, _CODE.sub(" ", upper).lower() if found else text


def read(text: str, lexicon: Lexicon) -> Spoken | None:
    """``P-CIN WAT BULK MAINS`` or ``Capital:Infrastructure:New:...`` in words; None for a name."""
    start = text[:20].lstrip()[:1]
    if start in ("P", "p"):
        found = _SPOKEN.match(text) or _OPERATIONAL.match(text)
        if found:
            nature = found.groupdict().get("nature")
            action = _NATURES[nature.upper()] if nature else ""
            return Spoken(action, " ".join(_expanded(found["rest"], lexicon)))
    elif start in ("C", "c", "O", "o") and _PATH.match(text):
        levels = [level.strip() for level in text.split(":")]
        said = [_PATH_NATURES[level.lower()] for level in levels if level.lower() in _PATH_NATURES]
        rest = " ".join(level for level in levels if level.lower() not in _DULL)
        return Spoken(said[0] if said else "", rest)
    return None


def _expanded(rest: str, lexicon: Lexicon) -> list[str]:
    """Accounting abbreviations in words."""
    speak = lexicon.codespeak
    return [w for word in words.fold(rest)[:80] for w in speak.get(word, (word,))]
