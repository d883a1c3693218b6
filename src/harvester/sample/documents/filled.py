"""Published templates filled in: infrastructure plans, agency lists, strategic plans, grants.

Written with :func:`harvester.sources.templates.write_template`, as an institution would.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from harvester.domain.periods import Calendar, FinancialYear
from harvester.sample.documents.books import Delimited, Shelf
from harvester.sample.truth import FileTruth, Truth
from harvester.sample.world import YEARS_AHEAD, World
from harvester.sources import templates
from harvester.sources.mapping import definition as mapping_file

if TYPE_CHECKING:
    from pathlib import Path

    from harvester.sample.appearances import Appearance
    from harvester.sample.dressing import Dresser
    from harvester.sample.undertakings import Undertaking

MUNICIPAL_GRANTS = {
    "USDG": ("Human Settlements", "4B"), "ICDG": ("National Treasury", "4B"),
    "PTNG": ("Transport", "5B"), "NDPG": ("National Treasury", "5B"), "INEP": ("Mineral Resources and Energy", "5B"),
}  # fmt: skip
"""Grants gazetted to metros: transferring department and schedule."""

HEADER_ROW = 1


@dataclass
class FilledBook:
    """Rows for one template of one publisher and season; written when closed."""

    shelf: Shelf
    truth: Truth
    template: str
    publisher: str
    season: int
    stage: str = "adopted"
    rows: list[dict[str, Any]] = field(default_factory=list)
    owners: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.mapping = mapping_file.ready(self.template)
        self.year = FinancialYear(self.season, self.mapping.calendar).label
        file = f"{self.publisher}_{self.template}_{self.year.replace('/', '-')}.xlsx"
        self.told = FileTruth(
            file, self.mapping.sheet, f"mapping:{self.template}", str(self.mapping.document),
            self.publisher, self.year,
        )  # fmt: skip

    def add(self, row: dict[str, Any], undertaking: str = "") -> None:
        """One row: keys of the mapping, amounts in rand by year."""
        self.rows.append(row)
        self.told.rand += sum(a for a in row.get("amounts", {}).values() if a is not None)
        self.truth.entry(
            self.told, HEADER_ROW + len(self.rows), undertaking, str(self.mapping.kind)
        )

    def close(self) -> None:
        """Write the file; nothing when it has no rows."""
        if not self.rows:
            return
        month, day = (5, 31) if self.mapping.calendar is Calendar.MUNICIPAL else (3, 15)
        templates.write_template(self.template, self.shelf.path(self.told.file), self.rows, {
            "institution": self.publisher, "financial_year": self.year, "stage": self.stage,
            "published_on": dt.date(self.season, month, day), "title": f"{self.publisher}: {self.mapping.title}",
        })  # fmt: skip
        self.truth.file(self.told)


def owner_row(
    world: World, dresser: Dresser, made: Undertaking, shown: Appearance
) -> dict[str, Any]:
    """A project as its owner's own multi-year list gives it (agency list, infrastructure plan)."""
    province = world.provinces[made.metro.province]["name"]
    hidden = dresser.slip()
    return {
        "name": dresser.sentence(made), "description": dresser.description(made),
        "municipality_text": made.metro.name, "province_text": made.metro.province,
        "location_text": dresser.place_words(made),
        "latitude": None if hidden else shown.latitude,
        "longitude": None if hidden else shown.longitude,
        "function_text": made.kind.sector, "nature_text": world.words["natures"][made.work],
        "fund_text": made.fund, "status_text": dresser.status(made), "start_date": shown.first_day,
        "end_date": shown.last_day, "total_cost": shown.total, "units": made.units or None,
        "owner_text": owner_text(world, made, province),
        "amounts": {
            FinancialYear(year, Calendar.NATIONAL).label: rand for year, rand in shown.yearly.items()
        },
    }  # fmt: skip


def owner_text(world: World, made: Undertaking, province: str) -> str:
    """The owner as its own list names it."""
    name = world.owner_name(made.owner)
    return name if made.sphere == "entity" else f"{province} Department of {name}"


