"""W06, W07, W10, W12: documents that name one project and say different things."""

from __future__ import annotations

import pytest

from tests.alignment.country import country

R = 100_000_000  # one million rand in cents


def test_w06_first_plan_months_more_than_a_year_apart(found):
    tables = country("""
        document | project | 2019 | 2020 | 2021
        pipeline | bridge  | 10   | 10   | -
        idp      | bridge  | -    | -    | 20
    """)
    (finding,) = found(tables, "W06").values()
    assert finding["finding_id"] == "W06:bridge:2019/20"
    assert finding["statement"] == (
        "“Project bridge” begins in July 2019 in the BEPP pipeline 2019/20 of Buffalo City and in July 2021 "
        "in the IDP 2019/20 of Buffalo City: 24 months apart."
    )
    assert finding["cells"] == [
        ("pipeline BUF 2019.xlsx", "Sheet1", "B2", "Project bridge"),
        ("idp BUF 2019.xlsx", "Sheet1", "B3", "Project bridge"),
        ("pipeline BUF 2019.xlsx", "Sheet1", "P2", "10"),
        ("pipeline BUF 2019.xlsx", "Sheet1", "Q2", "10"),
        ("idp BUF 2019.xlsx", "Sheet1", "R3", "20"),
    ]


def test_w06_a_year_apart_or_no_stated_year_is_no_finding(found):
    tables = country("""
        document | project | 2019 | 2020
        pipeline | bridge  | 10   | 10
        idp      | bridge  | -    | 20
        pipeline | road    | 10   | 10
        idp      | road    | -    | -
    """)
    assert found(tables, "W06") == {}


def test_w06_unsure_link_lowers_confidence(found):
    tables = country("""
        document | project | p   | 2019 | 2021
        pipeline | bridge  | 1   | 10   | -
        idp      | bridge  | 0.7 | -    | 10
    """)
    (finding,) = found(tables, "W06").values()
    assert (finding["confidence"], finding["rand_low_cents"], finding["rand_high_cents"]) == (
        0.7,
        7 * R,
        10 * R,
    )


def test_w07_amounts_more_than_a_fifth_apart_over_the_common_months(found):
    tables = country("""
        document | project | 2019 | 2020
        idp      | bridge  | 10   | 10
        budget   | bridge  | 10   | 4
        idp      | road    | 10   | -
        budget   | road    | 8    | -
    """)
    (finding,) = found(tables, "W07").values()
    assert (finding["finding_id"], finding["rand_cents"]) == ("W07:bridge:2019/20", 6 * R)
    assert "R 20 m" in finding["statement"]
    assert "R 14 m" in finding["statement"]
    assert "July 2019 to June 2021" in finding["statement"]


def test_w07_years_that_only_one_document_covers_are_not_compared(found):
    tables = country("""
        document | project | 2019 | 2020 | 2021
        idp      | bridge  | 10   | 10   | 50
        budget   | bridge  | 10   | 10   | -
    """)
    assert found(tables, "W07") == {}


def test_w07_calendars_are_compared_by_month(found):
    """R 12 m of April 2019 to March 2020 is R 9 m in the nine months the metro's year shares."""
    rows = """
        document            | by     | project | owner  | 2019
        provincial_projects | EC-EDU | school  | EC-EDU | 12
        idp                 | BUF    | school  | EC-EDU | {}
    """
    assert found(country(rows.format(12)), "W07") == {}
    (finding,) = found(country(rows.format(6)), "W07").values()
    assert finding["rand_cents"] == round(4.5 * R)


def test_w07_small_differences_are_not_worth_a_meeting(found):
    tables = country("document | project | 2019\nidp | bench | 0.4\nbudget | bench | 0.1")
    assert found(tables, "W07") == {}


def test_w07_two_institutions_may_share_the_cost(found):
    tables = country("""
        document            | by     | project | owner  | 2019
        provincial_projects | EC-TRA | road    | EC-TRA | 40
        budget              | BUF    | road    | BUF    | 10
    """)
    assert found(tables, "W07") == {}
    assert found(tables, "W10") == {}


def test_w10_two_institutions_each_budget_the_whole(found):
    tables = country("""
        document            | by     | project | owner  | 2019
        provincial_projects | EC-TRA | road    | EC-TRA | 40
        budget              | BUF    | road    | BUF    | 40
    """)
    (finding,) = found(tables, "W10").values()
    assert finding["finding_id"] == "W10:road:2019/20"
    assert finding["rand_cents"] == 30 * R
    assert finding["parties"] == "BUF,EC-TRA"
    assert finding["statement"].startswith(
        "“Project road” may be funded twice: R 30 m in the capital budget"
    )


