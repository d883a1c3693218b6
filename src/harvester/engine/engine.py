"""The door to DuckDB, through Ibis."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import duckdb
import ibis
import pyarrow as pa
import pyarrow.parquet as pq

from harvester.domain.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ibis.expr.types import Table as IbisTable

    from harvester.engine.schema import Table

BATCH = 100_000


class Engine:
    """One connection. ``memory`` bounds DuckDB (``"4GB"``); it spills to ``scratch`` beyond it."""

    name = "duckdb"
    remembers = True
    """Whether it reads and writes what a linked country is remembered by."""

    def __init__(
        self, *, memory: str = "6GB", threads: int = 2, scratch: Path | None = None
    ) -> None:
        self.connection = ibis.duckdb.connect()
        raw: Any = self.connection.con
        raw.execute(f"SET memory_limit = '{memory}'")
        raw.execute(f"SET threads = {int(threads)}")
        raw.execute("SET preserve_insertion_order = false")
        raw.execute("SET autoinstall_known_extensions = false")
        raw.execute("SET autoload_known_extensions = false")
        raw.execute("SET enable_progress_bar = false")
        if scratch is not None:
            raw.execute("SET temp_directory = ?", [str(scratch)])

    def table(self, schema: Table, rows: pa.Table | IbisTable) -> IbisTable:
        """Make ``rows`` a table named and typed as ``schema`` says; the way a stage hands on.

        Raises :class:`EngineError` when a column is missing, mistyped or null where it may not be.
        """
        arrow = schema.conform(rows if isinstance(rows, pa.Table) else self.arrow(rows))
        return self.load(schema.name, arrow)

    def load(self, name: str, rows: pa.Table) -> IbisTable:
        """Hold an Arrow table under ``name`` (replacing one of that name)."""
        raw: Any = self.connection.con
        # A scan of that name is a view, which a table cannot replace.
        if raw.execute(
            "SELECT 1 FROM duckdb_views() WHERE NOT internal AND view_name = ?", [name]
        ).fetchone():
            raw.execute(f'DROP VIEW "{name}"')
        raw.register("incoming", rows)
        raw.execute(f'CREATE OR REPLACE TABLE "{name}" AS SELECT * FROM incoming')
        raw.unregister("incoming")
        return self.connection.table(name)

    def scan(self, paths: Iterable[Path], schema: Table) -> IbisTable:
        """The rows of Parquet files of one schema; an empty table when there are none.

        A column that an earlier version of this program did not write is blank.
        """
        listed = [str(path) for path in paths]
        if not listed:
            return self.load(schema.name, schema.empty())
        found = self.connection.read_parquet(listed, table_name=schema.name, union_by_name=True)
        written = set.intersection(*(set(pq.read_schema(path).names) for path in listed))
        return _with_later_columns(found, schema, written)

    def arrow(self, expression: IbisTable) -> pa.Table:
        """Compute a table. Raises :class:`EngineError` with the SQL when the engine refuses."""
        try:
            return expression.to_pyarrow()
        except duckdb.Error as error:
            message = f"the engine refused: {error}\n{ibis.to_sql(expression)}"
            raise EngineError(message) from error

    def sql(self, query: str, **tables: IbisTable | pa.Table) -> pa.Table:
        """Run one SQL query over named tables, for what Ibis cannot say; the reason in a comment.

        A table of this engine is read where it is held; it is not carried out and in again.
        """
        raw: Any = self.connection.con
        views = [name for name, rows in tables.items() if not isinstance(rows, pa.Table)]
        for name, rows in tables.items():
            if name in views:
                said = ibis.to_sql(rows, dialect="duckdb")
                self._run(f'CREATE OR REPLACE TEMP VIEW "{name}" AS {said}')
            else:
                raw.register(name, rows)
        try:
            return self._run(query).to_arrow_table()
        finally:
            for name in tables:
                if name in views:
                    self._run(f'DROP VIEW "{name}"')
                else:
                    raw.unregister(name)

    def make(self, name: str, query: str) -> None:
        """Hold the answer to a query (in DuckDB's words) as table ``name``, replacing one so named.

        Raises :class:`EngineError` with the SQL when the engine refuses.
        """
        self._run(f'CREATE OR REPLACE TABLE "{name}" AS {query}')

    def hold(self, name: str, rows: IbisTable) -> None:
        """Hold what an expression says as table ``name``, without carrying its rows out and in."""
        self.make(name, str(ibis.to_sql(rows, dialect="duckdb")))

    def view(self, name: str, paths: list[Path]) -> None:
        """Let ``name`` stand for the rows of Parquet files, read when they are asked for."""
        self.drop(name)
        listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
        self._run(
            f'CREATE OR REPLACE VIEW "{name}" AS SELECT * FROM read_parquet([{listed}], union_by_name = true)'
        )

    def write(self, query: str, path: Path) -> None:
        """Write the answer to a query into a Parquet file."""
        named = str(path).replace("'", "''")
        self._run(f"COPY ({query}) TO '{named}' (FORMAT parquet, COMPRESSION zstd)")

    def read(self, query: str) -> pa.Table:
        """The answer to a query over tables held; raises as :meth:`make`."""
        return self._run(query).to_arrow_table()

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The answer to a query as Python rows, for small answers; raises as :meth:`make`."""
        return self._run(query).fetchall()

    def drop(self, *names: str) -> None:
        """Let go of tables; a name that is not held is passed over."""
        kinds = dict(self.rows("SELECT view_name, 'VIEW' FROM duckdb_views() WHERE NOT internal"))
        for name in names:
            self._run(f'DROP {kinds.get(name, "TABLE")} IF EXISTS "{name}"')

    def held(self) -> list[str]:
        """Names of the tables held, sorted."""
        return [
            n
            for (n,) in self.rows(
                "SELECT table_name AS n FROM duckdb_tables() "
                "UNION SELECT view_name FROM duckdb_views() WHERE NOT internal ORDER BY n"
            )
        ]

    def linker_api(self) -> Any:
        """Splink's door to this engine."""
        from splink import DuckDBAPI

        return DuckDBAPI(connection=self.connection.con)

    def _run(self, query: str) -> Any:
        raw: Any = self.connection.con
        try:
            return raw.execute(query)
        except duckdb.Error as error:
            message = f"the engine refused: {error}\n{query}"
            raise EngineError(message) from error

    def query(self, query: str, values: dict[str, object]) -> pa.Table:
        """Run one SQL query over loaded tables with named values (``$name``) from a person."""
        raw: Any = self.connection.con
        try:
            return raw.execute(query, values).to_arrow_table()
        except duckdb.Error as error:
            message = f"the engine refused: {error}\n{query}"
            raise EngineError(message) from error

    def close(self) -> None:
        """Let go of the connection."""
        self.connection.disconnect()


def digest(rows: pa.Table, threads: int = 2) -> str:
    """SHA-256 of a table's content, whatever the order of its rows.

    Each row is hashed as text, the hashes are sorted and hashed together, so two engines that
    agree on the rows agree on the digest. Binary columns enter as hex.
    """
    connection = duckdb.connect()
    connection.execute(f"SET threads = {int(threads)}")
    connection.register("rows", rows)
    cells = ", ".join(
        f"coalesce(hex(\"{f.name}\"), '\\N')"
        if pa.types.is_binary(f.type)
        else f"coalesce(\"{f.name}\"::VARCHAR, '\\N')"
        for f in rows.schema
    )
    found = connection.execute(
        f"SELECT sha256(concat_ws(chr(31), {cells})) AS h FROM rows ORDER BY h",
    )
    total = hashlib.sha256(",".join(rows.schema.names).encode())
    for batch in found.to_arrow_reader(BATCH):
        total.update(_run_together(batch.column(0)))
    connection.close()
    return total.hexdigest()


def _run_together(texts: pa.Array) -> memoryview | bytes:
    """All texts of an array one after another, as they lie in memory."""
    if not len(texts):
        return b""
    ends = texts.buffers()[1]
    places = memoryview(ends).cast("i" if pa.types.is_string(texts.type) else "q")
    first, last = places[texts.offset], places[texts.offset + len(texts)]
    return memoryview(texts.buffers()[2])[first:last]


def _with_later_columns(rows: IbisTable, schema: Table, written: set[str]) -> IbisTable:
    """``rows`` with every column of ``schema`` that not all files have (``written`` all do).

    Empty text, or null of any other type.
    """
    lacking: dict[str, Any] = {}
    for column in schema.columns:
        if column.name in written:
            continue
        text = column.type == pa.string() and not column.null
        if column.name not in rows.columns:
            kind = ibis.Schema.from_pyarrow(pa.schema([("one", column.type)]))["one"]
            lacking[column.name] = ibis.literal("" if text else None, type=kind)
        elif text:
            lacking[column.name] = rows[column.name].fill_null("")
    return rows.mutate(**lacking) if lacking else rows
