"""The table of rights, asked line by line: of people, of the pages themselves, and of its own sense."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import URLPattern, get_resolver

from harvester.web.accounts import SAMPLE_PEOPLE, ensure_sample_users
from harvester.web.actions.acting import Actor, act
from harvester.web.actions.people import appoint
from harvester.web.models import Event, HarvestJob
from harvester.web.permissions import Action, Level, Role, Subject, check, may, may_somewhere
from harvester.web.rights import RIGHTS, SPHERES, TABLE, Reach, _rights
from tests.web.conftest import PASSWORD, person_of, sign_in

if TYPE_CHECKING:
    from pathlib import Path

    from django.contrib.auth.models import User
    from django.test import Client

pytestmark = pytest.mark.django_db

SPEAKS_FOR = {"": "", "local": "ETH", "provincial": "KZN-HS", "national": "DHS", "entity": "PRASA"}
"""An institution of each sphere; nobody's person for the first."""
SOMEBODY_ELSE = "CPT"
STANDINGS = [(role, sphere) for role in Role for sphere in sorted(role.spheres)]


def person(role: Role, sphere: str) -> User | AnonymousUser:
    if role is Role.PUBLIC:
        return AnonymousUser()
    return person_of(role, SPEAKS_FOR[sphere])


def written(role: Role, sphere: str, action: Action, level: Level, *, own: bool) -> bool:
    """What the table says, read as a person reads it: is there a line?"""
    column = {Level.PUBLIC: 3, Level.PARTIES: 4, Level.PRIVILEGED: 5}[level]
    for line in TABLE.strip().splitlines()[1:]:
        cells = [cell.strip() for cell in line.split("|")]
        who, speaks_for = (cells[n].split(", ") for n in (0, 1))
        is_who = who == ["everyone"] or (role is not Role.PUBLIC and who == ["members"])
        speaks = speaks_for == ["anybody"] or (sphere or "nobody") in speaks_for
        reaches = cells[column] == "all" or (cells[column] == "own" and own)
        if (is_who or role in who) and speaks and cells[2] == action and reaches:
            return True
    return False


@pytest.mark.parametrize(("role", "sphere"), STANDINGS)
def test_each_row_of_the_table_for_each_person(role: Role, sphere: str) -> None:
    who = person(role, sphere)
    code = SPEAKS_FOR[sphere] if role is not Role.PUBLIC else ""
    mine = frozenset({code, "JHB"} if code else set())
    seats = frozenset({who.pk} if who.pk else set())
    for action, level in itertools.product(Action, Level):
        others = Subject(level, frozenset({SOMEBODY_ELSE}))
        assert may(who, action, others) is written(role, sphere, action, level, own=False), (
            f"{role} of {sphere or 'nobody'}, {action}, {level}, somebody else's"
        )
        for own in ([Subject(level, mine)] if mine else []) + (
            [Subject(level, seats=seats)] if seats else []
        ):
            assert may(who, action, own) is written(role, sphere, action, level, own=True), (
                f"{role} of {sphere or 'nobody'}, {action}, {level}, own"
            )


@pytest.mark.parametrize(("role", "sphere"), STANDINGS)
def test_what_is_refused_raises_and_leaves_no_event(role: Role, sphere: str) -> None:
    who = person(role, sphere)
    before = Event.objects.count()
    for action, level in itertools.product(Action, Level):
        thing = Subject(level, frozenset({SOMEBODY_ELSE}))
        if may(who, action, thing):
            check(who, action, thing)
        elif who.is_authenticated:
            with (
                pytest.raises(Exception, match="Your account may not"),
                act(Actor.of(who), action, "thing:1", on=thing),
            ):
                pytest.fail("the action went on without the right")
    assert Event.objects.count() == before


def test_the_sense_of_the_table() -> None:
    """What must hold whatever lines are added."""
    for right in RIGHTS:
        assert (
            right.reach[Level.PRIVILEGED] is not Reach.ALL or right.action is Action.NAME_PARTIES
        ), "nobody reads every privileged paper"
        if right.role is Role.PUBLIC:
            assert right.action in {
                Action.READ, Action.DOWNLOAD, Action.READ_PAPER, Action.READ_MATTER, Action.REPORT,
                Action.READ_PROGRAMME,
            }  # fmt: skip
            assert right.reach[Level.PARTIES] is right.reach[Level.PRIVILEGED] is Reach.NONE
        if right.role is Role.AUDITOR:
            assert right.action not in {Action.UPLOAD, Action.RUN_HARVEST, Action.SETTLE_LINK}
    assert {right.action for right in RIGHTS} == set(Action), "an action nobody may do"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("wizard | anybody | read | all | - | -", "wizard"),
        ("public | mars | read | all | - | -", "mars"),
        ("public | anybody | fly | all | - | -", "fly"),
        ("public | anybody | read | some | - | -", "some"),
        ("public | anybody | read | all | -", "shorter"),
    ],
)
def test_a_word_the_table_does_not_know_stops_the_program(line: str, why: str) -> None:
    heading = TABLE.strip().splitlines()[0]
    with pytest.raises(ValueError, match=why):
        list(_rights(f"{heading}\n{line}"))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.PUBLIC])
