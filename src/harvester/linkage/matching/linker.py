"""The one linker: the harvest, ``harvester link`` and the benchmarks all come here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pyarrow as pa

from harvester.engine import forest
from harvester.linkage.matching import addition, blocking, reasons, rivals, scoring
from harvester.linkage.matching.clusters import JOIN_PROBABILITY, Member, Pair, agglomerate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from harvester.engine.engine import Engine
    from harvester.linkage.matching.fieldset import FieldSet
    from harvester.linkage.matching.memory import Memory, Recalled

ACCEPTED, REJECTED = "accepted", "rejected"

SURE = 0.99
"""Pairs so likely are tried all at once first: most of what they make breaks no constraint."""

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
        found = _cluster_again(engine, fields, recalled, accepted, rejected)
    else:
        largest = _link_whole(engine, fields, records, explain=explain, progress=progress)
        found = cluster(engine, fields, records.num_rows, accepted, rejected)
    if memory and fields.additions and records.num_rows >= memory.least:
        memory.keep(
            engine, fields.additions, found.roots, found.confidence, recalled, largest=largest
        )
    return replace(found, uids=uids)


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


def _cluster_again(
    engine: Engine,
    fields: FieldSet,
    recalled: Recalled,
    accepted: Pairs,
    rejected: Pairs,
) -> Matched:
    """Clusters of the whole, where only those that something new touches are made anew."""
    count = recalled.first + int(recalled.fresh.sum())
    decided = np.array(sorted(accepted | rejected), dtype=np.int64).reshape(-1, 2)
    new = addition.touched(recalled, decided, count)
    roots, confidence = np.arange(count), np.ones(count)
    roots[: recalled.first], confidence[: recalled.first] = recalled.roots, recalled.confidence
    left, right, likeness = _likely(engine, JOIN_PROBABILITY)
    grown = forest.grow(left, right, likeness, count)
    ends = np.array(sorted(accepted), dtype=np.int64).reshape(-1, 2)
    new[ends.ravel()] = True
    again = np.zeros(count, bool)
    again[grown.roots[new]] = True
    again = again[grown.roots]
    engine.load("link_again", pa.table({"uid": np.flatnonzero(again)}))
    engine.make("link_features", """
SELECT * FROM link_fresh_features
UNION ALL BY NAME SELECT * FROM known_features SEMI JOIN link_again USING (uid)
    ANTI JOIN link_gone USING (uid) ANTI JOIN link_fresh_features USING (uid)
""")  # fmt: skip
    made = cluster(engine, fields, count, accepted, rejected, among=again)
    roots[again], confidence[again] = made.roots[again], made.confidence[again]
    roots[recalled.gone], confidence[recalled.gone] = recalled.gone, 1.0
    return replace(made, roots=roots, confidence=confidence)


def pair_table(pairs: Mapping[tuple[int, int], object] | Pairs) -> pa.Table:
    """Pairs of uids as a table ``uid_l``, ``uid_r``, in order."""
    listed = sorted(pairs)
    return pa.table({
        "uid_l": pa.array([left for left, _ in listed], pa.int64()),
        "uid_r": pa.array([right for _, right in listed], pa.int64()),
    })  # fmt: skip


def cluster(
    engine: Engine,
    fields: FieldSet,
    count: int,
    accepted: Pairs,
    rejected: Pairs,
    *,
    among: np.ndarray | None = None,
) -> Matched:
    """Clusters from ``link_chances``, people's decisions first; of whole components ``among`` alone.

    Most components of likely pairs break no constraint as they stand, and are clusters; only the
    others (and those a person spoke of) are put together pair by pair.
    """
    left, right, likeness = _likely(engine, JOIN_PROBABILITY)
    if among is not None:
        left, right, likeness = (column[among[left]] for column in (left, right, likeness))
    told = np.array(sorted(accepted), dtype=np.int64).reshape(-1, 2)
    grown = forest.grow(
        np.concatenate((left, told[:, 0])),
        np.concatenate((right, told[:, 1])),
        np.concatenate((likeness, np.ones(len(told)))),
        count,
    )
    roots, confidence = grown.roots.copy(), grown.bottleneck.copy()
    spoken = np.array(sorted({uid for pair in accepted | rejected for uid in pair}), dtype=np.int64)
    entangled = _entangled(engine, fields, grown.roots, spoken)
    if not entangled.any():
        return Matched(np.arange(count), roots, confidence, set(), accepted, rejected)
    engine.load("link_entangled", pa.table({"uid": np.flatnonzero(entangled)}))
    groups, within = _settled(engine, fields, entangled, spoken)
    clusters, weakest, contradicted = agglomerate(
        _members(engine, fields), _pairs(engine, within), accepted, rejected, groups
    )
    engine.drop("link_entangled")
    mine = np.flatnonzero(entangled)
    found = [clusters.find(uid) for uid in mine.tolist()]
    least: dict[int, int] = {}
    for uid, root in zip(mine.tolist(), found, strict=True):
        least.setdefault(root, uid)
    roots[mine] = [least[root] for root in found]
    confidence[mine] = [weakest.get(root, 1.0) for root in found]
    return Matched(np.arange(count), roots, confidence, contradicted, accepted, rejected)


def _entangled(
    engine: Engine, fields: FieldSet, roots: np.ndarray, spoken: np.ndarray
) -> np.ndarray:
    """By uid, whether its component breaks a constraint or a decision touches it."""
    engine.load("link_components", pa.table({"uid": np.arange(len(roots)), "root": roots}))
    parted = "".join(f" OR count(DISTINCT {part}) > 1" for part in fields.parts)
    broken = engine.read(f"""
