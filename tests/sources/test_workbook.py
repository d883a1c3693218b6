"""Any table file opens the same way, and what must not be opened says why."""

from __future__ import annotations

import resource
import struct
import zipfile
from typing import TYPE_CHECKING

import openpyxl
import pytest
import xlsxwriter
import xlwt

from harvester.domain.errors import UnreadableFileError
from harvester.sources.tables import archive, old_excel, sheet_scan, sparse
from harvester.sources.tables.headers import find_header, header_key, match_columns
from harvester.sources.tables.workbook import column_index, column_letter, open_workbook
from tests.sources import books

if TYPE_CHECKING:
    from pathlib import Path

KNOWN = {"function", "project description", "project number", "ward location"}


def first_rows(path: Path) -> list[tuple[int, list[object]]]:
    """Rows of the first sheet."""
    return [(row.number, row.cells) for row in open_workbook(path).sheets[0].rows]


def sheet_problems(path: Path) -> list[tuple[str, int | None, str]]:
    """(code, row, column) of the first sheet's problems."""
    return [(p.code, p.row, p.column) for p in open_workbook(path).sheets[0].problems]


def test_row_numbers_and_columns_are_those_excel_shows(tmp_path: Path) -> None:
    rows = [[], [], [None, None, "x"], [], [None, None, None, 5]]
    xlsx = books.workbook(tmp_path / "a.xlsx", {"A": rows})
    xls = tmp_path / "a.xls"
    old = xlwt.Workbook()
    sheet = old.add_sheet("A")
    sheet.write(2, 2, "x")
    sheet.write(4, 3, 5)
    old.save(str(xls))
    ods = books.ods(tmp_path / "a.ods", "".join(books.ods_row(r or [None]) for r in rows))
    text = tmp_path / "a.csv"
    text.write_text("\n\n,,x\n\n,,,5\n", "utf-8")
    expected = [(3, [None, None, "x"]), (5, [None, None, None, 5])]
    assert first_rows(xlsx) == first_rows(xls) == first_rows(ods) == expected
    assert first_rows(text) == [(3, [None, None, "x"]), (5, [None, None, None, "5"])]


def test_column_letters() -> None:
    assert [column_letter(i) for i in (0, 25, 26, 701, 702, 16383)] == [
        "A",
        "Z",
        "AA",
        "ZZ",
        "AAA",
        "XFD",
    ]
    assert all(column_index(column_letter(i)) == i for i in (0, 25, 26, 701, 702, 16383))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "web page (HTML)"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">', "2003 XML"),
        (b"MIME-Version: 1.0\n", "web archive"),
        (b"%PDF-1.7", "a PDF document"),
        (b"\x89PNG\r\n\x1a\n", "a picture (PNG)"),
        (b"BM\x00\x00", "a picture (BMP)"),
        (b"SQLite format 3\x00", "SQLite"),
        (b"a,b\n1,\x00\n", "binary file"),
        (b"PK\x03\x04 and nothing more", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "WordDocument".encode("utf-16-le"), "a Word document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504), "an Office file"),
    ],
)  # fmt: skip
def test_what_is_not_a_table_is_called_by_its_name(
    tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(content)
    with pytest.raises(UnreadableFileError, match=r"list\.xlsx") as refused:
        open_workbook(path)
    assert said in str(refused.value)
    assert refused.value.mend


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("word/document.xml", "Word document"), ("ppt/slides.xml", "PowerPoint"),
        ("xl/workbook.bin", r"\.xlsb"), ("notes.txt", "zip archive of 1 files"),
    ],
)  # fmt: skip
def test_other_zipped_files_are_called_by_their_name(tmp_path: Path, part: str, said: str) -> None:
    path = tmp_path / "list.xlsx"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr(part, "x")
    with pytest.raises(UnreadableFileError, match=said):
        open_workbook(path)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    good = books.workbook(tmp_path / "good.xlsx", {"A": [["x"]]})
    zeros = b" " * (120 * archive.MEGABYTE)
    bomb = books.edited(good, tmp_path / "bomb.xlsx", lambda n, d: zeros if "sheet1" in n else d)
    with pytest.raises(UnreadableFileError, match="zip bomb"):
        open_workbook(bomb)


def test_a_workbook_that_unpacks_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    path = books.workbook(tmp_path / "a.xlsx", {"A": [["x"] * 50] * 50})
    monkeypatch.setattr(archive, "MAX_UNPACKED_BYTES", 5000)
    with pytest.raises(UnreadableFileError, match="would unpack to"):
        open_workbook(path)


