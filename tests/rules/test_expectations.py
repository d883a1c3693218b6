"""Who is expected to give what for a metro, and by when."""

import datetime as dt

import pytest

from harvester.domain.documents import Document
from harvester.rules import expectations, forums, institutions, network

RULES = {rule.id: rule for rule in expectations.load()}
BOOK = institutions.load()


@pytest.mark.parametrize(
    ("rule", "due"),
    [
        ("metro-budget", dt.date(2018, 6, 30)),
        ("metro-idp", dt.date(2018, 6, 30)),
        ("metro-bepp", dt.date(2018, 5, 31)),
        ("metro-in-year", dt.date(2018, 10, 30)),
        ("province-education", dt.date(2018, 3, 31)),
        ("national-ene", dt.date(2018, 2, 28)),
    ],
)
def test_a_document_about_2018_19_is_due_by(rule, due):
    assert RULES[rule].due_on(2018) == due


def test_actuals_are_due_four_times_a_year():
    assert [str(day) for day in RULES["metro-in-year"].due_dates(2018)] == [
        "2018-10-30",
        "2019-01-30",
        "2019-04-30",
        "2019-07-30",
    ]


def test_the_bepp_ended_with_2020_21():
    assert RULES["metro-bepp"].in_force(2020)
    assert not RULES["metro-bepp"].in_force(2021)
    assert not RULES["metro-bepp"].in_force(2010)
    assert RULES["metro-budget"].in_force(2030)


@pytest.mark.parametrize("metro", BOOK.metros, ids=lambda m: m.code)
def test_every_expectation_has_a_publisher_for_every_metro(metro):
    for rule in RULES.values():
        assert rule.publisher_for(metro, BOOK) in BOOK, rule.id


def test_a_sector_nobody_serves_has_no_publisher():
    rule = RULES["province-education"]
    changed = expectations.Expectation(**{**vars(rule), "publisher": "RAIL"})

    assert changed.publisher_for(BOOK.get("BUF"), BOOK) is None


def test_the_metro_gives_the_rungs_of_the_landing_ladder():
    own = {rule.document for rule in RULES.values() if rule.publisher_kind == "metro"}

    assert own == {Document.PIPELINE, Document.IDP, Document.BUDGET, Document.IN_YEAR}


def test_forums_say_what_they_can_decide():
    book = forums.load()

    assert book.name("PCC") == "President's Co-ordinating Council"
    assert book.name("none") == "none"
    assert "MINMEC" in book
    assert len({forum.code for forum in book}) == len(book.codes)
    assert all(forum.decides and forum.law for forum in book)


def test_network_words_are_read_as_whole_words(tmp_path):
    import re

    found = re.compile(network.pattern())

    assert found.search("upgrade of bulk-water line")
    assert found.search("amalinda reservoir 10ml")
    assert not found.search("trunked radio")
    assert not found.search("new clinic")
