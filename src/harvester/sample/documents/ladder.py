"""The two plans of a metro as files: IDP project register and BEPP pipeline.

No national layout exists, so metros differ: some fill in the published template, some use
headings of their own, one types its amounts as text, one saves a Windows-1252 text file.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harvester.domain.periods import Calendar, FinancialYear
from harvester.sample.documents.books import Cell, Delimited, Sheet, Shelf, Sink
from harvester.sample.dressing import Dresser, date_text, in_code
from harvester.sample.truth import FileTruth, Truth
from harvester.sample.world import YEARS_AHEAD, Metro, World
from harvester.sources import templates
from harvester.sources.mapping import definition as mapping_file

if TYPE_CHECKING:
    from harvester.sample.appearances import Appearance
    from harvester.sample.boundaries import Zones
    from harvester.sample.undertakings import Undertaking

BEPP_FUNDS = {
    "Own funds": "Own funds", "Human Settlements Development Grant": "HSDG", "USDG": "USDG",
    "ICDG": "ICDG", "PTNG": "PTNG", "NDPG": "NDPG", "INEP": "INEP",
}  # fmt: skip
"""Fund columns of the pipeline; any other fund stands under ``Other``."""

_OWN_HEADINGS = {
    "idp": {
        "source_code": "IDP Ref No", "name": "Project Title", "description": "Scope of work",
        "owner_text": "Implementing Department", "sphere_text": "Sphere of Government",
        "municipality_text": "Municipality", "function_text": "Sector",
        "nature_text": "New or renewal", "objective_text": "IDP Strategic Objective",
        "location_text": "Area", "gps": "GPS Co-ordinates (lat, long)", "zone_text": "Zone",
        "fund_text": "Source of Funding", "status_text": "Current stage", "start_date": "Start",
        "end_date": "Completion", "total_cost": "Total Estimated Cost (R)",
        "mscoa_reference": "mSCOA Number", "bepp_reference": "BEPP Ref",
    },
    "bepp": {
        "source_code": "BEPP No", "name": "Name of Project", "description": "Narrative",
        "sphere_text": "Owner sphere", "owner_text": "Project Owner",
        "municipality_text": "Municipality", "parent_text": "Catalytic Project",
        "zone_text": "Integration Zone", "location_text": "Location", "gps": "Coordinates",
        "function_text": "Sector", "status_text": "Project stage", "readiness": "Project readiness",
        "bulk_capacity": "Bulk services",
        "total_cost": "Total Project Value", "fund_text": "Sources of funding",
        "idp_reference": "IDP Ref", "mscoa_reference": "mSCOA Ref",
    },
}  # fmt: skip
"""Headings of metros that do not use the template, by column key."""

BULK_READY = "Sufficient"
"""What the pipeline says of the bulk services of housing unless a set piece says otherwise."""

_AMOUNTS = {"idp": "{year} Budget (R)", "bepp": "{fund} {year}"}


def _bulk(made: Undertaking) -> str | None:
    if made.said is not None and made.said.bulk:
        return made.said.bulk
    return BULK_READY if made.kind.sector == "Housing" else None


@dataclass
class PlanBook:
    """Writes one plan (``idp`` or ``bepp``) of one metro and season, row by row."""

    world: World
    shelf: Shelf
    truth: Truth
    zones: Zones
    metro: Metro
    season: int
    template: str
    dresser: Dresser

    def __post_init__(self) -> None:
        self.mapping = mapping_file.ready(self.template)
        self.years = [
            FinancialYear(self.season + n, Calendar.MUNICIPAL).label for n in range(YEARS_AHEAD)
        ]
        own = self.metro.style != "plain"
        self.headings = (
            _OWN_HEADINGS[self.template] if own
            else {c.key: c.header for c in self.mapping.columns}
        )  # fmt: skip
        funds = self.mapping.amounts.funds or ("",)
        self.amounts = [f"{fund} {year}".strip() for fund in funds for year in self.years]
        label = self.years[0].replace("/", "-")
        ending = "csv" if self.metro.style == "csv" else "xlsx"
        self.file = f"{self.metro.code}_{self.template.upper()}_{label}.{ending}"
        self.sheet = self._sheet_name()
        self.sink = self._open()
        self.told = FileTruth(
            self.file, self.sheet, f"mapping:{self.template}", str(self.mapping.document),
            self.metro.code, self.years[0],
        )  # fmt: skip

    def _sheet_name(self) -> str:
        if self.metro.style == "csv":
            return ""
        return self.mapping.sheet if self.metro.style == "plain" else self.metro.code

    def _open(self) -> Sink:
        path = self.shelf.path(self.file)
        if self.metro.style == "csv":
            sink: Sink = Delimited(path, encoding="cp1252", delimiter=";", line_end="\r\n")
        else:
            book = self.shelf.workbook(self.file)
            if self.metro.style == "plain":
                self._meta(book.sheet(templates.SUBMISSION))
            sheet = book.sheet(self.sheet)
            if self.metro.style != "plain":
                self._banner(sheet)
            sink = sheet
        sink.row([*self.headings.values(), *(self._amount_heading(key) for key in self.amounts)])
        return sink

    def _meta(self, sheet: Sheet) -> None:
        told = {
            "template": self.template, "institution": self.metro.code,
            "financial_year": self.years[0], "stage": "adopted",
            "published_on": f"{self.season}-05-31", "title": f"{self.metro.name}: {self.mapping.title}",
        }  # fmt: skip
        for key, (label, meaning) in templates.META.items():
            sheet.row([label, told[key], meaning])

    def _banner(self, sheet: Sheet) -> None:
        name = "IDP: Capital projects" if self.template == "idp" else "BEPP: Annexure 3, pipeline"
        sheet.merge_title(f"{self.metro.name} Metropolitan Municipality", 8)
        sheet.row([f"{name} {self.years[0]} (adopted)"])
        sheet.skip(1)

    def _amount_heading(self, key: str) -> str:
        if self.metro.style == "plain":
            return templates.amount_header(self.mapping, key)
        fund, _, year = key.rpartition(" ")
        return _AMOUNTS[self.template].format(year=year, fund=fund)

    def add(self, made: Undertaking, shown: Appearance) -> None:
        """One project."""
        row = self._common(made, shown)
        row |= self._of_idp(made) if self.template == "idp" else self._of_bepp(made)
        amounts = self._amounts(made, shown)
        cells = [row.get(key) for key in self.headings]
        at = self.sink.row([*cells, *(amounts.get(key) for key in self.amounts)])
        self.told.rand += sum(shown.yearly.values())
        self.truth.entry(self.told, at, made.number, "project")

    def _common(self, made: Undertaking, shown: Appearance) -> dict[str, Cell]:
        dresser, kind = self.dresser, made.kind
        words = self.world.words
        sentence = dresser.rng.random() < 0.65
        outcome, goal = self.world.outcomes[kind.outcome]
        return {
            "name": dresser.sentence(made) if sentence else dresser.noun_first(made),
            "description": dresser.description(made),
            "sphere_text": made.sphere, "owner_text": self._owner(made),
            "municipality_text": self.metro.name if self.metro.style == "csv" else None,
            "function_text": kind.function if made.sphere == "local" else kind.sector,
            "asset_class_text": kind.asset_class, "nature_text": words["types"][made.work],
            "outcome_text": outcome, "iudf_text": goal, "objective_text": f"A well-served city: {kind.sector.lower()}",
            "location_text": dresser.place_words(made), "gps": self._gps(made, shown),
            "zone_text": self.zones.zone_of(self.metro.code, made.longitude, made.latitude),
            "fund_text": made.fund, "status_text": dresser.status(made),
            "start_date": self._date(self._shifted(shown.first_day)),
            "end_date": self._date(self._shifted(shown.last_day)),
            "total_cost": self._amount(shown.total), "units": made.units or None,
        }  # fmt: skip

    def _of_idp(self, made: Undertaking) -> dict[str, Cell]:
        sure = made.budget_name and in_code(made.budget_name)
        given = sure or self.dresser.rng.random() > 0.5 + self.dresser.chance
        known = made.in_pipeline and self.dresser.rng.random() < 0.4
        return {
            "source_code": made.codes["idp"],
            "mscoa_reference": made.codes.get("mscoa") if given else None,
            "bepp_reference": made.codes["bepp"] if known else None,
        }

    def _of_bepp(self, made: Undertaking) -> dict[str, Cell]:
        rng = self.dresser.rng
        # A pipeline that is in no IDP cannot give its number there.
        told = made.plant != "W01" and rng.random() < 0.45
        return {
            "source_code": made.codes["bepp"],
            "parent_text": f"{made.place.name} programme" if made.kind.catalytic and made.place else None,
            "bulk_capacity": _bulk(made),
            "readiness": rng.choice(("Designs approved", "Land secured", "Feasibility done", "Ready to tender")),
            "lead": "Programme manager",
            "idp_reference": made.codes["idp"] if told else None,
            "app_reference": made.codes["irm"] if made.sphere == "provincial" and rng.random() < 0.35 else None,
            "mscoa_reference": made.codes.get("mscoa") if made.plant != "W01" and rng.random() < 0.3 else None,
            "confidence": rng.choice(("high", "medium", "low")),
        }  # fmt: skip

    def _owner(self, made: Undertaking) -> str:
        if made.sphere == "local":
            directorate = str(self.world.words["directorates"][made.kind.sector])
            return directorate if self.template == "idp" else self.metro.name
        if made.said is not None and made.said.owner is not None:
            return made.said.owner
        name = self.world.owner_name(made.owner)
        return name if made.sphere == "entity" else f"Department of {name}"

    def _gps(self, made: Undertaking, shown: Appearance) -> str | None:
        if made.said is not None and made.said.course:
            return "; ".join(f"{lat:.5f}, {lon:.5f}" for lon, lat in made.said.course)
        if shown.longitude is None or (made.plant != "W12" and self.dresser.slip()):
            return None
        return f"{shown.latitude:.5f}, {shown.longitude:.5f}"

    def _shifted(self, day: dt.date) -> dt.date:
        """A careless pipeline gives dates a few months off; the money keeps its years."""
        if self.template == "idp" or not self.dresser.slip():
            return day
        return day + dt.timedelta(days=self.dresser.rng.choice((-92, -61, 61, 92)))

    def _date(self, day: dt.date) -> Cell:
        typed = (
            self.metro.style in {"csv", "text", "xls_text"}
            or self.dresser.rng.random() < self.dresser.chance / 2
        )
        return date_text(day, self.dresser.rng) if typed else day

    def _amount(self, rand: int) -> Cell:
        typed = (
            self.metro.style in {"text", "xls_text"}
            or self.dresser.rng.random() < self.dresser.chance / 3
        )
        return self.dresser.rand_text(rand) if typed else rand

    def _amounts(self, made: Undertaking, shown: Appearance) -> dict[str, Cell]:
        fund = f"{BEPP_FUNDS.get(made.fund, 'Other')} " if self.mapping.amounts.funds else ""
        return {
            f"{fund}{FinancialYear(year, Calendar.MUNICIPAL).label}": self._amount(rand)
            for year, rand in shown.yearly.items()
        }

    def close(self) -> None:
        """Finish the file and its truth."""
        self.sink.close()
        self.truth.file(self.told)
