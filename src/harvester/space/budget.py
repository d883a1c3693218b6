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

_DIMENSIONS = ("sphere", "owner", "document", "function")
_ENTRY_COLUMNS = ("entry_id", "metro", *_DIMENSIONS, "grant")
_PAPER_COLUMNS = (
    *("entry_id", "document", "institution", "owner"),
    *("publication_year", "published_on", "stage"),
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
  FROM budget_lines l JOIN budget_papers p USING (entry_id)
),
ranked AS (
  SELECT *, rank() OVER (
    PARTITION BY document, publisher, calendar, year, phase
    ORDER BY publication_year = 'unknown', publication_year DESC, published_on DESC NULLS LAST,
      CASE stage WHEN 'audited' THEN 0 WHEN 'in_year' THEN 1 WHEN 'adjusted' THEN 2
                 WHEN 'adopted' THEN 3 WHEN 'tabled' THEN 4 ELSE 5 END, submission_id DESC) AS place
  FROM said
)
SELECT l.*, coalesce(r.place = 1, true) AS latest
FROM budget_lines l
LEFT JOIN budget_papers p USING (entry_id)
LEFT JOIN ranked r ON r.submission_id = l.submission_id AND r.calendar = l.calendar
  AND r.year = l.year AND r.phase = l.phase
  AND r.publisher = CASE WHEN p.institution <> 'unknown' THEN p.institution
                         WHEN p.owner <> 'unknown' THEN p.owner ELSE l.submission_id END
