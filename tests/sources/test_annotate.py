"""A person gets their own workbook back with every problem where it is."""

from __future__ import annotations

import datetime as dt
import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
import xlsxwriter
import xlwt
from openpyxl.comments import Comment

from harvester.domain.errors import UserError
from harvester.engine import schema
from harvester.sources.annotate import annotate
from harvester.sources.annotate import listing as annotate_list
from harvester.sources.mapping import reader as mapping
from harvester.sources.reading import ReadOptions, SourceFile
from harvester.sources.tables.workbook import open_workbook

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

SHEET = annotate_list.SHEET


def problems(*rows: dict[str, Any]) -> pa.Table:
    filled = [
        {
            "problem_id": f"x:{n}",
            "submission_id": "x",
            "stage": "sources",
            "code": "odd",
            "severity": "error",
            "sheet": "S",
            "row": 2,
            "column": "B",
            "header": "Cost",
            "value": "abc",
            "message": "abc is odd.",
            "mend": "Mend it.",
            **row,
        }
        for n, row in enumerate(rows)
    ]
    return schema.PROBLEMS.from_rows(filled)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A workbook with a formula, a style, a merged heading and a comment of its owner."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "S"
    for row in [["Name", "Cost"], ["Clinic", "abc"], ["Sum", "=SUM(B2:B2)"]]:
        sheet.append(row)
    sheet["A1"].font = openpyxl.styles.Font(bold=True, color="FF0000")
    sheet["A2"].comment = Comment("Ask Thandi", "Sipho")
    sheet["D1"] = "Band"
    sheet.merge_cells("D1:F1")
    book.save(tmp_path / "own.xlsx")
    return tmp_path / "own.xlsx"


def annotated(path: Path, found: pa.Table, name: str = "out.xlsx") -> openpyxl.Workbook:
    out = path.parent / name
    annotate(path, found, out)
    return openpyxl.load_workbook(out)


def listed(book: openpyxl.Workbook) -> list[tuple[Any, ...]]:
    """Rows of the problems sheet below its heading."""
    rows = list(book[SHEET].iter_rows(values_only=True))
    top = next(n for n, row in enumerate(rows) if row[0] == "Severity")
    return rows[top + 1 :]


