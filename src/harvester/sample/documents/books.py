"""Files row by row: workbooks and delimited text, the same bytes for the same rows.

Workbooks are written in constant memory. No clock is read: the created date is fixed.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import xlsxwriter

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

AGENCIES = ("PRASA", "NHFC", "HDA")

CREATED = dt.datetime(2019, 7, 1, tzinfo=dt.UTC)
"""Stands in every workbook as its date of making, whenever it was made."""

Cell = str | int | float | dt.date | None


class Sink(Protocol):
    """Takes rows; tells the number of the row just written, as a spreadsheet shows it."""

    def row(self, cells: Sequence[Cell]) -> int:
        """Write a row; ``None`` leaves a cell empty."""
        ...

    def close(self) -> None:
        """Finish the file."""
        ...


@dataclass(frozen=True)
class Shelf:
    """The folder the files go into, in one folder for each publisher.

    ``small``: whole workbooks fit in memory, which is faster.
    """

    folder: Path
    small: bool = False

    def path(self, file: str) -> Path:
        """Where a file of this name goes; its name begins with its kind or its publisher."""
        place = self.folder / _publisher_folder(file)
        place.mkdir(parents=True, exist_ok=True)
        return place / file

    def workbook(self, file: str) -> Workbook:
        """A new workbook."""
        return Workbook(self.path(file), small=self.small)


def _publisher_folder(file: str) -> str:
    head, _, rest = file.partition("_")
    if head in {"IRM", "QPR"}:
        return f"provinces/{re.split('[-_]', rest)[0]}"
    if "-" in head:
        return f"provinces/{head.split('-')[0]}"
    if head in {"ENE", "NT"}:
        return "national"
    return f"agencies/{head}" if head in AGENCIES else f"metros/{head}"


@dataclass
class Workbook:
    """One ``.xlsx`` file; ``sheet`` starts a sheet, and only the latest one may be written to."""

    path: Path
    small: bool = False

    def __post_init__(self) -> None:
        mode = {"in_memory": True} if self.small else {"constant_memory": True}
        self._book = xlsxwriter.Workbook(
            str(self.path), {**mode, "strings_to_formulas": False, "strings_to_urls": False}
        )
        self._book.set_properties({"title": self.path.stem, "created": CREATED})
        self._date = self._book.add_format({"num_format": "yyyy-mm-dd"})

    def sheet(self, name: str) -> Sheet:
        """A new sheet."""
        return Sheet(self, self._book.add_worksheet(name), self._date)

    def close(self) -> None:
        """Finish the file."""
        self._book.close()


@dataclass
class Sheet:
    """A sheet of a workbook, as a sink."""

    book: Workbook
    sheet: Any
    date_format: Any
    at: int = 0

    def row(self, cells: Sequence[Cell]) -> int:
        """Write a row and tell its number."""
        sheet, at = self.sheet, self.at
        for n, value in enumerate(cells):
            if value is None or value == "":
                continue
            if isinstance(value, str):
                sheet.write_string(at, n, value)
            elif isinstance(value, dt.date):
                sheet.write_datetime(at, n, value, self.date_format)
            else:
                sheet.write_number(at, n, value)
        self.at += 1
        return self.at

    def skip(self, rows: int) -> None:
        """Leave rows empty."""
        self.at += rows

    def blanks(self, rows: int, columns: int) -> None:
        """Rows that hold nothing but a format, as a used range that runs on too far."""
        for _ in range(rows):
            for n in range(columns):
                self.sheet.write_blank(self.at, n, None, self.date_format)
            self.at += 1

    def merge_title(self, text: str, columns: int) -> None:
        """A title over the first columns."""
        self.sheet.merge_range(self.at, 0, self.at, columns - 1, text)
        self.at += 1

    def close(self) -> None:
        """Finish the workbook this is the last sheet of."""
        self.book.close()


@dataclass
class Delimited:
    """A delimited text file, as a sink."""

    path: Path
    encoding: str = "utf-8"
    delimiter: str = ","
    line_end: str = "\n"
    at: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self._stream = self.path.open("w", newline="", encoding=self.encoding)
        self._writer = csv.writer(
            self._stream, delimiter=self.delimiter, lineterminator=self.line_end
        )

    def row(self, cells: Sequence[Cell]) -> int:
        """Write a row and tell its number."""
        self._writer.writerow(["" if c is None else c for c in cells])
        self.at += 1
        return self.at

    def close(self) -> None:
        """Finish the file."""
        self._stream.close()
