"""Which pairs are worth scoring: pair counts are predicted, and capped, before any is made.

No input can blow this up. Keys that would make too many pairs are dropped (narrower keys of the
same records remain), and the bound tightens until the whole fits the budget. A key that names a
thing once per source (a project number in forty editions) is walked along as a chain instead,
which is linear.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harvester.engine.engine import Engine
    from harvester.linkage.matching.fieldset import FieldSet

PAIRS_PER_RECORD = 60
FREE_PAIRS = 200_000

LARGEST_GROUPS = (96, 48, 24, 12, 6, 3, 2)
"""Bounds on the records under one key, tried from the widest."""

CHAIN_LEAST, CHAIN_LEAST_OF_MANY, MANY = 32, 12, 200_000
"""A key on more records than this, nearly each of another source, is walked as a chain. Comparing such
a key whole finds some more links and costs as much again, so a run of many records walks lesser ones."""

CHAIN_NEIGHBOURS = 3


@dataclass(frozen=True)
class Blocked:
    """What blocking did: pairs made, pairs predicted, the bound on a key, keys dropped."""

    pairs: int
    predicted: int
    largest_group: int
    dropped_keys: int


def block(engine: Engine, fields: FieldSet, records: int) -> Blocked:
    """Make table ``link_pairs`` (``uid_l`` < ``uid_r``) from ``link_features``; leaves ``link_keys``.

    Pairs of one source are made only for keys that say so (a source may split a project).
    """
    editions = fields.editions(engine) if fields.editions else ""
    budget = PAIRS_PER_RECORD * records + FREE_PAIRS
    predicted, largest, crowd = 0, 0, -1
    for largest in LARGEST_GROUPS:
        # Keys made for one bound serve the next, unless it is narrower than a crowd.
        if crowd != min(largest, fields.crowd):
            crowd = min(largest, fields.crowd)
            engine.make("link_keys", fields.keys(engine, crowd))
            engine.make("link_key_sizes", _sizes_sql(records))
        predicted = _whole(
            engine, f"SELECT sum(n * (n - 1) // 2) FROM link_key_sizes WHERE NOT chained AND n <= {largest}"
        )  # fmt: skip
        if predicted <= budget:
            break
    engine.make("link_pairs", _pairs_sql(largest, also=editions))
    pairs = _whole(engine, "SELECT count(*) FROM link_pairs")
    dropped = _whole(
        engine, f"SELECT count(*) FROM link_key_sizes WHERE NOT chained AND n > {largest}"
    )
    engine.drop("link_key_sizes", "link_attached")
    return Blocked(pairs, predicted, largest, dropped)


def block_added(engine: Engine, keys: str, first: int, largest: int) -> None:
    """Make ``link_pairs`` of records numbered from ``first``, with one another and with known ones.

    ``keys``: SQL of the new records' keys, kept as ``link_fresh_keys``; ``known_keys`` has the others,
    ``link_gone`` those no longer here.
    """
    engine.make("link_fresh_keys", keys)
    engine.make("link_keys", """
SELECT uid, src, k, within, bound FROM link_fresh_keys
UNION ALL SELECT uid, src, k, within, bound FROM known_keys
    SEMI JOIN (SELECT DISTINCT k FROM link_fresh_keys) f USING (k) ANTI JOIN link_gone USING (uid)
""")  # fmt: skip
    engine.make("link_key_sizes", _sizes_sql(first))
    engine.make("link_pairs", _pairs_sql(largest, first=first))
    engine.drop("link_keys", "link_key_sizes")


def _whole(engine: Engine, query: str) -> int:
    return int(engine.rows(query)[0][0] or 0)


def _sizes_sql(records: int) -> str:
    """Keys that can make a pair, with the records under each, and whether they are walked as a chain.

    Those are keys on more than one record, not all of them bound.
    """
    least = CHAIN_LEAST_OF_MANY if records > MANY else CHAIN_LEAST
    return f"""
WITH sizes AS (
    SELECT k, count(*) AS n FROM link_keys GROUP BY k HAVING count(*) > 1 AND NOT bool_and(bound)
),
many AS (
    SELECT k, count(DISTINCT src) AS sources FROM link_keys
    SEMI JOIN (SELECT k FROM sizes WHERE n > {least}) s USING (k) GROUP BY k
)
SELECT s.k, s.n, m.k IS NOT NULL AND s.n <= 2 * m.sources AS chained
FROM sizes s LEFT JOIN many m USING (k)
"""


def _pairs_sql(largest: int, *, also: str = "", first: int = 0) -> str:
    """Pairs of the kept keys and chains, and ``also`` those, each once, the lesser uid left.

    One of each pair is numbered from ``first``.
    """
    union = f"UNION SELECT l, r FROM ({also})" if also else ""
    fit = "AND (a.src <> b.src OR a.within) AND NOT (a.bound AND b.bound)"
    fresh = f"AND (a.uid >= {first} OR b.uid >= {first})" if first else ""
    return f"""
WITH kept AS (
    SELECT x.* FROM link_keys x
    SEMI JOIN (SELECT k FROM link_key_sizes WHERE NOT chained AND n <= {largest}) s USING (k)
), chain AS (
    SELECT x.*, row_number() OVER (PARTITION BY x.k ORDER BY x.src, x.uid) AS n
    FROM link_keys x SEMI JOIN (SELECT k FROM link_key_sizes WHERE chained) s USING (k)
)
SELECT l AS uid_l, r AS uid_r FROM (
    SELECT a.uid AS l, b.uid AS r FROM kept a JOIN kept b ON a.k = b.k AND a.uid < b.uid {fit} {fresh}
    UNION
    SELECT least(a.uid, b.uid), greatest(a.uid, b.uid) FROM chain a JOIN chain b
        ON a.k = b.k AND b.n > a.n AND b.n <= a.n + {CHAIN_NEIGHBOURS} {fit} {fresh}
    {union}
)
"""
