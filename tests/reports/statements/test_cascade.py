"""From national outcome to budget line: found, gap, unknown and not asked are four things."""

from __future__ import annotations

import pytest

from harvester.engine import schema
from harvester.reports.statements import cascade as vertical
from harvester.reports.statements.cascade.rungs import (
    BY_FUNCTION,
    BY_TARGET,
    NOWHERE,
    STATED,
    in_force,
)
from harvester.rules import crosswalk
from tests.reports.statements.conftest import MILLION

TEXT = """
document            | by     | season | owner  | project | function     | outcome_mtsf | objective_text | 2019
pipeline            | BUF    | 2019   | BUF    | road    | roads        | unknown      |                | 9
idp                 | BUF    | 2019   | BUF    | road    | roads        | o06          | A city that moves | 9
budget              | BUF    | 2019   | BUF    | road    | roads        | o06          |                | 8
idp                 | BUF    | 2019   | BUF    | park    | unknown      | unknown      |                | 2
infrastructure_plan | EC-EDU | 2019   | EC-EDU | school  | education    | unknown      |                | 30
provincial_projects | EC-EDU | 2019   | EC-EDU | school  | education    | unknown      |                | 12
idp                 | BUF    | 2019   | EC-EDU | school  | education    | unknown      |                | 30
provincial_projects | EC-EDU | 2019   | EC-EDU | hall    | education    | unknown      |                | 3
agency_projects     | PRASA  | 2019   | PRASA  | station | rail         | unknown      |                | 5
"""


def target(
    n: int,
    name: str,
    *,
    level="annual",
    year="2019/20",
    works=0,
    theme="school",
    readable=True,
    **more,
):
    """One promise of the province's education department."""
    return {
        "entry_id": f"t{n}", "level": level, "owner": "EC-EDU", "sphere": "provincial", "province": "EC",
        "metro": "unknown", "year": year, "code": f"1.{n}", "name": name, "target": 10.0,
        "outcome_mtsf": "o01", "outcome_iudf": "unknown", "function": "education", "objective_text": "",
        "programme_text": "", "theme": theme, "works": works, "undertakings": works,
        "amount_cents": works * MILLION, "readable": readable, "funded": works > 0,
    } | more  # fmt: skip


TARGETS = [
    target(1, "Schools built", works=1), target(2, "Toilets at schools"),
    target(3, "Reports tabled", theme=""), target(4, "Halls", readable=False),
    target(5, "Schools over five years", level="strategic", year="2016/17"),
    target(6, "Older than five years", level="strategic", year="2013/14"),
    target(7, "Of another year", year="2018/19"),
    target(8, "Of another province", owner="KZN-EDU", province="KZN"),
    target(9, "Works elsewhere", works=2),
]  # fmt: skip
WORKS = [{"target_entry": "t1", "work_entry": "provincial_projects-EC-EDU-2019:0:7", "undertaking_id": "school",
          "metro": "BUF", "how": "own", "amount_cents": 12 * MILLION}]  # fmt: skip


@pytest.fixture
def made(held):
    source = held(TEXT, [], [])
    source.engine.load("targets", schema.TARGETS.from_rows(TARGETS))
    source.engine.load("target_works", schema.TARGET_WORKS.from_rows(WORKS))
    return vertical.cascade(source, "BUF", "2019/20")


def rungs(made) -> dict[str, list[str]]:
    return {
        row["undertaking_id"]: [row[f"{rung}_state"] for rung in ("plan", "list", "idp", "budget")]
        for row in made.table("undertakings").rows
    }


def test_each_rung_is_found_a_gap_unread_or_not_asked(made):
    assert rungs(made) == {
        "road": ["found", "not asked", "found", "found"],
        "park": ["gap", "not asked", "found", "gap"],
        "school": ["found", "found", "found", "found"],
        "hall": ["gap", "found", "gap", "found"],
        # No infrastructure plan of the agency was read; its own list holds no budget.
        "station": ["unknown", "found", "gap", "gap"],
    }


def test_the_money_is_that_of_the_furthest_rung(made):
    amounts = {row["undertaking_id"]: row["amount"] for row in made.table("undertakings").rows}

    assert amounts["road"] == 8 * MILLION
    assert amounts["school"] == 12 * MILLION
    assert amounts["park"] == 2 * MILLION


