"""Shares: what places an entry, and what never does."""

from __future__ import annotations

import json
from math import gcd

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harvester.engine import schema
from harvester.space.stage import place
from tests.space.conftest import BUF, COUNTRY, WARD1, ZONE, area, entries_table


def placed(engine, entries, areas=COUNTRY):
    """Shares as {(entry number, layer): {area: (class, weight)}} and the problems."""
    entry_table = engine.table(schema.ENTRIES, entries)
    area_table = engine.table(schema.AREAS, schema.AREAS.from_rows(areas))
    made = place(engine, entry_table, area_table)
    places, problems = made.places, made.problems
    found: dict[tuple[int, str], dict[str, tuple[str, int]]] = {}
    for row in engine.arrow(places).to_pylist():
        key = (int(row["entry_id"].rpartition(":")[2]), row["layer"])
        found.setdefault(key, {})[row["area_id"]] = (row["place_class"], row["weight"])
    return found, problems.to_pylist()


EAST_OF_WARD_1 = {"longitude": 27.2, "latitude": -32.7}
IN_NELSON_MANDELA_BAY = {"longitude": 25.5, "latitude": -33.5}
AT_SEA = {"longitude": 29.5, "latitude": -33.5}


def test_a_point_places_its_entry_in_every_layer(engine):
    shares, problems = placed(engine, entries_table(EAST_OF_WARD_1))
    assert shares[1, "municipality"] == {"municipality:BUF": ("located", 1)}
    assert shares[1, "ward"] == {"ward:29200001": ("located", 1)}
    assert shares[1, "region"] == {"region:inland": ("located", 1)}
    assert shares[1, "integration_zone"] == {"": ("located", 1)}
    assert problems == []


def test_several_points_share_equally(engine):
    points = {"points": "27.2 -32.7;27.3 -32.7;27.7 -32.7", **EAST_OF_WARD_1}
    shares, _ = placed(engine, entries_table(points))
    assert shares[1, "ward"] == {
        "ward:29200001": ("located", 2), "ward:29200002": ("located", 1),
    }  # fmt: skip


def test_a_point_on_a_boundary_is_shared_by_both_sides(engine):
    shares, _ = placed(engine, entries_table({"longitude": 27.5, "latitude": -32.95}))
    assert shares[1, "ward"] == {
        "ward:29200001": ("located", 1), "ward:29200002": ("located", 1),
    }  # fmt: skip
    assert shares[1, "integration_zone"] == {"integration_zone:a": ("located", 1)}


def test_points_some_of_them_on_a_boundary_keep_equal_parts(engine):
    shares, _ = placed(engine, entries_table({"points": "27.5 -32.7;27.2 -32.7"}))
    assert shares[1, "ward"] == {
        "ward:29200001": ("located", 3), "ward:29200002": ("located", 1),
    }  # fmt: skip


def test_a_coordinate_in_another_municipality_is_a_problem_and_places_nothing(engine):
    entries = entries_table({**IN_NELSON_MANDELA_BAY, "place_class": "located"})
    shares, problems = placed(engine, entries)
    assert shares[1, "municipality"] == {"municipality:BUF": ("unknown", 1)}
    assert shares[1, "ward"] == {"": ("unknown", 1)}
    [problem] = problems
    assert problem["problem_id"] == "s:1:space:1"
    assert problem["stage"] == "space"
    assert problem["code"] == "coordinate_elsewhere"
    assert problem["severity"] == "warning"
    assert problem["row"] == 1
    assert "lies in Nelson Mandela Bay but the row says Buffalo City" in problem["message"]
    assert "nothing was moved" in problem["mend"]


def test_then_its_words_place_it(engine):
    entries = entries_table({**IN_NELSON_MANDELA_BAY, "location_text": "Coastal"})
    shares, problems = placed(engine, entries)
    assert shares[1, "region"] == {"region:coastal": ("located", 1)}
    assert len(problems) == 1


def test_a_coordinate_in_the_sea_is_a_problem(engine):
    _, problems = placed(engine, entries_table(AT_SEA))
    assert [p["code"] for p in problems] == ["coordinate_in_no_municipality"]
    assert "in the sea" in problems[0]["message"]


