"""Set pieces: small groups of projects that show one misalignment, or its sound twin.

They stand beside the projects the country is full of, after them in every file. Each detector
that no ordinary project can carry has pieces; in an aligned country all are sound, so that a
detector is tried on what only looks like a misalignment, too.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from harvester.sample import sites
from harvester.sample.planting import TIED, UNTIED
from harvester.sample.undertakings import Maker, Said, Undertaking
from harvester.sample.world import SEASONS, Kind, dice, kilometres, shifted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from harvester.sample.boundaries import Zones
    from harvester.sample.sites import Crossing, Point
    from harvester.sample.world import Place

SHARE = 0.006
"""Pieces of each detector, planted and sound each, as a share of a metro's projects."""

FIRST, LAST = SEASONS
PLANS = ("pipeline", "idp")
LISTS = ("provincial_projects", "owner_plan")
DATED = ("plain",)
"""Styles of metro whose plans say the day they were published."""

SETTLEMENT = 2_600
"""Units of a settlement that needs a school of its own."""

CROWDED_CLEAR_KM = 3.2
"""How far the nearest ordinary school is from a crowded place, so that only pieces stand there."""

WORDS = {
    "W08": "the pipeline says that bulk services are lacking",
    "W09": "large new settlement on open land with no school or transport planned in reach",
    "W11": "money meant for targeted areas, or a large settlement, in none of them",
    "W13": "budgeted by a sphere that does not hold the function, or under another function",
    "W14": "new school where the sites of its norm would take too much land",
    "W17": "starts before its money, or before an approval can be given",
    "W18": "runs past the budget's third year and starts a month after the plan",
    "W19": "runs into a neighbouring metro that knows nothing of it",
    "W21": "given to another sphere that no list of that sphere knows",
    "W22": "bus line along a railway line",
}
"""What each piece plants."""


def _in(
    documents: tuple[str, ...], seasons: tuple[int, ...] = SEASONS
) -> frozenset[tuple[str, int]]:
    return frozenset((document, season) for document in documents for season in seasons)


