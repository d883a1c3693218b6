"""Part ``persons``: FEBRL 4 and RLdata10000 through the same linker, with another field set.

Chances (ours) and thresholds (the peers') are set on FEBRL 3 and RLdata500.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from benchmarks.linkage import curve, results, runs, split, store, tables
from benchmarks.linkage.projects import HEADER, row
from benchmarks.linkage.runs import Tool
from benchmarks.linkage.scores import scores
from benchmarks.linkage.tools import common

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.linkage.results import Result

TOOLS = (
    Tool("Harvester", "ours_persons", peer=False, trained=True),
    Tool("Splink", "splink_persons"),
    Tool("recordlinkage, ECM", "recordlinkage_persons"),
)


def run(tools: tuple[str, ...], *, fresh: bool = False) -> list[Result]:
    """Judge the tools whose names begin with one of ``tools``, printing a table for each set."""
    found = []
    for kind, (train, test) in split.PERSONS.items():
        judged = [
            _judge(tool, kind, store.persons(train), store.persons(test), fresh=fresh)
            for tool in TOOLS if tool.name.lower().startswith(tools)
        ]  # fmt: skip
        print(f"\n{test}: {judged[0]['rows'] if judged else 0} persons")
        print(tables.screen(HEADER, [row(one) for one in judged]))
        found += judged
    return found


def _judge(tool: Tool, kind: str, train: Path, test: Path, *, fresh: bool) -> Result:
    options: dict[str, Any] = {"kind": kind} | ({"train": str(train)} if tool.trained else {})
    choice = curve.best(_points(runs.answer(tool, train, options, fresh=fresh), train)).choice
    answer = runs.answer(tool, test, options, fresh=fresh)
    names = ("curve", "scores", "persons", "person_fields")
    rule = store.digest(*(store.HERE / f"{name}.py" for name in names))
    return results.kept(
        "persons", f"{test.name.partition('-')[0]}-{tool.name}", f"{answer.key} {answer.failed} {rule} {choice}",
        lambda: _judged(tool, answer, test, choice), fresh=fresh,
    )  # fmt: skip


def _points(answer: runs.Answer, folder: Path) -> list[curve.Point]:
    return curve.points(common.truth(folder), common.rows(folder)["source"], answer.pairs())


def _judged(tool: Tool, answer: runs.Answer, test: Path, choice: curve.Choice) -> Result:
    project, sources = common.truth(test), common.rows(test)["source"]
    told: Result = {
        "set": test.name.partition("-")[0], "tool": tool.name, "peer": tool.peer,
        "rows": len(project), "seconds": answer.seconds, "peak_mb": answer.peak_mb,
        "failed": answer.failed, "choice": asdict(choice),
    }  # fmt: skip
    if answer.folder is None:
        return told
    # A training set is one list, so it cannot teach which clustering suits two lists.
    mode = "one row a source" if len(set(sources)) < len(sources) else choice.mode
    clusters = answer.clusters() or runs.clustered(mode, sources, answer.pairs(), choice.least)
    at = scores(curve.numbered(project), curve.numbered(clusters))
    found = [*_points(answer, test), curve.Point(choice, at)]
    precise = curve.precise(found)
    return told | {"at": at, "best_f1": curve.best(found).scores["f1"],
                   "precise": precise.scores if precise else None}  # fmt: skip
