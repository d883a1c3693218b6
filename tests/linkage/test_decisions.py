"""Decisions bound to the rows there are now: they outlive files, and stand beside one another."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from harvester.engine import schema
from harvester.engine.decision_log import Decision, Side, made
from harvester.engine.engine import Engine
from harvester.linkage import decisions
from harvester.linkage.identity.keys import entry_keys
from tests.linkage.invented import entries, entry

if TYPE_CHECKING:
    from collections.abc import Iterator

ROWS = [
    entry("s1", 1, "Gxarhana clinic", source_code="PC0020030051"),
    entry("s2", 4, "New clinic at Gxarhana", document="idp"),
]


@pytest.fixture
def engine() -> Iterator[Engine]:
    made_here = Engine(memory="1GB", threads=1)
    yield made_here
    made_here.close()


def said(verdict: str, institution: str = "", hour: int = 8) -> Decision:
    rows = entries(ROWS).sort_by("entry_id")
    keys = entry_keys(rows)
    a, b = (
        Side(key, row["entry_id"], row["name"], row["source_code"], "U")
        for key, row in zip(keys, rows.to_pylist(), strict=True)
    )
    at = dt.datetime(2019, 1, 1, hour, tzinfo=dt.UTC)
    told = {"reason": "because", "actor": "Nomsa", "run": "h0001"}
    return made((a, b), verdict=verdict, institution=institution, at=at, **told)


def settled(engine: Engine, logged: list[Decision], rows=ROWS):
    table = engine.table(schema.ENTRIES, entries(rows))
    decided = decisions.settle(engine, table, logged)
    told = decisions.verdicts(engine, table, decided)
    verdicts = sorted({row["verdict"] for row in told.to_pylist()}) if told else []
    return [row["state"] for row in decided.to_pylist()], verdicts


def test_the_later_decision_of_one_institution_stands_whatever_the_order(engine: Engine) -> None:
    early, late = said("accepted", hour=8), said("rejected", hour=9)
    assert settled(engine, [early, late]) == (["superseded", "standing"], ["rejected"])
    assert settled(engine, [late, early]) == (["standing", "superseded"], ["rejected"])


def test_not_sure_takes_back_what_was_said(engine: Engine) -> None:
    states, verdicts = settled(engine, [said("accepted"), said("not_sure", hour=9)])
    assert (states, verdicts) == (["superseded", "standing"], [])


def test_institutions_that_disagree_both_stand_on_record(engine: Engine) -> None:
    logged = [said("accepted", "ETH"), said("rejected", "KZN-HS")]
    assert settled(engine, logged) == (["contradicted"] * 2, ["accepted", "rejected"])


def test_institutions_that_agree_do_not_contradict_one_another(engine: Engine) -> None:
    logged = [said("same_programme", "ETH"), said("rejected", "KZN-HS")]
    assert settled(engine, logged) == (["standing"] * 2, ["rejected", "same_programme"])


def test_a_decision_waits_while_a_row_is_away_and_counts_when_it_is_back(engine: Engine) -> None:
    assert settled(engine, [said("accepted")], ROWS[:1]) == (["waiting"], [])
    assert settled(engine, [said("accepted")]) == (["standing"], ["accepted"])


def test_it_follows_rows_into_a_corrected_file_with_other_row_numbers(engine: Engine) -> None:
    moved = [
        entry("s9", 31, "Gxarhana clinic", source_code="PC0020030051"),
        entry("s8", 2, "New clinic at Gxarhana", document="idp"),
    ]
    assert settled(engine, [said("accepted")], moved) == (["standing"], ["accepted"])


def test_a_renamed_row_without_a_code_waits(engine: Engine) -> None:
    renamed = [ROWS[0], entry("s8", 2, "Mdantsane health post", document="idp")]
    assert settled(engine, [said("accepted")], renamed) == (["waiting"], [])
