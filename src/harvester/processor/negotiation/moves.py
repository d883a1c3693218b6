"""Everything done to a negotiated text, as a list that is only added to; the text is its replay."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from harvester.processor.negotiation.text import Rung, Text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence


class Kind(StrEnum):
    """What somebody does to a text."""

    PROPOSE = "propose"
    OFFER = "offer"
    STRIKE = "strike"
    CHOOSE = "choose"
    BRIDGE = "bridge"
    ACCEPT = "accept"
    DECLINE = "decline"
    REFER = "refer"

    @property
    def done(self) -> str:
        """What was done, in words."""
        return _DONE[self]


_DONE = {
    Kind.PROPOSE: "proposed the clause",
    Kind.OFFER: "offered other words",
    Kind.STRIKE: "offered to strike the clause",
    Kind.CHOOSE: "chose between crossed offers",
    Kind.BRIDGE: "offered words between crossed offers",
    Kind.ACCEPT: "accepts",
    Kind.DECLINE: "does not accept",
    Kind.REFER: "sent the text to the other rung",
}


@dataclass(frozen=True)
class Move:
    """One thing done. ``version`` is the one answered, chosen or judged; ``words`` are a clause's
    words, or the dissent of a party's word on them. ``rung`` is where the text is, of a referral
    where it goes.
    """

    kind: Kind
    party: str
    person: str
    at: dt.datetime
    rung: Rung = Rung.TECHNICAL
    clause: str = ""
    heading: str = ""
    version: int = 0
    words: str = ""
    reason: str = ""


def apply(text: Text, move: Move) -> Text:  # noqa: PLR0911 - one way out for each kind
    """The text after a move. Raises ``UserError`` for what cannot be done, and says why."""
    by = (move.party, move.person)
    match move.kind:
        case Kind.PROPOSE:
            return text.propose(move.clause, move.heading, move.words, by, move.at, rung=move.rung,
                                reason=move.reason)  # fmt: skip
        case Kind.OFFER:
            return text.offer(move.clause, move.version, move.words, by, move.at, rung=move.rung,
                              reason=move.reason)  # fmt: skip
        case Kind.STRIKE:
            return text.strike(move.clause, move.version, by, move.at, rung=move.rung,
                               reason=move.reason)  # fmt: skip
        case Kind.CHOOSE:
            return text.choose(move.clause, move.version, by, move.at, rung=move.rung)
        case Kind.BRIDGE:
            return text.bridge(move.clause, move.words, by, move.at, rung=move.rung,
                               reason=move.reason)  # fmt: skip
        case Kind.ACCEPT | Kind.DECLINE:
            return text.stand(move.clause, move.version, by, move.at, rung=move.rung,
                              accepts=move.kind is Kind.ACCEPT, dissent=move.words)  # fmt: skip
        case Kind.REFER:
            return text.refer(move.rung, by, move.at, reason=move.reason)


def replay(title: str, parties: Sequence[str], moves: Iterable[Move]) -> Text:
    """The text that these moves made, in their order."""
    text = Text(title, tuple(parties))
    for move in moves:
        text = apply(text, move)
    return text
