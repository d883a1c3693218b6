"""A harvest being written: each table is put in order, digested and written while work goes on.

One thread beside the stages does it, so that a processor that waits for the engine has something to
do, and a table is let go as soon as its file is there.
"""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import pyarrow.parquet as pq

from harvester.domain.errors import ConfigurationError
from harvester.engine import schema
from harvester.engine.content import digest, in_order

if TYPE_CHECKING:
    from concurrent.futures import Future
    from pathlib import Path

    import pyarrow as pa

MANIFEST = "manifest.json"
MEMORY = "linkage"


@dataclass(frozen=True)
class Written:
    """A table that has its file: rows, and digest of its content."""

    rows: int
    digest: str


class HarvestWriter:
    """Writes the tables of one harvest into a folder; a context that waits for what is under way."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._pool = ThreadPoolExecutor(1, "write")
        self._begun: dict[str, Future[Written]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def put(self, table: schema.Table, rows: pa.Table) -> None:
        """Hand a finished table over; what is wrong with it is said by :meth:`tables`."""
        self._begun[table.name] = self._pool.submit(self._write, table, rows)

    def _write(self, table: schema.Table, rows: pa.Table) -> Written:
        ordered = in_order(table, table.conform(rows))
        write_table(self.folder, table, ordered)
        return Written(ordered.num_rows, digest(ordered))

    def tables(self) -> dict[str, Written]:
        """Every table of a harvest, once all are written.

        Raises ``ConfigurationError`` for one that was not made, ``EngineError`` for one that does
        not conform.
        """
        missing = [t.name for t in schema.HARVEST_TABLES if t.name not in self._begun]
        if missing:
            raise ConfigurationError(f"table {missing[0]} was not made")
        return {t.name: self._begun[t.name].result() for t in schema.HARVEST_TABLES}

    def finish(self, manifest: dict[str, Any], memory: Path | None = None) -> None:
        """Write the manifest, when every table is there; raises as :meth:`tables`.

        ``memory``: a folder that becomes part of the harvest (:data:`MEMORY`), for the run after.
        """
        self.tables()
        text = json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False)
        (self.folder / MANIFEST).write_text(text + "\n", "utf-8")
        if memory is not None and memory.exists():
            shutil.move(memory, self.folder / MEMORY)


def write_table(folder: Path, table: schema.Table, rows: pa.Table) -> None:
    """Write rows as the Parquet file of their table; raises ``EngineError`` where they differ."""
    pq.write_table(table.conform(rows), folder / f"{table.name}.parquet", compression="zstd")


__all__ = ["MANIFEST", "MEMORY", "HarvestWriter", "Written", "write_table"]
