"""Settling links from the command line, and what the next harvest makes of it."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from typer.testing import CliRunner

import harvester
from harvester.cli import app
from harvester.domain.errors import UserError
from harvester.engine.granary import Granary
from harvester.linkage.identity.keys import entry_keys
from harvester.linkage.stage import LINKED_KINDS

if TYPE_CHECKING:
    from pathlib import Path

runner = CliRunner()


@pytest.fixture
def home(tmp_path: Path, sample_home: Path) -> Path:
    """A copy of the harvested sample that the test may write to."""
    return shutil.copytree(sample_home, tmp_path / "home")


def told(home: Path, *words: str):
    done = runner.invoke(
        app, ["review", *words, "--home", str(home), "--json"], catch_exceptions=False
    )
    assert done.exit_code == 0, done.output
    return json.loads(done.output)


def decide(home: Path, pair: tuple[str, str], verdict: str, *more: str) -> None:
    told(home, "decide", *pair, verdict, "--actor", "Nomsa", "--reason", "seen on site", *more)


def a_link(home: Path, *, joined: bool) -> tuple[str, str]:
    """The surest link of that kind between two documents."""
    harvest = harvester.open_harvest(home)
    document = {r["entry_id"]: r["document"] for r in harvest.table("entries").to_pylist()}
    links = [
        link
        for link in harvest.table("links").to_pylist()
        if link["joined"] is joined and document[link["entry_a"]] != document[link["entry_b"]]
    ]
    best = min(links, key=lambda link: (-link["probability"], link["entry_a"], link["entry_b"]))
    return best["entry_a"], best["entry_b"]


def a_link_of_lone_rows(home: Path) -> tuple[str, str]:
    """A joined link whose first row's key no other edition of its document bears."""
    harvest = harvester.open_harvest(home)
    rows = harvest.table("entries").sort_by("entry_id")
    rows = rows.filter(pc.is_in(rows.column("kind"), pa.array(sorted(LINKED_KINDS))))
    key = dict(zip(rows.column("entry_id").to_pylist(), entry_keys(rows), strict=True))
    held = Counter(key.values())
    links = [link for link in harvest.table("links").to_pylist() if link["joined"]]
    return next(
        (link["entry_a"], link["entry_b"])
        for link in links
        if held[key[link["entry_a"]]] == 1
        and link["entry_a"].split(":")[0] != link["entry_b"].split(":")[0]
    )


def of(home: Path) -> dict[str, str]:
    rows = harvester.open_harvest(home).table("memberships").to_pylist()
    return {row["entry_id"]: row["undertaking_id"] for row in rows}


def test_the_queue_is_listed_and_a_pair_shown(home: Path) -> None:
    queue = told(home, "list", "--limit", "1")
    assert queue["total"] >= len(queue["links"]) == 1
    first = queue["links"][0]
    shown = told(home, "show", first["entry_b"], first["entry_a"])
    assert shown["a"]["entry_id"] == first["entry_a"]
    assert {"reason", "weight"} <= set(shown["reasons"][0])
    words = runner.invoke(
        app, ["review", "show", first["entry_a"], first["entry_b"], "--home", str(home)]
    )
    assert "differs" in words.output


@pytest.mark.slow
def test_a_decision_wins_over_the_model_in_both_directions(home: Path) -> None:
    together, apart = a_link(home, joined=True), a_link(home, joined=False)
    decide(home, together, "rejected")
    decide(home, apart, "accepted")
    assert told(home, "decisions")["not_yet_harvested"] == 2
    harvester.run(home, only_if_changed=True)
    now = of(home)
    assert now[together[0]] != now[together[1]]
    assert now[apart[0]] == now[apart[1]]
    listed = told(home, "decisions")
    assert listed["not_yet_harvested"] == 0
    assert {d["state"] for d in listed["decisions"]} == {"standing"}
    settled = {(r["entry_a"], r["entry_b"]) for r in told(home, "list", "--limit", "999")["links"]}
    assert not settled & {together, apart}


@pytest.mark.slow
def test_the_same_decisions_give_the_same_digest_and_others_another(home: Path) -> None:
    before = harvester.open_harvest(home).manifest["inputs"]["digest"]
    decide(home, a_link(home, joined=True), "rejected")
    first = harvester.run(home).manifest
    assert first["inputs"]["digest"] != before
    assert harvester.run(home, only_if_changed=True).run == first["run"]
    assert harvester.run(home).manifest["digest"] == first["digest"]


