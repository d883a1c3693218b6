"""Undertakings: the list, and everything known of one."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from harvester.domain.documents import Document
from harvester.engine.schema.links import in_words
from harvester.linkage.identity import asked
from harvester.linkage.identity.redirects import Redirect
from harvester.linkage.relations import said
from harvester.web import labels
from harvester.web.queries.lists import Box, Choice, Column, Listing, Search

if TYPE_CHECKING:
    from harvester.linkage.identity.redirects import Resolved
    from harvester.web.harvest_store import Row, Tables
    from harvester.web.queries.lists import Options

MOST_ENTRIES = 200
MOST_LINES = 4_000
MOST_LINKS = 100
MOST_FINDINGS = 100
MOST_RELATED = 100
MOST_WORDS = 8


def functions_used(tables: Tables) -> Options:
    """Functions that any undertaking has, in words."""
    rows = tables.rows('SELECT DISTINCT "function" AS code FROM undertakings')
    return sorted(
        ((r["code"], labels.function(r["code"])) for r in rows), key=lambda o: o[1].lower()
    )


def owners_used(tables: Tables) -> Options:
    """Owners that any undertaking has, in words."""
    rows = tables.rows("SELECT DISTINCT owner AS code FROM undertakings")
    found = ((r["code"], labels.institution(r["code"])) for r in rows)
    return sorted(found, key=lambda o: o[1].lower())


def spheres(_: Tables) -> Options:
    """The spheres."""
    return [(code, code) for code in [*labels.SPHERES, labels.UNKNOWN]]


def documents(_: Tables) -> Options:
    """Kinds of document an undertaking can be in."""
    return [(c, w) for c, w in labels.DOCUMENTS if c != Document.AREAS]


def place_classes(_: Tables) -> Options:
    """The place classes."""
    return [(str(c), w) for c, w in labels.PLACE_CLASSES.items()]


PROJECTS = Listing(
    name="projects",
    source="undertakings u",
    columns=(
        Column("undertaking_id", "Id", "u.undertaking_id"),
        Column("name", "Project", "u.name"),
        Column("metro", "Metro", "u.metro"),
        Column("sphere", "Sphere", "u.sphere"),
        Column("owner", "Owner", "u.owner"),
        Column("function", "Function", 'u."function"'),
        Column("documents", "Documents", "u.documents"),
        Column("institutions", "Named by", "u.institutions", sort=False),
        Column("entries", "Rows", "u.entries", "number"),
        Column("first_year", "From", "u.first_year", "year"),
        Column("last_year", "To", "u.last_year", "year"),
        Column("amount", "Plan money", "u.amount_cents", "rand"),
        Column("place_class", "Place", "u.place_class"),
        Column("longitude", "Longitude", "u.longitude", "number", sort=False),
        Column("latitude", "Latitude", "u.latitude", "number", sort=False),
        Column("confidence", "Link sure", "u.confidence", "share"),
    ),
    filters=(
        Search(
            "q",
            "Name, id or code",
            "contains(lower(u.name || ' ' || u.undertaking_id), ?) OR u.undertaking_id IN ("
            "SELECT undertaking_id FROM search WHERE contains(words, ?)) OR u.undertaking_id IN ("
            "SELECT now_id FROM redirects WHERE contains(lower(undertaking_id), ?))",
        ),
        Choice("sphere", "Sphere", "u.sphere = ?", spheres),
        Choice("function", "Function", 'u."function" = ?', functions_used),
        Choice(
            "document",
            "In document",
            "contains(',' || u.documents || ',', ',' || ? || ',')",
            documents,
        ),
        Choice("owner", "Owner", "u.owner = ?", owners_used),
        Choice("place", "Place", "u.place_class = ?", place_classes),
        Box(
            "box",
            "Inside a square of the map",
            "u.longitude >= ? AND u.longitude < ? AND u.latitude >= ? AND u.latitude < ?",
        ),
    ),
    order="u.amount_cents DESC NULLS LAST",
    key="u.undertaking_id",
    metro_sql="u.metro = ?",
    first_sql="u.first_year",
    last_sql="u.last_year",
)


def project(tables: Tables, undertaking_id: str) -> Row | None:
    """One undertaking."""
    return tables.row("SELECT * FROM undertakings WHERE undertaking_id = ?", [undertaking_id])


def members(tables: Tables, undertaking_id: str) -> list[Row]:
    """Entries of an undertaking with their submission and how sure each is, at most 200."""
    ids = tables.rows(
        "SELECT entry_id, probability FROM memberships WHERE undertaking_id = ? "
        "ORDER BY entry_id LIMIT ?",
        [undertaking_id, MOST_ENTRIES],
    )
    sure = {row["entry_id"]: row["probability"] for row in ids}
    rows = tables.rows_by("entries", "entry_id", sure)
    rows.sort(key=lambda e: (e["publication_year"], e["document"], e["entry_id"]))
    files = tables.rows_by("submissions", "submission_id", {row["submission_id"] for row in rows})
    told = {file["submission_id"]: {name: file[name] for name in _OF_A_FILE} for file in files}
    return [
        {**row, **told[row["submission_id"]], "probability": sure[row["entry_id"]]} for row in rows
    ]


_OF_A_FILE = ("file", "financial_year", "calendar", "title")
"""What an entry's page tells of the submission it stands in."""


