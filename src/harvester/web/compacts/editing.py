"""The editor of a protocol's contents: what a person typed, row by row, and the protocol it makes.

What was typed is kept as text until it is saved, so that nothing is lost where something cannot be
read; every mistake is told at once, beside its field.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harvester.domain.documents import Document, Sphere
from harvester.domain.money import CENTS_PER_RAND
from harvester.domain.periods import EARLIEST_YEAR, LATEST_YEAR, FinancialYear, parse_year_label
from harvester.processor.compacts.protocol import (
    DOCUMENTS_OF,
    Brings,
    Challenge,
    Commitment,
    Contribution,
    Protocol,
    Role,
)
from harvester.rules import institutions
from harvester.rules.law import contents
from harvester.sources.values.amounts import parse_amount

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.http import QueryDict

MOST_ROWS = 80
LONGEST = 4_000
LONGEST_TITLE = 200
SINGLE = ("title", "trigger", "outcomes", "indicators", "oversight", "dispute_clause", "begins",
          "ends", "other")  # fmt: skip
ROWS = {
    "challenges": ("what", "response"),
    "roles": ("party", "what"),
    "contributions": ("party", "brings", "what", "year", "amount", "fund", "condition", "paid_to",
                      "assurance"),
    "commitments": ("id", "party", "action", "document", "year", "amount", "undertaking", "place",
                    "new"),
}  # fmt: skip
CHOSEN = frozenset({"id", "party", "brings", "document", "new", "fund"})
"""Fields that have a value in a row nobody has written in."""
_ID = re.compile(r"k[1-9]\d{0,4}")


@dataclass
class Draft:
    """What was typed: single fields by name, rows by section; and what is wrong, by input name."""

    single: dict[str, str]
    rows: dict[str, list[dict[str, str]]]
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def told(self) -> list[tuple[str, str]]:
        """Every mistake with the part of the page where it is."""
        return [(one if one in ROWS else f"f-{one}", what) for one, what in self.errors.items()]

    def wrong(self, name: str, what: str) -> None:
        """Note what is wrong with an input; the first word stands."""
        self.errors.setdefault(name, what)


def draft_of(protocol: Protocol) -> Draft:
    """The contents of a protocol as they are typed, with an empty row where a section has none."""
    single = {
        "title": protocol.title, "trigger": protocol.trigger,
        "outcomes": "\n".join(protocol.outcomes), "indicators": "\n".join(protocol.indicators),
        "oversight": protocol.oversight, "dispute_clause": protocol.dispute_clause,
        "begins": protocol.begins.isoformat() if protocol.begins else "",
        "ends": protocol.ends.isoformat() if protocol.ends else "", "other": protocol.other,
    }  # fmt: skip
    rows = {
        "challenges": [{"what": c.what, "response": c.response} for c in protocol.challenges],
        "roles": [{"party": r.party, "what": r.what} for r in protocol.roles],
        "contributions": [_contribution(c) for c in protocol.contributions],
        "commitments": [_commitment(c) for c in protocol.commitments],
    }
    if not rows["roles"]:
        rows["roles"] = [{"party": party, "what": ""} for party in protocol.parties]
    return Draft(single, {name: told or [blank(name)] for name, told in rows.items()})


def _contribution(one: Contribution) -> dict[str, str]:
    return {
        "party": one.party, "brings": str(one.brings), "what": one.what, "year": one.year.label,
        "amount": rand(one.amount_cents), "fund": one.fund, "condition": one.condition,
        "paid_to": one.paid_to, "assurance": one.assurance,
    }  # fmt: skip


def _commitment(one: Commitment) -> dict[str, str]:
    return {
        "id": one.id, "party": one.party, "action": one.action, "document": str(one.document),
        "year": one.year.label, "amount": rand(one.amount_cents), "undertaking": one.undertaking,
        "place": one.place, "new": "yes" if one.new else "no",
    }  # fmt: skip


def rand(cents: int | None) -> str:
    """An amount as it is typed: ``10 000 000`` or ``10 000 000.50``; empty where there is none."""
    if cents is None:
        return ""
    whole, part = divmod(cents, CENTS_PER_RAND)
    grouped = f"{whole:,}".replace(",", " ")
    return f"{grouped}.{part:02d}" if part else grouped


def blank(section: str) -> dict[str, str]:
    """A row in which nothing is written yet."""
    return dict.fromkeys(ROWS[section], "") | (
        {"new": "yes"} if section == "commitments" else {"brings": "money"}
        if section == "contributions" else {}
    )  # fmt: skip


def typed(post: QueryDict) -> Draft:
    """What a person sent. Rows beyond the most a section holds are told, not dropped silently."""
    single = {name: _clean(post.get(name, "")) for name in SINGLE}
    draft = Draft(single, {})
    for section, fields in ROWS.items():
        told = post.get(f"{section}-rows", "0")
        count = int(told) if told.isascii() and told.isdigit() and len(told) < 4 else 0
        if count > MOST_ROWS:
            draft.wrong(section, f"At most {MOST_ROWS} rows, please.")
        draft.rows[section] = [
            {name: _clean(post.get(f"{section}-{n}-{name}", "")) for name in fields}
            for n in range(min(count, MOST_ROWS))
        ]
        if section == "commitments":
            for n, row in enumerate(draft.rows[section]):
                row["undertaking"] = post.get(f"{section}-{n}-chosen", "") or row["undertaking"]
    return draft


def brought_together(base: Draft, mine: Draft, theirs: Draft) -> tuple[Draft, list[str]]:
    """What two people made of one version, section by section: each section as whoever changed it
    left it; mine where both did, and the names of those."""
    both = []
    made = Draft({}, {})
    for name in SINGLE:
        was, own, other = base.single[name], mine.single[name], theirs.single[name]
        made.single[name] = other if own == was else own
        if was not in {own, other} and own != other:
            both.append(name)
    for name in ROWS:
        was_rows, own_rows, other_rows = (_told(one.rows[name]) for one in (base, mine, theirs))
        chosen = theirs if own_rows == was_rows else mine
        made.rows[name] = [dict(row) for row in chosen.rows[name]]
        if was_rows not in (own_rows, other_rows) and own_rows != other_rows:
            both.append(name)
    return made, both


def _told(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """The rows somebody wrote in."""
    return [r for r in rows if any(value for name, value in r.items() if name not in CHOSEN)]


def _clean(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\x00", "").strip()


def add(draft: Draft, section: str) -> None:
    """One empty row more."""
    if section in ROWS and len(draft.rows[section]) < MOST_ROWS:
        draft.rows[section].append(blank(section))


def remove(draft: Draft, section: str, at: int) -> None:
    """A row less. A commitment that was agreed leaves its number unused."""
    if section in ROWS and 0 <= at < len(draft.rows[section]):
        del draft.rows[section][at]


def protocol_of(
    draft: Draft,
    parties: tuple[str, ...],
    next_number: int,
    exists: Callable[[str], bool],
) -> Protocol | None:
    """The protocol that was typed; ``None`` where something cannot be read: ``draft.errors`` says what.

    Rows nobody wrote in are left out. ``next_number`` is the number of the next new commitment, and
    ``exists`` says whether the harvest has a project of an id. What is missing is no error here: a
    draft may be incomplete, and the page says what it lacks.
    """
    reader = _Reader(draft, parties, next_number, exists)
    single = draft.single
    for name, text in single.items():
        longest = LONGEST_TITLE if name == "title" else LONGEST
        if len(text) > longest:
            draft.wrong(name, f"At most {longest} characters, please.")
    if not single["title"]:
        draft.wrong("title", "Give it a title.")
    if single["trigger"] not in {"", *(one.id for one in contents.load().triggers)}:
        draft.wrong("trigger", "Choose one of these.")
    made = Protocol(
        title=single["title"], parties=parties, trigger=single["trigger"],
        challenges=tuple(Challenge(row["what"], row["response"])
                         for _, row in reader.rows("challenges")),
        roles=tuple(Role(reader.party(n, "roles", row), row["what"])
                    for n, row in reader.rows("roles")),
        outcomes=lines(single["outcomes"]), indicators=lines(single["indicators"]),
        oversight=single["oversight"],
        contributions=tuple(reader.contribution(n, row) for n, row in reader.rows("contributions")),
        commitments=tuple(reader.commitment(n, row) for n, row in reader.rows("commitments")),
        dispute_clause=single["dispute_clause"], begins=reader.day("begins"),
        ends=reader.day("ends"), other=single["other"],
    )  # fmt: skip
    return None if draft.errors else made


def lines(text: str) -> tuple[str, ...]:
    """What stands on each line that is not empty."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