@dataclass
class Pieces:
    """The set pieces of one metro. ``count`` is how many ordinary projects it has.

    ``schools``: where its ordinary schools stand.
    """

    maker: Maker
    zones: Zones
    count: int
    aligned: bool
    schools: list[Point] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.metro = self.maker.metro
        self.world = self.maker.world
        self.kinds = {kind.id: kind for kind in self.world.kinds}
        self.rng = dice(self.maker.seed, self.metro.code, "pieces")
        self.number = self.count
        self.open_land = sites.open_land(self.zones, self.metro.code, self.maker.seed)
        self.crowded = self._crowded()

    def __iter__(self) -> Iterator[Undertaking]:
        for index, (detector, (make, possible)) in enumerate(_PIECES.items()):
            metros = [m.code for m in self.world.metros if possible(self.zones, m.code)]
            if self.metro.code not in metros:
                continue
            turn = (metros.index(self.metro.code) + 3 * index) % len(metros)
            times = int(self.count * SHARE + (turn + 1) / len(metros))
            for n in range(times):
                for sound in (True,) if self.aligned else (False, True):
                    yield from make(self, "" if sound else detector, n + turn)
        yield from self._always()

    def _one(
        self, kind: Kind, plant: str, said: Said, *, at: Place | None = None,
        yearly: dict[int, int] | None = None, fund: str = "", status: str = "Detailed design",
        point: Point | None = None,
    ) -> Undertaking:  # fmt: skip
        """A project of a piece; rand of the years are whole thousands."""
        self.number += 1
        made = self.maker.of_kind(self.number, kind, at=at)
        made.plant, made.said, made.in_pipeline = plant, said, True
        made.status = status
        made.fund = fund or (UNTIED if made.fund in TIED else made.fund)
        if yearly is not None:
            made.yearly, made.total = yearly, sum(yearly.values())
            made.start_year, made.last_year = min(yearly), max(yearly)
        if point is not None:
            made.longitude, made.latitude = point
        return made

    def _rand(self, first: int, years: int) -> dict[int, int]:
        """Money of some years, each some R 10 to R 40 m."""
        return {first + n: self.rng.randint(10_000, 40_000) * 1_000 for n in range(years)}

    def _near(self, place: Place, km: float = 0.1) -> Point:
        return shifted(place.longitude, place.latitude, km, self.rng.uniform(0, 2 * math.pi))

    def _places(self, characters: set[str]) -> list[Place]:
        """Places of a character, except the crowded one."""
        return [
            p for p in self.world.places[self.metro.code]
            if p.character in characters and p is not self.crowded
        ]  # fmt: skip

    def _crowded(self) -> Place | None:
        """A township with no ordinary school near it, which the areas show as crowded."""
        if self.aligned:
            return None
        free = [
            p for p in self.world.places[self.metro.code]
            if p.character == "township" and all(
                kilometres(p.longitude, p.latitude, *school) > CROWDED_CLEAR_KM
                for school in self.schools
            )
        ]  # fmt: skip
        if not free:
            return None
        self.zones.crowded.add((self.metro.code, free[0].name))
        return free[0]

    def _nearest(self, point: Point) -> Place:
        return min(
            self.world.places[self.metro.code],
            key=lambda p: kilometres(p.longitude, p.latitude, *point),
        )

    def bulk_services(self, plant: str, turn: int) -> Iterator[Undertaking]:
        """W08: houses of which the pipeline says that there is no bulk capacity."""
        lacking = ("None until the outfall sewer is upgraded", "Insufficient", "Not available")
        said = Said(_in((*PLANS, *LISTS[:1])))
        said.bulk = lacking[turn % 3] if plant else "Available"
        made = self._one(self.kinds["bng_housing"], plant, said)
        made.units = 600
        yield made

    def facilities(self, plant: str, turn: int) -> Iterator[Undertaking]:
        """W09: a settlement on open land; its twin with a school and an interchange beside it."""
        if not self.open_land:
            return
        site = self.open_land.pop(0)
        said = Said(_in((*PLANS, "owner_plan")), bulk="Sufficient")
        place = self._nearest(site)
        made = self._one(self.kinds["affordable_rental"], plant, said, at=place, point=site)
        made.units = SETTLEMENT
        yield made
        if plant:
            return
        school = replace(self.kinds["primary_school"], works=("new",))
        beside = shifted(*site, 1.0, self.rng.uniform(0, 6))
        yield self._one(school, "", Said(_in((*PLANS, *LISTS))), at=place, point=beside)
        rank = self.kinds["transport_interchange"]
        yield self._one(
            rank, "", Said(_in((*PLANS, "budget"))), at=place, fund="PTNG",
            yearly=self._rand(FIRST, 2), point=shifted(*site, 0.3, self.rng.uniform(0, 6)),
        )  # fmt: skip

    def outside_targets(self, plant: str, turn: int) -> Iterator[Undertaking]:
        """W11: a precinct of a targeted grant in a suburb; its twin in a hub."""
        far = [
            p for p in self._places({"suburb"})
            if self.zones.far_from_targets(self.metro.code, p.longitude, p.latitude)
        ]  # fmt: skip
        place = self.rng.choice(far if plant else self._places({"hub", "node"}))
        yield self._one(
            self.kinds["precinct"], plant, Said(_in((*PLANS, "budget"))), at=place,
            fund=("NDPG", "ICDG")[turn % 2], yearly=self._rand(LAST, 2), point=self._near(place),
        )  # fmt: skip

    def mandates(self, plant: str, turn: int) -> Iterator[Undertaking]:
        """W13: a metro builds a school, or a library of its own money, or books it as a road."""
        said = Said(_in((*PLANS, "budget")))
        library, years = self.kinds["library"], self._rand(LAST, 2)
        if not plant:
            yield self._one(library, "", said, fund="Provincial Grant", yearly=years)
        elif turn % 3 == 0:
            school = replace(
                self.kinds["primary_school"], owner="metro", asset_class="Community Assets",
                subclass="Centres", code="002001003", speak="COM F CENTRES",
                sector="Community facilities", works=("upgrade",),
            )  # fmt: skip
            place = self.rng.choice(self._places({"suburb", "township", "hub"}))
            yield self._one(school, plant, said, fund="Own funds", yearly=years, at=place)
        elif turn % 3 == 1:
            yield self._one(library, plant, said, fund="Own funds", yearly=years)
        else:
            said.function = "Roads"
            yield self._one(library, plant, said, fund="USDG", yearly=years)

    def crowded_schools(self, plant: str, turn: int) -> Iterator[Undertaking]:
        """W14: a new school in a crowded township; its twin where there is room."""
        kind = self.kinds[("primary_school", "secondary_school")[turn % 2]]
        place = self.crowded if plant else self.rng.choice(self._places({"township"}))
        if place is not None:
            new = replace(kind, works=("new",))
            said = Said(_in((*PLANS, *LISTS)))
            yield self._one(new, plant, said, at=place, point=self._near(place, 0.2))

    def early_starts(self, plant: str, turn: int) -> Iterator[Undertaking]:
        """W17: works from the year before the money; or a cemetery without its assessment."""
        said = Said(_in((*PLANS, "budget"), (LAST,)))
        if turn % 2 and self.metro.style in DATED:
            kind = replace(self.kinds["cemetery"], works=("new",), nouns=("cemetery",))
            first = LAST if plant else LAST + 1
            yield self._one(
                kind,
                plant,
                said,
                fund="Own funds",
                status="Identified",
                yearly=self._rand(first, 1),
            )
            return
        said.first_day = dt.date(FIRST if plant else LAST, 8, 1)
        yield self._one(self.kinds["community_hall"], plant, said, yearly=self._rand(LAST, 2))

    def long_contracts(self, plant: str, turn: int) -> Iterator[Undertaking]:
        """W18: four years of works, made known a month before; its twin a year before."""
        said = Said(_in((*PLANS, "budget"), (LAST,) if plant else SEASONS))
        said.last_day = dt.date(LAST + 4, 6, 30)
        kind = self.kinds["wastewater_works" if turn % 2 else "bulk_sewer"]
        yield self._one(
            kind, plant, said, fund="Own funds", status="Tender", yearly=self._rand(LAST, 4)
        )

    def across(self, plant: str, turn: int) -> Iterator[Undertaking]:
        """W19: an outfall sewer that runs into the neighbour. (The sound ones always stand.)"""
        ways = sites.crossings(self.zones, self.metro.code)
        if plant:
            yield self._pipe("bulk_sewer", plant, ways[turn % len(ways)])

    def _pipe(self, kind: str, plant: str, way: Crossing) -> Undertaking:
        said = Said(_in((*PLANS, "budget")), course=way.course)
        pipe = replace(self.kinds[kind], works=("new",))
        return self._one(
            pipe, plant, said, at=way.near, yearly=self._rand(LAST, 2), point=way.course[0]
        )

    def unowned(self, plant: str, turn: int) -> Iterator[Undertaking]:
        """W21: a school that its department does not list, or that nobody is said to own."""
        said = Said(_in((*PLANS, *(() if plant else LISTS))))
        if plant and turn % 2:
            said.owner = ""
        school = replace(self.kinds["primary_school"], works=("additions",))
        yield self._one(school, plant, said)

    def corridors(self, plant: str, turn: int) -> Iterator[Undertaking]:
        """W22: a bus line beside a railway line; its twin crosses it."""
        found = sites.lines(self.zones, self.metro.code)
        place, course = found[(2 * turn + bool(plant)) % len(found)]
        beside = [shifted(lon, lat, 0.15, math.pi / 4) for lon, lat in course]
        rail = replace(self.kinds["rail_depot"], nouns=("rail corridor",), works=("upgrade",))
        bus = replace(self.kinds["brt_station"], nouns=("BRT trunk route",), works=("new",))
        mine = Said(
            _in((*PLANS, "budget")), course=tuple(beside if plant else sites.turned(course))
        )
        theirs = Said(_in((*PLANS, "owner_plan")), course=tuple(course))
        for kind, said, whose in ((bus, mine, plant), (rail, theirs, "")):
            yearly = self._rand(LAST, 2) if kind is bus else None
            yield self._one(kind, whose, said, at=place, yearly=yearly, point=said.course[0])

    def _always(self) -> Iterator[Undertaking]:
        """What an aligned country has: a clinic and a school in each province, pipes that go on."""
        province = [m.code for m in self.world.metros if m.province == self.metro.province]
        if self.metro.code == province[0]:
            clinic = replace(self.kinds["clinic"], works=("new",), nouns=("Clinic",))
            school = replace(self.kinds["primary_school"], works=("additions",))
            for kind in (clinic, school):
                yield self._one(kind, "", Said(_in((*PLANS, *LISTS))))
        for other in self.world.metros:
            mine = [w for w in sites.crossings(self.zones, self.metro.code)
                    if w.far.metro == other.code]  # fmt: skip
            theirs = [w for w in sites.crossings(self.zones, other.code)
                      if w.far.metro == self.metro.code]  # fmt: skip
            if self.metro.code < other.code and mine:
                yield self._pipe("bulk_water", "", mine[-1])
            elif self.metro.code > other.code and theirs:
                way = theirs[-1]
                said = Said(_in((*PLANS, "budget")), course=way.beyond)
                yield self._one(
                    self.kinds["bulk_water"], "", said, at=way.far, yearly=self._rand(LAST, 2),
                    point=way.beyond[0],
                )  # fmt: skip


