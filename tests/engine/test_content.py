"""What a table says, whatever way it lies: its order, and its digest."""

from __future__ import annotations

import datetime as dt
import hashlib

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.engine import content, schema
from harvester.engine.content import digest, digest_of_texts, in_order

ROWS = pa.table({"key": ["a", "b"], "cents": pa.array([None, 2], pa.int64())})


@pytest.mark.parametrize(
    "other",
    [
        pa.table({"key": ["a", "b"], "cents": pa.array([0, 2], pa.int64())}),  # 0 is not unknown
        pa.table({"key": ["a", "c"], "cents": pa.array([None, 2], pa.int64())}),
        pa.table({"key": ["ab", ""], "cents": pa.array([None, 2], pa.int64())}),
        pa.table({"key": ["a", "b"], "rand": pa.array([None, 2], pa.int64())}),
        pa.table({"key": ["a", "b"], "cents": pa.array([None, 2], pa.float64())}),
        pa.table({"key": ["a", "b", "b"], "cents": pa.array([None, 2, 2], pa.int64())}),
        pa.table({"key": ["b", "a"], "cents": pa.array([2, None], pa.int64())}),
    ],
)
def test_a_digest_changes_with_any_value_name_type_or_order(other) -> None:
    assert digest(ROWS) != digest(other)


ROW = st.tuples(
    st.none() | st.text(max_size=3),
    st.none() | st.integers(-3, 3),
    st.none() | st.floats(-2, 2, allow_nan=False),
    st.none() | st.booleans(),
    st.none() | st.dates(dt.date(2018, 1, 1), dt.date(2018, 1, 9)),
    st.none() | st.binary(max_size=3),
)
TYPES = (pa.string(), pa.int64(), pa.float64(), pa.bool_(), pa.date32(), pa.binary())


def table_of(rows: list[tuple[object, ...]]) -> pa.Table:
    columns = zip(*rows, strict=True) if rows else [()] * len(TYPES)
    return pa.table([pa.array(c, t) for c, t in zip(columns, TYPES, strict=True)], list("abcdef"))


@given(rows=st.lists(ROW, max_size=12), cut=st.integers(0, 12))
def test_a_digest_does_not_show_how_rows_lie_in_memory(rows, cut) -> None:
    """In chunks, as a slice of a longer table, or with something left where a null is."""
    whole = table_of(rows)
    chunks = pa.concat_tables([table_of(rows[:cut]), table_of(rows[cut:])])
    slice_ = table_of([ROWLESS, *rows, ROWLESS]).slice(1, len(rows))
    assert digest(chunks) == digest(slice_) == digest(whole)


ROWLESS = ("longer", 7, 0.5, True, dt.date(2020, 2, 2), b"longer")


@given(
    rows=st.lists(ROW, min_size=1, max_size=6, unique=True),
    other=st.lists(ROW, max_size=6, unique=True),
)
def test_tables_that_say_something_else_have_another_digest(rows, other) -> None:
    one, two = table_of(rows), table_of(other)
    assert (digest(one) == digest(two)) == one.equals(two)


def test_what_lies_under_a_null_and_minus_zero_do_not_show() -> None:
    stated = pa.array([1, 9], pa.int64())
    under = pa.Array.from_buffers(
        pa.int64(), 2, [pa.array([True, False]).buffers()[1], stated.buffers()[1]]
    )
    assert digest(pa.table({"n": under})) == digest(
        pa.table({"n": pa.array([1, None], pa.int64())})
    )
    assert digest(pa.table({"x": [0.0]})) == digest(pa.table({"x": [-0.0]}))


def test_the_older_digest_is_of_rows_in_any_order_and_stays_what_it_was() -> None:
    """So that harvests made before can still be checked: of each row as text, nulls as \\\\N."""
    rows = sorted(hashlib.sha256(row.encode()).hexdigest() for row in ("a\x1f\\N", "b\x1f2"))
    said = hashlib.sha256(("key,cents" + "".join(rows)).encode()).hexdigest()
    assert digest_of_texts(ROWS) == digest_of_texts(ROWS.take([1, 0])) == said


@pytest.mark.parametrize("least", [0, 1_000])
def test_large_tables_and_small_ones_are_put_in_the_same_order(monkeypatch, least) -> None:
    monkeypatch.setattr(content, "SORTED_BY_ARROW", least)
    names = ["", "Zulu", "a", "b\x00c", "b", "e\u0301", "\u00e9", "\U0001f33e", "Ze", "z"]
    rows = schema.MEMBERSHIPS.from_rows(
        [{"entry_id": f"{names[n * 7 % 10]}{n % 3}", "undertaking_id": f"u{n}", "probability": n / 100}
         for n in range(30)]
    )  # fmt: skip
    rows = pa.concat_tables([rows.slice(0, 13), rows.slice(13)])
    whole = in_order(schema.MEMBERSHIPS, rows)
    told = whole.column("entry_id").to_pylist()
    assert told == sorted(told, key=str.encode)
    assert whole.schema.equals(schema.MEMBERSHIPS.arrow)
    assert sorted(map(repr, whole.to_pylist())) == sorted(map(repr, rows.to_pylist()))
