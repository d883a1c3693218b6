"""Shares of every entry in the areas of every layer.

What places an entry, best first:

1. its drawing, where it can be true: a line by length, an area by ground
   (:mod:`harvester.space.ground.drawings`);
   else its coordinates: each point one share, a point in several areas of one layer (on a
   boundary, or where areas overlap) split equally among them;
2. its words: wards, regions, places and targeting zones of its own municipality, sharing equally;
3. nothing: then its share is in no area. City-wide, administrative and unknown money is never
   spread over areas.

In a layer of municipalities, districts or provinces, whatever belongs to a known one is wholly in
it, whatever its class. A share in no area keeps its class only where the class is still true of
that layer: a point outside every zone is located, words that name no ward are unknown there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from harvester.domain.places import PlaceClass
from harvester.space.ground.spots import NEVER_PLACED
from harvester.space.named.naming import texts_of, words_of

if TYPE_CHECKING:
    from harvester.engine.engine import Engine
    from harvester.space.ground.footing import Footing
    from harvester.space.ground.spots import Spots
    from harvester.space.layers import Layers

LARGEST_SCALE = 1_000_000
"""Largest common multiple used for weights; beyond it shares are whole millionths."""

_NEVER = ", ".join(f"'{name}'" for name in NEVER_PLACED)

_BASIS = f"""
WITH pointed AS (
  SELECT ix, bool_or(p.true) AS good, false AS drawn FROM space_dots p GROUP BY ix
  UNION ALL
  SELECT ix, d.true AS good, true AS drawn FROM space_drawn d
),
worded AS (
  SELECT word, CASE WHEN max(area_id) <> '' THEN max(parts) END AS parts
  FROM space_words GROUP BY word
)
SELECT e.ix, e.entry_id, e.mended, e.metro, e.province, t.word, coalesce(NOT p.good, false) AS doubted,
  CASE WHEN e.place_class IN ({_NEVER}) THEN 'class' WHEN p.good AND p.drawn THEN 'drawing' WHEN p.good THEN 'point'
       WHEN w.word IS NOT NULL THEN 'words' ELSE 'none' END AS basis,
  CASE WHEN e.place_class IN ({_NEVER}, '{PlaceClass.NETWORK}') THEN e.place_class
       WHEN p.good THEN CASE e.place_class WHEN '{PlaceClass.UNKNOWN}' THEN '{PlaceClass.LOCATED}'
                                           ELSE e.place_class END
       WHEN w.parts > 1 OR (w.parts = 1 AND e.place_class = '{PlaceClass.MULTI_WARD}')
         THEN '{PlaceClass.MULTI_WARD}'
       WHEN w.parts = 1 THEN '{PlaceClass.LOCATED}'
       WHEN p.good = false AND e.place_class = '{PlaceClass.LOCATED}' THEN '{PlaceClass.UNKNOWN}'
       ELSE e.place_class END AS place_class
