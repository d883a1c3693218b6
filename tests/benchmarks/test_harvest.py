"""The benchmark of a full harvest: rows from a real one, and the power of growth."""

from __future__ import annotations

import pytest
from benchmarks.measure import Measured

from benchmarks import harvest


@pytest.mark.slow
def test_a_size_is_harvested_anew_each_time(tmp_path, monkeypatch):
    monkeypatch.setenv("HARVESTER_BENCH", str(tmp_path))
    place = harvest.country(600, fresh=False)
    told = [harvest.harvested(str(place)) for _ in range(2)]
    assert told[0]["entries"] == told[1]["entries"] > 300
    assert set(harvest.STAGES) < set(told[0])
    assert [p.name for p in (place / "granary" / "harvests").iterdir()] == ["h0001"]


def test_twice_the_entries_at_twice_the_seconds_is_power_one():
    small = Measured(10.0, 1.0, {"entries": 1_000})
    large = Measured(40.0, 1.0, {"entries": 4_000})
    assert harvest.power(small, large) == pytest.approx(1.0)
    assert harvest.power(small, Measured(160.0, 1.0, {"entries": 4_000})) == pytest.approx(2.0)
