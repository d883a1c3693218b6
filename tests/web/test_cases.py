"""From a finding to a case that closes itself, through the pages' own forms."""

from __future__ import annotations

import datetime as dt
import json
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from harvester.web import harvest_job, harvest_store, server, triggers
from harvester.web.actions import reports
from harvester.web.actions.acting import Actor
from harvester.web.actions.closing import after_harvest
from harvester.web.actions.files import start_harvest
from harvester.web.audit import checking
from harvester.web.matters import rows, tasks
from harvester.web.models import Event, Matter, MatterStep
from tests.web import country, matters
from tests.web.matters import FINDING, admit, client_of, done, send

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django.fixtures import SettingsWrapper

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(tmp_path: Path, settings: SettingsWrapper) -> Path:
    """A store of this test alone, so that the next harvest can be put in service."""
    settings.HARVESTER_HOME = tmp_path
    country.store(tmp_path, country.tables())
    return tmp_path


def paper(name: str = "minutes.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"%PDF words")


def test_a_finding_becomes_a_case_is_worked_agreed_in_force_and_closes_itself(home: Path) -> None:
    lindiwe, nomsa, pieter = matters.secretariat(), matters.planner(), matters.official()
    sec, own = client_of(lindiwe), client_of(nomsa)
    case = admit(sec, nomsa, pieter)
    assert case.key == "case:1"
    assert case.title == "Amounts disagree: Cornubia integrated housing, phase 2"
    assert case.parties == ["ETH", "KZN-HS"]
    assert case.known["cells"][0]["value"] == "260000000"
    assert "case:1" in client_of(nomsa).get(f"/wheat/{FINDING}/").content.decode()

    done(send(own, 1, "begin", told_plan="Ask the province which of the two is right."))
    done(send(client_of(pieter), 1, "answer", told_answer="R 640 m covers four years."))
    done(send(own, 1, "table", told_forum="CBF"))
    done(send(own, 1, "agree", file_agreement=paper()))
    done(send(own, 1, "take_force", text_instrument="SA36 of 2019/20, adopted on 31 May."))
    assert matters.course(1).state == "in_force"
    assert after_harvest(harvest_store.current()) == [], "the finding still stands"

    matters.next_harvest(home)
    assert [one.key for one in after_harvest(harvest_store.current())] == ["case:1"]
    last = MatterStep.objects.get(step="close")
    assert (last.name, last.person) == ("system", None)
    assert "SA36-2019.xlsx" in last.told["shown_by"]
    page = client_of(nomsa).get("/cases/1/").content.decode()
    assert "closed by data" in page
    assert "Mended: Municipal capital budget" in page or "Mended:" in page
    assert after_harvest(harvest_store.current()) == [], "doing it again changes nothing"
    assert MatterStep.objects.filter(step="close").count() == 1
    assert checking.check(home).faults == []


def test_the_command_and_the_job_of_a_harvest_close_what_is_mended(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lindiwe, nomsa, pieter = matters.secretariat(), matters.planner(), matters.official()
    admit(client_of(lindiwe), nomsa, pieter)
    call_command("close_mended")
    assert capsys.readouterr().out == "Cases closed by data: 0\n"

    def harvested(*_: object, **__: object) -> SimpleNamespace:
        matters.next_harvest(home)
        return SimpleNamespace(run="h0002")

    monkeypatch.setattr("harvester.harvest.run", harvested)
    job, _ = start_harvest(Actor.of(lindiwe), lindiwe)
    harvest_job.carry_out(job.pk)
    assert matters.course(1).state == "closed"
    call_command("close_mended")
    assert capsys.readouterr().out == "Cases closed by data: 0\n", "again changes nothing"
    assert server.close_mended(home / "never served") == 0
    assert not (home / "never served").exists()


@pytest.mark.parametrize(
    ("cause", "document"), [("decision", "budget"), ("submission", "areas"), ("other", "budget")]
)
def test_a_case_closes_by_a_published_plan_and_by_nothing_else(
    home: Path, cause: str, document: str
) -> None:
    lindiwe, nomsa = matters.secretariat(), matters.planner()
    admit(client_of(lindiwe), nomsa, matters.official())
    matters.next_harvest(home, cause=cause, document=document)
    assert after_harvest(harvest_store.current()) == []
    assert matters.course(1).state == "open"
    page = client_of(lindiwe).get("/tasks/").content.decode()
    assert "gone from the harvest though no plan or budget shows it" in page
    assert "no plan or budget shows why" in client_of(nomsa).get("/cases/1/").content.decode()


def test_no_case_without_an_owner_and_a_delegate(home: Path) -> None:
    lindiwe, nomsa = matters.secretariat(), matters.planner()
    sec = client_of(lindiwe)
    page = sec.get(f"/wheat/{FINDING}/").content.decode()
    told = matters.hidden(page, "admit") | {"on": "2026-01-05", "told_offering": "compacts"}
    for owner, delegate in (("", ""), ("planner-eth", ""), ("planner-eth", "planner-eth")):
        sent = told | {"told_owner": owner, "told_delegate": delegate}
        assert sec.post("/cases/triage/", sent).status_code == 400
    assert not Matter.objects.exists(), "a grain is not left behind by a triage that failed"
    assert nomsa.get_username() in page


def test_triage_declines_puts_off_and_merges(home: Path) -> None:
    lindiwe, nomsa, pieter = matters.secretariat(), matters.planner(), matters.official()
    sec = client_of(lindiwe)
    admit(sec, nomsa, pieter)
    today = timezone.localdate()
    told = {"on": today.isoformat()}
    page = sec.get("/wheat/W04:U-0003/").content.decode()
    until = today + dt.timedelta(days=3)
    done(
        sec.post(
            "/cases/triage/",
            matters.hidden(page, "snooze")
            | told
            | {"told_until": until.isoformat(), "told_why_snoozed": "The list comes in March."},
        )
    )
    assert matters.course(2).state == "snoozed"
    after_harvest(harvest_store.current(), today)
    assert matters.course(2).state == "snoozed"
    after_harvest(harvest_store.current(), until)
    assert matters.course(2).state == "grain", "it wakes on its day"
    done(send(sec, 2, "merge", told_merged_into="case:1", on=until.isoformat()))
    assert matters.course(2).state == "merged"
    page = sec.get("/wheat/W20:PRASA:2018/19/").content.decode()
    sent = matters.hidden(page, "decline") | told
    assert sec.post("/cases/triage/", sent).status_code == 400, "a reason is asked for"
    done(sec.post("/cases/triage/", sent | {"told_why_declined": "It came by letter."}))
    assert matters.course(3).state == "declined"


def test_one_finding_is_one_case(home: Path) -> None:
    lindiwe, nomsa, pieter = matters.secretariat(), matters.planner(), matters.official()
    sec = client_of(lindiwe)
    admit(sec, nomsa, pieter)
    again = sec.get("/cases/triage/", {"finding": FINDING})
    assert (again.status_code, again.headers["Location"]) == (302, "/cases/1/")


def test_a_silent_owner_is_escalated_by_the_clock(home: Path) -> None:
    lindiwe, nomsa, pieter = matters.secretariat(), matters.planner(), matters.official()
    admit(client_of(lindiwe), nomsa, pieter)
    soon, late = (timezone.localdate() + dt.timedelta(days=d) for d in (1, 40))
    assert [t.late for t in tasks.tasks_of(nomsa, soon)] == [False]
    assert tasks.tasks_of(lindiwe, soon) == []
    assert [t.escalated for t in tasks.tasks_of(lindiwe, late)] == [True]
    (of_delegate,) = tasks.tasks_of(pieter, late)
    assert of_delegate.late
    (only,) = list(rows.everything(lindiwe, late))
    assert [clock.rule.id for clock in only.late] == ["start"]


def test_late_matters_come_first_in_the_list(home: Path) -> None:
    lindiwe, nomsa, pieter = matters.secretariat(), matters.planner(), matters.official()
    admit(client_of(lindiwe), nomsa, pieter)
    late = timezone.localdate() + dt.timedelta(days=40)
    admit(client_of(lindiwe), nomsa, pieter, "W04:U-0003")
    own = client_of(nomsa)
    done(send(own, 1, "begin", told_plan="Meet."))
    found = rows.ordered(list(rows.everything(nomsa, late)), "")
    assert [one.matter.number for one in found] == [2, 1]


def test_the_first_page_after_signing_in_is_what_waits(home: Path) -> None:
    from tests.web.conftest import PASSWORD

    nomsa = matters.planner()
    told = {"login": nomsa.get_username(), "password": PASSWORD}
    assert Client().post("/accounts/login/", told).headers["Location"] == "/"
    admit(client_of(matters.secretariat()), nomsa, matters.official())
    assert Client().post("/accounts/login/", told).headers["Location"] == "/tasks/"
    page = client_of(nomsa).get("/tasks/").content.decode()
    assert "1 matter waits for you" in page
    assert "Begin work" in page


def listed(client: Client, form: str, query: str = "") -> str:
    response = client.get(f"/cases/download.{form}?{query}")
    assert response.status_code == 200
    return response.getvalue().decode("utf-8-sig")


@pytest.mark.parametrize(
    ("query", "n"),
    [
        ("owner=planner-eth", 1), ("metro=CPT", 0), ("offering=compacts", 1), ("q=amounts", 1),
        ("stands=over", 0), ("stands=open", 1), ("late=1", 0), ("sort=-rand", 1),
        ("procedure=dispute", 0),
    ],
)  # fmt: skip
def test_the_list_is_filtered_and_downloaded(home: Path, query: str, n: int) -> None:
    admit(client_of(matters.secretariat()), matters.planner(), matters.official())
    anyone = Client()
    assert "1 matter going on" in anyone.get("/cases/").content.decode()
    assert len(json.loads(listed(anyone, "json", query))) == n
    assert len(listed(anyone, "csv", query).splitlines()) == 1 + n
    row = listed(anyone, "csv").splitlines()[1]
    assert row.startswith('case:1,case,"Amounts disagree: Cornubia')
    workbook = anyone.get("/cases/download.xlsx")
    assert b"".join(workbook.streaming_content).startswith(b"PK")
    workbook.close()
    assert anyone.get("/cases/?sort=known").status_code == 400


def test_every_step_is_an_event(home: Path) -> None:
    admit(client_of(matters.secretariat()), matters.planner(), matters.official())
    told = list(Event.objects.order_by("number").values_list("action", "subject", "actor"))[-2:]
    assert told == [("open_matter", "case:1", "lindiwe"), ("step_matter", "case:1", "lindiwe")]


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        (
            "DELETE FROM web_matterstep WHERE number = 2",
            "its steps are not those the log speaks of",
        ),
        ("UPDATE web_matterstep SET step = 'fly' WHERE number = 2", "cannot be replayed"),
        (
            "DELETE FROM web_party WHERE institution = 'ETH'",
            "is not among those who may know of it",
        ),
        ("UPDATE web_matter SET key = 'case:9'", "matter case:1: the log speaks of it"),
    ],
)
def test_a_record_that_somebody_touched_is_found_out(
    home: Path, statement: str, fault: str
) -> None:
    nomsa = matters.planner()
    admit(client_of(matters.secretariat()), nomsa, matters.official())
    done(send(client_of(nomsa), 1, "begin", told_plan="Meet."))
    assert checking.check(home).faults == []
    with connection.cursor() as cursor:
        for one in triggers._wanted(connection.vendor):
            cursor.execute(f"DROP TRIGGER {one.name}")
        cursor.cursor.execute(statement)
    assert any(fault in one for one in checking.check(home).faults)


