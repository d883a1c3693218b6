"""The ways a published file writes an institution's name, the fullest first.

Each is then looked up exactly; nothing here decides what a name means.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harvester.rules.text import words

if TYPE_CHECKING:
    from collections.abc import Iterator

CODE_IN_TEXT = re.compile(
    r"[(\[]\s*([A-Za-z]{2,3}\s?\d{0,3})\s*[)\]]|^\s*([A-Z]{2,3}\d{1,3}|[A-Z]{3}(?=\s*[:\-]))\b\s*[:\-]?"
)
"""A municipality's code: in brackets anywhere, or in front (``EC101 - Dr Beyers Naudé``)."""

_KIND_WORDS = (
    ("metropolitan municipality", "metro"),
    ("metro municipality", "metro"),
    ("metropolitan", "metro"),
    ("metro mun", "metro"),
    ("metro", "metro"),
    ("mm", "metro"),
    ("district municipality", "district"),
    ("distr mun", "district"),
    ("dist mun", "district"),
    ("district council", "district"),
    ("district", "district"),
    ("dm", "district"),
    ("local municipality", "local"),
    ("local mun", "local"),
    ("loc mun", "local"),
    ("lm", "local"),
    ("metropolitaanse munisipaliteit", "metro"),
    ("metropolitaanse", "metro"),
    ("metropool", "metro"),
    ("distriksmunisipaliteit", "district"),
    ("distriks munisipaliteit", "district"),
    ("distrik", "district"),
    ("plaaslike munisipaliteit", "local"),
    ("munisipaliteit", ""),
    ("stadsraad", ""),
    ("municipality", ""),
    ("municipal council", ""),
    ("mun", ""),
    ("city council", ""),
)
_PREFIXES = (
    "local municipality of",
    "municipality of",
    "district municipality of",
    "city of",
    "greater",
    "munisipaliteit van",
    "stad van",
    "stad",
    "groter",
)
_OF = re.compile(r"^(?:of|van) ")
_HEADS = re.compile(
    r"^(?:umasipala(?:ti)?|u?masepala|m?masipala|mmasepala|isixeko|idolobha|lekgotla la motse|motse) "
    r"(?:(?:omkhulu|womkhandlu|wedolobha|wesithili|wesixeko) )*(?:wa |ya |sa |la |ba )?"
)
"""What stands before a municipality's name in the languages that have the kind first."""

_CONCORD = re.compile(r"^(?:[wyslk]?ase|[wyslk]e|[wysl]a)(?=[a-z]{3})")
"""What ties a name to such a word, as one word with it: ``waseThekwini``, ``saseKapa``, ``weTheku``."""

_DHIS = {
    "ec": "EC",
    "fs": "FS",
    "gp": "GP",
    "kz": "KZN",
    "lp": "LIM",
    "mp": "MP",
    "nc": "NC",
    "nw": "NW",
    "wc": "WC",
}
_DEPARTMENT_WORDS = re.compile(
    r"^(?:(?:national|provincial|nasionale|provinsiale) )?"
    r"(?:(?:departments? of|department|dept of|dept|dep of|depart of|ministry of|national|provincial"
    r"|departement van|departement|nasionale|provinsiale) "
    r"|(?:isebe|umnyango) (?:[lw][eao])?|(?:lefapha|kgoro|muhasho|ndzawulo|litiko) (?:(?:la|ya|wa) |le)?)"
    r"| department$| dept$| departement$",
)


def municipal_names(text: str) -> Iterator[tuple[str, str, str | None]]:
    """Names to try, the fullest first, each with the kind and province its words state."""
    yield text, "", None
    text = re.sub(r" \d\d$", "", text)
    hinted = None
    first, _, rest = text.partition(" ")
    if rest and first in _DHIS:
        hinted, text = _DHIS[first], rest
        yield text, "", hinted
    text = re.sub(r" (?:health )?sub ?(?:district)?$", "", text)
    for phrase, kind in _KIND_WORDS:
        if text.endswith(f" {phrase}"):
            yield text.removesuffix(f" {phrase}"), kind, hinted
        if text.startswith(f"{phrase} "):
            yield _OF.sub("", text.removeprefix(f"{phrase} ")), kind, hinted
    stem = text
    for phrase, _ in _KIND_WORDS:
        stem = stem.removesuffix(f" {phrase}")
    for prefix in _PREFIXES:
        if stem.startswith(f"{prefix} "):
            yield stem.removeprefix(f"{prefix} "), "", hinted
    yield stem, "", hinted
    if head := _HEADS.match(text):
        name = text[head.end() :]
        bare = _CONCORD.sub("", name)
        for one in (name, bare, f"u{bare}"):
            yield one, "", hinted


def department_names(text: str) -> Iterator[str]:
    """Names to try for a department: as it is, without ``Department of``, without a suffix."""
    name = re.sub(r" \d\d$", "", words(text))
    yield name
    bare = _DEPARTMENT_WORDS.sub("", name)
    yield bare
    yield re.sub(r" \(?[a-z]{2,5}\)?$", "", bare)
    yield re.sub(r" (?:soc ltd|soc limited|soc|ltd|limited)$", "", bare)
