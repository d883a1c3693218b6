"""Keys of entries that outlive their files: what ids and people's decisions hold on to.

An *entry key* names a project row of a publisher's document, whatever the edition; decisions are
kept by it. A *row key* adds the edition and what tells rows of one name apart; the ledger of ids is
kept by it, so that the rows of two editions that are two projects never fight over one id. Neither
holds a row number, a sheet or a file name: rows move and sheets are renamed.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from harvester.domain.documents import EntryKind
from harvester.engine import schema
from harvester.linkage.projects.features import CATEGORY_CODE
from harvester.linkage.projects.records import normal_code, telling
from harvester.rules import lexicon

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import pyarrow as pa

Made = TypeVar("Made")
KEY_LENGTH = 120
EDITION = "|@"
"""Stands between an entry key and what makes a row key of it; no entry key holds it."""

_COLUMNS = ["submission_id", "institution", "document", "kind", "source_code", "name", "metro", "row",
            "publication_year", "stage", "location_text", "description"]  # fmt: skip


@dataclass(frozen=True, slots=True)
class RowKey:
    """What a row is remembered by.

    ``entry`` is its entry key and ``row`` its row key; ``base`` is the entry key without the
    number of a repeated name, ``turn`` that number (from 1); ``former`` are bases the same row may
    have had before: without its code, in no known municipality, of no known publisher.
    """

    entry: str
    row: str
    base: str
    turn: int = 1
    former: tuple[str, ...] = ()

    @property
    def edition(self) -> str:
        """The beginning that all rows of this base in this edition share."""
        return self.row[: self.row.rindex("|~") + 2]


def entry_keys(entries: pa.Table) -> list[str]:
    """A key for each entry that outlives its file: publisher, document and code or name.

    A telling code stands for the row (rows of one submission that share it share the key, as a
    source may split a project); else the folded name and municipality, numbered where one
    submission repeats them. ``entries`` in order of entry id, which holds the row.
    """
    return [key.entry for key in row_keys(entries)]


def row_keys(entries: pa.Table) -> list[RowKey]:
    """The keys of each entry; row keys are all different. ``entries`` as for :func:`entry_keys`."""
    rows = entries.select(_COLUMNS).to_pylist()
    codes, tells, words = _Once(normal_code), _Once(telling), _Once(_words)
    named: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows:
        if row["source_code"] and row["name"]:
            named[row["submission_id"], codes[row["source_code"]]].add(row["name"])
    seen: dict[tuple[str, str], int] = defaultdict(int)
    alike: dict[str, int] = defaultdict(int)
    keys: list[RowKey | None] = [None] * len(rows)
    for n, row in sorted(enumerate(rows), key=lambda item: (item[1]["row"], item[0])):
        code = codes[row["source_code"]]
        names = named.get((row["submission_id"], code), ())
        coded = tells[code] and len(names) <= CATEGORY_CODE
        bases = list(dict.fromkeys(_bases(row, code if coded else "", words)))
        turn = 1
        if not coded:
            seen[row["submission_id"], bases[0]] += 1
            turn = seen[row["submission_id"], bases[0]]
        apart = _told_apart(row, words, coded=coded)
        edition = f"{bases[0]}{EDITION}{row['publication_year']}|{row['stage']}|~{apart}"
        alike[edition] += 1
        keys[n] = RowKey(
            entry=bases[0] if turn == 1 else f"{bases[0]}#{turn}",
            row=edition if alike[edition] == 1 else f"{edition}#{alike[edition]}",
            base=bases[0],
            turn=turn,
            former=tuple(bases[1:]),
        )
    return [key for key in keys if key is not None]


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


class _Once(dict[str, Made]):
    """What a function makes of a text, worked out once for each text of a harvest."""

    def __init__(self, work: Callable[[str], Made]) -> None:
        self.work = work

    def __missing__(self, text: str) -> Made:
        made = self[text] = self.work(text)
        return made


def _words(text: str) -> str:
    return " ".join(lexicon.fold(text))


def _bases(row: dict[str, Any], code: str, words: _Once[str]) -> Iterator[str]:
    """The key of a row, then those it may have had when less was known of it."""
    end = "" if row["kind"] == EntryKind.PROJECT else f"|{row['kind']}"
    name = words[row["name"]][:KEY_LENGTH]
    for publisher in (row["institution"], schema.UNKNOWN):
        start = f"{publisher}|{row['document']}"
        if code:
            yield f"{start}|{code}{end}"
        # A row that lost its name says nothing by the lack of it.
        if name or not code:
            yield f"{start}|{name}|{row['metro']}{end}"
            yield f"{start}|{name}|{schema.UNKNOWN}{end}"


def _told_apart(row: dict[str, Any], words: _Once[str], *, coded: bool) -> str:
    """A few signs for what tells rows of one name (or of one code) apart: their place and text."""
    texts = [row["location_text"], row["description"], *([row["name"]] if coded else [])]
    folded = "|".join(words[text] for text in texts)
    return hashlib.sha256(folded.encode()).hexdigest()[:8] if folded.strip("|") else ""
