"""Spark as an engine: what it holds, where, and what it says when it cannot."""

from __future__ import annotations

import pyarrow as pa
import pytest

from harvester.domain.errors import ConfigurationError, EngineError, UserError
from harvester.engine import open_engine
from harvester.engine import spark as spark_module
from harvester.engine.schema import TEXT, Column, Table
from harvester.engine.spark import SparkEngine, java_home


def test_a_table_is_held_until_it_is_dropped(engine) -> None:
    engine.load("t", pa.table({"x": [1, 2]}))
    engine.make("u", "SELECT x + 1 AS x FROM t")
    engine.make("t", "SELECT x * 10 AS x FROM t")
    assert engine.held() == ["t", "u"]
    assert sorted(engine.rows("SELECT t.x, u.x FROM t CROSS JOIN u")) == [
        (10, 2), (10, 3), (20, 2), (20, 3),
    ]  # fmt: skip
    engine.drop("t", "never held")
    assert engine.held() == ["u"]


def test_what_an_expression_says_is_held_by_name(engine) -> None:
    """Columns as they stand, or worked out; letting go of the name leaves the table."""
    rows = engine.load("t", pa.table({"n": [1, 2], "unasked": [3, 4]}))
    for name, said in (("columns", rows.select("n")), ("doubled", rows.select(n=rows.n * 2))):
        engine.hold(name, said)
        engine.hold(name, said)
        assert name in engine.held()
    assert engine.rows("SELECT sum(n) FROM columns") == [(3,)]
    assert engine.rows("SELECT sum(n) FROM doubled") == [(6,)]
    engine.hold("doubled", rows.select("n"))
    engine.hold("columns", rows.select(n=rows.n * 3))
    assert engine.rows("SELECT sum(n) FROM columns") == [(9,)]
    assert engine.rows("SELECT sum(n) FROM doubled") == [(3,)]
    engine.drop("columns", "doubled")
    assert engine.held() == ["t"]
    engine.hold("t", rows.select("n"))
    assert engine.rows("SELECT * FROM t ORDER BY n") == [(1,), (2,)]


def test_a_stage_hands_on_a_table_that_conforms(engine) -> None:
    shape = Table("t", "a table", ("k",), (Column("k", TEXT, "a key"),))
    table = engine.table(shape, pa.table({"k": ["a", "b"]}))
    assert engine.arrow(table.filter(table.k == "b")).to_pylist() == [{"k": "b"}]
    with pytest.raises(EngineError, match="missing columns"):
        engine.table(shape, pa.table({"another": ["a"]}))


def test_a_refusal_names_the_query(engine) -> None:
    with pytest.raises(EngineError, match="SELECT no_such_column"):
        engine.make("t", "SELECT no_such_column FROM (SELECT 1 AS x)")
    assert engine.held() == []


@pytest.mark.spark
def test_a_table_of_another_engine_is_taken_over(spark, duckdb) -> None:
    there = duckdb.load("t", pa.table({"x": [1]}))
    assert spark.arrow(there).to_pylist() == [{"x": 1}]


@pytest.mark.spark
def test_on_a_cluster_tables_are_files_in_scratch(spark, tmp_path) -> None:
    beside = SparkEngine(session=spark.session, scratch=tmp_path, in_files=True)
    beside.load("t", pa.table({"x": [1, None]}))
    beside.make("t", "SELECT x, x IS NULL AS gone FROM t")
    assert sorted(beside.rows("SELECT * FROM t"), key=repr) == [(1, False), (None, True)]
    assert [p.name for p in tmp_path.glob("t-*")] == ["t-2"]
    beside.close()
    assert not list(tmp_path.glob("t-*"))
    assert spark.rows("SELECT 1 AS x") == [(1,)], "a session that ran already runs on"


def test_engines_are_opened_by_name() -> None:
    with pytest.raises(UserError, match="Known: duckdb, spark"):
        open_engine("abacus")


def test_without_java_one_is_told_what_to_install(monkeypatch) -> None:
    monkeypatch.setattr(spark_module, "_java_version", lambda _: 11)
    with pytest.raises(ConfigurationError, match="openjdk-17"):
        java_home()


@pytest.mark.spark
def test_a_cluster_needs_a_shared_scratch() -> None:
    pytest.importorskip("pyspark")
    with pytest.raises(ConfigurationError, match="scratch"):
        SparkEngine(master="spark://elsewhere:7077")
