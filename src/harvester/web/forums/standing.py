"""At which forum a matter stands: where it was tabled, referred or escalated to last."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harvester.processor.forums.bodies import Body, bodies, body_of
from harvester.processor.workflow.clocks import clocks
from harvester.rules import forums
from harvester.rules.forums import Rung
from harvester.web.matters import courses
from harvester.web.matters.rows import Shown
from harvester.web.models import Decision, Escalation, Matter

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

TABLE, RETURN = "table", "return"
CASE, TABLED = "case", "tabled"
BEFORE_A_FORUM = frozenset({"open", "working", TABLED})
"""States of a case in which a forum can take it: later ones wait for a plan or budget."""


@dataclass(frozen=True)
class Standing:
    """Where a matter stands: the forum (none: before none), since which day, and why."""

    body: Body | None = None
    since: dt.date | None = None
    why: str = ""

    @property
    def rung(self) -> Rung:
        """Officials first, then those who answer for them."""
        return self.body.rung if self.body else Rung.TECHNICAL


def body_named(code: str, parties: Iterable[str]) -> Body | None:
    """The body of a code; where only a forum is named that there is one of for each province or
    metro, the one of the parties."""
    found = body_of(code)
    if found is not None:
        return found
    whose = list(parties)
    return next((b for b in bodies() if b.forum.code == code and b.concerns(whose)), None)


def name_of(code: str) -> str:
    """A forum or body in words; the code itself where there is none."""
    found = body_of(code)
    return found.name if found else forums.load().name(code)


def takes_of(one: Shown) -> frozenset[str]:
    """Which matters it is, of those a forum may take."""
    suited = str(one.matter.known.get("forum", ""))
    return forums.load().reading(
        procedure=one.matter.procedure, offering=one.offering, forum=suited
    )


def can_be_tabled(one: Shown) -> bool:
    """Whether a forum can take it now."""
    if not one.whole or one.stands != "open":
        return False
    return one.matter.procedure != CASE or one.course.state in BEFORE_A_FORUM


def standings(found: Iterable[Shown]) -> dict[int, Standing]:
    """Where each of these matters stands, by primary key, in two questions however many they are."""
    shown = list(found)
    keys = [one.matter.pk for one in shown]
    sent = _by_matter(Decision.objects.filter(matter__in=keys).exclude(to=""), "meeting")
    gone = _by_matter(Escalation.objects.filter(matter__in=keys))
    return {
        one.matter.pk: _standing(one, sent[one.matter.pk], gone[one.matter.pk]) for one in shown
    }


def _by_matter(rows: object, *related: str) -> dict[int, list]:
    held: dict[int, list] = defaultdict(list)
    for row in rows.select_related(*related) if related else rows:
        held[row.matter_id].append(row)
    return held


def _standing(one: Shown, sent: list[Decision], gone: list[Escalation]) -> Standing:
    if not can_be_tabled(one):
        return Standing()
    matter = one.matter
    told = []
    for row in list(matter.steps.all())[: len(one.course.taken)]:
        if row.step == TABLE:
            code, why = str(row.told.get("forum", "")), f"tabled on {row.on:%-d %B %Y}"
            told.append((row.at, code, row.on, why))
        elif row.step == RETURN:
            told.append((row.at, "", row.on, ""))
    for decision in sent:
        why = (
            f"referred by the {name_of(decision.meeting.forum)} on {decision.meeting.on:%-d %B %Y}"
        )
        told.append((decision.at, decision.to, decision.meeting.on, why))
    told += [(row.at, row.to, row.on, f"escalated: {row.why}") for row in gone]
    if not told:
        return Standing()
    # What one action records has one time: the decision stands behind the steps it took, and holds.
    _, code, since, why = max(reversed(told), key=lambda entry: entry[0])
    return Standing(body_named(code, matter.parties), since, why) if code else Standing()


def whole_record(as_at: dt.date) -> list[Shown]:
    """Every matter with nothing kept back, for what the system works out. Never shown to anybody."""
    found = []
    for matter in courses.with_steps(Matter.objects.all()):
        course = courses.course_of(matter)
        found.append(Shown(matter, course, whole=True, clocks=clocks(course, as_at)))
    return found
