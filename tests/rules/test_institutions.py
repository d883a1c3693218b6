"""Institutions answer to their names, and to nothing that two of them could be."""

from itertools import pairwise

import pytest

from harvester.domain.documents import Sphere
from harvester.rules import institutions
from harvester.rules.text import key


@pytest.fixture(scope="module")
def book():
    return institutions.load()


def test_the_country_is_whole(book):
    kinds = [book.kind(i.code) for i in book.all]

    assert [i.code for i in book.metros] == ["BUF", "NMA", "MAN", "EKU", "JHB", "TSH", "ETH", "CPT"]
    assert kinds.count("local") == 205
    assert kinds.count("district") == 44
    assert [i.code for i in book.provinces] == [
        "EC",
        "FS",
        "GP",
        "KZN",
        "LIM",
        "MP",
        "NC",
        "NW",
        "WC",
    ]


def test_every_local_municipality_lies_in_a_district_of_its_province(book):
    for one in book.all:
        if book.kind(one.code) == "local":
            assert book.get(book.district(one.code)).province == one.province


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Buffalo City", "BUF"),
        ("Eastern Cape: Buffalo City", "BUF"),
        ("Buffalo City(BUF)", "BUF"),
        ("BUF - Buffalo City", "BUF"),
        ("City of Cape Town Metropolitan Municipality", "CPT"),
        ("CAPE TOWN METRO", "CPT"),
        ("eThekwini Municipality", "ETH"),
        ("Ethekweni", "ETH"),
        ("Durban", "ETH"),
        ("eThekwini MM Sub", "ETH"),
        ("Nelson Mandela Metropolitan", "NMA"),
        ("Port Elizabeth", "NMA"),
        ("Pretoria", "TSH"),
        ("METRO MUN: TSHWANE 17", "TSH"),
        ("DISTR MUN: JOE GQABI 17", "DC14"),
        ("DISTR MUN: SEBIDENG 17", "DC42"),
        ("EHALANZENI", "DC32"),
        ("OR TAMBO", "DC15"),
        ("O.R.Tambo", "DC15"),
        ("Cacadu District Municipality", "DC10"),
        ("Uthungulu", "DC28"),
        ("Sisonke", "DC43"),
        ("Eden", "DC4"),
        ("Local Municipality of Madibeng", "NW372"),
        ("The Msunduzi", "KZN225"),
        ("Msunduzi Local Municipality", "KZN225"),
        ("KhÃ¢i-Ma", "NC067"),
        ("!Kheis", "NC084"),
        ("Dr B Naud Local Municipality", "EC101"),
        ("EC101 - Dr Beyers Naudé", "EC101"),
        ("ec Makana Local Municipality", "EC104"),
        ("Fetakgomo/Greater Tubatse", "LIM476"),
        ("Greater Tubatse", "LIM476"),
        ("GP421", "GT421"),
        ("Nkonkobe/Nxuba", "EC129"),
        ("Johannesburg/Ekurhuleni", None),
        ("Inkosi Langalibalele (KZN327)", "KZN237"),
        ("BYU", None),
        ("Johannesburg; Ekurhuleni", None),
        ("", None),
        ("Stad Kaapstad", "CPT"),
        ("Stad van Johannesburg", "JHB"),
        ("Stadsraad van Tshwane", "TSH"),
        ("Nelson Mandelabaai Metropolitaanse Munisipaliteit", "NMA"),
        ("Polokwane Plaaslike Munisipaliteit", "LIM354"),
        ("Munisipaliteit Mosselbaai", "WC043"),
        ("Kaapse Wynland Distriksmunisipaliteit", "DC2"),
        ("Isixeko saseKapa", "CPT"),
        ("uMasipala weTheku", "ETH"),
        ("uMasipala waseThekwini", "ETH"),
        ("UMasipala waseNelson Mandela Bay", "NMA"),
        ("uMasipala waseMhlathuze", "KZN282"),
        ("Mmasepala wa Rustenburg", "NW373"),
        ("Stad", None),
        ("uMasipala", None),
    ],
)
def test_a_municipality_is_found_by_the_ways_it_is_written(book, text, code):
    assert book.municipality(text) == code


def test_namesakes_need_a_province_or_a_code(book):
    assert book.municipality("Emalahleni") is None
    assert book.municipality("Emalahleni", "Eastern Cape") == "EC136"
    assert book.municipality("Emalahleni", "MP") == "MP312"
    assert book.municipality("ec Emalahleni") == "EC136"
    assert book.municipality("Emalahleni (MP312)") == "MP312"


def test_a_stated_kind_decides_between_namesakes(book):
    assert book.municipality("Pixley ka Seme District Municipality") == "DC7"
    assert book.municipality("Pixley ka Seme Local Municipality") == "MP304"


def test_a_code_and_a_name_that_disagree_name_nobody(book):
    assert book.municipality("Johannesburg (CPT)") is None


def test_a_municipality_is_not_taken_from_another_province(book):
    assert book.municipality("Buffalo City", "Western Cape") is None


