"""Lines and areas that entries draw: which can be true, and their shares in the areas they cross.

A line is shared by length and an area by ground covered, each measured on the equal-area plane.
Where areas of one layer overlap, or a line runs along the boundary of two, the ground they share
is split among them; what lies in no area of the layer is the share of none. Shares are whole
millionths.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import shapely

from harvester.domain.money import split_cents
from harvester.engine.schema import UNKNOWN
from harvester.space.ground.points import TOLERANCE_METRES
from harvester.space.ground.shapes import crossed, measure, on_plane, shape_of
from harvester.space.ground.spots import NEVER_PLACED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from harvester.engine.engine import Engine
    from harvester.space.layers import Layers

MILLION = 1_000_000
SLIVER = 1e-6
"""Share of a drawing below which what no area covers is rounding, not ground."""

LINE_RULE, AREA_RULE = "line, by length", "outline, by area"
NONE_RULE = "drawn in no area of the layer"

_PART_COLUMNS = {
    "drawing": pa.int64(),
    "layer": pa.string(),
    "area_id": pa.string(),
    "weight": pa.int64(),
    "rule": pa.string(),
}


@dataclass(frozen=True)
class Drawings:
    """Distinct drawings with the municipality their rows declare, and whether they can be true.

    ``of`` says which entry (``ix``) has which drawing. ``found`` is the code of the municipality a
    doubted one lies in, or ``""``. ``parts`` are the shares of the true ones.
    """

    shapes: NDArray[np.object_]
    texts: list[str]
    metro: list[str]
    true: NDArray[np.bool_]
    found: list[str]
    of: pa.Table
    parts: pa.Table

    @property
    def table(self) -> pa.Table:
        """``ix, drawing, true`` of every entry that draws something."""
        drawing = self.of["drawing"].to_numpy()
        true = self.true[drawing] if len(drawing) else np.zeros(0, dtype=bool)
        return self.of.append_column("true", pa.array(true, pa.bool_()))


def find_drawings(
    engine: Engine,
    ents: pa.Table,
    layers: Layers,
    believed: frozenset[tuple[str, str]] = frozenset(),
) -> Drawings:
    """Every line and area that an entry draws and that may place it.

    ``believed`` are pairs of municipality and drawing that a person says are right.
    """
    never = ", ".join(f"'{name}'" for name in NEVER_PLACED)
    rows = engine.sql(
        f"""
        SELECT ix, metro, points, (dense_rank() OVER (ORDER BY points, metro) - 1)::BIGINT AS drawing
        FROM space_entries
        WHERE place_class NOT IN ({never})
          AND (starts_with(points, 'LINESTRING') OR starts_with(points, 'POLYGON')
               OR starts_with(points, 'MULTI'))
        ORDER BY drawing, ix
        """,
        space_entries=ents,
    )
    of = dict(zip(rows["drawing"].to_pylist(), zip(rows["points"].to_pylist(), rows["metro"].to_pylist(), strict=True), strict=True))  # fmt: skip
    texts, metro = [text for text, _ in of.values()], [code for _, code in of.values()]
    shapes = np.empty(len(texts), dtype=object)
    shapes[:] = [shape_of(text) for text in texts]
    pairs = crossed(shapes, layers.polygons)
    true = _believable(layers, shapes, metro)
    true |= np.array([pair in believed for pair in zip(metro, texts, strict=True)], dtype=bool)
    true &= ~shapely.is_missing(shapes)
    return Drawings(
        shapes,
        texts,
        metro,
        true,
        _municipality_of(layers, pairs, len(texts)),
        rows.select(["ix", "drawing"]),
        drawn_parts(layers, shapes, metro, true, pairs),
    )


def _believable(
    layers: Layers, shapes: NDArray[np.object_], metro: Sequence[str]
) -> NDArray[np.bool_]:
    """Whether each drawing comes within the tolerance of the municipality its row declares."""
    believable = np.ones(len(shapes), dtype=bool)
    declared = np.asarray(metro, dtype=object)
    for code, positions in sorted(layers.boundaries().items()):
        mine = np.flatnonzero(declared == code)
        if not len(mine):
            continue
        bounds = on_plane(layers.polygons[positions])
        shapely.prepare(bounds)
        drawn = on_plane(shapes[mine])
        near = np.zeros(len(mine), dtype=bool)
        for bound in bounds:
            near |= shapely.dwithin(bound, drawn, TOLERANCE_METRES)
        believable[mine] = near
    return believable


def _municipality_of(
    layers: Layers, pairs: tuple[NDArray[np.int64], NDArray[np.int64]], count: int
) -> list[str]:
    """Code of a municipality each drawing touches (the first by code), or ``""``."""
    found = [""] * count
    municipal = layers.municipal
    for drawing, area in zip(pairs[0].tolist(), pairs[1].tolist(), strict=True):
        if layers.areas[area].layer in municipal:
            code = layers.areas[area].metro
            found[drawing] = min(found[drawing] or code, code)
    return found


def drawn_parts(
    layers: Layers,
    shapes: NDArray[np.object_],
    metro: Sequence[str],
    true: NDArray[np.bool_],
    pairs: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> pa.Table:
    """Shares of each true drawing in each layer: ``drawing, layer, area_id, weight, rule``.

    An area of another municipality than the declared one is left out, as it is for points: the
    money of a plan stays on its own side, and what is drawn beyond is in no area.
    """
    drawing, area = pairs
    owners = np.array([a.holder for a in layers.areas], dtype=object)
    names = np.array([a.layer for a in layers.areas], dtype=object)
    declared = np.asarray(metro, dtype=object)
    if len(drawing):
        own, said = owners[area], declared[drawing]
        kept = true[drawing] & ((own == UNKNOWN) | (said == UNKNOWN) | (own == said))
        drawing, area = drawing[kept], area[kept]
    shared = shapely.intersection(shapes[drawing], layers.polygons[area])
    grouped: dict[tuple[int, str], list[int]] = {}
    for n, (d, a) in enumerate(zip(drawing.tolist(), area.tolist(), strict=True)):
        grouped.setdefault((d, str(names[a])), []).append(n)
    rows: dict[str, list[object]] = {name: [] for name in _PART_COLUMNS}
    for d in np.flatnonzero(true).tolist():
        rule = LINE_RULE if shapely.get_dimensions(shapes[d]) == 1 else AREA_RULE
        for layer in layers.names:
            members = grouped.get((d, layer), [])
            ids = [layers.areas[area[n]].area_id for n in members]
            for area_id, weight in _weights(shapes[d], shared[members], ids):
                values = (d, layer, area_id, weight, rule if area_id else NONE_RULE)
                for name, value in zip(rows, values, strict=True):
                    rows[name].append(value)
    return pa.table({name: pa.array(rows[name], kind) for name, kind in _PART_COLUMNS.items()})


def _weights(
    shape: shapely.Geometry, pieces: NDArray[np.object_], ids: list[str]
) -> list[tuple[str, int]]:
    """Millionths of a drawing in each area it crosses, and in none (the empty id)."""
    if not ids:
        return [("", MILLION)]
    dimension = shapely.get_dimensions(shape)
    same = np.array([_of_dimension(piece, dimension) for piece in pieces], dtype=object)
    sizes = measure(on_plane(same))
    whole = float(measure(on_plane([shape]))[0])
    if whole <= 0:  # a line of no length is a point
        parts = [1] * len(ids)
        return [(i, w) for i, w in zip(ids, split_cents(MILLION, parts), strict=True) if w]
    total = float(sizes.sum())
    covered = min(float(measure(on_plane([shapely.union_all(same)]))[0]), whole)
    outside = whole - covered if whole - covered > SLIVER * whole else 0.0
    if total <= 0:
        return [("", MILLION)]
    scaled = [*(sizes / total * (whole - outside)), outside]
    units = [round(size / whole * MILLION * MILLION) for size in scaled]
    split = split_cents(MILLION, units)
    return [(i, w) for i, w in zip([*ids, ""], split, strict=True) if w]


def _of_dimension(piece: shapely.Geometry, dimension: int) -> shapely.Geometry:
    """The parts of an intersection that have the drawing's own dimension; touching has less."""
    parts = shapely.get_parts(piece)
    kept = parts[shapely.get_dimensions(parts) == dimension]
    return shapely.union_all(kept)
