"""Gazetted allocations of grants, and what the metros budget of them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harvester.domain.periods import Calendar, FinancialYear
from harvester.sample.documents.filled import FilledBook
from harvester.sample.planting import CUT_AFTER, GRANTS_DIFFER
from harvester.sample.world import SEASONS, YEARS_AHEAD, World

if TYPE_CHECKING:
    from harvester.sample.appearances import Appearance
    from harvester.sample.documents.books import Shelf
    from harvester.sample.truth import Truth
    from harvester.sample.undertakings import Undertaking

MUNICIPAL_GRANTS = {
    "USDG": ("Human Settlements", "4B"), "ICDG": ("National Treasury", "4B"),
    "PTNG": ("Transport", "5B"), "NDPG": ("National Treasury", "5B"), "INEP": ("Mineral Resources and Energy", "5B"),
}  # fmt: skip
"""Grants gazetted to metros: transferring department and schedule."""


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


def write(
    world: World, shelf: Shelf, truth: Truth, sums: GrantSums, season: int, *, aligned: bool
) -> None:
    """The gazettes to metros and each metro's own view of its grants.

    They agree, but for the plants of W05: a metro that budgets more than was gazetted, and one
    whose grant a November gazette cuts.
    """
    dora = FilledBook(shelf, truth, "dora", "NT", season)
    later = FilledBook(
        shelf, truth, "dora", "NT", season, edition="_amended", published=dt.date(season, 11, 29)
    )
    for metro in world.metros:
        own = FilledBook(shelf, truth, "municipal-grants", metro.code, season)
        given = {
            grant: sums.yearly(season, metro.code, grant)
            for grant in MUNICIPAL_GRANTS
            if any(sums.yearly(season, metro.code, grant).values())
        }
        plant = "" if aligned or season != SEASONS[-1] else _plant(metro.code)
        largest = max(given, key=lambda grant: given[grant][season], default="")
        for grant, yearly in given.items():
            department, schedule = MUNICIPAL_GRANTS[grant]
            row = {
                "grant": grant, "municipality_text": metro.name, "province_text": metro.province,
                "owner_text": department, "sphere_text": "national", "schedule": schedule,
            }  # fmt: skip
            dora.add({
                **row, "gazette_number": f"GG {41_000 + season}", "gazette_date": dt.date(season, 4, 20),
                "version": "gazette", "amounts": _labelled(yearly, Calendar.NATIONAL),
            })  # fmt: skip
            planted = plant if grant == largest and yearly[season] >= LEAST_PLANTED else ""
            if planted == "cut":
                less = yearly | {season: yearly[season] * 3 // 10}
                later.add({
                    **row, "gazette_number": f"GG {41_500 + season}",
                    "gazette_date": dt.date(season, 11, 29), "version": "amendment",
                    "amounts": _labelled(less, Calendar.NATIONAL),
                })  # fmt: skip
            more = {season: yearly[season] * 13 // 10} if planted == "differs" else {}
            own.add({
                "grant": grant, "owner_text": department, "sphere_text": "national",
                "municipality_text": metro.name, "nature": "capital",
                "amounts": _labelled(yearly | more, Calendar.MUNICIPAL),
            })  # fmt: skip
            if planted:
                label = FinancialYear(season, Calendar.MUNICIPAL).label
                truth.misalignment("W05", "", metro.code, label, f"{grant} {WORDS[planted]}")
        own.close()
    dora.close()
    later.close()


WORDS = {
    "differs": "in the metro's budget stands a third above the gazette",
    "cut": "is cut to a third by a gazette of November, after the budget was adopted",
}
LEAST_PLANTED = 10_000_000
"""Least rand of a grant on which a misalignment is planted."""


def _plant(metro: str) -> str:
    return "differs" if metro in GRANTS_DIFFER else "cut" if metro in CUT_AFTER else ""


def _labelled(yearly: dict[int, int], calendar: Calendar) -> dict[str, int]:
    return {FinancialYear(year, calendar).label: rand for year, rand in yearly.items()}
