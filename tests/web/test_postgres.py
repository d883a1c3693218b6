"""The transactional side on PostgreSQL: migrations, sign-in, records, and fifty people at once."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from tests.web.stores import cluster, meeting, postgres, ready, run

if TYPE_CHECKING:
    from pathlib import Path

    from tests.web.stores import Ready

__all__ = ["cluster", "postgres", "ready"]

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

# Runs in a process of its own: this one's Django already has its database.
SCRIPT = """
import json, os, sys
from pathlib import Path
from harvester.web.server import prepare
home = Path(os.environ["HARVESTER_HOME"])
welcome = prepare(home)
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from harvester.web.models import Upload
settings.ALLOWED_HOSTS = ["testserver"]
client = Client()
password = welcome.splitlines()[0].rsplit(" ", 1)[1]
signed = client.post("/accounts/login/", {"login": "planner", "password": password})
given = client.post("/upload/", {"files": [SimpleUploadedFile("a.txt", b"nothing in here")]})
record = Upload.objects.get()
print(json.dumps({
    "vendor": connection.vendor, "signed": signed.status_code, "given": given.status_code,
    "outcome": record.outcome, "person": record.person.username,
    "page": client.get("/upload/").status_code,
}))
"""


# Fifty people, each with a connection of their own, in five processes that begin together.
MANY = """
import json, os, sys, threading, time
from pathlib import Path
from harvester.web.server import make_ready
home = Path(os.environ["HARVESTER_HOME"])
make_ready(home)
from django.db import connection
from harvester.web.actions.acting import Actor, act
from harvester.web.actions.files import start_harvest
from harvester.web.actions.papers import add_paper
from harvester.web.models import Appointment
from harvester.web.rights import Happening, Level
from django.contrib.auth import get_user_model
part, people, each = (int(word) for word in sys.argv[1:4])
failed = []
def work(n):
    try:
        together()
        person = get_user_model().objects.get(username="secretariat")
        for i in range(each):
            add_paper(person, f"case:{part}-{n}", Level.PARTIES, f"paper {i}", body="x" * 500)
        start_harvest(Actor.of(person), person)
    except Exception as error:
        failed.append(repr(error))
    finally:
        connection.close()
