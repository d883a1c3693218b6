"""The allocation of a harvest's money to one layer, with the basis of every share.

``basis`` is one of

- ``published``: a point, line or area on the map;
- ``named``: areas of this very layer, in words;
- ``stated``: shares somebody gave;
- ``carried from LAYER by METHOD``: areas of another layer in words, carried by ground or people;
- ``view of city-wide money by METHOD``: asked for, and never counted as located;
- ``none``: in no area, and why is in the place class.

Total, located, allocable and unlocated always stand side by side (:attr:`Allocation.totals`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

import pyarrow as pa
import shapely

from harvester.domain.errors import UserError
from harvester.space.allocation import stated as stated_shares
from harvester.space.allocation.carrying import carried_shares
from harvester.space.allocation.cells import cell_areas, cells_over, resolution_of
from harvester.space.budget import Period, spread
from harvester.space.ground.footing import find_footing
from harvester.space.layers import read_layers
from harvester.space.months.profiles import CashFlows, flowing
from harvester.space.named.crosswalk import By, Crosswalks, People
from harvester.space.shares import shares

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ibis.expr.types import Table as IbisTable

    from harvester.domain.problems import Problem
    from harvester.engine.engine import Engine
    from harvester.space.layers import Layers


class Split(StrEnum):
    """How money that names several areas, or an area of another layer, is shared."""

    EQUAL = "equal"
    AREA = "area"
    POPULATION = "population"
    STATED = "stated"


@dataclass(frozen=True)
class Request:
    """What to allocate to, and how.

    ``layer`` is one of the harvest's, or ``h3:8``. ``people`` names a layer whose population weighs
    (without it, that of ``layer`` itself). ``stated`` is a file of shares (:mod:`.stated`), which
    count before all else. ``benefit`` follows whom projects serve instead of where they stand, for
    the entries of which that is asked. ``view`` also spreads city-wide money, as a view.
    """

    layer: str
    by: Split = Split.AREA
    people: str = ""
    stated: Path | None = None
    flows: CashFlows = field(default_factory=CashFlows)
    period: Period = Period.YEAR
    benefit: bool = False
    view: bool = False


@dataclass(frozen=True)
class Allocation:
    """``rows`` by area, dimension, year and basis; ``totals`` by year and phase; what is wrong."""

    rows: pa.Table
    totals: pa.Table
    problems: list[Problem]


_ROWS = """
SELECT r.area_id, coalesce(a.name, '') AS area_name, r.metro, r.sphere, r.owner, r.document,
  r.function, r.grant, r.phase, r.year, split_part(r.place_class, '|', 1) AS place_class,
  CASE WHEN r.place_class LIKE '%|%' THEN split_part(r.place_class, '|', 2) ELSE 'none' END AS basis,
  r.latest, sum(r.amount_cents)::BIGINT AS amount_cents, sum(r.entries)::BIGINT AS entries
FROM allocated r LEFT JOIN allocation_areas a USING (area_id)
GROUP BY ALL ORDER BY ALL
"""

_TOTALS = """
SELECT year, phase, latest,
  sum(amount_cents)::BIGINT AS total_cents,
  sum(CASE WHEN place_class IN ('located', 'multi_ward', 'network') THEN amount_cents ELSE 0 END)
    ::BIGINT AS located_cents,
  sum(CASE WHEN place_class = 'city_wide' THEN amount_cents ELSE 0 END)::BIGINT AS allocable_cents,
  sum(CASE WHEN place_class IN ('administrative', 'unknown') THEN amount_cents ELSE 0 END)::BIGINT
    AS unlocated_cents,
  sum(CASE WHEN place_class IN ('located', 'multi_ward', 'network') AND area_id <> ''
           THEN amount_cents ELSE 0 END)::BIGINT AS in_area_cents,
  sum(CASE WHEN place_class = 'administrative' THEN amount_cents ELSE 0 END)::BIGINT
    AS administrative_cents
