"""One way to open any table file: sheets with rows as lists, at the row numbers Excel shows.

``.xlsx``, ``.xlsm``, ``.xls`` and ``.ods`` are read by python-calamine, text tables by the csv
module. What a file is, is seen from its content. Refusals come before parsing
(:mod:`harvester.sources.tables.archive`); what is wrong with one sheet is a problem of that sheet.
"""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum

from harvester.domain.errors import UnreadableFileError
from harvester.sources import problem_kinds as kinds
from harvester.sources.tables import archive, delimited, old_excel, sheet_scan, sparse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import Any

    from harvester.domain.problems import Problem, ProblemKind
    from harvester.sources.reading import SourceFile

MAX_FORMULA_PROBLEMS = 200
"""Per sheet: after so many the reader knows; the last says how many more there are."""

MAX_FILE_BYTES = 1024 * archive.MEGABYTE


class Row(NamedTuple):
    """One row that holds something: its number as Excel shows it, and its cells from column A.

    A blank cell is ``None``; blanks at the end are trimmed. Cells are ``str``, ``float``, ``int``,
    ``bool``, ``datetime``, ``date``, ``time`` or ``timedelta``.
    """

    number: int
    cells: list[Any]


@dataclass
class Sheet:
    """One sheet, read when its rows are asked for.

    ``problems`` are those of reading it (too large, damaged, formulas without results);
    ``merged`` are its merged cells as (first row, first column, last row, last column), rows as
    Excel shows them, columns from 0.
    """

    name: str
    hidden: bool
    problems: list[Problem] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    uncalculated: frozenset[str] = frozenset()
    errors: dict[str, str] = field(default_factory=dict)
    _load: Callable[[], list[Row]] = list

    @cached_property
    def rows(self) -> list[Row]:
        """Its rows that hold anything, in order; a cell that shows an error holds its text."""
        rows = self._load()
        return _with_errors(rows, self.errors) if self.errors else rows

    @property
    def readable(self) -> bool:
        """Whether its rows could be read at all."""
        lost = {
            kinds.SHEET_TOO_LARGE.code,
            kinds.SHEET_DAMAGED.code,
            kinds.SHEET_TOO_WIDE_SPREAD.code,
        }
        return not any(p.code in lost for p in self.problems)


@dataclass
class Workbook:
    """A table file: its sheets in order, and problems of the file as a whole."""

    path: Path
    kind: str
    sheets: list[Sheet]
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_text(self) -> bool:
        """Whether it is a text table (.csv), with one sheet of no name."""
        return self.kind == "text"


def open_workbook(path: Path) -> Workbook:
    """Open a table file of any kind.

    Raises ``UnreadableFileError`` when the file is empty, damaged, locked with a password, not a
    table at all, or would take too much memory unpacked.
    """
    size = path.stat().st_size
    if size > MAX_FILE_BYTES:
        raise UnreadableFileError(
            f"The file is {size // archive.MEGABYTE} MB, more than "
            f"{MAX_FILE_BYTES // archive.MEGABYTE} MB.",
            where=path.name,
            mend="Split it.",
        )
    kind = archive.kind_of(path)
    if kind == "text":
        rows, problems = delimited.read_rows(path)
        sheet = Sheet("", hidden=False, _load=lambda: [Row(n, cells) for n, cells in rows])
        return Workbook(path, kind, [sheet], problems)
    if kind == "xlsx":
        return _open_xlsx(path)
    if kind == "ods":
        with archive.open_zip(path) as parts:
            archive.refuse_repeated_cells(path, parts)
    book = _calamine(path)
    sheets = _sheets(book, path)
    if kind == "xls":
        _tell_losses(path, book, sheets)
    return Workbook(path, kind, sheets)


