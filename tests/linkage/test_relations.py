"""Undertakings that are not one and belong together, and those that only look so."""

from __future__ import annotations

import json
import random
from typing import Any

import pyarrow as pa
import pytest

from harvester.engine import schema
from harvester.engine.content import in_order
from harvester.engine.engine import Engine
from harvester.engine.portable import spark_sql
from harvester.linkage import stage
from harvester.linkage.identity.keys import entry_keys
from harvester.linkage.projects import features
from harvester.linkage.relations import MOST_PER_UNDERTAKING, phases, programmes, relate, splits
from tests.linkage.invented import entries, entry
from tests.linkage.related import SITUATIONS, Situation, country
from tests.links import tables_of as links_and_wordings

Row = dict[str, object]


def related(
    rows: list[Row], decisions: list[tuple[str, str, str]] | None = None
) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """Relations of some entries, and the undertaking of each entry."""
    engine = Engine()
    told = None
    if decisions is not None:
        columns = zip(*decisions, strict=True)
        told = pa.table(dict(zip(("entry_key_a", "entry_key_b", "verdict"), map(list, columns), strict=True)))  # fmt: skip
    held = engine.table(schema.ENTRIES, entries(rows))
    ledger = engine.table(schema.LEDGER, schema.LEDGER.empty())
    linked = stage.link(engine, held, ledger, told)
    members = engine.arrow(linked.memberships).to_pylist()
    told_rows = engine.arrow(linked.relations).to_pylist()
    assert not [name for name in engine.held() if name.startswith(("relate_", "link_"))]
    engine.close()
    return told_rows, {m["entry_id"]: m["undertaking_id"] for m in members}


@pytest.fixture(scope="module")
def found() -> tuple[list[dict[str, Any]], dict[str, str]]:
    return related(country())


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda s: s.name)
def test_relations_are_those_of_the_truth(situation: Situation, found) -> None:
    relations, of = found
    ids = situation.ids(SITUATIONS.index(situation))
    mine = {of[entry_id] for entry_id in ids.values()}
    told = {
        (r["from_undertaking"], r["to_undertaking"], r["kind"])
        for r in relations
        if mine & {r["from_undertaking"], r["to_undertaking"]}
    }
    # A whole that the linker joined to one of its parts is related to the others.
    wanted = {(of[ids[a]], of[ids[b]], kind) for a, b, kind in situation.related}
    assert told == {(a, b, kind) for a, b, kind in wanted if a != b}


def test_the_town_around_them_has_none(found) -> None:
    relations, of = found
    town = {u for e, u in of.items() if e.startswith("town-")}
    assert not [r for r in relations if {r["from_undertaking"], r["to_undertaking"]} & town]


def test_every_relation_says_why_in_words(found) -> None:
    for relation in found[0]:
        told = json.loads(relation["reasons"])
        assert told
        assert all(r["reason"] and isinstance(r["weight"], float) for r in told)
        assert 0.5 <= relation["probability"] < 1
        assert relation["decided"] == ""
    words = " ".join(r["reasons"] for r in found[0])
    for said in (
        "names the programme as its parent",
        "money of its 2 parts is within the programme's (89 %)",
        "amounts of 3 parts add up to 98 % of the whole",
        "phases 1 and 2 of one scheme",
        "same name and place but for the phase",
    ):
        assert said in words


def test_the_order_of_rows_changes_nothing(found) -> None:
    rows = country()
    random.Random(8).shuffle(rows)
    before, again = (
        in_order(schema.RELATIONS, schema.RELATIONS.from_rows(told))
        for told in (found[0], related(rows)[0])
    )
    assert again.equals(before)


def test_two_projects_that_a_person_says_are_of_one_programme() -> None:
    rows = [entry("a", 1, "Vroxton clinic"), entry("a", 2, "Quelmara gravel road")]
    one, other = entry_keys(entries(rows))
    told = [(one, other, "same_programme"), (one, "gone", "same_programme"), (one, other, "rejected")]  # fmt: skip
    relations, of = related(rows, told)
    (relation,) = relations
    ends = tuple(sorted(of.values()))
    assert (relation["from_undertaking"], relation["to_undertaking"]) == ends
    assert (relation["kind"], relation["probability"]) == ("same_programme", 1.0)
    assert relation["decided"] == "accepted"
    assert "a person said" in relation["reasons"]


def test_nothing_in_nothing_out() -> None:
    assert related([])[0] == []


