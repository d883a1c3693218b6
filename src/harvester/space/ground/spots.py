"""The points of entries: which are distinct, which can be true, and which areas they lie in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from harvester.domain.places import SOUTH_AFRICA, PlaceClass
from harvester.engine import schema
from harvester.space.ground.points import Hits, near, touching

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from harvester.engine.engine import Engine
    from harvester.space.layers import Layers

NEVER_PLACED = (PlaceClass.CITY_WIDE.value, PlaceClass.ADMINISTRATIVE.value)

ENTRY_COLUMNS = (
    "entry_id",
    "submission_id",
    "sheet",
    "row",
    "longitude",
    "latitude",
    "points",
    "metro",
    "province",
    "place_class",
    "location_text",
    "zone_text",
    "benefit_text",
    "published_on",
    "publication_year",
)
"""Columns of entries that placing needs."""


@dataclass(frozen=True)
class Spots:
    """Distinct points with the municipality their rows declare, and whether they can be true.

    ``found`` is the code of the municipality a doubted point lies in, or ``""``.
    """

    longitude: NDArray[np.float64]
    latitude: NDArray[np.float64]
    metro: list[str]
    true: NDArray[np.bool_]
    found: list[str]
    hits: pa.Table

    @property
    def table(self) -> pa.Table:
        """``spot`` (position), its coordinates and declared municipality, ``true``."""
        return pa.table(
            {
                "spot": pa.array(np.arange(len(self.metro)), pa.int64()),
                "longitude": pa.array(self.longitude, pa.float64()),
                "latitude": pa.array(self.latitude, pa.float64()),
                "metro": pa.array(self.metro, pa.string()),
                "true": pa.array(self.true, pa.bool_()),
            }
        )


def numbered(entries: pa.Table) -> pa.Table:
    """The columns of entries that placing needs, with ``ix``, a whole number for each entry."""
    needed = entries.select(ENTRY_COLUMNS)
    return needed.append_column("ix", pa.array(np.arange(len(entries)), pa.int64()))


def points_of(engine: Engine, ents: pa.Table) -> pa.Table:
    """``ix, longitude, latitude, metro``: every point of every entry that may be placed, once.

    Points outside the country's bounding box are left out (its reader has said so).
    """
    west, south, east, north = SOUTH_AFRICA
    never = ", ".join(f"'{name}'" for name in NEVER_PLACED)
    return engine.sql(
        f"""
        WITH placeable AS (SELECT * FROM space_entries WHERE place_class NOT IN ({never})),
        split AS (
          SELECT ix, metro, unnest(string_split(points, ';')) AS point
          FROM placeable WHERE points <> ''
        ),
        listed AS (SELECT ix, metro, trim(point) AS point FROM split),
        every AS (
          SELECT ix, metro, longitude, latitude FROM placeable WHERE points = ''
          UNION ALL
          SELECT ix, metro, TRY_CAST(split_part(point, ' ', 1) AS DOUBLE),
                 TRY_CAST(split_part(point, ' ', 2) AS DOUBLE) FROM listed
        )
        SELECT DISTINCT ix, metro, longitude, latitude FROM every
        WHERE longitude BETWEEN {west} AND {east} AND latitude BETWEEN {south} AND {north}
        """,
        space_entries=ents,
    )


def find_spots(
    engine: Engine,
    points: pa.Table,
    layers: Layers,
    believed: frozenset[tuple[str, str]] = frozenset(),
) -> Spots:
    """Distinct points of :func:`points_of`, checked against the municipality they declare.

    ``believed`` are pairs of municipality and ``lon lat`` text that a person says are right.
    """
    distinct = engine.sql(
        """
        SELECT DISTINCT longitude, latitude, metro FROM space_points
        ORDER BY longitude, latitude, metro
        """,
        space_points=points,
    )
    longitude = distinct["longitude"].to_numpy()
    latitude = distinct["latitude"].to_numpy()
    metro = np.array(distinct["metro"].to_pylist(), dtype=object)
    hits = touching(layers.polygons, longitude, latitude)
    true = _believable(layers, hits, longitude, latitude, metro)
    if believed:
        told = zip(metro.tolist(), longitude.tolist(), latitude.tolist(), strict=True)
        true |= np.array([(m, f"{x} {y}") in believed for m, x, y in told], dtype=bool)
    found = _municipality_of(layers, hits, len(metro))
    return Spots(longitude, latitude, metro.tolist(), true, found, _hit_table(layers, hits, metro))


def _believable(
    layers: Layers,
    hits: Hits,
    longitude: NDArray[np.float64],
    latitude: NDArray[np.float64],
    metro: NDArray[np.object_],
) -> NDArray[np.bool_]:
    """Whether each point is in its declared municipality or within the tolerance of it.

    True where the municipality is unknown or its boundary is not loaded: nothing speaks against.
    """
    believable = np.ones(len(metro), dtype=bool)
    for code, positions in sorted(layers.boundaries().items()):
        mine = metro == code
        if not mine.any():
            continue
        inside = np.zeros(len(metro), dtype=bool)
        inside[hits.points[np.isin(hits.areas, positions)]] = True
        doubted = np.flatnonzero(mine & ~inside)
        for position in positions:
            if len(doubted):
                close = near(layers.polygons[position], longitude[doubted], latitude[doubted])
                doubted = doubted[~close]
        believable[doubted] = False
    return believable


def _municipality_of(layers: Layers, hits: Hits, count: int) -> list[str]:
    """Code of a municipality each point lies in (the first by code), or ``""``."""
    found = [""] * count
    municipal = layers.municipal
    inside = [i for i, area in enumerate(layers.areas) if area.layer in municipal]
    kept = np.isin(hits.areas, inside)
    pairs = zip(hits.areas[kept].tolist(), hits.points[kept].tolist(), strict=True)
    for area, point in pairs:
        code = layers.areas[area].metro
        found[point] = min(found[point] or code, code)
    return found


def _hit_table(layers: Layers, hits: Hits, metro: NDArray[np.object_]) -> pa.Table:
    """``area, spot`` pairs; an area of another municipality than the declared one is left out.

    A point accepted within the tolerance may lie just over the line; the money stays on its side.
    """
    owners = np.array([area.holder for area in layers.areas], dtype=object)
    if len(hits.areas):
        own, declared = owners[hits.areas], metro[hits.points]
        kept = (own == schema.UNKNOWN) | (declared == schema.UNKNOWN) | (own == declared)
    else:
        kept = np.zeros(0, dtype=bool)
    return pa.table(
        {
            "area": pa.array(hits.areas[kept], pa.int64()),
            "spot": pa.array(hits.points[kept], pa.int64()),
        }
    )
