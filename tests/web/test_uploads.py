"""Files come in, are read or refused with reasons, are recorded, and wait for a harvest."""

from __future__ import annotations

import io
import subprocess
import sys
from typing import TYPE_CHECKING

import openpyxl
import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile

from harvester.engine.granary import Granary
from harvester.sources.templates import write_template
from harvester.web import harvest_job, uploading
from harvester.web.actions.acting import Actor
from harvester.web.actions.files import start_harvest
from harvester.web.models import AppendOnlyError, HarvestJob, Upload
from harvester.web.rights import Role
from tests.web.conftest import sign_in

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client
    from pytest_django.fixtures import SettingsWrapper

pytestmark = pytest.mark.django_db


@pytest.fixture
def store(settings: SettingsWrapper, tmp_path: Path) -> Path:
    """An empty store of this test alone."""
    settings.HARVESTER_HOME = tmp_path / "home"
    return settings.HARVESTER_HOME


@pytest.fixture
def planner(client: Client) -> Client:
    """A signed-in planner."""
    sign_in(client, Role.PLANNER)
    return client


def register(tmp_path: Path) -> bytes:
    """An IDP project register: two good rows and one with a wrong amount."""
    path = tmp_path / "register.xlsx"
    write_template("idp", path)
    book = openpyxl.load_workbook(path)
    sheet = book["Projects"]
    at = {cell.value: cell.column for cell in sheet[1]}
    rows = [("Cornubia housing", 1_000_000), ("Umlazi road", 2_000_000), ("Bad one", "lots")]
    for n, (name, amount) in enumerate(rows, start=2):
        sheet.cell(n, at["Project name"], name)
        sheet.cell(n, at["Budget 2018/19"], amount)
    stream = io.BytesIO()
    book.save(stream)
    book.close()
    return stream.getvalue()


def give(client: Client, *files: tuple[str, bytes], **told: str) -> object:
    sent = [SimpleUploadedFile(name, content) for name, content in files]
    return client.post("/upload/", {"files": sent, **told})


def test_a_good_file_is_read_kept_and_recorded(
    planner: Client, store: Path, tmp_path: Path
) -> None:
    content = register(tmp_path)
    response = give(
        planner, ("register.xlsx", content), format="idp", institution="eThekwini", year="2018/19"
    )
    record = Upload.objects.get()
    assert response.headers["Location"] == f"/upload/{record.sha256}/"
    assert (record.outcome, record.told_institution, record.person.username) == (
        "read",
        "ETH",
        "planner",
    )
    assert record.entries >= 2
    assert [r.sha256 for r in Granary(store).readings()] == [record.sha256]
    page = planner.get(response.headers["Location"]).content.decode()
    assert "register.xlsx" in page
    assert "It enters the pages with the next harvest" in page
    assert planner.get(f"/upload/{record.sha256}/problems.csv").status_code == 200
    assert planner.get(f"/upload/{record.sha256}/?severity=error").status_code == 200


def test_the_workbook_comes_back_with_its_problems(
    planner: Client, store: Path, tmp_path: Path
) -> None:
    give(
        planner,
        ("register.xlsx", register(tmp_path)),
        format="idp",
        institution="ETH",
        year="2018/19",
    )
    response = planner.get(f"/upload/{Upload.objects.get().sha256}/annotated")
    assert 'filename="register-annotated.xlsx"' in response.headers["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    assert any("problem" in name.lower() for name in book.sheetnames)
    book.close()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("notes.txt", b"dear sir, please find nothing in here"),
        ("broken.xlsx", b"PK\x03\x04 not a workbook"),
        ("page.html", b"<html><script>alert(1)</script></html>"),
        ("binary.xls", bytes(range(256)) * 20),
    ],
)
def test_a_file_that_fails_wholly_says_why(
    planner: Client, store: Path, name: str, content: bytes
) -> None:
    response = give(planner, (name, content))
    record = Upload.objects.get()
    assert record.outcome == "refused"
    assert len(record.message) > 20
    page = planner.get(response.headers["Location"]).content.decode()
    assert "Nothing could be read of" in page
    assert "<script>" not in page
    assert not Granary(store).readings()


