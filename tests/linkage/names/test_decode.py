"""What a project's name says, word by word."""

from __future__ import annotations

import pytest

from harvester.linkage.names.decode import Decoded, Decoder
from harvester.linkage.names.opened import MAX_WORDS


def decode(text: str, *others: str) -> Decoded:
    decoder = Decoder()
    decoder.learn([text, *others])
    return decoder.decode(text)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Upgrade of Dumani Primary School", "primary_school"),
        ("Dumani PS", "primary_school"),
        ("Laerskool Doornvlakte", "primary_school"),
        ("Isikole samabanga aphansi eDumani", "primary_school"),
        ("Hoërskool Doornvlakte", "secondary_school"),
        ("Dumani SS new block", "secondary_school"),
        ("Dumani JSS", "combined_school"),
        ("Isikolo saseDumani", "school"),
        ("Dumani Clinic", "clinic"),
        ("Kliniek te Doornvlakte", "clinic"),
        ("Umtholampilo waseDumani", "clinic"),
        ("Dumani CHC", "community_health_centre"),
        ("Isibhedlela saseDumani", "hospital"),
        ("Umtapo wolwazi", "library"),
        ("Ithala leencwadi laseDumani", "library"),
        ("Biblioteek Doornvlakte", "library"),
        ("Dumani resrv 5Ml", "reservoir"),
        ("Dumani WWTW", "wastewater_treatment_works"),
        ("Dumani Waste Water Treatment Works", "wastewater_treatment_works"),
        ("Dumani WTW", "water_treatment_works"),
        ("132kV Dumani SS", "substation"),
        ("Dumani subs", "substation"),
        ("Sewer PS Dumani", "pump_station"),
        ("UISP Dumani", "informal_settlement"),
        ("Dumani IRPTN", "public_transport"),
        ("Dumani BRT trunk", "public_transport"),
        ("Dumani RDP houses", "housing"),
        ("Dumani FLISR", "housing"),
        ("Dumani CRU", "rental_housing"),
        ("Dumani TRU", "rental_housing"),
        ("Imigwaqo yaseDumani", "road"),
        ("Brandweerstasie Doornvlakte", "fire_station"),
        ("Fire stn Dumani", "fire_station"),
        ("Construction of Libary", "library"),
        ("Dumani sports field and clubhouse", "sports_facility"),
    ],
)
def test_kinds_of_facility_in_four_languages_and_in_short(name: str, kind: str) -> None:
    assert kind in decode(name).kinds


@pytest.mark.parametrize(
    ("name", "action"),
    [
        ("Construction of a hall", "construct"),
        ("New hall", "construct"),
        ("Oprigting van saal", "construct"),
        ("Ukwakhiwa kwehholo", "construct"),
        ("Upgrading of hall", "upgrade"),
        ("Opgradering van saal", "upgrade"),
        ("Replacement of roof", "replace"),
        ("Refurbishment of hall", "rehabilitate"),
        ("Herstel van saal", "rehabilitate"),
        ("Instandhouding van saal", "maintain"),
        ("Hall", ""),
    ],
)
def test_what_is_done(name: str, action: str) -> None:
    assert decode(name).action == action


@pytest.mark.parametrize(
    ("name", "field", "value"),
    [
        ("Roads Phase 2", "phase", "2"),
        ("Roads Ph2", "phase", "2"),
        ("Roads (PH 2)", "phase", "2"),
        ("Roads phase II", "phase", "2"),
        ("Roads phase two", "phase", "2"),
        ("Second phase of the roads", "phase", "2"),
        ("2nd phase roads", "phase", "2"),
        ("Paaie fase 2", "phase", "2"),
        ("Roads Phase 2a", "phase", "2a"),
        ("Roads Stage 02", "phase", "2"),
        ("Roads Phase 1 & 2", "phase", "1+2"),
        ("Roads Ext 10", "extension", "10"),
        ("Roads Extension X", "extension", "10"),
        ("Paaie Uitbreiding 10", "extension", "10"),
        ("Roads X10", "extension", "10"),
        ("Houses Unit 3", "unit", "3"),
        ("Houses NU 29", "unit", "29"),
        ("Houses Zone B", "unit", "b"),
        ("Pipes Package 4", "package", "4"),
        ("School on Erf 1234", "erf", "1234"),
        ("Sidewalks wards 12, 13 and 14", "wards", ("12", "13", "14")),
        ("Reservoir 3", "numbers", ("3",)),
        ("Reservoir III", "numbers", ("3",)),
        ("Extension of the clinic", "extension", ""),
        ("Water works", "phase", ""),
    ],
)
def test_numbered_parts(name: str, field: str, value: object) -> None:
    assert getattr(decode(name), field) == value


@pytest.mark.parametrize(
    "name",
    ["500 houses", "500 RDP houses", "10 Ml reservoir", "300mm pipe", "R5000000 clinic", "2018/19 roads",
     "20 classrooms", "12 km road"],
)  # fmt: skip
def test_quantities_and_years_do_not_number_a_project(name: str) -> None:
    found = decode(name)
    assert (found.numbers, found.phase, found.unit, found.codes) == ((), "", "", ())


