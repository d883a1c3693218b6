"""Places in words: what a text names among the areas of its own municipality."""

from __future__ import annotations

import pytest

from harvester.space.named.words import REST, Gazetteer, NamedArea, normalise


def named(area_id, kind, name, *, code="", metro="BUF", priority=False):
    """An area words can name."""
    return NamedArea(area_id, area_id.split(":")[0], kind, code, name, metro, priority)


AREAS = [
    named("municipality:BUF", "municipality", "Buffalo City", code="BUF"),
    named("region:coastal", "region", "Coastal"),
    named("region:midland", "region", "Midland"),
    named("region:t1", "region", "Region 1: Northwest", metro="TSH"),
    named("region:t3a", "region", "Region 3 A: Central Region", metro="TSH"),
    named("region:t3b", "region", "Region 3 B: Central Region", metro="TSH"),
    named("region:t5", "region", "Nokeng", code="5", metro="TSH"),
    *[named(f"ward:2920000{n}", "ward", f"Ward {n}", code=f"2920000{n}") for n in range(1, 8)],
    named("place:m1", "other", "Mdantsane"),
    named("place:d1", "other", "Duncan Village"),
    named("place:d2", "other", "Duncan  village"),
    named("zone:mel", "integration_zone", "Mdantsane to East London", priority=True),
    named("zone:hub", "urban_hub", "Mdantsane Urban Hub", priority=True),
    named("zone:iz2", "integration_zone", "Integration Zone 2", priority=True),
    named("zone:node", "economic_node", "Beacon Bay economic node (illustrative)", priority=True),
    named("place:n", "other", "Zeerust and Mafikeng"),
]


@pytest.fixture(scope="module")
def book():
    """The gazetteer of those areas."""
    neutral = {"BUF": ["Buffalo City", "East London metro", "Eastern Cape"]}
    return Gazetteer(AREAS, neutral)


def wards(*numbers, rest=0):
    """Equal shares in wards."""
    unsaid = ((REST, rest),) if rest else ()
    return {"ward": (*unsaid, *((f"ward:2920000{n}", 1) for n in numbers))}


def test_named_regions_share_equally(book):
    assert book.located("BUF", "Coastal,Midland") == {
        "region": (("region:coastal", 1), ("region:midland", 1))
    }


def test_a_list_cut_off_leaves_one_share_unsaid(book):
    assert book.located("BUF", "Coastal,Midland,...")["region"] == (
        (REST, 1), ("region:coastal", 1), ("region:midland", 1),
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["Wards 2, 3 and 4", "Ward 2; ward 3; ward 4", "wards 2-4", "2,3,4", "Ward 02 & 03 & 04",
     "29200002, 29200003, 29200004", "W2, W3, W4", "Ward no. 2/3/4", "Wards 2 to 4", "ward 2, 2, 3, 4"],
)  # fmt: skip
def test_wards_however_they_are_written(book, text):
    assert book.located("BUF", text) == wards(2, 3, 4)


def test_a_ward_that_does_not_exist_leaves_its_share_unsaid(book):
    assert book.located("BUF", "Wards 1, 2 and 99") == wards(1, 2, rest=1)


def test_a_name_beside_a_ward_only_says_where_the_ward_is(book):
    found = book.located("BUF", "Nowhere township, ward 3")
    assert found == wards(3)
    assert book.located("BUF", "Mdantsane, ward 3") == {**wards(3), "place": (("place:m1", 1),)}
    assert book.located("BUF", "Ward 3 Mdantsane") == {**wards(3), "place": (("place:m1", 1),)}


def test_a_place_nobody_knows_leaves_its_share_unsaid(book):
    assert book.located("BUF", "Mdantsane, Nowhere")["place"] == ((REST, 1), ("place:m1", 1))


def test_the_metros_own_name_says_no_more(book):
    assert book.located("BUF", "Mdantsane, Buffalo City, Eastern Cape")["place"] == (
        ("place:m1", 1),
    )
    assert book.located("BUF", "Buffalo City") == {}


def test_an_address_is_one_place(book):
    assert book.located("BUF", "12 Main Road, Mdantsane, East London")["place"] == (
        ("place:m1", 1),
    )


def test_areas_of_one_name_share_that_name(book):
    assert book.located("BUF", "Duncan Village; Mdantsane")["place"] == (
        ("place:d1", 1), ("place:d2", 1), ("place:m1", 2),
    )  # fmt: skip


def test_a_name_with_and_in_it_is_tried_whole(book):
    assert book.located("BUF", "Zeerust and Mafikeng") == {"place": (("place:n", 1),)}


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("Region 1: Northwest", "region:t1"),
        ("region 1", "region:t1"),
        ("Northwest", "region:t1"),
        ("Region 3 A: Central Region", "region:t3a"),
        ("REGION 3B", "region:t3b"),
        ("Region 5: Nokeng", "region:t5"),
        ("Region 1: North-west", "region:t1"),
    ],
)
def test_a_region_by_number_or_name(book, text, area):
    assert book.located("TSH", text) == {"region": ((area, 1),)}


def test_a_region_of_another_number_is_not_taken_for_its_namesake(book):
    assert book.located("TSH", "Region 3 C: Central Region") == {}


def test_names_count_only_in_their_own_municipality(book):
    assert book.located("TSH", "Mdantsane") == {}
    assert book.located("unknown", "Coastal, ward 3") == {}


def test_a_ward_code_is_unique_in_the_country(book):
    assert book.located("unknown", "29200003") == wards(3)


def test_another_word_for_a_name_resolves_to_it(book):
    assert book.located("BUF", "COASTAL REGION") == {"region": (("region:coastal", 1),)}


def test_zones_by_name_with_or_without_their_kind(book):
    assert book.zoned("BUF", "Mdantsane urban hub") == {"zone": (("zone:hub", 1),)}
    assert book.zoned("BUF", "Mdantsane to East London corridor") == {"zone": (("zone:mel", 1),)}
    assert book.zoned("BUF", "IZ2") == {"zone": (("zone:iz2", 1),)}
    assert book.zoned("BUF", "Beacon Bay economic node") == {"zone": (("zone:node", 1),)}
    assert book.zoned("BUF", "Outside the zones") == {}
    assert book.zoned("TSH", "IZ2") == {}


@pytest.mark.parametrize(
    "text", ["", "...", ",;", "12 345", "n/a", "Ward", "ward twelve", "0", "-"]
)
def test_texts_that_name_nothing_place_nothing(book, text):
    assert book.located("BUF", text) == {}


def test_normalising_takes_out_case_accents_and_punctuation():
    assert normalise("  Dr. Beyers-Naudé ") == "dr beyers naude"