threads = [threading.Thread(target=work, args=(n,)) for n in range(people)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(json.dumps(failed))
"""
# Two people of two parties take steps of one matter until both have taken theirs.
ONE_MATTER = """
import json, os, sys, threading, time, datetime as dt
from pathlib import Path
from harvester.web.server import make_ready
make_ready(Path(os.environ["HARVESTER_HOME"]))
from django.contrib.auth import get_user_model
from django.db import connection
from harvester.web.actions.acting import Actor
from harvester.web.actions.matters import NewPaper, OvertakenError, take_step
from harvester.web.matters.courses import course_of
from harvester.web.models import Matter
name, each = sys.argv[1], int(sys.argv[2])
failed, told = [], 0
def work(n):
    global told
    try:
        person = get_user_model().objects.get(username=name)
        together()
        for i in range(each):
            while True:
                seen = len(course_of(Matter.objects.get(number=1)).taken)
                try:
                    take_step(Actor.of(person), 1, "log_effort", on=dt.date(2026, 1, 10), seen=seen,
                              told={"effort": f"{name} {n} {i}"},
                              papers=[NewPaper("effort_record", f"{name} {n} {i}", body="x")])
                    break
                except OvertakenError as error:
                    assert error.since
                    told += 1
    except Exception as error:
        failed.append(repr(error))
    finally:
        connection.close()
threads = [threading.Thread(target=work, args=(n,)) for n in range(2)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(json.dumps({"failed": failed, "told": told}))
"""
# Two people of two parties answer the same versions of one clause at once, again and again.
OFFERS = """
import json, os, sys, threading, time
from pathlib import Path
from harvester.web.server import make_ready
make_ready(Path(os.environ["HARVESTER_HOME"]))
from django.contrib.auth import get_user_model
from django.db import connection
from harvester.web.actions import texts
from harvester.web.actions.acting import Actor
from harvester.web.models import NegotiatedText
name, each = sys.argv[1], int(sys.argv[2])
failed, crossed = [], 0
def work(n):
    global crossed
    try:
        actor = Actor.of(get_user_model().objects.get(username=name))
        text = NegotiatedText.objects.get()
        together()
        for i in range(each):
            done = texts.offer(actor, text, "1", answers=1, words=f"{name} {n} {i}")
            crossed += bool(done.rivals)
    except Exception as error:
        failed.append(repr(error))
    finally:
        connection.close()
threads = [threading.Thread(target=work, args=(n,)) for n in range(2)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(json.dumps({"failed": failed, "crossed": crossed}))
"""
OPEN_TEXT = """
import json, os
from pathlib import Path
from harvester.web.server import make_ready
make_ready(Path(os.environ["HARVESTER_HOME"]))
from django.contrib.auth import get_user_model
from harvester.web.actions import texts
from harvester.web.actions.acting import Actor
planner = Actor.of(get_user_model().objects.get(username="planner"))
text = texts.open_text(planner, 1, kind="norm", title="Site size", parties=["ETH", "KZN-HS"])
texts.propose(planner, text, heading="Size", words="2.8 hectares.")
print(json.dumps(True))
"""
CHECK_TEXT = """
import json, os
from pathlib import Path
from harvester.web.server import check_log
checked = check_log(Path(os.environ["HARVESTER_HOME"]))
from django.db import connection
from harvester.web.models import NegotiatedText, TextMove
from harvester.web.texts.reading import text_of
refused = []
for statement in ("UPDATE web_textmove SET words = 'x'", "DELETE FROM web_negotiatedtext",
                  "DELETE FROM web_edition", "UPDATE web_textsignature SET way = 'x'"):
    try:
        with connection.cursor() as cursor:
            cursor.cursor.execute(statement + " WHERE 1 = 1")
    except Exception as error:
        refused.append(type(error).__name__)
row = NegotiatedText.objects.get()
clause = text_of(row, row.moves.order_by("number")).clause("1")
print(json.dumps({
    "vendor": connection.vendor, "faults": checked.faults, "refused": len(refused),
    "numbers": list(TextMove.objects.order_by("number").values_list("number", flat=True)),
    "standing": len(clause.current), "words": len({v.words for v in clause.current}),
}))
"""
OPEN_ONE = """
import json, os, datetime as dt
from pathlib import Path
from harvester.web.server import make_ready
make_ready(Path(os.environ["HARVESTER_HOME"]))
from django.contrib.auth import get_user_model
from harvester.web.actions.acting import Actor
from harvester.web.actions.matters import NewPaper, open_matter, take_step
from harvester.web.rights import Level
planner = Actor.of(get_user_model().objects.get(username="planner"))
open_matter(planner, "dispute", title="One", parties=["ETH", "KZN-HS"], level=Level.PARTIES,
            known={"special_mechanism": "none", "convener": "mec"}, opened=dt.date(2026, 1, 5))
take_step(planner, 1, "negotiate", on=dt.date(2026, 1, 6), papers=[NewPaper("issue_sheet", "S", body="x")])
print(json.dumps(True))
"""
CHECK_ONE = """
import json, os
from pathlib import Path
from harvester.web.server import check_log
checked = check_log(Path(os.environ["HARVESTER_HOME"]))
from django.db import connection
from harvester.web.matters.courses import course_of
from harvester.web.models import Event, Matter, MatterStep, Paper
refused = []
for statement in ("UPDATE web_matter SET title = 'x'", "DELETE FROM web_matterstep",
                  "UPDATE web_matterstep SET step = 'x'", "DELETE FROM web_steppaper"):
    try:
        with connection.cursor() as cursor:
            cursor.cursor.execute(statement)
    except Exception as error:
        refused.append(type(error).__name__)
course = course_of(Matter.objects.get())
print(json.dumps({
    "vendor": connection.vendor, "faults": checked.faults, "efforts": course.facts["efforts"],
    "numbers": list(MatterStep.objects.order_by("number").values_list("number", flat=True)),
    "papers": len(set(Paper.objects.filter(title__contains=" ").values_list("title", flat=True))),
    "events": Event.objects.filter(action="step_matter").count(), "refused": len(refused),
}))
"""
CHECK_SQLITE = """
import json, os
from pathlib import Path
from harvester.web.server import check_log
checked = check_log(Path(os.environ["HARVESTER_HOME"]))
from django.db import connection
from harvester.web.models import Event, HarvestJob, Paper
print(json.dumps({
    "vendor": connection.vendor, "faults": checked.faults, "events": checked.events,
    "papers": len(set(Paper.objects.values_list("matter", "title"))),
    "started": Event.objects.filter(action="run_harvest").count(), "jobs": HarvestJob.objects.count(),
}))
"""
CHECK = """
import json, os
from pathlib import Path
from harvester.web.server import check_log
home = Path(os.environ["HARVESTER_HOME"])
checked = check_log(home)
from django.db import connection
from harvester.web.models import Event, HarvestJob, Paper
refused = []
for statement in ("UPDATE web_event SET reason = 'x'", "DELETE FROM web_event", "TRUNCATE web_event",
                  "UPDATE web_chainhead SET number = 0", "DELETE FROM web_chainhead",
                  "UPDATE web_paper SET title = 'x'", "TRUNCATE web_upload",
                  "INSERT INTO web_event SELECT 9999, at, actor, on_behalf_of, action, subject, level, "
                  "reason, payload, salt, seal, 'x', 'y' FROM web_event WHERE number = 2"):
    try:
        with connection.cursor() as cursor:
            cursor.cursor.execute(statement)
    except Exception as error:
        refused.append(type(error).__name__)
    connection.rollback() if not connection.get_autocommit() else None
with connection.cursor() as cursor:
    cursor.cursor.execute("ALTER TABLE web_event DISABLE TRIGGER USER")
    cursor.cursor.execute("UPDATE web_event SET reason = 'other' WHERE number = 77")
    cursor.cursor.execute("DELETE FROM web_event WHERE number = 111")
touched = check_log(home).faults
papers = {tuple(row) for row in Paper.objects.values_list("matter", "title")}
print(json.dumps({
    "vendor": connection.vendor, "faults": checked.faults, "events": checked.events,
    "papers": len(papers), "started": Event.objects.filter(action="run_harvest").count(),
    "jobs": HarvestJob.objects.count(), "refused": len(refused), "touched": touched,
    "level": sorted(set(Event.objects.filter(action="add_paper").values_list("level", flat=True))),
}))
"""


# Somebody tries passwords from many processes at once.
GUESS = """
import json, os, sys, time
from pathlib import Path
from harvester.web.server import make_ready
make_ready(Path(os.environ["HARVESTER_HOME"]))
from django.conf import settings
from django.test import Client
settings.ALLOWED_HOSTS = ["testserver"]
part, tries, password = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
looked, opened = 0, 0
for n in range(tries):
    # Another address each time: only the count of the account can stop it.
    client = Client(REMOTE_ADDR=f"10.0.{part}.{n}")
    name = "planner" if n % 2 else "planner@sample.invalid"
    page = client.post("/accounts/login/", {"login": name, "password": password})
    looked += b"not correct" in page.content
    opened += "_auth_user_id" in client.session
print(json.dumps([looked, opened]))
"""


# One meeting decides from several connections at once, while the night's work runs twice.
CALL_ONE = """
import json, os, datetime as dt
from pathlib import Path
from harvester.web.server import make_ready
make_ready(Path(os.environ["HARVESTER_HOME"]))
from django.contrib.auth import get_user_model
from harvester.web.actions.acting import Actor
from harvester.web.actions.decisions import decide
from harvester.web.actions.meetings import call_meeting
staff = Actor.of(get_user_model().objects.get(username="secretariat"))
call_meeting(staff, "TECHNICAL:METRO:ETH", dt.date(2026, 1, 5))
decide(staff, 1, words="First.", owner="ETH", due=dt.date(2026, 1, 20))
print(json.dumps(True))
"""
ONE_MEETING = """
import json, os, sys, time, datetime as dt
from pathlib import Path
from harvester.web.server import make_ready
make_ready(Path(os.environ["HARVESTER_HOME"]))
from django.contrib.auth import get_user_model
from harvester.web.actions import escalating, reminding
from harvester.web.actions.acting import Actor
from harvester.web.actions.decisions import DecidedMeanwhileError, decide
from harvester.web.models import Decision
name, each = sys.argv[1], int(sys.argv[2])
staff = Actor.of(get_user_model().objects.get(username="secretariat"))
together()
told = 0
for n in range(each):
    while True:
        seen = Decision.objects.count()
        try:
            decide(staff, 1, words=f"{name} {n}", owner="ETH", due=dt.date(2026, 1, 20), seen=seen)
            break
        except DecidedMeanwhileError as error:
            assert error.since
            told += 1
day = dt.date(2026, 1, 21)
escalating.escalate(day)
sent = reminding.remind(day)
print(json.dumps({"told": told, "sent": sent.sent}))
"""
CHECK_MEETING = """
import json, os
from pathlib import Path
from harvester.web.server import check_log
checked = check_log(Path(os.environ["HARVESTER_HOME"]))
from django.db import connection
from harvester.web import triggers
from harvester.web.models import Decision, Reminder
print(json.dumps({
    "vendor": connection.vendor, "faults": checked.faults, "decisions": Decision.objects.count(),
    "words": len(set(Decision.objects.values_list("words", flat=True))),
    "letters": Reminder.objects.filter(person__username="planner").count(),
    "missing": triggers.missing(connection),
}))
"""


@pytest.mark.parametrize("database", ["postgresql", "sqlite"])
def test_fifty_people_at_once_lose_no_write_and_fork_no_chain(
    database: str, ready: Ready, tmp_path: Path
) -> None:
    """On SQLite, which lets one writer in at a time, ten people do the same."""
    processes, people, each = (5, 10, 4) if database == "postgresql" else (2, 5, 4)
    surroundings = ready(database, tmp_path)
    meet = meeting(tmp_path, processes * people)
    with ThreadPoolExecutor(processes) as pool:
        failed = list(
            pool.map(
                lambda part: run(MANY, meet | surroundings, part, people, each), range(processes)
            )
        )
    assert failed == [[]] * processes
    papers = processes * people * each
    told = run(CHECK_SQLITE if database == "sqlite" else CHECK, surroundings)
    assert told["vendor"] == database
    assert told["faults"] == []
    assert told["papers"] == papers
    assert told["jobs"] == told["started"] == 1, "one harvest, whoever asked first"
    assert told["events"] == papers + 1 + 6, "each paper, the harvest, six accounts"
    if database == "postgresql":
        assert told["level"] == ["parties"]
        assert told["refused"] == 8
        assert [fault.split(":")[0] for fault in told["touched"][:2]] == ["event 77", "event 111"]
        assert any("trigger web_event_no_update is missing" in fault for fault in told["touched"])


def test_guesses_from_many_processes_are_counted_together(ready: Ready, tmp_path: Path) -> None:
    surroundings = ready("postgresql", tmp_path)
    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(lambda part: run(GUESS, surroundings, part, 6, "wrong"), range(4)))
    assert sum(looked for looked, _ in told) == 5, "of 24 guesses five were looked at"
    kept = (tmp_path / "sample-users.txt").read_text("utf-8").splitlines()[0]
    password = kept.removeprefix("password: ")
    assert run(GUESS, surroundings, 9, 1, password) == [0, 0], "locked, with the right one too"


@pytest.mark.parametrize("database", ["postgresql", "sqlite"])
def test_of_two_people_in_one_matter_the_second_is_told_and_nothing_is_lost(
    database: str, ready: Ready, tmp_path: Path
) -> None:
    """Four connections of two parties: each step is taken once, after what its taker had seen."""
    each = 5
    surroundings = ready(database, tmp_path)
    run(OPEN_ONE, surroundings)
    meet = meeting(tmp_path, 4)
    with ThreadPoolExecutor(2) as pool:
        told = list(
            pool.map(
                lambda name: run(ONE_MATTER, meet | surroundings, name, each),
                ["planner", "official"],
            )
        )
    assert [one["failed"] for one in told] == [[], []]
    assert sum(one["told"] for one in told) > 0, "they never met: the test shows nothing"
    checked = run(CHECK_ONE, surroundings)
    steps = 1 + 2 * 2 * each
    assert checked["vendor"] == database
    assert checked["faults"] == []
    assert checked["efforts"] == checked["papers"] == steps - 1
    assert checked["numbers"] == list(range(1, steps + 1))
    assert checked["events"] == steps
    assert checked["refused"] == 4


@pytest.mark.parametrize("database", ["postgresql", "sqlite"])
def test_a_meeting_kept_from_two_connections_loses_no_decision_and_writes_one_letter(
    database: str, ready: Ready, tmp_path: Path
) -> None:
    each = 5
    surroundings = ready(database, tmp_path)
    run(CALL_ONE, surroundings)
    meet = meeting(tmp_path, 2)
    with ThreadPoolExecutor(2) as pool:
        told = list(
            pool.map(lambda name: run(ONE_MEETING, meet | surroundings, name, each), ["a", "b"])
        )
    checked = run(CHECK_MEETING, surroundings)
    assert checked["vendor"] == database
    assert checked["faults"] == checked["missing"] == []
    assert checked["decisions"] == checked["words"] == 1 + 2 * each
    assert checked["letters"] == 1, "whichever night's work came first wrote it"
    assert sum(one["sent"] for one in told) >= 1


@pytest.mark.parametrize("database", ["postgresql", "sqlite"])
def test_offers_at_once_on_one_version_all_stand(
    database: str, ready: Ready, tmp_path: Path
) -> None:
    """Four connections of two parties answer one version: nothing is lost, whoever is second is told."""
    each = 5
    surroundings = ready(database, tmp_path)
    run(OPEN_ONE, surroundings)
    run(OPEN_TEXT, surroundings)
    meet = meeting(tmp_path, 4)
    with ThreadPoolExecutor(2) as pool:
        told = list(
            pool.map(
                lambda name: run(OFFERS, meet | surroundings, name, each), ["planner", "official"]
            )
        )
    assert [one["failed"] for one in told] == [[], []]
    offers = 2 * 2 * each
    assert sum(one["crossed"] for one in told) > 0, "they never met: the test shows nothing"
    checked = run(CHECK_TEXT, surroundings)
    assert checked["vendor"] == database
    assert checked["faults"] == []
    assert checked["numbers"] == list(range(1, offers + 2))
    assert checked["standing"] == checked["words"] == offers
    # A trigger for each row fires where there is one: texts and moves are there, editions are not.
    assert checked["refused"] == 2


def test_people_sign_in_and_give_files_on_postgresql(postgres: str, tmp_path: Path) -> None:
    surroundings = {**os.environ, "DATABASE_URL": postgres, "HARVESTER_HOME": str(tmp_path)}
    assert run(SCRIPT, surroundings) == {
        "vendor": "postgresql",
        "signed": 302,
        "given": 302,
        "outcome": "refused",
        "person": "planner",
        "page": 200,
    }