"""

_PIECES = """
WITH dated AS (
  SELECT entry_id, submission_id, latest, amount_cents, phase, fund_text,
    CASE WHEN period_start <= period_end THEN year(period_start) * 12 + month(period_start) - 1
         WHEN regexp_full_match(year, '\\d{{4}}/\\d{{2}}') THEN CAST(left(year, 4) AS BIGINT) * 12
              + CASE calendar WHEN 'municipal' THEN 6 ELSE 3 END END AS first,
    CASE WHEN period_start <= period_end
         THEN (year(period_end) - year(period_start)) * 12 + month(period_end)
              - month(period_start) + 1
         ELSE 12 END AS months
  FROM budget_lines
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
SELECT entry_id, submission_id, latest, phase, fund_text, start,
  sum(CASE WHEN start IS NULL THEN amount_cents
           ELSE sign(amount_cents)::BIGINT * (monthly * (b - a) + least(b, spare) - least(a, spare)) END
  )::BIGINT AS cents
FROM cut GROUP BY ALL
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

_NUMBERED = """
WITH funded AS (
  SELECT p.*, f.grant AS own_grant FROM budget_pieces p
  LEFT JOIN budget_funds f USING (fund_text)
)
SELECT row_number() OVER () AS piece, e.ix, f.entry_id, f.submission_id, f.latest, f.phase, f.start,
  coalesce(f.own_grant, e.grant, 'unknown') AS grant, sum(f.cents)::BIGINT AS cents
FROM funded f LEFT JOIN budget_dimensions e USING (entry_id)
GROUP BY e.ix, f.entry_id, f.submission_id, f.latest, f.phase, f.start,
  coalesce(f.own_grant, e.grant, 'unknown')
"""

_LAYER = """
WITH here AS (
  SELECT entry_id, area_id, place_class, weight,
    sum(weight) OVER (PARTITION BY entry_id) AS total,
    count(*) OVER (PARTITION BY entry_id) AS parts
  FROM budget_places WHERE layer = '{layer}'
),
whole AS (
  SELECT p.ix, p.submission_id, p.latest, p.phase, p.start, p.grant, coalesce(h.area_id, '') AS area_id,
    coalesce(h.place_class, 'unknown') AS place_class, p.cents
  FROM budget_numbered p LEFT JOIN here h USING (entry_id) WHERE h.parts IS NULL OR h.parts = 1
),
shared AS (
  SELECT p.piece, p.ix, p.submission_id, p.latest, p.phase, p.start, p.grant, h.area_id,
    h.place_class, p.cents,
    abs(p.cents)::HUGEINT * h.weight // h.total AS part,
    abs(p.cents)::HUGEINT * h.weight % h.total AS remainder
  FROM budget_numbered p JOIN here h USING (entry_id) WHERE h.parts > 1
),
ranked AS (
  SELECT *, abs(cents) - sum(part) OVER (PARTITION BY piece) AS spare,
    row_number() OVER (PARTITION BY piece ORDER BY remainder DESC, area_id, place_class) AS place
  FROM shared
),
split AS (
  SELECT ix, submission_id, latest, phase, start, "grant", area_id, place_class, cents FROM whole
  UNION ALL
  SELECT ix, submission_id, latest, phase, start, "grant", area_id, place_class,
    (sign(cents) * (part + CASE WHEN place <= spare THEN 1 ELSE 0 END))::BIGINT FROM ranked
)
SELECT '{layer}' AS layer, s.area_id, coalesce(d.metro, 'unknown') AS metro,
  coalesce(d.sphere, 'unknown') AS sphere, coalesce(d.owner, 'unknown') AS owner,
  coalesce(d.document, 'unknown') AS document, coalesce(d.function, 'unknown') AS function,
  s.grant, s.phase,
  {label} AS year,
  s.place_class, s.submission_id, s.latest, sum(s.cents)::BIGINT AS amount_cents, count(*)::BIGINT AS entries
FROM split s LEFT JOIN budget_dimensions d USING (ix)
GROUP BY ALL
ORDER BY ALL
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
    """Rows of ``schema.SPATIAL_BUDGET`` in the order of their key.

    Of every layer, or ``only`` one; by municipal year, or by month (``2018-07`` in ``year``).

    Lines of an entry that is not in ``entries`` or has no share are in no area, class unknown:
    no rand is dropped. ``metro`` is the entry's own; where its row names none, the one its
    coordinates lie in. ``grant`` is that of the amount's own fund where the amount states one.
    """
    shares = engine.arrow(places.select("entry_id", "layer", "area_id", "place_class", "weight"))
    rows = engine.arrow(lines.select(*_LINE_COLUMNS))
    dimensions = engine.sql(
        _ENTRY_METRO,
        budget_entries=engine.arrow(entries.select(*_ENTRY_COLUMNS)),
        budget_places=shares,
        budget_areas=_municipalities(engine, areas),
    )
    papers = engine.arrow(entries.select(*_PAPER_COLUMNS))
    told = engine.sql(_LATEST, budget_lines=rows, budget_papers=papers)
    length, shift = (12, 6) if period is Period.YEAR else (1, 0)
    pieces = engine.sql(_PIECES.format(length=length, shift=shift), budget_lines=told)
    numbered = engine.sql(
        _NUMBERED,
        budget_pieces=pieces,
        budget_funds=_funds(engine, pieces),
        budget_dimensions=dimensions,
    )
    found = engine.sql(
        "SELECT DISTINCT layer FROM budget_places ORDER BY layer", budget_places=shares
    )
    layers = [only] if only else found["layer"].to_pylist() or [MUNICIPALITY_LAYER]
    parts = [
        engine.sql(
            _LAYER.format(layer=layer.replace("'", "''"), label=_LABELS[period]),
            budget_numbered=numbered,
            budget_places=shares,
            budget_dimensions=dimensions,
        )
        for layer in layers
    ]
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


def _funds(engine: Engine, pieces: pa.Table) -> pa.Table:
    """Grant code of each fund text that amounts state: ``fund_text, grant``."""
    grants = codes.load("grants")
    texts = engine.sql(
        "SELECT DISTINCT fund_text FROM budget_pieces WHERE fund_text <> '' ORDER BY 1",
        budget_pieces=pieces,
    )["fund_text"].to_pylist()
    return pa.table(
        {
            "fund_text": pa.array(texts, pa.string()),
            "grant": pa.array([grants.resolve(text) for text in texts], pa.string()),
        }
    )
