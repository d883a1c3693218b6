"""People's decisions on places: an append-only log, kept as those on links are.

``<home>/granary/decisions/places.jsonl``, one JSON object a line: what a coordinate that cannot be
true was meant to be, or that it is true after all.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from typing import TYPE_CHECKING

from harvester.domain.errors import UserError
from harvester.domain.places import in_south_africa
from harvester.engine.decision_log import ID_LENGTH, LONGEST_NAME, LONGEST_REASON, Lines

if TYPE_CHECKING:
    from pathlib import Path


class PlaceVerdict(StrEnum):
    """What a person can say of a coordinate in doubt."""

    ACCEPTED = "accepted"
    GIVEN = "given"
    AS_PUBLISHED = "as_published"
    MUNICIPALITY = "municipality"
    LEFT_OUT = "left_out"

    @property
    def label(self) -> str:
        """In words."""
        return _LABELS[self]


_LABELS = {
    PlaceVerdict.ACCEPTED: "the proposed point is the place",
    PlaceVerdict.GIVEN: "the place is the point given",
    PlaceVerdict.AS_PUBLISHED: "the place is right as published",
    PlaceVerdict.MUNICIPALITY: "the place is right, the row's municipality is not",
    PlaceVerdict.LEFT_OUT: "the coordinate is no place; the row's words place it",
}


@dataclass(frozen=True)
class PlaceDecision:
    """One decision, as a line of the log. ``at`` is UTC, ISO 8601; ``run`` the harvest looked at.

    ``published`` is the coordinate as its row had it: the decision is about that, and waits when
    the row says something else. ``longitude`` and ``latitude`` are decimal text, empty unless the
    verdict puts the place there; ``metro`` the municipality a verdict puts it in, else empty.
    """

    at: str
    actor: str
    institution: str
    verdict: str
    reason: str
    entry_key: str
    entry: str
    name: str
    published: str
    longitude: str
    latitude: str
    metro: str
    run: str

    @property
    def decision_id(self) -> str:
        """Hash of all it says, so that the same line twice is one decision."""
        told = json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(told.encode()).hexdigest()[:ID_LENGTH]


@dataclass(frozen=True)
class LoggedPlaces:
    """Every decision in order of writing, and what is wrong with lines that cannot be read."""

    decisions: list[PlaceDecision] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """Of what the decisions say, for the digest of a harvest's inputs; empty when none."""
        told = ",".join(decision.decision_id for decision in self.decisions)
        return hashlib.sha256(told.encode()).hexdigest() if told else ""


def made(
    *,
    verdict: str,
    reason: str,
    actor: str,
    institution: str,
    at: dt.datetime,
    run: str,
    entry_key: str,
    entry: str,
    name: str,
    published: str,
    point: tuple[float, float] | None = None,
    metro: str = "",
) -> PlaceDecision:
    """A decision, checked. ``point`` is where the place is; ``at`` must know its time zone.

    Raises ``UserError`` for an unknown verdict, a missing reason, actor or point, or a point
    outside the country.
    """
    if verdict not in set(PlaceVerdict):
        known = ", ".join(PlaceVerdict)
        raise UserError(f"{verdict!r} is not a verdict.", where="verdict", mend=f"One of {known}.")
    reason, actor = reason.strip(), actor.strip()
    if not reason:
        raise UserError(
            "a decision needs a reason.", where="reason", mend="Say in a line how you know."
        )
    if len(reason) > LONGEST_REASON:
        raise UserError(f"a reason has at most {LONGEST_REASON} characters.", where="reason")
    if not actor:
        raise UserError("say who decides.", where="actor", mend="Give a name.")
    if at.tzinfo is None:
        raise UserError("the time of a decision has no time zone.", where="at")
    wants_point = verdict in {PlaceVerdict.ACCEPTED, PlaceVerdict.GIVEN}
    if wants_point and (point is None or not in_south_africa(*point)):
        raise UserError(
            "there is no point in South Africa to put it at.",
            where="longitude, latitude",
            mend="Give both in degrees, such as 31.021 and -29.858.",
        )
    if verdict == PlaceVerdict.MUNICIPALITY and not metro:
        raise UserError("no municipality is known there.", where="verdict", mend="Give the point.")
    return PlaceDecision(
        at=at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        actor=actor[:LONGEST_NAME],
        institution=institution,
        verdict=verdict,
        reason=reason,
        entry_key=entry_key,
        entry=entry,
        name=name,
        published=published,
        longitude=repr(point[0]) if wants_point and point else "",
        latitude=repr(point[1]) if wants_point and point else "",
        metro=metro if verdict == PlaceVerdict.MUNICIPALITY else "",
        run=run,
    )


class PlaceLog:
    """The log under one granary."""

    def __init__(self, root: Path) -> None:
        self._lines = Lines(root / "decisions" / "places.jsonl")

    def append(self, decision: PlaceDecision) -> None:
        """Add one line: whole, synced, never beside another writer's."""
        self._lines.append(asdict(decision))

    def read(self) -> LoggedPlaces:
        """Every decision; one written twice counts once."""
        found: dict[str, PlaceDecision] = {}
        unreadable = []
        for number, told in self._lines.read():
            decision = _parsed(told)
            if decision is None:
                unreadable.append(f"{self._lines.path.name}, line {number}: not a whole decision")
            else:
                found.setdefault(decision.decision_id, decision)
        return LoggedPlaces(list(found.values()), unreadable)


_FIELDS = {f.name for f in fields(PlaceDecision)}


def _parsed(told: object) -> PlaceDecision | None:
    if not isinstance(told, dict) or set(told) != _FIELDS:
        return None
    if not all(isinstance(value, str) for value in told.values()):
        return None
    return PlaceDecision(**told) if told["verdict"] in set(PlaceVerdict) else None
