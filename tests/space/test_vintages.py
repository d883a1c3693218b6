"""Ward numbers mean the wards of the document's day; into other wards they are carried."""

from __future__ import annotations

import datetime as dt

import pytest

from harvester.engine import schema
from harvester.rules import demarcations
from harvester.space.stage import place
from tests.space.conftest import BUF, area, entries_table

OLD = dt.date(2013, 5, 1)
NEW = dt.date(2019, 5, 1)


def ward(year, number, bounds, people=None):
    """One ward of a demarcation."""
    found = area(
        f"ward-{year}:2920000{number}", "ward", bounds, layer=f"ward-{year}",
        code=f"2920000{number}", name=f"Ward {number}", metro="BUF",
    )  # fmt: skip
    return {**found, "population": people}


# In 2016 the boundary between the two wards moved west, from the middle to a quarter.
OLD_WARDS = [ward(2011, 1, (27, -33.2, 27.5, -32.6)), ward(2011, 2, (27.5, -33.2, 28, -32.6))]
NEW_WARDS = [ward(2016, 1, (27, -33.2, 27.25, -32.6)), ward(2016, 2, (27.25, -33.2, 28, -32.6))]
PEOPLED = [
    ward(2016, 1, (27, -33.2, 27.25, -32.6), 9_000),
    ward(2016, 2, (27.25, -33.2, 28, -32.6), 3_000),
]


def shares_of(engine, row, areas):
    """{layer: {area: share}}, {layer: rules} and the problems of one entry."""
    entries = engine.table(schema.ENTRIES, entries_table(row))
    made = place(engine, entries, engine.table(schema.AREAS, schema.AREAS.from_rows([BUF, *areas])))
    places, problems = made.places, made.problems
    shares: dict[str, dict[str, float]] = {}
    rules: dict[str, set[str]] = {}
    for one in engine.arrow(places).to_pylist():
        shares.setdefault(one["layer"], {})[one["area_id"]] = one["weight"]
        rules.setdefault(one["layer"], set()).add(one["rule"])
    for layer, parts in shares.items():
        whole = sum(parts.values())
        shares[layer] = {a: round(w / whole, 4) for a, w in parts.items()}
    return shares, rules, problems.to_pylist()


def test_an_old_number_is_an_old_ward_and_is_carried_into_the_new_ones_by_area(engine):
    row = {"location_text": "Ward 1", "published_on": OLD}
    shares, rules, _ = shares_of(engine, row, [*OLD_WARDS, *NEW_WARDS])
    assert shares["ward-2011"] == {"ward-2011:29200001": 1}
    assert rules["ward-2011"] == {"ward named"}
    assert shares["ward-2016"] == {"ward-2016:29200001": 0.5, "ward-2016:29200002": 0.5}
    assert rules["ward-2016"] == {"carried from ward-2011 by area"}


def test_it_is_carried_by_people_where_the_new_wards_know_theirs(engine):
    """West of the middle: all 9 000 of ward 1, and a third of the 3 000 of ward 2."""
    row = {"location_text": "Ward 1", "published_on": OLD}
    shares, rules, _ = shares_of(engine, row, [*OLD_WARDS, *PEOPLED])
    assert shares["ward-2016"] == {"ward-2016:29200001": 0.9, "ward-2016:29200002": 0.1}
    assert rules["ward-2016"] == {"carried from ward-2011 by population"}


def test_where_one_ward_knows_no_people_area_decides_and_the_rule_says_so(engine):
    row = {"location_text": "Ward 1", "published_on": OLD}
    shares, rules, _ = shares_of(engine, row, [*OLD_WARDS, PEOPLED[0], NEW_WARDS[1]])
    assert rules["ward-2016"] == {"carried from ward-2011 by area"}
    assert shares["ward-2016"]["ward-2016:29200001"] == 0.5


