"""dedupe, trained on labelled pairs of a training country, then scoring every pair it blocks."""

from __future__ import annotations

import io
import random
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import dedupe
import numpy as np
from dedupe import serializer, variables

from benchmarks.linkage.tools.common import (
    Options,
    Outcome,
    across_sources,
    fold,
    none,
    rows,
    truth,
)

LABELS = 200
"""Pairs of each kind that a person would have to label."""

TRAINED_ON = 1_200
"""Records that blocking rules are learnt on: time grows with their square, and with 5 000 (its own
bound) it has not finished after ten minutes."""

CORES = 2
KEPT = 0.01
Records = dict[int, dict[str, Any]]


def run(folder: Path, options: Options) -> Outcome:
    """Score the pairs; training is timed apart, in ``told``."""
    with tempfile.TemporaryDirectory() as scratch:
        settings = Path(scratch, "settings")
        began = time.perf_counter()
        _train(Path(options["train"]), settings)
        trained = time.perf_counter() - began
        with settings.open("rb") as file:
            model = dedupe.StaticDedupe(file, num_cores=CORES)
        told = rows(folder)
        found = np.array(model.score(model.pairs(_records(told))))
    if not len(found):
        return none()
    left, right = found["pairs"][:, 0].astype(np.int64), found["pairs"][:, 1].astype(np.int64)
    keep = across_sources(left, right, told["source"]) & (found["score"] > KEPT)
    return Outcome(
        left[keep],
        right[keep],
        found["score"].astype(float)[keep],
        told={"training_seconds": trained},
    )


def _train(folder: Path, settings: Path) -> None:
    told = rows(folder)
    every = _records(told)
    labelled = _labels(told, truth(folder))
    records = _some(every, labelled)
    model = dedupe.Dedupe(
        [
            variables.String("name", name="name"),
            variables.Text("name", name="words"),
            variables.Exact("municipality", has_missing=True),
            variables.ShortString("code", has_missing=True),
            variables.Exact("function", has_missing=True),
            variables.LatLong("place", has_missing=True),
            variables.Price("amount", has_missing=True),
        ],
        num_cores=CORES,
    )  # fmt: skip
    random.seed(1)
    np.random.seed(1)
    labels = io.StringIO()
    pairs = {kind: [(records[a], records[b]) for a, b in held] for kind, held in labelled.items()}
    serializer.write_training(pairs, labels)
    labels.seek(0)
    model.prepare_training(records, training_file=labels, sample_size=1_500)
    model.train(recall=0.95, index_predicates=False)
    with settings.open("wb") as file:
        model.write_settings(file)


def _some(records: Records, labelled: dict[str, list[tuple[int, int]]]) -> Records:
    """The labelled records, and others by chance up to :data:`TRAINED_ON`."""
    wanted = {n for pairs in labelled.values() for pair in pairs for n in pair}
    others = sorted(set(records) - wanted)
    more = max(0, min(len(others), TRAINED_ON - len(wanted)))
    return {n: records[n] for n in sorted(wanted | set(random.Random(1).sample(others, more)))}


def _labels(told: dict[str, list[str]], project: list[str]) -> dict[str, list[tuple[int, int]]]:
    """Pairs of one project from two lists, and pairs alike in name or place of two projects."""
    chance = random.Random(1)
    groups: dict[str, list[int]] = defaultdict(list)
    starts: dict[tuple[str, str], list[int]] = defaultdict(list)
    for n, held in enumerate(project):
        groups[held].append(n)
        starts[told["municipality"][n], fold(told["name"][n])[:8]].append(n)
    pairs = [(a, b) for held in groups.values() for a in held for b in held
             if a < b and told["source"][a] != told["source"][b]]  # fmt: skip
    alike = [(a, b) for held in starts.values() for a in held[:30] for b in held[:30]
             if a < b and project[a] != project[b]]  # fmt: skip
    apart = [tuple(sorted(chance.sample(range(len(project)), 2))) for _ in range(LABELS)]
    apart = [(a, b) for a, b in apart if project[a] != project[b]][: LABELS // 3]

    def chosen(found: list[tuple[int, int]], count: int) -> list[tuple[int, int]]:
        return chance.sample(found, min(count, len(found)))

    return {
        "match": chosen(pairs, LABELS),
        "distinct": chosen(alike, LABELS) + chosen(apart, LABELS // 3),
    }


def _records(told: dict[str, list[str]]) -> Records:
    return {
        n: {
            "name": fold(told["name"][n]) or "none",
            "municipality": fold(told["municipality"][n]) or None,
            "code": fold(told["code"][n]) or None,
            "function": fold(told["function"][n]) or None,
            "place": _point(told["latitude"][n], told["longitude"][n]),
            "amount": _price(told["amount"][n]),
        }
        for n in range(len(told["name"]))
    }  # fmt: skip


def _point(latitude: str, longitude: str) -> tuple[float, float] | None:
    if not latitude or not longitude or float(latitude) == 0.0:
        return None
    return float(latitude), float(longitude)


def _price(amount: str) -> float | None:
    return float(amount) if amount and float(amount) > 0 else None
