"""How the words of a run are spelt: learnt from all its texts, kept, and used for later ones.

A linked country keeps its spellings. Texts that are added later are read under them: a word never
seen before is measured against the kept ones, and a kept one never changes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
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
"""A row per word that may be a name; ``texts``: in how many it stood when it was learnt."""


class Census:
    """Words that may be names: in how many texts, and of which municipalities.

    Those are words unknown to the lexicon, and those it has of names of places: a misspelt Umlazi is
    Umlazi as a misspelt name that nobody listed is the commoner spelling of it.
    """

    def __init__(self, known: frozenset[str]) -> None:
        self._known = known
        self._counts: Counter[str] = Counter()
        self._by_town: dict[str, set[str]] = defaultdict(set)

    @classmethod
    def under(cls, lexicon: Lexicon) -> Census:
        """An empty census for texts read under ``lexicon``."""
        return cls(known_words(lexicon) - lexicon.place_words())

    def add(self, tokens: Iterable[str], town: str) -> None:
        """Count the words of one text of one municipality (``""`` for not known)."""
        fresh = set(tokens) - self._known
        self._counts.update(fresh)
        self._by_town[town] |= fresh

    def add_table(self, table: pa.Table) -> None:
        """Add another census, as :meth:`table` wrote it."""
        columns = (table.column(name).to_pylist() for name in ("word", "texts", "municipalities"))
        for word, count, towns in zip(*columns, strict=True):
            self._counts[word] += count
            for town in towns:
                self._by_town[town].add(word)

    def counts(self) -> dict[str, int]:
        """In how many texts each word stands, by word."""
        return {w: n for w, n in sorted(self._counts.items()) if w.isalpha()}

    def towns(self) -> dict[str, set[str]]:
        """The municipalities each word is written in."""
        found: dict[str, set[str]] = defaultdict(set)
        for town, words in self._by_town.items():
            for word in words:
                found[word].add(town)
        return found

    def table(self) -> pa.Table:
        """Rows of ``SCHEMA`` before any is respelt."""
        return _rows(self.counts(), self.towns(), {})


def _rows(
    counts: Mapping[str, int], towns: Mapping[str, set[str]], respelt: Mapping[str, str]
) -> pa.Table:
    listed = [sorted(towns[word]) for word in counts]
    return pa.table(
        {
            "word": pa.array(counts, pa.string()),
            "spelling": pa.array([respelt.get(word, word) for word in counts], pa.string()),
            "texts": pa.array(counts.values(), pa.int64()),
            "municipalities": pa.array(listed, pa.list_(pa.string())),
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
        fresh = {w: n for w, n in census.counts().items() if w not in self._places}
        if not fresh:
            return self
        known, towns = lexicon.single_words(), census.towns()
        listed = lexicon.place_words()
        if not self._places:
            respelt = spelling.respell(fresh, known, towns, listed)
        else:
            settled = {w: n for w, n in self._counts.items() if w in self.settled}
            respelt = spelling.resolve(fresh, known, settled, {**self._towns, **towns}, listed)
        added = _rows(fresh, towns, respelt)
        return Spellings(pa.concat_tables([self.rows, added]).sort_by("word"))

    @cached_property
    def respelt(self) -> dict[str, str]:
        """Words and the spelling each stands for; words that stand for themselves are left out."""
        return {word: spelt for word, spelt in self._places.items() if word != spelt}

    @cached_property
    def settled(self) -> frozenset[str]:
        """Names as they are spelt in the end."""
        return frozenset(word for spelt in self._places.values() for word in spelt.split())

    @cached_property
    def parted(self) -> frozenset[str]:
        """Spellings of more than one word."""
        return frozenset(spelt for spelt in self.respelt.values() if " " in spelt)

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
