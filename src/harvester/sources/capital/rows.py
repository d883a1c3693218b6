"""Reading the rows below the heading of an SA36 or SC36 sheet, and judging the sheet as a whole."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harvester.domain.documents import EntryKind
from harvester.domain.problems import ProblemKind, Severity
from harvester.engine.schema import UNKNOWN
from harvester.rules import institutions
from harvester.sources import problem_kinds as kinds
from harvester.sources.capital.table import NAMES_OF_FIELDS
from harvester.sources.tables.workbook import column_letter
from harvester.sources.values.amounts import (
    Parsed,
    cell_text,
    extras_text,
    is_blank,
    is_error,
    parse_amount,
    rand_words,
    text_of,
)
from harvester.sources.values.cells import first_text
from harvester.sources.values.coordinates import parse_coordinates, parse_points, points_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from harvester.sources.capital.table import CapitalTable
    from harvester.sources.reading import Builder
    from harvester.sources.tables.workbook import Row, Sheet, Workbook

PLACEHOLDERS = frozenset(
    {
        "own municipal strategic objective", "to be corrected", "to be confirmed", "tbc", "tbd",
        "unspecified", "default", "default transactions", "not applicable",
    },
)  # fmt: skip
"""Answers that are none (lower case)."""

LARGEST_EXPECTED = 1_000_000_00
"""Cents. A capital budget of ten amounts or more, none of them R 1 million, is doubted."""
AMOUNTS_TO_JUDGE = 10

_NOT_FIELDS = frozenset({"longitude", "latitude", "points", "total_cost_cents"})
_FOOTNOTE = re.compile(
    r"references?\b|must reconcile|projects that fall above|distinguish projects|list all capital|"
    r"asset class as per|gps coordinates correct|correct to seconds|note:|notes:|source:|\d+\.\s|check\b",
    re.IGNORECASE,
)
_TOTAL = re.compile(r"(?:grand |sub[- ]?)?totals?\b|totaal\b", re.IGNORECASE)
_FOOTNOTES = ProblemKind("footnote", Severity.NOTE, "", "")
"""Marks a footnote row; never reported: footnotes belong there."""


@dataclass
class BodyReader:
    """Reads the rows below the heading into a builder, giving each entry's parsed amounts."""

    builder: Builder
    table: CapitalTable
    seen: dict[str, int] = field(default_factory=dict)
    _points: dict[tuple[object, ...], Parsed] = field(default_factory=dict)
    _judged: dict[tuple[bool, str], ProblemKind | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        fields, labels = self.table.fields, self.table.header.labels
        self._texts = [(n, i, labels[i]) for n, i in fields.items() if n not in _NOT_FIELDS]
        self._own = [(n, labels[fields[n]]) for n in ("source_code", "name") if n in fields]
        self._answers = [t for t in self._texts if t[0] not in {"name", "source_code"}]
        self._rest = [(i, labels[i]) for i in self.table.rest]

    def entries(self) -> Iterator[tuple[str, Row, dict[int, int]]]:
        """Each entry added: its id, its row, and its amounts in cents by column index."""
        body_ended = False
        for row in self.table.sheet.rows:
            if row.number <= self.table.header.row:
                continue
            texts = self._texts_of(row)
            repeats = self._repeats_heading(texts)
            amounts = {} if repeats else self._amounts_of(row)
            kind = kinds.ROW_HEADING if repeats else self._passed_over(row, texts, amounts)
            if kind is _FOOTNOTES:
                body_ended = body_ended or self.builder.entry_count > 0
            elif kind is not None:
                self.builder.problem(
                    kind.at(row=row.number, value=first_text(row)), rejects_row=True
                )
            else:
                if body_ended:
                    self._row_problem(kinds.ROW_AFTER_END, row, "name")
                yield self._entry(row, texts), row, amounts

    def _repeats_heading(self, texts: dict[str, str]) -> bool:
        """Whether a row is the heading again, as at the top of a printed page."""
        for name, label in self._own:
            if texts.get(name) != label:
                return False
        return bool(self._own)

    def _texts_of(self, row: Row) -> dict[str, str]:
        cells, width = row.cells, len(row.cells)
        texts = {}
        for name, i, label in self._texts:
            cell = cells[i] if i < width else None
            if cell is None:
                continue
            text = text_of(cell)
            if text.startswith("#") and is_error(text):
                self._cell_problem(kinds.ERROR_CELL, row.number, i, label, text)
                continue
            texts[name] = text
        return texts

    def _amounts_of(self, row: Row) -> dict[int, int]:
        cells, width = row.cells, len(row.cells)
        amounts = {}
        for column in self.table.amounts:
            i = column.index
            if i >= width or (cell := cells[i]) is None:
                continue
            parsed = parse_amount(cell)
            if parsed.kind is not None:
                self.builder.problem(parsed.problem(
                    cell, row=row.number, column=column.letter, header=column.header,
                ))  # fmt: skip
            if parsed.value is not None:
                amounts[i] = parsed.value
        return amounts

    def _passed_over(
        self,
        row: Row,
        texts: dict[str, str],
        amounts: dict[int, int],
    ) -> ProblemKind | None:
        """Why a row is no project, or ``None`` when it is one."""
        code, name = texts.get("source_code", ""), texts.get("name", "")
        function = texts.get("function_text", "")
        if not code and not amounts and _FOOTNOTE.match(first_text(row)) and len(texts) <= 2:
            return _FOOTNOTES
        if not code and (_TOTAL.match(function) or _TOTAL.match(name)):
            return kinds.ROW_SUBTOTAL
        if code or name or amounts:
            return None
        alone = [c for c in row.cells if not is_blank(c)]
        return kinds.ROW_HEADING if len(alone) == 1 else kinds.ROW_EMPTY_OF_PROJECT

    def _entry(self, row: Row, texts: dict[str, str]) -> str:
        self._check_texts(row, texts)
        fields: dict[str, Any] = dict(texts)
        fields.update(self._place(row))
        cost = self.table.fields.get("total_cost_cents")
        if cost is not None and cost < len(row.cells):
            parsed = parse_amount(row.cells[cost])
            self._value_problem(parsed, row, cost)
            fields["total_cost_cents"] = parsed.value
        extras = {
            h: text_of(row.cells[i])
            for i, h in self._rest
            if i < len(row.cells) and row.cells[i] is not None
        }
        if extras:
            fields["extras"] = extras_text(extras)
        return self.builder.entry(row.number, EntryKind.PROJECT, **fields)

    def _check_texts(self, row: Row, texts: dict[str, str]) -> None:
        code = texts.get("source_code", "")
        if not code:
            self._row_problem(kinds.ROW_WITHOUT_CODE, row, "source_code")
        elif (first := self.seen.setdefault(code, row.number)) != row.number:
            i = self.table.fields["source_code"]
            self._cell_problem(
                kinds.CODE_REPEATED,
                row.number,
                i,
                self.table.header.labels[i],
                code,
                first=first,
            )
        if "name" not in texts:
            self._row_problem(kinds.ROW_WITHOUT_NAME, row, "name")
        if "function_text" not in texts and "function_text" in self.table.fields:
            self._row_problem(kinds.ROW_WITHOUT_FUNCTION, row, "function_text")
        for name, i, label in self._answers:
            text = texts.get(name)
            kind = None if text is None else self._judged_answer(name, text)
            if kind is not None and text is not None:
                self._cell_problem(kind, row.number, i, label, text)

    def _judged_answer(self, name: str, text: str) -> ProblemKind | None:
        """What is wrong with an answer of a small vocabulary; each is judged once."""
        key = (name == "location_text", text)
        if key not in self._judged:
            kind = kinds.PLACEHOLDER if text.lower() in PLACEHOLDERS else None
            if name == "location_text" and text.endswith(("...", "…")):
                kind = kinds.LIST_CUT_OFF
            self._judged[key] = kind
        return self._judged[key]

    def _place(self, row: Row) -> dict[str, Any]:
        fields, cells = self.table.fields, row.cells
        at = [fields.get(name, -1) for name in ("latitude", "longitude", "points")]
        found = tuple(cells[i] if 0 <= i < len(cells) else None for i in at)
        if found == (None, None, None):
            return {}
        latitude, longitude, pair = found
        key = (type(latitude), latitude, longitude, pair)
        parsed = self._points.get(key)
        if parsed is None:
            parsed = (
                parse_points(pair) if pair is not None else parse_coordinates(latitude, longitude)
            )
            self._points[key] = parsed
        if parsed.kind is not None:
            where = next(i for i, cell in zip(at, found, strict=True) if cell is not None)
            shown = ", ".join(cell_text(c) for c in found if c is not None)
            self.builder.problem(parsed.problem(
                shown, row=row.number, column=column_letter(where),
                header=self.table.header.labels[where],
            ))  # fmt: skip
        if not parsed.value:
            return {}
        (lon, lat), points = parsed.value[0], points_text(parsed.value)
        return {"longitude": lon, "latitude": lat, "points": points}

    def _value_problem(self, parsed: Parsed, row: Row, index: int) -> None:
        if parsed.kind is not None:
            self.builder.problem(parsed.problem(
                row.cells[index], row=row.number, column=column_letter(index),
                header=self.table.header.labels[index],
            ))  # fmt: skip

    def _row_problem(self, kind: ProblemKind, row: Row, about: str) -> None:
        i = self.table.fields.get(about)
        letter = "" if i is None else column_letter(i)
        label = "" if i is None else self.table.header.labels[i]
        wanted = NAMES_OF_FIELDS.get(about, "").lower()
        self.builder.problem(kind.at(row=row.number, column=letter, header=label, wanted=wanted))

    def _cell_problem(
        self,
        kind: ProblemKind,
        row: int,
        index: int,
        header: str,
        value: str,
        **words: object,
    ) -> None:
        self.builder.problem(
            kind.at(row=row, column=column_letter(index), header=header, value=value, **words),
        )


def judge_unit(builder: Builder, unit: str, row: int | None, largest: int, count: int) -> None:
    """Say that the label ``R thousands`` was not followed, and doubt that where every amount is
    small: ten amounts or more and none of R 1 million."""
    if not unit:
        return
    builder.problem(kinds.UNIT_LABEL_DOUBTED.at(row=row, column="A", value=unit))
    if count >= AMOUNTS_TO_JUDGE and 0 < largest < LARGEST_EXPECTED:
        builder.problem(kinds.UNIT_IMPLAUSIBLE.at(row=row, column="A", value=rand_words(largest)))


def report_sheets(
    builders: list[Builder],
    wanted: str,
    passed: list[Sheet],
    book: Workbook,
) -> None:
    """Problems of the workbook as a whole, said in its first part: sheets passed over or
    unreadable, sheets of the same municipality twice, sheets of another province."""
    for problem in book.problems:
        builders[0].problem(problem)
    for sheet in passed:
        if sheet.readable and sheet.rows:
            builders[0].problem(kinds.SHEET_NOT_RECOGNISED.at(sheet=sheet.name, wanted=wanted))
        for problem in sheet.problems:
            builders[0].problem(problem)
    first: dict[tuple[str, str], Builder] = {}
    for builder in builders:
        if builder.institution == UNKNOWN:
            continue
        before = first.setdefault((builder.institution, builder.document), builder)
        if before is not builder:
            builder.problem(
                kinds.SHEET_SAME_INSTITUTION.at(value=builder.institution, first=before.sheet),
            )
    _report_strangers(builders)


def _report_strangers(builders: list[Builder]) -> None:
    """A sheet whose municipality is of another province than most sheets of the workbook."""
    load = institutions.load()
    province = {
        b.part: found.province for b in builders if (found := load.get(b.institution)) is not None
    }
    commonest = Counter(province.values()).most_common(1)
    if not commonest or commonest[0][1] * 2 <= len(builders):
        return
    for builder in builders:
        if province.get(builder.part, commonest[0][0]) != commonest[0][0]:
            builder.problem(kinds.INSTITUTION_OTHER_SHEET.at(
                value=builder.institution, others=commonest[0][0],
            ))  # fmt: skip
