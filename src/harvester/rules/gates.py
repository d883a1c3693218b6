"""Gates a project must pass before it may start, with their statutory days, as dated data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from harvester.domain.documents import Sphere
from harvester.rules import parameters

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path


@dataclass(frozen=True)
class Gate:
    """One gate. ``days`` count from ``clock``; ``verified`` whether they were read in the law.

    ``words`` are words of a name that say a project needs it, ``natures`` the natures of
    investment it applies to (none: any); a gate without words is never read out of a name.
    """

    code: str
    label: str
    law: str
    authority: str
    sphere: Sphere
    days: int
    clock: str
    verified: bool
    from_date: dt.date | None
    until: dt.date | None
    words: tuple[str, ...]
    natures: tuple[str, ...]

    @property
    def cited(self) -> str:
        """Its law, as a finding may cite it: what nobody has read says so."""
        return self.law if self.verified else f"{self.law}, not verified"

    def in_force(self, day: dt.date) -> bool:
        """Whether it holds on a day."""
        begun = self.from_date is None or self.from_date <= day
        return begun and (self.until is None or day <= self.until)


@cache
def load(path: Path = parameters.DATA / "gates.yaml") -> dict[str, Gate]:
    """Gates by code. Raises :class:`ConfigurationError` when the file is broken."""
    return {
        code: Gate(
            code,
            item.text("label"),
            item.text("law"),
            item.text("authority"),
            item.choice("sphere", Sphere),
            item.number("days"),
            item.text("clock"),
            item.flag("verified"),
            item.day("from"),
            item.day("until"),
            item.texts("words"),
            item.texts("natures"),
        )
        for code, item in parameters.read(path).mapping("gates").items()
    }
