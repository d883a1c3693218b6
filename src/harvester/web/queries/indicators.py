"""Indicators: values with bands, and the parts each is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harvester.alignment.indicators import INDICATORS, Indicator
from harvester.web.queries.lists import Column, Listing

if TYPE_CHECKING:
    from harvester.web.harvest_store import Row, Tables
    from harvester.web.scope import Scope

ALL = "all"


def declared(indicator_id: str) -> Indicator | None:
    """The declaration of an indicator: its name, formula, reading, unit and source."""
    return next((one for one in INDICATORS if one.id == indicator_id), None)


def years(tables: Tables) -> list[str]:
    """Municipal years with any indicator, first to last."""
    return tables.remember(
        "indicator years",
        lambda: [r["year"] for r in tables.rows("SELECT DISTINCT year FROM indicators ORDER BY 1")],
    )


def latest(tables: Tables, scope: Scope) -> dict[str, Row]:
    """For each indicator its value in the latest year of the scope that knows anything."""
    low, high = scope.labels_between()
    rows = tables.remember(
        ("latest indicators", scope),
        lambda: tables.rows(
            "SELECT * FROM indicators WHERE metro = ? AND sphere = 'all' AND year BETWEEN ? AND ? "
            "QUALIFY row_number() OVER (PARTITION BY indicator "
            "ORDER BY value IS NULL, denominator DESC, year DESC) = 1",
            [scope.metro or ALL, low, high],
        ),
    )
    return {row["indicator"]: row for row in rows}


def history(tables: Tables, scope: Scope) -> dict[str, list[Row]]:
    """For each indicator its values by year, for the metro of the scope."""
    rows = tables.remember(
        ("indicator history", scope.metro),
        lambda: tables.rows(
            "SELECT * FROM indicators WHERE metro = ? AND sphere = 'all' ORDER BY indicator, year",
            [scope.metro or ALL],
        ),
    )
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["indicator"], []).append(row)
    return found


def slices(tables: Tables, indicator_id: str, scope: Scope) -> list[Row]:
    """Every metro and year of one indicator, all spheres together."""
    low, high = scope.labels_between()
    return tables.rows(
        "SELECT * FROM indicators WHERE indicator = ? AND sphere = 'all' AND year BETWEEN ? AND ? "
        "ORDER BY metro = 'all' DESC, metro, year",
        [indicator_id, low, high],
    )


def by_sphere(tables: Tables, indicator_id: str, metro: str, year: str) -> list[Row]:
    """One indicator of one metro and year, sphere by sphere."""
    return tables.rows(
        "SELECT * FROM indicators WHERE indicator = ? AND metro = ? AND year = ? ORDER BY sphere",
        [indicator_id, metro, year],
    )


def cuts(tables: Tables, indicator_id: str, metro: str, year: str) -> list[Row]:
    """One indicator of one year by province, owner and fund; of one metro, or over all of them."""
    return tables.rows(
        "SELECT * FROM indicator_slices WHERE indicator = ? AND metro = ? AND year = ? "
        "ORDER BY list_position(['province', 'owner', 'fund'], dimension), denominator DESC, code",
        [indicator_id, metro, year],
    )


def parts(indicator_id: str) -> Listing:
    """The items an indicator is made of, as a list. ``indicator_id`` must be a declared one."""
    known = declared(indicator_id)
    if known is None:
        raise KeyError(indicator_id)
    return Listing(
        name=f"{known.id}-parts",
        source=(
            "indicator_parts t LEFT JOIN entries e ON e.entry_id = t.entry_id "
            "LEFT JOIN memberships m ON m.entry_id = t.entry_id"
        ),
        fixed=(("t.indicator = ?", (known.id,)),),
        columns=(
            Column("item", "Item", "t.item", sort=False),
            Column("name", "Name", "e.name"),
            Column("document", "Document", "e.document"),
            Column("metro", "Metro", "t.metro"),
            Column("sphere", "Sphere", "t.sphere"),
            Column("owner", "Owner", "t.owner"),
            Column("fund", "Fund", "t.fund"),
            Column("year", "Year", "t.year"),
            Column("weight", "Counts as", "t.amount_cents", "weight"),
            Column("share", "Share that counts", "t.share", "share"),
            Column("share_low", "At least", "t.share_low", "share"),
            Column("share_high", "At most", "t.share_high", "share"),
            Column("doubt", "Chance that it is not as stated", "t.doubt", "share"),
            Column("entry_id", "Entry", "t.entry_id", sort=False),
            Column("undertaking_id", "Project", "m.undertaking_id", sort=False),
        ),
        filters=(),
        order="t.amount_cents DESC",
        key="t.year, t.item",
        metro_sql="t.metro = ?",
        year_sql="t.year",
    )
