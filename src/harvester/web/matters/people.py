"""Who a person is in a matter: the kinds of actor of its procedure that they may act as.

The table of rights says whether a person may act in a matter at all; this says as what. Kinds that
belong to an institution follow from who is party (:func:`institutions_as`); the others from the
person: the secretariat's role, ownership of a case, a seat.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harvester.domain.documents import Sphere
from harvester.processor.adjudication import who_convenes
from harvester.processor.adjudication.jurisdiction import MEC, MINISTER
from harvester.processor.workflow.course import Actor
from harvester.rules import institutions
from harvester.web.models import Party, Seat
from harvester.web.permissions import acting_for, standing_of
from harvester.web.rights import Role

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

    from harvester.domain.institutions import Institution
    from harvester.processor.workflow.course import Course, Facts

LOCAL_GOVERNMENT, TREASURY = "COGTA", "TRE"
"""Sectors by which a province's departments are found."""
NATIONAL_LOCAL_GOVERNMENT, NATIONAL_TREASURY = "DCOG", "NT"
SEATED = frozenset({"facilitator", "mediator", "intermediary"})
"""Kinds of actor a seat makes of a person: who sits at a dispute sits there as what it needs."""
OF_EACH_PARTY = frozenset({"party", "organ", "adviser", "authority", "signatory"})
OF_THE_MUNICIPALITY = frozenset({"municipality", "council", "manager"})
OF_THE_LEAD = frozenset({"lead", "drafter", "oversight"})


def kinds_of(
    user: AbstractBaseUser | AnonymousUser, course: Course, seats: frozenset[int]
) -> frozenset[str]:
    """Every kind of actor this person is in a matter; ``seats`` are those who have one at it."""
    if not user.is_authenticated:
        return frozenset()
    standing = standing_of(user)
    if standing.role is Role.AUDITOR or standing.role is Role.PUBLIC:
        return frozenset()
    known = dict(course.procedure.actors)
    found = {kind for kind in known if standing.institution in institutions_as(kind, course)}
    if standing.role is Role.SECRETARIAT:
        found.add("secretariat")
    if user.get_username() in owners(course) or _principal(user) in owners(course):
        found.add("owner")
    if standing.role is Role.FACILITATOR and user.pk in seats:
        found |= SEATED
    return frozenset(found & set(known))


def owners(course: Course) -> frozenset[str]:
    """User names of the owner of a case and the delegate."""
    told = (course.facts.get("owner"), course.facts.get("delegate"))
    return frozenset(str(one) for one in told if one)


def actor_for(
    user: AbstractBaseUser | AnonymousUser, course: Course, seats: frozenset[int]
) -> Actor:
    """The person as an actor of the engine."""
    name = _principal(user) or user.get_username()
    return Actor(name, standing_of(user).institution, kinds_of(user, course, seats))


def seats_of(key: str) -> frozenset[int]:
    """Primary keys of those who have a seat as somebody the mechanism needs."""
    found = Seat.objects.filter(matter=key, capacity__in=SEATED)
    return frozenset(found.values_list("person_id", flat=True))


@dataclass(frozen=True)
class AtTheTable:
    """Institutions that know of a matter; those who sit at it; and of these, as what it needs."""

    parties: frozenset[str]
    sitting: frozenset[int]
    seats: frozenset[int]


def at_the_table(keys: Iterable[str]) -> dict[str, AtTheTable]:
    """Who is at each of these matters, in two questions however many they are."""
    wanted = set(keys)
    parties: dict[str, set[str]] = {key: set() for key in wanted}
    sitting: dict[str, dict[int, str]] = {key: {} for key in wanted}
    for key, code in Party.objects.values_list("matter", "institution"):
        if key in wanted:
            parties[key].add(code)
    for key, person, capacity in Seat.objects.values_list("matter", "person_id", "capacity"):
        if key in wanted:
            sitting[key][person] = capacity
    return {
        key: AtTheTable(
            frozenset(parties[key]),
            frozenset(sitting[key]),
            frozenset(p for p, capacity in sitting[key].items() if capacity in SEATED),
        )
        for key in wanted
    }


def _principal(user: AbstractBaseUser | AnonymousUser) -> str:
    principal = acting_for(user)
    return principal.get_username() if principal else ""


def institutions_as(kind: str, course: Course) -> frozenset[str]:
    """Codes of the institutions whose officials act as this kind in this matter."""
    parties = course.parties
    if kind in OF_EACH_PARTY:
        return frozenset(parties)
    if kind == "court":
        # A court has no account: a party that has its order records it.
        return frozenset(parties)
    if kind in OF_THE_LEAD:
        return frozenset({str(course.facts.get("lead") or parties[0])})
    if kind in OF_THE_MUNICIPALITY:
        return frozenset(code for code in parties if _is_local(code))
    return frozenset(_outside(kind, course))


def _outside(kind: str, course: Course) -> Iterable[str]:
    """Institutions that are no party and have a part by law."""
    if kind == "minister" and course.facts.get("convener") == MINISTER:
        yield NATIONAL_LOCAL_GOVERNMENT
    if kind == "mec" and course.facts.get("convener", MEC) == MEC:
        yield from _departments(course.parties, LOCAL_GOVERNMENT)
    if kind == "national_treasury":
        yield NATIONAL_TREASURY
    if kind == "treasury":
        yield from (NATIONAL_TREASURY, NATIONAL_LOCAL_GOVERNMENT)
        yield from _departments(course.parties, TREASURY)
    if kind == "committee":
        yield NATIONAL_LOCAL_GOVERNMENT
        yield from _departments(course.parties, LOCAL_GOVERNMENT)
        yield from (code for code in course.parties if _is_local(code))


def taking_part(course: Course) -> frozenset[str]:
    """Institutions that a step from the present state is for: what they must know to take it.

    So the Minister's department learns of a dispute when it may convene the parties, not before.
    """
    steps = course.procedure.steps_from(course.state)
    return frozenset(
        code for step in steps for kind in step.by for code in institutions_as(kind, course)
    )


def routing_facts(procedure: str, parties: list[Institution], mechanism: str) -> Facts:
    """Facts of a dispute that follow from who is party and which mechanism comes first."""
    if procedure == "dispute":
        special = mechanism if mechanism and mechanism != "chapter_4" else "none"
        return {"special_mechanism": special, "convener": who_convenes(parties).by}
    if procedure == "financial_dispute":
        is_party = any(party.code == NATIONAL_TREASURY for party in parties)
        return {"treasury_is_party": "true" if is_party else "false"}
    return {}


def _departments(parties: Iterable[str], sector: str) -> set[str]:
    """The department of this sector in each municipality's province, else in each province."""
    book = institutions.load()
    found = [one for code in parties if (one := book.get(code))]
    provinces = {one.province for one in found if one.sphere is Sphere.LOCAL} or {
        one.province or one.code for one in found if one.sphere is Sphere.PROVINCIAL
    }
    served = {book.serving(province, sector) for province in provinces if province}
    return {code for code in served if code}


def _is_local(code: str) -> bool:
    found = institutions.load().get(code)
    return found is not None and found.sphere is Sphere.LOCAL
