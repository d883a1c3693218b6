"""Links and places settled: a line of the granary's log, and an event that holds the same.

The line goes to the granary's log inside the transaction: when it cannot be written there is no
event either. The event names the decision, so ``harvester verify`` finds a line taken out of the
log. Should the database fail at the very end, the line stands without an event.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import TYPE_CHECKING

from django.utils import timezone

from harvester.linkage import deciding as links
from harvester.space.doubts import deciding as places
from harvester.web.actions.acting import act
from harvester.web.permissions import OPEN, Subject
from harvester.web.rights import Action, Happening

if TYPE_CHECKING:
    from harvester.engine.decision_log import Decision
    from harvester.engine.granary import Granary, Harvest
    from harvester.engine.place_log import PlaceDecision
    from harvester.web.actions.acting import Actor, Note


def settle_link(
    actor: Actor,
    granary: Granary,
    harvest: Harvest,
    pair: tuple[str, str],
    *,
    verdict: str,
    reason: str,
    name: str,
    institution: str,
    on: Subject = OPEN,
    at: dt.datetime | None = None,
) -> Decision:
    """Write down what ``name``, speaking for ``institution``, says of two rows.

    ``on`` is whose rows they are. Raises as :func:`harvester.linkage.deciding.decide`, and
    ``PermissionDenied``.
    """
    when = at or timezone.now()
    subject = f"link:{pair[0]}+{pair[1]}"
    with act(actor, Action.SETTLE_LINK, subject, on=on, reason=reason, at=when) as note:
        decision = links.decide(
            granary, harvest, pair, verdict=verdict, reason=reason, actor=name,
            institution=institution, at=when.astimezone(dt.UTC),
        )  # fmt: skip
        _tell(note, decision)
    return decision


def settle_place(
    actor: Actor,
    granary: Granary,
    harvest: Harvest,
    mend: str,
    *,
    verdict: str,
    reason: str,
    name: str,
    institution: str,
    point: tuple[float, float] | None = None,
    at: dt.datetime | None = None,
) -> PlaceDecision:
    """Write down what ``name`` says of a place in doubt; for the operator alone.

    Raises as :func:`harvester.space.doubts.deciding.decide`.
    """
    when = at or timezone.now()
    with act(actor, Happening.PLACE_SETTLED, f"place:{mend}", reason=reason, at=when) as note:
        decision = places.decide(
            granary, harvest, mend, verdict=verdict, reason=reason, actor=name,
            institution=institution, at=when.astimezone(dt.UTC), point=point,
        )  # fmt: skip
        _tell(note, decision)
    return decision


def _tell(note: Note, decision: Decision | PlaceDecision) -> None:
    note.payload.update({"decision": decision.decision_id, **asdict(decision)})
    del note.payload["reason"]
