"""The portable subset: each construct beside its answer, on both engines.

A query here is one that a stage may hand to any engine. Where DuckDB and Spark would differ, the
answer is DuckDB's.
"""

from __future__ import annotations

import pyarrow as pa
import pytest

from harvester.domain.errors import EngineError
from harvester.engine.portable import FUNCTIONS, spark_sql

VALUES = {
    # numbers
    "7 / 2": 3.5,
    "CAST(7 AS BIGINT) / 2.0": 3.5,
    "7 // 2": 3,
    "-7 // 2": -3,
    "-7 % 3": -1,
    "whole // zero": None,
    "whole % zero": None,
    "0.65 * whole + 0.35 * 10": 10.0,
    "(0.65 * whole + 0.35 * 10) / 2": 5.0,
    "round(real)": 3.0,
    "round(-real)": -3.0,
    "round(CAST(0.285 AS DOUBLE), 2)": 0.28,
    "round(1234.5678, -2)": 1200.0,
    "floor(-real)": -3.0,
    "ceil(real)": 3.0,
    "CAST(real AS BIGINT)": 2,
    "CAST(real + 1 AS INTEGER)": 4,
    "CAST(floor(real) AS BIGINT)": 2,
    "CAST(whole > 3 AS INTEGER)": 1,
    "TRY_CAST('no number' AS BIGINT)": None,
    "TRY_CAST(substr(text, 1, 4) AS INTEGER)": None,
    "TRY_CAST(substr('2018/19', 1, 4) AS INTEGER)": 2018,
    "TRY_CAST(left(words, 2) AS DOUBLE)": None,
    "least(3, none, 2)": 2,
    "greatest(3, none, 2)": 3,
    "round(log2(CAST(1000 AS DOUBLE)), 9)": 9.965784285,
    "pow(2, 10)": 1024.0,
    "round(sqrt(2), 6)": 1.414214,
    "round(6371.0 * cos(radians(60)), 6)": 3185.5,
    "abs(-3)": 3,
    "sign(-3)": -1,
    "sign(-2.5)": -1,
    "CAST(9223372036854775807 AS HUGEINT) * whole // 30": 3074457345618258602,
    "CAST(-9223372036854775807 AS HUGEINT) * whole % 9": -7,
    "CAST(CAST(7 AS HUGEINT) * whole // 3 AS BIGINT)": 23,
    "CAST(sign(-whole) * (CAST(90071992547409931 AS HUGEINT) + 1) AS BIGINT)": -90071992547409932,
    "lcm(4, 6)": 12,
    # nothing known
    "coalesce(none, 4)": 4,
    "nullif(text, 'a|b|c')": None,
    "CASE WHEN none > 1 THEN 1 ELSE 2 END": 2,
    "if(none IS NULL, 'x', 'y')": "x",
    "none IS NOT DISTINCT FROM NULL": True,
    "text || none": None,
    # text
    "'n' || whole": "n10",
    "length('é😀')": 2,
    "upper(text)": "A|B|C",
    "lower('ABC')": "abc",
    "trim('  a b ')": "a b",
    "ltrim('0012', '0')": "12",
    "rtrim('1200', '0')": "12",
    "replace(text, '|', '')": "abc",
    "substr(text, 2, 3)": "|b|",
    "left(text, 3)": "a|b",
    "right(text, 3)": "b|c",
    "lpad('7', 3, '0')": "007",
    "rpad('7', 3, '0')": "700",
    "repeat('ab', 2)": "abab",
    "reverse('abc')": "cba",
    "concat_ws(',', 'a', none, 'b')": "a,b",
    "split_part(text, '|', 2)": "b",
    "split_part(text, '|', 9)": "",
    "string_split(text, '|')": ["a", "b", "c"],
    "string_split('a+', '+')": ["a", ""],
    r"string_split_regex('a;b' || chr_line || 'c', '[;\n]')": ["a", "b", "c"],
    "regexp_replace('a1b22', '[0-9]', '')": "ab22",
    "regexp_replace('a1b22', '[0-9]', '', 'g')": "ab",
    r"regexp_replace('ab-cd', '([a-z])-([a-z])', '\2$\1')": "ac$bd",
    "regexp_replace('aXbx', 'x', '', 'gi')": "ab",
    r"regexp_replace('PC002_00005', '\d+.*', '9')": "PC9",
    "regexp_replace('9/a', '^9', CAST(length(text) AS VARCHAR) || '$')": "5$/a",
    "regexp_matches(text, '[b]')": True,
    "regexp_extract('ward 12', '[0-9]+')": "12",
    r"regexp_full_match('2018/19', '\d{4}/\d{2}')": True,
    r"regexp_full_match('2018/19' || chr_line, '\d{4}/\d{2}')": False,
    "starts_with(text, 'a|')": True,
    "ends_with(text, '|c')": True,
    "contains(text, 'b')": True,
    "strpos(text, 'b')": 3,
    "printf('%.1f', real)": "2.5",
    "md5('a')": "0cc175b9c0f1b6a831c399e269772661",
    "'it''s' || ' \\ ' || '\"'": "it's \\ \"",
    "'Ab' ILIKE 'a%'": True,
    "levenshtein('clinic', 'clinik')": 1,
    "damerau_levenshtein('clinic', 'clniic')": 1,
    "round(jaro_winkler_similarity('martha', 'marhta'), 6)": 0.961111,
    "round(jaro_similarity('martha', 'marhta'), 6)": 0.944444,
    "year(DATE '2019-07-01')": 2019,
    "month(DATE '2019-07-01')": 7,
    # lists
    "len(items)": 4,
    "len(no_items)": None,
    "coalesce(no_items, [])": [],
    "[whole, 2]": [10, 2],
    "list_value(1, 2)": [1, 2],
    "items[1]": 3,
    "items[9]": None,
    "items[1:2]": [3, 1],
    "items[2:9]": [1, None, 3],
    "no_items[1:2]": None,
    "list_transform(items, lambda x: x * 2)": [6, 2, None, 6],
    "list_filter(items, lambda x: x IS NOT NULL)": [3, 1, 3],
    "list_sort(items)": [1, 3, 3, None],
    "list_sort(items, 'desc')": [3, 3, 1, None],
    "list_reverse_sort(items)": [3, 3, 1, None],
    "list_sort(list_distinct(items))": [1, 3],
    "list_unique(items)": 2,
    "list_max(items)": 3,
    "list_min(items)": 1,
    "list_sum(items)": 7,
    "list_max(list_filter(items, lambda x: x > 9))": None,
    "list_sum(list_filter(items, lambda x: x > 9))": None,
    "list_sort(list_intersect(items, [1, 3, NULL]))": [1, 3],
    "list_intersect(no_items, items)": None,
    "list_has_any(items, [1, 9])": True,
    "list_has_any(items, [9, NULL])": False,
    "list_contains(items, 1)": True,
    "list_contains(items, 9)": False,
    "list_concat(items, no_items)": [3, 1, None, 3],
    "list_concat(no_items, no_items)": [],
    "flatten([[1], [2, 3]])": [1, 2, 3],
    "list_position(['b', 'a'], left(text, 1))": 2,
    "list_position(['b', 'c'], left(text, 1))": None,
    "list_reduce([CAST(4 AS BIGINT), 6, 10], lambda a, b: lcm(a, b))": 60,
    "list_reduce([whole], lambda a, b: a + b)": 10,
    "array_to_string(list_sort(['b', 'a']), ',')": "a,b",
    "range(2, 5)": [2, 3, 4],
    "range(5, 2)": [],
    "generate_series(whole, 12)": [10, 11, 12],
    "generate_series(3, 2)": [],
    # tuples
    "(whole, text) < (10, 'b')": True,
    "(whole, 'a') = (10, left(text, 1))": True,
    # structs
    "{'a': 1, 'b': 'x'}": {"a": 1, "b": "x"},
    "list_transform(list_sort([{'k': 2, 'v': 'b'}, {'k': 1, 'v': 'a'}]), lambda x: x.v)": ["a", "b"],
    "CAST(to_json([{'reason': 'é/\"', 'weight': CAST(2 AS DOUBLE), 'gone': none}]) AS VARCHAR)":
        '[{"reason":"é/\\"","weight":2.0,"gone":null}]',
    # keys
    "hash('a', whole) = hash('a', whole + zero)": True,
    "hash('a', whole) = hash('b', whole)": False,
    "hash('a', none, 'b') = hash('a', 'b', none)": False,
}  # fmt: skip

