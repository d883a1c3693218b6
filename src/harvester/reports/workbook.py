"""The workbook of a report: everything the page shows, and all that did not fit on it."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import xlsxwriter

from harvester.alignment.indicators import INDICATORS
from harvester.linkage.relations import said
from harvester.reports import aligned, money, read, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from harvester.reports.view import Books

MOST_ROWS = 1_000_000
"""A sheet holds 1 048 576 rows; beyond this the Summary sheet says how many were left out."""

_LONGEST_TEXT = 32_000
_EVERYTHING = 1_000_000_000
_UNDATED = dt.date(2000, 1, 1)

_PROBLEMS = f"""{read.PROBLEMS_IN_SCOPE}
SELECT * FROM found ORDER BY {read.BY_SEVERITY}, submission_id, "row" NULLS FIRST, problem_id
"""

_MONEY = f"""
SELECT b.*, coalesce(a.name, '') AS area, coalesce(s.financial_year, 'unknown') AS paper_year,
  coalesce(s.file, '') AS file
FROM spatial_budget b LEFT JOIN submissions s USING (submission_id)
LEFT JOIN (SELECT DISTINCT ON (area_id) area_id, name FROM areas ORDER BY area_id) a USING (area_id)
WHERE ($metro = '' AND b.layer = {money.MUNICIPAL_LAYER}) OR b.metro = $metro
ORDER BY b.layer, b.area_id, b.document, b.year, b.phase, b.sphere, b.owner, b."function",
  b."grant", b.place_class, b.metro, b.submission_id
