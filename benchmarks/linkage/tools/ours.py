"""The Harvester's linker: on the table of entries, as a harvest has it, and on a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.linkage.tools.common import Options, Outcome, none
from harvester.engine import schema
from harvester.engine.engine import Engine
from harvester.linkage.lists.linking import link_list
from harvester.linkage.lists.records import read_records
from harvester.linkage.matching.linker import match
from harvester.linkage.projects.aspects import PROJECTS
from harvester.linkage.stage import link

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa


def run(folder: Path, options: Options) -> Outcome:
    """Link the list (``options["as"]`` is ``list``) or the table of entries (``harvest``).

    ``pairs`` is the list again, for the scored pairs that ``harvester link`` does not hand out.
    """
    if options["as"] == "harvest":
        return _as_harvest(pq.read_table(folder / "entries.parquet"))
    rows = pq.read_table(folder / "rows.parquet")
    if options["as"] == "list":
        return _as_list(rows)
    return _scored(rows)


def _as_list(rows: pa.Table) -> Outcome:
    linked = link_list(rows)
    by_entry = dict(
        zip(*(linked.column(c).to_pylist() for c in ("entry_id", "undertaking_id")), strict=True)
    )
    found = none()
    found.clusters = [by_entry[entry] for entry in rows.column("entry_id").to_pylist()]
    return found


def _scored(rows: pa.Table) -> Outcome:
    """Scored pairs and clusters by the linker that ``link_list`` calls, on the same records."""
    order = pc.sort_indices(rows, [("entry_id", "ascending")]).to_numpy()
    engine = Engine()
    try:
        matched = match(engine, PROJECTS, read_records(rows).table, explain=False)
        pairs = engine.read(
            "SELECT uid_l, uid_r, probability FROM link_chances ORDER BY uid_l, uid_r"
        )
    finally:
        engine.close()
    row_of = order.astype(np.int64)
    clusters = np.zeros(len(order), np.int64)
    clusters[row_of] = matched.roots
    return Outcome(
        row_of[pairs.column("uid_l").to_numpy()],
        row_of[pairs.column("uid_r").to_numpy()],
        pairs.column("probability").to_numpy(),
        clusters=[str(root) for root in clusters.tolist()],
    )


def _as_harvest(entries: pa.Table) -> Outcome:
    engine = Engine()
    try:
        linked = link(
            engine,
            engine.table(schema.ENTRIES, entries),
            engine.table(schema.LEDGER, schema.LEDGER.empty()),
        )
        links, members = engine.arrow(linked.links), engine.arrow(linked.memberships)
    finally:
        engine.close()
    order = {entry: n for n, entry in enumerate(entries.column("entry_id").to_pylist())}
    by_entry = dict(
        zip(*(members.column(c).to_pylist() for c in ("entry_id", "undertaking_id")), strict=True)
    )
    return Outcome(
        np.array([order[e] for e in links.column("entry_a").to_pylist()], np.int64),
        np.array([order[e] for e in links.column("entry_b").to_pylist()], np.int64),
        links.column("probability").to_numpy(),
        clusters=[by_entry[entry] for entry in order],
        told={"joined": sum(links.column("joined").to_pylist())},
    )
