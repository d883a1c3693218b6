"""Which pairs are worth scoring: keys from decoded fields, pair counts known before any is made.

No input can blow this up. The pairs of every key are counted first; keys that would make too many
are dropped (narrower keys of the same records remain), and the bound tightens until the whole fits
the budget. A key that names a thing once per source (a project number in forty editions) is walked
along as a chain instead, which is linear.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

    from harvester.engine.engine import Engine

PAIRS_PER_RECORD = 60
FREE_PAIRS = 200_000
JOIN_FACTOR = 8
"""Rows a join may touch for each pair allowed."""

LARGEST_GROUPS = (96, 64, 48, 32, 24, 16, 12, 8, 6, 4, 3, 2)
"""Bounds on the records under one key, tried from the widest."""

CHAIN_NEIGHBOURS = 3


@dataclass(frozen=True)
class Blocked:
    """What blocking did: pairs made, pairs predicted, the bound on a key, keys dropped."""

    pairs: int
    predicted: int
    largest_group: int
    dropped_keys: int


def block(engine: Engine, records: int) -> Blocked:
    """Make table ``link_pairs`` (``join_key_l`` < ``join_key_r``, uids).

    Reads ``link_features`` and ``link_words``. Pairs of one source are made only where both rows
    carry the same telling code (a source may split a project over rows).
    """
    db: duckdb.DuckDBPyConnection = engine.connection.con
    db.execute(_KEYS)
    db.execute(_SIZES)
    budget = PAIRS_PER_RECORD * records + FREE_PAIRS
    largest, predicted = _widest(db, budget)
    db.execute(_pairs_sql(largest))
    pairs = _one(db, "SELECT count(*) FROM link_pairs")
    dropped = _one(db, f"SELECT count(*) FROM link_key_sizes WHERE NOT chained AND n > {largest}")
    for table in ("link_keys", "link_key_sizes"):
        db.execute(f"DROP TABLE {table}")
    return Blocked(pairs, predicted, largest, dropped)


def _widest(db: duckdb.DuckDBPyConnection, budget: int) -> tuple[int, int]:
    """The widest bound whose predicted pairs fit the budget, and that prediction."""
    predicted = 0
    for largest in LARGEST_GROUPS:
        found = db.execute(
            f"SELECT coalesce(sum(pairs), 0), coalesce(sum(n * n), 0) FROM link_key_sizes "
            f"WHERE NOT chained AND n <= {largest}",
        ).fetchone()
        predicted, touched = (int(found[0]), int(found[1])) if found else (0, 0)
        if predicted <= budget and touched <= JOIN_FACTOR * budget:
            break
    return largest, predicted


def _one(db: duckdb.DuckDBPyConnection, query: str) -> int:
    found = db.execute(query).fetchone()
    return int(found[0]) if found else 0


# Each record gives some tens of keys, hashed to one number. `within` keys also pair rows of one
# source. Words are the record's most telling ones; word numbers are `/ 64` of the packed lists.
_KEYS = """
CREATE OR REPLACE TABLE link_keys AS
WITH f AS (
    SELECT *, coalesce(municipality, '') AS m,
        list_transform(words_here[1:5], lambda x: x // 64) AS top,
        list_transform(words_everywhere[1:4], lambda x: x // 64) AS top_any,
        list_transform(kinds[1:3], lambda x: x // 64) AS ks,
        list_filter([
            'p' || phase, 'e' || extension, 'u' || unit, 'k' || package, 'f' || erf,
            'n' || numbers[1]], lambda x: x IS NOT NULL) AS parts
    FROM link_features
), word AS (SELECT uid, kind, m, ks, parts, unnest(top) AS w FROM f),
two AS (
    SELECT a.uid, a.kind, a.m, a.w AS w1, b.w AS w2 FROM word a JOIN word b USING (uid) WHERE a.w < b.w
), some_unknown AS (
    SELECT bool_or(m = '') AND bool_or(m <> '') AS mixed FROM f
), word_any AS (SELECT uid, kind, ks, unnest(top_any) AS w FROM f WHERE (SELECT mixed FROM some_unknown)),
grid AS (
    SELECT uid, kind, ks, groups, g.sx, g.sy,
        floor(longitude / 0.022 + g.sx * 0.5) AS gx, floor(latitude / 0.018 + g.sy * 0.5) AS gy
    FROM f, (VALUES (0, 0), (0, 1), (1, 0), (1, 1)) g(sx, sy) WHERE px IS NOT NULL
), open_keys AS (
    SELECT uid, hash('any', kind, w) AS k FROM word_any
    UNION ALL SELECT uid, hash('anykind', kind, w, unnest(ks)) FROM word_any
), keys AS (
    SELECT uid, hash('word', kind, m, w) AS k, false AS within FROM word
    UNION ALL SELECT uid, hash('two', kind, m, w1, w2), false FROM two
    UNION ALL SELECT uid, hash('kind', kind, m, w, unnest(ks)), false FROM word
    UNION ALL SELECT uid, hash('part', kind, m, w, unnest(parts)), false FROM word
    UNION ALL SELECT uid, k, false FROM open_keys
    UNION ALL SELECT uid, hash('name', kind, m, folded), false FROM f WHERE length(folded) > 3
    UNION ALL SELECT uid, hash('grid', kind, sx, sy, gx, gy), false FROM grid
    UNION ALL SELECT uid, hash('gridkind', kind, sx, sy, gx, gy, unnest(groups)), false FROM grid
    UNION ALL SELECT uid, hash('money', kind, m, amount), false FROM f
        WHERE amount % 10000000 <> 0
    UNION ALL SELECT uid, hash('moneykind', kind, m, amount, unnest(groups)), false FROM f
        WHERE amount IS NOT NULL
    UNION ALL SELECT uid, hash('code', kind, unnest(codes)), true FROM f
    UNION ALL SELECT uid, hash('weakcode', kind, unnest(weak_codes)), false FROM f
    UNION ALL SELECT uid, hash('named', kind, m, unnest(named_codes)), false FROM f
    UNION ALL SELECT uid, hash('named', kind, m, c), false
        FROM (SELECT uid, kind, m, unnest(own_codes) AS c FROM f)
        SEMI JOIN (SELECT DISTINCT unnest(named_codes) AS c FROM f) USING (c)
)
SELECT DISTINCT keys.uid, keys.k, keys.within, f.source,
    -- a key over the whole run only serves entries whose municipality is not known
    keys.anywhere AND f.m <> '' AS bound
FROM (SELECT *, k IN (SELECT k FROM open_keys) AS anywhere FROM keys) keys JOIN f USING (uid)
"""

_SIZES = """
CREATE OR REPLACE TABLE link_key_sizes AS
WITH per_source AS (
    SELECT k, within, source, count(*) AS n FROM link_keys GROUP BY ALL
), sizes AS (
    SELECT k, within, sum(n)::BIGINT AS n, count(*) AS sources,
        ((sum(n) * sum(n) - sum(n * n)) // 2)::BIGINT
            + CASE WHEN within THEN (sum(n * (n - 1)) // 2)::BIGINT ELSE 0 END AS pairs
    FROM per_source GROUP BY k, within
)
SELECT *, n > 12 AND n <= 2 * sources AS chained FROM sizes WHERE pairs > 0
"""


def _pairs_sql(largest: int) -> str:
    """Pairs of the kept keys and chains, each once, the lesser uid left."""
    return f"""
CREATE OR REPLACE TABLE link_pairs AS
WITH kept AS (
    SELECT x.* FROM link_keys x
    SEMI JOIN (SELECT k FROM link_key_sizes WHERE NOT chained AND n <= {largest}) s USING (k)
), chain AS (
    SELECT x.*, row_number() OVER (PARTITION BY x.k ORDER BY x.source, x.uid) AS n
    FROM link_keys x SEMI JOIN (SELECT k FROM link_key_sizes WHERE chained) s USING (k)
), pairs AS (
    SELECT a.uid AS l, b.uid AS r FROM kept a JOIN kept b
        ON a.k = b.k AND a.uid < b.uid AND (a.source <> b.source OR a.within)
        AND NOT (a.bound AND b.bound)
    UNION
    SELECT least(a.uid, b.uid), greatest(a.uid, b.uid) FROM chain a JOIN chain b
        ON a.k = b.k AND b.n > a.n AND b.n <= a.n + {CHAIN_NEIGHBOURS}
        AND (a.source <> b.source OR a.within) AND NOT (a.bound AND b.bound)
)
SELECT l AS join_key_l, r AS join_key_r FROM pairs
"""