@pytest.mark.parametrize(
    ("metro_grant", "other", "owner", "findings"),
    [
        (
            "PTNG",
            "national_projects",
            "DOT",
            0,
        ),  # the transferring department shows what it transfers
        ("HSDG", "provincial_projects", "EC-HS", 0),  # through the province to the accredited metro
        ("provincial_transfer", "provincial_projects", "EC-TRA", 0),
        ("own", "provincial_projects", "EC-TRA", 1),
        ("USDG", "provincial_projects", "EC-TRA", 1),
    ],
)
def test_w10_grant_shown_by_giver_and_spender_is_one_funding(
    found, metro_grant, other, owner, findings
):
    tables = country(f"""
        document | by      | project | owner   | grant         | 2019
        {other}  | {owner} | road    | {owner} | unknown       | 40
        budget   | BUF     | road    | BUF     | {metro_grant} | 40
    """)
    assert len(found(tables, "W10")) == findings


def test_w10_one_owner_on_two_lists_is_one_funding(found):
    tables = country("""
        document          | by    | project | owner | 2019
        national_projects | NT    | station | PRASA | 40
        agency_projects   | PRASA | station | PRASA | 40
    """)
    assert found(tables, "W10") == {}


def test_w12_points_far_apart(found):
    tables = country("""
        document            | by     | project | owner  | longitude | latitude | 2019
        provincial_projects | EC-EDU | school  | EC-EDU | 27.90     | -33.00   | 12
        idp                 | BUF    | school  | EC-EDU | 27.90     | -32.95   | 12
    """)
    (finding,) = found(tables, "W12").values()
    assert finding["finding_id"] == "W12:school"
    assert "5.6 km apart" in finding["statement"]
    assert ("idp BUF 2019.xlsx", "Sheet1", "L3", "-32.95") in finding["cells"]
    assert ("provincial_projects EC-EDU 2019.xlsx", "Sheet1", "K2", "27.9") in finding["cells"]


def test_w12_near_points_and_points_of_networks_are_no_finding(found):
    tables = country("""
        document            | by     | project | owner  | place_class | longitude | latitude | 2019
        provincial_projects | EC-EDU | school  | EC-EDU | located     | 27.90     | -33.00   | 12
        idp                 | BUF    | school  | EC-EDU | located     | 27.90     | -32.99   | 12
        pipeline            | BUF    | pipes   | BUF    | network     | 27.90     | -33.00   | 12
        idp                 | BUF    | pipes   | BUF    | network     | 27.90     | -32.50   | 12
    """)
    assert found(tables, "W12") == {}


@pytest.mark.parametrize(
    ("zone", "findings"),
    [
        ("Mdantsane", 0),
        ("MDANTSANE INTEGRATION ZONE", 0),
        ("Mdantsane - CBD corridor", 0),
        ("Quinera", 1),
    ],
)
def test_w12_zones_that_differ_by_more_than_their_spelling(found, zone, findings):
    tables = country(f"""
        document | project | zone_text                  | 2019
        pipeline | bridge  | Mdantsane integration zone | 12
        idp      | bridge  | {zone}                     | 12
    """)
    rows = list(found(tables, "W12").values())
    assert len(rows) == findings
    assert all(r["confidence"] == 0.6 for r in rows)


def test_w12_other_municipality(found):
    tables = country("""
        document            | by     | project | owner  | metro | 2019
        provincial_projects | EC-EDU | school  | EC-EDU | NMA   | 12
        infrastructure_plan | EC-EDU | school  | EC-EDU | BUF   | 12
    """)
    (finding,) = found(tables, "W12").values()
    assert "Nelson Mandela Bay" in finding["statement"]
    assert "Buffalo City" in finding["statement"]


def test_two_municipalities_that_were_linked_are_not_compared(found):
    tables = country("""
        document | by  | project | owner | 2019
        budget   | BUF | pipes   | BUF   | 40
        budget   | CPT | pipes   | CPT   | 40
        in_year  | CPT | pipes   | CPT   | 40
        in_year  | BUF | pipes   | BUF   | 9
    """)
    assert found(tables, "W10") == {}
    assert found(tables, "W12") == {}
    assert [r["statement"].count("Buffalo City") for r in found(tables, "W07").values()] == [2]


def test_w07_a_whole_and_the_part_it_is_linked_to_do_not_disagree(found):
    tables = """
        document | project | 2019
        idp      | works   | 60
        budget   | works   | 30
        budget   | pumps   | 30
    """
    parts = "from | to | kind\nworks | pumps | split_into"
    assert len(found(country(tables), "W07")) == 1
    assert found(country(tables, relations=parts), "W07") == {}
