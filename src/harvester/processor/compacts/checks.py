"""What else the law asks before a protocol is signed: long contracts, transfers, conditional grants.

Each check is a small generator; nothing found means that it is passed. The words, the law and its
mark are data (``rules/data/protocol_contents.yaml``). What is not said is an open check, not a
breach: somebody has to say it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harvester.domain.documents import Sphere
from harvester.domain.money import format_rand
from harvester.domain.periods import Calendar, FinancialYear
from harvester.processor.compacts.protocol import Brings
from harvester.processor.compacts.wording import contribution, fund, name
from harvester.rules import grants, institutions
from harvester.rules.law import contents

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Collection, Iterator

    from harvester.processor.compacts.protocol import Commitment, Contribution, Protocol
    from harvester.rules.law.contents import Check


@dataclass(frozen=True)
class OpenCheck:
    """A check that is not passed: which, whom it concerns, why, and how to pass it."""

    check: Check
    party: str
    why: str

    @property
    def mend(self) -> str:
        """What passes it."""
        return self.check.mend


def open_checks(
    protocol: Protocol, on: dt.date, approved: Collection[str] = frozenset()
) -> tuple[OpenCheck, ...]:
    """Every check that stands open were the protocol agreed on a day.

    ``approved`` are the municipalities whose council approved a long contract under this protocol
    (MFMA 33), as their own procedure records it.
    """
    known = {one.id: one for one in contents.load().checks}
    return tuple(
        OpenCheck(known[check_id], party, why)
        for check_id, check in CHECKS.items()
        for party, why in check(protocol, on, approved)
    )


Found = tuple[str, str]


def _long_contract(protocol: Protocol, on: dt.date, approved: Collection[str]) -> Iterator[Found]:
    """Money of a municipality past the years that its annual budget of the day covers."""
    covered = next(one.years for one in contents.load().checks if one.id == "long_contract")
    first = FinancialYear.containing(on, Calendar.MUNICIPAL).start
    last = FinancialYear(first + covered - 1, Calendar.MUNICIPAL)
    for party in protocol.parties:
        if _sphere(party) is not Sphere.LOCAL or party in approved:
            continue
        brought: list[Contribution | Commitment] = [*protocol.contributions, *protocol.commitments]
        past = [
            one.year.start
            for one in brought
            if one.party == party and one.amount_cents and one.year.start > last.start
        ]
        if past:
            furthest = max(past)
            label = FinancialYear(furthest, Calendar.MUNICIPAL).label
            yield (
                party,
                (
                    f"{name(party)} binds money up to {label}; its budget of the day covers {covered} "
                    f"years, up to {last.label}"
                ),
            )


def _transfer(protocol: Protocol, _: dt.date, __: Collection[str]) -> Iterator[Found]:
    """Funds of a municipality handed to an organisation that is no organ of state, without its
    written assurance."""
    for one in _money(protocol):
        outside = one.paid_to.strip() and not _organ(one.paid_to)
        if outside and _sphere(one.party) is Sphere.LOCAL and not one.assurance.strip():
            yield one.party, f"{name(one.party)} hands money to {one.paid_to}: {contribution(one)}"


def _grant_named(protocol: Protocol, _: dt.date, __: Collection[str]) -> Iterator[Found]:
    """Money of which nobody says from which fund it comes."""
    for one in _money(protocol):
        if grants.known(one.fund) is None:
            said = "no fund" if not one.fund.strip() else f"a fund nobody knows ({one.fund})"
            yield one.party, f"{said} is named for {_amount(one)} of {name(one.party)}"


def _grant_receiver(protocol: Protocol, _: dt.date, __: Collection[str]) -> Iterator[Found]:
    """A grant brought by a party that neither receives nor transfers it."""
    for one in _money(protocol):
        grant = grants.known(one.fund)
        giver = grant.extra.get("transferred_by") if grant else ""
        if grant is None or not giver:
            continue
        receives, sphere = grant.extra.get("received_by", "any"), _sphere(one.party)
        if receives in {"any", str(sphere)} or giver == one.party:
            continue
        yield one.party, f"{fund(one.fund)} goes to the {receives} sphere, not to {name(one.party)}"


def _grant_condition(protocol: Protocol, _: dt.date, __: Collection[str]) -> Iterator[Found]:
    """A conditional grant without the condition under which it is spent.

    Where nobody knows whether a fund has conditions, somebody has to say it.
    """
    for one in _money(protocol):
        grant = grants.known(one.fund)
        conditional = grant is not None and grants.is_conditional(grant)
        if one.condition.strip() or conditional is False:
            continue
        why = f"no condition is named for {_amount(one)} from {fund(one.fund)}"
        if conditional is None:
            why += "; nobody knows whether it has any, so say it, or that it has none"
        yield one.party, why


CHECKS: dict[str, Callable[[Protocol, dt.date, Collection[str]], Iterator[Found]]] = {
    "long_contract": _long_contract,
    "transfer": _transfer,
    "grant_named": _grant_named,
    "grant_receiver": _grant_receiver,
    "grant_condition": _grant_condition,
}
"""Every check by the id of its law."""


def _money(protocol: Protocol) -> list[Contribution]:
    return [one for one in protocol.contributions if one.brings is Brings.MONEY]


def _amount(one: Contribution) -> str:
    return format_rand(one.amount_cents) if one.amount_cents else "money"


def _sphere(party: str) -> Sphere | None:
    found = institutions.load().get(party)
    return found.sphere if found else None


def _organ(named: str) -> bool:
    """Whether whom money is handed to is an institution the book knows, by code or name."""
    book = institutions.load()
    return book.get(named.strip()) is not None or bool(book.resolve(named.strip()))
