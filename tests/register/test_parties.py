"""Whose a row is, and where: a table of what is written and what it means."""

import pytest

from harvester.register.parties import PartyResolver, Submission, Words
from harvester.rules import codes, institutions

RESOLVER = PartyResolver(institutions.load(), codes.load("spheres"))

BUDGET = Submission("budget", "BUF", "BUF")
IDP = Submission("idp", "BUF", "Projects")
PIPELINE = Submission("pipeline", "BUF", "Pipeline")
IRM = Submission("provincial_projects", "unknown", "Sheet1")
ENE = Submission("national_projects", "NT")
DORA = Submission("allocations", "NT")


@pytest.mark.parametrize(
    ("submission", "words", "owner", "sphere", "metro", "province"),
    [
        # A municipality's own budget is all its own.
        (BUDGET, Words(), "BUF", "local", "BUF", "EC"),
        (Submission("budget", "unknown", "TSH"), Words(), "TSH", "local", "TSH", "GP"),
        (Submission("budget", "unknown", "BYU"), Words(), "unknown", "local", "unknown", "unknown"),
        (Submission("in_year", "CPT"), Words(), "CPT", "local", "CPT", "WC"),
        # A provincial list: the province the row names decides what a department is.
        (IRM, Words("Education", "", "KwaZulu-Natal", "eThekwini"), "KZN-EDU", "provincial", "ETH", "KZN"),
        (IRM, Words("Education & Training", "", "North West", "City of Matlosana"), "NW-EDU", "provincial", "NW403", "NW"),
        (IRM, Words("Basic Education", "", "KwaZulu-Natal", ""), "DBE", "national", "unknown", "KZN"),
        (Submission("provincial_projects", "EC-HEA"), Words("", "", "", "Buffalo City"), "EC-HEA", "provincial", "BUF", "EC"),
        # A national list: departments are national.
        (ENE, Words("Health", "National"), "DOH", "national", "unknown", "unknown"),
        (ENE, Words("Police", "National"), "SAPS", "national", "unknown", "unknown"),
        (ENE, Words("Health", "", "Eastern Cape"), "DOH", "national", "unknown", "EC"),
        # A municipality's own list names other spheres too.
        (IDP, Words("Water and sanitation", "local"), "BUF", "local", "BUF", "EC"),
        (IDP, Words("Directorate: Roads"), "BUF", "local", "BUF", "EC"),
        (IDP, Words("Department of Education"), "EC-EDU", "provincial", "BUF", "EC"),
        (IDP, Words("Human Settlements", "provincial"), "EC-HS", "provincial", "BUF", "EC"),
        (IDP, Words("PRASA"), "PRASA", "entity", "BUF", "EC"),
        (IDP, Words("", "", "", "Great Kei"), "BUF", "local", "EC123", "EC"),
        (PIPELINE, Words("Human Settlements", "National"), "DHS", "national", "BUF", "EC"),
        (PIPELINE, Words("", "Local"), "BUF", "local", "BUF", "EC"),
        (PIPELINE, Words("", "Provincial"), "unknown", "provincial", "BUF", "EC"),
        (PIPELINE, Words(), "unknown", "unknown", "BUF", "EC"),
        # Who pays a grant is not in the province that receives it.
        (DORA, Words("Human Settlements", "", "EC", "Buffalo City"), "DHS", "national", "BUF", "EC"),
        (Submission("allocations", "EC-TRE"), Words("Human Settlements", "", "EC", "BUF"), "EC-HS", "provincial", "BUF", "EC"),
        (Submission("agency_projects", "PRASA"), Words("", "", "", "City of Cape Town"), "PRASA", "entity", "CPT", "WC"),
        (Submission("performance", "unknown"), Words("Eastern Cape: Health", "", "Eastern Cape"), "EC-HEA", "provincial", "unknown", "EC"),
        (Submission("performance", "unknown"), Words("Health", "", "South Africa"), "DOH", "national", "unknown", "unknown"),
    ],
)  # fmt: skip
def test_a_row_belongs_to(submission, words, owner, sphere, metro, province):
    found = RESOLVER.resolve(submission, words)

    assert (found.owner, found.sphere, found.metro, found.province) == (
        owner,
        sphere,
        metro,
        province,
    )
    assert found.doubts == ()


@pytest.mark.parametrize(
    ("submission", "words", "field", "code"),
    [
        (IRM, Words("Education", "", "", "Buffalo Town"), "municipality", "municipality_unknown"),
        (IRM, Words("", "", "", "Emalahleni"), "municipality", "municipality_ambiguous"),
        (IRM, Words("", "", "Limpopo", "Johannesburg"), "municipality", "municipality_province_disagree"),
        (IRM, Words("", "", "Transkei", ""), "province", "province_unknown"),
        (IRM, Words("Education", "", "", ""), "owner", "owner_ambiguous"),
        (IRM, Words("Ministry of Silly Walks", "", "EC", ""), "owner", "owner_unknown"),
        (IDP, Words("Water and sanitation"), "owner", "owner_ambiguous"),
        (IDP, Words("Department of Education", "somewhere"), "sphere", "sphere_unknown"),
        (PIPELINE, Words("Private developer"), "owner", "owner_vague"),
        (PIPELINE, Words("Department of Education", "entity"), "owner", "owner_sphere_disagree"),
        (IRM, Words("Department of Education", "", "", ""), "owner", "owner_ambiguous"),
    ],
)  # fmt: skip
def test_what_cannot_be_resolved_is_doubted_and_stays_unknown(submission, words, field, code):
    found = RESOLVER.resolve(submission, words)

    doubts = {doubt.field: doubt.code for doubt in found.doubts}
    assert doubts[field] == code
    if field in {"municipality", "owner"}:
        assert getattr(found, "metro" if field == "municipality" else field) == "unknown"


def test_an_unknown_municipality_is_not_replaced_by_the_publisher():
    """It may be a neighbour: a row of a metro's list that names another place is not the metro's."""
    assert RESOLVER.resolve(IDP, Words("", "", "", "Atlantis Minor")).metro == "unknown"
    assert RESOLVER.resolve(IDP, Words("", "", "", "Various")).metro == "BUF"


def test_a_name_that_may_be_the_municipalitys_own_directorate_says_so():
    (doubt,) = RESOLVER.resolve(IDP, Words("Water and sanitation")).doubts

    assert doubt.others == ("BUF", "DWS")


def test_the_same_question_has_the_same_answer():
    assert RESOLVER.resolve(BUDGET, Words()) is RESOLVER.resolve(BUDGET, Words())
