"""What tests of forums share: a case being worked, a meeting called, a decision recorded."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from harvester.web.actions import decisions, meetings
from harvester.web.actions.acting import Actor
from tests.web import matters
from tests.web.matters import admit, client_of, done, send

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from harvester.web.models import Decision, Matter, Meeting

TODAY = timezone.localdate()
FORUM, UP = "TECHNICAL:METRO:ETH", "METRO:ETH"


def worked_case() -> Matter:
    """A case that its owner, eThekwini's planner, works."""
    owner = matters.planner()
    made = admit(client_of(matters.secretariat()), owner, matters.official())
    done(send(client_of(owner), made.number, "begin", told_plan="Lay the two lists side by side."))
    return made


def declared_dispute() -> Matter:
    """A dispute of eThekwini and a province's department that was declared, and so is privileged."""
    from tests.web.test_disputes import begin, file

    eth = client_of(matters.planner("ETH"))
    told = {"subject": "other", "agreement_clause": "false"}
    matter = begin(eth, "ETH KZN-HS", f"Houses without a sewer {matters.SECRET}", **told)
    done(send(eth, matter.number, "negotiate", file_issue_sheet=file("sheet.pdf")))
    done(send(eth, matter.number, "log_effort", told_effort="We met.",
              file_effort_record=file("minutes.pdf")))  # fmt: skip
    done(send(eth, matter.number, "declare", file_notice=file("notice.pdf"), text_notice="words",
              file_proof_of_service=file("proof.pdf")))  # fmt: skip
    return matter


def call(forum: str = FORUM, on: dt.date = TODAY, chair: User | None = None) -> Meeting:
    """A meeting called by the secretariat."""
    return meetings.call_meeting(Actor.of(matters.secretariat()), forum, on, chair=chair)


def decide(meeting: Meeting, number: int | None, who: User | None = None, **told: Any) -> Decision:
    """A decision recorded by the secretariat, owed by eThekwini in thirty days unless told."""
    asked = {"words": "Budget it in one line.", "owner": "ETH", "due": TODAY + dt.timedelta(30)}
    actor = Actor.of(who or matters.secretariat())
    return decisions.decide(actor, meeting.number, matter_number=number, **(asked | told))
