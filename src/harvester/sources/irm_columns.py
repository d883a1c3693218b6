"""The headings of IRM project lists, of every layout seen, and what each means (FORMATS 3)."""

from __future__ import annotations

import re

from harvester.domain.documents import Phase

TEXTS = {
    "project id": "source_code", "project no": "other_code", "project number": "other_code",
    "project name": "name", "project description": "description", "province": "province_text",
    "department": "owner_text", "department name": "owner_text", "sector": "function_text",
    "local municipality": "municipality_text", "municipality": "municipality_text",
    "project status": "status_text", "status": "status_text",
    "budget programme": "parent_text", "primary funding source": "fund_text",
    "funding source": "fund_text", "nature of investment": "nature_text",
}  # fmt: skip
OTHERS = {
    "district municipality": "district", "latitude": "latitude", "longitude": "longitude",
    "project start date": "start", "estimated construction start date": "construction_start",
    "estimated project completion date": "completion",
    "contracted construction end date": "contracted_end",
    "estimated construction end date": "construction_end",
    "total project cost": "cost", "project expenditure total": "spent",
    "project expenditure from previous financial years professional fees": "before_fees",
    "project expenditure from previous financial years construction costs": "before_construction",
    "project expenditure from previous financial years total": "before",
    "main budget appropriation professional fees": "main_fees",
    "main budget appropriation construction costs": "main_construction",
    "main budget appropriation total": "main",
    "main appropriation total": "main", "main budget total": "main",
    "adjustment budget appropriation professional fees": "adjusted_fees",
    "adjustment budget appropriation construction costs": "adjusted_construction",
    "adjustment budget appropriation total": "adjusted",
    "adjusted budget appropriation total": "adjusted", "adjustment appropriation total": "adjusted",
    **{f"actual expenditure q{n}": f"actual_{n}" for n in range(1, 5)},
    **{f"actual expenditure quarter {n}": f"actual_{n}" for n in range(1, 5)},
    "project contractor": "contractor", "project contractors": "contractor",
}  # fmt: skip
KNOWN = {**TEXTS, **OTHERS}
"""Headings (as :func:`header_key` writes them) to our fields."""

WANTED = {
    "source_code": "Project ID", "name": "Project Name", "province_text": "Province",
    "owner_text": "Department", "main": "Main Budget Appropriation (TOTAL)",
}  # fmt: skip
MARKS = {
    "main",
    "adjusted",
    "before",
    "actual_1",
    "actual_2",
    "actual_3",
    "actual_4",
    "contractor",
}
BUDGETS = (
    ("main", ("main_fees", "main_construction"), Phase.BUDGET),
    ("adjusted", ("adjusted_fees", "adjusted_construction"), Phase.ADJUSTED),
    ("before", ("before_fees", "before_construction"), Phase.SPENT_BEFORE),
)
QUARTER_IN_NAME = re.compile(
    r"(?<!\d)(?:19|20)\d\d(?:[-_ ]?(?:19|20)?\d\d)?[-_ ]*q([1-4])(?!\d)", re.IGNORECASE
)


def field_of(name: str) -> str:
    """Field of ``schema.SOURCE_ENTRIES`` a column gives; ``amount`` for lines, else ``extras``."""
    return {
        "start": "start_date", "completion": "end_date", "cost": "total_cost_cents",
        "latitude": "latitude", "longitude": "longitude",
    }.get(name, "amount" if name.startswith(("main", "adjusted", "before", "actual")) else "extras")  # fmt: skip


def contractor(text: str) -> dict[str, str]:
    """``Main Contractor:  ABC: Civils`` is role and name; the name keeps its own colons."""
    role, colon, name = text.partition(":")
    if not colon or not name.strip():
        return {"role": "Other parties", "name": text.strip(": ")}
    return {"role": role.strip(), "name": name.strip()}