"""

_MONEY_NOTE = (
    "Every layer holds all the money once: filter one layer before adding up (the country's workbook "
    "has the municipalities, each metro's has its finer layers too). Documents overlap and later "
    "papers repeat earlier ones: filter one document and one paper. Years are municipal (July to "
    "June); April to March years are set on them by month."
)

_INDICATORS = """
SELECT * FROM indicators WHERE $metro = '' OR metro = $metro OR metro = 'all'
ORDER BY indicator, metro, sphere, year
"""

_PROJECTS = """
SELECT * FROM undertakings WHERE $metro = '' OR metro = $metro ORDER BY undertaking_id
"""

_RELATED = """
SELECT r.*, a.name AS from_name, b.name AS to_name FROM relations r
JOIN undertakings a ON a.undertaking_id = r.from_undertaking
JOIN undertakings b ON b.undertaking_id = r.to_undertaking
WHERE $metro = '' OR a.metro = $metro OR b.metro = $metro
ORDER BY r.from_undertaking, r.to_undertaking, r.kind
"""

# An id of no living successor says its municipality in the id itself.
_EARLIER_IDS = """
SELECT r.* FROM redirects r LEFT JOIN undertakings u ON u.undertaking_id = r.now_id
WHERE $metro = '' OR u.metro = $metro OR split_part(r.undertaking_id, '-', 2) = $metro
ORDER BY r.undertaking_id, r.now_id
"""


@dataclass(frozen=True)
class Column:
    """One column of a sheet: heading, width in characters, how to take its value from a row.

    ``kind``: text, whole, rand (cents in the row), share, day.
    """

    heading: str
    width: int
    kind: str
    take: Callable[[dict[str, Any]], Any]


def _of(heading: str, width: int, kind: str, field: str) -> Column:
    return Column(heading, width, kind, lambda row: row[field])


def _named(heading: str, width: int, name: Callable[[str], str], field: str) -> Column:
    return Column(heading, width, "text", lambda row: name(row[field]))


READ = (
    _of("Publisher", 28, "text", "publisher"), _of("Document", 30, "text", "paper"),
    _of("Financial year", 12, "text", "financial_year"), _of("Calendar", 11, "text", "calendar"),
    _of("Stage", 10, "text", "stage"), _of("Published", 12, "day", "published_on"),
    _of("Age", 12, "text", "age"), _of("Rows about this place", 12, "whole", "rows_here"),
    _of("Rows", 9, "whole", "entries"), _of("Amounts", 9, "whole", "lines"),
    _of("Rejected rows", 9, "whole", "rejected_rows"), _of("Errors", 8, "whole", "errors"),
    _of("Warnings", 9, "whole", "warnings"), _of("File", 36, "text", "file"),
    _of("Sheet", 12, "text", "sheet"), _of("Reader", 12, "text", "reader_version"),
    _of("SHA-256 of the file", 66, "text", "sha256"),
)  # fmt: skip

PROBLEMS = (
    _of("Severity", 9, "text", "severity"), _of("Kind", 26, "text", "code"),
    _of("What is wrong", 60, "text", "message"), _of("How to mend it", 60, "text", "mend"),
    _of("File", 32, "text", "file"), _of("Sheet", 12, "text", "sheet"),
    _of("Row", 7, "whole", "row"), _of("Column", 8, "text", "column"),
    _of("Heading", 20, "text", "header"), _of("Value", 30, "text", "value"),
    _of("Stage", 9, "text", "stage"), _of("Problem", 26, "text", "problem_id"),
)  # fmt: skip

MONEY = (
    _of("Layer", 16, "text", "layer"), _of("Area", 26, "text", "area"),
    _of("Area id", 24, "text", "area_id"), _of("Municipality", 12, "text", "metro"),
    _of("Sphere", 11, "text", "sphere"), _named("Owner", 28, words.institution, "owner"),
    _named("Document", 28, words.document, "document"),
    _named("Function", 22, words.function, "function"), _of("Grant", 10, "text", "grant"),
    _of("Phase", 12, "text", "phase"), _of("Municipal year (Jul-Jun)", 13, "text", "year"),
    _of("Place class", 15, "text", "place_class"), _of("Rand", 20, "rand", "amount_cents"),
    _of("Rows it comes from", 10, "whole", "entries"),
    _of("Paper of", 10, "text", "paper_year"),
    _of("File", 32, "text", "file"),
)  # fmt: skip

_DECLARED = {declared.id: declared for declared in INDICATORS}


def _declared(heading: str, width: int, field: str) -> Column:
    def take(row: dict[str, Any]) -> str:
        return str(getattr(_DECLARED.get(row["indicator"]), field, ""))

    return Column(heading, width, "text", take)


def _measured(heading: str, field: str) -> Column:
    """A weight in rand where the indicator is of rand, else a count."""

    def take(row: dict[str, Any]) -> float:
        declared = _DECLARED.get(row["indicator"])
        return row[field] / 100 if declared and declared.unit == "rand" else row[field]

    return Column(heading, 18, "number", take)


INDICATOR_COLUMNS = (
    _of("Indicator", 10, "text", "indicator"), _declared("Name", 26, "name"),
    _of("Municipality", 12, "text", "metro"), _of("Sphere", 11, "text", "sphere"),
    _of("Municipal year (Jul-Jun)", 13, "text", "year"), _of("Value", 9, "share", "value"),
    _of("Band low (9 in 10)", 10, "share", "low"), _of("Band high", 9, "share", "high"),
    _of("Bound low", 9, "share", "bound_low"), _of("Bound high", 9, "share", "bound_high"),
    _measured("Counts", "numerator"), _measured("Measured against", "denominator"),
    _measured("Unknown", "unknown"), _declared("Unit", 8, "unit"),
    _of("Items", 8, "whole", "items"), _declared("Formula", 60, "formula"),
    _declared("Reading", 60, "reading"), _declared("Source", 40, "source"),
)  # fmt: skip

FINDINGS = (
    _of("Severity", 9, "text", "severity"), _of("Detector", 9, "text", "detector"),
    _of("Title", 30, "text", "title"), _of("Statement", 80, "text", "statement"),
    _of("Municipality", 12, "text", "metro"), _of("Year", 9, "text", "year"),
    _of("Parties", 24, "text", "parties"), _of("Spheres", 18, "text", "spheres"),
    _named("Function", 20, words.function, "function"), _of("Rand at stake", 18, "rand", "rand_cents"),
    _of("Band low", 18, "rand", "rand_low_cents"), _of("Band high", 18, "rand", "rand_high_cents"),
    _of("People in reach", 10, "whole", "people"), _of("Confidence", 10, "share", "confidence"),
    _of("Offering", 22, "text", "offering_name"), _of("Forum", 26, "text", "forum_name"),
    _of("Undertaking", 20, "text", "undertaking_id"), _of("Finding", 30, "text", "finding_id"),
)  # fmt: skip

EVIDENCE = (
    _of("Finding", 30, "text", "finding_id"), _of("Order", 6, "whole", "n"),
    _of("What it shows", 40, "text", "note"), _of("File", 36, "text", "file"),
    _of("Sheet", 12, "text", "sheet"), _of("Cell", 8, "text", "cell"),
    _of("Its own text", 50, "text", "value"), _of("Entry", 24, "text", "entry_id"),
    _of("Undertaking", 20, "text", "undertaking_id"),
)  # fmt: skip

PROJECTS = (
    _of("Undertaking", 20, "text", "undertaking_id"), _of("Project", 60, "text", "name"),
    _of("Municipality", 12, "text", "metro"), _of("Sphere", 11, "text", "sphere"),
    _named("Owner", 28, words.institution, "owner"),
    _named("Function", 20, words.function, "function"), _of("Documents", 28, "text", "documents"),
    _of("Named by", 20, "text", "institutions"), _of("Rows", 7, "whole", "entries"),
    _of("Plan money", 18, "rand", "amount_cents"), _of("Place class", 15, "text", "place_class"),
    _of("Links sure", 10, "share", "confidence"),
)  # fmt: skip

RELATED = (
    _of("Undertaking", 20, "text", "from_undertaking"), _of("Project", 50, "text", "from_name"),
    Column("What it is", 22, "text", lambda row: said(row["kind"], forward=True)),
    _of("of undertaking", 20, "text", "to_undertaking"), _of("Its name", 50, "text", "to_name"),
    _of("Sure", 8, "share", "probability"), _of("Decided", 10, "text", "decided"),
    Column("Why", 80, "text", lambda row: "; ".join(
        reason["reason"] for reason in json.loads(row["reasons"]))),
)  # fmt: skip

EARLIER_IDS = (
    _of("Earlier id", 20, "text", "undertaking_id"), _of("Last known as", 60, "text", "name"),
    _of("What became of it", 16, "text", "kind"), _of("Undertaking now", 20, "text", "now_id"),
)  # fmt: skip

COVERAGE = (
    _of("Who", 28, "text", "name"), _of("Code", 12, "text", "institution"),
    _of("What", 30, "text", "paper"), _of("For", 20, "text", "metros"),
    _of("Year", 10, "text", "year"), _of("Due", 12, "day", "due_on"),
    _of("State", 10, "text", "state"), _of("Late by", 11, "text", "late_by"),
    _of("Submissions", 40, "text", "received"), _of("Rule", 22, "text", "rule"),
)  # fmt: skip


class _Book:
    """An open workbook with its formats. Text is always written as text, never as a formula."""

    def __init__(self, path: Path, created: dt.date, title: str) -> None:
        self.book = xlsxwriter.Workbook(
            str(path),
            {
                "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
                "strings_to_numbers": False, "default_date_format": "d mmm yyyy",
            },
        )  # fmt: skip
        self.book.set_properties(
            {"title": title, "created": dt.datetime(created.year, created.month, created.day)}  # noqa: DTZ001 - the format has no zone
        )
        self.formats = {
            "head": self.book.add_format(
                {
                    "bold": True,
                    "text_wrap": True,
                    "valign": "top",
                    "bottom": 2,
                    "bg_color": "#E7EFEA",
                }
            ),
            "whole": self.book.add_format({"num_format": "#,##0"}),
            "number": self.book.add_format({"num_format": "#,##0.00"}),
            "rand": self.book.add_format({"num_format": '"R" #,##0.00'}),
            "share": self.book.add_format({"num_format": "0.0%"}),
            "day": self.book.add_format({"num_format": "d mmm yyyy", "align": "left"}),
            "bold": self.book.add_format({"bold": True}),
        }
        self.left_out: dict[str, int] = {}

    def sheet(self, name: str, columns: tuple[Column, ...], rows: Iterable[dict[str, Any]]) -> None:
        """One sheet: frozen headings, a filter on them, one row each."""
        sheet = self.book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for at, column in enumerate(columns):
            sheet.set_column(at, at, column.width)
            sheet.write_string(0, at, column.heading, self.formats["head"])
        count = 0
        for row in rows:
            count += 1
            if count > MOST_ROWS:
                continue
            for at, column in enumerate(columns):
                self.cell(sheet, count, at, column, row)
        self.left_out[name] = max(0, count - MOST_ROWS)
        sheet.autofilter(0, 0, min(count, MOST_ROWS), len(columns) - 1)

    def cell(self, sheet: Any, row: int, at: int, column: Column, values: dict[str, Any]) -> None:
        """An unknown number or day stays an empty cell."""
        value = column.take(values)
        if value is None:
            return
        if column.kind == "text":
            sheet.write_string(row, at, str(value)[:_LONGEST_TEXT])
        elif column.kind == "day":
            sheet.write_datetime(row, at, value, self.formats["day"])
        else:
            number = value / 100 if column.kind == "rand" else value
            sheet.write_number(row, at, number, self.formats[column.kind])


def write(books: Books, metro: str, path: Path) -> None:
    """Write the workbook of one municipality, or of the country where ``metro`` is empty."""
    day = books.manifest.get("as_at")
    as_at = dt.date.fromisoformat(day) if day else None
    title = f"{words.institution(metro) if metro else 'South Africa'}: Combined Harvester report"
    book = _Book(path, as_at or _UNDATED, title)
    summary = book.book.add_worksheet("Summary")
    book.sheet("Read", READ, read.submissions(books, metro, as_at))
    book.sheet("Problems", PROBLEMS, books.rows(_PROBLEMS, metro=metro))
    book.sheet("Money", MONEY, books.rows(_MONEY, metro=metro))
    book.sheet("Indicators", INDICATOR_COLUMNS, books.rows(_INDICATORS, metro=metro))
    findings = aligned.findings(books, metro, _EVERYTHING)
    book.sheet("Findings", FINDINGS, findings)
    book.sheet("Evidence", EVIDENCE, (cell for row in findings for cell in row["evidence"]))
    book.sheet("Projects", PROJECTS, books.rows(_PROJECTS, metro=metro))
    book.sheet("Related projects", RELATED, books.rows(_RELATED, metro=metro))
    book.sheet("Earlier ids", EARLIER_IDS, books.rows(_EARLIER_IDS, metro=metro))
    book.sheet("Coverage", COVERAGE, read.expected(books, metro, as_at))
    _summary(book, summary, title, _summary_rows(books, metro, as_at))
    book.book.close()


def _summary_rows(books: Books, metro: str, as_at: dt.date | None) -> list[tuple[str, str, Any]]:
    """``label, kind, value`` of the Summary sheet."""
    found = money.headline(books, metro)
    manifest = books.manifest
    return [
        ("Harvest", "text", manifest["run"]),
        ("Digest", "text", manifest["digest"]),
        ("Judged as at", "day", as_at),
        ("Projects, each once", "whole", found["undertakings"]),
        ("Institutions that own them", "whole", found["owners"]),
        ("Plan money, each project once", "rand", found["cents"]),
        ("of it located, in several wards or a network", "rand", found["placed"]),
        ("of it city-wide or administrative", "rand", found["wide"]),
        ("of it nowhere stated", "rand", found["nowhere"]),
        ("Projects without an amount (unknown, not zero)", "whole", found["without_amount"]),
        ("Money sheet", "text", _MONEY_NOTE),
        ("Rand", "text", "Nominal. An empty cell is unknown, not zero."),
    ]  # fmt: skip


def _summary(book: _Book, sheet: Any, title: str, rows: list[tuple[str, str, Any]]) -> None:
    sheet.set_column(0, 0, 46)
    sheet.set_column(1, 1, 90)
    sheet.write_string(0, 0, title, book.formats["bold"])
    left = [(f"Rows left out of {name}", "whole", n) for name, n in book.left_out.items() if n]
    for at, (label, kind, value) in enumerate([*rows, *left], 2):
        sheet.write_string(at, 0, label)
        book.cell(sheet, at, 1, Column(label, 0, kind, lambda _, v=value: v), {})
