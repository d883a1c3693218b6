"""Likely pairs into clusters: what breaks no constraint at once, the rest pair by pair.

Joining pair by pair from the surest down (:mod:`~harvester.linkage.matching.clusters`) is one
process in Python. What it would come to is known beforehand for most records, and is worked out for
all of them at once here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from harvester.engine.forest import Forest, grow
from harvester.linkage.matching.clusters import JOIN_PROBABILITY, Member, Pair, agglomerate

if TYPE_CHECKING:
    from harvester.engine.engine import Engine
    from harvester.linkage.matching.fieldset import FieldSet

LEVELS = (0.8, 0.9, 0.95, 0.98, 0.99, 0.999)
"""Likelihoods at which components that break a constraint are looked at again without their weaker pairs."""

Pairs = set[tuple[int, int]]


@dataclass(frozen=True)
class Likely:
    """Pairs of records by number, the surest first, equal ones by ``left`` and ``right``."""

    left: np.ndarray
    right: np.ndarray
    likeness: np.ndarray

    def where(self, kept: np.ndarray) -> Likely:
        """Those at the places that ``kept`` says."""
        return Likely(self.left[kept], self.right[kept], self.likeness[kept])

    def also(self, pairs: np.ndarray) -> Likely:
        """These and ``pairs`` (of two columns) that are beyond doubt."""
        return Likely(
            np.concatenate((pairs[:, 0], self.left)),
            np.concatenate((pairs[:, 1], self.right)),
            np.concatenate((np.ones(len(pairs)), self.likeness)),
        )

    def numbered(self, number: np.ndarray) -> Likely:
        """The same, a record known by ``number`` of it; which keeps the order of records."""
        return Likely(number[self.left], number[self.right], self.likeness)

    def components(self, count: int) -> Forest:
        """Their components among ``count`` records."""
        return grow(self.left, self.right, self.likeness, count)


def likely(engine: Engine) -> Likely:
    """Pairs of ``link_chances`` that join their records unless a constraint forbids it."""
    rows = engine.read(
        "SELECT uid_l, uid_r, likeness FROM link_chances "
        f"WHERE likeness >= {JOIN_PROBABILITY} ORDER BY likeness DESC, uid_l, uid_r"
    )
    left, right = (rows.column(c).to_numpy().astype(np.int64) for c in ("uid_l", "uid_r"))
    return Likely(left, right, rows.column("likeness").to_numpy())


def join(
    engine: Engine,
    fields: FieldSet,
    pairs: Likely,
    count: int,
    *,
    accepted: Pairs,
    rejected: Pairs,
) -> tuple[Forest, Pairs]:
    """Clusters of ``count`` records from likely ``pairs``, people's decisions first.

    Returns for each record the least record of its cluster and the weakest join that holds that
    together (1 for a record alone), and accepted pairs that a rejection keeps apart.
    """
    found = pairs.also(ends(accepted)).components(count)
    spoken = np.zeros(count, bool)
    spoken[ends(accepted | rejected).ravel()] = True
    tangled = _tangled(engine, fields, fields.members, found.roots, spoken)
    if not tangled.any():
        return found, set()
    uids = np.flatnonzero(tangled)
    number = np.cumsum(tangled) - 1
    engine.load("link_tangled", pa.table({"uid": uids, "n": np.arange(len(uids))}))
    parts = "".join(f", m.{part}" for part in fields.parts)
    engine.make("link_tangled_members", f"""
SELECT t.n AS uid, m.src, m.codes, m.municipality{parts}
FROM ({fields.members}) m JOIN link_tangled t ON t.uid = m.uid
""")  # fmt: skip
    among = pairs.where(tangled[pairs.left]).numbered(number)
    groups = _settled(engine, fields, among, spoken[uids])
    decided = {
        name: {(int(number[a]), int(number[b])) for a, b in told}
        for name, told in (("accepted", accepted), ("rejected", rejected))
    }
    made, contradicted = _pair_by_pair(engine, fields, among, groups, **decided)
    engine.drop("link_tangled", "link_tangled_members", "link_groups")
    found.roots[uids], found.bottleneck[uids] = uids[made.roots], made.bottleneck
    return found, {(int(uids[a]), int(uids[b])) for a, b in contradicted}


def ends(pairs: Pairs) -> np.ndarray:
    """Pairs as an array of two columns, in order."""
    return np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)


def _tangled(
    engine: Engine, fields: FieldSet, members: str, roots: np.ndarray, spoken: np.ndarray
) -> np.ndarray:
    """By record, whether its component breaks a constraint or a decision touches it."""
    several = np.bincount(roots, minlength=len(roots))[roots] > 1
    engine.load(
        "link_components", pa.table({"uid": np.flatnonzero(several), "root": roots[several]})
    )
    differ = " OR ".join(f"min({c}) <> max({c})" for c in ("municipality", *fields.parts))
    broken = engine.read(f"""
