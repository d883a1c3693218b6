"""Workbooks for institutions to fill in: one per ready mapping, read back by the mapping reader.

Each holds a Read me sheet (the rules, the law), a Submission sheet (who, which year, how far),
the data sheet with lists to choose from, and a filled example that the reader passes over.
"""

from __future__ import annotations

import datetime as dt
import functools
from typing import TYPE_CHECKING, Any

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException
from xlsxwriter.utility import xl_col_to_name

from harvester.domain.documents import Stage
from harvester.domain.errors import UserError
from harvester.domain.periods import Calendar, FinancialYear, parse_year_label
from harvester.sources.mapping import definition as mapping_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from harvester.sources.mapping.definition import MappedColumn

README, SUBMISSION, EXAMPLE, LISTS = "Read me", "Submission", "Example", "Lists"
EXAMPLE_MARK = "EXAMPLE: this sheet is not read"
DEFAULT_YEAR = "2018/19"
"""Year in the headings when none is told; the Read me sheet says to change it."""

META = {
    "template": ("Template", "Which template this is; leave it as it is."),
    "institution": (
        "Institution code",
        "Code or name of the institution that publishes this list.",
    ),
    "financial_year": ("Financial year", "First financial year of the list, such as 2018/19."),
    "stage": ("Stage", "How far the document has come."),
    "published_on": ("Published on", "Day it was published, such as 2018-05-31."),
    "title": ("Title", "Title of the document."),
}
"""Rows of the Submission sheet: label and meaning."""

_ROWS_WITH_LISTS = 5_000
"""Lists and formats reach this many rows below the heading (or the last row given)."""

_A3 = 8
"""Excel's number of the paper size."""

_LONGEST_INLINE = 255
"""Excel's limit on a list written into the rule itself."""


def names() -> list[str]:
    """Names of the templates there are, in order of the alphabet."""
    return list(mapping_file.names())


def write_template(
    name: str,
    path: Path,
    rows: Iterable[Mapping[str, Any]] | None = None,
    meta: Mapping[str, Any] | None = None,
) -> None:
    """Write the template ``name`` to ``path`` (.xlsx), filled with ``rows`` when there are any.

    A row is ``{key: value, ..., "amounts": {"2018/19": 1.5, "USDG 2018/19": 2}}``: the keys are
    those of the mapping's columns (``key``, else ``field``), an amount's key is its financial year
    with its fund before it when there is one, amounts are rand. Values are written as they are
    given: text stays text, never a formula. ``meta`` fills the Submission sheet; its keys are
    those of :data:`META`, and ``financial_year`` sets the years of the amount headings.

    Raises :class:`UserError` for an unknown template, key or year, or when the file cannot be
    written.
    """
    mapping = mapping_file.ready(name)
    told = {"template": name, **(meta or {})}
    filled = [dict(row) for row in rows or ()]
    _check_keys(told, META, "meta")
    amounts = _amount_keys(mapping, str(told.get("financial_year") or DEFAULT_YEAR), filled)
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(str(path), options)
    # The same rows give the same bytes: no clock in the file.
    book.set_properties({"title": mapping.title, "created": dt.datetime(2018, 1, 1, tzinfo=dt.UTC)})
    try:
        _Writer(book, mapping, amounts).write(filled, told)
        book.close()
    except (OSError, XlsxWriterException) as error:
        raise UserError(
            f"the template cannot be written ({error}).",
            where=str(path),
            mend="Choose a folder that exists and that you may write to.",
        ) from error


def amount_header(mapping: mapping_file.Mapping, key: str) -> str:
    """The heading of the amounts column with key ``2018/19`` or ``USDG 2018/19``."""
    label, fund = _split_amount_key(key)
    if fund and "{fund}" not in mapping.amounts.header:
        return f"{fund} {label}"
    text = mapping.amounts.header.replace("{year}", label).replace("{fund}", fund)
    return " ".join(text.split())


