"""Words of a text that may name a place, without reading all that it says."""

from __future__ import annotations

from functools import cache, lru_cache

from harvester.linkage.names.opened import folded
from harvester.linkage.names.reading import NAME, class_of
from harvester.rules import lexicon


@lru_cache(maxsize=100_000)
def proper_words(text: str) -> frozenset[str]:
    """Folded words of three letters or more that the lexicon does not know, and those it knows as
    names of places. Misspelt words stand for themselves."""
    places, known = _place_words(), lexicon.load()
    return frozenset(
        word
        for word in folded(text)
        if word in places or (len(word) > 2 and class_of(word, known) == NAME)
    )


@cache
def _place_words() -> frozenset[str]:
    return lexicon.load().place_words()
