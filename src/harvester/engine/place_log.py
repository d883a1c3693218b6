"""People's decisions on places: ``<home>/granary/decisions/places.jsonl``, an append-only log.

What a coordinate that cannot be true was meant to be, or that it is true after all.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from harvester.domain.errors import UserError
from harvester.domain.places import in_south_africa
from harvester.engine.append_log import AppendLog, Statement, checked

if TYPE_CHECKING:
    import datetime as dt
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


@dataclass(frozen=True, kw_only=True)
class PlaceDecision(Statement):
    """One decision on a place.

    ``published`` is the coordinate as its row had it: the decision is about that, and waits when
    the row says something else. ``longitude`` and ``latitude`` are decimal text, empty unless the
    verdict puts the place there; ``metro`` the municipality a verdict puts it in, else empty.
    """

    entry_key: str
    entry: str
    name: str
    published: str
    longitude: str
    latitude: str
    metro: str


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
    told = checked(PlaceVerdict, verdict=verdict, reason=reason, actor=actor, at=at)
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
        **told,
        institution=institution,
        entry_key=entry_key,
        entry=entry,
        name=name,
        published=published,
        longitude=repr(point[0]) if wants_point and point else "",
        latitude=repr(point[1]) if wants_point and point else "",
        metro=metro if verdict == PlaceVerdict.MUNICIPALITY else "",
        run=run,
    )


class PlaceLog(AppendLog[PlaceDecision]):
    """The log of places under one granary."""

    def __init__(self, root: Path) -> None:
        super().__init__(root / "decisions" / "places.jsonl", PlaceDecision, PlaceVerdict)
