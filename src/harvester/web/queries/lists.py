"""Lists that filter, sort, page and download, each declared once.

Every piece of SQL is a constant of a declaration; what a person chose picks among them and enters
as a parameter.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from harvester.web import params
from harvester.web.params import BadQueryError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.http import QueryDict

    from harvester.web.harvest_store import Row, Tables
    from harvester.web.scope import Scope

PER_PAGE = 50
Options = list[tuple[str, str]]


@dataclass(frozen=True)
class Column:
    """A column of a list: its name in the address and in downloads, its heading, its SQL.

    ``kind`` says how it is written: text, rand (cents), number, share, year (first half).
    ``sort`` whether people may sort by it, and ``by`` the SQL to sort by when it is another.
    """

    name: str
    label: str
    sql: str
    kind: str = "text"
    sort: bool = True
    by: str = ""


@dataclass(frozen=True)
class Choice:
    """A filter by a code. ``sql`` holds one ``?`` for each time the value is needed."""

    name: str
    label: str
    sql: str
    options: Callable[[Tables], Options]

    def clauses(self, query: QueryDict) -> list[tuple[str, list[object]]]:
        """The condition, when one is chosen."""
        value = params.code(query, self.name)
        return [(self.sql, [value] * self.sql.count("?"))] if value else []

    def state(self, query: QueryDict, tables: Tables) -> dict[str, Any]:
        """For the form: kind, name, label, value, options (the value is always among them)."""
        value = params.code(query, self.name)
        options = tables.remember(("options", self.name, self.sql), lambda: self.options(tables))
        known = {code for code, _ in options}
        missing = [] if not value or value in known else [(value, value)]
        return {
            "kind": "choice",
            "name": self.name,
            "label": self.label,
            "value": value,
            "options": options + missing,
        }


@dataclass(frozen=True)
class Search:
    """A filter by words: each word must be found. ``sql`` holds ``?`` once or more for the word."""

    name: str
    label: str
    sql: str

    def clauses(self, query: QueryDict) -> list[tuple[str, list[object]]]:
        """A condition for each word."""
        times = self.sql.count("?")
        return [(self.sql, [word] * times) for word in params.words(query, self.name)]

    def state(self, query: QueryDict, tables: Tables) -> dict[str, Any]:
        """For the form."""
        value = params.text(query, self.name)
        return {"kind": "search", "name": self.name, "label": self.label, "value": value}


@dataclass(frozen=True)
class Box:
    """A filter by a rectangle of degrees; ``sql`` takes west, east, south, north."""

    name: str
    label: str
    sql: str

    def clauses(self, query: QueryDict) -> list[tuple[str, list[object]]]:
        """The condition, when a box is given."""
        found = params.box(query, self.name)
        if found is None:
            return []
        west, south, east, north = found
        return [(self.sql, [west, east, south, north])]

    def state(self, query: QueryDict, tables: Tables) -> dict[str, Any]:
        """For the form: shown only while it is in force."""
        value = query.get(self.name, "").strip()
        return {"kind": "box", "name": self.name, "label": self.label, "value": value}


@dataclass(frozen=True)
class Listing:
    """A list. ``source`` is what follows FROM; ``order`` the sort when none is chosen.

    ``metro_sql`` and the two year expressions say how the scope applies (empty: it does not);
    a list with ``year_sql`` holds labels, one with ``first_sql`` and ``last_sql`` first halves.
    ``fixed`` conditions always hold: which submission, which indicator.
    """

    name: str
    source: str
    columns: tuple[Column, ...]
    filters: tuple[Choice | Search | Box, ...]
    order: str
    key: str
    fixed: tuple[tuple[str, tuple[object, ...]], ...] = ()
    metro_sql: str = ""
    year_sql: str = ""
    per_page: int = PER_PAGE
    first_sql: str = ""
    last_sql: str = ""

    def column(self, name: str) -> Column:
        """The sortable column of that name. Raises :class:`BadQueryError`."""
        for column in self.columns:
            if column.name == name and column.sort:
                return column
        raise BadQueryError(f"This list cannot be sorted by ‘{name[:40]}’.")


@dataclass
class Page:
    """One page of a list, and all a template needs to show it."""

    listing: Listing
    rows: list[Row]
    total: int
    number: int
    pages: int
    sort: str
    filters: list[dict[str, Any]]
    pairs: dict[str, str]
    extra_pairs: dict[str, str] = field(default_factory=dict)

    @property
    def first(self) -> int:
        """Number of the first row shown."""
        return (self.number - 1) * self.listing.per_page + 1 if self.rows else 0

    @property
    def last(self) -> int:
        """Number of the last row shown."""
        return self.first + len(self.rows) - 1 if self.rows else 0

    @property
    def is_filtered(self) -> bool:
        """Whether any filter is in force."""
        return any(state["value"] for state in self.filters)

    def query(self, **changes: str) -> str:
        """The address of this page with some values changed (empty removes)."""
        told = {**self.pairs, **self.extra_pairs, **changes}
        return urlencode({name: value for name, value in told.items() if value}, safe="/,")


def conditions(listing: Listing, query: QueryDict, scope: Scope) -> tuple[str, list[object]]:
    """WHERE text and its parameters."""
    clauses = [(sql, list(values)) for sql, values in listing.fixed]
    if listing.metro_sql and scope.metro:
        clauses.append((listing.metro_sql, [scope.metro] * listing.metro_sql.count("?")))
    clauses += _year_clauses(listing, scope)
    for each in listing.filters:
        clauses += each.clauses(query)
    if not clauses:
        return "", []
    text = " AND ".join(f"({sql})" for sql, _ in clauses)
    return f"WHERE {text}", [value for _, values in clauses for value in values]


def _year_clauses(listing: Listing, scope: Scope) -> list[tuple[str, list[object]]]:
    if listing.year_sql and (scope.first is not None or scope.last is not None):
        low, high = scope.labels_between()
        year = listing.year_sql
        return [(f"{year} = '' OR {year} BETWEEN ? AND ?", [low, high])]
    clauses: list[tuple[str, list[object]]] = []
    if listing.last_sql and scope.first is not None:
        clauses.append((f"{listing.last_sql} >= ?", [scope.first]))
    if listing.first_sql and scope.last is not None:
        clauses.append((f"{listing.first_sql} <= ?", [scope.last]))
    return clauses


def _ordered(listing: Listing, sort: str) -> str:
    if not sort:
        return f"ORDER BY {listing.order}, {listing.key}"
    column = listing.column(sort.removeprefix("-"))
    way = "DESC" if sort.startswith("-") else "ASC"
    return f"ORDER BY {column.by or column.sql} {way} NULLS LAST, {listing.key}"


def _selected(listing: Listing) -> str:
    return ", ".join(f'{c.sql} AS "{c.name}"' for c in listing.columns)


def total(listing: Listing, tables: Tables, query: QueryDict, scope: Scope) -> int:
    """How many rows the filters leave; counted once per harvest and choice."""
    where, values = conditions(listing, query, scope)
    sql = f"SELECT count(*) AS n FROM {listing.source} {where}"  # noqa: S608  constants only
    return tables.remember(("count", sql, tuple(values)), lambda: tables.value(sql, values))


def ask(listing: Listing, tables: Tables, query: QueryDict, scope: Scope) -> Page:
    """One page of a list. Raises :class:`BadQueryError` for a page or sort that cannot be."""
    number = params.page_number(query)
    sort = params.code(query, "sort")
    count = total(listing, tables, query, scope)
    pages = max(1, math.ceil(count / listing.per_page))
    if number > pages:
        raise BadQueryError(f"There are {pages} pages; page {number} does not exist.")
    where, values = conditions(listing, query, scope)
    sql = (
        f"SELECT {_selected(listing)} FROM {listing.source} {where} "  # noqa: S608
        f"{_ordered(listing, sort)} LIMIT ? OFFSET ?"
    )
    rows = tables.rows(sql, [*values, listing.per_page, (number - 1) * listing.per_page])
    filters = [each.state(query, tables) for each in listing.filters]
    told = {state["name"]: state["value"] for state in filters}
    pairs = {**scope.pairs, **{k: v for k, v in told.items() if v}}
    if sort:
        pairs["sort"] = sort
    return Page(listing, rows, count, number, pages, sort, filters, pairs)


def everything(listing: Listing, tables: Tables, query: QueryDict, scope: Scope) -> Iterator[Row]:
    """Every row the filters leave, in the order of the address, for a download."""
    where, values = conditions(listing, query, scope)
    names = _selected(listing)
    ordered = _ordered(listing, params.code(query, "sort"))
    return tables.stream(f"SELECT {names} FROM {listing.source} {where} {ordered}", values)  # noqa: S608
