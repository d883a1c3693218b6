"""A new workbook that holds the rows of a file which cannot be written back as it is."""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import TYPE_CHECKING, Any

import xlsxwriter

from harvester.sources.annotate import listing as words
from harvester.sources.values.amounts import cell_text

if TYPE_CHECKING:
    from pathlib import Path

    from xlsxwriter.workbook import Workbook as XlsxWorkbook
    from xlsxwriter.worksheet import Worksheet

    from harvester.sources.annotate.listing import CellNote, Noted
    from harvester.sources.tables.workbook import Sheet, Workbook

_LONGEST_NAME = 31
_NOT_IN_NAME = re.compile(r"[\[\]:*?/\\]")
_LARGEST_EXACT = 10**15


def rewrite(
    book: Workbook,
    names: dict[str, str],
    listed: list[Noted],
    remarks: list[str],
    path_out: Path,
) -> None:
    """Write ``book``'s rows to ``path_out`` with the problems; ``names`` gives each sheet's new
    name. Formulas are gone: the saved values are written."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": True,
    }
    out = xlsxwriter.Workbook(str(path_out), options)
    out.set_properties({"created": dt.datetime(2018, 1, 1, tzinfo=dt.UTC)})
    fills = {s: out.add_format({"bg_color": f"#{rgb}"}) for s, rgb in words.FILLS.items()}
    dates = out.add_format({"num_format": "yyyy-mm-dd"})
    left_out = 0
    for sheet in book.sheets:
        notes, more = words.cell_notes(listed, names[sheet.name])
        left_out += more
        _copy(out.add_worksheet(names[sheet.name]), sheet, notes, fills, dates)
    if left_out:
        remarks = [*remarks, capped(left_out)]
    _list(out, listed, book.path.name, remarks, set(names.values()))
    out.close()


def capped(left_out: int) -> str:
    """The remark that not every cell has a comment."""
    return (
        f"{left_out} more cells have problems but no comment (at most {words.MAX_COMMENTS} a sheet, "
        "the worst first); all are listed here."
    )


def new_names(book: Workbook) -> dict[str, str]:
    """A name Excel allows for each sheet; a text table's sheet is called Data."""
    found: dict[str, str] = {}
    taken = {words.SHEET.lower()}
    for sheet in book.sheets:
        plain = _NOT_IN_NAME.sub(" ", sheet.name).strip("' ")[:_LONGEST_NAME] or "Data"
        name, n = plain, 2
        while name.lower() in taken:
            ending = f" {n}"
            name, n = plain[: _LONGEST_NAME - len(ending)] + ending, n + 1
        taken.add(name.lower())
        found[sheet.name] = name
    return found


def _copy(
    out: Worksheet,
    sheet: Sheet,
    notes: list[CellNote],
    fills: dict[Any, Any],
    dates: Any,
) -> None:
    """Rows in order (the writer keeps only one in memory), with comments and fills."""
    noted = {(n.row, n.column): n for n in notes}
    by_row: dict[int, list[CellNote]] = {}
    for n in notes:
        by_row.setdefault(n.row, []).append(n)
    rows = {row.number: row.cells for row in sheet.rows if row.number <= words.LAST_ROW}
    for number in sorted(rows.keys() | by_row.keys()):
        cells = rows.get(number, [])
        width = max([len(cells), *(n.column for n in by_row.get(number, ()))])
        for at in range(min(width, words.LAST_COLUMN)):
            note = noted.get((number, at + 1))
            style = fills[note.severity] if note else None
            _cell(
                out,
                number - 1,
                at,
                cells[at] if at < len(cells) else None,
                style=style,
                dates=dates,
            )
            if note:
                out.write_comment(
                    number - 1,
                    at,
                    note.text,
                    {"author": words.AUTHOR, "x_scale": 2.5, "y_scale": 1.6},
                )


def _cell(out: Worksheet, row: int, at: int, value: Any, *, style: Any, dates: Any) -> None:
    """A value as what it is; text stays text."""
    if value is None:
        if style is not None:
            out.write_blank(row, at, None, style)
    elif isinstance(value, bool):
        out.write_boolean(row, at, value, style)
    elif isinstance(value, int | float) and math.isfinite(value) and abs(value) < _LARGEST_EXACT:
        out.write_number(row, at, value, style)
    elif isinstance(value, dt.date) and value.year >= 1900 and style is None:
        out.write_datetime(row, at, value, dates)
    else:
        out.write_string(row, at, words.clean(cell_text(value)), style)


def _list(
    out: XlsxWorkbook,
    listed: list[Noted],
    file: str,
    remarks: list[str],
    sheets: set[str],
) -> None:
    sheet = out.add_worksheet(words.SHEET)
    bold = out.add_format({"bold": True})
    head = out.add_format({"bold": True, "bg_color": "#1F4E5F", "font_color": "#FFFFFF"})
    wrap = out.add_format({"text_wrap": True, "valign": "top"})
    quoted = out.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True})
    linked = out.add_format({"font_color": "#0563C1", "underline": 1, "valign": "top"})
    fills = {
        s.value: out.add_format({"bg_color": f"#{rgb}", "valign": "top"})
        for s, rgb in words.FILLS.items()
    }
    for n, width in enumerate(words.WIDTHS):
        sheet.set_column(n, n, width)
    lines = list(words.summary(listed, file, remarks))
    for n, (label, text) in enumerate(lines):
        sheet.write_string(n, 0, label, bold)
        sheet.write_string(n, 3, text, quoted if words.is_risky(text) else None)
    top = len(lines) + 1
    for n, heading in enumerate(words.HEADINGS):
        sheet.write_string(top, n, heading, head)
    shown = listed[: words.MAX_LISTED]
    for n, problem in enumerate(shown, start=top + 1):
        if problem.lines > 1:
            sheet.set_row(n, words.LINE_HEIGHT * min(problem.lines, words.MAX_LINES))
        for at, value in enumerate(problem.cells()):
            if at == 0:
                sheet.write_string(n, at, str(value), fills[str(value)])
            elif (
                at == 2 and problem.cell and problem.sheet in sheets and n - top <= words.MAX_LINKS
            ):
                place = f"internal:{words.link(problem.sheet, problem.cell)}"
                sheet.write_url(n, at, place, linked, problem.cell)
            elif isinstance(value, int):
                sheet.write_number(n, at, value, wrap)
            elif value:
                sheet.write_string(n, at, value, quoted if words.is_risky(value) else wrap)
    sheet.autofilter(top, 0, top + max(1, len(shown)), len(words.HEADINGS) - 1)
    sheet.freeze_panes(top + 1, 0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.activate()
