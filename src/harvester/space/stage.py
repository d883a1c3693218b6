"""The stage: entries and areas in, shares out; lines and shares in, the spatial budget out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harvester.engine import schema
from harvester.space.benefits import benefits
from harvester.space.budget import spread
from harvester.space.doubts.mends import Settled, mends
from harvester.space.doubts.raising import doubted_places
from harvester.space.ground.footing import find_footing
from harvester.space.layers import read_layers
from harvester.space.shares import shares

if TYPE_CHECKING:
    import pyarrow as pa
    from ibis.expr.types import Table as IbisTable

    from harvester.engine.engine import Engine


@dataclass(frozen=True)
class Placed:
    """Where the asset is (``schema.PLACES``), whom it serves (``schema.BENEFITS``), what people
    are asked or have said of doubted places (``schema.MENDS``), and problems."""

    places: IbisTable
    benefits: IbisTable
    mends: IbisTable
    problems: pa.Table


def place(
    engine: Engine,
    entries: IbisTable,
    areas: IbisTable,
    problems: IbisTable | None = None,
    settled: Settled | None = None,
) -> Placed:
    """Shares of every entry in every layer, of whom it serves, and what is wrong with points.

    Every entry has at least one share in each layer; the shares of an entry and layer are whole
    weights whose sum is the whole. ``problems`` are those the readers found (coordinates in
    another country are among them), ``settled`` what people decided. Problems are rows of ``schema.PROBLEMS`` with stage ``space``.
    Raises ``EngineError`` when the engine refuses.
    """
    layers = read_layers(engine.arrow(areas))
    footing = find_footing(engine, entries, layers, settled)
    found = shares(engine, footing)
    served = benefits(engine, entries, footing)
    told = engine.load("space_problems", schema.PROBLEMS.empty()) if problems is None else problems
    doubts = mends(engine, entries, told, footing, settled or Settled(entries))
    return Placed(
        engine.table(schema.PLACES, found),
        engine.table(schema.BENEFITS, served),
        engine.table(schema.MENDS, doubts),
        doubted_places(engine, footing, found),
    )


def spatial_budget(
    engine: Engine, entries: IbisTable, lines: IbisTable, places: IbisTable, areas: IbisTable
) -> IbisTable:
    """Every amount in an area and a municipal year (``schema.SPATIAL_BUDGET``), to the cent.

    For each layer the amounts sum to the lines. Raises ``EngineError`` when the engine refuses.
    """
    return engine.table(schema.SPATIAL_BUDGET, spread(engine, entries, lines, places, areas))
