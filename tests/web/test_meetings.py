"""Meetings of forums: called, their agenda for each reader, what they decide and what becomes of it."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from harvester.domain.errors import UserError
from harvester.web.actions import decisions, meetings
from harvester.web.actions.acting import Actor
from harvester.web.actions.decisions import DecidedMeanwhileError
from harvester.web.forums import agendas, deciding
from harvester.web.models import (
    AgendaChange,
    Decision,
    DecisionAnswer,
    Event,
    Matter,
    MeetingClosed,
)
from harvester.web.rights import Level, Role
from tests.web import matters
from tests.web.conftest import person_of
from tests.web.forums import FORUM, TODAY, UP, call, decide, declared_dispute, worked_case
from tests.web.matters import client_of, course, done, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> Matter:
    """A case that its owner works."""
    return worked_case()


@pytest.fixture
def declared() -> Matter:
    """A dispute that is privileged."""
    return declared_dispute()


# --- The agenda -----------------------------------------------------------------------------------


def test_the_agenda_is_made_from_open_matters_and_says_why(case: Matter) -> None:
    meeting = call()
    page = Client().get(f"/meetings/{meeting.number}/").content.decode()
    assert case.title in page
    assert "1 item" in page
    assert "Commit to the line in which it is to land" in page
    assert (
        case.title
        not in Client().get(f"/meetings/{call('TECHNICAL:METRO:CPT').number}/").content.decode()
    )


def test_putting_a_case_on_tables_it_by_the_same_action(case: Matter) -> None:
    meeting = call("CBF")
    staff = client_of(matters.secretariat())
    sent = staff.post(f"/meetings/{meeting.number}/agenda/", {"matter": case.number, "put_on": "", "reason": "asked by the chair"})  # fmt: skip
    assert sent.status_code == 302
    assert course(case.number).facts["forum"] == "CBF"
    assert [e.subject for e in Event.objects.order_by("number")][-2:] == [meeting.key, case.key]
    page = staff.get(f"/cases/{case.number}/").content.decode()
    assert "Before the City Budget Forum" in page
    lines = agendas.agenda_of(matters.planner(), meeting, TODAY).lines
    assert [line.shown.matter for line in lines] == [case]
    assert not agendas.agenda_of(matters.planner(), call(), TODAY).lines, "it stands before another"


def test_a_case_tabled_by_its_owner_stands_on_the_agenda_of_that_forum(case: Matter) -> None:
    meeting = call()
    done(send(client_of(matters.planner()), case.number, "table", told_forum=FORUM))
    line = agendas.agenda_of(matters.planner(), meeting, TODAY).lines[0]
    assert line.why.startswith("tabled on")


def test_what_is_taken_off_says_why_and_can_be_put_on_again(case: Matter) -> None:
    meeting = call()
    staff = Actor.of(matters.secretariat())
    meetings.change_agenda(staff, meeting.number, case.number, put_on=False, reason="papers late")
    found = agendas.agenda_of(matters.planner(), meeting, TODAY)
    assert not found.lines
    assert [(off.why, off.taken_off) for off in found.off] == [("papers late", True)]
    meetings.change_agenda(staff, meeting.number, case.number, put_on=True, reason="papers came")
    assert agendas.agenda_of(matters.planner(), meeting, TODAY).lines


def test_what_a_reader_may_not_see_is_on_no_page_of_theirs_nor_counted(case: Matter) -> None:
    """A matter for its parties: on the agenda of those, and nowhere else for anybody."""
    from harvester.web.actions.matters import open_matter

    open_matter(
        Actor.of(matters.planner()), "protocol", title=f"{matters.SECRET} protocol",
        parties=["ETH", "KZN-HS"], known={}, opened=TODAY, level=Level.PARTIES,
    )  # fmt: skip
    meeting = call()
    addresses = [f"/meetings/{meeting.number}/", f"/forums/{FORUM}/", "/forums/", "/decisions/",
                 f"/meetings/{meeting.number}/pack.zip", "/forums/calendar/"]  # fmt: skip
    for who, seen in (
        (Client(), 1), (client_of(matters.planner("CPT", "elsewhere")), 1),
        (client_of(person_of(Role.AUDITOR)), 1), (client_of(matters.planner()), 2),
        (client_of(matters.secretariat()), 2),
    ):  # fmt: skip
        pages = [b"".join(who.get(a)) for a in addresses]
        told = [zipped(p) if p.startswith(b"PK") else p.decode() for p in pages]
        assert any(matters.SECRET in one for one in told) is (seen == 2)
        assert f"{seen} item" in told[0]
        assert len(json.loads(unzipped(pages[4])["pack.json"])["meeting"]["items"]) == seen


def unzipped(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(content: bytes) -> str:
    """Everything a pack says, with what is inside its office files."""
    found = ""
    for name, held in unzipped(content).items():
        found += zipped(held) if held.startswith(b"PK") else held.decode("utf-8", "ignore")
        found += name
    return found


def test_what_became_privileged_is_on_the_agenda_and_in_the_feed_of_nobody_else(
    declared: Matter,
) -> None:
    """A chair who is party keeps it; the secretariat and everybody else see an empty agenda."""
    chair = matters.planner("ETH")
    meeting = call("PCC", chair=chair)
    meetings.change_agenda(
        Actor.of(chair), meeting.number, declared.number, put_on=True, reason=f"{matters.SECRET} 1"
    )
    made = decide(
        meeting, declared.number, chair, words=f"{matters.SECRET} decided", owner="KZN-HS"
    )
    assert made.level == Level.PRIVILEGED
    outsiders = [Client(), client_of(matters.secretariat()), client_of(person_of(Role.AUDITOR)),
                 client_of(matters.planner("CPT")), client_of(matters.official("DCOG"))]  # fmt: skip
    addresses = [f"/meetings/{meeting.number}/", f"/cases/{declared.number}/", "/forums/PCC/", "/decisions/",
                 f"/decisions/{made.token}/", "/decisions/download.json", "/audit/", "/audit/download.jsonl",
                 f"/meetings/{meeting.number}/pack.zip", "/tasks/"]  # fmt: skip
    for who in outsiders:
        for address in addresses:
            content = b"".join(who.get(address))
            told = zipped(content) if content.startswith(b"PK") else content.decode()
            told = told.replace(declared.title, "")
            assert matters.SECRET not in told, address
        assert "Nothing stands on the agenda" in who.get(addresses[0]).content.decode()
        assert who.get(f"/decisions/{made.token}/").status_code == 404
    for who in (chair, matters.official("KZN-HS")):
        assert f"{matters.SECRET} decided" in client_of(who).get(addresses[0]).content.decode()
    with pytest.raises(UserError, match="one who knows of the matter"):
        decide(meeting, declared.number, chair, owner="CPT")
    meetings.close_meeting(Actor.of(chair), meeting.number, held=True, words="Closed.")
    assert "Nothing stands on the agenda" in Client().get(addresses[0]).content.decode()


# --- Who keeps a meeting --------------------------------------------------------------------------


def test_the_secretariat_calls_and_the_chair_keeps_what_they_chair_alone(case: Matter) -> None:
    chair = matters.planner("ETH", "chair")
    mine, other = call(chair=chair), call("CBF")
    assert client_of(chair).get(f"/forums/{FORUM}/call/").status_code == 403
    decide(mine, None, chair)
    for forbidden in (
        lambda: decide(other, None, chair),
        lambda: decide(mine, None, matters.planner("ETH", "colleague")),
        lambda: meetings.call_meeting(Actor.of(chair), FORUM, TODAY + dt.timedelta(9)),
        lambda: meetings.close_meeting(Actor.of(chair), other.number, held=True, words="x"),
        lambda: meetings.note_attendance(Actor.of(chair), other.number, name="x", present=True),
        lambda: meetings.change_agenda(
            Actor.of(chair), other.number, case.number, put_on=False, reason="x"
        ),
    ):
        with pytest.raises(PermissionDenied):
            forbidden()


@pytest.mark.parametrize("role", list(Role))
def test_each_role_before_the_forms_of_a_meeting(role: Role, case: Matter) -> None:
    meeting = call()
    who = Client()
    if role is not Role.PUBLIC:
        who = client_of(person_of(role))
    allowed = role is Role.SECRETARIAT
    page = who.get(f"/meetings/{meeting.number}/").content.decode()
    assert ("Close the meeting" in page) is allowed
    for part, told in (
        ("attendance", {"name": "A", "present": "yes"}),
        ("agenda", {"matter": case.number, "put_on": "no", "reason": "x"}),
        ("decide", {"words": "x", "owner": "ETH", "due": TODAY.isoformat()}),
        ("close", {"held": "yes", "words": "x"}),
    ):
        sent = who.post(f"/meetings/{meeting.number}/{part}/", told)
        refused = sent.status_code == 403 or "/accounts/login/" in sent.headers.get("Location", "")
        assert refused is not allowed, (part, sent.status_code)


def test_a_chair_cannot_reach_a_matter_they_may_not_read() -> None:
    from harvester.web.actions.matters import open_matter

    hidden_one = open_matter(
        Actor.of(matters.planner("CPT", "capetown")), "protocol", title="Theirs",
        parties=["CPT", "WC-HS"], known={}, opened=TODAY, level=Level.PARTIES,
    )  # fmt: skip
    chair = matters.planner("ETH", "chair")
    meeting = call("MTEC", chair=chair)
    for number in (hidden_one.number, 9999):
        with pytest.raises(UserError, match="no such matter, or it is not for you"):
            meetings.change_agenda(Actor.of(chair), meeting.number, number, put_on=True, reason="x")
        with pytest.raises(UserError, match="no such matter, or it is not for you"):
            decide(meeting, number, chair)


def test_a_forum_is_called_once_for_a_day() -> None:
    first = call()
    with pytest.raises(UserError, match="called for that day already"):
        call()
    meetings.close_meeting(
        Actor.of(matters.secretariat()), first.number, held=False, words="No quorum."
    )
    assert call().number == first.number + 1
    page = Client().get(f"/meetings/{first.number}/").content.decode()
    assert "called off" in page
    assert "No quorum." in page


# --- Decisions ------------------------------------------------------------------------------------


def test_a_decision_is_recorded_with_dissent_and_shown_on_the_case(case: Matter) -> None:
    meeting = call()
    staff = client_of(matters.secretariat())
    sent = staff.post(f"/meetings/{meeting.number}/decide/", {
        "matter": case.number, "seen": 0, "words": "eThekwini budgets it in one line.",
        "owner": "ETH", "due": (TODAY + dt.timedelta(20)).isoformat(), "outcome": "decided",
        "to": "", "dissent_of": "KZN-HS", "dissent": "The province has paid half already.",
    })  # fmt: skip
    assert sent.status_code == 302
    page = Client().get(f"/cases/{case.number}/").content.decode()
    assert "eThekwini budgets it in one line." in page
    assert "The province has paid half already." in page
    assert course(case.number).state == "tabled"
    event = Event.objects.filter(action="keep_meeting").order_by("-number").first()
    assert json.loads(event.payload)["dissent"] == ["KZN-HS"]


def test_a_referral_takes_the_case_to_the_other_forum_and_rung(case: Matter) -> None:
    meeting = call()
    decide(meeting, case.number, outcome="referred", to=UP)
    assert [t.step for t in course(case.number).taken][-3:] == ["table", "return", "table"]
    assert course(case.number).facts["forum"] == UP
    up = call(UP)
    line = agendas.agenda_of(matters.planner(), up, TODAY).lines[0]
    assert "referred by the Technical support structure" in line.why or "tabled on" in line.why
    decide(up, case.number, outcome="returned", words="Settled in principle; write it down.")
    assert course(case.number).state == "working"


@pytest.mark.parametrize(
    ("outcome", "steps", "state"),
    [
        ({"outcome": "returned"}, ["table", "return"], "working"),
        ({"outcome": "referred", "to": UP}, ["table", "return", "table"], "tabled"),
    ],
)
def test_a_chair_who_neither_owns_a_case_nor_is_the_secretariat_takes_it_on(
    case: Matter, outcome: dict[str, str], steps: list[str], state: str
) -> None:
    chair = matters.official("DHS", "chair")
    meeting = call(chair=chair)
    done(send(client_of(matters.planner()), case.number, "table", told_forum=FORUM))
    page = (
        client_of(chair).get(f"/meetings/{meeting.number}/?matter={case.number}").content.decode()
    )
    assert "goes back to its owner" in page
    done(client_of(chair).post(f"/meetings/{meeting.number}/decide/", {
        "matter": case.number, "seen": 0, "words": "Budget it in one line.", "owner": "ETH",
        "due": (TODAY + dt.timedelta(30)).isoformat(), **outcome,
    }))  # fmt: skip
    now = course(case.number)
    assert [taken.step for taken in now.taken][-len(steps) :] == steps
    assert {taken.kind for taken in now.taken[-len(steps) + 1 :]} == {"chair"}
    assert now.state == state
    event = Event.objects.filter(action="step_matter").order_by("-number").first()
    assert json.loads(event.payload)["kind"] == "chair"


def test_a_chair_takes_on_only_what_stands_before_the_forum_they_preside(case: Matter) -> None:
    chair = matters.official("DHS", "chair")
    here, up = call(chair=chair), call(UP)
    with pytest.raises(UserError, match="not before a forum"):
        decide(here, case.number, chair, outcome="returned")
    done(send(client_of(matters.planner()), case.number, "table", told_forum=up.forum))
    with pytest.raises(UserError, match="Take it back from the forum"):
        decide(here, case.number, chair, outcome="returned")
    assert course(case.number).state == "tabled"
    assert Decision.objects.count() == 0
    # Off the meeting they have no part in it at all.
    sent = client_of(chair).post(f"/cases/{case.number}/step/", {"step": "return", "told_outcome": "x"})  # fmt: skip
    assert sent.status_code in {400, 403}
    assert course(case.number).state == "tabled"


def test_of_two_who_decide_at_once_the_second_sees_the_first(case: Matter) -> None:
    meeting = call()
    decide(meeting, case.number, seen=0)
    with pytest.raises(DecidedMeanwhileError) as told:
        decide(meeting, case.number, seen=0, words="Something else.")
    assert [one.words for one in told.value.since] == ["Budget it in one line."]
    sent = client_of(matters.secretariat()).post(f"/meetings/{meeting.number}/decide/", {
        "matter": case.number, "seen": 0, "words": "Something else.", "owner": "ETH",
        "due": TODAY.isoformat(), "outcome": "decided",
    })  # fmt: skip
    page = sent.content.decode()
    assert sent.status_code == 400
    assert "Somebody recorded this while you were writing" in page
    assert "Something else." in page
    assert Decision.objects.count() == 1


def test_a_decision_is_answered_with_a_document_or_goes_back_on_the_next_agenda(
    case: Matter,
) -> None:
    old = call(on=TODAY - dt.timedelta(60))
    made = decide(old, None, due=TODAY - dt.timedelta(30), words="Publish the pipeline.")
    coming = call()
    page = client_of(matters.secretariat()).get(f"/meetings/{coming.number}/").content.decode()
    assert "1 earlier decision of this forum past its day" in page
    owner = client_of(matters.planner())
    refused = owner.post(f"/decisions/{made.token}/", {"done": "yes", "words": "Done."})
    assert refused.status_code == 400
    assert "Name the paper or document that shows it." in refused.content.decode()
    sent = owner.post(f"/decisions/{made.token}/", {
        "done": "yes", "words": "It is out.", "shown_by": "BEPP 2019/20, page 12",
    })  # fmt: skip
    assert sent.status_code == 302
    assert DecisionAnswer.objects.get().institution == "ETH"
    assert "earlier decision" not in client_of(matters.secretariat()).get(f"/meetings/{coming.number}/").content.decode()  # fmt: skip
    with pytest.raises(UserError, match="already that it is done"):
        decisions.answer_decision(
            Actor.of(matters.planner()), made, done=True, words="Again.", shown_by="x"
        )


def test_a_decision_on_an_item_may_stand_in_place_of_an_earlier_one_and_take_a_dissent_later(
    case: Matter,
) -> None:
    old = decide(call(on=TODAY - dt.timedelta(9)), case.number)
    meeting = call()
    staff = client_of(matters.secretariat())
    page = staff.get(f"/meetings/{meeting.number}/").content.decode()
    assert "In place of an earlier decision" in page
    sent = staff.post(f"/meetings/{meeting.number}/decide/", {
        "matter": case.number, "seen": 0, "replaces": old.pk, "words": "Two lines then.",
        "owner": "ETH", "due": TODAY.isoformat(), "outcome": "decided",
    })  # fmt: skip
    assert sent.status_code == 302
    new = Decision.objects.get(words="Two lines then.")
    assert new.replaces == old
    address = f"/decisions/{new.token}/dissent/"
    told = {"institution": "KZN-HS", "words": "One line was agreed."}
    assert client_of(matters.planner()).post(address, told).status_code == 403
    assert staff.post(address, told | {"institution": "nobody"}).status_code == 400
    assert staff.post(address, told).status_code == 302
    assert "One line was agreed." in Client().get(f"/decisions/{new.token}/").content.decode()
    meetings.close_meeting(Actor.of(matters.secretariat()), meeting.number, held=True, words="x")
    assert staff.post(address, told).status_code == 400


def test_a_paper_that_shows_it_is_named_by_reference_alone(case: Matter) -> None:
    from harvester.web.actions.papers import add_paper

    planner = matters.planner()
    paper = add_paper(planner, case.key, Level.PARTIES, matters.SECRET, body="x")
    made = decide(call(), case.number)
    told = {"done": "yes", "words": "It is out.", "shown_by": "", "paper": f"paper:{paper.token}"}
    assert client_of(planner).post(f"/decisions/{made.token}/", told).status_code == 302
    page = Client().get(f"/decisions/{made.token}/").content.decode()
    assert f"/papers/{paper.token}/" in page
    assert matters.SECRET not in page
    assert Client().get(f"/papers/{paper.token}/").status_code == 404


@pytest.mark.parametrize("role", list(Role))
def test_each_role_before_an_answer(role: Role, case: Matter) -> None:
    made = decide(call(), case.number)
    who = Client() if role is Role.PUBLIC else client_of(person_of(role))
    told = {"done": "no", "words": "Under way."}
    sent = who.post(f"/decisions/{made.token}/", told)
    assert (sent.status_code == 302) is (role in {Role.SECRETARIAT, Role.PLANNER})


def test_a_decision_anew_replaces_the_old_one() -> None:
    old = call(on=TODAY - dt.timedelta(60))
    made = decide(old, None, due=TODAY - dt.timedelta(30))
    again = decide(call(), None, replaces=made)
    found = {d.decision.pk: d.stands for d in deciding.decisions_of(matters.planner(), TODAY)}
    assert found == {made.pk: "replaced", again.pk: "open"}
    with pytest.raises(UserError, match="replaced already"):
        decide(call(UP), None, replaces=Decision.objects.get(pk=made.pk))


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"words": " "}, "say what was decided"), ({"owner": "NOBODY"}, "no institution"),
        ({"due": TODAY - dt.timedelta(1)}, "due after the meeting"), ({"outcome": "sold"}, "decided, returned"),
        ({"outcome": "referred"}, "to which forum"), ({"outcome": "referred", "to": FORUM}, "no other forum"),
        ({"outcome": "referred", "to": "PIF:ETH"}, "no other forum"), ({"to": UP}, "to which forum"),
        ({"dissents": [("NOBODY", "x")]}, "no institution"), ({"dissents": [("ETH", " ")]}, "in which words"),
    ],
)  # fmt: skip
def test_a_decision_that_cannot_be_is_refused_whole(case: Matter, told: dict, why: str) -> None:
    meeting = call()
    before = Event.objects.count()
    with pytest.raises(UserError, match=why):
        decide(meeting, case.number, **told)
    assert (Decision.objects.count(), Event.objects.count()) == (0, before)


def test_nothing_is_decided_before_the_day_nor_after_the_minutes(case: Matter) -> None:
    coming = call(on=TODAY + dt.timedelta(5))
    with pytest.raises(UserError, match="has not come"):
        decide(coming, None)
    held = call()
    staff = Actor.of(matters.secretariat())
    decide(held, case.number)
    meetings.note_attendance(staff, held.number, name="N. Zulu", institution="ETH", present=True)
    meetings.close_meeting(staff, held.number, held=True, words="As recorded.")
    assert [item["matter"] for item in MeetingClosed.objects.get().agenda] == [case.number]
    for write in (
        lambda: decide(held, None),
        lambda: meetings.note_attendance(staff, held.number, name="Late", present=True),
        lambda: meetings.close_meeting(staff, held.number, held=True, words="again"),
        lambda: meetings.change_agenda(staff, held.number, case.number, put_on=True, reason="x"),
    ):
        with pytest.raises(meetings.ClosedMeetingError):
            write()
    page = Client().get(f"/meetings/{held.number}/").content.decode()
    assert "As recorded." in page
    assert "N. Zulu" not in page, "names are for those who are signed in"
    assert (
        "N. Zulu" in client_of(matters.planner()).get(f"/meetings/{held.number}/").content.decode()
    )
    assert not AgendaChange.objects.exists()


# --- Pages ----------------------------------------------------------------------------------------


def test_the_first_page_tells_the_next_meeting_and_what_is_late() -> None:
    decide(call("CBF", TODAY - dt.timedelta(9)), None, due=TODAY - dt.timedelta(1))
    call("MTEC", TODAY + dt.timedelta(3))
    home = Client().get("/").content.decode()
    assert "Medium-Term Expenditure Committee" in home
    assert "1 decision</b> of forums past its day" in home


def test_every_forum_has_a_page_and_the_list_comes_down(client: Client) -> None:
    from harvester.rules import forums

    listed = client.get("/forums/").content.decode()
    for forum in forums.load():
        assert forum.name in listed.replace("&#x27;", "'")
        assert client.get(f"/forums/{forum.code}/").status_code == 200
    for form in ("csv", "json", "xlsx"):
        for address in ("/forums/download", "/decisions/download"):
            response = client.get(f"{address}.{form}")
            assert response.status_code == 200
            assert b"".join(response.streaming_content)
    assert (
        "MTEC"
        in client.get("/forums/?takes=money&rung=technical&sort=name&q=medium").content.decode()
    )


@pytest.mark.parametrize(
    ("address", "status"),
    [("/forums/NONE/", 404), ("/forums/PIF:ETH/", 404), ("/meetings/99/", 404),
     ("/decisions/none/", 404), ("/forums/?rung=high", 400), ("/forums/calendar/?month=2026-13", 400),
     ("/forums/calendar/?month=banana", 400), ("/forums/calendar/?month=0001-01", 400),
     ("/decisions/?stands=x", 400), ("/forums/download.exe", 404)],
)  # fmt: skip
def test_a_wrong_address_of_a_forum(client: Client, address: str, status: int) -> None:
    assert client.get(address).status_code == status


def test_the_month_shows_law_beside_practice_and_the_meeting(client: Client) -> None:
    call("MTEC", dt.date(2019, 3, 20))
    page = client.get("/forums/calendar/?month=2019-03").content.decode()
    assert "Medium-Term Expenditure Committee" in page
    assert "in practice; MFMA 16(2)" in page
    assert (
        "last day by law; MFMA 16(2)"
        in client.get("/forums/calendar/?month=2019-04").content.decode()
    )
    assert (
        "MFMA 16(2)"
        not in client.get("/forums/calendar/?month=2019-03&calendar=national").content.decode()
    )
