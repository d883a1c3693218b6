"""Fixtures of the alignment room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from harvester.alignment.facts import Facts
from harvester.alignment.indicators import INDICATORS
from harvester.alignment.values import summed, tidied, values
from harvester.engine import schema
from harvester.engine.engine import Engine
from harvester.rules import bands
from tests.alignment.country import load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pyarrow as pa


@pytest.fixture
def engine() -> Iterator[Engine]:
    """An engine of its own for each test."""
    made = Engine(memory="1GB", threads=1)
    yield made
    made.close()


DECLARED = {indicator.id: indicator for indicator in INDICATORS}


def _parts(engine: Engine, tables: dict[str, pa.Table], indicator: str) -> pa.Table:
    """Parts of one indicator alone: only the facts it rests on are built."""
    with Facts(engine, load(engine, tables)) as facts:
        return facts.query(tidied(DECLARED[indicator]))


@pytest.fixture
def measured(engine: Engine) -> Callable[..., dict[str, object]]:
    """Measure a country; gives one indicator's row for a metro and sphere (`all` by default)."""

    def one(
        tables: dict[str, pa.Table],
        indicator: str,
        *,
        metro: str = "BUF",
        sphere: str = "all",
        year: str = "2019/20",
    ) -> dict[str, object]:
        engine.table(schema.INDICATOR_PARTS, _parts(engine, tables, indicator))
        summed(engine)
        rows = [
            r
            for r in values(engine).to_pylist()
            if (r["indicator"], r["metro"], r["sphere"], r["year"])
            == (indicator, metro, sphere, year)
        ]
        assert len(rows) < 2
        return rows[0] if rows else {}

    return one


def _expected(part: dict[str, Any]) -> tuple[float, float]:
    share, low, high = part["share"], part["share_low"], part["share_high"]
    if share is None or not part["by_chance"]:
        return low, high
    doubt = 0.0 if part["doubt"] <= bands.load().wrong else part["doubt"]
    return round(share - doubt * (share - low), 6), round(share + doubt * (high - share), 6)


@pytest.fixture
def parts_of(engine: Engine) -> Callable[..., dict[str, tuple[object, ...]]]:
    """Parts of one indicator: item → (R million, share, least, most).

    Where chance turns a part, least and most are what is to be expected; a sure link's rest of doubt
    is left out.
    """

    def some(tables: dict[str, pa.Table], indicator: str) -> dict[str, tuple[object, ...]]:
        return {
            r["item"]: (
                r["amount_cents"] / 100_000_000,
                r["share"],
                *_expected(r),
            )
            for r in _parts(engine, tables, indicator).to_pylist()
        }

    return some