class TestInPlace:
    def test_formulas_styles_and_the_owners_comments_stay(self, own: Path) -> None:
        sheet = annotated(own, problems({"row": 2, "column": "A"}))["S"]
        assert sheet["B3"].value == "=SUM(B2:B2)"
        assert sheet["A1"].font.color.rgb == "00FF0000"
        said = sheet["A2"].comment
        assert said.text.startswith("Ask Thandi")
        assert "abc is odd." in said.text
        assert said.author == "Sipho"

    def test_the_file_that_was_given_is_not_touched(self, own: Path) -> None:
        before = own.read_bytes()
        annotated(own, problems({}))
        assert own.read_bytes() == before

    def test_several_problems_of_a_cell_are_one_comment_in_the_colour_of_the_worst(
        self, own: Path
    ) -> None:
        found = problems(
            {"severity": "note", "message": "One."},
            {"severity": "error", "message": "Two."},
            {"severity": "warning", "message": "Three."},
        )
        cell = annotated(own, found)["S"]["B2"]
        assert [cell.comment.text.index(w) for w in ("Two.", "Three.", "One.")] == sorted(
            cell.comment.text.index(w) for w in ("One.", "Two.", "Three.")
        )
        assert cell.fill.fgColor.rgb.endswith(annotate_list.FILLS[annotate_list.Severity.ERROR])

    def test_a_problem_under_merged_cells_is_said_at_their_corner(self, own: Path) -> None:
        sheet = annotated(own, problems({"row": 1, "column": "E"}))["S"]
        assert "abc is odd." in sheet["D1"].comment.text

    def test_a_problem_of_a_row_is_said_in_its_first_cell_and_of_a_sheet_only_in_the_list(
        self, own: Path
    ) -> None:
        book = annotated(
            own,
            problems({"row": 3, "column": ""}, {"row": None, "column": "", "message": "All odd."}),
        )
        assert book["S"]["A3"].comment is not None
        assert [row[7] for row in listed(book)] == ["All odd.", "abc is odd."]

    def test_annotating_again_takes_the_first_comments_away(self, own: Path) -> None:
        annotate(
            own,
            problems({"message": "Old."}, {"row": 2, "column": "A", "message": "Old."}),
            own.parent / "one.xlsx",
        )
        book = annotated(
            own.parent / "one.xlsx", problems({"row": 3, "column": "A", "message": "New."})
        )
        assert book["S"]["B2"].comment is None
        assert book["S"]["A2"].comment.text == "Ask Thandi"
        assert book.sheetnames == ["S", SHEET]
        assert [row[7] for row in listed(book)] == ["New."]

    def test_macros_stay_in_an_xlsm(self, tmp_path: Path) -> None:
        (tmp_path / "vba.bin").write_bytes(b"not really a macro")
        book = xlsxwriter.Workbook(str(tmp_path / "own.xlsm"))
        book.add_vba_project(str(tmp_path / "vba.bin"))
        sheet = book.add_worksheet("S")
        sheet.write_row(0, 0, ["Name", "Cost"])
        sheet.write_comment("A1", "Ask Thandi")
        book.close()
        annotate(tmp_path / "own.xlsm", problems({}), tmp_path / "out.xlsm")
        with zipfile.ZipFile(tmp_path / "out.xlsm") as parts:
            names = parts.namelist()
            assert parts.read("xl/vbaProject.bin") == b"not really a macro"
            assert b"macroEnabled" in parts.read("[Content_Types].xml")
        assert len(names) == len(set(names))
        again = openpyxl.load_workbook(tmp_path / "out.xlsm")
        assert again["S"]["B2"].comment is not None
        assert again["S"]["A1"].comment.text == "Ask Thandi"

    def test_a_stray_cell_at_the_far_corner_costs_nothing(self, own: Path) -> None:
        book = openpyxl.load_workbook(own)
        book["S"]["XFD1048576"] = 1
        book.save(own)
        assert annotated(own, problems({}))["S"]["B2"].comment is not None

    def test_it_never_replaces_the_file_that_was_given(self, own: Path) -> None:
        with pytest.raises(UserError, match="replace"):
            annotate(own, problems({}), own)

    def test_a_folder_that_is_not_there_is_refused_kindly(self, own: Path) -> None:
        with pytest.raises(UserError, match="cannot be written"):
            annotate(own, problems({}), own.parent / "no" / "out.xlsx")


