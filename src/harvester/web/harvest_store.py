"""The only door to the tables of a harvest.

The harvest in service is opened once per process: one DuckDB connection over the harvest's Parquet
files (the tables that are searched are copied into a scratch file of DuckDB's own), and a cursor for
each question. When another harvest is put in service the
next request opens that one; requests under way end on the old. SQL text is always a constant of
:mod:`harvester.web.queries`; whatever a person typed enters as a parameter.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
import weakref
from collections import OrderedDict
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
from django.conf import settings

from harvester.domain.errors import UserError
from harvester.engine import schema
from harvester.engine.granary import Granary, StoredReading
from harvester.engine.schema.links import links_in_full

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from harvester.engine.granary import Harvest

Row = dict[str, Any]
MEMORY = "1GB"
THREADS = 2
REMEMBERED = 512
AT_HAND = frozenset(
    table.name
    for table in (
        schema.ENTRIES,
        schema.LINES,
        schema.MEMBERSHIPS,
        schema.UNDERTAKINGS,
        schema.LINKS,
        schema.WORDINGS,
        schema.FINDINGS,
        schema.EVIDENCE,
        schema.INDICATOR_PARTS,
    )
)
"""Tables asked by id or searched through: held in DuckDB's own form, where one row is found without
unpacking whole columns. The rest are read from Parquet as they are asked for."""

LOOKED_UP = (
    ("entries", "entry_id"), ("lines", "entry_id"), ("memberships", "undertaking_id"), ("evidence", "entry_id"),
    ("links", "entry_a"), ("links", "entry_b"), ("wordings", "wording"),
)  # fmt: skip
"""Columns by which rows of a page are looked up among millions, so each has an index. DuckDB takes it where
a table alone is asked with ``= ?`` or ``IN (?, ?, ...)`` (:meth:`Tables.rows_by`), not beside a join or an order."""

BATCH = 2_000


def _scratch(owner: object) -> str:
    """A database file that goes when its owner does."""
    folder = tempfile.mkdtemp(prefix="harvester-web-")
    weakref.finalize(owner, shutil.rmtree, folder, ignore_errors=True)
    return str(Path(folder) / "tables.duckdb")


class Tables:
    """A folder of Parquet tables, open for questions: a harvest, or the reading of one file.

    Everything in it stays the same for ever, so answers are kept.
    """

    def __init__(
        self, folder: Path, tables: Sequence[schema.Table], at_hand: frozenset[str] = frozenset()
    ) -> None:
        self._connection = duckdb.connect(_scratch(self) if at_hand else ":memory:")
        self._answers: OrderedDict[object, Any] = OrderedDict()
        self._lock = threading.Lock()
        settle = self._connection.execute
        settle("SET autoinstall_known_extensions = false")
        settle("SET autoload_known_extensions = false")
        settle(f"SET memory_limit = '{MEMORY}'")
        settle(f"SET threads = {THREADS}")
        settle("SET parquet_metadata_cache = true")
        for table in tables:
            path = (folder / f"{table.name}.parquet").resolve()
            there = path.exists()
            # A harvest older than a table has nothing of it; older than a column, nulls.
            rows = nothing = self._connection.from_arrow(table.empty())
            if there:
                rows = self._connection.read_parquet(str(path))
                missing = set(nothing.columns) - set(rows.columns)
                rows = rows.project(", ".join(["*", *(
                    f"CAST(NULL AS {kind}) AS {name}"
                    for name, kind in zip(nothing.columns, nothing.types, strict=True)
                    if name in missing
                )]))  # fmt: skip
            if table.name in at_hand or not there:
                rows.create(table.name)
            else:
                rows.create_view(table.name)
        self.settle()
        settle("SET allowed_directories = [?]", [f"{folder.resolve()}/"])
        settle("SET enable_external_access = false")
        settle("SET lock_configuration = true")

    def settle(self) -> None:
        """Made once, before the first question; for what a kind of tables needs besides."""

    def rows(self, query: str, parameters: Sequence[object] | dict[str, object] = ()) -> list[Row]:
        """Every row of the answer; parameters in order (``?``) or by name (``$name``)."""
        cursor = self._connection.cursor()
        told = parameters if isinstance(parameters, dict) else list(parameters)
        try:
            found = cursor.execute(query, told)
            names = [column[0] for column in found.description]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
        finally:
            cursor.close()

    def row(self, query: str, parameters: Sequence[object] = ()) -> Row | None:
        """The first row, or ``None``."""
        found = self.rows(query, parameters)
        return found[0] if found else None

    def value(self, query: str, parameters: Sequence[object] = ()) -> Any:
        """The first column of the first row."""
        found = self.row(query, parameters)
        return next(iter(found.values())) if found else None

    def rows_by(self, table: str, column: str, values: Collection[object]) -> list[Row]:
        """Rows of a table with one of some values in a column, in any order; by its index, if it has one."""
        listed = ", ".join("?" * len(values)) or "NULL"
        return self.rows(f"SELECT * FROM {table} WHERE {column} IN ({listed})", list(values))  # noqa: S608

    def stream(self, query: str, parameters: Sequence[object] = ()) -> Iterator[Row]:
        """Rows a batch at a time, for downloads of any length."""
        cursor = self._connection.cursor()
        try:
            found = cursor.execute(query, list(parameters))
            names = [column[0] for column in found.description]
            while batch := found.fetchmany(BATCH):
                for row in batch:
                    yield dict(zip(names, row, strict=True))
        finally:
            cursor.close()

    def remember(self, key: object, make: Callable[[], Any]) -> Any:
        """The answer kept under ``key``, made when it is not there; the oldest go first."""
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
                return self._answers[key]
        answer = make()
        with self._lock:
            self._answers[key] = answer
            while len(self._answers) > REMEMBERED:
                self._answers.popitem(last=False)
        return answer


class HarvestTables(Tables):
    """The tables of one harvest, with its manifest."""

    def __init__(self, harvest: Harvest) -> None:
        super().__init__(harvest.folder, schema.HARVEST_TABLES, AT_HAND)
        self.harvest = harvest

    def settle(self) -> None:
        """Links with their reasons in full, indexes, and the words by which each undertaking can be
        found, lower case, put together once."""
        columns = self._connection.table("links").columns
        self._connection.execute(f"CREATE VIEW links_in_full AS {links_in_full(columns)}")
        for table, column in LOOKED_UP:
            self._connection.execute(f"CREATE INDEX {table}_by_{column} ON {table} ({column})")
        self._connection.execute(
            "CREATE TABLE search AS SELECT m.undertaking_id, lower(e.name || ' ' || e.source_code "
            "|| ' ' || e.other_code) AS words FROM entries e JOIN memberships m USING (entry_id)"
        )

    @property
    def run(self) -> str:
        """Name of the run."""
        return self.harvest.run


class ReadingTables(Tables):
    """What was read from one file."""

    def __init__(self, stored: StoredReading) -> None:
        super().__init__(stored.folder, schema.READING_TABLES)
        self.stored = stored


_open: dict[tuple[str, str], HarvestTables] = {}
_opening = threading.Lock()


def home() -> Path:
    """The store this process serves."""
    return Path(settings.HARVESTER_HOME)


def granary() -> Granary:
    """The store this process serves, for what has been read from files."""
    return Granary(home())


def current() -> HarvestTables | None:
    """The harvest in service; ``None`` before the first. One small file is read to know which."""
    store = granary()
    try:
        run = (store.root / "current").read_text("utf-8").strip()
    except FileNotFoundError:
        return None
    key = (str(store.root.resolve()), run)
    found = _open.get(key)
    if found is None:
        with _opening:
            found = _open.get(key)
            if found is None:
                harvest = store.harvest(run)
                found = HarvestTables(harvest)
                _open.clear()
                _open[key] = found
    return found


@lru_cache(maxsize=8)
def _reading_at(folder: Path) -> ReadingTables:
    return ReadingTables(StoredReading(folder.parent.parent.name, folder))


def reading(sha256: str) -> ReadingTables | None:
    """What was read from the file with this hash; ``None`` when no such file was given."""
    try:
        stored = granary().reading(sha256)
    except UserError:
        return None
    return _reading_at(stored.folder)
