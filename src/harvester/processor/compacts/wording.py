"""A protocol in sentences, section by section: what is shown, printed, compared and signed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harvester.domain.money import format_rand
from harvester.domain.periods import Calendar
from harvester.processor.compacts.protocol import Brings
from harvester.rules import codes, institutions
from harvester.rules.law import contents

if TYPE_CHECKING:
    import datetime as dt

    from harvester.domain.periods import FinancialYear
    from harvester.processor.compacts.protocol import (
        Challenge,
        Commitment,
        Contribution,
        Protocol,
    )
    from harvester.rules.law.procedures import Law

BRINGS = {
    Brings.MONEY: "money",
    Brings.LAND: "land",
    Brings.STAFF: "staff",
    Brings.OTHER: "something else",
}


@dataclass(frozen=True)
class Section:
    """One section: its heading, the law that asks for it (``None``: none does), its sentences."""

    field: str
    heading: str
    law: Law | None
    lines: tuple[str, ...]


def sections(protocol: Protocol) -> tuple[Section, ...]:
    """Every section in the order of section 35(3), with what is said in it; empty ones too."""
    law = contents.load()
    asked = {one.field: one for one in law.contents}
    trigger = next((t for t in law.triggers if t.id == protocol.trigger), None)
    told = [
        Section("title", "Title", None, (protocol.title,)),
        Section("parties", "Parties", None, tuple(name(code) for code in protocol.parties)),
        Section("trigger", "Why a protocol is considered", trigger.law if trigger else None,
                (_sentence(trigger.says),) if trigger else ()),
    ]  # fmt: skip
    told += [
        Section(field, asked[field].name, asked[field].law, lines)
        for field, lines in (
            ("challenges", tuple(_challenge(c) for c in protocol.challenges)),
            ("roles", tuple(f"{name(r.party)}: {r.what}" for r in protocol.roles)),
            ("outcomes", protocol.outcomes),
            ("indicators", protocol.indicators),
            ("oversight", _told(protocol.oversight)),
            ("contributions", tuple(contribution(c) for c in protocol.contributions)),
        )
    ]  # fmt: skip
    commitments = tuple(f"{c.id}. {commitment(c)}" for c in protocol.commitments)
    told.append(
        Section("commitments", "Commitments, each with where it must land", None, commitments)
    )
    for field, lines in (
        ("dispute_clause", _told(protocol.dispute_clause)),
        ("duration", _duration(protocol)),
    ):
        told.append(Section(field, asked[field].name, asked[field].law, lines))
    told.append(Section("other", "Other matters", None, _told(protocol.other)))
    return tuple(told)


def contribution(one: Contribution) -> str:
    """What a party brings, in a sentence."""
    said = f"{name(one.party)} brings {BRINGS[one.brings]} in {span(one.year)}: {one.what}"
    if one.brings is Brings.MONEY:
        said += f"; {format_rand(one.amount_cents)}" if one.amount_cents else "; amount not said"
        said += f" from {fund(one.fund)}" if one.fund else "; fund not said"
    said += f"; condition: {one.condition}" if one.condition else ""
    said += f"; paid to {one.paid_to}" if one.paid_to else ""
    said += f"; assurance: {one.assurance}" if one.assurance else ""
    return f"{said}."


def commitment(one: Commitment) -> str:
    """What a party commits to, and where it must show, in a sentence."""
    said = f"{name(one.party)}: {one.action}"
    said += f"; {format_rand(one.amount_cents)}" if one.amount_cents else ""
    said += f"; to land in the {one.document.label}, {span(one.year)}"
    said += f"; project {one.undertaking}" if one.undertaking else "; no project on record yet"
    said += f"; at {one.place}" if one.place else ""
    return f"{said}; {'new' if one.new else 'budgeted already'}."


def span(year: FinancialYear) -> str:
    """A financial year with its calendar: ``2019/20 (July to June)``."""
    months = "July to June" if year.calendar is Calendar.MUNICIPAL else "April to March"
    return f"{year.label} ({months})"


def name(code: str) -> str:
    """An institution's name; the code where the book has none."""
    return institutions.load().name(code)


def fund(code: str) -> str:
    """A fund's label; the code where the list has none."""
    return codes.load("grants").label(code)


def _challenge(one: Challenge) -> str:
    what = one.what.rstrip()
    stop = "" if what.endswith((".", "?", "!")) else "."
    return f"{what}{stop} Response: {one.response or 'none yet'}"


def _told(text: str) -> tuple[str, ...]:
    return tuple(line for line in text.splitlines() if line.strip())


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


def _duration(protocol: Protocol) -> tuple[str, ...]:
    if protocol.begins is None and protocol.ends is None:
        return ()
    return (f"From {_day(protocol.begins)} to {_day(protocol.ends)}.",)


def _day(day: dt.date | None) -> str:
    return f"{day:%-d %B %Y}" if day else "a day not said"
