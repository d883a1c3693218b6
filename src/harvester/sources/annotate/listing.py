"""What an annotated workbook says, whichever way it is written: the list, and a comment per cell."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harvester.domain.problems import Severity
from harvester.sources.tables.workbook import column_index, column_letter

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    import pyarrow as pa

SHEET = "Harvester problems"
AUTHOR = "Harvester"
MARK = "--- Harvester ---"
"""Parts our words from those of a comment that was there before."""

MAX_COMMENTS = 2_000
"""Cells with a comment per sheet; with more, Excel takes minutes to open the file."""
MAX_LINKS = 50_000
"""Excel allows 65 530 links on a sheet."""
MAX_LISTED = 1_000_000
"""Excel allows 1 048 576 rows on a sheet."""
MAX_PER_CELL = 6
MAX_LINES = 12
LINE_HEIGHT = 15
"""Points; a spreadsheet does not always fit a row to wrapped text by itself."""
MAX_TEXT = 32_000
"""Excel allows 32 767 characters in a cell."""

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384

HEADINGS = (
    "Severity",
    "Sheet",
    "Cell",
    "Row",
    "Column",
    "Heading",
    "Value",
    "What is wrong",
    "How to mend it",
    "Kind",
)
WIDTHS = (10, 22, 9, 8, 8, 26, 26, 60, 60, 24)
FILLS = {Severity.ERROR: "F4B6B0", Severity.WARNING: "FFE08A", Severity.NOTE: "CFE3F5"}
"""Fill of a cell by its worst problem (RGB)."""

_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_RISKY = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Noted:
    """One problem as the list shows it; ``row`` 0 and ``column`` ``""`` mean the whole sheet."""

    severity: Severity
    sheet: str
    row: int
    column: str
    header: str
    value: str
    message: str
    mend: str
    code: str

    @property
    def cell(self) -> str:
        """The cell, ``A`` of the row when it is about a whole row, or ``""``."""
        return f"{self.column or 'A'}{self.row}" if self.row else ""

    @property
    def lines(self) -> int:
        """Lines its longest text takes in its column: what the row's height must hold."""
        wide = zip(self.cells(), WIDTHS, strict=True)
        return max(-(-len(str(text)) // (width - 2)) for text, width in wide)

    def cells(self) -> tuple[str | int, ...]:
        """Values of the list's columns, in the order of :data:`HEADINGS`."""
        return (
            self.severity.value,
            self.sheet,
            self.cell,
            self.row or "",
            self.column,
            self.header,
            self.value,
            self.message,
            self.mend,
            self.code,
        )


@dataclass(frozen=True)
class CellNote:
    """What is said at one cell: its place (from 1), worst severity and words."""

    row: int
    column: int
    severity: Severity
    text: str


def noted(problems: pa.Table, sheets: list[str]) -> list[Noted]:
    """Problems (``schema.PROBLEMS``) in the order a person mends them: by severity, sheet, place.

    The sheet of a text table, which has no name, is the only one of ``sheets``.
    """
    alone = sheets[0] if len(sheets) == 1 else ""
    order = {name: n for n, name in enumerate(sheets)}
    found = [
        Noted(
            Severity(p["severity"]),
            clean(p["sheet"] or alone),
            _row(p["row"]),
            _letters(p["column"]),
            clean(p["header"]),
            clean(p["value"]),
            clean(p["message"]),
            clean(p["mend"]),
            clean(p["code"]),
        )
        for p in problems.to_pylist()
    ]
    return sorted(
        found,
        key=lambda n: (
            _RANK[n.severity],
            order.get(n.sheet, len(order)),
            n.sheet,
            n.row,
            len(n.column),
            n.column,
            n.code,
            n.message,
        ),
    )


def cell_notes(listed: list[Noted], sheet: str) -> tuple[list[CellNote], int]:
    """Comments of one sheet, worst first and at most :data:`MAX_COMMENTS`; and how many cells are
    left without one."""
    by_cell: dict[tuple[int, int], list[Noted]] = {}
    for n in listed:
        if n.sheet == sheet and n.row:
            by_cell.setdefault((n.row, column_index(n.column or "A") + 1), []).append(n)
    notes = [
        CellNote(row, column, group[0].severity, _comment(group))
        for (row, column), group in by_cell.items()
    ]
    return notes[:MAX_COMMENTS], max(0, len(notes) - MAX_COMMENTS)


def summary(listed: list[Noted], file: str, remarks: Collection[str]) -> Iterator[tuple[str, str]]:
    """Lines above the list: what it is, the counts, what must be known about this workbook."""
    counts = {s: sum(n.severity is s for n in listed) for s in Severity}
    yield "What the Harvester found in", file
    yield "Errors", f"{counts[Severity.ERROR]} (a row or an amount is lost)"
    yield "Warnings", f"{counts[Severity.WARNING]} (a row or an amount is doubted)"
    yield "Notes", f"{counts[Severity.NOTE]} (for you to know)"
    if len(listed) > MAX_LISTED:
        yield "Please note", f"Only the first {MAX_LISTED} are listed; Excel has no more rows."
    for remark in remarks:
        yield "Please note", remark


def clean(text: str) -> str:
    """Text a cell can hold: no control characters, not too long."""
    return _CONTROL.sub(" ", text)[:MAX_TEXT]


def is_risky(text: str) -> bool:
    """Whether a spreadsheet could take a text for a formula once it is edited or saved as CSV."""
    return text.startswith(_RISKY)


def link(sheet: str, cell: str) -> str:
    """Place of a cell inside the workbook."""
    quoted = sheet.replace("'", "''")
    return f"'{quoted}'!{cell}"


def _comment(group: list[Noted]) -> str:
    said = list(dict.fromkeys(f"{n.severity.value.upper()}: {n.message}\n{n.mend}" for n in group))
    parts = said[:MAX_PER_CELL]
    if len(said) > MAX_PER_CELL:
        parts.append(f"... and {len(said) - MAX_PER_CELL} more; see the sheet {SHEET}.")
    return "\n\n".join(parts)


def _row(row: int | None) -> int:
    return row if row is not None and 1 <= row <= LAST_ROW else 0


def _letters(column: str) -> str:
    """A column's letters; nothing when they are not those of a column Excel has."""
    letters = column.strip().upper()
    if not re.fullmatch(r"[A-Z]{1,3}", letters) or column_index(letters) >= LAST_COLUMN:
        return ""
    return column_letter(column_index(letters))
