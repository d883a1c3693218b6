"""The relations of a harvest: found from rows, links and money, or said by a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harvester.domain.documents import EntryKind
from harvester.engine import schema
from harvester.linkage.identity.keys import holders, row_keys
from harvester.linkage.relations import phases, programmes, splits
from harvester.linkage.relations.evidence import LEAST_PROBABILITY, Reason, Relation
from harvester.linkage.relations.words import SAME_PROGRAMME

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyarrow as pa
    from ibis.expr.types import Table as IbisTable

    from harvester.engine.engine import Engine

MOST_PER_UNDERTAKING = 5
"""Relations found for each undertaking at most, whatever the input: it is part of one programme,
phase of one scheme, next to one earlier phase, split off from one whole, merged into one."""

_COLUMNS = ("entry_id", "submission_id", "row", "kind", "name", "description", "parent_text", "source_code",
            "references_text", "other_code", "document", "institution", "publication_year",
            "published_on", "owner", "metro", "amount_cents", "total_cost_cents", "first_year",
            "last_year")  # fmt: skip

_SAID = {
    "kinds_differ": "different kinds of facility",
    "towns_differ": "different municipalities",
    "phase_differs": '"phase differs (',
}
"""Columns of ``relate_links``: reasons that relations ask for, looked for once."""

_ROWS = """
SELECT e.*, m.undertaking_id,
    trim(regexp_replace(lower(substr(e.name, 1, 400)), '[^a-z0-9]+', ' ', 'g')) AS folded
FROM relate_entries e JOIN relate_members m ON m.entry_id = e.entry_id
"""


def relate(
    engine: Engine,
    entries: IbisTable,
    *,
    links: IbisTable,
    wordings: IbisTable,
    memberships: IbisTable,
    undertakings: IbisTable,
    decisions: pa.Table | None = None,
) -> IbisTable:
    """Table of ``schema.RELATIONS`` from the tables of the linkage stage.

    ``decisions`` as the stage takes them (``entry_key_a``, ``entry_key_b``, ``verdict``): those
    with the verdict ``same_programme`` are relations for sure. Reads ``link_told`` for phases and
    schemes that names say. No relation changes an undertaking.
    The result does not depend on the order of rows; there are at most
    :data:`MOST_PER_UNDERTAKING` for each undertaking, and one for each decision.
    """
    engine.hold("relate_entries", entries.select(*_COLUMNS))
    said = {name: wordings.reasons.contains(words) for name, words in _SAID.items()}
    flagged = engine.hold("relate_wordings", wordings.select(said_in="wording", **said))
    both = links.join(flagged, links.wording == flagged.said_in)
    engine.hold(
        "relate_links", both.select("entry_a", "entry_b", "joined", "decided", "weight", *_SAID)
    )
    engine.hold("relate_members", memberships.select("entry_id", "undertaking_id"))
    engine.hold(
        "relate_undertakings",
        undertakings.select("undertaking_id", "name", "metro", "owner", "amount_cents"),
    )
    engine.make("relate_rows", _ROWS)
    found = [
        *programmes.parts(engine),
        *phases.phases(engine),
        *splits.splits(engine),
        *_decided(engine, entries, decisions),
    ]
    engine.drop(*(name for name in engine.held() if name.startswith("relate_")))
    return engine.table(schema.RELATIONS, _table(found))


def _table(found: Iterable[Relation]) -> pa.Table:
    """Relations worth keeping, the surest of each kind between two undertakings, in order."""
    best: dict[tuple[str, str, str], Relation] = {}
    for relation in found:
        if relation.probability < LEAST_PROBABILITY or relation.start == relation.end:
            continue
        key = (relation.start, relation.end, relation.kind)
        known = best.get(key)
        if known is None or (-relation.probability, relation.reasons) < (
            -known.probability,
            known.reasons,
        ):
            best[key] = relation
    return schema.RELATIONS.from_rows([relation.row() for _, relation in sorted(best.items())])


def _decided(
    engine: Engine, entries: IbisTable, decisions: pa.Table | None
) -> Iterable[Relation]:  # fmt: skip
    """What people said: two undertakings are of one programme."""
    if decisions is None:
        return
    told = [
        (row["entry_key_a"], row["entry_key_b"])
        for row in decisions.select(["entry_key_a", "entry_key_b", "verdict"]).to_pylist()
        if row["verdict"] == SAME_PROGRAMME
    ]
    if not told:
        return
    linked = [EntryKind.PROJECT.value, EntryKind.PROGRAMME.value]
    wanted = engine.arrow(entries.filter(entries.kind.isin(linked)).order_by("entry_id"))
    of = dict(engine.rows("SELECT entry_id, undertaking_id FROM relate_rows ORDER BY entry_id"))
    entry_ids = wanted.column("entry_id").to_pylist()
    speaks_of = holders(row_keys(wanted))
    for a, b in told:
        # One relation for a decision: a key that several undertakings hold speaks for the first.
        one, other = (
            min((of[entry_ids[n]] for n in speaks_of.get(key, ())), default="") for key in (a, b)
        )
        if one and other:
            reasons = (Reason("a person said both are of one programme", 0.0),)
            yield Relation(*sorted((one, other)), SAME_PROGRAMME, reasons, "accepted")
