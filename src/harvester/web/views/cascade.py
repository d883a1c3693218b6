"""The vertical cascade: a tree from national outcome to budget line, with its tables and files."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple
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


class Shown(NamedTuple):
    """What a page shows of a cascade: its tables as long as a page can hold, and its tree."""

    one: Statement
    tree: list[dict[str, Any]]


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
        made = _told([shown(tables, metro, year).one for metro in labels.metros()])
        return render(request, "statement_country.html", {**common, "made": made})
    one, branches = shown(tables, scope.metro, year)
    rungs = [(_SHORT[r], RUNG_WORDS[r]) for r in RUNGS]
    return render(
        request,
        "cascade.html",
        {**common, "one": one, "tree": branches, "rungs": rungs, "tables": one.tables},
    )


def shown(tables: HarvestTables, metro: str, year: str) -> Shown:
    """What a page shows of the cascade of one municipality, remembered."""

    def made() -> Shown:
        one = query.cascade(tables, metro, year)
        return Shown(replace(one, tables=[_cut(table) for table in one.tables]), tree(one))

    return tables.remember(("cascade", metro, year), made)  # type: ignore[no-any-return]


def _told(made: list[Statement]) -> list[Statement]:
    """Those that say anything."""
    return [one for one in made if any(table.rows for table in one.tables[:2])]


def _cut(table: Any) -> Any:
    """A table as long as a page can hold; its file has every row."""
    if len(table.rows) <= MOST_IN_TABLE:
        return table
    more = f"The first {MOST_IN_TABLE} of {len(table.rows)}; the files have them all. "
    return replace(table, rows=table.rows[:MOST_IN_TABLE], note=more + table.note)


def tree(one: Statement) -> list[dict[str, Any]]:
    """Outcomes, under each its owners, under each what they promise and their undertakings."""
    undertakings, targets = (_grouped(_rows(one, name)) for name in ("undertakings", "targets"))
    return [
        {
            **outcome,
            "branches": [
                _branch(owner, undertakings[said, owner], targets[said, owner])
                for owner in _owners(undertakings, targets, said)
            ],
        }
        for outcome in _rows(one, "outcomes")
        for said in (outcome["outcome"],)
    ]


def _rows(one: Statement, name: str) -> list[Row]:
    table = one.table(name)
    return table.rows if table else []


def _grouped(rows: list[Row]) -> dict[tuple[str, str], list[Row]]:
    """Rows by the outcome they serve and their owner."""
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        found[row["outcome_name"], row["owner"]].append(row)
    return found


def _owners(
    undertakings: dict[tuple[str, str], list[Row]],
    targets: dict[tuple[str, str], list[Row]],
    outcome: str,
) -> list[str]:
    """Owners in an outcome: those with most undertakings first."""
    owners = {owner for said, owner in [*undertakings, *targets] if said == outcome}
    return sorted(owners, key=lambda owner: (-len(undertakings.get((outcome, owner), ())), owner))


def _branch(owner: str, mine: list[Row], targets: list[Row]) -> dict[str, Any]:
    listed = [
        {**row, "rungs": [(row[f"{r}_state"], row[f"{r}_cents"], row[f"{r}_entry"]) for r in RUNGS]}
        for row in mine[:MOST_IN_BRANCH]
    ]
    amounts = [row["amount"] for row in mine if row["amount"] is not None]
    return {
        "owner": owner,
        "targets": targets,
        "undertakings": listed,
        "count": len(mine),
        "more": len(mine) - len(listed),
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
    places = [scope.metro] if scope.metro else labels.metros()
    made = [query.cascade(tables, metro, year) for metro in places]
    table = params.code(request.GET, "table") or "undertakings"
    return downloads.statements(
        made if scope.metro else _told(made), form, f"cascade-{scope.metro or 'country'}", table
    )
