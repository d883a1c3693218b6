"""Words for statements: documents, institutions, years, money."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from harvester.domain.money import format_rand_short
from harvester.domain.periods import Calendar, FinancialYear, Month

if TYPE_CHECKING:
    import datetime as dt

    from harvester.rules.institutions import InstitutionBook

_DOCUMENTS = {
    "pipeline": "BEPP pipeline",
    "idp": "IDP",
    "budget": "capital budget",
    "in_year": "in-year actuals",
    "provincial_projects": "provincial infrastructure list",
    "national_projects": "national infrastructure list",
    "agency_projects": "project list",
    "infrastructure_plan": "infrastructure plan",
    "strategic_plan": "strategic plan",
    "performance": "performance report",
    "allocations": "grant allocations",
    "areas": "areas",
}
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_LONGEST_NAME = 120


def document(code: str) -> str:
    """``BEPP pipeline`` for ``pipeline``."""
    return _DOCUMENTS.get(code, code.replace("_", " "))


def documents(codes: list[str]) -> str:
    """``BEPP pipeline and IDP``."""
    named = [document(code) for code in codes]
    return " and ".join(named) if len(named) < 3 else f"{', '.join(named[:-1])} and {named[-1]}"


def institution(book: InstitutionBook, code: str) -> str:
    """Its name, or ``an unnamed publisher``."""
    return "an unnamed publisher" if code in {"", "unknown"} else book.name(code)


def municipality(book: InstitutionBook, code: str) -> str:
    """Its name, or ``an unknown municipality``."""
    return "an unknown municipality" if code in {"", "unknown"} else book.name(code)


def paper(book: InstitutionBook, code: str, publisher: str, year: str) -> str:
    """``the IDP 2019/20 of Buffalo City``; the publisher is left out where nobody named it."""
    when = "" if year in {"", "unknown"} else f" {year}"
    whose = "" if publisher in {"", "unknown"} else f" of {book.name(publisher)}"
    return f"the {document(code)}{when}{whose}"


def project(name: str) -> str:
    """A project's name in quotation marks, white space folded, cut where it is very long."""
    folded = " ".join(name.split())
    if len(folded) > _LONGEST_NAME:
        folded = folded[: _LONGEST_NAME - 1].rstrip() + "…"
    return f"“{folded}”"


def rand(cents: int | None) -> str:
    """``R 120 m``; ``an unstated amount`` when not known."""
    return "an unstated amount" if cents is None else format_rand_short(cents)


def month(index: int) -> str:
    """``July 2019`` for a month index."""
    day = Month(index).first_day
    return f"{_MONTHS[day.month - 1]} {day.year}"


def day(date: dt.date) -> str:
    """``31 May 2019``."""
    return f"{date.day} {_MONTHS[date.month - 1]} {date.year}"


def municipal_year(index: int) -> str:
    """``2019/20``: the municipal year a month index lies in."""
    return FinancialYear.containing(Month(index).first_day, Calendar.MUNICIPAL).label


def season(start: int) -> str:
    """``2019/20`` for 2019."""
    return FinancialYear(start, Calendar.MUNICIPAL).label


def percent(part: float) -> str:
    """``37 %``."""
    return f"{round(part * 100)} %"


def reasons(text: str) -> list[dict[str, object]]:
    """The reasons of a link, from their JSON; empty when there are none."""
    return json.loads(text) if text else []
