"""A template is filled in by an institution and read back as it was meant."""

from __future__ import annotations

import datetime as dt
import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harvester.domain.errors import UserError
from harvester.sources import templates
from harvester.sources.mapping import definition as mapping_file
from harvester.sources.mapping import reader as mapping
from harvester.sources.reading import Reading, ReadOptions, SourceFile

if TYPE_CHECKING:
    from pathlib import Path

META = {
    "institution": "BUF",
    "financial_year": "2018/19",
    "stage": "draft",
    "published_on": dt.date(2018, 3, 31),
    "title": "A list",
}


def read(path: Path) -> Reading:
    source = SourceFile.at(path)
    assert mapping.detect(source)
    return mapping.read(source, ReadOptions())


def example_row(name: str) -> dict[str, Any]:
    found = mapping_file.ready(name)
    amounts = {
        f"{fund} {year}".strip(): 1000.25
        for fund in found.amounts.funds or ("",)
        for year in ("2018/19", "2019/20", "2020/21")
    }
    return {**{c.key: c.example for c in found.columns}, "amounts": amounts}


@pytest.mark.parametrize("name", templates.names())
class TestEachTemplate:
    def test_filled_with_its_own_example_it_is_read_back_without_a_problem(
        self, tmp_path: Path, name: str
    ) -> None:
        templates.write_template(name, tmp_path / "t.xlsx", rows=[example_row(name)], meta=META)
        reading = read(tmp_path / "t.xlsx")
        problems = [p["message"] for p in reading.problems.to_pylist()]
        submission = reading.submissions.to_pylist()[0]
        assert problems == []
        assert (
            submission["format"],
            submission["institution"],
            submission["financial_year"],
            submission["stage"],
            submission["published_on"],
        ) == (name, "BUF", "2018/19", "draft", dt.date(2018, 3, 31))
        funds = mapping_file.ready(name).amounts.funds or ("",)
        assert reading.lines["amount_cents"].to_pylist() == [100_025] * 3 * len(funds)

    def test_empty_it_has_no_rows_and_its_example_is_not_read(
        self, tmp_path: Path, name: str
    ) -> None:
        templates.write_template(name, tmp_path / "t.xlsx")
        reading = read(tmp_path / "t.xlsx")
        assert len(reading.source_entries) == 0
        assert "no_rows" in reading.problems["code"].to_pylist()

    def test_it_explains_itself(self, tmp_path: Path, name: str) -> None:
        templates.write_template(name, tmp_path / "t.xlsx")
        book = openpyxl.load_workbook(tmp_path / "t.xlsx")
        found = mapping_file.ready(name)
        data = book[found.sheet]
        assert data.freeze_panes == "B2"
        assert [c.value for c in data[1]][: len(found.columns)] == [c.header for c in found.columns]
        assert all(cell.comment for cell in data[1])
        assert book["Lists"].sheet_state == "hidden"
        assert book["Example"]["A1"].value.startswith("EXAMPLE")
        words = " ".join(str(c.value) for row in book["Read me"].iter_rows() for c in row)
        assert found.reference in words
        assert ("NOT VERIFIED" in words) is not found.verified

    def test_lists_to_choose_from_hang_on_their_columns(self, tmp_path: Path, name: str) -> None:
        templates.write_template(name, tmp_path / "t.xlsx")
        sheet = openpyxl.load_workbook(tmp_path / "t.xlsx")[mapping_file.ready(name).sheet]
        listed = {
            next(iter(rule.sqref.ranges)).min_col
            for rule in sheet.data_validations.dataValidation
            if rule.type == "list"
        }
        expected = {
            n for n, c in enumerate(mapping_file.ready(name).columns, start=1) if c.list or c.values
        }
        assert listed == expected

    def test_the_same_rows_give_the_same_bytes(self, tmp_path: Path, name: str) -> None:
        for file in ("a.xlsx", "b.xlsx"):
            templates.write_template(name, tmp_path / file, rows=[example_row(name)], meta=META)
        assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


