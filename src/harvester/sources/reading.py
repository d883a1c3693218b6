"""What every reader gives back: a :class:`Reading`, built row by row with a :class:`Builder`."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import pyarrow as pa

from harvester.domain.documents import Stage
from harvester.engine import schema

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from harvester.domain.documents import Document, EntryKind, Phase
    from harvester.domain.periods import Calendar, FinancialYear
    from harvester.domain.problems import Problem


@dataclass(frozen=True)
class ReadOptions:
    """What a person says about a file; it wins over what the file seems to say.

    ``format`` forces a reader; ``institution`` is a code of ``rules/data/institutions``; ``year``
    a label such as ``2018/19``; ``stage`` one of :class:`Stage`; ``mapping`` a mapping file.
    """

    format: str = ""
    institution: str = ""
    year: str = ""
    stage: str = ""
    mapping: Path | None = None

    @property
    def fingerprint(self) -> str:
        """Short hash: the same file read with other options is another reading."""
        mapping = self.mapping.read_text("utf-8") if self.mapping else ""
        told = json.dumps([self.format, self.institution, self.year, self.stage, mapping])
        return hashlib.sha256(told.encode()).hexdigest()[:12]


@dataclass(frozen=True)
class SourceFile:
    """A file to read: its bytes are hashed once; ``path`` is where it lies now."""

    path: Path
    sha256: str

    @classmethod
    def at(cls, path: Path) -> SourceFile:
        """Hash the file at ``path``, a megabyte at a time."""
        total = hashlib.sha256()
        with path.open("rb") as stream:
            while chunk := stream.read(1 << 20):
                total.update(chunk)
        return cls(path, total.hexdigest())

    @property
    def name(self) -> str:
        """The file's own name."""
        return self.path.name


class Reader(Protocol):
    """A module of this room that reads one format: these four names at module level."""

    NAME: str
    VERSION: str

    def detect(self, source: SourceFile) -> bool:
        """Whether the content (never the name) is of this format."""
        ...

    def read(self, source: SourceFile, options: ReadOptions) -> Reading:
        """Everything readable in the file; raises ``UnreadableFileError`` when nothing is."""
        ...


@dataclass
class Reading:
    """The tables of ``engine.schema.READING_TABLES`` for one file."""

    submissions: pa.Table
    columns: pa.Table
    source_entries: pa.Table
    lines: pa.Table
    problems: pa.Table
    areas: pa.Table

    def tables(self) -> dict[str, pa.Table]:
        """By schema name."""
        return {t.name: getattr(self, t.name) for t in schema.READING_TABLES}


