"""What the first page and the bar of every page say about a harvest."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

    from harvester.web.harvest_store import HarvestTables, Row, Tables
    from harvester.web.scope import Scope

PLAN_PHASES = "('planned', 'budget', 'gazetted')"
MOST_SCOPE_YEARS = 30


def _undertakings_where(scope: Scope) -> tuple[str, list[object]]:
    clauses, values = ["TRUE"], []
    if scope.metro:
        clauses.append("metro = ?")
        values.append(scope.metro)
    if scope.first is not None:
        clauses.append("last_year >= ?")
        values.append(scope.first)
    if scope.last is not None:
        clauses.append("first_year <= ?")
        values.append(scope.last)
    return " AND ".join(clauses), values


def totals(tables: Tables, scope: Scope) -> Row:
    """Undertakings of the scope: how many, rand (each counted once), rand by how it is placed."""
    where, values = _undertakings_where(scope)
    return tables.remember(
        ("totals", scope),
        lambda: tables.row(
            "SELECT count(*) AS projects, sum(amount_cents)::BIGINT AS cents, "  # noqa: S608
            "count(*) FILTER (WHERE amount_cents IS NULL) AS without_money, "
            "sum(entries)::BIGINT AS entries, "
            "count(*) FILTER (WHERE contains(documents, ',')) AS in_several, "
            "coalesce(sum(amount_cents) FILTER (WHERE place_class IN "
            "('located', 'multi_ward', 'network')), 0)::BIGINT AS placed_cents, "
            "coalesce(sum(amount_cents) FILTER (WHERE place_class IN "
            "('city_wide', 'administrative')), 0)::BIGINT AS wide_cents, "
            "coalesce(sum(amount_cents) FILTER (WHERE place_class = 'unknown'), 0)::BIGINT "
            f"AS nowhere_cents FROM undertakings WHERE {where}",
            values,
        ),
    )


def institutions(tables: Tables, scope: Scope) -> int:
    """How many institutions publish something about the scope's undertakings."""
    where, values = _undertakings_where(scope)
    return tables.remember(
        ("institutions", scope),
        lambda: tables.value(
            "SELECT count(DISTINCT code) FROM (SELECT unnest(string_split(institutions, ',')) AS code "  # noqa: S608
            f"FROM undertakings WHERE {where}) WHERE code NOT IN ('', 'unknown')",
            values,
        ),
    )


def by_sphere(tables: Tables, scope: Scope) -> list[Row]:
    """Undertakings and their rand by sphere of the owner."""
    where, values = _undertakings_where(scope)
    return tables.remember(
        ("by sphere", scope),
        lambda: tables.rows(
            "SELECT sphere, count(*) AS projects, sum(amount_cents)::BIGINT AS cents "  # noqa: S608
            f"FROM undertakings WHERE {where} GROUP BY sphere ORDER BY cents DESC NULLS LAST, sphere",
            values,
        ),
    )


def scope_years(tables: Tables) -> list[int]:
    """First halves of the years that plans speak of, first to last, at most thirty."""

    def ask() -> list[int]:
        found = tables.row(
            "SELECT quantile_disc(first_year, 0.001) AS first, quantile_disc(last_year, 0.999) AS last "
            "FROM undertakings"
        )
        if found is None or found["first"] is None:
            return []
        last = max(found["first"], found["last"])
        return list(range(found["first"], last + 1))[:MOST_SCOPE_YEARS]

    return tables.remember("scope years", ask)


def files_up_to(tables: Tables) -> dt.date | None:
    """The latest day a submission states."""
    return tables.remember(
        "files up to", lambda: tables.value("SELECT max(published_on) FROM submissions")
    )


def as_at(tables: HarvestTables) -> str:
    """The day deadlines were judged at, ISO; empty when the harvest states none."""
    return str(tables.harvest.manifest.get("as_at") or "")
