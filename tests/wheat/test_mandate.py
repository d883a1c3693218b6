"""W13: function and mandate. W21: projects of others that nobody owns or lists."""

from __future__ import annotations

import pytest

from tests.alignment.country import country

R = 100_000_000  # one million rand in cents


def test_w13_a_metro_builds_what_the_constitution_gives_to_another_sphere(found):
    tables = country("""
        document | project | name           | function  | function_text | grant | 2019
        budget   | school  | Masakhane hall | education | Education     | own   | 20
    """)
    (finding,) = found(tables, "W13").values()
    assert finding["finding_id"] == "W13:school:BUF"
    assert finding["statement"] == (
        "“Masakhane hall”, R 20 m of its own money in the capital budget 2019/20 of Buffalo City, is "
        "education, which the provincial and national and entity sphere holds (Constitution, Schedule "
        "4A)."
    )
    assert (finding["confidence"], finding["rand_cents"]) == (1.0, 20 * R)
    assert ("budget BUF 2019.xlsx", "Sheet1", "C2", "Education") in finding["cells"]
    assert ("budget BUF 2019.xlsx", "Sheet1", "P2", "20") in finding["cells"]


def test_w13_where_nobody_says_who_pays_it_is_less_sure(found):
    tables = country("""
        document | project | function  | 2019
        budget   | school  | education | 20
    """)
    (finding,) = found(tables, "W13").values()
    assert finding["confidence"] == 0.6
    assert finding["rand_low_cents"] == 12 * R


@pytest.mark.parametrize("grant", ["EIG", "provincial_transfer"])
def test_w13_money_that_another_transfers_may_be_agreed(found, grant):
    tables = country(f"""
        document | project | function  | grant   | 2019
        budget   | school  | education | {grant} | 20
    """)
    assert found(tables, "W13") == {}


def test_w13_child_care_is_municipal_though_charts_call_it_education(found):
    tables = country("""
        document | project | name               | function  | grant | 2019
        budget   | creche  | ECD centre Duncan  | education | own   | 20
    """)
    assert found(tables, "W13") == {}


def test_w13_an_unfunded_mandate_is_own_money_for_a_function_run_by_agreement(found):
    rows = """
        document | project | function | fund_text | grant | 2019
        budget   | library | library  |           | unknown | 20
        idp      | library | library  | {} | {} | 20
    """
    (finding,) = found(country(rows.format("Own funds", "own")), "W13").values()
    assert ("idp BUF 2019.xlsx", "Sheet1", "D3", "Own funds") in finding["cells"]
    assert found(country(rows.format("USDG", "USDG")), "W13") == {}
    assert found(country(rows.format("", "unknown")), "W13") == {}, "who pays is not known"


def test_w13_a_province_may_build_its_own_schools(found):
    tables = country("""
        document            | by     | project | owner  | function  | grant | 2019
        provincial_projects | EC-EDU | school  | EC-EDU | education | own   | 20
    """)
    assert found(tables, "W13") == {}


def test_w13_function_of_a_budget_row_against_its_name(found):
    tables = country("""
        document | project | name                   | function | function_text | 2019
        budget   | library | Gonubie public library | roads    | Roads         | 20
        budget   | path    | Road to the library    | roads    | Roads         | 20
        budget   | hall    | Gonubie public library | community_facilities | Halls | 20
        budget   | rare    | Gonubie public library | unknown  |               | 20
    """)
    (finding,) = found(tables, "W13").values()
    assert finding["finding_id"] == "W13:library:BUF"
    assert finding["statement"] == (
        "“Gonubie public library”, R 20 m in the capital budget 2019/20 of Buffalo City, is booked "
        "under Roads, which its name contradicts."
    )
    assert finding["confidence"] == 0.7


def test_w13_names_of_places_contradict_nothing(found):
    tables = country("""
        document | project | name                                 | function   | 2019
        budget   | pipes   | Waterborne sanitation - Scenery Park | sanitation | 20
        budget   | homes   | Booysens Park: Inf Sett upgrade      | housing    | 20
        budget   | rest    | Clinic Street, Library Gardens: road | roads      | 20
    """)
    assert found(tables, "W13") == {}


def test_w13_a_later_budget_that_books_it_rightly_mends_it(found):
    tables = country("""
        document | season | project | name    | function | grant | 2018 | 2019
        budget   | 2018   | library | Library | roads    | USDG  | 20   | -
        budget   | 2019   | library | Library | library  | USDG  | -    | 20
    """)
    assert found(tables, "W13") == {}


def test_w13_small_amounts_are_not_worth_a_meeting(found):
    tables = country("""
        document | project | function  | grant | 2019
        budget   | school  | education | own   | 0.5
    """)
    assert found(tables, "W13") == {}


