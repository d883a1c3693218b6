"""A link between two rows settled: a line of the granary's log and an event that holds the same."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import TYPE_CHECKING

from django.utils import timezone

from harvester.linkage.deciding import decide
from harvester.web import permissions
from harvester.web.actions.acting import Actor, act
from harvester.web.rights import Action

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.contrib.auth.models import User

    from harvester.engine.decision_log import Decision
    from harvester.engine.granary import Granary, Harvest


def settle_link(
    person: User,
    granary: Granary,
    harvest: Harvest,
    pair: tuple[str, str],
    rows: Iterable[Mapping[str, object]],
    *,
    verdict: str,
    reason: str,
    at: dt.datetime | None = None,
) -> Decision:
    """Write down what a person says of two rows.

    The line goes to the granary's log inside the transaction: when it cannot be written there is no
    event either. The event names the decision, so ``harvester verify`` finds a line taken out of the
    log. Should the database fail at the very end, the line stands without an event, as the lines of
    ``harvester review`` do.
    """
    when = at or timezone.now()
    with act(
        Actor.of(person),
        Action.SETTLE_LINK,
        f"link:{pair[0]}+{pair[1]}",
        on=permissions.rows_as_subject(rows),
        reason=reason,
        at=when,
    ) as note:
        decision = decide(
            granary,
            harvest,
            pair,
            verdict=verdict,
            reason=reason,
            actor=person.get_username(),
            institution=permissions.institution_of(person),
            at=when.astimezone(dt.UTC),
        )
        note.payload.update({"decision": decision.decision_id, **asdict(decision)})
        del note.payload["reason"]
    return decision
