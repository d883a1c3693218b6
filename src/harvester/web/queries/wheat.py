"""Findings: the list, and one with its evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harvester.rules import forums
from harvester.web import labels
from harvester.web.queries.lists import Choice, Column, Listing, Search
from harvester.wheat.detectors import DETECTORS

if TYPE_CHECKING:
    from harvester.web.harvest_store import Row, Tables
    from harvester.web.queries.lists import Options
    from harvester.web.scope import Scope

SEVERITY_ORDER = "CASE f.severity WHEN 'high' THEN 0 WHEN 'medium' THEN 1 ELSE 2 END"


def detectors_used(tables: Tables) -> Options:
    """Detectors with findings, in words."""
    rows = tables.rows("SELECT DISTINCT detector AS code FROM findings ORDER BY 1")
    return [(r["code"], f"{r['code']} {detector_title(r['code'])}") for r in rows]


def detector_title(code: str) -> str:
    """What a detector looks for, in a few words."""
    found = detector(code)
    return found.title if found else code


def detector(code: str) -> object | None:
    """The declaration of a detector."""
    return next((one for one in DETECTORS if one.id == code), None)


def functions_used(tables: Tables) -> Options:
    """Functions of findings, in words."""
    rows = tables.rows('SELECT DISTINCT "function" AS code FROM findings')
    return sorted(
        ((r["code"], labels.function(r["code"])) for r in rows), key=lambda o: o[1].lower()
    )


def parties_used(tables: Tables) -> Options:
    """Institutions that are party to a finding."""
    rows = tables.rows(
        "SELECT DISTINCT unnest(string_split(parties, ',')) AS code FROM findings WHERE parties <> ''"
    )
    found = ((r["code"], labels.institution(r["code"])) for r in rows)
    return sorted(found, key=lambda o: o[1].lower())


def severities(_: Tables) -> Options:
    """How bad."""
    return list(labels.SEVERITIES.items())


def offerings(_: Tables) -> Options:
    """Offerings of the processor."""
    return list(labels.OFFERINGS.items())


def spheres(_: Tables) -> Options:
    """The spheres."""
    return [(code, code) for code in labels.SPHERES]


FINDINGS = Listing(
    name="findings",
    source="findings f",
    columns=(
        Column("finding_id", "Id", "f.finding_id", sort=False),
        Column("detector", "Kind", "f.detector"),
        Column("severity", "How bad", "f.severity", by=SEVERITY_ORDER),
        Column("title", "Finding", "f.title"),
        Column("statement", "What is misaligned", "f.statement", sort=False),
        Column("metro", "Metro", "f.metro"),
        Column("year", "Year", "f.year"),
        Column("function", "Function", 'f."function"'),
        Column("parties", "Between", "f.parties", sort=False),
        Column("spheres", "Spheres", "f.spheres", sort=False),
        Column("rand", "Rand at stake", "f.rand_cents", "rand"),
        Column("rand_low", "At least", "f.rand_low_cents", "rand"),
        Column("rand_high", "At most", "f.rand_high_cents", "rand"),
        Column("people", "People in reach", "f.people", "number"),
        Column("confidence", "How sure", "f.confidence", "share"),
        Column("undertaking_id", "Project", "f.undertaking_id", sort=False),
        Column("offering", "Offering", "f.offering"),
        Column("forum", "Forum", "f.forum"),
    ),
    filters=(
        Search(
            "q", "Words", "contains(lower(f.title || ' ' || f.statement || ' ' || f.finding_id), ?)"
        ),
        Choice("detector", "Kind", "f.detector = ?", detectors_used),
        Choice("severity", "How bad", "f.severity = ?", severities),
        Choice("sphere", "Sphere", "contains(',' || f.spheres || ',', ',' || ? || ',')", spheres),
        Choice("function", "Function", 'f."function" = ?', functions_used),
        Choice(
            "party", "Party", "contains(',' || f.parties || ',', ',' || ? || ',')", parties_used
        ),
        Choice("offering", "Offering", "f.offering = ?", offerings),
    ),
    order=f"{SEVERITY_ORDER}, f.rand_cents DESC NULLS LAST",
    key="f.finding_id",
    metro_sql="f.metro = ?",
    year_sql="f.year",
    per_page=25,
)


def scope_where(scope: Scope) -> tuple[str, list[object]]:
    """WHERE for findings of a scope; a finding of no year is in every one."""
    clauses, values = ["TRUE"], []
    if scope.metro:
        clauses.append("metro = ?")
        values.append(scope.metro)
    if scope.first is not None or scope.last is not None:
        clauses.append("(year = '' OR year BETWEEN ? AND ?)")
        values += scope.labels_between()
    return " AND ".join(clauses), values


def summary(tables: Tables, scope: Scope) -> list[Row]:
    """Findings by detector: how many, rand at stake, how many are serious."""
    where, values = scope_where(scope)
    return tables.remember(
        ("findings summary", scope),
        lambda: tables.rows(
            "SELECT detector, count(*) AS n, sum(rand_cents)::BIGINT AS rand_cents, "  # noqa: S608
            "count(*) FILTER (WHERE severity = 'high') AS high FROM findings "
            f"WHERE {where} GROUP BY detector ORDER BY detector",
            values,
        ),
    )


def most_at_stake(tables: Tables, scope: Scope, most: int) -> list[Row]:
    """The findings with most rand at stake."""
    where, values = scope_where(scope)
    return tables.remember(
        ("most at stake", scope, most),
        lambda: tables.rows(
            f"SELECT * FROM findings f WHERE {where} "  # noqa: S608
            "ORDER BY rand_cents DESC NULLS LAST, finding_id LIMIT ?",
            [*values, most],
        ),
    )


def finding(tables: Tables, finding_id: str) -> Row | None:
    """One finding."""
    return tables.row("SELECT * FROM findings WHERE finding_id = ?", [finding_id])


def evidence(tables: Tables, finding_id: str) -> list[Row]:
    """Its cells, in order, each with the entry it stands in."""
    return tables.rows(
        "SELECT v.*, e.name AS entry_name, e.document, e.institution, m.undertaking_id "
        "FROM evidence v LEFT JOIN entries e USING (entry_id) "
        "LEFT JOIN memberships m USING (entry_id) WHERE v.finding_id = ? ORDER BY v.n",
        [finding_id],
    )


def forum(code: str) -> object | None:
    """The forum that can take a finding."""
    return forums.load().get(code)
