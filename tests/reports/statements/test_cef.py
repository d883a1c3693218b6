"""Capital to poor and other households: shared by data, unknown without it, exact to the cent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.domain.errors import UserError
from harvester.reports.statements import cef
from tests.reports.statements.conftest import MILLION, share, zone

BUDGET = "budget-BUF-2020:0"
TEXT = """
document            | by     | season | owner  | project | 2020 | 2021
budget              | BUF    | 2020   | BUF    | p1      | 10   | 30
budget              | BUF    | 2020   | BUF    | p2      | 4    | -
budget              | BUF    | 2020   | BUF    | p3      | 6    | -
provincial_projects | EC-EDU | 2020   | EC-EDU | p4      | 99   | 99
"""


def ward(name: str, **more: object) -> dict[str, object]:
    return zone(f"ward:{name}", layer="ward", priority=False, **more)


def in_ward(row: int, area: str, place_class: str = "located") -> dict[str, object]:
    return share(f"{BUDGET}:{row}", f"ward:{area}" if area else "", place_class, layer="ward")


WARDS = [
    ward("1", poor_share=0.75, households=1000),
    ward("2", poor_share=0.2, households=3000),
    ward("3"),
]
PLACES = [in_ward(2, "1"), in_ward(3, "3"), in_ward(4, "", "city_wide")]


def test_a_hand_case(held):
    made = cef.cef(held(TEXT, WARDS, PLACES), "BUF", "2020/21")

    first = made.table("years").rows[0]
    assert (first["key"], first["poor"], first["other"]) == (
        "2020/21",
        7.5 * MILLION,
        2.5 * MILLION,
    )
    assert first["no_figure"] == 4 * MILLION, "ward 3 does not say who is poor"
    assert (first["city_wide"], first["total"]) == (6 * MILLION, 20 * MILLION)
    assert first["share"] == pytest.approx(0.75)
    assert made.verdict == cef.KNOWN
    # 750 + 600 poor of 4 000; R 30 m over 1 350, R 10 m over 2 650.
    assert "34 % of the households" in made.finding
    assert "R 22 222 for each poor household and R 3 774 for each other" in made.finding
    assert any("layer ward" in text for text in made.used)


def test_without_a_layer_that_says_who_is_poor_nothing_is_guessed(held):
    made = cef.cef(held(TEXT, [ward("1"), ward("3")], PLACES), "BUF", "2020/21")

    assert made.verdict == cef.UNKNOWN
    assert {row["poor"] for row in made.table("years").rows} == {None}
    assert {row["share"] for row in made.table("years").rows} == {None}
    assert made.table("years").totals[0]["total"] == 50 * MILLION
    assert any("poor households" in text for text in made.missing)


def test_another_municipalitys_layer_is_not_used(held):
    wards = [ward("1", metro="ETH", poor_share=0.5)]

    assert cef.cef(held(TEXT, wards, PLACES), "BUF", "2020/21").verdict == cef.UNKNOWN


def test_the_layer_with_most_known_areas_is_used(held):
    region = zone("region:r", layer="region", priority=False, poor_share=1.0)
    places = [*PLACES, share(f"{BUDGET}:2", "region:r", layer="region")]

    made = cef.cef(held(TEXT, [*WARDS, region], places), "BUF", "2020/21")

    assert any("layer ward" in text for text in made.used)


def test_other_spheres_money_is_not_the_municipalitys_capital(held):
    made = cef.cef(held(TEXT, WARDS, PLACES), "BUF", "2020/21")

    assert made.table("years").totals[0]["total"] == 50 * MILLION


def test_a_basis_that_is_no_plan_of_the_municipality_is_refused(held):
    with pytest.raises(UserError, match="basis"):
        cef.cef(held(TEXT, WARDS, PLACES), "BUF", basis="provincial_projects")


@given(
    st.lists(st.tuples(st.integers(-10**13, 10**13), st.sampled_from(["a", "b", ""]), st.sampled_from(["located", "city_wide", "administrative", "unknown"])), min_size=1),
    st.integers(0, cef.MILLION), st.integers(0, cef.MILLION),
)  # fmt: skip
def test_every_cent_is_shared_once(rows, a, b):
    poverty = cef._Poverty(
        "ward", "f", {"a": "A", "b": "B"}, {"a": a, "b": b}, {}, illustrative=False
    )
    shared = [
        cef._shared({"cents": cents, "area_id": area, "place_class": cls}, poverty)
        for cents, area, cls in rows
    ]

    for (cents, area, _), row in zip(rows, shared, strict=True):
        parts = ("poor", "other", "no_figure", "city_wide", "administrative", "nowhere")
        assert sum(row[name] for name in parts) == row["total"] == cents
        if area:
            share_of = {"a": a, "b": b}[area]
            assert abs(row["poor"] * cef.MILLION - cents * share_of) <= cef.MILLION
