"""Every rand in a place and a municipal year.

In two splits, each conserved to the cent: first over months (flat over the calendar months a line
is for, see :mod:`harvester.space.months.calendars`), then over the entry's shares in a layer, by largest
remainder. Amounts of one entry, year, phase and grant are put together before the second split,
so that twelve monthly amounts do not gather twelve roundings.

Whole-number SQL throughout: products of cents and weights are 128-bit, nothing is a float.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import pyarrow as pa

from harvester.domain.places import AreaKind
from harvester.rules import codes
from harvester.space.layers import MUNICIPALITY_LAYER

if TYPE_CHECKING:
    from ibis.expr.types import Table as IbisTable

    from harvester.engine.engine import Engine


class Period(StrEnum):
    """What amounts are put together by."""

    YEAR = "year"
    MONTH = "month"


_LABELS = {
    Period.YEAR: """CASE WHEN s.start IS NULL THEN 'unknown'
       ELSE s.start || '/' || lpad(((s.start + 1) % 100)::VARCHAR, 2, '0') END""",
    Period.MONTH: """CASE WHEN s.start IS NULL THEN 'unknown'
       ELSE (s.start // 12) || '-' || lpad((s.start % 12 + 1)::VARCHAR, 2, '0') END""",
}

_DIMENSIONS = ("metro", "sphere", "owner", "document", "function")
_ENTRY_COLUMNS = (
    *("entry_id", *_DIMENSIONS, "grant"),
    *("institution", "publication_year", "published_on", "stage"),
)
_TELLS = ("document", "publisher", "publication_year", "published_on", "stage", '"grant"')
"""What an entry says of how its amounts are to be taken."""

_SAYS = ("submission_id", "calendar", "year", "phase", "fund_text")
"""What an amount says of itself."""

_LINE_COLUMNS = ("entry_id", *_SAYS, "amount_cents", "period_start", "period_end")

# Entries with the municipality their coordinates lie in, where their row names none.
_KNOWN = """
WITH one AS (
  SELECT p.entry_id, min(a.metro) AS metro
  FROM budget_places p SEMI JOIN (SELECT entry_id FROM budget_given WHERE metro = 'unknown') g
    USING (entry_id)
  JOIN budget_areas a USING (area_id)
  WHERE a.kind = 'municipality' AND a.metro <> 'unknown'
  GROUP BY p.entry_id HAVING count(DISTINCT a.metro) = 1
)
SELECT e.* EXCLUDE (metro),
  CASE WHEN e.metro = 'unknown' THEN coalesce(one.metro, 'unknown') ELSE e.metro END AS metro,
  CASE WHEN institution <> 'unknown' THEN institution WHEN owner <> 'unknown' THEN owner
       ELSE '' END AS publisher
FROM budget_given e LEFT JOIN one USING (entry_id)
"""

# What texts say is numbered once, so that the steps over every amount compare whole numbers.
_DIMENSIONS_NUMBERED = f"""
SELECT row_number() OVER () AS dimension, {", ".join(_DIMENSIONS)} FROM (
  SELECT {", ".join(_DIMENSIONS)} FROM budget_known
  UNION SELECT {", ".join(["'unknown'"] * len(_DIMENSIONS))}
)
"""

_TELLERS = f"""
SELECT row_number() OVER () AS teller, {", ".join(_TELLS)} FROM (
  SELECT DISTINCT {", ".join(_TELLS)} FROM budget_known
)
"""

_ENTRIES = f"""
SELECT row_number() OVER () AS ix, e.entry_id, d.dimension, t.teller FROM budget_known e
JOIN budget_dimensions d USING ({", ".join(_DIMENSIONS)})
JOIN budget_tellers t ON {" AND ".join(f"t.{c} = e.{c}" for c in _TELLS if c != "published_on")}
  AND coalesce(t.published_on, DATE '0001-01-01') = coalesce(e.published_on, DATE '0001-01-01')
"""

