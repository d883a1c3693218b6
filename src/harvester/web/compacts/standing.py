"""Where a protocol's contents stand: the latest version, those in force, what may be written now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harvester.processor.compacts.checks import open_checks
from harvester.processor.compacts.protocol import Protocol, missing_contents, unbound
from harvester.processor.compacts.written import read
from harvester.rules import institutions
from harvester.web.models import CompactVersion, Matter

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence

    from harvester.processor.compacts.checks import OpenCheck
    from harvester.processor.compacts.protocol import Commitment
    from harvester.processor.workflow.course import Course, Facts

PROTOCOL = "protocol"
DRAFTING = frozenset({"needed", "considered", "scoping", "drafted"})
"""States in which contents are written: before the check, and again after an amendment is begun."""
ENDED = frozenset({"not_pursued", "expired", "terminated"})


def latest(matter: Matter) -> CompactVersion | None:
    """The latest version of the contents; ``None`` before the first."""
    return CompactVersion.objects.filter(matter=matter).order_by("-number").first()


def contents_of(matter: Matter, version: CompactVersion | None) -> Protocol:
    """The contents of a version; before the first, a protocol that says its title and parties."""
    if version is not None:
        return read(version.contents)
    considered = matter.steps.filter(step="consider").order_by("number").last()
    told = considered.told.get("trigger") if considered else None
    return Protocol(
        matter.title, tuple(matter.parties), trigger=told if isinstance(told, str) else ""
    )


def worked_out(matter: Matter, course: Callable[[], Course]) -> Callable[[dt.date], Facts]:
    """The facts that the procedure of protocols says are worked out, as they stand on a day.

    Asked of the database when a step asks for them, once for each course.
    """
    held: list[tuple[int, Protocol]] = []

    def facts(on: dt.date) -> Facts:
        if not held:
            version = latest(matter)
            held.append((version.number if version else 0, contents_of(matter, version)))
        ((number, protocol),) = held
        signed = agreed_on(course())
        return {
            "contents_version": number,
            "missing_contents": len(missing_contents(protocol)),
            "open_checks": len(checks_of(matter, protocol, signed or on)),
            "unbound_contributions": len(unbound(protocol)),
        }

    return facts


def checks_of(matter: Matter, protocol: Protocol, on: dt.date) -> tuple[OpenCheck, ...]:
    """Checks that stand open; a long contract approved under this matter closes its own."""
    found = open_checks(protocol, on)
    if any(one.check.id == "long_contract" for one in found):
        return open_checks(protocol, on, approved_long_contracts(matter))
    return found


def approved_long_contracts(matter: Matter) -> frozenset[str]:
    """Municipalities whose council approved a long contract opened under this matter (MFMA 33)."""
    from harvester.web.matters import courses

    book = institutions.load()
    under = Matter.objects.filter(parent=matter, procedure="long_contract")
    return frozenset(
        code
        for one in courses.with_steps(under)
        if courses.course_of(one).state == "approved"
        for code in one.parties
        if (known := book.get(code)) and known.sphere == "local"
    )


def agreed_on(course: Course) -> dt.date | None:
    """The day the last party signed what is now signed or in force; ``None`` while it is drafted."""
    if course.state in DRAFTING or course.state in {"checked", "authorised"}:
        return None
    return max((t.on for t in course.taken if t.step == "sign"), default=None)


def closed_because(course: Course) -> str:
    """Why the contents may not be written now; empty when they may."""
    if course.state not in DRAFTING:
        state = course.procedure.state(course.state).name
        if course.is_over:
            return f"the protocol is over: {state.lower()}"
        signed = course.state in {"signed", "in_force"}
        way = "amend it" if signed else "send it back to drafting"
        return f"the protocol stands at “{state}”: {way} first"
    check = course.procedure.step("check")
    if check is not None and course.state == "drafted":
        done = set(course.parties) - set(course.waiting_for(check))
        if done:
            who = ", ".join(institutions.load().name(code) for code in sorted(done))
            return f"{who} passed these contents in its check: send the protocol back to drafting first"
    return ""


@dataclass(frozen=True)
class InForce:
    """A version that came into force: agreed and begun on which days, and what it says."""

    version: CompactVersion
    contents: Protocol
    agreed_on: dt.date
    begun_on: dt.date


def in_force(course: Course, versions: Sequence[CompactVersion]) -> list[InForce]:
    """Every version that came into force, in order; the last is the one that binds."""
    found = []
    signed: dt.date | None = None
    for number, taken in enumerate(course.taken, start=1):
        if taken.step == "sign":
            signed = max(signed or taken.on, taken.on)
        if taken.step != "begin":
            continue
        held = [one for one in versions if one.steps < number]
        if held:
            found.append(InForce(held[-1], read(held[-1].contents), signed or taken.on, taken.on))
        signed = None
    return found


def binds(course: Course, versions: Sequence[CompactVersion]) -> InForce | None:
    """What binds the parties now; ``None`` before it comes into force and after it ended."""
    if course.state in ENDED:
        return None
    found = in_force(course, versions)
    return found[-1] if found else None


def first_agreed(commitment: Commitment, history: Sequence[InForce]) -> dt.date:
    """The day a commitment was first agreed as it stands: an amendment that leaves it alone does
    not begin its time anew."""
    told = (commitment.party, commitment.document, commitment.year, commitment.new)
    day = history[-1].agreed_on
    for past in reversed(history):
        same = [
            k for k in past.contents.commitments
            if k.id == commitment.id and (k.party, k.document, k.year, k.new) == told
        ]  # fmt: skip
        if not same:
            break
        day = past.agreed_on
    return day
