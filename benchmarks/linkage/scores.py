"""Right and wrong, by pair and by entry (B-cubed), of a clustering whose truth is known.

B-cubed: Bagga and Baldwin (1998), the mean over entries of the share of its cluster that is right,
and of its true project that is found.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def scores(truth: Mapping[str, str], found: Mapping[str, str]) -> dict[str, float]:
    """Precision, recall and F1 over pairs and B-cubed; an entry not in ``found`` stands alone."""
    said_of = {entry: found.get(entry, f"alone {entry}") for entry in truth}
    both = Counter((project, said_of[entry]) for entry, project in truth.items())
    true, said = Counter(truth.values()), Counter(said_of.values())
    precision = _share(_pairs(both), _pairs(said))
    recall = _share(_pairs(both), _pairs(true))
    everyone = max(1, len(truth))
    b_precision = sum(n * n / said[s] for (_, s), n in both.items()) / everyone
    b_recall = sum(n * n / true[t] for (t, _), n in both.items()) / everyone
    return {
        "precision": precision, "recall": recall, "f1": f1(precision, recall),
        "b3_precision": b_precision, "b3_recall": b_recall, "b3_f1": f1(b_precision, b_recall),
    }  # fmt: skip


def f1(precision: float, recall: float) -> float:
    """Harmonic mean; 0 where both are 0."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _pairs(counts: Mapping[object, int]) -> int:
    return sum(n * (n - 1) // 2 for n in counts.values())


def _share(part: int, whole: int) -> float:
    """A share; of nothing it is 1, since nothing said is nothing wrong."""
    return part / whole if whole else 1.0


Scored = tuple[int, int, float]
"""Two entries by number, the surer the greater the third."""


def components(count: int, pairs: Sequence[Scored], least: float) -> list[int]:
    """Each entry's cluster: whatever pairs of at least ``least`` connect."""
    parent = list(range(count))
    for left, right, score in pairs:
        if score >= least:
            a, b = _find(parent, left), _find(parent, right)
            if a != b:
                parent[max(a, b)] = min(a, b)
    return [_find(parent, n) for n in range(count)]


def one_of_each_source(sources: Sequence[str], pairs: Sequence[Scored], least: float) -> list[int]:
    """Surest pairs first; a pair that would put two rows of one source together is passed over."""
    parent = list(range(len(sources)))
    held = {n: {source} for n, source in enumerate(sources)}
    wanted = sorted((p for p in pairs if p[2] >= least), key=lambda p: (-p[2], p[0], p[1]))
    for left, right, _ in wanted:
        a, b = _find(parent, left), _find(parent, right)
        if a != b and held[a].isdisjoint(held[b]):
            a, b = min(a, b), max(a, b)
            parent[b] = a
            held[a] |= held.pop(b)
    return [_find(parent, n) for n in range(len(sources))]


def _find(parent: list[int], n: int) -> int:
    while parent[n] != n:
        parent[n] = parent[parent[n]]
        n = parent[n]
    return n


def errors(
    truth: Mapping[str, str], found: Mapping[str, str]
) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Pairs of entries joined in error, and pairs missed."""
    return _apart(found, truth), _apart(truth, found)


def _apart(together: Mapping[str, str], other: Mapping[str, str]) -> list[tuple[str, str]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for entry in sorted(other if len(other) < len(together) else together):
        groups[together.get(entry, entry)].append(entry)
    return [
        (a, b) for held in groups.values() for n, a in enumerate(held) for b in held[n + 1 :]
        if other.get(a, a) != other.get(b, b)
    ]  # fmt: skip
