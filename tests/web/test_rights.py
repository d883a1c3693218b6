"""The table of rights, asked row by row of the pages themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.urls import URLPattern, get_resolver

from harvester.web.accounts import SAMPLE_PEOPLE, ensure_sample_users
from harvester.web.models import HarvestJob
from harvester.web.permissions import RIGHTS, Action, Role, may
from tests.web.conftest import PASSWORD, sign_in

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

pytestmark = pytest.mark.django_db

ASKED = {
    Action.READ: ("get", "/wheat/"),
    Action.DOWNLOAD: ("get", "/wheat/download.csv"),
    Action.UPLOAD: ("get", "/upload/"),
    Action.RUN_HARVEST: ("post", "/upload/harvest/"),
    Action.READ_UPLOAD_LOG: ("get", "/upload/log/"),
}
"""A page for each action; the two of settling links depend on the rows: see ``test_links``."""


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("action", list(ASKED))
def test_each_row_of_the_table(
    client: Client, role: Role, action: Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harvester.web.harvest_job.launch", lambda _: None)
    sign_in(client, role)
    method, address = ASKED[action]
    response = getattr(client, method)(address)
    if action in RIGHTS[role]:
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
    unguarded = [
        str(p.pattern) for p in ours if not hasattr(p.callback, "action") and p.name != "account"
    ]
    assert not unguarded


def test_every_role_but_the_public_is_a_group() -> None:
    names = set(Group.objects.values_list("name", flat=True))
    assert names == {role.value for role in Role if role is not Role.PUBLIC}


def test_nobody_signed_in_may_only_read() -> None:
    assert may(AnonymousUser(), Action.READ)
    assert not may(AnonymousUser(), Action.UPLOAD)


def test_the_page_offers_upload_only_to_those_who_may(client: Client) -> None:
    assert 'href="/upload/"' not in client.get("/").content.decode()
    sign_in(client, Role.PLANNER)
    assert 'href="/upload/"' in client.get("/").content.decode()


def test_sample_people_share_one_password_that_stays(client: Client, tmp_path: Path) -> None:
    first, again = ensure_sample_users(tmp_path), ensure_sample_users(tmp_path)
    assert first == again
    assert {user.role for user in first} == set(SAMPLE_PEOPLE)
    kept = tmp_path / "sample-users.txt"
    assert kept.stat().st_mode & 0o077 == 0
    told = {"login": "secretariat@sample.invalid", "password": first[0].password}
    assert client.post("/accounts/login/", told).headers["Location"] == "/"
    assert "Lindiwe Maseko" in client.get("/account/").content.decode()


def test_a_wrong_password_is_told_and_too_many_are_stopped(client: Client) -> None:
    sign_in(client, Role.PLANNER)
    client.logout()
    told = {"login": "planner", "password": "wrong"}
    codes = [client.post("/accounts/login/", told).status_code for _ in range(8)]
    assert codes[0] == 200
    told["password"] = PASSWORD
    assert "sessionid" not in client.post("/accounts/login/", told).cookies, "still locked out"


def test_nobody_signs_up_alone(client: Client) -> None:
    assert "come from the secretariat" in client.get("/accounts/signup/").content.decode()


def test_forms_need_their_token(client: Client) -> None:
    sign_in(client, Role.SECRETARIAT)
    client.handler.enforce_csrf_checks = True
    response = client.post("/upload/harvest/")
    assert response.status_code == 403
    assert not HarvestJob.objects.exists()
