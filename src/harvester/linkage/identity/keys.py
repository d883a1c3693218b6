"""Keys of entries that outlive their files: what ids and people's decisions hold on to.

An *entry key* names a project row of a publisher's document, whatever the edition; decisions are
kept by it. A *row key* adds the edition and what tells rows of one name apart; the ledger of ids is
kept by it, so that the rows of two editions that are two projects never fight over one id. Neither
holds a row number, a sheet or a file name: rows move and sheets are renamed.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from harvester.domain.documents import EntryKind
from harvester.engine import schema
from harvester.linkage.projects.features import CATEGORY_CODE
from harvester.linkage.projects.records import normal_code, telling
from harvester.rules import lexicon

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pyarrow as pa

Made = TypeVar("Made")
KEY_LENGTH = 120
EDITION = "|@"
"""Stands between an entry key and what makes a row key of it; no entry key holds it."""

_CODED = ("submission_id", "institution", "document", "kind", "metro", "publication_year", "stage",
          "name")  # fmt: skip
_WORDED = ("name", "location_text", "description")
"""Columns of an entry that its keys are made of: as they stand, and in folded words."""


class RowKey(NamedTuple):
    """What a row is remembered by.

    ``entry`` is its entry key and ``row`` its row key; ``base`` is the entry key without the
    number of a repeated name, ``turn`` that number (from 1); ``says`` is what ``base`` is made of.
    """

    entry: str
    row: str
    base: str
    turn: int
    says: _Said

    @property
    def edition(self) -> str:
        """The beginning that all rows of this base in this edition share."""
        return self.row[: self.row.rindex("|~") + 2]

    @property
    def former(self) -> tuple[str, ...]:
        """Bases the same row may have had before: without its code, in no known municipality, of no
        known publisher."""
        return tuple(_bases(self.says)[1:])


class _Said(NamedTuple):
    """What a base is made of; ``name`` in folded words, ``code`` normal and telling, else ""."""

    institution: str
    document: str
    kind: str
    metro: str
    name: str
    code: str


def entry_keys(entries: pa.Table) -> list[str]:
    """A key for each entry that outlives its file: publisher, document and code or name.

    A telling code stands for the row (rows of one submission that share it share the key, as a
    source may split a project); else the folded name and municipality, numbered where one
    submission repeats them. ``entries`` in order of entry id, which holds the row.
    """
    return [key.entry for key in row_keys(entries)]


def row_keys(entries: pa.Table) -> list[RowKey]:
    """The keys of each entry; row keys are all different. ``entries`` as for :func:`entry_keys`."""
    said = {name: _texts(entries.column(name)) for name in _CODED}
    folded = {name: _texts(entries.column(name), _words) for name in _WORDED}
    codes = _own_codes(entries.column("source_code"), said)
    columns = (said[name] for name in ("institution", "document", "kind", "metro"))
    says = list(map(_Said, *columns, folded["name"], codes))
    bases = list(map(_base, says))
    named = (name if code else None for name, code in zip(folded["name"], codes, strict=True))
    told = map(cache(_told_apart), folded["location_text"], folded["description"], named)
    editions = [
        f"{base}{EDITION}{year}|{stage}|~{apart}"
        for base, year, stage, apart in zip(
            bases, said["publication_year"], said["stage"], told, strict=True
        )
    ]
    seen: dict[tuple[str, str], int] = defaultdict(int)
    alike: dict[str, int] = defaultdict(int)
    keys: list[RowKey | None] = [None] * entries.num_rows
    rows = entries.column("row").to_numpy()
    for n in rows.argsort(kind="stable").tolist():
        base, edition, turn = bases[n], editions[n], 1
        if not codes[n]:
            seen[said["submission_id"][n], base] += 1
            turn = seen[said["submission_id"][n], base]
        alike[edition] += 1
        keys[n] = RowKey(
            base if turn == 1 else f"{base}#{turn}",
            edition if alike[edition] == 1 else f"{edition}#{alike[edition]}",
            base,
            turn,
            says[n],
        )
    return [key for key in keys if key is not None]


def _own_codes(codes: pa.ChunkedArray, said: dict[str, list[str]]) -> list[str]:
    """The code that stands for each row, normal; "" where it has none that tells of it alone."""
    own = _texts(codes, lambda text: code if telling(code := normal_code(text)) else "")
    named: dict[tuple[str, str], set[str]] = defaultdict(set)
    for submission, code, name in zip(said["submission_id"], own, said["name"], strict=True):
        if code and name:
            named[submission, code].add(name)
    headings = {key for key, names in named.items() if len(names) > CATEGORY_CODE}
    return [
        "" if (submission, code) in headings else code
        for submission, code in zip(said["submission_id"], own, strict=True)
    ]


def _texts(column: pa.ChunkedArray, made: Callable[[str], Made] | None = None) -> list[Any]:
    """A column's texts, or what is ``made`` of them: one object for each, however many rows say it."""
    encoded = column.combine_chunks().dictionary_encode()
    values = encoded.dictionary.to_pylist()
    if made:
        values = [made(value) for value in values]
    return [values[n] for n in encoded.indices.to_pylist()]


def holders(keys: Sequence[RowKey]) -> dict[str, list[int]]:
    """Which rows an entry key speaks of: those that bear it, else those that may have borne it.

    So a person's decision still holds when more is known of a row than when it was made.
    """
    found: dict[str, list[int]] = defaultdict(list)
    for n, key in enumerate(keys):
        found[key.entry].append(n)
    older: dict[str, list[int]] = defaultdict(list)
    for n, key in enumerate(keys):
        for former in key.former:
            if former not in found:
                older[former].append(n)
    return {**older, **found}


def _words(text: str) -> str:
    return " ".join(lexicon.fold(text))


def _base(says: _Said) -> str:
    """The key of a row but for the number of a repeated name."""
    told = says.code or f"{says.name[:KEY_LENGTH]}|{says.metro}"
    return f"{says.institution}|{says.document}|{told}{_end(says.kind)}"


def _end(kind: str) -> str:
    return "" if kind == EntryKind.PROJECT else f"|{kind}"


def _bases(says: _Said) -> list[str]:
    """The base of a row, then those it may have had when less was known of it."""
    known = [says]
    # A row that lost its name says nothing by the lack of it.
    if says.code and says.name:
        known.append(says._replace(code=""))
    if not known[-1].code and says.metro != schema.UNKNOWN:
        known.append(says._replace(code="", metro=schema.UNKNOWN))
    if says.institution != schema.UNKNOWN:
        known += [one._replace(institution=schema.UNKNOWN) for one in known]
    return [_base(one) for one in known]


def _told_apart(location: str, description: str, name: str | None) -> str:
    """A few signs for what tells rows of one name (or of one code) apart: their place and text.

    All in folded words; ``name`` of rows that a code stands for.
    """
    folded = f"{location}|{description}" if name is None else f"{location}|{description}|{name}"
    return hashlib.sha256(folded.encode()).hexdigest()[:8] if folded.strip("|") else ""
