"""Templates of programmes of engagement: base work, milestones on the calendar, stakeholders."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from harvester.rules import forums, parameters
from harvester.rules.law import calendar

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class BaseWork:
    """Technical or administrative work, done within so many months of the start."""

    id: str
    title: str
    months: int
    who: str


@dataclass(frozen=True)
class CalendarStone:
    """A milestone on the ``years``-th occasion of an event of the calendar after the start."""

    id: str
    title: str
    event: str
    years: int
    product: str


@dataclass(frozen=True)
class Stakeholder:
    """Who is engaged, and at which forums (codes; none where it is done one to one)."""

    who: str
    forums: tuple[str, ...]


@dataclass(frozen=True)
class Template:
    """One programme to start from."""

    id: str
    name: str
    base: tuple[BaseWork, ...]
    milestones: tuple[CalendarStone, ...]
    stakeholders: tuple[Stakeholder, ...]


@cache
def load(path: Path = parameters.DATA / "programmes.yaml") -> tuple[Template, ...]:
    """Every template. Raises :class:`ConfigurationError` when the file is broken, or names an event
    or a forum that is not there."""
    events = {rule.id for rule in calendar.load()}
    book = forums.load()
    found = tuple(_template(item) for item in parameters.read(path).whole().items("programmes"))
    for one in found:
        unknown = {m.event for m in one.milestones} - events
        unknown |= {code for s in one.stakeholders for code in s.forums if code not in book}
        if unknown:
            raise parameters.broken(path, one.id, f"names what is not there: {sorted(unknown)}")
    return found


def _template(item: parameters.Entry) -> Template:
    item.only("id", "name", "base", "milestones", "stakeholders")
    return Template(
        item.text("id"),
        item.text("name"),
        tuple(
            BaseWork(b.text("id"), b.text("title"), b.number("months"), b.text("who"))
            for b in (one.only("id", "title", "months", "who") for one in item.items("base"))
        ),
        tuple(
            CalendarStone(m.text("id"), m.text("title"), m.text("event"), m.number("years"), m.text("product"))
            for m in (one.only("id", "title", "event", "years", "product") for one in item.items("milestones"))
        ),
        tuple(
            Stakeholder(s.text("who"), s.texts("forums"))
            for s in (one.only("who", "forums") for one in item.items("stakeholders"))
        ),
    )  # fmt: skip
