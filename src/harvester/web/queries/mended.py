"""Findings that are no longer there: the list, and one as it last stood."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from harvester.web import harvest_store, labels
from harvester.web.queries.lists import Choice, Column, Listing, Search
from harvester.web.queries.wheat import detector_title, scope_where, severities

if TYPE_CHECKING:
    from harvester.web.harvest_store import HarvestTables, Row, Tables
    from harvester.web.queries.lists import Options
    from harvester.web.scope import Scope

SEVERITY_ORDER = "CASE m.severity WHEN 'high' THEN 0 WHEN 'medium' THEN 1 ELSE 2 END"
CAUSES = {
    "submission": "a paper that came",
    "withdrawn": "a file withdrawn",
    "decision": "a decision on a link",
    "other": "a change of rules, program or day",
}
"""What mends a finding, in words."""


def detectors_used(tables: Tables) -> Options:
    """Detectors with mended findings, in words."""
    rows = tables.rows("SELECT DISTINCT detector AS code FROM mended ORDER BY 1")
    return [(r["code"], f"{r['code']} {detector_title(r['code'])}") for r in rows]


def parties_used(tables: Tables) -> Options:
    """Institutions that were party to a mended finding."""
    rows = tables.rows(
        "SELECT DISTINCT unnest(string_split(parties, ',')) AS code FROM mended WHERE parties <> ''"
    )
    found = ((r["code"], labels.institution(r["code"])) for r in rows)
    return sorted(found, key=lambda o: o[1].lower())


def causes(_: Tables) -> Options:
    """What mended it."""
    return list(CAUSES.items())


MENDED = Listing(
    name="mended",
    source="mended m",
    columns=(
        Column("finding_id", "Id", "m.finding_id", sort=False),
        Column("detector", "Kind", "m.detector"),
        Column("severity", "How bad it was", "m.severity", by=SEVERITY_ORDER),
        Column("title", "Finding", "m.title"),
        Column("statement", "What was misaligned", "m.statement", sort=False),
        Column("metro", "Metro", "m.metro"),
        Column("year", "Year", "m.year"),
        Column("parties", "Between", "m.parties", sort=False),
        Column("rand", "Rand that was at stake", "m.rand_cents", "rand"),
        Column("seen_on", "Last seen", "m.seen_on", "day"),
        Column("mended_on", "Mended", "m.mended_on", "day"),
        Column("cause", "By", "m.cause"),
        Column("files", "Files that mended it", "m.files", sort=False),
        Column("submissions", "Submissions", "m.submissions", sort=False),
        Column("undertaking_id", "Project", "m.undertaking_id", sort=False),
    ),
    filters=(
        Search(
            "q",
            "Words",
            "contains(lower(m.title || ' ' || m.statement || ' ' || m.finding_id || ' ' || m.files), ?)",
        ),
        Choice("detector", "Kind", "m.detector = ?", detectors_used),
        Choice("severity", "How bad it was", "m.severity = ?", severities),
        Choice("cause", "Mended by", "m.cause = ?", causes),
        Choice(
            "party", "Party", "contains(',' || m.parties || ',', ',' || ? || ',')", parties_used
        ),
    ),
    order="m.mended_on DESC NULLS LAST, m.rand_cents DESC NULLS LAST",
    key="m.finding_id",
    metro_sql="m.metro = ?",
    year_sql="m.year",
    per_page=25,
)


def count(tables: Tables, scope: Scope) -> int:
    """How many findings of a scope have mended."""
    where, values = scope_where(scope)
    return tables.remember(
        ("mended", scope),
        lambda: tables.value(f"SELECT count(*) FROM mended WHERE {where}", values),  # noqa: S608
    )


def mended(tables: Tables, finding_id: str) -> Row | None:
    """One finding that is no longer there."""
    return tables.row("SELECT * FROM mended WHERE finding_id = ?", [finding_id])


def papers(tables: Tables, row: Row) -> list[Row]:
    """The submissions that mended it: id, file, document, publisher, year.

    One that is itself no longer in service has its file name alone.
    """
    files = str(row["files"]).split("; ")
    listed = [one for one in str(row["submissions"]).split(",") if one]
    found = []
    for n, submission_id in enumerate(listed):
        known = tables.row("SELECT * FROM submissions WHERE submission_id = ?", [submission_id])
        name = files[n] if len(files) == len(listed) else str(row["files"])
        found.append(known or {"submission_id": "", "file": name})
    return found


def last_shown(tables: HarvestTables, finding_id: str) -> tuple[str, list[Row]] | None:
    """The last harvest that is kept and has the finding, and the cells it rested on there.

    A cell's entry and submission are named where the harvest in service still has them. ``None``
    where no such harvest is kept.
    """
    return tables.remember(("last shown", finding_id), lambda: _last_shown(tables, finding_id))


def _last_shown(tables: HarvestTables, finding_id: str) -> tuple[str, list[Row]] | None:
    store = harvest_store.granary()
    runs = store.runs()
    earlier = runs[: runs.index(tables.run)] if tables.run in runs else []
    only = [("finding_id", "=", finding_id)]
    for run in reversed(earlier):
        harvest = store.harvest(run)
        if harvest is None or not harvest.path("findings").exists():
            continue
        if not pq.read_table(
            harvest.path("findings"), columns=["finding_id"], filters=only
        ).num_rows:
            continue
        cells = pq.read_table(harvest.path("evidence"), filters=only).sort_by("n").to_pylist()
        return run, [_still(tables, cell) for cell in cells]
    return None


def _still(tables: Tables, cell: Row) -> Row:
    """A cell, with the name of its entry and its submission's id only where they are still here."""
    entry = tables.row("SELECT name, document FROM entries WHERE entry_id = ?", [cell["entry_id"]])
    here = tables.row("SELECT 1 FROM submissions WHERE submission_id = ?", [cell["submission_id"]])
    return {
        **cell,
        "entry_id": cell["entry_id"] if entry else "",
        "entry_name": entry["name"] if entry else "",
        "document": entry["document"] if entry else "",
        "submission_id": cell["submission_id"] if here else "",
    }
