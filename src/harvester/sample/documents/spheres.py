"""Lists of the other spheres as published: provincial infrastructure (IRM), national estimates (ENE).

IRM: one row a project, no title row, latitude before longitude, names in capitals, and 49 columns
that are all called ``Project Contractor``. ENE: a long text file, one row for each project and year.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harvester.domain.money import split_cents
from harvester.domain.periods import Calendar, FinancialYear
from harvester.sample.documents.books import Cell, Delimited, Shelf
from harvester.sample.truth import FileTruth, Truth
from harvester.sample.world import SEASONS, World

if TYPE_CHECKING:
    from harvester.sample.appearances import Appearance
    from harvester.sample.dressing import Dresser
    from harvester.sample.undertakings import Undertaking

CONTRACTOR_COLUMNS = 49

_IRM_HEAD = (
    "Project ID", "Project No", "Project Name", "Province", "Department", "Local Municipality",
    "District Municipality", "Latitude", "Longitude", "Project Status", "Project Start Date",
    "Estimated Construction Start Date", "Estimated Project Completion Date",
    "Contracted Construction End Date", "Estimated Construction End Date", "Professional Fees",
    "Construction Costs", "Variation Orders", "Total Project Cost",
    "Project Expenditure from Previous Financial Years (Professional Fees)",
    "Project Expenditure from Previous Financial Years (Construction Costs)",
    "Project Expenditure from Previous Financial Years (TOTAL)", "Project Expenditure (TOTAL)",
    "Main Budget Appropriation (Professional Fees)",
    "Adjustment Budget Appropriation (Professional Fees)",
    "Main Budget Appropriation (Construction Costs)",
    "Adjustment Budget Appropriation (Construction Costs)", "Main Budget Appropriation (TOTAL)",
    "Adjustment Budget Appropriation (TOTAL)", "Actual Expenditure Q1", "Actual Expenditure Q2",
    "Actual Expenditure Q3", "Actual Expenditure Q4", "Budget Programme", "Primary Funding Source",
    "Nature of Investment", "Funding Status",
)  # fmt: skip
_SECTOR_AT = 5
"""Where the column ``Sector`` stands in the later layout, which has one column more."""

_QUARTERS = {SEASONS[0]: 4, SEASONS[1]: 3}
_FEES = 12
"""Professional fees, per cent of the whole."""

_ENE_HEAD = (
    "administration_type", "government_institution", "sector", "project_name",
    "project_description", "gps_code", "nature_of_investment", "infrastructure_type",
    "current_project_stage", "sip_category", "total_project_cost", "br_featured", "featured",
    "financial_year", "budget_phase", "amount_rands", "project_slug",
)  # fmt: skip
_ENE_YEARS = (
    (-4, "Audited Outcome"), (-3, "Audited Outcome"), (-2, "Audited Outcome"),
    (-1, "Adjusted Appropriation"), (0, "MTEF"), (1, "MTEF"), (2, "MTEF"),
)  # fmt: skip


@dataclass
class ProvincialBook:
    """The infrastructure list of one province and season, at its last quarter reported."""

    world: World
    shelf: Shelf
    truth: Truth
    province: str
    season: int
    dresser: Dresser
    departments: set[str] = field(default_factory=set)
    outside: int = 0

    def __post_init__(self) -> None:
        year = FinancialYear(self.season, Calendar.NATIONAL).label
        self.quarters = _QUARTERS[self.season]
        file = f"IRM_{self.province}_{year.replace('/', '-')}_Q{self.quarters}.xlsx"
        sheet_name = "Demo data" if self.province in {"EC", "KZN"} else "Sheet1"
        self.sheet = self.shelf.workbook(file).sheet(sheet_name)
        self.with_sector = self.season == SEASONS[-1]
        head = list(_IRM_HEAD)
        if self.with_sector:
            head.insert(_SECTOR_AT, "Sector")
        self.sheet.row([*head, *["Project Contractor"] * CONTRACTOR_COLUMNS])
        self.told = FileTruth(file, sheet_name, "irm", "provincial_projects", self.province, year)

    def add(self, made: Undertaking, shown: Appearance) -> None:
        """One project of a metro."""
        department = self._department(made)
        metro = made.metro.name
        place: tuple[str, str] = (metro, metro)
        row = self._write(made, shown, department, place, self._point(made, shown))
        self.truth.entry(self.told, row, made.number, "project")

    def add_outside(
        self, made: Undertaking, shown: Appearance, municipality: str, district: str
    ) -> None:
        """One project outside the metros; its point may be wrong, as in the published lists."""
        draw = self.dresser.rng.random()
        lon, lat = shown.longitude, shown.latitude
        if draw < 0.05:
            lon, lat = 0.0, 0.0
        elif draw < 0.09:
            lon, lat = lat, lon
        elif draw < 0.13 and lat is not None:
            lat = -lat
        row = self._write(made, shown, self._department(made), (municipality, district), (lon, lat))
        self.truth.entry(self.told, row, made.number, "project")

    def _department(self, made: Undertaking) -> str:
        """The owner; a metro's project that a province funds too stands under the department."""
        code = made.owner
        if made.sphere == "local":
            sector = {"municipal_clinic": "HEA"}.get(made.kind.id, "ART")
            code = str(self.world.provinces[self.province]["departments"][sector])
        self.departments.add(code)
        return self.world.departments[code]

    def _programme(self, made: Undertaking) -> str:
        """The department's programme for a metro's project that the province funds too."""
        if made.kind.sector == "Health":
            return "Programme 8 - Health Facilities Management"
        return "Programme 3 - Library and Archives Services"

    def _point(self, made: Undertaking, shown: Appearance) -> tuple[float | None, float | None]:
        if (
            not made.plant
            and made.said is None
            and self.dresser.rng.random() < self.dresser.chance / 2
        ):
            return self.dresser.rng.choice(((None, None), (0.0, 0.0)))
        lon, lat = shown.longitude, shown.latitude
        return (lon, lat) if lon is None or lat is None else (round(lon, 5), round(lat, 5))

    def _write(
        self, made: Undertaking, shown: Appearance, department: str, place: tuple[str, str],
        point: tuple[float | None, float | None],
    ) -> int:  # fmt: skip
        kind, words = made.kind, self.world.words
        lon, lat = point
        fees, works = _split(shown.total)
        budget = shown.yearly.get(self.season)
        money = self._money(made, shown, budget)
        cells: list[Cell] = [
            int(made.codes["irm"]), made.codes["irm_no"], self.dresser.capitals(made),
            self.world.provinces[self.province]["name"], department, *place, lat, lon,
            self.dresser.status(made), shown.first_day, self._later(shown.first_day, 180),
            shown.last_day, None, shown.last_day, fees, works, 0, shown.total, *money,
            kind.programme or self._programme(made),
            made.fund if made.sphere == "provincial" else "Equitable Share",
            words["natures"][made.work], "Tabled",
        ]  # fmt: skip
        if self.with_sector:
            cells.insert(_SECTOR_AT, kind.sector)
        contractors: list[Cell] = [None] * CONTRACTOR_COLUMNS
        contractors[0] = "Program Implementing Agent:  DOPW"
        if self.dresser.rng.random() < 0.5:
            contractors[3] = f"Main Contractor:  {self.dresser.rng.choice(words['contractors'])}"
        return self.sheet.row([*cells, *contractors])

    def _money(self, made: Undertaking, shown: Appearance, budget: int | None) -> list[Cell]:
        """Spent before and in all, appropriations (main, adjusted), actuals by quarter."""
        past = [made.yearly.get(y, 0) for y in range(made.start_year, self.season)]
        before = round(sum(past) * 0.96) if shown.yearly and past else None
        before_fees, before_works = _split(before) if before else (None, None)
        spent: list[int | None] = [None] * 4
        if budget:
            due = budget * self.quarters // 4
            share = self.dresser.rng.uniform(0.88, 1.0)
            parts = split_cents(
                round(due * share), [self.dresser.rng.randint(4, 6) for _ in range(self.quarters)]
            )
            spent[: self.quarters] = parts
        total = (
            None
            if before is None and not any(spent)
            else (before or 0) + sum(s or 0 for s in spent)
        )
        fees, works = _split(budget) if budget else (None, None)
        zero = 0 if budget else None
        self.told.rand += (before or 0) + (budget or 0) + sum(s or 0 for s in spent)
        return [
            before_fees,
            before_works,
            before,
            total,
            fees,
            zero,
            works,
            zero,
            budget,
            zero,
            *spent,
        ]

    def _later(self, day: dt.date, days: int) -> dt.date:
        return day + dt.timedelta(days=days)

    def close(self) -> None:
        """Finish the file and its truth."""
        self.sheet.blanks(20, 10)
        self.sheet.close()
        self.truth.file(self.told)