def _split_amount_key(key: str) -> tuple[str, str]:
    """Year label and fund of an amount key."""
    start = parse_year_label(key)
    if start is None:
        raise UserError(
            f"amount {key!r} names no financial year.",
            where="rows",
            mend="Write it as 2018/19 or USDG 2018/19.",
        )
    label = FinancialYear(start, Calendar.MUNICIPAL).label
    return label, " ".join(key.replace(label, " ").split())


def _amount_keys(
    mapping: mapping_file.Mapping,
    year: str,
    rows: list[dict[str, Any]],
) -> list[str]:
    """Keys of the amount columns: the template's own years, and any other that a row has."""
    start = parse_year_label(year)
    if start is None:
        raise UserError(
            f"{year!r} is not a financial year.",
            where="financial_year",
            mend="Write it as 2018/19.",
        )
    years = [FinancialYear(start + n, mapping.calendar).label for n in range(mapping.amounts.years)]
    funds = mapping.amounts.funds or ("",)
    keys = [f"{fund} {label}".strip() for fund in funds for label in years]
    allowed = {c.key: c.header for c in mapping.columns} | {"amounts": ""}
    others: set[str] = set()
    for row in rows:
        _check_keys(row, allowed, "rows")
        others.update(row.get("amounts") or {})
    extra = sorted(others - set(keys), key=lambda k: tuple(reversed(_split_amount_key(k))))
    return keys + extra


def _check_keys(told: Mapping[str, Any], allowed: Mapping[str, Any], where: str) -> None:
    unknown = sorted(set(told) - set(allowed))
    if unknown:
        raise UserError(
            f"unknown keys {', '.join(unknown)}.",
            where=where,
            mend=f"Allowed: {', '.join(allowed)}.",
        )


@functools.cache
def _words_of(list_name: str) -> tuple[str, ...]:
    """Allowed words of a list of ``rules``."""
    from harvester.rules import codes, institutions

    if list_name == "municipalities":
        return tuple(sorted(i.name for i in institutions.load().all if i.sphere == "local"))
    known = codes.load(list_name)
    return tuple(known.label(code) for code in known.codes)


