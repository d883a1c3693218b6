"""Writing down what a person said of two rows of the harvest in service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq

from harvester.domain.errors import UserError
from harvester.engine.decision_log import Decision, Side, made
from harvester.engine.engine import Engine
from harvester.engine.harvest_reader import links_in_full
from harvester.linkage.identity.keys import entry_keys
from harvester.linkage.stage import LINKED_KINDS

if TYPE_CHECKING:
    import datetime as dt

    from harvester.engine.granary import Granary, Harvest


def decide(
    granary: Granary,
    harvest: Harvest,
    pair: tuple[str, str],
    *,
    verdict: str,
    reason: str,
    actor: str,
    institution: str,
    at: dt.datetime,
) -> Decision:
    """Record a decision on two entries of ``harvest``; the next harvest applies it.

    ``institution`` is the code the person speaks for, empty for the secretariat; ``at`` must know
    its time zone. Raises ``UserError`` for an entry that is not there, or a decision that is not
    whole (see :func:`harvester.engine.decision_log.made`).
    """
    decision = made(
        (side_of(harvest, pair[0]), side_of(harvest, pair[1])),
        verdict=verdict,
        reason=reason,
        actor=actor,
        institution=institution,
        at=at,
        run=harvest.run,
    )
    granary.decisions.append(decision)
    return decision


def side_of(harvest: Harvest, entry_id: str) -> Side:
    """One row as it stands in a harvest, with the key that outlives its file.

    Raises ``UserError`` when the harvest has no project row of that id.
    """
    submission = entry_id.rpartition(":")[0]
    # A key depends on the other rows of its submission, and on no others.
    rows = pq.read_table(
        harvest.path("entries"),
        filters=[("submission_id", "=", submission), ("kind", "in", sorted(LINKED_KINDS))],
    ).sort_by("entry_id")
    ids = rows.column("entry_id").to_pylist()
    if entry_id not in ids:
        raise UserError(
            f"there is no project row {entry_id!r} in harvest {harvest.run}.",
            where="entry",
            mend="`harvester review list` names the rows to settle.",
        )
    n = ids.index(entry_id)
    member = pq.read_table(harvest.path("memberships"), filters=[("entry_id", "=", entry_id)])
    return Side(
        entry_key=entry_keys(rows)[n],
        entry=entry_id,
        name=rows.column("name")[n].as_py(),
        code=rows.column("source_code")[n].as_py(),
        undertaking=member.column("undertaking_id")[0].as_py(),
    )


def pair_of(harvest: Harvest, one: str, other: str) -> dict[str, Any]:
    """Two rows beside each other: both entries, and the link between them or ``None``.

    Raises ``UserError`` when either is not a row of the harvest.
    """
    a, b = sorted((one, other))
    rows = pq.read_table(harvest.path("entries"), filters=[("entry_id", "in", [a, b])])
    found = {row["entry_id"]: row for row in rows.to_pylist()}
    for entry in (a, b):
        if entry not in found:
            raise UserError(f"there is no row {entry!r} in harvest {harvest.run}.", where="entry")
    engine = Engine()
    try:
        links = links_in_full(engine, harvest)
        link = engine.arrow(links.filter(links.entry_a == a, links.entry_b == b)).to_pylist()
    finally:
        engine.close()
    return {"a": found[a], "b": found[b], "link": link[0] if link else None}
