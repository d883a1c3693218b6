"""IRM: infrastructure projects of provincial and national departments, one file a quarter
(FORMATS 3).

Headings are matched by name, so older and newer layouts, reordered and repeated columns are read
alike. The file does not say its financial year: it comes from the person, a label in the file or
the file's name. ``Adjustment`` columns that are zero throughout mean that nothing was adjusted yet.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harvester.domain.documents import Document, EntryKind, Phase, Sphere, Stage
from harvester.domain.periods import Calendar, FinancialYear, Month, parse_year_label
from harvester.rules import institutions
from harvester.sources import problem_kinds as kinds
from harvester.sources import title
from harvester.sources.headed import HeadedFormat, read_headed
from harvester.sources.irm_columns import (
    BUDGETS,
    KNOWN,
    MARKS,
    QUARTER_IN_NAME,
    TEXTS,
    WANTED,
    contractor,
    field_of,
)
from harvester.sources.tables.headers import Header, find_header, header_key
from harvester.sources.tables.workbook import column_letter, opened
from harvester.sources.values.amounts import cell_text, extras_text, rand_words, text_of
from harvester.sources.values.cells import CellReader, first_text

if TYPE_CHECKING:
    from typing import Any

    from harvester.sources.reading import Builder, Reading, ReadOptions, SourceFile
    from harvester.sources.tables.workbook import Row, Sheet

NAME = "irm"
VERSION = "1"


def detect(source: SourceFile) -> bool:
    """Whether any sheet has the headings of an IRM project list."""
    return any(_find(sheet) is not None for sheet in opened.of(source).sheets)


def _find(sheet: Sheet) -> Header | None:
    header = find_header(sheet, KNOWN, least=5)
    if header is None:
        return None
    fields = {KNOWN[k] for k in header.keys if k in KNOWN}
    named = "name" in fields and ("source_code" in fields or "other_code" in fields)
    return header if named and fields & MARKS else None


def read(source: SourceFile, options: ReadOptions) -> Reading:
    """Every sheet with IRM headings, each one submission.

    Raises ``UnreadableFileError`` when no sheet has them.
    """
    form = HeadedFormat(
        NAME,
        VERSION,
        Document.PROVINCIAL_PROJECTS,
        "an IRM project list",
        "The heading row must name Project ID, Project Name and the budget columns.",
        _find,
    )
    return read_headed(
        source,
        form,
        lambda builder, sheet, header: _List(builder, sheet, header, options).read(),
    )


@dataclass
class _List:
    """Reads one sheet."""

    builder: Builder
    sheet: Sheet
    header: Header
    options: ReadOptions
    columns: dict[str, list[int]] = field(default_factory=dict)
    rest: list[int] = field(default_factory=list)
    year: FinancialYear | None = None
    no_adjustment: bool = False
    seen: dict[str, int] = field(default_factory=dict)
    owners: dict[tuple[str, str], str | None] = field(default_factory=dict)

    def read(self) -> None:
        """Read the sheet into the builder."""
        self.cells = CellReader(self.builder, self.header)
        for problem in self.sheet.problems:
            self.builder.problem(problem)
        self._match()
        self._settle_year()
        self.builder.stage = Stage(self.options.stage) if self.options.stage else Stage.IN_YEAR
        rows = [row for row in self.sheet.rows if row.number > self.header.row]
        self._judge_adjustments(rows)
        for row in rows:
            self._row(row)
        self._settle_institution()
        if not self.builder.entry_count:
            self.builder.problem(kinds.NO_ROWS.at())

    def _match(self) -> None:
        for i, key in enumerate(self.header.keys):
            name = KNOWN.get(key) or KNOWN.get(self.header.own_keys[i])
            if name is not None:
                self.columns.setdefault(name, []).append(i)
                self.builder.column(
                    name if name in TEXTS.values() else field_of(name),
                    column_letter(i), self.header.labels[i],
                )  # fmt: skip
            elif key:
                self.rest.append(i)
        for name, found in self.columns.items():
            for i in found[1:] if name != "contractor" else ():
                self.builder.problem(kinds.COLUMN_REPEATED.at(
                    row=self.header.row, column=column_letter(i), header=self.header.labels[i],
                    kept=column_letter(found[0]),
                ))  # fmt: skip
        for name, words in WANTED.items():
            if name not in self.columns:
                self.builder.problem(kinds.COLUMN_MISSING.at(row=self.header.row, wanted=words))

    def _settle_year(self) -> None:
        """The year told, or a label above the table, in a heading or the sheet's name, or in the
        file's name (with a note); a quarter in the name gives the day the figures are of."""
        above = [
            text_of(c) for r in self.sheet.rows if r.number < self.header.row for c in r.cells if c
        ]
        self.builder.title = " ".join(above)[:500]
        texts = [*above, self.sheet.name, *self.header.labels]
        inside = next((y for y in map(parse_year_label, texts) if y is not None), None)
        named = title.year_in_name(self.builder.source.name)
        if inside is None and named is not None and not self.options.year:
            label = FinancialYear(named, Calendar.NATIONAL).label
            self.builder.problem(kinds.YEAR_FROM_NAME.at(value=label))
        found = inside if inside is not None or self.options.year else named
        start = title.settle_year(self.builder, found, self.options)
        if start is None:
            return
        self.year = FinancialYear(start, Calendar.NATIONAL)
        quarter = QUARTER_IN_NAME.search(self.builder.source.name)
        if quarter:
            self.builder.published_on = self._quarter(int(quarter[1]))[1]

    def _quarter(self, number: int) -> tuple[dt.date, dt.date]:
        """First and last day of a quarter of the national year; only called when it is known."""
        months = self.year.months if self.year else []
        first, last = months[3 * number - 3], months[3 * number - 1]
        return first.first_day, Month(last.index + 1).first_day - dt.timedelta(days=1)

    def _judge_adjustments(self, rows: list[Row]) -> None:
        names = ("adjusted", "adjusted_fees", "adjusted_construction")
        given = [
            str(cell).strip() for row in rows for name in names for i in self.columns.get(name, ())
            if (cell := self.cells.raw(row, i)) is not None
        ]  # fmt: skip
        self.no_adjustment = bool(given) and all(g in {"0", "0.0", "0.00"} for g in given)
        if self.no_adjustment:
            i = next(self.columns[n][0] for n in names if n in self.columns)
            self.builder.problem(kinds.ADJUSTMENT_ALL_ZERO.at(
                row=self.header.row, column=column_letter(i), header=self.header.labels[i],
            ))  # fmt: skip

    def _row(self, row: Row) -> None:
        texts = {name: self._text(row, name) for name in dict.fromkeys(TEXTS.values())}
        code, name = texts["source_code"], texts["name"]
        numbers = any(isinstance(c, int | float) and not isinstance(c, bool) for c in row.cells)
        if not code and re.match(
            r"(?:grand |sub[- ]?)?totals?\b", name or first_text(row), re.IGNORECASE
        ):
            self.builder.problem(kinds.ROW_SUBTOTAL.at(row=row.number), rejects_row=True)
            return
        if header_key(name) == "project name":
            self.builder.problem(kinds.ROW_HEADING.at(row=row.number), rejects_row=True)
            return
        if not code and not name and not (texts["other_code"] and numbers):
            kind = kinds.ROW_EMPTY_OF_PROJECT
            self.builder.problem(kind.at(row=row.number, value=first_text(row)), rejects_row=True)
            return
        self._check(row, texts)
        entry_id = self._entry(row, texts)
        self._lines(row, entry_id)

    def _text(self, row: Row, name: str) -> str:
        for i in self.columns.get(name, ()):
            if text := self.cells.text(row, i):
                return text
        return ""

    def _check(self, row: Row, texts: dict[str, str]) -> None:
        code_at, name_at = self.columns.get("source_code"), self.columns.get("name")
        code = texts["source_code"]
        if code and code_at and self.seen.setdefault(code, row.number) != row.number:
            self.cells.note(kinds.CODE_REPEATED, row, code_at[0], first=self.seen[code])
        if not code and code_at:
            self.cells.note(kinds.ROW_WITHOUT_CODE, row, code_at[0], wanted="project id")
        if not texts["name"] and name_at:
            self.cells.note(kinds.ROW_WITHOUT_NAME, row, name_at[0], wanted="project name")
        owner = (texts["owner_text"], texts["province_text"])
        if owner not in self.owners:
            book = institutions.load()
            self.owners[owner] = book.department(*owner) if owner[0] else None

    def _entry(self, row: Row, texts: dict[str, str]) -> str:
        at = self._first_column
        start = self.cells.date(row, at("start"))
        ends = [
            self.cells.date(row, at(n), end=True)
            for n in ("completion", "construction_end", "contracted_end")
        ]
        end = next((day for day in ends if day is not None), None)
        began = self.cells.date(row, at("construction_start"))
        start = start or began
        if start and end and end < start:
            where = next(
                at(n)
                for n in ("completion", "construction_end", "contracted_end")
                if at(n) is not None
            )
            self.cells.note(kinds.DATES_REVERSED, row, where or 0, start=start.isoformat())
        cost = self.cells.amount(row, at("cost"))
        self._check_cost(row, cost)
        fields: dict[str, Any] = {k: v for k, v in texts.items() if v}
        fields.setdefault("function_text", texts["parent_text"])
        fields.setdefault("municipality_text", self._text(row, "district"))
        return self.builder.entry(
            row.number, EntryKind.PROJECT, **fields,
            **self.cells.place(row, at("latitude"), at("longitude")),
            start_date=start, end_date=end, total_cost_cents=cost, extras=self._extras(row),
        )  # fmt: skip

    def _first_column(self, name: str) -> int | None:
        return self.columns[name][0] if name in self.columns else None

    def _check_cost(self, row: Row, cost: int | None) -> None:
        at = self._first_column("spent")
        spent = self.cells.amount(row, at)
        if at is not None and spent is not None and cost is not None and 0 < cost < spent:
            self.cells.note(
                kinds.AMOUNT_ABOVE_COST,
                row,
                at,
                value=rand_words(spent),
                cost=rand_words(cost),
            )

    def _extras(self, row: Row) -> str:
        """What has no field: other dates and amounts, the district, contractors with their role."""
        kept = ("district", "construction_start", "contracted_end", "construction_end", "spent")
        extras: dict[str, object] = {}
        for i in [*(i for n in kept for i in self.columns.get(n, ())[:1]), *self.rest]:
            cell = self.cells.raw(row, i)
            if cell is not None:
                extras[self.header.labels[i]] = text_of(cell)
        contractors = [
            contractor(text_of(cell))
            for i in self.columns.get("contractor", ())
            if (cell := self.cells.raw(row, i)) is not None
        ]
        if contractors:
            extras["contractors"] = contractors
        return extras_text(extras)

    def _lines(self, row: Row, entry_id: str) -> None:
        for total, parts, phase in BUDGETS:
            if phase is Phase.ADJUSTED and self.no_adjustment:
                continue
            year = None if phase is Phase.SPENT_BEFORE else self.year
            for i, cents in self._total_or_parts(row, total, parts):
                self._line(entry_id, row, i, cents, phase, year=year)
        for number in range(1, 5):
            found = self._amount(row, f"actual_{number}")
            if found is not None:
                period = self._quarter(number) if self.year else None
                self._line(entry_id, row, *found, Phase.ACTUAL, year=self.year, period=period)

    def _total_or_parts(
        self,
        row: Row,
        total: str,
        parts: tuple[str, ...],
    ) -> list[tuple[int, int]]:
        """The total's cell; the parts' where the total is blank; a problem where they disagree."""
        whole = self._amount(row, total)
        pieces = [p for name in parts if (p := self._amount(row, name)) is not None]
        if whole is None:
            return pieces
        summed = sum(cents for _, cents in pieces)
        if len(pieces) == len(parts) and abs(summed - whole[1]) > 100 * len(parts):
            i = whole[0]
            self.cells.note(
                kinds.AMOUNT_CHECK_FAILED, row, i, value=rand_words(whole[1]),
                parts=" and ".join(column_letter(p) for p, _ in pieces), total=rand_words(summed),
                used="the total",
            )  # fmt: skip
        return [whole]

    def _amount(self, row: Row, name: str) -> tuple[int, int] | None:
        """Column and cents of a field; where its heading repeats, the first that is not blank."""
        found = [
            (i, cents) for i in self.columns.get(name, ())
            if (cents := self.cells.amount(row, i)) is not None
        ]  # fmt: skip
        if not found:
            return None
        for i, cents in found[1:]:
            if cents != found[0][1]:
                self.cells.note(
                    kinds.AMOUNT_REPEATED_DIFFERS,
                    row,
                    i,
                    kept=column_letter(found[0][0]),
                    other=rand_words(found[0][1]),
                )
        return found[0]

    def _line(
        self,
        entry_id: str,
        row: Row,
        index: int,
        cents: int,
        phase: Phase,
        *,
        year: FinancialYear | None,
        period: tuple[dt.date, dt.date] | None = None,
    ) -> None:
        self.builder.line(
            entry_id, cents, phase, f"{column_letter(index)}{row.number}",
            self.header.labels[index], cell_text(row.cells[index]), year=year, period=period,
        )  # fmt: skip

    def _settle_institution(self) -> None:
        """The one department all rows are of; several, or one we do not know, are ``unknown``."""
        found = {code for code in self.owners.values() if code}
        texts = sorted({f"{p}: {d}" if p else d for d, p in self.owners if d})
        self.builder.institution_text = "; ".join(texts)[:500]
        for (department, province), code in self.owners.items():
            if department and code is None:
                shown = f"{province}: {department}" if province else department
                self.builder.problem(kinds.OWNER_UNKNOWN.at(value=shown))
        one = next(iter(found)) if len(found) == 1 and None not in self.owners.values() else None
        if len(found) > 1:
            self.builder.problem(kinds.INSTITUTIONS_SEVERAL.at(value=", ".join(sorted(found))))
        elif not texts and not self.options.institution:
            self.builder.problem(kinds.INSTITUTION_NOT_STATED.at())
        title.settle_institution(self.builder, one, self.options)
        book = institutions.load()
        told = {self.builder.institution} if self.options.institution else found
        spheres = {i.sphere for code in told if (i := book.get(code)) is not None}
        if spheres == {Sphere.NATIONAL}:
            self.builder.document = Document.NATIONAL_PROJECTS
