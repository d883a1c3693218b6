"""From the areas of one layer to those of another: by ground, or by the people on it.

What a source area holds is taken to lie evenly over its ground (``area``) or evenly over its
people (``population``). People are known from the target areas themselves, or from a layer of
their own (census areas); a source area of which some ground has no known people is carried by
area, and the method says so. Ground that no target covers is the share of none.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
import shapely

from harvester.domain.money import split_cents
from harvester.space.ground.shapes import on_plane

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from harvester.space.layers import Layers

MILLION = 1_000_000
SLIVER = 0.01
"""Share of both areas below which common ground is digitising, not ground."""


class By(StrEnum):
    """What an area's content is taken to lie evenly over."""

    AREA = "area"
    POPULATION = "population"


@dataclass(frozen=True)
class Carried:
    """Shares of one source area: pairs of target id (``""``: none) and weight, and the method."""

    shares: tuple[tuple[str, int], ...]
    by: By


@dataclass(frozen=True)
class People:
    """Ground with known people: polygons in degrees, and how many live in each (NaN unknown)."""

    polygons: NDArray[np.object_]
    counts: NDArray[np.float64]


@dataclass
class Crosswalks:
    """Crosswalks between the layers of a harvest, each made once, when it is first asked for.

    ``people`` is the layer of people to weigh by; without it the target areas' own population is.
    """

    layers: Layers
    by: By = By.AREA
    people: People | None = None
    _made: dict[tuple[str, str], dict[str, Carried]] = field(default_factory=dict, repr=False)

    def between(self, source: str, target: str) -> dict[str, Carried]:
        """Shares of each area of layer ``source`` in those of layer ``target``, by area id."""
        key = (source, target)
        if key not in self._made:
            at = [self._positions(layer) for layer in key]
            self._made[key] = self._carry(*at)
        return self._made[key]

    def _positions(self, layer: str) -> list[int]:
        return [n for n, area in enumerate(self.layers.areas) if area.layer == layer]

    def _carry(self, sources: list[int], targets: list[int]) -> dict[str, Carried]:
        ids = [self.layers.areas[n].area_id for n in targets]
        polygons = self.layers.polygons
        people = self.people
        if people is None and self.by is By.POPULATION:
            people = People(polygons[targets], self.layers.people[targets])
        found = carry(
            polygons[sources], polygons[targets], ids, people if self.by is By.POPULATION else None
        )
        return dict(zip((self.layers.areas[n].area_id for n in sources), found, strict=True))


def carry(
    sources: NDArray[np.object_],
    targets: NDArray[np.object_],
    ids: Sequence[str],
    people: People | None = None,
) -> list[Carried]:
    """Shares of each source polygon (degrees) in the target polygons ``ids`` names, in order."""
    source, target = _pairs(sources, targets)
    pieces = shapely.intersection(sources[source], targets[target])
    ground = shapely.area(on_plane(pieces))
    whole, own = shapely.area(on_plane(sources)), shapely.area(on_plane(targets))
    kept = (ground > SLIVER * whole[source]) | (ground > SLIVER * own[target])
    kept &= ground > 0
    source, target, pieces, ground = source[kept], target[kept], pieces[kept], ground[kept]
    covered = np.bincount(source, ground, len(sources))
    if _overlap(targets):
        covered = _union(pieces, source, len(sources), covered)
    weights, known = (ground, np.zeros(len(sources), dtype=bool))
    if people is not None:
        weights, known = _peopled(pieces, ground, source, people, covered)
    starts = np.searchsorted(source, np.arange(len(sources) + 1))
    return [
        _shares(
            [ids[t] for t in target[a:b].tolist()],
            weights[a:b] if known[n] else ground[a:b],
            float(covered[n]),
            float(whole[n]),
            By.POPULATION if known[n] else By.AREA,
        )
        for n, (a, b) in enumerate(zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True))
    ]


def _pairs(
    sources: NDArray[np.object_], targets: NDArray[np.object_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Positions of every pair that shares ground or touches, in order of source."""
    if not len(sources) or not len(targets):
        none = np.zeros(0, dtype=np.int64)
        return none, none
    source, target = shapely.STRtree(targets).query(sources, predicate="intersects")
    order = np.lexsort((target, source))
    return source[order].astype(np.int64), target[order].astype(np.int64)


def _overlap(polygons: NDArray[np.object_]) -> bool:
    """Whether any two polygons share more ground than a sliver."""
    first, second = shapely.STRtree(polygons).query(polygons)
    apart = first < second
    first, second = first[apart], second[apart]
    touching = shapely.intersects(polygons[first], polygons[second])
    first, second = first[touching], second[touching]
    common = shapely.area(shapely.intersection(polygons[first], polygons[second]))
    least = np.minimum(shapely.area(polygons[first]), shapely.area(polygons[second]))
    return bool((common > SLIVER * least).any())


def _union(
    pieces: NDArray[np.object_],
    source: NDArray[np.int64],
    count: int,
    covered: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Ground of each source that any piece covers, counted once where pieces overlap."""
    starts = np.searchsorted(source, np.arange(count + 1))
    found = covered.copy()
    several = np.flatnonzero(np.diff(starts) > 1)
    unions = [shapely.union_all(pieces[starts[n] : starts[n + 1]]) for n in several.tolist()]
    if unions:
        found[several] = shapely.area(on_plane(unions))
    return found


def _peopled(
    pieces: NDArray[np.object_],
    ground: NDArray[np.float64],
    source: NDArray[np.int64],
    people: People,
    covered: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """People of each piece, and of which sources they are known on all the ground."""
    piece, lived = _pairs(pieces, people.polygons)
    common = shapely.area(on_plane(shapely.intersection(pieces[piece], people.polygons[lived])))
    density = people.counts / np.maximum(shapely.area(on_plane(people.polygons)), 1e-9)
    known = np.isfinite(people.counts[lived])
    counts = np.bincount(piece[known], (common * density[lived])[known], len(pieces))
    with_people = np.bincount(piece[known], common[known], len(pieces))
    missing = np.bincount(source, np.maximum(ground - with_people, 0), len(covered))
    total = np.bincount(source, counts, len(covered))
    return counts, (missing <= SLIVER * covered) & (total > 0)


def _shares(
    ids: list[str], weights: NDArray[np.float64], covered: float, whole: float, by: By
) -> Carried:
    total = float(weights.sum())
    if total <= 0 or whole <= 0:
        return Carried((("", MILLION),), by)
    outside = max(0.0, 1 - covered / whole)
    outside = outside if outside > SLIVER else 0.0
    units = [round(w / total * (1 - outside) * MILLION * MILLION) for w in weights.tolist()]
    split = split_cents(MILLION, [*units, round(outside * MILLION * MILLION)])
    merged: dict[str, int] = {}
    for area_id, weight in zip([*ids, ""], split, strict=True):
        if weight:
            merged[area_id] = merged.get(area_id, 0) + weight
    return Carried(tuple(sorted(merged.items())), by)
