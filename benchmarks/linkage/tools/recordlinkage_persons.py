"""The ``recordlinkage`` toolkit on persons, as its FEBRL example has it, with its ECM classifier."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import recordlinkage as rl

from benchmarks.linkage.tools.common import Options, Outcome, across_sources, rows

if TYPE_CHECKING:
    from pathlib import Path

BLOCKS: dict[str, tuple[list[str], ...]] = {
    "febrl": (["given"], ["surname"], ["dob"], ["soc_sec_id"]),
    "rldata": (["given", "surname"], ["dob"], ["surname", "year"], ["given", "year"],
               ["given", "month", "day"], ["surname", "month", "day"]),
}  # fmt: skip
TEXTS = ("given", "surname", "suburb", "address_1")
EXACT = ("dob", "soc_sec_id", "postcode", "state")
LIKE = 0.85


def run(folder: Path, options: Options) -> Outcome:
    """Index, compare, classify."""
    told = rows(folder)
    frame = pd.DataFrame({column: [v or None for v in held] for column, held in told.items()})
    parts = (("year", 0, 4), ("month", 4, 6), ("day", 6, 8))
    for column, start, end in parts:
        frame[column] = frame["dob"].str[start:end]
    indexer = rl.Index()
    for columns in BLOCKS[options["kind"]]:
        indexer.block(columns)
    pairs = indexer.index(frame)
    compare = rl.Compare(n_jobs=1)
    for column in TEXTS:
        if frame[column].notna().any():
            compare.string(column, column, method="jarowinkler", threshold=LIKE, label=column)
    dates = EXACT if options["kind"] == "febrl" else tuple(part for part, _, _ in parts)
    for column in dates:
        compare.exact(column, column, label=column)
    agreed = compare.compute(pairs, frame).fillna(0).astype(int)
    model = rl.ECMClassifier()
    model.fit(agreed)
    score = model.prob(agreed).to_numpy(float)
    left, right = (pairs.get_level_values(n).to_numpy(np.int64) for n in (0, 1))
    keep = across_sources(left, right, told["source"]) & (score > 0.001)
    return Outcome(left[keep], right[keep], score[keep])
