"""The harvest a report is of, with its tables held in one engine while reports are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from harvester.engine.engine import Engine

if TYPE_CHECKING:
    import pyarrow as pa

TABLES = (
    "submissions", "problems", "entries", "areas", "undertakings", "spatial_budget", "indicators",
    "findings", "evidence", "coverage", "memberships", "relations", "redirects",
)  # fmt: skip
"""Tables of a harvest a report shows."""

_ENTRY_COLUMNS = ["entry_id", "submission_id", "sheet", "row", "metro"]
_AREA_COLUMNS = ["area_id", "layer", "kind", "name", "metro", "priority", "illustrative"]


class HarvestView(Protocol):
    """What a report needs of a harvest: tables by schema name, and the manifest of the run."""

    manifest: dict[str, Any]

    def table(self, name: str) -> pa.Table:
        """Rows of one of ``engine.schema.HARVEST_TABLES``."""
        ...


class Books:
    """The tables of one harvest, opened once for every report made of it. Close after use."""

    def __init__(self, harvest: HarvestView) -> None:
        self.manifest = harvest.manifest
        self._engine = Engine()
        for name in TABLES:
            rows = harvest.table(name)
            kept = {"entries": _ENTRY_COLUMNS, "areas": _AREA_COLUMNS}.get(name)
            self._engine.load(name, rows.select(kept) if kept else rows)

    def table(self, query: str, **values: object) -> pa.Table:
        """The answer of one query. Raises ``EngineError`` when the engine refuses it."""
        used = {name: value for name, value in values.items() if f"${name}" in query}
        return self._engine.query(query, used)

    def rows(self, query: str, **values: object) -> list[dict[str, Any]]:
        """The answer of one query as dictionaries."""
        return self.table(query, **values).to_pylist()

    def close(self) -> None:
        """Let go of the engine."""
        self._engine.close()
