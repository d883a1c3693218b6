"""What the sample country is made of: real places and institutions, kinds of project, words.

Read from ``sample/data``. Names, codes and coordinates there are facts retyped with their source;
everything the projects themselves say is invented. The words are the generator's own and are kept
apart from the lexicon that decodes real names, so that linking the sample is a fair trial.
"""

from __future__ import annotations

import csv
import functools
import math
from dataclasses import dataclass, field
from importlib import resources
from random import Random
from typing import Any

from harvester.rules import yamls

SEASONS = (2018, 2019)
"""Publication years: start of the municipal (July) and national (April) year a document is about."""

YEARS_AHEAD = 3
"""Years a medium-term budget or plan shows."""

KM_PER_DEGREE = 111.32


@dataclass(frozen=True)
class Place:
    """A real township, suburb or town. ``character``: township, hub, node or suburb."""

    metro: str
    name: str
    longitude: float
    latitude: float
    character: str
    other_name: str


@dataclass(frozen=True)
class Region:
    """A metro's own region: ``name`` as its budget writes it, ``area_name`` of its outline."""

    metro: str
    name: str
    area_name: str
    longitude: float
    latitude: float


@dataclass(frozen=True)
class Metro:
    """A metropolitan municipality; ``weight`` is its share of projects, ``style`` its layout."""

    code: str
    name: str
    province: str
    weight: int
    section: str
    style: str


@dataclass(frozen=True)
class Kind:
    """A kind of invented project (``data/kinds.yaml`` says what each field means)."""

    id: str
    owner: str
    weight: int
    nouns: tuple[str, ...]
    works: tuple[str, ...]
    place: str
    cost: tuple[float, float]
    units: tuple[int, int]
    function: str
    grants: tuple[str, ...]
    outcome: str
    sector: str
    asset_class: str = ""
    subclass: str = ""
    code: str = ""
    infra: bool = False
    speak: str = ""
    programme: str = ""
    facility: str = ""
    ene: tuple[str, ...] = ()
    infra_type: str = ""
    proper: bool = False
    catalytic: bool = False
    whole_place: bool = False

    @property
    def sphere(self) -> str:
        """local, provincial, national or entity."""
        if self.owner == "metro":
            return "local"
        if self.owner.startswith("prov:"):
            return "provincial"
        return "national" if self.ene else "entity"


@dataclass(frozen=True)
class World:
    """Everything read from ``sample/data``."""

    metros: tuple[Metro, ...]
    places: dict[str, tuple[Place, ...]]
    regions: dict[str, tuple[Region, ...]]
    kinds: tuple[Kind, ...]
    outcomes: dict[str, tuple[str, str]]
    provinces: dict[str, dict[str, Any]]
    departments: dict[str, str]
    elsewhere: dict[str, list[list[Any]]]
    words: dict[str, Any] = field(hash=False)

    def metro(self, code: str) -> Metro:
        """The metro with a code."""
        return next(m for m in self.metros if m.code == code)

    def region_of(self, metro: str, longitude: float, latitude: float) -> Region:
        """The metro's region whose centre is nearest to a point."""
        return min(
            self.regions[metro],
            key=lambda r: (kilometres(r.longitude, r.latitude, longitude, latitude), r.name),
        )

    def owner_code(self, kind: Kind, metro: Metro) -> str:
        """Institution code of the owner of a project of this kind in this metro."""
        if kind.owner == "metro":
            return metro.code
        if kind.owner.startswith("prov:"):
            return str(self.provinces[metro.province]["departments"][kind.owner[5:]])
        return kind.owner

    def owner_name(self, code: str) -> str:
        """Name of an owner as lists write it (a department without its province)."""
        return self.departments.get(code) or self.metro(code).name


def dice(*key: object) -> Random:
    """A source of chance that depends on nothing but its key."""
    return Random("|".join(str(k) for k in key))  # noqa: S311 - invented data, no secret


def kilometres(lon_a: float, lat_a: float, lon_b: float, lat_b: float) -> float:
    """Distance in kilometres on a flat local plane; good to a per cent within a metro."""
    mean = math.radians((lat_a + lat_b) / 2)
    east = (lon_a - lon_b) * math.cos(mean) * KM_PER_DEGREE
    return math.hypot(east, (lat_a - lat_b) * KM_PER_DEGREE)


def shifted(lon: float, lat: float, km: float, bearing: float) -> tuple[float, float]:
    """The point ``km`` away in direction ``bearing`` (radians, 0 is north), 6 decimals."""
    north = km * math.cos(bearing) / KM_PER_DEGREE
    east = km * math.sin(bearing) / (KM_PER_DEGREE * math.cos(math.radians(lat)))
    return round(lon + east, 6), round(lat + north, 6)


@functools.cache
def load() -> World:
    """The world; read once."""
    institutions = _yaml("institutions.yaml")
    kinds = _yaml("kinds.yaml")
    metros = tuple(Metro(**m) for m in institutions["metros"])
    places = _rows("places.csv", Place)
    regions = _rows("regions.csv", Region)
    return World(
        metros=metros,
        places={m.code: tuple(p for p in places if p.metro == m.code) for m in metros},
        regions={m.code: tuple(r for r in regions if r.metro == m.code) for m in metros},
        kinds=tuple(_kind(k) for k in kinds["kinds"]),
        outcomes={name: (pair[0], pair[1]) for name, pair in kinds["outcomes"].items()},
        provinces=institutions["provinces"],
        departments=institutions["department_names"],
        elsewhere=institutions["elsewhere"],
        words=_yaml("words.yaml"),
    )


def _kind(raw: dict[str, Any]) -> Kind:
    told = {k: tuple(v) if isinstance(v, list) else v for k, v in raw.items()}
    told["asset_class"] = told.pop("class", "")
    return Kind(**told)


def _text(name: str) -> str:
    return resources.files(__package__).joinpath("data").joinpath(name).read_text("utf-8")


def _yaml(name: str) -> Any:
    return yamls.load(_text(name))


def _rows(name: str, made: Any) -> list[Any]:
    reader = csv.DictReader(_text(name).splitlines())
    fields = made.__dataclass_fields__
    found = []
    for row in reader:
        told: dict[str, Any] = {k: v for k, v in row.items() if k in fields}
        told["longitude"], told["latitude"] = float(row["longitude"]), float(row["latitude"])
        found.append(made(**told))
    return found
