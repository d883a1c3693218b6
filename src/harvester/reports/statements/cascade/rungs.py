"""Undertakings of a season rung by rung, and the outcome each serves."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from harvester.domain.documents import Document
from harvester.domain.periods import parse_year_label
from harvester.rules import codes, crosswalk

if TYPE_CHECKING:
    from harvester.reports.statements.source import Source
    from harvester.reports.statements.statement import Row

FOUND, GAP, UNREAD, NOT_ASKED = "found", "gap", "unknown", "not asked"
"""States of a rung."""

RUNGS = ("plan", "list", "idp", "budget")
RUNG_WORDS = {
    "plan": "Infrastructure plan or pipeline", "list": "Owner's project list",
    "idp": "IDP objective", "budget": "Budget line",
}  # fmt: skip
NO_OUTCOME = "unknown"
STATED, BY_TARGET, BY_FUNCTION, NOWHERE = "stated", "by target", "by function", "not known"
"""How an undertaking came to its outcome."""

_MUNICIPAL = {
    "plan": Document.PIPELINE, "list": None, "idp": Document.IDP, "budget": Document.BUDGET,
}  # fmt: skip
_LISTS = {
    "provincial": Document.PROVINCIAL_PROJECTS,
    "national": Document.NATIONAL_PROJECTS,
    "entity": Document.AGENCY_PROJECTS,
}

# What an entry of the season says of its undertaking in this municipality.
_APPEARANCES = """
SELECT m.undertaking_id, u.name, u.owner, u.sphere, u."function", e.document,
  min(e.entry_id) AS entry_id, sum(e.amount_cents)::BIGINT AS cents,
  string_agg(DISTINCT nullif(e.objective_text, ''), '; ' ORDER BY nullif(e.objective_text, ''))
    AS objective,
  min(nullif(nullif(e.outcome_mtsf, 'unknown'), '')) AS outcome,
  min(nullif(nullif(e.outcome_iudf, 'unknown'), '')) AS goal,
  bool_or(e.entry_id IN (SELECT entry_id FROM lines WHERE phase = 'budget')) AS budgeted
FROM entries e
JOIN memberships m USING (entry_id)
JOIN undertakings u USING (undertaking_id)
WHERE u.metro = $metro AND e.publication_year = $year
  AND e.document IN ('pipeline', 'idp', 'budget', 'provincial_projects', 'national_projects',
                     'agency_projects', 'infrastructure_plan')
GROUP BY m.undertaking_id, u.name, u.owner, u.sphere, u."function", e.document
ORDER BY u.name, m.undertaking_id, e.document
"""

_READ = """
SELECT DISTINCT document, institution AS who FROM submissions WHERE financial_year = $year
UNION
SELECT DISTINCT document, owner AS who FROM entries
WHERE publication_year = $year AND owner <> 'unknown'
"""

_BY_TARGET = """
SELECT w.undertaking_id, min(t.outcome_mtsf) AS outcome
FROM target_works w JOIN targets t ON t.entry_id = w.target_entry
WHERE w.metro = $metro AND t.outcome_mtsf NOT IN ('', 'unknown') AND w.undertaking_id <> ''
GROUP BY w.undertaking_id
"""


def in_force(scheme: str, code: str, year: str) -> bool:
    """Whether an outcome's framework holds in the municipal year; always where it has no dates."""
    known = codes.load("mtsf_outcomes").get(code) if scheme == "mtsf" else None
    start = parse_year_label(year)
    if known is None or start is None:
        return True
    day = f"{start}-07-01"
    return known.extra.get("from", "") <= day <= known.extra.get("to", "~")


@cache
def _of_function(function: str, year: str) -> str:
    """The outcome a function serves in that year by the crosswalk, or unknown."""
    found = [
        one.of_code
        for one in crosswalk.load().references
        if one.of_scheme == "mtsf" and (one.scheme, one.code) == ("function", function)
    ]
    return next((code for code in found if in_force("mtsf", code, year)), NO_OUTCOME)


