"""Lines and areas drawn in a cell: WKT, GeoJSON text, or the corners of a route in order.

As for points, nothing is mended silently: a drawing that leaves the country is reported with what
its publisher may have meant, and left out.
"""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import shapely
from shapely.errors import ShapelyError

from harvester.domain.places import SOUTH_AFRICA
from harvester.sources import problem_kinds as kinds
from harvester.sources.values.amounts import Parsed, cell_text, fold

Point = tuple[float, float]
"""Longitude, latitude in degrees (EPSG:4326)."""

DECIMALS = 6
"""Decimals of a degree that are kept: a tenth of a metre."""

_WKT = re.compile(
    r"(?:SRID\s*=\s*(?P<srid>\d+)\s*;)?\s*(?P<body>(?:MULTI)?(?:POINT|LINESTRING|POLYGON)\s*(?:Z|M|ZM)?"
    r"\s*(?:\(|EMPTY)|GEOMETRYCOLLECTION\s*\(|LINEARRING\s*\()",
    re.IGNORECASE,
)
_NUMBER = r"[-+]?\d+(?:\.\d+)?"
_CORNER = re.compile(
    rf"\s*\(?\s*({_NUMBER})\s*(?:,|\s)\s*({_NUMBER})\s*(?:(?:,|\s)\s*{_NUMBER})?\)?\s*"
)
_SHOWN = 80


class Drawn(list[Point]):
    """A point on a line or area, and the whole of it as WKT (longitude first, EPSG:4326)."""

    wkt: str = ""


def is_drawn(cell: object) -> bool:
    """Whether a cell holds WKT or GeoJSON rather than a pair of coordinates."""
    return isinstance(cell, str) and (
        bool(_WKT.match(cell.strip())) or (cell.strip()[:1] == "{" and "oordinates" in cell)
    )


def parse_drawn(cell: object, *, route: bool = False) -> Parsed:
    """The drawing in a cell; the value is a :class:`Drawn`, or plain points for a (multi)point.

    With ``route`` the corners of a line may also stand in order, ``lon lat;lon lat`` (or latitude
    first: in South Africa the sign tells), and a route that ends where it began is an area.
    """
    text = cell_text(cell).strip().replace("\u2212", "-")
    shown = fold(text)[:_SHOWN]
    try:
        shape = _shape(text, route=route)
    except (ShapelyError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        # What other programs write in cells fails in all these ways; each means the same to a person.
        shape = None
    if shape is None:
        return Parsed(None, kinds.SHAPE_UNREADABLE, {"value": shown})
    if shape.is_empty:
        return Parsed(None, kinds.COORDINATES_NOT_GIVEN, {"value": shown})
    kind = None
    shape, left = _greatest(shapely.force_2d(shape))
    if left:
        kind = kinds.SHAPE_PARTS_LEFT
    if not shape.is_valid:
        shape, _ = _greatest(shapely.make_valid(shape))
        kind = kinds.SHAPE_MENDED
    if not _in_country(shape):
        return Parsed(None, kinds.COORDINATES_ABROAD, {"value": shown, "proposal": _meant(shape)})
    shape = shapely.transform(shape, lambda xy: np.round(xy, DECIMALS))
    return Parsed(_told(shape), kind, {"value": shown})


def _shape(text: str, *, route: bool) -> Any:
    """The geometry a text writes, or ``None``; whatever shapely and json raise is raised."""
    found = _WKT.match(text)
    if found:
        if found["srid"] not in {None, "4326"}:
            return None
        return shapely.from_wkt(text[found.start("body") :])
    if text.startswith("{"):
        told = json.loads(text)
        while isinstance(told, dict) and told.get("type") == "Feature":
            told = told["geometry"]
        return shapely.from_geojson(json.dumps(told))
    return _route(text) if route else None


def _route(text: str) -> Any:
    """The line (or area) whose corners stand in order; ``None`` when the text is something else."""
    parts = [part for part in re.split(r"[;\n|]+", text) if part.strip()]
    if len(parts) == 1 and "," in text:  # corners as KML writes them: lon,lat lon,lat
        parts = text.split()
    corners = [_CORNER.fullmatch(part) for part in parts]
    if len(corners) < 2 or not all(corners):
        return None
    pairs = [(float(c[1]), float(c[2])) for c in corners if c]
    if all(x < 0 < y for x, y in pairs):  # latitude first
        pairs = [(y, x) for x, y in pairs]
    closed = len(pairs) > 3 and pairs[0] == pairs[-1]
    return shapely.Polygon(pairs) if closed else shapely.LineString(pairs)


def _greatest(shape: Any) -> tuple[Any, bool]:
    """The parts of the greatest dimension, and whether others were left out."""
    parts = shapely.get_parts(shape)
    while any(shapely.get_type_id(part) >= shapely.GeometryType.MULTIPOINT for part in parts):
        parts = shapely.get_parts(parts)
    parts = parts[~shapely.is_empty(parts)]
    dimensions = shapely.get_dimensions(parts)
    kept = parts[dimensions == dimensions.max()]
    whole = (shapely.multipoints, shapely.multilinestrings, shapely.multipolygons)
    made = kept[0] if len(kept) == 1 else whole[int(dimensions.max())](kept)
    return made, len(kept) < len(parts)


def _in_country(shape: Any) -> bool:
    west, south, east, north = shapely.bounds(shape)
    least_lon, least_lat, most_lon, most_lat = SOUTH_AFRICA
    return bool(least_lon <= west and east <= most_lon and least_lat <= south and north <= most_lat)


def _meant(shape: Any) -> str:
    """What the publisher may have meant by a drawing outside the country; a person decides."""
    check = "Check the drawing against a map; write longitude before latitude, in degrees."
    for what, turn in (
        ("latitude and longitude are swapped", lambda xy: xy[:, ::-1]),
        ("the minus sign of the latitudes is missing", lambda xy: xy * (1, -1)),
        ("latitude and longitude are swapped and a minus sign is missing", lambda xy: xy[:, ::-1] * (1, -1)),
    ):  # fmt: skip
        if _in_country(shapely.transform(shape, turn)):
            return f"It looks as if {what}. {check}"
    return check


def _told(shape: Any) -> list[Point]:
    """Plain points for a point or several; else a point on the drawing, and the whole as WKT."""
    dimension = int(shapely.get_dimensions(shape))
    if dimension == 0:
        return list(dict.fromkeys((p.x, p.y) for p in shapely.get_parts(shape)))
    if dimension == 1:
        longest = max(shapely.get_parts(shape), key=lambda part: part.length)
        on_it = shapely.line_interpolate_point(longest, 0.5, normalized=True)
    else:
        on_it = shapely.point_on_surface(shape)
    drawn = Drawn([(round(on_it.x, DECIMALS), round(on_it.y, DECIMALS))])
    drawn.wkt = shapely.to_wkt(shape, rounding_precision=DECIMALS)
    return drawn
