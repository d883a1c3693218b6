"""Write a sample country: every document of two seasons, areas, and the truth beside them.

Projects are made one after the other and go straight into every file that names them, so memory
does not grow with the number of documents.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from harvester.domain.errors import UserError
from harvester.domain.periods import Calendar, FinancialYear
from harvester.sample import world as worlds
from harvester.sample.appearances import Scene
from harvester.sample.boundaries import Zones, write_areas
from harvester.sample.documents import allocations, filled, targets
from harvester.sample.documents.books import AGENCIES, Shelf
from harvester.sample.documents.ladder import PlanBook
from harvester.sample.documents.municipal import BudgetBook, InYearBook
from harvester.sample.documents.spheres import NationalBook, ProvincialBook
from harvester.sample.dressing import LEVELS, Dresser, budget_name
from harvester.sample.pieces import WORDS as PIECES
from harvester.sample.pieces import Pieces
from harvester.sample.planting import MISSING, TIED, UNTIED, WORDS, Planter, metro_of
from harvester.sample.truth import Truth
from harvester.sample.undertakings import Maker, Undertaking, count_in
from harvester.sample.world import SEASONS, Metro, World, dice, shifted

if TYPE_CHECKING:
    from pathlib import Path

PLANNING_SECTORS = ("EDU", "HEA")
"""Provincial departments whose infrastructure plan is published."""

LARGEST = 1_900
"""Most units of an ordinary settlement: too few to need a school of its own."""

SMALL = 1.0
"""Up to this scale a whole workbook is kept in memory while it is written."""

OUTSIDE_SHARE = 0.2
"""Projects outside the metros, as a share of a province's projects in them."""


class Progress(Protocol):
    """Told what is being done, and how much of how much is done."""

    def __call__(self, what: str, done: int, total: int) -> None:
        """Take note."""
        ...


@dataclass(frozen=True)
class SampleSummary:
    """What was written; rand are those of every amount cell of the files, not of the projects."""

    undertakings: int
    entries: int
    files: int
    misalignments: int
    missing_submissions: int

    def figures(self) -> dict[str, int]:
        """By name, for printing."""
        return {
            "undertakings": self.undertakings, "entries": self.entries, "files": self.files,
            "misalignments": self.misalignments, "missing_submissions": self.missing_submissions,
        }  # fmt: skip


def make_sample(
    folder: Path, *, seed: int, scale: float, progress: Progress | None = None, dirt: int = 2,
    aligned: bool = False,
) -> SampleSummary:  # fmt: skip
    """Write a sample country into ``folder`` (made when missing; files of an earlier one replaced).

    ``scale`` 1.0 is about 5 000 projects in 30 000 rows; ``dirt`` 1 (careful publishers) to 3
    (careless ones); ``aligned`` plants no misalignment and leaves out no submission. The same
    arguments give the same content. Raises :class:`UserError` for a scale that is not above 0, a
    dirt that is none of 1 to 3, or a folder that holds other things or cannot be written.
    """
    if scale <= 0:
        raise UserError(
            f"a scale of {scale} makes no country.", where="scale", mend="Give one above 0."
        )
    if dirt not in LEVELS:
        raise UserError(f"dirt {dirt} is not a level.", where="dirt", mend="Give 1, 2 or 3.")
    _prepare(folder)
    country = _Country(worlds.load(), folder, seed, scale, dirt, aligned)
    return country.write(progress or _quiet)


def _quiet(what: str, done: int, total: int) -> None:
    """No progress wanted."""


