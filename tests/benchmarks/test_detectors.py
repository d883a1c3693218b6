"""The benchmark of detectors: what counts as found, and for which project."""

from __future__ import annotations

import pyarrow as pa
import pytest
from benchmarks.detectors import LEAST, Count, about, printed, shown_projects


def finding(detector, undertaking="", **more):
    return {
        "detector": detector, "undertaking_id": undertaking, "finding_id": f"{detector}:x",
        "metro": "BUF", "year": "2019/20", "parties": "EC-EDU,BUF", **more,
    }  # fmt: skip


class Harvested:
    """Tables of a harvest, by name."""

    def __init__(self, **tables):
        self.tables = tables

    def table(self, name):
        return pa.Table.from_pylist(self.tables[name])


def test_a_finding_is_about_the_one_project_of_the_rows_it_shows():
    harvest = Harvested(
        memberships=[
            {"entry_id": e, "undertaking_id": "U2" if e == "n" else "U1"} for e in "abcsn"
        ],
        findings=[{"finding_id": f"W01:{n}", "undertaking_id": "U1"} for n in range(3)],
        evidence=[
            {"finding_id": f"W01:{n}", "entry_id": e}
            for n, shown in enumerate([("a", "b", "n", ""), ("a", "c"), ("s",)])
            for e in shown
        ],
    )
    numbers = shown_projects(harvest, {"a": "7", "b": "7", "c": "8", "s": "", "n": "9"})
    found = [about(finding("W01", "U1", finding_id=f"W01:{n}"), numbers) for n in range(3)]
    assert found[0] == ("W01", "7"), "rows of other undertakings only stand beside it"
    assert found[1] == ("W01", "U1"), "rows of two projects are a finding about neither"
    assert found[2] == ("W01", "U1"), "a stray row is no planted project"


def test_a_finding_about_no_project_is_about_whom_and_when():
    assert about(finding("W05"), {}) == ("W05", "BUF", "2019/20")
    assert about(finding("W15"), {}) == ("W15", "EC-EDU", "2019/20")
    late = finding("W20", finding_id="W20:PRASA:agency_projects:BUF:2019/20")
    assert about(late, {}) == ("W20", "PRASA", "BUF", "2019/20")


def test_precision_and_recall_by_detector():
    count = Count()
    count.add(
        {("W01", "1"), ("W01", "2"), ("W02", "3")}, {("W01", "1"): "", ("W01", "9"): "said"}, "here"
    )
    assert (count.precision("W01"), count.recall("W01")) == (0.5, 0.5)
    assert (count.precision("W02"), count.recall("W02")) == (None, 0.0)
    assert (count.precision("W03"), count.recall("W03")) == (None, None)
    assert count.misses == [
        "here not found: W01 2", "here not found: W02 3", "here not planted: W01 9: said",
    ]  # fmt: skip


@pytest.mark.parametrize(("found", "good"), [(19, False), (20, True)])
def test_the_table_says_whether_every_detector_reaches_what_it_must(capsys, found, good):
    assert 19 / 21 < LEAST <= 20 / 21
    count = Count()
    planted = {("W01", str(n)) for n in range(21)}
    count.add(planted, dict.fromkeys(sorted(planted)[:found], ""), "here")
    assert printed("Table", {2: count}) is good
    assert f"{found / 21:.3f}" in capsys.readouterr().out
