"""Worker processes that decode shares of many texts, fed by Arrow over pipes.

They are started as commands: a fork would copy DuckDB's threads, and multiprocessing's spawn runs
the caller's script once more when it has no main guard.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TypeAlias

import pyarrow as pa

import harvester
from harvester.linkage.names.spellings import Census, Spellings
from harvester.rules.lexicon import Learned

MOST = 8
"""Workers started at most."""

Crew: TypeAlias = Sequence[subprocess.Popen[bytes]]
"""Workers that are started; none where there is one core, or no process is to be had."""

_LENGTH = 8
_LEARNED = b"learned"


@contextmanager
def crew(*, wanted: bool) -> Iterator[Crew]:
    """A worker for each core, if ``wanted``; they make themselves ready while their work is laid out."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2
    started: list[subprocess.Popen[bytes]] = []
    try:
        if wanted and cores > 1:
            with suppress(OSError):
                started.extend(_start() for _ in range(min(MOST, cores)))
        yield started
    finally:
        for worker in started:
            _stop(worker)


def decode(
    workers: Crew, pairs: pa.Table, spellings: Spellings, learned: Learned | None
) -> tuple[pa.Table, Spellings] | None:
    """Decode sorted distinct pairs by workers; None when there are none, or they could not do it."""
    from harvester.linkage.names.texts import lexicon_with

    if not workers:
        return None
    try:
        for worker, share in zip(workers, _shares(pairs, len(workers)), strict=True):
            _send(worker.stdin, _with_learned(share, learned))
        lexicon = lexicon_with(learned)
        census = Census.under(lexicon)
        for worker in workers:
            census.add_table(receive(worker.stdout))
        spellings = spellings.extended(census, lexicon)
        for worker in workers:
            _send(worker.stdin, spellings.rows)
        tables = [receive(worker.stdout) for worker in workers]
    except (OSError, EOFError, pa.ArrowInvalid):
        return None  # the caller does it in its own process, and meets the cause if there is one
    return pa.concat_tables(tables), spellings


def serve(source: IO[bytes], sink: IO[bytes]) -> None:
    """What a worker does: count the words of its share, open its texts, be told the spellings, read."""
    from harvester.linkage.names.texts import Share

    pairs = receive(source)
    written = (pairs.schema.metadata or {}).get(_LEARNED)
    share = Share(pairs, Learned.read(written.decode()) if written else None)
    del pairs
    _send(sink, share.census())
    share.open()  # while the spellings are settled
    _send(sink, share.decoded(Spellings(receive(source))))


def receive(source: IO[bytes] | None) -> pa.Table:
    """One table from a pipe. Raises :class:`EOFError` when the other side is gone."""
    if source is None:
        raise EOFError
    size = int.from_bytes(_exactly(source, _LENGTH))
    return pa.ipc.open_stream(pa.py_buffer(_exactly(source, size))).read_all()


def _send(sink: IO[bytes] | None, table: pa.Table) -> None:
    if sink is None:
        raise EOFError
    out = pa.BufferOutputStream()
    with pa.ipc.new_stream(out, table.schema) as writer:
        writer.write_table(table)
    buffer = out.getvalue()
    sink.write(buffer.size.to_bytes(_LENGTH))
    sink.write(memoryview(buffer))
    sink.flush()


def _exactly(source: IO[bytes], size: int) -> bytes:
    found = source.read(size)
    if len(found) < size:
        raise EOFError
    return found


def _shares(pairs: pa.Table, count: int) -> Iterator[pa.Table]:
    """Slices of about one size; no text is in two of them."""
    texts = pairs.column("text")
    cuts = [0]
    for n in range(1, count):
        at = max(cuts[-1], n * pairs.num_rows // count)
        while 0 < at < pairs.num_rows and texts[at].as_py() == texts[at - 1].as_py():
            at += 1
        cuts.append(at)
    for start, end in zip(cuts, [*cuts[1:], pairs.num_rows], strict=True):
        yield pairs.slice(start, end - start)


def _with_learned(share: pa.Table, learned: Learned | None) -> pa.Table:
    if not learned:
        return share
    return share.replace_schema_metadata({_LEARNED: learned.written().encode()})


def _start() -> subprocess.Popen[bytes]:
    root = str(Path(harvester.__file__).parents[1])
    path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH", ""))))
    return subprocess.Popen(
        [sys.executable, "-m", "harvester.linkage.names.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": path, "PYTHONSAFEPATH": "1"},
    )


def _stop(worker: subprocess.Popen[bytes]) -> None:
    """End a worker, whatever it is at; its pipes are closed."""
    worker.kill()
    for pipe in (worker.stdin, worker.stdout):
        if pipe is not None:
            try:
                pipe.close()
            except BrokenPipeError:
                continue
    worker.wait()


__all__ = ["MOST", "Crew", "crew", "decode", "receive", "serve"]
