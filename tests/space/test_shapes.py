"""The ground entries stand on: what is read, and what lines share."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from harvester.space.ground.shapes import (
    crossed,
    is_drawing,
    on_plane,
    run_together,
    shape_of,
    shapes_of,
)
from tests.space.conftest import entries_table

RAIL = shapely.from_wkt("LINESTRING (28.0 -26.2, 28.1 -26.2)")
BUS = shapely.from_wkt("LINESTRING (28.05 -26.2009, 28.15 -26.2009)")  # 100 m to the south
ACROSS = shapely.from_wkt("LINESTRING (28.05 -26.1, 28.05 -26.3)")


def test_each_entry_has_the_shape_its_row_gives():
    found = shapes_of(
        entries_table(
            {"longitude": 27.5, "latitude": -33.0},
            {"points": "27.5 -33;27.6 -33", "longitude": 27.5, "latitude": -33.0},
            {"points": "LINESTRING (27 -33, 28 -33)", "longitude": 27.5, "latitude": -33.0},
            {},
            {"points": "nonsense"},
        )
    )
    assert [None if s is None else s.geom_type for s in found] == [
        "Point", "MultiPoint", "LineString", None, None,
    ]  # fmt: skip
    assert is_drawing(found).tolist() == [False, False, True, False, False]


def test_lines_that_run_together_share_their_length_and_lines_that_cross_do_not():
    flat = on_plane([RAIL, BUS, ACROSS])
    half = shapely.length(flat[0]) / 2
    beside, across = run_together(flat, [0, 0], [1, 2], 250)
    assert beside == pytest.approx(half, rel=0.06)
    assert across == pytest.approx(500, rel=0.01)
    assert run_together(flat, [0], [1], 50).tolist() == [0]


def test_no_pairs_share_nothing():
    assert run_together(on_plane([RAIL, BUS]), [], [], 250).tolist() == []


def test_of_an_area_the_outline_counts():
    flat = on_plane([shapely.box(28.0, -26.3, 28.1, -26.2), RAIL])
    assert run_together(flat, [0], [1], 10)[0] == pytest.approx(shapely.length(flat[1]), rel=0.01)


def test_what_crosses_which_area():
    areas = np.array(
        [shapely.box(28.0, -26.3, 28.04, -26.1), shapely.box(28.06, -26.3, 28.2, -26.1)]
    )
    shapes = np.array([RAIL, None, ACROSS], dtype=object)
    found = crossed(shapes, areas)
    assert sorted(zip(*(part.tolist() for part in found), strict=True)) == [(0, 0), (0, 1)]
    assert crossed(np.array([None], dtype=object), areas)[0].size == 0


@pytest.mark.parametrize(
    "text", ["", ";", "1", "a b", "LINESTRING EMPTY", "POLYGON ((", "1 2 3 4 5"]
)
def test_texts_that_are_no_shape_are_none(text):
    assert shape_of(text) is None
