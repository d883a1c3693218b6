"""The text of an implementation protocol (IGRFA 35), and of any compact that takes its form.

The same form serves a BEPP agreement, a One Plan commitment and a contract under section 33 of the
MFMA: parties, what each brings, what each commits to, and the line in which each commitment must land.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from harvester.domain.documents import Document, Sphere
from harvester.rules.law import contents

if TYPE_CHECKING:
    import datetime as dt

    from harvester.domain.periods import FinancialYear
    from harvester.rules.law.contents import Content


class Brings(StrEnum):
    """What a party contributes."""

    MONEY = "money"
    LAND = "land"
    STAFF = "staff"
    OTHER = "other"


@dataclass(frozen=True)
class Challenge:
    """A challenge and how it is to be addressed; a challenge without a response is not complete."""

    what: str
    response: str


@dataclass(frozen=True)
class Role:
    """What one party is responsible for."""

    party: str
    what: str


@dataclass(frozen=True)
class Contribution:
    """What a party brings in a financial year of its own calendar. ``amount_cents`` of money only.

    ``fund`` is a code of the list of grants; ``condition`` the condition of a grant under which it
    is spent. ``paid_to`` names whom the money is handed to where that is no organ of state, and
    ``assurance`` the written assurance such an organisation gave.
    """

    party: str
    brings: Brings
    what: str
    year: FinancialYear
    amount_cents: int | None = None
    fund: str = ""
    condition: str = ""
    paid_to: str = ""
    assurance: str = ""


@dataclass(frozen=True)
class Commitment:
    """What a party commits to do, and the document and year in which it must show.

    ``document`` is where it must land; ``undertaking`` the real project, empty where it has no
    record yet. ``new`` is true where the line does not stand in a budget already.
    """

    id: str
    party: str
    action: str
    document: Document
    year: FinancialYear
    amount_cents: int | None
    undertaking: str = ""
    place: str = ""
    new: bool = True


@dataclass(frozen=True)
class Protocol:
    """A protocol as drafted. ``begins`` and ``ends`` are its duration; ``None`` where not said.

    ``trigger`` is the reason of section 35(2) for which it is considered; empty where not said.
    """

    title: str
    parties: tuple[str, ...]
    challenges: tuple[Challenge, ...] = ()
    roles: tuple[Role, ...] = ()
    outcomes: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    oversight: str = ""
    contributions: tuple[Contribution, ...] = ()
    commitments: tuple[Commitment, ...] = ()
    dispute_clause: str = ""
    begins: dt.date | None = None
    ends: dt.date | None = None
    other: str = ""
    trigger: str = ""


@dataclass(frozen=True)
class Missing:
    """A content of section 35(3) that is not there, or not whole."""

    content: Content
    why: str


def missing_contents(protocol: Protocol) -> tuple[Missing, ...]:
    """Which contents of section 35(3) a protocol lacks, each with why it does not count as there."""
    found = []
    for content in contents.load().contents:
        why = _lacks(protocol, content.field)
        if why:
            found.append(Missing(content, why))
    return tuple(found)


def _lacks(protocol: Protocol, field: str) -> str:
    """Why a content is not there; empty when it is."""
    if field == "challenges":
        open_ones = "; ".join(c.what for c in protocol.challenges if not c.response.strip())
        nothing = "" if protocol.challenges else "no challenge is named"
        return f"no response to: {open_ones}" if open_ones else nothing
    if field == "roles":
        return _silent(protocol, {r.party for r in protocol.roles if r.what.strip()}, "role for")
    if field == "contributions":
        money = [c for c in protocol.contributions if c.brings is Brings.MONEY]
        unsaid = "; ".join(c.what for c in money if c.amount_cents is None)
        nobody = _silent(protocol, {c.party for c in protocol.contributions}, "contribution of")
        return nobody or (f"no amount of money for: {unsaid}" if unsaid else "")
    if field == "duration":
        if protocol.begins is None or protocol.ends is None:
            return "the first or the last day is not said"
        return "it ends before it begins" if protocol.ends < protocol.begins else ""
    value = getattr(protocol, field)
    told = [value] if isinstance(value, str) else value
    return "" if any(one.strip() for one in told) else "nothing is said"


def _silent(protocol: Protocol, heard: set[str], what: str) -> str:
    silent = [party for party in protocol.parties if party not in heard]
    nobody = "" if protocol.parties else "no party is named"
    return f"no {what} {', '.join(silent)}" if silent else nobody


def unbound(protocol: Protocol) -> tuple[Contribution, ...]:
    """Money contributions that no commitment of that party and year carries into a budget.

    An agreement is in force when it lands; money bound to no line cannot be seen to. Commitments
    that name less than is contributed carry none of it for sure; one that names no amount carries
    what there is.
    """
    money = [c for c in protocol.contributions if c.brings is Brings.MONEY]
    lines = [k for k in protocol.commitments if k.document in BUDGETS]
    return tuple(c for c in money if not _carried(c, money, lines))


def _carried(one: Contribution, money: list[Contribution], lines: list[Commitment]) -> bool:
    """Whether commitments of this party and year name as much as is contributed."""
    named = [k.amount_cents for k in lines if (k.party, k.year) == (one.party, one.year)]
    if not named or None in named:
        return bool(named)
    brought = sum(c.amount_cents or 0 for c in money if (c.party, c.year) == (one.party, one.year))
    return sum(amount or 0 for amount in named) >= brought


DOCUMENTS_OF = {
    Sphere.LOCAL: (Document.PIPELINE, Document.IDP, Document.BUDGET, Document.IN_YEAR),
    Sphere.PROVINCIAL: (
        Document.PROVINCIAL_PROJECTS, Document.INFRASTRUCTURE_PLAN, Document.STRATEGIC_PLAN,
    ),
    Sphere.NATIONAL: (
        Document.NATIONAL_PROJECTS, Document.INFRASTRUCTURE_PLAN, Document.STRATEGIC_PLAN,
    ),
    Sphere.ENTITY: (Document.AGENCY_PROJECTS, Document.STRATEGIC_PLAN),
}  # fmt: skip
"""The documents of its own in which a party of a sphere can let a commitment land."""

BUDGETS = frozenset(
    {
        Document.BUDGET,
        Document.PROVINCIAL_PROJECTS,
        Document.NATIONAL_PROJECTS,
        Document.AGENCY_PROJECTS,
    }
)
"""Documents that appropriate money or list what it is appropriated for."""

__all__ = [
    "BUDGETS", "DOCUMENTS_OF", "Brings", "Challenge", "Commitment", "Contribution", "Missing", "Protocol",
    "Role", "missing_contents", "unbound",
]  # fmt: skip
