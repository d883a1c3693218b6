"""Calibration: what is fitted, and what the reliability tables say."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.linkage import calibration


def test_the_fit_finds_the_slope_and_offset_that_made_the_data() -> None:
    dice = np.random.default_rng(3)
    bits = dice.uniform(-6, 12, 60_000)
    true = dice.random(len(bits)) < 1 / (1 + 2.0 ** -(0.6 * bits - 0.4))
    slope, offset = calibration.logistic(bits, true, np.ones(len(bits)))
    assert slope == pytest.approx(0.6, abs=0.02)
    assert offset == pytest.approx(-0.4, abs=0.05)


def test_evidence_is_read_back_from_published_chances() -> None:
    bits = np.linspace(-15, 25, 81)
    chance = np.round(1 / (1 + 2.0 ** -(0.65 * bits - 0.24)), calibration.PLACES)
    assert calibration.evidence(chance, (0.65, -0.24)) == pytest.approx(bits, abs=0.5)
    assert np.isfinite(calibration.evidence(np.array([0.0, 1.0]), (0.65, -0.24))).all()


def test_wilsons_interval_holds_the_share_and_narrows() -> None:
    low, high = calibration.wilson(0.9, 100)
    assert (low, high) == pytest.approx((0.8256, 0.9448), abs=1e-3)
    assert calibration.wilson(1.0, 10)[1] == pytest.approx(1)
    assert calibration.wilson(0.9, 10_000)[0] > low


def test_the_expected_error_is_what_the_bins_said_too_much() -> None:
    chance = np.array([0.95] * 4 + [0.05] * 4)
    true = np.array([True, True, True, False] + [False] * 4)
    table = calibration.reliability(chance, true)
    assert table["error"] == pytest.approx((4 * 0.2 + 4 * 0.05) / 8)
    assert [b["count"] for b in table["bins"]] == [4, 4]
