"""Lists as files: CSV, JSON and XLSX, streamed, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import tempfile
from typing import TYPE_CHECKING, Any

from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header
from xlsxwriter import Workbook

from harvester.reports.statements import files
from harvester.web.queries import lists

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.http import HttpRequest, HttpResponseBase

    from harvester.reports.statements import Statement
    from harvester.web.harvest_store import Row, Tables
    from harvester.web.queries.lists import Column, Listing
    from harvester.web.scope import Scope

FORMATS = ("csv", "json", "xlsx")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
XLSX_ROWS = 1_048_575
XLSX_TEXT = 32_767
CENTS = 100


def safe_text(value: str) -> str:
    """Text that no spreadsheet takes for a formula: an apostrophe goes before a telling start."""
    return f"'{value}" if value.startswith(FORMULA_STARTS) else value


def attachment(name: str) -> str:
    """The header that has a browser keep a file under this name; letters of any language."""
    return content_disposition_header(as_attachment=True, filename=name) or "attachment"


def _header(column: Column) -> str:
    return f"{column.name}_rand" if column.kind == "rand" else column.name


def _plain(value: Any, column: Column) -> Any:
    """A value as a file holds it: rand with cents, days ISO, unknown empty."""
    if value is None:
        return None
    if column.kind == "rand":
        return value / CENTS
    if column.kind == "year":
        return f"{value}/{(value + 1) % CENTS:02d}"
    return value.isoformat() if isinstance(value, dt.date) else value


def _exact(value: Any, column: Column) -> Any:
    """As :func:`_plain`, with rand as exact text and text made safe, for CSV."""
    if value is not None and column.kind == "rand":
        sign = "-" if value < 0 else ""
        return f"{sign}{abs(value) // CENTS}.{abs(value) % CENTS:02d}"
    plain = _plain(value, column)
    return safe_text(plain) if isinstance(plain, str) else plain


def respond(
    listing: Listing,
    tables: Tables,
    request: HttpRequest,
    scope: Scope,
    form: str,
    *,
    name: str = "",
) -> HttpResponseBase:
    """A list as a file, with the filters and sort of the address."""
    rows = lists.everything(listing, tables, request.GET, scope)
    return as_file(listing.columns, rows, name or listing.name, form)


def as_file(
    columns: Iterable[Column], rows: Iterable[Row], title: str, form: str
) -> HttpResponseBase:
    """Rows as a file of one of :data:`FORMATS`."""
    if form == "xlsx":
        return FileResponse(
            _xlsx(columns, rows, title),
            as_attachment=True,
            filename=f"{title}.xlsx",
            content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        )
    kind, pieces = ("text/csv; charset=utf-8", _csv(columns, rows))
    if form == "json":
        kind, pieces = "application/json", _json(columns, rows)
    response = StreamingHttpResponse(pieces, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{title}.{form}"'
    return response


def statements(made: list[Statement], form: str, name: str, table: str = "") -> HttpResponseBase:
    """Statements as a file: a workbook of every table, one table as CSV, or all as JSON.

    ``table`` names the table of a CSV; without it the first. Raises ``Http404`` for another form
    or a table that is not there.
    """
    if form not in FORMATS:
        raise Http404("Statements come as csv, json or xlsx.")
    if form == "xlsx":
        stream = tempfile.TemporaryFile()  # noqa: SIM115  closed by the response
        files.write_workbook(made, stream)
        stream.seek(0)
        return FileResponse(
            stream, as_attachment=True, filename=f"{name}.xlsx",
            content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        )  # fmt: skip
    if form == "json":
        told = json.dumps([files.to_json(one) for one in made], ensure_ascii=False, default=str)
        response = HttpResponse(told, content_type="application/json")
    else:
        found = [one.table(table or one.first) for one in made]
        if table and not any(found):
            raise Http404(f"The statement has no table {table[:40]}.")
        text = "\n".join(files.to_csv(one) for one in found if one)
        response = HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response


def _csv(columns: Iterable[Column], rows: Iterable[Row]) -> Iterator[str]:
    columns = list(columns)
    held = io.StringIO()
    writer = csv.writer(held)
    # The byte-order mark makes spreadsheets read the names as UTF-8.
    held.write("\ufeff")
    writer.writerow([_header(column) for column in columns])
    for n, row in enumerate(rows):
        writer.writerow([_exact(row[column.name], column) for column in columns])
        if n % 500 == 499:
            yield held.getvalue()
            held.seek(0)
            held.truncate()
    yield held.getvalue()


def _json(columns: Iterable[Column], rows: Iterable[Row]) -> Iterator[str]:
    columns = list(columns)
    between = "[\n"
    for row in rows:
        told = {_header(column): _plain(row[column.name], column) for column in columns}
        yield between + json.dumps(told, ensure_ascii=False)
        between = ",\n"
    yield "]\n" if between == ",\n" else "[]\n"


def _xlsx(columns: Iterable[Column], rows: Iterable[Row], title: str) -> Any:
    """A workbook in a temporary file, rows written as they come; text is never a formula."""
    columns = list(columns)
    stream = tempfile.TemporaryFile()  # noqa: SIM115  closed by the response
    book = Workbook(
        stream,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_date_format": "d mmm yyyy",
        },
    )
    sheet = book.add_worksheet(title[:31])
    bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "# ##0.00"})
    sheet.freeze_panes(1, 0)
    for n, column in enumerate(columns):
        sheet.set_column(
            n, n, 16 if column.kind != "text" else 24, money if column.kind == "rand" else None
        )
        sheet.write_string(0, n, _header(column), bold)
    for r, row in enumerate(rows, start=1):
        if r > XLSX_ROWS:
            break
        for n, column in enumerate(columns):
            _write(sheet, r, n, _plain(row[column.name], column))
    book.close()
    stream.seek(0)
    return stream


def _write(sheet: Any, row: int, column: int, value: Any) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value)
    else:
        sheet.write_string(row, column, str(value)[:XLSX_TEXT])