def test_a_coordinate_just_over_the_line_is_believed(engine):
    """1 km into the sea: coastlines are simplified, jetties stand in the water."""
    shares, problems = placed(engine, entries_table({"longitude": 27.5, "latitude": -33.209}))
    assert problems == []
    assert shares[1, "municipality"] == {"municipality:BUF": ("located", 1)}
    assert shares[1, "ward"] == {"": ("located", 1)}


def test_one_bad_point_of_several_costs_only_its_own_share(engine):
    shares, problems = placed(engine, entries_table({"points": "27.2 -32.7;29.5 -33.5"}))
    assert shares[1, "ward"] == {"ward:29200001": ("located", 1), "": ("unknown", 1)}
    assert len(problems) == 1


def test_words_place_where_there_is_no_point(engine):
    shares, _ = placed(
        engine,
        entries_table(
            {"location_text": "Coastal,Midland", "place_class": "multi_ward"},
            {"location_text": "Coastal,Midland,...", "place_class": "multi_ward"},
            {"location_text": "Ward 2"},
        ),
    )
    both = {"region:coastal": ("multi_ward", 1), "region:midland": ("multi_ward", 1)}
    assert shares[1, "region"] == both
    assert shares[2, "region"] == {**both, "": ("unknown", 1)}
    assert shares[3, "ward"] == {"ward:29200002": ("located", 1)}
    assert shares[3, "region"] == {"": ("unknown", 1)}


def test_a_named_zone_places_in_its_own_layer_only(engine):
    shares, _ = placed(engine, entries_table({"zone_text": "Mdantsane"}))
    assert shares[1, "integration_zone"] == {"integration_zone:a": ("located", 1)}
    assert shares[1, "ward"] == {"": ("unknown", 1)}


@pytest.mark.parametrize("place_class", ["city_wide", "administrative"])
def test_city_wide_and_administrative_money_is_never_spread(engine, place_class):
    row = {**EAST_OF_WARD_1, "place_class": place_class, "location_text": "Coastal"}
    shares, problems = placed(engine, entries_table(row, {**row, **AT_SEA}))
    assert shares[1, "municipality"] == {"municipality:BUF": (place_class, 1)}
    assert shares[1, "ward"] == shares[1, "region"] == {"": (place_class, 1)}
    assert problems == []


def test_a_network_keeps_its_class_where_its_asset_is(engine):
    shares, _ = placed(
        engine,
        entries_table({**EAST_OF_WARD_1, "place_class": "network"}, {"place_class": "network"}),
    )
    assert shares[1, "ward"] == {"ward:29200001": ("network", 1)}
    assert shares[2, "ward"] == {"": ("network", 1)}


def test_an_unknown_municipality_is_found_by_the_coordinate(engine):
    lost = {"metro": "unknown", "province": "unknown"}
    shares, problems = placed(engine, entries_table({**lost, **IN_NELSON_MANDELA_BAY}, lost))
    assert shares[1, "municipality"] == {"municipality:NMA": ("located", 1)}
    assert shares[2, "municipality"] == {"": ("unknown", 1)}
    assert problems == []


def test_without_areas_every_municipality_is_still_itself(engine):
    shares, problems = placed(engine, entries_table(EAST_OF_WARD_1, {"metro": "unknown"}), [])
    assert shares == {
        (1, "municipality"): {"municipality:BUF": ("located", 1)},
        (2, "municipality"): {"": ("unknown", 1)},
    }
    assert problems == []


def test_a_municipality_without_a_boundary_is_itself_beside_those_with_one(engine):
    shares, _ = placed(engine, entries_table({"metro": "TSH", "province": "GP"}))
    assert shares[1, "municipality"] == {"municipality:TSH": ("unknown", 1)}


def test_districts_and_provinces_hold_the_municipalities_in_them(engine):
    district = area(
        "district:DC10", "district", (24, -34, 27, -31), code="DC10", name="Sarah Baartman"
    )
    province = area("province:EC", "province", (24, -34, 30, -31), code="EC", name="Eastern Cape")
    local = {"metro": "EC101", "province": "EC", "place_class": "city_wide"}
    shares, _ = placed(engine, entries_table(local), [*COUNTRY, district, province])
    assert shares[1, "district"] == {"district:DC10": ("city_wide", 1)}
    assert shares[1, "province"] == {"province:EC": ("city_wide", 1)}


