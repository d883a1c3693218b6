"""Phases of one scheme: phase 1 and phase 2 of a name and place, and the scheme itself."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

import pyarrow as pa

from harvester.linkage.relations.evidence import Reason, Relation, same
from harvester.rules import lexicon

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from harvester.engine.engine import Engine

PHASE_OF, NEXT_PHASE = "phase_of", "next_phase"
LARGEST_SCHEME = 30
"""More undertakings than this under one name are a heading, not the phases of a scheme."""

# Rows that name a phase; each name of an undertaking once.
_NAMED = """
SELECT DISTINCT r.undertaking_id, r.metro, t.phase, t.scheme,
    CASE WHEN t.phase_named THEN r.folded ELSE '' END AS folded
FROM relate_rows r JOIN link_told t ON t.entry_id = r.entry_id WHERE t.phase <> ''
"""

# Pairs that the linker kept apart for their phases: whatever else is said of them agrees.
_KEPT_APART = """
SELECT DISTINCT a.undertaking_id AS one, b.undertaking_id AS other
FROM relate_links l JOIN relate_members a ON a.entry_id = l.entry_a
JOIN relate_members b ON b.entry_id = l.entry_b
WHERE NOT l.joined AND l.decided <> 'rejected' AND l.phase_differs
    AND a.undertaking_id <> b.undertaking_id
ORDER BY one, other
"""

# Rows that bear the name of a scheme without its phase; the surest is the only undertaking so named.
_WHOLES = """
WITH named AS (
    SELECT s.undertaking_id AS phase, min(r.undertaking_id) AS whole,
        count(DISTINCT r.undertaking_id) AS wholes
    FROM relate_schemes s JOIN relate_rows r ON r.folded = s.folded AND r.metro = s.metro
    LEFT JOIN relate_phased x ON x.undertaking_id = r.undertaking_id
    WHERE x.undertaking_id IS NULL GROUP BY s.undertaking_id
)
SELECT n.phase, n.whole, n.wholes, a.owner AS phase_owner, b.owner AS whole_owner,
    a.amount_cents AS phase_amount, b.amount_cents AS whole_amount
