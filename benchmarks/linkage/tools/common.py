"""What every tool gets, and what it gives back."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from pathlib import Path

Options = dict[str, Any]

_SIGNS = re.compile(r"[^a-z0-9]+")


@dataclass
class Outcome:
    """Scored pairs as three columns (row numbers and score), and clusters where the tool makes them.

    ``told``: whatever else is worth keeping, such as the seconds of training.
    """

    left: np.ndarray
    right: np.ndarray
    score: np.ndarray
    clusters: list[str] | None = None
    told: dict[str, Any] = field(default_factory=dict)


def none() -> Outcome:
    """No pairs at all."""
    return Outcome(np.array([], np.int64), np.array([], np.int64), np.array([], float))


def rows(folder: Path) -> dict[str, list[str]]:
    """The list's columns, in the order of its rows."""
    return pq.read_table(folder / "rows.parquet").to_pydict()


def truth(folder: Path) -> list[str]:
    """The project of each row. For learning, on training countries."""
    return pq.read_table(folder / "truth.parquet").column("project").to_pylist()


def fold(text: str) -> str:
    """Small letters and figures with single spaces; accents and signs go."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _SIGNS.sub(" ", "".join(c for c in plain if not unicodedata.combining(c))).strip()


def numbers(column: list[str]) -> np.ndarray:
    """A column of figures; not a number where empty."""
    return np.array([float(value) if value else np.nan for value in column])


def across_sources(left: np.ndarray, right: np.ndarray, sources: list[str]) -> np.ndarray:
    """Which pairs stand in two lists: every peer is spared the pairs within one."""
    codes = np.unique(np.array(sources), return_inverse=True)[1]
    return codes[left] != codes[right]
