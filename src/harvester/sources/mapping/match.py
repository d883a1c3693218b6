"""Which column of a list is which field: headings matched to a mapping, amounts found by year."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harvester.domain.money import format_rand
from harvester.sources import problem_kinds as kinds
from harvester.sources.mapping import kinds as own_kinds
from harvester.sources.mapping.amounts import (
    SINGLE_YEAR,
    YEAR,
    AmountColumn,
    amount_column,
    phase_and_fund,
    plain,
    unit_of,
    without_unit,
)
from harvester.sources.mapping.definition import MappedColumn, fold, words
from harvester.sources.tables.headers import SEARCH_ROWS, find_header, header_key
from harvester.sources.tables.workbook import column_letter

if TYPE_CHECKING:
    from harvester.domain.documents import Phase
    from harvester.domain.problems import Problem
    from harvester.sources.mapping.definition import Mapping
    from harvester.sources.tables.headers import Header
    from harvester.sources.tables.workbook import Sheet

LEAST_HEADINGS = 2
"""A heading row names at least this many columns of the mapping."""


@dataclass
class Match:
    """A mapping laid on one sheet's heading."""

    mapping: Mapping
    sheet: Sheet
    header: Header
    fields: dict[int, MappedColumn] = field(default_factory=dict)
    factors: dict[int, int] = field(default_factory=dict)
    amounts: list[AmountColumn] = field(default_factory=list)
    extras: dict[int, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def found(self) -> set[str]:
        """Keys of the mapping's columns that were found."""
        return {column.key for column in self.fields.values()}

    @property
    def long_form(self) -> bool:
        """Whether each row is one amount, with its year in a column."""
        return {"year", "amount"} <= {c.field for c in self.fields.values()} and not self.amounts

    @property
    def missing(self) -> list[str]:
        """Headings that are needed and were not found."""
        lost = [c.header for c in self.mapping.required if c.key not in self.found]
        if self.mapping.amounts.required and not self.amounts and not self.long_form:
            lost.append(
                self.mapping.amounts.header.replace("{year}", "2018/19").replace("{fund}", "USDG")
            )
        return lost

    @property
    def telling(self) -> int:
        """How many columns were found that only this kind of list has."""
        return sum(c.telling for c in self.fields.values())


def match(mapping: Mapping, sheet: Sheet) -> Match | None:
    """Lay a mapping on a sheet; ``None`` when no row looks like its heading.

    The heading is looked for by its fields alone, and by fields and years: a row of years below
    the names of the columns would else outweigh them. The one that explains more columns is taken.
    """
    fields, years = _known_keys(mapping, sheet)
    found: list[Match] = []
    for known in (fields, fields | years):
        header = find_header(sheet, known, least=min(LEAST_HEADINGS, max(1, len(known))))
        if header is not None and all(header != m.header for m in found):
            found.append(_laid(mapping, sheet, header))
    return max(found, key=lambda m: (-len(m.missing), len(m.fields) + len(m.amounts)), default=None)


def _laid(mapping: Mapping, sheet: Sheet, header: Header) -> Match:
    found = Match(mapping, sheet, header)
    _claim_fields(found)
    _claim_amounts(found)
    _claim_common(found)
    _drop_repeated(found)
    _set_rest_aside(found)
    _judge_units(found)
    return found


def _known_keys(mapping: Mapping, sheet: Sheet) -> tuple[frozenset[str], frozenset[str]]:
    """Headings among the first rows that this mapping understands, as the heading finder wants
    them: those of fields, and those of amounts."""
    texts = {
        cell
        for row in sheet.rows[:SEARCH_ROWS]
        for cell in row.cells
        if isinstance(cell, str) and len(cell) < 200
    }
    headers = frozenset().union(*(c.headers for c in mapping.columns))
    fields = {t for t in texts if plain(t) in headers or plain(t) in words().fields}
    years = {
        t
        for t in texts - fields
        if (YEAR.search(t) or mapping.single_year or mapping.amounts.columns)
        and amount_column(mapping, 0, t) is not None
    }
    return frozenset(map(header_key, fields)), frozenset(map(header_key, years))


def _texts(found: Match, index: int) -> tuple[str, ...]:
    """A column's heading: band and own words together, then its own words alone."""
    header = found.header
    return tuple(dict.fromkeys(t for t in (header.labels[index], header.own[index]) if t))


def _claim_fields(found: Match) -> None:
    """Headings the mapping names itself; the first of two that claim one column keeps it."""
    taken: dict[str, int] = {}
    for index in range(len(found.header.labels)):
        texts = {plain(text) for text in _texts(found, index)}
        for column in found.mapping.columns:
            if texts & column.headers:
                if column.key in taken:
                    first = found.header.labels[taken[column.key]]
                    found.problems.append(_twice(found, index, first, column.key))
                else:
                    taken[column.key] = index
                    found.fields[index] = column
                break


def _twice(found: Match, index: int, first: str, key: str) -> Problem:
    return own_kinds.FIELD_TWICE.at(
        sheet=found.sheet.name,
        row=found.header.row,
        column=column_letter(index),
        header=found.header.labels[index],
        first=first,
        field=key.replace("_", " "),
    )


def _claim_amounts(found: Match) -> None:
    for index in range(len(found.header.labels)):
        if index in found.fields:
            continue
        texts = _texts(found, index)
        for text in texts:
            column = amount_column(found.mapping, index, text)
            if column is not None:
                found.amounts.append(column)
                break
        else:
            _note_unclear(found, index, texts[0] if texts else "")


def _note_unclear(found: Match, index: int, label: str) -> None:
    """A heading with a year that is not read as money: what it holds, or which year, is not clear."""
    rest = " ".join(YEAR.sub(" ", label).split())
    kind = own_kinds.AMOUNT_COLUMN_UNCLEAR
    if not YEAR.search(label):
        single = SINGLE_YEAR.search(label)
        rest = label.replace(single[0], " ") if single else ""
        if single is None or phase_and_fund(found.mapping, without_unit(rest)) is None:
            return
        kind = own_kinds.AMOUNT_COLUMN_SINGLE_YEAR
    where = column_letter(index)
    found.problems.append(
        kind.at(
            sheet=found.sheet.name, row=found.header.row, column=where, header=label, value=rest
        ),
    )


def _claim_common(found: Match) -> None:
    """Headings known from the common words, for fields that nothing has claimed yet."""
    amounts = {a.index for a in found.amounts}
    claimed = {c.field for c in found.fields.values()}
    by_field = {c.field: c for c in found.mapping.columns if c.field != "extra"}
    first_of: dict[str, str] = {c.field: found.header.labels[i] for i, c in found.fields.items()}
    wide = bool(found.amounts)
    told = {p.column for p in found.problems}
    for index in range(len(found.header.labels)):
        if index in found.fields or index in amounts:
            continue
        name = next((n for t in _texts(found, index) if (n := words().fields.get(plain(t)))), None)
        if name is None or (wide and name in {"year", "amount"}):
            continue
        if name in claimed or (name in {"latitude", "longitude"} and "gps" in claimed):
            if column_letter(index) in told:
                continue
            found.problems.append(_twice(found, index, first_of.get(name, "GPS"), name))
            continue
        column = by_field.get(name) or MappedColumn(name, name, found.header.labels[index])
        if column.key != name:  # its name is a grant or an outcome: a "Project" is not one
            continue
        found.fields[index] = column
        claimed.add(name)
        first_of[name] = found.header.labels[index]
    _name_from_description(found)
    _lone_amount(found)


def _name_from_description(found: Match) -> None:
    """Many lists name their projects in a column of descriptions only."""
    by_field = {c.field: i for i, c in found.fields.items()}
    index = by_field.get("description")
    if "name" in by_field or index is None:
        return
    name = next((c for c in found.mapping.columns if c.field == "name"), None)
    if name is None or name.key != "name":
        return
    found.fields[index] = name
    found.problems.append(
        own_kinds.NAME_FROM_DESCRIPTION.at(
            sheet=found.sheet.name,
            row=found.header.row,
            column=column_letter(index),
            header=found.header.labels[index],
        ),
    )


def _lone_amount(found: Match) -> None:
    """An amount column without a year column is money of an unknown year."""
    by_field = {c.field: i for i, c in found.fields.items()}
    if "year" in by_field and "amount" not in by_field:
        del found.fields[by_field["year"]]
    if "amount" not in by_field or "year" in by_field:
        return
    index = by_field["amount"]
    del found.fields[index]
    label = found.header.labels[index]
    factor, _ = unit_of(label)
    found.amounts.append(
        AmountColumn(index, label, None, found.mapping.phase, "", factor * found.mapping.unit),
    )
    found.problems.append(
        own_kinds.COLUMN_YEAR_UNREADABLE.at(
            sheet=found.sheet.name,
            row=found.header.row,
            column=column_letter(index),
            header=label,
        )
    )


def _set_rest_aside(found: Match) -> None:
    amounts = {a.index for a in found.amounts}
    told = {p.column for p in found.problems}
    for index, label in enumerate(found.header.labels):
        if index in found.fields or index in amounts or not label:
            continue
        found.extras[index] = label
        if column_letter(index) not in told:
            found.problems.append(
                kinds.COLUMN_KEPT_ASIDE.at(
                    sheet=found.sheet.name,
                    row=found.header.row,
                    column=column_letter(index),
                    header=label,
                )
            )


def _drop_repeated(found: Match) -> None:
    """Two columns of one year, phase and fund would count one rand twice: the first is kept."""
    first: dict[tuple[int | None, Phase, str], AmountColumn] = {}
    for column in list(found.amounts):
        key = (column.year, column.phase, fold(column.fund))
        kept = first.setdefault(key, column)
        if kept is not column:
            found.amounts.remove(column)
            found.problems.append(
                own_kinds.AMOUNT_TWICE.at(
                    sheet=found.sheet.name,
                    row=found.header.row,
                    column=column.letter,
                    header=column.header,
                    first=f"{kept.letter} ({kept.header})",
                ),
            )


def _judge_units(found: Match) -> None:
    """Say where a heading's own unit was followed, and where units are at odds."""
    stated: dict[str, bool] = {}
    money = {a.index: a.header for a in found.amounts}
    for index, column in found.fields.items():
        if column.field in {"total_cost", "amount"}:
            factor, _ = unit_of(found.header.labels[index])
            found.factors[index] = factor * found.mapping.unit
            money[index] = found.header.labels[index]
    for index, label in sorted(money.items()):
        factor, said = unit_of(label)
        where = {
            "sheet": found.sheet.name,
            "row": found.header.row,
            "column": column_letter(index),
            "header": label,
        }
        if len(said) > 1:
            found.problems.append(own_kinds.UNIT_CONFLICTING.at(**where, value=" and ".join(said)))
        elif factor > 1:
            spaced = format_rand(factor * 100).removeprefix("R ")
            found.problems.append(
                own_kinds.UNIT_MULTIPLIED.at(**where, value=said[0], factor=spaced),
            )
        if len(said) <= 1:
            stated[said[0] if said else "R"] = True
    if len(stated) > 1:
        units = ", ".join(sorted(u for u in stated if u != "R"))
        found.problems.append(
            own_kinds.UNITS_DIFFER.at(
                sheet=found.sheet.name,
                row=found.header.row,
                value=units,
            )
        )
    _doubt_title_unit(found)


def _doubt_title_unit(found: Match) -> None:
    """A unit in a line above the heading is doubted: such labels are often left over."""
    for row in found.sheet.rows[:SEARCH_ROWS]:
        if row.number >= found.header.row:
            return
        for index, cell in enumerate(row.cells):
            if not isinstance(cell, str) or len(cell) > 60:
                continue
            factor, _ = unit_of(cell)
            if factor > 1 and cell not in found.header.bands:
                found.problems.append(
                    own_kinds.UNIT_LINE_NOT_FOLLOWED.at(
                        sheet=found.sheet.name,
                        row=row.number,
                        column=column_letter(index),
                        value=cell,
                    )
                )
                return
