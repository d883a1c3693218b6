"""Run tools on countries, each in its own process, and keep every answer."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq

from benchmarks.linkage import store
from benchmarks.linkage.scores import Scored, components, one_of_each_source

if TYPE_CHECKING:
    from pathlib import Path

TIME_LIMIT = 600.0
"""Seconds after which a tool has not finished."""

ERROR = "stopped with an error"


@dataclass(frozen=True)
class Tool:
    """A linker. ``module`` of :mod:`benchmarks.linkage.tools`; ``trained``: learns from labels."""

    name: str
    module: str
    options: tuple[tuple[str, Any], ...] = ()
    peer: bool = True
    trained: bool = False
    families: tuple[str, ...] = ("sample", "invented")


LIST = Tool("Harvester, list", "ours", (("as", "list"),), peer=False)
TOOLS = (
    Tool("Harvester, harvest", "ours", (("as", "harvest"),), peer=False, families=("sample",)),
    LIST,
    Tool("Splink", "splink_tutorial"),
    Tool("recordlinkage, ECM", "recordlinkage_ecm", (("classifier", "ecm"),)),
    Tool("recordlinkage, logistic", "recordlinkage_ecm", (("classifier", "logistic"),), trained=True),
    Tool("dedupe", "dedupe_trained", trained=True),
    Tool("TF-IDF n-grams, tuned", "tfidf"),
    Tool("equal names", "equal_names"),
)  # fmt: skip


@dataclass
class Answer:
    """What a tool said of a country; ``failed`` says why it did not."""

    tool: str
    country: str
    seconds: float = 0.0
    peak_mb: float = 0.0
    training_seconds: float = 0.0
    failed: str = ""
    folder: Path | None = None
    key: str = ""
    """Changes with the code of the tool, its options and the rows."""

    def pairs(self) -> list[Scored]:
        """Scored pairs of row numbers."""
        table = pq.read_table(self._in("pairs.parquet"))
        return list(zip(*(column.to_pylist() for column in table.columns), strict=True))

    def clusters(self) -> list[str] | None:
        """The cluster of each row, where the tool makes clusters itself."""
        path = self._in("clusters.parquet")
        return pq.read_table(path).column("cluster").to_pylist() if path.exists() else None

    def _in(self, name: str) -> Path:
        if self.folder is None:
            raise RuntimeError(f"{self.tool} has no answer on {self.country}: {self.failed}")
        return self.folder / name


def answer(
    tool: Tool,
    country: Path,
    options: dict[str, Any] | None = None,
    *,
    fresh: bool = False,
    limit: float = TIME_LIMIT,
) -> Answer:
    """The tool's answer, from the store where the same code has answered already."""
    given = dict(tool.options) | (options or {})
    own = [store.HERE / "person_fields.py"] if tool.module == "ours_persons" else []
    own += [country / "entries.parquet"] if given.get("as") == "harvest" else []
    key = store.digest(store.HERE / "tools" / f"{tool.module}.py", country / "rows.parquet", *own)
    mine = "" if tool.peer else "-" + our_code()
    said = "-".join(
        f"{v}".rpartition("/")[2] for v in given.values() if not isinstance(v, (list, dict))
    )
    words = "_".join("+".join(v) for v in given.values() if isinstance(v, list))
    folder = (
        store.home() / "answers" / f"{country.name}" / f"{tool.module}-{said}{words}-{key}{mine}"
    )
    if fresh or not _answered(folder):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "told.json").write_text(json.dumps(_run(tool, country, given, folder, limit)))
    told = json.loads((folder / "told.json").read_text())
    return Answer(
        tool.name, country.name, told.get("seconds", 0.0), told.get("peak_mb", 0.0),
        told.get("training_seconds", 0.0), told.get("failed", ""),
        folder if "failed" not in told else None, folder.name,
    )  # fmt: skip


def _answered(folder: Path) -> bool:
    """Whether there is an answer; one that stopped with an error is asked again, slowness is not."""
    path = folder / "told.json"
    return path.exists() and ERROR not in json.loads(path.read_text()).get("failed", "")


def our_code() -> str:
    """Digest of the linker and of what it stands on."""
    rooms = store.ROOT / "src" / "harvester"
    return store.digest(rooms / "linkage", rooms / "rules", rooms / "engine")


def _run(
    tool: Tool, country: Path, options: dict[str, Any], folder: Path, limit: float
) -> dict[str, Any]:
    python = store.peers_python() if tool.peer else sys.executable
    path = os.pathsep.join(filter(None, (str(store.ROOT), os.environ.get("PYTHONPATH"))))
    command = [
        str(python), "-W", "ignore", "-m", "benchmarks.linkage.worker",
        tool.module, str(country), json.dumps(options), str(folder),
    ]  # fmt: skip
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd=store.ROOT,
        env=os.environ | {"PYTHONPATH": path}, start_new_session=True,
    )  # fmt: skip
    try:
        _, said = process.communicate(timeout=limit)
    except subprocess.TimeoutExpired:
        _end(process)
        return {"failed": f"did not finish in {limit / 60:.0f} minutes"}
    except KeyboardInterrupt:
        _end(process)
        raise
    if process.returncode:
        lines = said.strip().splitlines() or ["no message"]
        (folder / "stderr.txt").write_text(said)
        return {"failed": f"{ERROR}: {lines[-1][:200]}"}
    return dict(json.loads((folder / "told.json").read_text()))


def _end(process: subprocess.Popen[str]) -> None:
    """End a tool and the processes it started."""
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.communicate()


def clustered(mode: str, sources: list[str], pairs: list[Scored], least: float) -> list[int]:
    """Clusters of pairs of at least ``least``, as connected components or one row a source."""
    if mode == "components":
        return components(len(sources), pairs, least)
    return one_of_each_source(sources, pairs, least)
