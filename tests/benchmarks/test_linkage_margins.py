"""How far one linker is ahead of another, and how much of it is luck."""

from __future__ import annotations

import pytest
from benchmarks.linkage import margins
from benchmarks.linkage.curve import numbered
from benchmarks.linkage.scores import scores


def country(projects: int, rows: int) -> list[int]:
    return [n for n in range(projects) for _ in range(rows)]


def test_the_f1_of_the_margin_is_the_f1_of_the_tables() -> None:
    truth = [1, 1, 1, 2, 2, 3, 4, 4]
    ours = [1, 1, 2, 2, 2, 3, 4, 4]
    theirs = [1, 1, 1, 1, 1, 3, 3, 5]
    found = margins.margin(truth, ours, theirs)
    assert found["ours"] == pytest.approx(scores(numbered(truth), numbered(ours))["f1"])
    assert found["theirs"] == pytest.approx(scores(numbered(truth), numbered(theirs))["f1"])
    assert found["ahead"] == pytest.approx(found["ours"] - found["theirs"])


def test_two_that_say_the_same_are_level_whatever_is_drawn() -> None:
    truth = country(40, 3)
    said = [n // 2 for n in range(len(truth))]
    found = margins.margin(truth, said, said)
    assert (found["ahead"], found["low"], found["high"]) == (0.0, 0.0, 0.0)


def test_one_better_everywhere_is_ahead_whatever_is_drawn() -> None:
    truth = country(60, 3)
    found = margins.margin(truth, truth, list(range(len(truth))))
    assert found["low"] == found["high"] == found["ahead"] == 1.0


def test_a_lead_that_hangs_on_a_few_projects_may_be_luck() -> None:
    """Each misses projects of its own, as many of one size: neither is surely ahead."""
    truth = country(200, 4)
    missed = lambda which: [(p, n if p in which else 0) for n, p in enumerate(truth)]  # noqa: E731
    found = margins.margin(truth, missed({1, 2, 3}), missed({4, 5, 6, 7}))
    assert found["ahead"] > 0
    assert found["low"] < 0 < found["high"]
