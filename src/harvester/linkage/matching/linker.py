"""The one linker: the harvest, ``harvester link`` and the benchmarks all come here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from harvester.linkage.matching import blocking, forest, reasons, rivals, scoring
from harvester.linkage.matching.clusters import JOIN_PROBABILITY, Member, Pair, agglomerate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from harvester.engine.engine import Engine
    from harvester.linkage.matching.fieldset import FieldSet

ACCEPTED, REJECTED = "accepted", "rejected"

Verdicts = dict[tuple[int, int], set[str]]
"""What people said of pairs of uids (the lesser first)."""


@dataclass(frozen=True)
class Matched:
    """Clusters of records.

    ``roots``: by uid, the least uid of its cluster. ``confidence``: by uid, the weakest join that
    holds its cluster together, 1 for a record alone.
    """

    roots: np.ndarray
    confidence: np.ndarray
    contradicted: set[tuple[int, int]]
    accepted: set[tuple[int, int]]
    rejected: set[tuple[int, int]]


def match(
    engine: Engine,
    fields: FieldSet,
    records: pa.Table,
    verdicts: Verdicts | None = None,
    *,
    explain: bool = True,
) -> Matched:
    """Cluster records; leaves ``link_features``, ``link_chances`` and, to ``explain``, ``link_reasons``.

    ``link_chances`` holds ``uid_l``, ``uid_r``, ``pattern``, ``match_weight``, ``likeness`` and
    ``probability`` of every pair worth keeping. The outcome does not depend on the order of records.
    """
    verdicts = verdicts or {}
    accepted = {pair for pair, said in verdicts.items() if ACCEPTED in said}
    rejected = {pair for pair, said in verdicts.items() if REJECTED in said}
    count = fields.features(engine, records)
    if count == 0:
        engine.load("link_chances", _EMPTY_CHANCES)
        engine.load("link_reasons", _EMPTY_REASONS)
        return Matched(np.zeros(0, int), np.zeros(0), set(), set(), set())
    blocking.block(engine, fields, count)
    engine.load("link_decided", pair_table(verdicts))
    everywhere = float(engine.rows("SELECT max(base_everywhere) FROM link_features")[0][0])
    model = scoring.score(engine, fields, everywhere, count, decided=bool(verdicts))
    rivals.weigh(engine, fields, decided=bool(verdicts))
    if explain:
        reasons.explain(engine, model)
    return cluster(engine, fields, count, accepted, rejected)


def pair_table(pairs: Mapping[tuple[int, int], object] | set[tuple[int, int]]) -> pa.Table:
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
    accepted: set[tuple[int, int]],
    rejected: set[tuple[int, int]],
) -> Matched:
    """Clusters from ``link_chances``, people's decisions first.

    Most components of likely pairs break no constraint as they stand, and are clusters; only the
    others (and those a person spoke of) are put together pair by pair.
    """
    likely = engine.read(
        f"SELECT uid_l, uid_r, likeness FROM link_chances WHERE likeness >= {JOIN_PROBABILITY}"
    )
    left, right = (likely.column(c).to_numpy().astype(np.int64) for c in ("uid_l", "uid_r"))
    told = np.array(sorted(accepted), dtype=np.int64).reshape(-1, 2)
    grown = forest.grow(
        np.concatenate((left, told[:, 0])),
        np.concatenate((right, told[:, 1])),
        np.concatenate((likely.column("likeness").to_numpy(), np.ones(len(told)))),
        count,
    )
    roots, confidence = grown.roots.copy(), grown.bottleneck.copy()
    entangled = _entangled(engine, fields, roots, accepted, rejected)
    if not len(entangled):
        return Matched(roots, confidence, set(), accepted, rejected)
    members = _members(engine, fields)
    pairs = _pairs(engine)
    clusters, weakest, contradicted = agglomerate(members, pairs, accepted, rejected)
    engine.drop("link_entangled")
    mine = np.array(sorted(members), dtype=np.int64)
    found = np.array([clusters.find(int(uid)) for uid in mine], dtype=np.int64)
    least: dict[int, int] = {}
    for uid, root in zip(mine.tolist(), found.tolist(), strict=True):
        least.setdefault(root, uid)
    roots[mine] = [least[root] for root in found.tolist()]
    confidence[mine] = [weakest.get(root, 1.0) for root in found.tolist()]
    return Matched(roots, confidence, contradicted, accepted, rejected)


def _entangled(
    engine: Engine,
    fields: FieldSet,
    roots: np.ndarray,
    accepted: set[tuple[int, int]],
    rejected: set[tuple[int, int]],
) -> np.ndarray:
    """Uids of components that break a constraint, or that a decision touches; ``link_entangled``."""
    engine.load("link_components", pa.table({"uid": np.arange(len(roots)), "root": roots}))
    broken = engine.read(f"""
SELECT root FROM link_components JOIN ({fields.members}) USING (uid) GROUP BY root
HAVING count(*) > 1 AND (count(DISTINCT src) < count(*) OR count(DISTINCT phase) > 1
    OR count(DISTINCT extension) > 1 OR count(DISTINCT municipality) > 1)
""").column("root").to_numpy()  # fmt: skip
    engine.drop("link_components")
    spoken = np.array(sorted({uid for pair in accepted | rejected for uid in pair}), dtype=np.int64)
    wanted = np.union1d(broken, roots[spoken]) if len(spoken) else np.unique(broken)
    found = np.flatnonzero(np.isin(roots, wanted))
    engine.load("link_entangled", pa.table({"uid": found.astype(np.int64)}))
    return found


def _members(engine: Engine, fields: FieldSet) -> dict[int, Member]:
    rows = engine.rows(
        f"SELECT m.uid, m.src, m.codes, coalesce(m.phase, ''), coalesce(m.extension, ''), "
        f"coalesce(m.municipality, '') FROM ({fields.members}) m SEMI JOIN link_entangled USING (uid)"
    )
    return {uid: Member(source, tuple(codes), *rest) for uid, source, codes, *rest in rows}


def _pairs(engine: Engine) -> list[Pair]:
    rows = engine.rows(
        "SELECT c.uid_l, c.uid_r, c.likeness FROM link_chances c "
        "SEMI JOIN link_entangled l ON l.uid = c.uid_l SEMI JOIN link_entangled r ON r.uid = c.uid_r "
        f"WHERE c.likeness >= {JOIN_PROBABILITY} ORDER BY c.uid_l, c.uid_r"
    )
    return [Pair(*row) for row in rows]


_EMPTY_CHANCES = pa.table({
    "uid_l": pa.array([], pa.int64()), "uid_r": pa.array([], pa.int64()),
    "pattern": pa.array([], pa.int64()),
    "match_weight": pa.array([], pa.float64()), "likeness": pa.array([], pa.float64()),
    "probability": pa.array([], pa.float64()),
})  # fmt: skip
_EMPTY_REASONS = pa.table({
    "uid_l": pa.array([], pa.int64()), "uid_r": pa.array([], pa.int64()),
    "reasons": pa.array([], pa.string()),
})  # fmt: skip

__all__ = ["ACCEPTED", "REJECTED", "Matched", "Verdicts", "cluster", "match", "pair_table"]
