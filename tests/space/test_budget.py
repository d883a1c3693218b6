"""The spatial budget: every rand in a place and a municipal year, to the cent."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harvester.engine import schema
from harvester.space.stage import place, spatial_budget
from tests.space import reference
from tests.space.conftest import COUNTRY, entries_table, lines_table


def spread(engine, entries, lines, areas=COUNTRY):
    """Rows of the spatial budget and of places."""
    entry_table = engine.table(schema.ENTRIES, entries)
    line_table = engine.table(schema.LINES, lines)
    area_table = engine.table(schema.AREAS, schema.AREAS.from_rows(areas))
    places = place(engine, entry_table, area_table).places
    budget = spatial_budget(engine, entry_table, line_table, places, area_table)
    return engine.arrow(budget).to_pylist(), engine.arrow(places).to_pylist()


def by(rows, layer, *names):
    """Cents by the columns named, in one layer."""
    found = defaultdict(int)
    for row in rows:
        if row["layer"] == layer:
            found[tuple(row[name] for name in names)] += row["amount_cents"]
    return dict(found)


def test_a_national_year_meets_municipal_years_by_month(engine):
    entries = entries_table({})
    lines = lines_table({"amount_cents": 1_200, "calendar": "national"})
    rows, _ = spread(engine, entries, lines)
    assert by(rows, "municipality", "year") == {("2017/18",): 300, ("2018/19",): 900}


def test_largest_remainders_keep_the_last_cent(engine):
    entries = entries_table({"location_text": "Coastal,Midland,Inland"})
    rows, _ = spread(engine, entries, lines_table({"amount_cents": 1_000}))
    assert by(rows, "region", "area_id") == {
        ("region:coastal",): 334, ("region:inland",): 333, ("region:midland",): 333,
    }  # fmt: skip


def test_negative_amounts_are_split_as_their_mirror_image(engine):
    entries = entries_table({"location_text": "Coastal,Midland,Inland"})
    rows, _ = spread(engine, entries, lines_table({"amount_cents": -1_000}))
    assert sorted(by(rows, "region", "area_id").values()) == [-334, -333, -333]


def test_twelve_monthly_amounts_are_rounded_once(engine):
    entries = entries_table({"location_text": "Coastal,Midland"})
    months = [(2018, m) for m in range(7, 13)] + [(2019, m) for m in range(1, 7)]
    lines = lines_table(
        *(
            {
                "amount_cents": 1, "phase": "actual", "period_start": dt.date(y, m, 1),
                "period_end": dt.date(y, m, 28),
            }
            for y, m in months
        )
    )  # fmt: skip
    rows, _ = spread(engine, entries, lines)
    assert by(rows, "region", "area_id") == {("region:coastal",): 6, ("region:midland",): 6}


def test_money_without_a_year_is_in_year_unknown(engine):
    lines = lines_table({"amount_cents": 500, "year": "unknown", "phase": "spent_before"})
    rows, _ = spread(engine, entries_table({}), lines)
    assert by(rows, "municipality", "year", "phase") == {("unknown", "spent_before"): 500}


def test_an_amounts_own_fund_is_its_grant(engine):
    lines = lines_table(
        {"amount_cents": 1}, {"amount_cents": 2, "fund_text": "Urban Settlements Development Grant"},
        {"amount_cents": 4, "fund_text": "who knows"},
    )  # fmt: skip
    rows, _ = spread(engine, entries_table({}), lines)
    assert by(rows, "municipality", "grant") == {("own",): 1, ("USDG",): 2, ("unknown",): 4}


def test_an_entry_without_a_municipality_counts_where_its_coordinate_lies(engine):
    entries = entries_table(
        {"metro": "unknown", "province": "unknown", "longitude": 25.5, "latitude": -33.5}
    )
    rows, _ = spread(engine, entries, lines_table({"amount_cents": 9}))
    assert by(rows, "ward", "metro", "area_id") == {("NMA", ""): 9}


def test_lines_of_nobody_are_not_lost(engine):
    lines = lines_table({"amount_cents": 5, "entry_id": "gone"})
    rows, _ = spread(engine, entries_table({}), lines)
    assert by(rows, "municipality", "area_id", "place_class", "metro") == {
        ("", "unknown", "unknown"): 5
    }
    rows, _ = spread(engine, schema.ENTRIES.empty(), lines)
    assert by(rows, "municipality", "metro") == {("unknown",): 5}


def test_entries_are_counted_once_in_a_row(engine):
    lines = lines_table(
        {"amount_cents": 1}, {"amount_cents": 2}, {"amount_cents": 0, "entry_id": "s:1:2"}
    )
    rows, _ = spread(engine, entries_table({}, {}), lines)
    assert [(r["amount_cents"], r["entries"]) for r in rows if r["layer"] == "ward"] == [(3, 2)]


amounts = st.integers(-(10**13), 10**13)
periods = st.one_of(
    st.none(),
    st.tuples(st.dates(dt.date(2015, 1, 1), dt.date(2022, 1, 1)), st.integers(-40, 800)),
)
random_lines = st.lists(
    st.fixed_dictionaries(
        {
            "amount_cents": amounts,
            "entry_id": st.sampled_from(["s:1:1", "s:1:2", "s:1:3"]),
            "year": st.sampled_from(["2018/19", "2019/20", "unknown"]),
            "calendar": st.sampled_from(["municipal", "national"]),
            "phase": st.sampled_from(["budget", "actual"]),
            "period": periods,
        }
    ),
    max_size=8,
)
random_entries = st.lists(
    st.sampled_from(
        [
            {"location_text": "Coastal,Midland,...", "place_class": "multi_ward"},
            {"points": "27.2 -32.7;27.5 -32.7;27.7 -33.1", "function": "water"},
            {"place_class": "city_wide"},
            {"longitude": 27.5, "latitude": -33.0, "owner": "EC-EDU", "sphere": "provincial"},
            {"metro": "TSH", "province": "GP"},
        ]
    ),
    min_size=3,
    max_size=3,
)


def with_period(line):
    """A line with its period as two days."""
    line = dict(line)
    period = line.pop("period")
    if period:
        line["period_start"] = period[0]
        line["period_end"] = period[0] + dt.timedelta(days=period[1])
    return line


@pytest.mark.slow
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(random_entries, random_lines)
def test_the_engine_agrees_with_plain_python_and_loses_no_cent(engine, entries, lines):
    entry_rows = entries_table(*entries)
    line_rows = lines_table(*(with_period(line) for line in lines))
    rows, places = spread(engine, entry_rows, line_rows)
    key = schema.SPATIAL_BUDGET.key
    found = {tuple(r[k] for k in key): (r["amount_cents"], r["entries"]) for r in rows}
    assert len(found) == len(rows)
    assert found == reference.budget(entry_rows.to_pylist(), line_rows.to_pylist(), places)
    total = sum(line["amount_cents"] for line in lines)
    for layer in {row["layer"] for row in rows}:
        assert sum(by(rows, layer, "year").values()) == total


def test_only_the_latest_paper_that_speaks_of_a_year_may_be_added_up(engine):
    """The budget of 2018/19 and that of 2019/20 both speak of 2019/20; one of them counts."""
    old = {"submission_id": "old:0", "publication_year": "2018/19"}
    new = {"submission_id": "new:0", "publication_year": "2019/20"}
    same = {"institution": "BUF", "document": "budget", "stage": "adopted"}
    entries = entries_table({**old, **same}, {**new, **same})
    lines = lines_table(
        {"entry_id": "s:1:1", "submission_id": "old:0", "year": "2018/19", "amount_cents": 1},
        {"entry_id": "s:1:1", "submission_id": "old:0", "year": "2019/20", "amount_cents": 20},
        {"entry_id": "s:1:2", "submission_id": "new:0", "year": "2019/20", "amount_cents": 300},
    )
    rows, _ = spread(engine, entries, lines)
    assert by(rows, "municipality", "year", "latest") == {
        ("2018/19", True): 1, ("2019/20", False): 20, ("2019/20", True): 300,
    }  # fmt: skip


def test_a_list_of_several_departments_speaks_for_each_of_them(engine):
    said = {"institution": "unknown", "document": "provincial_projects"}
    entries = entries_table(
        {**said, "submission_id": "old:0", "publication_year": "2018/19", "owner": "EC-EDU"},
        {**said, "submission_id": "old:0", "publication_year": "2018/19", "owner": "EC-HEA"},
        {**said, "submission_id": "new:0", "publication_year": "2019/20", "owner": "EC-EDU"},
    )
    lines = lines_table(
        {"entry_id": "s:1:1", "submission_id": "old:0", "amount_cents": 1},
        {"entry_id": "s:1:2", "submission_id": "old:0", "amount_cents": 20},
        {"entry_id": "s:1:3", "submission_id": "new:0", "amount_cents": 300},
    )
    rows, _ = spread(engine, entries, lines)
    assert by(rows, "municipality", "owner", "latest") == {
        ("EC-EDU", False): 1, ("EC-HEA", True): 20, ("EC-EDU", True): 300,
    }  # fmt: skip
