"""Link any list of projects: what ``harvester link`` runs."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from harvester.domain.collecting import no_collecting
from harvester.engine import open_engine
from harvester.engine.schema.links import in_full
from harvester.linkage.identity import ids
from harvester.linkage.lists.records import read_records
from harvester.linkage.matching.linker import Matched, Progress, match, silent
from harvester.linkage.projects.aspects import PROJECTS

if TYPE_CHECKING:
    from harvester.engine.engine import Engine
    from harvester.engine.spark import SparkEngine

    AnyEngine = Engine | SparkEngine

MEMORY = "2500MB"
"""Memory the engine may hold before it spills to disk; Python's part comes on top."""


@dataclass(frozen=True)
class LinkedList:
    """``links``: ``entry_id``, ``undertaking_id``, ``probability`` for each row, by entry id.

    ``pairs`` (where asked for): ``entry_a``, ``entry_b``, ``probability``, ``joined`` and ``reasons`` (a
    JSON list of words and weights in bits) of every pair worth keeping, the surest first.
    ``problems``: values that could not be read or are doubtful, in words.
    """

    links: pa.Table
    pairs: pa.Table | None = None
    problems: list[str] = field(default_factory=list)


def link_list(rows: pa.Table) -> pa.Table:
    """Link a list: ``entry_id``, ``undertaking_id``, ``probability`` for each row, by entry id.

    ``rows`` has :data:`~harvester.linkage.lists.records.COLUMNS` (text or numbers; amounts in rand; years as 2018 or 2018/19); columns of
    :data:`~harvester.linkage.lists.records.OPTIONAL` may be absent. Entries of one ``source`` are usually different projects. A
    figure that cannot be read counts as empty (:func:`link_rows` says which). Raises :class:`UserError` naming missing columns,
    or entry ids that are empty or given twice.
    """
    return link_rows(rows).links


def link_rows(
    rows: pa.Table,
    *,
    engine: AnyEngine | None = None,
    pairs: bool = False,
    progress: Progress = silent,
) -> LinkedList:
    """As :func:`link_list`, on an engine of your own (closed afterwards), with pairs if asked for."""
    with no_collecting(), tempfile.TemporaryDirectory(prefix="harvester-link-") as scratch:
        records, problems = read_records(rows)
        worked_on = engine or open_engine(memory=MEMORY, scratch=Path(scratch))
        try:
            matched = match(worked_on, PROJECTS, records, explain=pairs, progress=progress)
            worked_on.load(
                "link_roots",
                pa.table({"uid": np.arange(len(matched.roots)), "root": matched.roots}),
            )
            best = _best(worked_on, matched)
            undertaking = _name(worked_on, matched)
            told = _pairs(worked_on) if pairs else None
        finally:
            worked_on.close()
    links = pa.table({
        "entry_id": records.column("entry_id"),
        "undertaking_id": undertaking,
        "probability": pa.array(best, pa.float64()),
    })  # fmt: skip
    return LinkedList(links, told, problems)


def _best(engine: AnyEngine, matched: Matched) -> np.ndarray:
    """The surest link of each record within its cluster, 1 for a record alone."""
    rows = engine.read("SELECT uid_l, uid_r, probability FROM link_chances")
    left, right = (rows.column(c).to_numpy().astype(np.int64) for c in ("uid_l", "uid_r"))
    joined = matched.roots[left] == matched.roots[right]
    found = np.zeros(len(matched.roots))
    for side in (left, right):
        np.maximum.at(found, side[joined], rows.column("probability").to_numpy()[joined])
    return np.where(found > 0, found, 1.0)


def _pairs(engine: AnyEngine) -> pa.Table:
    told = in_full("w.reasons", "c.figures")
    return engine.read(f"""
SELECT least(l.entry_id, r.entry_id) AS entry_a, greatest(l.entry_id, r.entry_id) AS entry_b,
    c.probability, a.root = b.root AS joined, {told} AS reasons
FROM link_chances c JOIN link_wordings w ON w.pattern = c.pattern
JOIN link_features l ON l.uid = c.uid_l JOIN link_features r ON r.uid = c.uid_r
JOIN link_roots a ON a.uid = c.uid_l JOIN link_roots b ON b.uid = c.uid_r
ORDER BY c.probability DESC, entry_a, entry_b
""")


def _name(engine: AnyEngine, matched: Matched) -> pa.Array:
    """Ids minted from the least entry id of each cluster, in the municipality it names."""
    least = engine.read("""
SELECT root, min(entry_id) AS entry_id, min(municipality) AS municipality
FROM link_features JOIN link_roots USING (uid) GROUP BY root ORDER BY root
""")
    places = least.column("municipality").to_pylist()
    codes = [place if place and place.isupper() else "" for place in places]
    minted = ids.mint_each(codes, least.column("entry_id").to_pylist(), set())
    at = np.searchsorted(least.column("root").to_numpy(), matched.roots)
    return pa.array(minted, pa.string()).take(pa.array(at))
