"""Ids from run to run: what earlier harvests remember, and which undertaking keeps which id."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa

from harvester.linkage.identity import ids, redirects
from harvester.linkage.identity.keys import EDITION

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from harvester.linkage.identity.keys import RowKey
    from harvester.linkage.identity.redirects import Redirect

_BORE, _CORRECTED, _RETURNED, _EDITION, _FORMER = range(5)
"""How well a cluster can claim an id, best first: a row of it bore it in the harvest before; the
row that one replaces in the same edition did; a row of it did in an earlier harvest; the row did in
another edition, or when less was known of it; a row of it did before a merge."""


@dataclass(frozen=True)
class Memory:
    """What earlier harvests remember.

    ``ids`` maps row keys to ids and ``former`` row keys to the id before that, where there was
    another; ``here`` are the row keys of the harvest before; ``names`` maps each id to the name of
    its undertaking in the harvest before.
    """

    ids: Mapping[str, str] = field(default_factory=dict)
    former: Mapping[str, str] = field(default_factory=dict)
    here: frozenset[str] = frozenset()
    redirects: tuple[Redirect, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls, ledger: pa.Table, redirected: pa.Table | None = None, before: pa.Table | None = None
    ) -> Memory:
        """From the tables of the harvest before: ledger, redirects, undertakings.

        A ledger of an older version, with entry keys and no former ids, is understood.
        """
        known = _by(ledger, "entry_key", "undertaking_id")
        former, here = {}, frozenset(known)
        if "former_id" in ledger.column_names:
            former = {key: was for key, was in _by(ledger, "entry_key", "former_id").items() if was}
            here = frozenset(key for key, held in _by(ledger, "entry_key", "here").items() if held)
        names = {} if before is None else _by(before, "undertaking_id", "name")
        moved = () if redirected is None else tuple(redirects.of_table(redirected))
        return cls(known, former, here, moved, names)

    def published(self) -> set[str]:
        """Every id ever given out; none of them is minted again."""
        return {
            *self.ids.values(),
            *self.former.values(),
            *self.names,
            *(r.undertaking_id for r in self.redirects),
            *(r.now_id for r in self.redirects if r.now_id),
        }


def settle(
    clusters: Sequence[Sequence[int]],
    keys: Sequence[RowKey],
    places: Sequence[str],
    memory: Memory,
) -> list[str]:
    """The id of each cluster of rows (numbers into ``keys``).

    A cluster keeps the id that most of its rows bore; where two want one id, the one with more
    rows for it keeps it (then the lesser row key), and the other takes its next, an id its rows bore
    before a merge, or a new one from its least entry key. ``places`` gives each cluster's metro for
    new ids. The order of clusters does not matter, and no id ever published is minted again.
    """
    settled = [""] * len(clusters)
    used: set[str] = set()
    for *_, found, _, n in sorted(_claims(clusters, keys, memory)):
        if not settled[n] and found not in used:
            settled[n] = found
            used.add(found)
    taken = used | memory.published()
    for seed, _, n in sorted(
        (min(keys[r].entry for r in clusters[n]), min(keys[r].row for r in clusters[n]), n)
        for n, found in enumerate(settled)
        if not found
    ):
        settled[n] = ids.mint(places[n], seed, taken)
        taken.add(settled[n])
    return settled


def _claims(
    clusters: Sequence[Sequence[int]], keys: Sequence[RowKey], memory: Memory
) -> list[tuple[int, int, int, str, str, int]]:
    """What each cluster may claim, best first when sorted.

    Rows that never bore another id count before rows that came to it by a merge: when a merge is
    taken back, each side has its own id again.
    """
    known = recalled(keys, memory)
    claims = []
    for n, rows in enumerate(clusters):
        votes: dict[tuple[int, str], list[int]] = defaultdict(list)
        for row in rows:
            for rank, found in known[row]:
                votes[rank, found].append(len(known[row]) == 1)
        if not votes:
            continue
        least = min(keys[row].row for row in rows)
        claims.extend(
            (rank, -sum(native), -len(native), found, least, n)
            for (rank, found), native in votes.items()
        )
    return claims


def recalled(keys: Sequence[RowKey], memory: Memory) -> list[list[tuple[int, str]]]:
    """For each row, the ids it may claim, each with how well."""
    if not memory.ids:
        return [[] for _ in keys]
    older = _unheld(keys, memory)
    found: list[list[tuple[int, str]]] = []
    for key in keys:
        rank, was = (_BORE, key.row) if key.row in memory.here else _inherited(key, older, memory)
        claims = [(rank, memory.ids[was])] if was else []
        if was and was in memory.former:
            claims.append((_FORMER, memory.former[was]))
        found.append(claims)
    return found


def _unheld(keys: Sequence[RowKey], memory: Memory) -> dict[str, list[str]]:
    """Row keys in memory that no row bears now, by base, for the rows that were not here before."""
    held = {key.row for key in keys}
    new = [key for key in keys if key.row not in memory.here]
    wanted = {base for key in new for base in (key.base, *key.former)}
    found: dict[str, list[str]] = defaultdict(list)
    if wanted:
        for known in memory.ids:
            base = known.split(EDITION, 1)[0]
            if base in wanted and known not in held and EDITION in known:
                found[base].append(known)
    return {base: sorted(listed) for base, listed in found.items()}


def _inherited(key: RowKey, older: Mapping[str, list[str]], memory: Memory) -> tuple[int, str]:
    """The remembered row key that a row most likely bore before, and how surely; "" for none.

    Of its own edition first, else of the latest; of several alike, the one of its turn.
    """
    edition = key.edition.removeprefix(key.base)
    listed = {base: older.get(base, []) for base in (key.base, *key.former)}
    mine = {b: [k for k in ks if k.removeprefix(b).startswith(edition)] for b, ks in listed.items()}
    replaced = [known for known in mine[key.base] if known in memory.here]
    if replaced:
        return _CORRECTED, _of_turn(replaced, key.turn)
    if key.row in memory.ids:
        return _RETURNED, key.row
    for base, known in listed.items():
        if mine[base]:
            return _EDITION, _of_turn(mine[base], key.turn)
        if known:
            latest = known[-1].rpartition("|~")[0]
            return _EDITION, _of_turn([k for k in known if k.startswith(latest)], key.turn)
    # A ledger of an older version holds bare entry keys.
    return _EDITION, key.entry if key.entry in memory.ids else ""


def _of_turn(listed: Sequence[str], turn: int) -> str:
    return listed[min(turn, len(listed)) - 1]


def remember(
    keys: Sequence[RowKey], rows: Sequence[str], names: Mapping[str, str], memory: Memory
) -> Memory:
    """The memory after a run: each row's key with its id; what is not here now is not forgotten.

    ``rows`` is the id of each row, ``names`` the names of this run's undertakings.
    """
    known = recalled(keys, memory)
    now, former = dict(memory.ids), dict(memory.former)
    moved: dict[str, set[str]] = defaultdict(set)
    for key, claims, found in zip(keys, known, rows, strict=True):
        was = claims[0][1] if claims else ""
        if was:
            moved[was].add(found)
        if len(claims) > 1:
            former[key.row] = claims[1][1]
        if was and was != found:
            former[key.row] = was
        now[key.row] = found
    renewed = redirects.renewed(
        memory.redirects,
        moved,
        published=memory.published(),
        lived={memory.ids[key] for key in memory.here},
        living=set(rows),
        names={**memory.names, **names},
    )
    return Memory(now, former, frozenset(k.row for k in keys), tuple(renewed), dict(names))


def ledger(memory: Memory) -> pa.Table:
    """A memory's row keys per ``schema.LEDGER``, in order of key."""
    listed = sorted(memory.ids)
    return pa.table({
        "entry_key": pa.array(listed, pa.string()),
        "undertaking_id": pa.array([memory.ids[key] for key in listed], pa.string()),
        "former_id": pa.array([memory.former.get(key, "") for key in listed], pa.string()),
        "here": pa.array([key in memory.here for key in listed], pa.bool_()),
    })  # fmt: skip


def _by(rows: pa.Table, key: str, value: str) -> dict[str, str]:
    return dict(zip(rows.column(key).to_pylist(), rows.column(value).to_pylist(), strict=True))
