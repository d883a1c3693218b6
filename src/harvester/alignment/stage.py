"""The alignment stage: who submitted what, and how well the spheres line up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from harvester.alignment.coverage import coverage
from harvester.alignment.facts import Facts
from harvester.alignment.indicators import INDICATORS
from harvester.alignment.values import ordered, tidy_parts, values, wider
from harvester.engine import schema

if TYPE_CHECKING:
    from ibis.expr.types import Table as IbisTable

    from harvester.engine.engine import Engine

__all__ = ["coverage", "measure"]


def measure(engine: Engine, tables: dict[str, IbisTable]) -> tuple[IbisTable, IbisTable, IbisTable]:
    """Every indicator on every slice: (``indicator_parts``, ``indicators``, ``indicator_slices``).

    ``tables`` are the harvest's tables by schema name: submissions, columns, entries, lines,
    links, memberships, undertakings, places, areas, coverage, spatial_budget; one left out counts
    as empty. Raises ``EngineError`` when a table lacks a column.
    """
    with Facts(engine, tables) as facts:
        found = [tidy_parts(facts, indicator) for indicator in INDICATORS]
    parts = ordered(pa.concat_tables([schema.INDICATOR_PARTS.empty(), *found]))
    return (
        engine.table(schema.INDICATOR_PARTS, parts),
        engine.table(schema.INDICATORS, values(engine, parts)),
        engine.table(schema.INDICATOR_SLICES, wider(engine, parts)),
    )
