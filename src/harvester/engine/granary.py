"""The store: files as they were published, what was read from them, and every harvest.

::

    <home>/granary/submissions/<sha256>/original/<file name>
                                        readings/<key>/<table>.parquet, reading.json
                                        current            the reading in force
                   harvests/<run>/<table>.parquet, manifest.json
                   decisions/links.jsonl, places.jsonl     what people said of links and places
                   current                                 the harvest in service

Nothing is updated in place. A reading or a harvest is written beside its place and moved there
whole, then one small pointer file is replaced; a crash leaves the last good one in service.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pyarrow.parquet as pq

from harvester.domain.errors import ConfigurationError, UserError
from harvester.engine import schema
from harvester.engine.decision_log import DecisionLog
from harvester.engine.harvest_writer import MANIFEST, HarvestWriter, write_table
from harvester.engine.place_log import PlaceLog

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pyarrow as pa

POINTER = "current"
RUN = re.compile(r"h(\d{4,})")
DEFAULT_HOME = "var"


class HashedFile(Protocol):
    """A file whose bytes have been hashed."""

    path: Path
    sha256: str

    @property
    def name(self) -> str: ...


class ReadTables(Protocol):
    """What a reader made of a file."""

    def tables(self) -> dict[str, pa.Table]: ...


class Told(Protocol):
    """What a person said about the file."""

    @property
    def fingerprint(self) -> str: ...


def home_from_environment() -> Path:
    """``HARVESTER_HOME``, or ``var`` in the working directory."""
    return Path(os.environ.get("HARVESTER_HOME") or DEFAULT_HOME)


@dataclass(frozen=True)
class StoredReading:
    """The reading in force of one submission."""

    sha256: str
    folder: Path

    @property
    def original(self) -> Path:
        """The file as it was published."""
        return next(iter(sorted((self.folder.parent.parent / "original").iterdir())))

    def path(self, table: str) -> Path:
        """Parquet file of one of ``READING_TABLES``."""
        return self.folder / f"{table}.parquet"

    def table(self, name: str, columns: list[str] | None = None) -> pa.Table:
        """Rows of one of ``READING_TABLES``; all columns, or those named."""
        return pq.read_table(self.path(name), columns=columns)


@dataclass(frozen=True)
class Harvest:
    """One finished harvest: its tables and its manifest."""

    run: str
    folder: Path
    manifest: dict[str, Any]

    def path(self, table: str) -> Path:
        """Parquet file of one of ``HARVEST_TABLES``."""
        return self.folder / f"{table}.parquet"

    def table(self, name: str) -> pa.Table:
        """Rows of one of ``HARVEST_TABLES``."""
        return pq.read_table(self.path(name))


class Granary:
    """The store under one home folder."""

    def __init__(self, home: Path | str) -> None:
        self.home = Path(home)
        self.root = self.home / "granary"

    @property
    def decisions(self) -> DecisionLog:
        """What people said of links."""
        return DecisionLog(self.root)

    @property
    def places(self) -> PlaceLog:
        """What people said of places."""
        return PlaceLog(self.root)

    # --- submissions ---------------------------------------------------------------------------

    def add(self, source: HashedFile, reading: ReadTables, told: Told) -> StoredReading:
        """Keep a file and what was read from it; the same file read the same way is kept once."""
        folder = self.root / "submissions" / source.sha256
        tables = reading.tables()
        versions = sorted(set(tables["submissions"].column("reader_version").to_pylist()))
        key = hashlib.sha256(json.dumps([told.fingerprint, versions]).encode()).hexdigest()[:16]
        original = folder / "original"
        if not original.exists():
            with _written_beside(original) as place:
                shutil.copyfile(source.path, place / source.name)
        target = folder / "readings" / key
        if not target.exists():
            with _written_beside(target) as place:
                for table in schema.READING_TABLES:
                    write_table(place, table, tables[table.name])
        _point(folder, key)
        return StoredReading(source.sha256, target)

    def readings(self) -> list[StoredReading]:
        """The reading in force of every submission, by hash."""
        found = []
        for folder in sorted((self.root / "submissions").glob("*")):
            key = _pointed(folder)
            if key:
                found.append(StoredReading(folder.name, folder / "readings" / key))
        return found

    def reading(self, sha256: str) -> StoredReading:
        """The reading in force of the submission with this hash (or a unique beginning of it).

        Raises ``UserError`` when there is none.
        """
        matching = [r for r in self.readings() if sha256 and r.sha256.startswith(sha256)]
        if len(matching) != 1:
            raise UserError(
                f"{len(matching)} submissions have a hash that begins with {sha256!r}.",
                mend="`harvester show submissions` lists them.",
            )
        return matching[0]

    # --- harvests ------------------------------------------------------------------------------

    def harvest(self, run: str | None = None) -> Harvest | None:
        """The harvest in service, or the one named ``run``; ``None`` before the first.

        Raises ``UserError`` for a run that does not exist.
        """
        name = run or _pointed(self.root)
        if name is None:
            return None
        folder = self.root / "harvests" / name
        if RUN.fullmatch(name) is None or not (folder / MANIFEST).exists():
            raise UserError(
                f"there is no harvest {name!r} in {self.home}.",
                mend=f"Known: {', '.join(self.runs()) or 'none'}.",
            )
        return Harvest(name, folder, json.loads((folder / MANIFEST).read_text("utf-8")))

    def runs(self) -> list[str]:
        """Finished harvests, oldest first."""
        folders = (self.root / "harvests").glob("h*")
        return sorted((f.name for f in folders if RUN.fullmatch(f.name)), key=lambda n: int(n[1:]))

    def next_run(self) -> str:
        """The name the next harvest gets."""
        runs = self.runs()
        return f"h{int(runs[-1][1:]) + 1 if runs else 1:04d}"

    @contextmanager
    def new_harvest(self, run: str) -> Iterator[HarvestWriter]:
        """A harvest to be written table by table, put in service by one atomic pointer change.

        It is there once the block ends well and :meth:`HarvestWriter.finish` was called in it;
        after anything else there is no trace of it.
        """
        with _written_beside(self.root / "harvests" / run) as place, HarvestWriter(place) as writer:
            yield writer
            if not (place / MANIFEST).exists():
                raise ConfigurationError(f"harvest {run} was not finished")
        _point(self.root, run)

    def store_harvest(
        self, run: str, tables: Mapping[str, pa.Table], manifest: dict[str, Any]
    ) -> Harvest:
        """Write a harvest whose tables are all there, and put it in service."""
        with self.new_harvest(run) as writer:
            for table in schema.HARVEST_TABLES:
                if table.name in tables:
                    writer.put(table, tables[table.name])
            writer.finish(manifest)
        return Harvest(run, self.root / "harvests" / run, manifest)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the store for one writer of harvests.

        Raises ``UserError`` when another process is running a harvest.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / "lock").open("w") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise UserError(
                    f"another harvest is running in {self.home}.",
                    mend="Wait for it to end, or use another HARVESTER_HOME.",
                ) from error
            yield


@contextmanager
def _written_beside(target: Path) -> Iterator[Path]:
    """A scratch folder that becomes ``target`` when the block ends well, and vanishes when not."""
    target.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=".writing-", dir=target.parent))
    try:
        yield scratch
        scratch.chmod(0o755)
        try:
            scratch.rename(target)
        except OSError:
            # Another process put the same content there first: content-addressed, so equal.
            if not target.exists():
                raise
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _point(folder: Path, name: str) -> None:
    scratch = folder / f".{POINTER}.{os.getpid()}"
    scratch.write_text(name + "\n", "utf-8")
    scratch.replace(folder / POINTER)


def _pointed(folder: Path) -> str | None:
    pointer = folder / POINTER
    return pointer.read_text("utf-8").strip() if pointer.exists() else None
