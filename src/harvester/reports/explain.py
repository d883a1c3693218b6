"""Where something comes from: formula, reasons and cells, for a finding, project, entry, figure."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from harvester.alignment.indicators import INDICATORS
from harvester.domain.errors import UserError
from harvester.domain.money import format_rand
from harvester.engine import schema
from harvester.engine.engine import Engine
from harvester.engine.harvest_reader import chosen_in_full, links_in_full, opened
from harvester.linkage.identity import asked, redirects
from harvester.linkage.relations import said
from harvester.wheat.explain import explain as explain_finding

if TYPE_CHECKING:
    from ibis.expr.types import Table as IbisTable

    from harvester.engine.granary import Harvest

MOST_ROWS = 200
ALL = "all"
_ENTRY_ID = re.compile(r"[0-9a-f]{16}:\d+:\d+")

_ENTRY_CELLS = """
SELECT c.field, c.header, s.file, c.sheet, c."column" || e."row" AS cell
FROM columns c
JOIN entries e ON e.submission_id = c.submission_id AND c.field <> 'amount'
JOIN submissions s ON s.submission_id = e.submission_id
WHERE e.entry_id = $id ORDER BY c."column", c.field
"""
_LINES = """
SELECT l.year, l.calendar, l.phase, l.amount_cents, l.fund_text, s.file, l.sheet, l.cell, l.header, l.raw
FROM lines l JOIN submissions s USING (submission_id) WHERE l.entry_id = $id ORDER BY l.line_id
"""
_ENTRIES_OF = """
SELECT e.entry_id, e.document, e.institution, e.publication_year, e.name, e.description,
       e.source_code, e.amount_cents, m.probability, s.file, e.sheet, e."row"
FROM memberships m JOIN entries e USING (entry_id) JOIN submissions s USING (submission_id)
WHERE m.undertaking_id = $id ORDER BY e.published_on NULLS LAST, e.entry_id
"""
_LINKS_OF = """
SELECT k.* FROM links k JOIN memberships a ON a.entry_id = k.entry_a JOIN memberships b ON b.entry_id = k.entry_b
WHERE a.undertaking_id = $id OR b.undertaking_id = $id
"""
_RELATIONS_OF = """
SELECT r.kind, r.from_undertaking = $id AS forward, o.undertaking_id, o.name, o.metro, o.amount_cents,
       r.probability, r.decided, r.reasons
FROM relations r JOIN undertakings o ON o.undertaking_id =
    CASE WHEN r.from_undertaking = $id THEN r.to_undertaking ELSE r.from_undertaking END
WHERE r.from_undertaking = $id OR r.to_undertaking = $id
ORDER BY r.probability DESC, r.kind, o.undertaking_id
"""
_PARTS = """
SELECT p.*, coalesce(e.name, '') AS name, coalesce(s.file, '') AS file,
       coalesce(e.sheet, '') AS sheet, e."row"
