"""Forms a noun takes in a sentence: concords and locatives of South Africa's Bantu languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_JOINED = {"i": "e", "u": "o", "a": "a"}
"""What the a of a concord makes of a noun's first vowel: kwa + isikole = kwesikole."""

_LOCATIVE_ENDS = {"a": "eni", "e": "eni", "i": "ini", "o": "weni", "u": "wini"}
_SHORTEST_CLASSED = 4


def nguni(word: str, concords: Iterable[str]) -> Iterator[str]:
    """Forms of an isiZulu, isiXhosa, isiNdebele or siSwati noun: kwesikole, wesikole, esikoleni.

    A word that starts with another letter (siSwati sikolo) has only the locative.
    """
    vowel = _JOINED.get(word[:1])
    if vowel:
        stem = word[1:] if word[1:2] not in {"i", "a", "u"} else word[2:]
        if len(stem) < _SHORTEST_CLASSED:
            return
        yield from (f"{concord}{vowel}{stem}" for concord in concords)
        yield "e" + stem
    else:
        stem = word
    if stem[-1] in _LOCATIVE_ENDS:
        yield "e" + stem[:-1] + _LOCATIVE_ENDS[stem[-1]]


def sotho(word: str) -> Iterator[str]:
    """The locative of a Sesotho, Setswana or Sepedi noun: sekolong, tseleng."""
    if word.endswith("a"):
        yield word[:-1] + "eng"
    elif word[-1] in "eiou":
        yield word + "ng"


def venda(word: str) -> Iterator[str]:
    """The locative of a Tshivenda noun: tshikoloni."""
    if word[-1] in "aeiou":
        yield word + "ni"


__all__ = ["nguni", "sotho", "venda"]