@dataclass
class NationalBook:
    """The infrastructure list of the Estimates of National Expenditure of one season."""

    world: World
    shelf: Shelf
    truth: Truth
    season: int
    dresser: Dresser

    def __post_init__(self) -> None:
        year = FinancialYear(self.season, Calendar.NATIONAL).label
        file = f"ENE_infrastructure-projects-{year.replace('/', '-')}.csv"
        self.sink = Delimited(self.shelf.path(file))
        self.sink.row(_ENE_HEAD)
        self.told = FileTruth(file, "", "ene", "national_projects", "NT", year)

    def add(self, made: Undertaking, shown: Appearance) -> None:
        """One project: seven rows, one a year; the first is the entry's."""
        rng = self.dresser.rng
        department, sector, sip = made.kind.ene
        if rng.random() < 0.3:
            sector = {
                "Social Services": "Social",
                "Economic": "Economic Services and Infrastructure",
            }.get(sector, sector)
        province = self.world.provinces[made.metro.province]["name"]
        name = f"{province}: {self.dresser.noun_first(made)}".strip()
        point = (
            f"{shown.latitude:.5f},{rng.choice(('', ' '))}{shown.longitude:.5f}"
            if shown.latitude and shown.longitude
            else ""
        )
        gps = (
            point
            if point and (made.plant or not self.dresser.slip())
            else rng.choice(("Not specified", "Various"))
        )
        common = (
            "National", department, sector, name, self.dresser.description(made), gps,
            self.world.words["ene_natures"][made.work], made.kind.infra_type, self.dresser.status(made),
            f"{sip}:  National" if rng.random() < 0.5 else f"{sip}: National", shown.total, f"BR {self.season}", "TRUE",
        )  # fmt: skip
        slug = re.sub(r"[^a-z0-9]+", "-", f"{department} {name}".lower()).strip("-")
        first = None
        for ahead, phase in _ENE_YEARS:
            year = self.season + ahead
            amount = shown.yearly.get(year) if ahead >= 0 else made.yearly.get(year, 0)
            row = self.sink.row([*common, year, phase, amount, slug])
            self.told.rand += amount or 0
            first = first or row
        self.truth.entry(self.told, first or 0, made.number, "project")

    def close(self) -> None:
        """A national programme in many places, then the truth of the file."""
        slug = "basic-education-school-infrastructure-backlogs-grant"
        first = None
        for ahead, phase in _ENE_YEARS:
            row = self.sink.row([
                "National", "Basic Education", "Social Services", "School infrastructure backlogs grant",
                "Replace schools of unsuitable material in all provinces", "Various",
                "New infrastructure assets", "Schools", "Various", "SIP 13:  National", 0,
                f"BR {self.season}", "TRUE", self.season + ahead, phase, 1_500_000_000 + ahead * 50_000_000, slug,
            ])  # fmt: skip
            self.told.rand += 1_500_000_000 + ahead * 50_000_000
            first = first or row
        self.truth.entry(self.told, first or 0, "", "programme")
        self.sink.close()
        self.truth.file(self.told)


def _split(total: int) -> tuple[int, int]:
    """Fees and works of a cost."""
    fees, works = split_cents(total, [_FEES, 100 - _FEES])
    return fees, works
