"""Whom network and bulk projects serve: the same money, seen from the place of benefit.

The asset of a bulk main stands in one place and serves another (DOMAIN: keep both). ``places`` has
the asset and is the only one that money is counted by; here is the benefit, for

1. every row that says whom it serves (``benefit_text``);
2. network and bulk projects without it, whose wards or regions in words are those that benefit
   (that is what the regional segment of a municipal budget means), wherever their point is.

What is not said is in no area and says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import pyarrow as pa

from harvester.domain.documents import EntryKind
from harvester.domain.places import PlaceClass
from harvester.engine import schema
from harvester.rules import codes, network, regions
from harvester.space.named.naming import words_of

if TYPE_CHECKING:
    from ibis.expr.types import Table as IbisTable
    from ibis.expr.types import Value

    from harvester.engine.engine import Engine
    from harvester.space.ground.footing import Footing

WHOLE_RULE = "serves the whole municipality"
UNSAID_RULE = "whom it serves is not said"

_TEXTS = """
SELECT DISTINCT e.metro, e.demarcation,
  CASE WHEN e.benefit_text <> '' THEN e.benefit_text ELSE e.location_text END AS location_text,
  CASE WHEN e.benefit_text <> '' THEN '' ELSE e.zone_text END AS zone_text
FROM space_entries e JOIN space_served s USING (entry_id)
ORDER BY ALL
"""

_SHARES = """
WITH served AS (
  SELECT e.entry_id, e.metro, e.province, t.word, t.whole, e.place_class
  FROM space_entries e JOIN space_served s USING (entry_id)
  JOIN space_benefit_texts t ON t.metro = e.metro AND t.demarcation = e.demarcation
    AND t.location_text =
      CASE WHEN e.benefit_text <> '' THEN e.benefit_text ELSE e.location_text END
    AND t.zone_text = CASE WHEN e.benefit_text <> '' THEN '' ELSE e.zone_text END
),
layered AS (
  -- What is asked of a layer, so that both joins below are of equal columns and grow as the rows do.
  SELECT s.*, l.layer, l.above, CASE WHEN l.above THEN s.metro END AS declared_metro,
    CASE WHEN NOT l.above AND NOT s.whole THEN s.word END AS asked_word
  FROM served s CROSS JOIN space_layers l
),
shared AS (
  SELECT s.entry_id, s.layer, s.whole, s.above, s.place_class, d.area_id AS declared,
    w.area_id, w.weight, w.rule, w.parts
  FROM layered s
  LEFT JOIN space_declared d ON d.metro = s.declared_metro AND d.province = s.province
    AND d.layer = s.layer
  LEFT JOIN space_words w ON w.word = s.asked_word AND w.layer = s.layer
),
told AS (
  SELECT entry_id, layer, coalesce(declared, area_id, '') AS area_id,
    CASE WHEN whole THEN 'city_wide' WHEN declared IS NOT NULL THEN place_class
         WHEN coalesce(area_id, '') = '' THEN 'unknown'
         WHEN parts > 1 THEN 'multi_ward' ELSE 'located' END AS place_class,
    coalesce(weight, 1) AS weight,
    CASE WHEN declared IS NOT NULL THEN 'declared municipality' WHEN whole THEN '{whole}'
         ELSE coalesce(rule, '{unsaid}') END AS rule
  FROM shared
)
SELECT t.*, a.radius AS precision_metres
FROM told t LEFT JOIN space_areas a ON a.area_id = t.area_id
"""


def benefits(engine: Engine, entries: IbisTable, footing: Footing) -> pa.Table:
    """Rows of ``schema.BENEFITS``, in no order: every entry above in every layer, its shares summing
    to one."""
    served = engine.arrow(entries.filter(_serves(entries)).select("entry_id"))
    if not len(served):
        return schema.BENEFITS.empty()
    texts = engine.sql(_TEXTS, space_entries=footing.ents, space_served=served)
    texts = texts.append_column("word", pa.array(range(len(texts)), pa.int64()))
    book = regions.load()
    whole = [
        book.read(row["location_text"], row["metro"]).whole
        for row in texts.select(["location_text", "metro"]).to_pylist()
    ]
    layers = footing.layers
    return engine.sql(
        _SHARES.format(whole=WHOLE_RULE, unsaid=UNSAID_RULE),
        space_entries=footing.ents,
        space_served=served,
        space_benefit_texts=texts.append_column("whole", pa.array(whole, pa.bool_())),
        space_words=words_of(texts, layers),
        space_areas=footing.area_table,
        space_declared=footing.declared,
        space_layers=pa.table(
            {
                "layer": pa.array(layers.names, pa.string()),
                "above": pa.array([name in layers.above for name in layers.names], pa.bool_()),
            }
        ),
    )


def _serves(entries: IbisTable) -> Value:
    """Whether a row says whom it serves, or is a network or bulk project."""
    classes = codes.load("asset_classes")
    networks = [c for c in classes.codes if classes.extra(c, "place") == PlaceClass.NETWORK]  # noqa: S610 - not Django
    project = entries.kind.isin([str(EntryKind.PROJECT), str(EntryKind.PROGRAMME)])
    texts = ("name", "description", "function_text", "asset_class_text", "asset_subclass_text")
    words = ibis.literal(" ").join([entries[name] for name in texts]).lower()
    return (
        (entries.benefit_text != "")
        | (entries.place_class == str(PlaceClass.NETWORK))
        | (project & entries.asset_class.isin(networks))
        | (project & words.re_search(network.pattern()))
    )
