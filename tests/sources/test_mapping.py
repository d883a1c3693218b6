"""Any project list is read by its headings; every row that can be read is read, the rest is told."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pytest
import xlsxwriter
import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harvester.domain.documents import Phase
from harvester.domain.errors import UnreadableFileError, UserError
from harvester.sources import registry
from harvester.sources.mapping import definition as mapping_file
from harvester.sources.mapping import reader as mapping
from harvester.sources.mapping.amounts import amount_column, unit_of
from harvester.sources.reading import Reading, ReadOptions, SourceFile

if TYPE_CHECKING:
    from pathlib import Path

IDP = mapping_file.ready("idp")
BEPP = mapping_file.ready("bepp")


def write_xlsx(path: Path, sheets: dict[str, list[list[Any]]], merged: str = "") -> Path:
    """A workbook of these sheets; dates as dates, text as text."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if isinstance(value, dt.date):
                    sheet.write_datetime(r, c, value, day)
                elif value is not None:
                    sheet.write(r, c, value)
        if merged:
            sheet.merge_range(merged, rows[int(merged[1]) - 1][ord(merged[0]) - 65])
    book.close()
    return path


def read(path: Path, **options: Any) -> Reading:
    """Read as an IDP unless another format or a mapping is told."""
    if "mapping" not in options:
        options.setdefault("format", "idp")
    return mapping.read(SourceFile.at(path), ReadOptions(**options))


def codes(reading: Reading) -> list[str]:
    return reading.problems["code"].to_pylist()


def lines(reading: Reading) -> list[tuple[str, str, str, int]]:
    """(cell, year, fund, cents) of every line."""
    return [
        (x["cell"], x["year"], x["fund_text"], x["amount_cents"]) for x in reading.lines.to_pylist()
    ]


class TestHeadings:
    @pytest.mark.parametrize(
        "heading",
        [
            "Project name",
            "PROJECT NAME",
            " Project\nName ",
            "Project name:",
            "Project  Name *",
            "Name of the project",
            "Project title",
            "PROJECT_NAME",
            "Project-name (as per IDP)",
        ],
    )
    def test_case_spaces_punctuation_and_synonyms_do_not_matter(
        self, tmp_path: Path, heading: str
    ) -> None:
        path = write_xlsx(
            tmp_path / "a.xlsx", {"S": [[heading, "Ward", "2018/19"], ["Reservoir", "12", 5]]}
        )
        entry = read(path).source_entries.to_pylist()[0]
        assert (entry["name"], entry["location_text"]) == ("Reservoir", "12")

    def test_the_heading_may_stand_below_titles_and_notes(self, tmp_path: Path) -> None:
        path = write_xlsx(
            tmp_path / "a.xlsx",
            {
                "S": [
                    ["Buffalo City Metropolitan Municipality"],
                    ["Draft IDP projects"],
                    [],
                    [None, "Project name", "Responsible department", "Budget 2018/19"],
                    [None, "Reservoir", "Water", 5],
                ]
            },
        )
        reading = read(path)
        assert reading.source_entries["row"].to_pylist() == [5]
        assert lines(reading) == [("D5", "2018/19", "", 500)]

    def test_two_heading_rows_with_a_merged_band(self, tmp_path: Path) -> None:
        path = write_xlsx(
            tmp_path / "a.xlsx",
            {
                "S": [
                    ["Project name", "Department", "MTREF", None, None],
                    [None, None, "2018/19", "2019/20", "2020/21"],
                    ["Reservoir", "Water", 1, 2, 3],
                ]
            },
            merged="C1:E1",
        )
        assert [x[1:] for x in lines(read(path))] == [
            ("2018/19", "", 100),
            ("2019/20", "", 200),
            ("2020/21", "", 300),
        ]

    def test_columns_without_a_field_are_kept_beside_the_row_with_one_note_each(
        self, tmp_path: Path
    ) -> None:
        path = write_xlsx(
            tmp_path / "a.xlsx",
            {
                "S": [
                    ["Project name", "Colour of paint", "2018/19"],
                    ["Clinic", "blue", 1],
                    ["School", None, 2],
                ]
            },
        )
        reading = read(path)
        assert json.loads(reading.source_entries["extras"][0].as_py()) == {
            "Colour of paint": "blue"
        }
        assert reading.source_entries["extras"][1].as_py() == ""
        assert codes(reading).count("column_kept_aside") == 1

    def test_two_columns_for_one_field_use_the_first_and_say_so(self, tmp_path: Path) -> None:
        path = write_xlsx(
            tmp_path / "a.xlsx",
            {
                "S": [
                    ["Project name", "Project title", "2018/19"],
                    ["Clinic", "New clinic", 1],
                ]
            },
        )
        reading = read(path)
        assert reading.source_entries["name"].to_pylist() == ["Clinic"]
        assert "field_twice" in codes(reading)

    def test_without_names_the_descriptions_are_the_names(self, tmp_path: Path) -> None:
        path = write_xlsx(
            tmp_path / "a.xlsx",
            {"S": [["No.", "Project description", "2018/19"], [1, "Resealing of roads", 5]]},
        )
        reading = read(path)
        assert reading.source_entries["name"].to_pylist() == ["Resealing of roads"]
        assert reading.source_entries["source_code"].to_pylist() == [""]
        assert "name_from_description" in codes(reading)

    def test_every_column_is_a_way_back_to_its_cells(self, tmp_path: Path) -> None:
        path = write_xlsx(
            tmp_path / "a.xlsx",
            {
                "S": [
                    ["Project name", "GPS coordinates", "Total project cost", "2018/19"],
                    ["A", "-33, 27.8", 4, 1],
                ]
            },
        )
        found = {(c["field"], c["column"]) for c in read(path).columns.to_pylist()}
        assert found == {
            ("name", "A"),
            ("longitude", "B"),
            ("latitude", "B"),
            ("total_cost_cents", "C"),
            ("amount", "D"),
        }

    def test_a_missing_column_fails_the_file_and_says_what_was_found_and_what_is_needed(
        self, tmp_path: Path
    ) -> None:
        path = write_xlsx(tmp_path / "a.xlsx", {"S": [["Project name", "Ward"], ["Clinic", "3"]]})
        with pytest.raises(UnreadableFileError) as refused:
            read(path)
        assert "Budget 2018/19" in str(refused.value)
        assert "Project name, Ward" in str(refused.value)


