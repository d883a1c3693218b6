"""Who was expected to give what for which metro, and what came."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from harvester.domain.documents import Document
from harvester.domain.periods import FinancialYear, parse_year_label
from harvester.engine import schema
from harvester.rules import expectations, institutions

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator

    from ibis.expr.types import Table as IbisTable

    from harvester.engine.engine import Engine

# One publisher makes these for the whole country; a list of that kind that does not say whose it
# is can be nobody else's.
_ONE_PUBLISHER = frozenset({Document.NATIONAL_PROJECTS, Document.ALLOCATIONS})

_Arrived = dict[tuple[str, str, str], set[str]]
"""Submission ids by (document, year label, institution)."""


def coverage(
    engine: Engine, submissions: IbisTable, entries: IbisTable, as_at: dt.date
) -> IbisTable:
    """``schema.COVERAGE``: every expectation in force × the eight metros × the years in scope.

    Years in scope are those of any submission of a kind that is expected at all: a performance
    report of another year asks nobody for a budget of that year. A submission is
    received when the institution published one of that document and year, or when a list of many
    owners holds an entry of that owner anywhere: a province's list with no project in the metro has
    still been received. Otherwise it is ``late`` once its due day lies before ``as_at``, else
    ``not_due``. Due days are the rules' (``rules/data/expectations.yaml``).
    """
    arrived = _arrived(engine, submissions, entries)
    asked = {str(rule.document) for rule in expectations.load()}
    labels = {label for document, label, _ in arrived if document in asked}
    starts = sorted({year for label in labels if (year := parse_year_label(label)) is not None})
    rows: dict[tuple[object, ...], dict[str, object]] = {}
    for row in _expected(arrived, starts, as_at):
        # Two rules may ask one institution for one document: the earlier due day stands.
        key = tuple(row[name] for name in schema.COVERAGE.key)
        if key not in rows or str(row["due_on"]) < str(rows[key]["due_on"]):
            rows[key] = row
    ordered = [rows[key] for key in sorted(rows, key=str)]
    return engine.table(schema.COVERAGE, schema.COVERAGE.from_rows(ordered))


def _expected(arrived: _Arrived, starts: list[int], as_at: dt.date) -> Iterator[dict[str, object]]:
    """One row for every rule in force, metro and year."""
    book = institutions.load()
    for rule, metro, start in product(expectations.load(), book.metros, starts):
        publisher = rule.publisher_for(metro, book)
        if publisher is None or not rule.in_force(start):
            continue
        year = FinancialYear(start, rule.calendar).label
        received = _received(arrived, rule.document, year, publisher)
        due = rule.due_on(start)
        yield {
            "institution": publisher,
            "document": str(rule.document),
            "metro": metro.code,
            "year": year,
            "due_on": due,
            "rule": rule.id,
            "received": ",".join(received),
            "state": "received" if received else ("late" if due < as_at else "not_due"),
        }


def _received(arrived: _Arrived, document: Document, year: str, publisher: str) -> list[str]:
    found = set(arrived.get((str(document), year, publisher), ()))
    if document in _ONE_PUBLISHER:
        found |= arrived.get((str(document), year, schema.UNKNOWN), set())
    return sorted(found)


def _arrived(engine: Engine, submissions: IbisTable, entries: IbisTable) -> _Arrived:
    """What came: by publisher, and in lists of many owners by owner."""
    owned = entries.select("document", "publication_year", "owner", "submission_id").distinct()
    papers = submissions.select("document", "financial_year", "institution", "submission_id")
    arrived: _Arrived = {}
    for rows in (engine.arrow(papers), engine.arrow(owned)):
        _gather(arrived, zip(*(column.to_pylist() for column in rows.columns), strict=True))
    return arrived


def _gather(arrived: _Arrived, rows: Iterable[tuple[str, str, str, str]]) -> None:
    for document, year, institution, submission in rows:
        arrived.setdefault((document, year, institution), set()).add(submission)