ANY_YEAR = FinancialYear(EARLIEST_YEAR, Sphere.LOCAL.calendar)
"""Stands where a year could not be read; such a protocol is never made."""


@dataclass
class _Reader:
    draft: Draft
    parties: tuple[str, ...]
    next_number: int
    exists: Callable[[str], bool]

    def rows(self, section: str) -> list[tuple[int, Mapping[str, str]]]:
        """The rows somebody wrote in, each with where it stands on the page."""
        told = []
        for n, row in enumerate(self.draft.rows[section]):
            if any(value for name, value in row.items() if name not in CHOSEN):
                told.append((n, row))
            for name, value in row.items():
                if len(value) > LONGEST:
                    self.draft.wrong(f"{section}-{n}-{name}", f"At most {LONGEST} characters.")
        return told

    def party(self, n: int, section: str, row: Mapping[str, str]) -> str:
        if row["party"] not in self.parties:
            self.draft.wrong(f"{section}-{n}-party", "Choose a party.")
        return row["party"]

    def contribution(self, n: int, row: Mapping[str, str]) -> Contribution:
        where = f"contributions-{n}"
        party = self.party(n, "contributions", row)
        try:
            brings = Brings(row["brings"])
        except ValueError:
            self.draft.wrong(f"{where}-brings", "Choose what it brings.")
            brings = Brings.OTHER
        if not row["what"]:
            self.draft.wrong(f"{where}-what", "Say what it is for.")
        return Contribution(
            party, brings, row["what"], self.year(where, party, row["year"]),
            self.amount(where, row["amount"]) if brings is Brings.MONEY else None, row["fund"],
            row["condition"], row["paid_to"], row["assurance"],
        )  # fmt: skip

    def commitment(self, n: int, row: Mapping[str, str]) -> Commitment:
        where = f"commitments-{n}"
        party = self.party(n, "commitments", row)
        if not row["action"]:
            self.draft.wrong(f"{where}-action", "Say what is promised.")
        if row["undertaking"] and not self.exists(row["undertaking"]):
            self.draft.wrong(
                f"{where}-undertaking",
                "No project has this id. Write words of its name and press “Look up”.",
            )
        return Commitment(
            self.number(row["id"]), party, row["action"], self.document(where, party, row["document"]),
            self.year(where, party, row["year"]), self.amount(where, row["amount"]),
            row["undertaking"], row["place"], row["new"] != "no",
        )  # fmt: skip

    def number(self, told: str) -> str:
        """The number a commitment has, or the next that none ever had."""
        if _ID.fullmatch(told) and int(told[1:]) < self.next_number:
            return told
        self.next_number += 1
        return f"k{self.next_number - 1}"

    def document(self, where: str, party: str, told: str) -> Document:
        allowed = DOCUMENTS_OF.get(sphere_of(party) or Sphere.LOCAL, ())
        found = next((one for one in Document if str(one) == told), None)
        if found is None:
            self.draft.wrong(f"{where}-document", "Choose the document it must land in.")
        elif party in self.parties and found not in allowed:
            names = ", ".join(one.label for one in allowed)
            self.draft.wrong(f"{where}-document", f"This party publishes: {names}.")
        return found or Document.BUDGET

    def year(self, where: str, party: str, told: str) -> FinancialYear:
        start = parse_year_label(told)
        if start is None or not EARLIEST_YEAR <= start <= LATEST_YEAR:
            self.draft.wrong(f"{where}-year", "Write a financial year such as 2019/20.")
            return ANY_YEAR
        return FinancialYear(start, (sphere_of(party) or Sphere.LOCAL).calendar)

    def amount(self, where: str, told: str) -> int | None:
        if not told:
            return None
        cents = parse_amount(told).value
        if not isinstance(cents, int) or cents < 0:
            self.draft.wrong(f"{where}-amount", "Write an amount in rand, such as 10 000 000.")
            return None
        return cents

    def day(self, name: str) -> dt.date | None:
        told = self.draft.single[name]
        try:
            return dt.date.fromisoformat(told) if told else None
        except ValueError:
            self.draft.wrong(name, "Write a day as 2019-07-01.")
            return None


def sphere_of(party: str) -> Sphere | None:
    """The sphere of an institution; ``None`` for a code the book does not have."""
    found = institutions.load().get(party)
    return found.sphere if found else None
