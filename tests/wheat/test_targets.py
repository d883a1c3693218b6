"""W11: outside the areas the plan targets. People in reach."""

from __future__ import annotations

from tests.alignment.country import country

R = 100_000_000  # one million rand in cents

AREAS = [
    {"area_id": "urban_hub:1", "layer": "urban_hub", "kind": "urban_hub", "metro": "BUF", "priority": True,
     "population": 40_000},
    {"area_id": "region:1", "layer": "region", "kind": "region", "metro": "BUF", "priority": False,
     "population": 150_000},
    {"area_id": "region:2", "layer": "region", "kind": "region", "metro": "BUF", "priority": False},
]  # fmt: skip

ROWS = """
    document | project | longitude | latitude | zone_text | {} | 2019
    pipeline | market  | 27.8      | -32.9    |           | {} | 20
"""


def lying(area: str, layer: str = "urban_hub", n: int = 2, place_class: str = "located") -> dict:
    return {
        "entry_id": f"pipeline-BUF-2019:0:{n}",
        "layer": layer,
        "area_id": area,
        "place_class": place_class,
        "weight": 1,
    }


def market(column: str = "grant", value: str = "NDPG", **place) -> dict:
    return country(ROWS.format(column, value), areas=AREAS, places=[lying(**{"area": "", **place})])


def test_w11_a_grant_for_targeted_areas_spent_outside_all_of_them(found):
    (finding,) = found(market(), "W11").values()
    assert finding["finding_id"] == "W11:market"
    assert finding["statement"] == (
        "“Project market”, R 20 m in the BEPP pipeline 2019/20 of Buffalo City, paid from Neighbourhood "
        "Development Partnership Grant, lies outside every area that Buffalo City targets."
    )
    assert finding["rand_cents"] == 20 * R
    assert {cell[2] for cell in finding["cells"]} == {"B2", "D2", "K2", "L2", "P2"}


def test_w11_inside_or_of_free_money_or_without_a_true_point_it_is_silent(found):
    assert found(market(area="urban_hub:1"), "W11") == {}
    assert found(market(value="USDG"), "W11") == {}
    assert found(market(value="unknown"), "W11") == {}
    assert found(market(place_class="unknown"), "W11") == {}


def test_w11_a_metro_whose_targets_were_not_read_has_none_to_miss(found):
    tables = country(
        ROWS.format("grant", "NDPG"), areas=AREAS[1:], places=[lying("region:1", "region")]
    )
    assert found(tables, "W11") == {}


def test_w11_a_settlement_that_shapes_the_city(found):
    rows = """
        document | project | longitude | latitude | function | nature | units | 2019
        pipeline | mega    | 27.8      | -32.9    | housing  | {}     | {}    | 20
    """

    def told(nature, units):
        return found(country(rows.format(nature, units), areas=AREAS, places=[lying("")]), "W11")

    (finding,) = told("new", 6000).values()
    assert "of 6 000 units, lies outside" in finding["statement"]
    assert told("new", 4000) == told("upgrade", 6000) == {}


def test_people_in_reach_are_those_of_the_finest_layer_that_is_wholly_known(found):
    def people(*places):
        tables = country(ROWS.format("grant", "NDPG"), areas=AREAS, places=[lying(""), *places])
        return found(tables, "W11")["W11:market"]["people"]

    assert people() is None
    assert people(lying("region:1", "region")) == 150_000
    assert people(lying("region:2", "region")) is None, "nobody counted them"
    assert people(lying("region:1", "region"), lying("region:2", "region")) is None
