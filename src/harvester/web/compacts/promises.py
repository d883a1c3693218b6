"""Commitments as a person may know of them: when each can and must land, and what harvests showed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from harvester.processor.compacts.entry import landing
from harvester.web.compacts import standing
from harvester.web.matters import courses
from harvester.web.matters import rows as matter_rows
from harvester.web.models import (
    CommitmentVerdict,
    CompactVersion,
    Matter,
    Replacement,
    VerdictContest,
)
from harvester.web.permissions import Action, visible

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

    from harvester.processor.compacts.entry import Landing
    from harvester.processor.compacts.protocol import Commitment, Protocol
    from harvester.web.matters.rows import Shown

IN_FORCE, DRAFTED, ENDED = "in_force", "drafted", "ended"
STANDS = {IN_FORCE: "in force", DRAFTED: "drafted, not in force", ENDED: "ended"}


@dataclass(frozen=True)
class Replaced:
    """What a party said replaced a commitment, which parties say so, and who has yet to."""

    first: Replacement
    said_by: tuple[str, ...]
    waits_for: tuple[str, ...]


@dataclass(frozen=True)
class Promise:
    """One commitment of one protocol.

    ``agreed`` is the day it was agreed; ``None`` in a draft, whose ``lands`` is told as if it were
    agreed today. ``verdict`` is the latest of ``verdicts``; ``None`` before it was judged.
    """

    matter: Matter
    version: CompactVersion
    commitment: Commitment
    stands: str
    agreed: dt.date | None
    lands: Landing
    verdicts: tuple[CommitmentVerdict, ...] = ()
    contests: tuple[VerdictContest, ...] = ()
    replaced: tuple[Replaced, ...] = field(default=())

    @property
    def verdict(self) -> CommitmentVerdict | None:
        """The latest verdict."""
        return self.verdicts[-1] if self.verdicts else None

    @property
    def late(self) -> bool:
        """Whether the law allows it no earlier than after its own year began."""
        return self.lands.entry is not None and self.lands.entry.late

    @property
    def code(self) -> str:
        """The verdict by its code; ``not_judged`` before the first."""
        return self.verdict.verdict if self.verdict else "not_judged"


@dataclass(frozen=True)
class Compact:
    """A protocol as a person may know of it: every version, the one shown, and its commitments."""

    shown: Shown
    versions: tuple[CompactVersion, ...]
    version: CompactVersion | None
    binding: standing.InForce | None
    contents: Protocol
    promises: tuple[Promise, ...]

    @property
    def is_draft(self) -> bool:
        """Whether what is shown is not what binds."""
        return self.binding is None or self.version != self.binding.version


def compacts(
    user: AbstractBaseUser | AnonymousUser, as_at: dt.date, only: Iterable[Shown] | None = None
) -> list[Compact]:
    """Every protocol this person may know of, in the version that binds, else the latest."""
    known = matter_rows.everything(user, as_at, procedure=standing.PROTOCOL)
    shown = [one for one in (known if only is None else only) if one.whole]
    if not shown:
        return []
    keys = [one.matter.pk for one in shown]
    told = {
        model: _by_matter(visible(user, Action.READ_MATTER, model.objects.all(), by=by), keys, name)
        for model, by, name in _KEPT
    }
    return [_compact(one, told, as_at) for one in shown]


def of_project(
    user: AbstractBaseUser | AnonymousUser, undertaking: str, as_at: dt.date
) -> list[Promise]:
    """What was promised of a project, in protocols this person may know of."""
    return [
        promise
        for compact in compacts(user, as_at)
        for promise in compact.promises
        if promise.commitment.undertaking == undertaking
    ]


def everything(as_at: dt.date) -> list[Compact]:
    """Every protocol there is, for whoever has the command line of the server."""
    matters = courses.with_steps(Matter.objects.filter(procedure=standing.PROTOCOL))
    shown = [
        matter_rows.Shown(one, courses.course_of(one), whole=True, clocks=()) for one in matters
    ]
    keys = [one.matter.pk for one in shown]
    told = {model: _by_matter(model.objects.all(), keys, name) for model, _, name in _KEPT}
    return [_compact(one, told, as_at) for one in shown]


_KEPT: tuple[tuple[Any, str, str], ...] = (
    (CompactVersion, "matter__key", "matter_id"),
    (CommitmentVerdict, "matter__key", "matter_id"),
    (VerdictContest, "verdict__matter__key", "verdict__matter_id"),
    (Replacement, "matter__key", "matter_id"),
)
"""What is kept of a protocol: by which key it is asked whether it may be seen, and which matter's it is."""


def _by_matter(rows: Any, keys: list[int], name: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    if name.startswith("verdict__"):
        rows = rows.select_related("verdict", "paper")
    for row in rows.filter(**{f"{name}__in": keys}):
        found[row.verdict.matter_id if name.startswith("verdict__") else row.matter_id].append(row)
    return found


def _compact(shown: Shown, told: dict[Any, dict[int, list[Any]]], as_at: dt.date) -> Compact:
    matter = shown.matter
    versions = tuple(told[CompactVersion][matter.pk])
    history = standing.in_force(shown.course, versions)
    binding = history[-1] if history and shown.course.state not in standing.ENDED else None
    version = binding.version if binding else (versions[-1] if versions else None)
    contents = binding.contents if binding else standing.contents_of(matter, version)
    made = Compact(shown, versions, version, binding, contents, ())
    if version is None:
        return made
    promises = tuple(_promise(made, one, told, as_at, history) for one in contents.commitments)
    return Compact(shown, versions, version, binding, contents, promises)


def _promise(
    compact: Compact,
    commitment: Commitment,
    told: dict[Any, dict[int, list[Any]]],
    as_at: dt.date,
    history: list[standing.InForce],
) -> Promise:
    shown = compact.shown
    matter = shown.matter
    assert compact.version is not None
    agreed = standing.agreed_on(shown.course)
    if compact.binding is not None:
        agreed = standing.first_agreed(commitment, history)
    stands = ENDED if shown.course.is_over else IN_FORCE if compact.binding else DRAFTED
    verdicts = [v for v in told[CommitmentVerdict][matter.pk] if v.commitment == commitment.id]
    firsts = [
        r
        for r in told[Replacement][matter.pk]
        if r.commitment == commitment.id and not r.confirms_id
    ]
    return Promise(
        matter, compact.version, commitment, stands, agreed, landing(commitment, agreed or as_at),
        tuple(verdicts),
        tuple(c for c in told[VerdictContest][matter.pk] if c.verdict.commitment == commitment.id),
        tuple(_replaced(one, told[Replacement][matter.pk], matter) for one in firsts),
    )  # fmt: skip


def _replaced(first: Replacement, everyone: list[Replacement], matter: Matter) -> Replaced:
    joined = [one.institution for one in everyone if one.confirms_id == first.pk]
    said = tuple(dict.fromkeys([first.institution, *joined]))
    return Replaced(first, said, tuple(p for p in matter.parties if p not in said))
