"""The report of a metro: a page and a workbook that say the same, from the hand-made harvest."""

from __future__ import annotations

import os
import re
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest

from harvester.alignment.indicators import Indicator
from harvester.domain.errors import UserError
from harvester.engine import schema
from harvester.reports import aligned, workbook
from harvester.reports.stage import report, write_reports
from tests.reports.conftest import BUDGET, FINDINGS, empty, finding

GOLDEN = Path(__file__).parent / "golden" / "ETH.txt"
"""What the page says, line by line. `HARVESTER_GOLDEN=write pytest tests/reports` renews it."""


class Words(HTMLParser):
    """The text of a page, one line for each cell, heading or paragraph."""

    BLOCKS = frozenset(
        {"p", "h1", "h2", "h3", "td", "th", "li", "dt", "dd", "summary", "div", "span"}
    )

    def __init__(self) -> None:
        super().__init__()
        self.lines = [""]
        self.quiet = 0

    def handle_starttag(self, tag, attrs):
        """Begin a line at a block; keep out the style sheet."""
        self.quiet += tag == "style"
        if tag in self.BLOCKS:
            self.lines.append("")

    def handle_endtag(self, tag):
        """End it."""
        self.quiet -= tag == "style"

    def handle_data(self, data):
        """Text with its white space folded."""
        if not self.quiet:
            self.lines[-1] = " ".join(f"{self.lines[-1]} {data}".split())


def words_of(html: str) -> str:
    """The text of a page."""
    reader = Words()
    reader.feed(html)
    return "\n".join(line for line in reader.lines if line) + "\n"


def declared(name, unit="rand"):
    """An indicator with plain words."""
    return Indicator(
        name, f"Name of {name}", "Question?", "this ÷ that", unit, "Reading.", "Source.",
        higher_is_better=True, query="",
    )  # fmt: skip


@pytest.fixture(autouse=True)
def plain_declarations(monkeypatch):
    """Declarations of our own, so that better words elsewhere do not change this specification."""
    listed = [
        declared("V1"),
        declared("S1"),
        declared("B1"),
        declared("P1", "count"),
        declared("X9"),
    ]
    monkeypatch.setattr(aligned, "INDICATORS", listed)
    monkeypatch.setattr(aligned, "DETECTORS", [])
    monkeypatch.setattr(workbook, "_DECLARED", {one.id: one for one in listed})


@pytest.fixture
def page(harvest, tmp_path):
    """The page of eThekwini."""
    return report(harvest, "ETH", tmp_path)[0].read_text("utf-8")


def sheets(path):
    """Rows of every sheet of a workbook, by sheet name."""
    book = openpyxl.load_workbook(path)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def test_the_page_says_what_it_said(page):
    found = words_of(page)
    if os.environ.get("HARVESTER_GOLDEN") == "write":
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(found, "utf-8")
    assert found == GOLDEN.read_text("utf-8")


def test_the_first_line_is_the_finding_not_the_label(page):
    assert "eThekwini: 6 projects by 3 institutions, R 32.1 bn over 2018/19 to 2020/21" in words_of(
        page
    )
    assert "R 3.9 bn says nowhere" in words_of(page)
    assert "1 project states no amount: unknown, not zero" in words_of(page)


def test_the_page_needs_nothing_from_outside_and_runs_nothing(page):
    assert "<script" not in page
    assert not re.search(r"(?:src|href)=\"(?!#)", page)
    assert set(re.findall(r"url\(([^)]*)\)", page)) == {"#hatch"}
    assert "default-src 'none'" in page


def test_words_of_files_cannot_become_markup(page):
    assert "SA36 eThekwini &lt;draft&gt;.xlsx" in page
    assert "Cornubia &lt;bulk&gt; water" in page
    assert "<draft>" not in page


def test_problems_of_other_places_stay_out(page, harvest, tmp_path):
    assert "Umzimkhulu" not in page
    country = report(harvest, None, tmp_path)[0].read_text("utf-8")
    assert "Umzimkhulu" in country


def test_every_figure_shows_its_run(page):
    assert "Harvest 0041" in page
    assert "7f3a" * 16 in page
    assert "Judged as at 12 Oct 2018" in page


def test_spent_money_is_not_plan_money(page):
    assert sum(r["amount_cents"] for r in BUDGET if r["phase"] == "actual") == 777
    assert "R 18.4 bn" in words_of(page).replace("\u00a0", " ")