def test_a_part_that_lies_about_its_size_is_damaged_and_the_other_sheets_are_read(
    tmp_path: Path,
) -> None:  # fmt: skip
    good = books.workbook(tmp_path / "good.xlsx", {"A": [["x"] * 9] * 99, "B": [["kept"]]})
    with zipfile.ZipFile(good) as parts:
        size = parts.getinfo("xl/worksheets/sheet1.xml").file_size
    lie = bytes(good.read_bytes()).replace(struct.pack("<I", size), struct.pack("<I", 200))
    path = tmp_path / "lie.xlsx"
    path.write_bytes(lie)
    book = open_workbook(path)
    assert [p.code for p in book.sheets[0].problems] == ["sheet_damaged"]
    assert not book.sheets[0].rows
    assert book.sheets[1].rows[0].cells == ["kept"]


def test_overlapping_parts_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "overlap.xlsx"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("xl/workbook.xml", "a" * 500)
        made.writestr("xl/other.xml", "b" * 500)
    content = bytearray(path.read_bytes())
    second = content.rfind(b"PK\x01\x02")
    struct.pack_into("<I", content, second + 42, 10)
    path.write_bytes(bytes(content))
    with pytest.raises(UnreadableFileError, match="overlap"):
        open_workbook(path)


def test_a_locked_workbook_says_that_it_is_locked(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="password"):
        open_workbook(books.locked_workbook(tmp_path / "locked.xlsx"))


def test_a_locked_old_workbook_says_so_too(tmp_path: Path) -> None:
    path = tmp_path / "locked.xls"
    book = xlwt.Workbook()
    book.add_sheet("A").write(0, 0, "x")
    book.save(str(path))
    content = bytearray(path.read_bytes())
    start = content.find(b"\x09\x08\x10\x00")
    content[start + 20 : start + 22] = b"\x2f\x00"  # the record after BOF becomes FILEPASS
    path.write_bytes(bytes(content))
    with pytest.raises(UnreadableFileError, match="password"):
        open_workbook(path)


def test_a_locked_opendocument_says_so_too(tmp_path: Path) -> None:
    path = books.ods(tmp_path / "locked.ods", "", "<manifest:encryption-data/>")
    with pytest.raises(UnreadableFileError, match="password"):
        open_workbook(path)


def test_macros_are_told_and_not_run(tmp_path: Path) -> None:
    path = books.workbook(tmp_path / "a.xlsm", {"A": [["x"]]})
    with zipfile.ZipFile(path, "a") as made:
        made.writestr("xl/vbaProject.bin", b"x")
    book = open_workbook(path)
    assert [p.code for p in book.problems] == ["macros_ignored"]
    assert book.sheets[0].rows[0].cells == ["x"]


