"""The rows of a list read through a mapping: each becomes an entry with its amounts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from harvester.domain.documents import EntryKind
from harvester.domain.periods import FinancialYear
from harvester.sources import problem_kinds as kinds
from harvester.sources.mapping import kinds as own_kinds
from harvester.sources.mapping.cells import Cells
from harvester.sources.mapping.definition import fold
from harvester.sources.tables.workbook import column_letter
from harvester.sources.values.amounts import (
    cell_text,
    extras_text,
    is_blank,
    is_error,
    rand_words,
    text_of,
)
from harvester.sources.values.dates import parse_year

if TYPE_CHECKING:
    from collections.abc import Callable

    from harvester.domain.documents import Phase
    from harvester.sources.mapping.amounts import AmountColumn
    from harvester.sources.mapping.match import Match
    from harvester.sources.reading import Builder
    from harvester.sources.tables.workbook import Row

_TOTAL = re.compile(
    r"(?:grand |sub ?|overall )?totals?(?: (?:budget|capital|expenditure|cost|amount|mtref|mtef|"
    r"allocations?|projects?|grants?|funding|for .*|of .*|per .*|.* (?:department|directorate|"
    r"programme|municipality|funding)))?",
)
_ANY_TOTAL = re.compile(r"(?:grand |sub ?|overall )?totals?\b")
_FOOTNOTE = re.compile(
    r"(?:notes?|source|references?|footnotes?|disclaimer|prepared by)\b.*|\*.*",
    re.IGNORECASE,
)
_BETWEEN_REFERENCES = re.compile(r"\s*[;\n]\s*|,\s+")
_SPECIAL = frozenset(
    {
        "longitude",
        "latitude",
        "gps",
        "shape",
        "start_date",
        "end_date",
        "total_cost",
        "units",
        "year",
        "amount",
        "extra",
        "references_text",
    },
)
_PLACES = frozenset({"location_text", "benefit_text"})
_PROJECTS = frozenset({EntryKind.PROJECT, EntryKind.PROGRAMME})


@dataclass
class _Amount:
    """One amount of an item, with the cell it comes from."""

    row: int
    index: int
    cents: int
    header: str
    raw: str
    phase: Phase
    year: FinancialYear | None
    fund: str


@dataclass
class _Item:
    """An entry under way: its first row, its fields, and the amounts of all its rows."""

    row: int
    fields: dict[str, Any]
    amounts: list[_Amount] = field(default_factory=list)


class RowReader:
    """Reads the rows of one matched sheet into a builder.

    ``own`` is the code of the municipality whose list it is, or ``""`` when rows may be of any;
    ``resolve`` turns a municipality's name into its code, or ``None``.
    """

    def __init__(
        self,
        found: Match,
        builder: Builder,
        own: str,
        resolve: Callable[[str], str | None],
    ) -> None:
        self.found = found
        self.mapping = found.mapping
        self.builder = builder
        self.own = own
        self.resolve = resolve
        self.cells = Cells(found, builder)
        self.at = self.cells.at
        columns = sorted(found.fields.items())
        self.texts = [(i, c) for i, c in columns if c.field not in _SPECIAL]
        self.references = [i for i, c in columns if c.field == "references_text"]
        self.references += [i for i, c in columns if c.also == "references_text"]
        self.required = [(i, c) for i, c in columns if c.required]
        self.extras = [(i, c.key) for i, c in columns if c.field == "extra"]
        self.extras += sorted(found.extras.items())
        self.codes: dict[str, int] = {}

    def read(self) -> None:
        """Every row below the heading."""
        if self.found.long_form:
            self._read_long()
        else:
            self._read_wide()

    def _read_wide(self) -> None:
        for row in self._rows():
            fields = self._fields(row)
            amounts = self._amounts(row)
            if self._acceptable(row, fields, has_amounts=bool(amounts)):
                self._note_code(row, fields)
                self._add(_Item(row.number, fields, amounts))

    def _read_long(self) -> None:
        """Long form: one row is one amount; the rows of one item make one entry."""
        items: dict[tuple[str, ...], _Item] = {}
        for row in self._rows():
            fields = self._fields(row)
            amount = self._long_amount(row, fields)
            if not self._acceptable(row, fields, has_amounts=amount is not None):
                continue
            item = items.setdefault(_identity(fields), _Item(row.number, fields))
            if item.row != row.number:
                self._compare(row, item, fields)
            if amount is not None:
                item.amounts.append(amount)
        for item in items.values():
            self._add(item)

    def _rows(self) -> list[Row]:
        below = (r for r in self.found.sheet.rows if r.number > self.found.header.row)
        return [row for row in below if not self._passed_over(row)]

    def _long_amount(self, row: Row, fields: dict[str, Any]) -> _Amount | None:
        """The amount of a long-form row; a year that cannot be read is a problem, not a loss."""
        index, at_year = self.at["amount"], self.at["year"]
        cents = self.cells.amount(row, index, self.found.factors.get(index, 1))
        if cents is None:
            return None
        parsed = parse_year(self.cells.cell(row, at_year), single=self.mapping.single_year)
        self.cells.tell(parsed, row, at_year)
        if parsed.value is None and parsed.kind is None:
            self.cells.say(kinds.YEAR_UNREADABLE, row, at_year)
        return self._made(
            row,
            index,
            cents,
            phase=self.mapping.phase,
            start=parsed.value,
            fund=str(fields.get("fund_text", "")),
        )

    def _made(
        self, row: Row, index: int, cents: int, *, phase: Phase, start: int | None, fund: str
    ) -> _Amount:
        year = None if start is None else FinancialYear(start, self.mapping.calendar)
        raw = cell_text(self.cells.cell(row, index))
        return _Amount(row.number, index, cents, self.cells.labels[index], raw, phase, year, fund)

    def _compare(self, row: Row, item: _Item, fields: dict[str, Any]) -> None:
        for index, column in self.texts:
            if "fund_text" in {column.field, column.also}:
                continue
            now = fields.get(column.field)
            if now and item.fields.get(column.field) != now:
                self.cells.say(own_kinds.LONG_ROWS_DIFFER, row, index, first=item.row)

    def _passed_over(self, row: Row) -> bool:
        """Repeated headings, totals, footnotes and section lines: passed over, and said so."""
        filled = [i for i, c in enumerate(row.cells) if not is_blank(c)]
        if not filled:
            return True
        if self._repeats_heading(row, filled):
            self.cells.say(own_kinds.HEADING_REPEATED, row)
            return True
        name = self.cells.cell(row, self.at.get("name"))
        code = self.cells.cell(row, self.at.get("source_code"))
        label = text_of(row.cells[filled[0]] if is_blank(name) else name)
        if not is_blank(code) and text_of(code) != label:
            return False
        if self._is_total(fold(label)):
            self.cells.say(kinds.ROW_SUBTOTAL, row, value=label)
            return True
        if len(filled) == 1 and (is_blank(name) or _FOOTNOTE.fullmatch(label)):
            self.cells.say(own_kinds.ROW_PASSED_OVER, row, filled[0])
            return True
        return False

    def _is_total(self, label: str) -> bool:
        """A total row; a project may be called a total station, a grant or a target may not."""
        if self.mapping.kind not in _PROJECTS and _ANY_TOTAL.match(label):
            return True
        return _TOTAL.fullmatch(label) is not None

    def _repeats_heading(self, row: Row, filled: list[int]) -> bool:
        header = self.found.header
        return len(filled) > 1 and all(
            i < len(header.labels) and text_of(row.cells[i]) in {header.labels[i], header.own[i]}
            for i in filled
        )

    def _acceptable(self, row: Row, fields: dict[str, Any], *, has_amounts: bool) -> bool:
        """Whether a row is an entry at all; required cells that are empty are problems."""
        name = fields.get("name", "")
        if not name and not fields.get("source_code") and not has_amounts:
            self.cells.say(kinds.ROW_EMPTY_OF_PROJECT, row, rejects=True)
            return False
        nameless = not name and self.mapping.kind in _PROJECTS
        if nameless:
            self.cells.say(kinds.ROW_WITHOUT_NAME, row, self.at.get("name"), wanted="project name")
        for index, column in self.required:
            if is_blank(self.cells.cell(row, index)) and not (nameless and column.field == "name"):
                self.cells.say(own_kinds.REQUIRED_CELL_EMPTY, row, index)
        if name and not has_amounts and sum(not is_blank(c) for c in row.cells) == 1:
            self.cells.say(own_kinds.ROW_NOTHING_ELSE, row, self.at.get("name"))
        self._judge_municipality(row, fields)
        return True

    def _judge_municipality(self, row: Row, fields: dict[str, Any]) -> None:
        text = fields.get("municipality_text", "")
        code = self.resolve(text) if self.own and text else None
        if code and code != self.own:
            self.cells.say(
                own_kinds.OTHER_MUNICIPALITY,
                row,
                self.at["municipality_text"],
                own=self.own,
            )

    def _note_code(self, row: Row, fields: dict[str, Any]) -> None:
        code = fields.get("source_code", "")
        if code and self.codes.setdefault(code, row.number) != row.number:
            self.cells.say(
                kinds.CODE_REPEATED,
                row,
                self.at["source_code"],
                first=self.codes[code],
            )

    def _fields(self, row: Row) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        for index, column in self.texts:
            text = self.cells.text(row, index)
            if text:
                fields.setdefault(column.field, text)
                if column.field in _PLACES and text.endswith(("...", "…")):
                    self.cells.say(kinds.LIST_CUT_OFF, row, index)
                if column.also and column.also != "references_text":
                    fields.setdefault(column.also, text)
        fields["references_text"] = ";".join(self._references(row))
        extras = {k: text for i, k in self.extras if (text := self.cells.text(row, i))}
        self.cells.place(row, fields)
        self.cells.measures(row, fields, extras)
        fields["extras"] = extras_text(extras)
        return fields

    def _references(self, row: Row) -> list[str]:
        found = [self.cells.cell(row, i) for i in self.references]
        parts = [
            text_of(part)
            for c in found
            if not is_error(c)
            for part in _BETWEEN_REFERENCES.split(cell_text(c))
        ]
        return list(dict.fromkeys(p for p in parts if p))

    def _amounts(self, row: Row) -> list[_Amount]:
        """The amounts of a wide row; a total beside its parts by fund is not counted twice."""
        read = [(a, self.cells.amount(row, a.index, a.factor)) for a in self.found.amounts]
        known = [(a, cents) for a, cents in read if cents is not None]
        parts: dict[tuple[int | None, Phase], int] = {}
        for a, cents in known:
            if a.fund:
                parts[a.year, a.phase] = parts.get((a.year, a.phase), 0) + cents
        kept = []
        for a, cents in known:
            amount: int | None = cents
            if not a.fund and (a.year, a.phase) in parts:
                amount = self._rest(row, a, cents - parts[a.year, a.phase])
            if amount is not None:
                kept.append(
                    self._made(row, a.index, amount, phase=a.phase, start=a.year, fund=a.fund)
                )
        return kept

    def _rest(self, row: Row, column: AmountColumn, rest: int) -> int | None:
        """What a total holds beyond its parts by fund; ``None`` when that is nothing."""
        if rest == 0:
            return None
        year = "an unknown year"
        if column.year is not None:
            year = FinancialYear(column.year, self.mapping.calendar).label
        kind = own_kinds.TOTAL_ABOVE_PARTS if rest > 0 else own_kinds.TOTAL_BELOW_PARTS
        self.cells.say(kind, row, column.index, year=year, rest=rand_words(abs(rest)))
        return rest if rest > 0 else None

    def _add(self, item: _Item) -> None:
        entry_id = self.builder.entry(item.row, self.mapping.kind, **item.fields)
        for a in item.amounts:
            self.builder.line(
                entry_id,
                a.cents,
                a.phase,
                f"{column_letter(a.index)}{a.row}",
                a.header,
                a.raw,
                year=a.year,
                fund_text=a.fund,
            )


def _identity(fields: dict[str, Any]) -> tuple[str, ...]:
    """What makes two long-form rows one item: its code; else its name, owner and place."""
    code = fields.get("source_code", "")
    place = (fields.get("municipality_text", ""), fields.get("owner_text", ""))
    if code:
        return ("code", str(code), *place)
    return ("name", str(fields.get("name", "")), *place, str(fields.get("other_code", "")))