def test_the_outcome_is_stated_else_by_target_else_by_function_else_unknown(made):
    told = {
        row["undertaking_id"]: (row["outcome"], row["basis"])
        for row in made.table("undertakings").rows
    }

    assert told["road"] == ("o06", STATED)
    assert told["school"] == ("o01", BY_TARGET)
    assert told["hall"] == ("p3", BY_FUNCTION), "the framework in force from April 2019"
    assert told["park"] == ("unknown", NOWHERE)


def test_traced_needs_an_outcome_and_every_rung_that_is_asked(made):
    rows = {row["code"]: row for row in made.table("outcomes").rows}

    assert (rows["o06"]["traced"], rows["o06"]["traced_amount"]) == (1, 8 * MILLION)
    assert rows["p3"]["traced"] == 0
    assert "2 of 5 undertakings trace" in made.finding
    assert "R 20 m of R 30 m" in made.finding


def test_targets_in_scope_say_what_stands_behind_them(made):
    assert {row["entry_id"]: row["state"] for row in made.table("targets").rows} == {
        "t1": "works here", "t2": "nothing behind it", "t3": "asks for no works", "t4": "unknown",
        "t5": "nothing behind it", "t9": "works elsewhere only",
    }  # fmt: skip


def test_what_was_not_read_is_told_and_counts_as_no_gap(made):
    assert any(
        "Infrastructure plan or pipeline: not read for 1 undertaking of Passenger Rail" in text
        for text in made.missing
    )
    rows = made.table("outcomes").rows
    assert sum(row["unread"] for row in rows) == 1
    assert (
        sum(row["gaps"] for row in rows)
        == sum(states.count("gap") for states in rungs(made).values())
        == 6
    )


def test_every_outcome_stands_under_its_chapter_and_the_crosswalk_is_shown_with_its_mark(made):
    rows = {row["code"]: row for row in made.table("outcomes").rows}

    assert "Chapter 9" in rows["o01"]["ndp"]
    shown = made.table("crosswalk").rows
    assert {"above": "ndp:9", "below": "mtsf:o01"}.items() <= shown[0].items()
    assert all(row["source"] and row["verified"] for row in shown)
    assert made.law[0].verified is crosswalk.load().head.verified


def test_outcomes_sum_to_the_undertakings(made):
    rows = made.table("outcomes").rows

    assert sum(row["undertakings"] for row in rows) == 5
    assert sum(row["amount"] or 0 for row in rows) == sum(
        row["amount"] for row in made.table("undertakings").rows
    )


def test_nothing_read_is_said(held):
    source = held(TEXT, [], [])
    source.engine.load("targets", schema.TARGETS.empty())
    source.engine.load("target_works", schema.TARGET_WORKS.empty())

    made = vertical.cascade(source, "CPT")

    assert made.verdict == "unknown"
    assert "no undertaking" in made.finding


@pytest.mark.parametrize(
    ("code", "year", "holds"),
    [
        ("o01", "2018/19", True),
        ("o01", "2019/20", False),
        ("p3", "2018/19", False),
        ("p3", "2019/20", True),
        ("p3", "2030/31", False),
    ],
)
def test_an_outcome_holds_while_its_framework_does(code, year, holds):
    assert in_force("mtsf", code, year) is holds


def test_another_spheres_project_may_be_paid_by_the_municipalitys_budget(held):
    text = TEXT + "budget | BUF | 2019 | PRASA | station | rail | unknown | | 4\n"
    source = held(text, [], [])
    source.engine.load("targets", schema.TARGETS.empty())
    source.engine.load("target_works", schema.TARGET_WORKS.empty())

    row = next(
        r
        for r in vertical.cascade(source, "BUF").table("undertakings").rows
        if r["undertaking_id"] == "station"
    )

    assert (row["budget_state"], row["budget_cents"]) == ("found", 4 * MILLION)


def test_what_cannot_be_told_is_said_and_not_counted_as_lacking(held):
    text = "\n".join(
        line for line in TEXT.splitlines() if not line.startswith(("pipeline", "infrastructure"))
    )
    source = held(text, [], [])
    source.engine.load("targets", schema.TARGETS.empty())
    source.engine.load("target_works", schema.TARGET_WORKS.empty())

    made = vertical.cascade(source, "BUF")

    # No pipeline and no infrastructure plan: the road and the school may yet trace.
    assert "0 of 5 undertakings trace" in made.finding
    assert "of 2 others it cannot be told" in made.finding
