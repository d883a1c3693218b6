"""The crosswalk: every entry is data with a source, and targets tell what works they ask for."""

import pytest

from harvester.domain.errors import ConfigurationError
from harvester.rules import codes, crosswalk

WALK = crosswalk.load()


def test_every_entry_has_a_source_and_none_is_called_verified_yet():
    assert all(len(one.source) > 20 for one in WALK.references)
    assert not any(one.verified for one in WALK.references)


def test_every_national_outcome_leads_up_to_a_chapter_of_the_development_plan():
    up = {one.code for one in WALK.references if one.of_scheme == "ndp"}

    assert up == set(codes.load("mtsf_outcomes").codes)


@pytest.mark.parametrize(
    ("indicator", "theme"),
    [
        ("2.1.2 New clinics opened", "clinic"),
        ("Number of new schools built and completed", "school"),
        ("Number of public schools provided with water infrastructure", "school"),
        ("Public ordinary schools with adequate infrastructure", "school"),
        ("Households in informal settlements with services", "housing"),
        ("Kilometres of provincial roads resealed", "roads"),
        ("9.1.2 Number of statutory documents tabled at Legislature", ""),
        ("Percentage of invoices paid within 30 days", ""),
    ],
)
def test_the_words_of_an_indicator_tell_what_works_it_asks_for(indicator, theme):
    assert WALK.theme_of(indicator) == theme


GOOD = """
title: t
reference: a reference
from: 2012-01-01
verified: false
ndp: {"9": Education}
links: [{from: "ndp:9", to: "mtsf:o01", source: read in the plan itself, verified: true}]
themes: {school: {label: schools, functions: [education], words: [school]}}
"""


def test_an_entry_may_carry_its_own_source_and_mark(tmp_path):
    path = tmp_path / "crosswalk.yaml"
    path.write_text(GOOD)
    [one] = crosswalk.load(path).references

    assert (one.source, one.verified) == ("read in the plan itself", True)


@pytest.mark.parametrize(
    ("was", "now", "key"),
    [
        ("mtsf:o01", "mtsf:o99", "to"),
        ('ndp:9", to', 'ndp:99", to', "from"),
        ("[education]", "[teaching]", "functions"),
        ("words: [school]", "words: []", "words"),
    ],
)
def test_a_fault_names_the_key(tmp_path, was, now, key):
    path = tmp_path / "crosswalk.yaml"
    path.write_text(GOOD.replace(was, now))

    with pytest.raises(ConfigurationError, match=key):
        crosswalk.load(path)