SELECT root FROM link_components JOIN ({members}) m USING (uid) GROUP BY root
HAVING count(DISTINCT src) < count(*) OR {differ}
""").column("root").to_numpy()  # fmt: skip
    engine.drop("link_components")
    found = np.zeros(len(roots), bool)
    found[broken] = True
    found[roots[spoken]] = True
    return found[roots]


def _settled(engine: Engine, fields: FieldSet, pairs: Likely, spoken: np.ndarray) -> Forest:
    """Groups that the surest pairs make without breaking a constraint; other records alone.

    Pairs above a level are taken before any below it. A component of theirs that breaks no
    constraint and no decision touches is therefore what pair by pair would come to.
    """
    count = len(spoken)
    roots, weakest = np.arange(count), np.ones(count)
    open_ = np.ones(count, bool)
    for level in LEVELS:
        pairs = pairs.where((pairs.likeness >= level) & open_[pairs.left])
        if not len(pairs.left):
            break
        found = pairs.components(count)
        tangled = _tangled(
            engine, fields, "SELECT * FROM link_tangled_members", found.roots, spoken
        )
        done = open_ & ~tangled
        roots[done], weakest[done] = found.roots[done], found.bottleneck[done]
        open_ &= tangled
    return Forest(roots, weakest)


def _pair_by_pair(
    engine: Engine,
    fields: FieldSet,
    pairs: Likely,
    groups: Forest,
    *,
    accepted: Pairs,
    rejected: Pairs,
) -> tuple[Forest, Pairs]:
    """What settled groups come to by the pairs between them, one at a time."""
    roots, weakest = groups.roots.copy(), groups.bottleneck.copy()
    engine.load("link_groups", pa.table({"uid": np.arange(len(roots)), "root": roots}))
    pairs = _open(engine, pairs, roots)
    asked = np.zeros(len(roots), bool)
    for touched in (pairs.left, pairs.right, ends(accepted | rejected).ravel()):
        asked[roots[touched]] = True
    mine = np.flatnonzero(asked[roots])
    engine.load("link_in_question", pa.table({"uid": mine}))
    listed = zip(*(c.tolist() for c in (pairs.left, pairs.right, pairs.likeness)), strict=True)
    clusters, least, contradicted = agglomerate(
        _members(engine, fields),
        map(Pair._make, listed),
        accepted,
        rejected,
        [(entries.tolist(), float(weakest[entries[0]])) for entries in _each(mine, roots[mine])],
    )
    engine.drop("link_in_question")
    heads = np.flatnonzero(asked)
    ended = np.array([clusters.find(head) for head in heads.tolist()], dtype=np.int64)
    first = np.full(len(roots), len(roots))
    np.minimum.at(first, ended, heads)
    roots[heads] = first[ended]
    weakest[heads] = [least.get(root, 1.0) for root in ended.tolist()]
    return Forest(roots[groups.roots], weakest[groups.roots]), contradicted


def _open(engine: Engine, pairs: Likely, roots: np.ndarray) -> Likely:
    """Pairs between groups, but those of groups that never become one whatever joins them.

    Such two hold rows of one source without a project number in common.
    """
    count = len(roots)
    pairs = pairs.where(roots[pairs.left] != roots[pairs.right])
    a, b = roots[pairs.left], roots[pairs.right]
    between = np.minimum(a, b) * count + np.maximum(a, b)
    each = np.unique(between)
    engine.load("link_between", pa.table({"a": each // count, "b": each % count}))
    engine.make("link_grouped", """
SELECT g.root, m.src, m.codes FROM link_tangled_members m JOIN link_groups g USING (uid)
""")  # fmt: skip
    never = engine.read(f"""
SELECT DISTINCT a * {count} + b AS pair FROM link_between
JOIN link_grouped x ON x.root = a JOIN link_grouped y ON y.root = b AND y.src = x.src
WHERE len(list_intersect(x.codes, y.codes)) = 0
""").column("pair").to_numpy()  # fmt: skip
    engine.drop("link_between", "link_grouped")
    return pairs.where(~np.isin(between, never))


def _members(engine: Engine, fields: FieldSet) -> dict[int, Member]:
    """What the constraints need of the records that are asked about."""
    parts = "".join(f", coalesce(m.{part}, '')" for part in fields.parts)
    rows = engine.rows(
        f"SELECT m.uid, m.src, m.codes, coalesce(m.municipality, ''){parts} "
        "FROM link_tangled_members m SEMI JOIN link_in_question USING (uid)"
    )
    return {
        uid: Member(source, tuple(codes), tuple(said), municipality)
        for uid, source, codes, municipality, *said in rows
    }


def _each(records: np.ndarray, roots: np.ndarray) -> list[np.ndarray]:
    """The records of each group of two or more, the root first."""
    order = np.argsort(roots, kind="stable")
    records, roots = records[order], roots[order]
    starts = np.flatnonzero(np.diff(roots, prepend=-1))
    return [entries for entries in np.split(records, starts[1:]) if len(entries) > 1]


__all__ = ["Likely", "ends", "join", "likely"]