FROM indicator_parts p LEFT JOIN entries e ON e.entry_id = p.entry_id
LEFT JOIN submissions s ON s.submission_id = e.submission_id
WHERE p.indicator = $id AND ($metro = 'all' OR p.metro = $metro) AND ($year = '' OR p.year = $year)
ORDER BY p.amount_cents DESC, p.metro, p.year, p.item
"""


def explain(harvest: Harvest, what: str, *, metro: str = "", year: str = "") -> dict[str, Any]:
    """Everything behind ``what``: a finding, undertaking or entry id, or an indicator's id.

    ``metro`` and ``year`` narrow an indicator. The dictionary has ``kind``, ``id`` and ``harvest``,
    and then what there is to say about that kind of thing; amounts in cents. An undertaking id of
    an earlier harvest is followed to where it leads now, and ``note`` says so.
    Raises ``UserError`` when nothing in the harvest has that id, or an undertaking id is mistyped.
    """
    engine = Engine()
    try:
        tables = {t.name: opened(engine, harvest, t) for t in schema.HARVEST_TABLES}
        tables["links"] = links_in_full(engine, harvest)
        told = (
            _indicator(engine, what, metro or ALL, year)
            or _undertaking(engine, what)
            or _followed(engine, what)
            or _entry(engine, what)
            or _finding(engine, tables, what)
        )
    finally:
        engine.close()
    if told is None:
        raise UserError(
            f"nothing in harvest {harvest.run} is called {what!r}.",
            mend="Give the id of a finding, undertaking, entry or indicator; `harvester show` lists them.",
        )
    return {
        **told,
        "harvest": {k: harvest.manifest[k] for k in ("run", "digest", "as_at")},
    }


def _rows(engine: Engine, query: str, **values: object) -> list[dict[str, Any]]:
    return engine.query(query, values).to_pylist()


def _indicator(engine: Engine, what: str, metro: str, year: str) -> dict[str, Any] | None:
    declared = next((i for i in INDICATORS if i.id == what), None)
    if declared is None:
        return None
    values = _rows(
        engine,
        "SELECT * FROM indicators WHERE indicator = $id AND ($metro = 'all' OR metro = $metro)"
        " AND ($year = '' OR year = $year) ORDER BY metro, year, sphere",
        id=what, metro=metro, year=year,
    )  # fmt: skip
    parts = _rows(engine, _PARTS, id=what, metro=metro, year=year)
    return {
        "kind": "indicator",
        "id": what,
        "name": declared.name,
        "formula": declared.formula,
        "unit": declared.unit,
        "reading": declared.reading,
        "source": declared.source,
        "values": values,
        "parts": parts[:MOST_ROWS],
        "parts_in_all": len(parts),
    }


def _undertaking(engine: Engine, what: str) -> dict[str, Any] | None:
    found = _rows(engine, "SELECT * FROM undertakings WHERE undertaking_id = $id", id=what)
    if not found:
        return None
    chosen = chosen_in_full(engine, _LINKS_OF)
    links = _rows(engine, f"{chosen} ORDER BY probability DESC, entry_a, entry_b", id=what)
    related = _rows(engine, _RELATIONS_OF, id=what)
    for row in [*links, *related]:
        row["reasons"] = json.loads(row["reasons"] or "[]")
    for row in related:
        row["kind"] = said(row["kind"], forward=row.pop("forward"))
    return {
        "kind": "undertaking",
        "id": what,
        "note": told.sentence if (told := _where_to(engine, what, {what: ""})) else "",
        **found[0],
        "related_to": related[:MOST_ROWS],
        "named_by": _rows(engine, _ENTRIES_OF, id=what),
        "links": links[:MOST_ROWS],
        "findings": _rows(
            engine,
            "SELECT finding_id, detector, title, statement FROM findings"
            " WHERE undertaking_id = $id ORDER BY finding_id",
            id=what,
        ),
    }


def _followed(engine: Engine, what: str) -> dict[str, Any] | None:
    """An undertaking id of an earlier harvest, or one typed in small letters or with a slip."""
    if not asked.looks_like(what):
        return None
    names = {
        row["undertaking_id"]: row["name"]
        for row in _rows(engine, "SELECT undertaking_id, name FROM undertakings")
    }
    told = _where_to(engine, what, names)
    if told is None:
        return None
    if len(told.living) == 1:
        found = _undertaking(engine, told.living[0]) or {}
        return {**found, "note": told.sentence or found.get("note", "")}
    return {
        "kind": "earlier id",
        "id": what.strip().upper(),
        "note": told.sentence,
        "last_known_as": told.name,
        "now": [{"undertaking_id": one, "name": names[one]} for one in told.living],
    }


def _where_to(engine: Engine, what: str, names: dict[str, str]) -> redirects.Resolved | None:
    rows = engine.query("SELECT * FROM redirects", {})
    return asked.follow(what, redirects.of_table(rows), names)


def _entry(engine: Engine, what: str) -> dict[str, Any] | None:
    if not _ENTRY_ID.fullmatch(what):
        return None
    found = _rows(engine, "SELECT * FROM entries WHERE entry_id = $id", id=what)
    if not found:
        return None
    return {
        "kind": "entry",
        "id": what,
        "entry": found[0],
        "cells": _rows(engine, _ENTRY_CELLS, id=what),
        "lines": _rows(engine, _LINES, id=what),
        "undertaking": _rows(
            engine,
            "SELECT undertaking_id, probability FROM memberships WHERE entry_id = $id",
            id=what,
        ),
    }


def _finding(engine: Engine, tables: dict[str, IbisTable], what: str) -> dict[str, Any] | None:
    if not _rows(engine, "SELECT finding_id FROM findings WHERE finding_id = $id", id=what):
        gone = _rows(engine, "SELECT * FROM mended WHERE finding_id = $id", id=what)
        return {"kind": "finding that mended", "id": what, "mended": gone[0]} if gone else None
    told = explain_finding(engine, tables, what)
    return {"kind": "finding", "id": what, **told}


def in_words(told: dict[str, Any]) -> str:
    """An explanation as indented text; amounts in rand, nothing left out."""
    return "\n".join(_lines_of(told, 0))


def _lines_of(value: dict[str, Any], depth: int) -> list[str]:
    pad = "  " * depth
    lines = []
    for name, inner in value.items():
        label = name.removesuffix("_cents").replace("_", " ")
        if isinstance(inner, dict):
            lines += [f"{pad}{label}:", *_lines_of(inner, depth + 1)]
        elif isinstance(inner, list) and inner and isinstance(inner[0], dict):
            lines.append(f"{pad}{label}: {len(inner)}")
            for item in inner:
                first, *rest = _lines_of(item, depth + 2)
                lines += [f"{pad}  - {first.strip()}", *rest]
        elif name.endswith("_cents"):
            lines.append(f"{pad}{label}: {format_rand(inner)}")
        elif inner not in (None, "", []):
            lines.append(f"{pad}{label}: {inner}")
    return lines
