"""Signing in, second factors, sessions, delegates: what a person may and may not do to an account."""

from __future__ import annotations

import datetime as dt
import json
import re
import time
from typing import TYPE_CHECKING

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import caches
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from harvester.domain.errors import UserError
from harvester.web.actions import people
from harvester.web.actions.acting import Actor
from harvester.web.actions.papers import add_paper, name_parties
from harvester.web.models import Appointment, Delegation, Event, Upload
from harvester.web.permissions import Action, Level, Role, may_somewhere
from tests.web.conftest import PASSWORD, person_of, sign_in

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from pytest_django.fixtures import SettingsWrapper

pytestmark = pytest.mark.django_db
TODAY = dt.date(2019, 10, 31)


def signed_in(name: str = "planner", password: str = PASSWORD) -> Client:
    """A browser of its own, in which somebody has given name and password."""
    client = Client(headers={"user-agent": "Mozilla/5.0 (Android 14; Mobile) Firefox/140.0"})
    client.post("/accounts/login/", {"login": name, "password": password})
    return client


def happened(action: str) -> list[dict[str, object]]:
    events = Event.objects.filter(action=action).order_by("number")
    return [json.loads(payload) for payload in events.values_list("payload", flat=True)]


# --- Second factors -------------------------------------------------------------------------------


