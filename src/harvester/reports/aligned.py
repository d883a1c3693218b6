"""Indicators and findings: rows for a report, with the words of their declarations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harvester.alignment.indicators import INDICATORS
from harvester.domain.periods import Calendar, FinancialYear
from harvester.reports import words
from harvester.rules import forums
from harvester.wheat.detectors import DETECTORS

if TYPE_CHECKING:
    import datetime as dt

    from harvester.reports.view import Books

BY_WEIGHT = "CASE severity WHEN 'high' THEN 0 WHEN 'medium' THEN 1 ELSE 2 END"
"""Findings rank by severity, then by rand at stake."""

_INDICATORS = """
SELECT indicator, year, value, low, high, bound_low, bound_high,
       numerator, denominator, unknown, items FROM indicators
WHERE metro = $metro AND sphere = 'all' ORDER BY indicator, year
"""

_FINDINGS = f"""
SELECT * FROM findings WHERE $metro = '' OR metro = $metro
ORDER BY {BY_WEIGHT}, rand_cents DESC NULLS LAST, finding_id LIMIT $most
"""

_KINDS = """
SELECT detector, count(*) AS findings, sum(rand_cents)::BIGINT AS cents,
  count(*) FILTER (WHERE severity = 'high') AS high,
  count(*) FILTER (WHERE rand_cents IS NULL) AS without_amount
FROM findings WHERE $metro = '' OR metro = $metro
GROUP BY detector ORDER BY cents DESC NULLS LAST, detector
"""

_EVIDENCE = f"""
WITH shown AS (
  SELECT finding_id, undertaking_id FROM findings WHERE $metro = '' OR metro = $metro
  ORDER BY {BY_WEIGHT}, rand_cents DESC NULLS LAST, finding_id LIMIT $most
)
SELECT e.*, coalesce(m.undertaking_id, shown.undertaking_id) AS undertaking_id FROM evidence e
JOIN shown USING (finding_id) LEFT JOIN memberships m ON m.entry_id = e.entry_id
ORDER BY e.finding_id, e.n
"""


def indicators(books: Books, metro: str, as_at: dt.date | None) -> list[dict[str, Any]]:
    """Every declared indicator with its values by municipal year, and the year that is shown.

    Shown is the municipal year the harvest is judged in; where that has no value the latest one
    before it that has, else the first after it. An indicator without any value is unknown.
    """
    now = FinancialYear.containing(as_at, Calendar.MUNICIPAL).label if as_at else ""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in books.rows(_INDICATORS, metro=metro or "all"):
        found.setdefault(row["indicator"], []).append(row)
    return [
        {
            "id": declared.id, "name": declared.name, "question": declared.question,
            "formula": declared.formula, "unit": declared.unit, "reading": declared.reading,
            "source": declared.source, "higher_is_better": declared.higher_is_better,
            "scale": declared.scale,
            "years": found.get(declared.id, []), "shown": _shown(found.get(declared.id, []), now),
        }
        for declared in INDICATORS
    ]  # fmt: skip


def _shown(years: list[dict[str, Any]], now: str) -> dict[str, Any] | None:
    valued = [row for row in years if row["value"] is not None]
    before = [row for row in valued if not now or row["year"] <= now]
    if before:
        return before[-1]
    return valued[0] if valued else (years[-1] if years else None)


def finding_kinds(books: Books, metro: str) -> list[dict[str, Any]]:
    """One row for each detector that found something: count and rand at stake, most first."""
    declared = {detector.id: detector for detector in DETECTORS}
    rows = books.rows(_KINDS, metro=metro)
    for row in rows:
        detector = declared.get(row["detector"])
        row["title"] = detector.title if detector else row["detector"]
        row["question"] = detector.question if detector else ""
    return rows


def findings(books: Books, metro: str, most: int) -> list[dict[str, Any]]:
    """The ``most`` weightiest findings, ranked, each with its evidence cells."""
    cells: dict[str, list[dict[str, Any]]] = {}
    for cell in books.rows(_EVIDENCE, metro=metro, most=most):
        cells.setdefault(cell["finding_id"], []).append(cell)
    rows = books.rows(_FINDINGS, metro=metro, most=most)
    book = forums.load()
    for row in rows:
        row["evidence"] = cells.get(row["finding_id"], [])
        row["who"] = words.listed(row["parties"])
        row["forum_name"] = book.name(row["forum"])
        row["offering_name"] = words.OFFERINGS.get(row["offering"], row["offering"])
    return rows
