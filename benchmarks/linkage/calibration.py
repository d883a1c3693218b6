"""Part ``calibration``: of the links said to be 90 % sure, are about 90 % right?

Two numbers of a field set turn bits of evidence into honest chances:
``p = 1 / (1 + 2 ** -(slope * bits + offset))``. :func:`fitted` finds them on training countries by
logistic regression; :func:`reliability` shows on the reported ones what became of it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.linkage import results, runs, split, store, tables
from benchmarks.linkage.tools import common
from harvester.linkage.projects.aspects import PROJECTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.linkage.results import Result

EDGES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0)
MOST_BITS = 20.0
"""Evidence beyond this counts as this: what is left to err there is not a matter of bits."""

PLACES = 6
"""Decimal places that chances are kept with."""
STEPS, SETTLED, Z = 50, 1e-9, 1.959964
HEADER = ("said", "pairs", "mean said", "true", "95 % interval")
FAMILIES = ("sample", "invented")
READ_AS = (("sample", "harvest"), ("sample", "pairs"), ("invented", "pairs"))
"""Reported families, and how ours reads them: as a harvest does (its links), or as a list."""


def bits_and_truth(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Bits (rivals counted) of every scored pair of a country, and whether it is one project."""
    country = store.country(name)
    answer = runs.answer(runs.LIST, country, {"as": "pairs"})
    left, right, chance = (np.array(column) for column in zip(*answer.pairs(), strict=True))
    project = np.array(common.truth(country))
    bits = evidence(chance, PROJECTS.calibration)
    return np.minimum(bits, MOST_BITS), project[left.astype(int)] == project[right.astype(int)]


def evidence(chance: np.ndarray, calibration: tuple[float, float]) -> np.ndarray:
    """Bits behind published chances, which are kept with :data:`PLACES` decimal places."""
    slope, offset = calibration
    least = 10.0**-PLACES
    inside = np.clip(chance, least, 1 - least)
    return (np.log2(inside / (1 - inside)) - offset) / slope


def fitted(families: Sequence[str] = FAMILIES) -> tuple[float, float]:
    """Slope and offset over the training countries at all levels, every country weighing the same."""
    told = [
        bits_and_truth(name)
        for family in families
        for level in split.LEVELS
        for name in split.country(family, level, "train")
    ]
    weight = np.concatenate([np.full(len(bits), 1.0 / len(bits)) for bits, _ in told])
    return logistic(
        np.concatenate([bits for bits, _ in told]),
        np.concatenate([true for _, true in told]),
        weight,
    )


def logistic(bits: np.ndarray, true: np.ndarray, weight: np.ndarray) -> tuple[float, float]:
    """Weighted logistic regression of ``true`` on ``bits``, to the base of two, by Newton's steps."""
    design = np.stack([bits, np.ones(len(bits))], axis=1) * math.log(2)
    found = np.array([1.0, 0.0])
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-np.clip(design @ found, -700, 700)))
        gradient = design.T @ (weight * (true - chance))
        curvature = (design * (weight * chance * (1 - chance))[:, None]).T @ design
        step = np.linalg.solve(curvature, gradient)
        found = found + step
        if np.abs(step).max() < SETTLED:
            break
    return float(found[0]), float(found[1])


def reliability(chance: np.ndarray, true: np.ndarray) -> dict[str, Any]:
    """Pairs by what was said of them, how many are true (Wilson's interval), and the expected error.

    The error is that of Naeini et al. (2015): the mean over pairs of what their bin said too much
    or too little.
    """
    place = np.clip(np.searchsorted(EDGES, chance, side="right") - 1, 0, len(EDGES) - 2)
    bins, error = [], 0.0
    for n in range(len(EDGES) - 1):
        here = place == n
        count = int(here.sum())
        if not count:
            continue
        said, right = float(chance[here].mean()), float(true[here].mean())
        low, high = wilson(right, count)
        error += count / len(chance) * abs(said - right)
        bins.append({"from": EDGES[n], "to": EDGES[n + 1], "count": count, "said": said,
                     "true": right, "low": low, "high": high})  # fmt: skip
    return {"pairs": len(chance), "error": error, "bins": bins}


def wilson(share: float, count: int) -> tuple[float, float]:
    """Interval of 95 % for a share of ``count`` (Wilson 1927)."""
    base = 1 + Z * Z / count
    middle = (share + Z * Z / (2 * count)) / base
    half = Z / base * math.sqrt(share * (1 - share) / count + Z * Z / (4 * count * count))
    return max(0.0, middle - half), min(1.0, middle + half)


def run(*, fresh: bool = False) -> list[Result]:
    """Fit on the training countries, and show reliability on the reported ones."""
    key = (
        f"{runs.our_code()} {store.digest(store.HERE / 'calibration.py', store.HERE / 'split.py')}"
    )
    fit = results.kept("calibration", "fit", key, _fit, fresh=fresh)
    print("\nCalibration: slope and offset that the training countries ask for")
    for name, (slope, offset) in fit["fits"].items():
        print(f"  {name:<20} slope {slope:.4f}, offset {offset:+.4f}")
    print(f"  in use: {fit['in_use'][0]:.4f}, {fit['in_use'][1]:+.4f}")
    found = [fit]
    for family, way in READ_AS:
        for joined in (False, True):
            name = f"{family} as a {way.replace('pairs', 'list')}, {'joined pairs' if joined else 'all pairs kept'}"
            table = results.kept(
                "calibration", name, key,
                lambda f=family, w=way, j=joined, n=name: {"name": n, **_reported(f, w, joined=j)},
                fresh=fresh,
            )  # fmt: skip
            print(
                f"\n{name}: {table['pairs']} pairs, expected calibration error {table['error']:.4f}"
            )
            print(tables.screen(HEADER, rows(table)))
            found.append(table)
    return found


def _fit() -> Result:
    fits = {"both families": fitted(), **{f: fitted((f,)) for f in FAMILIES}}
    return {"name": "fit", "fits": fits, "in_use": PROJECTS.calibration}


def _reported(family: str, way: str, *, joined: bool) -> Result:
    """Chances as published on the reported countries of all levels, and whether they hold."""
    said, right = [], []
    for level in split.LEVELS:
        for name in split.country(family, level, "test"):
            country = store.country(name)
            answer = runs.answer(runs.LIST, country, {"as": way})
            left, other, chance = (np.array(c) for c in zip(*answer.pairs(), strict=True))
            left, other = left.astype(int), other.astype(int)
            project, cluster = np.array(common.truth(country)), np.array(answer.clusters())
            keep = cluster[left] == cluster[other] if joined else np.ones(len(left), bool)
            said.append(chance[keep])
            right.append((project[left] == project[other])[keep])
    return reliability(np.concatenate(said), np.concatenate(right))


def rows(table: Result) -> list[tables.Row]:
    """Bins as rows under :data:`HEADER`."""
    return [
        (f"{b['from']:.2f} to {b['to']:.2f}", f"{b['count']}", tables.share(b["said"]),
         tables.share(b["true"]), f"{b['low']:.3f} to {b['high']:.3f}")
        for b in table["bins"]
    ]  # fmt: skip
