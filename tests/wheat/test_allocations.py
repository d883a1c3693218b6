"""W05: grants against the gazette. W15: targets against projects."""

from __future__ import annotations

import datetime as dt
import json

from harvester.engine import schema
from tests.alignment.country import country

R = 100_000_000  # one million rand in cents


def grants(budget: float, *gazettes: tuple[float, str]) -> dict:
    """A metro's table of grants and the gazettes of one grant: (R million, day)."""
    rows = ["document | by | season | project | name | grant | kind | metro | 2019"]
    rows += [f"allocations | NT-{n} | 2019 | g{n} | USDG | USDG | allocation | BUF | {amount}"
             for n, (amount, _) in enumerate(gazettes)]  # fmt: skip
    rows.append(f"allocations | BUF | 2019 | own | USDG | USDG | allocation | BUF | {budget}")
    tables = country("\n".join(rows))
    days = dict(enumerate(day for _, day in gazettes))
    entries, lines = tables["entries"].to_pylist(), tables["lines"].to_pylist()
    for n, entry in enumerate(entries):
        entry["institution"] = entry["institution"].split("-")[0]
        if n in days:
            entry["other_code"] = f"GG {n + 1}"
            entry["extras"] = json.dumps({"gazette_date": days[n], "version": "gazette"})
    gazetted = {entry["entry_id"] for entry in entries if entry["extras"]}
    for one in lines:
        one["phase"] = "gazetted" if one["entry_id"] in gazetted else "budget"
        if one["phase"] == "budget":
            one["calendar"] = "municipal"
    submissions = tables["submissions"].to_pylist()
    for one in submissions:
        one["institution"] = one["institution"].split("-")[0]
        if one["institution"] == "BUF":
            one["published_on"] = dt.date(2019, 5, 31)
            one["calendar"] = "municipal"
    tables["entries"] = schema.ENTRIES.from_rows(entries)
    tables["lines"] = schema.LINES.from_rows(lines)
    tables["submissions"] = schema.SUBMISSIONS.from_rows(submissions)
    return tables


def test_w05_a_budget_of_more_or_less_than_was_gazetted(found):
    (finding,) = found(grants(260, (200, "2019-04-20")), "W05").values()
    assert finding["finding_id"] == "W05:BUF:USDG:2019/20"
    assert finding["statement"] == (
        "Buffalo City budgets R 260 m of the Urban Settlements Development Grant for 2019/20; R 200 m was "
        "gazetted when it adopted."
    )
    assert finding["rand_cents"] == 60 * R
    assert {cell[3] for cell in finding["cells"]} == {"260", "200"}
    assert len(found(grants(150, (200, "2019-04-20")), "W05")) == 1


def test_w05_agreement_rounding_and_an_unread_gazette_are_no_finding(found):
    assert found(grants(200, (200, "2019-04-20")), "W05") == {}
    assert found(grants(202, (200, "2019-04-20")), "W05") == {}
    assert found(grants(200), "W05") == {}


def test_w05_a_cut_gazetted_after_the_budget_was_adopted(found):
    tables = grants(200, (200, "2019-04-20"), (60, "2019-11-29"))
    (finding,) = found(tables, "W05").values()
    assert finding["statement"] == (
        "Urban Settlements Development Grant of Buffalo City for 2019/20 was cut by R 140 m after the budget "
        "was adopted: R 200 m stood gazetted then, R 60 m since GG 2 of 29 November 2019."
    )
    assert finding["rand_cents"] == 140 * R
    assert {cell[3] for cell in finding["cells"]} == {"200", "60"}


def test_w05_a_gazette_before_the_budget_is_what_it_is_measured_by(found):
    assert found(grants(60, (200, "2019-04-20"), (60, "2019-05-20")), "W05") == {}


def performance(targets: str, works: str = "") -> dict:
    header = "document | by | project | name | owner | sphere | kind | function | units | 2019"
    told = [
        f"performance | EC-EDU | - | {name} | EC-EDU | provincial | indicator | education | {units} | -"
        for name, units in (line.split("=") for line in targets.split(";"))
    ]
    built = [
        f"provincial_projects | EC | {n} | {name} | {owner} | provincial | project | {function} |  | 20"
        for n, (name, owner, function) in enumerate(
            (part.strip() for part in line.split(",")) for line in works.split(";") if line
        )
    ]
    return country("\n".join([header, *told, *built]))


SCHOOL = "Vukani Primary School, EC-EDU, education"


def test_w15_a_target_with_nothing_behind_it(found):
    (finding,) = found(
        performance("New libraries built=4;New schools built=9", SCHOOL), "W15"
    ).values()
    assert finding["finding_id"] == "W15:EC-EDU:annual:library:2019/20:New libraries built"
    assert finding["statement"] == (
        "Eastern Cape: Education has the target “New libraries built” for 2019/20, and no project of "
        "libraries in the lists that were read."
    )
    assert finding["rand_cents"] is None
    assert ("performance EC-EDU 2019.xlsx", "Sheet1", "J2", "4.0") in finding["cells"]


def test_w15_without_the_departments_list_nothing_is_known(found):
    assert found(performance("New schools built=9", "Gonubie Clinic, EC-HEA, health"), "W15") == {}


def test_w15_a_target_of_no_works_asks_for_none(found):
    assert found(performance("New schools built=9;Teachers trained=400", SCHOOL), "W15") == {}


def test_w15_works_whose_names_say_nothing_may_be_what_is_missing(found):
    works = f"{SCHOOL}; Masakhane phase 2, EC-EDU, health; Gonubie hospital, EC-EDU, health"
    assert [f["finding_id"] for f in found(performance("New schools built=9;New clinics opened=2", works), "W15").values()
            if "annual" in f["finding_id"]] == []  # fmt: skip


def test_w15_projects_of_a_kind_the_plan_has_no_target_for(found):
    works = "Vukani Primary School, EC-EDU, education; Lwazi High School, EC-EDU, education"
    (finding,) = found(performance("Teachers trained=400", works), "W15").values()
    assert finding["finding_id"] == "W15:EC-EDU:untargeted:school:2019/20"
    assert finding["statement"] == (
        "Eastern Cape: Education has 2 projects of schools, R 40 m, in 2019/20, and no target for them in its "
        "performance plan."
    )
    assert finding["rand_cents"] == 40 * R
    assert found(performance("New schools built=2", works), "W15") == {}
