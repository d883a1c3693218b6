"""Norms of facilities: dated, with their basis, and honest about what was read."""

import datetime as dt
import re

import pytest

from harvester.domain.errors import ConfigurationError
from harvester.rules import norms
from harvester.rules.text import phrase_pattern

NORMS = norms.load()


def test_a_norm_is_asked_for_at_a_day():
    capacity = NORMS["primary_school.capacity"]

    assert capacity.at(dt.date(2013, 11, 28)) is None
    assert capacity.at(dt.date(2013, 11, 29)) == capacity.latest


def test_no_figure_that_was_not_read_is_called_verified():
    """The project's domain notes confirm none of them; the day one is read, its mark changes."""
    assert [n.id for n in NORMS.norms.values() if n.verified] == []
    assert not NORMS.head.verified


def test_a_guideline_is_never_called_statutory():
    statutory = {n.id for n in NORMS.norms.values() if n.basis == "statutory"}

    assert {n.reference.split(":")[0].split(",")[0] for n in map(NORMS.norms.get, statutory)} == {
        "GN R920 of 2013"
    }
    assert "transport_stop.reach" not in statutory


@pytest.mark.parametrize("subject", ["primary school", "secondary school", "clinic", "library"])
def test_every_facility_has_a_reach_a_site_and_the_people_it_is_for(subject):
    measures = {n.measure for n in NORMS.norms.values() if n.subject == subject}

    assert {"reach", "site", "people"} <= measures


def test_housing_needs_the_seven_complements():
    assert list(NORMS.complements) == [
        "water", "sanitation", "power", "road", "school", "clinic", "transport",
    ]  # fmt: skip
    assert [c.code for c in NORMS.complements.values() if c.bulk] == [
        "water",
        "sanitation",
        "power",
    ]


@pytest.mark.parametrize(
    ("name", "out"),
    [
        ("New TVET College Mdantsane", True),
        ("STUDENT   ACCOMMODATION phase 2", True),
        ("Collegetown Primary School", False),
    ],
)
def test_left_out_phrases_are_whole_words_of_any_spacing(name, out):
    school = NORMS.complements["school"]

    assert bool(re.search(phrase_pattern(school.left_out), name.lower())) == out


GOOD = """
title: t
reference: a reference
from: 2012-01-01
verified: false
networks: [water]
norms:
  x.reach: {subject: x, measure: reach, unit: metres, basis: policy, verified: false, reference: r, values: [{from: 2012-01-01, value: 5}, {from: 2014-01-01, value: 9}]}
complements:
  water: {label: water, functions: [water], reach: x.reach, bulk: true}
"""


def test_the_last_figure_whose_day_has_come_is_in_force(tmp_path):
    path = tmp_path / "norms.yaml"
    path.write_text(GOOD)
    reach = norms.load(path)["x.reach"]

    assert [reach.at(dt.date(year, 6, 1)) for year in (2011, 2013, 2014)] == [None, 5, 9]


@pytest.mark.parametrize(
    ("was", "now", "key"),
    [
        ("basis: policy", "basis: law", "basis"),
        ("measure: reach", "measure: depth", "measure"),
        ("value: 5", "value: 0", "value"),
        ("from: 2014-01-01, value", "from: 2010-01-01, value", "values"),
        ("reach: x.reach", "reach: y.reach", "reach"),
        ("functions: [water]", "functions: [whisky]", "functions"),
        ("networks: [water]", "networks: []", "networks"),
        ("reference: r, ", "", "reference"),
    ],
)
def test_a_fault_names_the_file_and_the_key(tmp_path, was, now, key):
    path = tmp_path / "norms.yaml"
    path.write_text(GOOD.replace(was, now))

    with pytest.raises(ConfigurationError, match=key):
        norms.load(path)
