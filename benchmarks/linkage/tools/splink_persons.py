"""Splink on persons, with the comparisons and blocking of its own FEBRL demonstration."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from benchmarks.linkage.tools.common import Options, Outcome, across_sources, rows

if TYPE_CHECKING:
    from pathlib import Path

KEPT = 0.001
SETTINGS = {
    "febrl": (
        (("surname", "given"), ("soc_sec_id",), ("dob", "postcode"), ("given", "dob"), ("surname", "dob"),
         ("given", "postcode"), ("surname", "postcode"), ("surname", "suburb"),
         ("address_1", "suburb"), ("given", "street_number")),
        (("given", "surname"), ("dob",)),
    ),
    "rldata": (
        (("given", "surname"), ("dob",), ("surname", "year"), ("given", "year"),
         ("given", "month", "day"), ("surname", "month", "day")),
        (("given", "surname"), ("dob",)),
    ),
}  # fmt: skip
"""By kind: blocking rules, and the columns that training blocks on."""


def run(folder: Path, options: Options) -> Outcome:
    """Train on the rows themselves, and predict."""
    told = rows(folder)
    frame = _frame(told)
    blocks, training = SETTINGS[options["kind"]]
    settings = SettingsCreator(
        link_type="dedupe_only", unique_id_column_name="unique_id",
        comparisons=_comparisons(options["kind"]),
        blocking_rules_to_generate_predictions=[block_on(*columns) for columns in blocks],
    )  # fmt: skip
    linker = Linker(DuckDBAPI().register(frame), settings, log_level="ERROR")
    sure = [block_on(*columns) for columns in _sure(options["kind"])]
    linker.training.estimate_probability_two_random_records_match(sure, recall=0.8)
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    for columns in training:
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(*columns))
    found = linker.inference.predict(threshold_match_probability=KEPT).as_pandas_dataframe()
    left, right = found["unique_id_l"].to_numpy(np.int64), found["unique_id_r"].to_numpy(np.int64)
    keep = across_sources(left, right, told["source"])
    return Outcome(left[keep], right[keep], found["match_weight"].to_numpy(float)[keep])


def _sure(kind: str) -> tuple[tuple[str, ...], ...]:
    if kind == "febrl":
        return ("soc_sec_id",), ("surname", "given", "dob")
    return (
        ("given", "surname", "year", "month"),
        ("given", "surname", "month", "day"),
        ("surname", "dob"),
    )


def _comparisons(kind: str) -> list[object]:
    names = [
        cl.NameComparison(column).configure(term_frequency_adjustments=True)
        for column in ("given", "surname")
    ]
    born = cl.DateOfBirthComparison(
        "dob", input_is_string=True, datetime_format="%Y%m%d", invalid_dates_as_null=True
    )
    if kind == "rldata":
        return [*names, cl.ExactMatch("given2"), cl.ExactMatch("surname2"), born]
    return [
        *names, born, cl.DamerauLevenshteinAtThresholds("soc_sec_id", [2]),
        cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
        cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]).configure(
            term_frequency_adjustments=True),
        cl.JaroWinklerAtThresholds("address_1", [0.9]), cl.JaroWinklerAtThresholds("suburb", [0.9]),
    ]  # fmt: skip


def _frame(told: dict[str, list[str]]) -> pd.DataFrame:
    frame = pd.DataFrame({column: [v or None for v in held] for column, held in told.items()})
    for column, start, end in (("year", 0, 4), ("month", 4, 6), ("day", 6, 8)):
        frame[column] = frame["dob"].str[start:end]
    frame.insert(0, "unique_id", range(len(frame)))
    return frame.drop(columns=["entry_id"])
