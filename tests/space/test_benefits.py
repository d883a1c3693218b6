"""Whom a network or bulk project serves, beside where its asset is; the money counts once."""

from __future__ import annotations

import pytest

from harvester.engine import schema
from harvester.space.benefits import UNSAID_RULE, WHOLE_RULE
from harvester.space.stage import place
from tests.space.conftest import COUNTRY, entries_table

AT_THE_WORKS = {"longitude": 27.2, "latitude": -32.7, "place_class": "located"}  # inland, ward 1


def both(engine, *rows):
    """Assets and benefits as {(entry, layer): {area: (class, weight, rule)}}."""
    entries = engine.table(schema.ENTRIES, entries_table(*rows))
    areas = engine.table(schema.AREAS, schema.AREAS.from_rows(COUNTRY))
    made = place(engine, entries, areas)
    found = []
    for table in (made.places, made.benefits):
        shares: dict[tuple[int, str], dict[str, tuple[str, int, str]]] = {}
        for row in engine.arrow(table).to_pylist():
            key = (int(row["entry_id"].rpartition(":")[2]), row["layer"])
            told = (row["place_class"], row["weight"], row["rule"])
            shares.setdefault(key, {})[row["area_id"]] = told
        found.append(shares)
    return found


def test_the_asset_is_where_it_stands_and_the_benefit_where_the_row_says(engine):
    row = {**AT_THE_WORKS, "name": "Booster pump station", "benefit_text": "Coastal, Midland"}
    assets, benefits = both(engine, row)
    assert assets[1, "region"] == {"region:inland": ("located", 1, "coordinate")}
    assert benefits[1, "region"] == {
        "region:coastal": ("multi_ward", 1, "region named"),
        "region:midland": ("multi_ward", 1, "region named"),
    }
    assert benefits[1, "municipality"] == {
        "municipality:BUF": ("located", 1, "declared municipality")
    }


def test_the_regions_of_a_bulk_project_with_a_point_are_those_that_benefit(engine):
    row = {**AT_THE_WORKS, "name": "Bulk water main", "location_text": "Coastal"}
    assets, benefits = both(engine, row)
    assert assets[1, "region"] == {"region:inland": ("located", 1, "coordinate")}
    assert benefits[1, "region"] == {"region:coastal": ("located", 1, "region named")}
    assert benefits[1, "ward"] == {"": ("unknown", 1, UNSAID_RULE)}


@pytest.mark.parametrize(
    "row",
    [
        {"name": "P-CIN WAT BULK MAINS", "description": "bulk main"},
        {"asset_class": "water_supply"},
        {"place_class": "network"},
    ],
    ids=["words", "asset class", "class"],
)
def test_whom_it_serves_is_not_guessed(engine, row):
    _, benefits = both(engine, {**AT_THE_WORKS, **row})
    assert benefits[1, "ward"] == {"": ("unknown", 1, UNSAID_RULE)}


def test_a_project_for_the_whole_city_serves_the_whole_city(engine):
    row = {"name": "Bulk sewer", "benefit_text": "Whole of the Metro"}
    _, benefits = both(engine, row)
    assert benefits[1, "ward"] == {"": ("city_wide", 1, WHOLE_RULE)}
    assert benefits[1, "municipality"]["municipality:BUF"][0] == "city_wide"


def test_a_project_with_its_own_users_has_no_row_here(engine):
    _, benefits = both(engine, {**AT_THE_WORKS, "name": "Clinic"})
    assert benefits == {}


def test_an_entry_in_no_known_municipality_keeps_a_row_in_every_layer(engine):
    _, benefits = both(
        engine,
        {"metro": "unknown", "province": "unknown", "name": "x", "benefit_text": "somewhere"},
    )
    assert {layer for _, layer in benefits} == {
        "municipality",
        "ward",
        "region",
        "integration_zone",
    }
    assert all(set(parts) == {""} for parts in benefits.values())
