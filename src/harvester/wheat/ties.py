"""How surely the rows that a finding rests on are one project.

A row's membership tells of its best link alone: two pairs of sure twins that one doubtful link holds
together are all sure members of one undertaking, and what such a finding compares may be two
projects. So the rows of a finding's evidence are asked for the surest way between them.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from harvester.alignment.facts import Facts
    from harvester.wheat.finding import Draft

Link = tuple[float, str, str]

_SHOWN = """
SELECT m.entry_id, m.undertaking_id, m.probability
FROM in_memberships m JOIN shown_entry s ON s.entry_id = m.entry_id
"""

# What joins the rows of an undertaking of which several are shown. A person's word is sure.
_LINKS = f"""
WITH asked AS (
    SELECT undertaking_id FROM ({_SHOWN}) GROUP BY undertaking_id HAVING count(*) > 1
), members AS (
    SELECT m.entry_id, m.undertaking_id FROM in_memberships m SEMI JOIN asked USING (undertaking_id)
)
SELECT a.undertaking_id, l.entry_a, l.entry_b,
       CASE WHEN l.decided = 'accepted' THEN 1.0 ELSE l.probability END AS probability
FROM in_links l
JOIN members a ON a.entry_id = l.entry_a
JOIN members b ON b.entry_id = l.entry_b AND b.undertaking_id = a.undertaking_id
WHERE l.joined AND l.decided <> 'rejected'
ORDER BY a.undertaking_id, probability DESC, l.entry_a, l.entry_b
"""


class Ties:
    """What holds the rows of findings together, of the undertakings that the findings show."""

    def __init__(self, facts: Facts, entries: Iterable[str]) -> None:
        shown = pa.table({"entry_id": pa.array(sorted(set(entries)), pa.string())})
        facts.engine.load("shown_entry", shown)
        rows, links = facts.query(_SHOWN), facts.query(_LINKS)
        facts.engine.drop("shown_entry")
        entry, undertaking, probability = (column.to_pylist() for column in rows.columns)
        self._member = dict(zip(entry, zip(undertaking, probability, strict=True), strict=True))
        runs = pc.run_end_encode(links.column("undertaking_id").combine_chunks())
        ends = runs.run_ends.to_pylist()
        self._run = dict(
            zip(runs.values.to_pylist(), zip([0, *ends], ends, strict=False), strict=True)
        )
        self._links = links.select(["probability", "entry_a", "entry_b"]).combine_chunks()

    def _joining(self, undertaking: str) -> list[Link]:
        """The links of an undertaking, the surest first."""
        start, end = self._run.get(undertaking, (0, 0))
        told = self._links.slice(start, end - start)
        return list(zip(*(column.to_pylist() for column in told.columns), strict=True))

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
            if len(entries) < 2:
                continue
            least = min(self._member[entry][1] for entry in entries)
            tie = surest_way(self._joining(undertaking), sorted(entries))
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
