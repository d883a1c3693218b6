"""The municipal budget tables as National Treasury publishes them: SA36 and SC36.

Layout read from published workbooks: title row with province, name and code; the label
``R thousands`` over whole rand; headings that begin with a line break; longitude before latitude;
footnotes under the body; a used range that runs on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harvester.domain.money import split_cents
from harvester.domain.periods import Calendar, FinancialYear
from harvester.sample.truth import FRAGMENT, STRAY, FileTruth, Truth
from harvester.sample.world import SEASONS, Metro, World

if TYPE_CHECKING:
    from harvester.sample.appearances import Appearance
    from harvester.sample.documents.books import Cell, Shelf
    from harvester.sample.dressing import Dresser
    from harvester.sample.undertakings import Undertaking

_HEAD = (
    "\nFunction", "\nProject Decription", "\nProject Number", "\nType", "\nMTSF Service Outcome",
    "\nIUDF", "\nOwn Strategic Objectives", "\nAsset Class", "\nAsset Sub-Class",
    "\nWard Location", "\nGPS Longitude", "\nGPS Latitude",
)  # fmt: skip
_FOOTNOTES = (
    "References",
    "Must reconcile with Budgeted Capital Expenditure",
    (
        "Projects that fall above the threshold values applicable to the municipality as identified in "
        "regulation 13 of the Municipal Budget and Reporting Regulations must be listed individually. "
        "Other projects by Function."
    ),
    "Distinguish projects approved in terms of MFMA section 19(1)(b) and MRRR Regulation 13",
)
_MONTHS = (
    "July", "Aug", "Sept", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar", "Apr", "May", "June",
)  # fmt: skip
_QUARTER_ENDS = ("Sept", "Dec", "Mar", "June")
_MONTHS_REPORTED = {SEASONS[0]: 12, SEASONS[1]: 9}
"""How far the in-year report of a season has come: the first is closed, the last stands at M09."""

_PERIOD_END = {12: "30 June {}", 9: "31 March {}"}

STRAYS_PER_PROJECT = 0.04
"""Rows that belong to no project one can name, as a share of the projects."""

BLANK_ROWS = 80


def _label(start: int) -> str:
    return FinancialYear(start, Calendar.MUNICIPAL).label


@dataclass
class _Table:
    """What SA36 and SC36 have in common."""

    world: World
    shelf: Shelf
    truth: Truth
    metro: Metro
    season: int
    dresser: Dresser

    def _start(self, table: str, document: str, title: str, columns: list[str]) -> None:
        self.width = len(_HEAD) + len(columns)
        label = _label(self.season)
        file = f"{self.metro.code}_{table}_{label.replace('/', '-')}.xlsx"
        self.book = self.shelf.workbook(file)
        self.sheet = self.book.sheet(self.metro.code)
        province = self.world.provinces[self.metro.province]["name"]
        self.sheet.merge_title(
            f"{province}: {self.metro.name}({self.metro.code}) - Table {title}", self.width
        )
        self.sheet.row(["R thousands"])
        self.sheet.row([*_HEAD, *columns])
        self.told = FileTruth(
            file, self.metro.code, table.lower(), document, self.metro.code, label
        )
        self.strays = 0

    def _words(self, made: Undertaking) -> list[Cell]:
        kind, rng = made.kind, self.dresser.rng
        outcome, goal = self.world.outcomes[kind.outcome]
        objective = rng.choice(
            (
                "OWN MUNICIPAL STRATEGIC OBJECTIVE",
                "OWN MUNICIPAL STRATEGIC OBJECTIVE",
                "TO BE CORRECTED",
            )
        )
        lon, lat = self._point(made)
        booked = made.said.function if made.said is not None else ""
        return [
            booked or kind.function, made.budget_name, made.codes["mscoa"],
            self.world.words["types"][made.work], outcome, goal, objective, kind.asset_class,
            kind.subclass, self._wards(made), lon, lat,
        ]  # fmt: skip

    def _point(self, made: Undertaking) -> tuple[Cell, Cell]:
        """Nearly always the text ``0`` or nothing; now and then a true point."""
        draw = self.dresser.rng.random()
        if draw < 0.04 and made.longitude is not None and made.latitude is not None:
            return round(made.longitude, 5), round(made.latitude, 5)
        return ("0", "0") if draw < 0.85 else (None, None)

    def _wards(self, made: Undertaking) -> str:
        """The metro's region words; a bulk work serves several, of which two are listed."""
        if made.kind.place == "network" and self.dresser.rng.random() < 0.35:
            names = [r.name for r in self.world.regions[self.metro.code]]
            others = [n for n in names if n != made.region]
            return f"{made.region},{self.dresser.rng.choice(others)},..." if others else made.region
        return made.region

    def _money(self, rand: int | None) -> Cell:
        """Whole rand; now and then a number stored as text."""
        if rand is None:
            return None
        return str(rand) if self.dresser.rng.random() < self.dresser.chance / 2 else rand

    def _count(self, *amounts: int | None) -> None:
        self.told.rand += sum(a for a in amounts if a is not None)

    def close(self) -> None:
        """Footnotes, blanks, and the truth of the file."""
        self.sheet.skip(1)
        for note in _FOOTNOTES:
            self.sheet.row([note])
        self.sheet.blanks(BLANK_ROWS, self.width)
        self.sheet.close()
        self.truth.file(self.told)


