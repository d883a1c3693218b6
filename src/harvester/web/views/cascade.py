"""The vertical cascade: a tree from national outcome to budget line, with its tables and files."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.shortcuts import render

from harvester.reports.statements import NAMES
from harvester.reports.statements import cascade as vertical
from harvester.reports.statements.cascade.rungs import GAP, RUNG_WORDS, RUNGS, UNREAD
from harvester.reports.statements.cascade.tables import counted
from harvester.web import downloads, labels, params
from harvester.web.permissions import Action, needs
from harvester.web.queries import statements as query
from harvester.web.views.common import over_harvest

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, HttpResponseBase

    from harvester.reports.statements import Statement
    from harvester.web.harvest_store import HarvestTables, Row
    from harvester.web.scope import Scope

MOST_IN_BRANCH, MOST_IN_TABLE = 20, 40
_SHORT = {"plan": "Plan", "list": "List", "idp": "IDP", "budget": "Budget"}


def _year(request: HttpRequest, tables: HarvestTables, scope: Scope) -> tuple[str, list[str]]:
    seasons = query.cascade_seasons(tables, scope.metro)
    return params.choice(request.GET, "year", seasons), seasons


@over_harvest
def overview(request: HttpRequest, tables: HarvestTables, scope: Scope) -> HttpResponse:
    """The tree of the municipality of the scope, or a line for each metro."""
    year, seasons = _year(request, tables, scope)
    told = urlencode({k: v for k, v in {**scope.pairs, "year": year}.items() if v}, safe="/")
    common = {
        "kind": vertical.KIND, "name": NAMES[vertical.KIND], "year": year, "seasons": seasons,
        "told": told, "basis": "", "bases": [],
    }  # fmt: skip
    if not scope.metro:
        made = _of_country(tables, year)
        return render(request, "statement_country.html", {**common, "made": made})
    one = query.cascade(tables, scope.metro, year)
    return render(
        request,
        "cascade.html",
        {
            **common, "one": one, "tree": tree(one), "rungs": [(_SHORT[r], RUNG_WORDS[r]) for r in RUNGS],
            "tables": [_cut(table) for table in one.tables],
        },
    )  # fmt: skip


def _of_country(tables: HarvestTables, year: str) -> list[Statement]:
    made = [query.cascade(tables, metro, year) for metro in labels.metros()]
    return [one for one in made if any(table.rows for table in one.tables[:2])]


def _cut(table: Any) -> Any:
    """A table as long as a page can hold; its file has every row."""
    if len(table.rows) <= MOST_IN_TABLE:
        return table
    more = f"The first {MOST_IN_TABLE} of {len(table.rows)}; the files have them all. "
    return replace(table, rows=table.rows[:MOST_IN_TABLE], note=more + table.note)


def tree(one: Statement) -> list[dict[str, Any]]:
    """Outcomes, under each its owners, under each what they promise and their undertakings."""
    undertakings, targets = _rows(one, "undertakings"), _rows(one, "targets")
    return [
        {
            **outcome,
            "branches": [
                _branch(owner, of_outcome(undertakings, outcome), of_outcome(targets, outcome))
                for owner in _owners(undertakings, targets, outcome)
            ],
        }
        for outcome in _rows(one, "outcomes")
    ]


def _rows(one: Statement, name: str) -> list[Row]:
    table = one.table(name)
    return table.rows if table else []


def of_outcome(rows: list[Row], outcome: Row) -> list[Row]:
    """Rows that serve an outcome."""
    return [row for row in rows if row["outcome_name"] == outcome["outcome"]]


def _owners(undertakings: list[Row], targets: list[Row], outcome: Row) -> list[str]:
    """Owners in an outcome: those with most undertakings first."""
    mine = of_outcome(undertakings, outcome)
    codes = {row["owner"] for row in [*mine, *of_outcome(targets, outcome)]}
    return sorted(codes, key=lambda code: (-sum(r["owner"] == code for r in mine), code))


def _branch(owner: str, undertakings: list[Row], targets: list[Row]) -> dict[str, Any]:
    mine = [row for row in undertakings if row["owner"] == owner]
    shown = [
        {**row, "rungs": [(row[f"{r}_state"], row[f"{r}_cents"], row[f"{r}_entry"]) for r in RUNGS]}
        for row in mine[:MOST_IN_BRANCH]
    ]
    amounts = [row["amount"] for row in mine if row["amount"] is not None]
    return {
        "owner": owner,
        "targets": [row for row in targets if row["owner"] == owner],
        "undertakings": shown,
        "count": len(mine),
        "more": len(mine) - len(shown),
        "cents": sum(amounts) if amounts else None,
        "gaps": counted(mine, GAP),
        "unread": counted(mine, UNREAD),
    }


@needs(Action.DOWNLOAD)
@over_harvest
def download(
    request: HttpRequest, tables: HarvestTables, scope: Scope, form: str
) -> HttpResponseBase:
    """The cascade as a file: of one municipality, or of every metro."""
    year, _ = _year(request, tables, scope)
    made = [query.cascade(tables, scope.metro, year)] if scope.metro else _of_country(tables, year)
    table = params.code(request.GET, "table") or "undertakings"
    return downloads.statements(made, form, f"cascade-{scope.metro or 'country'}", table)
