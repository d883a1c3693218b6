"""Whatever the rows, both engines give one answer."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

ROW = st.fixed_dictionaries({
    "town": st.sampled_from(["a", "b", "é", "", None]),
    "n": st.none() | st.integers(-50, 50),
    "x": st.none() | st.floats(-100, 100).map(lambda v: round(v, 3)),
    "words": st.none() | st.lists(st.none() | st.integers(0, 4), max_size=4),
    "text": st.none() | st.text("aB1+|. \n$\\", max_size=6),
})  # fmt: skip
TYPES = pa.schema({
    "uid": pa.int64(), "town": pa.string(), "n": pa.int64(), "x": pa.float64(),
    "words": pa.list_(pa.int64()), "text": pa.string(),
})  # fmt: skip

QUERIES = (
    """
SELECT uid, n // 3, n % 7, n / 3, CAST(x AS BIGINT), round(x, 1), floor(x), least(n, 3, uid), x > n,
    list_sort(words), words[1], words[2:3], len(words), CAST(list_sum(words) AS BIGINT), list_max(words),
    list_sort(list_distinct(words)), list_sort(list_intersect(words, [1, 2, 3])),
    list_filter(words, lambda w: w % 2 = 0), string_split(text, '+'), split_part(text, '|', 2),
    regexp_replace(text, '([a-z.]+)', '<\\1>', 'g'), regexp_replace(text, '^a|B', '$'), length(text),
    trim(text), upper(text), coalesce(town, text, '-') || '.'
FROM t""",
    """
SELECT town, count(*), count(n), CAST(sum(n) AS BIGINT), min(x), max(text), bool_or(n > 0),
    list(n ORDER BY n DESC, uid), list(uid ORDER BY x, uid) FILTER (n > 0), list_sort(list(DISTINCT n)),
    string_agg(text, ',' ORDER BY uid), arg_min(text, uid)
FROM t GROUP BY town""",
    """
WITH said AS (SELECT uid, town, unnest(words) AS w FROM t)
SELECT a.uid AS l, b.uid AS r, a.w, row_number() OVER (PARTITION BY a.w ORDER BY a.uid, b.uid) AS n
FROM said a JOIN said b ON a.w = b.w AND a.uid < b.uid
    SEMI JOIN (SELECT DISTINCT town FROM t WHERE n > 0) k ON k.town = a.town
QUALIFY row_number() OVER (PARTITION BY a.w, a.uid ORDER BY b.uid DESC) <= 2""",
)


@pytest.mark.slow
@pytest.mark.spark
@settings(
    max_examples=3, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(rows=st.lists(ROW, min_size=1, max_size=30))
def test_both_engines_agree(duckdb, spark, rows) -> None:
    table = pa.Table.from_pylist([row | {"uid": n} for n, row in enumerate(rows)], TYPES)
    for engine in (duckdb, spark):
        engine.load("t", table)
    for query in QUERIES:
        there, here = (sorted(e.rows(query), key=repr) for e in (duckdb, spark))
        assert here == there
    for engine in (duckdb, spark):
        engine.drop("t")
