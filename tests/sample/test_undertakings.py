"""Invented projects: money adds up, places are true, plants are where they are said to be."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.sample import world as worlds
from harvester.sample.appearances import Scene
from harvester.sample.planting import DETECTORS, MISSING, Planter
from harvester.sample.undertakings import Maker, count_in

WORLD = worlds.load()
SEASONS = worlds.SEASONS


def country(seed, scale, *, aligned=False):
    for order, metro in enumerate(WORLD.metros):
        planter = Planter(metro.code, order, aligned=aligned)
        yield from Maker(WORLD, metro, seed, count_in(WORLD, metro, scale), planter)


def planted(detector, *, seed=1, scale=1.0):
    return [u for u in country(seed, scale) if u.plant == detector]


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000))
def test_money_of_the_years_adds_up_and_nothing_is_free(seed):
    for made in country(seed, 0.01):
        assert sum(made.yearly.values()) == made.total
        assert all(rand > 0 and rand % 1_000 == 0 for rand in made.yearly.values())


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000))
def test_a_point_lies_within_a_kilometre_of_its_place(seed):
    for made in country(seed, 0.01):
        if made.place is None:
            assert made.longitude is None
            continue
        far = worlds.kilometres(
            made.longitude, made.latitude, made.place.longitude, made.place.latitude
        )
        assert far < 1.0


def test_names_and_numbers_are_each_projects_own():
    made = list(country(3, 1.0))
    assert len({u.number for u in made}) == len(made)
    of_metro = Counter((u.metro.code, u.kind.id, u.name, u.work) for u in made)
    assert max(of_metro.values()) == 1
    numbers = Counter((u.metro.code, u.codes["mscoa"]) for u in made if "mscoa" in u.codes)
    assert max(numbers.values()) == 1


def test_the_same_seed_makes_the_same_projects_and_another_makes_others():
    assert [repr(u) for u in country(4, 0.02)] == [repr(u) for u in country(4, 0.02)]
    assert [u.name for u in country(4, 0.02)] != [u.name for u in country(5, 0.02)]


def test_scale_says_how_many_and_the_smallest_country_still_has_every_plant():
    assert sum(count_in(WORLD, m, 1.0) for m in WORLD.metros) == pytest.approx(5_000, abs=10)
    assert {u.plant for u in country(1, 0.001)} - {""} == set(DETECTORS)
    assert not any(u.plant for u in country(1, 0.1, aligned=True))


def shows(scene, made):
    """What every document says, by (document, season)."""
    asks = {
        "pipeline": scene.pipeline, "idp": scene.idp, "budget": scene.budget,
        "in_year": scene.in_year, "provincial": scene.provincial, "plan": scene.owner_plan,
    }  # fmt: skip
    return {
        (name, season): told
        for name, ask in asks.items()
        for season in SEASONS
        if (told := ask(made, season)) is not None
    }


def test_a_project_without_a_plant_says_the_same_in_every_document():
    scene = Scene(WORLD, 1)
    for made in country(1, 0.2, aligned=True):
        told = shows(scene, made)
        assert {a.yearly[y] for a in told.values() for y in a.yearly if y == 2019} <= {
            made.yearly.get(2019)
        }
        assert {(a.longitude, a.latitude) for a in told.values()} <= {
            (made.longitude, made.latitude)
        }
        for season in SEASONS:
            in_idp = ("idp", season) in told
            assert in_idp or ("pipeline", season) not in told
            if made.sphere == "local":
                assert in_idp == (("budget", season) in told)
            else:
                assert in_idp
        assert all(a.spent_share > 0.8 for a in told.values())


LAST = SEASONS[-1]


def test_in_the_pipeline_only():
    scene = Scene(WORLD, 1, MISSING)
    for made in planted("W01"):
        assert set(shows(scene, made)) == {("pipeline", s) for s in SEASONS}


def test_in_the_idp_and_not_in_the_budget():
    for made in planted("W02"):
        told = {name for name, _ in shows(Scene(WORLD, 1, MISSING), made)}
        assert "idp" in told
        assert not told & {"budget", "in_year"}


def test_in_the_budget_and_in_no_plan():
    for made in planted("W03"):
        told = shows(Scene(WORLD, 1, MISSING), made)
        assert ("budget", LAST) in told
        assert not {name for name, _ in told} & {"pipeline", "idp"}


def test_in_the_owners_list_and_in_no_plan_of_the_metro():
    for made in planted("W04"):
        told = {name for name, _ in shows(Scene(WORLD, 1, MISSING), made)}
        assert told
        assert told <= {"provincial", "plan"}


def test_years_stand_two_years_apart():
    for made in planted("W06"):
        told = shows(Scene(WORLD, 1, MISSING), made)
        if made.sphere == "local":
            assert min(told["budget", LAST].yearly) - min(told["idp", LAST].yearly) == 2
        else:
            assert told["provincial", LAST].first_day.year - told["idp", LAST].first_day.year >= 2


def test_amounts_are_more_than_a_fifth_apart():
    for made in planted("W07"):
        told = shows(Scene(WORLD, 1, MISSING), made)
        owner = told["budget" if made.sphere == "local" else "provincial", LAST]
        for year, rand in owner.yearly.items():
            planned = told["idp", LAST].yearly[year]
            assert abs(rand - planned) > 0.25 * max(rand, planned)


def test_two_institutions_budget_the_same_amount_every_month():
    for made in planted("W10"):
        told = shows(Scene(WORLD, 1, MISSING), made)
        assert told["provincial", LAST].yearly[LAST] == told["budget", LAST].yearly[LAST]
        assert len(set(told["budget", LAST].yearly.values())) == 1


def test_points_lie_more_than_two_kilometres_apart():
    for made in planted("W12"):
        told = shows(Scene(WORLD, 1, MISSING), made)
        points = {(a.longitude, a.latitude) for a in told.values()}
        assert len(points) == 2
        (lon_a, lat_a), (lon_b, lat_b) = points
        assert worlds.kilometres(lon_a, lat_a, lon_b, lat_b) > 2.0


def test_spending_stands_still():
    for made in planted("W16"):
        assert shows(Scene(WORLD, 1, MISSING), made)["in_year", LAST].spent_share <= 0.12