class TestRows:
    def test_text_is_never_a_formula_a_number_or_a_link(self, tmp_path: Path) -> None:
        templates.write_template(
            "idp",
            tmp_path / "t.xlsx",
            rows=[
                {
                    "source_code": "007",
                    "name": "=cmd|' /C calc'!A1",
                    "description": "http://x",
                    "amounts": {"2018/19": "R 1 234,50"},
                },
            ],
        )
        with zipfile.ZipFile(tmp_path / "t.xlsx") as parts:
            sheets = [n for n in parts.namelist() if n.startswith("xl/worksheets/sheet")]
            assert all(
                b"<f>" not in parts.read(n) and b"hyperlink" not in parts.read(n) for n in sheets
            )
        reading = read(tmp_path / "t.xlsx")
        entry = reading.source_entries.to_pylist()[0]
        assert (entry["source_code"], entry["name"]) == ("007", "=cmd|' /C calc'!A1")
        assert reading.lines["amount_cents"].to_pylist() == [123_450]

    def test_amounts_of_more_years_and_funds_get_columns_of_their_own(self, tmp_path: Path) -> None:
        templates.write_template(
            "bepp",
            tmp_path / "t.xlsx",
            rows=[
                {
                    "name": "A",
                    "owner_text": "BUF",
                    "amounts": {"USDG 2018/19": 1, "RBIG 2024/25": 2, "2025/26": 3},
                },
            ],
            meta=META,
        )
        found = {
            (x["year"], x["fund_text"]): x["amount_cents"]
            for x in read(tmp_path / "t.xlsx").lines.to_pylist()
        }
        assert found == {("2018/19", "USDG"): 100, ("2024/25", "RBIG"): 200, ("2025/26", ""): 300}

    def test_the_year_told_is_the_year_of_the_headings(self, tmp_path: Path) -> None:
        templates.write_template("dora", tmp_path / "t.xlsx", meta={"financial_year": "2021/22"})
        sheet = openpyxl.load_workbook(tmp_path / "t.xlsx")["Allocations"]
        assert [c.value for c in sheet[1]][-3:] == [
            "Allocation 2021/22",
            "Allocation 2022/23",
            "Allocation 2023/24",
        ]

    @pytest.mark.parametrize(
        ("name", "rows", "meta"),
        [
            ("nothing", [], {}),
            ("idp", [{"nme": "A"}], {}),
            ("idp", [{"amounts": {"2018": 1}}], {}),
            ("idp", [], {"colour": "red"}),
            ("idp", [], {"financial_year": "next"}),
        ],
    )
    def test_what_does_not_fit_is_refused(
        self, tmp_path: Path, name: str, rows: list[dict[str, Any]], meta: dict[str, Any]
    ) -> None:
        with pytest.raises(UserError):
            templates.write_template(name, tmp_path / "t.xlsx", rows=rows, meta=meta)

    def test_a_folder_that_is_not_there_is_refused_kindly(self, tmp_path: Path) -> None:
        with pytest.raises(UserError, match="cannot be written"):
            templates.write_template("idp", tmp_path / "no" / "t.xlsx")

    _words = st.text(st.characters(codec="utf-8", categories=("L", "N")), min_size=1, max_size=20)

    @settings(
        max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(
        rows=st.lists(
            st.fixed_dictionaries(
                {
                    "source_code": _words,
                    "name": _words,
                    "owner_text": _words,
                    "location_text": _words,
                    "start_date": st.dates(dt.date(1995, 1, 1), dt.date(2060, 1, 1)),
                    "total_cost": st.integers(1, 10**10),
                    "amounts": st.dictionaries(
                        st.sampled_from(["2018/19", "2019/20", "2020/21"]),
                        st.integers(-(10**9), 10**10),
                    ),
                }
            ),
            min_size=1,
            max_size=5,
            unique_by=lambda r: r["source_code"],
        )
    )
    def test_what_is_written_is_what_is_read(
        self, tmp_path: Path, rows: list[dict[str, Any]]
    ) -> None:
        templates.write_template("idp", tmp_path / "t.xlsx", rows=rows, meta=META)
        reading = read(tmp_path / "t.xlsx")
        entries = reading.source_entries.to_pylist()
        assert [
            (
                e["source_code"],
                e["name"],
                e["owner_text"],
                e["location_text"],
                e["start_date"],
                e["total_cost_cents"],
            )
            for e in entries
        ] == [
            (
                r["source_code"],
                r["name"],
                r["owner_text"],
                r["location_text"],
                r["start_date"],
                r["total_cost"] * 100,
            )
            for r in rows
        ]
        found = {(x["entry_id"], x["year"]): x["amount_cents"] for x in reading.lines.to_pylist()}
        assert found == {
            (e["entry_id"], year): rand * 100
            for e, r in zip(entries, rows, strict=True)
            for year, rand in r["amounts"].items()
        }
