"""W22: a rail and a bus line side by side."""

from __future__ import annotations

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
