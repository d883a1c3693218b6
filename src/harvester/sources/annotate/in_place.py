"""A person's own workbook written back with every problem where it is, and a sheet that lists all.

An .xlsx or .xlsm keeps its formulas, styles and macros. Any other table (.xls, .ods, .csv), and a
workbook too large or too odd to be written back, becomes a new .xlsx that holds its rows; the
problems sheet says so. The file that was given is never touched.
"""

from __future__ import annotations

import warnings
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from xlsxwriter.exceptions import XlsxWriterException

from harvester.domain.errors import UserError
from harvester.sources.annotate import listing as words
from harvester.sources.annotate.rewrite import capped, new_names, rewrite
from harvester.sources.tables import archive
from harvester.sources.tables.workbook import open_workbook

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa
    from openpyxl.workbook import Workbook as OpenpyxlWorkbook
    from openpyxl.worksheet.worksheet import Worksheet

    from harvester.sources.annotate.listing import CellNote, Noted

MAX_UNPACKED_IN_PLACE = 80 * archive.MEGABYTE
"""Of the sheets of a workbook; openpyxl holds about fifty times that in memory at worst."""

_FONT = "Calibri"

_WRITTEN_BACK = (
    "This is your workbook as you gave it, with comments and colours added. Formulas are calculated "
    "when you open and save it. Pictures and drawn shapes may be missing; your own file has not been "
    "changed."
)
_NEW_WORKBOOK = (
    "This new workbook holds the rows of your file; a {kind} file cannot be written back with "
    "comments. Formulas and formats are not in it; your own file has not been changed."
)
_TOO_LARGE = (
    "Your workbook is too large to be written back with its formulas and formats: this new one "
    "holds its rows. Your own file has not been changed."
)
_TOO_ODD = (
    "Your workbook holds something that cannot be written back ({reason}): this new one holds its "
    "rows. Your own file has not been changed."
)
# What openpyxl raises on workbooks that Excel itself opens; the rows are then written anew.
_OPENPYXL_REFUSALS = (
    ValueError,
    KeyError,
    TypeError,
    IndexError,
    AttributeError,
    ParseError,
    OSError,
    zipfile.BadZipFile,
    InvalidFileException,
)


def annotate(path_in: Path, problems: pa.Table, path_out: Path) -> None:
    """Write ``path_in`` with its problems (``schema.PROBLEMS``) to ``path_out`` (.xlsx or .xlsm).

    Each cell with problems has a colour and one comment with all of them (at most
    :data:`annotate_list.MAX_COMMENTS` cells a sheet, the worst first); the sheet
    ``Harvester problems`` lists every problem with links, filters and counts. A name ending in
    .xlsm keeps macros.

    Raises ``UnreadableFileError`` when the file is no table, ``UserError`` when ``path_out``
    cannot be written.
    """
    if path_out.resolve() == path_in.resolve():
        raise UserError(
            "the annotated workbook would replace the file that was given.",
            where=str(path_out),
            mend="Choose another name.",
        )
    kind = archive.kind_of(path_in)
    remark = _NEW_WORKBOOK.format(kind={"text": "text (.csv)"}.get(kind, f".{kind}"))
    try:
        if kind == "xlsx":
            remark = _in_place(path_in, problems, path_out)
        if remark:
            book = open_workbook(path_in)
            names = new_names(book)
            listed = words.noted(problems, list(names))
            renamed = [_renamed(n, names) for n in listed]
            rewrite(book, names, renamed, [remark], path_out)
    except (OSError, XlsxWriterException) as error:
        raise UserError(
            f"the annotated workbook cannot be written ({error}).",
            where=str(path_out),
            mend="Choose a folder that exists and that you may write to.",
        ) from error


def _renamed(noted: Noted, names: dict[str, str]) -> Noted:
    return replace(noted, sheet=names.get(noted.sheet, noted.sheet))


