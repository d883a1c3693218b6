"""The one linker: the harvest, ``harvester link`` and the benchmarks all come here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pyarrow as pa

from harvester.engine.forest import Forest
from harvester.linkage.matching import addition, blocking, joining, reasons, rivals, scoring

if TYPE_CHECKING:
    from collections.abc import Mapping

    from harvester.engine.engine import Engine
    from harvester.linkage.matching.fieldset import FieldSet
    from harvester.linkage.matching.memory import Memory, Recalled

ACCEPTED, REJECTED = "accepted", "rejected"

Pairs = set[tuple[int, int]]
Verdicts = dict[tuple[int, int], set[str]]
"""What people said of pairs of records (the lesser first)."""


STEPS = 4
"""Steps of a run that are told as they begin."""


class Progress(Protocol):
    """Told as work goes on: what is being done, how much of how much is done."""

    def __call__(self, what: str, done: int, total: int) -> None:
        """Take note."""
        ...


def silent(what: str, done: int, total: int) -> None:
    """A :class:`Progress` that says nothing."""


@dataclass(frozen=True)
class Matched:
    """Clusters of records.

    ``uids``: by row, the record's number in the tables this leaves; its row, where the whole was
    linked. ``roots``: by uid, the least uid of its cluster. ``confidence``: by uid, the weakest join
    that holds its cluster together, 1 for a record alone.
    """

    uids: np.ndarray
    roots: np.ndarray
    confidence: np.ndarray
    contradicted: Pairs
    accepted: Pairs
    rejected: Pairs


def match(
    engine: Engine,
    fields: FieldSet,
    records: pa.Table,
    verdicts: Verdicts | None = None,
    *,
    explain: bool = True,
    memory: Memory | None = None,
    progress: Progress = silent,
) -> Matched:
    """Cluster records; leaves ``link_features`` and ``link_chances``.

    ``records`` have their row as ``uid``, and ``verdicts`` speak of rows. ``link_chances`` holds
    ``uid_l``, ``uid_r``, ``pattern``, ``match_weight``, ``likeness``, ``probability`` of every pair
    worth keeping and, to ``explain``, ``figures`` for the reasons in ``link_wordings``. With a ``memory`` (which explains) only what
    is new since the run before is linked, and ``link_features`` need not hold every record. The
    outcome does not depend on the order of records.
    """
    if records.num_rows == 0:
        fields.features(engine, records)
        engine.load("link_chances", _EMPTY_CHANCES)
        engine.load("link_wordings", _NO_WORDINGS)
        nobody = np.zeros(0, np.int64)
        return Matched(nobody, nobody, np.zeros(0), set(), set(), set())
    recalled = memory.recall(engine, fields, records) if memory else None
    uids = recalled.uids if recalled else np.arange(records.num_rows)
    said = _numbered(verdicts or {}, uids)
    accepted = {pair for pair, words in said.items() if ACCEPTED in words}
    rejected = {pair for pair, words in said.items() if REJECTED in words}
    engine.load("link_decided", pair_table(said))
    largest = recalled.largest if recalled else 0
    if recalled and fields.additions:
        addition.add(engine, fields, fields.additions, records, recalled)
        joined, contradicted = _join_again(engine, fields, recalled, accepted, rejected)
    else:
        largest = _link_whole(engine, fields, records, explain=explain, progress=progress)
        pairs, count = joining.likely(engine), records.num_rows
        joined, contradicted = joining.join(
            engine, fields, pairs, count, accepted=accepted, rejected=rejected
        )
    if memory and fields.additions and records.num_rows >= memory.least:
        memory.keep(
            engine, fields.additions, joined.roots, joined.bottleneck, recalled, largest=largest
        )
    return Matched(uids, joined.roots, joined.bottleneck, contradicted, accepted, rejected)


def _numbered(verdicts: Verdicts, uids: np.ndarray) -> Verdicts:
    """Verdicts on rows as verdicts on numbers, the lesser first."""
    found: Verdicts = {}
    for (a, b), said in verdicts.items():
        one, other = int(uids[a]), int(uids[b])
        found.setdefault((min(one, other), max(one, other)), set()).update(said)
    return found


def _link_whole(
    engine: Engine, fields: FieldSet, records: pa.Table, *, explain: bool, progress: Progress
) -> int:
    """Pairs, scores and chances of all records; the bound on the records under one key."""
    progress("reading names", 0, STEPS)
    count = fields.features(engine, records)
    progress("finding pairs", 1, STEPS)
    blocked = blocking.block(engine, fields, count)
    progress(f"comparing {blocked.pairs:,} pairs".replace(",", " "), 2, STEPS)
    decided = "link_decided" if engine.rows("SELECT count(*) FROM link_decided")[0][0] else ""
    everywhere = float(engine.rows("SELECT max(base_everywhere) FROM link_features")[0][0])
    model = scoring.score(engine, fields, everywhere, count, decided=decided)
    rivals.weigh(engine, fields, decided=decided)
    if explain:
        reasons.explain(engine, model)
    progress("joining", 3, STEPS)
    return blocked.largest_group


def _join_again(
    engine: Engine,
    fields: FieldSet,
    recalled: Recalled,
    accepted: Pairs,
    rejected: Pairs,
) -> tuple[Forest, Pairs]:
    """Clusters of the whole and contradicted pairs; only clusters that something new touches are made anew."""
    count = recalled.first + int(recalled.fresh.sum())
    new = addition.touched(recalled, joining.ends(accepted | rejected), count)
    roots, confidence = np.arange(count), np.ones(count)
    roots[: recalled.first], confidence[: recalled.first] = recalled.roots, recalled.confidence
    pairs = joining.likely(engine)
    grown = pairs.components(count)
    new[joining.ends(accepted).ravel()] = True
    again = np.zeros(count, bool)
    again[grown.roots[new]] = True
    again = again[grown.roots]
    engine.load("link_again", pa.table({"uid": np.flatnonzero(again)}))
    engine.make("link_features", """
SELECT * FROM link_fresh_features
UNION ALL BY NAME SELECT * FROM known_features SEMI JOIN link_again USING (uid)
    ANTI JOIN link_gone USING (uid) ANTI JOIN link_fresh_features USING (uid)
""")  # fmt: skip
    among = pairs.where(again[pairs.left])
    made, contradicted = joining.join(
        engine, fields, among, count, accepted=accepted, rejected=rejected
    )
    roots[again], confidence[again] = made.roots[again], made.bottleneck[again]
    roots[recalled.gone], confidence[recalled.gone] = recalled.gone, 1.0
    return Forest(roots, confidence), contradicted


def pair_table(pairs: Mapping[tuple[int, int], object] | Pairs) -> pa.Table:
    """Pairs of uids as a table ``uid_l``, ``uid_r``, in order."""
    listed = sorted(pairs)
    return pa.table({
        "uid_l": pa.array([left for left, _ in listed], pa.int32()),
        "uid_r": pa.array([right for _, right in listed], pa.int32()),
    })  # fmt: skip


_EMPTY_CHANCES = pa.table({
    "uid_l": pa.array([], pa.int32()), "uid_r": pa.array([], pa.int32()),
    "pattern": pa.array([], pa.int64()),
    "match_weight": pa.array([], pa.float64()), "likeness": pa.array([], pa.float64()),
    "probability": pa.array([], pa.float64()), "figures": pa.array([], pa.string()),
})  # fmt: skip
_NO_WORDINGS = pa.table({"pattern": pa.array([], pa.int64()), "reasons": pa.array([], pa.string())})

__all__ = ["ACCEPTED", "REJECTED", "Matched", "Verdicts", "match", "pair_table"]
