"""Whether a store still is what it was when it was written."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from harvester.engine.content import METHOD, digest, digest_of_texts
from harvester.engine.granary import Granary
from harvester.intake import Progress, silent
from harvester.sources.reading import SourceFile

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from harvester.engine.granary import Harvest, StoredReading


def verify(home: Path | str, progress: Progress = silent) -> tuple[list[str], int]:
    """Check the store: originals against their hash, harvests against their manifest, and that the
    log of decisions still holds every decision a harvest applied.

    Returns what has changed, in words, and how many files were checked.
    """
    granary = Granary(home)
    links, places = granary.decisions.read(), granary.places.read()
    known = {decision.decision_id for decision in links.decisions}
    placed = {(p.at, p.actor, p.verdict, p.reason) for p in places.decisions}
    faults = [*links.unreadable, *places.unreadable]
    jobs: list[tuple[str, Callable[[], bool]]] = [
        (f"{r.original.name} ({r.sha256[:16]})", partial(_original_holds, r))
        for r in granary.readings()
    ]
    for name in granary.runs():
        harvest = granary.harvest(name)
        if harvest is None:
            continue
        jobs += [
            (f"harvest {name}, table {table}", partial(_table_holds, harvest, table))
            for table in sorted(harvest.manifest["tables"])
        ]
        jobs += [
            (f"decisions that harvest {name} applied", partial(_decisions_hold, harvest, known)),
            (f"places that harvest {name} mended", partial(_places_hold, harvest, placed)),
        ]
    for n, (what, holds) in enumerate(jobs):
        progress(what, n, len(jobs))
        if not holds():
            faults.append(what)
    return faults, len(jobs)


def _original_holds(reading: StoredReading) -> bool:
    return SourceFile.at(reading.original).sha256 == reading.sha256


def _decisions_hold(harvest: Harvest, known: set[str]) -> bool:
    """Whether the log still says what this harvest was told of links."""
    told = _told(harvest, "decisions")
    return told is not None and known.issuperset(row["decision_id"] for row in told)


def _places_hold(harvest: Harvest, known: set[tuple[str, str, str, str]]) -> bool:
    """Whether the log still says what this harvest was told of places."""
    told = _told(harvest, "mends")
    return told is not None and known.issuperset(
        (row["at"], row["actor"], row["state"], row["reason"]) for row in told if row["at"]
    )


def _told(harvest: Harvest, table: str) -> list[dict[str, Any]] | None:
    """Rows of a table of what people said; none where the harvest is older, ``None`` if unreadable."""
    if table not in harvest.manifest["tables"]:
        return []
    try:
        return harvest.table(table).to_pylist()
    except (OSError, pa.ArrowInvalid):
        return None


def _table_holds(harvest: Harvest, table: str) -> bool:
    made = digest if harvest.manifest.get("digests_of") == METHOD else digest_of_texts
    try:
        return made(harvest.table(table)) == harvest.manifest["tables"][table]
    except (OSError, pa.ArrowInvalid):
        # Missing or not Parquet any more: changed, which is what is being asked.
        return False
