"""The stage: the same answer in any order, ids that last, decisions that win, no input that hurts."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from harvester.engine import schema
from harvester.engine.content import in_order
from harvester.engine.engine import Engine
from harvester.linkage import stage
from harvester.linkage.identity import ids
from harvester.linkage.matching import blocking
from harvester.linkage.projects import features, records
from harvester.linkage.projects.aspects import PROJECTS
from tests.linkage.invented import entries, entry, town
from tests.links import in_full

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True)
class Outcome:
    """Tables of one run, out of the engine."""

    links: pa.Table
    wordings: pa.Table
    memberships: pa.Table
    undertakings: pa.Table
    ledger: pa.Table

    @property
    def of(self) -> dict[str, str]:
        """Undertaking of each entry."""
        return {r["entry_id"]: r["undertaking_id"] for r in self.memberships.to_pylist()}


def run(
    rows: Iterable[dict[str, object]],
    ledger: pa.Table | None = None,
    decisions: list[tuple[str, str, str]] | None = None,
) -> Outcome:
    engine = Engine()
    held = schema.LEDGER.empty() if ledger is None else ledger
    told = None
    if decisions is not None:
        told = pa.Table.from_pylist(
            [dict(zip(stage.DECISIONS.names, d, strict=True)) for d in decisions], stage.DECISIONS
        )
    linked = stage.link(
        engine,
        engine.table(schema.ENTRIES, entries(list(rows))),
        engine.table(schema.LEDGER, held),
        told,
    )
    names = ("links", "wordings", "memberships", "undertakings", "ledger")
    found = Outcome(*(engine.arrow(getattr(linked, name)) for name in names))
    left = engine.connection.con.execute(
        "SELECT count(*) FROM duckdb_tables() WHERE table_name LIKE 'link\\_%' ESCAPE '\\'"
    ).fetchone()
    engine.close()
    assert left == (0,), "working tables are left behind"
    return found


def clinics() -> list[dict[str, object]]:
    """A clinic in three documents among a town's lists."""
    return [
        *town(),
        entry("s1", 1, "Construction of Gxarhana clinic", amount_cents=500_00, function="health"),
        entry("s2", 1, "Gxarhana Clinic (new)", document="idp", amount_cents=400_00),
        entry("s3", 1, "GXARHANA KLINIEK", document="provincial_projects", institution="EC-HEA",
              owner="EC-HEA", sphere="provincial", amount_cents=300_00, longitude=27.8, latitude=-32.9),
    ]  # fmt: skip


CLINIC = ("s1:1", "s2:1", "s3:1")
KEYS = (
    "BUF|budget|construction of gxarhana clinic|BUF",
    "BUF|idp|gxarhana clinic new|BUF",
    "EC-HEA|provincial_projects|gxarhana kliniek|BUF",
)


def test_the_order_of_rows_changes_nothing() -> None:
    rows = clinics()
    straight = run(rows)
    random.Random(4).shuffle(rows)
    shuffled = run(rows)
    for name in ("links", "memberships", "undertakings", "ledger"):
        one, other = (
            in_order(getattr(schema, name.upper()), getattr(found, name))
            for found in (straight, shuffled)
        )
        assert one.equals(other), name


def test_every_project_entry_is_in_exactly_one_undertaking() -> None:
    rows = [*clinics(), entry("s4", 1, "Clinics opened", kind="indicator")]
    found = run(rows)
    assert sorted(found.of) == sorted(r["entry_id"] for r in rows if r["kind"] == "project")
    assert set(found.of.values()) == set(found.undertakings.column("undertaking_id").to_pylist())
    assert all(ids.is_valid(u) for u in found.of.values())
    assert sum(found.undertakings.column("entries").to_pylist()) == len(found.of)


def test_an_undertaking_is_described_by_its_entries() -> None:
    found = run(clinics())
    clinic = found.of["s1:1"]
    row = next(r for r in found.undertakings.to_pylist() if r["undertaking_id"] == clinic)
    assert {found.of[e] for e in CLINIC} == {clinic}
    assert row["documents"] == "idp,budget,provincial_projects"
    assert row["institutions"] == "BUF,EC-HEA"
    assert (row["owner"], row["sphere"], row["function"]) == ("BUF", "local", "health")
    assert (row["longitude"], row["latitude"]) == (27.8, -32.9)
    assert row["entries"] == 3
    assert 0.7 <= row["confidence"] <= 1


def test_ids_outlive_a_file_added_removed_and_corrected() -> None:
    first = run(town())
    second = run(clinics(), first.ledger)
    assert {e: second.of[e] for e in first.of} == first.of
    without = [r for r in clinics() if r["submission_id"] != "s2"]
    third = run(without, second.ledger)
    assert third.of == {e: u for e, u in second.of.items() if e != "s2:1"}
    corrected = [
        r | {"entry_id": f"new-{r['entry_id']}", "submission_id": f"new-{r['submission_id']}",
             "amount_cents": 7_00}
        for r in clinics()
    ]  # fmt: skip
    fourth = run(corrected, third.ledger)
    assert {e.removeprefix("new-"): u for e, u in fourth.of.items()} == second.of