def _in_place(path_in: Path, problems: pa.Table, path_out: Path) -> str:
    """Write the workbook back; returns why that cannot be, or ``""`` when it is done."""
    with archive.open_zip(path_in) as parts:
        size = sum(p.file_size for p in parts.infolist() if p.filename.startswith("xl/worksheets/"))
    if size > MAX_UNPACKED_IN_PLACE:
        return _TOO_LARGE
    keep_macros = path_out.suffix.lower() == ".xlsm"
    try:
        with warnings.catch_warnings():
            # openpyxl tells of each extension it drops; the remark on the sheet says it once
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(path_in, keep_vba=keep_macros)
    except _OPENPYXL_REFUSALS as error:
        return _TOO_ODD.format(reason=" ".join(str(error).split())[:100] or type(error).__name__)
    _mark(book, problems, path_in.name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book.save(path_out)
    return ""


def _mark(book: OpenpyxlWorkbook, problems: pa.Table, file: str) -> None:
    if words.SHEET in book.sheetnames:
        del book[words.SHEET]
    sheets = {sheet.title: sheet for sheet in book.worksheets}
    listed = words.noted(problems, list(sheets))
    fills = {s: PatternFill("solid", fgColor=rgb) for s, rgb in words.FILLS.items()}
    left_out = 0
    for name, sheet in sheets.items():
        _forget_earlier(sheet)
        notes, more = words.cell_notes(listed, name)
        left_out += more
        for note in notes:
            _comment(sheet, note, fills)
    remarks = [_WRITTEN_BACK] + ([capped(left_out)] if left_out else [])
    _list(book, listed, file, remarks, set(sheets))


def _forget_earlier(sheet: Worksheet) -> None:
    """Take away comments of an earlier annotation, so that mended cells are clean."""
    # iter_rows would make every blank cell as far as a stray one at the sheet's far corner
    for cell in list(sheet._cells.values()):
        said = cell.comment
        if said is None:
            continue
        own, mark, _ = said.text.partition(words.MARK)
        if said.author == words.AUTHOR and not mark:
            cell.comment = None
        elif mark:
            cell.comment = Comment(own.rstrip(), said.author)


def _comment(sheet: Worksheet, note: CellNote, fills: dict[Any, PatternFill]) -> None:
    """Say a note at its cell, or at the corner of the merged cells it lies under."""
    cell = sheet.cell(note.row, note.column)
    if isinstance(cell, MergedCell):
        corner = next(r for r in sheet.merged_cells.ranges if cell.coordinate in r)
        cell = sheet.cell(corner.min_row, corner.min_col)
    before = cell.comment
    if before is None:
        comment = Comment(note.text, words.AUTHOR)
    elif words.MARK in before.text or before.author == words.AUTHOR:
        comment = Comment(f"{before.text}\n\n{note.text}", before.author)
    else:
        comment = Comment(f"{before.text}\n\n{words.MARK}\n{note.text}", before.author)
    comment.width, comment.height = 420, 120 + 18 * note.text.count("\n")
    cell.comment = comment
    cell.fill = fills[note.severity]


def _list(
    book: OpenpyxlWorkbook,
    listed: list[Noted],
    file: str,
    remarks: list[str],
    sheets: set[str],
) -> None:
    sheet = book.create_sheet(words.SHEET)
    for n, width in enumerate(words.WIDTHS):
        sheet.column_dimensions[openpyxl.utils.get_column_letter(n + 1)].width = width
    lines = list(words.summary(listed, file, remarks))
    for n, (label, text) in enumerate(lines, start=1):
        _text(sheet, n, 1, label).font = Font(name=_FONT, bold=True)
        _text(sheet, n, 4, text)
    top = len(lines) + 2
    head = PatternFill("solid", fgColor="1F4E5F")
    for n, heading in enumerate(words.HEADINGS, start=1):
        cell = _text(sheet, top, n, heading)
        cell.font, cell.fill = Font(name=_FONT, bold=True, color="FFFFFF"), head
    shown = listed[: words.MAX_LISTED]
    fills = {s.value: PatternFill("solid", fgColor=rgb) for s, rgb in words.FILLS.items()}
    wrap, blue = (
        Alignment(wrap_text=True, vertical="top"),
        Font(name=_FONT, color="0563C1", underline="single"),
    )
    for n, problem in enumerate(shown, start=top + 1):
        tall = min(problem.lines, words.MAX_LINES)
        if tall > 1:
            sheet.row_dimensions[n].height = words.LINE_HEIGHT * tall
        for at, value in enumerate(problem.cells(), start=1):
            if value == "":
                continue
            cell = _text(sheet, n, at, value)
            if tall > 1:
                cell.alignment = wrap
        sheet.cell(n, 1).fill = fills[problem.severity.value]
        if problem.cell and problem.sheet in sheets and n - top <= words.MAX_LINKS:
            cell = sheet.cell(n, 3)
            cell.hyperlink = Hyperlink(
                ref=cell.coordinate,
                location=words.link(problem.sheet, problem.cell),
            )
            cell.font = blue
    last = openpyxl.utils.get_column_letter(len(words.HEADINGS))
    sheet.auto_filter.ref = f"A{top}:{last}{top + max(1, len(shown))}"
    sheet.freeze_panes = f"A{top + 1}"
    sheet.page_setup.orientation = "landscape"
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToHeight = 0
    book.active = sheet


def _text(sheet: Worksheet, row: int, column: int, value: str | int) -> Any:
    """Write a value; text is always text, never a formula, whatever it begins with."""
    cell = sheet.cell(row, column, value)
    if isinstance(value, str):
        cell.data_type = "s"
        if words.is_risky(value):
            cell.quotePrefix = True
    return cell
