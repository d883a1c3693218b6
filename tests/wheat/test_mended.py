"""Findings that are no longer there, and what mended each."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

import harvester
from harvester.engine import schema
from harvester.reports.explain import explain
from harvester.wheat.mended import BEFORE, Harvested, mended
from harvester.wheat.stage import detect
from tests.alignment.country import country

THEN, NOW = dt.date(2019, 7, 1), dt.date(2020, 7, 1)

FIRST = """
    document | season | project | 2019
    pipeline | 2019   | bridge  | 10
    pipeline | 2019   | school  | 10
    idp      | 2019   | road    | 10
"""


@pytest.fixture
def harvested(engine):
    """A country as one harvest knows it: its tables with findings, evidence and the list so far."""

    def some(
        text: str, day: dt.date, log: list[dict] | None = None, before: bool = False, **extra
    ) -> Harvested:
        tables = country(text)
        tables["mended"] = schema.MENDED.from_rows(log or [])
        for table in (schema.DECISIONS, schema.REDIRECTS):
            tables[table.name] = table.from_rows(extra.get(table.name, []))
        by_name = {t.name: t for t in schema.HARVEST_TABLES}
        held = {name: engine.table(by_name[name], rows) for name, rows in tables.items()}
        held["findings"], held["evidence"] = detect(engine, held, day)
        prefix = "before_" if before else ""
        kept = {
            t.name: engine.arrow(held[t.name])
            for t in (*BEFORE, *by_name.values())
            if t.name in held
        }
        return Harvested(
            {n: engine.table(replace(by_name[n], name=f"{prefix}{n}"), rows) for n, rows in kept.items()},
            day,
        )  # fmt: skip

    return some


def log_of(engine, before: Harvested, now: Harvested) -> dict[str, dict]:
    return {row["finding_id"]: row for row in mended(engine, before, now).to_pylist()}


def test_a_submission_that_names_the_undertaking_mended_it(engine, harvested):
    before = harvested(FIRST, THEN, before=True)
    assert "W01:bridge:2019/20" in engine.arrow(before.tables["findings"])["finding_id"].to_pylist()
    now = harvested(FIRST + "    idp | 2020 | bridge | 10\n    idp | 2019 | bridge | 10\n", NOW)
    log = log_of(engine, before, now)
    assert log["W01:bridge:2019/20"]["cause"] == "submission"
    assert log["W01:bridge:2019/20"]["submissions"] == "idp-BUF-2020:0"
    assert log["W01:bridge:2019/20"]["files"] == "idp BUF 2020.xlsx"
    assert log["W01:bridge:2019/20"]["statement"].startswith("“Project bridge”, R 10 m")
    assert (log["W01:bridge:2019/20"]["seen_on"], log["W01:bridge:2019/20"]["mended_on"]) == (
        THEN,
        NOW,
    )
    assert "W01:school:2019/20" not in log, "it is still there"


def test_the_list_is_kept_and_a_finding_that_comes_back_leaves_it(engine, harvested):
    before = harvested(FIRST, THEN, before=True)
    mending = "    idp | 2019 | bridge | 10\n    idp | 2019 | school | 10\n"
    log = mended(engine, before, harvested(FIRST + mending, NOW)).to_pylist()
    assert {row["finding_id"] for row in log} >= {"W01:bridge:2019/20", "W01:school:2019/20"}
    later = harvested(FIRST + mending, NOW, log=log, before=True)
    again = log_of(engine, later, harvested(FIRST + "    idp | 2019 | school | 10\n", NOW))
    assert "W01:bridge:2019/20" not in again
    assert again["W01:school:2019/20"] == next(
        row for row in log if row["finding_id"] == "W01:school:2019/20"
    )


def test_nothing_new_means_nothing_mended(engine, harvested):
    assert log_of(engine, harvested(FIRST, THEN, before=True), harvested(FIRST, NOW)) == {}


def test_a_file_that_was_withdrawn(engine, harvested):
    before = harvested(FIRST, THEN, before=True)
    now = harvested("document | season | project | 2019\n idp | 2019 | road | 10", NOW)
    log = log_of(engine, before, now)
    assert log["W01:bridge:2019/20"]["cause"] == "withdrawn"
    assert log["W01:bridge:2019/20"]["files"] == "pipeline BUF 2019.xlsx"


def test_a_merged_undertaking_takes_its_finding_along(engine, harvested):
    before = harvested(FIRST, THEN, before=True)
    lead = {"undertaking_id": "bridge", "now_id": "crossing", "kind": "merge", "name": "Bridge"}
    now = harvested(FIRST.replace("bridge  ", "crossing"), NOW, redirects=[lead])
    assert log_of(engine, before, now) == {}


def test_a_decision_on_its_link(engine, harvested):
    text = "document | season | project | 2019\n pipeline | 2019 | {} | 10\n idp | 2019 | road | 10"
    before = harvested(text.format("bridge"), THEN, before=True)
    said = {
        "decision_id": "d1",
        "undertaking_a": "bridge",
        "undertaking_b": "road",
        "verdict": "accepted",
    }
    now = harvested(text.format("road"), NOW, decisions=[said])
    assert log_of(engine, before, now)["W01:bridge:2019/20"]["cause"] == "decision"


@pytest.mark.slow
def test_a_harvest_says_which_file_mended_a_finding(sample_country, tmp_path):
    """A file that is late is a finding; once it is in, the next harvest names the file."""
    late = "BUF_IDP_2019-20.xlsx"
    files = sorted(p for p in sample_country.rglob("BUF_*.xlsx") if p.is_file())
    harvester.ingest(tmp_path, [p for p in files if p.name != late])
    first = harvester.run(tmp_path, as_at=NOW)
    finding = "W20:BUF:idp:BUF:2019/20"
    assert finding in first.table("findings")["finding_id"].to_pylist()
    assert first.table("mended").num_rows == 0

    harvester.ingest(tmp_path, [p for p in files if p.name == late])
    second = harvester.run(tmp_path, as_at=NOW)
    assert finding not in second.table("findings")["finding_id"].to_pylist()
    log = {row["finding_id"]: row for row in second.table("mended").to_pylist()}
    assert (log[finding]["cause"], log[finding]["files"]) == ("submission", late)
    told = explain(second, finding)
    assert told["kind"] == "finding that mended"
    assert told["mended"]["files"] == late

    again = harvester.run(tmp_path, as_at=NOW)
    assert again.manifest["tables"]["mended"] == second.manifest["tables"]["mended"]
