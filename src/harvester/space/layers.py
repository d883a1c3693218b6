"""The layers of areas a harvest has, each area with the municipality it lies in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from harvester.domain.places import AreaKind
from harvester.engine.schema import UNKNOWN
from harvester.rules import institutions
from harvester.space.ground.points import touching
from harvester.space.named.words import Gazetteer, NamedArea

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa
    from numpy.typing import NDArray

MUNICIPALITY_LAYER = "municipality"
"""Layer every harvest has: where no file gives municipal boundaries, its areas are codes alone."""


@dataclass(frozen=True)
class Layers:
    """Areas in the order of ``area_ids``; parallel lists and arrays.

    ``people`` live in each (NaN: not known); ``square_metres`` is its ground.
    """

    areas: tuple[NamedArea, ...]
    polygons: NDArray[np.object_]
    people: NDArray[np.float64]
    square_metres: NDArray[np.float64]

    @property
    def names(self) -> tuple[str, ...]:
        """Layers in order, the municipality layer always among them."""
        given = {area.layer for area in self.areas}
        return tuple(sorted(given if self.municipal else given | {MUNICIPALITY_LAYER}))

    @property
    def municipal(self) -> frozenset[str]:
        """Layers of municipalities (several when the harvest has several demarcations)."""
        return frozenset(a.layer for a in self.areas if a.kind == AreaKind.MUNICIPALITY)

    @property
    def above(self) -> frozenset[str]:
        """Layers whose areas hold whole municipalities, the pseudo-layer included."""
        given = frozenset(a.layer for a in self.areas if a.above)
        return given if self.municipal else given | {MUNICIPALITY_LAYER}

    @property
    def radius(self) -> NDArray[np.int64]:
        """Whole metres: the radius of a circle as large as each area."""
        return np.rint(np.sqrt(self.square_metres / np.pi)).astype(np.int64)

    def kind_of(self, layer: str) -> str:
        """What a layer's areas are (the first one's kind); ``other`` for a layer without areas."""
        return next((a.kind for a in self.areas if a.layer == layer), AreaKind.OTHER.value)

    def declared(self, pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str, str, str]]:
        """``layer, metro, province, area_id``: where a declared municipality lies in layers above.

        ``pairs`` are municipality and province codes as entries have them. A known municipality
        without a boundary is still itself in a layer of municipalities, by its code alone; a
        district or province without one is left out.
        """
        found = []
        by_code = {(a.layer, a.metro): a.area_id for a in reversed(self.areas) if a.above}
        for layer in sorted(self.above):
            for metro, province in pairs:
                ids = (by_code.get((layer, code)) for code in self._codes_above(metro, province))
                area = next((area_id for area_id in ids if area_id), "")
                if (
                    not area
                    and metro != UNKNOWN
                    and layer in (self.municipal or {MUNICIPALITY_LAYER})
                ):
                    area = f"{layer}:{metro}"
                if area:
                    found.append((layer, metro, province, area))
        return found

    def _codes_above(self, metro: str, province: str) -> list[str]:
        """Codes an entry answers to, from municipality to province."""
        book = institutions.load()
        own = book.get(metro)
        codes = [metro, book.district(metro), own.province if own else "", province]
        return [code for code in codes if code and code != UNKNOWN]

    def boundaries(self) -> dict[str, list[int]]:
        """Positions of the polygons that bound each municipality or district, by code."""
        found: dict[str, list[int]] = {}
        for i, area in enumerate(self.areas):
            if area.kind in {AreaKind.MUNICIPALITY, AreaKind.DISTRICT} and area.metro != UNKNOWN:
                found.setdefault(area.metro, []).append(i)
        return found

    def municipality_name(self, metro: str) -> str:
        """Its name for a message: the book's, else the boundary file's, else the code."""
        book = institutions.load()
        if metro in book:
            return book.name(metro)
        return next((a.name for a in self.areas if a.metro == metro and a.above), metro)

    def gazetteer(self) -> Gazetteer:
        """What words can name here; a municipality's and a province's own names say no more."""
        book = institutions.load()
        provinces = [name for p in book.provinces for name in (p.name, p.code, *p.aliases)]
        neutral = {}
        for metro in sorted({a.metro for a in self.areas}):
            own = book.get(metro)
            names = [a.name for a in self.areas if a.metro == metro and a.above]
            aliases = [own.name, own.code, *own.aliases] if own else []
            neutral[metro] = ["South Africa", *provinces, *names, *aliases]
        return Gazetteer(self.areas, neutral)


def read_layers(areas: pa.Table) -> Layers:
    """Areas (rows of ``schema.AREAS``), one of each id, each with its municipality.

    An area that does not say which municipality it lies in gets the one that holds a point inside
    it (its representative point); districts and provinces hold several and get none.
    """
    rows = sorted(areas.to_pylist(), key=lambda row: (row["area_id"], row["submission_id"]))
    unique = list({row["area_id"]: row for row in reversed(rows)}.values())[::-1]
    polygons = np.empty(len(unique), dtype=object)
    polygons[:] = shapely.from_wkb([row["geometry"] for row in unique])
    named = [_named(row) for row in unique]
    return Layers(
        tuple(_with_municipality(named, polygons)),
        polygons,
        np.array([row["population"] for row in unique], dtype=np.float64),
        np.array([row["square_metres"] for row in unique], dtype=np.float64),
    )


def _named(row: dict[str, object]) -> NamedArea:
    return NamedArea(
        area_id=str(row["area_id"]),
        layer=str(row["layer"]),
        kind=str(row["kind"]),
        code=str(row["code"]),
        name=str(row["name"]),
        metro=_own_code(row),
        priority=bool(row["priority"]),
    )


def _own_code(row: dict[str, object]) -> str:
    """Municipality code of an area; a municipality's, district's or province's is its own code."""
    book = institutions.load()
    code, metro = str(row["code"]), str(row["metro"])
    if row["kind"] in {AreaKind.MUNICIPALITY, AreaKind.DISTRICT}:
        known = code if code in book else book.municipality(str(row["name"]))
        return known or (metro if metro not in {"", UNKNOWN} else code) or UNKNOWN
    if row["kind"] == AreaKind.PROVINCE:
        return book.province(code) or book.province(str(row["name"])) or UNKNOWN
    return metro or UNKNOWN


def _with_municipality(named: list[NamedArea], polygons: NDArray[np.object_]) -> list[NamedArea]:
    lost = [i for i, a in enumerate(named) if a.metro == UNKNOWN and not a.above]
    bounds = [i for i, a in enumerate(named) if a.kind == AreaKind.MUNICIPALITY]
    if not lost or not bounds:
        return named
    inside = shapely.point_on_surface(polygons[lost])
    hits = touching(polygons[bounds], shapely.get_x(inside), shapely.get_y(inside))
    holders: dict[int, set[str]] = {}
    for area, point in zip(hits.areas.tolist(), hits.points.tolist(), strict=True):
        holders.setdefault(lost[point], set()).add(named[bounds[area]].metro)
    resolved = list(named)
    for i, metros in holders.items():
        if len(metros) == 1:
            area = named[i]
            resolved[i] = NamedArea(
                area.area_id,
                area.layer,
                area.kind,
                area.code,
                area.name,
                metros.pop(),
                area.priority,
            )
    return resolved