_KINDS = f"""
SELECT row_number() OVER () AS kind, {", ".join(_SAYS)} FROM (
  SELECT DISTINCT {", ".join(_SAYS)} FROM budget_lines
)
"""

_TOLD = f"""
SELECT e.ix, e.dimension, coalesce(e.teller, 0) AS teller, k.kind, l.amount_cents, l.period_start,
  l.period_end
FROM budget_lines l JOIN budget_kinds k USING ({", ".join(_SAYS)})
LEFT JOIN budget_entries e USING (entry_id)
"""

# A publisher says the same year again in every later paper (the budget of next year, the adjusted
# list): the latest one that speaks of a year and phase is what may be added up. A list of several
# departments speaks for each of them; one that names nobody speaks for itself alone.
_WAYS = """
WITH said AS (
  SELECT w.kind, w.teller, k.submission_id, k.calendar, k.year, k.phase, t.document,
    t.publication_year, t.published_on, t.stage,
    CASE WHEN t.publisher <> '' THEN t.publisher ELSE k.submission_id END AS publisher,
    coalesce(f."grant", t."grant", 'unknown') AS "grant"
  FROM (SELECT DISTINCT kind, teller FROM budget_told) w JOIN budget_kinds k USING (kind)
  LEFT JOIN budget_tellers t USING (teller) LEFT JOIN budget_funds f USING (fund_text)
),
ranked AS (
  SELECT *, rank() OVER (
    PARTITION BY document, publisher, calendar, year, phase
    ORDER BY publication_year = 'unknown', publication_year DESC, published_on DESC NULLS LAST,
      CASE stage WHEN 'audited' THEN 0 WHEN 'in_year' THEN 1 WHEN 'adjusted' THEN 2
                 WHEN 'adopted' THEN 3 WHEN 'tabled' THEN 4 ELSE 5 END, submission_id DESC) AS place
  FROM said
)
SELECT kind, teller, submission_id, phase, "grant", document IS NULL OR place = 1 AS latest,
  CASE WHEN regexp_full_match(year, '\\d{4}/\\d{2}') THEN CAST(left(year, 4) AS BIGINT) * 12
       + CASE calendar WHEN 'municipal' THEN 6 ELSE 3 END END AS first
FROM ranked
"""

# What tells amounts of one entry apart, as a whole number.
_SORTS = """
SELECT row_number() OVER () AS sort, submission_id, latest, phase, "grant"
FROM (SELECT DISTINCT submission_id, latest, phase, "grant" FROM budget_ways)
"""

_SORTED = """
SELECT w.kind, w.teller, w.first, s.sort FROM budget_ways w JOIN budget_sorts s
  ON s.submission_id = w.submission_id AND s.latest = w.latest AND s.phase = w.phase
  AND s."grant" = w."grant"
"""

_PIECES = """
WITH dated AS (
  SELECT t.ix, t.dimension, k.sort, t.amount_cents,
    CASE WHEN period_start <= period_end THEN year(period_start) * 12 + month(period_start) - 1
         ELSE k.first END AS first,
    CASE WHEN period_start <= period_end
         THEN (year(period_end) - year(period_start)) * 12 + month(period_end)
              - month(period_start) + 1
         ELSE 12 END AS months
  FROM budget_told t JOIN budget_sorted k ON k.kind = t.kind AND k.teller = t.teller
),
undivided AS (
  SELECT ix, dimension, sort, (first - {shift}) // {length} AS start, amount_cents AS cents
  FROM dated WHERE first IS NULL OR (first - {shift}) % {length} + months <= {length}
),
yearly AS (
  SELECT *, unnest(range((first - {shift}) // {length},
                         (first + months - 1 - {shift}) // {length} + 1)) AS start
  FROM dated WHERE (first - {shift}) % {length} + months > {length}
),
cut AS (
  SELECT *, greatest(first, start * {length} + {shift}) - first AS a,
    least(first + months, (start + 1) * {length} + {shift}) - first AS b,
    abs(amount_cents) // months AS monthly, abs(amount_cents) % months AS spare
  FROM yearly
)
SELECT ix, dimension, sort, start, sum(cents)::BIGINT AS cents FROM (
  SELECT ix, dimension, sort, start, cents FROM undivided
  UNION ALL
  SELECT ix, dimension, sort, start,
    sign(amount_cents)::BIGINT
      * (monthly * (b - a) + least(b, spare) - least(a, spare)) AS cents
  FROM cut
) GROUP BY ix, dimension, sort, start
"""