def agency_row(
    world: World, dresser: Dresser, made: Undertaking, shown: Appearance
) -> dict[str, Any]:
    """A row of an agency's list."""
    row = owner_row(world, dresser, made, shown)
    told = dresser.rng.random() < 0.25 and made.plant != "W04"
    return {
        **row, "source_code": made.codes["agency"], "parent_text": made.kind.programme,
        "references": made.codes["idp"] if told else None,
    }  # fmt: skip


def plan_row(
    world: World, dresser: Dresser, made: Undertaking, shown: Appearance
) -> dict[str, Any]:
    """A row of a department's infrastructure plan."""
    row = owner_row(world, dresser, made, shown)
    return {
        **row, "source_code": made.codes["plan"], "facility": made.facility or made.label,
        "sphere_text": "provincial", "parent_text": made.kind.programme,
        "implementing_agent": "Department of Public Works",
        "irm_reference": made.codes["irm"] if dresser.rng.random() < 0.6 else None,
    }  # fmt: skip


@dataclass
class GrantSums:
    """Grant money the metros budget, added up as projects pass: what the allocations must hold."""

    sums: Counter[tuple[int, str, str, int]] = field(default_factory=Counter)

    def add(self, season: int, made: Undertaking, shown: Appearance) -> None:
        """Count a budgeted project's grant money."""
        if made.sphere == "local" and made.fund in MUNICIPAL_GRANTS:
            for year, rand in shown.yearly.items():
                self.sums[season, made.metro.code, made.fund, year] += rand

    def yearly(self, season: int, metro: str, grant: str) -> dict[int, int]:
        """Rand by start of year; a year without any is 0."""
        return {y: self.sums[season, metro, grant, y] for y in range(season, season + YEARS_AHEAD)}


def write_allocations(
    world: World, shelf: Shelf, truth: Truth, sums: GrantSums, season: int
) -> None:
    """The gazetted allocations to metros, and each metro's own view of its grants, which agree."""
    dora = FilledBook(shelf, truth, "dora", "NT", season)
    for metro in world.metros:
        own = FilledBook(shelf, truth, "municipal-grants", metro.code, season)
        for grant, (department, schedule) in MUNICIPAL_GRANTS.items():
            yearly = sums.yearly(season, metro.code, grant)
            if not any(yearly.values()):
                continue
            dora.add({
                "gazette_number": f"GG {41_000 + season}", "gazette_date": dt.date(season, 4, 20),
                "version": "gazette", "grant": grant, "municipality_text": metro.name,
                "province_text": metro.province, "owner_text": department, "sphere_text": "national",
                "schedule": schedule, "amounts": _labelled(yearly, Calendar.NATIONAL),
            })  # fmt: skip
            own.add({
                "grant": grant, "owner_text": department, "sphere_text": "national",
                "municipality_text": metro.name, "nature": "capital",
                "amounts": _labelled(yearly, Calendar.MUNICIPAL),
            })  # fmt: skip
        own.close()
    dora.close()


def _labelled(yearly: dict[int, int], calendar: Calendar) -> dict[str, int]:
    return {FinancialYear(year, calendar).label: rand for year, rand in yearly.items()}


_TARGETS = {
    "EDU": [("Public ordinary schools with adequate infrastructure", "Education", "education", 900),
            ("New classrooms built", "Education", "education", 2400)],
    "HEA": [("Health facilities that meet the infrastructure standard", "Health", "health", 260),
            ("New clinics opened", "Health", "health", 24)],
    "HS": [("Houses completed in integrated settlements", "Housing", "housing", 42_000),
           ("Households in informal settlements with services", "Housing", "housing", 65_000)],
}  # fmt: skip
"""Outcome, sector, outcome of the kinds' list and five-year target, by sector of the department."""


