"""What entries stand on among the layers of a harvest: their points and their drawings, judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harvester.space.drawings import Drawings, find_drawings
from harvester.space.spots import ENTRY_COLUMNS, Spots, find_spots, numbered, points_of

if TYPE_CHECKING:
    import pyarrow as pa
    from ibis.expr.types import Table as IbisTable

    from harvester.engine.engine import Engine
    from harvester.space.layers import Layers


@dataclass(frozen=True)
class Footing:
    """Entries numbered (``ents``), their ``points``, and which points and drawings can be true."""

    ents: pa.Table
    points: pa.Table
    spots: Spots
    drawings: Drawings
    layers: Layers


def find_footing(engine: Engine, entries: IbisTable, layers: Layers) -> Footing:
    """The footing of ``entries`` (``schema.ENTRIES``) among ``layers``."""
    ents = numbered(engine.arrow(entries.select(*ENTRY_COLUMNS)))
    points = points_of(engine, ents)
    spots = find_spots(engine, points, layers)
    return Footing(ents, points, spots, find_drawings(engine, ents, layers), layers)
