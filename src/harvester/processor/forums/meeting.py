"""What a meeting decided, what became of it, and where a matter goes when a forum cannot settle it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from harvester.rules.forums import Rung

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from harvester.rules.forums import Forum, ForumBook


class Answered(StrEnum):
    """How a decision stands."""

    OPEN = "open"
    DONE = "done"
    OVERDUE = "overdue"


@dataclass(frozen=True)
class Decision:
    """A decision of a meeting: what, on which matter, by whom it is to be done, until when.

    No forum binds another sphere: a decision is agreed, and in force only where it lands.
    """

    matter: str
    words: str
    owner: str
    due: dt.date
    done_on: dt.date | None = None

    def stands(self, as_at: dt.date) -> Answered:
        """Done, open, or past its day."""
        if self.done_on is not None and self.done_on <= as_at:
            return Answered.DONE
        return Answered.OVERDUE if as_at > self.due else Answered.OPEN


@dataclass(frozen=True)
class Referral:
    """A forum a matter can go to next, and why."""

    forum: Forum
    why: str


def unanswered(decisions: Sequence[Decision], as_at: dt.date) -> tuple[Decision, ...]:
    """Decisions past their day, the longest first: each goes back on the agenda of its forum."""
    late = (d for d in decisions if d.stands(as_at) is Answered.OVERDUE)
    return tuple(sorted(late, key=lambda d: (d.due, d.matter)))


def referrals(book: ForumBook, forum: Forum, takes: Sequence[str]) -> tuple[Referral, ...]:
    """Where a matter can go from a forum: the political rung over a technical one; else the President's
    Co-ordinating Council (IGRFA 12), and the Budget Council and Budget Forum for money (IGRFA 13)."""
    found: dict[str, Referral] = {}
    if forum.rung is Rung.TECHNICAL:
        for matter in takes:
            for above in book.taking(matter, Rung.POLITICAL):
                found.setdefault(above.code, Referral(above, "those who answer for it decide"))
        return tuple(found.values())
    if "money" in takes:
        for code in ("BUDGET-COUNCIL", "BUDGET-FORUM"):
            above_money = book.get(code)
            if above_money and code != forum.code:
                found[code] = Referral(above_money, "money matters go there (IGRFA 13)")
    council = book.get("PCC")
    if council and forum.code != council.code:
        found[council.code] = Referral(council, "what could not be settled goes there (IGRFA 12)")
    return tuple(found.values())
