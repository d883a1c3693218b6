"""Boundaries made usable: in degrees, valid, polygons only; each change is said per feature."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
import shapely
from pyproj.exceptions import CRSError, ProjError
from shapely import STRtree

from harvester.domain.places import SOUTH_AFRICA, in_south_africa
from harvester.sources.areas import kinds

if TYPE_CHECKING:
    from collections.abc import Callable

    from harvester.sources.areas.opening import Layer

ALBERS = "+proj=aea +lat_1=-24 +lat_2=-33 +lat_0=-29 +lon_0=25 +datum=WGS84 +units=m +no_defs"
"""The plane areas are measured on: Albers equal-area with the standard parallels usual for South
Africa, so that a square metre is a square metre from Cape Agulhas to the Limpopo."""

DEGREES = pyproj.CRS.from_epsg(4326)
SQUARE_KM = 1_000_000
COUNTRY_SQUARE_METRES = 1.23e12
"""A little above the 1.22 million km2 of the country."""
MAX_NEIGHBOURS = 50_000
"""Pairs of touching areas looked at for overlaps in one layer."""
LEAST_OVERLAP = 0.01
"""Share of the smaller area; less is a sliver of digitising."""
MOST_OUTSIDE = 0.01
_POLYGONS = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
_COUNTRY = shapely.box(*SOUTH_AFRICA)

_to_plane = pyproj.Transformer.from_crs(DEGREES, ALBERS, always_xy=True)

Say = Any
"""A function (kind, row or None, **words) that reports a problem of the layer."""


def on_plane(geometries: np.ndarray) -> np.ndarray:
    """Geometries in degrees on the :data:`ALBERS` plane, metres; valid where they were valid.

    Corners that touch in degrees may pass one another by a rounding on the plane; such areas are
    mended there.
    """
    planes = np.asarray(
        shapely.transform(geometries, _to_plane.transform, interleaved=False),
        dtype=object,
    )
    crossed = ~shapely.is_valid(planes) & shapely.is_valid(geometries)
    planes[crossed] = shapely.make_valid(planes[crossed], method="structure", keep_collapsed=False)
    return planes


def boundaries(layer: Layer, say: Say, names: Callable[[int], str]) -> dict[int, Any]:
    """Usable boundaries by feature number from 0: valid polygons, longitude and latitude.

    ``names`` gives a feature's name for messages. A feature that is left out is a problem.
    """
    raw = layer.geometry if layer.geometry is not None else np.array([], dtype=object)
    geometries = np.asarray(shapely.from_wkb(raw, on_invalid="ignore"), dtype=object)
    geometries = np.asarray(shapely.force_2d(geometries), dtype=object)
    if _has_no_areas(layer, geometries, say):
        return {}
    geometries = _in_degrees(layer, geometries, say)
    if geometries is None:
        return {}
    found: dict[int, Any] = {}
    for index, geometry in enumerate(geometries):
        if geometry is None and raw[index] is not None:
            say(kinds.GEOMETRY_BROKEN, index + 1, name=names(index), value="damaged or unclosed")
            continue
        kept = _usable(geometry, index, say, names)
        if kept is not None:
            found[index] = kept
    return found


def _has_no_areas(layer: Layer, geometries: np.ndarray, say: Say) -> bool:
    """A whole layer of points, lines or nothing is told once, not per feature."""
    types = Counter(g.geom_type for g in geometries if g is not None and not g.is_empty)
    if any("Polygon" in t or t == "GeometryCollection" for t in types) or (
        not types and len(geometries)
    ):
        return False
    told = ", ".join(f"{n} {t}" for t, n in sorted(types.items())) or "no features"
    say(kinds.LAYER_WITHOUT_AREAS, None, value=told)
    return True


def _in_degrees(layer: Layer, geometries: np.ndarray, say: Say) -> np.ndarray | None:
    """The geometries in EPSG:4326; ``None`` when what they are in cannot be known."""
    bounds = shapely.total_bounds(geometries)
    if layer.crs is None:
        if not _fits_country(bounds):
            return _pass_over(
                say,
                "it does not say what its coordinates are, and they are not degrees in South "
                "Africa.",
                "Give the .prj file with the layer, or save it in EPSG:4326.",
            )
        say(kinds.CRS_ASSUMED, None)
        return geometries
    try:
        crs = pyproj.CRS.from_user_input(layer.crs)
        if crs.equals(DEGREES, ignore_axis_order=True):
            return _checked_degrees(bounds, geometries, say)
        turn = pyproj.Transformer.from_crs(crs, DEGREES, always_xy=True)
    except (CRSError, ProjError) as error:
        reason = f"its coordinate system is not understood ({' '.join(str(error).split())[:120]})."
        return _pass_over(say, reason, "Save it in EPSG:4326.")
    say(kinds.REPROJECTED, None, value=crs.name)
    return np.asarray(
        shapely.transform(geometries, turn.transform, interleaved=False),
        dtype=object,
    )


def _checked_degrees(bounds: np.ndarray, geometries: np.ndarray, say: Say) -> np.ndarray | None:
    """GeoJSON without a coordinate system is degrees by its standard; metres in it are a mistake."""
    west, south, east, north = bounds
    if np.isfinite(bounds).all() and (
        max(abs(west), abs(east)) > 360 or max(abs(south), abs(north)) > 360
    ):
        return _pass_over(
            say,
            f"it says its coordinates are degrees, but they reach {east:.0f}, {north:.0f}.",
            "Save it in EPSG:4326, or with the coordinate system it is really in.",
        )
    return geometries


def _pass_over(say: Say, reason: str, mend: str) -> None:
    say(kinds.LAYER_PASSED_OVER, None, reason=reason, mend=mend)


def _fits_country(bounds: np.ndarray) -> bool:
    west, south, east, north = bounds
    return bool(
        np.isfinite(bounds).all() and in_south_africa(west, south) and in_south_africa(east, north)
    )


def _usable(geometry: Any, index: int, say: Say, names: Callable[[int], str]) -> Any:
    """One feature's polygons, valid and in the country; ``None`` when it is left out."""
    row = index + 1
    if geometry is None or geometry.is_empty:
        say(kinds.GEOMETRY_EMPTY, row, name=names(index) or f"number {row}")
        return None
    name = names(index) or f"Feature {row}"
    if not _lies_in_country(geometry, row, name, say):
        return None
    polygons = _polygons(geometry)
    if polygons is None:
        say(kinds.GEOMETRY_NOT_AREA, row, name=name, value=geometry.geom_type)
        return None
    if geometry.geom_type == "GeometryCollection":
        say(kinds.GEOMETRY_PARTS_LEFT, row, name=name)
    return _valid(polygons, row, name, say)


