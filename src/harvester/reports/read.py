"""What was read, what is wrong with it, and who has not submitted: rows for a report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harvester.domain.documents import Document
from harvester.reports import words

if TYPE_CHECKING:
    import datetime as dt

    from harvester.reports.view import Books

IN_SCOPE = """
WITH mine AS (
  SELECT submission_id, count(*) AS rows_here FROM entries
  WHERE $metro = '' OR metro = $metro GROUP BY submission_id
),
scope AS (
  SELECT s.*, coalesce(m.rows_here, 0) AS rows_here, coalesce(s.institution = $metro, false) AS own
  FROM submissions s LEFT JOIN mine m USING (submission_id)
  WHERE $metro = '' OR s.institution = $metro OR m.rows_here > 0
)
"""
"""Submissions about a municipality: its own, and those with a row in it. All, where ``$metro``
is empty."""

PROBLEMS_IN_SCOPE = f"""{IN_SCOPE},
here AS (SELECT DISTINCT submission_id, "row" FROM entries WHERE metro = $metro),
found AS (
  SELECT p.*, s.file, s.institution, s.document FROM problems p
  JOIN scope s USING (submission_id)
  LEFT JOIN here ON here.submission_id = p.submission_id AND here."row" = p."row"
  WHERE $metro = '' OR s.own OR p."row" IS NULL OR here."row" IS NOT NULL
)
"""
"""Problems of those submissions: of the whole sheet, and of rows about the municipality."""

BY_SEVERITY = "CASE severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END"

_KINDS = f"""{PROBLEMS_IN_SCOPE}
SELECT code, severity, count(*) AS problems, count(DISTINCT submission_id) AS submissions,
  arg_min(message, problem_id) AS message, arg_min(mend, problem_id) AS mend,
  arg_min(file, problem_id) AS file, arg_min(sheet, problem_id) AS sheet,
  arg_min(CASE WHEN "row" IS NULL THEN "column" WHEN "column" = '' THEN 'row ' || "row"
               ELSE "column" || "row" END, problem_id) AS cell,
  arg_min(value, problem_id) AS value
FROM found GROUP BY code, severity
ORDER BY {BY_SEVERITY}, problems DESC, code
"""

_BY_SUBMISSION = f"""{PROBLEMS_IN_SCOPE}
SELECT submission_id, count(*) FILTER (WHERE severity = 'error') AS errors,
  count(*) FILTER (WHERE severity = 'warning') AS warnings
FROM found GROUP BY submission_id
"""

_COVERAGE = """
SELECT institution, document, year, due_on, state, rule, min(received) AS received,
  string_agg(DISTINCT metro, ', ' ORDER BY metro) AS metros
FROM coverage WHERE $metro = '' OR metro = $metro
GROUP BY institution, document, year, due_on, state, rule
ORDER BY due_on NULLS LAST, institution, document, year
"""

_ORDER = {document.value: n for n, document in enumerate(Document)}


def submissions(books: Books, metro: str, as_at: dt.date | None) -> list[dict[str, Any]]:
    """One row for each submission in scope, in the order of the landing ladder.

    ``rows_here`` counts its rows about the municipality; ``errors`` and ``warnings`` its problems
    there.
    """
    wrong = {r["submission_id"]: r for r in books.rows(_BY_SUBMISSION, metro=metro)}
    rows = books.rows(f"{IN_SCOPE} SELECT * FROM scope", metro=metro)
    for row in rows:
        mine = wrong.get(row["submission_id"], {})
        row["errors"], row["warnings"] = mine.get("errors", 0), mine.get("warnings", 0)
        row["publisher"] = _publisher(row)
        row["sphere"] = words.sphere_of(row["institution"])
        row["paper"] = words.document(row["document"])
        row["age"] = words.age(row["published_on"], as_at)
    return sorted(
        rows,
        key=lambda r: (
            _ORDER.get(r["document"], len(_ORDER)), r["publisher"], r["financial_year"],
            r["file"], r["submission_id"],
        ),
    )  # fmt: skip


def _publisher(row: dict[str, Any]) -> str:
    """Name of a publisher; of several in one list the first and how many more."""
    if row["institution"] != "unknown" or not row["institution_text"]:
        return words.institution(row["institution"])
    first, *others = (name.strip() for name in row["institution_text"].split(";"))
    return f"{first} and {words.counted(len(others), 'other')}" if others else first


def problem_kinds(books: Books, metro: str) -> list[dict[str, Any]]:
    """One row for each kind of problem in scope, worst first, with an example and its cell."""
    return books.rows(_KINDS, metro=metro)


def expected(books: Books, metro: str, as_at: dt.date | None) -> list[dict[str, Any]]:
    """Every expected submission with its state, earliest due first.

    For the country one row stands for all the metros it was expected for.
    """
    rows = books.rows(_COVERAGE, metro=metro)
    for row in rows:
        row["name"] = words.institution(row["institution"])
        row["sphere"] = words.sphere_of(row["institution"])
        row["paper"] = words.document(row["document"])
        late = row["state"] == "late" and as_at is not None and row["due_on"] is not None
        row["late_by"] = words.age(row["due_on"], as_at) if late else ""
    return rows
