"""The second engine: Apache Spark, behind the same words as :mod:`harvester.engine.engine`.

Queries come in DuckDB's words and run in Spark's (:mod:`harvester.engine.portable`). Every table is
worked out at once and held, since a view would be worked out anew at each use: in memory (and on
disk beyond it) on one machine, as Parquet in ``scratch`` on a cluster, where the loss of a worker
must not lose a table.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harvester.domain.errors import ConfigurationError, EngineError
from harvester.engine.portable import spark_sql

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import pyarrow as pa
    from ibis.expr.types import Table as IbisTable

    from harvester.engine.schema import Table

LEAST_JAVA = 17

_ANY_MASTER = {
    "spark.app.name": "harvester",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.catalogImplementation": "in-memory",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    # A harvest is many hundred queries with long plans. Spark keeps the last thousand in the driver,
    # with their plans in words, for a page that nobody opens.
    "spark.sql.ui.retainedExecutions": "8",
    "spark.ui.retainedJobs": "8",
    "spark.ui.retainedStages": "8",
    "spark.sql.maxPlanStringLength": "2048",
}
_ONE_MACHINE = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "localhost",
    "spark.driver.memory": "4g",
    # A table that is broadcast takes one page at least, and a harvest has some hundred of them alive
    # before Spark's cleaner comes round. Spark would make a page 64 MB on a heap of this size.
    "spark.buffer.pageSize": "1m",
    "spark.sql.shuffle.partitions": "4",
}
"""A local master talks to itself over the loopback alone."""


class SparkEngine:
    """One session of Spark. A stage that uses only ``make`` to ``linker_api`` runs on it unchanged.

    ``master`` as Spark's own (``local[2]``, ``spark://host:7077``, ``yarn``); ``conf`` any setting of
    Spark, which wins over ours; ``scratch`` a folder or address that every worker reaches (a
    temporary folder when left out, which only a local master can use). ``in_files`` holds tables in
    ``scratch`` rather than in memory; left out, a cluster does and one machine does not. A
    ``session`` that runs already is used as it is, and is left running.

    Raises :class:`ConfigurationError` without pyspark or Java, or without scratch on a cluster.
    """

    name = "spark"
    remembers = False

    def __init__(
        self,
        *,
        master: str = "local[2]",
        scratch: Path | str | None = None,
        conf: Mapping[str, str] | None = None,
        session: Any = None,
        in_files: bool | None = None,
    ) -> None:
        _need_pyspark()
        self._own_folder: Path | None = None
        if scratch is None:
            if not master.startswith("local") or session is not None:
                raise ConfigurationError(
                    f"Spark at {master} needs a scratch place that every worker reaches.",
                    mend="Name a shared folder, or an address such as hdfs:// or s3a://.",
                )
            self._own_folder = Path(tempfile.mkdtemp(prefix="harvester-spark-"))
            scratch = self._own_folder
        self.scratch = str(scratch).rstrip("/")
        self._own_session = session is None
        self.session: Any = (
            _started(master, self.scratch, conf or {}) if session is None else session.newSession()
        )
        on_one_machine = self.session.sparkContext.master.startswith("local")
        self._in_files = not on_one_machine if in_files is None else in_files
        self._held: dict[str, str] = {}
        self._turn = 0
        # Splink's jar brings the similarities of texts that DuckDB has of its own.
        self.linker_api()

    def make(self, name: str, query: str) -> None:
        """Hold the answer to a query (in DuckDB's words) as table ``name``, replacing one so named.

        Raises :class:`EngineError` with the SQL when the engine refuses, or cannot say it.
        """
        said = spark_sql(query)
        with _told(query, said):
            self._hold(name, self.session.sql(said))

    def read(self, query: str) -> pa.Table:
        """The answer to a query over tables held; raises as :meth:`make`."""
        said = spark_sql(query)
        with _told(query, said):
            return self.session.sql(said).toArrow()

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The answer to a query as Python rows, for small answers; raises as :meth:`make`."""
        found = self.read(query)
        if not found.num_columns:
            return []
        return list(zip(*(column.to_pylist() for column in found.columns), strict=True))

    def keep(self, schema: Table, query: str) -> IbisTable:
        """As :meth:`table`, of the answer to a query, which is not carried out and in again."""
        import ibis

        self.make(schema.name, schema.selected(query))
        schema.refuse_nulls(self.read(schema.nulls(schema.name)))
        return ibis.table(ibis.schema(schema.arrow), name=schema.name)

    def hold(self, name: str, rows: IbisTable, *, as_written: bool = False) -> IbisTable:
        """Hold what an expression says as table ``name``, without carrying its rows out and in.

        Spark knows by itself which tables are small, so that ``as_written`` asks nothing of it.
        """
        import ibis

        self.make(name, str(ibis.to_sql(rows, dialect="duckdb")))
        return ibis.table(rows.schema(), name=name)

    def stand_for(self, name: str, query: str) -> IbisTable:
        """Let ``name`` stand for the answer to a query, worked out when it is asked for."""
        import ibis
        from pyspark.sql.pandas.types import to_arrow_schema

        said = spark_sql(query)
        with _told(query, said):
            frame = self.session.sql(said)
            self.drop(name)
            frame.createOrReplaceTempView(name)
        self._held[name] = ""
        return ibis.table(ibis.Schema.from_pyarrow(to_arrow_schema(frame.schema)), name=name)

    def load(self, name: str, rows: pa.Table) -> IbisTable:
        """Hold an Arrow table under ``name`` (replacing one of that name)."""
        import ibis

        with _told(f"table {name}"):
            self._hold(name, self.session.createDataFrame(rows))
        return ibis.table(ibis.schema(rows.schema), name=name)

    def table(self, schema: Table, rows: pa.Table | IbisTable) -> IbisTable:
        """Make ``rows`` a table named and typed as ``schema`` says; the way a stage hands on.

        Raises :class:`EngineError` when a column is missing, mistyped or null where it may not be.
        """
        import ibis
        import pyarrow as pa

        if isinstance(rows, pa.Table):
            return self.load(schema.name, schema.conform(rows))
        schema.refuse_columns(rows.columns)
        return self.keep(schema, str(ibis.to_sql(rows, dialect="duckdb")))

    def arrow(self, expression: IbisTable) -> pa.Table:
        """Compute a table, where it is held: here, or in the engine it came from.

        Raises :class:`EngineError` with the SQL when the engine refuses.
        """
        import ibis

        try:
            expression.get_backend()
        except ibis.common.exceptions.IbisError:
            # Ibis, too, says it in DuckDB's words: one dialect, one translation.
            return self.read(str(ibis.to_sql(expression, dialect="duckdb")))
        return expression.to_pyarrow()

    def sql(self, query: str, **tables: IbisTable | pa.Table) -> pa.Table:
        """The answer to a query over tables held and those named; raises as :meth:`make`."""
        import ibis
        import pyarrow as pa

        with _told(query):
            for name, rows in tables.items():
                frame = (
                    self.session.createDataFrame(rows)
                    if isinstance(rows, pa.Table)
                    else self.session.sql(spark_sql(str(ibis.to_sql(rows, dialect="duckdb"))))
                )
                frame.createOrReplaceTempView(name)
        try:
            return self.read(query)
        finally:
            for name in tables:
                self.session.catalog.dropTempView(name)

    def scan(self, paths: Iterable[Path], schema: Table) -> IbisTable:
        """The rows of Parquet files of one schema; an empty table when there are none.

        On a cluster every worker must reach the files under the same name.
        """
        import ibis
        from pyspark.sql.pandas.types import from_arrow_schema

        listed = [path.resolve().as_uri() for path in paths]
        if not listed:
            return self.load(schema.name, schema.empty())
        with _told(f"table {schema.name}"):
            rows = self.session.read.schema(from_arrow_schema(schema.arrow)).parquet(*listed)
            rows.createOrReplaceTempView(schema.name)
        self._held[schema.name] = ""
        return ibis.table(ibis.schema(schema.arrow), name=schema.name)

    def drop(self, *names: str) -> None:
        """Let go of tables; a name that is not held is passed over."""
        for name in names:
            place = self._held.pop(name, None)
            if place is None:
                continue
            self.session.catalog.dropTempView(name)
            if place:
                self._delete(place)

    def held(self) -> list[str]:
        """Names of the tables held, sorted."""
        return sorted(self._held)

    def linker_api(self) -> Any:
        """Splink's door to this engine; what it makes can be named in a query."""
        from splink.backends.spark import SparkAPI

        self.session.sparkContext.setCheckpointDir(f"{self.scratch}/splink")
        kept = "parquet" if self._in_files else "persist"
        return SparkAPI(spark_session=self.session, break_lineage_method=kept)

    def close(self) -> None:
        """Let go of the tables, and of the session if it was started here."""
        self.drop(*self.held())
        if self._own_session:
            self.session.stop()
        if self._own_folder is not None:
            shutil.rmtree(self._own_folder, ignore_errors=True)

    def _hold(self, name: str, frame: Any) -> None:
        place = ""
        if self._in_files:
            # A place of its own for each turn: the query may read the table it replaces.
            self._turn += 1
            place = f"{self.scratch}/{name}-{self._turn}"
            frame.write.parquet(place)
            kept = self.session.read.schema(frame.schema).parquet(place)
        else:
            kept = frame.localCheckpoint()
        self.drop(name)
        kept.createOrReplaceTempView(name)
        self._held[name] = place

    def _delete(self, place: str) -> None:
        """Remove a folder of scratch, whatever file system it is on."""
        context = self.session.sparkContext
        path = context._jvm.org.apache.hadoop.fs.Path(place)
        path.getFileSystem(context._jsc.hadoopConfiguration()).delete(path, True)  # noqa: FBT003


@contextmanager
def _told(query: str, said: str = "") -> Iterator[None]:
    """Spark's refusals as ours, with the query, and how it was ``said`` to Spark."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (PySparkException, Py4JError) as error:
        message = f"Spark refused: {str(error)[:2_000]}\n{query}\n{said}"
        raise EngineError(message) from error


def _need_pyspark() -> None:
    try:
        import pyspark  # noqa: F401
    except ImportError as error:
        raise ConfigurationError(
            "Spark is not installed.",
            mend="Install the extra: pip install 'combined-harvester[spark]'.",
        ) from error


def _started(master: str, scratch: str, conf: Mapping[str, str]) -> Any:
    """A session of our own."""
    from pyspark.sql import SparkSession
    from splink.backends.spark import similarity_jar_location

    settings = dict(_ANY_MASTER)
    around = {"JAVA_HOME": str(java_home())}
    if master.startswith("local"):
        settings |= _ONE_MACHINE | {
            "spark.local.dir": f"{scratch}/local",
            "spark.sql.warehouse.dir": f"{scratch}/warehouse",
        }
        around["SPARK_LOCAL_IP"] = "127.0.0.1"
    settings["spark.jars"] = similarity_jar_location()
    builder = SparkSession.builder.master(master)
    for name, value in (settings | dict(conf)).items():
        builder = builder.config(name, value)
    # Spark prints the whole Java stack of a refused query, which the error carries anyway.
    logging.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL)
    with _environment(around):
        return builder.getOrCreate()


@contextmanager
def _environment(wanted: Mapping[str, str]) -> Iterator[None]:
    """Variables that Spark's launcher reads, for as long as it starts."""
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def java_home() -> Path:
    """The home of a Java that Spark can use: ``JAVA_HOME``, the path's, or one under ``/usr/lib/jvm``.

    Raises :class:`ConfigurationError` when there is none of version 17 or newer.
    """
    on_path = shutil.which("java")
    homes = [Path(home) for home in (os.environ.get("JAVA_HOME"),) if home]
    homes += [Path(on_path).resolve().parent.parent] if on_path else []
    homes += sorted(Path("/usr/lib/jvm").glob("*"), reverse=True)
    for home in homes:
        if _java_version(home / "bin" / "java") >= LEAST_JAVA:
            return home
    raise ConfigurationError(
        f"Spark needs Java {LEAST_JAVA} or newer, and there is none on this machine.",
        mend="Install it (Debian: openjdk-17-jre-headless), or set JAVA_HOME.",
    )


def _java_version(program: Path) -> int:
    """Major version of a Java; 0 where it does not run."""
    if not program.is_file():
        return 0
    said = subprocess.run([program, "-version"], capture_output=True, text=True, check=False)  # noqa: S603
    found = re.search(r'version "(\d+)', said.stderr)
    return int(found[1]) if found else 0


__all__ = ["LEAST_JAVA", "SparkEngine", "java_home"]
