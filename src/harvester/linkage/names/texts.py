"""Distinct texts decoded by the million: a table in, a table out, with or without workers."""

from __future__ import annotations

from itertools import accumulate, chain
from typing import TYPE_CHECKING

import pyarrow as pa

from harvester.linkage.names import workers
from harvester.linkage.names.decode import Decoded, Decoder
from harvester.linkage.names.opened import MAX_CHARACTERS, MAX_WORDS, Opened, folded, opened
from harvester.linkage.names.spellings import Census, Spellings
from harvester.rules import lexicon as words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from harvester.rules.lexicon import Learned, Lexicon

FOLDED_CHARACTERS = 400
"""Characters of a text that its folded form keeps."""

_AT_ONCE = 20_000
_TEXTS = ("action", "network", "phase", "extension", "unit", "package", "erf")
_LISTS = ("kinds", "wards", "numbers", "words", "commons", "codes")
_PLACE = {name: at for at, name in enumerate(Decoded._fields)}
SCHEMA = pa.schema(
    [pa.field("text", pa.string())]
    + [pa.field(name, pa.string()) for name in _TEXTS]
    + [pa.field(name, pa.list_(pa.string())) for name in _LISTS]
    + [pa.field("folded", pa.string())]
)
"""A row per distinct text, by text."""


def decode_texts(
    texts: pa.Table,
    spellings: Spellings | None = None,
    learned: Learned | None = None,
    crew: workers.Crew = (),
) -> tuple[pa.Table, Spellings]:
    """Decode the distinct texts of ``texts`` (columns ``text``, ``municipality``), by a ``crew`` if there is one.

    Without ``spellings`` they are learnt from these texts; with them, only words never seen are
    settled, and the spellings come back with those added. ``learned``: words that people's decisions
    taught, beside the lexicon. The outcome depends on neither the order of rows nor the number of
    workers. Returns a table of ``SCHEMA`` and the spellings.
    """
    given = spellings or Spellings()
    pairs = _distinct(texts)
    found = workers.decode(crew, pairs, given, learned)
    if found is not None:
        return found
    share = Share(pairs, learned)
    census = Census.under(share.lexicon)
    census.add_table(share.census())
    given = given.extended(census, share.lexicon)
    return share.decoded(given), given


def decode_batch(texts: pa.Table, spellings: Spellings, learned: Learned | None = None) -> pa.Table:
    """Decode distinct texts under settled spellings, in this process: a pure function of its inputs.

    Words that the spellings do not have stand for themselves. Returns a table of ``SCHEMA``.
    """
    return Share(_distinct(texts), learned).decoded(spellings)


class Share:
    """Texts decoded by one process, in steps: its words are counted, its texts opened, then read."""

    def __init__(self, pairs: pa.Table, learned: Learned | None) -> None:
        self.lexicon = lexicon_with(learned)
        self._texts: list[str] = []
        self._tokens: list[list[str]] = []
        self._opened: list[Opened] = []
        self._census = Census.under(self.lexicon)
        last: str | None = None
        tokens: list[str] = []
        same: dict[str, str] = {}  # a word is one object, however many texts it stands in
        for batch in pairs.to_batches(max_chunksize=_AT_ONCE):
            columns = (batch.column(name).to_pylist() for name in ("text", "municipality"))
            for text, town in zip(*columns, strict=True):
                if text != last:
                    tokens = [same.setdefault(word, word) for word in folded(text)]
                    self._texts.append(text)
                    self._tokens.append(tokens)
                    last = text
                self._census.add(tokens, town)

    def census(self) -> pa.Table:
        """The words of this share."""
        return self._census.table()

    def open(self) -> None:
        """Do what can be done before spellings are known."""
        told = zip(self._texts, self._tokens, strict=True)
        self._opened = [opened(text, self.lexicon, tokens) for text, tokens in told]

    def decoded(self, spellings: Spellings) -> pa.Table:
        """A table of ``SCHEMA``."""
        if not self._opened:
            self.open()
        decoder = Decoder(self.lexicon, spellings)
        return pa.Table.from_batches(self._batches(decoder), SCHEMA)

    def _batches(self, decoder: Decoder) -> Iterator[pa.RecordBatch]:
        for start in range(0, len(self._texts), _AT_ONCE):
            texts, tokens, ready = (
                each[start : start + _AT_ONCE] for each in (self._texts, self._tokens, self._opened)
            )
            decoded = [decoder.read(text) for text in ready]
            said = [" ".join(told) for told in tokens]
            yield _batch(texts, said, list(zip(*decoded, strict=True)))


def _distinct(texts: pa.Table) -> pa.Table:
    """Distinct pairs of text and municipality, by text; no text is ``""``."""
    plain = pa.table({
        name: texts.column(name).cast(pa.string()).fill_null("") for name in ("text", "municipality")
    })  # fmt: skip
    return (
        plain.group_by(["text", "municipality"])
        .aggregate([])
        .sort_by([("text", "ascending"), ("municipality", "ascending")])
    )


def _batch(
    texts: list[str], said: list[str], fields: Sequence[tuple[object, ...]]
) -> pa.RecordBatch:
    columns: list[pa.Array] = [pa.array(texts, pa.string())]
    columns += [pa.array(fields[_PLACE[name]], pa.string()) for name in _TEXTS]
    columns += [_lists(fields[_PLACE[name]]) for name in _LISTS]
    whole = [_folded_text(t, f) for t, f in zip(texts, said, strict=True)]
    columns.append(pa.array(whole, pa.string()))
    return pa.RecordBatch.from_arrays(columns, schema=SCHEMA)


def _lists(lists: Sequence[tuple[str, ...]]) -> pa.Array:
    offsets = pa.array(chain([0], accumulate(map(len, lists))), pa.int32())
    return pa.ListArray.from_arrays(offsets, pa.array(chain.from_iterable(lists), pa.string()))


def _folded_text(text: str, said: str) -> str:
    """The text's words; of a long text those of its first ``FOLDED_CHARACTERS``."""
    if len(text) <= FOLDED_CHARACTERS and said.count(" ") < MAX_WORDS - 1:
        return said
    return " ".join(words.fold(text[:FOLDED_CHARACTERS]))


def lexicon_with(learned: Learned | None) -> Lexicon:
    """The package's lexicon and, beside it, what was learnt."""
    return words.load().with_learned(learned) if learned else words.load()


__all__ = ["MAX_CHARACTERS", "SCHEMA", "Share", "decode_batch", "decode_texts"]
