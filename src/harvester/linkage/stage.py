"""The linkage stage: entries to undertakings with persistent ids, links with their reasons."""

from __future__ import annotations

import re
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from harvester.domain.documents import EntryKind
from harvester.engine import schema
from harvester.linkage.identity import history
from harvester.linkage.identity.history import Memory
from harvester.linkage.identity.keys import RowKey, entry_keys, holders, row_keys
from harvester.linkage.identity.redirects import to_table
from harvester.linkage.matching.linker import Matched, Verdicts, match, pair_table
from harvester.linkage.projects.aspects import projects
from harvester.linkage.relations import relate
from harvester.linkage.undertakings import summarise

if TYPE_CHECKING:
    from concurrent.futures import Future

    from ibis.expr.types import Table as IbisTable

    from harvester.engine.engine import Engine
    from harvester.linkage.matching.memory import Memory as LinkMemory
    from harvester.rules.lexicon import Learned

DECISIONS = pa.schema([
    pa.field("entry_key_a", pa.string()),
    pa.field("entry_key_b", pa.string()),
    pa.field("verdict", pa.string()),
])  # fmt: skip
"""A person's decision on two entries, named by entry key.

Verdict ``accepted`` or ``rejected`` (as one undertaking), or ``same_programme`` (a relation).
"""


@dataclass(frozen=True)
class Linked:
    """What the stage makes; tables per :mod:`harvester.engine.schema`."""

    links: IbisTable
    wordings: IbisTable
    memberships: IbisTable
    undertakings: IbisTable
    relations: IbisTable
    ledger: IbisTable
    redirects: IbisTable


def link(
    engine: Engine,
    entries: IbisTable,
    ledger: IbisTable,
    decisions: pa.Table | None = None,
    *,
    redirects: IbisTable | None = None,
    before: IbisTable | None = None,
    links_memory: LinkMemory | None = None,
    learned: Learned | None = None,
) -> Linked:
    """Link project and programme entries into undertakings.

    ``entries`` and ``ledger`` per ``schema.ENTRIES`` and ``schema.LEDGER``; ``decisions`` with the
    columns of :data:`DECISIONS`, which always win. ``redirects`` and ``before`` are the redirects
    and undertakings of the harvest before, so that every id ever given out leads somewhere. With
    ``links_memory`` only entries that are new since the run it remembers are linked; ``learned`` are
    words that people's decisions taught. The result does not depend on the order of rows.
    Raises :class:`EngineError` when a table does not conform.
    """
    memory = Memory.of(
        engine.arrow(ledger),
        None if redirects is None else engine.arrow(redirects),
        None if before is None else engine.arrow(before.select("undertaking_id", "name")),
    )
    wanted = engine.arrow(
        entries.filter(entries.kind.isin(sorted(LINKED_KINDS))).select(*_READ).order_by("entry_id")
    )
    with ThreadPoolExecutor(1, "beside") as beside:  # for Python, while the engine is at work
        keyed = beside.submit(row_keys, wanted)
        verdicts = _verdicts(keyed, decisions)
        matched = match(engine, projects(learned), _records(wanted), verdicts, memory=links_memory)
        keys = keyed.result()
        identified = beside.submit(
            _undertaking_ids, matched, keys, wanted.column("metro").to_pylist(), memory
        )
        _tell(engine, matched, links_memory)
        links, wordings = _links(engine, matched)
        undertaking = identified.result()
        members = _memberships(engine, matched, undertaking)
        undertakings = summarise(engine, entries, members, _confidence(matched, undertaking))
        _tidy(engine, but=("link_told",))
        names = dict(
            zip(*(undertakings.column(n).to_pylist() for n in ("undertaking_id", "name")), strict=True)
        )  # fmt: skip
        remembered = beside.submit(history.remember, keys, undertaking, names, memory)
        made = {
            "links": links,
            "wordings": wordings,
            "memberships": engine.table(schema.MEMBERSHIPS, members),
            "undertakings": engine.table(schema.UNDERTAKINGS, undertakings),
        }
        relations = relate(engine, entries, **made, decisions=decisions)
        memory = remembered.result()
    _tidy(engine)
    return Linked(
        **made,
        relations=relations,
        ledger=engine.table(schema.LEDGER, history.ledger(memory)),
        redirects=engine.table(schema.REDIRECTS, to_table(memory.redirects)),
    )


_READ = ("entry_id", "submission_id", "row", "kind", "document", "institution", "publication_year", "stage",
         "owner", "metro", "function", "name", "description", "location_text", "zone_text", "parent_text",
         "references_text", "source_code", "other_code", "longitude", "latitude", "amount_cents",
         "total_cost_cents", "first_year", "last_year", "start_date", "end_date")  # fmt: skip
