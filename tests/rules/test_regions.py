"""Place words: wards, a metro's own regions, the whole city, head office."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.domain.places import PlaceClass
from harvester.rules import regions

BOOK = regions.load()


@pytest.mark.parametrize(
    ("text", "metro", "place_class", "named", "wards", "partial"),
    [
        ("Coastal", "BUF", "multi_ward", ["BUF-COASTAL"], [], False),
        ("Coastal,Midland,...", "BUF", "multi_ward", ["BUF-COASTAL", "BUF-MIDLAND"], [], True),
        ("Coastal,Whole of the Metro,...", "BUF", "city_wide", ["BUF-COASTAL"], [], True),
        ("Administrative or Head Office", "BUF", "administrative", [], [], False),
        ("Administrative or Head Office,Whole of the Metro,...", "BUF", "city_wide", [], [], True),
        ("Coastal", "TSH", "unknown", [], [], False),
        ("Region 1: Northwest,Region 7: Kungwini", "TSH", "multi_ward", ["TSH-R1", "TSH-R7"], [], False),
        ("Region 3 A: Central Region", "TSH", "multi_ward", ["TSH-R3"], [], False),
        ("Region 4: any words", "TSH", "multi_ward", ["TSH-R4"], [], False),
        ("Subcouncil 4", "CPT", "multi_ward", ["CPT-SUBCOUNCIL4"], [], False),
        ("Ward 12", "TSH", "multi_ward", [], [12], False),
        ("W12", "KZN225", "multi_ward", [], [12], False),
        ("Ward12", "KZN225", "multi_ward", [], [12], False),
        ("12;13;14", "TSH", "multi_ward", [], [12, 13, 14], False),
        ("Wards 1-5", "TSH", "multi_ward", [], [1, 2, 3, 4, 5], False),
        ("Ward 1 to 3 and 7", "TSH", "multi_ward", [], [1, 2, 3, 7], False),
        ("Wards: 1, 2 & 5", "EKU", "multi_ward", [], [1, 2, 5], False),
        ("ward 5/6", "EKU", "multi_ward", [], [5, 6], False),
        ("12.0", "EKU", "multi_ward", [], [12], False),
        ("Ward 5 (Mdantsane)", "BUF", "multi_ward", [], [5], False),
        ("79900012", "TSH", "multi_ward", [], [12], False),
        ("79800012", "TSH", "unknown", [], [], False),
        ("Ward 999", "TSH", "unknown", [], [], False),
        ("Wards 5-1", "TSH", "unknown", [], [], False),
        ("All wards", "TSH", "city_wide", [], [], False),
        ("Various wards", "TSH", "city_wide", [], [], False),
        ("City wide", "KZN225", "city_wide", [], [], False),
        ("TBC", "TSH", "unknown", [], [], False),
        ("", "TSH", "unknown", [], [], False),
        ("12 Main Road, Soshanguve", "TSH", "unknown", [], [], False),
    ],
)  # fmt: skip
def test_place_words_are_read_as_words_of_their_municipality(
    text, metro, place_class, named, wards, partial
):
    place = BOOK.read(text, metro)

    assert place.place_class == PlaceClass(place_class)
    assert list(place.regions) == named
    assert list(place.wards) == wards
    assert place.partial is partial


def test_parts_nobody_knows_are_told():
    place = BOOK.read("Ward 12, Soshanguve", "TSH")

    assert place.wards == (12,)
    assert place.unread == ("Soshanguve",)


@pytest.mark.parametrize("text", ["", "TBC", "Not specified", "0"])
def test_words_that_say_nothing_leave_nothing_unread(text):
    assert BOOK.read(text, "BUF").unread == ()


def test_every_metro_has_regions_of_its_own_and_a_ward_prefix():
    metros = ["BUF", "NMA", "MAN", "EKU", "JHB", "TSH", "ETH", "CPT"]

    assert sorted(BOOK.ward_prefixes) == sorted(metros)
    assert all(BOOK.of(metro) for metro in metros)
    assert BOOK.of("EC101") == ()
    assert BOOK.get("BUF-COASTAL").seen
    assert BOOK.get("BUF-NONE") is None


def test_no_region_word_of_a_metro_means_two_regions():
    for region in BOOK.regions:
        for name in (region.name, *region.aliases):
            assert BOOK.region(region.metro, name) == region.code


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(1, 200), min_size=1, max_size=8, unique=True))
def test_any_list_of_wards_is_read_whole(wards):
    text = "Wards " + ", ".join(map(str, wards))

    assert BOOK.read(text, "JHB").wards == tuple(sorted(wards))


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=60))
def test_any_text_can_be_read(text):
    assert BOOK.read(text, "JHB").place_class in PlaceClass