@pytest.mark.slow
def test_institutions_that_disagree_keep_the_rows_apart_and_in_the_queue(home: Path) -> None:
    pair = a_link(home, joined=True)
    decide(home, pair, "accepted", "--institution", "ETH")
    decide(home, pair, "rejected", "--institution", "KZN-HS")
    harvester.run(home)
    now = of(home)
    assert now[pair[0]] != now[pair[1]]
    assert {d["state"] for d in told(home, "decisions")["decisions"]} == {"contradicted"}
    queue = told(home, "list", "--limit", "999")["links"]
    assert [r["contradicted"] for r in queue if (r["entry_a"], r["entry_b"]) == pair] == [True]


@pytest.mark.slow
def test_a_decision_survives_a_corrected_file(home: Path, tmp_path: Path) -> None:
    pair = a_link_of_lone_rows(home)
    decide(home, pair, "rejected")
    reading = harvester.Granary(home).reading(pair[0].split(":")[0])
    corrected = tmp_path / reading.original.name
    # Other bytes, the same rows: another submission with other entry ids.
    shutil.copy(reading.original, corrected)
    with corrected.open("ab") as stream:
        stream.write(b"\n" if corrected.suffix == ".csv" else b"\0")
    shutil.rmtree(reading.folder.parent.parent)
    harvester.run(home)
    assert [d["state"] for d in told(home, "decisions")["decisions"]] == ["waiting"]
    assert not harvester.ingest(home, [corrected])[0].refused
    harvester.run(home)
    (decision,) = told(home, "decisions")["decisions"]
    assert decision["state"] == "standing"
    assert decision["now_a"] != decision["entry_a"]
    now = of(home)
    assert now[decision["now_a"].split(",")[0]] != now[decision["now_b"].split(",")[0]]


def test_what_cannot_be_written_down_is_said(home: Path) -> None:
    pair = a_link(home, joined=True)
    for words, why in (
        ((*pair, "accepted", "--actor", "N"), "needs a reason"),
        ((*pair, "maybe", "--actor", "N"), "not a verdict"),
        (("zzz:0:1", pair[1], "rejected", "--actor", "N", "--reason", "x"), "no project row"),
        (
            (*pair, "rejected", "--actor", "N", "--reason", "x", "--institution", "Narnia"),
            "institution",
        ),
    ):
        with pytest.raises(UserError, match=why):
            runner.invoke(
                app, ["review", "decide", *words, "--home", str(home)], catch_exceptions=False
            )
    assert told(home, "decisions")["not_yet_harvested"] == 0


@pytest.mark.slow
def test_a_decision_taken_out_of_the_log_is_seen(home: Path) -> None:
    decide(home, a_link(home, joined=True), "rejected")
    harvester.run(home)
    assert harvester.verify(home)[0] == []
    (log,) = home.rglob("links.jsonl")
    log.write_text(log.read_text().replace("seen on site", "seen in a dream"))
    (fault,) = harvester.verify(home)[0]
    assert "decisions" in fault


def test_where_the_store_is_served_a_decision_at_the_command_line_leaves_an_event(
    home: Path,
) -> None:
    """The pages and the command line write one log; who typed it and for whom stand in it."""

    def python(*words: str) -> None:
        surroundings = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
        subprocess.run([sys.executable, *words], env=surroundings, check=True, capture_output=True)

    ready = "import sys, pathlib; from harvester.web.server import make_ready; make_ready(pathlib.Path(sys.argv[1]))"
    python("-c", ready, str(home))
    decided = ["decide", *a_link(home, joined=True), "rejected", "--actor", "Nomsa"]
    python("-m", "harvester.cli", "review", *decided, "--reason", "seen", "--home", str(home))

    with sqlite3.connect(home / "db.sqlite3") as database:
        ((actor, behalf, reason, payload),) = database.execute(
            "SELECT actor, on_behalf_of, reason, payload FROM web_event WHERE action = 'settle_link'"
        )
    (logged,) = Granary(home).decisions.read().decisions
    assert actor.startswith("operator:")
    assert (behalf, reason) == ("Nomsa", "seen")
    assert json.loads(payload)["decision"] == logged.decision_id
