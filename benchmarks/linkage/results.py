"""Results kept as JSON under the store's home, one file each; a run goes on where it stopped."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from benchmarks.linkage import store

if TYPE_CHECKING:
    from collections.abc import Callable

Result = dict[str, Any]


def kept(
    part: str, name: str, made_by: str, work: Callable[[], Result], *, fresh: bool = False
) -> Result:
    """The result of ``work``, from the store where it was ``made_by`` the same code and data."""
    path = store.home() / "results" / part / f"{_plain(name)}.json"
    if path.exists() and not fresh:
        told = json.loads(path.read_text())
        if told["made_by"] == made_by:
            return told["result"]
    result = work()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"made_by": made_by, "result": result}, indent=1))
    return result


def all_of(part: str) -> list[Result]:
    """Every kept result of a part, by file name."""
    folder = store.home() / "results" / part
    return [json.loads(path.read_text())["result"] for path in sorted(folder.glob("*.json"))]


def not_of(code: str, parts: tuple[str, ...]) -> list[str]:
    """Results of our linker that another state of its code gave (``code`` is a digest)."""
    found = []
    for part in parts:
        for path in sorted((store.home() / "results" / part).glob("*.json")):
            told = json.loads(path.read_text())
            if not told["result"].get("peer") and code not in told["made_by"]:
                found.append(f"{part}/{path.stem}")
    return found


def _plain(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9-]+", "_", name)
