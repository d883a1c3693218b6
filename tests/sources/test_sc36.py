"""SC36: what was spent, month by month, counted once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl
import pytest

from harvester.domain.errors import UnreadableFileError
from harvester.sources.reading import SourceFile
from harvester.sources.registry import detect
from tests.sources import books
from tests.sources.books import amounts, codes, problems, project, read, sc36, spending

if TYPE_CHECKING:
    from pathlib import Path


def actuals(path: Path) -> list[tuple[str, int, str, str]]:
    """(cell, cents, first day, last day) of the actuals."""
    return [
        (line["cell"], line["amount_cents"], str(line["period_start"]), str(line["period_end"]))
        for line in read(path).lines.to_pylist()
        if line["phase"] == "actual"
    ]


def test_months_are_actuals_of_their_own_month(tmp_path: Path) -> None:
    row = project(1, *spending(M01=1, M03="20800", Q1=20801, M07=-5, Q3=-5, YTD=20796))
    path = sc36(tmp_path / "a.xlsx", [row])
    assert detect(SourceFile.at(path)) == "sc36"
    assert actuals(path) == [
        ("P4", 1_00, "2019-07-01", "2019-07-31"),
        ("R4", 20_800_00, "2019-09-01", "2019-09-30"),
        ("X4", -5_00, "2020-01-01", "2020-01-31"),
    ]
    assert "amounts_do_not_add_up" not in codes(read(path))


def test_budgets_and_audited_outcomes_come_with_them(tmp_path: Path) -> None:
    row = project(1, *spending(Audited=1, Original=2, Adjusted=3))
    reading = read(sc36(tmp_path / "a.xlsx", [row]))
    assert amounts(reading) == [
        ("M4", 1_00, "2018/19", "audited"), ("N4", 2_00, "2019/20", "budget"),
        ("O4", 3_00, "2019/20", "adjusted"),
    ]  # fmt: skip
    (found,) = reading.submissions.to_pylist()
    assert (found["document"], found["stage"]) == ("in_year", "in_year")
    assert (found["financial_year"], str(found["published_on"])) == ("2019/20", "2020-03-31")


def test_a_quarter_counts_only_where_none_of_its_months_is_given(tmp_path: Path) -> None:
    row = project(1, *spending(Q1=30, M04=1, Q2=1, YTD=31))
    assert actuals(sc36(tmp_path / "a.xlsx", [row])) == [
        ("T4", 1_00, "2019-10-01", "2019-10-31"),
        ("S4", 30_00, "2019-07-01", "2019-09-30"),
    ]


def test_the_year_to_date_counts_only_where_nothing_else_is_given(tmp_path: Path) -> None:
    row = project(1, *spending(YTD=31))
    assert actuals(sc36(tmp_path / "a.xlsx", [row])) == [("AF4", 31_00, "2019-07-01", "2020-03-31")]


def test_totals_that_do_not_agree_with_the_months_are_told(tmp_path: Path) -> None:
    row = project(1, *spending(M01=10, M02=10, Q1=25, YTD=20))
    reading = read(sc36(tmp_path / "a.xlsx", [row]))
    (problem,) = problems(reading, "amounts_do_not_add_up")
    assert (problem["row"], problem["column"]) == (4, "S")
    assert "R 25" in str(problem["message"])
    assert "R 20" in str(problem["message"])
    assert sum(a[1] for a in amounts(reading)) == 20_00


def test_zeros_after_the_end_of_the_period_are_not_reported_and_more_is_doubted(
    tmp_path: Path,
) -> None:
    row = project(1, *spending(M09=5, M10=0, M11=7, Q4=7))
    path = sc36(tmp_path / "a.xlsx", [row])
    assert [a[:2] for a in actuals(path)] == [("Z4", 5_00), ("AC4", 7_00)]
    (problem,) = problems(read(path), "amount_after_period")
    assert problem["column"] == "AC"


def test_an_audit_of_the_running_year_is_doubted(tmp_path: Path) -> None:
    headings = [
        h.replace("Audited Outcome\n2018/19", "Audited Outcome\n2019/20")
        for h in books.SC36_HEADINGS
    ]
    rows = [[books.SC36_TITLE], ["R thousands"], headings, project(1, 5)]
    reading = read(books.workbook(tmp_path / "a.xlsx", {"BUF": rows}))
    assert problems(reading, "audited_before_year_end")[0]["column"] == "M"


def test_rows_with_only_actuals_or_only_a_budget_are_both_kept(tmp_path: Path) -> None:
    rows = [
        project(1, *spending(Original=100)),
        ["Z ???", None, "PC9", *[None] * 9, *spending(M01=1)],
        ["Roads", None, None, *[None] * 9, *spending(M01=2)],
    ]
    reading = read(sc36(tmp_path / "a.xlsx", rows))
    assert reading.source_entries.num_rows == 3
    assert sum(a[1] for a in amounts(reading)) == 103_00
    assert [p["row"] for p in problems(reading, "row_without_name")] == [5, 6]


def test_the_period_comes_from_the_last_month_filled_where_the_title_is_silent(
    tmp_path: Path,
) -> None:
    rows = [
        ["(BUF) - Table SC36"],
        list(books.SC36_HEADINGS),
        project(1, *spending(M02=1)),
        project(2, *spending(YTD=9)),
    ]
    path = books.workbook(tmp_path / "a.xlsx", {"BUF": rows})
    assert actuals(path)[-1] == ("AF4", 9_00, "2019-07-01", "2019-08-31")


def test_months_without_a_year_are_of_the_year_of_the_title(tmp_path: Path) -> None:
    headings = [*books.CAPITAL_HEADINGS, "July Actual", "August Actual"]
    path = books.workbook(
        tmp_path / "a.xlsx", {"BUF": [[books.SC36_TITLE], headings, project(1, 5, 6)]}
    )
    assert actuals(path) == [
        ("M3", 5_00, "2019-07-01", "2019-07-31"), ("N3", 6_00, "2019-08-01", "2019-08-31"),
    ]  # fmt: skip
    assert "column_year_unreadable" not in codes(read(path))


def test_a_file_forced_to_be_an_sc36_that_is_none_says_so(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="months M01 to M12"):
        read(books.sa36(tmp_path / "a.xlsx", [project()]), format="sc36")


@pytest.mark.shared
def test_the_real_quarterly_file(shared_data: Path) -> None:
    """Two projects; one year to date (AG4, R 10 800) contradicts its only month (S4, R 20 800)."""
    path = shared_data / "municipal-data/sa36_sc36/quarterly.xlsx"
    reading = read(path)
    assert reading.source_entries.num_rows == 2
    (problem,) = problems(reading, "amounts_do_not_add_up")
    assert (problem["row"], problem["column"], problem["value"]) == (4, "AG", "10 800")
    sheet = openpyxl.load_workbook(path, data_only=True).worksheets[0]
    assert (sheet["AG4"].value, sheet["S4"].value) == (10800, 20800)
    months = [c for c in range(1, 34) if str(sheet.cell(3, c).value).strip().startswith("M0")]
    expected = sum(float(sheet.cell(r, c).value or 0) for r in (4, 5) for c in months)
    spent = sum(a[1] for a in amounts(reading) if a[3] == "actual")
    assert spent == round(expected * 100)
