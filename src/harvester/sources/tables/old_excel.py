"""Cells of an old .xls that show an error, or hold a formula that was never calculated.

python-calamine gives both as blank, so their loss would go untold. The file is a small file system
(compound file, [MS-CFB]) that holds one stream of records ([MS-XLS]); only the few records that
matter are looked at.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?",
    0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip
_FORMULA, _EOF, _BOUNDSHEET, _BOOLERR = 0x0006, 0x000A, 0x0085, 0x0205
_LAST_SECTOR = 0xFFFFFFFA
_RESULT_ERROR, _RESULT_BLANK = 2, 3


@dataclass
class OldSheet:
    """Of one sheet: error texts by cell, and cells whose formula has no result; a cell is its row
    and column, both from 0."""

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    uncalculated: list[tuple[int, int]] = field(default_factory=list)
    calculated: int = 0


def scan(path: Path) -> list[OldSheet]:
    """What is lost in each sheet of an .xls, in the order of its sheets.

    Empty when the file's inner structure cannot be followed; whether it can be read at all is for
    calamine to say.
    """
    try:
        stream = _workbook_stream(path.read_bytes())
        sheets = [_scan_sheet(stream, start) for start in _sheet_starts(stream)]
    except (struct.error, IndexError):
        return []
    if any(sheet.calculated for sheet in sheets):
        for sheet in sheets:  # a blank among other results is a result
            sheet.uncalculated.clear()
    return sheets


def _workbook_stream(content: bytes) -> bytes:
    """The record stream: the file itself (before Excel 5), or the compound file's ``Workbook``."""
    if content[:4] != b"\xd0\xcf\x11\xe0":
        return content
    size = 1 << struct.unpack_from("<H", content, 30)[0]
    small_size = 1 << struct.unpack_from("<H", content, 32)[0]
    directory, cutoff, small_first = (
        struct.unpack_from("<I", content, at)[0] for at in (48, 56, 60)
    )

    def sector(number: int) -> bytes:
        start = (number + 1) * size
        return content[start : start + size]

    table = _allocation_table(content, size)

    def chain(first: int) -> bytes:
        return b"".join(sector(n) for n in _follow(table, first))

    entries = chain(directory)
    root = wanted = None
    for at in range(0, len(entries) - 127, 128):
        length = struct.unpack_from("<H", entries, at + 64)[0]
        name = entries[at : at + max(length - 2, 0)].decode("utf-16-le", "replace")
        place = struct.unpack_from("<II", entries, at + 116)
        root = place if name == "Root Entry" else root
        wanted = place if name in {"Workbook", "Book"} else wanted
    if wanted is None or root is None:
        return b""
    first, length = wanted
    if length >= cutoff:
        return chain(first)[:length]
    small, inside = chain(root[0]), chain(small_first)
    small_table = list(struct.unpack(f"<{len(inside) // 4}I", inside))
    parts = [small[n * small_size :][:small_size] for n in _follow(small_table, first)]
    return b"".join(parts)[:length]


def _allocation_table(content: bytes, size: int) -> list[int]:
    """Which sector follows which."""
    numbers = [n for n in struct.unpack_from("<109I", content, 76) if n < _LAST_SECTOR]
    following = struct.unpack_from("<I", content, 68)[0]
    seen: set[int] = set()
    while following < _LAST_SECTOR and following not in seen:
        seen.add(following)
        more = struct.unpack_from(f"<{size // 4}I", content, (following + 1) * size)
        numbers += [n for n in more[:-1] if n < _LAST_SECTOR]
        following = more[-1]
    table: list[int] = []
    for number in numbers:
        table += struct.unpack_from(f"<{size // 4}I", content, (number + 1) * size)
    return table


def _follow(table: list[int], first: int) -> Iterator[int]:
    seen: set[int] = set()
    while first < len(table) and first not in seen:
        seen.add(first)
        yield first
        first = table[first]


def _records(stream: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """(kind, where its content starts, length) of each record up to the end of a sheet."""
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, at + 4, length
        if kind == _EOF:
            return
        at += 4 + length


def _sheet_starts(stream: bytes) -> list[int]:
    return [
        struct.unpack_from("<I", stream, at)[0]
        for kind, at, _ in _records(stream, 0)
        if kind == _BOUNDSHEET
    ]


def _scan_sheet(stream: bytes, start: int) -> OldSheet:
    found = OldSheet()
    for kind, at, _ in _records(stream, start):
        if kind == _BOOLERR and stream[at + 7]:
            found.errors[_cell(stream, at)] = _ERRORS.get(stream[at + 6], "#N/A")
        elif kind == _FORMULA and stream[at + 12 : at + 14] == b"\xff\xff":
            if stream[at + 6] == _RESULT_ERROR:
                found.errors[_cell(stream, at)] = _ERRORS.get(stream[at + 8], "#N/A")
            if stream[at + 6] == _RESULT_BLANK:
                found.uncalculated.append(_cell(stream, at))
            else:
                found.calculated += 1
        elif kind == _FORMULA:
            found.calculated += 1
    return found


def _cell(stream: bytes, at: int) -> tuple[int, int]:
    row, column = struct.unpack_from("<HH", stream, at)
    return row, column
