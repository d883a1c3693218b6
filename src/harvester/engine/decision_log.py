"""People's decisions on links: an append-only log that command, notebook and web write alike.

``<home>/granary/decisions/links.jsonl``, one JSON object a line. A line is written whole, under a
lock, and synced before the writer goes on; it is never changed. A line that cannot be read (a
machine that stopped while writing) is passed over and told, and the next line begins after it.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import hashlib
import json
import os
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from typing import TYPE_CHECKING

from harvester.domain.errors import UserError

if TYPE_CHECKING:
    from pathlib import Path

ID_LENGTH = 16
LONGEST_REASON = 2_000
LONGEST_NAME = 200


class Verdict(StrEnum):
    """What a person can say of two rows."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    SAME_PROGRAMME = "same_programme"
    NOT_SURE = "not_sure"

    @property
    def label(self) -> str:
        """In words."""
        return _LABELS[self]

    @property
    def decides(self) -> bool:
        """Whether it settles the link; ``not_sure`` leaves it to the model."""
        return self is not Verdict.NOT_SURE


_LABELS = {
    Verdict.ACCEPTED: "the same project",
    Verdict.REJECTED: "not the same project",
    Verdict.SAME_PROGRAMME: "two parts of one programme",
    Verdict.NOT_SURE: "not sure",
}


@dataclass(frozen=True)
class Side:
    """One row of a pair as it stood when it was decided on."""

    entry_key: str
    entry: str
    name: str
    code: str
    undertaking: str


@dataclass(frozen=True)
class Decision:
    """One decision, as a line of the log. ``at`` is UTC, ISO 8601; ``run`` the harvest looked at."""

    at: str
    actor: str
    institution: str
    verdict: str
    reason: str
    entry_key_a: str
    entry_key_b: str
    entry_a: str
    entry_b: str
    name_a: str
    name_b: str
    code_a: str
    code_b: str
    undertaking_a: str
    undertaking_b: str
    run: str

    @property
    def decision_id(self) -> str:
        """Hash of all it says, so that the same line twice is one decision."""
        told = json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(told.encode()).hexdigest()[:ID_LENGTH]


@dataclass(frozen=True)
class Logged:
    """Every decision in order of writing, and what is wrong with lines that cannot be read."""

    decisions: list[Decision] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """Of what the decisions say, for the digest of a harvest's inputs; empty when none."""
        told = ",".join(decision.decision_id for decision in self.decisions)
        return hashlib.sha256(told.encode()).hexdigest() if told else ""


def made(
    sides: tuple[Side, Side],
    *,
    verdict: str,
    reason: str,
    actor: str,
    institution: str,
    at: dt.datetime,
    run: str,
) -> Decision:
    """A decision, checked; the lesser entry id comes first. ``at`` must know its time zone.

    Raises ``UserError`` for an unknown verdict, a missing reason or actor, or a pair of one row.
    """
    if verdict not in set(Verdict):
        known = ", ".join(Verdict)
        raise UserError(f"{verdict!r} is not a verdict.", where="verdict", mend=f"One of {known}.")
    reason, actor = reason.strip(), actor.strip()
    if Verdict(verdict).decides and not reason:
        raise UserError(
            "a decision needs a reason.", where="reason", mend="Say in a line how you know."
        )
    if len(reason) > LONGEST_REASON:
        raise UserError(f"a reason has at most {LONGEST_REASON} characters.", where="reason")
    if not actor:
        raise UserError("say who decides.", where="actor", mend="Give a name.")
    if at.tzinfo is None:
        raise UserError("the time of a decision has no time zone.", where="at")
    a, b = sorted(sides, key=lambda side: side.entry)
    if a.entry == b.entry:
        raise UserError("a row cannot be linked with itself.", where=a.entry)
    return Decision(
        at=at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        actor=actor[:LONGEST_NAME],
        institution=institution,
        verdict=verdict,
        reason=reason,
        entry_key_a=a.entry_key,
        entry_key_b=b.entry_key,
        entry_a=a.entry,
        entry_b=b.entry,
        name_a=a.name,
        name_b=b.name,
        code_a=a.code,
        code_b=b.code,
        undertaking_a=a.undertaking,
        undertaking_b=b.undertaking,
        run=run,
    )


class Lines:
    """A file of JSON lines that is only ever added to."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, told: dict[str, str]) -> None:
        """Add one line: whole, synced, never beside another writer's."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        line = json.dumps(told, ensure_ascii=False, sort_keys=True) + "\n"
        with self.path.open("a+b") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            # A line somebody could not finish stays, as a line of its own.
            text = line if _ends_well(handle.fileno()) else "\n" + line
            handle.write(text.encode())
            handle.flush()
            os.fsync(handle.fileno())

    def read(self) -> list[tuple[int, object]]:
        """Each line that is not blank, by its number: what it says, or ``None`` when it is no JSON."""
        if not self.path.exists():
            return []
        with self.path.open("rb") as handle:
            fcntl.flock(handle, fcntl.LOCK_SH)
            lines = handle.read().split(b"\n")
        return [(n, _said(line)) for n, line in enumerate(lines, start=1) if line.strip()]


def _said(line: bytes) -> object:
    try:
        return json.loads(line)
    except ValueError:
        return None


class DecisionLog:
    """The log under one granary."""

    def __init__(self, root: Path) -> None:
        self._lines = Lines(root / "decisions" / "links.jsonl")

    @property
    def path(self) -> Path:
        """The file of the log."""
        return self._lines.path

    def append(self, decision: Decision) -> None:
        """Add one line: whole, synced, never beside another writer's."""
        self._lines.append(asdict(decision))

    def read(self) -> Logged:
        """Every decision; one written twice counts once."""
        found: dict[str, Decision] = {}
        unreadable = []
        for number, told in self._lines.read():
            decision = _parsed(told)
            if decision is None:
                unreadable.append(f"{self.path.name}, line {number}: not a whole decision")
            else:
                found.setdefault(decision.decision_id, decision)
        return Logged(list(found.values()), unreadable)


def _ends_well(descriptor: int) -> bool:
    size = os.fstat(descriptor).st_size
    return size == 0 or os.pread(descriptor, 1, size - 1) == b"\n"


_FIELDS = {f.name for f in fields(Decision)}


def _parsed(told: object) -> Decision | None:
    if not isinstance(told, dict) or set(told) != _FIELDS:
        return None
    if not all(isinstance(value, str) for value in told.values()):
        return None
    return Decision(**told) if told["verdict"] in set(Verdict) else None


__all__ = ["Decision", "DecisionLog", "Lines", "Logged", "Side", "Verdict", "made"]
