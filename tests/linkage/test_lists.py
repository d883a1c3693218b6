"""`harvester link`: any list of projects."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import openpyxl
import pyarrow as pa
import pytest

from harvester.domain.errors import UserError
from harvester.linkage.lists.files import link_file
from harvester.linkage.lists.linking import link_list
from harvester.linkage.lists.records import read_records

if TYPE_CHECKING:
    from pathlib import Path


def ids(*rows: dict[str, object]) -> dict[str, str]:
    found = link_list(pa.Table.from_pylist(list(rows)))
    assert found.column_names == ["entry_id", "undertaking_id", "probability"]
    return dict(
        zip(*(found.column(n).to_pylist() for n in ("entry_id", "undertaking_id")), strict=True)
    )


def test_two_lists_of_one_project() -> None:
    found = ids(
        {"entry_id": "1", "source": "idp", "name": "Upgrade of Gxarhana clinic"},
        {"entry_id": "2", "source": "budget", "name": "Opgradering van Gxarhana kliniek"},
        {"entry_id": "3", "source": "budget", "name": "Gxarhana library"},
    )
    assert found["1"] == found["2"] != found["3"]


def test_entries_of_one_source_are_different_projects() -> None:
    found = ids(
        {"entry_id": "1", "source": "idp", "name": "Gxarhana clinic"},
        {"entry_id": "2", "source": "idp", "name": "Gxarhana clinic"},
    )
    assert found["1"] != found["2"]


def test_every_entry_comes_back_once_in_order_of_id() -> None:
    rows = [{"entry_id": str(n), "source": "a", "name": "Hall"} for n in (3, 1, 2)]
    found = link_list(pa.Table.from_pylist(rows))
    assert found.column("entry_id").to_pylist() == ["1", "2", "3"]
    assert found.column("probability").to_pylist() == [1.0, 1.0, 1.0]


def test_the_order_of_rows_does_not_matter() -> None:
    rows = [
        {
            "entry_id": str(n),
            "source": f"s{n % 3}",
            "name": f"{['Vrox', 'Quel', 'Sibh', 'Tand'][n // 3]}ani hall",
        }
        for n in range(12)
    ]
    assert ids(*rows) == ids(*reversed(rows))


def test_an_empty_list_links_to_an_empty_list() -> None:
    empty = pa.table({n: pa.array([], pa.string()) for n in ("entry_id", "source", "name")})
    assert link_list(empty).num_rows == 0


def test_figures_that_cannot_be_read_count_as_empty() -> None:
    found = ids({"entry_id": "1", "source": "a", "name": "Hall", "amount": "R 1 234,50", "latitude": "south",
                 "longitude": "0", "first_year": "soon", "last_year": None},
                {"entry_id": "2", "source": "b", "name": "", "amount": "nan", "first_year": "2018/19",
                 "last_year": "2020.0"})  # fmt: skip
    assert len(found) == 2


@pytest.mark.parametrize(
    "written", ["R 1 234,50", "1,234.50", "1234.5", "1 234.50", "R1\u00a0234.50"]
)
def test_amounts_as_people_write_them(written: str) -> None:
    rows = [
        {"entry_id": "1", "source": "a", "name": "Gxarhana thing", "amount": written},
        {"entry_id": "2", "source": "b", "name": "Gxarhana thing", "amount": "1234.50"},
        {"entry_id": "3", "source": "a", "name": "Vroxton thing", "amount": "99000"},
    ]
    sure = link_list(pa.Table.from_pylist(rows)).column("probability")[0].as_py()
    unsure = link_list(pa.Table.from_pylist([rows[0] | {"amount": ""}, *rows[1:]]))
    assert sure > unsure.column("probability")[0].as_py()


@pytest.mark.parametrize("amount", ["nan", "inf", "-inf", "1e400", "", "-5", "0"])
def test_impossible_amounts_do_no_harm(amount: str) -> None:
    assert len(ids({"entry_id": "1", "source": "a", "name": "Hall", "amount": amount})) == 1


def test_what_cannot_be_read_is_counted_with_an_example() -> None:
    row = {"source": "a", "name": "Gxarhana clinic"}
    found = read_records(
        pa.Table.from_pylist([
            {"entry_id": "1", **row, "amount": "soon", "first_year": "2018/19", "latitude": "27.9", "longitude": "-32.9"},
            {"entry_id": "2", **row, "amount": "soon", "first_year": "Q3", "latitude": "-32.9", "longitude": "27.9"},
            {"entry_id": "3", **row, "amount": "R24m", "first_year": "", "latitude": "0", "longitude": "0"},
        ])
    )  # fmt: skip
    assert [p.split(":")[0] for p in found.problems] == [
        "Column latitude, longitude, 1 of 3 rows", "Column amount, 2 of 3 rows",
        "Column first_year, 1 of 3 rows",
    ]  # fmt: skip
    assert "latitude and longitude are swapped (-32.9, 27.9)" in found.problems[0]
    assert "soon is not an amount; the amount is unknown" in found.problems[1]
    assert found.table.column("amount_cents").to_pylist() == [None, None, 24_000_000_00]
    assert found.table.column("first_year").to_pylist() == [2018, None, None]
    assert found.table.column("longitude").to_pylist() == [None, 27.9, None]


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [
        ("-32.9", "27.9"),
        ("-32,9", "27,9"),
        ("32\u00b054'0\" S", "27\u00b054' E"),
        ("-32.9, 27.9", ""),
    ],
)
def test_places_as_people_write_them(latitude: str, longitude: str) -> None:
    row = {
        "entry_id": "1",
        "source": "a",
        "name": "x",
        "latitude": latitude,
        "longitude": longitude,
    }
    found = read_records(pa.Table.from_pylist([row])).table
    assert (found["longitude"][0].as_py(), found["latitude"][0].as_py()) == (27.9, -32.9)


def test_missing_columns_are_named() -> None:
    with pytest.raises(UserError, match="no column source, name"):
        link_list(pa.table({"entry_id": ["1"]}))


def test_an_id_given_twice_is_named() -> None:
    with pytest.raises(UserError, match="more than once: 7"):
        ids(
            {"entry_id": "7", "source": "a", "name": "x"},
            {"entry_id": "7", "source": "b", "name": "y"},
        )


def test_an_empty_id_is_refused() -> None:
    with pytest.raises(UserError, match="1 rows have no entry_id"):
        ids({"entry_id": None, "source": "a", "name": "x"})


@pytest.mark.parametrize(
    ("separator", "encoding"), [(",", "utf-8-sig"), (";", "cp1252"), ("\t", "utf-8")]
)
def test_a_csv_as_spreadsheets_save_it(tmp_path: Path, separator: str, encoding: str) -> None:
    rows = [
        ["entry_id", "source", "name"],
        ["1", "a", "Hoërskool Gxarhana"],
        ["2", "b", "Gxarhana High School"],
    ]
    listed, out = tmp_path / "list.csv", tmp_path / "links.csv"
    listed.write_bytes("\r\n".join(separator.join(r) for r in rows).encode(encoding))
    found = link_file(listed, out)
    assert (found["entries"], found["undertakings"], found["not_read"]) == (2, 1, [])
    guessed = "The text is not UTF-8; it was read as Windows-1252."
    assert [p.startswith(guessed) for p in found["problems"]] == [True] * (encoding == "cp1252")
    assert out.read_text("utf-8").splitlines()[0] == "entry_id,undertaking_id,probability"


def test_columns_that_are_not_read_are_named(tmp_path: Path) -> None:
    listed = tmp_path / "in.csv"
    listed.write_text("entry_id,Source,name,Amounts,,place\n1,idp,Gxarhana clinic,5,,Gxarhana\n")
    assert link_file(listed, tmp_path / "out.csv")["not_read"] == ["Amounts"]


def test_a_place_in_words_tells_projects_apart_and_together() -> None:
    row = {"name": "New clinic", "municipality": "Buffalo City", "amount": "5000000"}
    found = ids(
        {"entry_id": "1", "source": "idp", "place": "Gxarhana", **row},
        {"entry_id": "2", "source": "budget", "place": "Gxarhana", **row},
        {"entry_id": "3", "source": "list", "place": "Quelmara", **row},
    )
    assert found["1"] == found["2"] != found["3"]


def test_a_workbook_is_read_from_the_sheet_that_has_the_columns(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "About"
    book.active.append(["Lists of two departments"])
    listed = book.create_sheet("Projects")
    listed.append(["Projects of 2019/20, for linking"])
    listed.append(["Entry ID", "Source", "Name", "Amount", "Remarks"])
    listed.append([7.0, "idp", "Upgrade of Gxarhana clinic", 1_250_000])
    listed.append([8, "budget", "Opgradering van Gxarhana kliniek", "R 1 250 000"])
    book.save(tmp_path / "list.xlsx")
    found = link_file(tmp_path / "list.xlsx", tmp_path / "out.csv")
    assert (found["entries"], found["undertakings"], found["not_read"]) == (2, 1, ["Remarks"])
    assert found["problems"] == ["Sheet About was not read."]
    written = (tmp_path / "out.csv").read_text("utf-8").splitlines()
    assert [line.split(",")[0] for line in written] == ["entry_id", "7", "8"]


def test_what_is_no_table_is_named(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_bytes(b"%PDF-1.7 ...")
    with pytest.raises(UserError, match="This is a PDF document, not a table"):
        link_file(tmp_path / "list.csv", tmp_path / "out.csv")


def test_rows_lost_in_an_open_quotation_are_said(tmp_path: Path) -> None:
    lines = [
        "entry_id,source,name",
        '1,idp,"Gxarhana clinic',
        "2,idp,Gxarhana hall",
        "3,idp,Hall",
        "",
    ]
    (tmp_path / "in.csv").write_text("\n".join(lines))
    (problem,) = link_file(tmp_path / "in.csv", tmp_path / "out.csv")["problems"]
    assert "every row after it is lost" in problem
    assert problem.startswith("Row 2: ")


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read"):
        link_file(tmp_path / "none.csv", tmp_path / "out.csv")


def test_every_pair_says_how_sure_it_is_and_why(tmp_path: Path) -> None:
    listed, out, why = (tmp_path / name for name in ("list.csv", "links.csv", "why.csv"))
    listed.write_text(
        "entry_id,source,name,amount\n1,a,Hoërskool Gxarhana,500\n2,b,Gxarhana High School,500\n",
        "utf-8",
    )
    told: list[str] = []
    link_file(listed, out, pairs=why, progress=lambda what, done, total: told.append(what))
    pair = next(csv.DictReader(why.read_text("utf-8").splitlines()))
    assert (pair["entry_a"], pair["entry_b"], pair["joined"]) == ("1", "2", "True")
    reasons = [r["reason"] for r in json.loads(pair["reasons"])]
    assert "same kind of facility: secondary school" in reasons
    assert "amounts are equal" in reasons
    assert told[0] == "reading names"
