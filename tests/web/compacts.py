"""What tests of compacts share: a whole protocol, and one drafted, signed or in force."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from harvester.domain.documents import Document
from harvester.domain.periods import Calendar, FinancialYear
from harvester.processor.compacts.protocol import (
    Brings,
    Challenge,
    Commitment,
    Contribution,
    Protocol,
    Role,
)
from harvester.web.actions.acting import Actor
from harvester.web.actions.compacts import save_version
from harvester.web.actions.editions import lay_out, seal_for
from harvester.web.actions.matters import NewPaper, open_matter, take_step
from harvester.web.models import Matter
from harvester.web.rights import Level
from tests.web import country

if TYPE_CHECKING:
    from django.contrib.auth.models import User

CITY_18, CITY_19 = (FinancialYear(start, Calendar.MUNICIPAL) for start in (2018, 2019))
STATE_19 = FinancialYear(2019, Calendar.NATIONAL)
AGREED = dt.date(2018, 1, 15)
WHOLE = Protocol(
    "Sewer first, houses after", ("ETH", "KZN-HS"), trigger="service_in_area",
    challenges=(Challenge("No bulk sewer", "The city builds it first"),),
    roles=(Role("ETH", "bulk services"), Role("KZN-HS", "houses")),
    outcomes=("1 200 houses that can be lived in",), indicators=("houses occupied",),
    oversight="Each quarter at the metropolitan forum",
    contributions=(
        Contribution("ETH", Brings.MONEY, "bulk sewer", CITY_18, 45_000_000_00, "USDG", "Bulk services"),
        Contribution("KZN-HS", Brings.STAFF, "project office", STATE_19),
    ),
    commitments=(
        Commitment("k1", "ETH", "Build the outfall sewer", Document.BUDGET, CITY_18, 45_000_000_00,
                   country.CORNUBIA, "Cornubia"),
        Commitment("k2", "KZN-HS", "Build 1 200 houses", Document.PROVINCIAL_PROJECTS, STATE_19,
                   300_000_000_00, country.CORNUBIA),
        Commitment("k3", "ETH", "Buy the land", Document.IDP, CITY_18, None),
    ),
    dispute_clause="Facilitation first", begins=dt.date(2018, 7, 1), ends=dt.date(2021, 6, 30),
)  # fmt: skip


def opened(by: User, on: dt.date = AGREED) -> Matter:
    return open_matter(
        Actor.of(by), "protocol", title=WHOLE.title, parties=WHOLE.parties, known={}, opened=on,
        level=Level.PARTIES,
    )  # fmt: skip


def step(by: User, number: int, name: str, *kinds: str, on: dt.date = AGREED, **told: Any) -> None:
    papers = [NewPaper(kind, kind, body="as agreed") for kind in kinds]
    take_step(Actor.of(by), number, name, on=on, told=told, papers=papers)


def drafted(people: tuple[User, User], protocol: Protocol = WHOLE) -> Matter:
    """A protocol whose contents are written and that is drafted."""
    metro, _ = people
    matter = opened(metro)
    save_version(Actor.of(metro), matter.number, protocol, seen=0)
    step(metro, matter.number, "consider", "consultation_record", trigger="agreed",
         consulted=["KZN-HS"])  # fmt: skip
    step(metro, matter.number, "draft", "draft")
    return matter


def signed(people: tuple[User, User], number: int, on: dt.date = AGREED) -> None:
    for name, paper in (("check", "opinion"), ("authorise", "authorisation")):
        for person in people:
            step(person, number, name, paper, on=on)
    edition = lay_out(Actor.of(people[0]), Matter.objects.get(number=number))
    for person in people:
        sealed = seal_for(Actor.of(person), edition, confirmed="password")
        paper = NewPaper("signed_text", "Signed", file_name="s.pdf", content=sealed.content)
        take_step(Actor.of(person), number, "sign", on=on, papers=[paper])


def in_force(people: tuple[User, User], protocol: Protocol = WHOLE) -> Matter:
    matter = drafted(people, protocol)
    signed(people, matter.number)
    step(people[0], matter.number, "begin")
    return matter
