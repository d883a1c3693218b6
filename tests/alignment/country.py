"""Small countries to test on, written as little tables.

A row is one entry; columns that are numbers are financial years, their cells R million of plan
money of that year (in the document's own calendar); `-` is no amount. Other columns:

    document   rung or list; with `by` and `season` it makes the submission
    by         publisher (default BUF)
    season     start year the document is about (default 2019)
    project    undertaking; rows of one project are linked
    owner      owner code (default: the publisher)
    p          probability that the row belongs to its project (default 1)

and any column of ENTRIES by its own name (days as `2019-07-01`; `published_on` is also that of
the submission).
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from harvester.engine import schema
from harvester.rules import institutions
from tests.links import tables_of as links_and_wordings

if TYPE_CHECKING:
    import pyarrow as pa

    from harvester.engine.engine import Engine

MILLION = 100_000_000
_MUNICIPAL = {"pipeline", "idp", "budget", "in_year"}
_PLANNED = {"pipeline", "idp", "infrastructure_plan", "agency_projects"}
_NUMBERS = {"longitude", "latitude", "units"}
_DAYS = {"start_date", "end_date", "published_on"}


def rows_of(text: str) -> list[dict[str, str]]:
    """The rows of an ASCII table; first line the headers, `|` between."""
    lines = [line for line in text.strip().splitlines() if line.strip()]
    split = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]
    return [dict(zip(split[0], cells, strict=True)) for cells in split[1:]]


def country(
    text: str,
    *,
    links: str = "",
    relations: str = "",
    areas: list[dict[str, object]] | None = None,
    places: list[dict[str, object]] | None = None,
    columns: tuple[str, ...] = (),
    coverage: list[dict[str, object]] | None = None,
    empty: tuple[str, ...] = (),
) -> dict[str, pa.Table]:
    """Tables of a harvest from an ASCII table of entries.

    ``links`` adds pairs (`a | b | probability`, with `joined` true where they were joined), ``relations`` relations of
    projects (`from | to | kind`); ``empty`` adds submissions
    without a row, as ``document:publisher:season``; ``columns`` adds fields every sheet has.
    """
    submissions: dict[str, dict[str, object]] = {}
    entries, lines, members = [], [], []
    for name in empty:
        _submission(submissions, *name.split(":"))
    for n, row in enumerate(rows_of(text), start=2):
        entry, own_lines = _entry(submissions, n, row)
        entries.append(entry)
        lines += own_lines
        members.append(
            {
                "entry_id": entry["entry_id"],
                "undertaking_id": row["project"],
                "probability": float(row.get("p") or 1),
            },
        )
    fields = {
        "name": "B",
        "longitude": "K",
        "latitude": "L",
        "zone_text": "M",
        "municipality_text": "N",
        "status_text": "O",
        "function_text": "C",
        "fund_text": "D",
        "owner_text": "E",
        "sphere_text": "F",
        "start_date": "G",
        "end_date": "I",
        "units": "J",
    } | dict.fromkeys(columns, "H")
    return {
        "submissions": schema.SUBMISSIONS.from_rows(list(submissions.values())),
        "columns": schema.COLUMNS.from_rows(
            [
                {"submission_id": s, "sheet": "Sheet1", "field": f, "column": c}
                for s in submissions
                for f, c in fields.items()
            ],
        ),
        "entries": schema.ENTRIES.from_rows(entries),
        "lines": schema.LINES.from_rows(lines),
        **links_and_wordings(_links(links)),
        "relations": schema.RELATIONS.from_rows(
            [
                {
                    "from_undertaking": row["from"],
                    "to_undertaking": row["to"],
                    "kind": row["kind"],
                    "probability": 0.9,
                    "reasons": "[]",
                }
                for row in (rows_of(relations) if relations else [])
            ]
        ),
        "memberships": schema.MEMBERSHIPS.from_rows(members),
        "undertakings": schema.UNDERTAKINGS.from_rows(_undertakings(entries, members)),
        "areas": schema.AREAS.from_rows(
            [
                {"illustrative": True, "square_metres": 1.0, "geometry": b"", **a}
                for a in areas or []
            ]
        ),
        "places": schema.PLACES.from_rows(places or []),
        "coverage": schema.COVERAGE.from_rows(coverage or []),
    }


def load(engine: Engine, tables: dict[str, pa.Table]) -> dict[str, object]:
    """The tables in the engine, as a stage is given them."""
    by_name = {t.name: t for t in schema.HARVEST_TABLES}
    return {name: engine.table(by_name[name], rows) for name, rows in tables.items()}


def _label(start: str) -> str:
    return f"{start}/{(int(start) + 1) % 100:02d}"


def _submission(known: dict[str, dict[str, object]], document: str, by: str, season: str) -> str:
    sid = f"{document}-{by}-{season}:0"
    known.setdefault(
        sid,
        {
            "submission_id": sid,
            "file": f"{document} {by} {season}.xlsx",
            "sheet": "Sheet1",
            "document": document,
            "institution": by,
            "financial_year": _label(season),
            "calendar": "municipal" if document in _MUNICIPAL else "national",
            "stage": "adopted",
            "entries": 0,
            "lines": 0,
            "rejected_rows": 0,
        },
    )
    return sid


def _entry(
    submissions: dict[str, dict[str, object]], n: int, row: dict[str, str]
) -> tuple[dict[str, object], list[dict[str, object]]]:
    document, by, season = row["document"], row.get("by") or "BUF", row.get("season") or "2019"
    sid = _submission(submissions, document, by, season)
    owner = row.get("owner") or by
    known = institutions.load().get(owner)
    calendar = "municipal" if document in _MUNICIPAL else "national"
    phase = "planned" if document in _PLANNED else "budget"
    entry: dict[str, object] = {
        "entry_id": f"{sid}:{n}",
        "submission_id": sid,
        "sheet": "Sheet1",
        "row": n,
        "kind": "project",
        "name": f"Project {row['project']}",
        "document": document,
        "institution": by,
        "publication_year": _label(season),
        "stage": "adopted",
        "owner": owner,
        "owner_text": "",
        "sphere": str(known.sphere) if known else "unknown",
        "metro": by if document in _MUNICIPAL else "BUF",
        "province": "EC",
        "function": "planning_development",
        "asset_class": "unknown",
        "nature": "unknown",
        "outcome_mtsf": "unknown",
        "outcome_iudf": "unknown",
        "grant": "unknown",
        "status": "unknown",
        "place_class": "located",
    }
    lines, total = [], None
    for letter, start in zip("PQRSTU", [c for c in row if c.isdigit()], strict=False):
        if row[start] in {"", "-"}:
            continue
        amount = round(float(row[start]) * MILLION)
        total = amount + (total or 0)
        lines.append(line(entry, f"{letter}{n}", amount, int(start), calendar, phase, row[start]))
    entry["amount_cents"] = total
    for name in schema.ENTRIES.names:
        if row.get(name) and name not in {"document", "owner"}:
            entry[name] = (
                float(row[name])
                if name in _NUMBERS
                else dt.date.fromisoformat(row[name])
                if name in _DAYS
                else row[name]
            )
    if entry.get("published_on"):
        submissions[sid]["published_on"] = entry["published_on"]
    return entry, lines


def line(
    entry: dict[str, object],
    cell: str,
    cents: int,
    start: int,
    calendar: str,
    phase: str,
    raw: str,
    months: tuple[int, int] = (0, 12),
) -> dict[str, object]:
    """One line of an entry: months ``[from, to)`` of the financial year that starts in ``start``."""
    first = start * 12 + (6 if calendar == "municipal" else 3)
    begin = dt.date((first + months[0]) // 12, (first + months[0]) % 12 + 1, 1)
    after = dt.date((first + months[1]) // 12, (first + months[1]) % 12 + 1, 1)
    return {
        "line_id": f"{entry['entry_id']}:{cell}",
        "entry_id": entry["entry_id"],
        "submission_id": entry["submission_id"],
        "amount_cents": cents,
        "year": _label(str(start)),
        "calendar": calendar,
        "period_start": begin,
        "period_end": after - dt.timedelta(days=1),
        "phase": phase,
        "sheet": "Sheet1",
        "cell": cell,
        "raw": raw,
    }


def _links(text: str) -> list[dict[str, object]]:
    return [
        {
            "entry_a": row["a"],
            "entry_b": row["b"],
            "probability": float(row["probability"]),
            "weight": 0.0,
            "joined": row.get("joined", "") == "true",
            "decided": row.get("decided", ""),
        }
        for row in (rows_of(text) if text else [])
    ]


def _undertakings(
    entries: list[dict[str, object]], members: list[dict[str, object]]
) -> list[dict[str, object]]:
    first: dict[object, dict[str, object]] = {}
    for entry, member in zip(entries, members, strict=True):
        first.setdefault(member["undertaking_id"], entry)
    return [
        {
            "undertaking_id": u,
            "name": e["name"],
            "metro": e["metro"],
            "province": "EC",
            "function": e["function"],
            "owner": e["owner"],
            "sphere": e["sphere"],
            "entries": 1,
            "place_class": "located",
            "confidence": 1.0,
        }
        for u, e in first.items()
    ]
