"""People's decisions on links, bound to the rows there are now.

A decision names its rows by keys that outlive files. A row whose key changed is sought through the
entry id it had, then as the one row of the same publisher and document with the same code; where
either row is not found the decision waits. Of one institution the latest decision on a pair
stands; where institutions disagree the pair is contradicted, and kept apart.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict
from typing import TYPE_CHECKING

import pyarrow as pa

from harvester.engine import schema
from harvester.engine.decision_log import Decision, Verdict
from harvester.linkage.identity.keys import holders, row_keys
from harvester.linkage.names.learn import learned_words
from harvester.linkage.projects.records import normal_code
from harvester.linkage.stage import DECISIONS, LINKED_KINDS

if TYPE_CHECKING:
    from ibis.expr.types import Table as IbisTable

    from harvester.engine.engine import Engine
    from harvester.rules.lexicon import Learned

STANDING, SUPERSEDED = "standing", "superseded"
CONTRADICTED, WAITING = "contradicted", "waiting"


def settle(engine: Engine, entries: IbisTable, logged: list[Decision]) -> pa.Table:
    """Every decision with its state and the entries it speaks of now, per ``schema.DECISIONS``.

    ``logged`` in order of writing: of two decisions of one instant the later line stands.
    """
    if not logged:
        return schema.DECISIONS.empty()
    wanted = entries.filter(entries.kind.isin(sorted(LINKED_KINDS))).order_by("entry_id")
    rows = _Rows(engine.arrow(wanted))
    ends = [(rows.find(one, "a"), rows.find(one, "b")) for one in logged]
    states = _states(logged, [_pair(one, *found) for one, found in zip(logged, ends, strict=True)])
    made = []
    for one, (a, b), state in zip(logged, ends, states, strict=True):
        here = bool(a and b)
        made.append(
            {
                **asdict(one),
                "decision_id": one.decision_id,
                "state": state if here or state == SUPERSEDED else WAITING,
                "now_a": ",".join(rows.ids[n] for n in a),
                "now_b": ",".join(rows.ids[n] for n in b),
                "metro": rows.metro([*a, *b]),
            }
        )
    return schema.DECISIONS.from_rows(made)


def verdicts(engine: Engine, entries: IbisTable, decided: pa.Table) -> pa.Table | None:
    """What the linkage stage is told: verdicts by the keys that rows have now; ``None`` when none.

    Two parts of one programme are not one project, so that verdict is a rejection too.
    """
    told = [r for r in decided.to_pylist() if _counts(r)]
    if not told:
        return None
    wanted = entries.filter(entries.kind.isin(sorted(LINKED_KINDS))).order_by("entry_id")
    rows = _Rows(engine.arrow(wanted))
    key_of = dict(zip(rows.ids, (key.entry for key in rows.keys), strict=True))
    found = set()
    for row in told:
        for a in {key_of[entry] for entry in row["now_a"].split(",")}:
            for b in {key_of[entry] for entry in row["now_b"].split(",")}:
                found.add((a, b, row["verdict"]))
                if row["verdict"] == Verdict.SAME_PROGRAMME:
                    found.add((a, b, Verdict.REJECTED.value))
    columns = zip(*sorted(found), strict=True)
    return pa.table([pa.array(c, pa.string()) for c in columns], schema=DECISIONS)


def learned(decided: pa.Table) -> Learned:
    """Words that the decisions now standing (or waiting for their rows) teach, beside the lexicon."""
    said: dict[str, list[tuple[str, str]]] = {Verdict.ACCEPTED: [], Verdict.REJECTED: []}
    for row in decided.select(["verdict", "state", "name_a", "name_b"]).to_pylist():
        if row["state"] in {STANDING, WAITING} and row["verdict"] in said:
            said[row["verdict"]].append((row["name_a"], row["name_b"]))
    return learned_words(said[Verdict.ACCEPTED], said[Verdict.REJECTED]).learned


def contradicted_pairs(decided: pa.Table) -> pa.Table:
    """Pairs of entries (``entry_a`` the lesser) on which institutions disagree."""
    pairs = set()
    for row in decided.to_pylist():
        if row["state"] == CONTRADICTED:
            for a in row["now_a"].split(","):
                pairs |= {(min(a, b), max(a, b)) for b in row["now_b"].split(",") if a != b}
    listed = sorted(pairs)
    return pa.table(
        {
            "entry_a": pa.array([a for a, _ in listed], pa.string()),
            "entry_b": pa.array([b for _, b in listed], pa.string()),
        }
    )


def _counts(row: dict[str, str]) -> bool:
    return row["state"] in {STANDING, CONTRADICTED} and row["verdict"] != Verdict.NOT_SURE


class _Rows:
    """The rows that can be linked, by the keys and marks a decision may know them by."""

    def __init__(self, entries: pa.Table) -> None:
        self.keys = row_keys(entries)
        self.ids: list[str] = entries.column("entry_id").to_pylist()
        self.metros: list[str] = entries.column("metro").to_pylist()
        self._by_key = holders(self.keys)
        self._by_id = {entry: n for n, entry in enumerate(self.ids)}
        self._by_code: dict[tuple[str, str, str], list[int]] = defaultdict(list)
        columns = (
            entries.column(c).to_pylist() for c in ("institution", "document", "source_code")
        )
        for n, (publisher, document, code) in enumerate(zip(*columns, strict=True)):
            if normal_code(code):
                self._by_code[publisher, document, normal_code(code)].append(n)

    def find(self, decision: Decision, side: str) -> list[int]:
        """The rows one side of a decision speaks of; empty when they are not here."""
        key = getattr(decision, f"entry_key_{side}")
        if key in self._by_key:
            return self._by_key[key]
        known = self._by_id.get(getattr(decision, f"entry_{side}"))
        if known is not None:
            return [known]
        publisher, document, *_ = [*key.split("|"), "", ""]
        code = normal_code(getattr(decision, f"code_{side}"))
        alike = self._by_code.get((publisher, document, code), []) if code else []
        return alike if len(alike) == 1 else []

    def metro(self, found: list[int]) -> str:
        """The first municipality any of the rows names."""
        named = (self.metros[n] for n in found)
        return next((m for m in named if m != schema.UNKNOWN), schema.UNKNOWN)


def _pair(decision: Decision, a: list[int], b: list[int]) -> frozenset[object]:
    """What two decisions on the same pair share: the rows now, else the keys they were known by."""
    return frozenset((a[0] if a else decision.entry_key_a, b[0] if b else decision.entry_key_b))


def _states(logged: list[Decision], pairs: list[frozenset[object]]) -> list[str]:
    """The state of each decision, were all rows here."""
    latest: dict[tuple[frozenset[object], str], int] = {}
    for n in sorted(range(len(logged)), key=lambda i: (logged[i].at, i)):
        latest[pairs[n], logged[n].institution] = n
    said: dict[frozenset[object], set[bool]] = defaultdict(set)
    for (pair, _), n in latest.items():
        if Verdict(logged[n].verdict).decides:
            said[pair].add(logged[n].verdict == Verdict.ACCEPTED)
    standing = set(latest.values())
    return [
        SUPERSEDED
        if n not in standing
        else CONTRADICTED
        if len(said[pairs[n]]) > 1 and Verdict(logged[n].verdict).decides
        else STANDING
        for n in range(len(logged))
    ]