def write_strategic_plans(world: World, shelf: Shelf, truth: Truth, season: int) -> None:
    """Five-year outcomes of the large provincial departments."""
    for province, told in world.provinces.items():
        for sector, targets in _TARGETS.items():
            code = told["departments"][sector]
            book = FilledBook(shelf, truth, "strategic-plan", code, season)
            for n, (name, function, outcome, target) in enumerate(targets, start=1):
                book.add({
                    "source_code": f"{n}.1", "name": name, "owner_text": f"{told['name']} Department of {world.departments[code]}",
                    "province_text": province, "function_text": function,
                    "outcome_text": world.outcomes[outcome][0], "baseline": str(target // 2),
                    "units": target, "end_date": dt.date(season + 5, 3, 31),
                })  # fmt: skip
            book.close()


_QPR_HEAD = (
    "Sector", "Institution", "Programme", "SubProgramme", "Location", "Frequency", "Indicator",
    "Type", "SubType", "Outcome", "Cluster",
    *(f"{what}_Q{q}" for q in range(1, 5) for what in (
        "Target", "ActualOutput", "ReasonforDeviation", "CorrectiveAction", "OTP", "National",
    )),
    "AnnualTarget_Summary2", "Preliminary_Summary2", "PrelimaryAudited_Summary2",
    "ReasonforDeviation_Summary", "CorrectiveAction_Summary", "OTP_Summary", "National_Summary",
    "ValidatedAudited_Summary2", "UID",
)  # fmt: skip
_BLANK = [None] * 4


def write_performance(world: World, shelf: Shelf, truth: Truth, season: int) -> None:
    """Quarterly performance exports, one a province for education, health and human settlements.

    The headings are shifted against the data, as in the published exports.
    """
    label = FinancialYear(season, Calendar.NATIONAL).label
    said = f"FY {label.replace('/', '-')}"
    for told in world.provinces.values():
        for sector, targets in _TARGETS.items():
            code = told["departments"][sector]
            department = world.departments[code]
            file = f"QPR_{code}_{label.replace('/', '-')}.csv"
            sink = Delimited(shelf.path(file))
            sink.row(
                ["ReportTitle", "Textbox95", "Textbox80", "Textbox81", "Textbox82", "Textbox83"]
            )
            sink.row([
                f"QPR for {said} Provincial Institutions Oversight Performance  Report as of ( {said})",
                f"Location/s: {told['name']}", "InstitutionType:   Provincial", f"Institution:   {department}",
                f"FinancialYear:   {said}", f"Report Printed On:   Monday, July 1, {season + 1} 9:00:00 AM",
            ])  # fmt: skip
            sink.row([])
            sink.row(_QPR_HEAD)
            truth_of = FileTruth(file, "", "eqprs", "performance", code, label)
            for n, (name, function, outcome, target) in enumerate(targets, start=1):
                quarter = target // 20
                quarters = [
                    cell for q in range(4)
                    for cell in (quarter, quarter - q if q < 3 else None, *_BLANK)
                ]  # fmt: skip
                row = sink.row([
                    function, department, told["name"], "Programme 1: Administration", "Sub-Programme 1.1: Infrastructure",
                    "Quarterly", f"{n}.1.2 {name}", "Non-Standardized", "Max", world.outcomes[outcome][0],
                    "The Social Protection, Community and Human Development cluster", *quarters,
                    target // 5, None, None, None, None, None, None, None, 291,
                ])  # fmt: skip
                truth.entry(truth_of, row, "", "indicator")
            sink.close()
            truth.file(truth_of)


def write_readme(folder: Path, seed: int, scale: float, *, aligned: bool) -> None:
    """Say what the folder is."""
    planted = (
        "No misalignment is planted."
        if aligned
        else "Misalignments are planted; truth/misalignments.csv lists them."
    )
    (folder / "README.txt").write_text(
        f"""SAMPLE COUNTRY: INVENTED DATA (seed {seed}, scale {scale:g})

No project, amount, point, gazette number or submission in this folder is real. {planted}

Real are: the names and codes of metros, provinces, departments and entities; the names of
townships, suburbs and towns and where they lie (GeoNames, CC BY, as gathered by Who's On First;
some from general knowledge); the layouts of the published files.

Areas are illustrative: simple shapes around real places, with illustrative = true and names that
end in (illustrative). To use real boundaries, get those of the Municipal Demarcation Board (or a
metro's own zones) as GeoPackage, GeoJSON, Shapefile or KML and read them:

    harvester ingest municipalities.gpkg

Files stand by publisher: metros/, provinces/, national/, agencies/, areas/.

truth/ holds what is true and no reader reads it: entries.csv (which row is which project),
undertakings.csv, places.csv, misalignments.csv, submissions.csv (what is missing on purpose),
files.csv (rows and sums of every file).

    harvester ingest THIS_FOLDER
    harvester run
""",
        "utf-8",
    )
