"""Invented projects: each with a true place, owner, fund, years and cash, as nobody publishes it.

Documents are made from these (:mod:`harvester.sample.appearances`), so that what several
documents say of one project agrees unless a misalignment is planted on purpose.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harvester.domain.money import split_cents
from harvester.sample.world import SEASONS, Kind, Metro, Place, World, dice, shifted

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator
    from random import Random

    from harvester.sample.planting import Planter

UNDERTAKINGS_AT_SCALE_ONE = 5_000
FEWEST_IN_A_METRO = 12
"""However small the scale, every metro has enough projects for every detector to be planted."""

SPHERE_SHARES = {"local": 66, "provincial": 25, "national": 3, "entity": 6}
OTHER_SPHERES_YEARS = (2016, 2023)
"""Projects of other spheres run at one monthly rate through every year that any document shows,
so that their April-to-March and July-to-June amounts agree month by month."""

SURE_OWNERS = {("JHB", 6): "PRASA", ("JHB", 7): "NHFC", ("JHB", 8): "HDA"}
"""Projects whose owner is not left to chance: every agency has a list in the smallest country."""

LEAST_PLANTED = 24_000_000
"""Least whole cost of a planted project (rand), so that what is planted is worth a finding."""

_TRIES = 12


@dataclass(slots=True)
class Said:
    """What the documents say of a project of a set piece, where its facts alone do not tell.

    ``shown``: the documents and seasons that name it. ``course``: points (longitude, latitude) of
    a line. ``owner``: words for its owner (``None``: the usual ones). ``function``: words for the
    function the budget books it under. ``bulk``: bulk services the pipeline says there are.
    """

    shown: frozenset[tuple[str, int]]
    first_day: dt.date | None = None
    last_day: dt.date | None = None
    course: tuple[tuple[float, float], ...] = ()
    owner: str | None = None
    function: str = ""
    bulk: str = ""


@dataclass(slots=True)
class Undertaking:
    """One real-world project of the sample country. Rand are whole rand, years own calendar."""

    number: str
    metro: Metro
    kind: Kind
    place: Place | None
    label: str
    noun: str
    facility: str
    work: str
    phase: int
    longitude: float | None
    latitude: float | None
    region: str
    owner: str
    fund: str
    yearly: dict[int, int]
    total: int
    start_year: int
    last_year: int
    status: str
    units: int
    in_pipeline: bool
    codes: dict[str, str] = field(default_factory=dict)
    plant: str = ""
    variant: str = ""
    budget_name: str = ""
    said: Said | None = None

    @property
    def sphere(self) -> str:
        """Sphere of its owner."""
        return self.kind.sphere

    @property
    def name(self) -> str:
        """Its true name in full."""
        phase = f" Phase {self.phase}" if self.phase else ""
        what = self.facility or self.noun
        where = self.label if self.label and self.label not in what else ""
        return ", ".join(part for part in (what, where) if part) + phase


@dataclass
class Maker:
    """Makes the undertakings of one metro, one after the other, always the same for a seed."""

    world: World
    metro: Metro
    seed: int
    count: int
    planter: Planter

    def __post_init__(self) -> None:
        self._seen: set[str] = set()
        self._crowded: Counter[str] = Counter()
        self._rng = dice(self.seed, self.metro.code, "undertakings")
        self._by_sphere = {
            sphere: [k for k in self.world.kinds if k.sphere == sphere] for sphere in SPHERE_SHARES
        }

    def __iter__(self) -> Iterator[Undertaking]:
        for n in range(1, self.count + 1):
            plant = self.planter.plant_for(n, self.count)
            yield self._make(n, plant, self.planter.variant_for(plant, n))

    def _make(self, n: int, plant: str, variant: str) -> Undertaking:
        rng = self._rng
        sphere = self.planter.sphere_for(plant, variant) or _weighted(rng, SPHERE_SHARES)
        kinds = [k for k in self._by_sphere[sphere] if self.planter.suits(plant, variant, k)]
        if not plant and (self.metro.code, n) in SURE_OWNERS:
            kinds = [k for k in self.world.kinds if k.owner == SURE_OWNERS[self.metro.code, n]]
        kind = rng.choices(kinds, [k.weight for k in kinds])[0]
        return self.of_kind(n, kind, plant, variant)

    def of_kind(
        self, n: int, kind: Kind, plant: str = "", variant: str = "", at: Place | None = None
    ) -> Undertaking:
        """A project of a kind, in a place of its own choosing unless told ``at`` which."""
        rng = self._rng
        work = rng.choice(kind.works)
        place, label, noun, facility, phase = self._named(kind, work, at)
        longitude, latitude = self._point(place)
        region = self._region(kind, place)
        yearly, total = self._cash(kind, plant)
        owner = self.world.owner_code(kind, self.metro)
        fund = rng.choice(kind.grants)
        made = Undertaking(
            number=f"{self.metro.code}-{n:06d}", metro=self.metro, kind=kind, place=place,
            label=label, noun=noun, facility=facility, work=work, phase=phase,
            longitude=longitude, latitude=latitude, region=region, owner=owner, fund=fund,
            yearly=yearly, total=total, start_year=min(yearly), last_year=max(yearly),
            status=self._status(min(yearly)), units=self._units(kind),
            in_pipeline=self._in_pipeline(kind, fund, plant), plant=plant, variant=variant,
        )  # fmt: skip
        if plant == "W10":
            # Two budgets that show one transfer from the province are not double.
            made.fund = "USDG"
        made.codes = self._codes(made, n)
        return made

    def outside(
        self, number: str, n: int, sector: str, town: str, point: tuple[float, float]
    ) -> Undertaking:
        """A project of the provincial department of a sector in a town outside the metros."""
        rng = self._rng
        kinds = [k for k in self._by_sphere["provincial"] if k.owner == f"prov:{sector}"]
        kind = rng.choices(kinds, [k.weight for k in kinds])[0]
        work, noun = rng.choice(kind.works), rng.choice(kind.nouns)
        facility = (
            f"{rng.choice(self.world.words['school_names'])} {noun}"
            if kind.proper
            else f"{town} {noun}"
        )
        yearly, total = self._cash(kind, "")
        made = Undertaking(
            number=number, metro=self.metro, kind=kind, place=None, label=town, noun=noun,
            facility=facility, work=work, phase=0, longitude=point[0], latitude=point[1], region="",
            owner=self.world.owner_code(kind, self.metro), fund=rng.choice(kind.grants), yearly=yearly,
            total=total, start_year=min(yearly), last_year=max(yearly),
            status=self._status(min(yearly)), units=self._units(kind), in_pipeline=False,
        )  # fmt: skip
        made.codes = self._codes(made, n)
        # Numbers of the metros' projects end in the metro's place in the list, 1 to 8.
        made.codes["irm"] = str(
            20_000 + n * 8 + 1_000_000 * (1 + list(self.world.provinces).index(self.metro.province))
        )
        return made

    def _named(
        self, kind: Kind, work: str, at: Place | None = None
    ) -> tuple[Place | None, str, str, str, int]:
        """Place, label, noun, proper name and phase that no other project of the metro has."""
        rng = self._rng
        phases = (0, 0, 0, 1, 2, 3)
        for attempt in range(_TRIES):
            noun = rng.choice(kind.nouns)
            phase = rng.choice(phases) if not kind.proper else 0
            place = at or self._place(kind)
            label = self._label(place, kind, crowded=attempt > 2)
            facility = self._facility(kind, noun, place, label)
            key = f"{kind.id}|{facility or noun}|{label}|{phase}|{work if place is None else ''}"
            if key not in self._seen:
                break
        else:
            self._crowded[key] += 1
            phase = 3 + self._crowded[key]
        self._seen.add(key)
        return place, label, noun, facility, phase

    def _place(self, kind: Kind) -> Place | None:
        if kind.place in {"city_wide", "administrative"}:
            return None
        places = self.world.places[self.metro.code]
        likes = {"township": 4, "hub": 6, "node": 3, "suburb": 2}
        return self._rng.choices(places, [likes[p.character] for p in places])[0]

    def _label(self, place: Place | None, kind: Kind, *, crowded: bool) -> str:
        rng = self._rng
        if place is None:
            directorates = self.world.words["directorates"]
            office = directorates.get(kind.sector) if kind.place == "city_wide" else None
            chosen = office or rng.choice(sorted(set(directorates.values())))
            depot = f" depot {rng.randint(1, 40)}" if crowded or rng.random() < 0.3 else ""
            return f"{chosen}{depot}"
        if kind.whole_place:
            return place.name
        township = place.character in {"township", "hub"}
        if not (crowded or rng.random() < (0.75 if township else 0.4)):
            return place.name
        words = self.world.words["sections"]["township" if township else "suburb"]
        word = self.metro.section if township and rng.random() < 0.7 else rng.choice(words)
        if word in {"North", "South", "East", "West"}:
            return f"{place.name} {word}"
        if word == "Block":
            letters = "ABCDEFGHJKLMNPRSTVWXY"
            return f"{place.name} Block {rng.choice(letters)}{rng.choice(letters)}"
        return f"{place.name} {word} {rng.randint(1, 40 if crowded else 18)}"

    def _facility(self, kind: Kind, noun: str, place: Place | None, label: str) -> str:
        if kind.proper:
            return f"{self._rng.choice(self.world.words['school_names'])} {noun}"
        if kind.sphere == "local" or place is None:
            return ""
        if kind.id == "provincial_road":
            road = self._rng.choice(self.world.words["road_names"])
            return f"{road} Road {noun} at {label}"
        if noun[0].isupper():
            return f"{label} {noun}"
        return ""

    def _point(self, place: Place | None) -> tuple[float | None, float | None]:
        if place is None:
            return None, None
        rng = self._rng
        far = 0.8 * math.sqrt(rng.random())
        return shifted(place.longitude, place.latitude, far, rng.uniform(0, 2 * math.pi))

    def _region(self, kind: Kind, place: Place | None) -> str:
        if kind.place == "administrative":
            return "Administrative or Head Office"
        if place is None:
            return "Whole of the Metro"
        return self.world.region_of(self.metro.code, place.longitude, place.latitude).name

    def _cash(self, kind: Kind, plant: str) -> tuple[dict[int, int], int]:
        """Rand by financial year of the owner's calendar, and their sum."""
        rng = self._rng
        low, high = kind.cost
        total = int(round(math.exp(rng.uniform(math.log(low), math.log(high))), 3) * 1_000_000)
        if plant:
            total = max(total, LEAST_PLANTED)
        if kind.sphere != "local" or plant == "W10":
            # Twice-budgeted projects run at one rate too, so that the same months show the same.
            metro_years = (SEASONS[0], SEASONS[-1] + 2)
            first, last = metro_years if plant == "W10" else OTHER_SPHERES_YEARS
            years = range(first, last + 1)
            each = max(total // len(years) // 12_000, 1) * 12_000
            return dict.fromkeys(years, each), each * len(years)
        first = (
            self.planter.start_year(plant)
            or rng.choices(
                (SEASONS[0], SEASONS[1], SEASONS[1] + 1),
                (50, 35, 15),
            )[0]
        )
        longest = self.planter.longest(plant) or 3
        count = min(rng.randint(1, longest), SEASONS[-1] + 3 - first)
        thousands = split_cents(
            max(total // 1_000, count * 200), [rng.randint(3, 9) for _ in range(count)]
        )
        yearly = {first + n: amount * 1_000 for n, amount in enumerate(thousands)}
        return yearly, sum(yearly.values())

    def _status(self, start: int) -> str:
        statuses = self.world.words["statuses"]
        step = "works" if start <= SEASONS[0] else self._rng.choice(("early", "design", "tender"))
        if step == "early" and start <= SEASONS[-1]:
            # What starts a month after the plan is no longer an idea: that is W17.
            step = "design"
        return str(self._rng.choice(statuses[step]))

    def _units(self, kind: Kind) -> int:
        low, high = kind.units
        return self._rng.randint(low, high) if high else 0

    def _in_pipeline(self, kind: Kind, fund: str, plant: str) -> bool:
        if plant in {"W01", "W12"} or kind.catalytic:
            return True
        if kind.place == "administrative":
            return False
        sure = fund in {
            "USDG",
            "ICDG",
            "PTNG",
            "NDPG",
            "INEP",
            "Human Settlements Development Grant",
        }
        return sure or self._rng.random() < 0.45

    def _codes(self, made: Undertaking, n: int) -> dict[str, str]:
        """Numbers by which publishers know it."""
        rng = self._rng
        order = [m.code for m in self.world.metros].index(self.metro.code) + 1
        codes = {
            "idp": f"IDP-{self.metro.code}-{n:05d}", "bepp": f"BEPP-{n:05d}",
            "irm": str(20_000 + n * 8 + order),
            "irm_no": f"{rng.choice('WPEH')}/{50_000_000 + rng.randint(0, 999_999)}/{rng.choice(('WS', 'SDS', 'CR', 'UA'))}",
            "plan": f"{made.owner.split('-')[-1]}-{order}{n:05d}",
            "agency": f"{made.owner}-{order}{n:05d}",
        }  # fmt: skip
        if made.kind.sphere == "local":
            codes["mscoa"] = f"{_project_code(made.kind, made.work)}_{n:05d}"
        return codes


_INFRA = {"new": "PC001002", "upgrade": "PC001001002", "renewal": "PC001001001"}
_OTHER = {"new": "PC002003", "upgrade": "PC002002002", "renewal": "PC002002001"}


def _project_code(kind: Kind, work: str) -> str:
    """Beginning of a municipal project-segment code: capital, infrastructure or not, new or not."""
    return (_INFRA if kind.infra else _OTHER)[work] + kind.code


def _weighted(rng: Random, shares: dict[str, int]) -> str:
    return rng.choices(list(shares), list(shares.values()))[0]


def count_in(world: World, metro: Metro, scale: float) -> int:
    """How many undertakings a metro has at a scale (1.0 is about 5 000 in the country)."""
    total = sum(m.weight for m in world.metros)
    return max(FEWEST_IN_A_METRO, round(UNDERTAKINGS_AT_SCALE_ONE * scale * metro.weight / total))
