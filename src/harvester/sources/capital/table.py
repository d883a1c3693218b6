"""What SA36 (capital budget) and SC36 (capital actuals) sheets have in common.

Both list projects under the same twelve headings, then amounts whose headings say phase, month
and year in whatever order the vintage has them (FORMATS 1 and 2). Amounts are whole rand: the
label ``R thousands`` above them is wrong and is never followed.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harvester.domain.documents import Phase
from harvester.domain.periods import Calendar, FinancialYear, parse_year_label
from harvester.sources import problem_kinds as kinds
from harvester.sources.tables.headers import find_header, match_columns
from harvester.sources.tables.workbook import column_letter
from harvester.sources.values.dates import month_number

if TYPE_CHECKING:
    from harvester.sources.reading import Builder
    from harvester.sources.tables.headers import Header
    from harvester.sources.tables.workbook import Sheet

SYNONYMS = {
    "function": "function_text", "function name": "function_text",
    "municipal vote": "function_text", "municipal vote capital project": "function_text",
    "vote": "function_text", "project description": "name", "project name": "name",
    "program project description": "name", "programme project description": "name",
    "project description name": "name", "description": "name", "project number": "source_code",
    "project no": "source_code", "project code": "source_code", "project id": "source_code",
    "project": "name", "type": "nature_text", "project type": "nature_text",
    "new or renewal": "nature_text", "new renewal upgrading": "nature_text",
    "mtsf service outcome": "outcome_text", "mtsf outcome": "outcome_text",
    "iudf": "iudf_text", "iudf goal": "iudf_text", "own strategic objectives": "objective_text",
    "own strategic objective": "objective_text", "idp goal code": "objective_text",
    "idp goal code 2": "objective_text", "asset class": "asset_class_text",
    "asset class 4": "asset_class_text", "asset sub class": "asset_subclass_text",
    "asset subclass": "asset_subclass_text", "asset sub class 4": "asset_subclass_text",
    "ward location": "location_text", "ward": "location_text", "wards": "location_text",
    "location": "location_text", "gps longitude": "longitude", "longitude": "longitude",
    "gps latitude": "latitude", "latitude": "latitude", "gps co ordinates": "points",
    "gps co ordinates 5": "points", "gps coordinates": "points",
    "total project estimate": "total_cost_cents", "total project cost": "total_cost_cents",
    "funding source": "fund_text", "funding": "fund_text", "source of funding": "fund_text",
}  # fmt: skip
"""Headings (as :func:`header_key` writes them) to fields."""

WANTED = ("function_text", "name", "source_code", "location_text")
NAMES_OF_FIELDS = {
    "function_text": "Function", "name": "Project Description", "source_code": "Project Number",
    "location_text": "Ward Location",
}  # fmt: skip
_MONTH = re.compile(r"\bm\s?(0?[1-9]|1[0-2])\b")
_QUARTER = re.compile(r"\bq\s?([1-4])\b|\bquarter ([1-4])\b")
_YTD = re.compile(r"\bytd\b|\byear to date\b")
_PHASES = (
    (re.compile(r"\baudited\b|\bpre audit\b|\bprior year outcome"), Phase.AUDITED),
    (re.compile(r"\bforecast\b"), Phase.FORECAST),
    (re.compile(r"\badjust(?:ed|ments?)\b"), Phase.ADJUSTED),
    (re.compile(r"\bbudget\b|\bmedium term\b|\bmtre?f\b"), Phase.BUDGET),
)


@dataclass(frozen=True)
class AmountColumn:
    """A column of amounts. ``span`` is ``year``, ``month``, ``quarter`` or ``ytd``; ``number`` the
    month (1 is July) or quarter."""

    index: int
    letter: str
    header: str
    phase: Phase
    span: str
    number: int
    year: FinancialYear | None


@dataclass
class CapitalTable:
    """One sheet's table: where its heading is, its field columns and its amount columns."""

    sheet: Sheet
    header: Header
    fields: dict[str, int]
    amounts: list[AmountColumn]
    repeated: list[tuple[int, int]]
    rest: list[int]

    def years_of(self, phase: Phase) -> list[int]:
        """Start years of the whole-year columns of a phase, sorted."""
        found = (c for c in self.amounts if c.phase is phase and c.span == "year" and c.year)
        return sorted(c.year.start for c in found if c.year)

    @property
    def has_months(self) -> bool:
        """Whether it has columns of months, quarters or the year to date: it is an SC36."""
        return any(c.span != "year" for c in self.amounts)


