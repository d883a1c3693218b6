"""What a detector is, and what it yields."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harvester.domain.documents import Sphere
from harvester.wheat import thresholds

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator

    from harvester.alignment.facts import Facts
    from harvester.rules.codes import CodeList
    from harvester.rules.institutions import InstitutionBook
    from harvester.wheat.thresholds import Thresholds


@dataclass(frozen=True)
class Bench:
    """What every detector works with: the facts, who is who, the lists, the thresholds, the day."""

    facts: Facts
    book: InstitutionBook
    grants: CodeList
    statuses: CodeList
    functions: CodeList
    thresholds: Thresholds
    as_at: dt.date

    def finished(self) -> list[str]:
        """Status codes of projects that are done."""
        return [item.code for item in self.statuses if item.extra.get("state") == "done"]

    def givers(self, grant: str, spender_sphere: str) -> set[str]:
        """Who pays a grant over to its spender: institution codes, or a sphere.

        A grant meant for provinces that a municipality spends comes through its province. Empty
        for own money, borrowing, the equitable share, and what is not known.
        """
        if grant in self.thresholds.lists["W10.provincial_transfers"]:
            return {Sphere.PROVINCIAL}
        known = self.grants.get(grant)
        giver = known.extra.get("transferred_by", "") if known else ""
        receiver = known.extra.get("received_by", "any") if known else "any"
        if not giver or receiver == "any":
            return set()
        through = receiver == Sphere.PROVINCIAL and spender_sphere == Sphere.LOCAL
        return {giver, Sphere.PROVINCIAL} if through else {giver}


@dataclass(frozen=True)
class Shown:
    """What to show as evidence; the stage finds the cells.

    ``kind``: ``field`` the cell of ``field`` of an entry; ``plan`` its plan amounts; ``spending``
    its budget, adjusted and actual amounts of the year ``field``; ``searched`` a submission in
    which something is absent; ``nothing`` that nothing came at all.
    """

    kind: str
    note: str
    entry_id: str = ""
    submission_id: str = ""
    field: str = ""


def name_of(entry_id: str, note: str) -> Shown:
    """The cell with an entry's name."""
    return Shown("field", note, entry_id=entry_id, field="name")


def plan_of(entries: list[str], note: str) -> list[Shown]:
    """The cells with the plan amounts of entries."""
    return [Shown("plan", note, entry_id=entry_id) for entry_id in entries]


def absent_from(submissions: list[str], note: str) -> list[Shown]:
    """The submissions that were searched without finding it."""
    return [Shown("searched", note, submission_id=s) for s in submissions]


@dataclass(frozen=True)
class Draft:
    """One finding as a detector yields it; the stage adds its title, offering and forum.

    ``about`` makes the key: ``W01`` about ``(undertaking, year)`` is ``W01:<undertaking>:<year>``.
    Money in cents; ``None`` is unknown. ``confidence`` is that the finding is true, 0 to 1.
    ``severity`` only where it does not follow from the rand at stake, ``people`` only where those in
    reach do not follow from where the undertaking lies.
    """

    about: tuple[str, ...]
    statement: str
    metro: str
    year: str
    parties: tuple[str, ...]
    rand: int | None
    rand_low: int | None
    rand_high: int | None
    confidence: float
    evidence: list[Shown] = field(default_factory=list)
    undertaking_id: str = ""
    function: str = "unknown"
    severity: str = ""
    people: int | None = None


@dataclass(frozen=True)
class Detector:
    """One detector, declared once: a small generator and the words that go with it, which are data.

    ``offering`` is the offering of the processor that suits (agreements, compacts, finance,
    learning), ``forum`` the code of the forum that can take it, ``source`` why it is looked for.
    Nothing yielded means all is well.
    """

    id: str
    title: str
    question: str
    offering: str
    forum: str
    source: str
    function: Callable[[Bench], Iterator[Draft]]


def declared(detector_id: str, function: Callable[[Bench], Iterator[Draft]]) -> Detector:
    """A detector with its words of ``rules/data/detectors.yaml``."""
    return Detector(detector_id, **thresholds.load().words[detector_id], function=function)
