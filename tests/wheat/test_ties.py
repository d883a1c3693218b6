"""A finding is no surer than that the rows it rests on are one project."""

from __future__ import annotations

import pytest

from harvester.wheat.ties import surest_way
from tests.alignment.country import country

ROWS = """
    document | project | 2019
    pipeline | bridge  | 10
    idp      | bridge  | 10
    budget   | bridge  | 30
"""
LINKS = """
    a                     | b                | probability | joined
    pipeline-BUF-2019:0:2 | idp-BUF-2019:0:3 | 0.99        | true
    idp-BUF-2019:0:3      | budget-BUF-2019:0:4 | {} | true
"""


@pytest.mark.parametrize(("tie", "sure"), [("0.97", 0.97), ("0.7", 0.7)])
def test_rows_that_a_doubtful_link_holds_together_make_a_doubtful_finding(found, tie, sure):
    (finding,) = found(country(ROWS, links=LINKS.format(tie)), "W07").values()
    assert finding["confidence"] == sure
    assert finding["rand_low_cents"] == round(finding["rand_cents"] * sure)


def test_rows_that_are_sooner_two_projects_than_one_show_nothing(found):
    assert found(country(ROWS, links=LINKS.format("0.45")), "W07") == {}


def test_without_links_nothing_is_doubted(found):
    (finding,) = found(country(ROWS), "W07").values()
    assert finding["confidence"] == 1.0


def test_the_surest_way_is_as_sure_as_its_weakest_link():
    links = [(0.99, "a", "b"), (0.9, "c", "d"), (0.8, "b", "c"), (0.7, "a", "d")]
    assert surest_way(links, ["a"]) == 1.0
    assert surest_way(links, ["a", "b"]) == 0.99
    assert surest_way(links, ["a", "d"]) == 0.8, "by way of b and c, not straight"
    assert surest_way(links, ["a", "e"]) is None