# Area and class as one number, in the order in which cents that are left over are given out.
_SPOTS = """
SELECT row_number() OVER (ORDER BY area_id, place_class) AS spot, area_id, place_class
FROM (
  SELECT area_id, place_class FROM budget_places WHERE layer = '{layer}'
  UNION
  SELECT '', 'unknown'
)
"""

# Shares of each entry here, in the order in which cents that are left over are given to equal ones.
_HERE = """
SELECT e.ix, s.spot, p.weight, row_number() OVER (PARTITION BY e.ix ORDER BY s.spot) AS place
FROM budget_places p JOIN budget_entries e USING (entry_id)
JOIN budget_spots s ON s.area_id = p.area_id AND s.place_class = p.place_class
WHERE p.layer = '{layer}'
"""

_COUNTED = """
SELECT ix, sum(weight)::BIGINT AS total, count(*) AS parts, min(spot) AS spot,
  min(weight) = max(weight) AS equal
FROM budget_here GROUP BY ix
"""

# Remainders of equal shares are equal: who gets a cent more is known without ranking them.
_LAYER = """
WITH nowhere AS (SELECT min(spot) AS spot FROM budget_spots WHERE area_id = '' AND place_class = 'unknown'),
nobody AS (
  SELECT min(dimension) AS dimension FROM budget_dimensions
  WHERE metro = 'unknown' AND sphere = 'unknown' AND owner = 'unknown' AND document = 'unknown'
    AND function = 'unknown'
),
whole AS (
  SELECT coalesce(p.dimension, o.dimension) AS dimension, p.sort, p.start,
    coalesce(c.spot, n.spot) AS spot, p.cents
  FROM budget_pieces p LEFT JOIN budget_counted c USING (ix) CROSS JOIN nowhere n CROSS JOIN nobody o
  WHERE c.parts IS NULL OR c.parts = 1
),
alike AS (
  SELECT p.dimension, p.sort, p.start, h.spot,
    sign(p.cents)::BIGINT * (abs(p.cents) // c.parts
      + CASE WHEN h.place <= abs(p.cents) % c.parts THEN 1 ELSE 0 END) AS cents
  FROM budget_pieces p JOIN budget_counted c USING (ix) JOIN budget_here h USING (ix)
  WHERE c.parts > 1 AND c.equal
),
shared AS (
  SELECT p.ix, p.dimension, p.sort, p.start, h.spot, p.cents,
    abs(p.cents)::HUGEINT * h.weight // c.total AS part,
    abs(p.cents)::HUGEINT * h.weight % c.total AS remainder
  FROM budget_pieces p JOIN budget_counted c USING (ix) JOIN budget_here h USING (ix)
  WHERE c.parts > 1 AND NOT c.equal
),
ranked AS (
  SELECT *, abs(cents) - sum(part) OVER (PARTITION BY ix, sort, start) AS spare,
    row_number() OVER (PARTITION BY ix, sort, start ORDER BY remainder DESC, spot) AS place
  FROM shared
),
split AS (
  SELECT dimension, sort, start, spot, cents FROM whole
  UNION ALL SELECT dimension, sort, start, spot, cents FROM alike
  UNION ALL
  SELECT dimension, sort, start, spot,
    (sign(cents) * (part + CASE WHEN place <= spare THEN 1 ELSE 0 END))::BIGINT FROM ranked
),
summed AS (
  SELECT dimension, sort, start, spot, sum(cents) AS cents, count(*) AS entries
  FROM split GROUP BY dimension, sort, start, spot
)
SELECT '{layer}' AS layer, p.area_id, d.metro, d.sphere, d.owner, d.document, d.function,
  k."grant", k.phase,
  {label} AS year,
  p.place_class, k.submission_id, k.latest, s.cents::BIGINT AS amount_cents, s.entries
FROM summed s JOIN budget_dimensions d ON d.dimension = s.dimension
JOIN budget_sorts k ON k.sort = s.sort JOIN budget_spots p ON p.spot = s.spot
"""


