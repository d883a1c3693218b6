"""H2: sectors in the same places. S1.rise: spending in zones. S2: money for each person."""

from __future__ import annotations

import pytest

from tests.alignment.country import country


def area(layer: str, n: int, kind: str, people: int | None = None) -> dict[str, object]:
    return {
        "area_id": f"{layer}:{n}", "layer": layer, "kind": kind, "metro": "BUF",
        "priority": kind not in {"ward", "municipality"}, "population": people,
    }  # fmt: skip


def at(n: int, **areas: int) -> list[dict[str, object]]:
    """Places of row ``n``: layer=area; 0 is outside every area of the layer."""
    return [
        {"entry_id": f"budget-BUF-2019:0:{n}", "layer": layer,
         "area_id": f"{layer}:{number}" if number else "", "place_class": "located", "weight": 1,
         "rule": "point"}
        for layer, number in areas.items()
    ]  # fmt: skip


WARDS = [area("wards", n, "ward") for n in (1, 2)]
TWO = """
    document | project | function | 2019
    budget   | houses  | housing  | {a}
    budget   | houses2 | housing  | {b}
    budget   | pipes   | water    | {c}
    budget   | pipes2  | water    | {d}
"""
SPREAD = [*at(2, wards=1), *at(3, wards=2), *at(4, wards=1), *at(5, wards=2)]


def colocation(measured, a, b, c, d):
    return measured(
        country(TWO.format(a=a, b=b, c=c, d=d), areas=WARDS, places=SPREAD), "H2"
    )["value"]  # fmt: skip


def test_same_places_in_the_same_proportion_are_one_and_no_common_place_is_zero(measured):
    assert colocation(measured, 30, 10, 60, 20) == 1.0
    assert colocation(measured, 30, "-", "-", 10) == 0.0


def test_half_of_one_sector_beside_the_other(measured):
    """(1, 0) beside (1/2, 1/2): divergence 0.311 bits, distance 0.558."""
    assert colocation(measured, 40, "-", 10, 10) == pytest.approx(0.4421, abs=1e-4)


def test_pairs_weigh_by_the_lesser_sector(measured):
    text = TWO.format(a=40, b="-", c=40, d="-") + "    budget | road | roads | 10\n"
    places = [*SPREAD, *at(6, wards=2)]
    assert measured(country(text, areas=WARDS, places=places), "H2")["value"] == pytest.approx(
        40 / (40 + 10 + 10), abs=1e-6
    )


def test_unlocated_money_widens_both_ways_and_leaves_the_value(measured):
    text = TWO.format(a=30, b=10, c=60, d=20).replace("function |", "function | place_class |", 1)
    lines = [f"    {c.strip()}" for c in text.strip().splitlines()]
    rows = [lines[0]] + [line.replace("| housing  |", "| housing | located |")
                         .replace("| water    |", "| water | located |") for line in lines[1:]]  # fmt: skip
    text = "\n".join([*rows, "    budget | lost | water | city_wide | 80\n"])
    row = measured(country(text, areas=WARDS, places=SPREAD), "H2")
    assert row["value"] == 1.0
    # Half of the water may lie where no housing is: (.75, .25) beside (.375, .125) and .5 apart.
    assert row["bound_low"] == pytest.approx(0.4421, abs=1e-4)
    assert row["bound_low"] < row["low"] < 1.0
    assert (row["high"], row["bound_high"]) == (1.0, 1.0)


def test_a_pair_has_no_sphere_of_its_own(measured):
    tables = country(TWO.format(a=1, b=1, c=1, d=1), areas=WARDS, places=SPREAD)
    assert measured(tables, "H2", sphere="local") == {}


ZONES = [area("zones", 1, "integration_zone")]
GRANTS = """
    document | project | grant | place_class | 2019 | 2020
    budget   | in      | USDG  | located     | {a}  | {b}
    budget   | out     | USDG  | located     | 50   | 90
    budget   | lost    | USDG  | city_wide   | {c}  | -
    budget   | own     | own   | located     | 1    | 500
"""
ZONED = [*at(2, zones=1), *at(3, zones=0), *at(5, zones=1)]


