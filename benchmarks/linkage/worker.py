"""One tool on one country in a process of its own: ``python -m benchmarks.linkage.worker``.

Arguments: module of the tool, folder of the country, its options as JSON, folder for the answer.
Imports are not timed; training that a tool does by itself is.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.measure import peak_mb


def main(module: str, folder: str, options: str, answer: str) -> None:
    """Run, and write ``pairs.parquet``, ``clusters.parquet`` and ``told.json``."""
    tool = importlib.import_module(f"benchmarks.linkage.tools.{module}")
    given = json.loads(options)
    began = time.perf_counter()
    found = tool.run(Path(folder), given)
    seconds = time.perf_counter() - began
    out = Path(answer)
    out.mkdir(parents=True, exist_ok=True)
    pq.write_table(
        pa.table({"left": found.left, "right": found.right, "score": found.score}),
        out / "pairs.parquet",
    )
    if found.clusters is not None:
        pq.write_table(pa.table({"cluster": found.clusters}), out / "clusters.parquet")
    seconds -= found.told.get("training_seconds", 0.0)
    (out / "told.json").write_text(
        json.dumps({"seconds": seconds, "peak_mb": peak_mb(), **found.told})
    )


if __name__ == "__main__":
    main(*sys.argv[1:5])
