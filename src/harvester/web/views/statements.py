"""Statements: grants per integration zone, poor households, the spatial budget; page and file."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import render

from harvester.domain.errors import UserError
from harvester.reports.statements import NAMES, cef, dora, spatial
from harvester.web import downloads, labels, params
from harvester.web.params import BadQueryError
from harvester.web.permissions import Action, needs
from harvester.web.pictures import stacks
from harvester.web.queries import statements as query
from harvester.web.views.common import over_harvest

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict

    from harvester.reports.statements.statement import Table
    from harvester.web.harvest_store import HarvestTables
    from harvester.web.scope import Scope

PER_PAGE, MOST_SUMS, MOST_OPTIONS = 50, 100, 300
PLACES = (
    ("city_wide", "c1", "city-wide"), ("administrative", "c0", "administrative"),
    ("nowhere", "cx", "says nowhere"),
)  # fmt: skip
PARTS = {
    dora.KIND: (("in_zones", "c4", "in integration zones"), ("outside", "c2", "in no zone"), *PLACES),
    cef.KIND: (
        ("poor", "c4", "to poor households"), ("other", "c3", "to other households"),
        ("no_figure", "c2", "located, poverty not known"), *PLACES,
    ),
    spatial.KIND: (
        ("located", "c4", "located"), ("allocable", "c1", "city-wide, allocable"),
        ("unlocated", "cx", "unlocated"),
    ),
}  # fmt: skip
BASIS_WORDS = {
    "own": "each owner's own paper", "pipeline": "BEPP pipeline",
    "budget": "budgets", "idp": "IDP",
}  # fmt: skip


def basis_word(code: str) -> str:
    """A basis in words."""
    return BASIS_WORDS.get(code) or labels.document(code)


def _season(told: QueryDict, tables: HarvestTables, metro: str) -> tuple[str, list[str]]:
    """The season asked for (empty: the latest), and those there are."""
    seasons = query.seasons(tables, metro)
    return params.choice(told, "year", seasons), seasons


@over_harvest
def overview(request: HttpRequest, tables: HarvestTables, scope: Scope) -> HttpResponse:
    """What each statement finds for the place of the scope."""
    of = query.asked(tables, scope.metro, _years(scope))
    found = [(spatial.KIND, query.spatial_budget(tables, of, rows=False))]
    if scope.metro:
        found += [(kind, query.of_metro(tables, kind, scope.metro)) for kind in query.MAKERS]
    return render(request, "statements.html", {"found": found, "names": NAMES})


def _known(kind: str) -> str:
    if kind not in query.MAKERS:
        raise Http404(f"There is no statement {kind[:20]}.")
    return kind


@over_harvest
def statement(request: HttpRequest, tables: HarvestTables, scope: Scope, kind: str) -> HttpResponse:
    """One statement of the municipality of the scope, or a line for each of the country."""
    _known(kind)
    year, seasons = _season(request.GET, tables, scope.metro)
    basis = params.choice(request.GET, "basis", query.BASES[kind])
    told = {**scope.pairs, "year": year, "basis": basis}
    common = {
        "kind": kind, "name": NAMES[kind], "year": year, "seasons": seasons, "basis": basis,
        "bases": [(code, basis_word(code)) for code in query.BASES[kind]],
        "told": urlencode({k: v for k, v in told.items() if v}, safe="/"),
    }  # fmt: skip
    if not scope.metro:
        made = query.of_country(tables, kind, list(labels.metros()), year)
        return render(request, "statement_country.html", {**common, "made": made})
    one = query.of_metro(tables, kind, scope.metro, year, basis)
    years = one.table("trend") or one.table("years")
    picture = None
    if years and years.rows:
        label = years.columns[0].name
        picture = stacks.draw([*years.rows], label, PARTS[kind])
    return render(request, "statement.html", {**common, "one": one, "stacks": picture})


@needs(Action.DOWNLOAD)
@over_harvest
def download(
    request: HttpRequest, tables: HarvestTables, scope: Scope, kind: str, form: str
) -> HttpResponseBase:
    """A statement as a file: of one municipality, or of every metro."""
    _known(kind)
    year, _ = _season(request.GET, tables, scope.metro)
    if scope.metro:
        basis = params.choice(request.GET, "basis", query.BASES[kind])
        made = [query.of_metro(tables, kind, scope.metro, year, basis)]
    else:
        made = query.of_country(tables, kind, list(labels.metros()), year)
    name = f"{kind}-{scope.metro or 'country'}"
    return downloads.statements(made, form, name, params.code(request.GET, "table"))


def _years(scope: Scope) -> tuple[str, str]:
    """Municipal years of the scope, empty where it has no bound."""
    return scope.pairs.get("from", ""), scope.pairs.get("to", "")


def _asked(request: HttpRequest, tables: HarvestTables, scope: Scope) -> spatial.Asked:
    """The spatial budget that the address asks for. Raises :class:`BadQueryError`."""
    told = request.GET
    filters = {name: params.code(told, name) for name in spatial.FILTERS}
    try:
        return query.asked(
            tables, scope.metro, _years(scope),
            basis=params.choice(told, "basis", spatial.BASES),
            layer=params.code(told, "layer"), filters=filters,
        )  # fmt: skip
    except UserError as error:
        raise BadQueryError(str(error)) from error


@dataclass(frozen=True)
class RowsPage:
    """A page of rows of the spatial budget, in the shape lists have."""

    rows: list[dict[str, Any]]
    total: int
    number: int
    sort: str
    pairs: dict[str, str]

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, math.ceil(self.total / PER_PAGE))

    @property
    def first(self) -> int:
        """Number of the first row shown."""
        return (self.number - 1) * PER_PAGE + 1 if self.rows else 0

    @property
    def last(self) -> int:
        """Number of the last row shown."""
        return self.first + len(self.rows) - 1 if self.rows else 0

    def query(self, **changes: str) -> str:
        """The address with some values changed (empty removes)."""
        told = {**self.pairs, **changes}
        return urlencode({name: value for name, value in told.items() if value}, safe="/,:")

    def sorting(self, name: str) -> tuple[str, str]:
        """For a heading: the sort that follows, and the state it is in now."""
        first, other = (f"-{name}", name) if name in _FIGURES else (name, f"-{name}")
        following = {first: other, other: ""}.get(self.sort, first)
        state = {name: "ascending", f"-{name}": "descending"}.get(self.sort, "none")
        return following, state


_FIGURES = ("total", "located", "allocable", "unlocated")


def _rows_page(request: HttpRequest, tables: HarvestTables, of: spatial.Asked) -> RowsPage:
    number, sort = params.page_number(request.GET), params.code(request.GET, "sort")
    if sort.removeprefix("-") not in {"", *spatial.SORTS}:
        raise BadQueryError(f"This list cannot be sorted by ‘{sort[:40]}’.")
    rows, total = query.spatial_rows(tables, of, sort, PER_PAGE, (number - 1) * PER_PAGE)
    pairs = {
        "metro": of.metro, "from": of.first, "to": of.last, "basis": of.basis, "layer": of.layer,
        "by": params.choice(request.GET, "by", spatial.BY), "sort": sort, **dict(of.filters),
    }  # fmt: skip
    page = RowsPage(rows, total, number, sort, pairs)
    if number > page.pages:
        raise BadQueryError(f"There are {page.pages} pages; page {number} does not exist.")
    return page


@over_harvest
def spatial_page(request: HttpRequest, tables: HarvestTables, scope: Scope) -> HttpResponse:
    """The spatial budget: sums by one dimension drawn and as a table, and every row."""
    of = _asked(request, tables, scope)
    page = _rows_page(request, tables, of)
    one = query.spatial_budget(tables, of, rows=False)
    by = page.pairs["by"] or "sphere"
    shown = _cut(one.table(by))
    choices = query.spatial_choices(tables, of)
    asked = dict(of.filters)
    return render(
        request,
        "spatial.html",
        {
            "one": one, "of": of, "page": page, "by": by, "shown": shown,
            "by_options": [(name, _BY_WORDS[name]) for name in spatial.BY],
            "filters": [
                (n, _BY_WORDS[n], asked.get(n, ""), _shown(choices[n], asked.get(n, "")))
                for n in spatial.FILTERS
            ],
            "layers": query.layers(tables, scope.metro),
            "bases": [(code, basis_word(code)) for code in spatial.BASES],
            "stacks": stacks.draw(shown.rows[:12], "name", PARTS[spatial.KIND]) if shown else None,
            "documents": one.table("documents"),
            "headings": [(n, w, *page.sorting(n), n in _FIGURES) for n, w in _HEADINGS],
        },
    )  # fmt: skip


def _cut(table: Table | None) -> Table | None:
    """The table with its greatest sums, as many as a page can hold; its file has them all."""
    if table is None or len(table.rows) <= MOST_SUMS:
        return table
    more = f"The first {MOST_SUMS} of {len(table.rows)}; the files have them all. "
    return replace(table, rows=table.rows[:MOST_SUMS], note=more + table.note)


def _shown(options: list[tuple[str, str]], chosen: str) -> list[tuple[str, str]]:
    """Options of a choice, as many as a list can hold; the chosen one is always among them."""
    some = options[:MOST_OPTIONS]
    beyond = [option for option in options[MOST_OPTIONS:] if option[0] == chosen]
    return some + beyond


_BY_WORDS = {
    "sphere": "sphere", "grant": "fund", "function": "function", "area_id": "area",
    "year": "municipal year", "owner": "owner",
}  # fmt: skip
_HEADINGS = (
    ("metro", "Municipality"), ("sphere", "Sphere"), ("owner", "Owner"), ("function", "Function"),
    ("grant", "Fund"), ("area_id", "Area"), ("year", "Year"), ("document", "Paper"),
    ("total", "Total"), ("located", "Located"), ("allocable", "Allocable"),
    ("unlocated", "Unlocated"),
)  # fmt: skip


@needs(Action.DOWNLOAD)
@over_harvest
def spatial_download(
    request: HttpRequest, tables: HarvestTables, scope: Scope, form: str
) -> HttpResponseBase:
    """The spatial budget with its filters as a file; a CSV holds every row."""
    of = _asked(request, tables, scope)
    made = query.spatial_budget(tables, of, rows=True)
    name = f"spatial-budget-{scope.metro or 'country'}"
    return downloads.statements([made], form, name, params.code(request.GET, "table") or "rows")