def undertakings_of(source: Source, metro: str, year: str) -> list[Row]:
    """One row for each undertaking of the season, with the state and money of each rung."""
    read = {(row["document"], row["who"]) for row in source.rows(_READ, year=year)}
    targeted = {r["undertaking_id"]: r["outcome"] for r in source.rows(_BY_TARGET, metro=metro)}
    grouped: dict[str, list[Row]] = {}
    for row in source.rows(_APPEARANCES, metro=metro, year=year):
        grouped.setdefault(row["undertaking_id"], []).append(row)
    found = []
    for undertaking, rows in grouped.items():
        first = rows[0]
        told: Row = {name: first[name] for name in ("undertaking_id", "name", "owner", "sphere")}
        told["function"] = first["function"]
        told["objective"] = next((r["objective"] for r in rows if r["objective"]), "") or ""
        told["goal"] = next((r["goal"] for r in rows if r["goal"]), "") or ""
        told["outcome"], told["basis"] = _outcome(rows, targeted.get(undertaking), year)
        told |= _rungs(rows, first, metro, read)
        found.append(told)
    return found


def _outcome(rows: list[Row], targeted: str | None, year: str) -> tuple[str, str]:
    """The outcome an undertaking serves and how we know: its own papers win, then a target it stands
    behind, then what its function serves."""
    stated = next((row["outcome"] for row in rows if row["outcome"]), None)
    if stated:
        return stated, STATED
    if targeted:
        return targeted, BY_TARGET
    by_function = _of_function(rows[0]["function"], year)
    return (by_function, BY_FUNCTION) if by_function != NO_OUTCOME else (NO_OUTCOME, NOWHERE)


def _rungs(rows: list[Row], first: Row, metro: str, read: set[tuple[str, str]]) -> Row:
    """State and money of the four rungs."""
    here = {row["document"]: row for row in rows}
    municipal = first["sphere"] in {"local", "unknown"} and first["owner"] in {metro, "unknown"}
    told: Row = {}
    for rung in RUNGS:
        document = _document(rung, first["sphere"], municipal=municipal)
        row = here.get(document.value) if document else None
        if rung == "budget" and not municipal and not (row and row["budgeted"]):
            # Another sphere's project may be paid out of the municipality's own budget.
            row = here.get(Document.BUDGET.value)
        by_metro = municipal or rung == "idp"
        who = metro if by_metro else first["owner"]
        if document is None:
            state = NOT_ASKED
        elif row is not None:
            state = FOUND
        else:
            state = GAP if (document.value, who) in read else UNREAD
        told[f"{rung}_state"], told[f"{rung}_cents"] = state, row["cents"] if row else None
        told[f"{rung}_entry"] = row["entry_id"] if row else ""
    return told


def _document(rung: str, sphere: str, *, municipal: bool) -> Document | None:
    """The document in which a rung is looked for; none where it is not asked of that owner."""
    if municipal:
        return _MUNICIPAL[rung]
    if rung == "idp":
        return Document.IDP
    if rung == "plan":
        return Document.INFRASTRUCTURE_PLAN
    return _LISTS.get(sphere)


def money_of(row: Row) -> int | None:
    """An undertaking's money: of its furthest rung that says any."""
    return next((row[f"{r}_cents"] for r in reversed(RUNGS) if row[f"{r}_cents"] is not None), None)


def traced(row: Row) -> bool:
    """Whether it goes from an outcome down every rung that is asked of it."""
    return row["outcome"] != NO_OUTCOME and all(
        row[f"{rung}_state"] in {FOUND, NOT_ASKED} for rung in RUNGS
    )


def could_trace(row: Row) -> bool:
    """Whether nothing read speaks against it: an outcome, and no gap on any rung."""
    return row["outcome"] != NO_OUTCOME and all(row[f"{rung}_state"] != GAP for rung in RUNGS)
