"""Links to settle, and what people decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harvester.engine.decision_log import Verdict
from harvester.web import labels
from harvester.web.queries.lists import Choice, Column, Listing, Search
from harvester.web.queries.projects import documents

if TYPE_CHECKING:
    from harvester.web.harvest_store import Row, Tables
    from harvester.web.queries.lists import Options
    from harvester.web.scope import Scope


def institutions_used(tables: Tables) -> Options:
    """Publishers of rows in the queue."""
    rows = tables.rows(
        "SELECT institution_a AS code FROM review UNION SELECT institution_b FROM review"
    )
    found = ((r["code"], labels.institution(r["code"])) for r in rows)
    return sorted(found, key=lambda o: o[1].lower())


def verdicts(_: Tables) -> Options:
    """What people can say."""
    return [(str(one), one.label) for one in Verdict]


def states(_: Tables) -> Options:
    """How a decision stands."""
    return list(labels.DECISION_STATES.items())


QUEUE = Listing(
    name="links-to-settle",
    source="review r",
    columns=(
        Column("rank", "Rank", "r.rank", "number"),
        Column("name_a", "One row", "r.name_a"),
        Column("name_b", "The other", "r.name_b"),
        Column("institution_a", "Said by", "r.institution_a", sort=False),
        Column("institution_b", "And by", "r.institution_b", sort=False),
        Column("document_a", "In", "r.document_a", sort=False),
        Column("document_b", "And in", "r.document_b", sort=False),
        Column("metro", "Metro", "r.metro"),
        Column("probability", "Sure", "r.probability", "share"),
        Column("joined", "Now joined", "r.joined"),
        Column("contradicted", "Contradicted", "r.contradicted"),
        Column("amount", "Plan money", "r.amount_cents", "rand"),
        Column("findings", "Findings", "r.findings", "number"),
        Column("detectors", "Kinds of finding", "r.detectors", sort=False),
        Column("value", "Worth settling", "r.value", "number"),
        Column("pairs", "Pairs that ask it", "r.pairs", "number", sort=False),
        Column("entry_a", "Row id", "r.entry_a", sort=False),
        Column("entry_b", "Other row id", "r.entry_b", sort=False),
        Column("undertaking_a", "Project", "r.undertaking_a", sort=False),
        Column("undertaking_b", "Other project", "r.undertaking_b", sort=False),
    ),
    filters=(
        Search("q", "Name or id", "contains(lower(concat_ws(' ', r.name_a, r.name_b, r.entry_a, r.entry_b, r.undertaking_a, r.undertaking_b)), ?)"),
        Choice("document", "In document", "r.document_a = ? OR r.document_b = ?", documents),
        Choice("institution", "Said by", "r.institution_a = ? OR r.institution_b = ?", institutions_used),
    ),
    order="r.rank",
    key="r.rank",
    metro_sql="r.metro = ?",
    per_page=25,
)  # fmt: skip

DECISIONS = Listing(
    name="decisions-on-links",
    source="decisions d",
    columns=(
        Column("at", "When", "d.at"),
        Column("actor", "Who", "d.actor"),
        Column("institution", "For", "d.institution"),
        Column("verdict", "Said", "d.verdict"),
        Column("state", "Stands", "d.state"),
        Column("name_a", "One row", "d.name_a"),
        Column("name_b", "The other", "d.name_b"),
        Column("reason", "Why", "d.reason", sort=False),
        Column("metro", "Metro", "d.metro"),
        Column("now_a", "Row now", "d.now_a", sort=False),
        Column("now_b", "Other row now", "d.now_b", sort=False),
        Column("entry_a", "Row then", "d.entry_a", sort=False),
        Column("entry_b", "Other row then", "d.entry_b", sort=False),
        Column("run", "Harvest looked at", "d.run"),
        Column("decision_id", "Id", "d.decision_id", sort=False),
    ),
    filters=(
        Search("q", "Words", "contains(lower(concat_ws(' ', d.name_a, d.name_b, d.actor, d.reason)), ?)"),
        Choice("state", "Stands", "d.state = ?", states),
        Choice("verdict", "Said", "d.verdict = ?", verdicts),
    ),
    order="d.at DESC",
    key="d.decision_id",
    metro_sql="d.metro = ? OR d.metro = 'unknown'",
)  # fmt: skip


def at_stake(tables: Tables, scope: Scope) -> Row | None:
    """How many links are to be settled in a scope, and their findings."""
    return tables.row(
        "SELECT count(*) AS n, count(*) FILTER (WHERE contradicted) AS contradicted, "
        "count(*) FILTER (WHERE amount_cents IS NULL) AS without_money "
        "FROM review WHERE ? = '' OR metro = ?",
        [scope.metro, scope.metro],
    )


def link(tables: Tables, one: str, other: str) -> Row | None:
    """The link between two entries."""
    return tables.row(
        "SELECT * FROM links_in_full WHERE entry_a = ? AND entry_b = ?", sorted((one, other))
    )


def following(
    tables: Tables, scope: Scope, one: str, other: str, decided: set[tuple[str, str]]
) -> Row | None:
    """The most valuable pair after this one that nobody has settled since the harvest."""
    a, b = sorted((one, other))
    rows = tables.rows(
        "SELECT * FROM review WHERE (? = '' OR metro = ?) ORDER BY rank LIMIT 2000",
        [scope.metro, scope.metro],
    )
    here = next((r["rank"] for r in rows if (r["entry_a"], r["entry_b"]) == (a, b)), 0)
    open_ones = [r for r in rows if (r["entry_a"], r["entry_b"]) not in decided | {(a, b)}]
    return next((r for r in open_ones if r["rank"] > here), open_ones[0] if open_ones else None)


def decisions_on(tables: Tables, one: str, other: str) -> list[Row]:
    """Decisions that speak of two entries now, latest first."""
    a, b = sorted((one, other))
    return tables.rows(
        "SELECT * FROM decisions WHERE (list_contains(string_split(now_a, ','), ?) AND "
        "list_contains(string_split(now_b, ','), ?)) OR (list_contains(string_split(now_a, ','), ?) "
        "AND list_contains(string_split(now_b, ','), ?)) ORDER BY decisions.at DESC, decision_id",
        [a, b, b, a],
    )
