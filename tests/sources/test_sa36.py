"""SA36: the capital budget as municipalities publish it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl
import pytest
import xlsxwriter
import xlwt

from harvester.domain.errors import UnreadableFileError
from harvester.sources.reading import SourceFile
from harvester.sources.registry import detect
from tests.sources import books
from tests.sources.books import amounts, codes, problems, project, read, sa36

if TYPE_CHECKING:
    from pathlib import Path


def entries(path: Path, **options: str) -> list[dict[str, object]]:
    """Entries of a file."""
    return read(path, **options).source_entries.to_pylist()


def submission(path: Path, **options: str) -> dict[str, object]:
    """The only submission of a file."""
    (found,) = read(path, **options).submissions.to_pylist()
    return found


def test_a_row_becomes_an_entry_with_a_line_for_each_amount(tmp_path: Path) -> None:
    reading = read(sa36(tmp_path / "a.xlsx", [project(1, 10.5, "85425", None, 0, -3)]))
    (entry,) = reading.source_entries.to_pylist()
    assert entry["kind"] == "project"
    assert entry["row"] == 4
    assert entry["name"] == "Upgrade of Road 1"
    assert entry["source_code"] == "PC002003005_00001"
    assert entry["function_text"] == "Roads"
    assert entry["nature_text"] == "New"
    assert entry["location_text"] == "Coastal"
    assert (entry["longitude"], entry["latitude"]) == (27.9, -33.0)
    assert amounts(reading) == [
        ("M4", 10_50, "2017/18", "audited"),
        ("N4", 85_425_00, "2018/19", "forecast"),
        ("P4", 0, "2020/21", "budget"),
        ("Q4", -3_00, "2021/22", "budget"),
    ]
    line = reading.lines.to_pylist()[1]
    assert (line["raw"], line["header"]) == ("85425", "Full Year Forecast 2018/19")
    assert (str(line["period_start"]), str(line["period_end"])) == ("2018-07-01", "2019-06-30")


def test_the_title_says_whose_it_is_and_when_it_was_finalised(tmp_path: Path) -> None:
    found = submission(sa36(tmp_path / "a.xlsx", [project()]))
    assert found["institution"] == "BUF"
    assert found["institution_text"] == "Buffalo City (BUF)"
    assert str(found["published_on"]) == "2020-03-31"
    assert (found["document"], found["financial_year"]) == ("budget", "2019/20")
    assert (found["calendar"], found["stage"]) == ("municipal", "adopted")


@pytest.mark.parametrize(
    ("title", "institution", "stage"),
    [
        ("BUF Buffalo City - Supporting Table SA36 Detailed capital budget", "BUF", "adopted"),
        ("Eastern Cape: Buffalo City (BUF) - Table SA 36 tabled budget", "BUF", "tabled"),
        ("Eastern Cape: Makana(EC104) - Table SA36 Adjusted", "EC104", "adjusted"),
    ],
)
def test_titles_of_other_vintages(tmp_path: Path, title: str, institution: str, stage: str) -> None:
    found = submission(sa36(tmp_path / "a.xlsx", [project()], title=title, sheet="SA36"))
    assert (found["institution"], found["stage"]) == (institution, stage)


def test_what_a_person_says_wins_and_the_difference_is_told(tmp_path: Path) -> None:
    path = sa36(tmp_path / "a.xlsx", [project()])
    reading = read(path, institution="TSH", year="2018/19", stage="draft")
    (found,) = reading.submissions.to_pylist()
    assert (found["institution"], found["financial_year"], found["stage"]) == (
        "TSH",
        "2018/19",
        "draft",
    )
    assert {"institution_forced", "year_disagrees"} <= codes(reading)


def test_amounts_stay_whole_rand_whatever_the_label_says(tmp_path: Path) -> None:
    reading = read(sa36(tmp_path / "a.xlsx", [project(1, None, None, 4_246_464_401)]))
    assert amounts(reading)[0][1] == 4_246_464_401_00
    assert [p["row"] for p in problems(reading, "unit_label_doubted")] == [2]
    assert "unit_implausible" not in codes(reading)


def test_a_sheet_whose_every_amount_is_small_may_be_in_thousands_and_is_doubted(
    tmp_path: Path,
) -> None:
    reading = read(sa36(tmp_path / "a.xlsx", [project(i, 5, 6, 7) for i in range(1, 9)]))
    assert problems(reading, "unit_implausible")
    assert amounts(reading)[0][1] == 5_00


def test_columns_are_known_by_their_headings_in_any_order(tmp_path: Path) -> None:
    """Year columns before the texts, no line breaks, another spelling, an unknown column."""
    headings = [
        "Budget Year +1 2020/21", "budget year 2019/20", "Project Description", "Function",
        "Project number", "Wards", "GPS Latitude", "GPS Longitude", "Comment", "Adjusted Budget 2018/19",
    ]  # fmt: skip
    row = [2, 1, "Bridge", "Roads", "PC1", "Inland", -33, 27.9, "soon", 3]
    reading = read(sa36(tmp_path / "a.xlsx", [row], headings=headings))
    assert sorted(amounts(reading)) == [
        ("A4", 2_00, "2020/21", "budget"), ("B4", 1_00, "2019/20", "budget"),
        ("J4", 3_00, "2018/19", "adjusted"),
    ]  # fmt: skip
    (entry,) = reading.source_entries.to_pylist()
    assert (entry["name"], entry["location_text"], entry["latitude"]) == ("Bridge", "Inland", -33)
    assert entry["extras"] == '{"Comment":"soon"}'
    assert [p["column"] for p in problems(reading, "column_kept_aside")] == ["I"]
    kept = {c["field"]: c["column"] for c in reading.columns.to_pylist() if c["field"] != "amount"}
    assert kept["name"] == "C"


def test_years_in_a_band_above_count_from_the_band(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    bands = [None] * 3 + ["2019/20 Medium Term Revenue & Expenditure Framework", None, None]
    headings = [
        "Function",
        "Project Description",
        "Project Number",
        "Budget Year",
        "Budget Year +1",
        "Budget Year +2",
    ]
    books.workbook(
        path, {"BUF": [[books.SA36_TITLE], bands, headings, ["Roads", "x", "PC1", 1, 2, 3]]}
    )
    assert [a[2:] for a in amounts(read(path))] == [
        (y, "budget") for y in ("2019/20", "2020/21", "2021/22")
    ]


def test_a_missing_budget_year_is_told(tmp_path: Path) -> None:
    headings = [h for h in books.SA36_HEADINGS if "2019/20" not in h]
    reading = read(sa36(tmp_path / "a.xlsx", [project(1, 1, 2, 3, 4)], headings=headings))
    assert reading.submissions.to_pylist()[0]["financial_year"] == "2020/21"
    assert "Budget year 2019/20" in str(problems(reading, "column_missing")[0]["message"])


def test_an_amount_heading_without_a_year_keeps_its_amounts_with_the_year_unknown(
    tmp_path: Path,
) -> None:
    headings = [*books.SA36_HEADINGS[:-1], "Budget year 3"]
    reading = read(sa36(tmp_path / "a.xlsx", [project(1, None, None, 1, 2, 3)], headings=headings))
    assert amounts(reading)[-1] == ("Q4", 3_00, "unknown", "budget")
    assert problems(reading, "column_year_unreadable")[0]["column"] == "Q"


def test_a_repeated_amount_column_counts_once(tmp_path: Path) -> None:
    headings = [*books.SA36_HEADINGS, "Budget year\n2021/22"]
    reading = read(
        sa36(tmp_path / "a.xlsx", [project(1, None, None, 1, 2, 3, 3)], headings=headings)
    )
    assert sum(a[1] for a in amounts(reading)) == 6_00
    assert problems(reading, "column_repeated")[0]["column"] == "R"


def test_the_body_ends_at_the_footnotes_and_later_projects_are_still_read(tmp_path: Path) -> None:
    notes = [
        ["References"],
        ["Must reconcile with Budgeted Capital Expenditure"],
        ["1. Projects that fall above"],
    ]
    reading = read(sa36(tmp_path / "a.xlsx", [project(1), [], *notes, project(2)]))
    assert reading.source_entries.num_rows == 2
    assert [p["row"] for p in problems(reading, "row_after_table")] == [9]
    assert reading.submissions.to_pylist()[0]["rejected_rows"] == 0


def test_totals_and_headings_inside_the_body_are_left_out_and_counted(tmp_path: Path) -> None:
    total = ["Total Capital expenditure", None, None, *[None] * 9, 1, 2, 3]
    rows = [["Parent Municipality:"], project(1), total, ["Roads", None, None, "New"]]
    reading = read(sa36(tmp_path / "a.xlsx", rows))
    assert reading.source_entries.num_rows == 1
    assert problems(reading, "row_heading")[0]["row"] == 4
    assert problems(reading, "row_subtotal")[0]["row"] == 6
    assert problems(reading, "row_not_a_project")[0]["row"] == 7
    assert reading.submissions.to_pylist()[0]["rejected_rows"] == 3


def test_a_project_called_total_with_a_number_is_a_project(tmp_path: Path) -> None:
    reading = read(sa36(tmp_path / "a.xlsx", [project(1, c1="Total station survey equipment")]))
    assert reading.source_entries.num_rows == 1


def test_rows_without_a_number_or_a_name_are_kept_for_their_money_and_told(tmp_path: Path) -> None:
    rows = [project(1, c2=None), project(2, c1=None), project(3, c0=None)]
    reading = read(sa36(tmp_path / "a.xlsx", rows))
    assert reading.source_entries.num_rows == 3
    assert [p["row"] for p in problems(reading, "row_without_code")] == [4]
    assert [p["row"] for p in problems(reading, "row_without_name")] == [5]
    assert [p["row"] for p in problems(reading, "row_without_function")] == [6]


def test_a_number_used_twice_is_told_at_the_second_row(tmp_path: Path) -> None:
    (problem,) = problems(
        read(sa36(tmp_path / "a.xlsx", [project(7), project(7)])), "code_repeated"
    )
    assert (problem["row"], problem["column"]) == (5, "C")
    assert "row 4" in str(problem["message"])


def test_placeholders_and_lists_cut_off_are_told(tmp_path: Path) -> None:
    row = project(1, c6="OWN MUNICIPAL STRATEGIC OBJECTIVE", c9="Coastal,Midland,...")
    reading = read(sa36(tmp_path / "a.xlsx", [row, project(2, c6="TO BE CORRECTED")]))
    assert [(p["row"], p["column"]) for p in problems(reading, "placeholder")] == [
        (4, "G"),
        (5, "G"),
    ]
    assert [(p["row"], p["column"]) for p in problems(reading, "list_cut_off")] == [(4, "J")]
    assert reading.source_entries.to_pylist()[0]["location_text"] == "Coastal,Midland,..."


def test_coordinates_of_zero_are_no_place(tmp_path: Path) -> None:
    reading = read(
        sa36(tmp_path / "a.xlsx", [project(1, c10="0", c11="0"), project(2, c10=33.0, c11=-27)])
    )
    assert [e["longitude"] for e in reading.source_entries.to_pylist()] == [None, 33.0]
    assert problems(reading, "coordinates_zero")[0]["severity"] == "note"


def test_a_province_workbook_is_one_submission_for_each_sheet(tmp_path: Path) -> None:
    def sheet(code: str, name: str) -> list[list[object]]:
        title = books.SA36_TITLE.replace("Buffalo City(BUF)", f"{name} ({code})")
        return [[title], ["R thousands"], list(books.SA36_HEADINGS), project(1)]

    path = books.workbook(tmp_path / "ec.xlsx", {
        "Notes": [["read me"]], "BUF": sheet("BUF", "Buffalo City"), "EC104": sheet("EC104", "Makana"),
    })  # fmt: skip
    reading = read(path)
    found = reading.submissions.to_pylist()
    assert [(s["sheet"], s["institution"]) for s in found] == [("BUF", "BUF"), ("EC104", "EC104")]
    assert found[0]["submission_id"].endswith(":1")
    assert len(set(reading.source_entries.column("entry_id").to_pylist())) == 2
    assert problems(reading, "sheet_not_recognised")[0]["sheet"] == "Notes"


@pytest.mark.parametrize("sheet", ["TSH", "BYU"])
def test_a_sheet_of_another_municipality_than_its_title_is_nobodys_until_told(
    tmp_path: Path, sheet: str,
) -> None:  # fmt: skip
    path = sa36(tmp_path / "a.xlsx", [project()], sheet=sheet)
    reading = read(path)
    assert reading.submissions.to_pylist()[0]["institution"] == "unknown"
    assert problems(reading, "institution_disagrees")
    assert reading.source_entries.num_rows == 1
    assert submission(path, institution="BUF")["institution"] == "BUF"


def test_a_municipality_that_does_not_exist_is_told(tmp_path: Path) -> None:
    title = books.SA36_TITLE.replace("Buffalo City(BUF)", "Atlantis (XYZ)")
    reading = read(sa36(tmp_path / "a.xlsx", [project()], title=title, sheet="XYZ"))
    assert reading.submissions.to_pylist()[0]["institution"] == "unknown"
    assert problems(reading, "institution_unknown")


def test_the_same_municipality_twice_in_a_workbook_may_count_twice(tmp_path: Path) -> None:
    rows = [[books.SA36_TITLE], ["R thousands"], list(books.SA36_HEADINGS), project(1)]
    reading = read(books.workbook(tmp_path / "a.xlsx", {"BUF": rows, "SA36": rows}))
    assert problems(reading, "sheet_of_same_institution")[0]["sheet"] == "SA36"


def test_a_sheet_of_another_province_is_told(tmp_path: Path) -> None:
    def sheet(code: str) -> list[list[object]]:
        title = f"({code}) - Table SA36 Detailed Capital Budget"
        return [[title], ["R thousands"], list(books.SA36_HEADINGS), project(1)]

    path = books.workbook(tmp_path / "a.xlsx", {c: sheet(c) for c in ("BUF", "EC104", "TSH")})
    (problem,) = problems(read(path), "sheet_of_another_municipality")
    assert problem["sheet"] == "TSH"


def test_a_heading_without_rows_is_an_empty_submission(tmp_path: Path) -> None:
    reading = read(sa36(tmp_path / "a.xlsx", []))
    assert reading.source_entries.num_rows == 0
    assert "no_rows" in codes(reading)


def test_the_same_table_reads_the_same_from_xls_and_ods_and_csv(tmp_path: Path) -> None:
    rows = [
        [books.SA36_TITLE],
        ["R thousands"],
        list(books.SA36_HEADINGS),
        project(1, 1, 2.5, 3, 4, 5),
    ]
    xlsx = books.workbook(tmp_path / "a.xlsx", {"BUF": rows})
    old = xlwt.Workbook()
    sheet = old.add_sheet("BUF")
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            sheet.write(r, c, value)
    old.save(str(tmp_path / "a.xls"))
    ods = books.ods(tmp_path / "a.ods", "".join(map(books.ods_row, rows)))
    wanted = read(xlsx)
    for other in (tmp_path / "a.xls", ods):
        found = read(other)
        assert amounts(found) == amounts(wanted)
        names = ["name", "source_code", "row", "longitude", "latitude", "location_text"]
        assert found.source_entries.select(names).equals(wanted.source_entries.select(names))


def test_a_title_less_sheet_is_known_by_its_headings(tmp_path: Path) -> None:
    path = books.workbook(tmp_path / "a.xlsx", {"BUF": [list(books.SA36_HEADINGS), project(1)]})
    assert detect(SourceFile.at(path)) == "sa36"
    assert submission(path)["institution"] == "BUF"


def test_a_file_forced_to_be_an_sa36_that_is_none_says_so(tmp_path: Path) -> None:
    path = books.workbook(tmp_path / "a.xlsx", {"Notes": [["hello", "world"]]})
    with pytest.raises(UnreadableFileError, match=r"SA36 table \(sheets: Notes\)"):
        read(path, format="sa36")


def test_reading_twice_gives_the_same_tables(tmp_path: Path) -> None:
    path = sa36(tmp_path / "a.xlsx", [project(i, 1, 2, 3) for i in range(5)])
    first, second = read(path).tables(), read(path).tables()
    assert all(first[name].equals(second[name]) for name in first)


@pytest.mark.slow
def test_20_000_projects_are_read_whole(tmp_path: Path) -> None:
    path = sa36(tmp_path / "a.xlsx", [project(i, i, i, i, i, i) for i in range(20_000)])
    reading = read(path)
    assert reading.lines.num_rows == 100_000


@pytest.mark.shared
@pytest.mark.parametrize(
    ("file", "entries", "institution", "year"),
    [
        ("failtest", 27, "unknown", "2019/20"), ("failyear", 27, "BUF", "2020/21"),
        ("test", 2, "BUF", "2019/20"),
    ],
)  # fmt: skip
def test_real_files_agree_with_openpyxl_to_the_rand(
    shared_data: Path, file: str, entries: int, institution: str, year: str,
) -> None:  # fmt: skip
    path = shared_data / "municipal-data/sa36_sc36" / f"{file}.xlsx"
    reading = read(path)
    (found,) = reading.submissions.to_pylist()
    assert (found["entries"], found["institution"], found["financial_year"]) == (
        entries,
        institution,
        year,
    )
    sheet = openpyxl.load_workbook(path, data_only=True).worksheets[0]
    expected = {
        cell.coordinate: round(float(cell.value) * 100)
        for row in sheet.iter_rows(min_row=4, max_row=3 + entries, min_col=13)
        for cell in row
        if cell.value not in (None, "")
    }
    assert {cell: cents for cell, cents, _, _ in amounts(reading)} == expected


@pytest.mark.shared
def test_the_real_budget_has_25_placeholders_and_11_lists_cut_off(shared_data: Path) -> None:
    reading = read(shared_data / "municipal-data/sa36_sc36/failtest.xlsx")
    assert len(problems(reading, "placeholder")) == 25
    assert len(problems(reading, "coordinates_zero")) == 25
    assert len(problems(reading, "list_cut_off")) == 11
    assert [p["row"] for p in problems(reading, "row_without_name")] == [5, 25]


def test_a_printed_schedule_with_its_heading_over_three_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("SA36")
    sheet.write("A1", "BUF Buffalo City - Supporting Table SA36 Detailed capital budget")
    heads = {
        "A": "Municipal Vote/Capital project", "B": "Program/Project description",
        "C": "Project number", "D": "Asset Class\n4", "E": "GPS co-ordinates\n5",
        "F": "Total Project Estimate",
    }  # fmt: skip
    for column, text in heads.items():
        sheet.merge_range(f"{column}2:{column}4", text)
    sheet.merge_range("G2:H2", "Prior year outcomes")
    sheet.merge_range("I2:K2", "2019/20 Medium Term Revenue & Expenditure Framework")
    sheet.write_row("G3", [
        "Audited Outcome 2017/18", "Current Year 2018/19 Full Year Forecast", "Budget Year 2019/20",
        "Budget Year +1 2020/21", "Budget Year +2 2021/22",
    ])  # fmt: skip
    sheet.write("A5", "R thousand")
    sheet.write("A6", "Parent municipality:")
    sheet.write("A7", "List all capital projects grouped by Municipal Vote")
    sheet.write_row("A8", ["Roads", "Fix road", "P1", "Roads", "-33.0,27.9", 5000, 1, 2, 3, 4, 5])
    sheet.write_row("A9", ["Total Capital expenditure", "", "", "", "", 5000, 1, 2, 3, 4, 5])
    sheet.write("A11", "References")
    book.close()
    reading = read(path)
    assert [(a[2], a[3]) for a in amounts(reading)] == [
        ("2017/18", "audited"), ("2018/19", "forecast"), ("2019/20", "budget"),
        ("2020/21", "budget"), ("2021/22", "budget"),
    ]  # fmt: skip
    (entry,) = reading.source_entries.to_pylist()
    assert (entry["name"], entry["longitude"], entry["total_cost_cents"]) == (
        "Fix road",
        27.9,
        5000_00,
    )
    assert problems(reading, "unit_label_doubted")[0]["row"] == 5
    assert problems(reading, "row_subtotal")[0]["row"] == 9
    assert "row_after_table" not in codes(reading)


def test_a_heading_repeated_on_a_printed_page_is_no_project(tmp_path: Path) -> None:
    reading = read(sa36(tmp_path / "a.xlsx", [project(1), list(books.SA36_HEADINGS), project(2)]))
    assert reading.source_entries.num_rows == 2
    assert "amount_not_a_number" not in codes(reading)


def test_actuals_in_the_same_workbook_are_read_as_actuals(tmp_path: Path) -> None:
    path = books.workbook(tmp_path / "a.xlsx", {
        "SA36": [[books.SA36_TITLE], list(books.SA36_HEADINGS), project(1)],
        "SC36": [[books.SC36_TITLE], list(books.SC36_HEADINGS), project(1, *books.spending(M01=5))],
    })  # fmt: skip
    reading = read(path)
    assert [s["document"] for s in reading.submissions.to_pylist()] == ["budget", "in_year"]
    assert {a[3] for a in amounts(reading)} == {"budget", "actual"}
    assert not codes(reading) & {"sheet_not_recognised", "sheet_of_same_institution"}
