"""H3: networks at a municipal boundary, and whether they go on across it."""

from __future__ import annotations

import pytest
import shapely

from harvester.alignment.facts import Facts
from tests.alignment.country import country, load


def municipality(code: str, west: float, east: float) -> dict[str, object]:
    return {
        "area_id": f"municipality:{code}", "layer": "municipality", "kind": "municipality",
        "metro": code, "priority": False,
        "geometry": shapely.to_wkb(shapely.box(west, -34.0, east, -32.0)),
    }  # fmt: skip


AREAS = [municipality("BUF", 27.0, 28.0), municipality("EC104", 28.0, 29.0)]

# The boundary is at 28 degrees; a hundredth of a degree of longitude is about 930 m here.
ROAD = """
    document | by    | project | function | longitude | latitude | 2019
    budget   | BUF   | road    | roads    | 27.995    | -33.00   | 50
    budget   | BUF   | inland  | roads    | 27.50     | -33.00   | 50
    budget   | BUF   | school  | library  | 27.995    | -33.00   | 50
"""
BEYOND = "    budget   | EC104 | on      | {function} | 28.02     | -33.00   | 10\n"


def crossings(engine, text):
    with Facts(engine, load(engine, country(text, areas=AREAS))) as facts:
        return facts.query("SELECT * FROM fact_crossing ORDER BY entry_id").to_pylist()


def test_only_a_network_near_the_other_side_touches(engine):
    [row] = crossings(engine, ROAD)

    assert (row["entry_id"], row["neighbour"]) == ("budget-BUF-2019:0:2", "EC104")
    assert row["metres"] == pytest.approx(467, abs=10)


@pytest.mark.parametrize(
    ("more", "status", "value"),
    [
        ("", "unknown", None),
        (BEYOND.format(function="water   "), "ends", 0.0),
        (BEYOND.format(function="roads   "), "continued", 1.0),
        (BEYOND.format(function="roads   ").replace("28.02 ", "28.20 "), "ends", 0.0),
    ],
    ids=["neighbour unread", "another function", "a road goes on", "too far"],
)
def test_what_is_on_the_other_side(engine, measured, more, status, value):
    assert crossings(engine, ROAD + more)[0]["status"] == status
    row = measured(country(ROAD + more, areas=AREAS), "H3")
    assert (row["value"], row["items"]) == (value, 1)


def test_the_same_undertaking_named_by_the_neighbour_goes_on(engine):
    text = ROAD + "    budget | EC104 | road | roads | | | 10\n"
    first, *_ = crossings(engine, text)
    assert (first["status"], first["counterpart_metres"]) == ("continued", None)


def test_a_line_that_begins_inland_touches_where_it_ends(engine):
    text = """
        document | by  | project | function | points                                   | 2019
        budget   | BUF | main    | water    | LINESTRING (27.5 -33.0, 27.9999 -33.0)   | 50
    """
    [row] = crossings(engine, text)
    assert row["neighbour"] == "EC104"
    assert row["metres"] == pytest.approx(9, abs=2)


def test_without_boundaries_nothing_is_measured(measured):
    assert measured(country(ROAD), "H3") == {}