@pytest.mark.parametrize(
    ("a", "b", "c", "told"),
    [
        (10, 11, "-", (1.0, 1.0, 1.0)),
        (10, 10, "-", (0.0, 0.0, 0.0)),
        (10, 20, 30, (1.0, 0.0, 1.0)),
    ],
    ids=["rises", "stands still", "unlocated money of the first year could undo it"],
)
def test_spending_in_zones_from_the_named_grants_rises(measured, a, b, c, told):
    tables = country(GRANTS.format(a=a, b=b, c=c), areas=ZONES, places=ZONED)
    row = measured(tables, "S1.rise", year="2020/21")
    assert row["value"] == told[0]
    if told[1] < told[2]:
        assert (row["low"], row["high"], row["bound_low"], row["bound_high"]) == (
            0.0,
            1.0,
            0.0,
            1.0,
        )
    else:
        assert row["high"] - row["low"] < 0.5


def test_the_first_year_has_nothing_to_rise_from(measured):
    tables = country(GRANTS.format(a=1, b=2, c="-"), areas=ZONES, places=ZONED)
    assert measured(tables, "S1.rise", year="2019/20") == {}


CITY = area("municipality", 1, "municipality", 1000)
POOR = area("poor", 1, "marginalised_area", 600)
SHARED = """
    document | project | place_class | 2019
    budget   | in      | located     | 30
    budget   | out     | located     | 70
"""
HERE = [*at(2, poor=1), *at(3, poor=0)]


def test_money_for_a_person_there_over_money_for_a_person_elsewhere(measured):
    row = measured(country(SHARED, areas=[CITY, POOR], places=HERE), "S2")
    assert row["value"] == pytest.approx((30 / 600) / (70 / 400), abs=1e-6)


def test_people_of_wards_stand_in_for_those_of_the_municipality(measured):
    wards = [area("wards", n, "ward", 500) for n in (1, 2)]
    row = measured(country(SHARED, areas=[*wards, POOR], places=HERE), "S2")
    assert row["value"] == pytest.approx((30 / 600) / (70 / 400), abs=1e-6)


@pytest.mark.parametrize(
    "areas",
    [[POOR], [CITY], [CITY, area("poor", 1, "marginalised_area")]],
    ids=["people of the city", "marginalised areas", "people of the areas"],
)
def test_without_people_or_areas_equity_is_unknown(measured, areas):
    row = measured(country(SHARED, areas=areas, places=HERE), "S2")
    assert (row["value"], row["low"], row["high"]) == (None, None, None)
    assert row["unknown"] == 100 * 10**8


def test_unlocated_money_bounds_equity(measured):
    text = SHARED + "    budget   | lost    | city_wide   | 100\n"
    row = measured(country(text, areas=[CITY, POOR], places=HERE), "S2")
    assert row["value"] == pytest.approx(0.285714, abs=1e-6)
    assert row["bound_low"] <= (30 / 600) / (170 / 400)
    assert row["bound_high"] >= (130 / 600) / (70 / 400)
    assert row["bound_low"] <= row["low"] < row["value"] < row["high"] <= row["bound_high"]


def test_months_a_house_stands_before_its_water(measured):
    tables = country("""
        document | by  | project | function    | longitude | latitude | 2019 | 2020 | 2021
        budget   | BUF | houses  | housing     | 27.90     | -33.00   | 50   | -    | -
        budget   | BUF | mains   | water       | 27.90     | -33.01   | -    | -    | 10
        budget   | BUF | power   | electricity | 27.90     | -33.01   | 1    | -    | -
    """)
    row = measured(tables, "T1.inversion")
    # Sanitation is nowhere planned: it does not count, but it is not certain to be there in time.
    assert (row["value"], row["bound_high"]) == (24.0, 36.0)
    assert row["low"] < 24.0 < row["high"]