FROM named n JOIN relate_undertakings a ON a.undertaking_id = n.phase
JOIN relate_undertakings b ON b.undertaking_id = n.whole ORDER BY n.phase
"""


@dataclass
class _Phased:
    """An undertaking that names a phase: which, its schemes, and their names without the phase."""

    numbers: set[str] = field(default_factory=set)
    schemes: set[tuple[str, int]] = field(default_factory=set)
    bare: set[tuple[str, str]] = field(default_factory=set)

    @property
    def order(self) -> tuple[int, str]:
        """Where it comes among the phases of its scheme."""
        return min(_place(number) for number in self.numbers)


def phases(engine: Engine) -> Iterator[Relation]:
    """Relations of phases from ``relate_rows``, ``relate_links`` and ``link_told``.

    Each phase is next to the phase before it only, and of one scheme at most.
    """
    found = _phased(engine)
    yield from _next(engine, found)
    yield from _of_schemes(engine, found)


def _phased(engine: Engine) -> dict[str, _Phased]:
    words = "|".join(
        sorted(re.escape(w) for w, code in lexicon.load().designators.items() if code == "phase")
    )
    found: dict[str, _Phased] = defaultdict(_Phased)
    for undertaking, metro, phase, scheme, folded in engine.rows(_NAMED):
        mine = found[undertaking]
        mine.numbers.update(phase.split("+"))
        if scheme is not None:
            mine.schemes.add((metro, scheme))
            if folded:
                mine.bare.add((metro, _without(folded, words)))
    return dict(found)


_NUMBER = r"(?:\d{1,3}[a-z]?|[ivx]{1,4}|one|two|three|four|five|six|een|twee|drie|vier|vyf|[a-e])"


def _without(folded: str, words: str) -> str:
    """A folded name without its phase."""
    number = rf"{_NUMBER}(?: (?:and|en|to) {_NUMBER})*"
    ordinal = r"(?:first|second|third|fourth|eerste|tweede|derde|\d{1,2}(?:st|nd|rd|th|de|ste))"
    said = rf"\b(?:{ordinal} (?:{words})|(?:{words}) ?(?:no )?{number})\b"
    return " ".join(re.sub(said, " ", folded).split())


def _place(number: str) -> tuple[int, str]:
    digits = re.match(r"\d+", number)
    return (int(digits[0]), number[digits.end() :]) if digits else (0, number)


def _next(engine: Engine, found: dict[str, _Phased]) -> Iterator[Relation]:
    """Each phase after the one before it, in every scheme."""
    owners = dict(engine.rows("SELECT undertaking_id, owner FROM relate_undertakings"))
    linked = {
        (a, b) for a, b in engine.rows(_KEPT_APART) if a in found and b in found
    }  # fmt: skip
    told: set[str] = set()
    for members in _schemes(found, linked):
        by_order: dict[tuple[int, str], list[str]] = defaultdict(list)
        for undertaking in members:
            by_order[found[undertaking].order].append(undertaking)
        ordered = sorted(by_order)
        for before, after in pairwise(ordered):
            for later in sorted(by_order[after]):
                earlier = min(by_order[before])
                apart = found[earlier].numbers.isdisjoint(found[later].numbers)
                if later in told or not apart:
                    continue
                told.add(later)
                yield _following(found, earlier, later, owners)


def _following(
    found: dict[str, _Phased], earlier: str, later: str, owners: dict[str, str]
) -> Relation:
    one, other = found[earlier], found[later]
    alike = bool(one.schemes & other.schemes)
    reasons = [
        Reason(f"phases {_said(one)} and {_said(other)} of one scheme", 1.0),
        Reason("same name and place but for the phase", 4.0)
        if alike
        else Reason("all but the phase agrees well enough for one project", 2.5),
        *same(owners[earlier], owners[later], "owner"),
    ]
    return Relation(earlier, later, NEXT_PHASE, tuple(reasons))


def _said(phased: _Phased) -> str:
    return "+".join(sorted(phased.numbers, key=_place))


def _schemes(found: dict[str, _Phased], linked: set[tuple[str, str]]) -> Iterator[list[str]]:
    """Undertakings that share a scheme or were kept apart for their phases, in order."""
    holders: dict[tuple[str, int], list[str]] = defaultdict(list)
    for undertaking in sorted(found):
        for scheme in found[undertaking].schemes:
            holders[scheme].append(undertaking)
    parent = {undertaking: undertaking for undertaking in found}
    for members in holders.values():
        if len(members) <= LARGEST_SCHEME:
            _join(parent, ((members[0], member) for member in members[1:]))
    _join(parent, sorted(linked))
    groups: dict[str, list[str]] = defaultdict(list)
    for undertaking in sorted(found):
        groups[_root(parent, undertaking)].append(undertaking)
    yield from (members for members in groups.values() if 1 < len(members) <= LARGEST_SCHEME)


def _join(parent: dict[str, str], pairs: Iterable[tuple[str, str]]) -> None:
    for one, other in pairs:
        a, b = sorted((_root(parent, one), _root(parent, other)))
        parent[b] = a


def _root(parent: dict[str, str], undertaking: str) -> str:
    while parent[undertaking] != undertaking:
        parent[undertaking] = parent[parent[undertaking]]
        undertaking = parent[undertaking]
    return undertaking


def _of_schemes(engine: Engine, found: dict[str, _Phased]) -> Iterator[Relation]:
    """Each phase of the undertaking that bears the scheme's name without a phase."""
    bare = sorted({(u, *told) for u, phased in found.items() for told in phased.bare if told[1]})
    engine.load("relate_schemes", pa.table({
        "undertaking_id": pa.array([b[0] for b in bare], pa.string()),
        "metro": pa.array([b[1] for b in bare], pa.string()),
        "folded": pa.array([b[2] for b in bare], pa.string()),
    }))  # fmt: skip
    engine.load("relate_phased", pa.table({"undertaking_id": pa.array(sorted(found), pa.string())}))
    for row in engine.read(_WHOLES).to_pylist():
        reasons = [
            Reason("bears the name of the scheme without a phase", 2.5),
            *same(row["phase_owner"], row["whole_owner"], "owner"),
        ]
        if row["wholes"] > 1:
            reasons.append(Reason(f"{row['wholes']} projects bear that name", -2.0))
        if row["phase_amount"] and row["whole_amount"]:
            within = row["phase_amount"] <= 1.1 * row["whole_amount"]
            words = "money of the phase is {} the scheme's".format(
                "within" if within else "more than"
            )
            reasons.append(Reason(words, 1.0 if within else -2.0))
        yield Relation(row["phase"], row["whole"], PHASE_OF, tuple(reasons))
