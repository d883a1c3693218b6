"""Who is expected to give which document for which metro, and by when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from harvester.domain.documents import Document, Stage
from harvester.domain.periods import Calendar
from harvester.rules import parameters

if TYPE_CHECKING:
    from pathlib import Path

    from harvester.domain.institutions import Institution
    from harvester.rules.institutions import InstitutionBook

METRO, SECTOR, CODE = "metro", "sector", "code"


@dataclass(frozen=True)
class Due:
    """A day relative to a financial year: ``years_after`` its starting calendar year."""

    years_after: int
    month: int
    day: int

    def on(self, start: int) -> dt.date:
        """The date, for the financial year that starts in ``start``."""
        return dt.date(start + self.years_after, self.month, self.day)


@dataclass(frozen=True)
class Expectation:
    """One rule: ``document`` of a ``calendar`` year, at ``stage``, from a publisher, due on days.

    ``statutory`` is false where no law fixes the day (a policy of the working group);
    ``verified`` tells whether the reference itself was read. ``first_year`` and ``last_year`` are
    the starting years the rule is in force for.
    """

    id: str
    title: str
    document: Document
    publisher_kind: str
    publisher: str
    calendar: Calendar
    stage: Stage
    due: tuple[Due, ...]
    statutory: bool
    reference: str
    verified: bool
    first_year: int | None = None
    last_year: int | None = None

    def in_force(self, start: int) -> bool:
        """Whether the rule holds for the financial year that starts in ``start``."""
        after_first = self.first_year is None or start >= self.first_year
        return after_first and (self.last_year is None or start <= self.last_year)

    def due_dates(self, start: int) -> tuple[dt.date, ...]:
        """Every day something is due for the year that starts in ``start``, in order."""
        return tuple(sorted(due.on(start) for due in self.due))

    def due_on(self, start: int) -> dt.date:
        """The first of them: from then on, nothing at all is late."""
        return self.due_dates(start)[0]

    def publisher_for(self, metro: Institution, book: InstitutionBook) -> str | None:
        """Code of who is to give it for ``metro``; ``None`` where no institution answers."""
        if self.publisher_kind == METRO:
            return metro.code
        if self.publisher_kind == SECTOR:
            return book.serving(metro.province, self.publisher)
        return self.publisher


@cache
def load(path: Path = parameters.DATA / "expectations.yaml") -> tuple[Expectation, ...]:
    """Every expectation, in the order of the file.

    Raises :class:`ConfigurationError` when the file is broken or an id stands in it twice.
    """
    rules = tuple(_expectation(item) for item in parameters.read(path).items("expectations"))
    ids = [rule.id for rule in rules]
    for rule_id in ids:
        if ids.count(rule_id) > 1:
            raise parameters.broken(path, f"expectations, id {rule_id}", "stands in it twice")
    return rules


def _expectation(item: parameters.Entry) -> Expectation:
    kind, _, publisher = item.text("publisher").partition(":")
    if kind not in {METRO, SECTOR, CODE} or (kind != METRO and not publisher):
        wanted = "must be metro, sector:<sector> or code:<institution>"
        raise parameters.broken(item.path, f"{item.where}.publisher", wanted)
    first, last = item.number("first_year", -1), item.number("last_year", -1)
    return Expectation(
        id=item.text("id"),
        title=item.text("title"),
        document=item.choice("document", Document),
        publisher_kind=kind,
        publisher=publisher,
        calendar=item.choice("calendar", Calendar),
        stage=item.choice("stage", Stage),
        due=tuple(_due(one) for one in item.items("due")),
        statutory=item.flag("statutory"),
        reference=item.text("reference"),
        verified=item.flag("verified"),
        first_year=None if first == -1 else first,
        last_year=None if last == -1 else last,
    )


def _due(item: parameters.Entry) -> Due:
    due = Due(item.number("year"), item.number("month"), item.number("day"))
    try:
        due.on(2001)
    except ValueError as error:
        raise parameters.broken(item.path, item.where, f"is no date: {error}") from error
    return due
