"""Where set pieces stand: open land, lines inside a metro, crossings of a boundary."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harvester.sample.world import KM_PER_DEGREE, dice, kilometres

if TYPE_CHECKING:
    from collections.abc import Callable

    from harvester.sample.boundaries import Zones
    from harvester.sample.world import Place

Point = tuple[float, float]

OPEN_KM = 6.2
"""How far open land lies from every township and suburb, where the ordinary projects are."""

_TRIES = 3_000
_MOST_OPEN = 8
_LINE_KM = (5.0, 12.0)
_CROSSING_KM = (8.5, 10.0)
_ENOUGH = 12
_ACROSS = (0.40, 0.45, 0.54)
"""Parts of the way between two places on either side of a boundary."""

_BEYOND = (0.54, 0.64)
"""Where the neighbour takes it up."""


@dataclass(frozen=True)
class Crossing:
    """A line across a boundary: its points, the place on the far side, and how it goes on there."""

    near: Place
    far: Place
    course: tuple[Point, ...]
    beyond: tuple[Point, ...]


def _remembered(find: Callable[..., list[Any]]) -> Callable[..., list[Any]]:
    """Found once for a country: the search is long and its answer settled."""

    def known(zones: Zones, *asked: object) -> list[Any]:
        key = (find.__name__, *asked)
        if key not in zones.memory:
            zones.memory[key] = find(zones, *asked)
        return list(zones.memory[key])

    return known


@_remembered
def open_land(zones: Zones, metro: str, seed: int) -> list[Point]:
    """Points of a metro far from all its places and from one another, in a settled order."""
    places = zones.world.places[metro]
    rng = dice(seed, metro, "open land")
    west, east = min(p.longitude for p in places), max(p.longitude for p in places)
    south, north = min(p.latitude for p in places), max(p.latitude for p in places)
    around = 2 * OPEN_KM / KM_PER_DEGREE
    every = [
        p
        for some in zones.world.places.values()
        for p in some
        if west - around < p.longitude < east + around
        and south - around < p.latitude < north + around
    ]
    found: list[Point] = []
    for _ in range(_TRIES):
        lon, lat = round(rng.uniform(west, east), 5), round(rng.uniform(south, north), 5)
        if any(kilometres(p.longitude, p.latitude, lon, lat) < OPEN_KM for p in every):
            continue
        if any(kilometres(*point, lon, lat) < 2 * OPEN_KM for point in found):
            continue
        if zones.own(metro, lon, lat):
            found.append((lon, lat))
            if len(found) == _MOST_OPEN:
                break
    return found


@_remembered
def lines(zones: Zones, metro: str) -> list[tuple[Place, list[Point]]]:
    """Straight lines of some kilometres between two places that stay inside the metro."""
    places, found = zones.world.places[metro], []
    for n, one in enumerate(places):
        for other in places[n + 1 :]:
            far = kilometres(one.longitude, one.latitude, other.longitude, other.latitude)
            if not _LINE_KM[0] <= far <= _LINE_KM[1]:
                continue
            course = [_between(one, other, part / 4) for part in range(5)]
            if all(zones.own(metro, *point) for point in (*course, *turned(course))):
                found.append((one, course))
                if len(found) >= _ENOUGH:
                    return found
    return found


def turned(course: list[Point]) -> list[Point]:
    """A line across the middle of another, as long."""
    (west, south), (lon, lat) = course[0], course[2]
    wide = math.cos(math.radians(lat))
    east, north = (lat - south) / wide, -(lon - west) * wide
    return [
        (round(lon + east * part, 5), round(lat + north * part, 5)) for part in (-1.0, 0.0, 1.0)
    ]


@_remembered
def crossings(zones: Zones, metro: str) -> list[Crossing]:
    """Short lines from a metro into a neighbour, between places with nothing near the middle."""
    found = []
    for one in zones.world.places[metro]:
        for code, others in zones.world.places.items():
            if code == metro:
                continue
            for other in others:
                far = kilometres(one.longitude, one.latitude, other.longitude, other.latitude)
                if not _CROSSING_KM[0] <= far <= _CROSSING_KM[1]:
                    continue
                course = tuple(_between(one, other, part) for part in _ACROSS)
                beyond = tuple(_between(one, other, part) for part in _BEYOND)
                inside = all(zones.own(metro, *p) for p in course[:-1]) and all(
                    zones.own(code, *p) for p in beyond
                )
                if inside and all(_alone(zones, code, point) for point in course):
                    found.append(Crossing(one, other, course, beyond))
    return found


def _alone(zones: Zones, metro: str, point: Point) -> bool:
    """Whether no place of a metro lies so near that a project there could be a counterpart."""
    return all(
        kilometres(p.longitude, p.latitude, *point) > _COUNTERPART_KM + 0.9
        for p in zones.world.places[metro]
    )


_COUNTERPART_KM = 3.0


def _between(one: Place, other: Place, part: float) -> Point:
    return (
        round(one.longitude + (other.longitude - one.longitude) * part, 5),
        round(one.latitude + (other.latitude - one.latitude) * part, 5),
    )
