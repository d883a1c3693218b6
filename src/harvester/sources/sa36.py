"""SA36: the detailed capital budget of municipalities, three years ahead (FORMATS 1).

One submission for each sheet that holds such a table. The financial year is the first budget
year; the published day is the one the figures were finalised at. A sheet that does not say
otherwise is taken as adopted, with a note, because National Treasury publishes adopted budgets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harvester.domain.documents import Document, Phase, Stage
from harvester.domain.errors import UnreadableFileError
from harvester.domain.periods import Calendar, FinancialYear
from harvester.sources import problem_kinds as kinds
from harvester.sources import sc36, title
from harvester.sources.capital import rows as capital_rows
from harvester.sources.capital.table import CapitalTable, find_table, report_columns
from harvester.sources.reading import Builder, assemble
from harvester.sources.tables.workbook import opened
from harvester.sources.values.amounts import cell_text

if TYPE_CHECKING:
    from harvester.sources.reading import Reading, ReadOptions, SourceFile
    from harvester.sources.tables.workbook import Sheet, Workbook

NAME = "sa36"
VERSION = "1"
_WANTED = "a capital budget (SA36)"


def detect(source: SourceFile) -> bool:
    """Whether any sheet holds an SA36 table, by its title or by its headings."""
    return any(is_budget(sheet) for sheet in opened.of(source).sheets)


def is_budget(sheet: Sheet) -> bool:
    """Whether a sheet's title says SA36, or it has its headings and a budget year but no months."""
    table = find_table(sheet)
    if table is None:
        return False
    said = title.read_title(sheet, table.header.row).table
    if said:
        return said == "SA36"
    own = {"source_code", "function_text", "asset_class_text"} <= set(table.fields)
    return own and not table.has_months and bool(table.years_of(Phase.BUDGET))


def read(source: SourceFile, options: ReadOptions) -> Reading:
    """Every SA36 sheet of a workbook.

    Raises ``UnreadableFileError`` when no sheet has the headings of one.
    """
    book = opened.of(source)
    found = _tables(book, forced=bool(options.format))
    if not found:
        names = ", ".join(s.name for s in book.sheets) or "none"
        raise UnreadableFileError(
            f"No sheet has the headings of an SA36 table (sheets: {names}).",
            where=source.name,
            mend="The heading row must name Function, Project Description, Project Number and "
            "the budget years.",
        )
    builders = []
    for part, sheet, table in found:
        builder = Builder(
            source, NAME, VERSION, part, sheet.name, Document.BUDGET, Calendar.MUNICIPAL,
        )  # fmt: skip
        _read_sheet(builder, table, options)
        builders.append(builder)
    builders += _actuals_beside(source, book, options)
    read_too = {builder.part for builder in builders}
    passed = [sheet for part, sheet in enumerate(book.sheets) if part not in read_too]
    capital_rows.report_sheets(builders, _WANTED, passed, book)
    return assemble(builders)


def _actuals_beside(source: SourceFile, book: Workbook, options: ReadOptions) -> list[Builder]:
    """The SC36 sheets of the same workbook, unless a person wants its SA36 alone."""
    if options.format:
        return []
    return [
        sc36.read_part(source, part, table, options)
        for part, sheet in enumerate(book.sheets)
        if sc36.is_actuals(sheet) and (table := find_table(sheet)) is not None
    ]


def _tables(book: Workbook, *, forced: bool) -> list[tuple[int, Sheet, CapitalTable]]:
    """Part, sheet and table of each sheet that is an SA36."""
    found = []
    for part, sheet in enumerate(book.sheets):
        table = find_table(sheet)
        if table is not None and (is_budget(sheet) or (forced and not table.has_months)):
            found.append((part, sheet, table))
    return found


def _read_sheet(builder: Builder, table: CapitalTable, options: ReadOptions) -> None:
    said = title.read_title(table.sheet, table.header.row)
    builder.title, builder.published_on = said.text, said.as_at
    for problem in table.sheet.problems:
        builder.problem(problem)
    title.settle_municipality(builder, said, options)
    title.settle_stage(builder, said.text, Stage.ADOPTED, options)
    report_columns(builder, table)
    _settle_year(builder, table, options)
    largest, count = _read_rows(builder, table)
    capital_rows.judge_unit(builder, said.unit, said.unit_row, largest, count)
    if not builder.entry_count:
        builder.problem(kinds.NO_ROWS.at())


def _settle_year(builder: Builder, table: CapitalTable, options: ReadOptions) -> None:
    """The first budget year; a forecast whose next year is missing shows that a column is lost."""
    budget, forecast = table.years_of(Phase.BUDGET), table.years_of(Phase.FORECAST)
    title.settle_year(builder, budget[0] if budget else None, options)
    if budget and forecast and budget[0] != forecast[-1] + 1:
        lost = FinancialYear(forecast[-1] + 1, Calendar.MUNICIPAL).label
        builder.problem(kinds.COLUMN_MISSING.at(row=table.header.row, wanted=f"Budget year {lost}"))


def _read_rows(builder: Builder, table: CapitalTable) -> tuple[int, int]:
    """Add every entry and its lines; returns the largest amount in cents and how many there are."""
    columns = {c.index: c for c in table.amounts if c.span == "year"}
    largest, count = 0, 0
    for entry_id, row, amounts in capital_rows.BodyReader(builder, table).entries():
        cells = row.cells
        for i, cents in amounts.items():
            column = columns.get(i)
            if column is None:
                continue
            builder.line(
                entry_id,
                cents,
                column.phase,
                f"{column.letter}{row.number}",
                column.header,
                cell_text(cells[i]),
                year=column.year,
            )
            count += 1
            largest = max(largest, abs(cents))
    return largest, count
