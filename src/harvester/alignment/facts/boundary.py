"""Undertakings of a network that touch a municipal boundary, and whether they go on across it.

A pipe, road or line does not end where a municipality does. *Touching*: a capital entry whose function is
a network (``networks`` of ``rules/data/norms.yaml``) and that lies within the norm
``boundary.reach`` of another municipality's area, or has shares in another municipality. Only
municipalities whose boundary was read can be touched; the sea is no neighbour.

``fact_crossing`` has one row per touching entry × neighbour: ``metres`` to the neighbour's area
(0 where a share lies in it); ``status``:

- ``continued``: the neighbour names the same undertaking, or an undertaking of the same function
  and season stands there within the norm ``boundary.counterpart``;
- ``ends``: neither, though a plan or budget of the neighbour for the season was read;
- ``unknown``: none was read.

``counterpart_entry`` and ``counterpart_metres`` name what was found (metres null where the
neighbour names the same undertaking). ``almost``: chance that the neighbour names it in a row that
was not linked. Other tables: ``fact_network`` the entries that are asked about, ``fact_across``
their distances to neighbours, ``fact_continued`` the nearest counterpart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import shapely

from harvester.alignment.facts.near import grounds
from harvester.domain.places import AreaKind
from harvester.engine.schema import UNKNOWN
from harvester.rules import norms
from harvester.space.ground.shapes import on_plane

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from harvester.alignment.facts.build import Facts

_NORMS = norms.load()
_FUNCTIONS = ", ".join(f"'{function}'" for function in _NORMS.networks)

NETWORK = f"""
SELECT * FROM fact_capital_dated WHERE "function" IN ({_FUNCTIONS}) AND metro <> 'unknown'
"""

TOUCH = """
WITH shared AS (
    SELECT p.entry_id, a.metro AS neighbour, 0.0 AS metres
    FROM in_places p JOIN in_areas a ON a.area_id = p.area_id
    WHERE a.kind = 'municipality' AND a.metro <> 'unknown' AND p.weight > 0
    UNION ALL
    SELECT entry_id, neighbour, metres FROM fact_across
)
SELECT n.entry_id, s.neighbour, min(s.metres) AS metres
FROM fact_network n JOIN shared s ON s.entry_id = n.entry_id
WHERE s.neighbour <> n.metro
GROUP BY n.entry_id, s.neighbour
"""

CROSSING = """
WITH named AS (
    SELECT undertaking_id, season, institution AS neighbour, min(entry_id) AS entry_id
    FROM fact_entry WHERE undertaking_id IS NOT NULL GROUP BY undertaking_id, season, institution
), plans AS (
    SELECT DISTINCT metro, season FROM fact_read WHERE document IN ('pipeline', 'idp', 'budget')
), almost AS (
    SELECT a.undertaking_id, s.institution AS neighbour, s.season, max(a.probability) AS probability
    FROM fact_almost a JOIN fact_submission s ON s.submission_id = a.submission_id
    GROUP BY a.undertaking_id, s.institution, s.season
)
SELECT n.entry_id, n.undertaking_id, n.metro, n.sphere, n.owner, n.season, n.year, n.document,
       n.name, n."function", n.amount_cents, n.probability, t.neighbour, t.metres,
       CASE WHEN m.entry_id IS NOT NULL OR c.counterpart_entry IS NOT NULL THEN 'continued'
            WHEN p.metro IS NOT NULL THEN 'ends' ELSE 'unknown' END AS status,
       coalesce(m.entry_id, c.counterpart_entry) AS counterpart_entry,
       CASE WHEN m.entry_id IS NULL THEN c.counterpart_metres END AS counterpart_metres,
       coalesce(a.probability, 0.0) AS almost
FROM fact_touch t
JOIN fact_network n ON n.entry_id = t.entry_id
LEFT JOIN named m ON m.undertaking_id = n.undertaking_id AND m.season = n.season
     AND m.neighbour = t.neighbour