def test_many_matters_are_few_questions(home: Path, django_assert_max_num_queries: object) -> None:
    lindiwe, nomsa, pieter = matters.secretariat(), matters.planner(), matters.official()
    for finding in (FINDING, "W04:U-0003"):
        admit(client_of(lindiwe), nomsa, pieter, finding)
    for n in range(20):
        reports.report(title=f"Report {n}", text="It does not line up.", metro="ETH")
    today = timezone.localdate()
    for person in (lindiwe, nomsa):
        with django_assert_max_num_queries(8):
            assert len(tasks.tasks_of(person, today)) >= 2
        with django_assert_max_num_queries(6):
            assert len(list(rows.everything(person, today))) == 22


def test_what_is_kept_of_the_list_ends_with_the_next_event(home: Path) -> None:
    lindiwe, nomsa = matters.secretariat(), matters.planner()
    cpt, anyone = client_of(matters.planner("CPT")), Client()
    assert "No case, dispute or compact yet" in anyone.get("/cases/").content.decode()
    admit(client_of(lindiwe), nomsa, matters.official())
    assert "1 matter going on" in anyone.get("/cases/").content.decode()
    reports.report(title="For eThekwini alone", text="It does not line up.", metro="ETH")
    assert "For eThekwini alone" in client_of(nomsa).get("/cases/").content.decode()
    for client in (cpt, anyone):
        assert "For eThekwini alone" not in client.get("/cases/").content.decode()
