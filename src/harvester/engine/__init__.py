"""The one door to the computing engine, and the schema of every table.

Stages take and return Ibis tables; only this room opens a connection.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harvester.domain.errors import UserError

if TYPE_CHECKING:
    from harvester.engine.engine import Engine
    from harvester.engine.spark import SparkEngine

ENGINES = ("duckdb", "spark")
"""Engines that can be opened by name."""


def open_engine(name: str = "duckdb", **options: Any) -> Engine | SparkEngine:
    """Open an engine: ``duckdb`` (options of :class:`~harvester.engine.engine.Engine`) or ``spark``
    (options of :class:`~harvester.engine.spark.SparkEngine`).

    Raises :class:`UserError` for another name, or where Spark lacks what it needs.
    """
    if name == "duckdb":
        from harvester.engine.engine import Engine

        return Engine(**options)
    if name == "spark":
        from harvester.engine.spark import SparkEngine

        return SparkEngine(**options)
    raise UserError(f"There is no engine {name!r}.", mend=f"Known: {', '.join(ENGINES)}.")
