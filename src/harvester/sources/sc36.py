"""SC36: what municipalities spent on each capital project, month by month (FORMATS 2).

Actuals are taken from the months; from a quarter only where none of its months is given, and from
the year to date only where neither months nor quarters are, so that nothing counts twice. Where
quarters or the year to date do not agree with the months, a problem says so. Budget and spending
of one project may stand on different rows; every row is kept. Negative months (journals) are kept.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from harvester.domain.documents import Document, Phase, Stage
from harvester.domain.errors import UnreadableFileError
from harvester.domain.periods import Calendar, FinancialYear
from harvester.sources import problem_kinds as kinds
from harvester.sources import title
from harvester.sources.capital import rows as capital_rows
from harvester.sources.capital.table import (
    AmountColumn,
    CapitalTable,
    find_table,
    period_of,
    report_columns,
)
from harvester.sources.reading import Builder, assemble
from harvester.sources.tables.workbook import opened
from harvester.sources.values.amounts import cell_text, rand_words

if TYPE_CHECKING:
    from harvester.sources.reading import Reading, ReadOptions, SourceFile
    from harvester.sources.tables.workbook import Row, Sheet
    from harvester.sources.title import Title

NAME = "sc36"
VERSION = "1"
_WANTED = "capital budget and actuals (SC36)"
_LAST_MONTH = 12


def detect(source: SourceFile) -> bool:
    """Whether any sheet holds an SC36 table, by its title or by its months."""
    return any(is_actuals(sheet) for sheet in opened.of(source).sheets)


def is_actuals(sheet: Sheet) -> bool:
    """Whether a sheet's title says SC36, or it has capital headings and columns of months."""
    table = find_table(sheet)
    if table is None:
        return False
    said = title.read_title(sheet, table.header.row).table
    own = {"source_code", "function_text", "asset_class_text"} <= set(table.fields)
    return said == "SC36" if said else own and table.has_months


def read(source: SourceFile, options: ReadOptions) -> Reading:
    """Every SC36 sheet of a workbook.

    Raises ``UnreadableFileError`` when no sheet has the headings of one.
    """
    book = opened.of(source)
    builders, passed = [], []
    for part, sheet in enumerate(book.sheets):
        table = find_table(sheet)
        if table is None or not (is_actuals(sheet) or (options.format and table.has_months)):
            passed.append(sheet)
            continue
        builders.append(read_part(source, part, table, options))
    if not builders:
        names = ", ".join(s.name for s in book.sheets) or "none"
        raise UnreadableFileError(
            f"No sheet has the headings of an SC36 table (sheets: {names}).",
            where=source.name,
            mend="The heading row must name Function, Project Description, Project Number and "
            "the months M01 to M12.",
        )
    capital_rows.report_sheets(builders, _WANTED, passed, book)
    return assemble(builders)


def read_part(source: SourceFile, part: int, table: CapitalTable, options: ReadOptions) -> Builder:
    """One sheet's table as one submission."""
    name = table.sheet.name
    builder = Builder(source, NAME, VERSION, part, name, Document.IN_YEAR, Calendar.MUNICIPAL)
    _read_sheet(builder, table, options)
    return builder


def _read_sheet(builder: Builder, table: CapitalTable, options: ReadOptions) -> None:
    said = title.read_title(table.sheet, table.header.row)
    builder.title, builder.published_on = said.text, said.as_at
    for problem in table.sheet.problems:
        builder.problem(problem)
    title.settle_municipality(builder, said, options)
    builder.stage = Stage(options.stage) if options.stage else Stage.IN_YEAR
    year = title.settle_year(builder, _year_of(table, said), options)
    if year is not None:
        _date_actuals(table, FinancialYear(year, Calendar.MUNICIPAL))
    report_columns(builder, table)
    last_month = said.month or _last_month_filled(table)
    _doubt_early_audits(builder, table, year, last_month)
    largest, count = _Actuals(builder, table, last_month).read_all()
    capital_rows.judge_unit(builder, said.unit, said.unit_row, largest, count)
    if not builder.entry_count:
        builder.problem(kinds.NO_ROWS.at())


def _year_of(table: CapitalTable, said: Title) -> int | None:
    """The year most actuals are of, else the one the period of the title falls in."""
    years = Counter(c.year.start for c in table.amounts if c.span != "year" and c.year)
    if years:
        return max(years, key=lambda y: (years[y], y))
    if said.as_at is not None:
        return FinancialYear.containing(said.as_at, Calendar.MUNICIPAL).start
    budget = table.years_of(Phase.ADJUSTED) + table.years_of(Phase.BUDGET)
    return budget[0] if budget else None


