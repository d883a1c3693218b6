"""Where a matter goes on to when time runs out: the next forum, up a rung, and why. Never twice.

Every cause moves a matter once: a clock that ran out, a decision nobody answered, a meeting that was
held without deciding on it. A matter before no forum goes to officials; where the time is fixed by
law it goes at once to those who answer for them. A matter before a forum goes onward from it. Both
are policy of the working group: no law says that a matter moves by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harvester.processor.forums.bodies import fitting, onward
from harvester.processor.workflow.clocks import Running
from harvester.rules.forums import Of, Rung

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Sequence

    from harvester.processor.forums.bodies import Body
    from harvester.processor.workflow.clocks import Clock


@dataclass(frozen=True)
class Cause:
    """Why a matter goes on. ``id`` tells it from every other; ``by_law`` whether law fixed the time."""

    id: str
    why: str
    on: dt.date
    by_law: bool = False


def causes_of_clocks(matter: str, clocks: Sequence[Clock]) -> tuple[Cause, ...]:
    """A cause for each clock of a matter that has run out and still runs, the first to end first."""
    over = sorted((c for c in clocks if c.stands is Running.OVER), key=lambda c: c.due)
    return tuple(
        Cause(
            f"{matter}|clock|{c.rule.id}|{c.started.isoformat()}",
            f"{c.rule.name}: {'time by law' if c.statutory else 'time'} ran out on {c.due:%-d %B %Y}",
            c.due,
            c.statutory,
        )
        for c in over
    )


def next_body(
    stands: Body | None,
    takes: Collection[str],
    parties: Collection[str],
    causes: Sequence[Cause],
    suited: str = "",
) -> Body | None:
    """The forum a matter goes on to; ``None`` where there is none further.

    ``suited`` is the code of the forum its kind of finding is for: it comes first where it may take
    it, then those of one of the parties, then those of the whole country.
    """
    if stands is not None:
        return next(iter(onward(stands, takes, parties)), None)
    rung = Rung.POLITICAL if any(cause.by_law for cause in causes) else Rung.TECHNICAL
    found = sorted(
        fitting(takes, parties, rung),
        key=lambda body: (body.forum.code != suited, body.forum.of is Of.COUNTRY),
    )
    return next(iter(found), None)
