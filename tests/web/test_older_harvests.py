"""A harvest made by an earlier version is still shown: what it does not have is unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from harvester.engine import schema
from harvester.web.harvest_store import Tables

if TYPE_CHECKING:
    from pathlib import Path


def test_a_table_and_a_column_that_were_not_yet_there_are_empty(tmp_path: Path) -> None:
    row = {
        "rank": 1,
        "probability": 0.5,
        "joined": False,
        "contradicted": False,
        "findings": 2,
        "pairs": 3,
    }
    older = schema.REVIEW.from_rows([row]).drop_columns(["pairs", "name_b"])
    pq.write_table(older, tmp_path / "review.parquet")
    tables = Tables(tmp_path, (schema.REVIEW, schema.RELATIONS))
    assert tables.rows("SELECT rank, findings, pairs, name_b FROM review") == [
        {"rank": 1, "findings": 2, "pairs": None, "name_b": None}
    ]
    assert tables.value("SELECT count(*) FROM relations") == 0