def _date_actuals(table: CapitalTable, year: FinancialYear) -> None:
    """Months whose headings name no year are of the sheet's own year."""
    table.amounts = [
        replace(column, year=year) if column.year is None and column.span != "year" else column
        for column in table.amounts
    ]


def _last_month_filled(table: CapitalTable) -> int:
    """The last month with any amount, for a sheet whose title names no period."""
    filled = {c.index: c.number for c in table.amounts if c.span == "month"}
    found = {
        number
        for row in table.sheet.rows
        if row.number > table.header.row
        for i, number in filled.items()
        if i < len(row.cells) and row.cells[i] is not None
    }
    return max(found, default=_LAST_MONTH)


def _doubt_early_audits(
    builder: Builder,
    table: CapitalTable,
    year: int | None,
    last_month: int,
) -> None:
    for column in table.amounts:
        audited = column.phase is Phase.AUDITED and column.year is not None
        if not audited or year is None or last_month == _LAST_MONTH:
            continue
        filled = any(
            column.index < len(row.cells) and row.cells[column.index] is not None
            for row in table.sheet.rows
            if row.number > table.header.row
        )
        if column.year is not None and column.year.start >= year and filled:
            builder.problem(kinds.AMOUNT_AUDITED_EARLY.at(
                row=table.header.row, column=column.letter, header=column.header,
            ))  # fmt: skip


@dataclass
class _Actuals:
    """Adds the rows of one sheet, choosing which actuals count."""

    builder: Builder
    table: CapitalTable
    last_month: int

    def read_all(self) -> tuple[int, int]:
        """Add every entry and line; returns the largest amount in cents and how many there are."""
        by_span: dict[str, list[AmountColumn]] = {"year": [], "month": [], "quarter": [], "ytd": []}
        for column in self.table.amounts:
            by_span[column.span].append(column)
        largest, count = 0, 0
        for entry_id, row, amounts in capital_rows.BodyReader(self.builder, self.table).entries():
            chosen = [c for c in by_span["year"] if c.index in amounts]
            chosen += self._actuals(row, amounts, by_span)
            for column in chosen:
                self._line(entry_id, row, column, amounts[column.index])
                largest = max(largest, abs(amounts[column.index]))
            count += len(chosen)
        return largest, count

    def _actuals(
        self,
        row: Row,
        amounts: dict[int, int],
        by_span: dict[str, list[AmountColumn]],
    ) -> list[AmountColumn]:
        months = [
            c for c in by_span["month"] if c.index in amounts and self._reported(row, c, amounts)
        ]
        chosen = list(months)
        for quarter in by_span["quarter"]:
            if quarter.index not in amounts:
                continue
            own = [m for m in months if (m.number - 1) // 3 + 1 == quarter.number]
            if own:
                self._compare(row, quarter, amounts, own)
            elif self._reported(row, quarter, amounts):
                chosen.append(quarter)
        for total in by_span["ytd"]:
            if total.index not in amounts:
                continue
            if chosen:
                self._compare(row, total, amounts, chosen)
            else:
                chosen = [total]
        return chosen

    def _reported(self, row: Row, column: AmountColumn, amounts: dict[int, int]) -> bool:
        """Whether an amount is of the period: a zero after its end says nothing, more is doubted."""
        first_month = column.number if column.span == "month" else 3 * column.number - 2
        if first_month <= self.last_month:
            return True
        if amounts[column.index] == 0:
            return False
        self.builder.problem(kinds.AMOUNT_AFTER_PERIOD.at(
            row=row.number, column=column.letter, header=column.header,
            value=cell_text(row.cells[column.index]), period=f"M{self.last_month:02d}",
        ))  # fmt: skip
        return True

    def _compare(
        self,
        row: Row,
        total: AmountColumn,
        amounts: dict[int, int],
        parts: list[AmountColumn],
    ) -> None:
        """A total must be the sum of its parts, to the rand each part may be rounded by."""
        summed = sum(amounts[p.index] for p in parts)
        if abs(summed - amounts[total.index]) <= 100 * len(parts):
            return
        self.builder.problem(kinds.AMOUNT_CHECK_FAILED.at(
            row=row.number, column=total.letter, header=total.header,
            value=rand_words(amounts[total.index]), total=rand_words(summed),
            parts=f"{parts[0].letter} to {parts[-1].letter}", used="the sum of the parts",
        ))  # fmt: skip

    def _line(self, entry_id: str, row: Row, column: AmountColumn, cents: int) -> None:
        self.builder.line(
            entry_id,
            cents,
            column.phase,
            f"{column.letter}{row.number}",
            column.header,
            cell_text(row.cells[column.index]),
            year=column.year,
            period=period_of(column, self.last_month),
        )