def test_people_served_are_not_a_project_number() -> None:
    assert decode("Scheme to serve about 552544 people").codes == ()


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("PC002003005_00002 Chairs", ("PC002003005_00002",)),
        ("W/50042423/WS Dumani JSS", ("W/50042423/WS",)),
        ("Dumani clinic", ()),
    ],
)
def test_ids_written_into_a_name(name: str, codes: tuple[str, ...]) -> None:
    assert decode(name).codes == codes


@pytest.mark.parametrize(
    ("name", "kind", "action", "network"),
    [
        ("P-CIN WAT BULK MAINS", "bulk_water", "construct", "bulk"),
        ("P-CIER RDS ROADS", "road", "rehabilitate", ""),
        ("P-CNIEU COM FAC HALLS", "community_hall", "upgrade", ""),
        ("P-CNIN FURN & OFF EQUIP", "furniture", "construct", ""),
        ("Capital:Infrastructure:New:Roads Infrastructure:Roads", "road", "construct", ""),
        ("Capital:Infrastructure:Existing:Renewal:Sanitation Infrastructure:Reticulation",
         "sanitation", "rehabilitate", "reticulation"),
    ],
)  # fmt: skip
def test_accounting_strings_are_read_and_name_no_place(
    name: str, kind: str, action: str, network: str
) -> None:
    found = decode(name)
    assert kind in found.kinds
    assert (found.action, found.network) == (action, network)
    assert found.codespeak
    assert found.words == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Port Elizabeth library", "Gqeberha library"),
        ("Grahamstown library", "Makhanda library"),
        ("King William's Town library", "Qonce library"),
        ("Umtata library", "Mthatha library"),
        ("Kaapstad library", "Cape Town library"),
    ],
)
def test_old_and_new_names_of_a_place_are_one(old: str, new: str) -> None:
    assert decode(old).words == decode(new).words != ()


def test_words_nobody_listed_are_kept_as_names() -> None:
    assert decode("Vroxton Quelmara clinic").words == ("vroxton", "quelmara")


def test_a_place_called_park_is_not_a_park() -> None:
    assert decode("New police station Vroxton Park").kinds == ("police_station",)
    assert decode("Upgrading of Vroxton Park").kinds == ("park",)


def test_a_suburb_called_gardens_is_not_a_park() -> None:
    """A sewer and a station of one suburb were one project, for both were parks."""
    assert decode("Sewer reticulation - Vroxton Gardens").kinds == ("sewer",)
    assert decode("Vroxton Gardens: rail station (renewal)").kinds == ("rail_station",)
    assert decode("Extension of Vroxton Gardens").kinds == ()
    assert decode("Upgrade of Vroxton botanical gardens").kinds == ("park",)
    assert decode("Landscaping of public gardens Vroxton").kinds == ("park",)


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("Vroxton: magistrate's court, Reservoir Hills", ("court",)),
        ("Hospital View library", ("library",)),
        ("New reservoir at Reservoir Hills", ("reservoir",)),
        ("Reservoir Hills", ("reservoir",)),
        ("Reservoir on the hill", ("reservoir",)),
    ],
)
def test_a_facility_in_the_name_of_a_suburb_is_no_facility(
    name: str, kinds: tuple[str, ...]
) -> None:
    assert decode(name).kinds == kinds


def test_one_slip_in_a_name_is_mended_by_what_others_write() -> None:
    others = ["Vroxtonia clinic", "Vroxtonia hall", "Vroxtonia road"]
    assert decode("Vroxtnia library", *others).words == ("vroxtonia",)


def test_a_locative_is_the_place() -> None:
    assert decode("eVroxtonia library", "Vroxtonia hall", "Vroxtonia road").words == ("vroxtonia",)


def test_two_words_that_others_write_as_one() -> None:
    assert decode("Vrox Tonia library", "Vroxtonia hall").words == ("vroxtonia",)


@pytest.mark.parametrize("text", ["", " ", "???", "\u0000", "-", "\u200f"])
def test_an_empty_name_says_nothing(text: str) -> None:
    assert decode(text) == Decoded()


@pytest.mark.parametrize(
    "text",
    ["Not specified", "NOT SPECIFIED", "n/a", "Unknown", "To be confirmed", "TBC", "None",
     "No regional indicator", "Whole of the Metro", "City-wide", "Various"],
)  # fmt: skip
def test_words_for_nothing_said_are_no_name(text: str) -> None:
    """Else two projects of two provinces would share the rare word "specified"."""
    assert decode(text).words == ()


def test_right_to_left_text_is_a_name_like_any_other() -> None:
    assert len(decode("\u0639\u064a\u0627\u062f\u0629 \u0642\u0631\u064a\u0629").words) == 2


def test_a_pasted_page_costs_no_more_than_a_long_name() -> None:
    found = decode(" ".join(f"word{n}x" for n in range(5_000)))
    assert len(found.words) <= MAX_WORDS


def test_the_order_of_texts_does_not_matter() -> None:
    texts = ["Vroxtonia hall", "Vroxtnia hall", "Vroxtonai road", "Kwezamba", "Kwezmba"]
    one, other = Decoder(), Decoder()
    one.learn(texts)
    other.learn(reversed(texts))
    assert one.decode_all(sorted(texts)) == other.decode_all(sorted(texts))