SELECT root FROM link_components JOIN ({fields.members}) USING (uid) GROUP BY root
HAVING count(*) > 1 AND (count(DISTINCT src) < count(*) {parted} OR count(DISTINCT municipality) > 1)
""").column("root").to_numpy()  # fmt: skip
    engine.drop("link_components")
    wanted = np.zeros(len(roots), bool)
    wanted[broken] = True
    wanted[roots[spoken]] = True
    return wanted[roots]


def _settled(
    engine: Engine, fields: FieldSet, entangled: np.ndarray, spoken: np.ndarray
) -> tuple[list[tuple[list[int], float]], np.ndarray]:
    """Groups that the surest pairs alone make without breaking a constraint, each with its weakest.

    Such pairs are taken before any other, so these groups are what pair by pair would come to.
    Also the root of each entry among them, to tell the pairs within.
    """
    left, right, likeness = _likely(engine, SURE, "link_entangled")
    grown = forest.grow(left, right, likeness, len(entangled))
    tangled = _entangled(engine, fields, grown.roots, spoken)
    free = np.flatnonzero(entangled & ~tangled & (grown.roots != np.arange(len(entangled))))
    roots = np.unique(grown.roots[free])
    whole = np.flatnonzero(np.isin(grown.roots, roots))
    whole = whole[np.argsort(grown.roots[whole], kind="stable")]
    starts = np.flatnonzero(np.r_[True, np.diff(grown.roots[whole]) != 0]) if len(whole) else []
    groups = [
        (entries.tolist(), float(grown.bottleneck[entries[0]]))
        for entries in np.split(whole, starts[1:])
        if len(entries)
    ]
    within = np.full(len(entangled), -1)
    within[whole] = grown.roots[whole]
    return groups, within


def _likely(engine: Engine, least: float, among: str = "") -> tuple[np.ndarray, ...]:
    """Pairs at least so likely, as arrays of uids, uids and likeness; both ends in ``among``."""
    only = f"SEMI JOIN {among} l ON l.uid = c.uid_l SEMI JOIN {among} r ON r.uid = c.uid_r"
    rows = engine.read(
        f"SELECT c.uid_l, c.uid_r, c.likeness FROM link_chances c {only if among else ''} "
        f"WHERE c.likeness >= {least}"
    )
    left, right = (rows.column(c).to_numpy().astype(np.int64) for c in ("uid_l", "uid_r"))
    return left, right, rows.column("likeness").to_numpy()


def _members(engine: Engine, fields: FieldSet) -> dict[int, Member]:
    parts = "".join(f", coalesce(m.{part}, '')" for part in fields.parts)
    rows = engine.rows(
        f"SELECT m.uid, m.src, m.codes, coalesce(m.municipality, ''){parts} "
        f"FROM ({fields.members}) m SEMI JOIN link_entangled USING (uid)"
    )
    return {
        uid: Member(source, tuple(codes), tuple(said), municipality)
        for uid, source, codes, municipality, *said in rows
    }


def _pairs(engine: Engine, within: np.ndarray) -> list[Pair]:
    """Likely pairs of entangled entries, the surest first, but those within one settled group."""
    left, right, likeness = _likely(engine, JOIN_PROBABILITY, "link_entangled")
    open_ = np.flatnonzero((within[left] != within[right]) | (within[left] < 0))
    open_ = open_[forest.surest_first(left[open_], right[open_], likeness[open_])]
    rows = (column[open_].tolist() for column in (left, right, likeness))
    return list(map(Pair._make, zip(*rows, strict=True)))


_EMPTY_CHANCES = pa.table({
    "uid_l": pa.array([], pa.int64()), "uid_r": pa.array([], pa.int64()),
    "pattern": pa.array([], pa.int64()),
    "match_weight": pa.array([], pa.float64()), "likeness": pa.array([], pa.float64()),
    "probability": pa.array([], pa.float64()), "figures": pa.array([], pa.string()),
})  # fmt: skip
_NO_WORDINGS = pa.table({"pattern": pa.array([], pa.int64()), "reasons": pa.array([], pa.string())})

__all__ = ["ACCEPTED", "REJECTED", "Matched", "Verdicts", "cluster", "match", "pair_table"]
