"""From parts to values: the one place where an indicator's figure and band are calculated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harvester.engine import schema

if TYPE_CHECKING:
    import pyarrow as pa

    from harvester.alignment.indicators import Indicator
    from harvester.engine.engine import Engine

_MILLION = 1_000_000

# Shares are kept to six decimals, so that sums are whole numbers and do not depend on the order
# in which the engine adds.
_TIDY = """
SELECT '{id}' AS indicator, metro, sphere, year, item, entry_id,
       amount_cents::BIGINT AS amount_cents,
       round(share::DOUBLE, 6) AS share,
       round(least(share_low, coalesce(share, share_low))::DOUBLE, 6) AS share_low,
       round(greatest(share_high, coalesce(share, share_high))::DOUBLE, 6) AS share_high
FROM raw_parts
"""

# Value = sum of amount × share over the parts that are known ÷ their amounts. Band: every part at
# the least, and at the most, it could be, unknown parts included; never narrower than the value.
_VALUES = f"""
WITH sums AS (
    SELECT indicator,
           CASE WHEN grouping(metro) = 1 THEN 'all' ELSE metro END AS metro,
           CASE WHEN grouping(sphere) = 1 THEN 'all' ELSE sphere END AS sphere,
           year,
           sum(amount_cents::HUGEINT * round(share * {_MILLION})::BIGINT) AS counts,
           sum(amount_cents) FILTER (WHERE share IS NOT NULL) AS known,
           sum(amount_cents) FILTER (WHERE share IS NULL) AS unknown,
           sum(amount_cents) AS total,
           sum(amount_cents::HUGEINT * round(share_low * {_MILLION})::BIGINT) AS least_counts,
           sum(amount_cents::HUGEINT * round(share_high * {_MILLION})::BIGINT) AS most_counts,
           count(*) AS items
    FROM parts
    GROUP BY GROUPING SETS ((indicator, year, metro, sphere), (indicator, year, metro),
                            (indicator, year, sphere), (indicator, year))
), shares AS (
    SELECT *, round(counts / {_MILLION}.0 / nullif(known, 0), 6) AS value,
           round(least_counts / {_MILLION}.0 / nullif(total, 0), 6) AS low,
           round(most_counts / {_MILLION}.0 / nullif(total, 0), 6) AS high
    FROM sums
)
SELECT indicator, metro, sphere, year, value,
       CASE WHEN value < low THEN value ELSE low END AS low,
       CASE WHEN value > high THEN value ELSE high END AS high,
       coalesce(counts, 0) / {_MILLION}.0 AS numerator,
       coalesce(known, 0)::DOUBLE AS denominator,
       coalesce(unknown, 0)::DOUBLE AS unknown, items
FROM shares
ORDER BY indicator, metro, sphere, year
"""


def tidy_parts(engine: Engine, indicator: Indicator, rows: pa.Table) -> pa.Table:
    """Parts of one indicator as ``schema.INDICATOR_PARTS``: shares to six decimals, low ≤ share
    ≤ high."""
    tidy = engine.sql(_TIDY.format(id=indicator.id), raw_parts=rows)
    return schema.INDICATOR_PARTS.conform(tidy)


def values(engine: Engine, parts: pa.Table) -> pa.Table:
    """``schema.INDICATORS`` from ``schema.INDICATOR_PARTS``.

    For each indicator and municipal year: per metro × sphere, per metro, per sphere, and over all
    (``all``). ``value`` is null when nothing is known; ``unknown`` says how much weight that is.
    A part's weight is never negative and its share lies between 0 and 1, so ``low`` ≤ ``value`` ≤
    ``high``, and one more unknown part changes the band but never the value.
    """
    return schema.INDICATORS.conform(engine.sql(_VALUES, parts=parts))


def ordered(parts: pa.Table) -> pa.Table:
    """Parts in the order of their key, so that the written table is the same every time."""
    return parts.sort_by([(name, "ascending") for name in schema.INDICATOR_PARTS.key])
