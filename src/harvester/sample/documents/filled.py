"""Published templates filled in: infrastructure plans, agency lists.

Written with :func:`harvester.sources.templates.write_template`, as an institution would.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from harvester.domain.periods import Calendar, FinancialYear
from harvester.sample.truth import FileTruth, Truth
from harvester.sources import templates
from harvester.sources.mapping import definition as mapping_file

if TYPE_CHECKING:
    from pathlib import Path

    from harvester.sample.appearances import Appearance
    from harvester.sample.documents.books import Shelf
    from harvester.sample.dressing import Dresser
    from harvester.sample.undertakings import Undertaking
    from harvester.sample.world import World

HEADER_ROW = 1


@dataclass
class FilledBook:
    """Rows for one template of one publisher and season; written when closed.

    ``edition`` ends the file's name where a publisher hands in more than one; ``published`` is its
    day where that is not the usual one.
    """

    shelf: Shelf
    truth: Truth
    template: str
    publisher: str
    season: int
    stage: str = "adopted"
    edition: str = ""
    published: dt.date | None = None
    rows: list[dict[str, Any]] = field(default_factory=list)
    owners: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.mapping = mapping_file.ready(self.template)
        self.year = FinancialYear(self.season, self.mapping.calendar).label
        year = self.year.replace("/", "-")
        file = f"{self.publisher}_{self.template}_{year}{self.edition}.xlsx"
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
            "published_on": self.published or dt.date(self.season, month, day), "title": f"{self.publisher}: {self.mapping.title}",
        })  # fmt: skip
        self.truth.file(self.told)


def owner_row(
    world: World, dresser: Dresser, made: Undertaking, shown: Appearance
) -> dict[str, Any]:
    """A project as its owner's own multi-year list gives it (agency list, infrastructure plan)."""
    province = world.provinces[made.metro.province]["name"]
    hidden = dresser.slip() and made.said is None
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
