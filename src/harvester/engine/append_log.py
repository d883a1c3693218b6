"""Append-only logs of what people said: of links, of places. Command, notebook and web write alike.

One JSON object a line. A line is written whole, under a lock, and synced before the writer goes on;
it is never changed. A line that cannot be read (a machine that stopped while writing) is passed over
and told, and the next line begins after it.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import hashlib
import json
import os
from dataclasses import asdict, dataclass, field, fields
from typing import TYPE_CHECKING, Generic, TypeVar

from harvester.domain.errors import UserError

if TYPE_CHECKING:
    from enum import StrEnum
    from pathlib import Path

ID_LENGTH = 16
LONGEST_REASON = 2_000
LONGEST_NAME = 200


@dataclass(frozen=True, kw_only=True)
class Statement:
    """What every decision says: when (UTC, ISO 8601), who, for whom, what, why, on which harvest."""

    at: str
    actor: str
    institution: str
    verdict: str
    reason: str
    run: str

    @property
    def decision_id(self) -> str:
        """Hash of all it says, so that the same line twice is one decision."""
        told = json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(told.encode()).hexdigest()[:ID_LENGTH]


Said = TypeVar("Said", bound=Statement)


@dataclass(frozen=True)
class Logged(Generic[Said]):
    """Every decision in order of writing, and what is wrong with lines that cannot be read."""

    decisions: list[Said] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """Of what the decisions say, for the digest of a harvest's inputs; empty when none."""
        told = ",".join(decision.decision_id for decision in self.decisions)
        return hashlib.sha256(told.encode()).hexdigest() if told else ""


def checked(
    verdicts: type[StrEnum],
    *,
    verdict: str,
    reason: str,
    actor: str,
    at: dt.datetime,
    needs_reason: bool = True,
) -> dict[str, str]:
    """``verdict``, ``reason``, ``actor`` and ``at`` as a log holds them.

    Raises ``UserError`` for an unknown verdict, a missing reason or actor, a reason too long, or a
    time that does not know its zone.
    """
    if verdict not in set(verdicts):
        known = ", ".join(verdicts)
        raise UserError(f"{verdict!r} is not a verdict.", where="verdict", mend=f"One of {known}.")
    reason, actor = reason.strip(), actor.strip()
    if needs_reason and not reason:
        raise UserError(
            "a decision needs a reason.", where="reason", mend="Say in a line how you know."
        )
    if len(reason) > LONGEST_REASON:
        raise UserError(f"a reason has at most {LONGEST_REASON} characters.", where="reason")
    if not actor:
        raise UserError("say who decides.", where="actor", mend="Give a name.")
    if at.tzinfo is None:
        raise UserError("the time of a decision has no time zone.", where="at")
    utc = at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return {"verdict": verdict, "reason": reason, "actor": actor[:LONGEST_NAME], "at": utc}


class AppendLog(Generic[Said]):
    """A log of one kind of statement, in one file."""

    def __init__(self, path: Path, kind: type[Said], verdicts: type[StrEnum]) -> None:
        self.path = path
        self._kind = kind
        self._verdicts = frozenset(verdicts)
        self._fields = {f.name for f in fields(kind)}

    def append(self, decision: Said) -> None:
        """Add one line: whole, synced, never beside another writer's."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        line = json.dumps(asdict(decision), ensure_ascii=False, sort_keys=True) + "\n"
        with self.path.open("a+b") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            # A line somebody could not finish stays, as a line of its own.
            text = line if _ends_well(handle.fileno()) else "\n" + line
            handle.write(text.encode())
            handle.flush()
            os.fsync(handle.fileno())

    def read(self) -> Logged[Said]:
        """Every decision; one written twice counts once."""
        if not self.path.exists():
            return Logged()
        with self.path.open("rb") as handle:
            fcntl.flock(handle, fcntl.LOCK_SH)
            lines = handle.read().split(b"\n")
        found: dict[str, Said] = {}
        unreadable = []
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            decision = self._parsed(line)
            if decision is None:
                unreadable.append(f"{self.path.name}, line {number}: not a whole decision")
            else:
                found.setdefault(decision.decision_id, decision)
        return Logged(list(found.values()), unreadable)

    def _parsed(self, line: bytes) -> Said | None:
        try:
            told = json.loads(line)
        except ValueError:
            return None
        if not isinstance(told, dict) or set(told) != self._fields:
            return None
        if not all(isinstance(value, str) for value in told.values()):
            return None
        return self._kind(**told) if told["verdict"] in self._verdicts else None


def _ends_well(descriptor: int) -> bool:
    size = os.fstat(descriptor).st_size
    return size == 0 or os.pread(descriptor, 1, size - 1) == b"\n"


__all__ = ["ID_LENGTH", "LONGEST_REASON", "AppendLog", "Logged", "Statement", "checked"]
