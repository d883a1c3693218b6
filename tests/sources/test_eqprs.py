"""eQPRS: quarterly performance, its shifted headings put right."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from harvester.domain.errors import UnreadableFileError
from tests.sources.books import problems, read

if TYPE_CHECKING:
    from pathlib import Path

TITLE = (
    "QPR for FY 2021-22 Provincial Institutions Oversight Performance  Report as of ( FY 2021-22)"
)
QUARTER = "Target_Q{n},ActualOutput_Q{n},ReasonforDeviation_Q{n},CorrectiveAction_Q{n},OTP_Q{n},National_Q{n}"
HEAD = (
    "Sector,Institution,Programme,SubProgramme,Location,Frequency,Indicator,Type,SubType,Outcome,Cluster,"
    + ",".join(QUARTER.format(n=n) for n in range(1, 5))
    + ",AnnualTarget_Summary2,Preliminary_Summary2,PrelimaryAudited_Summary2,ReasonforDeviation_Summary,"
    "CorrectiveAction_Summary,OTP_Summary,National_Summary,ValidatedAudited_Summary2,UID"
)


def eqprs(path: Path, *rows: str, title: str = TITLE) -> Path:
    """An export."""
    top = [
        "ReportTitle,Textbox95,Textbox80,Textbox81,Textbox82,Textbox83",
        (
            f'{title},"Location/s: Eastern Cape",InstitutionType:   Provincial,Institution:   Health,'
            'FinancialYear:   FY 2021-22,"Report Printed On:   Wednesday, September 28, 2022 11:11:10 AM"'
        ),
    ]
    path.write_text("\r\n".join([*top, "", HEAD, *rows]), "utf-8-sig")
    return path


def row(department: str = "Health", government: str = "Eastern Cape", target: str = "8",
        name: str = "9.1.2 Number of  clinics") -> str:  # fmt: skip
    """One indicator."""
    quarters = ",".join(f"{n},{n + 1},Because {n},,," for n in range(1, 5))
    return (
        f"Health,{department},{government},Programme 1,Sub-Programme 1.1,Quarterly,{name},Std,Max,"
        f'"Priority 3: Health",Cluster,{quarters},{target},7,6,,,,,5,291'
    )


def test_the_shifted_headings_are_put_right(tmp_path: Path) -> None:
    reading = read(eqprs(tmp_path / "a.csv", row()))
    (entry,) = reading.source_entries.to_pylist()
    assert (entry["kind"], entry["row"], entry["name"]) == (
        "indicator",
        5,
        "9.1.2 Number of clinics",
    )
    assert (entry["owner_text"], entry["province_text"]) == ("Health", "Eastern Cape")
    assert (entry["function_text"], entry["parent_text"]) == ("Programme 1", "Sub-Programme 1.1")
    assert (entry["outcome_text"], entry["units"], entry["source_code"]) == (
        "Priority 3: Health",
        8.0,
        "9.1.2",
    )
    extras = json.loads(entry["extras"])
    assert extras["quarters"]["q2"] == {"target": "2", "actual": "3", "deviation": "Because 2"}
    assert extras["annual"] == {"target": "8", "preliminary": "7", "preaudit": "6", "audited": "5"}
    (found,) = reading.submissions.to_pylist()
    assert (found["institution"], found["financial_year"]) == ("EC-HEA", "2021/22")
    assert (found["document"], str(found["published_on"])) == ("performance", "2022-09-28")


def test_a_department_may_carry_its_government_and_national_is_the_country(tmp_path: Path) -> None:
    path = eqprs(
        tmp_path / "a.csv", row("Eastern Cape: Health"), row("Basic Education", "National")
    )
    first, second = read(path).source_entries.to_pylist()
    assert first["owner_text"] == "Health"
    assert (second["sphere_text"], second["province_text"]) == ("National", "National")
    assert "DBE, EC-HEA" in str(problems(read(path), "institutions_several")[0]["message"])


def test_a_target_in_words_is_kept_as_words(tmp_path: Path) -> None:
    reading = read(eqprs(tmp_path / "a.csv", row(target="Approved strategy")))
    (entry,) = reading.source_entries.to_pylist()
    assert entry["units"] is None
    assert json.loads(entry["extras"])["annual"]["target"] == "Approved strategy"
    assert problems(reading, "number_unreadable")[0]["column"] == "AJ"


def test_a_repeated_indicator_and_an_unknown_department_are_told(tmp_path: Path) -> None:
    reading = read(eqprs(tmp_path / "a.csv", row("Wizardry"), row("Wizardry"), row(name="")))
    assert problems(reading, "code_repeated")[0]["row"] == 6
    assert problems(reading, "owner_unknown")[0]["value"] == "Eastern Cape: Wizardry"
    assert problems(reading, "row_not_a_project")[0]["row"] == 7


def test_another_report_is_refused_by_its_name(tmp_path: Path) -> None:
    path = eqprs(tmp_path / "a.csv", row(), title="QPR for FY 2021-22 Monthly Cash Report")
    with pytest.raises(
        UnreadableFileError, match="another report: 'QPR for FY 2021-22 Monthly Cash Report'"
    ):
        read(path)


@pytest.mark.shared
def test_the_real_exports(shared_data: Path) -> None:
    folder = shared_data / "vulekamali-datamanager/eqprs"
    first, second = read(folder / "correct_data.csv").source_entries.to_pylist()
    assert (first["units"], second["units"]) == (8.0, None)
    assert first["name"] == "9.1.2 Number of statutory documents tabled at Legislature"
    with pytest.raises(UnreadableFileError, match="This is not correct"):
        read(folder / "wrong_report_type.csv")
