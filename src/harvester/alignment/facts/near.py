"""Which undertakings lie within reach of which: distances, worked out outside SQL.

Straight lines between what the rows draw (a point, several, a line, an area) on the South African
Albers plane. No table of all pairs is ever made: for each housing project only the nearest complement that is there
in time is looked up in a tree, and else the one within reach that comes first. The work grows with
the number of projects times the number of different months they end in, of which there are few.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pyarrow as pa
import shapely

from harvester.rules import norms
from harvester.space.ground.shapes import on_plane, shapes_of

if TYPE_CHECKING:
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
    settled = _Settled(
        house_points, offer_points, houses["month1"].to_numpy(), offers["month1"].to_numpy()
    )
    seasons, offered = _by_value(offers["season"]), _by_value(offers["complement"])
    found = [
        _told(houses, offers, complement, *settled.between(here, among, reach[complement], doubt))
        for season, here in _by_value(houses["season"]).items()
        for complement, there in offered.items()
        if len(among := np.intersect1d(there, seasons.get(season, there[:0]), assume_unique=True))
    ]
    return pa.concat_tables([_SCHEMA.empty_table(), *found])


def _by_value(column: pa.ChunkedArray) -> dict[Any, NDArray[np.int64]]:
    """The rows each value stands in, in order."""
    values = np.asarray(column.to_pylist(), dtype=object)
    return {value: np.flatnonzero(values == value) for value in dict.fromkeys(values.tolist())}


def _told(
    houses: pa.Table, offers: pa.Table, complement: str, on_time: _Nearest, late: _Nearest
) -> pa.Table:
    """Rows of :data:`_SCHEMA` of the houses that have something near, in order."""
    asking = sorted({*on_time, *late})
    nothing = (None, None)
    soon = pa.array([on_time.get(n, nothing)[0] for n in asking], pa.int64())
    after = pa.array([late.get(n, nothing)[0] for n in asking], pa.int64())
    return pa.table(
        {
            "entry_id": houses["entry_id"].take(pa.array(asking, pa.int64())),
            "complement": pa.array([complement] * len(asking), pa.string()),
            "on_time_entry": offers["entry_id"].take(soon),
            "on_time_metres": pa.array([on_time.get(n, nothing)[1] for n in asking], pa.float64()),
            "late_entry": offers["entry_id"].take(after),
            "late_metres": pa.array([late.get(n, nothing)[1] for n in asking], pa.float64()),
            "late_month1": offers["month1"].take(after).cast(pa.int64()),
        },
        schema=_SCHEMA,
    )


_Nearest: TypeAlias = "dict[int, tuple[int, float]]"
"""House to its nearest offer, and the metres between."""


class _Settled:
    """Nearest offers of some houses of one season."""

    def __init__(
        self,
        house_points: NDArray[np.object_],
        offer_points: NDArray[np.object_],
        house_ends: NDArray[np.int64],
        offer_ends: NDArray[np.int64],
    ) -> None:
        self.house_points, self.offer_points = house_points, offer_points
        self.house_ends, self.offer_ends = house_ends, offer_ends

    def between(
        self, here: NDArray[np.int64], there: NDArray[np.int64], reach: int, doubt: int
    ) -> tuple[_Nearest, _Nearest]:
        """What is near some ``houses`` on time, and what comes first where nothing is on time."""
        on_time: _Nearest = {}
        late: _Nearest = {}
        ends = self.offer_ends[there]
        for end in np.unique(self.house_ends[here]):
            asking = here[self.house_ends[here] == end]
            found = self._nearest(asking, there[ends <= end], reach + doubt)
            wanting = {n for n in asking.tolist() if n not in found or found[n][1] > reach}
            for later in np.unique(ends[ends > end]):
                if not wanting:
                    break
                first = self._nearest(np.array(sorted(wanting)), there[ends == later], reach)
                late |= first
                wanting -= first.keys()
            on_time |= found
        return on_time, late

    def _nearest(self, asking: NDArray[np.int64], among: NDArray[np.int64], reach: int) -> _Nearest:
        """The nearest offer of each house that has one within ``reach``."""
        if not len(asking) or not len(among):
            return {}
        tree = shapely.STRtree(self.offer_points[among])
        (house, offer), metres = tree.query_nearest(
            self.house_points[asking], max_distance=reach, return_distance=True, all_matches=False
        )
        picked = zip(asking[house].tolist(), among[offer].tolist(), metres.tolist(), strict=True)
        return {n: (m, far) for n, m, far in picked}
