"""From parts to values: the one place where an indicator's figure and band are calculated.

How the band is made, and how it was tried, is told in ``docs/explanation/bands.md``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from harvester.engine import schema
from harvester.rules import bands

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harvester.alignment.facts import Facts
    from harvester.alignment.indicators import Indicator
    from harvester.engine.engine import Engine

ALL = "all"
"""In place of a metro, sphere ...: over all of them together."""

DIMENSIONS = ("metro", "province", "sphere", "owner", "fund")
"""What parts can be cut by, besides the year."""

STANDING = (("metro", "sphere"), ("metro",), ("sphere",), ())
"""Slices of the table ``indicators``."""

WIDER = {
    "province": (("province",),),
    "owner": (("owner",), ("owner", "metro")),
    "fund": (("fund",), ("fund", "metro")),
}
"""Slices of the table ``indicator_slices``, by what they are cut by."""

STEP_FROM_CHANCE = 0.1
"""A chance from here on may turn its whole part within nine cases in ten."""

_MILLION = 1_000_000
_HEAVIEST = 10**15
"""Cents (R 10 trillion, several times all the country's budgets): a heavier part, a slip of the key no
doubt, weighs no more in what chance can do, so that its square does not break a harvest."""

# Shares are kept to six decimals, so that sums are whole numbers and do not depend on the order
# in which the engine adds.
_TIDY = """
SELECT '{id}' AS indicator, p.metro, p.sphere, p.year, p.item, p.entry_id,
       CASE WHEN p.metro = 'all' THEN 'all'
            ELSE coalesce(nullif(m.province, ''), 'unknown') END AS province,
       coalesce(nullif({owner}, ''), 'unknown') AS owner,
       coalesce(nullif({fund}, ''), 'unknown') AS fund,
       p.amount_cents::BIGINT AS amount_cents,
       round(p.share::DOUBLE, 6) AS share,
       round(least(p.share_low, coalesce(p.share, p.share_low))::DOUBLE, 6) AS share_low,
       round(greatest(p.share_high, coalesce(p.share, p.share_high))::DOUBLE, 6) AS share_high,
       {by_chance} AS by_chance, round({people}::DOUBLE, 6) AS people
FROM ({query}) p
LEFT JOIN in_entries e ON e.entry_id = p.entry_id
LEFT JOIN in_institutions m ON m.code = p.metro
"""

# Value = sum of amount × share over the parts that are known ÷ their amounts.
#
# Band: every part at the least, and at the most, it could be, unknown parts included. Where low and
# high are chances that a part turns whole (an unsure link), these are what to expect, and the
# band goes further by as much as chance reaches: the variances of the chances add up, and half of
# the heaviest part that may well turn is added, for chance comes in whole parts.
# What is cut by goes by another name inside: Spark would take the name for what it becomes.
_SUMS = """
WITH grouped AS (
    SELECT indicator, year, {cuts}
           sum(amount_cents::HUGEINT * round(share * {million})::BIGINT) AS counts,
           sum(amount_cents) FILTER (WHERE share IS NOT NULL) AS known,
           sum(amount_cents) FILTER (WHERE share IS NULL) AS unknown,
           sum(amount_cents) AS total,
           sum(amount_cents::HUGEINT * round(share_low * {million})::BIGINT) AS least_counts,
           sum(amount_cents::HUGEINT * round(share_high * {million})::BIGINT) AS most_counts,
           sum({weight}::HUGEINT * {weight} * round(
               greatest(0.0, (share - share_low) * (1.0 - share + share_low)) * {million})::BIGINT)
               FILTER (WHERE by_chance) AS loss_squares,
           sum({weight}::HUGEINT * {weight} * round(
               greatest(0.0, (share_high - share) * (1.0 - share_high + share)) * {million})::BIGINT)
               FILTER (WHERE by_chance) AS gain_squares,
           max(amount_cents) FILTER (WHERE by_chance AND round(share - share_low, 6) >= {step}) AS loss_step,
           max(amount_cents) FILTER (WHERE by_chance AND round(share_high - share, 6) >= {step}) AS gain_step,
           max(share_high) AS most_share,
           sum(amount_cents::HUGEINT * round(people * {million})::BIGINT)
               FILTER (WHERE people >= 0) AS living,
           sum(amount_cents) FILTER (WHERE people >= 0) AS lived,
           count(people) > 0 AS per_head,
           count(*) AS items
    FROM parts
    GROUP BY GROUPING SETS ({sets})
), sums AS (
    SELECT *, {columns} FROM grouped {having}
), shares AS (
    SELECT *, counts / {million}.0 / nullif(known, 0) AS share,
           least_counts / {million}.0 / nullif(total, 0)
           - ({z} * sqrt(coalesce(loss_squares, 0) / {million}.0) + coalesce(loss_step, 0) / 2.0)
             / nullif(total, 0) AS share_low,
           most_counts / {million}.0 / nullif(total, 0)
           + ({z} * sqrt(coalesce(gain_squares, 0) / {million}.0) + coalesce(gain_step, 0) / 2.0)
             / nullif(total, 0) AS share_high,
           living / {million}.0 / nullif(lived, 0) AS people
    FROM sums
), bounded AS (
    SELECT * REPLACE (
        greatest(0.0, CASE WHEN share < share_low THEN share ELSE share_low END) AS share_low,
        CASE WHEN most_share <= 1.0
             THEN least(1.0, CASE WHEN share > share_high THEN share ELSE share_high END)
             WHEN share > share_high THEN share ELSE share_high END AS share_high)
    FROM shares
)
SELECT indicator, year, {dimensions},
       {value} AS value, {low} AS low, {high} AS high,
       coalesce(counts, 0) / {million}.0 AS numerator,
       coalesce(known, 0)::DOUBLE AS denominator,
       coalesce(unknown, 0)::DOUBLE AS unknown, items
FROM bounded
"""


def _per_head(share: str) -> str:
    """A share of the money as money per person there ÷ per person elsewhere, where people are
    given; else the share."""
    return f"""round(CASE WHEN NOT per_head THEN {share}
         WHEN people > 0.0 AND people < 1.0 AND {share} < 1.0
         THEN {share} / (1.0 - {share}) * (1.0 - people) / people END, 6)"""


def tidy_parts(facts: Facts, indicator: Indicator) -> pa.Table:
    """Parts of one indicator as ``schema.INDICATOR_PARTS``: shares to six decimals, low ≤ share
    ≤ high, each with the dimensions it can be cut by.

    Raises ``EngineError`` when the indicator's query lacks a column.
    """
    query = _TIDY.format(
        id=indicator.id,
        query=indicator.query,
        owner=indicator.owner,
        fund=indicator.fund,
        people=indicator.people,
        by_chance=str(indicator.by_chance).upper(),
    )
    return schema.INDICATOR_PARTS.conform(facts.query(query))


def sliced(engine: Engine, parts: pa.Table, sets: Sequence[Sequence[str]]) -> pa.Table:
    """Values of parts by any dimensions: one row per indicator, year and member of each of ``sets``.

    Columns: indicator, year, :data:`DIMENSIONS` (``all`` where a set does not cut by it), value,
    low, high, numerator, denominator, unknown, items. A part that stands for several members
    (``all``: two sectors of different spheres) is left out of sets that cut by it. One more unknown
    part changes the band but never the value.
    """
    return engine.sql(slices_sql(sets), parts=parts)


def slices_sql(sets: Sequence[Sequence[str]]) -> str:
    """The query of :func:`sliced` over a table ``parts``; for whoever holds one elsewhere."""
    cut = [name for name in DIMENSIONS if any(name in one for one in sets)]
    cuts = "".join(f"{name} AS cut_{name}, grouping({name}) AS all_{name}, " for name in cut)
    columns = ", ".join(
        f"CASE WHEN all_{name} = 1 THEN 'all' ELSE cut_{name} END AS {name}"
        if name in cut
        else f"'all' AS {name}"
        for name in DIMENSIONS
    )
    having = " AND ".join(f"(all_{name} = 1 OR cut_{name} <> 'all')" for name in cut)
    return _SUMS.format(
        cuts=cuts,
        columns=columns,
        dimensions=", ".join(DIMENSIONS),
        sets=", ".join(f"({', '.join(('indicator', 'year', *one))})" for one in sets),
        having=f"WHERE {having}" if having else "",
        value=_per_head("share"),
        low=_per_head("share_low"),
        high=_per_head("share_high"),
        million=_MILLION,
        weight=f"least(amount_cents, {_HEAVIEST})",
        z=bands.load().deviations,
        step=STEP_FROM_CHANCE,
    )


def values(engine: Engine, parts: pa.Table) -> pa.Table:
    """``schema.INDICATORS`` from ``schema.INDICATOR_PARTS``.

    For each indicator and municipal year: per metro × sphere, per metro, per sphere, and over all
    (``all``). ``value`` is null when nothing is known; ``unknown`` says how much weight that is.
    """
    found = sliced(engine, parts, STANDING).select(schema.INDICATORS.names)
    return schema.INDICATORS.conform(
        found.sort_by([(k, "ascending") for k in schema.INDICATORS.key])
    )


def wider(engine: Engine, parts: pa.Table) -> pa.Table:
    """``schema.INDICATOR_SLICES``: by province, by owner and by fund, the last two also by metro."""
    cut = []
    for dimension, sets in WIDER.items():
        found = sliced(engine, parts, sets)
        names = pa.array([dimension] * found.num_rows, pa.string())
        found = found.append_column("dimension", names).append_column("code", found[dimension])
        cut.append(schema.INDICATOR_SLICES.conform(found.select(schema.INDICATOR_SLICES.names)))
    order = [(name, "ascending") for name in schema.INDICATOR_SLICES.key]
    return pa.concat_tables(cut).sort_by(order)


def ordered(parts: pa.Table) -> pa.Table:
    """Parts in the order of their key, so that the written table is the same every time."""
    return parts.sort_by([(name, "ascending") for name in schema.INDICATOR_PARTS.key])
