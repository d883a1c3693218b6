"""Part ``margins``: how far ours is ahead of each peer, and how much of that could be luck.

A country is one draw of projects. Its projects are drawn again :data:`DRAWS` times, with their rows
and with what both tools said of them, and the difference of F1 is taken each time: the interval that
holds 95 % of those differences says what another country of the kind would likely show.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.linkage import projects, results, runs, split, store, tables
from benchmarks.linkage.tools import common

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from benchmarks.linkage.results import Result

DRAWS, SEED = 2_000, 7
HEADER = ("country", "peer", "F1 of ours", "F1 of the peer", "ahead", "95 % interval")


def run(
    families: Sequence[str],
    levels: Sequence[int],
    tools: Sequence[runs.Tool],
    *,
    fresh: bool = False,
) -> list[Result]:
    """Ours as a list beside each peer on the reported countries, printing a table."""
    peers = [tool for tool in tools if tool.peer]
    found = [
        one
        for family in families
        for level in levels
        for name in split.country(family, level, "test")
        for one in _country(family, level, name, peers, fresh=fresh)
    ]
    print("\nMargins, projects drawn again")
    print(tables.screen(HEADER, [row(one) for one in found]))
    return found


def _country(
    family: str, level: int, name: str, peers: Sequence[runs.Tool], *, fresh: bool
) -> list[Result]:
    train = store.country(split.country(family, level, "train")[0])
    country = store.country(name)
    mine = runs.answer(runs.LIST, country)
    own = mine.clusters()
    found = []
    for peer in peers:
        given = projects.options(peer, family, train)
        chosen = projects.choice(peer, train, given)
        answer = runs.answer(peer, country, given)
        theirs = _clusters(answer, chosen, country)
        if own is None or theirs is None:
            continue
        made_by = (
            f"{runs.our_code()} {answer.key} {chosen} {store.digest(store.HERE / 'margins.py')}"
        )
        told = {"family": family, "level": level, "peer": peer.name}
        key = f"{family}-{level}-{peer.name}"
        found.append(results.kept(
            "margins", key, made_by,
            lambda told=told, theirs=theirs: told | margin(common.truth(country), own, theirs),
            fresh=fresh,
        ))  # fmt: skip
    return found


def _clusters(answer: runs.Answer, chosen: Result | None, country: Path) -> Sequence[object] | None:
    """The cluster of each row as the peer was judged; none where it did not finish."""
    if answer.folder is None:
        return None
    made = answer.clusters()
    if made is not None or chosen is None:
        return made
    sources = common.rows(country)["source"]
    return runs.clustered(chosen["mode"], sources, answer.pairs(), chosen["least"])


def margin(truth: Sequence[object], ours: Sequence[object], theirs: Sequence[object]) -> Result:
    """F1 over pairs of both, the difference, and the interval that holds 95 % of drawn differences."""
    here, there = _by_project(truth, ours), _by_project(truth, theirs)
    count = len(here)
    drawn = np.random.default_rng(SEED).multinomial(count, np.full(count, 1 / count), DRAWS)
    ahead = _f1(drawn @ here) - _f1(drawn @ there)
    low, high = (float(x) for x in np.percentile(ahead, (2.5, 97.5)))
    own, other = (float(_f1(one.sum(axis=0))) for one in (here, there))
    return {"ours": own, "theirs": other, "ahead": own - other, "low": low, "high": high}


def _by_project(truth: Sequence[object], said: Sequence[object]) -> np.ndarray:
    """A row for each true project: pairs found, true pairs, pairs said; a pair said across two
    projects is half of each."""
    number = {project: n for n, project in enumerate(dict.fromkeys(truth))}
    size = Counter(said)
    counts = np.zeros((len(number), 3))
    for (project, cluster), n in Counter(zip(truth, said, strict=True)).items():
        within = n * (n - 1) / 2
        counts[number[project]] += (within, 0, within + n * (size[cluster] - n) / 2)
    for project, n in Counter(truth).items():
        counts[number[project], 1] = n * (n - 1) / 2
    return counts


def _f1(counts: np.ndarray) -> np.ndarray:
    """F1 from pairs found, true and said: twice those found of all that are true or said."""
    return 2 * counts[..., 0] / np.maximum(1, counts[..., 1] + counts[..., 2])


def row(one: Result) -> tables.Row:
    """A result as a row under :data:`HEADER`."""
    return (
        f"{one['family']}, dirt {one['level']}", one["peer"], tables.share(one["ours"]),
        tables.share(one["theirs"]), f"{one['ahead']:+.3f}", f"{one['low']:+.3f} to {one['high']:+.3f}",
    )  # fmt: skip
