"""Allocation: every rand of a harvest in a layer, by a method that is named, to the cent."""

from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harvester.domain.errors import UserError
from harvester.engine import schema
from harvester.space.allocation import Request, Split, allocate
from harvester.space.budget import Period
from harvester.space.months.profiles import CashFlows
from harvester.space.stage import place
from tests.space.conftest import COUNTRY, area, entries_table, lines_table

# Two blocks of census people: the west of ward 1 is crowded, ward 2 is nearly empty.
PEOPLE = [
    {**area("people:w", "other", (27, -33.2, 27.5, -32.6), layer="people"), "population": 9_000},
    {**area("people:e", "other", (27.5, -33.2, 28, -32.6), layer="people"), "population": 1_000},
]


def tables_of(engine, entries, lines, areas=COUNTRY):
    """The tables of a harvest that allocation needs."""
    tables = {
        "entries": engine.table(schema.ENTRIES, entries),
        "lines": engine.table(schema.LINES, lines),
        "areas": engine.table(schema.AREAS, schema.AREAS.from_rows(areas)),
    }
    made = place(engine, tables["entries"], tables["areas"])
    return {**tables, "places": made.places, "benefits": made.benefits}


def asked(engine, rows, cents=1_000, areas=COUNTRY, **request):
    """{area: {basis: cents}}, totals and problem codes of one allocation."""
    lines = [
        {"entry_id": f"s:1:{n}", "amount_cents": cents, "line_id": f"l{n}"}
        for n in range(1, len(rows) + 1)
    ]
    found = allocate(
        engine,
        tables_of(engine, entries_table(*rows), lines_table(*lines), areas),
        Request(**request),
    )
    shares: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in found.rows.to_pylist():
        shares[row["area_id"]][row["basis"]] += row["amount_cents"]
    assert found.rows["amount_cents"].to_numpy().sum() == cents * len(rows)
    totals = found.totals.to_pylist()
    return {a: dict(b) for a, b in shares.items()}, totals, [p.code for p in found.problems]


def sized(rows):
    """Areas with the ground they really have on the map (square degrees will do)."""
    import shapely

    return [{**r, "square_metres": shapely.from_wkb(r["geometry"]).area * 1e10} for r in rows]


def test_a_region_is_carried_into_wards_by_area(engine):
    shares, [totals], _ = asked(engine, [{"location_text": "Coastal"}], layer="ward", by=Split.AREA)
    assert shares == {
        "ward:29200001": {"carried from region by area": 500},
        "ward:29200002": {"carried from region by area": 500},
    }
    assert (totals["total_cents"], totals["located_cents"], totals["unlocated_cents"]) == (
        1_000,
        1_000,
        0,
    )


def test_it_is_carried_by_people_when_they_are_known(engine):
    shares, _, problems = asked(
        engine, [{"location_text": "Coastal"}], layer="ward", by=Split.POPULATION,
        people="people", areas=[*COUNTRY, *PEOPLE],
    )  # fmt: skip
    assert shares == {
        "ward:29200001": {"carried from region by population": 900},
        "ward:29200002": {"carried from region by population": 100},
    }
    assert problems == []


def test_a_layer_of_people_that_misses_ground_is_said_and_area_decides(engine):
    shares, _, problems = asked(
        engine, [{"location_text": "Coastal"}], layer="ward", by=Split.POPULATION,
        people="people", areas=[*COUNTRY, PEOPLE[0]],
    )  # fmt: skip
    assert shares["ward:29200001"] == {"carried from region by area": 500}
    assert problems == ["people_not_known"]


def test_wards_that_are_named_share_equally_or_by_ground_or_by_people(engine):
    wards = [{**w, "population": p} for w, p in zip(COUNTRY[5:7], (3_000, 1_000), strict=True)]
    areas = [*COUNTRY[:5], *sized(wards), COUNTRY[7]]
    row = [{"location_text": "Wards 1 and 2"}]
    for by, expected in ((Split.EQUAL, 500), (Split.AREA, 500), (Split.POPULATION, 750)):
        shares, _, _ = asked(engine, row, layer="ward", by=by, areas=areas)
        assert shares["ward:29200001"] == {"named": expected}


def test_what_a_list_leaves_unsaid_keeps_its_share(engine):
    row = [{"location_text": "Coastal,Midland,..."}]
    shares, [totals], _ = asked(engine, row, cents=900, layer="ward", by=Split.AREA)
    assert sum(sum(b.values()) for a, b in shares.items() if a) == 600
    assert totals["unlocated_cents"] == 300