def test_only_the_latest_paper_of_a_publisher_counts(page):
    """An edition that a later one repeats (R 10 bn) is read and listed, but not added to it."""
    said = words_of(page).replace("\u00a0", " ")
    assert "31 May 2017" in said
    assert "R 28.4 bn" not in said
    assert "R 10.0 bn" not in said


def test_unknown_indicators_are_hatched_and_never_zero(page):
    row = page[page.index("B1 Name of B1") :]
    row = row[: row.index("</tr>")]
    assert "unknown" in row
    assert "0 %" not in row
    assert 'class="c-unknown"' in row


def test_long_tables_are_cut_and_say_so(harvest, tmp_path):
    many = [finding(i, "W01", "Title", "Statement.", 1000 - i, "low") for i in range(100, 190)]
    harvest.tables["findings"] = schema.FINDINGS.from_rows([*FINDINGS, *many])
    page, book = report(harvest, "ETH", tmp_path)
    assert "54 more in ETH.xlsx, sheet Findings." in page.read_text("utf-8")
    assert len(sheets(book)["Findings"]) == 1 + 94
    assert page.stat().st_size < 1_000_000


def test_the_workbook_holds_numbers_as_numbers(harvest, tmp_path):
    found = sheets(report(harvest, "ETH", tmp_path)[1])
    assert list(found) == [
        "Summary", "Read", "Problems", "Money", "Indicators", "Findings", "Evidence", "Projects",
        "Related projects", "Earlier ids", "Coverage",
    ]  # fmt: skip
    head, *rows = found["Findings"]
    rand = head.index("Rand at stake")
    assert [row[rand] for row in rows] == [428_000_000, 318_000_000, 71_000_000, None]
    assert [row[0] for row in rows] == ["high", "medium", "medium", "low"]
    head, *rows = found["Money"]
    assert len(rows) == 14
    assert sum(row[head.index("Rand")] for row in rows if row[0] == "integration_zone") == 2.54e10


def test_texts_that_look_like_formulas_stay_texts(harvest, tmp_path):
    path = report(harvest, "ETH", tmp_path)[1]
    book = openpyxl.load_workbook(path)
    values = {c.value: c.data_type for s in book for row in s.iter_rows() for c in row}
    assert values['=HYPERLINK("x")'] == "s"
    assert values["=cmd|' /C calc'!A0"] == "s"
    assert "f" not in values.values()


def test_every_sheet_has_frozen_headings_and_a_filter(harvest, tmp_path):
    book = openpyxl.load_workbook(report(harvest, "ETH", tmp_path)[1])
    for sheet in book.worksheets[1:]:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref


def test_the_same_harvest_gives_the_same_bytes(harvest, tmp_path):
    first = [path.read_bytes() for path in write_reports(harvest, tmp_path / "a")]
    second = [path.read_bytes() for path in write_reports(harvest, tmp_path / "b")]
    assert first == second


def test_a_report_for_the_country_and_each_metro_of_the_harvest(harvest, tmp_path):
    told = []
    written = write_reports(harvest, tmp_path, progress=lambda *step: told.append(step))
    assert [path.name for path in written] == [
        "country.html", "country.xlsx", "BUF.html", "BUF.xlsx", "ETH.html", "ETH.xlsx",
    ]  # fmt: skip
    assert told[-1] == ("", 3, 3)


def test_only_the_metros_asked_for(harvest, tmp_path):
    written = write_reports(harvest, tmp_path, metros=["TSH"])
    assert [path.name for path in written] == ["TSH.html", "TSH.xlsx"]
    assert "no project was read" in written[0].read_text("utf-8")


def test_a_code_that_is_no_municipality_is_refused(harvest, tmp_path):
    with pytest.raises(UserError, match="not the code of a municipality"):
        report(harvest, "XXX", tmp_path)


def test_a_harvest_of_nothing_still_reports(tmp_path):
    page, book = report(empty(), None, tmp_path)
    said = words_of(page.read_text("utf-8"))
    assert "South Africa: no project was read" in said
    assert "Judged at no day: no file states one" in said
    assert "No misalignment was found" in said
    assert [len(rows) for name, rows in sheets(book).items() if name != "Summary"] == [1] * 10
