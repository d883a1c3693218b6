"""ENE: infrastructure projects of the Estimates of National Expenditure, one row for each project
and year (FORMATS 4).

Rows of one project are told by its slug, else by department and name. ``financial_year`` is the
year it starts in; amounts are rand. Projects at ``Various`` places, and those whose name says so,
are programmes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harvester.domain.documents import Document, EntryKind, Phase, Stage
from harvester.domain.periods import Calendar, FinancialYear
from harvester.rules import institutions
from harvester.sources import problem_kinds as kinds
from harvester.sources import title
from harvester.sources.headed import HeadedFormat, read_headed
from harvester.sources.tables.headers import Header, find_header, header_key, match_columns
from harvester.sources.tables.workbook import column_letter, opened
from harvester.sources.values.amounts import cell_text, extras_text
from harvester.sources.values.cells import CellReader, first_text, point_fields
from harvester.sources.values.coordinates import parse_points
from harvester.sources.values.dates import parse_year

if TYPE_CHECKING:
    from typing import Any

    from harvester.sources.reading import Builder, Reading, ReadOptions, SourceFile
    from harvester.sources.tables.workbook import Row, Sheet

NAME = "ene"
VERSION = "1"
PUBLISHER = "NT"
"""National Treasury publishes the Estimates."""

SYNONYMS = {
    "administration type": "sphere_text", "sphere": "sphere_text",
    "government institution": "owner_text", "department": "owner_text",
    "sector": "function_text", "project name": "name", "project description": "description",
    "gps code": "gps", "gps": "gps", "gps codes": "gps", "gps coordinates": "gps",
    "nature of investment": "nature_text", "infrastructure type": "asset_class_text",
    "current project stage": "status_text", "project stage": "status_text",
    "sip category": "parent_text", "sip": "parent_text", "total project cost": "cost",
    "estimated total project cost": "cost", "financial year": "year", "budget phase": "phase",
    "amount rands": "amount", "amount rand": "amount", "amount": "amount",
    "project slug": "source_code",
}  # fmt: skip
"""Headings (as :func:`header_key` writes them) to fields."""

TEXTS = (
    "name", "description", "source_code", "parent_text", "owner_text", "sphere_text",
    "function_text", "asset_class_text", "nature_text", "status_text",
)  # fmt: skip
_NEEDED = {"name", "owner_text", "year", "phase", "amount"}
_PHASES = (
    (re.compile(r"\baudited\b|\boutcome\b"), Phase.AUDITED),
    (re.compile(r"\badjust(?:ed|ment)\b"), Phase.ADJUSTED),
    (re.compile(r"\brevised estimate\b"), Phase.FORECAST),
    (re.compile(r"\bmtef\b|\bmedium term\b|\bmain\b|\bvoted\b|\bbudget\b"), Phase.BUDGET),
)
_PROGRAMME = re.compile(r"\bprogrammes?\b|\bgrants?\b|\bvarious\b", re.IGNORECASE)
_FIELD_NAMES = {
    "gps": "points", "cost": "total_cost_cents", "year": "year", "phase": "phase",
    "amount": "amount",
}  # fmt: skip


def detect(source: SourceFile) -> bool:
    """Whether any sheet is a long list of projects by financial year and budget phase."""
    return any(_find(sheet) is not None for sheet in opened.of(source).sheets)


def _find(sheet: Sheet) -> Header | None:
    header = find_header(sheet, SYNONYMS, least=5)
    if header is None:
        return None
    return header if set(match_columns(header, SYNONYMS).fields) >= _NEEDED else None


def read(source: SourceFile, options: ReadOptions) -> Reading:
    """Every project of the list, with one line for each of its rows.

    Raises ``UnreadableFileError`` when no sheet has the headings.
    """
    form = HeadedFormat(
        NAME,
        VERSION,
        Document.NATIONAL_PROJECTS,
        "an ENE project list",
        "It needs government_institution, project_name, financial_year, budget_phase and "
        "amount_rands.",
        _find,
    )
    return read_headed(
        source,
        form,
        lambda builder, sheet, header: _List(builder, sheet, header).read(options),
    )


@dataclass
class _Project:
    """A project while its rows are gathered."""

    row: Row
    entry_id: str
    texts: dict[str, str]
    cost: int | None
    lines: dict[tuple[object, ...], int] = field(default_factory=dict)


@dataclass
class _List:
    """Reads one sheet."""

    builder: Builder
    sheet: Sheet
    header: Header
    projects: dict[tuple[str, ...], _Project] = field(default_factory=dict)
    budget_years: set[int] = field(default_factory=set)

    def read(self, options: ReadOptions) -> None:
        """Read the sheet into the builder."""
        columns = match_columns(self.header, SYNONYMS)
        self.fields, self.rest = columns.fields, columns.rest
        self.cells = CellReader(self.builder, self.header)
        for problem in self.sheet.problems:
            self.builder.problem(problem)
        for name, i in self.fields.items():
            self.builder.column(
                _FIELD_NAMES.get(name, name),
                column_letter(i),
                self.header.labels[i],
            )
        for i, kept in columns.repeated:
            self.builder.problem(kinds.COLUMN_REPEATED.at(
                row=self.header.row, column=column_letter(i), header=self.header.labels[i],
                kept=column_letter(kept),
            ))  # fmt: skip
        for row in self.sheet.rows:
            if row.number > self.header.row:
                self._row(row)
        self._settle(options)

    def _settle(self, options: ReadOptions) -> None:
        self.builder.institution_text = "National Treasury"
        title.settle_institution(self.builder, PUBLISHER, options)
        first = min(self.budget_years, default=title.year_in_name(self.builder.source.name))
        title.settle_year(self.builder, first, options)
        title.settle_stage(self.builder, "", Stage.TABLED, options)
        if not self.builder.entry_count:
            self.builder.problem(kinds.NO_ROWS.at())

    def _row(self, row: Row) -> None:
        texts = {name: self.cells.text(row, self.fields.get(name)) for name in TEXTS}
        if not texts["name"] and not texts["source_code"]:
            kind = kinds.ROW_EMPTY_OF_PROJECT
            self.builder.problem(kind.at(row=row.number, value=first_text(row)), rejects_row=True)
            return
        if header_key(texts["name"]) == "project name":
            self.builder.problem(kinds.ROW_HEADING.at(row=row.number), rejects_row=True)
            return
        slug = texts["source_code"]
        key = (slug,) if slug else (header_key(texts["owner_text"]), header_key(texts["name"]))
        project = self.projects.get(key)
        if project is None:
            project = self.projects[key] = self._project(row, texts)
        else:
            self._compare(project, row, texts)
        self._line(project, row)

    def _project(self, row: Row, texts: dict[str, str]) -> _Project:
        place, location = self._place(row)
        cost_at = self.fields.get("cost")
        cost = self.cells.amount(row, cost_at)
        if cost == 0 and cost_at is not None:
            self.cells.note(kinds.COST_ZERO, row, cost_at)
        several = header_key(location) == "various" or bool(_PROGRAMME.search(texts["name"]))
        province = institutions.load().province(texts["name"].partition(":")[0])
        named_in = texts["name"].partition(":")[0] if province and ":" in texts["name"] else ""
        extras = {
            self.header.labels[i]: self.cells.text(row, i)
            for i in self.rest
            if self.cells.raw(row, i) is not None
        }
        entry_id = self.builder.entry(
            row.number, EntryKind.PROGRAMME if several else EntryKind.PROJECT,
            **{k: v for k, v in texts.items() if v}, **place, location_text=location,
            province_text=named_in, total_cost_cents=cost or None, extras=extras_text(extras),
        )  # fmt: skip
        return _Project(row, entry_id, texts, cost)

    def _place(self, row: Row) -> tuple[dict[str, Any], str]:
        """Point fields, and the words where the cell holds words."""
        at = self.fields.get("gps")
        cell = self.cells.raw(row, at)
        if cell is None or at is None:
            return {}, ""
        parsed = parse_points(cell)
        if parsed.kind is not None:
            self.cells.note(parsed.kind, row, at, **parsed.words)
        words = "" if re.search(r"\d", str(cell)) else self.cells.text(row, at)
        return point_fields(parsed.value), words

    def _compare(self, project: _Project, row: Row, texts: dict[str, str]) -> None:
        """Note where a later row of a project says something else than its first row."""
        for name in TEXTS:
            at = self.fields.get(name)
            if at is not None and texts[name] != project.texts[name]:
                self.cells.note(
                    kinds.TEXT_DIFFERS, row, at, other=project.texts[name] or "nothing",
                    first=project.row.number,
                )  # fmt: skip
        for name in ("cost", "gps"):
            at = self.fields.get(name)
            before, now = self.cells.raw(project.row, at), self.cells.raw(row, at)
            if at is not None and cell_text(before).strip() != cell_text(now).strip():
                self.cells.note(
                    kinds.TEXT_DIFFERS, row, at, other=cell_text(before) or "nothing",
                    first=project.row.number,
                )  # fmt: skip

    def _line(self, project: _Project, row: Row) -> None:
        at = self.fields["amount"]
        cents = self.cells.amount(row, at)
        if cents is None:
            return
        phase = self._phase(row)
        year = self._year(row)
        if phase is None:
            return
        if phase is Phase.BUDGET and year is not None:
            self.budget_years.add(year.start)
        meaning = (phase, year or row.number)
        first = project.lines.setdefault(meaning, row.number)
        if first != row.number:
            label = f"{phase} {year.label if year else ''}".strip()
            problem = kinds.LINE_REPEATED.at(row=row.number, value=label, first=first)
            self.builder.problem(problem, rejects_row=True)
            return
        self.builder.line(
            project.entry_id, cents, phase, f"{column_letter(at)}{row.number}",
            self.header.labels[at], cell_text(row.cells[at]), year=year,
        )  # fmt: skip

    def _phase(self, row: Row) -> Phase | None:
        at = self.fields["phase"]
        key = header_key(self.cells.text(row, at))
        found = next((phase for words, phase in _PHASES if words.search(key)), None)
        if found is None:
            self.cells.note(kinds.PHASE_UNKNOWN, row, at)
        return found

    def _year(self, row: Row) -> FinancialYear | None:
        at = self.fields["year"]
        parsed = parse_year(self.cells.raw(row, at), single="start")
        if parsed.value is None:
            self.cells.note(kinds.YEAR_UNREADABLE, row, at)
            return None
        return FinancialYear(parsed.value, Calendar.NATIONAL)
