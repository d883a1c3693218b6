"""How surely the rows that a finding rests on are one project.

A row's membership tells of its best link alone: two pairs of sure twins that one doubtful link holds
together are all sure members of one undertaking, and what such a finding compares may be two
projects. So the rows of a finding's evidence are asked for the surest way between them.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from harvester.alignment.facts import Facts
    from harvester.wheat.finding import Draft

Link = tuple[float, str, str]

# Members of the undertakings that any evidence is of, and what joins them. A person's word is sure.
_MEMBERS = """
SELECT m.entry_id, m.undertaking_id, m.probability FROM in_memberships m
WHERE m.undertaking_id IN (
    SELECT x.undertaking_id FROM in_memberships x JOIN shown_entry s ON s.entry_id = x.entry_id)
"""
_LINKS = f"""
SELECT a.undertaking_id, l.entry_a, l.entry_b,
       CASE WHEN l.decided = 'accepted' THEN 1.0 ELSE l.probability END AS probability
FROM in_links l
JOIN ({_MEMBERS}) a ON a.entry_id = l.entry_a
JOIN ({_MEMBERS}) b ON b.entry_id = l.entry_b AND b.undertaking_id = a.undertaking_id
WHERE l.joined AND l.decided <> 'rejected'
"""


class Ties:
    """What holds the rows of findings together, of the undertakings that the findings show."""

    def __init__(self, facts: Facts, entries: Iterable[str]) -> None:
        shown = pa.table({"entry_id": pa.array(sorted(set(entries)), pa.string())})
        facts.engine.load("shown_entry", shown)
        members = facts.query(_MEMBERS).to_pylist()
        links = facts.query(_LINKS).to_pylist()
        facts.engine.drop("shown_entry")
        self._member = {
            row["entry_id"]: (row["undertaking_id"], row["probability"]) for row in members
        }
        self._links: dict[str, list[Link]] = defaultdict(list)
        for row in links:
            self._links[row["undertaking_id"]].append(
                (row["probability"], row["entry_a"], row["entry_b"])
            )
        for told in self._links.values():
            told.sort(key=lambda link: (-link[0], link[1], link[2]))

    def held(self, draft: Draft) -> float:
        """What is kept of a draft's confidence: the chance that its rows are one project each.

        Detectors count a row's membership already; only what is less sure than that is taken off.
        """
        rows: dict[str, set[str]] = defaultdict(set)
        for shown in draft.evidence:
            if shown.entry_id in self._member:
                rows[self._member[shown.entry_id][0]].add(shown.entry_id)
        kept = 1.0
        for undertaking, entries in rows.items():
            least = min(self._member[entry][1] for entry in entries)
            tie = surest_way(self._links[undertaking], sorted(entries))
            if tie is not None and least > 0:
                kept *= min(1.0, tie / least)
        return kept


def surest_way(links: Sequence[Link], entries: Sequence[str]) -> float | None:
    """The weakest link of the surest way that connects all ``entries``; 1 for one entry alone.

    ``links`` are (probability, entry, entry), the surest first. ``None`` where no way is known.
    """
    if len(entries) < 2:
        return 1.0
    parent: dict[str, str] = {}

    def root(entry: str) -> str:
        while parent.setdefault(entry, entry) != entry:
            parent[entry] = entry = parent[parent[entry]]
        return entry

    for probability, one, other in links:
        parent[root(one)] = root(other)
        first = root(entries[0])
        if all(root(entry) == first for entry in entries[1:]):
            return probability
    return None
