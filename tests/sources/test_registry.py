"""What a file is, is seen from its content; a person may say otherwise."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest

from harvester.domain.errors import UnreadableFileError, UserError
from harvester.engine import schema
from harvester.sources import registry
from harvester.sources.reading import ReadOptions, SourceFile
from tests.sources import books, test_ene, test_eqprs, test_irm
from tests.sources.books import project, read

if TYPE_CHECKING:
    from pathlib import Path


def test_each_format_is_known_by_its_content_whatever_the_file_is_called(tmp_path: Path) -> None:
    made = {
        "sa36": books.sa36(tmp_path / "irm.xlsx", [project()]),
        "sc36": books.sc36(tmp_path / "SA36.xlsx", [project()]),
        "irm": test_irm.irm(tmp_path / "budget.xlsx", [test_irm.row()]),
        "ene": test_ene.ene(tmp_path / "sc36.csv", test_ene.row()),
        "eqprs": test_eqprs.eqprs(tmp_path / "ene.csv", test_eqprs.row()),
    }
    for name, path in made.items():
        assert registry.detect(SourceFile.at(path)) == name


def test_the_name_of_a_file_does_not_matter_to_how_it_is_opened(tmp_path: Path) -> None:
    path = books.sa36(tmp_path / "a.xlsx", [project()])
    renamed = path.rename(tmp_path / "a.csv")
    assert registry.detect(SourceFile.at(renamed)) == "sa36"


def test_unknown_content_says_what_was_tried_and_how_to_force(tmp_path: Path) -> None:
    path = books.workbook(tmp_path / "a.xlsx", {"Menu": [["soup", "bread"], [1, 2]]})
    with pytest.raises(UnreadableFileError) as refused:
        registry.detect(SourceFile.at(path))
    assert "sa36, sc36, irm, ene, eqprs" in str(refused.value)
    assert "Menu" in str(refused.value)
    assert "--as FORMAT" in refused.value.mend


@pytest.mark.parametrize(
    ("options", "where"),
    [
        ({"format": "nonsense"}, "--as"), ({"institution": "NOWHERE"}, "--institution"),
        ({"year": "2018"}, "--year"), ({"stage": "sideways"}, "--stage"),
    ],
)  # fmt: skip
def test_a_wrong_option_is_told_before_reading(
    tmp_path: Path, options: dict[str, str], where: str
) -> None:
    path = books.sa36(tmp_path / "a.xlsx", [project()])
    with pytest.raises(UserError) as refused:
        read(path, **options)
    assert refused.value.where == where
    assert refused.value.mend


def test_a_format_can_be_forced(tmp_path: Path) -> None:
    path = books.workbook(
        tmp_path / "a.xlsx",
        {
            "BUF": [
                ["Project Number", "Project Description", "Function", "Budget 2019/20"],
                ["P1", "x", "Roads", 5],
            ]
        },
    )
    reading = read(path, format="sa36", institution="BUF")
    assert reading.submissions.to_pylist()[0]["format"] == "sa36"
    assert {"sa36", "sc36", "irm", "ene", "eqprs", "mapping"} <= set(registry.formats())


def test_every_reading_conforms_to_the_schema_and_its_counts_agree(tmp_path: Path) -> None:
    reading = read(books.sa36(tmp_path / "a.xlsx", [project(1), ["Total", None, None]]))
    for table in schema.READING_TABLES:
        assert getattr(reading, table.name).schema.equals(table.arrow)
    (found,) = reading.submissions.to_pylist()
    assert (found["entries"], found["lines"], found["rejected_rows"]) == (1, 1, 1)
    keys = reading.lines.column("line_id").to_pylist()
    assert len(keys) == len(set(keys))


def test_the_collector_runs_again_after_reading_and_after_failing(tmp_path: Path) -> None:
    registry.read(SourceFile.at(books.sa36(tmp_path / "a.xlsx", [project()])), ReadOptions())
    assert gc.isenabled()
    with pytest.raises(UnreadableFileError):
        read(books.locked_workbook(tmp_path / "b.xlsx"))
    assert gc.isenabled()


@pytest.mark.shared
def test_every_real_table_is_read_or_says_why(shared_data: Path) -> None:
    folders = (
        "municipal-data/sa36_sc36",
        "vulekamali-datamanager/irm",
        "vulekamali-datamanager/ene",
        "vulekamali-datamanager/eqprs",
    )
    refused = []
    for folder in folders:
        for path in sorted((shared_data / folder).iterdir()):
            try:
                assert read(path).submissions.num_rows >= 1
            except UnreadableFileError as error:
                refused.append((path.name, bool(error.mend)))
    assert refused == [("template.xlsx", True), ("wrong_report_type.csv", True)]
