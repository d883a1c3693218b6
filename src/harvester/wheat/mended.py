"""Findings that are no longer there, and the submission that mended each.

A harvest keeps the list of the harvest before and adds what its own inputs mended; a finding that
comes back leaves the list. The list is a function of (the harvest before, this one), and of
nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harvester.engine import schema

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator

    import pyarrow as pa
    from ibis.expr.types import Table as IbisTable

    from harvester.engine.engine import Engine

BEFORE = (schema.FINDINGS, schema.EVIDENCE, schema.SUBMISSIONS, schema.DECISIONS, schema.MENDED)
"""Tables of the harvest before that are asked."""

SUBMISSION, WITHDRAWN, DECISION, OTHER = "submission", "withdrawn", "decision", "other"

_KEPT = (
    "finding_id", "detector", "title", "statement", "severity", "metro", "year", "parties",
    "undertaking_id", "rand_cents",
)  # fmt: skip


@dataclass(frozen=True)
class Harvested:
    """Tables of one harvest by schema name, and the day it was judged at (``None``: no file says)."""

    tables: dict[str, IbisTable]
    day: dt.date | None


def mended(engine: Engine, before: Harvested, now: Harvested) -> pa.Table:
    """``schema.MENDED``: findings of ``before``, or of its own list, that ``now`` does not have.

    ``before`` needs the tables of :data:`BEFORE`; ``now`` findings, submissions, memberships,
    redirects and decisions. What mended a finding is, in this order: the new submission that it was
    about; else new ones that name its undertaking; else new ones of the publishers and documents its evidence came from; else new ones
    of its parties; else the withdrawal of a file its evidence came from; else a new decision on a
    link of its undertaking; else a change of rules, of the program or of the day. An undertaking
    that was merged into another takes its finding along: that is no mending.
    """
    lost = _lost(engine, before, now)
    found = list(_Judge(engine, before, now, lost).judged()) if lost else []
    have = set(_column(engine, now.tables["findings"], "finding_id"))
    new = {str(row["finding_id"]) for row in found}
    kept = [
        row
        for row in _rows(engine, before.tables["mended"])
        if row["finding_id"] not in have and row["finding_id"] not in new
    ]
    return schema.MENDED.from_rows([*kept, *found])


def _lost(engine: Engine, before: Harvested, now: Harvested) -> list[dict[str, Any]]:
    """Findings of the harvest before that are not here under their own or a redirected id."""
    have = set(_column(engine, now.tables["findings"], "finding_id"))
    gone = [
        row for row in _rows(engine, before.tables["findings"]) if row["finding_id"] not in have
    ]
    if not gone:
        return []
    leads = _redirects(engine, now)
    return [row for row in gone if not have & set(_renamed(row, leads))]


def _redirects(engine: Engine, now: Harvested) -> dict[str, list[str]]:
    leads: dict[str, list[str]] = {}
    for row in _rows(engine, now.tables["redirects"].select("undertaking_id", "now_id")):
        if row["now_id"]:
            leads.setdefault(str(row["undertaking_id"]), []).append(str(row["now_id"]))
    return leads


def _renamed(finding: dict[str, Any], leads: dict[str, list[str]]) -> Iterator[str]:
    """The ids the finding would have under the ids its undertaking leads to."""
    parts = str(finding["finding_id"]).split(":")
    for to in leads.get(finding["undertaking_id"], []):
        yield ":".join(to if part == finding["undertaking_id"] else part for part in parts)


class _Judge:
    """Says of each lost finding what mended it."""

    def __init__(
        self, engine: Engine, before: Harvested, now: Harvested, lost: list[dict[str, Any]]
    ) -> None:
        self.lost, self.before, self.now = lost, before, now
        ids = [row["finding_id"] for row in lost]
        earlier = {row["submission_id"]: row for row in _papers(engine, before)}
        current = {row["submission_id"]: row for row in _papers(engine, now)}
        self.new = {key: row for key, row in current.items() if key not in earlier}
        self.earlier, self.gone = earlier, set(earlier) - set(current)
        evidence = before.tables["evidence"]
        shown = evidence.filter(evidence.finding_id.isin(ids)).select("finding_id", "submission_id")
        self.shown: dict[str, set[str]] = {}
        for row in _rows(engine, shown.distinct()):
            self.shown.setdefault(row["finding_id"], set()).add(row["submission_id"])
        self.naming = self._naming(engine, now)
        self.decided = self._decided(engine)

    def _naming(self, engine: Engine, now: Harvested) -> dict[str, set[str]]:
        """New submissions that name each lost finding's undertaking, under any id it leads to."""
        leads = _redirects(engine, now)
        asked = {row["undertaking_id"] for row in self.lost} - {""}
        origin = {to: one for one in asked for to in (one, *leads.get(one, []))}
        members = now.tables["memberships"]
        wanted = members.filter(members.undertaking_id.isin(sorted(origin)))
        found: dict[str, set[str]] = {}
        for row in _rows(engine, wanted.select("entry_id", "undertaking_id")) if origin else []:
            submission = str(row["entry_id"]).rpartition(":")[0]
            if submission in self.new:
                found.setdefault(origin[row["undertaking_id"]], set()).add(submission)
        return found

    def _decided(self, engine: Engine) -> set[str]:
        """Undertakings on whose links somebody has decided since."""
        known = set(_column(engine, self.before.tables["decisions"], "decision_id"))
        table = self.now.tables["decisions"]
        rows = _rows(engine, table.select("decision_id", "undertaking_a", "undertaking_b"))
        fresh = [row for row in rows if row["decision_id"] not in known]
        return {row[name] for row in fresh for name in ("undertaking_a", "undertaking_b")}

    def judged(self) -> Iterator[dict[str, object]]:
        """The rows of the list for the lost findings."""
        for row in self.lost:
            cause, papers = self._cause(row)
            yield {name: row[name] for name in _KEPT} | {
                "seen_on": self.before.day,
                "mended_on": self.now.day,
                "cause": cause,
                "submissions": ",".join(papers),
                "files": "; ".join(dict.fromkeys(self._file(paper) for paper in papers)),
            }

    def _file(self, paper: str) -> str:
        return str((self.new.get(paper) or self.earlier[paper])["file"])

    def _cause(self, row: dict[str, Any]) -> tuple[str, list[str]]:
        shown = self.shown.get(row["finding_id"], set()) - {""}
        searched = {_series(self.earlier[paper]) for paper in shown if paper in self.earlier}
        parties = set(str(row["parties"]).split(",")) - {""}
        about = set(str(row["finding_id"]).split(":"))
        for papers in (
            {key for key, paper in self.new.items() if about >= set(_series(paper))},
            self.naming.get(row["undertaking_id"], set()),
            {key for key, paper in self.new.items() if _series(paper) in searched},
            {key for key, paper in self.new.items() if paper["institution"] in parties},
        ):
            if papers:
                return SUBMISSION, sorted(papers)
        if shown & self.gone:
            return WITHDRAWN, sorted(shown & self.gone)
        if row["undertaking_id"] in self.decided - {""}:
            return DECISION, []
        return OTHER, []


def _series(paper: dict[str, Any]) -> tuple[str, str]:
    return str(paper["institution"]), str(paper["document"])


def _papers(engine: Engine, harvest: Harvested) -> list[dict[str, Any]]:
    told = harvest.tables["submissions"]
    return _rows(engine, told.select("submission_id", "file", "institution", "document"))


def _rows(engine: Engine, table: IbisTable) -> list[dict[str, Any]]:
    return list(engine.arrow(table).to_pylist())


def _column(engine: Engine, table: IbisTable, name: str) -> Iterable[str]:
    return list(engine.arrow(table.select(name)).column(name).to_pylist())
