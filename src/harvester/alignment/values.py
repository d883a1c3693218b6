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
       CASE WHEN p.share IS NOT NULL THEN round(({doubt})::DOUBLE, 6) END AS doubt,
       {by_chance} AS by_chance, round({people}::DOUBLE, 6) AS people
FROM ({query}) p
LEFT JOIN in_entries e ON e.entry_id = p.entry_id
LEFT JOIN in_institutions m ON m.code = p.metro
"""

# What a known part may lose, and gain, should it not be as stated.
_LOSS, _GAIN = "(share - share_low)", "(share_high - share)"
_BY_DOUBT = """
       sum(amount_cents::HUGEINT * round(doubt * {size} * {million})::BIGINT) AS {name}_counts,
       sum({weight}::HUGEINT * {weight} * round(
           doubt * (1.0 - doubt) * {size} * {size} * {million})::BIGINT) AS {name}_squares,
       max(amount_cents * {size}) FILTER (WHERE by_chance AND doubt >= {step}) AS {name}_step,"""

# What values are made of, in the smallest pieces that any slice is put together from: whole numbers,
# so that adding pieces up gives what adding parts up does.
_SUMMED = """
SELECT indicator, year, {dimensions},
       sum(amount_cents::HUGEINT * round(share * {million})::BIGINT) AS counts,
       sum(amount_cents::HUGEINT * round(share * share * {million})::BIGINT) AS moments,
       sum(amount_cents) FILTER (WHERE share IS NOT NULL) AS known,
       sum(amount_cents) FILTER (WHERE share IS NULL) AS unknown,
       sum(amount_cents) AS total,
       sum(amount_cents::HUGEINT * round(CASE WHEN by_chance AND doubt <= {sure} THEN share
           ELSE share_low END * {million})::BIGINT) AS least_counts,
       sum(amount_cents::HUGEINT * round(CASE WHEN by_chance AND doubt <= {sure} THEN share
           ELSE share_high END * {million})::BIGINT) AS most_counts,{losses}{gains}
       sum({weight}::HUGEINT * {weight}) FILTER (WHERE share IS NOT NULL) AS known_squares,
       sum({weight}::HUGEINT * {weight}) FILTER (WHERE doubt > 0.0) AS doubtful_squares,
       max({weight}) FILTER (WHERE share IS NULL) AS heaviest,
       max(share_high) AS top,
       sum(amount_cents::HUGEINT * round(people * {million})::BIGINT)
           FILTER (WHERE people >= 0) AS living,
       sum(amount_cents) FILTER (WHERE people >= 0) AS lived,
       count(people) AS counted,
       count(*) AS items
FROM indicator_parts
GROUP BY indicator, year, {dimensions}
"""
_ADDED = ("counts", "moments", "known", "unknown", "total", "least_counts", "most_counts", "loss_counts",
          "loss_squares", "gain_counts", "gain_squares", "known_squares", "doubtful_squares", "living",
          "lived")  # fmt: skip
_GREATEST = ("loss_step", "gain_step", "heaviest")

# Value = sum of amount × share over the parts that are known ÷ their amounts.
#
# Bounds: every unknown part at the least, and at the most, it could be, and every known one that is
# in doubt; what is sure enough is taken as it stands.
#
# Band: what known parts are to be expected to lose by their doubts, and unknown money taken for like
# the known, give or take what it was measured to differ by; then 1.645 standard deviations of both.
# What the known parts are like is told by them and two imagined ones, at either end: few tell little.
# The heaviest unknown part stands for all in what chance can do, and is not thinned by the rest
# (`lumps`): so more unknown money never makes the band narrower.
# What is cut by goes by another name inside: Spark would take the name for what it becomes.
_SLICES = """
WITH grouped AS (
    SELECT indicator, year, {cuts}{added},
           greatest(1.0, max(top)) AS top, sum(counted) > 0 AS per_head, sum(items)::BIGINT AS items
    FROM indicator_sums
    GROUP BY GROUPING SETS ({sets})
), sums AS (
    SELECT *, {columns} FROM grouped {having}
), shares AS (
    SELECT *, counts / {million}.0 / nullif(known, 0) AS share,
           moments / {million}.0 / nullif(known, 0) AS moment,
           known::DOUBLE * known::DOUBLE / nullif(known_squares, 0)::DOUBLE AS alike,
           coalesce(unknown, 0)::DOUBLE / nullif(total, 0) AS gap,
           coalesce(unknown, 0)::DOUBLE / nullif(known, 0) AS beside,
           least_counts / {million}.0 / nullif(total, 0) AS least,
           most_counts / {million}.0 / nullif(total, 0) AS most,
           coalesce(loss_counts, 0) / {million}.0 / known
           + coalesce(loss_step, 0) / 2.0 / known AS loss,
           coalesce(gain_counts, 0) / {million}.0 / known
           + coalesce(gain_step, 0) / 2.0 / known AS gain,
           coalesce(loss_squares, 0) / {million}.0 / known / known AS loss_spread,
           coalesce(gain_squares, 0) / {million}.0 / known / known AS gain_spread,
           {recounted} * coalesce(doubtful_squares, 0)::DOUBLE / known / known AS recounted,
           living / {million}.0 / nullif(lived, 0) AS people
    FROM sums
), pooled AS (
    SELECT *, (alike * share + {imagined} * top) / (alike + 2.0 * {imagined}) AS pool,
           (alike * moment + {imagined} * top * top) / (alike + 2.0 * {imagined}) AS pool_moment
    FROM shares
), spread AS (
    SELECT *, greatest(0.0, pool_moment - pool * pool) AS variance,
           CASE WHEN beside <= 1.0 THEN beside / (1.0 + beside) / (1.0 + beside) ELSE 0.25 END * {lumped} AS lumps
    FROM pooled
), doubted AS (
    SELECT * REPLACE (loss_spread + recounted * variance AS loss_spread,
                      gain_spread + recounted * variance AS gain_spread),
           gap * gap * ({apart} * {apart} * top * top + variance / alike)
           + coalesce(heaviest, 0)::DOUBLE / known * lumps * variance AS gap_spread
    FROM spread
), reached AS (
    SELECT *,
           greatest(share - gap * greatest(0.0, share - pool) - {z} * sqrt(loss_spread + gap_spread),
                    least - {z} * sqrt(loss_spread)) - loss AS low,
           least(share + gap * greatest(0.0, pool - share) + {z} * sqrt(gain_spread + gap_spread),
                 most + {z} * sqrt(gain_spread)) + gain AS high
    FROM doubted
), clipped AS (
    SELECT * REPLACE (
        CASE WHEN share IS NULL THEN least ELSE greatest(0.0, least(low, share)) END AS low,
        CASE WHEN share IS NULL THEN most ELSE least(top, greatest(high, share)) END AS high)
    FROM reached
), bounded AS (
    SELECT * REPLACE (least(least, low) AS least, greatest(most, high) AS most) FROM clipped
)
SELECT indicator, year, {dimensions},
       {value} AS value, {low} AS low, {high} AS high, {least} AS bound_low, {most} AS bound_high,
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


