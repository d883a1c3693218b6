"""A statement as workbook, CSV and JSON says the same, to the cent."""

from __future__ import annotations

import csv
import io
import json

import openpyxl

from harvester.reports.statements.files import to_csv, to_json, write_workbook
from harvester.reports.statements.statement import Column, Law, Statement, Table

HOSTILE = '=HYPERLINK("http://x")'
COLUMNS = (
    Column("zone", "Zone"),
    Column("2018/19", "2018/19", "rand"),
    Column("share", "Share", "share"),
)


def made(metro: str = "BUF", year: str = "2018/19", zone: str = HOSTILE) -> Statement:
    columns = tuple(Column(year, year, "rand") if c.kind == "rand" else c for c in COLUMNS)
    table = Table(
        "by_zone", "By zone", columns,
        [{"zone": zone, year: 123_456_789_012_345, "share": 0.25}, {"zone": "b", year: -5, "share": None}],
        [{"zone": "All", year: 123_456_789_012_340}],
    )  # fmt: skip
    law = Law("An Act, s14", "Say it.", verified=False)
    return Statement(
        "x",
        "X",
        metro,
        "2018/19",
        "A finding",
        "rises",
        [law],
        ["a paper"],
        ["a gap"],
        [table],
        {"run": "h1"},
    )


def test_csv_is_exact_and_safe():
    rows = list(csv.reader(io.StringIO(to_csv(made().tables[0]))))

    assert rows[0] == ["Zone", "2018/19", "Share"]
    assert rows[1] == [f"'{HOSTILE}", "1234567890123.45", "0.25"]
    assert rows[2] == ["b", "-0.05", ""], "unknown is empty, not zero"
    assert rows[3][:2] == ["All", "1234567890123.40"]


def test_json_says_cents_and_keeps_unknown():
    told = json.loads(json.dumps(to_json(made())))

    assert told["tables"][0]["rows"][0] == {
        "zone": HOSTILE,
        "2018/19_cents": 123_456_789_012_345,
        "share": 0.25,
    }
    assert told["tables"][0]["rows"][1]["share"] is None
    assert told["law"] == [{"reference": "An Act, s14", "says": "Say it.", "verified": False}]
    assert told["missing"] == ["a gap"]


def test_a_workbook_says_what_was_found_and_holds_every_table(tmp_path):
    write_workbook([made()], tmp_path / "one.xlsx")

    book = openpyxl.load_workbook(tmp_path / "one.xlsx")
    told = {row[0].value: row[1].value for row in book["Statement"].iter_rows(max_col=2)}
    assert told["Finding"] == "A finding"
    assert "not verified" in told["Law or policy"]
    sheet = book["By zone"]
    assert sheet["A2"].value == HOSTILE
    assert sheet["A2"].data_type == "s", "text is never a formula"
    assert sheet["B3"].value == -0.05
    assert sheet["C3"].value is None


def test_several_municipalities_share_sheets_and_their_years_stand_in_order(tmp_path):
    write_workbook([made("BUF", "2019/20"), made("ETH", "2018/19")], tmp_path / "all.xlsx")

    sheet = openpyxl.load_workbook(tmp_path / "all.xlsx")["By zone"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0] == ["Municipality", "Zone", "2018/19", "2019/20", "Share"]
    assert [row[0] for row in rows[1:]] == ["Buffalo City"] * 3 + ["eThekwini"] * 3
    assert rows[2][3] == -0.05
    assert rows[5][2] == -0.05
