"""What the law asks of the statements, as dated data (``rules/data/statements.yaml``)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from harvester.domain.periods import parse_year_label
from harvester.rules import parameters

if TYPE_CHECKING:
    from pathlib import Path

FILE = parameters.DATA / "statements.yaml"


@dataclass(frozen=True)
class Section14:
    """Section 14 of one Division of Revenue Act, from the financial year ``first`` begins.

    ``grants`` are the codes it names; ``must_rise`` whether planned spending in integration zones
    must increase every year; ``in_force`` false once the section is gone; ``verified`` whether its
    text was read.
    """

    first: int
    in_force: bool
    reference: str
    grants: tuple[str, ...]
    must_rise: bool
    verified: bool
    says: str


@dataclass(frozen=True)
class Duty:
    """A duty without dated versions: where it stands, what it asks, whether that was read."""

    reference: str
    says: str
    verified: bool


@dataclass(frozen=True)
class StatementRules:
    """The whole file."""

    head: parameters.Head
    sections: tuple[Section14, ...]
    cef: Duty

    def section_of(self, year: int) -> Section14:
        """The section for the financial year that begins in ``year``; the first one before it."""
        told = [section for section in self.sections if section.first <= year]
        return told[-1] if told else self.sections[0]


@cache
def load(path: Path = FILE) -> StatementRules:
    """Read the file. Raises ``ConfigurationError`` when it is broken."""
    found = parameters.read(path)
    sections = sorted((_section(item) for item in found.items("dora_s14")), key=lambda s: s.first)
    cef = parameters.entry(path, "cef", found.body.get("cef"))
    duty = Duty(cef.text("reference"), cef.text("says"), cef.flag("verified"))
    return StatementRules(found.head, tuple(sections), duty)


def _section(item: parameters.Entry) -> Section14:
    first = parse_year_label(item.text("from"))
    if first is None:
        raise parameters.broken(item.path, f"{item.where}.from", "must be a financial year")
    return Section14(
        first,
        item.flag("in_force"),
        item.text("reference"),
        item.texts("grants"),
        item.flag("must_rise"),
        item.flag("verified"),
        item.text("says"),
    )
