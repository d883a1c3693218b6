"""What the clock does at night: matters go on when time runs out, people are written to, once."""

from __future__ import annotations

import datetime as dt
import re
from io import StringIO
from typing import TYPE_CHECKING

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client

from harvester.rules.law.periods import is_working_day
from harvester.web.actions import decisions, escalating, meetings, reminding, telling
from harvester.web.actions.acting import Actor
from harvester.web.actions.answers import SpentLinkError, WrongLinkError
from harvester.web.forums import agendas
from harvester.web.models import (
    DecisionAnswer,
    Escalation,
    Event,
    Matter,
    MatterStep,
    Reminder,
    ReminderOutcome,
    ReplyLink,
    ReplyUse,
)
from harvester.web.rights import Role
from tests.web import matters
from tests.web.conftest import person_of
from tests.web.forums import FORUM, TODAY, UP, call, decide, declared_dispute, worked_case
from tests.web.matters import client_of

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django.fixtures import SettingsWrapper

pytestmark = pytest.mark.django_db
LATER = TODAY + dt.timedelta(days=70)
"""Past the sixty days a case may be worked."""


@pytest.fixture
def case() -> Matter:
    return worked_case()


def weekday(day: dt.date) -> dt.date:
    """A working day from a day on whose next day is one too, in the same week."""
    while not (day.weekday() < 4 and is_working_day(day) and is_working_day(day + dt.timedelta(1))):
        day += dt.timedelta(1)
    return day


# --- Escalation -----------------------------------------------------------------------------------


def test_a_silent_owner_s_case_goes_to_officials_and_doing_it_again_changes_nothing(
    case: Matter,
) -> None:
    assert escalating.escalate(TODAY) == []
    (made,) = escalating.escalate(LATER)
    assert (made.matter, made.to) == (case, "CBF"), "the forum its kind of finding is for"
    assert "A forum, an agreement or a hand-over: time ran out" in made.why
    event = Event.objects.order_by("-number").first()
    assert (event.actor, event.action, event.subject) == ("system", "escalated", case.key)
    events = Event.objects.count()
    assert escalating.escalate(LATER) == escalating.escalate(LATER + dt.timedelta(9)) == []
    assert (Escalation.objects.count(), Event.objects.count()) == (1, events)
    page = client_of(matters.planner()).get(f"/cases/{case.number}/").content.decode()
    assert "Escalated because time ran out" in page
    for who in (matters.planner(), matters.secretariat()):
        told = client_of(who).get("/tasks/").content.decode()
        assert "went on because time ran out" in told
    line = agendas.agenda_of(matters.planner(), call("CBF"), TODAY).lines[0]
    assert line.why.startswith("escalated: ")


def test_an_unanswered_decision_goes_up_to_those_who_answer_for_it(case: Matter) -> None:
    meeting = call()
    made = decide(meeting, case.number, due=TODAY + dt.timedelta(3))
    assert escalating.escalate(TODAY + dt.timedelta(3)) == []
    (gone,) = escalating.escalate(TODAY + dt.timedelta(4))
    assert (gone.decision, gone.to) == (made, UP)
    assert escalating.escalate(TODAY + dt.timedelta(5)) == []


def test_an_answered_decision_goes_nowhere(case: Matter) -> None:
    made = decide(call(), case.number, due=TODAY + dt.timedelta(3))
    decisions.answer_decision(
        Actor.of(matters.planner()), made, done=True, words="Done.", shown_by="Budget, row 118"
    )
    assert escalating.escalate(TODAY + dt.timedelta(4)) == []


def test_a_forum_that_met_and_decided_nothing_passes_it_up_one_rung_a_time(case: Matter) -> None:
    (first,) = escalating.escalate(LATER)
    assert first.to == "CBF"
    staff = Actor.of(matters.secretariat())
    meeting = call("CBF", LATER + dt.timedelta(1))
    at = dt.datetime.combine(meeting.on, dt.time(12), dt.UTC)
    meetings.close_meeting(staff, meeting.number, held=True, words="Nothing on it.", at=at)
    (second,) = escalating.escalate(meeting.on)
    assert second.why.endswith("decided nothing on it")
    assert second.to == UP
    assert escalating.escalate(meeting.on) == []


