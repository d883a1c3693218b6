"""What became of a commitment, from what published documents show: kept, part kept, overdue, broken.

A verdict is worked out from data and shows its cells; a party may contest it, and both then stand.
A document nobody has read says nothing: then the verdict is unknown, which is not bad.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from harvester.domain.documents import Document
    from harvester.domain.periods import FinancialYear
    from harvester.processor.compacts.protocol import Commitment

KEPT_SHARE = 0.8
"""At least so much of the amount is kept, as V2 counts landing (product specification, section 5)."""


class Verdict(StrEnum):
    """How a commitment stands."""

    NOT_DUE = "not_due"
    KEPT = "kept"
    PART_KEPT = "part_kept"
    OVERDUE = "overdue"
    BROKEN = "broken"
    OVERTAKEN = "overtaken"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Seen:
    """One document of a year as a harvest has it: whether the party's was read, and what it shows.

    ``amount_cents`` is what the undertaking has in it, ``None`` where it stands there without an
    amount; ``present`` whether it stands there at all; ``cells`` the lines that show it.
    """

    document: Document
    year: FinancialYear
    published_on: dt.date | None
    present: bool
    amount_cents: int | None
    cells: tuple[str, ...] = ()


@dataclass(frozen=True)
class Judged:
    """The verdict with the reason in words, the share landed (``None``: not known), and the cells."""

    verdict: Verdict
    reason: str
    share: float | None
    cells: tuple[str, ...]


def judge(
    commitment: Commitment,
    due: dt.date,
    read: Sequence[Seen],
    as_at: dt.date,
    *,
    overtaken_by: str = "",
) -> Judged:
    """The verdict on a commitment on a day.

    ``due`` is the last day its document must carry it (its earliest legal entry, or the day the
    protocol names). ``read`` are the party's documents as a harvest has them. ``overtaken_by``: what
    the parties put in its place, with the reference.

    Overdue becomes broken when the financial year the commitment is for has ended.
    """
    if overtaken_by:
        return Judged(Verdict.OVERTAKEN, f"overtaken by {overtaken_by}", None, ())
    where = f"the {commitment.document.label} {commitment.year.label}"
    mine = [s for s in read if s.document is commitment.document and s.year == commitment.year]
    shown = max(
        mine, key=lambda s: (s.published_on is not None, s.published_on or as_at), default=None
    )
    if shown and shown.present:
        landed = _landed(commitment, shown, where)
        if landed:
            return landed
    if as_at <= due:
        return Judged(Verdict.NOT_DUE, f"due in {where} by {due:%-d %B %Y}", None, ())
    if shown is None:
        unread = f"{where} of {commitment.party} has not been read"
        unnamed = f"no project is named, so that it cannot be looked up in {where}"
        return Judged(Verdict.UNKNOWN, unread if commitment.undertaking else unnamed, None, ())
    missing = f"in {where} with no money" if shown.present else f"not in {where}"
    if as_at > commitment.year.last_day:
        return Judged(Verdict.BROKEN, f"{missing}, and that year has ended", 0.0, shown.cells)
    return Judged(Verdict.OVERDUE, f"{missing}, due by {due:%-d %B %Y}", 0.0, shown.cells)


def _landed(commitment: Commitment, shown: Seen, where: str) -> Judged | None:
    """Kept, part kept, or unknown for want of an amount; ``None`` where no money has landed."""
    promised, found = commitment.amount_cents, shown.amount_cents
    if not promised:
        return Judged(Verdict.KEPT, f"stands in {where}", None, shown.cells)
    if found is None:
        return Judged(Verdict.UNKNOWN, f"stands in {where} without an amount", None, shown.cells)
    if found <= 0:
        return None
    share = found / promised
    verdict = Verdict.KEPT if share >= KEPT_SHARE else Verdict.PART_KEPT
    return Judged(verdict, f"{share:.0%} of the amount stands in {where}", share, shown.cells)