ONE = pa.table({
    "whole": [10], "zero": [0], "real": [2.5], "yes": [True], "text": ["a|b|c"], "words": ["xy"], "chr_line": ["\n"],
    "none": pa.array([None], pa.int64()),
    "items": pa.array([[3, 1, None, 3]], pa.list_(pa.int64())),
    "no_items": pa.array([None], pa.list_(pa.int64())),
})  # fmt: skip


def test_values(engine) -> None:
    engine.load("one", ONE)
    wanted = {f"v{n}": sql for n, sql in enumerate(VALUES)}
    said = ", ".join(f"{sql} AS {name}" for name, sql in wanted.items())
    found = dict(zip(wanted, engine.rows(f"SELECT {said} FROM one")[0], strict=True))
    wrong = {
        sql: found[name] for name, sql in wanted.items() if not _same(found[name], VALUES[sql])
    }
    assert not wrong


def _same(found: object, wanted: object) -> bool:
    if isinstance(wanted, float) and found is not None:
        return float(found) == wanted
    return found == wanted


PEOPLE = pa.table({
    "uid": pa.array([1, 2, 3, 4, 5], pa.int64()),
    "town": ["a", "a", "b", "b", None],
    "n": pa.array([2, None, 5, 1, 7], pa.int64()),
    "words": pa.array([["x", "y"], ["y"], [], None, ["z", None]], pa.list_(pa.string())),
    "big": [True, False, None, True, False],
})  # fmt: skip

