"""The stage: entries and areas in, shares out; lines and shares in, the spatial budget out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harvester.engine import schema
from harvester.space.budget import spread
from harvester.space.doubts import doubted_places
from harvester.space.footing import find_footing
from harvester.space.layers import read_layers
from harvester.space.shares import shares

if TYPE_CHECKING:
    import pyarrow as pa
    from ibis.expr.types import Table as IbisTable

    from harvester.engine.engine import Engine


def place(engine: Engine, entries: IbisTable, areas: IbisTable) -> tuple[IbisTable, pa.Table]:
    """Shares of every entry in every layer (``schema.PLACES``), and what is wrong with points.

    Every entry has at least one share in each layer; the shares of an entry and layer are whole
    weights whose sum is the whole. Problems are rows of ``schema.PROBLEMS`` with stage ``space``.
    Raises ``EngineError`` when the engine refuses.
    """
    layers = read_layers(engine.arrow(areas))
    footing = find_footing(engine, entries, layers)
    problems = doubted_places(engine, footing)
    return engine.table(schema.PLACES, shares(engine, footing)), problems


def spatial_budget(
    engine: Engine, entries: IbisTable, lines: IbisTable, places: IbisTable, areas: IbisTable
) -> IbisTable:
    """Every amount in an area and a municipal year (``schema.SPATIAL_BUDGET``), to the cent.

    For each layer the amounts sum to the lines. Raises ``EngineError`` when the engine refuses.
    """
    return engine.table(schema.SPATIAL_BUDGET, spread(engine, entries, lines, places, areas))