def _anywhere(zones: Zones, metro: str) -> bool:
    return bool(metro)


def _dated(zones: Zones, metro: str) -> bool:
    return zones.world.metro(metro).style in DATED


def _with_suburb(zones: Zones, metro: str) -> bool:
    return any(
        p.character == "suburb" and zones.far_from_targets(metro, p.longitude, p.latitude)
        for p in zones.world.places[metro]
    )


def _with_line(zones: Zones, metro: str) -> bool:
    return bool(sites.lines(zones, metro))


def _with_neighbour(zones: Zones, metro: str) -> bool:
    return bool(sites.crossings(zones, metro))


def _with_open_land(zones: Zones, metro: str) -> bool:
    return bool(sites.open_land(zones, metro, 0))


_PIECES: dict[
    str,
    tuple[Callable[[Pieces, str, int], Iterator[Undertaking]], Callable[[Zones, str], bool]],
] = {
    "W08": (Pieces.bulk_services, _anywhere),
    "W09": (Pieces.facilities, _with_open_land),
    "W11": (Pieces.outside_targets, _with_suburb),
    "W13": (Pieces.mandates, _anywhere),
    "W14": (Pieces.crowded_schools, _anywhere),
    "W17": (Pieces.early_starts, _anywhere),
    "W18": (Pieces.long_contracts, _dated),
    "W19": (Pieces.across, _with_neighbour),
    "W21": (Pieces.unowned, _anywhere),
    "W22": (Pieces.corridors, _with_line),
}
DETECTORS = tuple(_PIECES)
"""Detectors that have pieces."""
