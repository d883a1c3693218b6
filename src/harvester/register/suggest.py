"""Nearest accepted words to one that is not accepted: a suggestion to a person, never a match."""

from __future__ import annotations

from collections import defaultdict
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from harvester.rules.text import key, words

if TYPE_CHECKING:
    from collections.abc import Iterable

CLOSE = 0.72
"""Least likeness (difflib ratio, 0 to 1) worth showing."""

MOST = 3
"""How many suggestions are shown."""

_STEM = 3
_LOOKED_AT = 150
_LONGEST = 100


class Suggester:
    """Accepted words, found again by the first letters of their words.

    Only words that share a beginning with the text are compared, so that a file with thousands of
    strange words is still read in linear time.
    """

    def __init__(self, accepted: Iterable[str]) -> None:
        self._by_stem: dict[str, dict[str, str]] = defaultdict(dict)
        for name in accepted:
            for stem in _stems(name):
                self._by_stem[stem].setdefault(key(name), name)

    def near(self, text: str) -> tuple[str, ...]:
        """At most three accepted words like ``text``, the most like first."""
        wanted = key(text)
        if len(wanted) > _LONGEST:
            return ()
        near = {k: name for stem in _stems(text) for k, name in self._by_stem.get(stem, {}).items()}
        likely = sorted(near, key=lambda k: (abs(len(k) - len(wanted)), k))[:_LOOKED_AT]
        scored = [(SequenceMatcher(None, wanted, k).ratio(), k) for k in likely]
        best = sorted((s for s in scored if s[0] >= CLOSE), key=lambda s: (-s[0], s[1]))
        return tuple(near[k] for _, k in best[:MOST])


def _stems(text: str) -> set[str]:
    return {word[:_STEM] for word in words(text).split()}
