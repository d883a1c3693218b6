"""`harvester link`: any list of projects."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from harvester.domain.errors import UserError
from harvester.linkage.lists import link_csv, link_list

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
    assert link_csv(listed, out) == {"entries": 2, "undertakings": 1, "not_read": []}
    assert out.read_text("utf-8").splitlines()[0] == "entry_id,undertaking_id,probability"


def test_columns_that_are_not_read_are_named(tmp_path: Path) -> None:
    listed = tmp_path / "in.csv"
    listed.write_text("entry_id,Source,name,Amounts,,place\n1,idp,Gxarhana clinic,5,,Gxarhana\n")
    assert link_csv(listed, tmp_path / "out.csv")["not_read"] == ["amounts"]


def test_a_place_in_words_tells_projects_apart_and_together() -> None:
    row = {"name": "New clinic", "municipality": "Buffalo City", "amount": "5000000"}
    found = ids(
        {"entry_id": "1", "source": "idp", "place": "Gxarhana", **row},
        {"entry_id": "2", "source": "budget", "place": "Gxarhana", **row},
        {"entry_id": "3", "source": "list", "place": "Quelmara", **row},
    )
    assert found["1"] == found["2"] != found["3"]


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read"):
        link_csv(tmp_path / "none.csv", tmp_path / "out.csv")


def test_every_pair_says_how_sure_it_is_and_why(tmp_path: Path) -> None:
    listed, out, why = (tmp_path / name for name in ("list.csv", "links.csv", "why.csv"))
    listed.write_text(
        "entry_id,source,name,amount\n1,a,Hoërskool Gxarhana,500\n2,b,Gxarhana High School,500\n",
        "utf-8",
    )
    told: list[str] = []
    link_csv(listed, out, pairs=why, progress=lambda what, done, total: told.append(what))
    pair = next(csv.DictReader(why.read_text("utf-8").splitlines()))
    assert (pair["entry_a"], pair["entry_b"], pair["joined"]) == ("1", "2", "True")
    reasons = [r["reason"] for r in json.loads(pair["reasons"])]
    assert "same kind of facility: secondary school" in reasons
    assert "amounts are equal" in reasons
    assert told[0] == "reading names"
