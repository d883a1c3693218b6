"""Lines and areas in cells: what is read, what is mended, what a person is asked."""

from __future__ import annotations

import json

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from harvester.sources.values.coordinates import parse_coordinates, parse_points, points_text
from harvester.sources.values.drawn import is_drawn, parse_drawn

LINE = "LINESTRING (31 -29.8, 31.1 -29.9)"
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[31, -30], [31.1, -30], [31.1, -29.9], [31, -29.9], [31, -30]]],
}


def stored(parsed):
    """What the ``points`` column gets, as a geometry."""
    return shapely.from_wkt(points_text(parsed.value))


@pytest.mark.parametrize(
    "cell",
    [
        LINE,
        "linestring(31 -29.8, 31.1 -29.9)",
        "SRID=4326;LINESTRING Z (31 -29.8 5, 31.1 -29.9 7)",
        json.dumps({"type": "LineString", "coordinates": [[31, -29.8], [31.1, -29.9]]}),
        json.dumps(
            {
                "type": "Feature",
                "properties": {},
                "geometry": {"type": "LineString", "coordinates": [[31, -29.8], [31.1, -29.9]]},
            }
        ),
    ],
)
def test_a_line_in_a_gps_cell_is_a_line_with_a_point_on_it(cell):
    parsed = parse_points(cell)
    assert parsed.kind is None
    assert stored(parsed).equals(shapely.from_wkt(LINE))
    assert parsed.value[0] == (31.05, -29.85)
    assert parse_coordinates(cell, None).value == parsed.value


@pytest.mark.parametrize(
    "cell",
    [
        "31 -29.8; 31.1 -29.9",
        "31 -29.8\n31.1 -29.9",
        "-29.8, 31; -29.9, 31.1",
        "31,-29.8,0 31.1,-29.9,0",
        "(31, -29.8); (31.1, -29.9)",
    ],
)
def test_the_corners_of_a_route_in_order_are_a_line(cell):
    parsed = parse_drawn(cell, route=True)
    assert stored(parsed).equals(shapely.from_wkt(LINE))


def test_in_a_gps_cell_corners_are_points():
    assert len(parse_points("-29.8, 31; -29.9, 31.1").value) == 2


def test_a_route_that_ends_where_it_began_is_an_area():
    parsed = parse_drawn("31 -30;31.1 -30;31.1 -29.9;31 -30", route=True)
    assert stored(parsed).geom_type == "Polygon"


def test_the_point_of_an_area_lies_in_it():
    horseshoe = "POLYGON ((31 -30, 31.3 -30, 31.3 -29.9, 31.29 -29.9, 31.29 -29.99, 31.01 -29.99, 31.01 -29.9, 31 -29.9, 31 -30))"
    parsed = parse_points(horseshoe)
    assert stored(parsed).intersects(shapely.Point(parsed.value[0]))


def test_points_as_wkt_are_points():
    assert parse_points("POINT (31 -29.8)").value == [(31.0, -29.8)]
    parsed = parse_points("MULTIPOINT (31 -29.8, 31.1 -29.9)")
    assert points_text(parsed.value) == "31.0 -29.8;31.1 -29.9"


@pytest.mark.parametrize(
    "cell",
    [
        "LINESTRING (31 -29.8)",
        "LINESTRING (31 -29.8,",
        "POLYGON ((31 -30, 31.1 -30))",
        '{"type": "LineString", "coordinates": "no"}',
        '{"coordinates": 5',
        "SRID=32735;LINESTRING (1 2, 3 4)",
        '{"type": "Feature", "geometry": null, "coordinates": []}',
    ],
)
def test_what_cannot_be_read_is_a_problem_that_shows_the_format(cell):
    assert is_drawn(cell)
    parsed = parse_points(cell)
    assert parsed.value is None
    assert parsed.kind.code == "shape_unreadable"
    assert "LINESTRING (31" in parsed.problem(cell).mend


def test_latitude_first_is_reported_with_what_was_meant_and_not_turned_round():
    parsed = parse_points("LINESTRING (-29.8 31, -29.9 31.1)")
    assert parsed.value is None
    assert parsed.kind.code == "coordinates_outside_country"
    assert "swapped" in parsed.problem("x").mend
    assert "minus sign" in parse_points("LINESTRING (31 29.8, 31.1 29.9)").problem("x").mend


def test_an_outline_that_crosses_itself_is_mended_and_said():
    parsed = parse_points("POLYGON ((31 -30, 31.1 -29.9, 31.1 -30, 31 -29.9, 31 -30))")
    assert parsed.kind.code == "shape_made_valid"
    assert stored(parsed).is_valid
    assert stored(parsed).area == pytest.approx(0.005)


def test_of_a_mixture_the_areas_count_and_the_rest_is_said():
    cell = f"GEOMETRYCOLLECTION (POINT (31 -29.8), {LINE})"
    parsed = parse_points(cell)
    assert parsed.kind.code == "shape_parts_left_out"
    assert stored(parsed).geom_type == "LineString"


def test_an_empty_drawing_gives_no_place():
    assert parse_points("LINESTRING EMPTY").kind.code == "coordinates_not_given"


@given(
    st.text(max_size=60), st.sampled_from(["", "LINESTRING (", "POLYGON((", "{", "MULTIPOINT ("])
)
def test_no_text_makes_it_fall_over(text, start):
    parse_drawn(start + text, route=True)
    parse_points(start + text)
