"""Shares in the layer asked for, of entries that words place in it, in another, or in the city."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from harvester.domain.problems import Problem, ProblemKind, Severity
from harvester.space.named.crosswalk import MILLION, By

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ibis.expr.types import Table as IbisTable

    from harvester.engine.engine import Engine
    from harvester.space.allocation.allocate import Request
    from harvester.space.layers import Layers
    from harvester.space.named.crosswalk import Crosswalks

PEOPLE_MISSING = ProblemKind(
    "people_not_known", Severity.WARNING,
    "Of {count} areas of {layer} the people are not known on all their ground ({names}); what they "
    "hold was shared by area.",
    "Load a layer of population that covers them: an area layer with a population column.",
)  # fmt: skip
SHOWN = 5

_PUBLISHED = (
    "(d.rule LIKE 'coordinate%' OR d.rule LIKE 'line, by%' OR d.rule LIKE 'outline, by%'"
    " OR d.rule LIKE 'drawn in%')"
)

# Areas of this layer in words: equal shares, or by their ground or people; what words leave unsaid
# keeps its share.
_HERE = """
WITH told AS (
  SELECT d.*, z.ground, z.people, {published} AS published,
    max(CASE WHEN d.area_id <> '' THEN 1 ELSE 0 END) OVER (PARTITION BY d.entry_id) = 1 AS placed,
    sum(CASE WHEN d.area_id <> '' THEN d.weight ELSE 0 END) OVER (PARTITION BY d.entry_id) AS said,
    sum(CASE WHEN d.area_id <> '' AND d.rule LIKE '% named' THEN 1 ELSE 0 END)
      OVER (PARTITION BY d.entry_id) AS named,
    sum(CASE WHEN d.area_id <> '' THEN z.ground ELSE 0 END) OVER (PARTITION BY d.entry_id) AS grounds,
    sum(CASE WHEN d.area_id <> '' THEN z.people ELSE 0 END) OVER (PARTITION BY d.entry_id) AS crowd,
    bool_and(d.area_id = '' OR z.people IS NOT NULL) OVER (PARTITION BY d.entry_id) AS peopled
  FROM direct d LEFT JOIN sizes z USING (area_id)
),
judged AS (
  SELECT *, CASE WHEN '{by}' IN ('equal', 'stated') OR published OR named < 2 THEN 'equal'
                 WHEN '{by}' = 'population' AND peopled AND crowd > 0 THEN 'population'
                 ELSE 'area' END AS method
  FROM told
)
SELECT entry_id, area_id, place_class,
  CASE WHEN published THEN 'published' WHEN NOT placed THEN 'none' ELSE 'named' END AS basis,
  (CASE method WHEN 'equal' THEN weight
        WHEN 'population' THEN CASE WHEN area_id = '' THEN weight * crowd ELSE said * people END
        ELSE CASE WHEN area_id = '' THEN weight * grounds ELSE said * ground END END)::BIGINT AS weight,
  rule
FROM judged
"""

# Entries that words place in another layer only: the finest layer that they name counts.
_CARRIED = """
WITH lost AS (
  SELECT DISTINCT entry_id FROM here WHERE basis = 'none' AND place_class NOT IN
    ('administrative', 'city_wide')
),
ranked AS (
  SELECT e.*, r.rank, min(CASE WHEN e.area_id <> '' THEN r.rank END)
    OVER (PARTITION BY e.entry_id) AS least
  FROM elsewhere e JOIN lost USING (entry_id) JOIN ranks r USING (layer)
),
chosen AS (SELECT * FROM ranked WHERE rank = least),
shared AS (
  SELECT c.entry_id, coalesce(w.target, '') AS area_id,
    CASE WHEN c.area_id = '' THEN 'unknown' ELSE c.place_class END AS place_class,
    'carried from ' || c.layer || ' by ' || coalesce(w.by, '{by}') AS basis,
    c.weight * coalesce(w.share, {million}) AS weight,
    count(DISTINCT w.target) OVER (PARTITION BY c.entry_id) AS targets
  FROM chosen c LEFT JOIN walks w ON w.layer = c.layer AND w.source = c.area_id
)
SELECT entry_id, area_id,
  CASE WHEN place_class = 'located' AND targets > 1 THEN 'multi_ward' ELSE place_class END
    AS place_class,
  min(basis) OVER (PARTITION BY entry_id) AS basis, weight
FROM shared
"""

_VIEWED = """
SELECT h.entry_id, w.target AS area_id, h.place_class,
  'view of city-wide money by ' || w.by AS basis, w.share AS weight
FROM here h JOIN cities c USING (entry_id) JOIN walks w ON w.layer = c.layer AND w.source = c.area_id
WHERE h.place_class = 'city_wide' AND h.area_id = ''
"""

_ALL = """
WITH every AS (
  SELECT entry_id, area_id, CASE WHEN area_id = '' THEN 'unknown'
      WHEN count(*) OVER (PARTITION BY entry_id) > 1 THEN 'multi_ward' ELSE 'located' END
      AS place_class, 'stated' AS basis, weight, 1 AS rank FROM stated
  UNION ALL SELECT entry_id, area_id, place_class, basis, weight, 2 FROM viewed
  UNION ALL SELECT entry_id, area_id, place_class, basis, weight, 3 FROM carried
  UNION ALL SELECT entry_id, area_id, place_class, basis, weight, 4 FROM here
),
best AS (SELECT *, min(rank) OVER (PARTITION BY entry_id) AS least FROM every)
SELECT entry_id, '{layer}' AS layer, area_id,
  place_class || '|' || basis AS place_class, sum(weight)::BIGINT AS weight
