"""The proof of linkage is only worth what its scores, thresholds and splits are worth."""

from __future__ import annotations

import pytest
from benchmarks.linkage import curve, runs, scores, split


def test_scores_over_pairs_and_entries() -> None:
    truth = {"a": "p", "b": "p", "c": "p", "d": "q"}
    found = {"a": "1", "b": "1", "c": "2", "d": "2"}
    told = scores.scores(truth, found)
    assert told["precision"] == pytest.approx(1 / 2), "a-b is right, c-d is wrong"
    assert told["recall"] == pytest.approx(1 / 3), "of a-b, a-c and b-c one is found"
    assert told["b3_precision"] == pytest.approx((1 + 1 + 1 / 2 + 1 / 2) / 4)
    assert told["b3_recall"] == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4)


def test_an_entry_that_a_tool_says_nothing_of_stands_alone() -> None:
    assert scores.scores({"a": "p", "b": "p"}, {})["recall"] == 0
    assert scores.scores({"a": "p", "b": "p"}, {})["precision"] == 1


def test_one_row_of_each_source_passes_over_the_less_sure() -> None:
    pairs = [(0, 1, 0.9), (1, 2, 0.8)]
    assert scores.one_of_each_source(["s", "t", "s"], pairs, 0.5) == [0, 0, 2]
    assert scores.components(3, pairs, 0.5) == [0, 0, 0]


def test_the_threshold_is_the_one_of_the_best_f1() -> None:
    pairs = [(0, 1, 0.9), (2, 3, 0.8), (0, 3, 0.2)]
    best = curve.best(curve.points(["p", "p", "q", "q"], ["s", "t", "s", "t"], pairs))
    assert best.scores["f1"] == 1
    assert 0.2 < best.choice.least <= 0.8


def test_precise_is_none_where_a_tool_never_is() -> None:
    assert curve.precise(curve.points(["p", "q"], ["s", "t"], [(0, 1, 0.9)])) is None


def test_no_country_is_both_learnt_from_and_reported() -> None:
    for family, seeds in split.TEST_SEEDS.items():
        assert not set(seeds) & set(split.TRAIN_SEEDS[family])
    assert split.SCALE_SEEDS["train"] != split.SCALE_SEEDS["test"]


def test_every_tool_has_a_module_and_a_name_of_its_own() -> None:
    names = [tool.name for tool in runs.TOOLS]
    assert len(set(names)) == len(names)
    for tool in runs.TOOLS:
        assert (runs.store.HERE / "tools" / f"{tool.module}.py").exists()
