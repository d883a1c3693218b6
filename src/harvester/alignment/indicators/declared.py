"""What an indicator is: its words, and the query that yields its parts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

PART_COLUMNS = (
    "metro",
    "sphere",
    "year",
    "item",
    "entry_id",
    "amount_cents",
    "share",
    "share_low",
    "share_high",
)
"""What the query of an indicator must give; more columns may stand beside them."""


class Scale(StrEnum):
    """What kind of number a value is."""

    SHARE = "share"  # 0 to 1
    RATIO = "ratio"  # 1: the same on both sides
    MONTHS = "months"

    def say(self, value: float | None) -> str:
        """A value in words: ``61 %``, ``0.43 times``, ``7.5 months``; ``unknown`` for none."""
        if value is None:
            return "unknown"
        if self is Scale.SHARE:
            return f"{value * 100:.0f} %"
        return f"{value:.2f} times" if self is Scale.RATIO else f"{value:.1f} months"


@dataclass(frozen=True)
class Indicator:
    """One indicator, declared once; the page that shows its figure shows these words.

    ``formula`` is the formula in words, ``unit`` what the weights are (``rand`` or a count),
    ``reading`` how to read a value and what it does not say, ``source`` where it comes from.
    ``query`` is SQL over the facts giving :data:`PART_COLUMNS`; a part whose answer is not known
    has a null ``share``; ``all`` as a part's sphere says that it stands for several. ``family``
    groups an indicator with its parts (``V2.idp`` with ``V2``).

    ``owner`` and ``fund`` are SQL for whose a part is and what pays for it: of its entry (``e``),
    unless the query itself tells (``p``). ``people`` is SQL for the share of the people that live
    where the numerator's money goes, for a value per person. ``doubt`` is SQL for
    the chance that a known part is not as stated, but somewhere from its least to its most;
    ``by_chance``: these ends are what a wrong link or place would make of it, the whole of it at once.
    """

    id: str
    name: str
    question: str
    formula: str
    unit: str
    reading: str
    source: str
    higher_is_better: bool
    query: str
    scale: Scale = Scale.SHARE
    owner: str = "e.owner"
    fund: str = 'e."grant"'
    people: str = "NULL"
    doubt: str = "0.0"
    by_chance: bool = False

    @property
    def family(self) -> str:
        """``V2`` for ``V2.idp``."""
        return self.id.partition(".")[0]
