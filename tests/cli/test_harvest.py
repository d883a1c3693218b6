"""A harvest is a pure function of what has been ingested."""

from __future__ import annotations

import datetime as dt
import runpy
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

import harvester
from harvester.domain.errors import UserError
from harvester.engine import schema
from harvester.intake import files_in


def test_every_rand_of_every_line_is_in_the_spatial_budget(sample_home):
    harvest = harvester.open_harvest(sample_home)
    lines = pc.sum(harvest.table("lines").column("amount_cents")).as_py()
    budget = harvest.table("spatial_budget")
    for layer in pc.unique(budget.column("layer")).to_pylist():
        of_layer = budget.filter(pc.field("layer") == layer)
        assert pc.sum(of_layer.column("amount_cents")).as_py() == lines, layer


def test_every_entry_keeps_its_row_and_every_project_has_one_undertaking(sample_home):
    harvest = harvester.open_harvest(sample_home)
    entries = harvest.table("entries")
    assert entries.num_rows == sum(harvest.table("submissions").column("entries").to_pylist())
    linked = entries.filter(pc.is_in(entries.column("kind"), pa.array(["project", "programme"])))
    members = harvest.table("memberships").column("entry_id").to_pylist()
    assert sorted(members) == sorted(linked.column("entry_id").to_pylist())


def test_keys_are_unique_in_every_table(sample_home):
    harvest = harvester.open_harvest(sample_home)
    for table in schema.HARVEST_TABLES:
        rows = harvest.table(table.name)
        if rows.num_rows:
            distinct = rows.group_by(list(table.key)).aggregate([]).num_rows
            assert distinct == rows.num_rows, table.name


def test_every_finding_has_evidence_that_points_at_a_real_cell(sample_home):
    harvest = harvester.open_harvest(sample_home)
    evidence = harvest.table("evidence")
    files = set(harvest.table("submissions").column("file").to_pylist())
    findings = set(harvest.table("findings").column("finding_id").to_pylist())
    assert set(evidence.column("finding_id").to_pylist()) <= findings
    assert {f for f in evidence.column("file").to_pylist() if f} <= files
    missing = harvest.table("findings").filter(
        pc.invert(pc.is_in(pc.field("finding_id"), pc.unique(evidence.column("finding_id"))))
    )
    assert set(missing.column("detector").to_pylist()) <= {"W20"}


def test_the_order_in_which_files_come_does_not_matter(sample_country, tmp_path):
    files = files_in([sample_country])
    digests = set()
    for name, ordered in (("forth", files), ("back", files[::-1])):
        harvester.ingest(tmp_path / name, ordered)
        digests.add(harvester.run(tmp_path / name).manifest["digest"])
    assert len(digests) == 1


def test_ids_stay_when_a_file_is_taken_away_and_comes_back(sample_country, tmp_path):
    home = tmp_path / "home"
    files = files_in([sample_country])
    harvester.ingest(home, files)
    first = _ids(harvester.run(home))
    budget = next(r for r in harvester.Granary(home).readings() if r.table("lines").num_rows)
    shutil.move(budget.folder.parent.parent, tmp_path / "away")
    harvester.run(home)
    shutil.move(tmp_path / "away", budget.folder.parent.parent)
    assert _ids(harvester.run(home)) == first


def _ids(harvest):
    rows = harvest.table("memberships").to_pylist()
    return {row["entry_id"]: row["undertaking_id"] for row in rows}


def test_the_day_is_an_argument_and_not_the_clock(sample_country, tmp_path):
    harvester.ingest(tmp_path, [sample_country])
    early = harvester.run(tmp_path, as_at=dt.date(2010, 1, 1))
    assert early.manifest["as_at"] == "2010-01-01"
    states = set(early.table("coverage").column("state").to_pylist())
    assert "late" not in states
    assert not early.table("findings").filter(pc.field("detector") == "W20").num_rows


def test_nothing_ingested_is_said(tmp_path):
    with pytest.raises(UserError, match="nothing has been ingested"):
        harvester.run(tmp_path)


def test_an_aligned_country_has_no_findings(tmp_path):
    harvester.make_sample(tmp_path / "country", seed=3, scale=0.02, aligned=True)
    harvester.ingest(tmp_path / "home", [tmp_path / "country"])
    found = harvester.run(tmp_path / "home").table("findings")
    assert found.num_rows == 0, found.select(["detector", "statement"]).to_pylist()[:5]


def test_the_worked_example_works(tmp_path, capsys):
    path = Path(__file__).parents[2] / "docs" / "how-to" / "worked_example.py"
    runpy.run_path(str(path))["main"](tmp_path)
    assert "submissions" in capsys.readouterr().out
