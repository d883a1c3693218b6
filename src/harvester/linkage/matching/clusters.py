"""Scored pairs into undertakings: agglomeration with the constraints of real projects.

Pairs are taken from the surest down. A pair joins two clusters unless that would put two entries
of one source into one undertaking (save rows that carry the same project number), put two
different phases, extensions or zones together, or go against a person's decision.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

JOIN_PROBABILITY = 0.6
"""A pair at least so likely joins its entries: a false join hides a misalignment, a missing one invents
one. F1 on training countries is highest, and flat, around it."""


class Member(NamedTuple):
    """What the constraints need of an entry: its source, codes and numbered parts (``""`` where it names none)."""

    source: int | str
    codes: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    municipality: str = ""


class Pair(NamedTuple):
    """Two entries by number, and how likely they are one project."""

    left: int
    right: int
    probability: float


@dataclass(slots=True)
class _Held:
    """What a cluster holds, so that most joins are judged without going through its entries."""

    entries: list[int]
    sources: set[int | str]
    municipalities: set[str]
    parts: tuple[set[str], ...]
    codes: set[str]


@dataclass
class Clusters:
    """Union-find over entries, with what each cluster holds."""

    members: Mapping[int, Member]
    _parent: dict[int, int] = field(default_factory=dict)
    _held: dict[int, _Held] = field(default_factory=dict)
    _foes: dict[int, set[int]] = field(default_factory=dict)

    def find(self, entry: int) -> int:
        """The cluster an entry is in."""
        parent = self._parent
        above = parent.get(entry, entry)
        while above != entry:
            higher = parent.get(above, above)
            parent[entry] = higher
            entry, above = above, higher
        return entry

    def settle(self, entries: Sequence[int]) -> int:
        """Make one cluster of entries that have none yet and fit one another; its root."""
        root, *others = entries
        self._parent.update(dict.fromkeys(others, root))
        mine = [self.members[entry] for entry in entries]
        self._held[root] = _Held(
            list(entries),
            {me.source for me in mine},
            {me.municipality for me in mine} - {""},
            tuple(set(told) - {""} for told in zip(*(me.parts for me in mine), strict=True)),
            {code for me in mine for code in me.codes},
        )
        return root

    def held(self, root: int) -> list[int]:
        """The entries of a cluster."""
        return self._of(root).entries

    def size(self, root: int) -> int:
        """How many entries a cluster holds."""
        found = self._held.get(root)
        return len(found.entries) if found else 1

    def _of(self, root: int) -> _Held:
        if root not in self._held:
            self.settle([root])
        return self._held[root]

    def forbid(self, left: int, right: int) -> bool:
        """Keep two entries apart from now on; false if they are together already."""
        a, b = self.find(left), self.find(right)
        if a == b:
            return False
        self._foes.setdefault(a, set()).add(b)
        self._foes.setdefault(b, set()).add(a)
        return True

    def forbidden(self, left: int, right: int) -> bool:
        """Whether a person's rejection keeps the clusters of two entries apart."""
        return self.find(right) in self._foes.get(self.find(left), ())

    def join(self, left: int, right: int) -> None:
        """Make one cluster of two."""
        a, b = self.find(left), self.find(right)
        if a != b:
            self.join_roots(a, b)

    def join_roots(self, a: int, b: int) -> int:
        """As :meth:`join`, of two clusters; the root of what they become."""
        mine, theirs = self._of(a), self._of(b)
        if (len(mine.entries), -a) < (len(theirs.entries), -b):
            a, b, mine, theirs = b, a, theirs, mine
        self._parent[b] = a
        del self._held[b]
        mine.entries.extend(theirs.entries)
        mine.sources |= theirs.sources
        mine.municipalities |= theirs.municipalities
        mine.codes |= theirs.codes
        for here, there in zip(mine.parts, theirs.parts, strict=True):
            here |= there  # noqa: PLW2901 - the set itself grows
        for foe in self._foes.pop(b, ()):
            self._foes[foe].discard(b)
            self._foes[foe].add(a)
            self._foes.setdefault(a, set()).add(foe)
        return a

    def fits(self, left: int, right: int) -> bool:
        """Whether the clusters of two entries may be one undertaking."""
        return self.roots_fit(self.find(left), self.find(right))

    def roots_fit(self, a: int, b: int) -> bool:
        """As :meth:`fits`, of two clusters."""
        if self._foes and b in self._foes.get(a, ()):
            return False
        here, there = self._of(a), self._of(b)
        towns = (here.municipalities, there.municipalities)
        if all(towns) and towns[0].isdisjoint(towns[1]):
            return False
        if not here.sources.isdisjoint(there.sources) and not self._rows_of_one(here, there):
            return False
        parts = zip(here.parts, there.parts, strict=True)
        # A shared project number outweighs a phase written differently.
        return all(_parts_fit(*part) for part in parts) or not here.codes.isdisjoint(there.codes)

    def _rows_of_one(self, here: _Held, there: _Held) -> bool:
        """Whether the rows of every source both hold carry one project number."""
        if here.codes.isdisjoint(there.codes):
            return False
        shared = here.sources & there.sources
        mine: dict[int | str, list[Member]] = {}
        for entry in here.entries:
            me = self.members[entry]
            if me.source in shared:
                mine.setdefault(me.source, []).append(me)
        for entry in there.entries:
            me = self.members[entry]
            if me.source in shared and not all(_same_code(me, o) for o in mine[me.source]):
                return False
        return True