def spread(
    engine: Engine,
    entries: IbisTable,
    lines: IbisTable,
    places: IbisTable,
    areas: IbisTable,
    *,
    only: str = "",
    period: Period = Period.YEAR,
) -> pa.Table:
    """Rows of ``schema.SPATIAL_BUDGET``, in no order.

    Of every layer, or ``only`` one; by municipal year, or by month (``2018-07`` in ``year``).

    Lines of an entry that is not in ``entries`` or has no share are in no area, class unknown:
    no rand is dropped. ``metro`` is the entry's own; where its row names none, the one its
    coordinates lie in. ``grant`` is that of the amount's own fund where the amount states one.
    """
    length, shift = (12, 6) if period is Period.YEAR else (1, 0)
    engine.hold("budget_lines", lines.select(*_LINE_COLUMNS))
    engine.hold(
        "budget_places", places.select("entry_id", "layer", "area_id", "place_class", "weight")
    )
    engine.hold("budget_given", entries.select(*_ENTRY_COLUMNS))
    engine.load("budget_areas", _municipalities(engine, areas))
    engine.load("budget_funds", _funds(engine))
    for name, query in (
        ("budget_known", _KNOWN),
        ("budget_dimensions", _DIMENSIONS_NUMBERED),
        ("budget_tellers", _TELLERS),
        ("budget_entries", _ENTRIES),
        ("budget_kinds", _KINDS),
        ("budget_told", _TOLD),
        ("budget_ways", _WAYS),
        ("budget_sorts", _SORTS),
        ("budget_sorted", _SORTED),
        ("budget_pieces", _PIECES.format(length=length, shift=shift)),
    ):
        engine.make(name, query)
    parts = []
    for layer in [only] if only else _layers(engine):
        name = layer.replace("'", "''")
        engine.make("budget_spots", _SPOTS.format(layer=name))
        engine.make("budget_here", _HERE.format(layer=name))
        engine.make("budget_counted", _COUNTED)
        parts.append(engine.read(_LAYER.format(layer=name, label=_LABELS[period])))
    engine.drop(*(name for name in engine.held() if name.startswith("budget_")))
    return pa.concat_tables(parts)


def _layers(engine: Engine) -> list[str]:
    """Layers that entries have shares in; where there is none, that of municipalities."""
    found = engine.rows("SELECT DISTINCT layer FROM budget_places ORDER BY layer")
    return [layer for (layer,) in found] or [MUNICIPALITY_LAYER]


def _municipalities(engine: Engine, areas: IbisTable) -> pa.Table:
    """Areas with their kind and municipality code (a municipality's own code is its metro)."""
    found = engine.arrow(areas.select("area_id", "kind", "code", "metro"))
    return engine.sql(
        f"""
        SELECT DISTINCT area_id, kind, CASE WHEN metro IN ('', 'unknown') AND code <> ''
          THEN code ELSE metro END AS metro
        FROM budget_found WHERE kind = '{AreaKind.MUNICIPALITY}'
        """,
        budget_found=found,
    )


def _funds(engine: Engine) -> pa.Table:
    """Grant code of each fund text that amounts state: ``fund_text, grant``."""
    grants = codes.load("grants")
    found = engine.rows(
        "SELECT DISTINCT fund_text FROM budget_lines WHERE fund_text <> '' ORDER BY 1"
    )
    texts = [text for (text,) in found]
    return pa.table(
        {
            "fund_text": pa.array(texts, pa.string()),
            "grant": pa.array([grants.resolve(text) for text in texts], pa.string()),
        }
    )
