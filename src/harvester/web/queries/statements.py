"""Statements over the harvest in service: made once for each question, then remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harvester.reports.statements import cascade as vertical
from harvester.reports.statements import cef, dora, papers, scopes, spatial
from harvester.reports.statements.benchmark import benchmark as side_by_side
from harvester.reports.statements.certificate import certificates
from harvester.reports.statements.source import named
from harvester.rules import institutions

if TYPE_CHECKING:
    from harvester.reports.statements import Statement
    from harvester.web.harvest_store import HarvestTables, Row

MAKERS = {dora.KIND: dora.dora_s14, cef.KIND: cef.cef}
BASES = {dora.KIND: dora.BASES, cef.KIND: cef.BASES, spatial.KIND: spatial.BASES}


class Open:
    """The web's open harvest as a statement asks it."""

    def __init__(self, tables: HarvestTables) -> None:
        self._tables = tables

    @property
    def manifest(self) -> dict[str, Any]:
        """What the run says of itself."""
        return self._tables.harvest.manifest

    def rows(self, query: str, **values: object) -> list[Row]:
        """The answer of a query of a statement."""
        return self._tables.rows(query, named(query, values))


def of_metro(
    tables: HarvestTables, kind: str, metro: str, year: str = "", basis: str = ""
) -> Statement:
    """The statement of one municipality that stands on one season's papers."""
    key = ("statement", kind, metro, year, basis)
    return tables.remember(key, lambda: MAKERS[kind](Open(tables), metro, year, basis))


def cascade(tables: HarvestTables, metro: str, year: str = "") -> Statement:
    """The vertical cascade of one municipality; with a row for each undertaking too large to be kept."""
    return vertical.cascade(Open(tables), metro, year)


def cascade_seasons(tables: HarvestTables, metro: str) -> list[str]:
    """Seasons a cascade can be made of, latest first."""
    return tables.remember(
        ("cascade seasons", metro), lambda: vertical.seasons_of(Open(tables), metro)
    )


def of_country(tables: HarvestTables, kind: str, metros: list[str], year: str) -> list[Statement]:
    """The statement of each of some metros, those of which nothing was read left out."""
    made = [of_metro(tables, kind, metro, year) for metro in metros]
    return [one for one in made if any(table.rows for table in one.tables[:2])]


def metros(tables: HarvestTables, *, only: bool) -> list[str]:
    """Municipalities with plan money; ``only`` the metros among them."""
    found = tables.remember("municipalities", lambda: papers.metros_of(Open(tables)))
    book = institutions.load()
    return [one for one in found if not only or book.kind(one) == "metro"]


def seasons(tables: HarvestTables, metro: str) -> list[str]:
    """Seasons whose papers hold plan money of a municipality (empty: of any), latest first."""
    return tables.remember(("seasons", metro), lambda: papers.seasons_of(Open(tables), metro))


def asked(tables: HarvestTables, metro: str, years: tuple[str, str], **more: Any) -> spatial.Asked:
    """A question to the spatial budget. Raises ``UserError``."""
    return spatial.asked(Open(tables), metro, *years, **more)


def spatial_budget(tables: HarvestTables, of: spatial.Asked, *, rows: bool) -> Statement:
    """The spatial budget; sums alone are remembered."""
    if rows:
        return spatial.spatial(Open(tables), of)
    return tables.remember(("spatial", of), lambda: spatial.spatial(Open(tables), of, rows=False))


def spatial_rows(
    tables: HarvestTables, of: spatial.Asked, sort: str, limit: int, offset: int
) -> tuple[list[Row], int]:
    """One page of rows with their words, and how many there are."""
    source = Open(tables)
    count = tables.remember(("spatial rows", of), lambda: spatial.count_of(source, of))
    names = tables.remember(("area names", of.layer), lambda: spatial.area_names(source, of.layer))
    rows = spatial.rows_of(source, of, sort, limit, offset)
    for row in rows:
        row["area"] = spatial.worded("area_id", row["area_id"], names)
    return rows, count


def spatial_choices(tables: HarvestTables, of: spatial.Asked) -> dict[str, list[tuple[str, str]]]:
    """Choices of every filter."""
    return {
        by: tables.remember(
            ("spatial choices", by, of.metro, of.layer, of.basis, of.first, of.last),
            lambda by=by: spatial.options_of(Open(tables), of, by),
        )
        for by in spatial.FILTERS
    }


def layers(tables: HarvestTables, metro: str) -> list[Row]:
    """Layers the spatial budget can be shown in."""
    return tables.remember(("statement layers", metro), lambda: spatial.layers(Open(tables), metro))


def certificate(tables: HarvestTables, kind: str, year: str) -> dict[str, Statement]:
    """Every certificate of a kind, by code, in the order of the codes."""
    return tables.remember(
        ("certificates", kind, year),
        lambda: {one.metro: one for one in certificates(Open(tables), kind, "", year)},
    )


def benchmark(tables: HarvestTables, kind: str, year: str) -> Statement:
    """Everyone of a kind side by side."""
    return tables.remember(
        ("benchmark", kind, year), lambda: side_by_side(Open(tables), year, kind)
    )


def measured_years(tables: HarvestTables, kind: str) -> list[str]:
    """Years in which anything of a kind is known."""
    return tables.remember(
        ("measured years", kind), lambda: scopes.scopes(Open(tables), kind).years
    )
