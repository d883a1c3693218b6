"""A statement as a workbook, a CSV or JSON: the same tables, exact to the cent."""

from __future__ import annotations

import csv
import io
from typing import IO, TYPE_CHECKING, Any

import xlsxwriter

from harvester.domain.money import CENTS_PER_RAND
from harvester.reports import words
from harvester.reports.tables import safe_cell

if TYPE_CHECKING:
    from pathlib import Path

    from harvester.reports.statements.statement import Column, Row, Statement, Table

_LONGEST_SHEET = 31
_MOST_ROWS = 1_000_000
_MEASURES = {"share": "share", "ratio": "number", "months": "number"}
_FORMATS = {"rand": '"R" #,##0.00', "share": "0.0%", "number": "#,##0.00", "whole": "#,##0"}


def to_json(statement: Statement) -> dict[str, Any]:
    """The statement as plain values; money is whole cents, under names that end in ``_cents``."""
    return {
        "kind": statement.kind,
        "title": statement.title,
        "metro": statement.metro,
        "year": statement.year,
        "finding": statement.finding,
        "verdict": statement.verdict,
        "law": [vars(law) for law in statement.law],
        "used": statement.used,
        "missing": statement.missing,
        "tables": [_table_json(table) for table in statement.tables],
        "harvest": statement.harvest,
    }


def _table_json(table: Table) -> dict[str, Any]:
    return {
        "name": table.name,
        "title": table.title,
        "note": table.note,
        "columns": [{"name": c.key, "label": c.label, "kind": c.kind} for c in table.columns],
        "rows": [_row_json(table, row) for row in table.rows],
        "totals": [_row_json(table, row) for row in table.totals],
    }


def _row_json(table: Table, row: Row) -> dict[str, Any]:
    return {column.key: row.get(column.name) for column in table.columns}


def to_csv(table: Table) -> str:
    """One table as CSV: rand with its cents, unknown empty, no text a spreadsheet would run."""
    held = io.StringIO()
    writer = csv.writer(held, lineterminator="\n")
    writer.writerow([column.label for column in table.columns])
    for row in [*table.rows, *table.totals]:
        writer.writerow([_exact(row.get(column.name), column) for column in table.columns])
    return held.getvalue()


def _exact(value: Any, column: Column) -> object:
    if value is None:
        return ""
    if column.kind == "rand":
        sign = "-" if value < 0 else ""
        return f"{sign}{abs(value) // CENTS_PER_RAND}.{abs(value) % CENTS_PER_RAND:02d}"
    return safe_cell(value)


def write_workbook(statements: list[Statement], to: Path | IO[bytes]) -> None:
    """One workbook: a first sheet that says what was found, then a sheet for each table.

    Of several statements (one for each municipality) each sheet holds all, with the municipality
    in its first column.
    """
    book = xlsxwriter.Workbook(
        to if hasattr(to, "write") else str(to),
        {
            "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
            "constant_memory": True,
        },
    )  # fmt: skip
    formats = {kind: book.add_format({"num_format": text}) for kind, text in _FORMATS.items()}
    formats |= {
        f"{kind}_total": book.add_format({"num_format": text, "bold": True, "top": 1})
        for kind, text in _FORMATS.items()
    }
    formats["head"] = book.add_format(
        {"bold": True, "text_wrap": True, "valign": "top", "bottom": 2, "bg_color": "#E7EFEA"}
    )
    formats["text_total"] = book.add_format({"bold": True, "top": 1})
    formats["wrap"] = book.add_format({"text_wrap": True, "valign": "top"})
    formats["bold"] = book.add_format({"bold": True})
    _about(book, statements, formats)
    names = list(dict.fromkeys(table.name for one in statements for table in one.tables))
    for name in names:
        listed = [(one, table) for one in statements if (table := one.table(name)) is not None]
        _sheet(book, name, listed, formats, several=len(statements) > 1)
    book.close()


def _about(book: Any, statements: list[Statement], formats: dict[str, Any]) -> None:
    sheet = book.add_worksheet("Statement")
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 110)
    line = 0
    for one in statements:
        for label, text in _words_of(one):
            head = label == "Statement"
            sheet.write_string(line, 0, label, formats["bold"])
            sheet.write_string(line, 1, text, formats["bold" if head else "wrap"])
            line += 1
        line += 1


def _words_of(one: Statement) -> list[tuple[str, str]]:
    place = words.institution(one.metro) if one.metro else "South Africa"
    told = [
        ("Statement", one.title), ("Place", place), ("Year", one.year or "all years"),
        ("Finding", one.finding), ("Verdict", one.verdict),
    ]  # fmt: skip
    for law in one.law:
        mark = "verified" if law.verified else "not verified"
        told.append(("Law or policy", f"{law.reference} ({mark}): {law.says}"))
    told += [("Made from", text) for text in one.used]
    told += [("Not known", text) for text in one.missing]
    told += [(f"Sheet {_sheet_name(t.name)}", f"{t.title}. {t.note}".strip()) for t in one.tables]
    told.append(("Rand", "Nominal. An empty cell is unknown, not zero."))
    told += [("Harvest", f"{one.harvest.get('run')}, digest {one.harvest.get('digest')}")]
    if one.harvest.get("as_at"):
        told.append(("Judged as at", str(one.harvest["as_at"])))
    return told


def _sheet_name(name: str) -> str:
    return name.replace("_", " ").capitalize()[:_LONGEST_SHEET]


def _sheet(
    book: Any, name: str, listed: list[tuple[Statement, Table]], formats: dict[str, Any],
    *, several: bool,
) -> None:  # fmt: skip
    sheet = book.add_worksheet(_sheet_name(name))
    columns = _columns([table for _, table in listed])
    shift = 1 if several else 0
    if several:
        sheet.set_column(0, 0, 26)
        sheet.write_string(0, 0, "Municipality", formats["head"])
    sheet.freeze_panes(1, 1 + shift)
    for at, column in enumerate(columns, shift):
        sheet.set_column(at, at, 34 if column.kind == "text" and at == shift else 18)
        sheet.write_string(0, at, column.label, formats["head"])
    line = 1
    for one, table in listed:
        for row, total in [(r, "") for r in table.rows] + [(r, "_total") for r in table.totals]:
            if line > _MOST_ROWS:
                break
            if several:
                sheet.write_string(line, 0, words.institution(one.metro))
            for at, column in enumerate(columns, shift):
                kind = column.kind
                if kind == "measure":
                    kind = _MEASURES.get(row.get("scale", ""), "number")
                _cell(sheet, (line, at), row.get(column.name), kind, formats, total=total)
            line += 1


def _columns(tables: list[Table]) -> list[Column]:
    """Columns of all the tables; years that only some have stand in order where the first stood."""
    found: dict[str, Column] = {}
    for table in tables:
        found |= {column.name: column for column in table.columns if column.name not in found}
    years = sorted((c for c in found.values() if c.name[:1].isdigit()), key=lambda c: c.name)
    order: list[Column] = []
    for column in found.values():
        order += [column] if column not in years else [] if years[0] in order else years
    return order


def _cell(
    sheet: Any, at: tuple[int, int], value: Any, kind: str, formats: dict[str, Any],
    *, total: str,
) -> None:  # fmt: skip
    if value is None:
        return
    if kind == "text":
        sheet.write_string(*at, str(value), formats.get(f"text{total}"))
        return
    number = value / CENTS_PER_RAND if kind == "rand" else value
    sheet.write_number(*at, number, formats[f"{kind}{total}"])