def test_points_are_published_whatever_the_method(engine):
    row = [{"longitude": 27.2, "latitude": -32.7, "place_class": "located"}]
    for by in (Split.AREA, Split.POPULATION):
        shares, _, _ = asked(engine, row, layer="ward", by=by)
        assert shares == {"ward:29200001": {"published": 1_000}}


def test_administration_and_the_unknown_are_never_spread(engine):
    rows = [{"place_class": "administrative"}, {}, {"place_class": "city_wide"}]
    shares, [totals], _ = asked(engine, rows, layer="ward", by=Split.AREA)
    assert shares == {"": {"none": 3_000}}
    assert totals["total_cents"] == 3_000
    assert totals["allocable_cents"] == 1_000
    assert totals["unlocated_cents"] == 2_000
    assert totals["administrative_cents"] == 1_000
    assert totals["located_cents"] == 0


def test_city_wide_money_is_viewed_by_people_and_is_still_not_located(engine):
    shares, [totals], _ = asked(
        engine, [{"place_class": "city_wide"}], layer="ward", by=Split.POPULATION,
        people="people", areas=[*COUNTRY, *PEOPLE], view=True,
    )  # fmt: skip
    assert shares["ward:29200001"] == {"view of city-wide money by population": 900}
    assert totals["located_cents"] == 0
    assert totals["allocable_cents"] == 1_000


def test_a_finer_layer_that_is_named_counts_before_a_coarser_one(engine):
    suburb = area(
        "place:m", "other", (27.6, -33.1, 27.7, -33.0), layer="place", name="Mdantsane", metro="BUF"
    )
    areas = sized([*COUNTRY, suburb])
    shares, _, _ = asked(
        engine, [{"location_text": "Coastal, Mdantsane"}], layer="ward", by=Split.AREA, areas=areas
    )
    assert shares == {"ward:29200002": {"carried from place by area": 1_000}}


def test_what_lies_outside_every_zone_is_located_in_none(engine):
    shares, [totals], _ = asked(
        engine, [{"location_text": "Ward 1"}], cents=10_000, layer="integration_zone", by=Split.AREA
    )
    assert shares["integration_zone:a"] == {"carried from ward by area": 333}
    assert totals["located_cents"] == 10_000
    assert totals["in_area_cents"] == 333


def test_cells_take_points_lines_and_named_areas(engine):
    rows = [
        {"longitude": 27.2, "latitude": -32.7, "place_class": "located"},
        {"points": "LINESTRING (27.2 -32.7, 27.4 -32.7)", "place_class": "located"},
        {"location_text": "Coastal"},
        {},
    ]
    shares, [totals], _ = asked(engine, rows, cents=1_000_003, layer="h3:5", by=Split.AREA)
    assert totals["in_area_cents"] == 3 * 1_000_003
    assert totals["unlocated_cents"] == 1_000_003
    bases = {basis for parts in shares.values() for basis in parts}
    assert bases == {"published", "carried from region by area", "none"}
    assert all(a == "" or a.startswith("h3:5:85") for a in shares)


def test_stated_shares_count_before_all_else(engine, tmp_path):
    file = tmp_path / "shares.csv"
    file.write_text("entry_id,area,share\ns:1:1,Ward 1,0.25\ns:1:1,29200002,50%\n")
    rows = [{"longitude": 27.2, "latitude": -32.7, "place_class": "located"}]
    shares, [totals], _ = asked(engine, rows, layer="ward", by=Split.STATED, stated=file)
    assert shares == {
        "ward:29200001": {"stated": 250}, "ward:29200002": {"stated": 500}, "": {"stated": 250},
    }  # fmt: skip
    assert totals["unlocated_cents"] == 250


def test_stated_shares_that_cannot_be_are_said_and_left_out(engine, tmp_path):
    file = tmp_path / "shares.csv"
    file.write_text(
        "entry_id,area,share\ns:1:1,Ward 1,0.8\ns:1:1,Ward 2,0.8\ns:1:2,Ward 9,1\n"
        "s:1:3,Ward 1,lots\ns:1:9,Ward 1,1\n"
    )
    rows = [{"location_text": "Ward 1"}] * 3
    shares, _, problems = asked(engine, rows, layer="ward", by=Split.STATED, stated=file)
    assert shares == {"ward:29200001": {"named": 3_000}}
    assert sorted(problems) == ["stated_area", "stated_entry", "stated_share", "stated_shares_sum"]


