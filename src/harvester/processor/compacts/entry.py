"""The earliest day a commitment can legally enter the document it must land in.

A compact made in mid-year does not wait for goodwill but for the next budget: an adjustments budget
rarely takes a new project (MFMA 28(2)), so a new municipal project agreed in November cannot be
budgeted before 1 July.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from harvester.domain.periods import Calendar, FinancialYear
from harvester.rules.law import calendar as law_calendar
from harvester.rules.law import doors

if TYPE_CHECKING:
    import datetime as dt

    from harvester.processor.compacts.protocol import Commitment
    from harvester.rules.law.doors import Door
    from harvester.rules.law.procedures import Law


@dataclass(frozen=True)
class LegalEntry:
    """When a commitment can be in its document: adopted on ``on``, for the year ``year``.

    ``decide_by`` is the last day to have it in the draft. ``late`` is true where the commitment
    names an earlier year than the law allows. ``through`` says which door, in words.
    """

    on: dt.date
    year: FinancialYear
    decide_by: dt.date
    late: bool
    through: str
    law: Law


def earliest_legal_entry(commitment: Commitment, agreed_on: dt.date) -> LegalEntry | None:
    """The earliest legal entry of a commitment agreed on a day; ``None`` where no door is known.

    Documents that appropriate for a financial year are asked year by year: the draft must still be
    open on the day. A commitment that is not new may also come in by an adjustments budget.
    """
    found = [entry for door in _ways(commitment) if (entry := _through(door, agreed_on))]
    if not found:
        return None
    best = min(found, key=lambda entry: (entry.on, entry.decide_by))
    late = commitment.year.first_day < best.year.first_day
    return LegalEntry(best.on, best.year, best.decide_by, late, best.through, best.law)


@dataclass(frozen=True)
class Landing:
    """Where and until when a commitment must land.

    ``commitment`` names the year it can land in: its own, or the first that the law allows where
    that one is later. ``due`` is the last day its document must carry it; ``entry`` the earliest
    legal entry, ``None`` where no door into the document is known.
    """

    commitment: Commitment
    due: dt.date
    entry: LegalEntry | None


def landing(commitment: Commitment, agreed_on: dt.date) -> Landing:
    """Where and until when a commitment agreed on a day must land.

    Where a door is known the document of the commitment's year must carry it when that is adopted;
    without one, by the end of that year.
    """
    entry = earliest_legal_entry(commitment, agreed_on)
    if entry is None:
        return Landing(commitment, commitment.year.last_day, None)
    if entry.late:
        # The year is that of the party's own calendar, whatever the calendar of the event.
        year = FinancialYear(entry.year.start, commitment.year.calendar)
        return Landing(replace(commitment, year=year), entry.on, entry)
    start = commitment.year.start
    adopted = [
        day
        for door in _ways(commitment)
        if (closes := _last(door.closes, start)) and agreed_on <= closes
        and (day := _last(door.adopted, start))
    ]  # fmt: skip
    return Landing(commitment, min(adopted, default=commitment.year.last_day), entry)


YEARS_AHEAD = 4


def _ways(commitment: Commitment) -> list[Door]:
    """Doors into the document of a commitment by which it may come in."""
    return [
        d
        for d in doors.load()
        if d.document is commitment.document and (d.new or not commitment.new)
    ]


def _through(door: Door, agreed_on: dt.date) -> LegalEntry | None:
    for start in range(agreed_on.year - 1, agreed_on.year + YEARS_AHEAD):
        closes, adopted = _last(door.closes, start), _last(door.adopted, start)
        if closes and adopted and agreed_on <= closes:
            year = FinancialYear(start, _calendar(door.adopted))
            return LegalEntry(adopted, year, closes, late=False, through=door.why, law=door.law)
    return None


@lru_cache(maxsize=512)
def _last(event: str, start: int) -> dt.date | None:
    return next((o.day for o in law_calendar.occasions(start) if o.rule.id == event), None)


def _calendar(event: str) -> Calendar:
    return next(rule.calendar for rule in law_calendar.load() if rule.id == event)
