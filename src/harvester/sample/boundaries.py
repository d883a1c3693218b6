"""Illustrative areas: invented shapes around real places, marked so in every feature.

A municipality's outline is the part of the country nearer to one of its places than to another
metro's, within a few kilometres of them; regions, wards of targeting and zones are simple shapes
inside it. They stand in until real boundaries are loaded with the areas reader.
"""

from __future__ import annotations

import json
import math
import zlib
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pyogrio.raw
import shapely

from harvester.sample.world import Place, World, kilometres

if TYPE_CHECKING:
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

ILLUSTRATIVE = "(illustrative)"
WRITTEN = "2019-07-01T00:00:00.000Z"

REACH_KM = 5.0
"""How far a municipality's illustrative outline goes beyond its places."""

_RADIUS_KM = {"urban_hub": 2.2, "economic_node": 1.6, "marginalised_area": 1.5}
_CORRIDOR_KM = 1.1
_KINDS = {"hub": "urban_hub", "node": "economic_node", "township": "marginalised_area"}
_WORDS = {
    "urban_hub": "urban hub",
    "economic_node": "economic node",
    "marginalised_area": "marginalised area",
}
_LONGEST_CORRIDOR_KM = 26.0
_PEOPLE_PER_KM2 = {"municipality": 1_200, "region": 1_200}
_PEOPLE_IN_TARGETS, _PEOPLE_CROWDED = 3_500, 26_000
"""Invented densities."""

_PEOPLE_IN_HOUSEHOLD = 3.3
_LEAST_POOR, _POOR_SPREAD = 25, 51
"""Invented: of a hundred households of a region 25 to 75 are poor, by its code."""

_WELL_INSIDE = 0.85
"""Part of a radius within which a point is surely in the shape, whose circle has corners."""


@dataclass(frozen=True)
class Area:
    """One shape. ``kind`` is a word of the area kinds; ``code`` the official code or a made one."""

    metro: str
    kind: str
    code: str
    name: str
    shape: BaseGeometry
    crowded: bool = False

    @property
    def population(self) -> int:
        """Invented: the area times a density of its kind."""
        lat = math.radians(self.shape.centroid.y)
        square_km = self.shape.area * 111.32**2 * math.cos(lat)
        density = _PEOPLE_PER_KM2.get(self.kind, _PEOPLE_IN_TARGETS)
        return round(square_km * (_PEOPLE_CROWDED if self.crowded else density))


@dataclass(frozen=True)
class _Corridor:
    name: str
    ends: tuple[Place, Place]


