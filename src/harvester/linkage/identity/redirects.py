"""Where an id leads that no longer stands for an undertaking.

When two undertakings turn out to be one, the id that gives way leads to the one that stays
(``merge``). When the rows of one turn out to be several projects, its id leads to each that went
out of it (``split``), whether it lives on or not. When its files are withdrawn it leads nowhere,
and its last name is kept (``withdrawn``). An id that comes back to life leads nowhere else.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harvester.engine import schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pyarrow as pa

MERGE, SPLIT, WITHDRAWN = "merge", "split", "withdrawn"


@dataclass(frozen=True, slots=True, order=True)
class Redirect:
    """An id, one id it leads to (empty when withdrawn), how, and the name it was last known by."""

    undertaking_id: str
    now_id: str
    kind: str
    name: str = ""


@dataclass(frozen=True)
class Resolved:
    """Where an id leads: the living ids (itself, or its successors), and in words how."""

    living: tuple[str, ...]
    sentence: str
    name: str = ""


def of_table(rows: pa.Table) -> list[Redirect]:
    """Redirects out of a table of ``schema.REDIRECTS``."""
    return [Redirect(**row) for row in rows.select(schema.REDIRECTS.names).to_pylist()]


def to_table(redirects: Iterable[Redirect]) -> pa.Table:
    """Redirects as ``schema.REDIRECTS``, in order."""
    return schema.REDIRECTS.from_rows([
        {"undertaking_id": r.undertaking_id, "now_id": r.now_id, "kind": r.kind, "name": r.name}
        for r in sorted(redirects)
    ])  # fmt: skip


def renewed(
    before: Iterable[Redirect],
    moved: Mapping[str, set[str]],
    *,
    published: set[str],
    lived: set[str],
    living: set[str],
    names: Mapping[str, str],
) -> list[Redirect]:
    """The redirects after a run.

    ``before`` are those of the run before; ``moved`` says for each id under which ids its rows now
    stand; ``published`` are all ids given out before this run, ``lived`` those alive in the run
    before and ``living`` those of this run; ``names`` the last name of each id.
    Every published id is living or has a redirect, and each redirect leads to a living id or to one
    that was withdrawn.
    """
    before = list(before)
    names = {r.undertaking_id: r.name for r in before if r.name} | dict(names)
    split = {r.undertaking_id for r in before if r.kind == SPLIT}
    onward: dict[str, set[str]] = defaultdict(set)
    for redirect in before:
        if redirect.now_id and (redirect.undertaking_id not in living or redirect.kind == SPLIT):
            onward[redirect.undertaking_id].add(redirect.now_id)
    for old in published:
        here = moved.get(old, set()) - {old}
        onward[old] |= here - lived if old in living else here
    found: list[Redirect] = []
    for old in sorted(published):
        ends = _ends(old, onward, living) - {old}
        parted = old in split and not ends & moved.get(old, set())
        kind = SPLIT if old in living or len(ends) > 1 or parted else MERGE
        found.extend(Redirect(old, end, kind, names.get(old, "")) for end in sorted(ends))
        if not ends and old not in living:
            found.append(Redirect(old, "", WITHDRAWN, names.get(old, "")))
    return found


def _ends(start: str, onward: Mapping[str, set[str]], living: set[str]) -> set[str]:
    """The ids at the end of every chain from ``start``: living, or with nothing further."""
    ends: set[str] = set()
    seen = {start}
    waiting = list(onward.get(start, ()))
    while waiting:
        here = waiting.pop()
        if here in seen:
            continue
        seen.add(here)
        further = () if here in living else onward.get(here, ())
        if further:
            waiting.extend(further)
        else:
            ends.add(here)
    return ends


def resolve(
    undertaking_id: str, redirects: Iterable[Redirect], living: Mapping[str, str] | set[str]
) -> Resolved | None:
    """Where an id leads now, in a plain sentence; ``None`` when it was never published.

    ``living`` are the ids of the harvest (a mapping gives their names).
    """
    mine: dict[str, list[Redirect]] = defaultdict(list)
    for redirect in redirects:
        mine[redirect.undertaking_id].append(redirect)
    rows = mine.get(undertaking_id, [])
    if undertaking_id in living:
        return Resolved((undertaking_id,), _still(undertaking_id, rows))
    if not rows:
        return None
    onward = {old: {r.now_id for r in found if r.now_id} for old, found in mine.items()}
    ends = _ends(undertaking_id, onward, set(living))
    alive = tuple(sorted(end for end in ends if end in living))
    name = rows[0].name
    parted = all(r.kind == SPLIT for r in rows)
    return Resolved(alive, _gone(undertaking_id, name, alive, parted=parted), name)


def _still(undertaking_id: str, rows: list[Redirect]) -> str:
    others = [r.now_id for r in rows if r.now_id]
    if not others:
        return ""
    return f"Part of what {undertaking_id} once held is now {_listed(others)}."


def _gone(undertaking_id: str, name: str, alive: tuple[str, ...], *, parted: bool) -> str:
    called = f" ({name})" if name else ""
    if not alive:
        return (
            f"{undertaking_id}{called} was withdrawn: no file that is read now holds a row of it."
        )
    if len(alive) == 1 and parted:
        return f"{undertaking_id}{called} was withdrawn; part of what it held is now {alive[0]}."
    if len(alive) == 1:
        return f"{undertaking_id}{called} is now {alive[0]}: both turned out to be one project."
    return f"{undertaking_id}{called} turned out to be several projects: {_listed(alive)}."


def _listed(found: Iterable[str]) -> str:
    listed = list(found)
    return listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} and {listed[-1]}"