def tidied(indicator: Indicator) -> str:
    """SQL of the parts of one indicator as ``schema.INDICATOR_PARTS``, over facts: shares to six
    decimals, low ≤ share ≤ high, each with the dimensions it can be cut by."""
    return _TIDY.format(
        id=indicator.id,
        query=indicator.query,
        owner=indicator.owner,
        fund=indicator.fund,
        people=indicator.people,
        doubt=indicator.doubt,
        by_chance=str(indicator.by_chance).upper(),
    )


def summed(engine: Engine) -> None:
    """Make ``indicator_sums`` of the ``indicator_parts`` held: what :func:`sliced` puts together."""
    rules = bands.load()
    weight = f"least(amount_cents, {_HEAVIEST})"
    losses, gains = (
        _BY_DOUBT.format(
            name=name, size=size, weight=weight, million=_MILLION, step=STEP_FROM_CHANCE
        )
        for name, size in (("loss", _LOSS), ("gain", _GAIN))
    )
    engine.make(
        "indicator_sums",
        _SUMMED.format(
            dimensions=", ".join(DIMENSIONS), million=_MILLION, weight=weight, sure=rules.sure,
            losses=losses, gains=gains,
        ),
    )  # fmt: skip


def sliced(engine: Engine, sets: Sequence[Sequence[str]]) -> pa.Table:
    """Values by any dimensions: one row per indicator, year and member of each of ``sets``.

    Reads ``indicator_sums`` (:func:`summed`). Columns: indicator, year, :data:`DIMENSIONS` (``all``
    where a set does not cut by it), value, low, high, bound_low, bound_high, numerator, denominator,
    unknown, items. A part that stands for several members (``all``: two sectors of different
    spheres) is left out of sets that cut by it. One more unknown part changes the band but never
    the value.
    """
    cut = [name for name in DIMENSIONS if any(name in one for one in sets)]
    cuts = "".join(f"{name} AS cut_{name}, grouping({name}) AS all_{name}, " for name in cut)
    columns = ", ".join(
        f"CASE WHEN all_{name} = 1 THEN 'all' ELSE cut_{name} END AS {name}"
        if name in cut
        else f"'all' AS {name}"
        for name in DIMENSIONS
    )
    having = " AND ".join(f"(all_{name} = 1 OR cut_{name} <> 'all')" for name in cut)
    rules = bands.load()
    return engine.read(_SLICES.format(
        cuts=cuts,
        added=", ".join(
            [f"sum({name}) AS {name}" for name in _ADDED]
            + [f"max({name}) AS {name}" for name in _GREATEST]
        ),
        columns=columns,
        dimensions=", ".join(DIMENSIONS),
        sets=", ".join(f"({', '.join(('indicator', 'year', *one))})" for one in sets),
        having=f"WHERE {having}" if having else "",
        value=_per_head("share"),
        low=_per_head("low"),
        high=_per_head("high"),
        least=_per_head("least"),
        most=_per_head("most"),
        million=_MILLION,
        z=rules.deviations,
        apart=rules.apart,
        imagined=rules.imagined,
        recounted=rules.recounted,
        lumped=rules.lumped,
    ))  # fmt: skip


def values(engine: Engine) -> pa.Table:
    """``schema.INDICATORS`` from ``indicator_sums`` (:func:`summed`).

    For each indicator and municipal year: per metro × sphere, per metro, per sphere, and over all
    (``all``). ``value`` is null when nothing is known; ``unknown`` says how much weight that is.
    """
    found = sliced(engine, STANDING).select(schema.INDICATORS.names)
    return schema.INDICATORS.conform(
        found.sort_by([(k, "ascending") for k in schema.INDICATORS.key])
    )


def wider(engine: Engine) -> pa.Table:
    """``schema.INDICATOR_SLICES`` from ``indicator_sums`` (:func:`summed`): by province, by owner and by fund, the last two also by metro."""
    cut = []
    for dimension, sets in WIDER.items():
        found = sliced(engine, sets)
        names = pa.array([dimension] * found.num_rows, pa.string())
        found = found.append_column("dimension", names).append_column("code", found[dimension])
        cut.append(schema.INDICATOR_SLICES.conform(found.select(schema.INDICATOR_SLICES.names)))
    order = [(name, "ascending") for name in schema.INDICATOR_SLICES.key]
    return pa.concat_tables(cut).sort_by(order)
