"""The door to DuckDB, through Ibis."""

from __future__ import annotations

import os
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import ibis
import ibis.expr.operations as ops
import pyarrow as pa
import pyarrow.parquet as pq

from harvester.domain.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ibis.expr.types import Table as IbisTable

    from harvester.engine.schema import Table


class Engine:
    """One connection. ``memory`` bounds DuckDB (``"4GB"``; half of the machine's where none is told);
    it spills to ``scratch`` beyond it."""

    name = "duckdb"
    remembers = True
    """Whether it reads and writes what a linked country is remembered by."""

    def __init__(
        self, *, memory: str | None = None, threads: int = 2, scratch: Path | None = None
    ) -> None:
        self.connection = ibis.duckdb.connect()
        raw: Any = self.connection.con
        raw.execute(f"SET memory_limit = '{memory or half_of_memory()}'")
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
        if isinstance(rows, pa.Table):
            return self.load(schema.name, schema.conform(rows))
        schema.refuse_columns(rows.columns)
        return self.keep(schema, self._said(rows))

    def load(self, name: str, rows: pa.Table) -> IbisTable:
        """Hold an Arrow table under ``name`` (replacing one of that name)."""
        raw: Any = self.connection.con
        self._drop_view(name)
        raw.register("incoming", _in_batches(rows))
        raw.execute(f'CREATE OR REPLACE TABLE "{name}" AS SELECT * FROM incoming')
        raw.unregister("incoming")
        return self.connection.table(name)

    def scan(self, paths: Iterable[Path], schema: Table) -> IbisTable:
        """The rows of Parquet files of one schema; an empty table when there are none.

        A column that an earlier version of this program did not write is blank.
        """
        told = {str(path): pq.read_metadata(path) for path in paths}
        # Most files say nothing in most tables; opening them once more is most of the work.
        listed = [path for path, one in told.items() if one.num_rows]
        if not listed:
            return self.load(schema.name, schema.empty())
        columns = [set(told[path].schema.names) for path in listed]
        written = set.intersection(*columns)
        found = self.connection.read_parquet(
            listed, table_name=schema.name, union_by_name=written != set.union(*columns)
        )
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
                said = self._said(rows)
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

    def keep(self, schema: Table, query: str) -> IbisTable:
        """As :meth:`table`, of the answer to a query, which is not carried out and in again."""
        self._take_name(schema.name, schema.selected(query))
        schema.refuse_nulls(self.read(schema.nulls(schema.name)))
        return self.connection.table(schema.name)

    def hold(self, name: str, rows: IbisTable, *, as_written: bool = False) -> IbisTable:
        """Hold what an expression says as table ``name``, without carrying its rows out and in.

        Columns of a table that is held already are not copied: ``name`` stands for them. Of files
        that are scanned, the rows are held from now on. ``as_written``: tables are joined in the
        order of the expression, and the right one of each two is looked up in. That is for wide rows
        beside many small tables: DuckDB misjudges the size of many joins in a row, and would make
        its hash tables of the wide rows.
        """
        said = self._said(rows)
        held = _columns_of(rows)
        if held != name and held in self._tables():
            self.drop(name)
            self._run(f'CREATE VIEW "{name}" AS {said}')
        else:
            with self._joining_as_written() if as_written else nullcontext():
                self._take_name(name, said)
        return self.connection.table(name)

    @contextmanager
    def _joining_as_written(self) -> Iterator[None]:
        self._run("SET disabled_optimizers = 'join_order,build_side_probe_side'")
        try:
            yield
        finally:
            self._run("RESET disabled_optimizers")

    def _said(self, rows: IbisTable) -> str:
        """An expression in the engine's words."""
        return str(self.connection.compile(rows))

    def _take_name(self, name: str, query: str) -> None:
        """As :meth:`make`, of a name that may stand for what the query reads."""
        if not self._is_view(name):
            self.make(name, query)
            return
        self.make("held_in_its_place", query)
        self.drop(name)  # the view, and a table that it hid
        self.drop(name)
        self._run(f'ALTER TABLE "held_in_its_place" RENAME TO "{name}"')

    def _tables(self) -> set[str]:
        """Names of what is held itself, and does not stand for something else."""
        return {name for (name,) in self.rows("SELECT table_name FROM duckdb_tables()")}

    def _is_view(self, name: str) -> bool:
        """Whether a name stands for something, rather than being held itself."""
        raw: Any = self.connection.con
        named = "SELECT 1 FROM duckdb_views() WHERE NOT internal AND view_name = ?"
        return raw.execute(named, [name]).fetchone() is not None

    def _drop_view(self, name: str) -> None:
        """Let go of a name that stands for something: a table cannot replace it."""
        if self._is_view(name):
            self._run(f'DROP VIEW "{name}"')

    def view(self, name: str, paths: list[Path]) -> None:
        """Let ``name`` stand for the rows of Parquet files, read when they are asked for."""
        self.drop(name)
        listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
        self._run(
            f'CREATE OR REPLACE VIEW "{name}" AS SELECT * FROM read_parquet([{listed}], union_by_name = true)'
        )

    def stand_for(self, name: str, query: str) -> IbisTable:
        """Let ``name`` stand for the answer to a query, worked out when it is asked for."""
        self.drop(name)
        self._run(f'CREATE VIEW "{name}" AS {query}')
        return self.connection.table(name)

    def write(self, query: str, path: Path) -> None:
        """Write the answer to a query into a Parquet file, quickly rather than small."""
        named = str(path).replace("'", "''")
        self._run(f"COPY ({query}) TO '{named}' (FORMAT parquet, COMPRESSION lz4_raw)")

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


def _in_batches(rows: pa.Table) -> pa.Table:
    """The same rows in as many batches as threads can share: DuckDB reads one batch with one thread."""
    return pa.Table.from_batches(rows.to_batches(max_chunksize=_BATCH), rows.schema)


_BATCH = 122_880
"""Rows of a row group of DuckDB."""


def half_of_memory() -> str:
    """Half of the memory of this machine, or of the container it is, as DuckDB wants to be told.

    A million entries take more than is asked of any step: what does not fit is written out and read
    again. The other half is Python's, and everybody else's.
    """
    whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    if _CONTAINER.exists() and (told := _CONTAINER.read_text("ascii").strip()).isdigit():
        whole = min(whole, int(told))
    return f"{whole // 2 // 1_000_000}MB"


_CONTAINER = Path("/sys/fs/cgroup/memory.max")


def _columns_of(rows: IbisTable) -> str:
    """The table that an expression is no more than columns of; "" where it says more than that."""
    said = rows.op()
    if not isinstance(said, ops.Project) or not isinstance(said.parent, ops.DatabaseTable):
        return ""
    plain = all(isinstance(value, ops.Field) for value in said.values.values())
    return str(said.parent.name) if plain else ""


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