def lines_of(tables: Tables, entry_ids: list[str]) -> list[Row]:
    """Amounts of some entries, in the order of their months."""
    rows = tables.rows_by("lines", "entry_id", entry_ids)
    rows.sort(key=_by_month)
    return rows[:MOST_LINES]


def _by_month(line: Row) -> tuple[Any, ...]:
    """Order of amounts: of an entry, by month, those of no month first."""
    start = line["period_start"]
    return line["entry_id"], start is not None, start or dt.date.min, line["phase"], line["cell"]


def links_of(tables: Tables, entry_ids: list[str]) -> list[Row]:
    """Pairs among and around some entries, surest first, with their reasons and what they link."""
    either = [
        *tables.rows_by("links", "entry_a", entry_ids),
        *tables.rows_by("links", "entry_b", entry_ids),
    ]
    pairs = {(link["entry_a"], link["entry_b"]): link for link in either}
    found = sorted(
        pairs.values(), key=lambda k: (-k["joined"], -k["probability"], k["entry_a"], k["entry_b"])
    )[:MOST_LINKS]
    ends = {link[end] for link in found for end in ("entry_a", "entry_b")}
    named = {row["entry_id"]: row for row in tables.rows_by("entries", "entry_id", ends)}
    wordings = tables.rows_by("wordings", "wording", {link["wording"] for link in found})
    worded = {row["wording"]: row["reasons"] for row in wordings}
    return [
        {
            **link,
            "reasons": link.get("reasons") or in_words(worded.get(link["wording"], ""), link["figures"] or ""),
            **{
                f"{what}_{side}": named[link[f"entry_{side}"]][what]
                for side in ("a", "b")
                for what in ("name", "document")
            },
        }
        for link in found
    ]  # fmt: skip


def related_to(tables: Tables, undertaking_id: str) -> list[Row]:
    """Undertakings related to one, each with what this one is to it, surest first, at most 100."""
    rows = tables.rows(
        "SELECT r.kind, r.from_undertaking = ? AS forward, r.probability, r.decided, r.reasons, "
        "o.undertaking_id, o.name, o.owner, o.metro, o.amount_cents FROM relations r "
        "JOIN undertakings o ON o.undertaking_id = CASE WHEN r.from_undertaking = ? "
        "THEN r.to_undertaking ELSE r.from_undertaking END "
        "WHERE r.from_undertaking = ? OR r.to_undertaking = ? "
        "ORDER BY r.kind, r.probability DESC, o.name, o.undertaking_id LIMIT ?",
        [undertaking_id] * 4 + [MOST_RELATED],
    )
    return [{**row, "what": said(row["kind"], forward=row["forward"])} for row in rows]