@pytest.mark.parametrize(
    ("text", "province", "code"),
    [
        ("Education", "KZN", "KZN-EDU"),
        ("Education", "KwaZulu-Natal", "KZN-EDU"),
        ("Education", "South Africa", "DBE"),
        ("Education & Training", "North West", "NW-EDU"),
        ("KwaZulu-Natal: Education", "", "KZN-EDU"),
        ("KZN DoE", "", "KZN-EDU"),
        ("KwaZulu-Natal Department of Health", "", "KZN-HEA"),
        ("Free State Human Settlements", "", "FS-HS"),
        ("KZNDoE", "", "KZN-EDU"),
        ("GDE", "", "GP-EDU"),
        ("Western Cape Education Department", "", "WC-EDU"),
        ("Department of Education", "", None),
        ("Department of Education", "EC", "EC-EDU"),
        ("Health", "", None),
        ("Basic Education", "KwaZulu-Natal", "DBE"),
        ("National Department of Transport", "EC", "DOT"),
        ("Transport", "EC", "EC-TRA"),
        ("Transport", "MP", "MP-PW"),
        ("Human Settlements", "NC", "NC-COGTA"),
        ("Sport, Arts and Culture", "KZN", "KZN-ART"),
        ("Water Affairs", "", "DWS"),
        ("Energy", "", "DMRE"),
        ("Mineral Resources and Energy", "", "DMRE"),
        ("Department of Water and Sanitation (DWS)", "", "DWS"),
        ("PRASA", "EC", "PRASA"),
        ("Eskom Holdings SOC Ltd", "", "ESKOM"),
        ("Umgeni Water", "KZN", "UMGENI"),
        ("Nobody", "EC", None),
        ("Wes-Kaapse Onderwysdepartement", "", "WC-EDU"),
        ("Departement van Gesondheid", "Wes-Kaap", "WC-HEA"),
        ("Departement van Gesondheid", "", None),
        ("Nasionale Departement van Vervoer", "", "DOT"),
        ("Vervoer en Openbare Werke", "WC", "WC-TRA"),
        ("Isebe lezeMfundo", "EC", "EC-EDU"),
        ("uMnyango wezeMpilo", "KZN", "KZN-HEA"),
        ("Lefapha la Thuto", "Vrystaat", "FS-EDU"),
        ("Muhasho wa Pfunzo", "LIM", "LIM-EDU"),
        ("Departmenthealth", "EC", None),
        ("Nationaltransport", "EC", None),
    ],
)
def test_a_department_is_seen_from_its_province(book, text, province, code):
    assert book.department(text, province) == code
    assert book.resolve(text, province=province) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Gauteng", "GP"), ("GT", "GP"), ("KwaZuluNatal", "KZN"), ("Kwazulu Natal", "KZN"),
        ("EASTERN CAPE 17", "EC"), ("Western Cape Government", "WC"), ("LP", "LIM"),
        ("South Africa", None), ("Cape", None), ("Wes-Kaap", "WC"), ("Oos-Kaapse", "EC"),
        ("Vrystaat", "FS"), ("iMpuma Koloni", "EC"), ("Bokone Bophirima", "NW"),
    ],
)  # fmt: skip
def test_a_province_is_found_by_name_code_and_abbreviation(book, text, code):
    assert book.province(text) == code


def test_every_name_and_code_resolves_to_its_institution_or_to_nothing(book):
    """No alias ever resolves to an institution that does not bear it."""
    for one in book.all:
        for name in (one.code, one.name, *one.aliases):
            found = book.resolve(name, province=one.province)
            assert found is None or found in book.namesakes(name), (name, found)


def test_within_a_province_no_word_names_two_departments(book):
    for province in book.provinces:
        seen: dict[str, str] = {}
        for one in book.all:
            if book.kind(one.code) == "department" and one.province == province.code:
                for name in (one.name, *one.aliases):
                    assert seen.setdefault(key(name), one.code) == one.code, name


def test_municipal_names_are_told_apart_in_a_list(book):
    """Templates offer these names: each must be accepted back."""
    for one in book.all:
        if one.sphere == Sphere.LOCAL:
            assert book.municipality(one.name) == one.code


def test_sectors_lead_to_the_department_and_to_its_function(book):
    assert book.serving("WC", "TRA") == "WC-TRA"
    assert book.serving("NC", "HS") == "NC-COGTA"
    assert book.serving("EC", "RAIL") is None
    assert book.function("EC-EDU") == "education"
    assert book.function("NC-COGTA") == ""
    assert book.function("unknown") == ""


def test_names_tell_provincial_and_national_departments_apart(book):
    assert book.name("EC-HEA") == "Eastern Cape: Health"
    assert book.name("DOH") == "National: Health"
    assert book.name("DC10") == "Sarah Baartman District"
    assert book.name("nobody") == "nobody"
    assert book.get("nobody") is None


def test_codes_stand_in_order_within_their_kind(book):
    locals_ = [i.code for i in book.all if book.kind(i.code) == "local"]

    assert all(a != b for a, b in pairwise(locals_))
    assert len(set(locals_)) == len(locals_)
