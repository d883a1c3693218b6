"""Every rand in a place and a municipal year.

In two splits, each conserved to the cent: first over months (flat over the calendar months a line
is for, see :mod:`harvester.space.months`), then over the entry's shares in a layer, by largest
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
_LINE_COLUMNS = (
    "entry_id",
    "submission_id",
    "amount_cents",
    "year",
    "calendar",
    "period_start",
    "period_end",
    "phase",
    "fund_text",
)

# A publisher says the same year again in every later paper (the budget of next year, the adjusted
# list): the latest one that speaks of a year and phase is what may be added up. A list of several
# departments speaks for each of them; one that names nobody speaks for itself alone.
_LATEST = """
WITH said AS (
  SELECT DISTINCT l.submission_id, l.calendar, l.year, l.phase, p.document, p.publication_year,
    p.published_on, p.stage,
    CASE WHEN p.institution <> 'unknown' THEN p.institution
         WHEN p.owner <> 'unknown' THEN p.owner ELSE l.submission_id END AS publisher
  FROM budget_lines l JOIN budget_entries p USING (entry_id)
),
ranked AS (
  SELECT *, rank() OVER (
    PARTITION BY document, publisher, calendar, year, phase
    ORDER BY publication_year = 'unknown', publication_year DESC, published_on DESC NULLS LAST,
      CASE stage WHEN 'audited' THEN 0 WHEN 'in_year' THEN 1 WHEN 'adjusted' THEN 2
                 WHEN 'adopted' THEN 3 WHEN 'tabled' THEN 4 ELSE 5 END, submission_id DESC) AS place
  FROM said
)
SELECT p.ix, p.dimension, l.submission_id, l.phase, l.amount_cents, l.year, l.calendar,
  l.period_start, l.period_end, coalesce(r.place = 1, true) AS latest,
  coalesce(f."grant", p."grant", 'unknown') AS "grant"
FROM budget_lines l
LEFT JOIN budget_entries p USING (entry_id)
LEFT JOIN budget_funds f USING (fund_text)
LEFT JOIN ranked r ON r.submission_id = l.submission_id AND r.calendar = l.calendar
  AND r.year = l.year AND r.phase = l.phase
  AND r.publisher = CASE WHEN p.institution <> 'unknown' THEN p.institution
                         WHEN p.owner <> 'unknown' THEN p.owner ELSE l.submission_id END