def named(tables: Tables, asked_for: str, metro: str, most: int) -> list[Row]:
    """Undertakings whose name, id or codes have every word, those of a metro first, most money first."""
    words = asked_for.lower().split()[:MOST_WORDS]
    if not words:
        return []
    conditions = " AND ".join([_HAS_WORD] * len(words))
    return tables.rows(
        f"SELECT u.undertaking_id, u.name, u.metro, u.owner FROM undertakings u WHERE {conditions} "  # noqa: S608
        "ORDER BY u.metro = ? DESC, u.amount_cents DESC NULLS LAST, u.undertaking_id LIMIT ?",
        [value for word in words for value in (word, word)] + [metro, most],
    )


_HAS_WORD = (
    "(contains(lower(u.name || ' ' || u.undertaking_id), ?) OR u.undertaking_id IN "
    "(SELECT undertaking_id FROM search WHERE contains(words, ?)))"
)


def where_to(tables: Tables, undertaking_id: str) -> Resolved | None:
    """Where an id leads now; ``None`` for one that nobody gave out.

    Raises ``UserError`` for a mistyped id, naming the one that was likely meant.
    """
    wanted = asked.candidates(undertaking_id)
    rows = tables.rows(
        "SELECT * FROM redirects WHERE undertaking_id IN (SELECT unnest(?))", [wanted]
    )
    ends = [*wanted, *(row["now_id"] for row in rows)]
    named = tables.rows(
        "SELECT undertaking_id, name FROM undertakings WHERE undertaking_id IN (SELECT unnest(?))",
        [ends],
    )
    living = {row["undertaking_id"]: row["name"] for row in named}
    return asked.follow(undertaking_id, [Redirect(**row) for row in rows], living)


def parted_into(tables: Tables, undertaking_id: str) -> list[Row]:
    """What once stood under this id and is another project now."""
    return tables.rows(
        "SELECT u.undertaking_id, u.name FROM redirects r "
        "JOIN undertakings u ON u.undertaking_id = r.now_id WHERE r.undertaking_id = ? "
        "ORDER BY u.undertaking_id",
        [undertaking_id],
    )


def findings_of(tables: Tables, undertaking_id: str, entry_ids: list[str]) -> list[Row]:
    """Findings about an undertaking or that rest on its entries, most at stake first."""
    resting = {row["finding_id"] for row in tables.rows_by("evidence", "entry_id", entry_ids)}
    return tables.rows(
        "SELECT * FROM findings WHERE undertaking_id = ? OR finding_id IN (SELECT unnest(?)) "
        "ORDER BY rand_cents DESC NULLS LAST, finding_id LIMIT ?",
        [undertaking_id, sorted(resting), MOST_FINDINGS],
    )


def cells_of(tables: Tables, submission_ids: list[str]) -> dict[tuple[str, str], Row]:
    """Which column gave which field: (submission, field) to its column."""
    rows = tables.rows(
        'SELECT * FROM columns WHERE submission_id IN (SELECT unnest(?)) ORDER BY field, "column"',
        [submission_ids],
    )
    found: dict[tuple[str, str], Row] = {}
    for row in rows:
        found.setdefault((row["submission_id"], row["field"]), row)
    return found


def entry(tables: Tables, entry_id: str) -> Row | None:
    """One entry with its submission and undertaking."""
    return tables.row(
        "SELECT e.*, s.file, s.financial_year, s.calendar, s.title, m.undertaking_id, "
        "m.probability FROM entries e JOIN submissions s USING (submission_id) "
        "LEFT JOIN memberships m USING (entry_id) WHERE e.entry_id = ?",
        [entry_id],
    )


def problems_on(tables: Tables, submission_id: str, row: int) -> list[Row]:
    """Problems of one row of a submission."""
    return tables.rows(
        'SELECT * FROM problems WHERE submission_id = ? AND "row" = ? ORDER BY problem_id',
        [submission_id, row],
    )


def figures_fed(tables: Tables, entry_id: str) -> list[Row]:
    """Indicators that count an entry, and how."""
    return tables.rows(
        "SELECT indicator, metro, year, amount_cents, share, share_low, share_high "
        "FROM indicator_parts WHERE entry_id = ? ORDER BY indicator, year LIMIT 100",
        [entry_id],
    )
