"""ENE: national projects, one row for each project and year."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from tests.sources.books import amounts, codes, problems, read

if TYPE_CHECKING:
    from pathlib import Path

HEAD = (
    "administration_type,government_institution,sector,project_name,project_description,gps_code,"
    "nature_of_investment,infrastructure_type,current_project_stage,sip_category,"
    "total_project_cost,br_featured,featured,financial_year,budget_phase,amount_rands,project_slug"
)


def ene(path: Path, *rows: str, head: str = HEAD) -> Path:
    """An ENE file."""
    path.write_text("\n".join([head, *rows]) + "\n", "utf-8")
    return path


def row(name: str = "Dam", gps: str = '"-31.45, 29.45"', year: str = "2019", phase: str = "MTEF",
        amount: str = "100", cost: str = "500", slug: str = "dam") -> str:  # fmt: skip
    """One row."""
    return (
        f"National,Water,Economic,{name},Build a dam,{gps},New,Dams,Design,SIP 18.,{cost},BR,TRUE,"
        f"{year},{phase},{amount},{slug}"
    )


def test_rows_of_one_project_are_one_entry_with_a_line_for_each_year(tmp_path: Path) -> None:
    rows = [
        row(year="2017", phase="Audited Outcome", amount="1"),
        row(year="2018", phase="Adjusted Appropriation", amount="2"),
        row(name="Weir", slug="weir", amount="9"),
        row(year="2019", amount="3"), row(year="2020/21", amount=""),
    ]  # fmt: skip
    reading = read(ene(tmp_path / "a.csv", *rows))
    assert [(e["row"], e["name"]) for e in reading.source_entries.to_pylist()] == [
        (2, "Dam"),
        (4, "Weir"),
    ]
    assert amounts(reading) == [
        ("P2", 1_00, "2017/18", "audited"), ("P3", 2_00, "2018/19", "adjusted"),
        ("P4", 9_00, "2019/20", "budget"), ("P5", 3_00, "2019/20", "budget"),
    ]  # fmt: skip
    ids = reading.lines.column("entry_id").to_pylist()
    assert ids[0] == ids[1] == ids[3] != ids[2]
    (found,) = reading.submissions.to_pylist()
    assert (found["institution"], found["financial_year"]) == ("NT", "2019/20")
    assert (found["document"], found["calendar"]) == ("national_projects", "national")


def test_without_a_slug_department_and_name_tell_projects_apart(tmp_path: Path) -> None:
    head = HEAD.removesuffix(",project_slug")
    rows = [
        r.rpartition(",")[0] for r in (row(), row(name="  DAM ", year="2020"), row(name="Weir"))
    ]
    reading = read(ene(tmp_path / "a.csv", *rows, head=head))
    assert [e["name"] for e in reading.source_entries.to_pylist()] == ["Dam", "Weir"]


def test_other_headings_of_the_same_list(tmp_path: Path) -> None:
    head = HEAD.replace("administration_type", "Sphere").replace(
        "government_institution", "department"
    )
    head = head.replace("total_project_cost", "estimated_total_project_cost").replace(
        "amount_rands", "amount"
    )
    reading = read(ene(tmp_path / "a.csv", row(), head=head))
    (entry,) = reading.source_entries.to_pylist()
    assert (entry["owner_text"], entry["sphere_text"], entry["total_cost_cents"]) == (
        "Water",
        "National",
        500_00,
    )


def test_points_words_and_programmes(tmp_path: Path) -> None:
    rows = [
        row(slug="a"), row(slug="b", gps='"-26.378582,27.654933 and -26.1,28.3"'),
        row(slug="c", gps="Various", cost="0"), row(slug="d", gps="Not specified"),
        row(slug="e", name="School backlogs grant", gps=""), row(slug="f", gps='"31.45, 29.45"'),
        row(slug="g", name="Eastern Cape: Bambisana hospital"),
    ]  # fmt: skip
    reading = read(ene(tmp_path / "a.csv", *rows))
    found = {e["source_code"]: e for e in reading.source_entries.to_pylist()}
    assert (found["a"]["longitude"], found["a"]["latitude"]) == (29.45, -31.45)
    assert found["b"]["points"] == "27.654933 -26.378582;28.3 -26.1"
    assert [found[s]["kind"] for s in "abcdefg"] == [
        "project",
        "project",
        "programme",
        "project",
        "programme",
        "project",
        "project",
    ]
    assert found["c"]["location_text"] == "Various"
    assert found["c"]["total_cost_cents"] is None
    assert found["f"]["longitude"] is None
    assert found["g"]["province_text"] == "Eastern Cape"
    assert {"total_cost_zero", "coordinates_not_given", "coordinates_outside_country"} <= codes(
        reading
    )


def test_what_changes_from_year_to_year_is_told(tmp_path: Path) -> None:
    reading = read(
        ene(tmp_path / "a.csv", row(), row(year="2020", cost="600").replace("Design", "Tender"))
    )
    told = problems(reading, "text_differs")
    assert {(p["row"], p["header"]) for p in told} == {
        (3, "current_project_stage"),
        (3, "total_project_cost"),
    }


def test_years_and_phases_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    rows = [row(year="soon"), row(phase="Dream"), row(year="2020"), row(year="2020"), ",,,,,x"]
    reading = read(ene(tmp_path / "a.csv", *rows))
    assert amounts(reading) == [
        ("P2", 100_00, "unknown", "budget"),
        ("P4", 100_00, "2020/21", "budget"),
    ]
    expected = {
        "year_unreadable": 2,
        "phase_unknown": 3,
        "line_repeated": 5,
        "row_not_a_project": 6,
    }
    assert {c: problems(reading, c)[0]["row"] for c in expected} == expected


@pytest.mark.shared
def test_the_real_list_agrees_with_the_csv_module(shared_data: Path) -> None:
    path = shared_data / "vulekamali-datamanager/ene/infrastructure-projects-2019-20.csv"
    reading = read(path)
    (found,) = reading.submissions.to_pylist()
    assert (found["entries"], found["lines"], found["financial_year"]) == (25, 175, "2019/20")
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    total = sum(round(float(r["amount_rands"]) * 100) for r in rows)
    assert sum(a[1] for a in amounts(reading)) == total
    assert amounts(reading)[0] == ("P2", 1_368_285_000_00, "2015/16", "audited")