@dataclass
class BudgetBook(_Table):
    """SA36: detailed capital budget of one metro and season."""

    def __post_init__(self) -> None:
        s = self.season
        self._start("SA36", "budget", f"SA36 Detailed Capital Budget (projects) (Figures Finalised as at {s}/06/30)", [
            f"Audited Outcome\n{_label(s - 2)}", f"Full Year Forecast\n{_label(s - 1)}",
            *(f"Budget year\n{_label(s + n)}" for n in range(3)),
        ])  # fmt: skip

    def add(self, made: Undertaking, shown: Appearance) -> None:
        """One project, and sometimes a row after it that lost its words."""
        s = self.season
        forecast = made.yearly.get(s - 1) if made.sphere == "local" else None
        amounts = [None, forecast, *(shown.yearly.get(s + n) for n in range(3))]
        row = self.sheet.row([*self._words(made), *(self._money(a) for a in amounts)])
        self._count(*amounts)
        self.truth.entry(self.told, row, made.number, "project")
        if self.dresser.rng.random() < STRAYS_PER_PROJECT:
            self._stray(made)

    def _stray(self, made: Undertaking) -> None:
        """Spent in a closed year, without description, number of its own."""
        self.strays += 1
        spent = self.dresser.rng.randint(5, 400) * 1_000
        number = f"PC002003005_{90_000 + self.strays:05d}"
        row = self.sheet.row([
            made.kind.function, None, number, "New", None, None, None, "Furniture and Office Equipment",
            None, "Administrative or Head Office", None, None, self._money(spent),
        ])  # fmt: skip
        self._count(spent)
        self.truth.entry(self.told, row, "", STRAY)


@dataclass
class InYearBook(_Table):
    """SC36: budget and monthly actuals of one metro and season, to the month reported."""

    def __post_init__(self) -> None:
        s = self.season
        self.months = _MONTHS_REPORTED[s]
        ends = _PERIOD_END[self.months].format(s + 1)
        year = _label(s)
        columns = [f"Audited Outcome\n{_label(s - 1)}", f"Audited Outcome\n{year}",
                   f"Original Budget\n{year}", f"Adjusted Budget\n{year}"]  # fmt: skip
        for n, month in enumerate(_MONTHS):
            columns.append(f"M{n + 1:02d} {month} Actual\n{year}")
            if n % 3 == 2:
                columns.append(f"Q{n // 3 + 1} {_QUARTER_ENDS[n // 3]} Actual\n{year}")
        columns.append(f"YTD Actual\n{year}")
        title = f"SC36 Detailed Capital Budget and Actuals (projects) for period ending (M{self.months:02d}) {ends}"
        self._start("SC36", "in_year", title, columns)

    def add(self, made: Undertaking, shown: Appearance) -> None:
        """One project; sometimes rows that lost their words hold a part of its spending."""
        rng = self.dresser.rng
        budget = shown.yearly[self.season]
        due = budget * self.months // 12
        spent = self._spent(round(due * shown.spent_share))
        before = made.yearly.get(self.season - 1)
        adjusted = (
            budget
            if rng.random() < 0.8
            else round(budget * rng.uniform(0.97, 1.03) / 1_000) * 1_000
        )
        row = self._write(self._words(made), [before, None, budget, adjusted], spent)
        self.truth.entry(self.told, row, made.number, "project")
        if rng.random() < STRAYS_PER_PROJECT:
            self._journal(made, round(due * 0.02))
        if rng.random() < STRAYS_PER_PROJECT:
            self._undecodable()

    def _spent(self, total: int) -> list[int | None]:
        """Monthly actuals that sum to ``total``: slow at first, nothing in some months."""
        rng = self.dresser.rng
        weights = [rng.choice((0, 2, 3, 5, 6)) + n // 4 for n in range(self.months)]
        weights[-1] += 1
        months = split_cents(total, weights)
        return [m if m or rng.random() < 0.3 else None for m in months]

    def _journal(self, made: Undertaking, amount: int) -> None:
        """An undescribed row of the same project: a cost, most of it taken back by a journal."""
        self.strays += 1
        back = -(amount * 4 // 5)
        spent: list[int | None] = [None] * self.months
        spent[2], spent[5] = amount, back
        words: list[Cell] = [None] * len(_HEAD)
        words[0] = made.kind.function
        words[2] = f"{made.codes['mscoa'].rsplit('_', 1)[0]}_{70_000 + self.strays:05d}"
        row = self._write(words, [None, None, None, None], spent)
        self.truth.entry(self.told, row, made.number, FRAGMENT)

    def _undecodable(self) -> None:
        """A row whose function segment cannot be decoded: described, no budget, some spending."""
        self.strays += 1
        rng = self.dresser.rng
        spent = self._spent(rng.randint(10, 900) * 1_000)
        words: list[Cell] = [None] * len(_HEAD)
        words[:3] = [
            "Z ???",
            f"CAPITAL SUSPENSE {self.strays}",
            f"PC999_{60_000 + self.strays:05d}",
        ]
        row = self._write(words, [None, None, 0, 0], spent)
        self.truth.entry(self.told, row, "", STRAY)

    def _write(self, words: list[Cell], standing: list[int | None], spent: list[int | None]) -> int:
        """A row: budgets, months with their quarters, year to date; ``Q`` and ``YTD`` are sums."""
        cells: list[int | None] = list(standing)
        for quarter in range(4):
            months = spent[quarter * 3 : quarter * 3 + 3]
            cells += [*months, *[None] * (3 - len(months))]
            cells.append(_sum(months) if len(months) == 3 else None)
        cells.append(_sum(spent))
        self._count(*standing, *spent)
        return self.sheet.row([*words, *(self._money(c) for c in cells)])


def _sum(amounts: list[int | None]) -> int | None:
    known = [a for a in amounts if a is not None]
    return sum(known) if known else None
