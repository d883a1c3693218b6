"""A file added to a linked country: only what is new is linked, and the answer is the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from harvester.engine import schema
from harvester.engine.content import in_order
from harvester.engine.engine import Engine
from harvester.linkage import stage
from harvester.linkage.matching.memory import Memory
from tests.linkage.invented import entries, entry, town

if TYPE_CHECKING:
    from pathlib import Path

TABLES = ("links", "memberships", "undertakings", "ledger", "redirects")


@dataclass
class Country:
    """Runs one after the other, each remembering the one before."""

    home: Path
    runs: int = 0
    ledger: pa.Table | None = None
    before: Path | None = None

    def link(
        self,
        rows: list[dict[str, object]],
        decisions: list[tuple[str, str, str]] | None = None,
        fingerprint: str = "rules",
    ) -> tuple[dict[str, pa.Table], bool]:
        """Tables of a run, and whether it only added to the run before."""
        self.runs += 1
        memory = Memory(
            self.home / f"run{self.runs}" / "linkage",
            f"run{self.runs}",
            fingerprint,
            self.before,
            0,
        )
        told = None
        if decisions:
            told = pa.Table.from_pylist(
                [dict(zip(stage.DECISIONS.names, d, strict=True)) for d in decisions],
                stage.DECISIONS,
            )
        engine = Engine()
        held = self.ledger if self.ledger is not None else schema.LEDGER.empty()
        linked = stage.link(
            engine, engine.table(schema.ENTRIES, entries(rows)), engine.table(schema.LEDGER, held),
            told, links_memory=memory,
        )  # fmt: skip
        found = {name: engine.arrow(getattr(linked, name)) for name in TABLES}
        left = [n for n in engine.held() if n.startswith(("link_", "known_"))]
        engine.close()
        assert not left, "working tables are left behind"
        self.ledger, self.before = found["ledger"], memory.folder
        return found, memory.extended


def of(tables: dict[str, pa.Table]) -> dict[str, str]:
    return {r["entry_id"]: r["undertaking_id"] for r in tables["memberships"].to_pylist()}


def groups(tables: dict[str, pa.Table]) -> set[frozenset[str]]:
    found: dict[str, set[str]] = {}
    for one, undertaking in of(tables).items():
        found.setdefault(undertaking, set()).add(one)
    return {frozenset(g) for g in found.values()}


NEW = [
    entry("new", 1, "Vroxton clinic: construction", document="provincial_projects"),
    entry("new", 2, "KLINIEK QUELMARA", document="provincial_projects"),
    entry("new", 3, "Wharfedale hospital", document="provincial_projects"),
]


def test_nothing_new_gives_the_same_tables(tmp_path: Path) -> None:
    country = Country(tmp_path)
    first, whole = country.link(town())
    second, added = country.link(town())
    assert (whole, added) == (False, True)
    for name, rows in first.items():
        table = getattr(schema, name.upper())
        assert in_order(table, rows).equals(in_order(table, second[name])), name


def test_a_file_added_is_linked_as_if_it_had_been_there(tmp_path: Path) -> None:
    country = Country(tmp_path)
    first, _ = country.link(town())
    second, added = country.link([*town(), *NEW])
    assert added
    afresh, _ = Country(tmp_path / "other").link([*town(), *NEW])
    assert groups(second) == groups(afresh)
    assert {e: of(second)[e] for e in of(first)} == of(first)
    assert of(second)["new:1"] == of(second)["town-a:0"]
    links = {(r["entry_a"], r["entry_b"]) for r in second["links"].to_pylist()}
    assert ("new:1", "town-a:0") in links


def test_additions_add_up(tmp_path: Path) -> None:
    country = Country(tmp_path)
    country.link(town())
    for n in range(1, 4):
        found, added = country.link([*town(), *NEW[:n]])
        assert added
    afresh, _ = Country(tmp_path / "other").link([*town(), *NEW])
    assert groups(found) == groups(afresh)
    assert of(found)["new:1"] == of(found)["town-a:0"]


def test_a_file_taken_away_leaves_the_others_as_if_it_had_never_been(tmp_path: Path) -> None:
    country = Country(tmp_path)
    country.link([*town(), *NEW])
    found, added = country.link(town())
    assert added
    afresh, _ = Country(tmp_path / "other").link(town())
    assert groups(found) == groups(afresh)
    assert not [e for e in of(found) if e.startswith("new")]
    assert not [r for r in found["links"].to_pylist() if "new" in r["entry_a"] + r["entry_b"]]


def test_a_corrected_row_is_linked_by_what_it_says_now(tmp_path: Path) -> None:
    country = Country(tmp_path)
    country.link([*town(), NEW[0]])
    corrected = NEW[0] | {"name": "Zerrust library: construction"}
    found, added = country.link([*town(), corrected])
    assert added
    library = next(r for r in town() if r["name"] == "Construction of Zerrust library")
    assert of(found)["new:1"] == of(found)[library["entry_id"]] != of(found)["town-a:0"]


def test_decisions_win_and_can_be_taken_back(tmp_path: Path) -> None:
    country = Country(tmp_path)
    rows = [*town(), *NEW]
    keys = ("BUF|provincial_projects|vroxton clinic construction|BUF",
            "BUF|budget|construction of vroxton clinic|BUF")  # fmt: skip
    linked, _ = country.link(rows)
    apart, added = country.link(rows, [(*keys, "rejected")])
    assert added
    assert of(apart)["new:1"] != of(apart)["town-a:0"]
    again, added = country.link(rows)
    assert added
    assert groups(again) == groups(linked)
    other = "BUF|provincial_projects|wharfedale hospital|BUF"
    forced, _ = country.link(rows, [(other, keys[1], "accepted")])
    assert of(forced)["new:3"] == of(forced)["town-a:0"]


@pytest.mark.parametrize("why", ["rules", "much"])
def test_the_whole_is_linked_anew_when_rules_change_or_much_is_new(
    tmp_path: Path, why: str
) -> None:
    country = Country(tmp_path)
    country.link(town())
    more = [entry("much", n, f"Quelmara road {n}") for n in range(60)] if why == "much" else []
    _, added = country.link([*town(), *more], fingerprint="other" if why == "rules" else "rules")
    assert not added


def test_a_memory_that_lost_a_part_is_not_trusted(tmp_path: Path) -> None:
    country = Country(tmp_path)
    country.link(town())
    (tmp_path / "run1" / "linkage" / "pairs.parquet").unlink()
    _, added = country.link(town())
    assert not added
