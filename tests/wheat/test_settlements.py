"""W08 and W09: houses and what they need. W14: schools and the land their norm asks."""

from __future__ import annotations

import pyarrow as pa
import pytest

from harvester.engine import schema
from tests.alignment.country import country

R = 100_000_000  # one million rand in cents

HOUSES = """
    document  | by  | project | name       | owner | function   | nature | units   | longitude | latitude | 2019
    pipeline  | BUF | houses  | New houses | BUF   | housing    | new    | {units} | 27.80     | -32.90   | 50
    budget    | BUF | houses  | New houses | BUF   | housing    | new    |         | 27.80     | -32.90   | 50
    budget    | BUF | water   | Main       | BUF   | water      | new    |         | {water}   | -32.90   | 5
    budget    | BUF | sewer   | Sewer      | BUF   | sanitation | new    |         | 27.81     | -32.90   | 5
    budget    | BUF | power   | Substation | BUF   | electricity | new   |         | 27.81     | -32.90   | 5
"""
NEAR, FAR = "27.81", "28.20"


def houses(
    stated: str = "", water: str = FAR, units: str = "100", in_plan: str = "pipeline"
) -> dict:
    """Houses whose pipeline row says something of bulk services, with a water main near or far."""
    tables = country(HOUSES.format(water=water, units=units).replace("pipeline", in_plan))
    if stated:
        entries = tables["entries"].to_pylist()
        entries[0]["extras"] = f'{{"bulk_capacity": "{stated}"}}'
        tables["entries"] = schema.ENTRIES.from_rows(entries)
    return tables


def test_w08_the_plan_says_that_bulk_services_are_lacking(found):
    (finding,) = found(houses("Insufficient until 2023"), "W08").values()
    assert finding["finding_id"] == "W08:houses"
    assert finding["statement"] == (
        "“New houses”, R 50 m in 2019/20: its bulk services are stated to be lacking."
    )
    assert (finding["confidence"], finding["rand_cents"]) == (0.95, 50 * R)
    assert ("pipeline BUF 2019.xlsx", "Sheet1", "B2", "New houses") in finding["cells"]


def test_w08_no_project_brings_a_service_and_nobody_says_what_there_is(found):
    (finding,) = found(houses(), "W08").values()
    assert finding["statement"].endswith("no project brings bulk water.")
    assert finding["confidence"] == 0.5


@pytest.mark.parametrize("words", ["Sufficient", "Available", "Existing mains"])
def test_w08_the_plan_says_that_there_is_enough(found, words):
    assert found(houses(words), "W08") == {}


def test_w08_mends_when_the_main_is_planned_in_reach(found):
    assert found(houses(water=NEAR), "W08") == {}


def test_w08_houses_that_no_plan_names_are_the_business_of_w03(found):
    assert found(houses(in_plan="agency_projects"), "W08") == {}


def providers() -> str:
    """Lists of those who would build schools and clinics, and run trains, with nothing near."""
    return """
    provincial_projects | EC | school | A school | EC-EDU | education | new |  | 28.5 | -32.50 | 5
    provincial_projects | EC | clinic | A clinic | EC-HEA | health    | new |  | 28.5 | -32.50 | 5
    agency_projects | PRASA | train | A station | PRASA | rail    | new |  | 28.5 | -32.50 | 5
"""


def settlement(units: str, more: str = "", nature: str = "new") -> dict:
    rows = HOUSES.format(water=NEAR, units=units).replace(
        "housing    | new ", f"housing | {nature} "
    )
    return country(rows.rstrip() + providers() + more)


def test_w09_a_settlement_large_enough_to_need_a_school_of_its_own(found):
    (finding,) = found(settlement("2600"), "W09").values()
    assert finding["statement"] == (
        "“New houses”, R 50 m in 2019/20: 2 600 dwellings need what no list plans within reach: school, "
        "public transport."
    )
    assert finding["confidence"] == 0.6
    assert ("pipeline BUF 2019.xlsx", "Sheet1", "J2", "2600.0") in finding["cells"]


def test_w09_a_clinic_serves_more_people_than_a_school(found):
    (finding,) = found(settlement("8000"), "W09").values()
    assert "reach: clinic, school, public transport." in finding["statement"]


@pytest.mark.parametrize(("units", "nature"), [("1500", "new"), ("", "new"), ("2600", "upgrade")])
def test_w09_small_unknown_or_standing_settlements_are_no_finding(found, units, nature):
    assert found(settlement(units, nature=nature), "W09") == {}