def set_up_app(client: Client) -> str:
    """Set up an authenticator app as its page asks, the password given once more; the seed."""
    asked = client.get("/accounts/2fa/totp/activate/")
    assert asked.headers["Location"].startswith("/accounts/reauthenticate/")
    client.post(asked.headers["Location"], {"password": PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    assert "data:image/svg+xml" in page, "a picture to scan"
    seed = client.session["mfa.totp.secret"]
    code = totp.format_hotp_value(totp.hotp_value(seed, int(time.time()) // 30))
    response = client.post("/accounts/2fa/totp/activate/", {"code": code})
    assert response.status_code == 302
    return seed


def test_an_app_is_set_up_and_then_asked_for_at_sign_in() -> None:
    person_of(Role.PLANNER)
    client = signed_in()
    seed = set_up_app(client)
    kept = Authenticator.objects.get(type="totp").data["secret"]
    assert seed not in kept, "the database holds no seed in the clear"
    assert {one["kind"] for one in happened("factor_added")} == {"totp", "recovery_codes"}

    again = signed_in()
    assert "_auth_user_id" not in again.session, "the password alone opens nothing"
    assert again.get("/upload/").status_code == 302
    assert (
        "Incorrect code"
        in again.post("/accounts/2fa/authenticate/", {"code": "000000"}).content.decode()
    )
    now = int(time.time()) // 30
    code = totp.format_hotp_value(totp.hotp_value(seed, now + 1))  # the first was used up
    again.post("/accounts/2fa/authenticate/", {"code": code})
    assert again.get("/upload/").status_code == 200
    assert happened("signed_in")[-1] == {"methods": ["password", "mfa"]}


def test_a_recovery_code_opens_the_account_once() -> None:
    person_of(Role.PLANNER)
    client = signed_in()
    set_up_app(client)
    made = client.get("/accounts/2fa/recovery-codes/generate/")
    client.post("/accounts/2fa/recovery-codes/generate/")
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    assert made.status_code == 200
    assert len(codes) == 10
    first = signed_in()
    first.post("/accounts/2fa/authenticate/", {"code": codes[0]})
    assert "_auth_user_id" in first.session
    second = signed_in()
    second.post("/accounts/2fa/authenticate/", {"code": codes[0]})
    assert "_auth_user_id" not in second.session, "used up"


def test_where_a_second_factor_is_required_an_account_without_one_may_only_read(
    settings: SettingsWrapper,
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    who = person_of(Role.SECRETARIAT)
    client = signed_in("secretariat")
    assert client.get("/wheat/").status_code == 200
    assert client.get("/upload/").status_code == 403
    assert client.post("/upload/harvest/").status_code == 403
    page = client.get("/account/").content.decode()
    assert "Until you set up a second factor you may only read" in page
    assert not may_somewhere(who, Action.UPLOAD)
    set_up_app(client)
    assert client.get("/upload/").status_code == 200


def test_a_factor_taken_off_is_on_record() -> None:
    person_of(Role.PLANNER)
    client = signed_in()
    set_up_app(client)
    client.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.exists()
    assert {one["kind"] for one in happened("factor_removed")} >= {"totp"}


def test_too_many_wrong_codes_lock_the_second_factor() -> None:
    person_of(Role.PLANNER)
    seed = set_up_app(signed_in())
    again = signed_in()
    for _ in range(6):
        again.post("/accounts/2fa/authenticate/", {"code": "000000"})
    code = totp.format_hotp_value(totp.hotp_value(seed, int(time.time()) // 30 + 1))
    page = again.post("/accounts/2fa/authenticate/", {"code": code}).content.decode()
    assert "_auth_user_id" not in again.session
    assert "Too many failed login attempts" in page


# --- Lock-out for every process -------------------------------------------------------------------


def test_attempts_are_counted_where_every_process_sees_them() -> None:
    """Another process has no memory of this one; it has the same table."""
    who = person_of(Role.PLANNER)
    for _ in range(5):
        signed_in(password="wrong")
    caches["default"].close()
    assert type(caches["default"]).__name__ == "DatabaseCache"
    assert "_auth_user_id" not in signed_in().session, "locked, with the right password too"
    assert "_auth_user_id" not in signed_in(who.email).session, "and by the e-mail"
    assert len(happened("locked_out")) == 1


def test_too_many_sign_ins_from_one_address_get_a_page_that_says_so() -> None:
    pages = [
        Client().post("/accounts/login/", {"login": f"n{n}", "password": "x"}) for n in range(31)
    ]
    assert pages[-1].status_code == 429
    assert "Too many attempts in a short time" in pages[-1].content.decode()


def test_a_stranger_learns_not_whether_a_name_exists() -> None:
    person_of(Role.PLANNER)
    pages = []
    for name in ("planner", "nobody-here"):
        client = Client()
        page = client.post(
            "/accounts/login/", {"login": name, "password": "wrong"}
        ).content.decode()
        pages.append(re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page).replace(name, ""))
    assert pages[0] == pages[1]


# --- Sessions -------------------------------------------------------------------------------------


def aged(client: Client, **ages: int) -> None:
    session = client.session
    for name, seconds in ages.items():
        session[name] = time.time() - seconds
    session.save()


@pytest.mark.parametrize(
    ("ages", "over"),
    [
        ({"seen_at": 59 * 60}, False),
        ({"seen_at": 61 * 60}, True),
        ({"signed_in_at": 12 * 3600 + 1}, True),
        ({"signed_in_at": 12 * 3600 - 60}, False),
    ],
)
def test_a_session_ends_when_it_is_left_or_old(ages: dict[str, int], over: bool) -> None:
    person_of(Role.PLANNER)
    client = signed_in()
    client.get("/")
    aged(client, **ages)
    assert (client.get("/upload/").status_code == 302) is over
    assert ("_auth_user_id" not in client.session) is over


def test_a_person_sees_their_sessions_and_ends_one() -> None:
    person_of(Role.PLANNER)
    here, there = signed_in(), signed_in()
    there.get("/")
    page = here.get("/account/").content.decode()
    assert "Signed in on 2 devices" in page
    assert "Firefox on Android" in page
    number = re.findall(r"/account/sessions/(\d+)/end/", page)
    assert len(number) == 1
    stranger = Client()
    sign_in(stranger, Role.ANALYST)
    assert stranger.post(f"/account/sessions/{number[0]}/end/").status_code == 404
    here.post(f"/account/sessions/{number[0]}/end/")
    assert there.get("/upload/").status_code == 302
    assert here.get("/upload/").status_code == 200
    assert len(happened("end_session")) == 1


def test_a_changed_password_ends_every_session() -> None:
    person_of(Role.PLANNER)
    here, there = signed_in(), signed_in()
    told = {
        "oldpassword": PASSWORD,
        "password1": "another long one",
        "password2": "another long one",
    }
    assert here.post("/accounts/password/change/", told).status_code == 302
    assert there.get("/upload/").status_code == 302
    assert len(happened("password_changed")) == 1


def test_sign_in_and_sign_out_are_on_record() -> None:
    person_of(Role.PLANNER)
    client = signed_in()
    client.post("/accounts/logout/")
    assert len(happened("signed_in")) == len(happened("signed_out")) == 1


# --- Delegates ------------------------------------------------------------------------------------


def two(other_institution: str = "ETH") -> tuple[User, User]:
    return (
        person_of(Role.PLANNER, "ETH", "nomsa"),
        person_of(Role.PLANNER, other_institution, "sipho"),
    )


def named(one: User, other: User, first: dt.date, last: dt.date) -> Delegation:
    return people.name_delegate(
        Actor.of(one), one, other, first_day=first, last_day=last, reason="leave"
    )


@pytest.mark.parametrize(
    ("first", "last", "may"),
    [(0, 0, True), (-3, 3, True), (-3, -1, False), (1, 3, False), (-3, 0, True), (0, 3, True)],
)
def test_a_delegate_acts_from_the_first_day_to_the_last(first: int, last: int, may: bool) -> None:
    one, other = two()
    named(one, other, TODAY + dt.timedelta(first), TODAY + dt.timedelta(last))
    assert people.principals_of(other, TODAY) == ([one] if may else [])
    assert people.principals_of(one, TODAY) == [], "not the other way about"


def test_an_ended_delegation_ends_that_day() -> None:
    one, other = two()
    made = named(one, other, TODAY, TODAY + dt.timedelta(5))
    people.end_delegation(Actor.of(one), made, TODAY + dt.timedelta(1))
    assert people.principals_of(other, TODAY) == [one]
    assert people.principals_of(other, TODAY + dt.timedelta(1)) == []


def test_a_delegate_of_another_institution_is_refused() -> None:
    one, other = two("CPT")
    with pytest.raises(UserError, match="does not speak for your institution"):
        named(one, other, TODAY, TODAY)
    secretary, auditor = person_of(Role.SECRETARIAT), person_of(Role.AUDITOR)
    with pytest.raises(UserError, match="does not speak for your institution"):
        named(secretary, auditor, TODAY, TODAY)
    assert not Delegation.objects.exists()


def test_a_delegate_who_moves_to_another_institution_may_not_act_any_more() -> None:
    one, other = two()
    named(one, other, TODAY, TODAY)
    person_of(Role.PLANNER, "CPT", "sipho")
    assert people.principals_of(other, TODAY) == []


@pytest.mark.parametrize(("first", "last"), [(1, 0), (0, 400)])
def test_days_that_cannot_be_are_refused(first: int, last: int) -> None:
    one, other = two()
    with pytest.raises(UserError, match="last day"):
        named(one, other, TODAY + dt.timedelta(first), TODAY + dt.timedelta(last))


def test_a_delegate_acts_through_the_pages_and_both_names_are_on_record() -> None:
    today = timezone.localdate()
    principal = person_of(Role.PLANNER, "ETH", "nomsa")
    person_of(Role.PLANNER, "ETH", "sipho")
    told = {"delegate": "sipho", "first_day": today, "last_day": today, "reason": "leave"}
    assert signed_in("nomsa").post("/account/delegates/", told).status_code == 302
    client = signed_in("sipho")
    assert "You may act for" in client.get("/account/").content.decode()
    client.post("/account/acting/", {"for": principal.pk})
    assert "You act for <b>Nomsa Dlamini</b>" in client.get("/account/").content.decode()
    from django.core.files.uploadedfile import SimpleUploadedFile

    client.post("/upload/", {"files": [SimpleUploadedFile("a.txt", b"nothing")]})
    assert Upload.objects.exists()
    event = Event.objects.get(action="upload")
    assert (event.actor, event.on_behalf_of) == ("sipho", "nomsa")
    assert client.post("/account/delegates/", told).status_code == 403, "no delegate of a delegate"
    Delegation.objects.get()
    people.end_delegation(Actor.of(principal), Delegation.objects.get(), today)
    client.post("/upload/", {"files": [SimpleUploadedFile("b.txt", b"nothing")]})
    assert Event.objects.filter(action="upload").latest("number").on_behalf_of == ""


def test_nobody_acts_for_somebody_who_did_not_name_them() -> None:
    principal = person_of(Role.SECRETARIAT)
    person_of(Role.PLANNER)
    client = signed_in()
    assert client.post("/account/acting/", {"for": principal.pk}).status_code == 403
    session = client.session
    session["acting_for"] = principal.pk
    session.save()
    assert client.post("/upload/harvest/").status_code == 403


def test_a_seat_is_not_delegated() -> None:
    """A facilitator's delegate does not read the privileged papers of the dispute."""
    today = timezone.localdate()
    seated, stand_in = (person_of(Role.FACILITATOR, username=n) for n in ("ayesha", "thabo"))
    secretary = person_of(Role.SECRETARIAT)
    name_parties(Actor.of(secretary), "dispute:1", ["ETH"], [seated], reason="designated")
    paper = add_paper(seated, "dispute:1", Level.PRIVILEGED, "Report")
    named(seated, stand_in, today, today)
    client = signed_in("thabo")
    client.post("/account/acting/", {"for": seated.pk})
    assert client.get(f"/papers/{paper.token}/").status_code == 404
    assert signed_in("ayesha").get(f"/papers/{paper.token}/").status_code == 200


def test_who_has_an_account_is_not_told_by_naming_a_delegate() -> None:
    person_of(Role.PLANNER, "ETH", "nomsa")
    person_of(Role.PLANNER, "CPT", "elsewhere")
    client = signed_in("nomsa")
    today = timezone.localdate()
    pages = []
    for name in ("elsewhere", "nobodyhere"):
        told = {"delegate": name, "first_day": today, "last_day": today, "reason": "leave"}
        response = client.post("/account/delegates/", told)
        assert response.status_code == 400
        pages.append("that person does not speak for your institution" in response.content.decode())
    assert pages == [True, True]


# --- The operator ---------------------------------------------------------------------------------


def test_the_operator_makes_an_account_and_it_is_on_record(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("getpass.getpass", lambda _: PASSWORD)
    call_command(
        "make_person", "zanele", "z@sample.invalid", "planner", institution="ETH", name="Zanele M"
    )
    assert "zanele may sign in as planner" in capsys.readouterr().out
    held = Appointment.objects.get(person__username="zanele")
    assert (held.role, held.institution) == ("planner", "ETH")
    event = Event.objects.get(action="appointed")
    assert event.actor.startswith("operator:")
    assert PASSWORD not in event.payload
    with pytest.raises(CommandError, match="speaks for: local"):
        call_command("make_person", "x", "x@sample.invalid", "planner")
    with pytest.raises(CommandError, match="another account"):
        call_command("make_person", "y", "Z@sample.invalid", "planner", institution="ETH")


def test_an_account_for_a_provider_has_no_password() -> None:
    call_command("make_person", "zanele", "z@sample.invalid", "auditor", no_password=True)
    assert "_auth_user_id" not in signed_in("zanele", "").session


def test_the_operator_takes_lost_factors_off_and_sessions_end() -> None:
    person_of(Role.PLANNER)
    client = signed_in()
    set_up_app(client)
    call_command("retire_person", "planner", factors_only=True, reason="telephone stolen")
    assert not Authenticator.objects.exists()
    assert client.get("/upload/").status_code == 302
    assert signed_in().get("/upload/").status_code == 200
    event = Event.objects.get(action="factors_reset")
    assert event.reason == "telephone stolen"
    assert json.loads(event.payload)["kinds"] == ["recovery_codes", "totp"]


def test_an_account_switched_off_is_out_at_once_and_its_records_stay() -> None:
    person_of(Role.PLANNER)
    client = signed_in()
    call_command("retire_person", "planner", reason="left the city")
    assert client.get("/upload/").status_code == 302
    assert "_auth_user_id" not in signed_in().session
    assert Appointment.objects.filter(person__username="planner").exists()
    assert Event.objects.get(action="retired").reason == "left the city"
    with pytest.raises(CommandError, match="nobody signs in as"):
        call_command("retire_person", "ghost", reason="x")