def test_w21_given_to_a_department_whose_list_does_not_name_it(found):
    tables = country("""
        document            | by     | project | owner  | owner_text | 2019
        idp                 | BUF    | school  | EC-EDU | Education  | 20
        provincial_projects | EC-EDU | other   | EC-EDU |            | 5
    """)
    (finding,) = found(tables, "W21").values()
    assert finding["finding_id"] == "W21:school:2019/20"
    assert finding["statement"] == (
        "“Project school”, R 20 m in the IDP 2019/20 of Buffalo City, is given to Eastern Cape: "
        "Education, whose own lists of 2019/20 do not name it."
    )
    assert finding["parties"] == "BUF,EC-EDU"
    assert ("idp BUF 2019.xlsx", "Sheet1", "E2", "Education") in finding["cells"]
    assert ("provincial_projects EC-EDU 2019.xlsx", "Sheet1", "", "") in finding["cells"]


def test_w21_mends_when_the_owner_lists_it(found):
    tables = country("""
        document            | by     | project | owner  | owner_text | 2019
        idp                 | BUF    | school  | EC-EDU | Education  | 20
        provincial_projects | EC-EDU | school  | EC-EDU |            | 20
    """)
    assert found(tables, "W21") == {}


def test_w21_an_owner_whose_list_has_not_come_is_not_silent_but_late(found):
    tables = country("""
        document | project | owner  | owner_text | 2019
        idp      | school  | EC-EDU | Education  | 20
    """)
    assert found(tables, "W21") == {}


def test_w21_a_link_that_was_nearly_made_makes_it_less_sure(found):
    tables = country(
        """
        document            | by     | project | owner  | owner_text | 2019
        idp                 | BUF    | school  | EC-EDU | Education  | 20
        provincial_projects | EC-EDU | other   | EC-EDU |            | 21
        """,
        links="""
        a              | b                                | probability
        idp-BUF-2019:0:2 | provincial_projects-EC-EDU-2019:0:3 | 0.4
        """,
    )
    (finding,) = found(tables, "W21").values()
    assert (finding["confidence"], finding["rand_low_cents"]) == (0.6, 12 * R)


def test_w21_of_another_sphere_and_of_nobody(found):
    rows = """
        document | project | owner   | sphere     | sphere_text | owner_text | 2019
        idp      | school  | unknown | provincial | provincial  | {}         | 20
    """
    (finding,) = found(country(rows.format("")), "W21").values()
    assert finding["statement"] == (
        "“Project school”, R 20 m in the IDP 2019/20 of Buffalo City, belongs to the provincial sphere "
        "and has no owner."
    )
    assert ("idp BUF 2019.xlsx", "Sheet1", "F2", "provincial") in finding["cells"]
    assert found(country(rows.format("Rural Affairs")), "W21") == {}, (
        "named, though not known to us"
    )


def test_w21_the_metros_own_project_needs_no_other_owner(found):
    assert found(country("document | project | 2019\nidp | road | 20"), "W21") == {}


def test_w21_the_same_money_in_the_owners_list_may_be_the_project_under_another_name(found):
    rows = """
        document            | by     | project | owner  | owner_text | function  | 2019
        idp                 | BUF    | school  | EC-EDU | Education  | education | 20
        provincial_projects | EC-EDU | other   | EC-EDU |            | education | {}
    """
    assert found(country(rows.format("20")), "W21") == {}
    assert len(found(country(rows.format("21")), "W21")) == 1


def test_w21_money_that_another_row_of_the_plan_accounts_for_is_the_same_by_chance(found):
    rows = """
        document            | by     | project | owner  | owner_text | function  | 2019
        idp                 | BUF    | school  | EC-EDU | Education  | education | 20
        idp                 | BUF    | other   | EC-EDU | Education  | education | {}
        provincial_projects | EC-EDU | other   | EC-EDU |            | education | 20
    """
    assert list(found(country(rows.format("20")), "W21")) == ["W21:school:2019/20"]


def test_w13_what_a_project_is_called_in_the_idp_counts_beside_a_misspelt_budget(found):
    rows = """
        document | project | name                        | function | function_text | 2019
        idp      | library | Chatsworth community {}     | library  |               | 20
        budget   | library | CHATSWORTH COMM LIBRAARY    | roads    | Roads         | 20
    """
    (finding,) = found(country(rows.format("library")), "W13").values()
    assert finding["statement"].endswith(
        "is booked under Roads, which its name in the IDP 2019/20 of Buffalo City contradicts."
    )
    assert ("idp BUF 2019.xlsx", "Sheet1", "B2", "Chatsworth community library") in finding["cells"]
    assert found(country(rows.format("library access road")), "W13") == {}, (
        "a road may be booked so"
    )
