"""The words of published files resolve to codes, or to unknown; never to a guess."""

import pytest

from harvester.rules import codes


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("functions", "Roads", "roads"),
        ("functions", "Water Management - Core Function - Water Distribution", "water"),
        ("functions", "Road Transport:Core Function:Taxi Ranks", "public_transport"),
        ("functions", "Programme 2 - Public Ordinary School Education", "education"),
        ("functions", "Programme 3 - Library and Archives Services", "library"),
        ("functions", "Programme 6 - Infrastructure Development", "unknown"),
        ("functions", "Z ???", "unknown"),
        ("functions", "Community Parks (including Nurseries)", "community_facilities"),
        ("functions", "Social Services", "unknown"),
        ("functions", "Water and Sanitation", "unknown"),
        ("functions", "", "unknown"),
        ("asset_classes", "Roads Infrastructure", "roads"),
        ("asset_classes", "Crèches", "community_facilities"),
        ("natures", "Rehabilitation, Renovations & Refurbishment", "renewal"),
        ("natures", "Upgrades and additions", "upgrade"),
        ("natures", "Maintenance and Upgrades", "unknown"),
        ("statuses", "Pre - Feasibility", "prefeasibility"),
        ("statuses", "Construction 76% - 99%", "construction"),
        ("statuses", "Construction 33%", "construction"),
        ("statuses", "Practical Completion (100%)", "practical_completion"),
        ("statuses", "Stage 5: Works", "construction"),
        ("statuses", "Stage 5", "unknown"),
        ("grants", "USDG", "USDG"),
        ("grants", "Community Library Service Grant", "CLSG"),
        ("grants", "Own funds", "own"),
        ("grants", "Equitable Share", "equitable_share"),
        ("grants", "Conditional grant", "unknown"),
        ("mtsf_outcomes", "Priority 3: Education, Skills And Health", "p3"),
        ("mtsf_outcomes", "Outcome 13: social protection", "o13"),
        (
            "mtsf_outcomes",
            "An efficient, effective and development-oriented public service",
            "o12",
        ),
        ("iudf_goals", "Inclusion and access", "inclusion_access"),
        ("area_kinds", "Integration Zones", "integration_zone"),
        ("spheres", "State-owned enterprise", "entity"),
        ("functions", "Paaie en Stormwater", "roads"),
        ("functions", "Menslike Nedersettings", "housing"),
        ("functions", "ezeMfundo", "education"),
        ("natures", "Opgradering", "upgrade"),
        ("statuses", "Onder konstruksie", "construction"),
        ("spheres", "Provinsiale Regering", "provincial"),
        ("asset_classes", "Voertuie", "transport_assets"),
    ],
)
def test_a_text_means_a_code(name, text, code):
    assert codes.load(name).resolve(text) == code


def test_the_counts_are_those_of_the_frameworks():
    outcomes = codes.load("mtsf_outcomes").codes

    assert [len([c for c in outcomes if c[0] == kind]) for kind in "op"] == [14, 7]
    assert len(codes.load("iudf_goals").codes) == 4


def test_a_vague_path_is_vague():
    functions = codes.load("functions")

    assert functions.is_vague("Programme 6 - Infrastructure Development")
    assert functions.is_vague(" ")
    assert not functions.is_vague("Programme 2 - Something Else")


def test_statuses_are_in_the_order_of_a_project():
    known = codes.load("statuses")
    orders = [int(item.extra["order"]) for item in known if item.extra["order"] != "0"]

    assert orders == sorted(orders)
    assert known.extra("design", "state") == "planned"
    assert known.extra("nothing", "state") == ""


def test_labels_are_for_people():
    functions = codes.load("functions")

    assert functions.label("public_transport") == "Public transport"
    assert functions.label("unknown") == "Unknown"
    assert functions.label("other") == "other"
    assert "Roads" in functions.suggestions()


@pytest.mark.parametrize(
    ("match", "text", "fits"),
    [
        ("starts", "construction 10", True), ("starts", "constructional", False),
        ("contains", "the construction of", True), ("ends", "under construction", True),
        ("ends", "construction site", False),
    ],
)  # fmt: skip
def test_patterns_match_whole_words(match, text, fits):
    assert codes.Pattern(match, "construction", "c").fits(text) is fits
