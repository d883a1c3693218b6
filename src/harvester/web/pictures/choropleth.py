"""Areas shaded by rand: classes with words, GeoJSON for the map, and the same drawn as SVG."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import shapely

from harvester.domain.money import format_rand_short

if TYPE_CHECKING:
    from collections.abc import Sequence

CLASSES = 5
MOST_VERTICES = 60_000
FINEST = 0.00005
SVG_WIDTH = 720


@dataclass(frozen=True)
class Shade:
    """One class of the legend; ``n`` from 0 (least) is also its colour class."""

    n: int
    low: int
    high: int
    areas: int

    @property
    def text(self) -> str:
        """Its bounds in words."""
        if self.low == self.high:
            return format_rand_short(self.low)
        return f"{format_rand_short(self.low)} to {format_rand_short(self.high)}"


def classify(amounts: Sequence[int]) -> list[Shade]:
    """Up to five classes that hold about as many areas each; equal amounts are never parted."""
    values = sorted(amounts)
    if not values:
        return []
    cuts = sorted(
        {values[min(len(values) - 1, len(values) * n // CLASSES)] for n in range(1, CLASSES)}
    )
    shades, low = [], 0
    for cut in [*cuts, None]:
        found = [v for v in values[low:] if cut is None or v < cut]
        if found:
            shades.append(Shade(len(shades), found[0], found[-1], len(found)))
            low += len(found)
    return [replace(shade, n=_spread(shade.n, len(shades))) for shade in shades]


def _spread(n: int, classes: int) -> int:
    """The colour of a class, so that the most is darkest however few classes there are."""
    return CLASSES - 1 if classes == 1 else round(n * (CLASSES - 1) / (classes - 1))


def shade_of(cents: int | None, shades: list[Shade]) -> int | None:
    """The class an amount is in; ``None`` where no money is named."""
    if cents is None:
        return None
    return next((shade.n for shade in shades if cents <= shade.high), None)


def simplified(shapes: list[tuple[str, bytes]]) -> list[tuple[str, Any]]:
    """Geometries simple enough to send: at most about sixty thousand corners in all."""
    if not shapes:
        return []
    found = shapely.from_wkb([wkb for _, wkb in shapes])
    bounds = shapely.total_bounds(found)
    step = max((bounds[2] - bounds[0]) / 4000, FINEST)
    for _ in range(12):
        simple = shapely.simplify(found, step, preserve_topology=True)
        if shapely.get_num_coordinates(simple).sum() <= MOST_VERTICES:
            break
        step *= 1.8
    return [(area_id, shape) for (area_id, _), shape in zip(shapes, simple, strict=True)]


def feature(shape: Any, properties: dict[str, Any]) -> dict[str, Any]:
    """A GeoJSON feature with coordinates to five decimals (a metre)."""
    parts = [_rings(part) for part in _polygons(shape)]
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "MultiPolygon", "coordinates": parts},
    }


def _polygons(shape: Any) -> list[Any]:
    parts = getattr(shape, "geoms", [shape])
    return [part for part in parts if part.geom_type == "Polygon" and not part.is_empty]


def _rings(polygon: Any) -> list[list[list[float]]]:
    rings = [polygon.exterior, *polygon.interiors]
    return [[[round(x, 5), round(y, 5)] for x, y, *_ in ring.coords] for ring in rings]


@dataclass(frozen=True)
class Plane:
    """From degrees to the units of a picture, with the shape of the country kept."""

    west: float
    north: float
    scale: float
    squeeze: float
    height: int

    @classmethod
    def over(cls, shapes: list[Any]) -> Plane:
        """A plane that holds the shapes."""
        west, south, east, north = shapely.total_bounds(shapes)
        squeeze = math.cos(math.radians((south + north) / 2))
        scale = SVG_WIDTH / max((east - west) * squeeze, 1e-6)
        return cls(west, north, scale, squeeze, max(120, math.ceil((north - south) * scale)))

    def path(self, shape: Any) -> str:
        """SVG path of a polygon or several."""
        told = []
        for polygon in _polygons(shape):
            for ring in (polygon.exterior, *polygon.interiors):
                corners = " ".join(f"{self.x(x)},{self.y(y)}" for x, y, *_ in ring.coords)
                told.append(f"M{corners}Z")
        return "".join(told)

    def x(self, longitude: float) -> float:
        """Across."""
        return round((longitude - self.west) * self.squeeze * self.scale, 1)

    def y(self, latitude: float) -> float:
        """Down."""
        return round((self.north - latitude) * self.scale, 1)