def agglomerate(
    members: Mapping[int, Member],
    pairs: Iterable[Pair],
    accepted: Iterable[tuple[int, int]] = (),
    rejected: Iterable[tuple[int, int]] = (),
    settled: Iterable[tuple[Sequence[int], float]] = (),
) -> tuple[Clusters, dict[int, float], set[tuple[int, int]]]:
    """Clusters, the weakest probability that holds each (by root), and contradicted pairs.

    Decisions come first and always win: accepted pairs are joined whatever the model says, except
    where a rejection stands between them (straight, or through other accepted pairs): those are
    kept apart and returned as contradicted. ``settled``: groups no decision touches that the surest
    pairs join without breaking a constraint, each with its weakest probability; they spare their
    pairs. The result depends on the pairs, not on their order.
    """
    clusters = Clusters(members)
    weakest = {clusters.settle(entries): least for entries, least in settled}
    rejections = sorted({_ordered(*pair) for pair in rejected})
    for left, right in rejections:
        clusters.forbid(left, right)
    contradicted: set[tuple[int, int]] = set()
    for left, right in sorted({_ordered(*pair) for pair in accepted}):
        if clusters.forbidden(left, right):
            contradicted.add((left, right))
        else:
            _merge(clusters, weakest, left, right, 1.0)
    find = clusters.find
    refused: dict[tuple[int, int], int] = {}
    for pair in sorted(pairs, key=lambda p: (-p.probability, p.left, p.right)):
        if pair.probability < JOIN_PROBABILITY:
            break
        a, b = find(pair.left), find(pair.right)
        if a == b:
            continue
        # Two clusters that did not fit are asked again only once either has grown.
        between = (a, b) if a < b else (b, a)
        size = refused.get(between)
        if size is not None and size == clusters.size(a) + clusters.size(b):
            continue
        if clusters.roots_fit(a, b):
            _merge(clusters, weakest, a, b, pair.probability)
        else:
            refused[between] = clusters.size(a) + clusters.size(b)
    return clusters, {clusters.find(r): p for r, p in weakest.items()}, contradicted


def _merge(
    clusters: Clusters, weakest: dict[int, float], left: int, right: int, probability: float
) -> None:
    a, b = clusters.find(left), clusters.find(right)
    if a == b:
        return
    least = min(probability, weakest.pop(a, 1.0), weakest.pop(b, 1.0))
    weakest[clusters.join_roots(a, b)] = least


def _ordered(left: int, right: int) -> tuple[int, int]:
    return (left, right) if left < right else (right, left)


def _same_code(a: Member, b: Member) -> bool:
    return bool(a.codes) and bool(b.codes) and not set(a.codes).isdisjoint(b.codes)


def _parts_fit(here: set[str], there: set[str]) -> bool:
    return not here or not there or _overlap(here, there)


def _overlap(here: set[str], there: set[str]) -> bool:
    """Whether two sets of parts such as ``2`` or ``1+2`` have a number in common."""
    numbers = {n for part in here for n in part.split("+")}
    return any(n in numbers for part in there for n in part.split("+"))