def table_of(rows: list[Row]) -> dict[str, pa.Table]:
    """Tables of the linkage stage in which each entry is an undertaking and every pair a link."""
    held = entries(rows)
    ids = held.column("entry_id").to_pylist()
    members = [{"entry_id": e, "undertaking_id": f"u{e}", "probability": 1.0} for e in ids]
    undertakings = [
        {**{c.name: 0 if c.type in (schema.WHOLE, schema.REAL) else "" for c in schema.UNDERTAKINGS.columns if not c.null},
         "undertaking_id": f"u{r['entry_id']}", "metro": "BUF", "owner": "BUF", "amount_cents": r.get("amount_cents")}
        for r in rows
    ]  # fmt: skip
    return {
        "entries": held,
        "memberships": schema.MEMBERSHIPS.from_rows(members),
        "undertakings": schema.UNDERTAKINGS.from_rows(undertakings),
    }


def relations_of(tables: dict[str, pa.Table], links: list[Row]) -> pa.Table:
    """The relations found in tables of the linkage stage."""
    engine = Engine()
    features.build(engine, stage._records(tables["entries"]))
    engine.make("link_told", "SELECT * FROM link_features")
    told = links_and_wordings(links)
    found = engine.arrow(
        relate(
            engine,
            engine.table(schema.ENTRIES, tables["entries"]),
            links=engine.table(schema.LINKS, told["links"]),
            wordings=engine.table(schema.WORDINGS, told["wordings"]),
            memberships=engine.table(schema.MEMBERSHIPS, tables["memberships"]),
            undertakings=engine.table(schema.UNDERTAKINGS, tables["undertakings"]),
        )
    )
    engine.close()
    return found


@pytest.mark.parametrize("name", ["", "Furniture and equipment", "Quelmara housing phase 2"])
@pytest.mark.parametrize("parent", ["", "Furniture and equipment", "Quelmara renewal"])
def test_one_name_on_thousands_of_rows_is_bounded(name: str, parent: str) -> None:
    rows = [
        entry(f"s{n % 40}", n, name, parent_text=parent, amount_cents=M, kind="programme" if n % 5 == 0 else "project")
        for n in range(4_000)
    ]  # fmt: skip
    tables = table_of(rows)
    ids = tables["entries"].column("entry_id").to_pylist()
    links = [
        {"entry_a": min(a, b), "entry_b": max(a, b), "probability": 0.3, "weight": 3.0,
         "joined": False, "decided": "", "reasons": '[{"reason":"phase differs (1 and 2)","weight":-7.76}]'}
        for n, a in enumerate(ids) for b in ids[n + 1 : n + 16]
    ]  # fmt: skip
    assert relations_of(tables, links).num_rows <= MOST_PER_UNDERTAKING * len(rows)


def test_amounts_beyond_what_two_whole_numbers_hold_are_added_all_the_same() -> None:
    """Bad input: two parts whose sum is more than a whole number of the engine holds."""
    most = 9 * 10**18
    rows = [
        entry("a", 1, "Vroxton clinic", amount_cents=most),
        entry("b", 1, "Vroxton clinic", amount_cents=most - 10**18),
        entry("b", 2, "Vroxton clinic east", amount_cents=most - 10**17),
        entry("c", 1, "Vroxton clinic", amount_cents=most // 3),
        entry("c", 2, "Vroxton clinic east", amount_cents=most - most // 3),
    ]
    links = [
        {"entry_a": "a:1", "entry_b": other, "probability": 0.4, "weight": 3.0, "joined": False,
         "decided": "", "reasons": "[]"}
        for other in ("b:1", "b:2", "c:1", "c:2")
    ]  # fmt: skip
    found = relations_of(table_of(rows), links).to_pylist()
    assert {(r["from_undertaking"], r["to_undertaking"], r["kind"]) for r in found} == {
        ("ua:1", "uc:1", "split_into"), ("ua:1", "uc:2", "split_into"),
    }  # fmt: skip


M = 100_000_000


def queries() -> list[str]:
    """Every query of the room."""
    told = [*programmes._STEPS.values(), programmes._FOUND, phases._KEPT_APART, phases._WHOLES,
            phases._NAMED]  # fmt: skip
    return [*told, splits._SIDED, splits._APART, splits._SEVERAL, splits._CANDIDATES]


@pytest.mark.parametrize("query", queries())
def test_every_query_can_be_said_in_the_words_of_spark(query: str) -> None:
    assert spark_sql(query)


@pytest.mark.parametrize(
    ("totals", "one"), [((55, 112), True), ((55, 0), False), ((30, 25), False), ((55, 55), False)]
)
def test_a_row_that_alone_costs_the_whole_is_no_part_beside_another(
    totals: tuple[int, int], one: bool
) -> None:
    """A year of a primary and of a secondary school may add up to three years of the first."""
    taken = [{"whole_total": 55, "part_total": total} for total in totals]
    assert splits._one_costs_the_whole(taken) is one