def test_benefit_follows_whom_a_project_serves_and_counts_only_those(engine):
    rows = [
        {"longitude": 27.2, "latitude": -32.7, "place_class": "located", "name": "Bulk main",
         "benefit_text": "Ward 2"},
        {"location_text": "Ward 1", "name": "Clinic"},
    ]  # fmt: skip
    entries = entries_table(*rows)
    lines = lines_table({"amount_cents": 7}, {"amount_cents": 9, "entry_id": "s:1:2"})
    tables = tables_of(engine, entries, lines)
    found = allocate(engine, tables, Request("ward", benefit=True))
    assert [(r["area_id"], r["amount_cents"]) for r in found.rows.to_pylist()] == [
        ("ward:29200002", 7)
    ]
    cells = allocate(engine, tables, Request("h3:5", benefit=True))
    assert sum(r["amount_cents"] for r in cells.rows.to_pylist() if r["area_id"]) == 7


def test_months_follow_the_cash_flow_of_the_function(engine):
    entries = entries_table(
        {"location_text": "Ward 1"}, {"function": "water", "location_text": "Ward 1"}
    )
    lines = lines_table({"amount_cents": 1_200}, {"amount_cents": -1_200, "entry_id": "s:1:2"})
    late = CashFlows({"roads": (0,) * 10 + (1, 3)})
    tables = tables_of(engine, entries, lines)
    found = allocate(engine, tables, Request("ward", flows=late, period=Period.MONTH))
    months: dict[str, int] = defaultdict(int)
    for row in found.rows.to_pylist():
        months[row["year"], row["function"]] += row["amount_cents"]
    assert months["2019-05", "roads"] == 300
    assert months["2019-06", "roads"] == 900
    assert months["2018-07", "water"] == -100
    assert len(months) == 14


def test_a_layer_nobody_loaded_is_said(engine):
    for request in (Request("nowhere"), Request("ward", people="nowhere"), Request("h3:99")):
        with pytest.raises(UserError):
            allocate(
                engine,
                tables_of(engine, entries_table({}), lines_table({"amount_cents": 1})),
                request,
            )
    with pytest.raises(UserError, match="no file"):
        allocate(
            engine, tables_of(engine, entries_table({}), lines_table({"amount_cents": 1})),
            Request("ward", by=Split.STATED),
        )  # fmt: skip


entries_drawn = st.lists(
    st.sampled_from(
        [
            {"location_text": "Coastal,Midland,..."},
            {"location_text": "Wards 1 and 2"},
            {"location_text": "Wards 1, 2 and 99"},
            {"zone_text": "Mdantsane"},
            {"points": "27.2 -32.7;27.5 -32.7;27.7 -33.1", "place_class": "located"},
            {"points": "POLYGON ((27.3 -33.1, 27.7 -33.1, 27.7 -32.8, 27.3 -33.1))"},
            {"points": "LINESTRING (27.9 -32.7, 28.2 -32.7)", "place_class": "located"},
            {"place_class": "city_wide"},
            {"place_class": "administrative"},
            {"metro": "TSH", "province": "GP"},
            {},
        ]
    ),
    min_size=1,
    max_size=4,
)


@pytest.mark.slow
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    entries_drawn,
    st.lists(st.integers(-(10**13), 10**13), min_size=1, max_size=4),
    st.sampled_from(["ward", "region", "integration_zone", "municipality", "h3:5"]),
    st.sampled_from([Split.EQUAL, Split.AREA, Split.POPULATION]),
    st.booleans(),
)
def test_every_cent_is_somewhere_and_negative_amounts_mirror_positive_ones(
    engine, entries, amounts, layer, by, view
):
    lines = [
        {"amount_cents": a, "entry_id": f"s:1:{n % len(entries) + 1}", "calendar": c}
        for n, (a, c) in enumerate((a, c) for a in amounts for c in ("municipal", "national"))
    ]
    mirrored = [{**line, "amount_cents": -line["amount_cents"]} for line in lines]
    rows = entries_table(*entries)
    found = []
    for some in (lines, mirrored):
        tables = tables_of(engine, rows, lines_table(*some))
        made = allocate(engine, tables, Request(layer, by=by, view=view)).rows.to_pylist()
        assert sum(r["amount_cents"] for r in made) == sum(line["amount_cents"] for line in some)
        found.append(
            {tuple(v for k, v in r.items() if k != "amount_cents"): r["amount_cents"] for r in made}
        )
    assert found[1] == {key: -cents for key, cents in found[0].items()}