TABLES = {
    "unnest leaves out empty lists": (
        "SELECT uid, unnest(words) AS word FROM people",
        [(1, "x"), (1, "y"), (2, "y"), (5, "z"), (5, None)],
    ),
    "distinct things of lists": (
        "SELECT DISTINCT unnest(words) AS word FROM people WHERE uid < 3",
        [("x",), ("y",)],
    ),
    "nulls come last": (
        ("SELECT uid, row_number() OVER (ORDER BY n) AS up, row_number() OVER (ORDER BY n DESC) AS down "
        "FROM people"),
        [(1, 2, 3), (2, 5, 5), (3, 3, 2), (4, 1, 4), (5, 4, 1)],
    ),
    "aggregates": (
        ("SELECT town, count(*), count(n), CAST(sum(n) AS BIGINT), min(n), max(n), avg(n), bool_or(big), "
        "bool_and(big) FROM people GROUP BY town"),
        [("a", 2, 1, 2, 2, 2, 2.0, True, False), ("b", 2, 2, 6, 1, 5, 3.0, True, True),
         (None, 1, 1, 7, 7, 7, 7.0, False, False)],
    ),
    "filtered aggregates": (
        ("SELECT count(*) FILTER (big), CAST(sum(n) FILTER (n > 100) AS BIGINT), "
        "list(n ORDER BY n) FILTER (big), count(DISTINCT town) FROM people"),
        [(2, None, [1, 2], 2)],
    ),
    "a list in order, with its nulls": (
        ("SELECT list(uid ORDER BY n DESC, uid), list(n ORDER BY uid DESC), list_sort(list(DISTINCT town)) "
        "FROM people"),
        [([5, 3, 1, 4, 2], [7, 1, 5, None, 2], ["a", "b", None])],
    ),
    "a list of no rows is null": (
        "SELECT list(uid), list(uid) FILTER (big), string_agg(town, ',') FROM people WHERE uid > 9",
        [(None, None, None)],
    ),
    "the first of a list made": (
        "SELECT town, list_reverse_sort(list(uid) FILTER (uid > 1))[1:1] AS last FROM people GROUP BY town",
        [("a", [2]), ("b", [4]), (None, [5])],
    ),
    "texts joined in order": (
        ("SELECT string_agg(town, ',' ORDER BY n DESC), string_agg(CAST(uid AS VARCHAR), '+' ORDER BY town, uid) "
        "FROM people"),
        [("b,a,b,a", "1+2+3+4+5")],
    ),
    "the value at the least": (
        "SELECT arg_min(uid, n), arg_max(town, n), arg_min(n, uid) FROM people",
        [(4, "b", 2)],
    ),
    "semi and anti joins": (
        ("SELECT p.uid, 'semi' AS how FROM people p SEMI JOIN (SELECT 'a' AS town) t USING (town) "
        "UNION ALL SELECT p.uid, 'anti' FROM people p ANTI JOIN (SELECT 'a' AS town) t USING (town)"),
        [(1, "semi"), (2, "semi"), (3, "anti"), (4, "anti"), (5, "anti")],
    ),
    "joins that keep the left": (
        "SELECT p.uid, q.uid FROM people p LEFT JOIN people q ON q.town = p.town AND q.uid > p.uid",
        [(1, 2), (2, None), (3, 4), (4, None), (5, None)],
    ),
    "rows that qualify": (
        "SELECT town, uid FROM people QUALIFY row_number() OVER (PARTITION BY town ORDER BY n DESC) = 1",
        [("a", 1), ("b", 3), (None, 5)],
    ),
    "a rank of counts": (
        "SELECT town, rank() OVER (ORDER BY count(*) DESC, town) AS place FROM people GROUP BY town",
        [("a", 1), ("b", 2), (None, 3)],
    ),
    "all columns but some": ("SELECT * EXCLUDE (words, big, n) FROM people WHERE uid = 1", [(1, "a")]),
    "grouped by all": ("SELECT town, count(*) AS n FROM people GROUP BY ALL ORDER BY ALL",
                       [("a", 2), ("b", 2), (None, 1)]),
    "all that qualify, with every column": (
        ("SELECT *, n + 1 AS more FROM (SELECT uid, town, n FROM people) "
        "QUALIFY uid = max(uid) OVER (PARTITION BY town) AND more > 3"),
        [(5, None, 7, 8)],
    ),
    "the first of a tuple": (
        ("SELECT uid FROM people QUALIFY (uid, town) = first((uid, town)) OVER "
        "(PARTITION BY town ORDER BY n DESC NULLS LAST, uid)"),
        [(1,), (3,), (5,)],
    ),
    "tuples as keys and arguments": (
        ("SELECT arg_min(uid, (coalesce(n, 9), uid)), count(DISTINCT (town, big)), "
        "arg_max(uid, (coalesce(town, ''), uid)) FROM people"),
        [(4, 5, 4)],
    ),
    "a tuple that is one of several": (
        "SELECT uid FROM people WHERE (town, uid) IN (SELECT town, max(uid) FROM people GROUP BY town)",
        [(2,), (4,)],
    ),
    "sets of groups": (
        ("SELECT CASE WHEN grouping(town) = 1 THEN 'all' ELSE town END AS t, count(*) FROM people "
        "GROUP BY GROUPING SETS ((town), ())"),
        [("a", 2), ("b", 2), (None, 1), ("all", 5)],
    ),
    "a window with a name": (
        "SELECT uid, CAST(sum(n) OVER w AS BIGINT) FROM people WHERE uid < 4 WINDOW w AS (PARTITION BY town)",
        [(1, 2), (2, 2), (3, 5)],
    ),
    "numbers of any order": (
        ("WITH numbered AS (SELECT row_number() OVER () AS ix, town, count(*) AS rows FROM people GROUP BY town) "
        "SELECT count(DISTINCT ix), min(ix) > 0 FROM numbered"),
        [(3, True)],
    ),
    "one row for each of a range": (
        "SELECT uid, unnest(CASE WHEN n IS NULL THEN [NULL] ELSE range(0, n) END) AS i FROM people WHERE uid < 3",
        [(1, 0), (1, 1), (2, None)],
    ),
    "the last of a window": (
        ("SELECT uid, last(uid) OVER (PARTITION BY town ORDER BY uid ROWS BETWEEN UNBOUNDED PRECEDING "
        "AND UNBOUNDED FOLLOWING) FROM people WHERE uid < 3"),
        [(1, 2), (2, 2)],
    ),
    "whole cents in parts": (
        "SELECT CAST(sum(CAST(uid AS HUGEINT) * 9007199254740993 // 2) AS BIGINT) FROM people WHERE uid < 3",
        [(13510798882111489,)],
    ),
    "a question within": (
        "SELECT uid FROM people WHERE (SELECT bool_or(big) AND NOT bool_and(big) FROM people) AND n > 4",
        [(3,), (5,)],
    ),
    "over all rows": (
        "SELECT uid, CAST(sum(n) OVER () AS BIGINT), lag(uid) OVER (ORDER BY uid) FROM people WHERE uid < 3",
        [(1, 2, None), (2, 2, 1)],
    ),
    "each with each": (
        "WITH two AS (SELECT 0 AS x UNION ALL SELECT 1) SELECT a.x, b.x FROM two a CROSS JOIN two b",
        [(0, 0), (0, 1), (1, 0), (1, 1)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLES)
def test_tables(engine, name) -> None:
    query, wanted = TABLES[name]
    engine.load("people", PEOPLE)
    assert sorted(engine.rows(query), key=repr) == sorted(wanted, key=repr)


def test_every_portable_function_is_tried_here() -> None:
    said = " ".join([*VALUES, *(query for query, _ in TABLES.values())])
    assert {name for name in FUNCTIONS if f"{name}(" not in said} == ROUNDED_OFF


ROUNDED_OFF = {
    "exp", "ln", "log10", "sin", "asin", "acos", "atan2", "degrees", "power", "substring",
    "count_if", "lead", "first_value", "dense_rank",
}  # fmt: skip
"""Functions that both engines have by the same name and meaning, and only the last bit may differ."""


@pytest.mark.parametrize(
    "query", ["SELECT jaccard('a', 'b')", "SELECT x[n:m] FROM t", "SELECT FROM WHERE"]
)
def test_what_is_not_portable_is_told_with_the_query(query) -> None:
    with pytest.raises(EngineError) as told:
        spark_sql(query)
    assert query in str(told.value)
