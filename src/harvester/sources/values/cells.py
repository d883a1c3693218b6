"""Reading one row's cells by field, each doubt noted at its cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harvester.sources import problem_kinds as kinds
from harvester.sources.tables.workbook import column_letter
from harvester.sources.values.amounts import cell_text, is_blank, is_error, parse_amount, text_of
from harvester.sources.values.coordinates import parse_coordinates, points_text
from harvester.sources.values.dates import parse_date

if TYPE_CHECKING:
    import datetime as dt
    from typing import Any

    from harvester.domain.problems import ProblemKind
    from harvester.sources.reading import Builder
    from harvester.sources.tables.headers import Header
    from harvester.sources.tables.workbook import Row
    from harvester.sources.values.amounts import Parsed


@dataclass
class CellReader:
    """Cells of a table with one heading, as values; columns are counted from 0, ``None`` is none."""

    builder: Builder
    header: Header

    def raw(self, row: Row, index: int | None) -> Any:
        """The cell itself; ``None`` when blank or there is no such column."""
        if index is None or index >= len(row.cells) or is_blank(row.cells[index]):
            return None
        return row.cells[index]

    def text(self, row: Row, index: int | None) -> str:
        """Text, white space folded; an error such as ``#REF!`` is noted and blank."""
        cell = self.raw(row, index)
        if cell is None or index is None:
            return ""
        if is_error(cell):
            self.note(kinds.ERROR_CELL, row, index)
            return ""
        return text_of(cell)

    def amount(self, row: Row, index: int | None) -> int | None:
        """Cents, or ``None`` when blank or unreadable (then noted)."""
        cell = self.raw(row, index)
        return None if index is None or cell is None else self._kept(parse_amount(cell), row, index)

    def date(self, row: Row, index: int | None, *, end: bool = False) -> dt.date | None:
        """A day, or ``None`` when blank or unreadable (then noted)."""
        cell = self.raw(row, index)
        if index is None or cell is None:
            return None
        found: dt.date | None = self._kept(parse_date(cell, end=end), row, index)
        return found

    def place(self, row: Row, latitude: int | None, longitude: int | None) -> dict[str, Any]:
        """``longitude``, ``latitude`` and ``points`` of a row, empty when it gives none."""
        north, east = self.raw(row, latitude), self.raw(row, longitude)
        if north is None and east is None:
            return {}
        parsed = parse_coordinates(north, east)
        at = latitude if north is not None else longitude
        shown = ", ".join(cell_text(c) for c in (north, east) if c is not None)
        return point_fields(self._kept(parsed, row, at if at is not None else 0, shown))

    def note(self, kind: ProblemKind, row: Row, index: int, **words: object) -> None:
        """Add a problem at a cell."""
        cell = row.cells[index] if index < len(row.cells) else None
        self.builder.problem(kind.at(**{
            "row": row.number, "column": column_letter(index), "header": self.header.labels[index],
            "value": cell_text(cell), **words,
        }))  # fmt: skip

    def _kept(self, parsed: Parsed, row: Row, index: int, shown: str = "") -> Any:
        if parsed.kind is not None:
            words = {"value": shown} if shown else {}
            self.note(parsed.kind, row, index, **{**words, **parsed.words})
        return parsed.value


def point_fields(points: list[tuple[float, float]] | None) -> dict[str, Any]:
    """Entry fields of parsed points: the first one, and all where there are several."""
    if not points:
        return {}
    lon, lat = points[0]
    return {"longitude": lon, "latitude": lat, "points": points_text(points)}


def first_text(row: Row) -> str:
    """Text of a row's first cell that holds anything."""
    return next((text_of(c) for c in row.cells if not is_blank(c)), "")
