"""Which countries are learnt from and which are reported: the one place that says so.

Thresholds of every tool, the tuning of peers and the weights of ours may look at ``TRAIN`` only.
"""

from __future__ import annotations

LEVELS = (1, 2, 3)
"""Dirt: careful, usual and careless publishers."""

TRAIN_SEEDS = {"sample": (101,), "invented": (201,)}
"""Seeds of the countries to learn from; any seed that is not in ``TEST_SEEDS`` may be added."""

TEST_SEEDS = {"sample": (9_341,), "invented": (7_193,)}
"""Seeds of the countries that are reported. Never look at their errors."""

SAMPLE_SCALE = {"train": 0.2, "test": 0.4}
"""Size of the sample country (1.0 is about 30 000 entries)."""

INVENTED_ENTRIES = {"train": 6_000, "test": 12_000}
"""Entries of the invented country."""

SCALE = (10_000, 100_000, 1_000_000)
SCALE_SEEDS = {"train": 301, "test": 8_413}
"""Sizes, and seeds, of ten years of eight metros; only the least size is made for training."""

PERSONS = {"febrl": ("febrl3", "febrl4"), "rldata": ("rldata500", "rldata10000")}
"""Person data: what m, u and thresholds are set on, and what is reported."""


def country(family: str, level: int, part: str) -> list[str]:
    """Names of the countries of a family (``sample``, ``invented``), level and part."""
    seeds = TRAIN_SEEDS if part == "train" else TEST_SEEDS
    return [f"{family}-{level}-{part}-{seed}" for seed in seeds[family]]


def scale(entries: int, part: str = "test") -> str:
    """Name of the country of ``entries`` rows of ten years."""
    return f"scale-2-{entries}-{SCALE_SEEDS[part]}"