def test_an_area_that_does_not_say_its_municipality_gets_it_from_its_shape(engine):
    homeless = {**ZONE, "metro": "unknown"}
    shares, _ = placed(engine, entries_table({"zone_text": "Mdantsane"}), [BUF, homeless])
    assert shares[1, "integration_zone"] == {"integration_zone:a": ("located", 1)}


def test_an_area_given_twice_counts_once(engine):
    again = {**WARD1, "submission_id": "areas:2"}
    shares, _ = placed(engine, entries_table(EAST_OF_WARD_1), [*COUNTRY, again])
    assert shares[1, "ward"] == {"ward:29200001": ("located", 1)}


def test_areas_that_overlap_share_the_point(engine):
    hub = area(
        "integration_zone:b", "integration_zone", (27.4, -33, 27.5, -32.9), name="Hub", metro="BUF"
    )
    shares, _ = placed(
        engine, entries_table({"longitude": 27.45, "latitude": -32.95}), [*COUNTRY, hub]
    )
    assert shares[1, "integration_zone"] == {
        "integration_zone:a": ("located", 1), "integration_zone:b": ("located", 1),
    }  # fmt: skip


def test_a_layer_with_a_quote_in_its_name_is_a_layer(engine):
    odd = {**WARD1, "layer": "o'ward", "area_id": "o'ward:1"}
    shares, _ = placed(engine, entries_table(EAST_OF_WARD_1), [BUF, odd])
    assert shares[1, "o'ward"] == {"o'ward:1": ("located", 1)}


coordinates = st.tuples(
    st.sampled_from([27.0, 27.2, 27.45, 27.5, 27.9, 28.01, 25.5, 0.0]),
    st.sampled_from([-33.0, -32.95, -32.7, -33.5, 0.0]),
)
rows = st.fixed_dictionaries(
    {
        "metro": st.sampled_from(["BUF", "NMA", "TSH", "unknown"]),
        "place_class": st.sampled_from(
            ["located", "multi_ward", "network", "city_wide", "administrative", "unknown"]
        ),
        "location_text": st.sampled_from(["", "Coastal", "Coastal,Midland,...", "Wards 1-9", "x"]),
        "zone_text": st.sampled_from(["", "Mdantsane", "nowhere"]),
        "points": st.lists(coordinates, max_size=4).map(
            lambda points: ";".join(f"{x} {y}" for x, y in points)
        ),
    }
)


@pytest.mark.slow
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(rows, min_size=1, max_size=6))
def test_every_entry_has_positive_shares_in_every_layer(engine, entries):
    shares, _ = placed(engine, entries_table(*entries))
    layers = {"municipality", "ward", "region", "integration_zone"}
    assert set(shares) == {(i, layer) for i in range(1, len(entries) + 1) for layer in layers}
    for (i, layer), areas in shares.items():
        assert all(weight > 0 for _, weight in areas.values())
        assert gcd(*(weight for _, weight in areas.values())) >= 1
        if (
            entries[i - 1]["place_class"] in {"city_wide", "administrative"}
            and layer != "municipality"
        ):
            assert list(areas) == [""]


@pytest.mark.shared
def test_real_metros_take_their_city_halls_and_refuse_each_others(engine, shared_data):
    """Real boundaries at full resolution; city halls by their published coordinates."""
    path = shared_data / "whosonfirst-admin-za" / "za_metros_2018_fullres.geojson"
    features = json.loads(path.read_text("utf-8"))["features"]
    areas = [
        {
            **BUF, "area_id": f"municipality:{f['properties']['cat_b']}",
            "code": f["properties"]["cat_b"], "metro": f["properties"]["cat_b"],
            "name": f["properties"]["name"],
            "geometry": shapely.to_wkb(shapely.from_geojson(json.dumps(f["geometry"]))),
        }
        for f in features
    ]  # fmt: skip
    halls = {"BUF": (27.9036, -33.0153), "ETH": (31.0257, -29.8587), "CPT": (18.4241, -33.9253)}
    right = [{"metro": m, "longitude": x, "latitude": y} for m, (x, y) in halls.items()]
    wrong = [{**row, "metro": "TSH"} for row in right]
    shares, problems = placed(engine, entries_table(*right, *wrong), areas)
    assert [p["row"] for p in problems] == [4, 5, 6]
    assert "eThekwini" in problems[1]["message"]
    assert shares[1, "municipality"] == {"municipality:BUF": ("located", 1)}


