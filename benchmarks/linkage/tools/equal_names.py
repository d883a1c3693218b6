"""What the field's own sites do: one name in one municipality is one project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.linkage.tools.common import Options, Outcome, fold, none, rows

if TYPE_CHECKING:
    from pathlib import Path


def run(folder: Path, options: Options) -> Outcome:
    """Rows of equal folded name and municipality."""
    told = rows(folder)
    found = none()
    found.clusters = [
        f"{fold(place)}|{fold(name)}" for place, name in zip(told["municipality"], told["name"], strict=True)
    ]  # fmt: skip
    return found
