"""What an engine holds of an expression: its rows, joined in whatever order is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import pyarrow as pa
import pytest

from harvester.domain.errors import EngineError
from harvester.engine.engine import Engine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ibis.expr.types import Table as IbisTable

CHOOSING = "SELECT current_setting('disabled_optimizers')"


@pytest.fixture
def engine() -> Iterator[Engine]:
    opened = Engine()
    yield opened
    opened.close()


def wide(engine: Engine) -> IbisTable:
    """Rows that say two codes, with the labels of both."""
    rows = engine.load(
        "rows", pa.table({"n": [1, 2, 3], "one": ["a", "b", "a"], "other": ["x", "x", "y"]})
    )
    ones = engine.load("ones", pa.table({"key": ["a", "b"], "one_label": ["A", "B"]}))
    others = engine.load("others", pa.table({"code": ["x", "y"], "other_label": ["X", "Y"]}))
    said = rows.join(ones, rows.one == ones.key)
    said = said.join(others, said.other == others.code)
    return said.select("n", "one_label", "other_label").order_by("n")


def test_rows_are_the_same_however_they_are_joined(engine: Engine) -> None:
    chosen = engine.arrow(engine.hold("chosen", wide(engine)).order_by("n"))
    told = engine.arrow(engine.hold("told", wide(engine), as_written=True).order_by("n"))
    assert told.equals(chosen)
    assert told.column("other_label").to_pylist() == ["X", "X", "Y"]


def test_the_order_is_the_engine_s_again_for_what_comes_after(engine: Engine) -> None:
    before = engine.rows(CHOOSING)
    engine.hold("told", wide(engine), as_written=True)
    assert engine.rows(CHOOSING) == before
    rows = engine.load("texts", pa.table({"text": ["not a number"]}))
    broken = rows.mutate(number=ibis.literal("no").cast("int64") + rows.text.cast("int64"))
    with pytest.raises(EngineError):
        engine.hold("broken", broken, as_written=True)
    assert engine.rows(CHOOSING) == before
