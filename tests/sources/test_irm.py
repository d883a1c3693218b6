"""IRM: provincial and national infrastructure lists in every layout."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import openpyxl
import pytest

from harvester.sources.tables.workbook import column_index
from tests.sources import books
from tests.sources.books import amounts, codes, problems, read

if TYPE_CHECKING:
    from pathlib import Path

HEADINGS = [
    "Project ID", "Project No", "Project Name", "Province", "Department", "Sector",
    "Local Municipality", "District Municipality", "Latitude", "Longitude", "Project Status",
    "Project Start Date", "Estimated Construction Start Date", "Estimated Project Completion Date",
    "Contracted Construction End Date", "Estimated Construction End Date", "Professional Fees",
    "Construction Costs", "Variation Orders", "Total Project Cost",
    "Project Expenditure from Previous Financial Years (Professional Fees)",
    "Project Expenditure from Previous Financial Years (Construction Costs)",
    "Project Expenditure from Previous Financial Years (TOTAL)", "Project Expenditure (TOTAL)",
    "Main Budget Appropriation (Professional Fees)",
    "Adjustment Budget Appropriation (Professional Fees)",
    "Main Budget Appropriation (Construction Costs)",
    "Adjustment Budget Appropriation (Construction Costs)", "Main Budget Appropriation (TOTAL)",
    "Adjustment Budget Appropriation (TOTAL)", "Actual Expenditure Q1", "Actual Expenditure Q2",
    "Actual Expenditure Q3", "Actual Expenditure Q4", "Budget Programme",
    "Primary Funding Source", "Nature of Investment", "Funding Status",
    *["Project Contractor"] * 49,
]  # fmt: skip


def row(number: int = 1, **cells: object) -> list[object]:
    """A good row; ``cells`` replace cells by column letter (``AC=5``)."""
    made: list[object] = [
        30_000 + number, f"W/{number}/WS", f"BLUE SCHOOL {number}", "KwaZulu-Natal", "Education",
        "Education", "eThekwini", "eThekwini", -29.8, 31.0, "Construction 10%",
        *[None] * (len(HEADINGS) - 11),
    ]  # fmt: skip
    made[34:38] = [
        "Programme 2",
        "Education Infrastructure Grant",
        "Upgrading and Additions",
        "Tabled",
    ]
    for letters, value in cells.items():
        made[column_index(letters)] = value
    return made


def irm(path: Path, rows: list[list[object]], headings: list[str] | None = None) -> Path:
    """An IRM workbook."""
    return books.workbook(path, {"Sheet1": [headings or HEADINGS, *rows]})


def test_amounts_have_their_phase_year_and_quarter(tmp_path: Path) -> None:
    path = irm(
        tmp_path / "a.xlsx", [row(1, AC=337_000, AD=400_000, W=556_479, AE=0, AG="20 075.50")]
    )
    reading = read(path, year="2018/19")
    assert amounts(reading) == [
        ("AC2", 337_000_00, "2018/19", "budget"), ("AD2", 400_000_00, "2018/19", "adjusted"),
        ("W2", 556_479_00, "unknown", "spent_before"), ("AE2", 0, "2018/19", "actual"),
        ("AG2", 20_075_50, "2018/19", "actual"),
    ]  # fmt: skip
    quarters = [
        (str(a["period_start"]), str(a["period_end"]))
        for a in reading.lines.to_pylist() if a["phase"] == "actual"
    ]  # fmt: skip
    assert quarters == [("2018-04-01", "2018-06-30"), ("2018-10-01", "2018-12-31")]


def test_a_row_becomes_a_project_of_its_department(tmp_path: Path) -> None:
    path = irm(tmp_path / "a.xlsx", [row(1, L="2016/06/13", N="June 2021", T=680_000)])
    reading = read(path, year="2018/19")
    (entry,) = reading.source_entries.to_pylist()
    assert (entry["source_code"], entry["other_code"]) == ("30001", "W/1/WS")
    assert (entry["owner_text"], entry["province_text"]) == ("Education", "KwaZulu-Natal")
    assert entry["municipality_text"] == "eThekwini"
    assert (str(entry["start_date"]), str(entry["end_date"])) == ("2016-06-13", "2021-06-30")
    assert entry["total_cost_cents"] == 680_000_00
    assert (entry["longitude"], entry["latitude"]) == (31.0, -29.8)
    assert entry["fund_text"] == "Education Infrastructure Grant"
    (found,) = reading.submissions.to_pylist()
    assert (found["institution"], found["document"]) == ("KZN-EDU", "provincial_projects")
    assert (found["calendar"], found["stage"]) == ("national", "in_year")


def test_components_count_where_the_total_is_blank_and_are_checked_where_it_is_not(
    tmp_path: Path,
) -> None:
    rows = [row(1, Y=1, AA=2), row(2, Y=1, AA=2, AC=3), row(3, Y=100, AA=200, AC=500)]
    reading = read(irm(tmp_path / "a.xlsx", rows), year="2018/19")
    assert [(a[0], a[1]) for a in amounts(reading)] == [
        ("Y2", 1_00),
        ("AA2", 2_00),
        ("AC3", 3_00),
        ("AC4", 500_00),
    ]
    (problem,) = problems(reading, "amounts_do_not_add_up")
    assert (problem["row"], problem["column"]) == (4, "AC")


def test_adjustments_that_are_zero_throughout_were_not_made_yet(tmp_path: Path) -> None:
    none_yet = read(
        irm(tmp_path / "a.xlsx", [row(1, AC=5, AD=0), row(2, AC=5, AD=0)]), year="2018/19"
    )
    assert {a[3] for a in amounts(none_yet)} == {"budget"}
    assert problems(none_yet, "adjustment_all_zero")
    made = read(irm(tmp_path / "b.xlsx", [row(1, AC=5, AD=0), row(2, AC=5, AD=4)]), year="2018/19")
    assert [a[1] for a in amounts(made) if a[3] == "adjusted"] == [0, 4_00]


def test_contractors_are_gathered_with_their_role(tmp_path: Path) -> None:
    cells = {
        "AM": "Main Contractor:  ABC: Civils",
        "AO": "Program Implementing Agent:  DOPW",
        "AP": "Somebody",
    }
    (entry,) = read(irm(tmp_path / "a.xlsx", [row(1, **cells)])).source_entries.to_pylist()
    assert json.loads(entry["extras"])["contractors"] == [
        {"role": "Main Contractor", "name": "ABC: Civils"},
        {"role": "Program Implementing Agent", "name": "DOPW"},
        {"role": "Other parties", "name": "Somebody"},
    ]


def test_columns_may_be_missing_reordered_added_and_repeated(tmp_path: Path) -> None:
    headings = [
        "Main Budget Appropriation (TOTAL)", "Project Name", "Project ID", "Department",
        "No. jobs created", "Actual Expenditure Q2", "Main Budget Appropriation (TOTAL)", "Province",
        "Project  Status\n", "Project Projected Expenditure Q1",
    ]  # fmt: skip
    rows = [
        [None, "One", 1, "Health", 7, 2, 9, "Gauteng", "On hold", 1],
        [5, "Two", 2, "Health", 7, 2, 6, "Gauteng", "On hold", 1],
    ]
    reading = read(irm(tmp_path / "a.xlsx", rows, headings), year="2018/19")
    assert [a[:2] for a in amounts(reading)] == [
        ("G2", 9_00),
        ("F2", 2_00),
        ("A3", 5_00),
        ("F3", 2_00),
    ]
    assert problems(reading, "column_repeated")[0]["column"] == "G"
    assert [(p["row"], p["column"]) for p in problems(reading, "amount_repeated_differs")] == [
        (3, "G")
    ]
    (first, _) = reading.source_entries.to_pylist()
    assert first["status_text"] == "On hold"
    assert json.loads(first["extras"])["No. jobs created"] == "7"
    assert reading.submissions.to_pylist()[0]["institution"] == "GP-HEA"


@pytest.mark.parametrize(
    ("name", "year", "as_at"),
    [
        ("mock-2018-q2", "2018/19", "2018-09-30"), ("irm_2019_20_Q1", "2019/20", "2019-06-30"),
        ("projects 2019-20", "2019/20", "None"), ("projects", "unknown", "None"),
    ],
)  # fmt: skip
def test_the_year_comes_from_the_name_with_a_note_or_stays_unknown(
    tmp_path: Path, name: str, year: str, as_at: str,
) -> None:  # fmt: skip
    reading = read(irm(tmp_path / f"{name}.xlsx", [row(1, AC=5, AE=1)]))
    (found,) = reading.submissions.to_pylist()
    assert (found["financial_year"], str(found["published_on"])) == (year, as_at)
    assert {a[2] for a in amounts(reading)} == {year}
    assert ("year_from_file_name" if year != "unknown" else "year_not_stated") in codes(reading)


def test_a_year_inside_the_file_needs_no_note(tmp_path: Path) -> None:
    path = books.workbook(
        tmp_path / "a.xlsx", {"S": [["Projects for FY 2018/19"], HEADINGS, row(1, AC=5)]}
    )
    reading = read(path)
    assert amounts(reading)[0][2] == "2018/19"
    assert "year_from_file_name" not in codes(reading)


def test_several_departments_in_one_file_leave_its_publisher_unknown(tmp_path: Path) -> None:
    path = irm(tmp_path / "a.xlsx", [row(1), row(2, D="Gauteng", E="Health")])
    reading = read(path)
    assert reading.submissions.to_pylist()[0]["institution"] == "unknown"
    assert "GP-HEA, KZN-EDU" in str(problems(reading, "institutions_several")[0]["message"])
    assert read(path, institution="GP").submissions.to_pylist()[0]["institution"] == "GP"


def test_a_national_department_makes_a_national_list(tmp_path: Path) -> None:
    (found,) = read(irm(tmp_path / "a.xlsx", [row(1, E="Basic Education")])).submissions.to_pylist()
    assert (found["institution"], found["document"]) == ("DBE", "national_projects")


def test_a_department_we_do_not_know_is_told_and_kept_as_text(tmp_path: Path) -> None:
    reading = read(irm(tmp_path / "a.xlsx", [row(1, E="Wizardry")]))
    assert problems(reading, "owner_unknown")[0]["value"] == "KwaZulu-Natal: Wizardry"
    assert reading.source_entries.to_pylist()[0]["owner_text"] == "Wizardry"


def test_what_is_odd_in_a_row_is_told_and_the_row_is_kept(tmp_path: Path) -> None:
    rows = [
        row(1, T=100, X=200, L="2020-01-01", N="2019-01-01"), row(1, I=29.8), row(3, A=None),
        row(4, C=None), row(5, AC="TBC"), row(6, AC="#REF!", L="31/02/2020"),
    ]  # fmt: skip
    reading = read(irm(tmp_path / "a.xlsx", rows), year="2018/19")
    assert reading.source_entries.num_rows == 6
    expected = {
        "spent_above_cost": (2, "X"), "dates_reversed": (2, "N"), "code_repeated": (3, "A"),
        "coordinates_outside_country": (3, "I"), "row_without_code": (4, "A"),
        "row_without_name": (5, "C"), "amount_not_a_number": (6, "AC"), "error_cell": (7, "AC"),
        "date_impossible": (7, "L"),
    }  # fmt: skip
    found = {c: (p["row"], p["column"]) for c in expected for p in problems(reading, c)[:1]}
    assert found == expected


def test_totals_and_rows_of_nothing_are_left_out(tmp_path: Path) -> None:
    total = row(9, A=None, B=None, C="TOTAL", AC=5)
    nothing = [None] * 10 + ["Tender"]
    reading = read(irm(tmp_path / "a.xlsx", [row(1), total, nothing]))
    assert reading.source_entries.num_rows == 1
    assert reading.submissions.to_pylist()[0]["rejected_rows"] == 2


@pytest.mark.shared
@pytest.mark.parametrize(
    ("file", "entries", "institution"),
    [
        ("test_import_prov_infra_project", 1, "KZN-EDU"), ("test_import_prov_infra_projects", 11, "unknown"),
        ("test_import_prov_infra_projects-update", 3, "KZN-EDU"),
        ("test_import_prov_infra_projects2", 11, "unknown"), ("test_import_nat_infra_project", 1, "DBE"),
        ("test_prov_infra_projects_empty_file", 0, "unknown"),
        ("time-series-chart_mockup-data-2018-q3", 1, "unknown"),
    ],
)  # fmt: skip
def test_real_files_agree_with_openpyxl(
    shared_data: Path, file: str, entries: int, institution: str,
) -> None:  # fmt: skip
    path = shared_data / "vulekamali-datamanager/irm" / f"{file}.xlsx"
    reading = read(path)
    (found,) = reading.submissions.to_pylist()
    assert (found["entries"], found["institution"]) == (entries, institution)
    sheet = openpyxl.load_workbook(path, data_only=True).worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    wanted = [
        "Main Budget Appropriation (TOTAL)",
        *(f"Actual Expenditure Q{n}" for n in range(1, 5)),
    ]
    expected = {
        sheet.cell(r, heads.index(h) + 1).coordinate: round(float(value) * 100)
        for h in wanted
        for r in range(2, entries + 2)
        if (value := sheet.cell(r, heads.index(h) + 1).value) not in (None, "")
    }
    assert {
        c: v for c, v, _, phase in amounts(reading) if phase in {"budget", "actual"}
    } == expected


@pytest.mark.shared
def test_the_real_row_whose_spending_exceeds_its_cost(shared_data: Path) -> None:
    reading = read(shared_data / "vulekamali-datamanager/irm/test_import_prov_infra_project.xlsx")
    (problem,) = problems(reading, "spent_above_cost")
    assert "R 1 315 479 is above the total project cost of R 680 000" in str(problem["message"])
    (entry,) = reading.source_entries.to_pylist()
    assert json.loads(entry["extras"])["contractors"] == [
        {"role": "Program Implementing Agent", "name": "DOPW"}
    ]