def _tell_losses(path: Path, book: CalamineWorkbook, sheets: list[Sheet]) -> None:
    """Put the texts of error cells back into an .xls, and list its formulas without a result."""
    by_name = {sheet.name: sheet for sheet in sheets}
    for meta, old in zip(book.sheets_metadata, old_excel.scan(path), strict=False):
        sheet = by_name.get(meta.name)
        if sheet is not None:
            sheet.errors = {
                f"{column_letter(c)}{r + 1}": text for (r, c), text in old.errors.items()
            }
            lost = [f"{column_letter(c)}{r + 1}" for r, c in old.uncalculated]
            sheet.uncalculated = frozenset(lost)
            _list_cells(sheet, kinds.FORMULA_NOT_CALCULATED, lost)


class _Opened:
    """The workbook opened last, so that seeing what a file is and reading it opens it once."""

    def __init__(self) -> None:
        self._last: tuple[str, Path, Workbook] | None = None

    def of(self, source: SourceFile) -> Workbook:
        """The workbook of a source file; opened if it is not the one opened last."""
        last = self._last
        if last is None or last[:2] != (source.sha256, source.path):
            last = (source.sha256, source.path, open_workbook(source.path))
            self._last = last
        return last[2]

    def forget(self) -> None:
        """Let the memory go."""
        self._last = None


opened = _Opened()


def column_letter(index: int) -> str:
    """Letters of a column counted from 0: 0 is ``A``, 26 is ``AA``."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_index(letters: str) -> int:
    """The opposite of :func:`column_letter`."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def _calamine(path: Path) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_path(path)
    except PasswordError as error:
        raise archive.password_error(path) from error
    except (CalamineError, OSError, ValueError) as error:
        locked = "password" in str(error).lower() or "encrypt" in str(error).lower()
        if locked:
            raise archive.password_error(path) from error
        raise UnreadableFileError(
            f"The workbook is damaged ({error}).",
            where=path.name,
            mend="Open it in Excel, let it repair the file, save it under a new name.",
        ) from error


def _open_xlsx(path: Path) -> Workbook:
    problems: list[Problem] = []
    with archive.open_zip(path) as parts:
        _verify_shared_parts(path, parts)
        places = sheet_scan.sheet_parts(parts)
        scans = {
            name: sheet_scan.scan_sheet(parts, part)
            for name, part in places.items()
            if part and parts.getinfo(part).file_size <= archive.MAX_SHEET_BYTES
        }
        too_large = {
            name: parts.getinfo(part).file_size
            for name, part in places.items()
            if part and parts.getinfo(part).file_size > archive.MAX_SHEET_BYTES
        }
        if sheet_scan.has_macros(parts):
            problems.append(kinds.MACROS.at())
        waiting = sheet_scan.never_calculated(parts)
    book = _calamine(path)
    sheets = _sheets(book, path)
    for sheet in sheets:
        if sheet.name in too_large:
            sheet.problems.append(
                kinds.SHEET_TOO_LARGE.at(
                    sheet=sheet.name,
                    size=_megabytes(too_large[sheet.name]),
                    limit=_megabytes(archive.MAX_SHEET_BYTES),
                )
            )
        elif scan := scans.get(sheet.name):
            _judge(sheet, scan, path, doubt_zeros=waiting)
        if not sheet.readable:
            sheet._load = list
    return Workbook(path, "xlsx", sheets, problems)


def _verify_shared_parts(path: Path, parts: zipfile.ZipFile) -> None:
    """Read the parts every sheet needs to their end: a lying size or checksum shows here."""
    for info in parts.infolist():
        if info.filename.lower() not in {
            "xl/sharedstrings.xml",
            "xl/styles.xml",
            "xl/workbook.xml",
        }:
            continue
        if info.file_size > archive.MAX_SHARED_TEXT_BYTES:
            raise UnreadableFileError(
                f"The workbook's texts unpack to {_megabytes(info.file_size)}.",
                where=path.name,
                mend="Split the workbook.",
            )
        try:
            with parts.open(info) as stream:
                while stream.read(archive.MEGABYTE):
                    pass
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
            raise UnreadableFileError(
                f"The file is damaged ({info.filename}: {error}).",
                where=path.name,
                mend="Download or save it again.",
            ) from error


def _megabytes(size: int) -> str:
    return f"{size // archive.MEGABYTE} MB"