LEFT JOIN fact_continued c ON c.entry_id = t.entry_id AND c.neighbour = t.neighbour
LEFT JOIN plans p ON p.metro = t.neighbour AND p.season = n.season
LEFT JOIN almost a ON a.undertaking_id = n.undertaking_id AND a.neighbour = t.neighbour
     AND a.season = n.season
"""

FACTS = {"fact_network": NETWORK, "fact_touch": TOUCH, "fact_crossing": CROSSING}

_PLACED = """
SELECT entry_id, metro, "function", season, longitude, latitude, points FROM fact_network
WHERE drawn ORDER BY entry_id
"""

_ACROSS = pa.schema(
    [("entry_id", pa.string()), ("neighbour", pa.string()), ("metres", pa.float64())]
)
_CONTINUED = pa.schema(
    [
        ("entry_id", pa.string()),
        ("neighbour", pa.string()),
        ("counterpart_entry", pa.string()),
        ("counterpart_metres", pa.float64()),
    ]
)


def across(facts: Facts) -> pa.Table:
    """``fact_across``: placed entries of networks near the area of another municipality.

    The tree is over the points; each polygon is asked about the points near it only.
    """
    placed, points = grounds(facts, _PLACED)
    codes, polygons = municipalities(facts)
    if not len(polygons) or not placed.num_rows:
        return _ACROSS.empty_table()
    reach = _NORMS["boundary.reach"].latest
    area, point = shapely.STRtree(points).query(polygons, predicate="dwithin", distance=reach)
    metres = shapely.distance(polygons[area], points[point])
    own = np.asarray(placed["metro"].to_pylist(), dtype=object)
    other = codes[area] != own[point]
    return pa.table(
        {
            "entry_id": placed["entry_id"].take(pa.array(point[other])),
            "neighbour": pa.array(codes[area][other].tolist(), pa.string()),
            "metres": pa.array(np.round(metres[other], 1)),
        },
        schema=_ACROSS,
    )


def municipalities(facts: Facts) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    """Codes and areas (on the plane) of the municipalities whose boundary was read."""
    given = facts.tables.get("areas")
    if given is None:
        return np.zeros(0, dtype=object), np.zeros(0, dtype=object)
    wanted = given.filter(given.kind == str(AreaKind.MUNICIPALITY))
    rows = facts.engine.arrow(wanted.select("area_id", "metro", "geometry")).sort_by("area_id")
    known = [r for r in rows.to_pylist() if r["geometry"] and r["metro"] not in {"", UNKNOWN}]
    shapes = np.empty(len(known), dtype=object)
    shapes[:] = list(shapely.from_wkb([row["geometry"] for row in known]))
    codes = np.empty(len(known), dtype=object)
    codes[:] = [row["metro"] for row in known]
    return codes, on_plane(shapes)


def continued(facts: Facts) -> pa.Table:
    """``fact_continued``: for a touching entry and neighbour, the nearest counterpart in reach."""
    touching = facts.query("SELECT entry_id, neighbour FROM fact_touch ORDER BY ALL").to_pylist()
    placed, points = grounds(facts, _PLACED)
    rows = placed.select(["entry_id", "metro", "function", "season"]).to_pylist()
    at = {row["entry_id"]: n for n, row in enumerate(rows)}
    there: dict[tuple[Any, ...], list[int]] = {}
    for n, row in enumerate(rows):
        there.setdefault((row["metro"], row["function"], row["season"]), []).append(n)
    trees = {key: shapely.STRtree(points[members]) for key, members in there.items()}
    reach = _NORMS["boundary.counterpart"].latest
    found: list[dict[str, Any]] = []
    for one in touching:
        n = at.get(one["entry_id"])
        if n is None:
            continue
        key = (one["neighbour"], rows[n]["function"], rows[n]["season"])
        if key not in trees:
            continue
        near, metres = trees[key].query_nearest(
            points[n], max_distance=reach, return_distance=True, all_matches=False
        )
        if len(near):
            match = rows[there[key][int(near[0])]]["entry_id"]
            counterpart = {"counterpart_entry": match, "counterpart_metres": round(metres[0], 1)}
            found.append(one | counterpart)
    return pa.Table.from_pylist(found, schema=_CONTINUED)
