"""W01 to W04: in one document and not in the one that should carry it."""

from __future__ import annotations

import pytest

from tests.alignment.country import country

R = 100_000_000  # one million rand in cents

ALIGNED = """
    document            | by     | project | owner  | 2019 | 2020
    pipeline            | BUF    | bridge  | BUF    | 10   | 20
    idp                 | BUF    | bridge  | BUF    | 10   | 20
    budget              | BUF    | bridge  | BUF    | 10   | 20
    in_year             | BUF    | bridge  | BUF    | 10   | -
    idp                 | BUF    | school  | EC-EDU | 40   | -
    provincial_projects | EC-EDU | school  | EC-EDU | 40   | -
"""


def test_aligned_country_has_no_findings(found):
    assert found(country(ALIGNED)) == {}


def test_w01_project_of_the_pipeline_that_the_idp_does_not_name(found):
    tables = country("""
        document | project | 2019 | 2020
        pipeline | bridge  | 10   | 20
        idp      | road    | 5    | 5
    """)
    (finding,) = found(tables, "W01").values()
    assert finding["finding_id"] == "W01:bridge:2019/20"
    assert finding["statement"] == (
        "“Project bridge”, R 30 m in the BEPP pipeline 2019/20 of Buffalo City, first planned for 2019/20, "
        "is not in its IDP 2019/20."
    )
    assert (finding["rand_low_cents"], finding["rand_cents"], finding["rand_high_cents"]) == (
        30 * R,
        30 * R,
        30 * R,
    )
    assert (finding["metro"], finding["year"], finding["parties"], finding["spheres"]) == (
        "BUF",
        "2019/20",
        "BUF",
        "local",
    )
    assert (finding["severity"], finding["confidence"], finding["people"]) == ("medium", 1.0, None)


def test_w01_evidence_is_the_cells_and_the_submission_that_was_searched(found):
    tables = country("""
        document | project | 2019 | 2020
        pipeline | bridge  | 10   | 20
        idp      | road    | 5    | 5
    """)
    (finding,) = found(tables, "W01").values()
    assert finding["cells"] == [
        ("pipeline BUF 2019.xlsx", "Sheet1", "B2", "Project bridge"),
        ("pipeline BUF 2019.xlsx", "Sheet1", "P2", "10"),
        ("pipeline BUF 2019.xlsx", "Sheet1", "Q2", "20"),
        ("idp BUF 2019.xlsx", "Sheet1", "", ""),
    ]


def test_w01_says_nothing_when_the_idp_was_not_read(found):
    assert found(country("document | project | 2019\npipeline | bridge | 10"), "W01") == {}


def test_w01_idp_without_a_single_project_was_still_searched(found):
    tables = country("document | project | 2019\npipeline | bridge | 10", empty=("idp:BUF:2019",))
    assert list(found(tables, "W01")) == ["W01:bridge:2019/20"]


def test_w01_almost_link_lowers_confidence_and_the_lower_band(found):
    tables = country(
        "document | project | 2019\npipeline | bridge | 10\nidp | brug | 10",
        links="""
        a                     | b                | probability
        pipeline-BUF-2019:0:2 | idp-BUF-2019:0:3 | 0.6
        """,
    )
    (finding,) = found(tables, "W01").values()
    assert finding["confidence"] == 0.4
    assert (finding["rand_low_cents"], finding["rand_high_cents"]) == (4 * R, 10 * R)


def test_w01_project_without_an_amount_has_unknown_rand(found):
    tables = country("document | project | 2019\npipeline | bridge | -\nidp | road | 1")
    (finding,) = found(tables, "W01").values()
    assert finding["rand_cents"] is None
    assert finding["severity"] == "medium"
    assert "an unstated amount" in finding["statement"]


def test_w02_project_of_the_idp_that_the_budget_does_not_carry(found):
    tables = country("""
        document | project | owner  | 2019
        idp      | bridge  | BUF    | 150
        idp      | school  | EC-EDU | 40
        budget   | road    | BUF    | 5
        idp      | road    | BUF    | 5
    """)
    (finding,) = found(tables, "W02").values()
    assert (finding["finding_id"], finding["severity"], finding["rand_cents"]) == (
        "W02:bridge:2019/20",
        "high",
        150 * R,
    )


def test_w02_project_beyond_the_budgets_last_year_is_not_yet_due(found):
    tables = country("""
        document | project | 2019 | 2024
        idp      | bridge  | -    | 150
        idp      | road    | 5    | -
        budget   | road    | 5    | -
    """)
    assert found(tables, "W02") == {}


def test_w02_disappears_when_the_budget_mends(found):
    missing = """
        document | season | project | 2019 | 2020
        idp      | 2019   | bridge  | 10   | -
        budget   | 2019   | road    | 5    | -
    """
    assert list(found(country(missing), "W02")) == ["W02:bridge:2019/20"]
    assert found(country(missing + "\n        budget   | 2019   | bridge  | 10   | -"), "W02") == {}


def test_w03_budgeted_project_that_no_plan_names(found):
    tables = country("""
        document | project | asset_class | place_class    | 2019
        idp      | road    | roads       | located        | 5
        budget   | road    | roads       | located        | 5
        budget   | statue  | heritage    | located        | 30
        budget   | laptops | computer    | city_wide      | 30
        budget   | offices | housing     | administrative | 30
    """)
    (finding,) = found(tables, "W03").values()
    assert finding["finding_id"] == "W03:statue:2019/20"
    assert finding["statement"] == (
        "“Project statue”, R 30 m in the capital budget 2019/20 of Buffalo City, is in no plan: "
        "the IDP 2019/20 and those before do not name it."
    )
    assert finding["cells"] == [
        ("budget BUF 2019.xlsx", "Sheet1", "B4", "Project statue"),
        ("budget BUF 2019.xlsx", "Sheet1", "P4", "30"),
        ("idp BUF 2019.xlsx", "Sheet1", "", ""),
    ]


