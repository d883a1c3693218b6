"""Every kind of dirt of published files, from file to tables: good rows in, every problem told."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import openpyxl
import pytest
import xlsxwriter

from harvester.domain.errors import UnreadableFileError
from tests.sources import books
from tests.sources.books import amounts, codes, problems, project, read, sa36

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("written", "cents", "code"),
    [
        ("85425", 85_425_00, ""), ("R 1 234,50", 1_234_50, ""), ("(500)", -500_00, ""),
        ("1.2E6", 1_200_000_00, ""), ("1\u00a0234\u00a0567", 1_234_567_00, ""),
        ("R 2,5 million", 2_500_000_00, "amount_scaled"), ("1,234", 1_234_00, "amount_comma_groups"),
        ("-", None, "amount_not_given"), ("TBC", None, "amount_not_a_number"),
        ("12%", None, "amount_percent"), ("#REF!", None, "error_cell"), (True, None, "amount_not_a_number"),
        (float("1e15"), None, "amount_impossible"),
    ],
)  # fmt: skip
def test_an_amount_as_people_write_it(
    tmp_path: Path, written: object, cents: int | None, code: str,
) -> None:  # fmt: skip
    reading = read(sa36(tmp_path / "a.xlsx", [project(1, None, None, written), project(2)]))
    found = {cell: value for cell, value, _, _ in amounts(reading)}
    assert found.get("O4") == cents
    assert found["O5"] == 500_000_00
    assert reading.source_entries.num_rows == 2
    if code:
        (problem,) = problems(reading, code)
        assert (problem["sheet"], problem["row"], problem["column"]) == ("BUF", 4, "O")
        assert problem["header"] == "Budget year 2019/20"
        assert problem["message"]
        assert problem["mend"]


def test_every_problem_is_listed_in_one_pass(tmp_path: Path) -> None:
    rows = [
        project(1, "x", "y", "5%"), project(1, c1=None), project(3, c10=-33, c11=27.9),
        project(4, c9="Coastal,..."), ["Total", *[None] * 13, 5],
    ]  # fmt: skip
    reading = read(sa36(tmp_path / "a.xlsx", rows))
    expected = {
        "amount_not_a_number": 2, "amount_percent": 1, "code_repeated": 1, "row_without_name": 1,
        "coordinates_outside_country": 1, "list_cut_off": 1, "row_subtotal": 1,
    }  # fmt: skip
    assert {code: len(problems(reading, code)) for code in expected} == expected
    assert len(set(reading.problems.column("problem_id").to_pylist())) == reading.problems.num_rows


def test_error_cells_of_a_real_workbook_lose_their_value_and_say_so(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("BUF")
    rows = [[books.SA36_TITLE], ["R thousands"], books.SA36_HEADINGS, project(1), project(2)]
    for r, row in enumerate(rows):
        sheet.write_row(r, 0, row)
    sheet.write_formula("O4", "=Z1", None, "#REF!")
    sheet.write_formula("J5", "=Z1", None, "#N/A")
    book.close()
    reading = read(path)
    assert {(p["row"], p["column"]) for p in problems(reading, "error_cell")} == {
        (4, "O"),
        (5, "J"),
    }
    assert [a[0] for a in amounts(reading)] == ["O5"]
    assert reading.source_entries.to_pylist()[1]["location_text"] == ""


def test_formulas_without_results_are_told_where_they_stand(tmp_path: Path) -> None:
    path = sa36(tmp_path / "a.xlsx", [project(1), project(2)])
    book = openpyxl.load_workbook(path)
    book["BUF"]["O4"] = "=1+1"
    book.save(path)
    reading = read(path)
    (problem,) = problems(reading, "formula_not_calculated")
    assert (problem["row"], problem["column"], problem["severity"]) == (4, "O", "error")
    assert [a[0] for a in amounts(reading)] == ["O5"]


def test_macros_are_told(tmp_path: Path) -> None:
    path = sa36(tmp_path / "a.xlsm", [project(1)])
    with zipfile.ZipFile(path, "a") as made:
        made.writestr("xl/vbaProject.bin", b"x")
    assert "macros_ignored" in codes(read(path))


def test_merged_headings_over_two_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("BUF")
    sheet.merge_range("A1:Q1", books.SA36_TITLE)
    sheet.write("A2", "R thousands")
    for c, heading in enumerate(books.CAPITAL_HEADINGS):
        sheet.merge_range(2, c, 3, c, heading)
    sheet.merge_range(2, 12, 2, 13, "Current and prior year")
    sheet.write_row(3, 12, ["Audited Outcome\n2017/18", "Full Year Forecast\n2018/19"])
    sheet.merge_range(2, 14, 2, 16, "Medium Term Revenue and Expenditure Framework")
    sheet.write_row(3, 14, [f"Budget Year\n{y}" for y in ("2019/20", "2020/21", "2021/22")])
    sheet.write_row(4, 0, project(1, 1, 2, 3, 4, 5))
    book.close()
    reading = read(path)
    assert [(a[0], a[2], a[3]) for a in amounts(reading)] == [
        ("M5", "2017/18", "audited"), ("N5", "2018/19", "forecast"), ("O5", "2019/20", "budget"),
        ("P5", "2020/21", "budget"), ("Q5", "2021/22", "budget"),
    ]  # fmt: skip
    assert reading.source_entries.to_pylist()[0]["name"] == "Upgrade of Road 1"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_text_table_of_any_encoding_and_delimiter(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    rows = [
        [books.SA36_TITLE],
        list(books.SA36_HEADINGS),
        project(1, None, None, "1 234,50", c1="Naudé-brug"),
    ]
    quoted = [[f'"{"" if c is None else c}"' for c in row] for row in rows]
    path = tmp_path / "a.csv"
    path.write_bytes("\r\n".join(map(delimiter.join, quoted)).encode(encoding))
    reading = read(path, institution="BUF")
    assert amounts(reading) == [("O3", 1_234_50, "2019/20", "budget")]
    (entry,) = reading.source_entries.to_pylist()
    assert (entry["name"], entry["sheet"]) == ("Naudé-brug", "")
    assert ("encoding_guessed" in codes(reading)) == (encoding == "cp1252")


def test_a_sheet_too_large_does_not_hide_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    from harvester.sources.tables import archive

    good = [[books.SA36_TITLE], list(books.SA36_HEADINGS), project(1)]
    path = books.workbook(tmp_path / "a.xlsx", {"BUF": good, "Big": [["x"] * 200] * 100})
    monkeypatch.setattr(archive, "MAX_SHEET_BYTES", 20_000)
    reading = read(path)
    assert reading.source_entries.num_rows == 1
    assert problems(reading, "sheet_too_large")[0]["sheet"] == "Big"


@pytest.mark.slow
def test_300_000_blank_formatted_rows_below_the_table(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet, shade = book.add_worksheet("BUF"), book.add_format({"bg_color": "#eeeeee"})
    for r, row in enumerate([[books.SA36_TITLE], ["R thousands"], books.SA36_HEADINGS, project(1)]):
        sheet.write_row(r, 0, row)
    for r in range(4, 300_000):
        sheet.write_blank(r, 0, None, shade)
    book.close()
    reading = read(path)
    assert reading.source_entries.num_rows == 1
    assert reading.submissions.to_pylist()[0]["rejected_rows"] == 0


def test_very_long_texts_and_odd_characters_are_kept(tmp_path: Path) -> None:
    long = "P" * 5000
    reading = read(
        sa36(tmp_path / "a.xlsx", [project(1, c1=long), project(2, c1="Škola 🏫 <b>&amp;")])
    )
    assert [e["name"] for e in reading.source_entries.to_pylist()] == [long, "Škola 🏫 <b>&amp;"]


def test_a_locked_workbook_fails_wholly_and_says_why(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match=r"a\.xlsx.*password.*without a password"):
        read(books.locked_workbook(tmp_path / "a.xlsx"))
