"""Everything behind one finding: its words, its cells, and why its entries were linked."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from harvester.domain.errors import UserError
from harvester.rules import forums
from harvester.wheat import words
from harvester.wheat.detectors import DETECTORS

if TYPE_CHECKING:
    from ibis.expr.types import Table as IbisTable

    from harvester.engine.engine import Engine


def explain(engine: Engine, tables: dict[str, IbisTable], finding_id: str) -> dict[str, Any]:
    """A finding as ``{"finding", "detector", "forum", "evidence", "undertaking", "links"}``.

    ``finding`` is its row of ``findings``; ``detector`` the words the detector was declared with;
    ``forum`` the forum that can take it; ``evidence`` its cells in order; ``undertaking`` the
    project, or ``None``; ``links`` the pairs of entries of that undertaking, joined or nearly so,
    each with its probability and reasons. Needs the tables findings, evidence, undertakings,
    memberships and links, whose reasons are in full. Raises ``UserError`` when there is no finding of that id.
    """
    findings = _rows(engine, tables["findings"], finding_id=finding_id)
    if not findings:
        raise UserError(
            f"There is no finding {finding_id!r} in this harvest.",
            mend="List the ids with `harvester show findings`; one that mended is gone.",
        )
    finding = findings[0]
    undertaking_id = finding["undertaking_id"]
    undertakings = _rows(engine, tables["undertakings"], undertaking_id=undertaking_id)
    forum = forums.load().get(finding["forum"])
    evidence = _rows(engine, tables["evidence"], finding_id=finding_id)
    return {
        "finding": finding,
        "detector": _declared(finding["detector"]),
        "forum": None if forum is None else asdict(forum),
        "evidence": sorted(evidence, key=lambda row: row["n"]),
        "undertaking": undertakings[0] if undertakings else None,
        "links": _links(engine, tables, undertaking_id) if undertaking_id else [],
    }


def _declared(detector_id: str) -> dict[str, str]:
    """The words of a detector; only its id for one this version no longer has."""
    for detector in DETECTORS:
        if detector.id == detector_id:
            named = [f.name for f in fields(detector) if f.name != "function"]
            return {name: getattr(detector, name) for name in named}
    return {"id": detector_id}


def _links(
    engine: Engine, tables: dict[str, IbisTable], undertaking_id: str
) -> list[dict[str, Any]]:
    """Pairs with an entry of the undertaking, surest first."""
    members = tables["memberships"]
    mine = members.filter(members.undertaking_id == undertaking_id)
    links = tables["links"]
    near = links.filter(links.entry_a.isin(mine.entry_id) | links.entry_b.isin(mine.entry_id))
    found = engine.arrow(near).to_pylist()
    for row in found:
        row["reasons"] = words.reasons(row["reasons"])
    return sorted(found, key=lambda r: (-r["probability"], r["entry_a"], r["entry_b"]))


def _rows(engine: Engine, table: IbisTable, **wanted: str) -> list[dict[str, Any]]:
    ((column, value),) = wanted.items()
    return engine.arrow(table.filter(table[column] == value)).to_pylist()