"""

# What tells amounts of one entry apart, as a whole number: strings are compared once, not in each
# of the steps after it.
_SORTS = """
SELECT row_number() OVER () AS sort, submission_id, latest, phase, "grant"
FROM (SELECT DISTINCT submission_id, latest, phase, "grant" FROM budget_told)
"""

_PIECES = """
WITH dated AS (
  SELECT t.ix, t.dimension, k.sort, t.amount_cents,
    CASE WHEN period_start <= period_end THEN year(period_start) * 12 + month(period_start) - 1
         WHEN regexp_full_match(year, '\\d{{4}}/\\d{{2}}') THEN CAST(left(year, 4) AS BIGINT) * 12
              + CASE calendar WHEN 'municipal' THEN 6 ELSE 3 END END AS first,
    CASE WHEN period_start <= period_end
         THEN (year(period_end) - year(period_start)) * 12 + month(period_end)
              - month(period_start) + 1
         ELSE 12 END AS months
  FROM budget_told t JOIN budget_sorts k ON k.submission_id = t.submission_id
    AND k.latest = t.latest AND k.phase = t.phase AND k."grant" = t."grant"
),
yearly AS (
  SELECT *, unnest(CASE WHEN first IS NULL THEN [NULL]
                        ELSE range((first - {shift}) // {length},
                                   (first + months - 1 - {shift}) // {length} + 1) END) AS start
  FROM dated
),
cut AS (
  SELECT *, greatest(first, start * {length} + {shift}) - first AS a,
    least(first + months, (start + 1) * {length} + {shift}) - first AS b,
    abs(amount_cents) // months AS monthly, abs(amount_cents) % months AS spare
  FROM yearly
)
SELECT row_number() OVER () AS piece, * FROM (
  SELECT ix, dimension, sort, start,
    sum(CASE WHEN start IS NULL THEN amount_cents
             ELSE sign(amount_cents)::BIGINT
               * (monthly * (b - a) + least(b, spare) - least(a, spare)) END)::BIGINT AS cents
  FROM cut GROUP BY ix, dimension, sort, start
)
"""

_ENTRY_METRO = """
WITH one AS (
  SELECT p.entry_id, min(a.metro) AS metro
  FROM budget_places p JOIN budget_areas a USING (area_id)
  WHERE a.kind = 'municipality' AND a.metro <> 'unknown'
  GROUP BY p.entry_id HAVING count(DISTINCT a.metro) = 1
)
SELECT row_number() OVER () AS ix, e.* EXCLUDE (metro),
  CASE WHEN e.metro = 'unknown' THEN coalesce(one.metro, 'unknown') ELSE e.metro END AS metro
FROM budget_entries e LEFT JOIN one USING (entry_id)
"""

_NUMBERED_DIMENSIONS = """
SELECT row_number() OVER () AS dimension, metro, sphere, owner, document, function
FROM (
  SELECT metro, sphere, owner, document, function FROM budget_entries
  UNION
  SELECT 'unknown', 'unknown', 'unknown', 'unknown', 'unknown'
)
"""

_WITH_DIMENSION = """
SELECT e.*, d.dimension FROM budget_entries e
JOIN budget_dimensions d USING (metro, sphere, owner, document, function)
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

_LAYER = """
WITH here AS (
  SELECT e.ix, s.spot, p.weight FROM budget_places p
  JOIN budget_entries e USING (entry_id)
  JOIN budget_spots s ON s.area_id = p.area_id AND s.place_class = p.place_class
  WHERE p.layer = '{layer}'
),
counted AS (
  SELECT ix, sum(weight) AS total, count(*) AS parts, min(spot) AS spot FROM here GROUP BY ix
),
nowhere AS (SELECT min(spot) AS spot FROM budget_spots WHERE area_id = '' AND place_class = 'unknown'),
nobody AS (
  SELECT min(dimension) AS dimension FROM budget_dimensions
  WHERE metro = 'unknown' AND sphere = 'unknown' AND owner = 'unknown' AND document = 'unknown'
    AND function = 'unknown'
),
whole AS (
  SELECT coalesce(p.dimension, o.dimension) AS dimension, p.sort, p.start,
    coalesce(c.spot, n.spot) AS spot, p.cents
  FROM budget_pieces p LEFT JOIN counted c USING (ix) CROSS JOIN nowhere n CROSS JOIN nobody o
  WHERE c.parts IS NULL OR c.parts = 1
),
shared AS (
  SELECT p.piece, p.dimension, p.sort, p.start, h.spot, p.cents,
    abs(p.cents)::HUGEINT * h.weight // c.total AS part,
    abs(p.cents)::HUGEINT * h.weight % c.total AS remainder
  FROM budget_pieces p JOIN counted c USING (ix) JOIN here h USING (ix) WHERE c.parts > 1
),
ranked AS (
  SELECT *, abs(cents) - sum(part) OVER (PARTITION BY piece) AS spare,
    row_number() OVER (PARTITION BY piece ORDER BY remainder DESC, spot) AS place
  FROM shared
),
split AS (
  SELECT dimension, sort, start, spot, cents FROM whole
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
    shares = engine.arrow(places.select("entry_id", "layer", "area_id", "place_class", "weight"))
    rows = engine.arrow(lines.select(*_LINE_COLUMNS))
    known = engine.sql(
        _ENTRY_METRO,
        budget_entries=engine.arrow(entries.select(*_ENTRY_COLUMNS)),
        budget_places=shares,
        budget_areas=_municipalities(engine, areas),
    )
    dimensions = engine.sql(_NUMBERED_DIMENSIONS, budget_entries=known)
    known = engine.sql(_WITH_DIMENSION, budget_entries=known, budget_dimensions=dimensions)
    told = engine.sql(
        _LATEST, budget_lines=rows, budget_entries=known, budget_funds=_funds(engine, rows)
    )
    sorts = engine.sql(_SORTS, budget_told=told)
    length, shift = (12, 6) if period is Period.YEAR else (1, 0)
    pieces = engine.sql(
        _PIECES.format(length=length, shift=shift), budget_told=told, budget_sorts=sorts
    )
    keys = known.select(["entry_id", "ix"])
    found = engine.sql(
        "SELECT DISTINCT layer FROM budget_places ORDER BY layer", budget_places=shares
    )
    layers = [only] if only else found["layer"].to_pylist() or [MUNICIPALITY_LAYER]
    parts = []
    for layer in layers:
        name = layer.replace("'", "''")
        spots = engine.sql(_SPOTS.format(layer=name), budget_places=shares)
        parts.append(
            engine.sql(
                _LAYER.format(layer=name, label=_LABELS[period]),
                budget_pieces=pieces,
                budget_places=shares,
                budget_entries=keys,
                budget_dimensions=dimensions,
                budget_sorts=sorts,
                budget_spots=spots,
            )
        )
    return pa.concat_tables(parts)


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


def _funds(engine: Engine, lines: pa.Table) -> pa.Table:
    """Grant code of each fund text that amounts state: ``fund_text, grant``."""
    grants = codes.load("grants")
    texts = engine.sql(
        "SELECT DISTINCT fund_text FROM budget_lines WHERE fund_text <> '' ORDER BY 1",
        budget_lines=lines,
    )["fund_text"].to_pylist()
    return pa.table(
        {
            "fund_text": pa.array(texts, pa.string()),
            "grant": pa.array([grants.resolve(text) for text in texts], pa.string()),
        }
    )