def test_a_line_is_shared_by_length(engine):
    """Three quarters of the line lie in ward 1."""
    line = {"points": "LINESTRING (27.2 -32.7, 27.6 -32.7)", "place_class": "located"}
    shares, problems = placed(engine, entries_table(line))
    assert shares[1, "ward"] == {
        "ward:29200001": ("located", 750_000), "ward:29200002": ("located", 250_000),
    }  # fmt: skip
    assert shares[1, "region"] == {"region:inland": ("located", 1_000_000)}
    assert shares[1, "integration_zone"] == {"": ("located", 1_000_000)}
    assert shares[1, "municipality"] == {"municipality:BUF": ("located", 1)}
    assert problems == []


def test_a_line_along_a_boundary_is_shared_by_both_sides(engine):
    line = {"points": "LINESTRING (27.5 -32.9, 27.5 -32.7)", "place_class": "located"}
    shares, _ = placed(engine, entries_table(line))
    assert shares[1, "ward"] == {
        "ward:29200001": ("located", 500_000), "ward:29200002": ("located", 500_000),
    }  # fmt: skip


def test_an_area_is_shared_by_ground_and_what_lies_outside_is_in_none(engine):
    """Half of the square lies in the zone."""
    square = {"points": "POLYGON ((27.5 -33.0, 27.7 -33.0, 27.7 -32.9, 27.5 -32.9, 27.5 -33.0))"}
    shares, _ = placed(engine, entries_table(square))
    zone = shares[1, "integration_zone"]
    assert zone["integration_zone:a"] == ("located", 500_000)
    assert zone[""] == ("located", 500_000)


def test_areas_that_overlap_share_what_a_line_has_in_both(engine):
    twice = area("integration_zone:b", "integration_zone", (27.4, -33, 27.6, -32.9), metro="BUF")
    line = {"points": "LINESTRING (27.4 -32.95, 27.8 -32.95)"}
    shares, _ = placed(engine, entries_table(line), [*COUNTRY, twice])
    assert {a: w for a, (_, w) in shares[1, "integration_zone"].items()} == {
        "integration_zone:a": 250_000, "integration_zone:b": 250_000, "": 500_000,
    }  # fmt: skip


def test_a_line_in_another_municipality_is_a_problem_and_its_words_place_it(engine):
    line = {"points": "LINESTRING (25.2 -33.5, 25.6 -33.5)", "place_class": "located"}
    shares, problems = placed(engine, entries_table({**line, "location_text": "Coastal"}))
    assert [p["code"] for p in problems] == ["coordinate_elsewhere"]
    assert problems[0]["value"].startswith("LINESTRING (25.2")
    assert shares[1, "region"] == {"region:coastal": ("located", 1)}


def test_what_a_line_has_beyond_its_municipality_is_in_no_ward_of_another(engine):
    other = area("ward:29300001", "ward", (28, -33.2, 28.5, -32.6), name="Ward 1", metro="NMA")
    line = {"points": "LINESTRING (27.8 -32.7, 28.2 -32.7)", "place_class": "located"}
    shares, _ = placed(engine, entries_table(line), [*COUNTRY, other])
    assert shares[1, "ward"] == {
        "ward:29200002": ("located", 500_000), "": ("located", 500_000),
    }  # fmt: skip


@pytest.mark.parametrize(
    "text", ["LINESTRING (27.2 -32.7, 27.2 -32.7)", "MULTIPOLYGON EMPTY", "LINESTRING (x y)"]
)
def test_drawings_of_no_size_cost_no_share(engine, text):
    shares, _ = placed(engine, entries_table({"points": text, "place_class": "located"}))
    assert sum(weight for _, weight in shares[1, "ward"].values()) > 0