def _polygons(geometry: Any) -> Any:
    """The polygons of a geometry; ``None`` when there are none."""
    if shapely.get_type_id(geometry) in _POLYGONS:
        return geometry
    if geometry.geom_type != "GeometryCollection":
        return None
    parts = [p for p in shapely.get_parts(geometry) if shapely.get_type_id(p) in _POLYGONS]
    single = [s for p in parts for s in shapely.get_parts(p)]
    return shapely.multipolygons(single) if single else None


def _valid(geometry: Any, row: int, name: str, say: Say) -> Any:
    """The geometry, mended where it is not valid, with the change of area said."""
    if shapely.is_valid(geometry):
        return geometry
    reason = shapely.is_valid_reason(geometry)
    mended = _polygons(shapely.make_valid(geometry))
    if mended is None or mended.area == 0:
        say(kinds.GEOMETRY_BROKEN, row, name=name, value=reason)
        return None
    before, after = shapely.area(on_plane(np.array([geometry, mended], dtype=object))) / SQUARE_KM
    say(kinds.GEOMETRY_MENDED, row, name=name, value=reason, before=_km(before), after=_km(after))
    return mended


def _lies_in_country(geometry: Any, row: int, name: str, say: Say) -> bool:
    west, south, east, north = geometry.bounds
    if not np.isfinite([west, south, east, north]).all():
        say(kinds.OUTSIDE, row, name=name, value="no place on earth")
        return False
    if not (
        west > SOUTH_AFRICA[2]
        or east < SOUTH_AFRICA[0]
        or south > SOUTH_AFRICA[3]
        or north < SOUTH_AFRICA[1]
    ):
        return True
    lon, lat = (west + east) / 2, (south + north) / 2
    kind = kinds.SWAPPED if in_south_africa(lat, lon) else kinds.OUTSIDE
    say(kind, row, name=name, value=f"longitude {lon:.4f}, latitude {lat:.4f}")
    return False


def judge_size(geometry: Any, square_metres: float, row: int, name: str, say: Say) -> None:
    """Doubt an area that reaches out of the country or is larger than it."""
    if square_metres > COUNTRY_SQUARE_METRES:
        least = "more than the whole country"
        say(kinds.HUGE, row, name=name, value=_km(square_metres / SQUARE_KM), least=least)
    west, south, east, north = geometry.bounds
    if in_south_africa(west, south) and in_south_africa(east, north):
        return
    outside = 1 - shapely.intersection(geometry, _COUNTRY).area / geometry.area
    if outside > MOST_OUTSIDE:
        say(kinds.PARTLY_OUTSIDE, row, name=name, value=f"{100 * outside:.0f}")


def overlaps(planes: np.ndarray) -> tuple[list[tuple[int, int, float]], bool]:
    """Pairs of areas that overlap, with the share of the smaller one; and whether all were seen.

    ``planes`` are on the plane of :func:`on_plane`. At most :data:`MAX_NEIGHBOURS` pairs of
    neighbours are looked at, in order.
    """
    if len(planes) < 2:
        return [], True
    first, second = STRtree(planes).query(planes, predicate="intersects")
    order = np.lexsort((second, first))
    first, second = first[order], second[order]
    once = first < second
    first, second = first[once], second[once]
    whole = len(first) <= MAX_NEIGHBOURS
    first, second = first[:MAX_NEIGHBOURS], second[:MAX_NEIGHBOURS]
    apart = shapely.touches(planes[first], planes[second])
    first, second = first[~apart], second[~apart]
    # Snapped to a millimetre, which cannot fail where borders all but coincide.
    shared = shapely.area(shapely.intersection(planes[first], planes[second], grid_size=1e-3))
    sizes = shapely.area(planes)
    share = shared / np.maximum(np.minimum(sizes[first], sizes[second]), 1e-9)
    return [
        (int(i), int(j), round(float(s), 6))
        for i, j, s in zip(first, second, share, strict=True)
        if s >= LEAST_OVERLAP
    ], whole


def _km(square_km: float) -> str:
    return f"{square_km:,.2f}".replace(",", " ")
