"""What departments aim at: five-year strategic plans and quarterly performance reports."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from harvester.domain.periods import Calendar, FinancialYear
from harvester.sample.documents.books import Delimited
from harvester.sample.documents.filled import FilledBook
from harvester.sample.planting import TARGET_WITHOUT_PROJECT, WORKS_WITHOUT_TARGET
from harvester.sample.truth import FileTruth, Truth

if TYPE_CHECKING:
    from harvester.sample.documents.books import Shelf
    from harvester.sample.world import World

_TARGETS = {
    "EDU": [("Public ordinary schools with adequate infrastructure", "Education", "education", 900),
            ("New classrooms built", "Education", "education", 2400)],
    "HEA": [("Health facilities that meet the infrastructure standard", "Health", "health", 260),
            ("New clinics opened", "Health", "health", 24)],
    "HS": [("Houses completed in integrated settlements", "Housing", "housing", 42_000),
           ("Households in informal settlements with services", "Housing", "housing", 65_000)],
}  # fmt: skip
"""Outcome, sector, outcome of the kinds' list and five-year target, by sector of the department."""

_NO_PROJECT = ("Sports facilities completed", "Education", "education", 60)
_NO_WORKS = [
    ("Officials trained in contract management", "Housing", "housing", 400),
    ("Audit queries answered within thirty days", "Housing", "housing", 200),
]


def _aims(
    code: str, sector: str, season: int, *, aligned: bool, strategic: bool = False
) -> list[tuple[str, str, str, int]]:
    """A department's targets; planted (W15): one with no project, or none for its projects."""
    usual = _TARGETS[sector]
    if aligned:
        return usual
    if code == WORKS_WITHOUT_TARGET[0] and (strategic or season == WORKS_WITHOUT_TARGET[1]):
        return _NO_WORKS
    if (code, season) == TARGET_WITHOUT_PROJECT and not strategic:
        return [*usual, _NO_PROJECT]
    return usual


def plant(truth: Truth) -> None:
    """The truth of what is planted in targets."""
    for (code, season), planted in (
        (TARGET_WITHOUT_PROJECT, f"the target {_NO_PROJECT[0]!r} has no project behind it"),
        (WORKS_WITHOUT_TARGET, "its houses have no target in its performance plan"),
    ):
        label = FinancialYear(season, Calendar.NATIONAL).label
        truth.misalignment("W15", "", "", label, planted, institution=code)


def write_strategic_plans(
    world: World, shelf: Shelf, truth: Truth, season: int, *, aligned: bool
) -> None:
    """Five-year outcomes of the large provincial departments."""
    for province, told in world.provinces.items():
        for sector in _TARGETS:
            code = told["departments"][sector]
            targets = _aims(code, sector, season, aligned=aligned, strategic=True)
            book = FilledBook(shelf, truth, "strategic-plan", code, season)
            for n, (name, function, outcome, target) in enumerate(targets, start=1):
                book.add({
                    "source_code": f"{n}.1", "name": name, "owner_text": f"{told['name']} Department of {world.departments[code]}",
                    "province_text": province, "function_text": function,
                    "outcome_text": world.outcomes[outcome][0], "baseline": str(target // 2),
                    "units": target, "end_date": dt.date(season + 5, 3, 31),
                })  # fmt: skip
            book.close()


_QPR_HEAD = (
    "Sector", "Institution", "Programme", "SubProgramme", "Location", "Frequency", "Indicator",
    "Type", "SubType", "Outcome", "Cluster",
    *(f"{what}_Q{q}" for q in range(1, 5) for what in (
        "Target", "ActualOutput", "ReasonforDeviation", "CorrectiveAction", "OTP", "National",
    )),
    "AnnualTarget_Summary2", "Preliminary_Summary2", "PrelimaryAudited_Summary2",
    "ReasonforDeviation_Summary", "CorrectiveAction_Summary", "OTP_Summary", "National_Summary",
    "ValidatedAudited_Summary2", "UID",
)  # fmt: skip
_BLANK = [None] * 4


def write_performance(
    world: World, shelf: Shelf, truth: Truth, season: int, *, aligned: bool
) -> None:
    """Quarterly performance exports, one a province for education, health and human settlements.

    The headings are shifted against the data, as in the published exports.
    """
    label = FinancialYear(season, Calendar.NATIONAL).label
    said = f"FY {label.replace('/', '-')}"
    for told in world.provinces.values():
        for sector in _TARGETS:
            code = told["departments"][sector]
            targets = _aims(code, sector, season, aligned=aligned)
            department = world.departments[code]
            file = f"QPR_{code}_{label.replace('/', '-')}.csv"
            sink = Delimited(shelf.path(file))
            sink.row(
                ["ReportTitle", "Textbox95", "Textbox80", "Textbox81", "Textbox82", "Textbox83"]
            )
            sink.row([
                f"QPR for {said} Provincial Institutions Oversight Performance  Report as of ( {said})",
                f"Location/s: {told['name']}", "InstitutionType:   Provincial", f"Institution:   {department}",
                f"FinancialYear:   {said}", f"Report Printed On:   Monday, July 1, {season + 1} 9:00:00 AM",
            ])  # fmt: skip
            sink.row([])
            sink.row(_QPR_HEAD)
            truth_of = FileTruth(file, "", "eqprs", "performance", code, label)
            for n, (name, function, outcome, target) in enumerate(targets, start=1):
                quarter = target // 20
                quarters = [
                    cell for q in range(4)
                    for cell in (quarter, quarter - q if q < 3 else None, *_BLANK)
                ]  # fmt: skip
                row = sink.row([
                    function, department, told["name"], "Programme 1: Administration", "Sub-Programme 1.1: Infrastructure",
                    "Quarterly", f"{n}.1.2 {name}", "Non-Standardized", "Max", world.outcomes[outcome][0],
                    "The Social Protection, Community and Human Development cluster", *quarters,
                    target // 5, None, None, None, None, None, None, None, 291,
                ])  # fmt: skip
                truth.entry(truth_of, row, "", "indicator")
            sink.close()
            truth.file(truth_of)