FROM space_entries e
LEFT JOIN pointed p USING (ix)
LEFT JOIN space_texts t USING (metro, location_text, zone_text, demarcation)
LEFT JOIN worded w ON w.word = t.word
"""

_BY_POINT = """
WITH touched AS (
  SELECT spot, h.area, a.area_id, count(*) OVER (PARTITION BY spot) AS n
  FROM space_hits h JOIN space_areas a ON a.area = h.area WHERE a.layer = '{layer}'
),
each_point AS (
  SELECT p.ix, p.true AS good, coalesce(t.area_id, '') AS area_id, coalesce(t.n, 1) AS n
  FROM space_dots p LEFT JOIN touched t ON t.spot = CASE WHEN p.true THEN p.spot END
),
ranged AS (SELECT ix, min(n) AS least_n, max(n) AS most_n FROM each_point GROUP BY ix),
mixed AS (
  SELECT ix, list_reduce(list_sort(list_distinct(list(n))),
                         lambda a, b: least({largest}, lcm(a, b))) AS scale
  FROM each_point JOIN ranged USING (ix) WHERE least_n <> most_n GROUP BY ix
),
scaled AS (
  SELECT ix, coalesce(mixed.scale, most_n) AS scale FROM ranged LEFT JOIN mixed USING (ix)
),
parts AS (
  SELECT ix, area_id, bool_or(good) AS good, sum(scale // n)::BIGINT AS weight
  FROM each_point JOIN scaled USING (ix) GROUP BY ix, area_id
)
SELECT b.entry_id, '{layer}' AS layer, q.area_id,
  CASE WHEN q.area_id = '' AND NOT q.good THEN 'unknown' ELSE b.place_class END AS place_class,
  q.weight,
  CASE WHEN q.area_id <> '' THEN CASE WHEN b.mended THEN 'coordinate as a person mended it'
                                      ELSE 'coordinate' END
       WHEN q.good THEN 'coordinate in no area of the layer'
       ELSE 'coordinate outside the declared municipality' END AS rule, true AS exact
FROM parts q JOIN space_basis b USING (ix) WHERE b.basis = 'point' AND {wanted}
"""

_BY_DRAWING = """
SELECT b.entry_id, '{layer}' AS layer, q.area_id, b.place_class, q.weight, q.rule, true AS exact
FROM space_parts q JOIN space_drawn d USING (drawing) JOIN space_basis b USING (ix)
WHERE b.basis = 'drawing' AND q.layer = '{layer}' AND {wanted}
"""

_BY_WORDS = """
SELECT b.entry_id, '{layer}' AS layer, w.area_id,
  CASE WHEN w.area_id = '' AND b.place_class <> 'network' THEN 'unknown' ELSE b.place_class END
    AS place_class,
  w.weight, w.rule, false AS exact
FROM space_basis b JOIN space_words w ON w.word = b.word AND w.layer = '{layer}'
WHERE b.basis = 'words'
"""

_BY_NOTHING = """
SELECT b.entry_id, '{layer}' AS layer, '' AS area_id,
  CASE WHEN b.place_class IN ('located', 'multi_ward') THEN 'unknown' ELSE b.place_class END
    AS place_class,
  1::BIGINT AS weight,
  CASE WHEN b.basis = 'class' THEN 'never spread over areas'
       WHEN b.doubted AND b.basis = 'none' THEN 'coordinate outside the declared municipality'
       WHEN b.word IS NOT NULL THEN 'words name no area of the layer'
       ELSE 'no place stated' END AS rule, false AS exact
FROM space_basis b
WHERE b.basis NOT IN ('point', 'drawing') AND {wanted} AND NOT (b.basis = 'words' AND EXISTS (
  SELECT 1 FROM space_words w WHERE w.word = b.word AND w.layer = '{layer}'))
"""

_BY_DECLARATION = """
SELECT b.entry_id, '{layer}' AS layer, d.area_id, b.place_class, 1::BIGINT AS weight,
  'declared municipality' AS rule, false AS exact
FROM space_basis b
JOIN space_declared d ON d.metro = b.metro AND d.province = b.province AND d.layer = '{layer}'
"""

_PRECISE = """
SELECT u.entry_id, u.layer, u.area_id, u.place_class, u.weight, u.rule,
  CASE WHEN u.area_id = '' THEN NULL WHEN u.exact THEN 0 ELSE a.radius END AS precision_metres
FROM ({union}) u LEFT JOIN space_areas a ON a.area_id = u.area_id
"""

_UNDECLARED = """NOT EXISTS (
  SELECT 1 FROM space_declared d
  WHERE d.metro = b.metro AND d.province = b.province AND d.layer = '{layer}')"""


def shares(engine: Engine, footing: Footing, only: str = "") -> pa.Table:
    """Rows of ``schema.PLACES``, in no order: of every layer, or ``only`` one."""
    ents, layers = footing.ents, footing.layers
    texts = texts_of(engine, ents)
    words = words_of(texts, layers)
    tables = {
        "space_dots": _dots(engine, footing.points, footing.spots),
        "space_drawn": footing.drawings.table,
        "space_parts": footing.drawings.parts,
        "space_words": words,
        "space_hits": footing.spots.hits,
        "space_areas": footing.area_table,
        "space_declared": footing.declared,
    }
    basis = engine.sql(_BASIS, space_entries=ents, space_texts=texts, **tables)
    parts = [
        engine.sql(_layer_query(layer, layers), space_basis=basis, **tables)
        for layer in ([only] if only else layers.names)
    ]
    return pa.concat_tables(parts)


def _dots(engine: Engine, points: pa.Table, spots: Spots) -> pa.Table:
    """Points of entries by the number of their spot: ``ix, spot, true``."""
    return engine.sql(
        """
        SELECT p.ix, s.spot, s.true FROM space_points p
        JOIN space_spots s USING (longitude, latitude, metro)
        """,
        space_points=points,
        space_spots=spots.table,
    )


def _layer_query(layer: str, layers: Layers) -> str:
    """The query of one layer; a quote in a layer's name is doubled, as SQL wants it."""
    name = layer.replace("'", "''")
    above = layer in layers.above
    wanted = _UNDECLARED.format(layer=name) if above else "true"
    words = [_BY_DECLARATION] if above else [_BY_WORDS]
    branches = [_BY_POINT, _BY_DRAWING, *words, _BY_NOTHING]
    union = "\nUNION ALL\n".join(
        f"SELECT * FROM ({b.format(layer=name, largest=LARGEST_SCALE, wanted=wanted)})"
        for b in branches
    )
    return _PRECISE.format(union=union)
