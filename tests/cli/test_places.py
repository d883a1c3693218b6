"""Settling places in doubt and allocating money from the command line."""

from __future__ import annotations

import csv
import json
import shutil
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

import harvester
from harvester.cli import app
from harvester.domain.errors import UserError

if TYPE_CHECKING:
    from pathlib import Path

runner = CliRunner()


@pytest.fixture
def home(tmp_path: Path, sample_home: Path) -> Path:
    """A copy of the harvested sample that the test may write to."""
    return shutil.copytree(sample_home, tmp_path / "home")


def told(home: Path, *words: str):
    done = runner.invoke(
        app, ["places", *words, "--home", str(home), "--json"], catch_exceptions=False
    )
    assert done.exit_code == 0, done.output
    return json.loads(done.output)


def test_a_place_in_doubt_is_listed_decided_on_and_listed_as_decided(home):
    [first, *_] = told(home, "list")["places"]
    words = ("--actor", "N Dlamini", "--reason", "site plan")
    told(home, "confirm", first["mend_id"], "--verdict", "given", "--point", "-33.0 27.9", *words)
    [decision] = told(home, "decisions")["decisions"]
    assert (decision["longitude"], decision["latitude"]) == ("27.9", "-33.0")
    assert decision["published"] == first["published"]
    for wrong in (["--point", "here"], ["--verdict", "given"], ["--verdict", "perhaps"]):
        with pytest.raises(UserError):
            told(home, "confirm", first["mend_id"], *wrong, *words)
    with pytest.raises(UserError, match="harvester places list"):
        told(home, "confirm", "no such", *words)


@pytest.mark.slow
def test_a_decision_on_a_place_taken_out_of_the_log_is_seen(home):
    [first, *_] = told(home, "list")["places"]
    words = ("--actor", "N Dlamini", "--reason", "site plan")
    told(home, "confirm", first["mend_id"], "--verdict", "as_published", *words)
    harvester.run(home)
    assert harvester.verify(home)[0] == []
    (log,) = home.rglob("places.jsonl")
    log.write_text(log.read_text().replace("site plan", "hearsay"))
    (fault,) = harvester.verify(home)[0]
    assert "places" in fault


def test_money_is_allocated_to_a_layer_and_to_cells_with_its_totals(sample_home, tmp_path):
    for n, words in enumerate((["region"], ["h3:6", "--metro", "ETH", "--real", "2018/19"])):
        target = tmp_path / f"{n}.csv"
        done = runner.invoke(
            app,
            ["allocate", *words, "--year", "2019/20", "--phase", "budget", "-o", str(target),
             "--home", str(sample_home), "--json"],
            catch_exceptions=False,
        )  # fmt: skip
        assert done.exit_code == 0, done.output
        [totals] = [t for t in json.loads(done.output)["totals"] if t["latest"]]
        with target.open(newline="") as file:
            rows = list(csv.DictReader(file))
        assert sum(int(row["amount_cents"]) for row in rows) == totals["total_cents"]
        assert totals["total_cents"] == sum(
            totals[f"{part}_cents"] for part in ("located", "allocable", "unlocated")
        )
        assert totals["in_area_cents"] > 0
        assert {row["basis"] for row in rows} >= {"published", "none"}


def test_what_cannot_be_allocated_is_said(sample_home, tmp_path):
    flow = tmp_path / "flow.csv"
    flow.write_text("who,m\n*," + ",".join(["1"] * 13) + "\n")
    rest = ["-o", str(tmp_path / "x.csv"), "--home", str(sample_home)]
    done = runner.invoke(app, ["allocate", "region", "--cash-flow", str(flow), *rest])
    assert done.exit_code == 0
    assert "13 months" in done.output
    for words in (["nowhere"], ["region", "--by", "luck"], ["region", "--year", "1900/01"],
                  ["region", "--real", "1950/51"], ["h3:2"]):  # fmt: skip
        with pytest.raises(UserError):
            runner.invoke(app, ["allocate", *words, *rest], catch_exceptions=False)
