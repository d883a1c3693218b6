"""Small tables in, resolved entries and problems out."""

from __future__ import annotations

from typing import Any

import pytest

from harvester.engine import schema
from harvester.engine.engine import Engine
from harvester.register.stage import register


class Registry:
    """Runs the stage on rows written as dictionaries; what is left out is blank."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def __call__(
        self,
        submissions: list[dict[str, Any]],
        entries: list[dict[str, Any]],
        lines: list[dict[str, Any]] | None = None,
    ) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        told = [_submission(row) for row in submissions]
        rows = [_entry(n, row) for n, row in enumerate(entries, start=4)]
        amounts = [_line(n, row, rows) for n, row in enumerate(lines or [])]
        resolved, problems = register(
            self.engine,
            self.engine.load("submissions", schema.SUBMISSIONS.from_rows(told)),
            self.engine.load("source_entries", schema.SOURCE_ENTRIES.from_rows(rows)),
            self.engine.load("lines", schema.LINES.from_rows(amounts)),
        )
        found = self.engine.arrow(resolved).to_pylist()
        return sorted(found, key=lambda r: r["row"]), problems.to_pylist()


def _submission(row: dict[str, Any]) -> dict[str, Any]:
    told = {"submission_id": "s:0", "document": "budget", "institution": "BUF", "sheet": "BUF"}
    told |= {"financial_year": "2018/19", "calendar": "municipal", "stage": "adopted"}
    return told | {"entries": 0, "lines": 0, "rejected_rows": 0} | row


def _entry(number: int, row: dict[str, Any]) -> dict[str, Any]:
    told = {"submission_id": "s:0", "sheet": "BUF", "row": number, "kind": "project"} | row
    return {"entry_id": f"{told['submission_id']}:{told['row']}"} | told


def _line(number: int, row: dict[str, Any], entries: list[dict[str, Any]]) -> dict[str, Any]:
    entry = entries[row.get("of", 0)]
    told = {"entry_id": entry["entry_id"], "submission_id": entry["submission_id"]}
    told |= {"line_id": f"l{number}", "year": "2018/19", "calendar": "municipal", "phase": "budget"}
    return told | {k: v for k, v in row.items() if k != "of"}


@pytest.fixture
def registry():
    engine = Engine()
    yield Registry(engine)
    engine.close()
