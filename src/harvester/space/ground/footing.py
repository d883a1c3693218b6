"""What entries stand on among the layers of a harvest: their points and their drawings, judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from harvester.space.ground.drawings import Drawings, find_drawings
from harvester.space.ground.spots import ENTRY_COLUMNS, Spots, find_spots, numbered, points_of
from harvester.space.named.naming import with_demarcation

if TYPE_CHECKING:
    from ibis.expr.types import Table as IbisTable

    from harvester.engine.engine import Engine
    from harvester.space.doubts.mends import Settled
    from harvester.space.layers import Layers


@dataclass(frozen=True)
class Footing:
    """Entries numbered (``ents``), their ``points``, and which points and drawings can be true.

    ``declared`` is where each declared municipality lies in the layers above wards.
    """

    ents: pa.Table
    points: pa.Table
    spots: Spots
    drawings: Drawings
    layers: Layers
    declared: pa.Table

    @property
    def area_table(self) -> pa.Table:
        """The areas by their number: ``area, area_id, layer, radius`` (metres)."""
        areas = self.layers.areas
        return pa.table(
            {
                "area": pa.array(np.arange(len(areas)), pa.int64()),
                "area_id": pa.array([a.area_id for a in areas], pa.string()),
                "layer": pa.array([a.layer for a in areas], pa.string()),
                "radius": pa.array(self.layers.radius, pa.int64()),
            }
        )


def find_footing(
    engine: Engine, entries: IbisTable, layers: Layers, settled: Settled | None = None
) -> Footing:
    """The footing of ``entries`` (``schema.ENTRIES``) among ``layers``.

    ``settled`` says which places people mended, and which are right as published.
    """
    ents = numbered(engine.arrow(entries.select(*ENTRY_COLUMNS)))
    mended = settled.mended if settled else frozenset()
    told = pc.is_in(ents["entry_id"], pa.array(sorted(mended), pa.string()))
    ents = with_demarcation(engine, ents.append_column("mended", told), layers)
    points = points_of(engine, ents)
    believed = settled.believed if settled else frozenset()
    spots = find_spots(engine, points, layers, _rows_of(ents, believed))
    drawings = find_drawings(engine, ents, layers, _rows_of(ents, believed))
    return Footing(ents, points, spots, drawings, layers, _declared(engine, ents, layers))


def _rows_of(ents: pa.Table, believed: frozenset[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    """``believed`` by municipality and published text, which is how places are told apart."""
    if not believed:
        return frozenset()
    wanted = pa.array(sorted({entry for entry, _ in believed}), pa.string())
    rows = ents.filter(pc.is_in(ents["entry_id"], wanted))
    metro = dict(zip(rows["entry_id"].to_pylist(), rows["metro"].to_pylist(), strict=True))
    return frozenset((metro[entry], text) for entry, text in believed if entry in metro)


def _declared(engine: Engine, ents: pa.Table, layers: Layers) -> pa.Table:
    """Where each declared municipality lies in the layers above wards."""
    pairs = engine.sql(
        "SELECT DISTINCT metro, province FROM space_entries ORDER BY ALL", space_entries=ents
    )
    listed = list(zip(pairs["metro"].to_pylist(), pairs["province"].to_pylist(), strict=True))
    found = layers.declared(listed)
    names = ("layer", "metro", "province", "area_id")
    return pa.table(
        {name: pa.array([row[i] for row in found], pa.string()) for i, name in enumerate(names)}
    )
