"""Findings as a table: stable keys, declared words, thresholds as data, and the way back."""

from __future__ import annotations

import datetime as dt
import json

import pyarrow as pa
import pytest

from harvester.domain.errors import ConfigurationError, UserError
from harvester.engine import schema
from harvester.engine.content import in_order
from harvester.rules import forums
from harvester.wheat import thresholds
from harvester.wheat.detectors import DETECTORS
from harvester.wheat.explain import explain
from harvester.wheat.stage import detect
from tests.alignment.country import country, load
from tests.links import in_full, tables_of

TROUBLED = """
    document            | by     | season | project | owner  | p   | 2019 | 2020 | 2021
    pipeline            | BUF    | 2019   | bridge  | BUF    | 1   | 10   | 20   | -
    idp                 | BUF    | 2019   | road    | BUF    | 0.9 | -    | -    | 20
    pipeline            | BUF    | 2019   | road    | BUF    | 0.9 | 20   | -    | -
    idp                 | BUF    | 2019   | pipes   | BUF    | 1   | 5    | -    | -
    budget              | BUF    | 2019   | pipes   | BUF    | 1   | 5    | -    | -
    budget              | BUF    | 2019   | statue  | BUF    | 1   | 7    | -    | -
    provincial_projects | EC-EDU | 2019   | school  | EC-EDU | 1   | 40   | -    | -
"""
AS_AT = dt.date(2020, 1, 1)


def test_two_runs_give_the_same_tables_whatever_the_order_of_rows(engine):
    tables = country(TROUBLED)
    first = [engine.arrow(t) for t in detect(engine, load(engine, tables), AS_AT)]
    turned = {
        n: t.take(pa.array(range(t.num_rows - 1, -1, -1), pa.int64())) for n, t in tables.items()
    }
    second = [engine.arrow(t) for t in detect(engine, load(engine, turned), AS_AT)]
    assert first[0].num_rows >= 4
    for table, one, other in zip((schema.FINDINGS, schema.EVIDENCE), first, second, strict=True):
        assert in_order(table, one).equals(in_order(table, other))


def test_keys_stay_when_other_findings_come_and_go(found):
    before = found(country(TROUBLED))
    after = found(country(TROUBLED.replace("| 7    |", "| -    |")))
    assert set(before) - set(after) == {"W03:statue:2019/20"}
    assert all(before[key]["statement"] == after[key]["statement"] for key in after)


def test_undertaking_of_two_metros_has_a_key_for_each(found):
    tables = country("""
        document | by  | project | 2019
        pipeline | BUF | bridge  | 10
        pipeline | CPT | bridge  | 10
        idp      | BUF | road    | 10
        idp      | CPT | rail    | 10
    """)
    assert list(found(tables, "W01")) == ["W01:bridge:2019/20", "W01:bridge:2019/20:CPT"]


def test_each_finding_has_evidence_and_a_band_round_its_rand(found):
    for finding in found(country(TROUBLED)).values():
        assert finding["cells"]
        assert 0 <= finding["confidence"] <= 1
        if finding["rand_cents"] is not None:
            assert finding["rand_low_cents"] <= finding["rand_cents"] <= finding["rand_high_cents"]


def test_empty_harvest_has_no_findings(engine):
    findings, evidence = detect(engine, {}, AS_AT)
    assert engine.arrow(findings).num_rows == engine.arrow(evidence).num_rows == 0


def names(engine) -> set[str]:
    return set(engine.sql("SHOW TABLES").column("name").to_pylist())


def test_detect_leaves_no_table_behind(engine):
    before = names(engine)
    detect(engine, load(engine, country(TROUBLED)), AS_AT)
    left = names(engine) - before
    assert left <= {t.name for t in schema.HARVEST_TABLES}


@pytest.mark.parametrize("detector", DETECTORS, ids=lambda d: d.id)
def test_every_detector_says_what_it_is(detector):
    assert detector.question.endswith("?")
    assert detector.offering in {"agreements", "compacts", "finance", "learning"}
    assert detector.forum in forums.load()
    assert detector.title
    assert detector.source
    assert detector.function.__doc__


def test_thresholds_are_policy_and_say_so():
    loaded = thresholds.load()
    assert loaded.head.verified is False
    assert loaded["W07.difference_percent"] == 20
    assert loaded.cents("W16.floor_rand") == 100_000_000


@pytest.mark.parametrize("broken", ["basis: law", "unit: rand, basis: statutory", "basis: policy"])
def test_threshold_that_does_not_say_what_it_is_is_refused(tmp_path, broken):
    path = tmp_path / "detectors.yaml"
    path.write_text(
        "title: T\nreference: R\nfrom: 2017-01-01\nverified: false\n"
        f"thresholds:\n  X.y: {{value: 1, why: because, {broken}}}\nlists: {{}}\n",
    )
    with pytest.raises(ConfigurationError, match=r"X\.y"):
        thresholds.load(path)


def test_explain_gathers_finding_cells_and_reasons_of_links(engine):
    tables = country(TROUBLED)
    link = {
        "entry_a": "idp-BUF-2019:0:3",
        "entry_b": "pipeline-BUF-2019:0:4",
        "probability": 0.9,
        "weight": 3.2,
        "joined": True,
        "decided": "",
        "reasons": json.dumps([{"reason": "same name", "weight": 3.2}]),
    }
    tables |= tables_of([link])
    held = load(engine, tables)
    findings, evidence = detect(engine, held, AS_AT)
    held |= {"findings": findings, "evidence": evidence}
    held["links"] = engine.load(
        "told", pa.Table.from_pylist(in_full(tables["links"], tables["wordings"]))
    )
    told = explain(engine, held, "W06:road:2019/20")
    assert told["finding"]["detector"] == told["detector"]["id"] == "W06"
    assert told["detector"]["question"].endswith("?")
    assert told["forum"]["code"] == told["finding"]["forum"]
    assert told["undertaking"]["undertaking_id"] == "road"
    assert [cell["n"] for cell in told["evidence"]] == list(range(1, len(told["evidence"]) + 1))
    assert told["links"][0]["reasons"] == [{"reason": "same name", "weight": 3.2}]


def test_explain_of_a_finding_that_mended_says_what_to_do(engine):
    held = load(engine, country(TROUBLED))
    findings, evidence = detect(engine, held, AS_AT)
    with pytest.raises(UserError, match="harvester show findings"):
        explain(engine, {**held, "findings": findings, "evidence": evidence}, "W01:gone:2019/20")


def test_every_detector_of_the_catalogue_is_there():
    assert [d.id for d in DETECTORS] == [f"W{n:02d}" for n in range(1, 23)]