def test_a_new_number_is_a_new_ward(engine):
    row = {"location_text": "Ward 1", "published_on": NEW}
    shares, _, _ = shares_of(engine, row, [*OLD_WARDS, *NEW_WARDS])
    assert shares["ward-2016"] == {"ward-2016:29200001": 1}
    assert shares["ward-2011"] == {"ward-2011:29200001": 1}


def test_without_a_day_the_year_of_the_paper_decides(engine):
    """The budget of 2016/17 was adopted before the election of August 2016."""
    for year, layer in (("2016/17", "ward-2011"), ("2017/18", "ward-2016")):
        row = {"location_text": "Wards 1 and 2", "publication_year": year}
        shares, rules, _ = shares_of(engine, row, [*OLD_WARDS, *NEW_WARDS])
        assert rules[layer] == {"ward named"}
        assert set(shares[layer].values()) == {0.5}


def test_wards_whose_boundaries_are_not_loaded_are_not_guessed(engine):
    row = {"location_text": "Ward 1", "published_on": OLD, "place_class": "multi_ward"}
    shares, rules, problems = shares_of(engine, row, NEW_WARDS)
    assert shares["ward-2016"] == {"": 1}
    assert rules["ward-2016"] == {"ward of 2011, whose boundaries are not loaded"}
    [problem] = problems
    assert problem["code"] == "wards_not_loaded"
    assert "2011" in problem["message"]
    assert "1 row" in problem["message"]


def test_on_an_unknown_day_one_demarcation_is_taken_and_two_are_not(engine):
    row = {"location_text": "Ward 1", "publication_year": "unknown"}
    shares, _, _ = shares_of(engine, row, NEW_WARDS)
    assert shares["ward-2016"] == {"ward-2016:29200001": 1}
    shares, _, _ = shares_of(engine, row, [*OLD_WARDS, *NEW_WARDS])
    assert shares["ward-2016"] == shares["ward-2011"] == {"": 1}


def test_a_layer_without_a_year_is_taken_as_it_is(engine):
    plain = [{**w, "layer": "ward", "area_id": f"ward:{w['code']}"} for w in NEW_WARDS]
    shares, _, problems = shares_of(engine, {"location_text": "Ward 1", "published_on": OLD}, plain)
    assert shares["ward"] == {"ward:29200001": 1}
    assert problems == []


def test_a_list_cut_off_keeps_its_unsaid_share_when_carried(engine):
    row = {"location_text": "Ward 1,Ward 2,...", "published_on": OLD}
    shares, _, _ = shares_of(engine, row, [*OLD_WARDS, *NEW_WARDS])
    assert shares["ward-2016"][""] == pytest.approx(1 / 3, abs=1e-3)
    assert sum(shares["ward-2016"].values()) == pytest.approx(1, abs=1e-3)


def test_codes_of_a_row_in_no_known_municipality_follow_the_day_too(engine):
    row = {
        "metro": "unknown",
        "province": "unknown",
        "location_text": "29200001",
        "published_on": OLD,
    }
    shares, rules, _ = shares_of(engine, row, [*OLD_WARDS, *NEW_WARDS])
    assert rules["ward-2016"] == {"carried from ward-2011 by area"}
    assert shares["ward-2011"] == {"ward-2011:29200001": 1}


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (dt.date(2016, 8, 2), "2011"), (dt.date(2016, 8, 3), "2016"),
        (dt.date(2021, 11, 1), "2021"), (dt.date(1999, 1, 1), ""),
    ],
)  # fmt: skip
def test_the_wards_of_an_election_hold_from_its_day(day, code):
    assert demarcations.load().on(day) == code


@pytest.mark.parametrize(
    ("layer", "code"),
    [("ward-2020", "2021"), ("ward-2016", "2016"), ("ward-2018", "2016"), ("ward", ""),
     ("wards_mdb_2011", "2011"), ("ward-1998", "")],
)  # fmt: skip
def test_a_layer_shows_the_demarcation_of_its_year(layer, code):
    assert demarcations.load().of_layer(layer) == code
