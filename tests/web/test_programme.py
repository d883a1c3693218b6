"""The programme of engagement: started from a template, each act recorded, what is late shown."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.test import Client

from harvester.domain.errors import UserError
from harvester.processor.forums.engagement import Stands, promises, season_begins, standing
from harvester.web.actions.acting import Actor
from harvester.web.actions.programmes import record_act, start_programme
from harvester.web.models import Event, Programme, ProgrammeAct
from harvester.web.rights import Role
from tests.web import matters
from tests.web.conftest import person_of
from tests.web.forums import TODAY, call, declared_dispute, worked_case
from tests.web.matters import client_of

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(1)


@pytest.fixture
def programme() -> Programme:
    return start_programme(Actor.of(matters.secretariat()), "proposal", TODAY - 400 * DAY)


def act(programme: Programme, **told: object) -> ProgrammeAct:
    asked = {"kind": "held", "words": "They met.", "on": TODAY - 30 * DAY, "stakeholder": "metros"}
    return record_act(Actor.of(matters.secretariat()), programme.number, **(asked | told))


def test_a_season_is_started_from_its_template_through_the_form() -> None:
    staff = client_of(matters.secretariat())
    sent = staff.post("/programme/", {"template": "season", "year": TODAY.year + 1, "starts": ""})
    assert sent.status_code == 302
    made = Programme.objects.get()
    assert made.starts == dt.date(TODAY.year, 7, 1) == season_begins(TODAY.year + 1)
    stones = {one["id"]: one for one in made.milestones}
    assert stones["adopted"]["on"] == f"{TODAY.year + 1}-06-30"
    assert stones["mtec"]["on"] == f"{TODAY.year}-09-30"
    again = staff.post("/programme/", {"template": "season", "year": TODAY.year + 1, "starts": ""})
    assert again.status_code == 400
    assert "was started for that day already" in again.content.decode()


@pytest.mark.parametrize("role", list(Role))
def test_each_role_before_the_programme(role: Role, programme: Programme) -> None:
    who = Client() if role is Role.PUBLIC else client_of(person_of(role))
    assert who.get(f"/programme/{programme.number}/").status_code == 200
    allowed = role is Role.SECRETARIAT
    sent = who.post(f"/programme/{programme.number}/act/", {
        "seen": 0, "kind": "held", "words": "They met.", "on": TODAY.isoformat(),
        "stakeholder": "metros", "public": "yes",
    })  # fmt: skip
    assert ProgrammeAct.objects.exists() is allowed
    assert (sent.status_code == 302 and "/accounts/" not in sent.headers["Location"]) is allowed
    started = who.post("/programme/", {"template": "season", "year": TODAY.year + 1})
    assert (started.status_code == 302) is allowed


def test_what_was_promised_held_said_and_followed_is_shown_with_what_is_late(
    programme: Programme,
) -> None:
    meeting = call("CBF")
    promise = act(programme, kind="promised", words="Coordinates with the SA36.", due=TODAY - DAY)
    act(programme, meeting=meeting.number)
    act(programme, kind="done", stakeholder="", milestone="concept", words="Adopted.")
    page = Client().get(f"/programme/{programme.number}/").content.decode()
    assert "1 of 7 milestones reached" in page
    assert "1 promise late" in page
    assert f"/meetings/{meeting.number}/" in page
    act(programme, kind="followed", answers=promise.number, words="They came.", on=TODAY)
    page = Client().get(f"/programme/{programme.number}/").content.decode()
    assert "promise late" not in page
    assert "something followed" in page
    assert Event.objects.filter(action="keep_programme").count() == 5
    rows = json.loads(b"".join(Client().get(f"/programme/{programme.number}/download.json")))
    assert {row["kind"] for row in rows} >= {"milestone", "promised", "held", "what followed"}
    for form in ("csv", "xlsx"):
        assert b"".join(Client().get(f"/programme/{programme.number}/download.{form}"))


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"kind": "sold"}, "promised, held"), ({"words": ""}, "say what"), ({"on": TODAY + DAY}, "not come"),
        ({"kind": "promised"}, "has a last day"), ({"due": TODAY}, "has a last day"),
        ({"kind": "promised", "due": TODAY - 60 * DAY}, "after it is made"), ({"stakeholder": "martians"}, "with whom"),
        ({"kind": "done", "milestone": "x"}, "which milestone"), ({"kind": "followed"}, "which act"),
        ({"kind": "followed", "answers": 9}, "which act"), ({"answers": 1}, "only what followed"),
        ({"meeting": 99}, "no meeting"), ({"matter": 99}, "no such matter"), ({"seen": 3}, "while you were writing"),
    ],
)  # fmt: skip
def test_an_act_that_does_not_fit_is_refused(programme: Programme, told: dict, why: str) -> None:
    with pytest.raises(UserError, match=why):
        act(programme, **told)
    assert not ProgrammeAct.objects.exists()


def test_what_is_for_the_secretariat_alone_or_names_a_closed_matter_is_shown_to_no_other(
    programme: Programme,
) -> None:
    case = worked_case()
    act(programme, words="Said in confidence.", open_to_all=False)
    act(programme, words="On the case.", matter=case.number)
    for who in (Client(), client_of(matters.planner()), client_of(person_of(Role.AUDITOR))):
        page = who.get(f"/programme/{programme.number}/").content.decode()
        assert "Said in confidence." not in page
        assert "On the case." in page
        download = b"".join(who.get(f"/programme/{programme.number}/download.csv")).decode()
        assert "Said in confidence." not in download
    assert "Said in confidence." in client_of(matters.secretariat()).get(f"/programme/{programme.number}/").content.decode()  # fmt: skip


def test_the_secretariat_cannot_name_a_matter_that_is_not_for_it(programme: Programme) -> None:
    dispute = declared_dispute()
    with pytest.raises(UserError, match="no such matter, or it is not for you"):
        act(programme, matter=dispute.number)


def test_how_milestones_and_promises_stand() -> None:
    day = dt.date(2018, 9, 30)
    assert standing(day, None, day) is Stands.TO_COME
    assert standing(day, None, day + DAY) is Stands.LATE
    assert standing(day, day + 9 * DAY, day + 3 * DAY) is Stands.LATE, "not yet reached then"
    assert standing(day, day + 9 * DAY, day + 9 * DAY) is Stands.REACHED
    found = promises([(2, day), (1, day - DAY)], [(2, day), (7, day)])
    assert [(p.number, p.stands(day + DAY)) for p in found] == [
        (1, Stands.LATE),
        (2, Stands.REACHED),
    ]
