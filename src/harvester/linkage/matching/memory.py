"""What a linked country is remembered by, so that a file added to it does not relink the country.

A run leaves a folder beside its tables: what it knew of each record, its keys and its pairs (a
*segment* for each run that added some), the statistics they were judged by, and its clusters. The
next run compares records one by one; what is unchanged keeps its number, its pairs and, where
nothing new touches it, its cluster.

Statistics stand as they were when the whole was linked. Once the additions are more than
:data:`MOST_ADDED` of the whole, or rules, words or program have changed, the whole is linked anew.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from harvester.linkage.matching.scoring import LEAST_PROBABILITY

if TYPE_CHECKING:
    from pathlib import Path

    from harvester.engine.engine import Engine
    from harvester.linkage.matching.fieldset import Additions, FieldSet

LEAST_KNOWN = 20_000
"""A country of fewer records is linked whole every time: it takes seconds."""

MOST_ADDED = 0.25
"""Records added or withdrawn since the whole was linked, as a share of it, up to which it stands."""

_TOLD = "memory.json"
_WHOLE = {
    "features": "link_features", "keys": "link_keys", "terms": "link_terms", "pairs": "link_chances",
    "wordings": "link_wordings",
}  # fmt: skip
"""Parts of a segment, and the tables they are where the whole was linked."""

_ADDED = {part: f"link_fresh_{part}" for part in _WHOLE}
"""The same, where records were added."""


@dataclass(frozen=True)
class Recalled:
    """What was remembered of the records that are here now.

    ``uids``: each record's number, by row. ``fresh``: by row, whether it is new or changed.
    ``first``: the least number of a fresh record. ``gone``: numbers of records no longer here.
    ``roots``, ``confidence``: clusters then, by number. ``decided``: pairs people had spoken of.
    """

    told: dict[str, object]
    folder: Path
    segments: tuple[Path, ...]
    uids: np.ndarray
    fresh: np.ndarray
    first: int
    gone: np.ndarray
    roots: np.ndarray
    confidence: np.ndarray
    decided: np.ndarray

    @property
    def largest(self) -> int:
        """The bound on the records under one key that held when the whole was linked."""
        return int(str(self.told["largest"]))


@dataclass
class Memory:
    """The memory of the run before (``before``, if any), and where this run leaves its own.

    Memories lie at ``<runs>/<run>/<name>``; this run's is written in ``folder``, from which whoever
    keeps runs moves it to its place. ``fingerprint`` tells of everything but records and decisions
    that a link depends on.
    """

    folder: Path
    run: str
    fingerprint: str
    before: Path | None = None
    least: int = LEAST_KNOWN
    extended: bool = field(default=False, init=False)

    def recall(self, engine: Engine, fields: FieldSet, records: pa.Table) -> Recalled | None:
        """What is remembered of ``records``; ``None`` where the whole has to be linked anew."""
        told = self._told()
        if told is None or fields.additions is None or self.before is None:
            return None
        runs, name = self.before.parent.parent, self.before.name
        segments = tuple(runs / str(run) / name for run in _runs(told))
        if not all((s / f"{part}.parquet").exists() for s in segments for part in _WHOLE):
            return None
        engine.load("link_records", records)
        engine.view("known_features", [s / "features.parquet" for s in segments])
        found = engine.read(f"""
SELECT n.uid AS n, k.uid, k.mark = n.mark AS same FROM ({fields.additions.marks}) n
LEFT JOIN known_features k ON k.entry_id = n.entry_id AND k.mark = n.mark ORDER BY n.uid
""")  # fmt: skip
        uids = found.column("uid").to_numpy(zero_copy_only=False)
        fresh = np.isnan(uids) if uids.dtype.kind == "f" else np.zeros(len(uids), bool)
        first = int(str(told["next"]))
        gone = np.ones(first, bool)
        gone[uids[~fresh].astype(np.int64)] = False
        whole = int(str(told["whole"]))
        moved = int(fresh.sum()) + first - whole + int(gone[:whole].sum())
        if whole < self.least or moved > MOST_ADDED * whole:
            return None
        numbers = np.zeros(len(uids), np.int64)
        numbers[~fresh] = uids[~fresh].astype(np.int64)
        numbers[fresh] = first + np.arange(int(fresh.sum()))
        clusters = pq.read_table(self.before / "clusters.parquet")
        decided = pq.read_table(self.before / "decided.parquet")
        self.extended = True
        return Recalled(
            told, self.before, segments, numbers, fresh, first, np.flatnonzero(gone),
            clusters.column("root").to_numpy(), clusters.column("confidence").to_numpy(),
            np.stack([decided.column(c).to_numpy() for c in ("uid_l", "uid_r")], axis=1),
        )  # fmt: skip

    def _told(self) -> dict[str, object] | None:
        if self.before is None or not (self.before / _TOLD).exists():
            return None
        told: dict[str, object] = json.loads((self.before / _TOLD).read_text("utf-8"))
        return told if told.get("fingerprint") == self.fingerprint else None

    def keep(
        self,
        engine: Engine,
        additions: Additions,
        roots: np.ndarray,
        confidence: np.ndarray,
        recalled: Recalled | None,
        *,
        largest: int,
    ) -> None:
        """Write this run's segment and what else the next run needs.

        Reads the tables of the segment, ``link_decided`` and the statistics.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        for part, table in (_ADDED if recalled else _WHOLE).items():
            engine.write(f"SELECT * FROM {table}", self.folder / f"{part}.parquet")
        for name in additions.statistics:
            engine.write(f"SELECT * FROM {name}", self.folder / f"{name}.parquet")
        engine.write("SELECT uid_l, uid_r FROM link_decided", self.folder / "decided.parquet")
        pq.write_table(
            pa.table({"root": roots, "confidence": confidence}), self.folder / "clusters.parquet"
        )
        told = {
            "fingerprint": self.fingerprint,
            "runs": [*(_runs(recalled.told) if recalled else []), self.run],
            "whole": recalled.told["whole"] if recalled else len(roots),
            "next": len(roots),
            "largest": largest,
        }
        (self.folder / _TOLD).write_text(json.dumps(told), "utf-8")


def _runs(told: dict[str, object]) -> list[object]:
    """The runs that left a segment, oldest first."""
    runs = told["runs"]
    return list(runs) if isinstance(runs, list) else []


def known_pairs(gone: str = "link_gone") -> str:
    """SQL of remembered pairs between records still here: likely ones, and those decided now."""
    return f"""
SELECT k.* FROM known_pairs k
ANTI JOIN {gone} l ON l.uid = k.uid_l
ANTI JOIN {gone} r ON r.uid = k.uid_r
LEFT JOIN link_decided d ON d.uid_l = k.uid_l AND d.uid_r = k.uid_r
WHERE k.likeness >= {LEAST_PROBABILITY} OR d.uid_l IS NOT NULL
"""


__all__ = ["LEAST_KNOWN", "MOST_ADDED", "Memory", "Recalled", "known_pairs"]
