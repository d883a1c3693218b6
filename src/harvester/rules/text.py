"""How words of a published file are made comparable with words of a rule file.

Nothing here guesses: two texts are the same only when their keys are equal.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_SLIPS = ("Ã", "Â", "â€", "Å")
_NOT_WORD = re.compile(r"[^0-9a-z]+")
_SILENT = frozenset({"and", "the"})


def mend_encoding(text: str) -> str:
    """Undo UTF-8 read as Windows-1252 (``KhÃ¢i-Ma`` is ``Khâi-Ma``); other text is unchanged."""
    if not any(slip in text for slip in _SLIPS):
        return text
    try:
        return text.encode("cp1252").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return text


def words(text: str) -> str:
    """Lower-case words with single spaces: no accents, no punctuation, no ``and`` or ``the``.

    ``Sport, Arts & Culture`` becomes ``sport arts culture``.
    """
    letters = text.lower() if text.isascii() else _plain(text)
    found = _NOT_WORD.sub(" ", letters.replace("&", " and ").replace("'", "")).split()
    return " ".join(word for word in found if word not in _SILENT)


@lru_cache(maxsize=1 << 17)
def key(text: str) -> str:
    """What two spellings of one name have in common: :func:`words` without the spaces.

    ``O.R. Tambo``, ``OR TAMBO`` and ``O R Tambo`` are one key, so are ``Co-operative Governance``
    and ``Cooperative governance``.
    """
    return words(text).replace(" ", "")


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKD", mend_encoding(text)).casefold()
    return "".join(c for c in plain if not unicodedata.combining(c)).replace("\u2019", "")


def phrase_pattern(phrases: Iterable[str]) -> str:
    """One regular expression (RE2 and Python alike) for lower-case text that holds a phrase.

    Whole words; any run of other signs between the words of a phrase.
    """
    loose = [r"[^a-z0-9]+".join(map(re.escape, phrase.split())) for phrase in phrases]
    return rf"\b(?:{'|'.join(sorted(loose))})\b"