class TestAmountHeadings:
    @pytest.mark.parametrize(
        ("heading", "year", "phase", "fund", "factor"),
        [
            ("Budget 2018/19", 2018, Phase.PLANNED, "", 1),
            ("2018/19", 2018, Phase.PLANNED, "", 1),
            ("2018/2019", 2018, Phase.PLANNED, "", 1),
            ("FY 2018-19", 2018, Phase.PLANNED, "", 1),
            ("MTEF year 1 2018/19", 2018, Phase.PLANNED, "", 1),
            ("Year 1 (2018/19)", 2018, Phase.PLANNED, "", 1),
            ("Budget year +1 2019/20", 2019, Phase.PLANNED, "", 1),
            ("Budget\n2018/19\n(R)", 2018, Phase.PLANNED, "", 1),
            ("Draft budget 2018/19 R'000", 2018, Phase.PLANNED, "", 1_000),
            ("2018/19 (R thousand)", 2018, Phase.PLANNED, "", 1_000),
            ("2018/19 Rm", 2018, Phase.PLANNED, "", 1_000_000),
            ("USDG 2018/19", 2018, Phase.PLANNED, "USDG", 1),
            ("2018/19 USDG (R'000)", 2018, Phase.PLANNED, "USDG", 1_000),
            ("MTEF 2018/19 - Own funds", 2018, Phase.PLANNED, "Own funds", 1),
            ("Adjusted budget 2017/18", 2017, Phase.ADJUSTED, "", 1),
            ("Audited outcome 2016/17", 2016, Phase.AUDITED, "", 1),
            ("Actual expenditure 2017/18", 2017, Phase.ACTUAL, "", 1),
            ("Full year forecast 2017/18", 2017, Phase.FORECAST, "", 1),
            ("Budget FY2019/20 (R'm)", 2019, Phase.PLANNED, "", 1_000_000),
            ("National financial year 2019/20", 2019, Phase.PLANNED, "", 1),
            ("2021/2022 R", 2021, Phase.PLANNED, "", 1),
        ],
    )
    def test_read(self, heading: str, year: int, phase: Phase, fund: str, factor: int) -> None:
        found = amount_column(IDP, 0, heading)
        assert found is not None
        assert (found.year, found.phase, found.fund, found.factor) == (year, phase, fund, factor)

    @pytest.mark.parametrize(
        "heading",
        ["Jobs 2018/19", "Budget", "Start 2018/19", "2018", "2018/21", "Households served 2018/19"],
    )
    def test_not_money_or_no_financial_year(self, heading: str) -> None:
        assert amount_column(IDP, 0, heading) is None

    @pytest.mark.parametrize(
        ("heading", "factor", "said"),
        [
            ("Cost (R'000)", 1_000, ["R thousand"]),
            ("Cost R’000", 1_000, ["R thousand"]),
            ("Cost ('000)", 1_000, ["R thousand"]),
            ("Cost R000", 1_000, ["R thousand"]),
            ("Cost (R million)", 1_000_000, ["R million"]),
            ("Cost (R)", 1, ["R"]),
            ("Cost", 1, []),
            ("Cost (R) R'000", 1, ["R thousand", "R"]),
            ("Ward 1000", 1, []),
            ("Erf 3000 Road", 1, []),
        ],
    )
    def test_units_that_a_heading_states(self, heading: str, factor: int, said: list[str]) -> None:
        assert unit_of(heading) == (factor, said)

    def test_a_unit_in_the_heading_multiplies_with_a_note(self, tmp_path: Path) -> None:
        path = write_xlsx(
            tmp_path / "a.xlsx",
            {
                "S": [
                    ["Project name", "Total project cost (R'000)", "2018/19 (R'000)"],
                    ["Clinic", 20, "1 234,5"],
                ]
            },
        )
        reading = read(path)
        assert lines(reading) == [("C2", "2018/19", "", 123_450_000)]
        assert reading.source_entries["total_cost_cents"].to_pylist() == [2_000_000]
        assert codes(reading).count("unit_multiplied") == 2

    def test_conflicting_units_are_read_as_rand_with_a_warning(self, tmp_path: Path) -> None:
        path = write_xlsx(
            tmp_path / "a.xlsx",
            {
                "S": [
                    ["Project name", "2018/19 (R) R'000", "2019/20 R'000", "2020/21"],
                    ["Clinic", 5, 5, 5],
                ]
            },
        )
        reading = read(path)
        assert [x[3] for x in lines(reading)] == [500, 500_000, 500]
        assert {"unit_conflicting", "units_differ"} <= set(codes(reading))

    def test_a_unit_in_a_line_above_is_doubted_not_followed(self, tmp_path: Path) -> None:
        path = write_xlsx(
            tmp_path / "a.xlsx",
            {"S": [["R thousands"], ["Project name", "2018/19"], ["Clinic", 5]]},
        )
        reading = read(path)
        assert lines(reading) == [("B3", "2018/19", "", 500)]
        assert "unit_line_not_followed" in codes(reading)

    def test_a_year_heading_of_something_else_is_kept_aside_with_a_warning(
        self, tmp_path: Path
    ) -> None:
        path = write_xlsx(
            tmp_path / "a.xlsx",
            {"S": [["Project name", "2018/19", "Jobs 2018/19"], ["Clinic", 5, 30]]},
        )
        reading = read(path)
        assert len(lines(reading)) == 1
        assert "amount_column_unclear" in codes(reading)
        assert json.loads(reading.source_entries["extras"][0].as_py()) == {"Jobs 2018/19": "30"}

    def test_a_single_year_may_be_start_or_end_and_is_asked_about(self, tmp_path: Path) -> None:
        path = write_xlsx(
            tmp_path / "a.xlsx",
            {"S": [["Project name", "2018/19", "Budget 2020"], ["Clinic", 5, 6]]},
        )
        reading = read(path)
        assert len(lines(reading)) == 1
        assert "amount_column_single_year" in codes(reading)

    def test_two_columns_of_one_year_are_not_counted_twice(self, tmp_path: Path) -> None:
        path = write_xlsx(
            tmp_path / "a.xlsx",
            {
                "S": [
                    ["Project name", "Draft budget 2018/19", "Final budget 2018/19"],
                    ["Clinic", 5, 6],
                ]
            },
        )
        reading = read(path)
        assert lines(reading) == [("B2", "2018/19", "", 500)]
        assert "amount_column_twice" in codes(reading)

    def test_an_amount_without_a_year_is_read_with_the_year_unknown(self, tmp_path: Path) -> None:
        path = write_xlsx(tmp_path / "a.xlsx", {"S": [["Project name", "Amount"], ["Clinic", 5]]})
        reading = read(path)
        assert lines(reading) == [("B2", "unknown", "", 500)]
        assert "column_year_unreadable" in codes(reading)


