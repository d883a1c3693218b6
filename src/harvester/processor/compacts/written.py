"""A protocol written down so that it can be read back: one canonical text for one protocol.

Two protocols are the same exactly when their texts are; what is kept, hashed and signed is the text.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

from harvester.domain.documents import Document
from harvester.domain.errors import UserError
from harvester.domain.periods import Calendar, FinancialYear
from harvester.processor.compacts.protocol import (
    Brings,
    Challenge,
    Commitment,
    Contribution,
    Protocol,
    Role,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

FORM = 1
"""The form in which a protocol is written; a later one reads this one too."""


def written(protocol: Protocol) -> str:
    """The protocol as JSON with sorted keys and no spaces; amounts are whole cents, days ISO."""
    told = {
        "form": FORM,
        "title": protocol.title,
        "trigger": protocol.trigger,
        "parties": list(protocol.parties),
        "challenges": [{"what": c.what, "response": c.response} for c in protocol.challenges],
        "roles": [{"party": r.party, "what": r.what} for r in protocol.roles],
        "outcomes": list(protocol.outcomes),
        "indicators": list(protocol.indicators),
        "oversight": protocol.oversight,
        "contributions": [_contribution(c) for c in protocol.contributions],
        "commitments": [_commitment(c) for c in protocol.commitments],
        "dispute_clause": protocol.dispute_clause,
        "begins": protocol.begins.isoformat() if protocol.begins else None,
        "ends": protocol.ends.isoformat() if protocol.ends else None,
        "other": protocol.other,
    }
    return json.dumps(
        told, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )


def read(text: str) -> Protocol:
    """The protocol of a text that :func:`written` gave. Raises ``UserError`` for any other text."""
    try:
        told = json.loads(text)
        if told["form"] != FORM:
            raise UserError(f"contents of form {told['form']!r} cannot be read.")
        return _protocol(told)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError(f"these are no contents of a protocol ({error}).") from error


def _protocol(told: Mapping[str, Any]) -> Protocol:
    return Protocol(
        title=str(told["title"]),
        trigger=str(told["trigger"]),
        parties=_texts(told["parties"]),
        challenges=tuple(Challenge(str(c["what"]), str(c["response"])) for c in told["challenges"]),
        roles=tuple(Role(str(r["party"]), str(r["what"])) for r in told["roles"]),
        outcomes=_texts(told["outcomes"]),
        indicators=_texts(told["indicators"]),
        oversight=str(told["oversight"]),
        contributions=tuple(_contribution_of(c) for c in told["contributions"]),
        commitments=tuple(_commitment_of(c) for c in told["commitments"]),
        dispute_clause=str(told["dispute_clause"]),
        begins=_day(told["begins"]),
        ends=_day(told["ends"]),
        other=str(told["other"]),
    )


def _contribution(one: Contribution) -> dict[str, object]:
    return {
        "party": one.party, "brings": str(one.brings), "what": one.what, "year": _year(one.year),
        "cents": one.amount_cents, "fund": one.fund, "condition": one.condition,
        "paid_to": one.paid_to, "assurance": one.assurance,
    }  # fmt: skip


def _contribution_of(told: Mapping[str, Any]) -> Contribution:
    return Contribution(
        str(told["party"]), Brings(told["brings"]), str(told["what"]), _year_of(told["year"]),
        _cents(told["cents"]), str(told["fund"]), str(told["condition"]), str(told["paid_to"]),
        str(told["assurance"]),
    )  # fmt: skip


def _commitment(one: Commitment) -> dict[str, object]:
    return {
        "id": one.id, "party": one.party, "action": one.action, "document": str(one.document),
        "year": _year(one.year), "cents": one.amount_cents, "undertaking": one.undertaking,
        "place": one.place, "new": one.new,
    }  # fmt: skip


def _commitment_of(told: Mapping[str, Any]) -> Commitment:
    return Commitment(
        str(told["id"]), str(told["party"]), str(told["action"]), Document(told["document"]),
        _year_of(told["year"]), _cents(told["cents"]), str(told["undertaking"]),
        str(told["place"]), bool(told["new"]),
    )  # fmt: skip


def _year(year: FinancialYear) -> str:
    return f"{year.calendar}:{year.start}"


def _year_of(told: str) -> FinancialYear:
    calendar, _, start = told.partition(":")
    return FinancialYear(int(start), Calendar(calendar))


def _cents(told: object) -> int | None:
    if told is None:
        return None
    if not isinstance(told, int) or isinstance(told, bool):
        raise TypeError(f"{told!r} is no amount in cents")
    return told


def _day(told: str | None) -> dt.date | None:
    return dt.date.fromisoformat(told) if told else None


def _texts(told: list[object]) -> tuple[str, ...]:
    return tuple(str(one) for one in told)