class TestTheList:
    def test_counts_filters_frozen_heading_and_links(self, own: Path) -> None:
        book = annotated(own, problems({}, {"severity": "note", "sheet": "Gone", "row": 4}))
        sheet = book[SHEET]
        words = {row[0]: row[3] for row in sheet.iter_rows(values_only=True) if row[0]}
        assert (words["Errors"][0], words["Warnings"][0], words["Notes"][0]) == ("1", "0", "1")
        top = next(r for r in range(1, 20) if sheet.cell(r, 1).value == "Severity")
        assert sheet.freeze_panes == f"A{top + 1}"
        assert sheet.auto_filter.ref == f"A{top}:J{top + 2}"
        assert sheet.cell(top + 1, 3).hyperlink.location == "'S'!B2"
        assert sheet.cell(top + 2, 3).hyperlink is None
        assert listed(book)[0] == (
            "error",
            "S",
            "B2",
            2,
            "B",
            "Cost",
            "abc",
            "abc is odd.",
            "Mend it.",
            "odd",
        )

    @pytest.mark.parametrize("text", ["=1+1", "+27 11", "-5", "@sum", "=cmd|' /C calc'!A1"])
    @pytest.mark.parametrize("kind", ["xlsx", "csv"])
    def test_a_value_is_never_a_formula(self, own: Path, text: str, kind: str) -> None:
        path = own
        if kind == "csv":
            path = own.with_suffix(".csv")
            path.write_text(f'Name,Cost\nClinic,"{text}"\n')
        sheet = annotated(path, problems({"value": text, "sheet": "S" if kind == "xlsx" else ""}))[
            SHEET
        ]
        cell = next(c for row in sheet.iter_rows() for c in row if c.value == text)
        assert cell.data_type == "s"
        assert cell.quotePrefix

    def test_control_characters_and_long_texts_are_cut_to_what_excel_holds(self, own: Path) -> None:
        row = listed(annotated(own, problems({"value": "a\x00b\x0bc", "message": "x" * 50_000})))[0]
        assert row[6] == "a b c"
        assert len(row[7]) == annotate_list.MAX_TEXT

    def test_columns_and_rows_excel_does_not_have_do_not_stop_it(self, own: Path) -> None:
        found = problems({"column": "ZZZZ"}, {"row": 2_000_000}, {"column": "3"}, {"row": 0})
        assert len(listed(annotated(own, found))) == 4

    def test_more_problems_than_comments_are_all_listed_and_it_is_said(
        self, own: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(annotate_list, "MAX_COMMENTS", 3)
        found = problems(*({"row": n, "severity": "note"} for n in range(2, 9)), {"row": 20})
        book = annotated(own, found)
        assert sum(c.comment is not None for row in book["S"].iter_rows() for c in row) == 3 + 1
        assert book["S"]["B20"].comment is not None, "the worst come first"
        assert len(listed(book)) == 8
        said = [
            row[3] for row in book[SHEET].iter_rows(values_only=True) if row[0] == "Please note"
        ]
        assert any("5 more cells" in text for text in said)


class TestNewWorkbook:
    def test_a_csv_becomes_a_workbook_with_its_rows(self, tmp_path: Path) -> None:
        path = tmp_path / "own.csv"
        path.write_bytes("Name;Cost\nCafé;=1+1\n\nClinic;5\n".encode("cp1252"))
        book = annotated(path, problems({"sheet": "", "row": 4, "column": "B"}))
        sheet = book["Data"]
        assert sheet["A2"].value == "Café"
        assert (sheet["B2"].value, sheet["B2"].data_type) == ("=1+1", "s")
        assert "abc is odd." in sheet["B4"].comment.text
        assert listed(book)[0][1] == "Data"
        said = " ".join(
            str(row[3])
            for row in book[SHEET].iter_rows(values_only=True)
            if row[0] == "Please note"
        )
        assert "text (.csv)" in said

    def test_an_xls_becomes_a_workbook_with_its_sheets(self, tmp_path: Path) -> None:
        old = xlwt.Workbook()
        for name in ("S", "Other"):
            sheet = old.add_sheet(name)
            sheet.write(0, 0, "Name")
            sheet.write(1, 0, dt.date(2019, 3, 1), xlwt.easyxf(num_format_str="yyyy-mm-dd"))
            sheet.write(1, 1, 5.5)
        old.save(str(tmp_path / "own.xls"))
        book = annotated(
            tmp_path / "own.xls", problems({"sheet": "Other", "row": 2, "column": "B"})
        )
        assert book.sheetnames == ["S", "Other", SHEET]
        assert book["S"]["A2"].value == dt.datetime(2019, 3, 1)  # noqa: DTZ001 (openpyxl knows no zones)
        assert book["Other"]["B2"].comment is not None
        assert book["S"]["B2"].comment is None

    def test_a_workbook_too_large_to_be_written_back_becomes_a_new_one(
        self, own: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("harvester.sources.annotate.in_place.MAX_UNPACKED_IN_PLACE", 10)
        book = annotated(own, problems({}))
        assert book["S"]["A2"].value == "Clinic"
        assert book["S"]["B2"].comment is not None
        said = " ".join(str(row[3]) for row in book[SHEET].iter_rows(values_only=True))
        assert "too large" in said


def test_an_annotated_list_is_read_like_the_list_itself(tmp_path: Path) -> None:
    path = tmp_path / "own.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Projects")
    for n, row in enumerate([["Project name", "2018/19"], ["Clinic", "abc"], ["School", 5]]):
        sheet.write_row(n, 0, row)
    book.close()
    options = ReadOptions(format="idp", institution="BUF")
    first = mapping.read(SourceFile.at(path), options)
    annotate(path, first.problems, tmp_path / "out.xlsx")
    again = mapping.read(SourceFile.at(tmp_path / "out.xlsx"), options)
    assert [s.name for s in open_workbook(tmp_path / "out.xlsx").sheets][-1] == SHEET
    assert again.source_entries["name"].to_pylist() == first.source_entries["name"].to_pylist()
    assert again.problems["code"].to_pylist() == first.problems["code"].to_pylist()


@pytest.mark.slow
def test_a_hundred_thousand_problems_are_listed(own: Path) -> None:
    found = problems(*({"row": 2 + n % 5_000, "message": f"Odd {n}."} for n in range(100_000)))
    annotate(own, found, own.parent / "out.xlsx")
    last = open_workbook(own.parent / "out.xlsx").sheets[-1]
    assert len(last.rows) > 100_000
