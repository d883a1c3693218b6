"""Splink as its own tutorial configures it: comparison library on raw columns, blocking rules, EM."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from benchmarks.linkage.tools.common import Options, Outcome, across_sources, fold, numbers, rows

if TYPE_CHECKING:
    from pathlib import Path

KEPT = 0.01
TEXTS = ("name", "municipality", "function", "code", "source")


def run(folder: Path, options: Options) -> Outcome:
    """Train on the rows themselves, as the tutorial does, and predict."""
    told = rows(folder)
    return linked(_frame(told), told["source"])


def linked(frame: pd.DataFrame, sources: list[str]) -> Outcome:
    """Settings, training and prediction."""
    same_town = block_on("municipality", "substr(name, 1, 6)")
    settings = SettingsCreator(
        link_type="dedupe_only", unique_id_column_name="unique_id",
        comparisons=[
            cl.JaroWinklerAtThresholds("name", [0.95, 0.88, 0.8, 0.7]).configure(
                term_frequency_adjustments=True),
            cl.ExactMatch("municipality").configure(term_frequency_adjustments=True),
            cl.ExactMatch("function").configure(term_frequency_adjustments=True),
            cl.LevenshteinAtThresholds("code", 1),
            cl.DistanceInKMAtThresholds("latitude", "longitude", [0.3, 1, 5]),
            _amounts(), cl.ExactMatch("first_year"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("name"), block_on("code"), same_town,
            block_on("municipality", "function", "first_year"),
            block_on("municipality", "amount"),
            block_on("round(latitude, 2)", "round(longitude, 2)"),
        ],
    )  # fmt: skip
    linker = Linker(DuckDBAPI().register(frame), settings, log_level="ERROR")
    linker.training.estimate_probability_two_random_records_match(
        [block_on("name", "municipality"), block_on("code", "municipality")], recall=0.6
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    for rule in (same_town, block_on("municipality", "amount"), block_on("code")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    found = linker.inference.predict(threshold_match_probability=KEPT).as_pandas_dataframe()
    left, right = found["unique_id_l"].to_numpy(np.int64), found["unique_id_r"].to_numpy(np.int64)
    keep = across_sources(left, right, sources)
    return Outcome(left[keep], right[keep], found["match_weight"].to_numpy(float)[keep])


def _amounts() -> cl.CustomComparison:
    return cl.CustomComparison(
        output_column_name="amount",
        comparison_levels=[
            cll.NullLevel("amount"), cll.ExactMatchLevel("amount"),
            cll.PercentageDifferenceLevel("amount", 0.05),
            cll.PercentageDifferenceLevel("amount", 0.3), cll.ElseLevel(),
        ],
    )  # fmt: skip


def _frame(told: dict[str, list[str]]) -> pd.DataFrame:
    """Cleaned as the tutorial's data are: small letters, nulls for what is empty."""
    frame = pd.DataFrame({c: [fold(v) or None for v in told[c]] for c in TEXTS})
    for column in ("latitude", "longitude", "amount", "first_year"):
        frame[column] = numbers(told[column])
    frame.insert(0, "unique_id", range(len(frame)))
    return frame
