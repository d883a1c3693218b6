"""The log of people's decisions: whole lines, in order, none lost."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from typing import TYPE_CHECKING

import pytest

from harvester.domain.errors import UserError
from harvester.engine.decision_log import Decision, DecisionLog, Side, made

if TYPE_CHECKING:
    from pathlib import Path

AT = dt.datetime(2019, 5, 1, 10, 0, tzinfo=dt.UTC)
ONE = Side("ETH|idp|IDP-7", "s2:0:7", "Clinic", "IDP-7", "U1")
OTHER = Side("ETH|budget|PC7", "s1:0:9", "New clinic", "PC7", "U2")


def decision(reason: str = "same site", **more: str) -> Decision:
    told = {"verdict": "accepted", "actor": "Nomsa", "institution": "ETH", "run": "h0001", **more}
    return made((ONE, OTHER), reason=reason, at=AT, **told)


def test_a_decision_names_its_rows_in_one_order_and_its_time_in_utc() -> None:
    found = decision()
    assert (found.entry_a, found.entry_b) == ("s1:0:9", "s2:0:7")
    assert found.entry_key_a == "ETH|budget|PC7"
    east = made((OTHER, ONE), verdict="accepted", reason="same site", actor="Nomsa",
                institution="ETH", run="h0001", at=AT.astimezone(dt.timezone(dt.timedelta(hours=2))))  # fmt: skip
    assert east == found


@pytest.mark.parametrize("verdict", ["accepted", "rejected", "same_programme"])
def test_a_verdict_needs_a_reason(verdict: str) -> None:
    with pytest.raises(UserError, match="needs a reason"):
        decision("  ", verdict=verdict)


def test_not_sure_needs_none_but_somebody_says_it() -> None:
    assert decision("", verdict="not_sure").reason == ""
    with pytest.raises(UserError, match="who decides"):
        decision(actor=" ")
    with pytest.raises(UserError, match="not a verdict"):
        decision(verdict="perhaps")


def test_a_row_is_not_linked_with_itself() -> None:
    with pytest.raises(UserError, match="itself"):
        made((ONE, ONE), verdict="accepted", reason="x", actor="N", institution="", run="", at=AT)


def test_lines_come_back_in_order_and_one_written_twice_is_one(tmp_path: Path) -> None:
    log = DecisionLog(tmp_path)
    assert log.read().decisions == []
    lines = [decision("first\nsecond line, \u2028 and ‘quotes’"), decision("later")]
    for one in [*lines, lines[0]]:
        log.append(one)
    assert log.read().decisions == lines
    assert log.path.read_bytes().count(b"\n") == 3


def test_a_torn_last_line_is_told_and_the_next_begins_after_it(tmp_path: Path) -> None:
    log = DecisionLog(tmp_path)
    log.append(decision("first"))
    log.path.write_bytes(log.path.read_bytes() + b'{"actor": "Nom')
    torn = log.read()
    assert [d.reason for d in torn.decisions] == ["first"]
    assert torn.unreadable == ["links.jsonl, line 2: not a whole decision"]
    log.append(decision("second"))
    healed = log.read()
    assert [d.reason for d in healed.decisions] == ["first", "second"]
    assert len(healed.unreadable) == 1


def _write(root: Path, writer: int) -> None:
    for n in range(50):
        DecisionLog(root).append(replace(decision(), actor=f"{writer}", reason=f"{n}" * 200))


def test_two_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        for done in [pool.submit(_write, tmp_path, writer) for writer in (1, 2)]:
            done.result()
    logged = DecisionLog(tmp_path).read()
    assert logged.unreadable == []
    assert len(logged.decisions) == 100
