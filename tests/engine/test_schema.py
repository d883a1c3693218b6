"""Tables are declared once; a stage that strays from its declaration fails at once."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from harvester.domain.errors import EngineError
from harvester.engine import schema
from harvester.engine.engine import Engine

ALL = {t.name: t for t in schema.READING_TABLES + schema.HARVEST_TABLES}.values()


@pytest.mark.parametrize("table", ALL, ids=lambda t: t.name)
def test_every_table_says_what_it_and_its_columns_mean(table):
    assert table.meaning.endswith(".")
    assert all(column.meaning for column in table.columns)
    assert set(table.key) <= set(table.names)
    assert len(set(table.names)) == len(table.names)


def test_money_columns_are_whole_cents():
    for table in ALL:
        for column in table.columns:
            if column.name.endswith("_cents"):
                assert column.type == pa.int64(), (table.name, column.name)


def test_a_row_may_leave_out_what_may_be_unknown():
    row = {"entry_key": "k", "undertaking_id": "u", "here": True}
    made = schema.LEDGER.from_rows([row]).to_pylist()
    assert made == [{**row, "former_id": ""}]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda t: t.drop_columns(["figures"]), "missing columns"),
        (lambda t: t.append_column("x", pa.array(["y"])), "unexpected"),
        (lambda t: t.set_column(2, "probability", pa.array(["high"])), "probability"),
        (lambda t: t.set_column(2, "probability", pa.array([None], pa.float64())), "1 nulls"),
    ],
)
def test_a_table_that_strays_is_refused_by_name(change, says):
    row = {
        "entry_a": "a",
        "entry_b": "b",
        "probability": 0.5,
        "weight": 1.0,
        "joined": True,
        "wording": 1,
    }
    with pytest.raises(EngineError, match=says):
        schema.LINKS.conform(change(schema.LINKS.from_rows([row])))


def test_a_value_of_the_wrong_type_is_refused():
    with pytest.raises(EngineError, match="table links"):
        schema.LINKS.from_rows([{"entry_a": 1}])


def test_the_engine_hands_on_a_table_as_declared():
    engine = Engine()
    row = {"entry_key": "k", "undertaking_id": "u", "former_id": "", "here": True}
    table = engine.table(schema.LEDGER, schema.LEDGER.from_rows([row]))
    assert engine.arrow(table.filter(table.entry_key == "k")).to_pylist() == [row]
    assert engine.sql("SELECT count(*) AS n FROM t", t=table).to_pylist() == [{"n": 1}]
    engine.close()


def test_the_answer_to_a_query_is_kept_as_declared():
    engine = Engine()
    told = "'a' AS entry_a, 'b' AS entry_b, true AS joined, '' AS decided, 1 AS wording, '' AS figures, 2 AS weight"
    kept = engine.keep(schema.LINKS, f"SELECT {told}, 0.5 AS probability")
    assert schema.LINKS.conform(engine.arrow(kept)).num_rows == 1
    with pytest.raises(EngineError, match="table links, column probability: 1 nulls"):
        engine.keep(schema.LINKS, f"SELECT {told}, NULL AS probability")
    with pytest.raises(EngineError, match="probability"):
        engine.keep(schema.LINKS, f"SELECT {told}")
    engine.close()


def test_the_engine_says_which_query_it_refused():
    engine = Engine()
    with pytest.raises(EngineError, match="SELECT nothing"):
        engine.sql("SELECT nothing FROM nowhere")
    engine.close()


def test_no_files_is_an_empty_table():
    engine = Engine()
    assert engine.arrow(engine.scan([], schema.LEDGER)).num_rows == 0
    engine.close()


def test_a_file_of_an_earlier_version_lacks_a_column_and_is_read(tmp_path):
    engine = Engine()
    new = schema.SOURCE_ENTRIES.from_rows([{"entry_id": "new", "row": 1, "benefit_text": "Ward 1"}])
    old = schema.SOURCE_ENTRIES.from_rows([{"entry_id": "old", "row": 1}])
    old = old.drop_columns(["benefit_text", "start_date"])
    for name, rows in (("new", new), ("old", old)):
        pq.write_table(rows, tmp_path / f"{name}.parquet")
    for names in (("old",), ("new", "old")):
        scanned = engine.scan([tmp_path / f"{n}.parquet" for n in names], schema.SOURCE_ENTRIES)
        made = engine.arrow(engine.table(schema.SOURCE_ENTRIES, scanned))
        told = {r["entry_id"]: r["benefit_text"] for r in made.to_pylist()}
        assert told["old"] == ""
    assert told == {"new": "Ward 1", "old": ""}
    engine.close()