def test_what_is_over_or_put_off_goes_nowhere(case: Matter) -> None:
    meeting = call()
    decide(meeting, case.number)
    from tests.web.matters import done, send

    done(send(client_of(matters.planner()), case.number, "agree", text_agreement="Agreed so."))
    assert escalating.escalate(LATER) == []


def test_an_escalated_privileged_matter_is_told_to_nobody_else() -> None:
    dispute = declared_dispute()
    made = escalating.escalate(TODAY + dt.timedelta(400))
    assert {row.level for row in made} <= {"privileged"}
    for who in (Client(), client_of(matters.secretariat()), client_of(matters.planner("CPT"))):
        for address in ("/forums/PCC/", "/tasks/", "/decisions/", f"/cases/{dispute.number}/"):
            assert "Escalated because" not in who.get(address).content.decode()


# --- Reminders ------------------------------------------------------------------------------------


def due_soon(day: dt.date) -> None:
    """Something of eThekwini's that is due by a day."""
    decide(call(on=TODAY), None, words="Publish the pipeline.", due=max(day, TODAY))


def letters() -> list[str]:
    return [f"{one.subject}\n{one.body}" for one in mail.outbox]


def test_one_letter_a_day_with_what_is_due_and_a_second_run_sends_none() -> None:
    planner = matters.planner()
    day = weekday(TODAY)
    due_soon(day)
    assert reminding.remind(day).sent >= 1
    (mine,) = [one for one in mail.outbox if one.to == [planner.email]]
    assert "Publish the pipeline." in mine.body
    assert "/reply/" in mine.body
    sent = len(mail.outbox)
    again = reminding.remind(day)
    assert (again.sent, again.failed, len(mail.outbox)) == (0, 0, sent)
    assert Reminder.objects.filter(person=planner).count() == 1
    assert [o.outcome for o in ReminderOutcome.objects.filter(reminder__person=planner)] == ["sent"]


def test_nobody_is_written_to_on_a_sunday_or_when_nothing_is_due() -> None:
    matters.planner()
    due_soon(TODAY)
    sunday = TODAY + dt.timedelta(6 - TODAY.weekday())
    assert reminding.remind(sunday).sent == 0
    assert mail.outbox == []


@pytest.mark.parametrize(("how", "sent"), [("daily", 2), ("weekly", 1), ("none", 0)])
def test_a_person_chooses_how_often(how: str, sent: int) -> None:
    planner = matters.planner()
    chosen = client_of(planner).post("/account/telling/reminders/", {"how": how})
    assert chosen.status_code == 302
    day = weekday(TODAY)
    due_soon(day)
    for one in (day, day + dt.timedelta(1)):
        reminding.remind(one)
    assert len([one for one in mail.outbox if one.to == [planner.email]]) == sent


