"""Every query of a harvest is within the SQL that every engine runs.

``python -m benchmarks.engines_alike`` compares whole harvests, table by table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis
import xlsxwriter

import harvester
from harvester.domain.errors import EngineError
from harvester.engine.engine import Engine
from harvester.engine.portable import spark_sql
from tests.sources.books import project, sa36, sc36, spending

if TYPE_CHECKING:
    from pathlib import Path


def messy(folder: Path) -> None:
    """Files as careless publishers make them, of one project and many that are none."""
    folder.mkdir()
    sa36(folder / "budget.xlsx", [
        project(1, "1 234 567,89", 10, -300.5), project(2, None, "n/a", "(1 200)"), project(2, 1, 2, 3),
        project(3, c1="", c10="0", c11="0"), project(4, c9="Ward 12, 13 & 14,...", c10=-33.0, c11=27.9),
        project(5, c0="No such function", c7="?", c4="", c5=""), project(6, 9_000_000_000_000, 1, 1),
        project(7, c1="Gxarhana Clinic (Ward 7)", c9="Whole of the Metro"), ["", None, "Total", 5],
    ])  # fmt: skip
    sc36(folder / "in year.xlsx", [
        [*project(1)[:12], *spending(Original=1_234_567.89, M01=100, M02="50", M03=-20)],
        [*project(7, c1="GXARHANA KLINIEK")[:12], *spending(Adjusted=80, M01=0, M09=300)],
        [*project(8)[:12], *spending(YTD=1)],
    ])  # fmt: skip
    book = xlsxwriter.Workbook(str(folder / "idp_BUF_2019-20.xlsx"))
    sheet = book.add_worksheet("Projects")
    for r, row in enumerate([
        ["Project name", "Ward", "2019/20", "2020/21", "Latitude", "Longitude"],
        ["New clinic at Gxarhana", "7", 500_000, "R 1,5 m", -32.9, 27.8],
        ["Upgrade of Road 1", "12;13", "", 100, 32.9, 27.8], ["", "", 7, 7, None, None],
        ["Upgrade of Road 1", "12", 33.335, 0, 27.8, -32.9],
    ]):  # fmt: skip
        for c, cell in enumerate(row):
            if cell is not None:
                sheet.write(r, c, cell)
    book.close()


def test_every_query_of_a_harvest_can_be_said_to_spark(tmp_path, monkeypatch) -> None:
    """Without Java: what a stage asks of DuckDB is within the SQL that every engine runs."""
    said: list[str] = []

    def told(name: str) -> Any:
        asked = getattr(Engine, name)

        def ask(self: Engine, *given: Any, **named: Any) -> Any:
            query = given[-1] if name == "make" else given[0]
            said.append(query if isinstance(query, str) else ibis.to_sql(query, dialect="duckdb"))
            return asked(self, *given, **named)

        return ask

    for name in ("make", "read", "sql", "arrow"):
        monkeypatch.setattr(Engine, name, told(name))
    messy(tmp_path / "files")
    home = tmp_path / "home"
    harvester.ingest(home, [tmp_path / "files"])
    harvester.run(home)
    assert len(said) > 100
    refused = {}
    for query in said:
        try:
            spark_sql(str(query))
        except EngineError as error:
            refused[query] = str(error)
    assert not refused
