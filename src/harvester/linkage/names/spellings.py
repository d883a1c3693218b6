"""How the words of a run are spelt: learnt from all its texts, kept, and used for later ones.

A linked country keeps its spellings. Texts that are added later are read under them: a word never
seen before is measured against the kept ones, and a kept one never changes.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import pyarrow as pa

from harvester.linkage.names import spelling

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from harvester.rules.lexicon import Lexicon

SCHEMA = pa.schema([
    pa.field("word", pa.string(), nullable=False),
    pa.field("spelling", pa.string(), nullable=False),
    pa.field("texts", pa.int64(), nullable=False),
    pa.field("municipalities", pa.list_(pa.string()), nullable=False),
])  # fmt: skip
"""A row per word unknown to the lexicon; ``texts``: in how many it stood when it was learnt."""


@dataclass
class Census:
    """Words unknown to the lexicon: in how many texts, and of which municipalities."""

    known: frozenset[str]
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    towns: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def under(cls, lexicon: Lexicon) -> Census:
        """An empty census of the words that ``lexicon`` does not know."""
        return cls(known_words(lexicon))

    def add(self, tokens: Iterable[str], town: str) -> None:
        """Count the words of one text of one municipality (``""`` for not known)."""
        for word in set(tokens) - self.known:
            if word.isalpha():
                self.counts[word] += 1
                self.towns[word].add(town)

    def add_table(self, table: pa.Table) -> None:
        """Add another census, as :meth:`table` wrote it."""
        columns = (table.column(name).to_pylist() for name in ("word", "texts", "municipalities"))
        for word, count, towns in zip(*columns, strict=True):
            self.counts[word] += count
            self.towns[word].update(towns)

    def table(self, respelt: Mapping[str, str] | None = None) -> pa.Table:
        """Rows of ``SCHEMA``, by word."""
        words = sorted(self.counts)
        spelt = respelt or {}
        return pa.table(
            {
                "word": pa.array(words, pa.string()),
                "spelling": pa.array([spelt.get(word, word) for word in words], pa.string()),
                "texts": pa.array([self.counts[word] for word in words], pa.int64()),
                "municipalities": pa.array(
                    [sorted(self.towns[word]) for word in words], pa.list_(pa.string())
                ),
            },
            schema=SCHEMA,
        )


@dataclass(frozen=True)
class Spellings:
    """What learning settled. ``rows`` has ``SCHEMA``; it can be written and read as it is."""

    rows: pa.Table = field(default_factory=SCHEMA.empty_table)

    @classmethod
    def learn(cls, texts: Iterable[tuple[Iterable[str], str]], lexicon: Lexicon) -> Spellings:
        """Spellings of folded texts, each with its municipality; their order does not matter."""
        census = Census.under(lexicon)
        for tokens, town in texts:
            census.add(tokens, town)
        return cls().extended(census, lexicon)

    def extended(self, census: Census, lexicon: Lexicon) -> Spellings:
        """These spellings and those of words never seen; what is settled stays as it is."""
        fresh = {w: n for w, n in sorted(census.counts.items()) if w not in self._places}
        if not fresh:
            return self
        known = lexicon.single_words()
        if not self._places:
            respelt = spelling.respell(fresh, known, census.towns)
        else:
            settled = {w: n for w, n in self._counts.items() if w in self.settled}
            respelt = spelling.resolve(fresh, known, settled, {**self._towns, **census.towns})
        added = Census(census.known, dict(fresh), {w: census.towns[w] for w in fresh})
        return Spellings(pa.concat_tables([self.rows, added.table(respelt)]).sort_by("word"))

    @cached_property
    def respelt(self) -> dict[str, str]:
        """Words and the spelling each stands for; words that stand for themselves are left out."""
        return {word: spelt for word, spelt in self._places.items() if word != spelt}

    @cached_property
    def settled(self) -> frozenset[str]:
        """Unknown words as they are spelt in the end."""
        return frozenset(self._places.values())

    @cached_property
    def _places(self) -> dict[str, str]:
        columns = (self.rows.column(name).to_pylist() for name in ("word", "spelling"))
        return dict(zip(*columns, strict=True))

    @cached_property
    def _counts(self) -> dict[str, int]:
        columns = (self.rows.column(name).to_pylist() for name in ("word", "texts"))
        return dict(zip(*columns, strict=True))

    @cached_property
    def _towns(self) -> dict[str, set[str]]:
        columns = (self.rows.column(name).to_pylist() for name in ("word", "municipalities"))
        return {word: set(towns) for word, towns in zip(*columns, strict=True)}


def known_words(lexicon: Lexicon) -> frozenset[str]:
    """Every word the lexicon knows, in whatever role."""
    known = {word for phrase in lexicon.phrases for word in phrase}
    return frozenset(known | set(lexicon.ambiguous) | set(lexicon.numbers) | set(lexicon.expand))


__all__ = ["SCHEMA", "Census", "Spellings", "known_words"]
