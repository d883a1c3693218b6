"""Ours and the simplest peer on a small country, as the worker runs them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest
from benchmarks.linkage import curve, invented, runs, scores, store, worker
from benchmarks.linkage.tools import common, equal_names, ours

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("country")
    store.write(folder, *invented.country(500, 2, 11))
    return folder


@pytest.mark.slow
def test_ours_is_ahead_of_equal_names_even_on_a_small_country(country: Path) -> None:
    truth = curve.numbered(common.truth(country))
    mine, peer = (
        scores.scores(truth, curve.numbered(tool.run(country, {"as": "list"}).clusters or []))
        for tool in (ours, equal_names)
    )
    assert mine["f1"] > peer["f1"] + 0.3


def test_the_worker_leaves_clusters_and_what_they_cost(country: Path, tmp_path: Path) -> None:
    worker.main("equal_names", str(country), "{}", str(tmp_path))
    told = json.loads((tmp_path / "told.json").read_text())
    assert told["seconds"] > 0
    assert told["peak_mb"] > 1
    assert pq.read_table(tmp_path / "clusters.parquet").num_rows == len(common.truth(country))


def test_a_tool_that_takes_too_long_is_ended_and_said_to_have(
    country: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARVESTER_BENCH", str(tmp_path))
    answer = runs.answer(runs.LIST, country, limit=0.1)
    assert answer.failed == "did not finish in 0 minutes"
    assert answer.folder is None
