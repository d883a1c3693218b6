"""People's decisions on links: ``<home>/granary/decisions/links.jsonl``, an append-only log."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from harvester.domain.errors import UserError
from harvester.engine.append_log import LONGEST_REASON, AppendLog, Statement, checked

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path


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


@dataclass(frozen=True, kw_only=True)
class Decision(Statement):
    """One decision on two rows, the lesser entry id first."""

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
    told = checked(
        Verdict, verdict=verdict, reason=reason, actor=actor, at=at,
        needs_reason=verdict not in set(Verdict) or Verdict(verdict).decides,
    )  # fmt: skip
    a, b = sorted(sides, key=lambda side: side.entry)
    if a.entry == b.entry:
        raise UserError("a row cannot be linked with itself.", where=a.entry)
    return Decision(
        **told,
        institution=institution,
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


class DecisionLog(AppendLog[Decision]):
    """The log of links under one granary."""

    def __init__(self, root: Path) -> None:
        super().__init__(root / "decisions" / "links.jsonl", Decision, Verdict)


__all__ = ["LONGEST_REASON", "Decision", "DecisionLog", "Side", "Verdict", "made"]
