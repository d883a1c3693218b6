"""Part ``scale``: seconds, memory and rightness on ten years of eight metros, at three sizes.

Peers run up to :data:`PEERS_UP_TO` entries, at the threshold of a training country of the least
size.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.linkage import curve, projects, results, runs, split, store, tables
from benchmarks.linkage.scores import scores
from benchmarks.linkage.tools import common

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.linkage.results import Result

PEERS_UP_TO = 100_000
TOOLS = ("Harvester, list", "Splink", "TF-IDF n-grams, tuned", "equal names")
HEADER = ("entries", "tool", "precision", "recall", "F1", "B3 F1", "seconds", "peak MB")


def run(sizes: Sequence[int], tools: Sequence[runs.Tool], *, fresh: bool = False) -> list[Result]:
    """Run the tools of :data:`TOOLS` among ``tools`` at each size, printing a table."""
    wanted = [tool for tool in tools if tool.name in TOOLS]
    found = [
        _run(tool, size, fresh=fresh)
        for size in sizes
        for tool in wanted
        if not tool.peer or size <= PEERS_UP_TO
    ]
    print("\nScale: ten years of eight metros")
    print(tables.screen(HEADER, [row(one) for one in found]))
    return found


def _run(tool: runs.Tool, size: int, *, fresh: bool) -> Result:
    train = store.country(split.scale(split.SCALE[0], "train"))
    options = projects.options(tool, "invented", train)
    choice = projects.choice(tool, train, options, fresh=fresh) if tool.peer else None
    country = store.country(split.scale(size))
    answer = runs.answer(tool, country, options, fresh=fresh)
    rule = store.digest(*(store.HERE / f"{m}.py" for m in ("scores", "sizes")))
    return results.kept(
        "scale", f"{size:08d}-{tool.name}", f"{answer.key} {answer.failed} {rule} {choice}",
        lambda: _told(tool, size, answer, choice), fresh=fresh,
    )  # fmt: skip


def _told(tool: runs.Tool, size: int, answer: runs.Answer, choice: Result | None) -> Result:
    told = {
        "tool": tool.name, "peer": tool.peer, "rows": size, "seconds": answer.seconds,
        "peak_mb": answer.peak_mb, "failed": answer.failed,
    }  # fmt: skip
    if answer.folder is None:
        return told
    country = store.country(split.scale(size))
    clusters = answer.clusters()
    if clusters is None and choice:
        sources = common.rows(country)["source"]
        made = runs.clustered(choice["mode"], sources, answer.pairs(), choice["least"])
        clusters = [str(cluster) for cluster in made]
    truth = curve.numbered(common.truth(country))
    return told | {"at": scores(truth, curve.numbered(clusters or []))}


def row(one: Result) -> tables.Row:
    """A result as a row under :data:`HEADER`."""
    if one["failed"]:
        return f"{one['rows']:,}", one["tool"], one["failed"], "", "", "", "", ""
    at = one["at"]
    return (
        f"{one['rows']:,}", one["tool"],
        *(tables.share(at[c]) for c in ("precision", "recall", "f1", "b3_f1")),
        f"{one['seconds']:.1f}", f"{one['peak_mb']:.0f}",
    )  # fmt: skip