@dataclass
class Zones:
    """The sample's areas, and which target zone a point is in.

    ``crowded``: metro and name of places where many people live on little land.
    """

    world: World
    crowded: set[tuple[str, str]] = field(default_factory=set)
    memory: dict[tuple[object, ...], list[Any]] = field(default_factory=dict)

    def zone_of(self, metro: str, longitude: float | None, latitude: float | None) -> str:
        """Name of the hub, node or integration zone a point lies in, or ``""``."""
        if longitude is None or latitude is None:
            return ""
        for place in self._targets[metro]:
            radius = _RADIUS_KM[_KINDS[place.character]]
            if kilometres(place.longitude, place.latitude, longitude, latitude) <= radius:
                return f"{place.name} {_WORDS[_KINDS[place.character]]}"
        for corridor in self._corridors[metro]:
            if _off_line(corridor, longitude, latitude) <= _CORRIDOR_KM:
                return corridor.name
        return ""

    def targeted(self, metro: str, longitude: float, latitude: float) -> bool:
        """Whether a point lies well inside a hub, node, township or integration zone."""
        for place in self.world.places[metro]:
            kind = _KINDS.get(place.character)
            far = kilometres(place.longitude, place.latitude, longitude, latitude)
            if kind and far <= _RADIUS_KM[kind] * _WELL_INSIDE:
                return True
        return any(
            _off_line(corridor, longitude, latitude) <= _CORRIDOR_KM * _WELL_INSIDE
            for corridor in self._corridors[metro]
        )

    def far_from_targets(self, metro: str, longitude: float, latitude: float) -> bool:
        """Whether a point lies well outside all of them."""
        places = [p for p in self.world.places[metro] if p.character in _KINDS]
        return all(
            kilometres(p.longitude, p.latitude, longitude, latitude)
            > _RADIUS_KM[_KINDS[p.character]] / _WELL_INSIDE
            for p in places
        ) and all(
            _off_line(corridor, longitude, latitude) > _CORRIDOR_KM / _WELL_INSIDE
            for corridor in self._corridors[metro]
        )

    def own(self, metro: str, longitude: float, latitude: float) -> bool:
        """Whether a point lies in the metro's outline."""
        return bool(self._outlines[metro].covers(shapely.Point(longitude, latitude)))

    @cached_property
    def _outlines(self) -> dict[str, BaseGeometry]:
        return {
            metro: shapely.union_all([shape for _, shape in own])
            for metro, own in self._cells.items()
        }

    @cached_property
    def _hulls(self) -> dict[str, BaseGeometry]:
        return {
            metro: shapely.convex_hull(
                shapely.union_all([_disc(p.longitude, p.latitude, REACH_KM) for p in places])
            )
            for metro, places in self.world.places.items()
        }

    @cached_property
    def _targets(self) -> dict[str, list[Place]]:
        return {
            metro: [p for p in places if p.character in {"hub", "node"}]
            for metro, places in self.world.places.items()
        }

    @cached_property
    def _corridors(self) -> dict[str, list[_Corridor]]:
        """From every hub to its nearest node, where that is near enough."""
        found = {}
        for metro, places in self.world.places.items():
            nodes = [p for p in places if p.character == "node"]
            found[metro] = [
                _Corridor(f"{hub.name} to {near.name} integration zone", (hub, near))
                for hub in places if hub.character == "hub"
                for near in [min(nodes, key=lambda n: _apart(hub, n))]
                if _apart(hub, near) <= _LONGEST_CORRIDOR_KM
            ]  # fmt: skip
        return found

    def areas(self) -> list[Area]:
        """Every area, in a fixed order."""
        found = []
        cells = self._cells
        for metro in self.world.metros:
            own = cells[metro.code]
            outline = self._outlines[metro.code]
            found.append(Area(metro.code, "municipality", metro.code, metro.name, outline))
            found += self._regions(metro.code, own)
            found += self._target_areas(metro.code, outline)
        return found

    def _regions(self, metro: str, cells: list[tuple[Place, BaseGeometry]]) -> list[Area]:
        parts: dict[str, list[BaseGeometry]] = {}
        for place, shape in cells:
            region = self.world.region_of(metro, place.longitude, place.latitude)
            parts.setdefault(region.area_name, []).append(shape)
        return [
            Area(metro, "region", f"{metro}-R{n}", name, shapely.union_all(shapes))
            for n, (name, shapes) in enumerate(sorted(parts.items()), start=1)
        ]

    def _target_areas(self, metro: str, outline: BaseGeometry) -> list[Area]:
        found = []
        for n, place in enumerate(self.world.places[metro], start=1):
            kind = _KINDS.get(place.character)
            if kind:
                shape = _disc(place.longitude, place.latitude, _RADIUS_KM[kind])
                found.append(
                    Area(
                        metro,
                        kind,
                        f"{metro}-{kind[:1].upper()}{n}",
                        f"{place.name} {_WORDS[kind]}",
                        shape,
                        crowded=(metro, place.name) in self.crowded,
                    )
                )
        for n, corridor in enumerate(self._corridors[metro], start=1):
            found.append(
                Area(metro, "integration_zone", f"{metro}-IZ{n}", corridor.name, _ribbon(corridor))
            )
        return _apart_by_kind(found, outline)

    @cached_property
    def _cells(self) -> dict[str, list[tuple[Place, BaseGeometry]]]:
        """Each place's part of its metro: nearer to it than to any other place, and within reach."""
        hulls = self._hulls
        points = [
            (p.longitude, p.latitude) for places in self.world.places.values() for p in places
        ]
        diagram = shapely.voronoi_polygons(
            shapely.MultiPoint(points), extend_to=shapely.union_all(list(hulls.values()))
        )
        cells = list(shapely.get_parts(diagram))
        tree = shapely.STRtree(cells)
        found = {}
        for metro, places in self.world.places.items():
            at = [
                int(tree.query(shapely.Point(p.longitude, p.latitude), predicate="intersects")[0])
                for p in places
            ]
            found[metro] = [
                (place, _rounded(shapely.intersection(cells[n], hulls[metro])))
                for place, n in zip(places, at, strict=True)
            ]
        return found


