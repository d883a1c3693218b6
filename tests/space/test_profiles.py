"""Cash flows: twelve months that make a whole year, or a problem that says what is wrong."""

from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harvester.domain.errors import UserError
from harvester.domain.money import split_cents
from harvester.domain.periods import Calendar, FinancialYear
from harvester.engine import schema
from harvester.space.months.profiles import CashFlows, flowing, read, weights_of
from tests.space.conftest import entries_table, lines_table

LATE = "4,4,4,4,4,5,5,5,5,10,20,30"


def told(tmp_path, text, name="flow.csv"):
    """Cash flows and problem codes of a file."""
    file = tmp_path / name
    file.write_text(text)
    flows, problems = read(file)
    return flows, [p.code for p in problems]


def test_percentages_and_shares_of_one_are_the_same(tmp_path):
    flows, problems = told(
        tmp_path, f"who,{','.join(f'm{n}' for n in range(1, 13))}\nroads,{LATE}\n"
    )
    other, _ = told(
        tmp_path,
        "cash_flows: {roads: [.04,.04,.04,.04,.04,.05,.05,.05,.05,.1,.2,.3]}",
        "flow.yaml",
    )
    assert problems == []
    assert flows == other


@pytest.mark.parametrize(
    ("shares", "code"),
    [
        (LATE + ",0", "cash_flow_months"),
        ("50,50", "cash_flow_months"),
        (LATE.replace("30", "31"), "cash_flow_sum"),
        (LATE.replace("30", "29"), "cash_flow_sum"),
        (",".join(["0"] * 12), "cash_flow_sum"),
        (LATE.replace("30", "-30"), "cash_flow_share"),
        (LATE.replace("30", "thirty"), "cash_flow_share"),
        (LATE.replace("30", "inf"), "cash_flow_share"),
    ],
)
def test_a_year_that_is_not_twelve_whole_months_is_said_and_not_used(tmp_path, shares, code):
    flows, problems = told(tmp_path, f"who,m\nroads,{shares}\nwater,{LATE}\n")
    assert problems == [code]
    assert set(flows.weights) == {"water"}


def test_twelve_times_8_33_percent_is_a_year():
    weights, problem = weights_of("roads", ["8.33%"] * 12)
    assert problem is None
    assert len(set(weights)) == 1


def test_a_cash_flow_of_nobody_and_a_second_one_are_said(tmp_path):
    _, problems = told(tmp_path, f"who,m\nno such function,{LATE}\nroads,{LATE}\nroads,{LATE}\n")
    assert problems == ["cash_flow_of_nobody", "cash_flow_twice"]


@pytest.mark.parametrize(
    "text", ["", "who\n", "cash_flows: 5", "cash_flows: {roads: 5}", "[1]", "{"]
)
def test_a_file_of_something_else_is_refused_in_words(tmp_path, text):
    for name in ("flow.yaml", "flow.csv"):
        if name == "flow.csv" and "\n" in text.strip():
            continue
        with pytest.raises(UserError, match="holds no cash flows"):
            told(tmp_path, text, name)


def monthly(engine, entries, lines, flows):
    """Cents by entry and first day."""
    found = flowing(
        engine, engine.table(schema.ENTRIES, entries), engine.table(schema.LINES, lines), flows
    )
    rows: dict[tuple[str, object], int] = defaultdict(int)
    for row in schema.LINES.conform(found).to_pylist():
        rows[row["entry_id"], row["period_start"]] += row["amount_cents"]
    return dict(rows), found


def test_an_entrys_own_cash_flow_counts_before_its_functions_and_that_before_everythings(engine):
    ends = {"s:1:1": 0, "roads": 1, "*": 2}
    flows = CashFlows({key: tuple(int(n == at) for n in range(12)) for key, at in ends.items()})
    entries = entries_table({}, {}, {"function": "water"})
    lines = lines_table(*({"amount_cents": 5, "entry_id": f"s:1:{n}"} for n in (1, 2, 3)))
    found, _ = monthly(engine, entries, lines, flows)
    assert {entry: day.month for entry, day in found} == {"s:1:1": 7, "s:1:2": 8, "s:1:3": 9}


def test_an_amount_that_says_when_keeps_its_own_time(engine):
    import datetime as dt

    flows = CashFlows({"*": (1,) + (0,) * 11})
    quarter = {
        "amount_cents": 9,
        "period_start": dt.date(2018, 10, 1),
        "period_end": dt.date(2018, 12, 31),
    }
    unknown = {"amount_cents": 4, "year": "unknown"}
    found, _ = monthly(engine, entries_table({}), lines_table(quarter, unknown), flows)
    assert found == {("s:1:1", dt.date(2018, 10, 1)): 9, ("s:1:1", None): 4}


@settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(st.integers(0, 10**8), min_size=12, max_size=12).filter(any),
    st.integers(-(10**13), 10**13),
    st.sampled_from(list(Calendar)),
)
def test_months_are_those_of_plain_arithmetic_and_sum_to_the_year(engine, weights, cents, calendar):
    flows = CashFlows({"roads": tuple(weights)})
    lines = lines_table({"amount_cents": cents, "calendar": str(calendar)})
    found, _ = monthly(engine, entries_table({}), lines, flows)
    months = FinancialYear(2018, calendar).months
    plain = dict(zip((m.first_day for m in months), split_cents(cents, weights), strict=True))
    assert {day: c for (_, day), c in found.items() if c} == {d: c for d, c in plain.items() if c}
    assert sum(found.values()) == cents
