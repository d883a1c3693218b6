"""What a relation rests on, and how sure it is."""

from __future__ import annotations

import json
from dataclasses import dataclass

LEAST_PROBABILITY = 0.5
"""Relations less likely than this are not kept."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason in words a planner reads, with its weight in bits."""

    words: str
    weight: float


@dataclass(frozen=True, slots=True)
class Relation:
    """One row of ``schema.RELATIONS``; ``decided`` when a person said so."""

    start: str
    end: str
    kind: str
    reasons: tuple[Reason, ...]
    decided: str = ""

    @property
    def probability(self) -> float:
        """From the weights of the reasons, which are log2 of odds; 1 where a person decided.

        The weights are set by hand and are not calibrated.
        """
        if self.decided:
            return 1.0
        return round(1 / (1 + 2.0 ** -sum(reason.weight for reason in self.reasons)), 6)

    def row(self) -> dict[str, object]:
        """As a row of ``schema.RELATIONS``, heaviest reason first."""
        ordered = sorted(self.reasons, key=lambda r: (-abs(r.weight), r.words))
        told = [{"reason": r.words, "weight": r.weight} for r in ordered]
        return {
            "from_undertaking": self.start,
            "to_undertaking": self.end,
            "kind": self.kind,
            "probability": self.probability,
            "reasons": json.dumps(told, ensure_ascii=False, separators=(",", ":")),
            "decided": self.decided,
        }


def same(one: str, other: str, words: str, *, weight: float = 1.0) -> list[Reason]:
    """A reason for two codes that agree, against for two that differ, none where one is unknown."""
    if "unknown" in {one, other}:
        return []
    if one == other:
        return [Reason(f"same {words}", weight)]
    return [Reason(f"different {words}", -weight)]
