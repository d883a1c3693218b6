"""Submissions: the list, one with its problems and entries, and who was expected to give what."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from harvester.web import labels
from harvester.web.queries.lists import Choice, Column, Listing, Search

if TYPE_CHECKING:
    from harvester.web.harvest_store import Row, Tables
    from harvester.web.queries.lists import Options
    from harvester.web.scope import Scope

PROBLEM_ORDER = "CASE p.severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END"
COUNTED = (
    "submissions s LEFT JOIN (SELECT submission_id, "
    "count(*) FILTER (WHERE severity = 'error') AS errors, "
    "count(*) FILTER (WHERE severity = 'warning') AS warnings, count(*) AS problems "
    "FROM problems GROUP BY submission_id) c USING (submission_id)"
)


def institutions_used(tables: Tables) -> Options:
    """Publishers of any submission, in words."""
    rows = tables.rows("SELECT DISTINCT institution AS code FROM submissions")
    found = ((r["code"], labels.institution(r["code"])) for r in rows)
    return sorted(found, key=lambda o: o[1].lower())


def documents(_: Tables) -> Options:
    """Kinds of document."""
    return list(labels.DOCUMENTS)


def stages(_: Tables) -> Options:
    """Stages of a document."""
    return list(labels.STAGES)


def severities(_: Tables) -> Options:
    """Severities of a problem."""
    return list(labels.PROBLEM_SEVERITIES.items())


def problem_kinds(tables: Tables) -> Options:
    """Kinds of problem that occur."""
    rows = tables.rows(
        "SELECT code, count(*) AS n FROM problems GROUP BY code ORDER BY n DESC, code"
    )
    return [(r["code"], r["code"].replace("_", " ").replace("-", " ")) for r in rows]


SUBMISSIONS = Listing(
    name="submissions",
    source=COUNTED,
    columns=(
        Column("submission_id", "Id", "s.submission_id", sort=False),
        Column("file", "File", "s.file"),
        Column("sheet", "Sheet", "s.sheet"),
        Column("institution", "From", "s.institution"),
        Column("institution_text", "From, as the file says", "s.institution_text", sort=False),
        Column("document", "Document", "s.document"),
        Column("financial_year", "Year", "s.financial_year"),
        Column("calendar", "Calendar", "s.calendar", sort=False),
        Column("stage", "Stage", "s.stage"),
        Column("published_on", "Published", "s.published_on", "day"),
        Column("entries", "Rows read", "s.entries", "number"),
        Column("lines", "Amounts", "s.lines", "number"),
        Column("rejected_rows", "Rows not read", "s.rejected_rows", "number"),
        Column("errors", "Errors", "coalesce(c.errors, 0)", "number"),
        Column("warnings", "Warnings", "coalesce(c.warnings, 0)", "number"),
        Column("problems", "Problems", "coalesce(c.problems, 0)", "number"),
        Column("sha256", "SHA-256", "s.sha256", sort=False),
        Column("reader_version", "Read by", "s.reader_version", sort=False),
    ),
    filters=(
        Search(
            "q", "File or title", "contains(lower(s.file || ' ' || s.sheet || ' ' || s.title), ?)"
        ),
        Choice("institution", "From", "s.institution = ?", institutions_used),
        Choice("document", "Document", "s.document = ?", documents),
        Choice("stage", "Stage", "s.stage = ?", stages),
    ),
    order="s.file, s.sheet",
    key="s.submission_id",
    metro_sql="s.institution = ? OR s.submission_id IN "
    "(SELECT submission_id FROM entries WHERE metro = ?)",
    year_sql="s.financial_year",
)

PROBLEMS = Listing(
    name="problems",
    source="problems p",
    columns=(
        Column("severity", "How bad", "p.severity", by=PROBLEM_ORDER),
        Column("sheet", "Sheet", "p.sheet"),
        Column("row", "Row", 'p."row"', "number"),
        Column("column", "Column", 'p."column"'),
        Column("header", "Heading", "p.header"),
        Column("value", "The cell says", "p.value"),
        Column("message", "What is wrong", "p.message"),
        Column("mend", "How to mend it", "p.mend"),
        Column("code", "Kind", "p.code"),
        Column("submission_id", "Submission", "p.submission_id", sort=False),
    ),
    filters=(
        Choice("severity", "How bad", "p.severity = ?", severities),
        Choice("kind", "Kind", "p.code = ?", problem_kinds),
        Search("q", "Words", "contains(lower(p.value || ' ' || p.message || ' ' || p.header), ?)"),
    ),
    order=f'{PROBLEM_ORDER}, p.sheet, p."row" NULLS FIRST, p."column"',
    key="p.problem_id",
)
"""Every problem of a harvest, or of one file just read."""

ENTRIES = Listing(
    name="entries",
    source="entries e LEFT JOIN memberships m USING (entry_id)",
    columns=(
        Column("row", "Row", 'e."row"', "number"),
        Column("name", "Name", "e.name"),
        Column("source_code", "Code", "e.source_code"),
        Column("owner", "Owner", "e.owner"),
        Column("metro", "Metro", "e.metro"),
        Column("function", "Function", 'e."function"'),
        Column("place_class", "Place", "e.place_class"),
        Column("amount", "Plan money", "e.amount_cents", "rand"),
        Column("entry_id", "Entry", "e.entry_id", sort=False),
        Column("undertaking_id", "Project", "m.undertaking_id", sort=False),
    ),
    filters=(Search("q", "Name or code", "contains(lower(e.name || ' ' || e.source_code), ?)"),),
    order='e."row"',
    key="e.entry_id",
)


def of_one(listing: Listing, submission_id: str) -> Listing:
    """A list of problems or entries, of one submission only."""
    letter = listing.source[listing.source.index(" ") + 1]
    return replace(listing, fixed=((f"{letter}.submission_id = ?", (submission_id,)),))


def submission(tables: Tables, submission_id: str) -> Row | None:
    """One submission."""
    return tables.row("SELECT * FROM submissions WHERE submission_id = ?", [submission_id])


def problem_counts(tables: Tables, submission_id: str) -> dict[str, int]:
    """Problems of a submission by severity."""
    rows = tables.rows(
        "SELECT severity, count(*) AS n FROM problems WHERE submission_id = ? GROUP BY severity",
        [submission_id],
    )
    return {row["severity"]: row["n"] for row in rows}


def columns_of(tables: Tables, submission_id: str) -> list[Row]:
    """Which column gave which field."""
    return tables.rows(
        'SELECT * FROM columns WHERE submission_id = ? ORDER BY length("column"), "column", field',
        [submission_id],
    )


def _coverage_where(scope: Scope) -> tuple[str, list[object]]:
    clauses, values = ["TRUE"], []
    if scope.metro:
        clauses.append("metro = ?")
        values.append(scope.metro)
    if scope.first is not None or scope.last is not None:
        clauses.append("year BETWEEN ? AND ?")
        values += scope.labels_between()
    return " AND ".join(clauses), values


def expected(tables: Tables, scope: Scope) -> Row:
    """How many submissions were due by now (``due``), and how many of them came (``came``)."""
    where, values = _coverage_where(scope)
    return tables.remember(
        ("expected", scope),
        lambda: tables.row(
            "SELECT count(*) FILTER (WHERE state <> 'not_due' OR received <> '') AS due, "  # noqa: S608
            "count(*) FILTER (WHERE received <> '') AS came, "
            "count(*) FILTER (WHERE state = 'not_due' AND received = '') AS later, "
            "count(DISTINCT institution) FILTER (WHERE state = 'late' AND received = '') AS silent "
            f"FROM coverage WHERE {where}",
            values,
        ),
    )


def missing(tables: Tables, scope: Scope, most: int) -> list[Row]:
    """Who has not given what was due, longest late first."""
    where, values = _coverage_where(scope)
    return tables.remember(
        ("missing", scope, most),
        lambda: tables.rows(
            "SELECT institution, document, min(due_on) AS due_on, count(DISTINCT metro) AS metros, "  # noqa: S608
            "max(year) AS year, min(metro) AS metro FROM coverage "
            f"WHERE state = 'late' AND received = '' AND {where} "
            "GROUP BY institution, document "
            "ORDER BY due_on NULLS LAST, metros DESC, institution, document LIMIT ?",
            [*values, most],
        ),
    )


def coverage(tables: Tables, scope: Scope, document: str) -> list[Row]:
    """Every expectation of the scope for one kind of document (or all)."""
    where, values = _coverage_where(scope)
    wanted = " AND document = ?" if document else ""
    return tables.rows(
        f"SELECT * FROM coverage WHERE {where}{wanted} "  # noqa: S608
        "ORDER BY institution, document, metro, year LIMIT 20000",
        [*values, *([document] if document else [])],
    )