@pytest.mark.parametrize("plans", ["", "idp | 2020 | road | 5"])
def test_w03_cannot_be_judged_where_no_plan_of_the_year_was_read(found, plans):
    assert (
        found(
            country(f"document | season | project | 2019\nbudget | 2019 | statue | 30\n{plans}"),
            "W03",
        )
        == {}
    )


def test_w03_earlier_plan_is_a_plan(found):
    tables = country("""
        document | season | project | 2018 | 2019
        idp      | 2018   | bridge  | 1    | -
        idp      | 2019   | road    | -    | 1
        budget   | 2019   | bridge  | -    | 30
    """)
    assert found(tables, "W03") == {}


def test_w03_is_less_sure_where_only_the_pipeline_was_read(found):
    tables = country("document | project | 2019\npipeline | road | 5\nbudget | statue | 30")
    (finding,) = found(tables, "W03").values()
    assert (finding["confidence"], finding["rand_low_cents"], finding["rand_high_cents"]) == (
        0.5,
        15 * R,
        30 * R,
    )


def test_w03_row_without_a_name_cannot_be_looked_for(found):
    tables = country(
        "document | project | name | 2019\nidp | road | Road | 5\nbudget | statue | - | 30"
    )
    rows = tables["entries"].to_pylist()
    rows[1]["name"] = ""
    from harvester.engine import schema

    tables["entries"] = schema.ENTRIES.from_rows(rows)
    assert found(tables, "W03") == {}


def test_w04_other_spheres_project_that_the_metro_does_not_name(found):
    tables = country("""
        document            | by     | project | owner  | 2019
        provincial_projects | EC-EDU | school  | EC-EDU | 40
        idp                 | BUF    | road    | BUF    | 5
        pipeline            | BUF    | road    | BUF    | 5
    """)
    (finding,) = found(tables, "W04").values()
    assert finding["finding_id"] == "W04:school:2019/20"
    assert finding["statement"].startswith("“Project school”, R 40 m of ")
    assert finding["statement"].endswith(
        "in Buffalo City, is not named in the metro's IDP and BEPP pipeline 2019/20."
    )
    assert (finding["parties"], finding["spheres"]) == ("BUF,EC-EDU", "local,provincial")
    assert [c for c in finding["cells"] if not c[2]] == [
        ("idp BUF 2019.xlsx", "Sheet1", "", ""),
        ("pipeline BUF 2019.xlsx", "Sheet1", "", ""),
    ]


def test_w04_says_nothing_where_no_plan_was_read(found):
    tables = country(
        "document | by | project | owner | 2019\nprovincial_projects | EC-EDU | school | EC-EDU | 40"
    )
    assert found(tables, "W04") == {}


def test_w04_national_project_stands_in_the_metro_its_point_lies_in(found):
    area = {
        "area_id": "municipality:BUF",
        "layer": "municipality",
        "kind": "municipality",
        "metro": "BUF",
        "priority": False,
    }
    rows = """
        document          | by  | project | owner | metro   | 2019
        national_projects | NT  | college | DHET  | unknown | 40
        idp               | BUF | road    | BUF   | BUF     | 5
    """
    place = {
        "entry_id": "national_projects-NT-2019:0:2",
        "layer": "municipality",
        "area_id": "municipality:BUF",
        "place_class": "located",
        "weight": 1,
        "rule": "point",
    }
    assert found(country(rows), "W04") == {}
    (finding,) = found(country(rows, areas=[area], places=[place]), "W04").values()
    assert finding["metro"] == "BUF"


def test_finding_that_is_hardly_sure_waits_as_a_question_about_links(found):
    tables = country(
        "document | project | 2019\npipeline | bridge | 10\nidp | brug | 10",
        links="a | b | probability\npipeline-BUF-2019:0:2 | idp-BUF-2019:0:3 | 0.95",
    )
    assert found(tables, "W01") == {}


SPLIT = """
    document | project | 2019
    idp      | works   | 60
    budget   | sewer   | 30
    budget   | pumps   | 30
"""
PARTS = "from | to | kind\nworks | sewer | split_into\nworks | pumps | split_into"


def test_a_whole_that_stands_in_the_budget_as_its_parts_is_no_finding(found):
    assert set(found(country(SPLIT))) == {
        "W02:works:2019/20",
        "W03:sewer:2019/20",
        "W03:pumps:2019/20",
    }
    assert found(country(SPLIT, relations=PARTS)) == {}


def test_parts_of_a_plan_that_the_budget_merged_are_no_finding(found):
    tables = "document | project | 2019\nidp | a | 14\nidp | b | 26\nbudget | w | 41"
    merged = "from | to | kind\na | w | merged_into\nb | w | merged_into"
    assert len(found(country(tables))) == 3
    assert found(country(tables, relations=merged)) == {}


def test_w04_a_plan_that_names_the_whole_knows_its_parts(found):
    tables = """
        document            | by     | project | owner  | 2019
        provincial_projects | EC-EDU | hall    | EC-EDU | 40
        provincial_projects | EC-EDU | class   | EC-EDU | 20
        idp                 | BUF    | school  | EC-EDU | 60
    """
    parts = "from | to | kind\nschool | hall | split_into\nschool | class | split_into"
    assert len(found(country(tables), "W04")) == 2
    assert found(country(tables, relations=parts), "W04") == {}