def _apart_by_kind(areas: list[Area], outline: BaseGeometry) -> list[Area]:
    """Areas cut to the outline, and those of one kind to what earlier ones leave: none overlap."""
    taken: dict[str, BaseGeometry] = {}
    cut = []
    for area in areas:
        before = taken.get(area.kind, shapely.Polygon())
        shape = shapely.difference(shapely.intersection(area.shape, outline), before)
        taken[area.kind] = shapely.union(before, area.shape)
        solid = [p for p in shapely.get_parts(_rounded(shape)) if p.geom_type == "Polygon"]
        if solid:
            cut.append(replace(area, shape=shapely.multipolygons(solid)))
    return cut


def write_areas(zones: Zones, folder: Path) -> dict[str, list[Area]]:
    """Write the areas: outlines and regions as GeoJSON, target areas as a GeoPackage.

    Returns what each file holds, by its name.
    """
    folder.mkdir(parents=True, exist_ok=True)
    areas = zones.areas()
    files = {
        "municipalities_illustrative.geojson": [a for a in areas if a.kind == "municipality"],
        "regions_illustrative.geojson": [a for a in areas if a.kind == "region"],
    }
    for name, held in files.items():
        (folder / name).write_text(_geojson(held), "utf-8")
    targets = [a for a in areas if a.kind not in {"municipality", "region"}]
    files["target_areas_illustrative.gpkg"] = targets
    _geopackage(targets, folder / "target_areas_illustrative.gpkg")
    return files


def _properties(area: Area) -> dict[str, Any]:
    priority = area.kind not in {"municipality", "region"}
    told: dict[str, Any] = {
        "code": area.code, "name": f"{area.name} {ILLUSTRATIVE}", "kind": area.kind,
        "metro": area.metro, "priority": priority, "population": area.population,
        "illustrative": True,
    }  # fmt: skip
    if area.kind == "region":
        households = round(area.population / _PEOPLE_IN_HOUSEHOLD)
        poor = _LEAST_POOR + zlib.crc32(area.code.encode()) % _POOR_SPREAD
        told |= {"households": households, "poor_households": households * poor // 100}
    return told


def _geojson(areas: list[Area]) -> str:
    features = [
        {
            "type": "Feature",
            "properties": _properties(a),
            "geometry": json.loads(shapely.to_geojson(_rounded(a.shape))),
        }
        for a in areas
    ]
    return (
        json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False) + "\n"
    )


_DTYPES = {bool: bool, int: np.int64}


def _geopackage(areas: list[Area], path: Path) -> None:
    rows = [_properties(a) for a in areas]
    fields = list(rows[0])
    columns = [
        np.array([r[f] for r in rows], dtype=_DTYPES.get(type(rows[0][f]), object)) for f in fields
    ]
    shapes = [shapely.multipolygons(list(shapely.get_parts(_rounded(a.shape)))) for a in areas]
    # GeoPackages carry the time they were written; a fixed one keeps the bytes the same.
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": WRITTEN})
    pyogrio.raw.write(
        path, np.array([shapely.to_wkb(s) for s in shapes], dtype=object), columns, np.array(fields),
        geometry_type="MultiPolygon", crs="EPSG:4326", layer="target_areas", driver="GPKG",
    )  # fmt: skip
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def _rounded(shape: BaseGeometry) -> BaseGeometry:
    return shapely.set_precision(shape, 0.00001)


def _disc(lon: float, lat: float, km: float) -> BaseGeometry:
    """A circle of ``km`` as a polygon of 24 corners."""
    wide = km / (111.32 * math.cos(math.radians(lat)))
    turns = [2 * math.pi * n / 24 for n in range(24)]
    return shapely.Polygon(
        [(lon + wide * math.sin(t), lat + km / 111.32 * math.cos(t)) for t in turns]
    )


def _ribbon(corridor: _Corridor) -> BaseGeometry:
    """A band along the line between the two ends."""
    discs = [_disc(p.longitude, p.latitude, _CORRIDOR_KM) for p in corridor.ends]
    return shapely.convex_hull(shapely.union_all(discs))


def _apart(one: Place, other: Place) -> float:
    return kilometres(one.longitude, one.latitude, other.longitude, other.latitude)


def _off_line(corridor: _Corridor, lon: float, lat: float) -> float:
    """Kilometres from a point to the line between a corridor's ends."""
    first, last = corridor.ends
    scale = math.cos(math.radians(first.latitude))
    ax, ay = (last.longitude - first.longitude) * scale, last.latitude - first.latitude
    bx, by = (lon - first.longitude) * scale, lat - first.latitude
    along = max(0.0, min(1.0, (ax * bx + ay * by) / (ax * ax + ay * ay)))
    return math.hypot(bx - along * ax, by - along * ay) * 111.32
