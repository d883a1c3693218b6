"""Which areas points lie in, and which points cannot be where their row says they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyproj
import shapely

from harvester.domain.problems import ProblemKind, Severity

if TYPE_CHECKING:
    from numpy.typing import NDArray

TOLERANCE_METRES = 2_000.0
"""How far outside its declared municipality a point may lie before it is doubted.

Published boundaries are simplified by up to some hundred metres, and coastlines leave out jetties
and breakwaters; real provincial lists show honest points within about 2 km of the line.
"""

ALBERS = "+proj=aea +lat_1=-24 +lat_2=-33 +lat_0=0 +lon_0=24 +datum=WGS84 +units=m"
"""The South African Albers plane; distances on it are true to half a percent in the country."""

ELSEWHERE = ProblemKind(
    "coordinate_elsewhere",
    Severity.WARNING,
    "The coordinate lies in {found} but the row says {declared}.",
    "Check the coordinate with the owner: give the right one, or correct the municipality to "
    "{found}. Until then the row's words place it, not the coordinate; nothing was moved.",
)
NOWHERE = ProblemKind(
    "coordinate_in_no_municipality",
    Severity.WARNING,
    "The coordinate lies in the sea or outside every municipality loaded, but the row says "
    "{declared}.",
    "Check the coordinate with the owner (latitude is negative in South Africa; longitude and "
    "latitude may be swapped or a digit wrong). Until then the row's words place it, not the "
    "coordinate; nothing was moved.",
)


@dataclass(frozen=True)
class Hits:
    """Pairs of area and point that touch: positions in the arrays that were asked about."""

    areas: NDArray[np.int64]
    points: NDArray[np.int64]


def touching(
    polygons: NDArray[np.object_],
    longitude: NDArray[np.float64],
    latitude: NDArray[np.float64],
) -> Hits:
    """Every pair of polygon and point (degrees, EPSG:4326) where the point is in it or on its line.

    The tree is over the points, so each polygon is prepared once and asked about its own points
    only: linear in the points whatever the number of areas.
    """
    if not len(polygons) or not len(longitude):
        none = np.zeros(0, dtype=np.int64)
        return Hits(none, none)
    tree = shapely.STRtree(shapely.points(longitude, latitude))
    found = tree.query(polygons, predicate="intersects")
    return Hits(found[0].astype(np.int64), found[1].astype(np.int64))


def near(
    polygon: shapely.Geometry,
    longitude: NDArray[np.float64],
    latitude: NDArray[np.float64],
    metres: float = TOLERANCE_METRES,
) -> NDArray[np.bool_]:
    """Which points (degrees) lie within ``metres`` of a polygon (degrees), on the Albers plane."""
    plane = pyproj.Transformer.from_crs("EPSG:4326", ALBERS, always_xy=True)

    def flat(pairs: NDArray[np.float64]) -> NDArray[np.float64]:
        x, y = plane.transform(pairs[:, 0], pairs[:, 1])
        return np.column_stack([x, y])

    flattened = shapely.transform(polygon, flat)
    shapely.prepare(flattened)
    x, y = plane.transform(longitude, latitude)
    within: NDArray[np.bool_] = shapely.dwithin(flattened, shapely.points(x, y), metres)
    return within
