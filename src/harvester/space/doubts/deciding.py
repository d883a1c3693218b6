"""Writing down what a person said of a place in doubt in the harvest in service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc

from harvester.domain.errors import UserError
from harvester.engine.place_log import PlaceDecision, PlaceVerdict, made
from harvester.linkage.deciding import side_of

if TYPE_CHECKING:
    import datetime as dt

    from harvester.engine.granary import Granary, Harvest


def mend_of(harvest: Harvest, mend_id: str) -> dict[str, Any]:
    """One row of the mends of a harvest, by its id or a beginning of it that no other has.

    Raises ``UserError`` when there is none, or several.
    """
    rows = harvest.table("mends")
    found = rows.filter(pc.starts_with(rows["mend_id"], mend_id.strip())).to_pylist()
    if not mend_id.strip() or len(found) != 1:
        raise UserError(
            f"{len(found)} places in doubt have an id that begins with {mend_id!r}.",
            mend="`harvester places list` shows them.",
        )
    row: dict[str, Any] = found[0]
    return row


def decide(
    granary: Granary,
    harvest: Harvest,
    mend_id: str,
    *,
    verdict: str,
    reason: str,
    actor: str,
    institution: str,
    at: dt.datetime,
    point: tuple[float, float] | None = None,
) -> PlaceDecision:
    """Record a decision on a place in doubt; the next harvest does it.

    ``point`` (longitude, latitude) is for ``given``; ``accepted`` takes the proposed one. Raises
    ``UserError`` for a place that is not there, or a decision that is not whole (see
    :func:`harvester.engine.place_log.made`).
    """
    row = mend_of(harvest, mend_id)
    if verdict == PlaceVerdict.ACCEPTED:
        if row["longitude"] is None:
            raise UserError(
                "there is no proposal to accept.", where=row["mend_id"],
                mend="Give the place: `--verdict given --point 'LON LAT'`, or another verdict.",
            )  # fmt: skip
        point = (row["longitude"], row["latitude"])
    decision = made(
        verdict=verdict,
        reason=reason,
        actor=actor,
        institution=institution,
        at=at,
        run=harvest.run,
        entry_key=side_of(harvest, row["entry_id"]).entry_key,
        entry=row["entry_id"],
        name=row["name"],
        published=row["published"],
        point=point,
        metro=row["found"],
    )
    granary.places.append(decision)
    return decision
