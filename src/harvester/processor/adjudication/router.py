"""The router: what the dispute is decides the mechanism, and every answer comes with its reasons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harvester.rules.law import mechanisms

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from harvester.domain.institutions import Institution
    from harvester.rules.law.mechanisms import Mechanism, Mechanisms, Question


@dataclass(frozen=True)
class Considered:
    """One mechanism, and why it comes first (``fits``), does not, or may (``None``: not known)."""

    mechanism: Mechanism
    fits: bool | None
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Routing:
    """What comes first, everything considered before it, and what must be asked to be sure.

    ``first`` is ``None`` while a question is open whose answer could put another mechanism first.
    """

    first: Mechanism | None
    considered: tuple[Considered, ...]
    to_ask: tuple[Question, ...]


def route(
    parties: Sequence[Institution],
    answers: Mapping[str, object],
    table: Mechanisms | None = None,
) -> Routing:
    """Which mechanism a dispute between ``parties`` goes to first (IGRFA 42(2)).

    ``answers`` are to the questions of the table: ``subject``, ``agreement_clause``. What is not
    answered is asked for, never assumed.
    """
    table = table or mechanisms.load()
    facts = {**answers, "party_spheres": [str(p.sphere) for p in parties]}
    considered: list[Considered] = []
    asked: dict[str, None] = {}
    for mechanism in table.mechanisms:
        told = [(c, c.holds(facts)) for c in mechanism.only_if]
        fits = _all(held for _, held in told)
        considered.append(
            Considered(mechanism, fits, tuple(_words(c.says, held=h) for c, h in told))
        )
        if fits is None:
            asked.update(dict.fromkeys(c.fact for c, held in told if held is None))
        if fits:
            break
    sure = not asked
    first = considered[-1].mechanism if sure and considered and considered[-1].fits else None
    return Routing(first, tuple(considered), tuple(q for q in table.questions if q.fact in asked))


def _all(held: Iterable[bool | None]) -> bool | None:
    """All hold; ``False`` when one does not; ``None`` when it hangs on what is not known."""
    found = list(held)
    if any(one is False for one in found):
        return False
    return None if any(one is None for one in found) else True


def _words(says: str, *, held: bool | None) -> str:
    if held is None:
        return f"not known whether {says}"
    return says if held else f"not so: {says}"
