"""The ways into each document: when drafts close, when it has force, and what may still enter."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from harvester.domain.documents import Document
from harvester.rules import parameters
from harvester.rules.law import calendar
from harvester.rules.law.procedures import Law

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Door:
    """A way into a document: the events at which drafts close and at which it is adopted.

    ``new`` says whether a project that was not there before may enter by it; ``why`` names it.
    """

    document: Document
    closes: str
    adopted: str
    new: bool
    why: str
    law: Law


@cache
def load(path: Path = parameters.DATA / "doors.yaml") -> tuple[Door, ...]:
    """Every door. Raises :class:`ConfigurationError` when the file is broken or names no event."""
    events = {rule.id for rule in calendar.load()}
    doors = []
    for item in parameters.read(path).whole().items("doors"):
        item.only("document", "closes", "adopted", "new", "why", "reference", "verified")
        door = Door(
            item.choice("document", Document),
            item.text("closes"),
            item.text("adopted"),
            item.flag("new"),
            item.text("why"),
            Law(item.text("reference"), item.flag("verified")),
        )
        if unknown := {door.closes, door.adopted} - events:
            raise parameters.broken(
                path, item.where, f"names no event: {', '.join(sorted(unknown))}"
            )
        doors.append(door)
    return tuple(doors)
