"""Areas and the money in them, and located undertakings as points."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harvester.web.queries.lists import Choice, Column, Listing, Search

if TYPE_CHECKING:
    from harvester.web.harvest_store import Row, Tables
    from harvester.web.queries.lists import Options
    from harvester.web.scope import Scope

PLAN_PHASES = "('planned', 'budget', 'gazetted')"
MOST_POINTS = 1_500
GRID = 48


def layers(tables: Tables) -> list[Row]:
    """Layers of areas with how many each has and whether its boundaries are illustrative."""
    return tables.remember(
        "layers",
        lambda: tables.rows(
            "SELECT layer, min(kind) AS kind, count(*) AS areas, bool_or(illustrative) AS illustrative "
            "FROM areas GROUP BY layer ORDER BY count(*), layer"
        ),
    )


def documents_with_money(tables: Tables, layer: str) -> list[str]:
    """Documents whose plan money the layer holds, most first."""
    rows = tables.remember(
        ("documents with money", layer),
        lambda: tables.rows(
            "SELECT document, sum(amount_cents) AS cents FROM spatial_budget "  # noqa: S608
            f"WHERE latest AND layer = ? AND phase IN {PLAN_PHASES} GROUP BY document ORDER BY cents DESC",
            [layer],
        ),
    )
    return [row["document"] for row in rows]


def _money(layer: str, document: str, scope: Scope) -> tuple[str, list[object]]:
    """Subquery of rand by area for one document; its parameters."""
    clauses = ["latest", "layer = ?", "document = ?", f"phase IN {PLAN_PHASES}"]
    values: list[object] = [layer, document]
    if scope.metro:
        clauses.append("metro = ?")
        values.append(scope.metro)
    if scope.first is not None or scope.last is not None:
        clauses.append("year BETWEEN ? AND ?")
        values += scope.labels_between()
    return (
        (
            "SELECT area_id, sum(amount_cents)::BIGINT AS cents, sum(entries)::BIGINT AS entries "  # noqa: S608
            f"FROM spatial_budget WHERE {' AND '.join(clauses)} GROUP BY area_id"
        ),
        values,
    )


def money_by_area(tables: Tables, layer: str, document: str, scope: Scope) -> list[Row]:
    """Every area of a layer (of the scope's metro) with its rand; null where no money is named."""
    money, values = _money(layer, document, scope)
    clauses, more = ["a.layer = ?"], [layer]
    if scope.metro:
        clauses.append("a.metro = ?")
        more.append(scope.metro)
    return tables.remember(
        ("money by area", layer, document, scope),
        lambda: tables.rows(
            f"SELECT a.* EXCLUDE (geometry), m.cents, m.entries FROM areas a "  # noqa: S608
            f"LEFT JOIN ({money}) m USING (area_id) WHERE {' AND '.join(clauses)} "
            "ORDER BY m.cents DESC NULLS LAST, a.name, a.area_id",
            [*values, *more],
        ),
    )


def outside_areas(tables: Tables, layer: str, document: str, scope: Scope) -> list[Row]:
    """Rand of a document that is in no area of the layer, by place class."""
    clauses = ["latest", "layer = ?", "document = ?", f"phase IN {PLAN_PHASES}", "area_id = ''"]
    values: list[object] = [layer, document]
    if scope.metro:
        clauses.append("metro = ?")
        values.append(scope.metro)
    if scope.first is not None or scope.last is not None:
        clauses.append("year BETWEEN ? AND ?")
        values += scope.labels_between()
    return tables.remember(
        ("outside areas", layer, document, scope),
        lambda: tables.rows(
            "SELECT place_class, sum(amount_cents)::BIGINT AS cents FROM spatial_budget "  # noqa: S608
            f"WHERE {' AND '.join(clauses)} GROUP BY place_class ORDER BY cents DESC",
            values,
        ),
    )


def shapes(tables: Tables, layer: str, metro: str) -> list[Row]:
    """Geometry of the areas of a layer, of one metro or all."""
    if metro:
        return tables.rows(
            "SELECT area_id, geometry FROM areas WHERE layer = ? AND metro = ? ORDER BY area_id",
            [layer, metro],
        )
    return tables.rows(
        "SELECT area_id, geometry FROM areas WHERE layer = ? ORDER BY area_id", [layer]
    )


def area(tables: Tables, area_id: str) -> Row | None:
    """One area without its geometry, with the file it came from."""
    return tables.row(
        "SELECT a.* EXCLUDE (geometry), s.file FROM areas a "
        "LEFT JOIN submissions s USING (submission_id) WHERE area_id = ?",
        [area_id],
    )


def budget_of(tables: Tables, area_id: str, scope: Scope) -> list[Row]:
    """Rand of an area by document, sphere, what it is and year."""
    low, high = scope.labels_between()
    return tables.rows(
        "SELECT document, sphere, phase, year, place_class, sum(amount_cents)::BIGINT AS cents, "
        "sum(entries)::BIGINT AS entries FROM spatial_budget "
        "WHERE latest AND area_id = ? AND year BETWEEN ? AND ? "
        "GROUP BY document, sphere, phase, year, place_class "
        "ORDER BY document, year, sphere, phase, place_class LIMIT 2000",
        [area_id, low, high],
    )


def entries_in(tables: Tables, area_id: str, most: int) -> list[Row]:
    """Entries placed in an area, largest first."""
    return tables.rows(
        "SELECT e.entry_id, e.name, e.document, e.institution, e.sphere, e.amount_cents, "
        "p.place_class, p.rule, m.undertaking_id FROM places p JOIN entries e USING (entry_id) "
        "LEFT JOIN memberships m USING (entry_id) WHERE p.area_id = ? "
        "ORDER BY e.amount_cents DESC NULLS LAST, e.entry_id LIMIT ?",
        [area_id, most],
    )


def points(tables: Tables, scope: Scope) -> tuple[list[Row], int]:
    """Located undertakings: each one up to 1 500, gathered into squares beyond; and how many."""
    clauses, values = ["longitude IS NOT NULL", "latitude IS NOT NULL"], []
    if scope.metro:
        clauses.append("metro = ?")
        values.append(scope.metro)
    if scope.first is not None:
        clauses.append("last_year >= ?")
        values.append(scope.first)
    if scope.last is not None:
        clauses.append("first_year <= ?")
        values.append(scope.last)
    where = " AND ".join(clauses)
    count = tables.value(f"SELECT count(*) FROM undertakings WHERE {where}", values)  # noqa: S608
    if count <= MOST_POINTS:
        return tables.rows(
            "SELECT undertaking_id, name, sphere, amount_cents AS cents, longitude, latitude "  # noqa: S608
            f"FROM undertakings WHERE {where} ORDER BY undertaking_id",
            values,
        ), count
    return tables.rows(
        "WITH p AS (SELECT longitude, latitude, amount_cents FROM undertakings "  # noqa: S608
        f"WHERE {where}), b AS (SELECT greatest((max(longitude) - min(longitude)) / {GRID}, 0.002) "
        "AS size FROM p) SELECT floor(longitude / size) * size AS west, "
        "floor(latitude / size) * size AS south, any_value(size) AS size, count(*) AS n, "
        "sum(amount_cents)::BIGINT AS cents, avg(longitude) AS longitude, avg(latitude) AS latitude "
        "FROM p, b GROUP BY 1, 2 ORDER BY n DESC, 1, 2 LIMIT 1500",
        values,
    ), count


def layer_options(tables: Tables) -> Options:
    """Layers for a choice."""
    return [(row["layer"], row["layer"].replace("_", " ")) for row in layers(tables)]


AREAS = Listing(
    name="areas",
    source="areas a",
    columns=(
        Column("area_id", "Id", "a.area_id", sort=False),
        Column("layer", "Layer", "a.layer"),
        Column("kind", "Kind", "a.kind"),
        Column("code", "Code", "a.code"),
        Column("name", "Name", "a.name"),
        Column("metro", "Metro", "a.metro"),
        Column("priority", "Plan targets it", "a.priority"),
        Column("population", "People", "a.population", "number"),
        Column("square_km", "km²", "round(a.square_metres / 1e6, 2)", "number"),
        Column("illustrative", "Illustrative boundary", "a.illustrative"),
    ),
    filters=(
        Search("q", "Name or code", "contains(lower(a.name || ' ' || a.code), ?)"),
        Choice("layer", "Layer", "a.layer = ?", layer_options),
    ),
    order="a.name",
    key="a.area_id",
    metro_sql="a.metro = ?",
)
