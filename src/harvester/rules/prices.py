"""Nominal and real: amounts of one year in the prices of another, by dated data."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING

from harvester.domain.periods import Calendar, FinancialYear, Month
from harvester.rules import parameters

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


@dataclass(frozen=True)
class Prices:
    """Consumer prices by calendar year, the year before the first being 100; exact fractions."""

    index: Mapping[int, Fraction]
    reference: str
    verified: bool

    def of(self, months: Sequence[Month]) -> Fraction | None:
        """Average prices over months; ``None`` when those of any are not known."""
        years = [month.first_day.year for month in months]
        if not years or any(year not in self.index for year in years):
            return None
        return sum((self.index[year] for year in years), Fraction(0)) / len(years)

    def of_year(self, start: int, calendar: Calendar) -> Fraction | None:
        """Average prices over a financial year: of a municipal one, six months of each of two."""
        return self.of(FinancialYear(start, calendar).months)

    def real(
        self,
        cents: int,
        start: int,
        base: int,
        calendar: Calendar = Calendar.MUNICIPAL,
        base_calendar: Calendar = Calendar.MUNICIPAL,
    ) -> int | None:
        """``cents`` of financial year ``start`` in prices of ``base``, to the nearest cent.

        ``None`` when prices of either year are not known: unknown is not nominal.
        """
        then, now = self.of_year(start, calendar), self.of_year(base, base_calendar)
        if then is None or now is None:
            return None
        return round(cents * now / then)


@cache
def load(path: Path = parameters.DATA / "prices.yaml") -> Prices:
    """The prices. Raises :class:`ConfigurationError` when the file is broken."""
    found = parameters.read(path)
    rises = found.body.get("rises")
    if not isinstance(rises, dict) or not rises:
        raise parameters.broken(path, "rises", "must be a mapping of years to percent")
    years = sorted(int(year) for year in rises)
    index = {years[0] - 1: Fraction(100)}
    for year in years:
        if year - 1 not in index:
            raise parameters.broken(path, f"rises.{year}", "leaves out the year before it")
        percent = rises[year]
        if isinstance(percent, bool) or not isinstance(percent, (int, float)):
            raise parameters.broken(path, f"rises.{year}", f"must be a percentage, not {percent!r}")
        index[year] = index[year - 1] * (1 + Fraction(str(percent)) / 100)
    return Prices(index, found.head.reference, found.head.verified)
