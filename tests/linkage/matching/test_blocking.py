"""Which pairs are looked at: what few records share is compared whole, whoever lists them."""

from __future__ import annotations

from itertools import combinations
from types import SimpleNamespace

import pyarrow as pa
import pytest

from harvester.engine.engine import Engine
from harvester.linkage.matching.blocking import CHAIN_LEAST, block


@pytest.fixture
def engine():
    made = Engine(memory="500MB", threads=1)
    yield made
    made.close()


def pairs(engine: Engine, records: int, sources: int) -> set[tuple[int, int]]:
    """Pairs made of records under one key, from so many sources in turn."""
    rows = [
        {"uid": n, "src": n % sources, "k": 7, "within": False, "bound": False}
        for n in range(records)
    ]
    engine.load("keyed", pa.Table.from_pylist(rows))
    fields = SimpleNamespace(editions=None, crowd=0, keys=lambda *_: "SELECT * FROM keyed")
    block(engine, fields, records)
    return set(engine.rows("SELECT uid_l, uid_r FROM link_pairs"))


def test_a_word_on_few_rows_of_many_lists_is_compared_whole(engine):
    """Two projects of one suburb in sixteen lists are no editions of one row."""
    made = pairs(engine, CHAIN_LEAST, CHAIN_LEAST // 2)
    assert made == {
        (a, b) for a, b in combinations(range(CHAIN_LEAST), 2) if (b - a) % (CHAIN_LEAST // 2)
    }


def test_a_key_of_many_editions_is_walked_along(engine):
    assert len(pairs(engine, 80, 80)) < 80 * 4