def test_two_installations_mint_the_same_ids() -> None:
    assert run(clinics()).of == run(clinics()).of


def test_the_ledger_forgets_nothing() -> None:
    first = run(clinics())
    later = run(town()[:4], first.ledger)
    held = {r["entry_key"]: r["undertaking_id"] for r in first.ledger.to_pylist()}
    kept = {r["entry_key"]: r["undertaking_id"] for r in later.ledger.to_pylist()}
    assert held.items() <= kept.items()


def test_a_rejected_pair_is_kept_apart_and_shown() -> None:
    found = run(clinics(), decisions=[(KEYS[0], KEYS[1], "rejected")])
    assert found.of["s1:1"] != found.of["s2:1"]
    told = in_full(found.links, found.wordings)
    row = next(r for r in told if (r["entry_a"], r["entry_b"]) == ("s1:1", "s2:1"))
    assert (row["decided"], row["joined"]) == ("rejected", False)
    assert row["probability"] > 0.9


def test_an_accepted_pair_is_joined_however_unlike() -> None:
    other = "BUF|idp|vroxton gravel road new|BUF"
    found = run(clinics(), decisions=[(KEYS[0], other, "accepted")])
    assert found.of["s1:1"] == found.of["town-b:1"]
    row = next(r for r in found.links.to_pylist() if r["decided"] == "accepted")
    assert row["joined"]
    assert row["probability"] < 0.7


def test_decisions_that_contradict_are_kept_apart_and_said() -> None:
    both = [(KEYS[0], KEYS[1], "accepted"), (KEYS[1], KEYS[0], "rejected")]
    found = run(clinics(), decisions=both)
    assert found.of["s1:1"] != found.of["s2:1"]
    told = in_full(found.links, found.wordings)
    row = next(r for r in told if (r["entry_a"], r["entry_b"]) == ("s1:1", "s2:1"))
    assert json.loads(row["reasons"])[0]["reason"] == "decisions contradict one another; kept apart"


def test_a_decision_on_a_row_that_is_not_here_waits() -> None:
    assert run(clinics(), decisions=[("gone", KEYS[0], "accepted")]).of == run(clinics()).of


def test_rows_that_split_one_project_number_are_one() -> None:
    number = {"source_code": "PC001002006001_00019", "document": "in_year"}
    rows = [*town(), entry("sc", 1, "P-CIN RDS ROADS", **number), entry("sc", 2, "", **number)]
    found = run(rows)
    assert found.of["sc:1"] == found.of["sc:2"]


def test_nothing_in_nothing_out() -> None:
    found = run([])
    assert (found.links.num_rows, found.undertakings.num_rows, found.ledger.num_rows) == (0, 0, 0)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "x" * 5_000,
        "word " * 2_000,
        "\u0645\u0634\u0631\u0648\u0639 \u0637\u0631\u064a\u0642",
        "'; DROP",
        "%_|#\u0000",
    ],
)
def test_odd_names_are_carried_and_lose_nothing(name: str) -> None:
    rows = [entry("a", n, name) for n in range(3)] + [entry("b", n, name) for n in range(3)]
    assert len(run(rows).of) == 6


def test_one_point_for_everything_is_no_place() -> None:
    point = {"longitude": 27.9, "latitude": -33.0}
    rows = [r | point for r in town()]
    found = run(rows)
    assert "300 m" not in "".join(found.wordings.column("reasons").to_pylist())


@pytest.mark.slow
def test_one_name_on_twenty_thousand_rows_is_bounded_and_joins_nothing() -> None:
    rows = [
        entry(f"s{n % 40}", n, "Furniture and equipment", document="idp" if n % 2 else "budget")
        for n in range(20_000)
    ]
    found = run(rows)
    assert found.undertakings.num_rows == 20_000
    assert found.links.num_rows < 200_000


@pytest.mark.slow
def test_pairs_are_predicted_and_capped_before_they_are_made() -> None:
    chance = random.Random(3)
    rows = [
        {"uid": n, "entry_id": str(n), "source": f"s{n % 50}", "kind": "project", "municipality": "BUF",
         "name": f"{chance.choice('abcd')}xtown {chance.choice('efgh')}zville clinic",
         "amount_cents": 100_000_00, "longitude": 27.9, "latitude": -33.0}
        for n in range(8_000)
    ]  # fmt: skip
    engine = Engine()
    features.build(engine, records.RECORDS.from_rows(rows))
    blocked = blocking.block(engine, PROJECTS, len(rows))
    engine.close()
    assert blocked.pairs <= blocked.predicted
    assert blocked.predicted <= blocking.PAIRS_PER_RECORD * len(rows) + blocking.FREE_PAIRS
    assert blocked.dropped_keys > 0


def test_a_project_in_forty_editions_is_one_without_all_its_pairs() -> None:
    rows = [entry(f"s{n:02d}", 1, "P-CIN WAT BULK MAINS", source_code="PC001002006001_00019")
            for n in range(40)]  # fmt: skip
    found = run(rows)
    assert len(set(found.of.values())) == 1
    assert found.links.num_rows < 40 * 4
