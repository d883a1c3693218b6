"""The wheat stage: every misalignment, with the cells that show it."""

from __future__ import annotations

import itertools
from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING

from harvester.alignment.facts import Facts
from harvester.domain.errors import EngineError
from harvester.engine import schema
from harvester.rules import codes, institutions
from harvester.wheat import evidence, reach, thresholds
from harvester.wheat.detectors import DETECTORS
from harvester.wheat.finding import Bench
from harvester.wheat.ties import Ties

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ibis.expr.types import Table as IbisTable

    from harvester.engine.engine import Engine
    from harvester.wheat.finding import Detector, Draft


def detect(
    engine: Engine, tables: dict[str, IbisTable], as_at: dt.date, facts: Facts | None = None
) -> tuple[IbisTable, IbisTable]:
    """Every finding with its evidence: (``findings``, ``evidence``).

    ``tables`` are the harvest's tables by schema name (submissions, columns, entries, lines,
    links, memberships, undertakings, coverage; one left out counts as empty). ``as_at`` is the day
    of the harvest; it is only named in statements. ``facts`` are those of the same tables, where
    they are held already. The same tables give the same findings with the
    same ids; when the data mend, the finding is no longer there. Raises ``EngineError`` when two
    findings claim one id.
    """
    given = {t.name: _or_empty(engine, tables, t) for t in _NEEDED}
    with nullcontext(facts) if facts else Facts(engine, {**tables, **given}) as held:
        bench = Bench(
            held,
            institutions.load(),
            codes.load("grants"),
            codes.load("statuses"),
            codes.load("functions"),
            thresholds.load(),
            as_at,
        )
        found = sorted(_sure_enough(bench, list(_found(bench))), key=lambda f: f[0])
        people = reach.people(held, {draft.undertaking_id for _, _, draft in found})
    _refuse_doubles([finding_id for finding_id, _, _ in found])
    rows = [_row(bench, people, *f) for f in found]
    shown = evidence.gather(engine, given, ((finding_id, draft) for finding_id, _, draft in found))
    return (
        engine.table(schema.FINDINGS, schema.FINDINGS.from_rows(rows)),
        engine.table(schema.EVIDENCE, shown),
    )


_NEEDED = (schema.ENTRIES, schema.LINES, schema.COLUMNS, schema.SUBMISSIONS)


def _or_empty(engine: Engine, tables: dict[str, IbisTable], table: schema.Table) -> IbisTable:
    known = tables.get(table.name)
    return engine.table(table, table.empty()) if known is None else known


Found = tuple[str, "Detector", "Draft"]


def _found(bench: Bench) -> Iterator[Found]:
    for detector in DETECTORS:
        for draft in detector.function(bench):
            yield ":".join((detector.id, *draft.about)), detector, draft


def _sure_enough(bench: Bench, found: list[Found]) -> Iterator[Found]:
    """Findings no surer than the links between their rows, without those that are hardly sure."""
    least = bench.thresholds.share("least_confidence_percent")
    least_tie = bench.thresholds.share("least_tie_percent")
    ties = Ties(bench.facts, (s.entry_id for _, _, draft in found for s in draft.evidence))
    for finding_id, detector, draft in found:
        kept = ties.held(draft)
        sure = draft.confidence * kept
        if sure < least or kept < least_tie:
            continue
        low = None if draft.rand_low is None else round(draft.rand_low * kept)
        yield finding_id, detector, replace(draft, confidence=sure, rand_low=low)


def _refuse_doubles(ids: list[str]) -> None:
    for one, other in itertools.pairwise(ids):
        if one == other:
            message = f"two findings claim the id {one}"
            raise EngineError(message)


def _row(
    bench: Bench, people: dict[str, int], finding_id: str, detector: Detector, draft: Draft
) -> dict[str, object]:
    parties = [p for p in dict.fromkeys(draft.parties) if p not in {"", schema.UNKNOWN}]
    known = (bench.book.get(p) for p in parties)
    spheres = dict.fromkeys(str(i.sphere) for i in known if i is not None)
    return {
        "finding_id": finding_id,
        "detector": detector.id,
        "title": detector.title,
        "statement": draft.statement,
        "severity": draft.severity or _severity(bench, draft.rand),
        "metro": draft.metro,
        "year": draft.year,
        "parties": ",".join(parties),
        "spheres": ",".join(spheres),
        "function": draft.function,
        "undertaking_id": draft.undertaking_id,
        "rand_cents": draft.rand,
        "rand_low_cents": draft.rand_low,
        "rand_high_cents": draft.rand_high,
        "people": people.get(draft.undertaking_id) if draft.people is None else draft.people,
        "confidence": round(draft.confidence, 6),
        "offering": detector.offering,
        "forum": detector.forum,
    }


def _severity(bench: Bench, rand: int | None) -> str:
    """High, medium or low by the rand at stake; an unknown amount is medium, not low."""
    if rand is None:
        return "medium"
    if rand >= bench.thresholds.cents("severity.high_rand"):
        return "high"
    return "medium" if rand >= bench.thresholds.cents("severity.medium_rand") else "low"
