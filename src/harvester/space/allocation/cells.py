"""H3 cells as a layer of areas: those that any place of a harvest may fall in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import h3
import numpy as np
import shapely

from harvester.domain.errors import UserError
from harvester.domain.places import AreaKind
from harvester.engine import schema
from harvester.space.ground.shapes import measure, on_plane

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyarrow as pa
    from numpy.typing import NDArray

_LAYER = re.compile(r"h3[:-]?(\d{1,2})")
LEAST, MOST = 3, 11
"""Resolutions: cells of some 12 000 km2 down to some 2 000 m2."""
MOST_CELLS = 500_000


def resolution_of(layer: str) -> int | None:
    """The resolution a layer's name asks for (``h3:8``); ``None`` when it is no layer of cells.

    Raises ``UserError`` for a resolution out of range.
    """
    found = _LAYER.fullmatch(layer.strip().lower())
    if found is None:
        return None
    resolution = int(found[1])
    if not LEAST <= resolution <= MOST:
        raise UserError(
            f"there are no cells of resolution {resolution} here.",
            where=layer,
            mend=f"Ask for h3:{LEAST} (largest) to h3:{MOST} (smallest); h3:8 is about 0.7 km2.",
        )
    return resolution


def cells_over(ground: Iterable[shapely.Geometry], resolution: int) -> set[str]:
    """Every cell that shares ground with a geometry in degrees (point, line or area).

    Raises ``UserError`` when there are more than :data:`MOST_CELLS`.
    """
    found: set[str] = set()
    for geometry in ground:
        for part in shapely.get_parts(geometry):
            found |= _cells_of(part, resolution)
            if len(found) > MOST_CELLS:
                raise UserError(
                    f"more than {MOST_CELLS} cells of resolution {resolution} are needed.",
                    mend="Ask for larger cells (a lesser number), or for one municipality.",
                )
    return found


def _cells_of(part: shapely.Geometry, resolution: int) -> set[str]:
    dimension = shapely.get_dimensions(part)
    if dimension == 0:
        return {h3.latlng_to_cell(part.y, part.x, resolution)}
    if dimension == 1:
        # A corridor as wide as a cell, so that no cell the line cuts is missed.
        width = h3.average_hexagon_edge_length(resolution, unit="m") / 100_000
        part = shapely.buffer(part, width)
    found: set[str] = set()
    for polygon in shapely.get_parts(part):
        rings = [
            [(y, x) for x, y in ring.coords] for ring in (polygon.exterior, *polygon.interiors)
        ]
        shape = h3.LatLngPoly(rings[0], *rings[1:])
        found |= set(h3.h3shape_to_cells_experimental(shape, resolution, contain="overlap"))
    return found


def cell_areas(cells: Iterable[str], layer: str) -> pa.Table:
    """Cells as rows of ``schema.AREAS``: id ``<layer>:<cell>``, no municipality of their own."""
    ordered = sorted(cells)
    polygons: NDArray[np.object_] = np.empty(len(ordered), dtype=object)
    polygons[:] = [
        shapely.Polygon([(lng, lat) for lat, lng in h3.cell_to_boundary(cell)]) for cell in ordered
    ]
    sizes = measure(on_plane(polygons)).tolist() if ordered else []
    geometry = shapely.to_wkb(polygons).tolist() if ordered else []
    return schema.AREAS.from_rows(
        [
            {
                "area_id": f"{layer}:{cell}", "submission_id": layer, "layer": layer,
                "kind": AreaKind.OTHER.value, "code": cell, "name": cell, "metro": schema.UNKNOWN,
                "priority": False, "population": None, "illustrative": False,
                "square_metres": size, "geometry": shape,
            }
            for cell, size, shape in zip(ordered, sizes, geometry, strict=True)
        ]
    )  # fmt: skip
