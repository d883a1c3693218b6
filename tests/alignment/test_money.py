"""S1: money in priority areas. B1: spending against the budget to the month reached."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.alignment.facts import Facts
from harvester.engine import schema
from harvester.engine.engine import Engine
from tests.alignment.country import country, line, load

ZONE = {
    "area_id": "zones:1",
    "layer": "zones",
    "kind": "integration_zone",
    "metro": "BUF",
    "priority": True,
}
HUB = {"area_id": "hubs:1", "layer": "hubs", "kind": "urban_hub", "metro": "BUF", "priority": True}


def place(n: int, area: str, weight: int, layer: str = "zones") -> dict[str, object]:
    return {
        "entry_id": f"budget-BUF-2019:0:{n}",
        "layer": layer,
        "area_id": area,
        "place_class": "located",
        "weight": weight,
        "rule": "point",
    }


BUDGET = """
    document | project | place_class    | 2019
    budget   | in      | located        | 30
    budget   | out     | located        | 70
"""


def test_share_is_located_rand_in_priority_areas_over_located_rand(measured):
    tables = country(BUDGET, areas=[ZONE], places=[place(2, "zones:1", 1), place(3, "", 1)])
    row = measured(tables, "S1")
    assert row["value"] == 0.3
    assert 0.0 < row["low"] < 0.3 < row["high"] < 0.7


def test_part_of_a_project_may_lie_in_a_zone(measured):
    tables = country(
        BUDGET, areas=[ZONE], places=[place(2, "zones:1", 1), place(2, "", 2), place(3, "", 1)]
    )
    assert measured(tables, "S1")["value"] == pytest.approx(0.1, abs=1e-6)


def test_unlocated_allocable_money_widens_the_band_and_administration_does_not(measured):
    tables = country(
        """
        document | project | place_class    | 2019
        budget   | in      | located        | 30
        budget   | out     | located        | 30
        budget   | city    | city_wide      | 40
        budget   | fleet   | administrative | 999
        """,
        areas=[ZONE],
        places=[place(2, "zones:1", 1), place(3, "", 1)],
    )
    row = measured(tables, "S1")
    assert row["value"] == 0.5
    assert row["bound_low"] <= 0.3
    assert row["bound_high"] >= 0.7
    assert row["bound_low"] <= row["low"] < 0.5 < row["high"] <= row["bound_high"]


def test_metro_without_priority_areas_is_unknown(measured):
    row = measured(country(BUDGET), "S1")
    assert (row["value"], row["low"], row["high"]) == (None, 0.0, 1.0)


def test_overlapping_layers_count_once_and_widen_the_band(parts_of):
    tables = country(
        "document | project | 2019\nbudget | a | 10",
        areas=[ZONE, HUB],
        places=[
            place(2, "zones:1", 1),
            place(2, "", 1),
            place(2, "hubs:1", 1, "hubs"),
            place(2, "", 3, "hubs"),
        ],
    )
    # At most 0.75, were both layers apart: half of the way there is to be expected.
    assert parts_of(tables, "S1") == {"budget-BUF-2019:0:2": (10, 0.5, 0.5, 0.625)}


def test_national_money_is_cut_at_the_first_of_july():
    """A national year gives three months to one municipal year and nine to the next."""
    tables = country(
        "document | by | project | owner | 2019\nnational_projects | NT | a | DWS | 12"
    )
    with facts_of(tables) as facts:
        rows = facts.query(
            "SELECT year, amount_cents FROM fact_capital_year ORDER BY year"
        ).to_pylist()
    assert rows == [
        {"year": "2018/19", "amount_cents": 300_000_000},
        {"year": "2019/20", "amount_cents": 900_000_000},
    ]


@contextmanager
def facts_of(tables):
    """Facts of tables, with an engine of their own."""
    engine = Engine(memory="1GB", threads=1)
    with Facts(engine, load(engine, tables)) as facts:
        yield facts
    engine.close()


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(-(10**12), 10**13),
            st.integers(2010, 2020),
            st.sampled_from(["municipal", "national"]),
            st.integers(0, 11),
            st.integers(1, 40),
        ),
        min_size=1,
        max_size=8,
    ),
)
def test_every_cent_lands_in_one_municipal_year(amounts):
    tables = country("document | project | 2019\nbudget | a | 1")
    entry = tables["entries"].to_pylist()[0]
    lines = [
        line(entry, f"A{n}", cents, start, calendar, "budget", "", (begin, begin + length))
        for n, (cents, start, calendar, begin, length) in enumerate(amounts)
    ]
    tables["lines"] = schema.LINES.from_rows(lines)
    with facts_of(tables) as facts:
        total = facts.query("SELECT sum(amount_cents)::BIGINT AS s FROM fact_capital_year")
    assert total.column("s").to_pylist() == [sum(a[0] for a in amounts)]


def spending(rows: str) -> dict:
    """In-year actuals to December: columns adjusted, and spent in the first and second quarter."""
    tables = country(
        "\n".join(
            [
                "document | project",
                *(f"in_year | {r.split()[0]}" for r in rows.strip().splitlines()),
            ]
        )
    )
    lines = []
    for entry, row in zip(tables["entries"].to_pylist(), rows.strip().splitlines(), strict=True):
        for (cell, phase, months), amount in zip(
            (
                ("P", "budget", (0, 12)),
                ("Q", "adjusted", (0, 12)),
                ("R", "actual", (0, 3)),
                ("S", "actual", (3, 6)),
            ),
            row.split()[1:],
            strict=True,
        ):
            if amount != "-":
                cents = round(float(amount) * 100_000_000)
                lines.append(
                    line(
                        entry,
                        f"{cell}{entry['row']}",
                        cents,
                        2019,
                        "municipal",
                        phase,
                        amount,
                        months,
                    )
                )
    tables["lines"] = schema.LINES.from_rows(lines)
    return tables


def test_execution_is_spent_over_the_adjusted_budget_to_the_month_reached(parts_of):
    tables = spending("""
        a 999 40 5 5
        b 40  -  5 15
    """)
    assert parts_of(tables, "B1") == {
        "in_year-BUF-2019:0:2": (20, 0.5, 0.5, 0.5),
        "in_year-BUF-2019:0:3": (20, 1, 1, 1),
    }


def test_blank_spending_is_unknown_and_zero_spending_is_zero(parts_of):
    tables = spending("""
        blank 40 - - -
        zero  40 - 0 0
    """)
    assert parts_of(tables, "B1") == {
        "in_year-BUF-2019:0:2": (20, None, 0, 1),
        "in_year-BUF-2019:0:3": (20, 0, 0, 0),
    }


def test_spending_on_rows_without_a_budget_widens_the_band(measured):
    tables = spending("""
        a     80 - 10 0
        stray -  - 15 0
    """)
    row = measured(tables, "B1")
    assert (row["value"], row["bound_high"]) == (0.25, 0.625)
    assert row["low"] < 0.25 < row["high"] < 0.625


def test_spending_over_the_budget_counts_in_full_and_no_more(measured):
    assert measured(spending("a 40 - 500 0"), "B1")["value"] == 1.0


def test_reversed_spending_is_no_spending(measured):
    assert measured(spending("a 40 - -500 0"), "B1")["value"] == 0.0
