"""Financial years and months of the two calendars.

Municipal years run July to June (MFMA s1), national, provincial and entity years April to March
(PFMA s1). ``2018/19`` of one is never set beside ``2018/19`` of the other: amounts meet by month.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum

MONTHS_PER_YEAR = 12
EARLIEST_YEAR, LATEST_YEAR = 1994, 2100


class Calendar(StrEnum):
    """Which twelve months a financial year means."""

    MUNICIPAL = "municipal"
    NATIONAL = "national"

    @property
    def first_month(self) -> int:
        """Month number the year starts in: July (7) or April (4)."""
        return 7 if self is Calendar.MUNICIPAL else 4


@dataclass(frozen=True, order=True)
class Month:
    """One calendar month; ``index`` counts months since year 0, so months subtract."""

    index: int

    @classmethod
    def of(cls, day: dt.date) -> Month:
        """The month a day falls in."""
        return cls(day.year * MONTHS_PER_YEAR + day.month - 1)

    @property
    def first_day(self) -> dt.date:
        """First day of the month."""
        return dt.date(self.index // MONTHS_PER_YEAR, self.index % MONTHS_PER_YEAR + 1, 1)


@dataclass(frozen=True, order=True)
class FinancialYear:
    """A financial year by the calendar year it starts in: ``2018/19`` is ``start=2018``."""

    start: int
    calendar: Calendar

    @property
    def label(self) -> str:
        """``2018/19``."""
        return f"{self.start}/{(self.start + 1) % 100:02d}"

    @property
    def first_day(self) -> dt.date:
        """1 July or 1 April of ``start``."""
        return dt.date(self.start, self.calendar.first_month, 1)

    @property
    def last_day(self) -> dt.date:
        """30 June or 31 March of the next calendar year."""
        return dt.date(self.start + 1, self.calendar.first_month, 1) - dt.timedelta(days=1)

    @property
    def months(self) -> list[Month]:
        """Its twelve months in order."""
        first = Month.of(self.first_day).index
        return [Month(first + i) for i in range(MONTHS_PER_YEAR)]

    @classmethod
    def containing(cls, day: dt.date, calendar: Calendar) -> FinancialYear:
        """The year of ``calendar`` that ``day`` falls in."""
        start = day.year if day.month >= calendar.first_month else day.year - 1
        return cls(start, calendar)


_LABEL = re.compile(
    r"(?<!\d)(?:FY\s*)?(?P<first>(?:19|20)\d\d)\s*[/\-\u2013]\s*(?P<second>(?:19|20)?\d\d)(?!\d)",
    re.IGNORECASE,
)


def parse_year_label(text: str) -> int | None:
    """Start year of the first ``2018/19``, ``2018/2019``, ``2018-19`` or ``FY 2018-19`` in a text.

    ``None`` when there is none, or when the two halves do not follow each other (``2018/21``).
    A single number is not accepted: some publishers mean the start of the year by it, some the
    end, so the reader of that format must say which.
    """
    for found in _LABEL.finditer(text):
        first, second = int(found["first"]), int(found["second"])
        in_range = EARLIEST_YEAR <= first <= LATEST_YEAR
        if in_range and second in {first + 1, (first + 1) % 100}:
            return first
    return None


def months_between(first: dt.date, last: dt.date) -> int:
    """Whole months from the month of ``first`` to the month of ``last`` (negative if earlier)."""
    return Month.of(last).index - Month.of(first).index


def months_shared(year: FinancialYear, other: FinancialYear) -> int:
    """How many calendar months two financial years have in common (0 to 12)."""
    shift = abs(Month.of(year.first_day).index - Month.of(other.first_day).index)
    return max(0, MONTHS_PER_YEAR - shift)