def find_table(sheet: Sheet) -> CapitalTable | None:
    """The table of a sheet, or ``None`` when it has no such heading or no amounts."""
    header = find_header(sheet, SYNONYMS, least=3)
    if header is None:
        return None
    columns = match_columns(header, SYNONYMS)
    if "source_code" not in columns.fields and "name" not in columns.fields:
        return None
    amounts, rest = [], []
    for i in columns.rest:
        column = _amount_column(i, header)
        if column is None:
            rest.append(i)
        else:
            amounts.append(column)
    amounts, twice = _once(amounts)
    if not amounts:
        return None
    return CapitalTable(sheet, header, columns.fields, amounts, columns.repeated + twice, rest)


def _once(amounts: list[AmountColumn]) -> tuple[list[AmountColumn], list[tuple[int, int]]]:
    """The amount columns, each meaning once, and (column, kept column) of those left out."""
    kept: dict[tuple[object, ...], AmountColumn] = {}
    twice = []
    for column in amounts:
        meaning = (column.phase, column.span, column.number, column.year or column.index)
        if meaning in kept:
            twice.append((column.index, kept[meaning].index))
        else:
            kept[meaning] = column
    return list(kept.values()), twice


def _amount_column(index: int, header: Header) -> AmountColumn | None:
    label, own = header.labels[index], header.own_keys[index]
    key = header.keys[index]
    span, number = _span_of(own)
    phase = Phase.ACTUAL if span != "year" else _phase_of(own) or _phase_of(key)
    if phase is None:
        return None
    start = _year_of(header.own[index], label)
    year = None if start is None else FinancialYear(start, Calendar.MUNICIPAL)
    return AmountColumn(index, column_letter(index), label, phase, span, number, year)


def _span_of(key: str) -> tuple[str, int]:
    if _YTD.search(key):
        return "ytd", 0
    if found := _MONTH.search(key):
        return "month", int(found[1])
    if found := _QUARTER.search(key):
        return "quarter", int(found[1] or found[2])
    if "actual" in key.split():
        months = [m for m in map(month_number, key.split()) if m]
        if len(months) == 1:
            return "month", (months[0] - 7) % 12 + 1
    return "year", 0


def _phase_of(key: str) -> Phase | None:
    return next((phase for words, phase in _PHASES if words.search(key)), None)


def _year_of(own: str, label: str) -> int | None:
    """Year of a heading; ``Budget Year +1`` counts from the year of its band."""
    stated = parse_year_label(own)
    if stated is not None:
        return stated
    band = parse_year_label(label)
    later = re.search(r"\+\s?([1-9])\b", own)
    return band + int(later[1]) if band is not None and later else band


def report_columns(builder: Builder, table: CapitalTable) -> None:
    """Note which column gave what, and what is missing, repeated, kept aside or without a year."""
    header = table.header
    for name, i in table.fields.items():
        builder.column(name, column_letter(i), header.labels[i])
    for column in table.amounts:
        builder.column("amount", column.letter, column.header)
        if column.year is None:
            builder.problem(kinds.COLUMN_YEAR_UNREADABLE.at(
                row=header.row, column=column.letter, header=column.header,
            ))  # fmt: skip
    for wanted in WANTED:
        if wanted not in table.fields:
            builder.problem(kinds.COLUMN_MISSING.at(row=header.row, wanted=NAMES_OF_FIELDS[wanted]))
    for i, kept in table.repeated:
        builder.problem(kinds.COLUMN_REPEATED.at(
            row=header.row, column=column_letter(i), header=header.labels[i],
            kept=column_letter(kept),
        ))  # fmt: skip
    for i in table.rest:
        builder.problem(kinds.COLUMN_KEPT_ASIDE.at(
            row=header.row, column=column_letter(i), header=header.labels[i],
        ))  # fmt: skip


def period_of(column: AmountColumn, last_month: int) -> tuple[dt.date, dt.date] | None:
    """First and last day a month, quarter or year-to-date column is for; ``None`` without a year."""
    if column.year is None:
        return None
    months = column.year.months
    first, last = {
        "month": (column.number, column.number),
        "quarter": (3 * column.number - 2, 3 * column.number),
        "ytd": (1, last_month),
    }.get(column.span, (1, 12))
    end = months[last - 1]
    return months[first - 1].first_day, type(end)(end.index + 1).first_day - dt.timedelta(days=1)
