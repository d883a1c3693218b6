"""eQPRS: quarterly performance of provincial and national departments (FORMATS 5).

The export's headings are shifted against its data: ``Institution`` holds the department,
``Programme`` the province or government, ``SubProgramme`` the programme and ``Location`` the
sub-programme. Targets and results may be words; they are kept as written, quarter by quarter.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harvester.domain.documents import Document, EntryKind, Stage
from harvester.domain.errors import UnreadableFileError
from harvester.domain.periods import parse_year_label
from harvester.rules import institutions
from harvester.sources import problem_kinds as kinds
from harvester.sources import title
from harvester.sources.headed import HeadedFormat, read_headed
from harvester.sources.tables.headers import Header, find_header, match_columns
from harvester.sources.tables.workbook import column_letter, opened
from harvester.sources.values.amounts import extras_text, parse_number, text_of
from harvester.sources.values.cells import CellReader, first_text
from harvester.sources.values.dates import month_number

if TYPE_CHECKING:
    from harvester.sources.reading import Builder, Reading, ReadOptions, SourceFile
    from harvester.sources.tables.workbook import Row, Sheet

NAME = "eqprs"
VERSION = "1"

SYNONYMS = {
    "sector": "sector", "institution": "owner_text", "programme": "province_text",
    "subprogramme": "function_text", "location": "parent_text", "frequency": "frequency",
    "indicator": "name", "type": "type", "subtype": "subtype", "outcome": "outcome_text",
    "cluster": "cluster", "annualtarget summary2": "annual_target",
    "preliminary summary2": "annual_preliminary",
    "preliminaryaudited summary2": "annual_preaudit", "prelimaryaudited summary2": "annual_preaudit",
    "reasonfordeviation summary": "annual_deviation",
    "correctiveaction summary": "annual_corrective_action", "otp summary": "annual_otp",
    "national summary": "annual_national", "validatedaudited summary2": "annual_audited",
    "uid": "uid",
    **{
        f"{heading} q{n}": f"q{n}_{name}"
        for n in range(1, 5)
        for heading, name in (
            ("target", "target"), ("actualoutput", "actual"), ("reasonfordeviation", "deviation"),
            ("correctiveaction", "corrective_action"), ("otp", "otp"), ("national", "national"),
        )
    },
}  # fmt: skip
"""Headings of the export (as :func:`header_key` writes them) to what their data really are."""

TEXTS = ("name", "owner_text", "province_text", "function_text", "parent_text", "outcome_text")
_NEEDED = {"name", "owner_text", "province_text", "frequency", "q1_target"}
_REPORT = re.compile(
    r"(provincial|national) institutions oversight performance report", re.IGNORECASE
)
_PRINTED = re.compile(r"printed on:.*?\b([a-z]+) (\d{1,2}), (\d{4})", re.IGNORECASE)
_NUMBER = re.compile(r"^(\d+(?:\.\d+)+)\s")


def detect(source: SourceFile) -> bool:
    """Whether any sheet has the headings of an eQPRS export (also of a report we do not read)."""
    return any(_find(sheet) is not None for sheet in opened.of(source).sheets)


def _find(sheet: Sheet) -> Header | None:
    header = find_header(sheet, SYNONYMS, least=8)
    if header is None:
        return None
    return header if set(match_columns(header, SYNONYMS).fields) >= _NEEDED else None


def read(source: SourceFile, options: ReadOptions) -> Reading:
    """Every indicator of the export.

    Raises ``UnreadableFileError`` when the headings are missing, or the title is that of another
    report.
    """
    form = HeadedFormat(
        NAME,
        VERSION,
        Document.PERFORMANCE,
        "an eQPRS performance export",
        "Export the Institutions Oversight Performance Report from eQPRS as CSV.",
        _find,
    )
    return read_headed(
        source,
        form,
        lambda builder, sheet, header: _Report(builder, sheet, header).read(options),
    )


@dataclass
class _Report:
    """Reads one sheet."""

    builder: Builder
    sheet: Sheet
    header: Header
    seen: dict[tuple[str, ...], int] = field(default_factory=dict)
    owners: dict[tuple[str, str], str | None] = field(default_factory=dict)

    def read(self, options: ReadOptions) -> None:
        """Read the sheet into the builder."""
        columns = match_columns(self.header, SYNONYMS)
        self.fields, self.rest = columns.fields, columns.rest
        self.cells = CellReader(self.builder, self.header)
        for problem in self.sheet.problems:
            self.builder.problem(problem)
        self._title(options)
        for name, i in self.fields.items():
            known = name if name in TEXTS else "units" if name == "annual_target" else "extras"
            self.builder.column(known, column_letter(i), self.header.labels[i])
        for row in self.sheet.rows:
            if row.number > self.header.row:
                self._row(row)
        self._settle_institution(options)
        if not self.builder.entry_count:
            self.builder.problem(kinds.NO_ROWS.at())

    def _title(self, options: ReadOptions) -> None:
        above = [
            text_of(c) for r in self.sheet.rows if r.number < self.header.row for c in r.cells if c
        ]
        report = next((t for t in above if _REPORT.search(t)), None)
        if report is None and above:
            says = next((t for t in above if "report" in t.lower() and " " in t), above[0])
            raise UnreadableFileError(
                f"This eQPRS export is another report: {says!r}.",
                where=self.builder.source.name,
                mend="Export the Provincial (or National) Institutions Oversight Performance "
                "Report.",
            )  # fmt: skip
        self.builder.title = report or ""
        year = next(
            (y for y in map(parse_year_label, [report or "", *above]) if y is not None), None
        )
        title.settle_year(self.builder, year, options)
        self.builder.stage = Stage(options.stage) if options.stage else Stage.IN_YEAR
        printed = next((m for m in map(_PRINTED.search, above) if m), None)
        month = month_number(printed[1]) if printed else None
        if printed and month:
            self.builder.published_on = dt.date(int(printed[3]), month, int(printed[2]))

    def _row(self, row: Row) -> None:
        texts = {name: self.cells.text(row, self.fields.get(name)) for name in TEXTS}
        if not texts["name"]:
            kind = kinds.ROW_EMPTY_OF_PROJECT
            self.builder.problem(kind.at(row=row.number, value=first_text(row)), rejects_row=True)
            return
        government, colon, department = texts["owner_text"].partition(":")
        if colon and government.strip().lower() == texts["province_text"].lower():
            texts["owner_text"] = department.strip()
        self._check(row, texts)
        number = _NUMBER.match(texts["name"])
        target_at = self.fields.get("annual_target")
        target = parse_number(self.cells.raw(row, target_at))
        if target.kind is not None and target_at is not None:
            self.cells.note(target.kind, row, target_at)
        self.builder.entry(
            row.number, EntryKind.INDICATOR, **{k: v for k, v in texts.items() if v},
            source_code=number[1] if number else "", units=target.value,
            sphere_text=self._sphere(texts["province_text"]), extras=self._extras(row),
        )  # fmt: skip

    def _sphere(self, government: str) -> str:
        return "National" if institutions.load().is_national(government) else "Provincial"

    def _check(self, row: Row, texts: dict[str, str]) -> None:
        key = tuple(
            texts[n]
            for n in ("owner_text", "province_text", "function_text", "parent_text", "name")
        )
        first = self.seen.setdefault(key, row.number)
        if first != row.number:
            self.cells.note(kinds.CODE_REPEATED, row, self.fields["name"], first=first)
        owner = (texts["owner_text"], texts["province_text"])
        if owner not in self.owners:
            book = institutions.load()
            government = "national" if book.is_national(owner[1]) else owner[1]
            self.owners[owner] = book.department(owner[0], government) if owner[0] else None
            if owner[0] and self.owners[owner] is None:
                self.cells.note(
                    kinds.OWNER_UNKNOWN, row, self.fields["owner_text"],
                    value=f"{owner[1]}: {owner[0]}",
                )  # fmt: skip

    def _extras(self, row: Row) -> str:
        """Quarters and the year as ``{"quarters": {"q1": {...}}, "annual": {...}}``, and the rest."""
        extras: dict[str, object] = {}
        quarters: dict[str, dict[str, str]] = {}
        annual: dict[str, str] = {}
        for name, i in self.fields.items():
            text = "" if name in TEXTS else self.cells.text(row, i)
            if not text:
                continue
            when, _, what = name.partition("_")
            if when == "annual":
                annual[what] = text
            elif re.fullmatch(r"q[1-4]", when):
                quarters.setdefault(when, {})[what] = text
            else:
                extras[name] = text
        extras.update(quarters=quarters, annual=annual)
        extras.update({
            self.header.labels[i]: self.cells.text(row, i)
            for i in self.rest
            if self.cells.raw(row, i) is not None
        })  # fmt: skip
        return extras_text(extras)

    def _settle_institution(self, options: ReadOptions) -> None:
        found = {code for code in self.owners.values() if code}
        texts = sorted({f"{g}: {d}" if g else d for d, g in self.owners if d})
        self.builder.institution_text = "; ".join(texts)[:500]
        one = next(iter(found)) if len(found) == 1 and None not in self.owners.values() else None
        if len(found) > 1:
            self.builder.problem(kinds.INSTITUTIONS_SEVERAL.at(value=", ".join(sorted(found))))
        title.settle_institution(self.builder, one, options)