@dataclass
class Builder:
    """Collects one submission (one part of a file) row by row.

    Make one per part, add to it, and put them together with :func:`assemble`. ``submission_id`` is
    ``<first 16 of sha256>:<part>``.
    """

    source: SourceFile
    reader: str
    reader_version: str
    part: int
    sheet: str
    document: Document
    calendar: Calendar
    institution: str = schema.UNKNOWN
    institution_text: str = ""
    financial_year: str = schema.UNKNOWN
    stage: str = Stage.UNKNOWN
    published_on: dt.date | None = None
    title: str = ""
    rejected: set[int] = field(default_factory=set)
    submission_id: str = field(init=False)
    _columns: list[dict[str, object]] = field(default_factory=list)
    _entries: list[dict[str, object]] = field(default_factory=list)
    _lines: list[tuple[object, ...]] = field(default_factory=list)
    _problems: list[Problem] = field(default_factory=list)
    _years: dict[FinancialYear | None, tuple[object, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.submission_id = f"{self.source.sha256[:16]}:{self.part}"

    @property
    def entry_count(self) -> int:
        """How many entries were added."""
        return len(self._entries)

    def entry_id(self, row: int) -> str:
        """Id of the entry on ``row`` (as the spreadsheet shows it)."""
        return f"{self.submission_id}:{row}"

    def column(self, field_name: str, letter: str, header: str) -> None:
        """Note which column gave which field."""
        self._columns.append(
            {
                "submission_id": self.submission_id,
                "sheet": self.sheet,
                "field": field_name,
                "column": letter,
                "header": header,
            },
        )

    def entry(self, row: int, kind: EntryKind, **fields: object) -> str:
        """Add an entry; fields are those of ``SOURCE_ENTRIES``. Returns its id."""
        entry_id = self.entry_id(row)
        fields.update(
            entry_id=entry_id,
            submission_id=self.submission_id,
            sheet=self.sheet,
            row=row,
            kind=str(kind),
        )
        self._entries.append(fields)
        return entry_id

    def line(  # noqa: PLR0917 - the six that every line has
        self,
        entry_id: str,
        amount_cents: int,
        phase: Phase,
        cell: str,
        header: str,
        raw: str,
        *,
        year: FinancialYear | None = None,
        period: tuple[dt.date, dt.date] | None = None,
        fund_text: str = "",
    ) -> None:
        """Add an amount. ``period`` defaults to the whole of ``year``."""
        label, calendar, first, last = self._years.get(year) or self._facts_of(year)
        if period is not None:
            first, last = period
        self._lines.append(
            (f"{entry_id}:{cell}", entry_id, self.submission_id, amount_cents, label, calendar,
             first, last, phase.value, fund_text, self.sheet, cell, header, raw),
        )  # fmt: skip

    def _facts_of(self, year: FinancialYear | None) -> tuple[object, ...]:
        """Label, calendar, first and last day of a year; worked out once for each year."""
        if year is None:
            facts: tuple[object, ...] = (schema.UNKNOWN, str(self.calendar), None, None)
        else:
            facts = (year.label, str(year.calendar), year.first_day, year.last_day)
        self._years[year] = facts
        return facts

    def problem(self, problem: Problem, *, rejects_row: bool = False) -> None:
        """Add a problem; ``rejects_row`` when its row could not become an entry."""
        if rejects_row and problem.row is not None:
            self.rejected.add(problem.row)
        self._problems.append(problem)


def assemble(builders: list[Builder], areas: pa.Table | None = None) -> Reading:
    """Put the parts of one file together as a :class:`Reading`."""
    submissions: list[dict[str, object]] = []
    problems: list[tuple[object, ...]] = []
    lines: list[tuple[object, ...]] = []
    columns: list[dict[str, object]] = []
    entries: list[dict[str, object]] = []
    for b in builders:
        submissions.append(
            {
                "submission_id": b.submission_id,
                "sha256": b.source.sha256,
                "file": b.source.name,
                "sheet": b.sheet,
                "format": b.reader,
                "document": str(b.document),
                "institution": b.institution,
                "institution_text": b.institution_text,
                "financial_year": b.financial_year,
                "calendar": str(b.calendar),
                "stage": str(b.stage),
                "published_on": b.published_on,
                "title": b.title,
                "reader_version": f"{b.reader} {b.reader_version}",
                "entries": len(b._entries),
                "lines": len(b._lines),
                "rejected_rows": len(b.rejected),
            },
        )
        columns += b._columns
        entries += b._entries
        lines += b._lines
        problems += _problem_rows(b)
    return Reading(
        submissions=schema.SUBMISSIONS.from_rows(submissions),
        columns=schema.COLUMNS.from_rows(columns),
        source_entries=schema.SOURCE_ENTRIES.from_rows(entries),
        lines=_by_column(schema.LINES, lines),
        problems=_by_column(schema.PROBLEMS, problems),
        areas=schema.AREAS.empty() if areas is None else schema.AREAS.conform(areas),
    )


def _problem_rows(b: Builder) -> list[tuple[object, ...]]:
    """The problems of one part, in the order of ``schema.PROBLEMS``."""
    return [
        (f"{b.submission_id}:{n}", b.submission_id, "sources", p.code, p.severity.value,
         p.sheet or b.sheet, p.row, p.column, p.header, p.value, p.message, p.mend)
        for n, p in enumerate(b._problems)
    ]  # fmt: skip


def _by_column(table: schema.Table, rows: list[tuple[object, ...]]) -> pa.Table:
    """Rows whose values are in the order of a table's columns."""
    values = list(zip(*rows, strict=True)) or [()] * len(table.columns)
    pairs = zip(table.columns, values, strict=True)
    return table.conform(pa.table({c.name: pa.array(v, type=c.type) for c, v in pairs}))
