"""Settling links: who may, what is written, what everyone can read of it."""

from __future__ import annotations

import csv
import io
import shutil
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from openpyxl import load_workbook

from harvester.engine.granary import Granary
from harvester.web.rights import Role
from tests.web import country
from tests.web.conftest import person_of, sign_in

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client
    from pytest_django.fixtures import SettingsWrapper

pytestmark = pytest.mark.django_db
A, B = "bbbb:0:12", "eeee:0:14"
PAIR = f"/links/pair/?{urlencode({'a': A, 'b': B})}"
HOSTILE = '=HYPERLINK("http://x") <script>alert(1)</script>'


@pytest.fixture
def own_home(tmp_path: Path, settings: SettingsWrapper) -> Path:
    """A store that the test may write decisions to."""
    country.store(tmp_path, country.tables())
    settings.HARVESTER_HOME = tmp_path
    return tmp_path


def sign_in_for(client: Client, institution: str, role: Role = Role.PLANNER) -> None:
    name = f"of-{institution.lower()}"
    client.force_login(person_of(role, institution, name))


def said(home: Path) -> list[tuple[str, str, str]]:
    logged = Granary(home).decisions.read().decisions
    return [(d.institution, d.verdict, d.actor) for d in logged]


def decide(client: Client, verdict: str = "rejected", reason: str = "another phase"):
    return client.post(PAIR, {"verdict": verdict, "reason": reason})


def test_the_queue_says_how_many_and_leads_to_the_first(client: Client) -> None:
    page = client.get("/links/").content.decode()
    assert "2 links the model is unsure of, 1 on which people disagree" in page
    assert "/links/pair/?a=bbbb" in page


def test_two_rows_stand_side_by_side_with_reasons_and_past_decisions(client: Client) -> None:
    page = client.get(PAIR).content.decode()
    assert "Cornubia phase 2 housing" in page
    assert "Cornubia IRDP 2" in page
    assert "same kind of facility" in page
    assert "contradicted: kept apart" in page
    assert "Sign in" in page
    assert '<form method="post"' not in page


@pytest.mark.parametrize(
    ("institution", "role", "may"),
    [
        ("ETH", Role.PLANNER, True),
        ("KZN-HS", Role.OFFICIAL, True),
        ("PRASA", Role.OFFICIAL, False),
        ("CPT", Role.PLANNER, False),
    ],
)
def test_an_institution_settles_links_of_its_own_rows_and_metro(
    client: Client, own_home: Path, institution: str, role: Role, may: bool
) -> None:
    sign_in_for(client, institution, role)
    assert ("Write it down" in client.get(PAIR).content.decode()) is may
    assert decide(client).status_code == (302 if may else 403)
    expected = [(institution, "rejected", f"of-{institution.lower()}")] if may else []
    assert said(own_home) == expected


@pytest.mark.parametrize("role", [r for r in Role if "" in r.spheres])
def test_of_those_without_an_institution_only_the_secretariat_settles(
    client: Client, own_home: Path, role: Role
) -> None:
    sign_in(client, role)
    allowed = role is Role.SECRETARIAT
    assert decide(client).status_code == (302 if allowed else 403)
    assert len(said(own_home)) == allowed


def test_the_next_pair_is_offered_and_the_decision_waits_for_a_harvest(
    client: Client, own_home: Path
) -> None:
    sign_in(client, Role.SECRETARIAT)
    response = decide(client)
    assert response.headers["Location"].startswith("/links/pair/?a=cccc")
    assert (
        "Written down: not the same project"
        in client.get(response.headers["Location"]).content.decode()
    )
    assert "1 decision waits" in client.get("/links/").content.decode()
    assert "1 more waits" in client.get("/links/decisions/").content.decode()


@pytest.mark.parametrize(("verdict", "reason"), [("accepted", " "), ("", "why"), ("maybe", "why")])
def test_a_decision_without_verdict_or_reason_is_asked_again(
    client: Client, own_home: Path, verdict: str, reason: str
) -> None:
    sign_in(client, Role.SECRETARIAT)
    assert decide(client, verdict, reason).status_code == 400
    assert said(own_home) == []


def test_not_sure_needs_no_reason(client: Client, own_home: Path) -> None:
    sign_in(client, Role.SECRETARIAT)
    assert decide(client, "not_sure", "").status_code == 302
    assert [verdict for _, verdict, _ in said(own_home)] == ["not_sure"]


def test_a_form_from_elsewhere_is_refused(own_home: Path) -> None:
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    sign_in(strict, Role.SECRETARIAT)
    assert decide(strict).status_code == 403
    assert said(own_home) == []


def test_what_a_person_wrote_is_harmless_on_pages_and_in_files(client: Client) -> None:
    for page in (PAIR, "/links/decisions/"):
        text = client.get(page).content.decode()
        assert "<script>alert(1)" not in text
        assert "&lt;script&gt;alert(1)" in text
    body = b"".join(client.get("/links/decisions/download.csv").streaming_content).decode(
        "utf-8-sig"
    )
    reasons = [row["reason"] for row in csv.DictReader(io.StringIO(body))]
    assert f"'{HOSTILE}" in reasons
    book = b"".join(client.get("/links/decisions/download.xlsx").streaming_content)
    sheet = load_workbook(io.BytesIO(book)).active
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value == HOSTILE]
    assert [cell.data_type for cell in cells] == ["s"]


@pytest.mark.parametrize(
    "query", ["", "?a=bbbb:0:12", "?a=bbbb:0:12&b=bbbb:0:12", "?a=zzzz:0:1&b=bbbb:0:12"]
)
def test_a_pair_that_cannot_be_is_not_found(client: Client, query: str) -> None:
    assert client.get(f"/links/pair/{query}").status_code == 404


def test_a_torn_line_of_the_log_costs_no_page(client: Client, own_home: Path) -> None:
    sign_in(client, Role.SECRETARIAT)
    decide(client)
    path = Granary(own_home).decisions.path
    path.write_text(path.read_text("utf-8") + '{"at": "20', "utf-8")
    assert client.get(PAIR).status_code == 200
    decide(client, "accepted", "the same site")
    assert [verdict for _, verdict, _ in said(own_home)] == ["rejected", "accepted"]
    shutil.rmtree(path.parent)