"""Columns of an entry that the linker reads, or that its keys are made of."""

LINKED_KINDS = frozenset({EntryKind.PROJECT.value, EntryKind.PROGRAMME.value})


def _records(entries: pa.Table) -> pa.Table:
    """Entries, in order of id, as the linker's records."""
    known = {
        name: _known(entries.column(name)) for name in ("metro", "function", "owner", "institution")
    }
    text = {c: entries.column(c) for c in ("name", "description", "source_code", "other_code")}
    places = pc.binary_join_element_wise(
        entries.column("location_text"), entries.column("zone_text"), " "
    )
    years = {  # plan years, or else the years of the project's own dates
        column: pc.coalesce(entries.column(column), pc.year(entries.column(day)))
        for column, day in (("first_year", "start_date"), ("last_year", "end_date"))
    }
    return pa.table({
        "uid": pa.array(range(entries.num_rows), pa.int32()),
        "entry_id": entries.column("entry_id"),
        "source": entries.column("submission_id"),
        "kind": entries.column("kind"),
        "namespace": known["institution"],
        "municipality": known["metro"],
        "function": known["function"],
        "owner": known["owner"],
        "name": text["name"],
        "description": text["description"],
        "place_text": pc.utf8_trim_whitespace(places),
        "parent_text": entries.column("parent_text"),
        "code": text["source_code"],
        "other_code": text["other_code"],
        "references": entries.column("references_text"),
        "longitude": entries.column("longitude"),
        "latitude": entries.column("latitude"),
        "amount_cents": entries.column("amount_cents"),
        "total_cents": entries.column("total_cost_cents"),
        "first_year": years["first_year"].cast(pa.int32()),
        "last_year": years["last_year"].cast(pa.int32()),
    })  # fmt: skip


