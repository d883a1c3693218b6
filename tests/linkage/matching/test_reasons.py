"""Why two entries were linked: words that stand, and a pair's own figures put where they belong."""

from __future__ import annotations

import json

import pyarrow as pa

from harvester.engine import open_engine
from harvester.linkage.lists.linking import link_rows
from harvester.linkage.projects import aspects
from harvester.rules import lexicon


def said_of(*rows: dict[str, str]) -> list[str]:
    """What the list says of its first pair."""
    listed = pa.Table.from_pylist([{"description": "", **row} for row in rows])
    told = link_rows(listed, pairs=True).pairs
    assert told is not None
    return [one["reason"] for one in json.loads(told.column("reasons")[0].as_py())]


def test_figures_of_a_pair_stand_in_its_words() -> None:
    reasons = said_of(
        {"entry_id": "a", "source": "one", "name": "Quelmara clinic phase 2", "municipality": "BUF",
         "amount": "24300000", "latitude": "-32.90", "longitude": "27.70"},
        {"entry_id": "b", "source": "two", "name": "Quelmara clinic phase 2", "municipality": "BUF",
         "amount": "20000000", "latitude": "-32.93", "longitude": "27.70"},
    )  # fmt: skip
    assert "same kind of facility: clinic" in reasons
    assert "phase agrees (2)" in reasons
    assert "amounts differ by 18 %" in reasons
    assert "places not the same (3.3 km apart)" in reasons


def test_every_kind_is_named_by_its_own_label() -> None:
    engine = open_engine()
    kinds = [kind for _, kind in sorted(lexicon.load().kinds.items())]
    engine.load("m", pa.table({"kind_measure": [5_000 + n for n in range(len(kinds))]}))
    said = engine.rows(f"SELECT {aspects._kind_label()} FROM m ORDER BY kind_measure")
    engine.close()
    assert [text for (text,) in said] == [f"same kind of facility: {k.label}" for k in kinds]


def test_quotes_in_a_name_leave_its_reasons_whole() -> None:
    reasons = said_of(
        {"entry_id": "a", "source": "one", "name": 'Quel"mara {1} clinic ph 2', "code": 'EC\\"77/123'},
        {"entry_id": "b", "source": "two", "name": 'Quel"mara {1} clinic ph 2', "code": 'EC\\"77/123'},
    )  # fmt: skip
    assert "same project number (EC77123)" in reasons