def test_a_bad_file_never_costs_a_good_one(planner: Client, store: Path, tmp_path: Path) -> None:
    give(planner, ("bad.txt", b"nothing"), ("register.xlsx", register(tmp_path)), format="idp")
    assert sorted(Upload.objects.values_list("outcome", flat=True)) in (
        ["read", "refused"],
        ["read", "read"],
    )
    assert len(Granary(store).readings()) >= 1


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"institution": "Nowhere town"}, "No institution"),
        ({"year": "2018/25"}, "Write a financial year"),
        ({"format": "pdf"}, "Select a valid choice"),
        ({"stage": "x"}, "Select a valid choice"),
    ],
)
def test_wrong_options_are_told_and_nothing_is_read(
    planner: Client, store: Path, told: dict[str, str], words: str
) -> None:
    response = give(planner, ("a.csv", b"a,b\n1,2\n"), **told)
    assert response.status_code == 400
    assert words in response.content.decode()
    assert not Upload.objects.exists()


def test_no_file_is_told(planner: Client, store: Path) -> None:
    assert "Choose at least one file" in planner.post("/upload/", {}).content.decode()


def test_too_large_a_file_stops_before_it_is_read(
    planner: Client, store: Path, settings: SettingsWrapper
) -> None:
    settings.UPLOAD_BYTES_PER_FILE = 1000
    response = give(planner, ("a.csv", b"x" * 5000))
    assert response.status_code == 400
    assert "larger than" in response.content.decode()
    settings.UPLOAD_BYTES_PER_REQUEST = 1000
    assert "Too much at once" in give(planner, ("a.csv", b"x" * 5000)).content.decode()
    assert not Upload.objects.exists()


def test_a_stranger_cannot_send_a_file(client: Client, store: Path) -> None:
    assert give(client, ("a.csv", b"a,b\n")).headers["Location"].startswith("/accounts/login/")
    client.handler.enforce_csrf_checks = True
    assert give(client, ("a.csv", b"a,b\n")).status_code == 403, "refused before it is parsed"
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\plan.xlsx", "plan.xlsx"),
        (".hidden", "hidden"),
        ("a\x00b\n.xlsx", "a_b_.xlsx"),
        ("", "file"),
        ("...", "file"),
        ("ünïcode.csv", "ünïcode.csv"),
        ("x" * 300 + ".xlsx", "x" * 115 + ".xlsx"),
        ("<b>.csv", "_b_.csv"),
    ],
)
def test_file_names_are_made_safe(name: str, safe: str) -> None:
    assert uploading.safe_name(name) == safe


def test_records_are_added_and_never_changed(planner: Client, store: Path) -> None:
    give(planner, ("notes.txt", b"nothing at all"))
    record = Upload.objects.get()
    record.file_name = "other"
    for change in (
        record.save,
        record.delete,
        Upload.objects.all().delete,
        lambda: Upload.objects.update(size=1),
    ):
        with pytest.raises(AppendOnlyError):
            change()


def test_who_gave_what_is_listed_for_the_auditor(
    client: Client, planner: Client, store: Path
) -> None:
    give(planner, ("notes.txt", b"nothing at all"))
    sign_in(client, Role.AUDITOR)
    page = client.get("/upload/log/").content.decode()
    assert "Nomsa Dlamini" in page
    assert "notes.txt" in page


def test_a_harvest_runs_from_a_page_one_at_a_time(
    client: Client, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    launched: list[int] = []
    monkeypatch.setattr(harvest_job, "launch", launched.append)
    sign_in(client, Role.SECRETARIAT)
    first = client.post("/upload/harvest/").headers["Location"]
    assert client.post("/upload/harvest/").headers["Location"] == first
    assert len(launched) == 1
    page = client.get(first)
    assert page.headers["Refresh"] == "2"
    harvest_job.carry_out(launched[0])
    job = HarvestJob.objects.get()
    assert job.state == HarvestJob.FAILED
    assert "nothing has been ingested" in client.get(first).content.decode()
    assert client.get("/upload/harvest/").status_code == 405


def running_job(client: Client) -> HarvestJob:
    person = get_user_model().objects.get(pk=client.session["_auth_user_id"])
    job, is_new = start_harvest(Actor.of(person), person)
    assert is_new
    return job


def test_jobs_of_a_server_that_died_are_told_as_failed(client: Client, store: Path) -> None:
    sign_in(client, Role.SECRETARIAT)
    running_job(client)
    assert harvest_job.forget_dead() == 1
    assert HarvestJob.objects.get().state == HarvestJob.FAILED


def test_a_job_whose_process_was_killed_has_failed(client: Client, store: Path) -> None:
    sign_in(client, Role.SECRETARIAT)
    job = running_job(client)
    with subprocess.Popen([sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"]) as process:
        harvest_job.watch(process, job.pk)
    job.refresh_from_db()
    assert job.state == HarvestJob.FAILED
    assert "want of memory" in job.message
