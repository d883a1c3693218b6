"""Cells of a list read through a mapping: text, amounts, places; what is wrong is told at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harvester.domain.money import CENTS_PER_RAND
from harvester.sources import problem_kinds as kinds
from harvester.sources.tables.workbook import column_letter
from harvester.sources.values.amounts import (
    LARGEST_RAND,
    Parsed,
    cell_text,
    is_blank,
    is_error,
    parse_amount,
    parse_number,
    text_of,
)
from harvester.sources.values.coordinates import parse_coordinates, parse_points, points_text
from harvester.sources.values.dates import parse_date
from harvester.sources.values.drawn import parse_drawn

if TYPE_CHECKING:
    from harvester.domain.problems import ProblemKind
    from harvester.sources.mapping.match import Match
    from harvester.sources.reading import Builder
    from harvester.sources.tables.workbook import Row


class Cells:
    """The cells of one matched sheet; problems go to the builder of its submission."""

    def __init__(self, found: Match, builder: Builder) -> None:
        self.found = found
        self.builder = builder
        self.labels = found.header.labels
        self.at: dict[str, int] = {}
        for index, column in sorted(found.fields.items()):
            self.at.setdefault(column.field, index)
        self._filled_down = self._merged_down()

    def cell(self, row: Row, index: int | None) -> Any:
        """The cell of a column; the top one where text cells are merged downwards."""
        if index is None:
            return None
        value = row.cells[index] if index < len(row.cells) else None
        if value is None and self._filled_down:
            return self._filled_down.get((row.number, index))
        return value

    def text(self, row: Row, index: int) -> str:
        """A text cell, white space folded; a spreadsheet error is a problem and no text."""
        cell = self.cell(row, index)
        if cell is None:
            return ""
        if is_error(cell):
            self.say(kinds.ERROR_CELL, row, index)
            return ""
        return text_of(cell)

    def amount(self, row: Row, index: int, factor: int) -> int | None:
        """Cents of a cell, times the unit its heading states."""
        cell = self.cell(row, index)
        parsed = parse_amount(cell)
        limit = LARGEST_RAND * CENTS_PER_RAND
        if parsed.value is not None and abs(parsed.value * factor) >= limit:
            parsed = Parsed(None, kinds.AMOUNT_IMPOSSIBLE)
        self.tell(parsed, row, index)
        return None if parsed.value is None else int(parsed.value) * factor

    def place(self, row: Row, fields: dict[str, Any]) -> None:
        """Put longitude, latitude and points of a row into its fields; a drawing tells most."""
        if self._drawing(row, fields):
            return
        if "gps" in self.at:
            index = self.at["gps"]
            parsed = parse_points(self.cell(row, index))
        elif "latitude" in self.at or "longitude" in self.at:
            north, east = self.at.get("latitude"), self.at.get("longitude")
            index = north if north is not None else self.at["longitude"]
            parsed = parse_coordinates(self.cell(row, north), self.cell(row, east))
        else:
            return
        self.tell(parsed, row, index)
        if parsed.value:
            fields["longitude"], fields["latitude"] = parsed.value[0]
            fields["points"] = points_text(parsed.value)

    def _drawing(self, row: Row, fields: dict[str, Any]) -> bool:
        """Whether the row's column of drawings held a line, area or point that could be read."""
        index = self.at.get("shape")
        cell = self.cell(row, index)
        if index is None or is_blank(cell):
            return False
        parsed = parse_drawn(cell, route=True)
        self.tell(parsed, row, index)
        if not parsed.value:
            return False
        fields["longitude"], fields["latitude"] = parsed.value[0]
        fields["points"] = points_text(parsed.value)
        return True

    def measures(self, row: Row, fields: dict[str, Any], extras: dict[str, str]) -> None:
        """Put dates, total cost and units into the fields; units in words go to ``extras``."""
        for name in ("start_date", "end_date"):
            if name in self.at:
                parsed = parse_date(self.cell(row, self.at[name]), end=name == "end_date")
                self.tell(parsed, row, self.at[name])
                fields[name] = parsed.value
        if "total_cost" in self.at:
            index = self.at["total_cost"]
            fields["total_cost_cents"] = self.amount(row, index, self.found.factors.get(index, 1))
        if "units" in self.at:
            index = self.at["units"]
            parsed = parse_number(self.cell(row, index))
            self.tell(parsed, row, index)
            fields["units"] = parsed.value
            if parsed.kind is kinds.NUMBER_UNREADABLE:
                extras[self.labels[index]] = text_of(self.cell(row, index))

    def tell(self, parsed: Parsed, row: Row, index: int) -> None:
        """Report what is doubtful in a parsed cell."""
        if parsed.kind is not None:
            words = {k: v for k, v in parsed.words.items() if k != "value"}
            shown = parsed.words.get("value")
            self.say(parsed.kind, row, index, value=None if shown is None else str(shown), **words)

    def say(
        self,
        kind: ProblemKind,
        row: Row,
        index: int | None = None,
        *,
        value: str | None = None,
        rejects: bool = False,
        **words: object,
    ) -> None:
        """Report a problem of a row, or of one of its cells."""
        header = self.labels[index] if index is not None and index < len(self.labels) else ""
        if value is None:
            value = "" if index is None else cell_text(self.cell(row, index))
        letter = "" if index is None else column_letter(index)
        self.builder.problem(
            kind.at(row=row.number, column=letter, header=header, value=value, **words),
            rejects_row=rejects,
        )

    def _merged_down(self) -> dict[tuple[int, int], Any]:
        """Text cells merged over several rows: each row has the text of the top one.

        Amounts are never repeated: a merged amount belongs to its rows together and stays on the
        first.
        """
        mapped = {
            i
            for i, c in self.found.fields.items()
            if c.field not in {"amount", "total_cost", "units"} and c.type != "amount"
        }
        values = {row.number: row.cells for row in self.found.sheet.rows}
        filled: dict[tuple[int, int], Any] = {}
        for first, left, last, right in self.found.sheet.merged:
            if (
                last == first
                or left != right
                or left not in mapped
                or first <= self.found.header.row
            ):
                continue
            top = values.get(first, [])
            if left < len(top):
                filled.update({(n, left): top[left] for n in range(first + 1, last + 1)})
        return filled
