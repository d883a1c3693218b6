"""Planned spending per grant per integration zone: what counts, what stands beside, what rises."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harvester.domain.errors import UserError
from harvester.engine import schema
from harvester.reports.statements import dora, statements
from harvester.rules import statements as rules
from tests.reports.statements.conftest import MILLION, share, zone

PIPE = "pipeline-BUF-2020:0"
ZONES = [zone("integration_zone:a"), zone("integration_zone:b")]


def pipeline(*rows: tuple[str, ...]) -> str:
    """A BEPP pipeline of 2020/21 of Buffalo City: ``grant, 2020, 2021, 2022`` in R million."""
    head = "document | by | season | project | grant | 2020 | 2021 | 2022"
    return "\n".join(
        [
            head,
            *(f"pipeline | BUF | 2020 | p{n} | " + " | ".join(row) for n, row in enumerate(rows)),
        ]
    )


def trend(statement) -> dict[str, dict]:
    return {row["year"]: row for row in statement.table("trend").rows}


def test_a_hand_case_per_grant_and_zone(held):
    source = held(
        pipeline(("USDG", "10", "20", "30"), ("NDPG", "-", "5", "-"), ("USDG", "7", "-", "-"), ("EIG", "99", "99", "99"), ("HSDG", "1", "1", "1")),
        ZONES,
        [share(f"{PIPE}:2", "integration_zone:a", weight=3), share(f"{PIPE}:2", "integration_zone:b", weight=1),
         share(f"{PIPE}:3", "integration_zone:b"), share(f"{PIPE}:4", "", "located"),
         share(f"{PIPE}:5", "integration_zone:a"), share(f"{PIPE}:6", "", "city_wide")],
    )  # fmt: skip

    made = dora.dora_s14(source, "BUF", "2020/21")

    cells = {(r["grant"], r["zone"]): r for r in made.table("grants_by_zone").rows}
    assert cells["USDG", "a"]["2020/21"] == 7.5 * MILLION
    assert cells["USDG", "b"]["2022/23"] == 7.5 * MILLION
    assert cells["NDPG", "b"]["total"] == 5 * MILLION
    assert cells["USDG", "In no integration zone"]["2020/21"] == 7 * MILLION
    assert cells["HSDG", "City-wide"]["total"] == 3 * MILLION
    assert not any(grant == "EIG" for grant, _ in cells), "a grant the section does not name"
    rows = trend(made)
    assert [rows[y]["in_zones"] for y in sorted(rows)] == [10 * MILLION, 25 * MILLION, 30 * MILLION]
    assert [rows[y]["step"] for y in sorted(rows)] == ["", dora.RISES, dora.RISES]
    assert rows["2020/21"]["share"] == pytest.approx(10 / 17)
    assert made.verdict == dora.RISES
    assert "as the Act asks" in made.finding


def test_a_step_that_unlocated_money_could_turn_is_not_certain(held):
    places = [share(f"{PIPE}:2", "integration_zone:a"), share(f"{PIPE}:3", "", "unknown")]
    source = held(pipeline(("USDG", "10", "12", "9"), ("USDG", "3", "0", "0")), ZONES, places)

    rows = trend(dora.dora_s14(source, "BUF", "2020/21"))

    assert rows["2021/22"]["step"] == dora.UNSURE, "the year before may have had 13"
    assert rows["2022/23"]["step"] == dora.DOES_NOT


def test_one_certain_step_down_decides(held):
    source = held(
        pipeline(("USDG", "10", "9", "20")), ZONES, [share(f"{PIPE}:2", "integration_zone:a")]
    )

    assert dora.dora_s14(source, "BUF", "2020/21").verdict == dora.DOES_NOT


def test_standing_still_is_not_rising(held):
    source = held(
        pipeline(("USDG", "10", "10", "11")), ZONES, [share(f"{PIPE}:2", "integration_zone:a")]
    )

    assert dora.dora_s14(source, "BUF", "2020/21").verdict == dora.DOES_NOT


def test_without_zones_the_answer_is_unknown_and_no_figure_is_zero(held):
    source = held(
        pipeline(("USDG", "10", "12", "14")),
        [],
        [share(f"{PIPE}:2", "municipality:BUF", layer="municipality")],
    )

    made = dora.dora_s14(source, "BUF", "2020/21")

    assert made.verdict == dora.UNKNOWN
    assert {row["in_zones"] for row in made.table("trend").rows} == {None}
    assert sum(row["total"] for row in made.table("trend").rows) == 36 * MILLION
    assert any("No integration zones were read" in text for text in made.missing)


def test_another_metros_zones_do_not_count(held):
    source = held(pipeline(("USDG", "10", "12", "14")), [zone("integration_zone:x", metro="ETH")],
                  [share(f"{PIPE}:2", "municipality:BUF", layer="municipality")])  # fmt: skip

    assert dora.dora_s14(source, "BUF", "2020/21").verdict == dora.UNKNOWN


BUDGETS = """
document            | by    | season | owner | project | grant | 2020 | 2021 | 2022
budget              | BUF   | 2020   | BUF   | p1      | USDG  | 10   | 20   | 30
budget              | BUF   | 2020   | BUF   | p2      | HSDG  | 50   | 50   | 50
provincial_projects | EC-HS | 2020   | EC-HS | p2      | HSDG  | 12   | 24   | 36
"""


def test_each_grant_is_taken_from_one_kind_of_document(held):
    ids = ["budget-BUF-2020:0:2", "budget-BUF-2020:0:3", "provincial_projects-EC-HS-2020:0:4"]
    source = held(BUDGETS, ZONES, [share(i, "integration_zone:a") for i in ids])

    made = dora.dora_s14(source, "BUF", "2020/21")

    amounts = {row["grant"]: row["amount"] for row in made.table("grants").rows}
    assert amounts["HSDG"] == 72 * MILLION, "the province's list, not the metro's own copy of it"
    assert amounts["USDG"] == 60 * MILLION
    assert amounts["ICDG"] is None


def test_years_with_months_unread_are_not_compared(held):
    ids = ["budget-BUF-2020:0:2", "budget-BUF-2020:0:3", "provincial_projects-EC-HS-2020:0:4"]
    source = held(BUDGETS, ZONES, [share(i, "integration_zone:a") for i in ids])

    rows = trend(dora.dora_s14(source, "BUF", "2020/21"))

    # April 2020 to March 2023: only 2020/21 and 2021/22 have all twelve months of the province.
    assert {y: r["whole"] for y, r in rows.items()} == {
        "2019/20": "no", "2020/21": "yes", "2021/22": "yes", "2022/23": "no"}  # fmt: skip
    assert [rows[y]["step"] for y in sorted(rows)] == ["", "", dora.RISES, ""]


def test_the_latest_season_is_taken_and_a_later_one_does_not_change_an_earlier(held):
    text = pipeline(("USDG", "10", "12", "14")) + "\npipeline | BUF | 2021 | p0 | USDG | - | 1 | 1"
    source = held(
        text,
        ZONES,
        [
            share(f"{PIPE}:2", "integration_zone:a"),
            share("pipeline-BUF-2021:0:3", "integration_zone:a"),
        ],
    )

    assert dora.dora_s14(source, "BUF").year == "2021/22"
    assert dora.dora_s14(source, "BUF", "2020/21").table("trend").totals[0]["total"] == 36 * MILLION


@pytest.mark.parametrize(
    ("year", "verified", "rise", "grant"),
    [
        (2014, True, False, "PTIG"),
        (2018, False, False, "PTNG"),
        (2020, True, True, "PTNG"),
        (2022, False, False, "PTNG"),
    ],
)
def test_the_section_is_dated_and_says_whether_it_was_read(year, verified, rise, grant):
    section = rules.load().section_of(year)

    assert (section.verified, section.must_rise) == (verified, rise)
    assert grant in section.grants


def test_an_unread_section_is_said_to_be_background(held):
    text = (
        pipeline(("USDG", "1", "2", "3"))
        .replace("2020", "2018")
        .replace("2021", "2019")
        .replace("2022", "2020")
    )
    made = dora.dora_s14(held(text, ZONES, []), "BUF", "2018/19")

    assert made.law[0].verified is False
    assert any("background" in text for text in made.missing)


def test_a_wrong_basis_is_refused(held):
    with pytest.raises(UserError, match="basis"):
        dora.dora_s14(held(pipeline(("USDG", "1", "1", "1")), [], []), "BUF", basis="gazette")


def test_nothing_read_says_so(held):
    made = dora.dora_s14(held(pipeline(("USDG", "1", "1", "1")), [], []), "ETH")

    assert "no planned money" in made.finding
    assert made.verdict == dora.UNKNOWN


def test_the_country_is_a_statement_for_each_metro(held):
    text = (
        pipeline(("USDG", "10", "12", "14"))
        + "\npipeline | ETH | 2020 | p9 | USDG | 1 | 1 | 1\nbudget | EC101 | 2020 | p8 | USDG | 1 | 1 | 1"
    )
    source = held(text, ZONES, [share(f"{PIPE}:2", "integration_zone:a")])

    assert [one.metro for one in statements(source, dora.KIND)] == ["BUF", "ETH"]


cents = st.integers(-(10**12), 10**13)
classes = st.sampled_from(
    ["a", "b", "outside", "city_wide", "administrative", "unknown", "network"]
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(st.sampled_from(["USDG", "NDPG", "HSDG"]), classes, cents),
        min_size=1,
        max_size=12,
    )
)
def test_every_cent_stands_under_one_heading(rows):
    taken = [
        {"grant": grant, "year": f"20{20 + n % 3}/{21 + n % 3}", "cents": amount,
         "area_id": f"integration_zone:{where}" if where in "ab" else "",
         "place_class": "located" if where in {"a", "b", "outside"} else where}
        for n, (grant, where, amount) in enumerate(rows)
    ]  # fmt: skip
    zones = dora._Zones(
        "integration_zone",
        {"integration_zone:a": "a", "integration_zone:b": "b"},
        illustrative=False,
    )

    table = dora._by_zone("grants_by_zone", taken, rules.load().section_of(2020), zones)
    years = dora._trend(taken, zones, set())

    whole = sum(amount for _, _, amount in rows)
    assert table.totals[-1]["total"] == whole
    assert sum(row["total"] for row in table.rows) == whole
    assert sum(row["total"] for row in years) == whole
    for row in years:
        parts = ("in_zones", "outside", "city_wide", "administrative", "nowhere")
        assert row["total"] == sum(row[name] for name in parts)
    assert table.totals[0]["total"] == sum(row["in_zones"] for row in years)


def test_spending_is_shown_per_grant_and_zone_and_never_added_to_plans(held):
    source = held(
        pipeline(("USDG", "10", "12", "14")), ZONES, [share(f"{PIPE}:2", "integration_zone:a")]
    )
    planned = source.rows("SELECT * FROM spatial_budget")
    spent = [
        {**row, "document": "in_year", "phase": "actual", "amount_cents": 3 * MILLION}
        for row in planned if row["year"] == "2020/21"
    ]  # fmt: skip
    source.engine.load("spatial_budget", schema.SPATIAL_BUDGET.from_rows([*planned, *spent]))

    made = dora.dora_s14(source, "BUF", "2020/21")

    (row,) = made.table("spent_by_zone").rows
    assert (row["grant"], row["zone"], row["2020/21"]) == ("USDG", "a", 3 * MILLION)
    assert made.table("grants_by_zone").totals[-1]["total"] == 36 * MILLION