def test_formulas_without_a_saved_result_are_listed_cell_by_cell(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"], sheet["B2"], sheet["C3"], sheet["D3"] = "x", "=1+1", "=SUM(B2:B2)", 5
    path = tmp_path / "f.xlsx"
    book.save(path)
    found = [p for p in sheet_problems(path) if p[0] == "formula_not_calculated"]
    assert found == [("formula_not_calculated", 2, "B"), ("formula_not_calculated", 3, "C")]


def test_a_zero_kept_by_a_workbook_never_calculated_is_doubted(tmp_path: Path) -> None:
    path = tmp_path / "f.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("A")
    sheet.write_formula(0, 0, "=1+1")
    sheet.write_formula(1, 0, "=1+1", None, 2)
    book.close()
    assert sheet_problems(path) == [("formula_zero_doubted", 1, "A")]
    assert first_rows(path) == [(1, [0]), (2, [2])]


def test_many_formulas_are_counted_after_the_first_hundreds(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in range(1, 301):
        book.active.cell(row, 1, "=1+1")
    path = tmp_path / "f.xlsx"
    book.save(path)
    found = open_workbook(path).sheets[0].problems
    assert len(found) == 201
    assert found[-1].value == "and 100 more cells"


def test_error_cells_keep_their_text_where_they_stand(tmp_path: Path) -> None:
    path = tmp_path / "e.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("A")
    sheet.write(0, 0, "x")
    sheet.write_formula(0, 2, "=B9", None, "#REF!")
    sheet.write_formula(4, 1, "=1/0", None, "#DIV/0!")
    book.close()
    assert first_rows(path) == [(1, ["x", None, "#REF!"]), (5, [None, "#DIV/0!"])]


@pytest.mark.parametrize("rows", [1, 400])
def test_error_cells_and_formulas_of_an_old_workbook_are_told_too(
    tmp_path: Path, rows: int
) -> None:
    """In a small workbook (kept in the small sectors of its file) and a larger one."""
    book = xlwt.Workbook()
    book.add_sheet("First").write(0, 0, "x")
    sheet = book.add_sheet("Second")
    for row in range(rows):
        sheet.write(row, 0, "x" * 20 + str(row))
        sheet.row(row).set_cell_error(2, 0x17)
    sheet.write(0, 3, xlwt.Formula("2+3"))
    path = tmp_path / "old.xls"
    book.save(str(path))
    first, second = open_workbook(path).sheets
    assert not first.errors
    assert not first.problems
    assert second.rows[rows - 1].cells[:3] == ["x" * 20 + str(rows - 1), None, "#REF!"]
    assert [(p.code, p.row, p.column) for p in second.problems] == [
        ("formula_not_calculated", 1, "D")
    ]


def test_an_old_workbook_with_a_broken_inside_is_left_to_calamine(tmp_path: Path) -> None:
    path = tmp_path / "old.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0" + bytes(10))
    assert old_excel.scan(path) == []


@pytest.mark.slow
def test_300_000_blank_formatted_rows_take_little_memory(tmp_path: Path) -> None:
    path = books.with_blank_rows(tmp_path / "blank.xlsx", 300_000, 8)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert first_rows(path) == [(1, ["x"])]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 * 1024


@pytest.mark.slow
def test_a_sheet_of_200_mb_of_blank_cells_is_read(tmp_path: Path) -> None:
    large = books.with_blank_rows(tmp_path / "large.xlsx", 100_000, 100)
    with zipfile.ZipFile(large) as parts:
        assert parts.getinfo("xl/worksheets/sheet1.xml").file_size > 190 * archive.MEGABYTE
    assert first_rows(large) == [(1, ["x"])]


def test_a_sheet_too_large_is_passed_over_and_the_others_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    path = books.workbook(tmp_path / "a.xlsx", {"Big": [["x"] * 30] * 50, "Small": [["kept"]]})
    monkeypatch.setattr(archive, "MAX_SHEET_BYTES", 3000)
    book = open_workbook(path)
    assert [p.code for p in book.sheets[0].problems] == ["sheet_too_large"]
    assert "Big" in book.sheets[0].problems[0].message
    assert not book.sheets[0].readable
    assert book.sheets[1].rows[0].cells == ["kept"]


def test_a_stray_cell_in_the_far_corner_costs_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "far.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("A")
    sheet.write(0, 0, "x")
    sheet.write(1_048_575, 16_383, "y")
    book.close()
    rows = first_rows(path)
    assert [number for number, _ in rows] == [1, 1_048_576]
    assert rows[1][1][-1] == "y"


def test_a_sheet_too_widely_spread_to_read_says_where_its_corner_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    path = books.workbook(tmp_path / "far.xlsx", {"A": [["x"]] + [[]] * 60 + [[None] * 40 + ["y"]]})
    monkeypatch.setattr(sheet_scan, "DENSE_CELLS_ALWAYS_FINE", 100)
    monkeypatch.setattr(sparse, "MAX_FILLED", 1)
    found = open_workbook(path).sheets[0].problems
    assert [p.code for p in found] == ["sheet_too_widely_spread"]
    assert "AO62" in found[0].message


def test_cells_of_an_opendocument_that_repeat_into_millions_are_refused(tmp_path: Path) -> None:
    cell = '<table:table-cell table:number-columns-repeated="16000" office:value-type="float" office:value="1"/>'
    row = f'<table:table-row table:number-rows-repeated="1000000">{cell}</table:table-row>'
    with pytest.raises(UnreadableFileError, match="repeats itself 1000000 times"):
        open_workbook(books.ods(tmp_path / "bomb.ods", row))


def test_blank_rows_of_an_opendocument_may_repeat(tmp_path: Path) -> None:
    blank = (
        '<table:table-row table:number-rows-repeated="1048000">'
        '<table:table-cell table:number-columns-repeated="1024"/></table:table-row>'
    )
    path = books.ods(tmp_path / "a.ods", books.ods_row(["x", 5]) + blank)
    assert first_rows(path) == [(1, ["x", 5])]


@pytest.mark.parametrize(
    ("content", "rows", "problems"),
    [
        (b"\xef\xbb\xbfa,b\r\n1,2\r\n", [["a", "b"], ["1", "2"]], []),
        ("a,b\nNaudé,2\n".encode(), [["a", "b"], ["Naudé", "2"]], []),
        ("a;b\nNaudé;1,5\n".encode("cp1252"), [["a", "b"], ["Naudé", "1,5"]], ["encoding_guessed"]),
        ("a\tb\né\t2\n".encode("utf-16"), [["a", "b"], ["é", "2"]], []),
        (b"a|b\n1|2\n", [["a", "b"], ["1", "2"]], []),
        (b"a,b\r1,2\r", [["a", "b"], ["1", "2"]], []),
        (b"sep=;\na;b\n1;2\n", [["a", "b"], ["1", "2"]], []),
        (b'a,b\n"x\ny",2\n', [["a", "b"], ["x\ny", "2"]], []),
        (b'a,b\n"x,1\n2,3\n4,5\n', [["a", "b"], ["x,1\n2,3\n4,5\n"]], ["quote_not_closed"]),
        (b"\n , \n", [], []),
    ],
)
def test_text_tables_of_any_encoding_and_delimiter(
    tmp_path: Path, content: bytes, rows: list[list[str]], problems: list[str],
) -> None:  # fmt: skip
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    book = open_workbook(path)
    assert [row.cells for row in book.sheets[0].rows] == rows
    assert [p.code for p in book.problems] == problems
    assert book.is_text


def test_headings_are_compared_without_breaks_case_marks_or_known_typos() -> None:
    assert header_key("\nProject Decription") == header_key("PROJECT  description:")
    assert header_key("GPS\u00a0Longtitude") == "gps longitude"
    assert header_key("Asset Sub-Class") == "asset sub class"


def test_a_heading_is_found_under_titles_and_blank_rows(tmp_path: Path) -> None:
    rows = [
        ["A title"],
        [],
        [],
        ["R thousands"],
        ["Function", "Project Description", "Project Number"],
        ["a", "b", "c"],
    ]
    header = find_header(
        open_workbook(books.workbook(tmp_path / "a.xlsx", {"A": rows})).sheets[0], KNOWN
    )
    assert header is not None
    assert header.row == 5
    assert header.labels == ["Function", "Project Description", "Project Number"]


def test_no_heading_is_found_where_there_is_none(tmp_path: Path) -> None:
    rows = [["Function", "x"], *[["y", 1]] * 60]
    assert (
        find_header(
            open_workbook(books.workbook(tmp_path / "a.xlsx", {"A": rows})).sheets[0], KNOWN
        )
        is None
    )


@pytest.mark.parametrize("band_row", [3, 4])
def test_a_merged_band_is_joined_to_the_headings_it_spans(tmp_path: Path, band_row: int) -> None:
    """The band stands in a row of its own, or in the row of the other headings with years below."""
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("A")
    sheet.write(0, 0, "A title")
    sheet.write_row(
        4 if band_row == 3 else 3 + 1 - 1,
        0,
        ["Function", "Project Description", "Project Number", "Ward Location"],
    )
    at = 3
    sheet.merge_range(at, 4, at, 6, "Medium Term Framework")
    sheet.write_row(at + 1, 4, ["2019/20", "2020/21", "2021/22"])
    sheet.write_row(at + 2, 0, ["a", "b", "c", "d", 1, 2, 3])
    book.close()
    header = find_header(open_workbook(path).sheets[0], KNOWN)
    assert header is not None
    assert header.row == 5
    assert header.labels[0] == "Function"
    assert header.labels[4:] == [
        f"Medium Term Framework {y}" for y in ("2019/20", "2020/21", "2021/22")
    ]
    assert header.own[4] == "2019/20"
    assert header.bands[4] == "Medium Term Framework"


def test_a_band_in_a_text_table_spans_the_blanks_that_follow_it(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        ",,,MTREF,,\nFunction,Project Description,Project Number,2019/20,2020/21,2021/22\na,b,c,1,2,3\n",
        "utf-8",
    )
    header = find_header(open_workbook(path).sheets[0], KNOWN)
    assert header is not None
    assert header.labels[3:] == ["MTREF 2019/20", "MTREF 2020/21", "MTREF 2021/22"]


def test_a_row_of_data_is_not_taken_for_a_second_row_of_headings(tmp_path: Path) -> None:
    rows = [
        ["Function", "Project Description", "Project Number", "Note"],
        ["Roads", "x", "PC1", "y"],
    ]
    header = find_header(
        open_workbook(books.workbook(tmp_path / "a.xlsx", {"A": rows})).sheets[0], KNOWN
    )
    assert header is not None
    assert header.row == 1


def test_the_first_of_repeated_headings_is_used(tmp_path: Path) -> None:
    rows = [
        ["Function", "Project Number", "Project Description", "Function", "Odd"],
        ["a", "b", "c", "d", "e"],
    ]
    header = find_header(
        open_workbook(books.workbook(tmp_path / "a.xlsx", {"A": rows})).sheets[0], KNOWN
    )
    assert header is not None
    columns = match_columns(header, {k: k for k in KNOWN})
    assert columns.fields["function"] == 0
    assert columns.repeated == [(3, 0)]
    assert columns.rest == [4]
