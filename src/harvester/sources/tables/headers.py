"""Finding the heading of a table: any of the first rows, one row or a band above another.

Headings are compared by :func:`header_key`, so that line breaks, case, punctuation, no-break
spaces and the spelling mistakes publishers are known for do not matter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from harvester.sources.tables.workbook import column_letter
from harvester.sources.values.amounts import fold, is_blank, text_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from harvester.sources.tables.workbook import Row, Sheet

SEARCH_ROWS = 40
"""The heading must be within this many rows from the top."""

TYPOS = {
    "decription": "description",
    "discription": "description",
    "descripton": "description",
    "desciption": "description",
    "prelimary": "preliminary",
    "munincipality": "municipality",
    "muncipality": "municipality",
    "municipalty": "municipality",
    "longtitude": "longitude",
    "longditude": "longitude",
    "lattitude": "latitude",
    "latitute": "latitude",
    "expediture": "expenditure",
    "expenditue": "expenditure",
    "apropriation": "appropriation",
    "appropiation": "appropriation",
    "adjusment": "adjustment",
    "adjustmet": "adjustment",
    "projet": "project",
    "poject": "project",
    "stategic": "strategic",
    "ojective": "objective",
    "objetive": "objective",
    "finacial": "financial",
    "fuction": "function",
    "budet": "budget",
}
"""Misspelt words of published headings, and what they should be."""

_NOT_WORD = re.compile(r"[^0-9a-z]+")


def header_key(text: object) -> str:
    """A heading for comparing: lower case, known typos mended, only letters, digits, one space."""
    return _key_of(str(text))


@lru_cache(maxsize=4096)
def _key_of(text: str) -> str:
    words = _NOT_WORD.sub(" ", fold(text).lower().replace("&", " and ")).split()
    return " ".join(TYPOS.get(word, word) for word in words)


@dataclass(frozen=True)
class Header:
    """The heading of a table.

    ``row`` is its last row as Excel shows it. By column from A: ``labels`` the whole heading (band
    and own words, white space folded), ``own`` only the lowest words, ``bands`` only those above;
    ``keys`` and ``own_keys`` are for comparing.
    """

    row: int
    labels: list[str]
    own: list[str]
    bands: list[str]

    @property
    def keys(self) -> list[str]:
        """:func:`header_key` of ``labels``."""
        return [header_key(label) for label in self.labels]

    @property
    def own_keys(self) -> list[str]:
        """:func:`header_key` of ``own``."""
        return [header_key(label) for label in self.own]

    def letter(self, index: int) -> str:
        """Column letter of the column counted from 0."""
        return column_letter(index)


def find_header(sheet: Sheet, known: Collection[str], *, least: int = 3) -> Header | None:
    """The heading among the first rows: the row, or two rows together, with most known headings.

    ``known`` are keys (:func:`header_key`); at least ``least`` different ones must stand there.
    ``None`` when no row has so many.
    """
    known = frozenset(known)
    rows = [row for row in sheet.rows[:SEARCH_ROWS] if row.number <= SEARCH_ROWS * 2]
    best: tuple[int, int] | None = None
    for i, row in enumerate(rows):
        found = _count_known(row.cells, known)
        if found >= least and (best is None or found > best[0]):
            best = (found, i)
    if best is None:
        return _split_header(sheet, rows, known, least)
    return _around(sheet, rows, best[1], known)


def _count_known(cells: list[object], known: frozenset[str]) -> int:
    return len({header_key(c) for c in cells if isinstance(c, str)} & known)


def _split_header(
    sheet: Sheet,
    rows: list[Row],
    known: frozenset[str],
    least: int,
) -> Header | None:
    """A heading whose known words are spread over two neighbouring rows."""
    for i in range(len(rows) - 1):
        if rows[i + 1].number != rows[i].number + 1 or _is_title(rows[i]):
            continue
        header = _stack(sheet, [rows[i], rows[i + 1]])
        together = set(header.keys) | set(header.own_keys)
        if len(together & known) >= least and _looks_like_heading(rows[i + 1]):
            return header
    return None


def _around(sheet: Sheet, rows: list[Row], at: int, known: frozenset[str]) -> Header:
    """Add a band row above, or a row of finer headings below, to the row of known headings."""
    block = [rows[at]]
    if at and rows[at - 1].number == rows[at].number - 1 and _is_band(rows[at - 1], rows[at]):
        block.insert(0, rows[at - 1])
    if at + 1 < len(rows) and rows[at + 1].number == rows[at].number + 1:
        below = rows[at + 1]
        if _is_finer(rows[at], below, known):
            block.append(below)
    return _stack(sheet, block)


def _is_title(row: Row) -> bool:
    filled = [i for i, c in enumerate(row.cells) if not is_blank(c)]
    return filled in ([0], []) or (len(filled) == 1 and len(str(row.cells[filled[0]])) > 60)


def _is_band(row: Row, below: Row) -> bool:
    """A band: only words, over headings of the row below, and not in its first column alone."""
    filled = [i for i, c in enumerate(row.cells) if not is_blank(c)]
    if not filled or filled == [0] or not _looks_like_heading(row):
        return False
    over = [i for i in filled if i < len(below.cells) and not is_blank(below.cells[i])]
    return bool(over) and len(over) >= len(filled) - 1 and filled != list(range(len(below.cells)))


def _is_finer(row: Row, below: Row, known: frozenset[str]) -> bool:
    """Finer headings: nothing but words or years, none of them under a known heading's column
    unless that heading is a band (blank cells follow it)."""
    if not _looks_like_heading(below):
        return False
    for i, cell in enumerate(below.cells):
        if is_blank(cell):
            continue
        above = row.cells[i] if i < len(row.cells) else None
        following = row.cells[i + 1] if i + 1 < len(row.cells) else None
        is_band = not is_blank(above) and is_blank(following) and i + 1 < len(below.cells)
        if not is_blank(above) and not is_band and header_key(above) in known:
            return False
    under = [i for i, c in enumerate(below.cells) if not is_blank(c)]
    bare = [i for i in under if i >= len(row.cells) or is_blank(row.cells[i])]
    return len(bare) > 0 and not is_blank(row.cells[0]) and 0 not in under


def _looks_like_heading(row: Row) -> bool:
    """Only texts and years, and no text that is a number."""
    for cell in row.cells:
        if is_blank(cell):
            continue
        if isinstance(cell, str) and not re.fullmatch(r"[\d\s.,()-]+", cell.strip()):
            continue
        if isinstance(cell, str) and re.fullmatch(
            r"(?:19|20)\d\d\s*[/-]\s*\d\d(?:\d\d)?", cell.strip()
        ):
            continue
        if isinstance(cell, float | int) and 1990 <= cell <= 2100:
            continue
        return False
    return True


def _stack(sheet: Sheet, block: list[Row]) -> Header:
    """The rows of a heading, one above the other, bands carried over the columns they span."""
    width = max(len(row.cells) for row in block)
    texts = [[text_of(c) for c in row.cells] + [""] * (width - len(row.cells)) for row in block]
    for i, row in enumerate(block[:-1]):
        texts[i] = _carried(sheet, row.number, texts[i], texts[-1])
    labels, own, bands = [], [], []
    for parts in zip(*texts, strict=True):
        said = list(dict.fromkeys(p for p in parts if p))
        labels.append(" ".join(said))
        own.append(said[-1] if said else "")
        bands.append(" ".join(said[:-1]))
    return Header(block[-1].number, labels, own, bands)


def _carried(sheet: Sheet, number: int, band: list[str], below: list[str]) -> list[str]:
    """A band's words over each column of its merged cell; where the file does not say what is
    merged, over the blank cells that follow it."""
    spans = [m for m in sheet.merged if m[0] <= number <= m[2]]
    carried = list(band)
    if spans:
        for _, first, _, last in spans:
            for i in range(first, min(last + 1, len(carried))):
                carried[i] = band[first]
        return carried
    words = ""
    for i, text in enumerate(band):
        words = text or words
        carried[i] = words if below[i] else text
    return carried


@dataclass(frozen=True)
class Columns:
    """Which column of a table gives which field; the first one wins where a heading repeats.

    ``fields`` is field to column (from 0); ``repeated`` are (column, kept column) of headings that
    stand twice; ``rest`` are the columns with a heading that no field knows.
    """

    fields: dict[str, int]
    repeated: list[tuple[int, int]]
    rest: list[int]


def match_columns(header: Header, synonyms: dict[str, str]) -> Columns:
    """Match headings to fields by ``synonyms``: :func:`header_key` of a heading to its field."""
    fields: dict[str, int] = {}
    repeated, rest = [], []
    for i, (key, own_key) in enumerate(zip(header.keys, header.own_keys, strict=True)):
        field = synonyms.get(key) or synonyms.get(own_key)
        if not key:
            continue
        if field is None:
            rest.append(i)
        elif field in fields:
            repeated.append((i, fields[field]))
        else:
            fields[field] = i
    return Columns(fields, repeated, rest)
