"""Which undertakings lie within reach of which: distances, worked out outside SQL.

Straight lines between what the rows draw (a point, several, a line, an area) on the South African
Albers plane. No table of all pairs is ever made: for each housing project only the nearest complement that is there
in time is looked up in a tree, and else the one within reach that comes first. The work grows with
the number of projects times the number of different months they end in, of which there are few.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import shapely

from harvester.rules import norms
from harvester.space.ground.shapes import on_plane, shapes_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from harvester.alignment.facts.build import Facts

_SCHEMA = pa.schema(
    [
        ("entry_id", pa.string()),
        ("complement", pa.string()),
        ("on_time_entry", pa.string()),
        ("on_time_metres", pa.float64()),
        ("late_entry", pa.string()),
        ("late_metres", pa.float64()),
        ("late_month1", pa.int64()),
    ]
)

_HOUSES = """
SELECT entry_id, season, longitude, latitude, points, month1 FROM fact_housing
WHERE drawn AND month1 IS NOT NULL ORDER BY season, entry_id
"""
_OFFERS = """
SELECT entry_id, season, complement, longitude, latitude, points, month1 FROM fact_offer
WHERE drawn AND month1 IS NOT NULL ORDER BY complement, season, month1, entry_id
"""


def grounds(facts: Facts, query: str) -> tuple[pa.Table, NDArray[np.object_]]:
    """Rows of a query with what each draws, in metres on the plane; a row that draws nothing
    readable is left out."""
    rows = facts.query(query)
    shapes = shapes_of(rows)
    readable = np.array([shape is not None for shape in shapes], dtype=bool)
    return rows.filter(pa.array(readable)), on_plane(shapes[readable])


def near(facts: Facts) -> pa.Table:
    """``fact_near``: for each housing project and complement, who is near (see :data:`_SCHEMA`).

    ``on_time_*`` is the nearest that ends no later than the housing, up to its reach and the doubt
    of a point beyond; ``late_*`` the one within reach that ends first, where none is on time.
    """
    houses, house_points = grounds(facts, _HOUSES)
    offers, offer_points = grounds(facts, _OFFERS)
    rules = norms.load()
    doubt = rules["point.doubt"].latest
    reach = {code: rules[c.reach].latest for code, c in rules.complements.items()}
    rows: list[dict[str, Any]] = []
    for season, here in _runs(houses["season"]):
        for complement, there in _offered(offers, season):
            settled = _Settled(houses, offers, house_points, offer_points)
            for n, found in settled.between(here, there, reach[complement], doubt):
                rows.append(
                    {"entry_id": houses["entry_id"][n].as_py(), "complement": complement} | found
                )
    return pa.Table.from_pylist(rows, schema=_SCHEMA)


def _runs(column: pa.ChunkedArray) -> Iterator[tuple[Any, NDArray[np.int64]]]:
    """Each value and the rows it stands in."""
    values = np.asarray(column.to_pylist(), dtype=object)
    for value in dict.fromkeys(values.tolist()):
        yield value, np.flatnonzero(values == value)


def _offered(offers: pa.Table, season: object) -> Iterator[tuple[str, NDArray[np.int64]]]:
    seasons = np.asarray(offers["season"].to_pylist(), dtype=object)
    for complement, rows in _runs(offers["complement"]):
        yield complement, rows[seasons[rows] == season]


class _Settled:
    """Nearest offers of some houses of one season."""

    def __init__(
        self,
        houses: pa.Table,
        offers: pa.Table,
        house_points: NDArray[np.object_],
        offer_points: NDArray[np.object_],
    ) -> None:
        self.house_points, self.offer_points = house_points, offer_points
        self.house_ends = houses["month1"].to_numpy()
        self.offer_ends = offers["month1"].to_numpy()
        self.names = offers["entry_id"]

    def between(
        self, here: NDArray[np.int64], there: NDArray[np.int64], reach: int, doubt: int
    ) -> Iterator[tuple[int, dict[str, Any]]]:
        """Rows of ``houses`` with what is near them; one that has nothing near is left out."""
        ends = self.offer_ends[there]
        for end in np.unique(self.house_ends[here]):
            asking = here[self.house_ends[here] == end]
            found = self._nearest(asking, there[ends <= end], reach + doubt)
            wanting = {n for n in asking.tolist() if n not in found or found[n][1] > reach}
            late: dict[int, tuple[int, float]] = {}
            for later in np.unique(ends[ends > end]):
                more = np.array(sorted(wanting - set(late)), dtype=np.int64)
                late |= self._nearest(more, there[ends == later], reach)
            for n in asking.tolist():
                if n in found or n in late:
                    yield n, self._told(found.get(n), late.get(n))

    def _nearest(
        self, asking: NDArray[np.int64], among: NDArray[np.int64], reach: int
    ) -> dict[int, tuple[int, float]]:
        """House → nearest offer and its metres, within ``reach``."""
        if not len(asking) or not len(among):
            return {}
        tree = shapely.STRtree(self.offer_points[among])
        (house, offer), metres = tree.query_nearest(
            self.house_points[asking], max_distance=reach, return_distance=True, all_matches=False
        )
        picked = zip(asking[house].tolist(), among[offer].tolist(), metres.tolist(), strict=True)
        return {n: (m, far) for n, m, far in picked}

    def _told(
        self, found: tuple[int, float] | None, late: tuple[int, float] | None
    ) -> dict[str, Any]:
        told: dict[str, Any] = {}
        if found is not None:
            told |= {"on_time_entry": self.names[found[0]].as_py(), "on_time_metres": found[1]}
        if late is not None:
            told |= {
                "late_entry": self.names[late[0]].as_py(),
                "late_metres": late[1],
                "late_month1": int(self.offer_ends[late[0]]),
            }
        return told