def _known(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.if_else(pc.equal(column, schema.UNKNOWN), "", column)


def _verdicts(keyed: Future[list[RowKey]], decisions: pa.Table | None) -> Verdicts:
    """Decisions by pair of uids; a key that no entry has now is left waiting, not lost.

    Keys are not waited for where nobody has decided anything.
    """
    found: dict[tuple[int, int], set[str]] = defaultdict(set)
    if decisions is None or not decisions.num_rows:
        return found
    speaks_of = holders(keyed.result())
    for row in decisions.select(DECISIONS.names).to_pylist():
        for a in speaks_of.get(row["entry_key_a"], ()):
            for b in speaks_of.get(row["entry_key_b"], ()):
                if a != b:
                    found[min(a, b), max(a, b)].add(row["verdict"])
    return found


def _undertaking_ids(
    matched: Matched, keys: list[RowKey], metros: list[str], memory: Memory
) -> list[str]:
    """The undertaking of each entry, in order of uid."""
    groups: dict[int, list[int]] = defaultdict(list)
    of = matched.roots[matched.uids].tolist()
    for row, root in enumerate(of):
        groups[root].append(row)
    roots = sorted(groups, key=lambda root: groups[root])
    places = [_place([metros[uid] for uid in groups[root]]) for root in roots]
    settled = history.settle([groups[root] for root in roots], keys, places, memory)
    by_root = dict(zip(roots, settled, strict=True))
    return [by_root[root] for root in of]


def _place(metros: list[str]) -> str:
    """The metro most of a cluster's entries name, ties to the lesser code; "" when none does."""
    named = [m for m in metros if m != schema.UNKNOWN]
    return min(named, key=lambda m: (-named.count(m), m)) if named else ""


def _memberships(engine: Engine, matched: Matched, undertaking: list[str]) -> pa.Table:
    """Each entry's undertaking, with its best link there; after :func:`_links`."""
    engine.load("link_undertaking", pa.table({
        "uid": pa.array(matched.uids, pa.int64()),
        "undertaking_id": pa.array(undertaking, pa.string()),
    }))  # fmt: skip
    return engine.read("""
WITH joined AS (
    SELECT s.uid_l, s.uid_r, s.probability AS p FROM link_chances s
    UNION ALL SELECT uid_l, uid_r, 1.0 FROM link_accepted
), ends AS (
    SELECT a.uid, j.p FROM joined j JOIN link_roots a ON a.uid = j.uid_l
        JOIN link_roots b ON b.uid = j.uid_r AND a.root = b.root
    UNION ALL
    SELECT b.uid, j.p FROM joined j JOIN link_roots a ON a.uid = j.uid_l
        JOIN link_roots b ON b.uid = j.uid_r AND a.root = b.root
)
SELECT f.entry_id, t.undertaking_id, round(coalesce(max(ends.p), 1.0), 6) AS probability
FROM link_undertaking t JOIN link_told f USING (uid) LEFT JOIN ends USING (uid)
GROUP BY f.entry_id, t.undertaking_id ORDER BY f.entry_id
""")


def _tell(engine: Engine, matched: Matched, memory: LinkMemory | None) -> None:
    """Table ``link_told``: number, entry and what its words say that later steps ask, of every record here."""
    engine.load("link_here", pa.table({"uid": pa.array(matched.uids, pa.int64())}))
    known = "link_features"
    if memory and memory.extended:
        known = f"(SELECT {_SAID} FROM link_fresh_features UNION ALL SELECT {_SAID} FROM known_features)"
    engine.make(
        "link_told",
        f"SELECT {_SAID} FROM {known} SEMI JOIN link_here USING (uid)",
    )


_SAID = "uid, entry_id, named_here, phase, phase_named, scheme"


def _links(engine: Engine, matched: Matched) -> tuple[IbisTable, IbisTable]:
    """Scored and decided pairs per ``schema.LINKS``, and what they say per ``schema.WORDINGS``."""
    engine.load("link_roots", pa.table({
        "uid": pa.array(matched.uids, pa.int64()),
        "root": pa.array(matched.roots[matched.uids], pa.int64()),
    }))  # fmt: skip
    engine.load("link_accepted", pair_table(matched.accepted))
    engine.load("link_rejected", pair_table(matched.rejected))
    engine.load("link_contradicted", pair_table(matched.contradicted))
    engine.make("link_said", f"""
WITH contradicted AS (
    SELECT DISTINCT s.pattern FROM link_chances s
    JOIN link_contradicted c ON c.uid_l = s.uid_l AND c.uid_r = s.uid_r
)
SELECT w.pattern, false AS contradicted, w.reasons
FROM link_wordings w SEMI JOIN (SELECT DISTINCT pattern FROM link_chances) s USING (pattern)
UNION ALL
SELECT w.pattern, true, replace('[{_CONTRADICTED},' || substr(w.reasons, 2), ',]', ']')
FROM link_wordings w SEMI JOIN contradicted USING (pattern)
""")  # fmt: skip
    wordings = engine.keep(
        schema.WORDINGS,
        "SELECT row_number() OVER (ORDER BY reasons) AS wording, reasons "
        "FROM (SELECT DISTINCT reasons FROM link_said)",
    )
    engine.make(
        "link_numbered",
        "SELECT s.pattern, s.contradicted, w.wording FROM link_said s "
        "JOIN wordings w ON w.reasons = s.reasons",
    )
    links = engine.keep(
        schema.LINKS,
        """
SELECT least(l.entry_id, r.entry_id) AS entry_a, greatest(l.entry_id, r.entry_id) AS entry_b,
    s.probability, round(s.match_weight, 4) AS weight, a.root = b.root AS joined,
    CASE WHEN no.uid_l IS NOT NULL THEN 'rejected' WHEN yes.uid_l IS NOT NULL THEN 'accepted' ELSE '' END
        AS decided, n.wording, s.figures
FROM link_chances s
JOIN link_told l ON l.uid = s.uid_l JOIN link_told r ON r.uid = s.uid_r
JOIN link_roots a ON a.uid = s.uid_l JOIN link_roots b ON b.uid = s.uid_r
LEFT JOIN link_accepted yes ON yes.uid_l = s.uid_l AND yes.uid_r = s.uid_r
LEFT JOIN link_rejected no ON no.uid_l = s.uid_l AND no.uid_r = s.uid_r
LEFT JOIN link_contradicted c ON c.uid_l = s.uid_l AND c.uid_r = s.uid_r
JOIN link_numbered n ON n.pattern = s.pattern AND n.contradicted = (c.uid_l IS NOT NULL)
""",
    )
    return links, wordings


_CONTRADICTED = '{"reason":"decisions contradict one another; kept apart","weight":0.0}'


def _confidence(matched: Matched, undertaking: list[str]) -> pa.Table:
    """What holds each undertaking together: its weakest joining link, 1 for a lone entry."""
    sure = matched.confidence[matched.uids].tolist()
    found = dict(zip(undertaking, sure, strict=True))
    listed = sorted(found)
    return pa.table({
        "undertaking_id": pa.array(listed, pa.string()),
        "confidence": pa.array([round(found[u], 6) for u in listed], pa.float64()),
    })  # fmt: skip


_SCRATCH = re.compile(r"(?:link|known)_[a-z_]+\Z")


def _tidy(engine: Engine, but: tuple[str, ...] = ()) -> None:
    """Drop the stage's working tables, ``but`` some."""
    engine.drop(*(n for n in engine.held() if _SCRATCH.match(n) and n not in but))


__all__ = ["DECISIONS", "LINKED_KINDS", "Linked", "entry_keys", "link"]
