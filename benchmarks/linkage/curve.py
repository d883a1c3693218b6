"""Thresholds: chosen on training countries, applied to the reported ones; and the whole curve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.linkage.runs import clustered
from benchmarks.linkage.scores import Scored, scores

if TYPE_CHECKING:
    from collections.abc import Sequence

MODES = ("components", "one row a source")
STEPS = 24
HIGH_PRECISION = 0.99


@dataclass(frozen=True)
class Choice:
    """How a tool's pairs become clusters."""

    mode: str
    least: float


@dataclass(frozen=True)
class Point:
    """A choice and how good it is."""

    choice: Choice
    scores: dict[str, float]


def points(project: list[str], sources: list[str], pairs: list[Scored]) -> list[Point]:
    """Both clusterings at thresholds spread over the scores of likely pairs."""
    truth = numbered(project)
    found = []
    for least in steps([p[2] for p in pairs], len(project)):
        for mode in MODES:
            made = clustered(mode, sources, pairs, least)
            found.append(Point(Choice(mode, least), scores(truth, numbered(made))))
    return found


def steps(values: Sequence[float], rows: int) -> list[float]:
    """Thresholds at which the number of pairs grows evenly, up to six pairs a row."""
    if not values:
        return []
    falling = np.sort(np.array(values))[::-1][: 6 * rows]
    at = np.unique(np.linspace(0, len(falling) - 1, STEPS).astype(int))
    return sorted({float(falling[n]) for n in at})


def best(found: list[Point]) -> Point:
    """The point of the best F1 over pairs."""
    return max(found, key=lambda p: (p.scores["f1"], p.choice.least))


def precise(found: list[Point]) -> Point | None:
    """The point of most recall where precision is at least :data:`HIGH_PRECISION`."""
    sure = [p for p in found if p.scores["precision"] >= HIGH_PRECISION]
    return max(sure, key=lambda p: (p.scores["recall"], p.choice.least)) if sure else None


def numbered(clusters: Sequence[object]) -> dict[str, str]:
    """Clusters by row number, as :func:`benchmarks.linkage.scores.scores` takes them."""
    return {str(n): str(cluster) for n, cluster in enumerate(clusters)}
