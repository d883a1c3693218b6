"""Part ``projects``: every tool on the sample and the invented countries, at every level of dirt.

What a tool may choose (its threshold, how pairs become clusters, the n-grams of the matcher of
texts) is chosen for it on the training country of the same family and level, by F1 over pairs;
ours is used as it comes.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict
from itertools import combinations
from typing import TYPE_CHECKING, Any

from benchmarks.linkage import curve, results, runs, split, store, tables
from benchmarks.linkage.scores import scores
from benchmarks.linkage.tools import common

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from benchmarks.linkage.results import Result
    from benchmarks.linkage.runs import Answer, Tool

TUNED_ON = 2
"""The level on which the matcher of texts is tuned, for each family."""

HEADER = ("tool", "precision", "recall", "F1", "B3 F1", "best F1", "F1 at P>=.99", "recall at P>=.99",
          "seconds", "peak MB")  # fmt: skip


def run(
    families: Sequence[str], levels: Sequence[int], tools: Sequence[Tool], *, fresh: bool = False
) -> list[Result]:
    """Judge the tools on the reported countries, printing a table for each."""
    found = []
    for family in families:
        for level in levels:
            for name in split.country(family, level, "test"):
                judged = [
                    judge(tool, family, level, name, fresh=fresh)
                    for tool in tools
                    if family in tool.families
                ]
                rows = judged[0]["rows"] if judged else 0
                print(f"\n{family}, level {level}: {rows} entries")
                print(tables.screen(HEADER, [row(one) for one in judged]))
                found += judged
    return found


def judge(tool: Tool, family: str, level: int, name: str, *, fresh: bool = False) -> Result:
    """One tool on one reported country, at the choice made on the training country."""
    train = store.country(split.country(family, level, "train")[0])
    given = options(tool, family, train)
    chosen = choice(tool, train, given, fresh=fresh) if tool.peer else None
    country = store.country(name)
    answer = runs.answer(tool, country, given, fresh=fresh)
    rule = store.digest(*(store.HERE / f"{m}.py" for m in ("curve", "scores", "projects")))
    return results.kept(
        "projects", f"{name.rpartition('-')[0]}-{tool.name}", f"{answer.key} {answer.failed} {rule} {chosen}",
        lambda: {"family": family, "level": level, **_judged(tool, country, answer, chosen)},
        fresh=fresh,
    )  # fmt: skip


def options(tool: Tool, family: str, train: Path) -> dict[str, Any]:
    """What a tool is told besides the rows: where to learn, or the n-grams found best."""
    if tool.trained:
        return {"train": str(train)}
    return _best_grams(tool, family) if tool.module == "tfidf" else {}


def _best_grams(tool: Tool, family: str) -> dict[str, Any]:
    """The n-grams and columns with which the matcher of texts does best on a training country."""
    train = store.country(split.country(family, TUNED_ON, "train")[0])
    tried = [choice(tool, train, grams) for grams in GRAMS]
    done = [(found["f1"], -n) for n, found in enumerate(tried) if found]
    return GRAMS[-max(done)[1]]


GRAMS: tuple[dict[str, Any], ...] = tuple(
    {"analyzer": analyzer, "low": low, "high": high, "columns": columns, "block": block}
    for analyzer, low, high in (("char_wb", 2, 3), ("char_wb", 3, 3), ("char_wb", 2, 4),
                                ("char_wb", 3, 5), ("char", 3, 5), ("word", 1, 2))
    for columns, block in ((["name"], True), (["name", "description"], True),
                           (["name", "municipality"], False))
)  # fmt: skip
"""What is tried for the matcher of texts."""


def choice(
    tool: Tool, train: Path, options: dict[str, Any], *, fresh: bool = False
) -> dict[str, Any] | None:
    """Mode and threshold of the best F1 on a training country, none for a tool that has none."""
    answer = runs.answer(tool, train, options, fresh=fresh)
    if answer.folder is None or answer.clusters() is not None:
        return None
    rule = store.digest(*(store.HERE / f"{m}.py" for m in ("curve", "scores")))

    def best() -> Result:
        found = curve.points(common.truth(train), common.rows(train)["source"], answer.pairs())
        point = curve.best(found)
        return asdict(point.choice) | {"f1": point.scores["f1"]}

    return results.kept("chosen", f"{train.name}-{answer.key}", rule, best, fresh=fresh)


def _judged(
    tool: Tool, country: Path, answer: Answer, chosen: dict[str, Any] | None
) -> dict[str, Any]:
    sources, project = common.rows(country)["source"], common.truth(country)
    told: dict[str, Any] = {
        "tool": tool.name, "peer": tool.peer, "rows": len(project), "seconds": answer.seconds,
        "peak_mb": answer.peak_mb, "training_seconds": answer.training_seconds,
        "failed": answer.failed, "choice": chosen, "reachable": reachable(country),
    }  # fmt: skip
    if answer.folder is None:
        return told
    scored = answer
    if not tool.peer and tool.options[0] == ("as", "list"):
        scored = runs.answer(tool, country, {"as": "pairs"})
    found = curve.points(project, sources, scored.pairs())
    clusters = answer.clusters()
    if clusters is None:
        if chosen is None:
            return told | {"failed": "failed on the training country"}
        pairs = answer.pairs()
        clusters = [str(c) for c in runs.clustered(chosen["mode"], sources, pairs, chosen["least"])]
    at = scores(curve.numbered(project), curve.numbered(clusters))
    found.append(curve.Point(curve.Choice("as chosen", 0.0), at))
    precise = curve.precise(found)
    return told | {
        "at": at,
        "best_f1": curve.best(found).scores["f1"],
        "precise": precise.scores if precise else None,
    }


SAYING = ("name", "description", "latitude", "amount")
"""Columns by which a row can be told to be a project that another list has."""


def reachable(country: Path) -> float:
    """Share of the true pairs that rows can tell of.

    Not of those in which a row gives nothing of :data:`SAYING`, and another number than the other.
    """
    rows, project = common.rows(country), common.truth(country)
    silent = [not any(said) for said in zip(*(rows[c] for c in SAYING), strict=True)]
    of: dict[str, list[int]] = defaultdict(list)
    for n, one in enumerate(project):
        of[one].append(n)
    total = lost = 0
    for members in of.values():
        for a, b in combinations(members, 2):
            total += 1
            lost += (silent[a] or silent[b]) and rows["code"][a] != rows["code"][b]
    return 1 - lost / total if total else 1.0


def row(one: Result) -> tables.Row:
    """A result as a row under :data:`HEADER`."""
    cost = (f"{one['seconds']:.1f}", f"{one['peak_mb']:.0f}")
    if one["failed"]:
        return (one["tool"], one["failed"], *[""] * 8)
    at, precise = one["at"], one["precise"] or {}
    return (
        one["tool"], *(tables.share(at[c]) for c in ("precision", "recall", "f1", "b3_f1")),
        tables.share(one["best_f1"]), tables.share(precise.get("f1")),
        tables.share(precise.get("recall")), *cost,
    )  # fmt: skip
