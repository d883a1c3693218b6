"""Two seasons of Cape Town in the small sample country.

In the first a sewer stands in the negotiated pipeline and in no statutory plan, and a housing
project waits for it. The next season's files are the same workbooks with every year moved on; the
sewer stands in the IDP and has money in the budget, and the pipeline says the houses are served.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import openpyxl

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

LAST = 2019
HOUSING = "Epping BNG housing project"
SEWER = "Epping outfall sewer, phase 1"
RAND = 18_000_000
PLACE = (-33.92377, 18.54948)
_YEAR = re.compile(r"\b(20[12]\d)/(\d\d)\b(?!/)")
_DAY = re.compile(r"\b(20[12]\d)([/-])(\d\d)\2(\d\d)\b")


def begin(country: Path) -> None:
    """Put the sewer into the pipeline of the country's last season, and nowhere else."""
    path = _path(country, "BEPP")
    book = openpyxl.load_workbook(path)
    _add(book["Pipeline"], 1, _IN_PIPELINE)
    book.save(path)


def follow(country: Path, into: Path, first: int) -> list[Path]:
    """Pipeline, IDP and budget for the year that begins in July of ``first``."""
    into.mkdir(parents=True, exist_ok=True)
    changes: dict[str, Callable[[Workbook], None]] = {
        "BEPP": _served, "IDP": _planned, "SA36": _budgeted
    }  # fmt: skip
    found = []
    for kind, change in changes.items():
        book = openpyxl.load_workbook(_path(country, kind))
        for cell in (cell for sheet in book for row in sheet.iter_rows() for cell in row):
            if isinstance(cell.value, str):
                cell.value = _moved(cell.value, first - LAST)
        change(book)
        found.append(into / f"CPT_{kind}_{first}-{(first + 1) % 100:02d}.xlsx")
        book.save(found[-1])
    return found


def _path(country: Path, kind: str) -> Path:
    return country / "metros" / "CPT" / f"CPT_{kind}_2019-20.xlsx"


def _moved(value: str, years: int) -> str:
    """Text with its financial years and its days moved on."""
    moved = _YEAR.sub(lambda m: f"{int(m[1]) + years}/{(int(m[2]) + years) % 100:02d}", value)
    return _DAY.sub(lambda m: f"{int(m[1]) + years}{m[2]}{m[3]}{m[2]}{m[4]}", moved)


_IN_PIPELINE = {
    "BEPP reference": "BEPP-09001", "Project name": SEWER, "Owner sphere": "local",
    "Owner": "City of Cape Town", "Location": "Epping", "Function": "Sewerage",
    "GPS coordinates": f"{PLACE[0]}, {PLACE[1]}", "Nature of investment": "New",
}  # fmt: skip
_IN_IDP = {
    "IDP reference": "IDP-CPT-09001", "Project name": SEWER, "Responsible department": "Water",
    "Sphere of owner": "local", "Function": "Sewerage", "Ward or place": "Epping",
    "GPS coordinates": f"{PLACE[0]}, {PLACE[1]}", "BEPP reference": "BEPP-09001",
}  # fmt: skip
_IN_BUDGET = {
    "Function": "Sewerage", "Project Decription": SEWER, "Type": "New",
    "Project Number": "PC001001002004004_09001", "Asset Class": "Sanitation Infrastructure",
    "Asset Sub-Class": "Outfall Sewers", "Ward Location": "Epping", "GPS Longitude": PLACE[1],
    "GPS Latitude": PLACE[0],
}  # fmt: skip


def _served(book: Workbook) -> None:
    for row in book["Pipeline"].iter_rows(min_row=2):
        if HOUSING in str(row[1].value):
            row[19].value = "Sufficient once the outfall sewer is in"


def _planned(book: Workbook) -> None:
    _add(book["Projects"], 1, _IN_IDP)


def _budgeted(book: Workbook) -> None:
    _add(book["CPT"], 3, _IN_BUDGET)


def _add(sheet: Worksheet, heading: int, told: dict[str, Any]) -> None:
    """One row more, with its money under the first year of the plan."""
    heads = [str(cell.value or "").strip().replace("\n", " ") for cell in sheet[heading]]
    unknown = set(told) - set(heads)
    assert not unknown, (unknown, heads)
    values = [told.get(head) for head in heads]
    first = next(
        n
        for n, head in enumerate(heads)
        if re.search(r"(?i)^(budget|plan)", head)
        or (re.search(r"20\d\d/\d\d$", head) and "Audited" not in head and "Forecast" not in head)
    )
    values[first] = RAND
    last = max(row for row in range(heading, sheet.max_row + 1) if sheet.cell(row, 2).value)
    sheet.insert_rows(last + 1)
    for column, value in enumerate(values, 1):
        sheet.cell(last + 1, column, value)
