"""The vertical cascade of one municipality: from national outcome to budget line, rung by rung.

Outcomes (NDP chapter, MTSF outcome or priority, IUDF goal) hold what departments promise (five-year
strategic plans, annual performance plans) and the undertakings that serve them. Each undertaking has
four rungs: the plan it comes from (infrastructure plan of a department, BEPP pipeline of the
municipality), its owner's project list, the municipality's IDP with its objective, and the budget
line. A rung that was read and holds nothing is a gap; one that was not read is unknown; one nobody
asks of that owner is not asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harvester.domain.money import format_rand_short
from harvester.domain.periods import parse_year_label
from harvester.reports import words
from harvester.reports.statements.cascade.rungs import (
    BY_FUNCTION,
    BY_TARGET,
    GAP,
    NO_OUTCOME,
    RUNG_WORDS,
    RUNGS,
    STATED,
    UNREAD,
    could_trace,
    money_of,
    traced,
    undertakings_of,
)  # fmt: skip
from harvester.reports.statements.cascade.tables import (
    counted,
    crosswalk_table,
    outcome_table,
    outcomes_of,
    target_state,
    target_table,
    undertaking_table,
)  # fmt: skip
from harvester.reports.statements.source import harvest_words
from harvester.reports.statements.statement import Law, Row, Statement
from harvester.rules import crosswalk

if TYPE_CHECKING:
    from harvester.reports.statements.source import Source

KIND = "cascade"

_TARGETS = """
SELECT t.*, coalesce(h.undertakings, 0) AS here, h.cents AS here_cents
FROM targets t
LEFT JOIN (
  SELECT target_entry, count(DISTINCT undertaking_id) AS undertakings,
    sum(amount_cents)::BIGINT AS cents
  FROM target_works WHERE metro = $metro GROUP BY target_entry
) h ON h.target_entry = t.entry_id
WHERE (t.province = $province OR t.sphere = 'national' OR h.undertakings > 0)
  AND t.metro IN ('unknown', $metro)
  AND (t.year = $year OR (t.level = 'strategic' AND t.year <= $year AND t.year >= $since))
ORDER BY t.owner, t.level DESC, t.code, t.name, t.entry_id
"""

_PROVINCE = "SELECT min(province) AS province FROM undertakings WHERE metro = $metro"
_SEASONS = """
SELECT DISTINCT e.publication_year AS year FROM entries e
WHERE ($metro = '' OR e.metro = $metro) AND e.publication_year <> 'unknown'
  AND e.document IN ('idp', 'budget')
"""
_YEARS_OF_A_STRATEGIC_PLAN = 5


def seasons_of(source: Source, metro: str) -> list[str]:
    """Seasons of which an IDP or budget of a municipality (empty: any) was read, latest first."""
    return sorted((row["year"] for row in source.rows(_SEASONS, metro=metro)), reverse=True)


def cascade(source: Source, metro: str, year: str = "") -> Statement:
    """The cascade of one municipality in one season (the latest its IDP or budget was read for).

    ``verdict`` is ``known``, or ``unknown`` where nothing of the season was read.
    """
    year = year or next(iter(seasons_of(source, metro)), "")
    province = source.rows(_PROVINCE, metro=metro)[0]["province"] or "unknown"
    start = parse_year_label(year)
    first = (start or 0) - _YEARS_OF_A_STRATEGIC_PLAN + 1
    since = f"{first}/{(first + 1) % 100:02d}"
    targets = source.rows(_TARGETS, metro=metro, year=year, since=since, province=province)
    undertakings = undertakings_of(source, metro, year)
    outcomes = outcomes_of(undertakings, targets)
    named = bool(undertakings or targets)
    return Statement(
        kind=KIND,
        title="Vertical cascade: from national outcome to budget line",
        metro=metro,
        year=year,
        finding=_finding(metro, year, undertakings, targets),
        verdict="known" if named else "unknown",
        law=[_law()],
        used=_used(year, undertakings),
        missing=_missing(undertakings),
        tables=[
            outcome_table(outcomes, undertakings, targets),
            undertaking_table(undertakings),
            target_table(targets),
            crosswalk_table(outcomes),
        ],
        harvest=harvest_words(source),
    )


def _law() -> Law:
    head = crosswalk.load().head
    return Law(head.reference, f"Crosswalk: {head.source}.", head.verified)


def _finding(metro: str, year: str, undertakings: list[Row], targets: list[Row]) -> str:
    place = words.institution(metro)
    if not undertakings:
        return f"{place}: no undertaking of {year or 'any year'} was read to trace"
    whole = [row for row in undertakings if traced(row)]
    cents = sum(money_of(row) or 0 for row in whole)
    every = sum(money_of(row) or 0 for row in undertakings)
    told = (
        f"{place}, {year}: {words.whole(len(whole))} of {words.counted(len(undertakings), 'undertaking')} "
        f"trace from a national outcome down to a budget line, {format_rand_short(cents)} of "
        f"{format_rand_short(every)}"
    )
    untold = sum(not traced(row) and could_trace(row) for row in undertakings)
    if untold:
        told += f"; of {words.counted(untold, 'other')} it cannot be told, for a rung was not read"
    gaps = counted(undertakings, GAP)
    told += f"; {words.counted(gaps, 'gap')}"
    bare = sum(target_state(row) == "nothing behind it" for row in targets)
    return told + (f"; {words.counted(bare, 'target')} with nothing behind" if bare else "")


def _used(year: str, undertakings: list[Row]) -> list[str]:
    told = [
        f"Rungs: {', '.join(RUNG_WORDS.values())}, all of {year or 'no season'}.",
        f"Strategic plans of up to {_YEARS_OF_A_STRATEGIC_PLAN} years before.",
        "Money of an undertaking: of its furthest rung that says any, all years of that paper.",
    ]
    known = {
        basis: sum(r["basis"] == basis for r in undertakings)
        for basis in (STATED, BY_TARGET, BY_FUNCTION)
    }
    told.append(
        "Outcome of an undertaking: "
        + ", ".join(f"{n} {basis}" for basis, n in known.items())
        + "."
    )
    return told


def _missing(undertakings: list[Row]) -> list[str]:
    told = []
    for rung in RUNGS:
        unread = [row for row in undertakings if row[f"{rung}_state"] == UNREAD]
        owners = sorted({words.institution(row["owner"]) for row in unread})
        if unread:
            named = ", ".join(owners[:4]) + (
                f" and {len(owners) - 4} more" if len(owners) > 4 else ""
            )
            told.append(
                f"{RUNG_WORDS[rung]}: not read for {words.counted(len(unread), 'undertaking')} of {named}."
            )
    nowhere = sum(row["outcome"] == NO_OUTCOME for row in undertakings)
    if nowhere:
        told.append(f"Outcome: not known of {words.counted(nowhere, 'undertaking')}.")
    return told
