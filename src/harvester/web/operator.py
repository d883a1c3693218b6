"""What the operator does at the command line, with its event.

A store that has an audit log gets an event with each decision, file and harvest. One that nobody
ever served has none; there the granary itself is the record.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from harvester.linkage import deciding as links
from harvester.space.doubts import deciding as places
from harvester.web.server import has_log

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from harvester.engine.decision_log import Decision
    from harvester.engine.granary import Granary, Harvest
    from harvester.engine.place_log import PlaceDecision
    from harvester.intake import Ingested


def settle_link(
    granary: Granary,
    harvest: Harvest,
    pair: tuple[str, str],
    *,
    verdict: str,
    reason: str,
    name: str,
    institution: str,
) -> Decision:
    """What ``name`` says of two rows; raises as :func:`harvester.linkage.deciding.decide`."""
    told = {"verdict": verdict, "reason": reason, "institution": institution}
    if not has_log(granary.home):
        return links.decide(granary, harvest, pair, actor=name, at=dt.datetime.now(dt.UTC), **told)
    from harvester.web.actions import settling
    from harvester.web.actions.acting import Actor

    return settling.settle_link(Actor.operator(name), granary, harvest, pair, name=name, **told)


def settle_place(
    granary: Granary,
    harvest: Harvest,
    mend: str,
    *,
    verdict: str,
    reason: str,
    name: str,
    institution: str,
    point: tuple[float, float] | None = None,
) -> PlaceDecision:
    """What ``name`` says of a place; raises as :func:`harvester.space.doubts.deciding.decide`."""
    told = {"verdict": verdict, "reason": reason, "institution": institution}
    if not has_log(granary.home):
        return places.decide(
            granary, harvest, mend, actor=name, at=dt.datetime.now(dt.UTC), point=point, **told
        )
    from harvester.web.actions import settling
    from harvester.web.actions.acting import Actor

    return settling.settle_place(
        Actor.operator(name), granary, harvest, mend, name=name, point=point, **told
    )


def tell_files(home: Path, ingested: Iterable[Ingested]) -> None:
    """Files that were taken in, or refused: an event each, once they are in the store."""
    if not has_log(home):
        return
    from harvester.web.actions import files
    from harvester.web.actions.acting import Actor

    for one in ingested:
        files.tell_file(Actor.operator(), one)


def tell_harvest(home: Path, before: Harvest | None, harvest: Harvest) -> None:
    """A harvest put in service; nothing where it is the one that was in service ``before``."""
    if (before is not None and before.run == harvest.run) or not has_log(home):
        return
    from harvester.web.actions import files
    from harvester.web.actions.acting import Actor

    files.tell_harvest(Actor.operator(), harvest)