def test_an_account_speaks_only_for_a_sphere_of_its_role(role: Role) -> None:
    for sphere, institution in SPEAKS_FOR.items():
        told = {
            "username": "somebody",
            "email": "s@sample.invalid",
            "name": "A B",
            "role": role,
            "institution": institution,
        }
        if sphere in role.spheres:
            appoint(Actor.operator(), **told)
        else:
            with pytest.raises(Exception, match="speaks for"):
                appoint(Actor.operator(), **told)
    assert {sphere for one in Role for sphere in one.spheres} == SPHERES | {""}


ASKED = {
    Action.READ: ("get", "/wheat/"),
    Action.DOWNLOAD: ("get", "/wheat/download.csv"),
    Action.UPLOAD: ("get", "/upload/"),
    Action.RUN_HARVEST: ("post", "/upload/harvest/"),
    Action.READ_UPLOAD_LOG: ("get", "/upload/log/"),
    Action.READ_PAPER: ("get", "/papers/"),
    Action.READ_AUDIT: ("get", "/audit/"),
    Action.READ_MATTER: ("get", "/cases/"),
    Action.OPEN_MATTER: ("get", "/cases/open/"),
    Action.TRIAGE: ("get", "/cases/triage/?finding=W04:U-0003"),
    Action.REPORT: ("get", "/report/"),
    Action.READ_PROGRAMME: ("get", "/programme/"),
    Action.BE_TOLD: ("get", "/account/telling/"),
}
"""A page for each action that has one of its own; the others depend on the thing: see ``test_links``,
``test_papers`` and ``test_accounts``."""


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("action", list(ASKED))
def test_each_page_answers_as_the_table_says(
    client: Client, role: Role, action: Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harvester.web.harvest_job.launch", lambda _: None)
    sphere = {Role.PLANNER: "local", Role.OFFICIAL: "provincial"}.get(role, "")
    sign_in(client, role)
    method, address = ASKED[action]
    response = getattr(client, method)(address)
    if written(role, sphere, action, Level.PUBLIC, own=True):
        assert response.status_code in {200, 302}
        assert "/accounts/login/" not in response.headers.get("Location", "")
    elif role is Role.PUBLIC:
        assert response.status_code == 302
        assert response.headers["Location"].startswith("/accounts/login/")
    else:
        assert response.status_code == 403
        assert "You may not do this" in response.content.decode()


def test_every_view_of_ours_asks_the_table() -> None:
    ours = [
        pattern
        for pattern in get_resolver().url_patterns
        if isinstance(pattern, URLPattern)
        and pattern.callback.__module__.startswith("harvester.web")
    ]
    unguarded = [str(p.pattern) for p in ours if not hasattr(p.callback, "action")]
    assert not unguarded


def test_an_account_that_was_switched_off_is_the_public() -> None:
    who = person_of(Role.SECRETARIAT)
    who.is_active = False
    assert not may_somewhere(who, Action.UPLOAD)
    assert may(who, Action.READ)


def test_an_account_without_an_appointment_is_the_public(django_user_model: type[User]) -> None:
    who = django_user_model.objects.create_user("nobody")
    assert not may_somewhere(who, Action.UPLOAD)
    assert may(who, Action.READ)


def test_the_page_offers_upload_only_to_those_who_may(client: Client) -> None:
    assert 'href="/upload/"' not in client.get("/wheat/").content.decode()
    sign_in(client, Role.PLANNER)
    assert 'href="/upload/"' in client.get("/wheat/").content.decode()


def test_the_table_is_shown_to_everyone(client: Client) -> None:
    page = client.get("/about/").content.decode()
    assert "Metro planner or budget officer" in page
    assert "settle links between rows" in page


def test_sample_people_share_one_password_that_stays(client: Client, tmp_path: Path) -> None:
    first = ensure_sample_users(tmp_path)
    events = Event.objects.count()
    assert ensure_sample_users(tmp_path) == first
    assert Event.objects.count() == events == len(SAMPLE_PEOPLE), "nothing done, nothing recorded"
    assert {user.role for user in first} == set(SAMPLE_PEOPLE)
    kept = tmp_path / "sample-users.txt"
    assert kept.stat().st_mode & 0o077 == 0
    told = {"login": "secretariat@sample.invalid", "password": first[0].password}
    assert client.post("/accounts/login/", told).headers["Location"] == "/"
    assert "Lindiwe Maseko" in client.get("/account/").content.decode()


def test_a_wrong_password_is_told_and_too_many_are_stopped(client: Client) -> None:
    person_of(Role.PLANNER)
    told = {"login": "planner", "password": "wrong"}
    codes = [client.post("/accounts/login/", told).status_code for _ in range(8)]
    assert codes[0] == 200
    told["password"] = PASSWORD
    assert "sessionid" not in client.post("/accounts/login/", told).cookies, "still locked out"
    assert Event.objects.filter(action="locked_out", subject="person:planner").count() == 1


def test_nobody_signs_up_alone(client: Client) -> None:
    assert "come from the secretariat" in client.get("/accounts/signup/").content.decode()


def test_forms_need_their_token(client: Client) -> None:
    sign_in(client, Role.SECRETARIAT)
    client.handler.enforce_csrf_checks = True
    response = client.post("/upload/harvest/")
    assert response.status_code == 403
    assert not HarvestJob.objects.exists()