class TestAmounts:
    def test_a_total_beside_its_parts_by_fund_is_not_counted_twice(self, tmp_path: Path) -> None:
        path = write_xlsx(
            tmp_path / "a.xlsx",
            {
                "S": [
                    ["Project name", "Owner", "Total 2018/19", "USDG 2018/19", "Own funds 2018/19"],
                    ["whole", "BUF", 30, 10, 20],
                    ["rest", "BUF", 35, 10, 20],
                    ["less", "BUF", 25, 10, 20],
                    ["only total", "BUF", 7, None, None],
                ]
            },
        )
        reading = read(path, format="bepp")
        by_row: dict[str, int] = {}
        for cell, _, _, cents in lines(reading):
            by_row[cell[1:]] = by_row.get(cell[1:], 0) + cents
        assert by_row == {"2": 3_000, "3": 3_500, "4": 3_000, "5": 700}
        assert ("C3", "2018/19", "", 500) in lines(reading)
        assert {"total_above_parts", "total_below_parts"} <= set(codes(reading))

    def test_long_form_makes_one_entry_of_the_rows_of_an_item(self, tmp_path: Path) -> None:
        path = write_xlsx(
            tmp_path / "a.xlsx",
            {
                "S": [
                    ["Project name", "Financial year", "Funding source", "Amount"],
                    ["Clinic", "2018/19", "USDG", 5],
                    ["Clinic", "2019/20", "Own funds", 6],
                    ["School", "2018/2019", None, 7],
                    ["School", "soon", None, 8],
                ]
            },
        )
        reading = read(path)
        assert reading.source_entries["name"].to_pylist() == ["Clinic", "School"]
        assert reading.source_entries["row"].to_pylist() == [2, 4]
        assert lines(reading) == [
            ("D2", "2018/19", "USDG", 500),
            ("D3", "2019/20", "Own funds", 600),
            ("D4", "2018/19", "", 700),
            ("D5", "unknown", "", 800),
        ]
        assert "year_unreadable" in codes(reading)

    def test_blank_is_not_zero_and_zero_is_kept(self, tmp_path: Path) -> None:
        path = write_xlsx(
            tmp_path / "a.xlsx",
            {"S": [["Project name", "2018/19", "2019/20"], ["Clinic", None, 0]]},
        )
        assert lines(read(path)) == [("C2", "2019/20", "", 0)]

    def test_an_amount_that_cannot_be_read_loses_only_itself(self, tmp_path: Path) -> None:
        path = write_xlsx(
            tmp_path / "a.xlsx",
            {"S": [["Project name", "2018/19", "2019/20"], ["Clinic", "see note", "(500)"]]},
        )
        reading = read(path)
        assert lines(reading) == [("C2", "2019/20", "", -50_000)]
        problem = next(
            p for p in reading.problems.to_pylist() if p["code"] == "amount_not_a_number"
        )
        assert (problem["row"], problem["column"], problem["header"], problem["value"]) == (
            2,
            "B",
            "2018/19",
            "see note",
        )

    @settings(
        max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(
        amounts=st.lists(
            st.lists(st.one_of(st.none(), st.integers(-(10**9), 10**9)), min_size=3, max_size=3),
            min_size=1,
            max_size=6,
        )
    )
    def test_every_rand_of_the_sheet_is_in_the_lines(
        self, tmp_path: Path, amounts: list[list[int | None]]
    ) -> None:
        rows = [["Project name", "2018/19", "2019/20", "2020/21"]]
        rows += [[f"P{n}", *row] for n, row in enumerate(amounts)]
        reading = read(write_xlsx(tmp_path / "a.xlsx", {"S": rows}))
        whole = sum(a for row in amounts for a in row if a is not None)
        assert sum(reading.lines["amount_cents"].to_pylist()) == whole * 100


class TestRows:
    def test_totals_footnotes_section_lines_and_repeated_headings_are_passed_over_and_told(
        self, tmp_path: Path
    ) -> None:
        heading = ["IDP reference", "Project name", "2018/19"]
        path = write_xlsx(
            tmp_path / "a.xlsx",
            {
                "S": [
                    heading,
                    ["Water and sanitation"],
                    ["1", "Reservoir", 5],
                    ["2", "Total station for surveyors", 3],
                    [None, "Sub-total", 8],
                    heading,
                    ["3", "Clinic", 4],
                    ["Grand Total", None, 12],
                    ["Source: directorate of finance"],
                ]
            },
        )
        reading = read(path)
        assert reading.source_entries["name"].to_pylist() == [
            "Reservoir",
            "Total station for surveyors",
            "Clinic",
        ]
        told = {
            (p["row"], p["code"]) for p in reading.problems.to_pylist() if p["row"] and p["row"] > 1
        }
        assert {
            (2, "row_passed_over"),
            (5, "row_subtotal"),
            (6, "heading_repeated"),
            (8, "row_subtotal"),
            (9, "row_passed_over"),
        } <= told

    def test_a_total_of_grants_is_never_a_grant(self, tmp_path: Path) -> None:
        rows = [["Grant", "2018/19"], ["USDG", 5], ["Total conditional transfers", 5]]
        path = write_xlsx(tmp_path / "a.xlsx", {"S": rows})
        assert read(path, format="municipal-grants").source_entries["name"].to_pylist() == ["USDG"]

    def test_a_row_without_a_name_is_read_and_told_and_an_empty_one_is_rejected(
        self, tmp_path: Path
    ) -> None:
        path = write_xlsx(
            tmp_path / "a.xlsx",
            {
                "S": [
                    ["Project name", "Ward", "Department", "2018/19"],
                    [None, "3", "Water", 5],
                    [None, "4", "Water", None],
                ]
            },
        )
        reading = read(path)
        assert reading.source_entries["row"].to_pylist() == [2]
        assert reading.submissions["rejected_rows"].to_pylist() == [1]
        assert {"row_without_name", "row_not_a_project"} <= set(codes(reading))

    def test_the_same_code_twice_is_a_warning_and_both_rows_are_read(self, tmp_path: Path) -> None:
        path = write_xlsx(
            tmp_path / "a.xlsx",
            {"S": [["IDP no", "Project name", "2018/19"], ["1", "A", 1], ["1", "B", 2]]},
        )
        reading = read(path)
        assert len(reading.source_entries) == 2
        assert "code_repeated" in codes(reading)

    def test_fields_of_many_kinds(self, tmp_path: Path) -> None:
        path = write_xlsx(
            tmp_path / "a.xlsx",
            {
                "S": [
                    [
                        "Project name",
                        "GPS",
                        "Start date",
                        "Completion date",
                        "Beneficiaries or units",
                        "mSCOA number",
                        "BEPP ref",
                        "2018/19",
                    ],
                    [
                        "Clinic",
                        "-32.98,27.87; -33.01,27.90",
                        "1 Aug 2018",
                        "June 2020",
                        "about 40",
                        "PC1; PC2",
                        "B-1",
                        5,
                    ],
                ]
            },
        )
        entry = read(path).source_entries.to_pylist()[0]
        assert (entry["longitude"], entry["latitude"]) == (27.87, -32.98)
        assert entry["points"] == "27.87 -32.98;27.9 -33.01"
        assert (entry["start_date"], entry["end_date"]) == (
            dt.date(2018, 8, 1),
            dt.date(2020, 6, 30),
        )
        assert entry["units"] is None
        assert json.loads(entry["extras"]) == {"Beneficiaries or units": "about 40"}
        assert entry["references_text"] == "PC1;PC2;B-1"

    def test_coordinates_abroad_or_swapped_are_told_and_not_used(self, tmp_path: Path) -> None:
        path = write_xlsx(
            tmp_path / "a.xlsx",
            {
                "S": [
                    ["Project name", "Latitude", "Longitude", "2018/19"],
                    ["Clinic", 27.87, -32.98, 5],
                ]
            },
        )
        reading = read(path)
        assert reading.source_entries["longitude"].to_pylist() == [None]
        assert "coordinates_outside_country" in codes(reading)

    def test_an_error_cell_is_told_and_empty(self, tmp_path: Path) -> None:
        path = write_xlsx(
            tmp_path / "a.xlsx",
            {"S": [["Project name", "Department", "2018/19"], ["Clinic", "#REF!", "#REF!"]]},
        )
        reading = read(path)
        assert reading.source_entries["owner_text"].to_pylist() == [""]
        assert codes(reading).count("error_cell") == 2

    def test_text_merged_downwards_belongs_to_each_row_but_an_amount_to_the_first(
        self, tmp_path: Path
    ) -> None:
        rows = [
            ["Project name", "Department", "2018/19"],
            ["A", "Water", 1],
            ["B", None, 2],
            ["C", None, 3],
        ]
        reading = read(write_xlsx(tmp_path / "a.xlsx", {"S": rows}, merged="B2:B4"))
        assert reading.source_entries["owner_text"].to_pylist() == ["Water"] * 3

    def test_rows_of_another_municipality_are_read_with_a_warning(self, tmp_path: Path) -> None:
        path = write_xlsx(
            tmp_path / "a.xlsx",
            {
                "S": [
                    ["Project name", "Municipality", "2018/19"],
                    ["A", "Buffalo City", 1],
                    ["B", "City of Tshwane", 2],
                ]
            },
        )
        reading = read(path, institution="BUF")
        assert len(reading.source_entries) == 2
        assert [
            p["row"]
            for p in reading.problems.to_pylist()
            if p["code"] == "row_of_another_municipality"
        ] == [3]


class TestSubmission:
    LIST: list[list[Any]] = [["Project name", "2018/19"], ["Clinic", 1]]

    def test_the_submission_sheet_says_who_when_and_how_far(self, tmp_path: Path) -> None:
        path = write_xlsx(
            tmp_path / "a.xlsx",
            {
                "Submission": [
                    ["Institution code", "BUF - Buffalo City"],
                    ["Financial year", "2017/2018"],
                    ["Stage", "Final"],
                    ["Published on", dt.date(2017, 5, 31)],
                ],
                "Projects": self.LIST,
            },
        )
        found = read(path).submissions.to_pylist()[0]
        assert (
            found["institution"],
            found["financial_year"],
            found["stage"],
            found["published_on"],
        ) == (
            "BUF",
            "2017/18",
            "adopted",
            dt.date(2017, 5, 31),
        )

    def test_what_a_person_says_wins(self, tmp_path: Path) -> None:
        path = write_xlsx(
            tmp_path / "a.xlsx",
            {
                "Submission": [["Institution", "BUF"], ["Year", "2017/18"], ["Stage", "draft"]],
                "Projects": self.LIST,
            },
        )
        reading = read(path, institution="NMA", year="2018/19", stage="tabled")
        found = reading.submissions.to_pylist()[0]
        assert (found["institution"], found["financial_year"], found["stage"]) == (
            "NMA",
            "2018/19",
            "tabled",
        )
        assert codes(reading).count("submission_sheet_overruled") == 3

    def test_what_is_not_said_is_unknown_and_told(self, tmp_path: Path) -> None:
        reading = read(write_xlsx(tmp_path / "a.xlsx", {"S1": self.LIST}))
        found = reading.submissions.to_pylist()[0]
        assert found["institution"] == "unknown"
        assert (found["financial_year"], found["stage"]) == ("2018/19", "adopted")
        assert {"institution_not_stated", "year_from_columns", "stage_assumed"} <= set(
            codes(reading)
        )

    def test_a_wrong_word_in_the_submission_sheet_is_told_at_its_cell(self, tmp_path: Path) -> None:
        path = write_xlsx(
            tmp_path / "a.xlsx", {"Submission": [["Institution code", "Gotham"]], "P": self.LIST}
        )
        problem = next(
            p for p in read(path).problems.to_pylist() if p["code"] == "submission_sheet_wrong"
        )
        assert (problem["sheet"], problem["row"], problem["column"], problem["value"]) == (
            "Submission",
            1,
            "B",
            "Gotham",
        )

    def test_a_sheet_named_after_a_municipality_says_whose_it_is(self, tmp_path: Path) -> None:
        reading = read(write_xlsx(tmp_path / "a.xlsx", {"BUF": self.LIST, "TSH": self.LIST}))
        assert reading.submissions["institution"].to_pylist() == ["BUF", "TSH"]

    def test_a_sheet_of_another_municipality_is_a_warning(self, tmp_path: Path) -> None:
        reading = read(write_xlsx(tmp_path / "a.xlsx", {"TSH": self.LIST}), institution="BUF")
        assert "sheet_of_another_municipality" in codes(reading)

    def test_a_wrong_option_is_refused(self, tmp_path: Path) -> None:
        path = write_xlsx(tmp_path / "a.xlsx", {"S": self.LIST})
        for options in ({"institution": "Gotham"}, {"year": "2018"}, {"stage": "done"}):
            with pytest.raises(UserError):
                read(path, **options)

    def test_hidden_and_foreign_sheets_are_passed_over_and_told(self, tmp_path: Path) -> None:
        book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
        for name in ("Projects", "Old", "Contacts"):
            sheet = book.add_worksheet(name)
            rows = [["Person", "Phone"], ["A", "1"]] if name == "Contacts" else self.LIST
            for n, row in enumerate(rows):
                sheet.write_row(n, 0, row)
            if name == "Old":
                sheet.hide()
        book.close()
        reading = read(tmp_path / "a.xlsx")
        assert reading.submissions["sheet"].to_pylist() == ["Projects"]
        assert {"sheet_hidden", "sheet_not_recognised"} <= set(codes(reading))


class TestFileKinds:
    def test_csv_in_windows_1252_with_semicolons(self, tmp_path: Path) -> None:
        path = tmp_path / "a.csv"
        path.write_bytes("Project name;Budget 2018/19\nCafé;1 234,50\n".encode("cp1252"))
        reading = read(path)
        assert reading.source_entries["name"].to_pylist() == ["Café"]
        assert lines(reading) == [("B2", "2018/19", "", 123_450)]
        assert "encoding_guessed" in codes(reading)

    def test_csv_with_a_bom(self, tmp_path: Path) -> None:
        path = tmp_path / "a.csv"
        path.write_bytes(b"\xef\xbb\xbfProject name,2018/19\r\nClinic,5\r\n")
        assert read(path).source_entries["name"].to_pylist() == ["Clinic"]

    def test_old_excel(self, tmp_path: Path) -> None:
        book = xlwt.Workbook()
        sheet = book.add_sheet("S")
        for r, row in enumerate([["Project name", "2018/19"], ["Clinic", 5]]):
            for c, value in enumerate(row):
                sheet.write(r, c, value)
        book.save(str(tmp_path / "a.xls"))
        assert lines(read(tmp_path / "a.xls")) == [("B2", "2018/19", "", 500)]

    def test_a_heading_without_rows(self, tmp_path: Path) -> None:
        reading = read(write_xlsx(tmp_path / "a.xlsx", {"S": [["Project name", "2018/19"]]}))
        assert len(reading.source_entries) == 0
        assert "no_rows" in codes(reading)


class TestDetection:
    def test_a_list_with_telling_columns_is_detected(self, tmp_path: Path) -> None:
        path = write_xlsx(
            tmp_path / "a.xlsx",
            {
                "S": [
                    [
                        "BEPP ref",
                        "Project name",
                        "Owner",
                        "Catalytic programme",
                        "Integration zone",
                        "2018/19",
                    ],
                    ["1", "A", "BUF", "Hub", "Zone 1", 5],
                ]
            },
        )
        assert mapping.detect(SourceFile.at(path))
        assert mapping.read(SourceFile.at(path), ReadOptions()).submissions[
            "format"
        ].to_pylist() == ["bepp"]

    def test_a_list_that_could_be_several_is_refused_with_the_choices(self, tmp_path: Path) -> None:
        path = write_xlsx(
            tmp_path / "a.xlsx", {"S": [["Project name", "Owner", "2018/19"], ["A", "BUF", 5]]}
        )
        with pytest.raises(UnreadableFileError, match="idp") as refused:
            mapping.detect(SourceFile.at(path))
        assert "--as" in str(refused.value)

    def test_a_table_of_something_else_is_not_a_list(self, tmp_path: Path) -> None:
        path = tmp_path / "a.csv"
        path.write_text("Hospital,Beds\nFrere,900\n")
        assert not mapping.detect(SourceFile.at(path))
        with pytest.raises(UnreadableFileError, match="Hospital"):
            mapping.read(SourceFile.at(path), ReadOptions())


class TestOwnMapping:
    def test_a_list_in_its_publishers_own_words(self, tmp_path: Path) -> None:
        own = tmp_path / "own.yaml"
        own.write_text("""
name: council
title: Council list
document: idp
calendar: municipal
unit: thousand
single_year: end
columns:
  - {field: name, header: What we will do, required: true}
  - {field: extra, key: champion, header: Champion}
amounts:
  header: Budget {year}
  columns:
    - {header: Later, year: 2020/21, fund: Loans}
""")
        path = write_xlsx(
            tmp_path / "a.xlsx",
            {
                "S": [
                    ["What we will do", "Champion", "Budget 2019", "Later"],
                    ["Pave Oxford Street", "Cllr X", 5, 6],
                ]
            },
        )
        reading = read(path, mapping=own)
        assert reading.submissions["format"].to_pylist() == ["mapping"]
        assert lines(reading) == [
            ("C2", "2018/19", "", 500_000),
            ("D2", "2020/21", "Loans", 600_000),
        ]
        assert json.loads(reading.source_entries["extras"][0].as_py()) == {"champion": "Cllr X"}

    def test_a_mapping_that_is_told_needs_no_format(self, tmp_path: Path) -> None:
        own = tmp_path / "own.yaml"
        own.write_text("calendar: municipal\ncolumns:\n  - {field: name, header: Hospital}\n")
        (tmp_path / "a.csv").write_text("Hospital,Beds\nFrere,900\n")
        source = SourceFile.at(tmp_path / "a.csv")
        reading = registry.read(source, ReadOptions(mapping=own))
        assert reading.source_entries["name"].to_pylist() == ["Frere"]

    def test_every_fault_of_a_mapping_is_listed_with_what_is_allowed(self, tmp_path: Path) -> None:
        own = tmp_path / "own.yaml"
        own.write_text(
            "calendar: lunar\ncolour: red\ncolumns:\n  - {field: nme, header: Name}\n  - {field: year, header: Year, required: maybe}\n"
        )
        with pytest.raises(UserError) as refused:
            mapping_file.load(own)
        told = str(refused.value)
        for words in (
            "calendar is 'lunar'; allowed: municipal, national",
            "unknown key 'colour'",
            "field is 'nme'",
            "required is 'maybe'",
            "one column must have field: name",
            "year and amount go together",
        ):
            assert words in told

    @pytest.mark.parametrize(
        "text", ["", "- a", "a: [", "calendar: municipal\ncolumns: x", "amounts: 3"]
    )
    def test_what_is_no_mapping_is_refused_kindly(self, text: str) -> None:
        with pytest.raises(UserError):
            mapping_file.parse(text, where="own.yaml")


def test_every_ready_mapping_has_its_reference_date_and_mark() -> None:
    for name in mapping_file.names():
        found = mapping_file.ready(name)
        assert found.reference, name
        assert found.from_ is not None, name
        assert found.legal_minimum, name
        assert all(c.meaning for c in found.columns), name


def test_a_bare_list_of_projects_is_never_taken_for_a_list_of_grants(tmp_path):
    """`Project` is a name, but not that of a grant: which list it is a person has to say."""
    path = tmp_path / "list.csv"
    path.write_text("Project;Municipality;Ward;2019/20\nUpgrade of Nqamakwe clinic;Mnquma;5;1\n")
    with pytest.raises(UnreadableFileError, match="idp"):
        registry.detect(SourceFile.at(path))