def test_a_letter_that_is_not_taken_is_recorded_and_tried_again_three_times(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    planner = matters.planner()
    day = weekday(TODAY)
    due_soon(day)

    def broken(*_: object, **__: object) -> int:
        raise ConnectionRefusedError("nobody answers at port 587")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", broken)
    for _ in range(5):
        reminding.remind(day)
    rows = ReminderOutcome.objects.filter(reminder__person=planner)
    assert [(o.outcome, "nobody answers" in o.said) for o in rows] == [("failed", True)] * 3
    page = client_of(matters.secretariat()).get("/tasks/").content.decode()
    assert "did not arrive" in page
    assert "nobody answers at port 587" in page
    assert "did not arrive" not in client_of(planner).get("/tasks/").content.decode()


def test_a_letter_cut_off_before_its_outcome_is_never_sent_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    planner = matters.planner()
    day = weekday(TODAY)
    due_soon(day)

    def killed(*_: object, **__: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("django.core.mail.EmailMessage.send", killed)
    with pytest.raises(KeyboardInterrupt):
        reminding.remind(day)
    monkeypatch.undo()
    reminding.remind(day)
    assert not [one for one in mail.outbox if one.to == [planner.email]]
    assert Reminder.objects.filter(person=planner, outcomes=None).count() == 1


def test_a_bounce_is_recorded_by_command() -> None:
    planner = matters.planner()
    day = weekday(TODAY)
    due_soon(day)
    reminding.remind(day)
    call_command(
        "note_bounce", planner.email.upper(), "--said", "550 no such user", stdout=StringIO()
    )
    assert "550 no such user" in client_of(planner).get("/account/telling/").content.decode()
    with pytest.raises(CommandError):
        call_command("note_bounce", "stranger@sample.invalid")


def test_what_is_privileged_is_only_a_matter_of_yours_in_a_letter() -> None:
    dispute = declared_dispute()
    chair = matters.planner("ETH")
    meeting = call("PCC", chair=chair)
    meetings.change_agenda(Actor.of(chair), meeting.number, dispute.number, put_on=True, reason="x")
    decide(meeting, dispute.number, chair, words=f"{matters.SECRET} decided", owner="KZN-HS",
           due=TODAY)  # fmt: skip
    reminding.remind(weekday(TODAY + dt.timedelta(120)))
    told = "\n".join(letters())
    assert matters.SECRET not in told
    assert "A matter of yours" in told
    assert dispute.key not in told
    assert not ReplyLink.objects.exclude(decision=None).exists()


# --- Replies --------------------------------------------------------------------------------------


def reply_address() -> str:
    planner = matters.planner()
    day = weekday(TODAY)
    due_soon(day)
    reminding.remind(day)
    (mine,) = [one for one in mail.outbox if one.to == [planner.email]]
    return re.search(r"http://localhost:8000(/reply/\S+)", mine.body)[1]


def test_a_reply_through_the_letter_answers_once_without_signing_in() -> None:
    address = reply_address()
    guest = Client()
    page = guest.get(address).content.decode()
    assert "Publish the pipeline." in page
    told = {"done": "yes", "words": "It is out.", "shown_by": "BEPP, page 12"}
    assert guest.post(address, told | {"shown_by": ""}).status_code == 400
    assert ReplyUse.objects.count() == 0
    assert guest.post(address, told).status_code == 200
    answer = DecisionAnswer.objects.get()
    assert (answer.by, answer.institution, answer.done) == (matters.planner(), "ETH", True)
    assert guest.get(address).status_code == 410
    assert guest.post(address, told).status_code == 410
    assert DecisionAnswer.objects.count() == 1


def test_a_reply_link_expires_and_cannot_be_made_up() -> None:
    address = reply_address()
    signed = address.split("/")[2]
    link = telling.opened(signed, TODAY)
    with pytest.raises(SpentLinkError, match="could be used up to"):
        telling.opened(signed, link.last_day + dt.timedelta(1))
    with pytest.raises(WrongLinkError):
        telling.opened(signed[:-2], TODAY)
    assert Client().get(f"/reply/{signed[:-2]}/").status_code == 404
    person = link.person
    person.is_active = False
    person.save()
    assert Client().get(address).status_code == 410


def test_a_party_answers_a_case_from_a_letter(case: Matter) -> None:
    official = matters.official()
    day = weekday(TODAY + dt.timedelta(70))
    reminding.remind(day)
    link = ReplyLink.objects.get(person=official, matter=case)
    address = f"/reply/{telling.signed(link)}/"
    assert Client().post(address, {"words": "Four years."}).status_code == 200
    assert MatterStep.objects.get(step="answer").person == official


# --- The command ----------------------------------------------------------------------------------


@pytest.fixture
def own_home(tmp_path: Path, settings: SettingsWrapper) -> None:
    """A home of its own, where heads of the log are noted."""
    settings.HARVESTER_HOME = tmp_path


@pytest.mark.usefixtures("own_home")
def test_nightly_does_all_of_it_and_again_changes_nothing() -> None:
    out = StringIO()
    call_command("nightly", stdout=out)
    events = Event.objects.count()
    call_command("nightly", stdout=out)
    assert Event.objects.count() == events
    assert out.getvalue().count("events checked; head") == 2


@pytest.mark.usefixtures("own_home")
def test_a_part_that_fails_does_not_stop_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reminding, "remind", lambda: reminding.Sent(sent=1, failed=2))
    out = StringIO()
    with pytest.raises(CommandError, match=r"not taken by the mail server: 2 \(of 3\)"):
        call_command("nightly", stdout=out)
    assert "events checked; head" in out.getvalue()


# --- Feeds ----------------------------------------------------------------------------------------


def made_feed(client: Client) -> str:
    page = client.post("/account/telling/feed/").content.decode()
    return re.search(r"http://localhost:8000(/feeds/[^<\s]+\.ics)", page)[1]


def test_a_feed_tells_meetings_clocks_and_both_years_to_whoever_has_its_address(
    case: Matter,
) -> None:
    call(FORUM, TODAY + dt.timedelta(9))
    decide(call("CBF"), None, words="Publish the pipeline.")
    address = made_feed(client_of(matters.planner()))
    response = Client().get(address)
    told = response.content.decode().replace("\r\n ", "")
    assert response.headers["Content-Type"].startswith("text/calendar")
    assert "no-store" in response.headers["Cache-Control"]
    for words in ("Technical support structure", "Publish the pipeline.", case.title.split(":")[0],
                  "municipal", "national", "Last day by law: Table the draft budget"):  # fmt: skip
        assert words in told, words
    other = Client().get(made_feed(client_of(matters.planner("CPT", "cape")))).content.decode()
    assert "Technical support structure" not in other.replace("\r\n ", "")
    assert "Publish the pipeline." not in other


def test_a_feed_never_tells_what_is_privileged_nor_names_what_is_for_parties() -> None:
    dispute = declared_dispute()
    told = Client().get(made_feed(client_of(matters.planner("ETH")))).content.decode()
    assert matters.SECRET not in told
    assert dispute.key not in told


def test_a_revoked_feed_is_404_as_is_one_that_never_was_and_that_of_who_has_left() -> None:
    planner = matters.planner()
    client = client_of(planner)
    address, kept = made_feed(client), made_feed(client)
    mine = planner.feeds.order_by("pk").first()
    assert client_of(matters.official()).post(f"/account/telling/feed/{mine.pk}/end/").status_code == 404  # fmt: skip
    assert client.post(f"/account/telling/feed/{mine.pk}/end/").status_code == 302
    assert Client().get(address).status_code == 404
    assert Client().get("/feeds/none.ics").status_code == 404
    assert Client().get(kept).status_code == 200
    planner.is_active = False
    planner.save()
    assert Client().get(kept).status_code == 404


def test_the_secret_of_a_feed_is_kept_nowhere_and_five_are_enough() -> None:
    client = client_of(matters.planner())
    secrets = {made_feed(client).split("/")[2].removesuffix(".ics") for _ in range(5)}
    page = client.post("/account/telling/feed/")
    assert page.status_code == 400
    for secret in secrets:
        assert not matters.planner().feeds.filter(secret=secret).exists()
        assert secret not in client.get("/account/telling/").content.decode()
        assert not Event.objects.filter(payload__contains=secret).exists()


@pytest.mark.parametrize("role", list(Role))
def test_each_role_before_their_feeds_and_reminders(role: Role) -> None:
    who = Client() if role is Role.PUBLIC else client_of(person_of(role))
    for address, told in (("/account/telling/feed/", {}), ("/account/telling/reminders/", {"how": "none"})):  # fmt: skip
        response = who.post(address, told)
        refused = "/accounts/login/" in response.headers.get("Location", "")
        assert refused is (role is Role.PUBLIC)