class _Writer:
    """Writes one template; holds its formats and where its lists lie."""

    def __init__(
        self,
        book: Workbook,
        mapping: mapping_file.Mapping,
        amounts: list[str],
    ) -> None:
        self.book = book
        self.mapping = mapping
        self.amounts = amounts
        base = {"font_name": "Arial", "font_size": 10, "valign": "top"}
        head = base | {"bold": True, "text_wrap": True, "border": 1, "valign": "vcenter"}
        self.formats = {
            "text": book.add_format(base | {"text_wrap": True}),
            "bold": book.add_format(base | {"bold": True}),
            "title": book.add_format(base | {"bold": True, "font_size": 14}),
            "mark": book.add_format(base | {"bold": True, "font_color": "#9C0006"}),
            "required": book.add_format(head | {"bg_color": "#1F4E5F", "font_color": "#FFFFFF"}),
            "law": book.add_format(head | {"bg_color": "#BFD8D2"}),
            "practice": book.add_format(head | {"bg_color": "#EEEEEE"}),
            "amount": book.add_format(base | {"num_format": "#,##0.00"}),
            "date": book.add_format(base | {"num_format": "yyyy-mm-dd"}),
            "coordinate": book.add_format(base | {"num_format": "0.000000"}),
            "number": book.add_format(base),
            "whole": book.add_format(base | {"num_format": "#,##0"}),
        }
        self._lists: dict[str, str] = {}

    def write(self, rows: list[dict[str, Any]], meta: dict[str, Any]) -> None:
        """All the sheets; the data sheet opens first when it is filled, else the Read me."""
        readme = self.book.add_worksheet(README)
        submission = self.book.add_worksheet(SUBMISSION)
        data = self.book.add_worksheet(self.mapping.sheet or "Data")
        example = self.book.add_worksheet(EXAMPLE)
        self.lists = self.book.add_worksheet(LISTS)
        self.lists.hide()
        self._readme(readme)
        self._submission(submission, meta)
        self._header(data, 0, with_notes=True)
        self._rules(data, 1, max(_ROWS_WITH_LISTS, len(rows)))
        for n, row in enumerate(rows, start=1):
            self._row(data, n, row)
        data.freeze_panes(1, 1)
        self._example(example)
        for sheet in (readme, submission, data, example):
            sheet.set_landscape()
            sheet.set_paper(_A3)
            sheet.fit_to_pages(1, 0)
        (data if rows else readme).activate()

    def _header(self, sheet: Worksheet, at: int, *, with_notes: bool) -> None:
        sheet.set_row(at, 45)
        for n, column in enumerate(self.mapping.columns):
            style = "required" if column.required else column.basis
            sheet.write_string(at, n, column.header, self.formats[style])
            sheet.set_column(n, n, _width(column))
            if with_notes:
                sheet.write_comment(at, n, _note(column), {"author": "", "x_scale": 1.6})
        style = "required" if self.mapping.amounts.required else self.mapping.amounts.basis
        for n, key in enumerate(self.amounts, start=len(self.mapping.columns)):
            sheet.write_string(at, n, amount_header(self.mapping, key), self.formats[style])
            sheet.set_column(n, n, 16)
            if with_notes:
                sheet.write_comment(at, n, self.mapping.amounts.meaning, {"author": ""})

    def _rules(self, sheet: Worksheet, first: int, last: int) -> None:
        for n, column in enumerate(self.mapping.columns):
            options = _number_rule(column) or self._list_rule(column)
            if options:
                sheet.data_validation(first, n, last, n, options)

    def _list_rule(self, column: MappedColumn) -> dict[str, Any] | None:
        """A list to choose from; other words are kept, with a warning, for they may be true."""
        words = column.values or (_words_of(column.list) if column.list else ())
        if not words:
            return None
        inline = ",".join(words)
        if len(inline) <= _LONGEST_INLINE and not any("," in w for w in words):
            source: Any = list(words)
        else:
            source = self._listed(column.list or column.key, words)
        return {
            "validate": "list",
            "source": source,
            "ignore_blank": True,
            "error_type": "warning",
            "error_title": "Not in the list",
            "error_message": "This is not in the list. Keep it all the same?",
        }

    def _listed(self, name: str, words: tuple[str, ...]) -> str:
        """Put a long list on the hidden sheet once; returns the range it lies in."""
        if name not in self._lists:
            at = len(self._lists)
            self.lists.write_string(0, at, name)
            for n, word in enumerate(words, start=1):
                self.lists.write_string(n, at, word)
            letter = xl_col_to_name(at)
            self._lists[name] = f"={LISTS}!${letter}$2:${letter}${len(words) + 1}"
        return self._lists[name]

    def _row(self, sheet: Worksheet, at: int, row: Mapping[str, Any]) -> None:
        for n, column in enumerate(self.mapping.columns):
            self._cell(sheet, at, n, row.get(column.key), column.type)
        amounts = row.get("amounts") or {}
        for n, key in enumerate(self.amounts, start=len(self.mapping.columns)):
            self._cell(sheet, at, n, amounts.get(key), "amount")

    def _cell(self, sheet: Worksheet, at: int, n: int, value: Any, kind: str) -> None:
        """Write a value as what it is: text is never made a number, a formula or a link."""
        style = self.formats.get(kind, self.formats["text"])
        if value is None or value == "":
            sheet.write_blank(at, n, None, style)
        elif isinstance(value, dt.date):
            sheet.write_datetime(at, n, value, self.formats["date"])
        elif isinstance(value, int | float) and not isinstance(value, bool):
            sheet.write_number(at, n, value, style)
        else:
            sheet.write_string(at, n, str(value), self.formats["text"])

    def _submission(self, sheet: Worksheet, meta: dict[str, Any]) -> None:
        sheet.set_column(0, 0, 20)
        sheet.set_column(1, 1, 40)
        sheet.set_column(2, 2, 70)
        for n, (key, (label, meaning)) in enumerate(META.items()):
            sheet.write_string(n, 0, label, self.formats["bold"])
            self._cell(sheet, n, 1, meta.get(key), "text")
            sheet.write_string(n, 2, meaning, self.formats["text"])
        stages = [str(s) for s in Stage]
        at = list(META).index("stage")
        sheet.data_validation(at, 1, at, 1, {"validate": "list", "source": stages})

    def _example(self, sheet: Worksheet) -> None:
        sheet.write_string(0, 0, EXAMPLE_MARK, self.formats["mark"])
        self._header(sheet, 1, with_notes=False)
        examples = self.mapping.amounts.examples
        amounts = (
            {key: examples[n % len(examples)] for n, key in enumerate(self.amounts)}
            if examples
            else {}
        )
        row = {c.key: c.example for c in self.mapping.columns}
        self._row(sheet, 2, {**row, "amounts": amounts})

    def _readme(self, sheet: Worksheet) -> None:
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 1, 90)
        sheet.hide_gridlines(2)
        sheet.write_string(0, 0, self.mapping.title, self.formats["title"])
        for n, (label, text) in enumerate(self._readme_lines(), start=2):
            sheet.write_string(n, 0, label, self.formats["bold"])
            sheet.write_string(n, 1, text, self.formats["text"])

    def _readme_lines(self) -> list[tuple[str, str]]:
        m = self.mapping
        year = "July to June" if m.calendar is Calendar.MUNICIPAL else "April to March"
        verified = (
            "The reference was read and checked."
            if m.verified
            else "NOT VERIFIED: nobody has checked this reference yet; do not take it as law."
        )
        lines = [
            ("Rests on", m.reference),
            ("", verified),
            ("What the law asks for", m.legal_minimum or "Nothing that we know of."),
            ("", ""),
            ("How to fill it in", f"1. Fill in the sheet {SUBMISSION}: who, which year, how far."),
            (
                "",
                f"2. One row per item on the sheet {m.sheet}. The sheet {EXAMPLE} shows one; it is not read.",
            ),
            (
                "",
                f"3. Amounts are whole rand by financial year ({year}). Change the years in the headings to yours; add columns for more years.",
            ),
            (
                "",
                "4. Leave a cell empty when you do not know. Empty is not zero; 0 means no money.",
            ),
            ("", "5. Your own columns may be added; they are kept. Do not rename the headings."),
            (
                "",
                "6. Dark headings must be filled in; green ones the law asks for; grey ones help.",
            ),
            ("", ""),
            ("Column", "Meaning"),
        ]
        lines += [(c.header, _note(c)) for c in m.columns]
        return [*lines, (amount_header(m, self.amounts[0]), m.amounts.meaning)]


def _number_rule(column: MappedColumn) -> dict[str, Any] | None:
    """A warning on a cell that is not the date or number its column asks for."""
    rules: dict[str, dict[str, Any]] = {
        "amount": {"validate": "decimal", "criteria": ">=", "value": -1e13},
        "number": {"validate": "decimal", "criteria": ">=", "value": -1e13},
        "whole": {"validate": "integer", "criteria": ">=", "value": 0},
        "coordinate": {"validate": "decimal", "criteria": "between", "minimum": -90, "maximum": 90},
        "date": {"validate": "date", "criteria": ">=", "value": dt.date(1990, 1, 1)},
    }
    found = rules.get(column.type)
    if found is None:
        return None
    return {
        **found,
        "error_type": "warning",
        "error_title": "Please check",
        "error_message": f"{column.header}: {column.meaning}"[:255],
    }


def _note(column: MappedColumn) -> str:
    must = "Required. " if column.required else ""
    law = "The law asks for it. " if column.basis == "law" else ""
    return f"{must}{law}{column.meaning}"


def _width(column: MappedColumn) -> int:
    return {"name": 40, "description": 40}.get(column.field, 14 if column.type != "text" else 22)
