"""Part ``added``: one more list in a linked country, against linking the country anew.

The least list of the country of each size is kept back, the others are linked, then it is added.
A run that adds nothing shows what it costs to read what is remembered.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.linkage import curve, results, runs, split, store, tables
from benchmarks.linkage.scores import scores
from benchmarks.measure import peak_mb
from harvester.engine import open_engine
from harvester.linkage.lists.linking import MEMORY
from harvester.linkage.lists.records import read_records
from harvester.linkage.matching.linker import match
from harvester.linkage.matching.memory import Memory
from harvester.linkage.projects.aspects import PROJECTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from benchmarks.linkage.results import Result

HEADER = ("entries", "added", "whole, seconds", "added, seconds", "nothing new, seconds", "peak MB",
          "F1, list added", "F1, whole anew")  # fmt: skip


def run(sizes: Sequence[int], *, fresh: bool = False) -> list[Result]:
    """Link, add and compare at each size but the least, printing a table."""
    found = [_run(size, fresh=fresh) for size in sizes if size > min(split.SCALE)]
    print("\nOne more list in a linked country")
    print(tables.screen(HEADER, [row(one) for one in found]))
    return found


def _run(size: int, *, fresh: bool) -> Result:
    return results.kept(
        "added", f"{size:08d}", f"{runs.our_code()} {store.digest(Path(__file__))}",
        lambda: _apart(store.country(split.scale(size))), fresh=fresh,
    )  # fmt: skip


def _apart(country: Path) -> Result:
    """The measure, in a process of its own."""
    called = [sys.executable, "-m", "benchmarks.linkage.added", str(country)]
    done = subprocess.run(called, check=True, capture_output=True, text=True, cwd=store.ROOT)
    told: Result = json.loads(done.stdout.splitlines()[-1])
    return told


def measure(country: Path) -> Result:
    """Seconds of linking all lists but the least, of adding it, and of adding nothing."""
    rows = pq.read_table(country / "rows.parquet").sort_by("entry_id")
    told = pq.read_table(country / "truth.parquet").sort_by("entry_id")
    truth = curve.numbered(told.column("project").to_pylist())
    counts = rows.column("source").value_counts().to_pylist()
    least = min(counts, key=lambda one: (one["counts"], one["values"]))
    without = rows.filter(pc.not_equal(rows.column("source"), least["values"]))
    with tempfile.TemporaryDirectory() as home:
        first, whole, _ = _linked(without, Path(home), 1, None)
        second, added, clusters = _linked(rows, Path(home), 2, first)
        _, nothing, _ = _linked(rows, Path(home), 3, second)
        _, _, anew = _linked(rows, Path(home), 4, None)
    return {
        "rows": rows.num_rows, "added": least["counts"], "whole_seconds": whole, "added_seconds": added,
        "nothing_seconds": nothing, "peak_mb": peak_mb(),
        "f1": scores(truth, curve.numbered(clusters.tolist()))["f1"],
        "anew_f1": scores(truth, curve.numbered(anew.tolist()))["f1"],
    }  # fmt: skip


def _linked(
    rows: pa.Table, home: Path, turn: int, before: Path | None
) -> tuple[Path, float, np.ndarray]:
    """The memory of a run, its seconds, and the cluster of each row by entry id."""
    records = read_records(rows).table
    memory = Memory(home / str(turn) / "linkage", str(turn), "benchmark", before)
    engine = open_engine(memory=MEMORY, scratch=home / "scratch")
    try:
        began = time.perf_counter()
        found = match(engine, PROJECTS, records, memory=memory)
        seconds = time.perf_counter() - began
    finally:
        engine.close()
    return memory.folder, seconds, found.roots[found.uids]


def row(one: Result) -> tables.Row:
    """A result as a row under :data:`HEADER`."""
    return (
        f"{one['rows']:,}", f"{one['added']:,}",
        *(f"{one[f'{c}_seconds']:.1f}" for c in ("whole", "added", "nothing")),
        f"{one['peak_mb']:.0f}", tables.share(one["f1"]), tables.share(one["anew_f1"]),
    )  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]))))
