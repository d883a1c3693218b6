"""What is known of a grain when it comes to triage: a finding with its cells, or a report."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from harvester.domain.errors import UserError
from harvester.rules import institutions
from harvester.web.queries import projects, wheat

if TYPE_CHECKING:
    from harvester.web.harvest_store import HarvestTables

MOST_CELLS = 40
LONGEST_TITLE = 200
OF_FINDING = (
    "detector", "statement", "severity", "year", "function", "rand_cents", "rand_low_cents",
    "rand_high_cents", "people", "confidence", "undertaking_id", "forum",
)  # fmt: skip
OF_CELL = ("note", "submission_id", "file", "sheet", "cell", "value", "entry_id", "document")


def of_finding(tables: HarvestTables, finding_id: str) -> dict[str, Any]:
    """A finding as the opening of a case: title, parties, metro, run and facts.

    Its cells are kept with it, so that the case shows what it began with when that harvest is gone.
    Raises ``UserError`` when the harvest in service does not have the finding, or when it concerns
    no institution that is known.
    """
    row = wheat.finding(tables, finding_id)
    if row is None:
        raise UserError("this finding is not in the harvest in service.", where="finding")
    book = institutions.load()
    codes = [*str(row["parties"]).split(","), str(row["metro"])]
    parties = [code for code in dict.fromkeys(codes) if book.get(code)]
    if not parties:
        raise UserError("no institution that is known is party to this finding.", where="finding")
    cells = wheat.evidence(tables, finding_id)
    known = {name: _plain(row[name]) for name in OF_FINDING if row[name] not in {None, ""}}
    known |= {
        "marked": "found",
        "suggested_offering": row["offering"],
        "evidence": [finding_id],
        "cells": [
            {name: _plain(cell[name]) for name in OF_CELL if cell[name] not in {None, ""}}
            for cell in cells[:MOST_CELLS]
        ],
        "cells_in_all": len(cells),
    }
    named = projects.project(tables, row["undertaking_id"]) if row["undertaking_id"] else None
    title = f"{row['title']}: {named['name']}" if named and named["name"] else str(row["title"])
    return {
        "title": title[:LONGEST_TITLE],
        "parties": parties,
        "known": known,
        "finding": finding_id,
        "run": tables.run,
        "metro": row["metro"] if book.get(str(row["metro"])) else "",
    }


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, dt.date) else value