FROM allocation_rows GROUP BY year, phase, latest ORDER BY year, phase, latest
"""


def allocate(engine: Engine, tables: Mapping[str, IbisTable], request: Request) -> Allocation:
    """Every amount of ``tables`` (entries, lines, areas, places, benefits) in an area of a layer.

    The rows sum to the lines, to the cent (with ``benefit``: to those of the entries that serve
    somebody). Raises ``UserError`` for a layer the harvest does not have.
    """
    layers, areas = _layers(engine, tables, request)
    problems: list[Problem] = []
    direct = _direct(engine, tables, request, layers, areas)
    if request.by is Split.STATED and request.stated is None:
        raise UserError("no file states the shares.", where="--stated", mend="Give one.")
    told = None
    if request.stated is not None:
        ids = engine.arrow(tables["entries"].select("entry_id"))["entry_id"].to_pylist()
        told, problems = stated_shares.read(request.stated, layers, request.layer, ids)
    placed, more = carried_shares(
        engine,
        direct,
        _elsewhere(engine, tables, request),
        entries=tables["entries"],
        layers=layers,
        request=request,
        walks=_walks(layers, request),
        stated=told,
    )
    lines = tables["lines"]
    if request.benefit:
        lines = lines.semi_join(tables["benefits"], "entry_id")
    flowed = engine.load(
        "allocation_lines", flowing(engine, tables["entries"], lines, request.flows)
    )
    spread_out = spread(
        engine, tables["entries"], flowed, engine.load("allocation_places", placed), areas,
        only=request.layer, period=request.period,
    )  # fmt: skip
    names = engine.arrow(areas.filter(areas.layer == request.layer).select("area_id", "name"))
    rows = engine.sql(_ROWS, allocated=spread_out, allocation_areas=names)
    return Allocation(rows, totals_of(engine, rows), [*problems, *more])


def totals_of(engine: Engine, rows: pa.Table) -> pa.Table:
    """Total, located, allocable and unlocated money of ``rows``, by year, phase and ``latest``.

    The three sum to the total: located has a place; allocable is city-wide, which can be viewed by
    population but is never located; unlocated is administration and what says nowhere. Of the
    located, ``in_area_cents`` lies in an area of the layer; of the unlocated,
    ``administrative_cents`` can have no place at all.
    """
    return engine.sql(_TOTALS, allocation_rows=rows)


def _layers(
    engine: Engine, tables: Mapping[str, IbisTable], request: Request
) -> tuple[Layers, IbisTable]:
    """The layers, with the cells when the request is for cells, and their table."""
    found = engine.arrow(tables["areas"])
    resolution = resolution_of(request.layer)
    known = sorted(set(found["layer"].to_pylist()))
    for wanted in (request.layer if resolution is None else "", request.people):
        if wanted and wanted not in known:
            raise UserError(
                f"this harvest has no layer {wanted!r}.",
                where="layer",
                mend=f"It has: {', '.join(known) or 'none'}; or h3:8 for cells. "
                "Load a layer with `harvester ingest FILE`.",
            )
    if resolution is not None:
        ground = _ground(engine, tables, read_layers(found), request)
        cells = cell_areas(cells_over(ground, resolution), request.layer)
        found = pa.concat_tables([found.select(cells.column_names).cast(cells.schema), cells])
    return read_layers(found), engine.load("allocation_all_areas", found)


def _ground(
    engine: Engine, tables: Mapping[str, IbisTable], layers: Layers, request: Request
) -> list[object]:
    """What cells have to cover: drawings and points, areas that words name, whole cities viewed."""
    source = tables["benefits" if request.benefit else "places"]
    named = set(
        engine.arrow(
            source.filter((source.area_id != "") & source.layer.notin(sorted(layers.above)))
            .select("area_id")
            .distinct()
        )["area_id"].to_pylist()
    )
    at = [
        n for n, a in enumerate(layers.areas)
        if a.area_id in named or (request.view and a.layer in layers.municipal)
    ]  # fmt: skip
    ground = list(layers.polygons[at])
    footing = find_footing(engine, tables["entries"], layers)
    spots = footing.spots
    points = zip(spots.longitude[spots.true], spots.latitude[spots.true], strict=True)
    ground += [shapely.Point(x, y) for x, y in points]
    ground += list(footing.drawings.shapes[footing.drawings.true])
    return ground


def _direct(
    engine: Engine,
    tables: Mapping[str, IbisTable],
    request: Request,
    layers: Layers,
    areas: IbisTable,
) -> pa.Table:
    """Shares in the layer itself: the harvest's own, or worked out for cells."""
    columns = ("entry_id", "layer", "area_id", "place_class", "weight", "rule")
    source = tables["benefits" if request.benefit else "places"]
    if resolution_of(request.layer) is None:
        return engine.arrow(source.filter(source.layer == request.layer).select(*columns))
    if request.benefit:
        return _in_no_cell(engine, source)
    footing = find_footing(engine, tables["entries"], layers)
    return shares(engine, footing, only=request.layer).select(list(columns))


def _in_no_cell(engine: Engine, benefits: IbisTable) -> pa.Table:
    """Words name no cell: every entry that serves somebody, in none of them so far."""
    return engine.sql(
        """
        SELECT entry_id, 'cells' AS layer, '' AS area_id,
          CASE WHEN bool_and(place_class = 'city_wide') THEN 'city_wide' ELSE 'unknown' END
            AS place_class,
          1::BIGINT AS weight, 'words name no area of the layer' AS rule
        FROM served GROUP BY entry_id
        """,
        served=engine.arrow(benefits.select("entry_id", "place_class")),
    )


def _elsewhere(engine: Engine, tables: Mapping[str, IbisTable], request: Request) -> pa.Table:
    """Shares in the other layers that words name, which may be carried into this one."""
    source = tables["benefits" if request.benefit else "places"]
    named = source.filter(
        (source.layer != request.layer)
        & (source.rule.endswith(" named") | source.rule.contains("leave it unsaid"))
    )
    return engine.arrow(
        named.select("entry_id", "layer", "area_id", "place_class", "weight", "rule")
    )


def _walks(layers: Layers, request: Request) -> Crosswalks:
    by = By.POPULATION if request.by is Split.POPULATION else By.AREA
    people = None
    if by is By.POPULATION and request.people:
        at = [n for n, a in enumerate(layers.areas) if a.layer == request.people]
        people = People(layers.polygons[at], layers.people[at])
    return Crosswalks(layers, by, people)