FROM best WHERE rank = least AND weight > 0
GROUP BY ALL ORDER BY ALL
"""

_COLUMNS = {"entry_id": pa.string(), "area_id": pa.string(), "weight": pa.int64()}


def carried_shares(
    engine: Engine,
    direct: pa.Table,
    elsewhere: pa.Table,
    *,
    entries: IbisTable,
    layers: Layers,
    request: Request,
    walks: Crosswalks,
    stated: pa.Table | None,
) -> tuple[pa.Table, list[Problem]]:
    """Shares of every entry in the layer, ``place_class`` with its basis behind a ``|``.

    ``direct`` are its shares there as the harvest has them, ``elsewhere`` those in other layers.
    """
    here = engine.sql(
        _HERE.format(published=_PUBLISHED, by=request.by),
        direct=direct,
        sizes=_sizes(layers, request),
    )
    fine = sorted(set(elsewhere["layer"].to_pylist()) - layers.above - {request.layer})
    tables = [_walk_table(walks, layer, request.layer) for layer in fine]
    walked = pa.concat_tables(tables) if tables else _walk_rows([])
    carried = engine.sql(
        _CARRIED.format(by=walks.by, million=MILLION),
        here=here,
        elsewhere=elsewhere,
        ranks=_ranks(layers, fine),
        walks=walked,
    )
    problems = _missing(walked, walks, fine, set(elsewhere["area_id"].to_pylist()), layers)
    viewed = carried.slice(0, 0)
    if request.view:
        city_walks = pa.concat_tables(
            [_walk_table(walks, layer, request.layer) for layer in sorted(layers.municipal)]
            or [_walk_rows([])]
        )
        cities = _cities(engine, entries, layers)
        viewed = engine.sql(_VIEWED, here=here, cities=cities, walks=city_walks)
    if stated is None:
        stated = pa.table({name: pa.array([], kind) for name, kind in _COLUMNS.items()})
    found = engine.sql(
        _ALL.format(layer=request.layer.replace("'", "''")),
        stated=stated,
        viewed=viewed,
        carried=carried,
        here=here,
    )
    return found, problems


def _sizes(layers: Layers, request: Request) -> pa.Table:
    """Ground (whole square metres, at least one) and people of the areas of the layer asked for."""
    at = [n for n, a in enumerate(layers.areas) if a.layer == request.layer]
    people = layers.people[at]
    return pa.table(
        {
            "area_id": pa.array([layers.areas[n].area_id for n in at], pa.string()),
            "ground": pa.array(
                np.maximum(np.rint(layers.square_metres[at]), 1).astype(np.int64), pa.int64()
            ),
            "people": pa.array(
                [None if np.isnan(count) else int(count) for count in people], pa.int64()
            ),
        }
    )


def _ranks(layers: Layers, names: Iterable[str]) -> pa.Table:
    """Layers from fine to coarse, by the ground of their areas."""
    means = {
        name: float(np.mean([layers.square_metres[n] for n, a in enumerate(layers.areas) if a.layer == name]))
        for name in names
    }  # fmt: skip
    ordered = sorted(means, key=lambda name: (means[name], name))
    return pa.table(
        {
            "layer": pa.array(ordered, pa.string()),
            "rank": pa.array(range(len(ordered)), pa.int64()),
        }
    )


def _walk_table(walks: Crosswalks, source: str, target: str) -> pa.Table:
    return _walk_rows(
        [
            (source, area, other, weight, str(carried.by))
            for area, carried in walks.between(source, target).items()
            for other, weight in carried.shares
        ]
    )


def _walk_rows(rows: list[tuple[str, str, str, int, str]]) -> pa.Table:
    names = ("layer", "source", "target", "share", "by")
    kinds = (pa.string(), pa.string(), pa.string(), pa.int64(), pa.string())
    return pa.table(
        {
            name: pa.array([row[n] for row in rows], kind)
            for n, (name, kind) in enumerate(zip(names, kinds, strict=True))
        }
    )


def _cities(engine: Engine, entries: IbisTable, layers: Layers) -> pa.Table:
    """``entry_id, layer, area_id``: the outline of each entry's municipality, where one is loaded."""
    outline = {}
    for n in sorted(layers.municipal):
        for area in layers.areas:
            if area.layer == n:
                outline.setdefault(area.metro, (area.layer, area.area_id))
    codes = sorted(outline)
    return engine.sql(
        "SELECT e.entry_id, o.layer, o.area_id FROM city_entries e JOIN outlines o USING (metro)",
        city_entries=engine.arrow(entries.select("entry_id", "metro")),
        outlines=pa.table(
            {
                "metro": pa.array(codes, pa.string()),
                "layer": pa.array([outline[code][0] for code in codes], pa.string()),
                "area_id": pa.array([outline[code][1] for code in codes], pa.string()),
            }
        ),
    )


def _missing(
    walked: pa.Table, walks: Crosswalks, names: Iterable[str], used: set[str], layers: Layers
) -> list[Problem]:
    """One problem a layer for areas in use that people were asked for and not known of."""
    if walks.by is not By.POPULATION:
        return []
    called = {a.area_id: a.name for a in layers.areas}
    problems = []
    for layer in names:
        fallen = sorted(
            {
                row["source"]
                for row in walked.to_pylist()
                if row["layer"] == layer and row["by"] == By.AREA and row["source"] in used
            }
        )
        if fallen:
            shown = ", ".join(called.get(area, area) for area in fallen[:SHOWN])
            more = " ..." if len(fallen) > SHOWN else ""
            problems.append(
                PEOPLE_MISSING.at(count=len(fallen), layer=layer, names=f"{shown}{more}")
            )
    return problems
