"""The ground an entry stands on: its point, points, line or area, and what shapes share."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyproj
import shapely
from shapely.errors import ShapelyError

from harvester.space.ground.points import ALBERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

WKT_KINDS = ("LINESTRING", "MULTILINESTRING", "POLYGON", "MULTIPOLYGON")
"""What a drawing in the ``points`` column may begin with; its readers write nothing else."""

_PAIRS_AT_ONCE = 20_000

_to_plane = pyproj.Transformer.from_crs("EPSG:4326", ALBERS, always_xy=True)


def shape_of(points: str) -> shapely.Geometry | None:
    """The geometry of a ``points`` text (degrees, EPSG:4326); ``None`` where it holds none."""
    text = points.strip()
    try:
        if text.upper().startswith(WKT_KINDS):
            shape = shapely.from_wkt(text)
        else:
            pairs = [tuple(map(float, part.split())) for part in text.split(";") if part.strip()]
            shape = shapely.multipoints(pairs) if pairs else None
    except (ShapelyError, ValueError):
        # Its readers write no such text; tables of other programs may.
        return None
    return None if shape is None or shape.is_empty else shape


def shapes_of(entries: pa.Table) -> NDArray[np.object_]:
    """The geometry of each entry, from ``points``, else ``longitude`` and ``latitude``.

    ``entries`` has those three columns of ``schema.ENTRIES``. A point, several points, a line or
    an area in degrees; ``None`` where the row gives none. Not checked against the municipality.
    """
    degrees = np.column_stack([
        entries[name].cast(pa.float64()).to_numpy() for name in ("longitude", "latitude")
    ])  # fmt: skip
    found = np.full(len(degrees), None, dtype=object)
    given = ~np.isnan(degrees).any(axis=1)
    found[given] = shapely.points(degrees[given])
    texts = pc.fill_null(entries["points"].cast(pa.string()), "")
    written = pc.indices_nonzero(pc.not_equal(texts, "")).to_numpy()
    for n, text in zip(written.tolist(), texts.take(pa.array(written)).to_pylist(), strict=True):
        shape = shape_of(text)
        if shape is not None:
            found[n] = shape
    return found


def is_drawing(shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Which geometries are lines or areas, which have a measure; points and ``None`` have none."""
    drawn: NDArray[np.bool_] = shapely.get_dimensions(shapes) > 0
    return drawn


def on_plane(shapes: Sequence[shapely.Geometry] | NDArray[np.object_]) -> NDArray[np.object_]:
    """Geometries in degrees on the South African Albers plane: metres, equal area."""
    flat: NDArray[np.object_] = shapely.transform(
        np.asarray(shapes, dtype=object), _to_plane.transform, interleaved=False
    )
    return flat


def measure(shapes: NDArray[np.object_]) -> NDArray[np.float64]:
    """Square metres of areas, metres of lines, 0 of points; ``shapes`` on the plane."""
    dimension = shapely.get_dimensions(shapes)
    sizes = np.where(dimension == 2, shapely.area(shapes), shapely.length(shapes))
    return np.where(dimension > 0, sizes, 0.0)


def run_together(
    shapes: NDArray[np.object_], left: Sequence[int], right: Sequence[int], metres: float
) -> NDArray[np.float64]:
    """Metres of the line ``shapes[left]`` that run within ``metres`` of ``shapes[right]``, by pair.

    ``shapes`` are on the plane; each is buffered once, however many pairs it is in. Two corridors
    that share a route share most of their length; two that cross share little more than twice
    ``metres``. Of an area, its outline counts.
    """
    flat = np.asarray(shapes, dtype=object)
    one, other = np.asarray(left, dtype=np.int64), np.asarray(right, dtype=np.int64)
    lines = np.where(shapely.get_dimensions(flat) < 2, flat, shapely.boundary(flat))
    around = np.full(len(flat), None, dtype=object)
    used = np.unique(other)
    around[used] = shapely.buffer(flat[used], metres)

    def lengths(start: int) -> NDArray[np.float64]:
        part = slice(start, start + _PAIRS_AT_ONCE)
        return shapely.length(shapely.intersection(lines[one[part]], around[other[part]]))

    with ThreadPoolExecutor(os.cpu_count()) as threads:  # Shapely lets others work while it does
        parts = threads.map(lengths, range(0, len(one), _PAIRS_AT_ONCE))
        return np.concatenate([np.zeros(0), *parts])


def crossed(
    shapes: NDArray[np.object_], areas: NDArray[np.object_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Positions ``(shape, area)`` of every pair that shares ground or touches; degrees."""
    known = np.flatnonzero(~shapely.is_missing(shapes))
    tree = shapely.STRtree(areas)
    at, area = tree.query(shapes[known], predicate="intersects")
    return known[at].astype(np.int64), area.astype(np.int64)