def _judge(sheet: Sheet, scan: sheet_scan.SheetScan, path: Path, *, doubt_zeros: bool) -> None:
    """Add to a sheet the problems its XML shows."""
    if scan.damage:
        sheet.problems.append(kinds.SHEET_DAMAGED.at(sheet=sheet.name, reason=scan.damage))
        return
    if scan.too_spread and scan.filled <= sparse.MAX_FILLED:
        name = sheet.name
        sheet._load = lambda: [Row(n, cells) for n, cells in sparse.sparse_rows(path, name)]
    elif scan.too_spread:
        sheet.problems.append(
            kinds.SHEET_TOO_WIDE_SPREAD.at(
                sheet=sheet.name,
                value=f"{column_letter(scan.last_column - 1)}{scan.last_row}",
                filled=scan.filled,
                cells=scan.dense_cells,
            )
        )
        return
    sheet.uncalculated = frozenset(scan.uncalculated)
    sheet.errors = scan.errors
    _list_cells(sheet, kinds.FORMULA_NOT_CALCULATED, scan.uncalculated)
    if doubt_zeros:
        _list_cells(sheet, kinds.FORMULA_ZERO_DOUBTED, scan.zero_formulas)


def _list_cells(sheet: Sheet, kind: ProblemKind, cells: list[str]) -> None:
    for cell in cells[:MAX_FORMULA_PROBLEMS]:
        letters = cell.rstrip("0123456789")
        sheet.problems.append(
            kind.at(
                sheet=sheet.name,
                row=int(cell[len(letters) :]),
                column=letters,
                value="",
            )
        )
    if len(cells) > MAX_FORMULA_PROBLEMS:
        rest = len(cells) - MAX_FORMULA_PROBLEMS
        sheet.problems.append(kind.at(sheet=sheet.name, value=f"and {rest} more cells"))


def _sheets(book: CalamineWorkbook, path: Path) -> list[Sheet]:
    found = []
    for meta in book.sheets_metadata:
        if meta.typ is not SheetTypeEnum.WorkSheet:
            continue
        sheet = Sheet(meta.name, hidden="Visible" not in str(meta.visible).rsplit(".", 1)[-1][:7])
        sheet._load = _Loader(book, sheet, path)
        found.append(sheet)
    return found


@dataclass
class _Loader:
    """Reads a sheet's rows by calamine, and notes its merged cells, when called."""

    book: CalamineWorkbook
    sheet: Sheet
    path: Path

    def __call__(self) -> list[Row]:
        try:
            content = self.book.get_sheet_by_name(self.sheet.name)
        except (CalamineError, ValueError) as error:
            self.sheet.problems.append(
                kinds.SHEET_DAMAGED.at(sheet=self.sheet.name, reason=str(error)),
            )
            return []
        merged = content.merged_cell_ranges or []
        self.sheet.merged = [(r1 + 1, c1, r2 + 1, c2) for (r1, c1), (r2, c2) in merged]
        start = content.start
        if start is None:
            return []
        # calamine gives the blank rows above the first filled one, but not the blank columns
        return list(_trimmed(content.iter_rows(), start[1]))


def _with_errors(rows: list[Row], errors: dict[str, str]) -> list[Row]:
    """The rows with the texts of error cells put where they stand."""
    by_number = {row.number: row for row in rows}
    for cell, text in errors.items():
        letters = cell.rstrip("0123456789")
        number, index = int(cell[len(letters) :]), column_index(letters)
        row = by_number.setdefault(number, Row(number, []))
        row.cells.extend([None] * (index + 1 - len(row.cells)))
        row.cells[index] = text
    return [by_number[number] for number in sorted(by_number)]


def _trimmed(rows: Iterator[list[Any]], first_column: int) -> Iterator[Row]:
    pad: list[Any] = [None] * first_column
    for number, cells in enumerate(rows, 1):
        end = len(cells)
        while end and _blank(cells[end - 1]):
            end -= 1
        if end:
            yield Row(number, pad + [None if c == "" else c for c in cells[:end]])


def _blank(cell: object) -> bool:
    return cell == "" or (isinstance(cell, str) and not cell.strip())
