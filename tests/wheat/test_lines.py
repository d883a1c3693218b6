"""W19: lines across a boundary. W22: a rail and a bus line side by side."""

from __future__ import annotations

import pyarrow as pa
import pytest
import shapely

from harvester.engine import schema
from tests.alignment.country import country

EAST = "27.70 -32.90;27.75 -32.90;27.80 -32.90"
BESIDE = "27.70 -32.902;27.75 -32.902;27.80 -32.902"
ACROSS = "27.75 -32.95;27.75 -32.90;27.75 -32.85"
FAR = "27.70 -32.95;27.75 -32.95;27.80 -32.95"
SHORT = "27.70 -32.90;27.71 -32.90"


def lines(bus: str, name: str = "BRT trunk route", rail: str = EAST) -> dict:
    return country(f"""
        document        | by    | project | owner | name          | function         | points | 2019
        agency_projects | PRASA | rail    | PRASA | Rail corridor | rail             | {rail} | 40
        idp             | BUF   | bus     | BUF   | {name}        | public_transport | {bus}  | 30
    """)


def test_w22_lines_side_by_side_over_most_of_the_shorter(found):
    (finding,) = found(lines(BESIDE), "W22").values()
    assert finding["finding_id"] == "W22:rail:bus"
    assert finding["statement"] == (
        "“Rail corridor” (the project list 2019/20 of Passenger Rail Agency of South Africa) and “BRT "
        "trunk route” (the IDP 2019/20 of Buffalo City) run within 500 m of each other for 9.4 km."
    )
    assert finding["parties"] == "BUF,PRASA"
    assert finding["rand_cents"] == 30 * 100_000_000
    assert {cell[2] for cell in finding["cells"]} >= {"B2", "B3", "P2", "P3"}


def test_w22_lines_that_cross_lie_apart_or_touch_are_no_finding(found):
    assert found(lines(ACROSS), "W22") == {}
    assert found(lines(FAR), "W22") == {}
    assert found(lines(SHORT), "W22") == {}


def test_w22_several_sites_are_no_line(found):
    assert found(lines(BESIDE, name="Bus shelters"), "W22") == {}


def test_w22_without_the_course_of_both_nothing_is_known(found):
    assert found(lines(""), "W22") == {}


def test_w22_a_drawn_line_needs_no_word(found):
    tables = country("""
        document        | by    | project | owner | name          | function         | points | 2019
        agency_projects | PRASA | rail    | PRASA | Signalling    | rail             | LINESTRING (27.70 -32.90, 27.80 -32.90) | 40
        idp             | BUF   | bus     | BUF   | Busway        | public_transport | LINESTRING (27.70 -32.902, 27.80 -32.902)  | 30
    """)
    assert len(found(tables, "W22")) == 1


def square(metro: str, west: float, east: float) -> dict:
    return {
        "area_id": f"municipality:{metro}", "layer": "municipality", "kind": "municipality", "metro": metro,
        "name": metro, "priority": False, "geometry": shapely.box(west, -33.0, east, -32.0).wkb,
    }  # fmt: skip


PIPE = """
    document | by  | project | name       | function   | points   | longitude | latitude | 2019
    idp      | BUF | pipe    | Outfall    | sanitation | {points} |           |          | 40
    {there}  | NMA | other   | Something  | {function} |          | {at}      | -32.5    | 10
"""
OVER = "27.90 -32.5;27.95 -32.5;28.02 -32.5"


def pipe(
    points: str = OVER, there: str = "budget", function: str = "roads", at: str = "28.03"
) -> dict:
    rows = PIPE.format(points=points, there=there, function=function, at=at)
    return country(rows, areas=[square("BUF", 27.0, 28.0), square("NMA", 28.0, 29.0)])


def test_w19_runs_into_a_neighbour_whose_documents_show_no_counterpart(found):
    (finding,) = found(pipe(), "W19").values()
    assert finding["finding_id"] == "W19:pipe:NMA"
    assert finding["statement"] == (
        "“Outfall”, R 40 m in the IDP 2019/20 of Buffalo City, runs into Nelson Mandela Bay, whose plans and "
        "budget of 2019/20 show no counterpart."
    )
    assert finding["parties"] == "BUF,NMA"
    assert ("budget NMA 2019.xlsx", "Sheet1", "", "") in finding["cells"]


def test_w19_is_less_sure_where_the_neighbour_leaves_places_unsaid(found):
    """One of four that say no place may be the counterpart: missing with 4 chances in 4 + 1."""
    rows = PIPE.format(points=OVER, there="budget", function="sanitation", at="28.40")
    for n, at in enumerate(("28.50", "28.60", "")):
        rows += f"    budget | NMA | other{n} | Sewer {n} | sanitation | | {at} | -32.5 | 10\n"
    areas = [square("BUF", 27.0, 28.0), square("NMA", 28.0, 29.0)]
    (finding,) = found(country(rows, areas=areas), "W19").values()
    assert finding["statement"].endswith(
        "show no counterpart; 1 of its 4 sanitation projects say no place."
    )
    assert finding["confidence"] == pytest.approx(4 / 5)
    assert finding["rand_low_cents"] == round(0.8 * 40_000_000_00)


def test_w19_mends_when_the_neighbour_goes_on_with_it_or_names_it(found):
    assert found(pipe(function="sanitation"), "W19") == {}
    assert len(found(pipe(function="sanitation", at="28.30"), "W19")) == 1, (
        "too far to go on with it"
    )
    named = country(
        PIPE.format(points=OVER, there="idp", function="roads", at="28.03").replace("other  ", "pipe   "),
        areas=[square("BUF", 27.0, 28.0), square("NMA", 28.0, 29.0)],
    )  # fmt: skip
    assert found(named, "W19") == {}


def test_w19_a_touch_a_point_or_an_unread_neighbour_is_no_finding(found):
    assert found(pipe("27.90 -32.5;27.95 -32.5;28.001 -32.5"), "W19") == {}
    assert found(pipe("28.02 -32.5"), "W19") == {}
    assert found(pipe(there="agency_projects"), "W19") == {}
    inside = country(PIPE.format(points=OVER, there="budget", function="roads", at="28.03"))
    assert found(inside, "W19") == {}, "no boundary was read"


def test_w19_a_counterpart_whose_place_another_document_gives_is_one(found):
    rows = PIPE.format(points=OVER, there="budget", function="sanitation", at="")
    areas = [square("BUF", 27.0, 28.0), square("NMA", 28.0, 29.0)]
    assert len(found(country(rows, areas=areas), "W19")) == 1
    earlier = """
        document | by  | season | project | name      | function   | points   | longitude | latitude | 2018
        pipeline | NMA | 2018   | other   | Something | sanitation |          | 28.03     | -32.5    | 10
    """
    tables, other = country(rows, areas=areas), country(earlier)
    for name in ("entries", "lines", "submissions", "memberships"):
        tables[name] = pa.concat_tables([tables[name], other[name]])
    tables["undertakings"] = schema.UNDERTAKINGS.from_rows([
        row | ({"longitude": 28.03, "latitude": -32.5} if row["undertaking_id"] == "other" else {})
        for row in tables["undertakings"].to_pylist()
    ])  # fmt: skip
    assert found(tables, "W19") == {}