def test_w09_mends_when_school_and_transport_are_planned_beside_it(found):
    beside = """
    provincial_projects | EC | new | B school | EC-EDU | education | new |  | 27.81 | -32.90 | 5
    budget | BUF | rank | Taxi rank | BUF | public_transport | new |  | 27.803 | -32.90 | 5
    """
    assert found(settlement("2600", beside), "W09") == {}


def named(place: str, of_the_rank: str) -> dict:
    """A settlement of 2 600 dwellings with a school beside it and a taxi rank without a point."""
    more = """
    provincial_projects | EC | new | B school | EC-EDU | education | new |  | 27.81 | -32.90 | 5
    budget | BUF | rank | Taxi rank | BUF | public_transport | new |  |  |  | 5
    """
    tables = settlement("2600", more)
    rows = tables["entries"].to_pylist()
    for row in rows:
        if row["name"] in {"New houses", "Taxi rank"}:
            row["location_text"] = place if row["name"] == "New houses" else of_the_rank
    tables["entries"] = schema.ENTRIES.from_rows(rows)
    return tables


def test_w09_a_facility_without_a_point_that_names_the_same_place_may_be_the_one(found):
    assert found(named("Gompo Town Extension 7", "Gompo Town"), "W09") == {}


@pytest.mark.parametrize("place", ["", "Reeston", "Buffalo City", "Ward 12"])
def test_w09_one_that_names_another_place_or_none_is_no_answer(found, place):
    (finding,) = found(named("Gompo Town Extension 7", place), "W09").values()
    assert finding["statement"].endswith("reach: public transport.")


def test_w09_a_list_that_was_not_read_may_hold_the_school(found):
    rows = HOUSES.format(water=NEAR, units="2600")
    assert found(country(rows), "W09") == {}


SCHOOL = """
    document | by | project | name | owner | function | nature | longitude | latitude | 2019
    infrastructure_plan | EC-EDU | school | Vukani Primary School | EC-EDU | education | {} | 27.8 | -32.9 | 20
"""


def school(people: int | None, square_km: float = 7.0, nature: str = "new") -> dict:
    area = {
        "area_id": "marginalised_area:1", "layer": "marginalised_area", "kind": "marginalised_area",
        "metro": "BUF", "name": "Duncan Village", "priority": True, "population": people,
        "square_metres": square_km * 1e6,
    }  # fmt: skip
    lies = {
        "entry_id": "infrastructure_plan-EC-EDU-2019:0:2", "layer": "marginalised_area",
        "area_id": "marginalised_area:1", "place_class": "located", "weight": 1,
    }  # fmt: skip
    return country(SCHOOL.format(nature), areas=[area], places=[lies])


def test_w14_the_sites_of_the_norm_would_take_too_much_of_the_land(found):
    (finding,) = found(school(180_000), "W14").values()
    assert finding["finding_id"] == "W14:school"
    assert finding["statement"] == (
        "“Vukani Primary School” (the infrastructure plan 2019/20 of Eastern Cape: Education) lies in Duncan "
        "Village, where 180 000 people on 7.0 km² need 28 primary schools; sites of 2.8 ha (CSIR social "
        "facility guidelines 2012: site with sports fields of its own, not verified) would take 11 % of the "
        "land."
    )
    assert (finding["people"], finding["rand_cents"]) == (180_000, 20 * R)


def test_w14_room_or_not_known_or_nothing_new_is_no_finding(found):
    assert found(school(40_000), "W14") == {}
    assert found(school(None), "W14") == {}
    assert found(school(180_000, nature="renewal"), "W14") == {}


def test_w14_one_document_says_new_another_the_level_and_a_third_the_place(found):
    tables = school(180_000, nature="unknown")
    rows = tables["entries"].to_pylist()
    (told,) = rows
    extra = country("""
        document            | by     | project | name        | owner  | function  | nature  | 2019
        provincial_projects | EC-EDU | school  | VUKANI P S  | EC-EDU | education | new     | 20
    """)
    assert found(tables, "W14") == {}
    for name in ("entries", "lines", "submissions", "memberships"):
        tables[name] = pa.concat_tables([tables[name], extra[name]])
    (finding,) = found(tables, "W14").values()
    assert finding["finding_id"] == "W14:school"
    assert "VUKANI P S" in {cell[3] for cell in finding["cells"]}, (
        "and shows who says that it is new"
    )
    assert told["name"] in {cell[3] for cell in finding["cells"]}
