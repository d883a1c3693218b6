"""Facts of the sample country agree with the rules: codes, names, regions, words."""

from __future__ import annotations

import json

import pytest
import shapely

from harvester.engine.schema import UNKNOWN
from harvester.rules import codes, institutions
from harvester.sample import world as worlds
from harvester.sample.documents.allocations import MUNICIPAL_GRANTS

WORLD = worlds.load()
BOOK = institutions.load()


def test_the_eight_metros_are_those_of_the_rules():
    assert [m.code for m in WORLD.metros] == [
        "BUF",
        "NMA",
        "MAN",
        "EKU",
        "JHB",
        "TSH",
        "ETH",
        "CPT",
    ]
    for metro in WORLD.metros:
        known = BOOK.get(metro.code)
        assert known.metro
        assert (BOOK.resolve(metro.name), known.province) == (metro.code, metro.province)


def test_every_owner_is_an_institution_of_the_rules_by_code_and_by_name():
    for province, told in WORLD.provinces.items():
        for code in told["departments"].values():
            name = WORLD.departments[code]
            assert BOOK.get(code) is not None
            assert BOOK.resolve(f"Department of {name}", province=province) == code
    for code in ("SAPS", "DOJ", "DHET", "DWS", "PRASA", "NHFC", "HDA"):
        assert BOOK.resolve(WORLD.departments[code]) == code


def test_municipalities_outside_the_metros_are_in_the_province_they_stand_under():
    for province, places in WORLD.elsewhere.items():
        for municipality, *_ in places:
            assert BOOK.get(BOOK.municipality(municipality, province)).province == province


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("functions", {k.function for k in WORLD.kinds if k.sphere == "local"}),
        ("asset_classes", {k.asset_class for k in WORLD.kinds if k.asset_class}),
        ("grants", {g for k in WORLD.kinds for g in k.grants} - {"PRASA capital"}),
        ("grants", set(MUNICIPAL_GRANTS)),
        ("iudf_goals", {goal for _, goal in WORLD.outcomes.values()}),
        ("natures", {*WORLD.words["types"].values(), *WORLD.words["natures"].values()}),
    ],
)
def test_words_of_the_documents_are_words_of_the_rules(name, words):
    book = codes.load(name)
    assert not [word for word in sorted(words) if book.resolve(word) == UNKNOWN]


def test_each_metro_has_places_enough_and_says_where_they_come_from():
    for metro in WORLD.metros:
        places = WORLD.places[metro.code]
        assert 25 <= len(places) <= 75
        assert {p.character for p in places} == {"township", "hub", "node", "suburb"}
        assert len({p.name for p in places}) == len(places)


@pytest.mark.shared
def test_every_place_lies_in_its_real_metro(shared_data):
    path = shared_data / "whosonfirst-admin-za" / "za_metros_2018_fullres.geojson"
    real = {
        f["properties"]["cat_b"]: shapely.geometry.shape(f["geometry"])
        for f in json.loads(path.read_text("utf-8"))["features"]
    }
    outside = [
        place
        for code, places in WORLD.places.items()
        for place in places
        if not real[code].contains(shapely.Point(place.longitude, place.latitude))
    ]
    assert not outside


def test_moving_a_point_moves_it_as_far_as_told():
    lon, lat = worlds.shifted(28.0, -26.0, 3.0, 1.2)
    assert worlds.kilometres(28.0, -26.0, lon, lat) == pytest.approx(3.0, rel=0.01)
