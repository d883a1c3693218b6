"""The Harvester's linker on persons: chances from the training set in ``options["train"]``."""

from __future__ import annotations

import time
from pathlib import Path

import pyarrow.parquet as pq

from benchmarks.linkage import person_fields as fields
from benchmarks.linkage.tools.common import Options, Outcome, truth
from harvester.engine.engine import Engine
from harvester.linkage.matching.linker import match


def run(folder: Path, options: Options) -> Outcome:
    """Learn the chances, then match; learning is timed apart."""
    febrl = options["kind"] == "febrl"
    compared = fields.FEBRL if febrl else fields.RLDATA
    train = Path(options["train"])
    began = time.perf_counter()
    chances, fewer = fields.learnt(pq.read_table(train / "rows.parquet"), truth(train), compared)
    learnt = time.perf_counter() - began
    keys = fields.FEBRL_KEYS if febrl else fields.RLDATA_KEYS
    people = fields.field_set(compared, chances, 0.0 if febrl else fewer, keys)
    engine = Engine()
    try:
        matched = match(engine, people, pq.read_table(folder / "rows.parquet"), explain=False)
        pairs = engine.read(
            "SELECT uid_l, uid_r, probability FROM link_chances ORDER BY uid_l, uid_r"
        )
    finally:
        engine.close()
    left, right, chance = (pairs.column(n).to_numpy() for n in range(3))
    return Outcome(left, right, chance, clusters=[str(root) for root in matched.roots.tolist()],
                   told={"training_seconds": learnt})  # fmt: skip