def _prepare(folder: Path) -> None:
    """Make the folder, or empty it of an earlier sample; a folder with other things is refused."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        held = sorted(p for p in folder.rglob("*") if p.is_file())
        if held and not (folder / "truth" / "files.csv").is_file():
            raise UserError(
                "the folder holds other files.",
                where=str(folder),
                mend="Give a new or empty folder.",
            )
        for path in held:
            path.unlink()
    except OSError as error:
        raise UserError(
            f"the folder cannot be used ({error.strerror}).",
            where=str(folder),
            mend="Give a folder you may write to.",
        ) from error


@dataclass
class _Country:
    world: World
    folder: Path
    seed: int
    scale: float
    dirt: int
    aligned: bool
    outside: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.shelf = Shelf(self.folder, small=self.scale <= SMALL)
        self.truth = Truth(self.folder / "truth")
        self.zones = Zones(self.world)
        self.scene = Scene(self.world, self.seed, () if self.aligned else MISSING)
        self.sums = allocations.GrantSums()
        self.pieces: list[Undertaking] = []

    def write(self, progress: Progress) -> SampleSummary:
        """Everything, metro by metro, with the lists of other spheres open all along."""
        steps = len(self.world.metros) + 2
        self._open_other_spheres()
        for n, metro in enumerate(self.world.metros):
            progress(f"{metro.name}: documents", n, steps)
            self._metro(metro, n)
        progress("Provinces, departments, agencies", steps - 2, steps)
        self._close_other_spheres()
        progress("Areas and truth", steps - 1, steps)
        write_areas(self.zones, self.folder / "areas")
        self._truth_of_submissions()
        filled.write_readme(self.folder, self.seed, self.scale, aligned=self.aligned)
        self.truth.close()
        progress("Sample country written", steps, steps)
        counts = self.truth.counts
        return SampleSummary(
            undertakings=counts["undertakings"], entries=counts["entries"], files=counts["files"],
            misalignments=counts["misalignments"],
            missing_submissions=counts["submissions"],
        )  # fmt: skip

    def _dresser(self, *key: object) -> Dresser:
        return Dresser(self.world, "|".join(str(k) for k in (self.seed, *key)), self.dirt)

    def _open_other_spheres(self) -> None:
        self.provincial = {
            (p, s): ProvincialBook(self.world, self.shelf, self.truth, p, s, self._dresser("irm", p, s))
            for p in self.world.provinces for s in SEASONS
        }  # fmt: skip
        self.national = {
            s: NationalBook(self.world, self.shelf, self.truth, s, self._dresser("ene", s))
            for s in SEASONS
        }
        self.lists: dict[tuple[str, int], filled.FilledBook] = {}
        self.list_dresser = self._dresser("lists")

    def _metro(self, metro: Metro, order: int) -> None:
        """Every project of a metro, into every file that names it."""
        count = count_in(self.world, metro, self.scale)
        planter = Planter(metro.code, order, self.aligned)
        names = self._dresser("budget names", metro.code)
        books = [book for season in SEASONS for book in self._books(metro, season)]
        maker = Maker(self.world, metro, self.seed, count, planter)
        schools: list[tuple[float, float]] = []
        for made in maker:
            self._settled(made)
            if made.kind.sector == "Education" and made.longitude and made.latitude:
                schools.append((made.longitude, made.latitude))
            self._named(made, names, books)
            self._other_spheres(made)
        for made in Pieces(maker, self.zones, count, self.aligned, schools):
            self._named(made, names, books)
            # Into the lists of other spheres last, so that pieces change no ordinary row.
            self.pieces.append(made)
        for _, _, book in books:
            book.close()

    def _named(self, made: Undertaking, names: Dresser, books: list[Any]) -> None:
        """A project in the truth and in every file of its metro that names it."""
        if made.sphere == "local":
            made.budget_name = budget_name(names, made)
        self._truth_of(made)
        for season, ask, book in books:
            shown = ask(made, season)
            if shown is not None:
                book.add(made, shown)

    def _settled(self, made: Undertaking) -> None:
        """What a sound project is: tied money in the targeted areas, settlements of ordinary size."""
        if made.kind.sector == "Housing":
            made.units = min(made.units, LARGEST)
            made.in_pipeline = True
        if made.fund not in TIED or made.longitude is None or made.latitude is None:
            return
        if not self.zones.targeted(made.metro.code, made.longitude, made.latitude):
            made.fund = UNTIED

    def _books(self, metro: Metro, season: int):
        told = (self.world, self.shelf, self.truth)
        scene = self.scene
        plan = (*told, self.zones, metro, season)
        absent = scene.left_out
        if ("pipeline", metro.code, season) not in absent:
            yield (
                season,
                scene.pipeline,
                PlanBook(*plan, "bepp", self._dresser("bepp", metro.code, season)),
            )
        yield season, scene.idp, PlanBook(*plan, "idp", self._dresser("idp", metro.code, season))
        yield (
            season,
            scene.budget,
            BudgetBook(*told, metro, season, self._dresser("sa36", metro.code, season)),
        )
        if ("in_year", metro.code, season) not in absent:
            yield (
                season,
                scene.in_year,
                InYearBook(*told, metro, season, self._dresser("sc36", metro.code, season)),
            )

    def _other_spheres(self, made: Undertaking) -> None:
        for season in SEASONS:
            budgeted = self.scene.budget(made, season)
            if budgeted is not None:
                self.sums.add(season, made, budgeted)
            province = made.metro.province
            shown = self.scene.provincial(made, season)
            if shown is not None:
                self.provincial[province, season].add(made, shown)
            shown = self.scene.owner_plan(made, season)
            if shown is None:
                continue
            if made.sphere == "national":
                self.national[season].add(made, shown)
            elif made.sphere == "entity":
                self._list("agency", made.owner, season).add(
                    filled.agency_row(self.world, self.list_dresser, made, shown), made.number
                )
            elif made.kind.owner.removeprefix("prov:") in PLANNING_SECTORS:
                self._list("infrastructure-plan", made.owner, season).add(
                    filled.plan_row(self.world, self.list_dresser, made, shown), made.number
                )

    def _list(self, template: str, owner: str, season: int) -> filled.FilledBook:
        if (owner, season) not in self.lists:
            self.lists[owner, season] = filled.FilledBook(
                self.shelf, self.truth, template, owner, season
            )
        return self.lists[owner, season]

    def _close_other_spheres(self) -> None:
        for province in self.world.provinces:
            self._outside(province)
        for made in self.pieces:
            self._other_spheres(made)
        for book in (*self.provincial.values(), *self.national.values(), *self.lists.values()):
            book.close()
        for season in SEASONS:
            told = (self.world, self.shelf, self.truth)
            allocations.write(*told, self.sums, season, aligned=self.aligned)
            targets.write_performance(*told, season, aligned=self.aligned)
        targets.write_strategic_plans(*told, SEASONS[0], aligned=self.aligned)

    def _outside(self, province: str) -> None:
        """Projects of the province outside its metros."""
        metro = next(m for m in self.world.metros if m.province == province)
        inside = min(self.provincial[province, s].told.entries for s in SEASONS)
        maker = Maker(self.world, metro, self.seed, 0, Planter(metro.code, 0, aligned=True))
        rng = dice(self.seed, province, "outside")
        # At least one project of each department, so that none seems to have given no list.
        departments = list(self.world.provinces[province]["departments"])
        for n in range(1, max(round(inside * OUTSIDE_SHARE), len(departments)) + 1):
            municipality, district, town, lon, lat = rng.choice(self.world.elsewhere[province])
            made = maker.outside(
                f"{province}-{n:06d}",
                n,
                departments[n % len(departments)],
                town,
                shifted(lon, lat, rng.uniform(0.1, 1.5), rng.uniform(0, 6)),
            )
            self.truth.outside(made, municipality)
            for season in SEASONS:
                shown = self.scene.provincial(made, season)
                if shown is not None:
                    self.provincial[province, season].add_outside(
                        made, shown, municipality, district
                    )

    def _truth_of(self, made: Undertaking) -> None:
        zone = self.zones.zone_of(made.metro.code, made.longitude, made.latitude)
        self.truth.undertaking(made, zone)
        if made.plant:
            label = FinancialYear(SEASONS[-1], Calendar.MUNICIPAL).label
            self.truth.misalignment(
                made.plant, made.number, made.metro.code, label, (WORDS | PIECES)[made.plant]
            )

    def _truth_of_submissions(self) -> None:
        """What is missing on purpose (W20)."""
        every = [m.code for m in self.world.metros]
        for document, institution, season in self.scene.left_out:
            label = FinancialYear(season, Calendar.MUNICIPAL).label
            for metro in every if institution in AGENCIES else [metro_of(institution)]:
                self.truth.missing(document, institution, metro, label)
                planted = f"{document} of {institution} left out"
                self.truth.misalignment("W20", "", metro, label, planted, institution)
        if not self.aligned:
            targets.plant(self.truth)
