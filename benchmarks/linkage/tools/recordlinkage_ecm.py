"""The ``recordlinkage`` toolkit as documented: index, compare, then a classifier.

``options["classifier"]``: ``ecm`` learns by itself (its unsupervised classifier); ``logistic`` is
trained on the labelled pairs of the country in ``options["train"]``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import recordlinkage as rl

from benchmarks.linkage.tools.common import (
    Options,
    Outcome,
    across_sources,
    fold,
    numbers,
    rows,
    truth,
)


def run(folder: Path, options: Options) -> Outcome:
    """Compare the candidate pairs and classify them."""
    told = rows(folder)
    frame = _frame(told)
    pairs = _candidates(frame)
    features = _compared(frame, pairs)
    left, right = (pairs.get_level_values(n).to_numpy(np.int64) for n in (0, 1))
    if options["classifier"] == "ecm":
        agreed = (features > 0.85).astype(int)
        model: Any = rl.ECMClassifier()
        model.fit(agreed)
        score = model.prob(agreed).to_numpy(float)
    else:
        model = _trained(Path(options["train"]))
        score = model.prob(features).to_numpy(float)
    keep = across_sources(left, right, told["source"]) & (score > 0.01)
    return Outcome(left[keep], right[keep], score[keep])


def _trained(folder: Path) -> rl.LogisticRegressionClassifier:
    frame = _frame(rows(folder))
    pairs = _candidates(frame)
    project = np.array(truth(folder))
    left, right = (pairs.get_level_values(n).to_numpy(np.int64) for n in (0, 1))
    model = rl.LogisticRegressionClassifier()
    model.fit(_compared(frame, pairs), pairs[project[left] == project[right]])
    return model


def _frame(told: dict[str, list[str]]) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            c: [fold(v) or None for v in told[c]]
            for c in ("name", "municipality", "function", "code", "description")
        }
    )
    for column in ("latitude", "longitude", "amount", "first_year"):
        frame[column] = numbers(told[column])
    frame["start"] = frame["name"].str[:5]
    frame["spot"] = [
        f"{x:.2f} {y:.2f}" if x == x and y == y else None  # noqa: PLR0124 - not a number
        for x, y in zip(frame["longitude"], frame["latitude"], strict=True)
    ]
    frame["log_amount"] = np.log(frame["amount"].where(frame["amount"] > 0))
    return frame


def _candidates(frame: pd.DataFrame) -> pd.MultiIndex:
    indexer = rl.Index()
    indexer.block(["municipality", "function", "first_year"])
    indexer.block(["municipality", "start"])
    indexer.block(["name"])
    indexer.block(["code", "municipality"])
    indexer.block(["spot"])
    indexer.block(["municipality", "amount"])
    return indexer.index(frame)


def _compared(frame: pd.DataFrame, pairs: pd.MultiIndex) -> pd.DataFrame:
    compare = rl.Compare(n_jobs=1)
    compare.string("name", "name", method="jarowinkler", label="name")
    compare.string("name", "name", method="qgram", label="name_grams")
    compare.exact("municipality", "municipality", label="municipality")
    compare.exact("function", "function", label="function")
    compare.exact("code", "code", label="code")
    compare.numeric("log_amount", "log_amount", method="gauss", scale=0.3, label="amount")
    compare.numeric("first_year", "first_year", method="linear", scale=1, label="years")
    compare.geo(
        "latitude", "longitude", "latitude", "longitude", method="exp", scale=0.7, label="place"
    )
    return compare.compute(pairs, frame).fillna(0.0)
