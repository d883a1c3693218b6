"""Links and their wordings as tests say and read them: rows with their ``reasons`` in full."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harvester.engine import schema
from harvester.engine.engine import Engine
from harvester.engine.schema.links import links_in_full

if TYPE_CHECKING:
    import pyarrow as pa

Row = dict[str, Any]


def tables_of(rows: list[Row]) -> dict[str, pa.Table]:
    """Tables ``links`` and ``wordings`` of links; ``reasons`` (JSON) may be left out."""
    told = sorted({str(row.get("reasons", "[]")) for row in rows})
    numbers = {reasons: n for n, reasons in enumerate(told, 1)}
    links = [
        {k: v for k, v in row.items() if k != "reasons"}
        | {"wording": numbers[str(row.get("reasons", "[]"))], "figures": ""}
        for row in rows
    ]
    wordings: list[Row] = [{"wording": n, "reasons": reasons} for reasons, n in numbers.items()]
    return {
        "links": schema.LINKS.from_rows(links),
        "wordings": schema.WORDINGS.from_rows(wordings),
    }


def in_full(links: pa.Table, wordings: pa.Table) -> list[Row]:
    """Links as rows, each with its ``reasons`` (JSON) written out."""
    engine = Engine()
    try:
        query = links_in_full(links.column_names)
        return engine.sql(query, links=links, wordings=wordings).to_pylist()
    finally:
        engine.close()
