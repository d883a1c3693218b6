"""Every write leaves one event; a log that somebody touched says where."""

from __future__ import annotations

import ast
import datetime as dt
import json
import re
import sqlite3
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from hypothesis import given
from hypothesis import settings as within
from hypothesis import strategies as st

from harvester.domain.errors import UserError
from harvester.web import triggers
from harvester.web.actions.acting import Actor, act
from harvester.web.actions.guard import WriteWithoutEventError
from harvester.web.audit import chain, checking, offline
from harvester.web.audit.chain import Head
from harvester.web.models import AppendOnlyError, ChainHead, Event, HarvestJob, Upload
from harvester.web.permissions import Subject
from harvester.web.rights import Action, Happening, Level, Role
from tests.web.conftest import person_of, sign_in

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

    from django.test import Client

pytestmark = pytest.mark.django_db
AT = dt.datetime(2019, 10, 31, 8, 30, tzinfo=dt.UTC)
WEB = Path(checking.__file__).parents[1]


def happen(n: int, level: Level = Level.PUBLIC) -> None:
    """``n`` events of no importance."""
    for i in range(n):
        with act(
            Actor("tester"),
            Happening.SIGNED_IN,
            f"person:{i}",
            on=Subject(level),
            reason=f"reason {i}",
            at=AT + dt.timedelta(minutes=i),
        ) as note:
            note.payload["i"] = i


@contextmanager
def hand_in_the_database() -> Iterator[None]:
    """Somebody with the database's own password takes the triggers off, and puts them back."""
    wanted = list(triggers._wanted(connection.vendor))
    with connection.cursor() as cursor:
        for one in wanted:
            cursor.execute(f"DROP TRIGGER {one.name}")
    yield
    triggers.install(connection)


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.cursor.execute(statement, values)  # past the guard, as a stranger's tool would


def faults(home: Path, *heads: Head) -> list[str]:
    return checking.check(home, heads).faults


# --- What an event says ---------------------------------------------------------------------------


def test_an_event_says_who_when_what_why_and_follows_the_one_before(served: Path) -> None:
    happen(2)
    first, second = Event.objects.order_by("number")
    assert (first.number, first.previous) == (1, chain.GENESIS)
    assert second.previous == first.hash
    assert first.at == "2019-10-31T08:30:00.000000Z"
    assert (first.actor, first.action, first.reason) == ("tester", "signed_in", "reason 0")
    assert json.loads(first.payload) == {"i": 0}
    assert checking.head() == Head(2, second.hash)
    assert faults(served) == []


def test_what_is_written_and_its_event_stand_or_fall_together(served: Path) -> None:
    who = person_of(Role.SECRETARIAT)
    before = Event.objects.count()

    def broken() -> None:
        with act(Actor.of(who), Action.RUN_HARVEST, "harvest:1"):
            HarvestJob.objects.create(person=who)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        broken()
    assert (Event.objects.count(), HarvestJob.objects.count()) == (before, 0)


def test_an_action_that_finds_nothing_to_do_leaves_nothing() -> None:
    who = person_of(Role.SECRETARIAT)
    before = Event.objects.count()
    with act(Actor.of(who), Action.RUN_HARVEST, "harvest:1") as note:
        HarvestJob.objects.create(person=who)
        note.nothing = True
    assert (Event.objects.count(), HarvestJob.objects.count()) == (before, 0)


def test_an_instant_without_its_time_zone_is_refused() -> None:
    with (
        pytest.raises(UserError, match="no time zone"),
        act(Actor("x"), Happening.SIGNED_IN, "person:x", at=AT.replace(tzinfo=None)),
    ):
        pass


def test_the_hash_is_the_same_on_every_machine() -> None:
    """Pinned: a change of the hashing makes every log ever written false."""
    event = {
        "number": 1, "at": "2019-10-31T08:30:00.000000Z", "actor": "nomsa", "on_behalf_of": "",
        "action": "upload", "subject": "file:ab", "level": "public",
        "seal": chain.seal_of("00", "né", '{"a":1}'), "previous": chain.GENESIS,
    }  # fmt: skip
    assert event["seal"] == "5bc179aee0e92ca1523bfe85b937cb6371231b05e400bd2ba68dadb5d250e1da"
    assert (
        chain.hash_of(event) == "7ad6eb92c10af7bc99519577048e0a8dd6fbedd5b23b3d0fcaf89947eeaf5296"
    )


MIDDLE = "actor, on_behalf_of, action, subject, level, reason, payload, salt, seal"

# --- The database refuses -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE web_event SET reason = 'better' WHERE number = 2",
        "DELETE FROM web_event WHERE number = 2",
        "DELETE FROM web_event",
        f"INSERT INTO web_event SELECT 9, at, {MIDDLE}, 'x', 'y' FROM web_event WHERE number = 2",
        f"REPLACE INTO web_event SELECT number, 'x', {MIDDLE}, previous, hash FROM web_event LIMIT 1",
        "UPDATE web_chainhead SET number = 1",
        "UPDATE web_chainhead SET hash = 'x'",
        "DELETE FROM web_chainhead",
    ],
)
def test_the_database_refuses_to_change_the_log(statement: str, served: Path) -> None:
    happen(3)
    with pytest.raises(sqlite3.IntegrityError), transaction.atomic():
        sql(statement)
    assert faults(served) == []


def test_the_models_refuse_too() -> None:
    happen(1)
    event = Event.objects.get()
    for change in (event.save, event.delete, Event.objects.all().delete, Event.objects.update):
        with pytest.raises(AppendOnlyError):
            change()


def test_a_write_outside_an_action_is_refused_by_the_connection() -> None:
    who = person_of(Role.SECRETARIAT)
    for write in (
        lambda: HarvestJob.objects.create(person=who),
        lambda: HarvestJob.objects.update(run="x"),
        lambda: HarvestJob.objects.filter(pk=0)._raw_delete("default"),
        lambda: Upload(person=who, size=1, outcome="read").save(),
    ):
        with pytest.raises(WriteWithoutEventError):
            write()


def test_a_trigger_that_is_gone_is_told(served: Path) -> None:
    sql("DROP TRIGGER web_event_no_delete")
    assert "web_event_no_delete is missing" in faults(served)[0]


# --- Touched, and found out where -----------------------------------------------------------------

FIELDS = ["at", "actor", "on_behalf_of", "action", "subject", "level", "reason", "payload", "salt", "seal", "hash", "previous"]  # fmt: skip


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("number", [1, 4, 7])
def test_any_field_of_any_event_changed_is_located(served: Path, name: str, number: int) -> None:
    happen(7)
    with hand_in_the_database():
        sql(f"UPDATE web_event SET {name} = 'elsewhere' WHERE number = ?", number)
    found = faults(served)
    assert found
    assert found[0].startswith(f"event {number}:")


def test_an_event_removed_is_located(served: Path) -> None:
    happen(7)
    with hand_in_the_database():
        sql("DELETE FROM web_event WHERE number = 4")
    assert faults(served) == ["event 4: was removed"]


def test_the_first_and_the_last_removed_are_located(served: Path) -> None:
    happen(7)
    with hand_in_the_database():
        sql("DELETE FROM web_event WHERE number IN (1, 6, 7)")
    assert faults(served) == [
        "event 1: was removed",
        "event 6: was removed, with every event up to 7",
    ]


def test_two_events_that_changed_places_are_located(served: Path) -> None:
    happen(7)
    with hand_in_the_database():
        sql("UPDATE web_event SET number = 99 WHERE number = 3")
        sql("UPDATE web_event SET number = 3 WHERE number = 5")
        sql("UPDATE web_event SET number = 5 WHERE number = 99")
    numbers = {fault.split(":")[0] for fault in faults(served)}
    assert {"event 3", "event 5"} <= numbers


def forged(number: int, previous: str) -> dict[str, object]:
    """An event that is sound in itself, made by somebody who knows how."""
    told: dict[str, object] = {
        "number": number, "at": chain.canonical("x"), "actor": "forger", "on_behalf_of": "",
        "action": "upload", "subject": "file:x", "level": "public", "reason": "",
        "payload": "{}", "salt": "s", "previous": previous,
    }  # fmt: skip
    told["seal"] = chain.seal_of("s", "", "{}")
    told["hash"] = chain.hash_of(told)
    return told


def put_in(event: dict[str, object]) -> None:
    names = ", ".join(event)
    sql(
        f"INSERT INTO web_event ({names}) VALUES ({', '.join('?' for _ in event)})",
        *event.values(),
    )


def test_an_event_put_in_the_place_of_another_is_located(served: Path) -> None:
    """The forger hashes it rightly; the next one still names the hash of the old."""
    happen(7)
    with hand_in_the_database():
        before = Event.objects.get(number=3).hash
        sql("DELETE FROM web_event WHERE number = 4")
        put_in(forged(4, before))
    assert faults(served) == [
        "event 5: does not follow event 4: one of the two was put in the place of another"
    ]


@pytest.mark.parametrize(("number", "told"), [(0, "event 0: was put in"), (8, "event 8: was put in behind the head of the log")])  # fmt: skip
def test_an_event_put_in_before_or_behind_is_located(served: Path, number: int, told: str) -> None:
    happen(7)
    with hand_in_the_database():
        put_in(forged(number, checking.head().hash))
    assert faults(served) == [told]


def test_a_log_written_anew_as_a_whole_fails_the_heads_noted_elsewhere(
    served: Path, tmp_path: Path
) -> None:
    happen(3)
    in_a_pack = checking.head()
    happen(2)
    checking.note(tmp_path, checking.check(tmp_path), AT)
    with hand_in_the_database():
        sql("DELETE FROM web_event")
        sql("UPDATE web_chainhead SET number = 0, hash = ?", chain.GENESIS)
    happen(5)
    assert faults(served) == [], "the chain alone cannot know"
    assert faults(tmp_path)[0].startswith("event 5: is not the event that was noted")
    assert faults(served, in_a_pack)[0].startswith("event 3: is not the event that was noted")


def test_a_log_cut_off_with_its_head_fails_the_heads_noted_elsewhere(served: Path) -> None:
    happen(5)
    in_a_pack = checking.head()
    with hand_in_the_database():
        sql("DELETE FROM web_event WHERE number > 2")
        sql(
            "UPDATE web_chainhead SET number = 2, hash = (SELECT hash FROM web_event WHERE number = 2)"
        )
    assert faults(served) == []
    assert faults(served, in_a_pack) == ["event 3: was removed, with every event up to 5"]


def made_up(n: int) -> list[dict[str, object]]:
    events, before = [], chain.GENESIS
    for number in range(1, n + 1):
        event = forged(number, before)
        events.append(event)
        before = str(event["hash"])
    return events


@within(max_examples=60, deadline=None)
@given(st.integers(2, 12), st.randoms(use_true_random=False))
def test_whatever_is_done_to_a_log_is_found_at_its_place(n: int, dice: random.Random) -> None:
    """A walk that is sound says nothing; one change of any kind is found no later than the next event."""
    events = made_up(n)
    head = Head(n, str(events[-1]["hash"]))
    assert list(chain.faults(events, head)) == []
    at = dice.randrange(n)
    kind = dice.choice(["change", "remove", "swap", "twice"])
    touched = list(events)
    if kind == "change":
        name = dice.choice(["actor", "subject", "payload", "hash", "previous"])
        touched[at] = {**events[at], name: "other"}
    elif kind == "remove":
        del touched[at]
    elif kind == "swap":
        other = dice.choice([i for i in range(n) if i != at])
        touched[at], touched[other] = (
            {**events[other], "number": at + 1},
            {**events[at], "number": other + 1},
        )
        at = min(at, other)
    else:
        touched = [
            *touched[: at + 1],
            *({**e, "number": int(str(e["number"])) + 1} for e in touched[at:]),
        ]
        at += 1
    found = list(chain.faults(touched, head))
    assert found, kind
    assert found[0].number in {at + 1, at + 2}, (kind, at, found)


# --- No other way to write ------------------------------------------------------------------------

WRITES = {
    "save", "create", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create",
    "asave", "acreate", "adelete", "aupdate", "set_password", "executemany", "executescript",
    "_raw_delete", "raw",
}  # fmt: skip
ONLY_BY_NAME = {"update"}
"""Of a queryset when every value is named; of a dictionary or a hash otherwise."""
NOT_ROWS = {
    ("harvest_store.py", "create"): "a table of DuckDB's scratch file",
    ("models/keeping.py", "save"): "the model's own refusal to save twice",
}


def writes_in(path: Path) -> Iterator[tuple[str, int, str]]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        name = node.func.attr
        by_name = name in ONLY_BY_NAME and node.keywords and not node.args
        where = str(path.relative_to(WEB))
        if (name in WRITES or by_name) and (where, name) not in NOT_ROWS:
            yield where, node.lineno, name


def test_no_module_but_the_actions_writes_a_row() -> None:
    elsewhere = [
        path
        for path in sorted(WEB.rglob("*.py"))
        if path.relative_to(WEB).parts[0] not in {"actions", "migrations"}
    ]
    assert len(elsewhere) > 40
    assert [found for path in elsewhere for found in writes_in(path)] == []


BY_SQL = re.compile(
    r"\s*(INSERT\s+INTO\s+\w|UPDATE\s+\w+\s+SET\b|DELETE\s+FROM\s+\w|REPLACE\s+INTO)", re.IGNORECASE
)


def test_no_module_of_the_web_holds_sql_that_writes() -> None:
    """Beside the models there is one more way to a row; the connection would refuse it, too."""
    assert BY_SQL.match("update web_event set x = 1")
    assert BY_SQL.match("DELETE FROM web_event")
    guilty = [
        (str(path.relative_to(WEB)), node.lineno)
        for path in sorted(WEB.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and BY_SQL.match(node.value)
    ]
    assert guilty == []


def test_the_reader_of_code_sees_a_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.web.test_audit.WEB", tmp_path)
    path = tmp_path / "sly.py"
    path.write_text("Upload.objects.filter(a=1).update(b=2)\nx.update({1: 2})\nrow.save()\n")
    assert [(line, name) for _, line, name in writes_in(path)] == [(1, "update"), (3, "save")]


def is_call(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name


def is_act(node: ast.AST) -> bool:
    return isinstance(node, ast.With) and any(
        isinstance(item.context_expr, ast.Call)
        and isinstance(item.context_expr.func, ast.Name)
        and item.context_expr.func.id == "act"
        for item in node.items
    )


def test_inside_the_actions_every_write_is_inside_act() -> None:
    """Each write stands in a ``with act(...)`` of its function; the appending itself is the exception."""
    outside: list[tuple[str, int, str]] = []
    for path in sorted((WEB / "actions").glob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        acts = [inner for node in ast.walk(tree) if is_act(node) for inner in ast.walk(node)]
        allowed = {id(node) for node in acts}
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("_"):
                # A part of an action: whoever calls it must stand inside one.
                calls = [one for one in ast.walk(tree) if is_call(one, node.name)]
                if node.name == "_append" or (calls and {id(one) for one in calls} <= allowed):
                    allowed |= {id(inner) for inner in ast.walk(node)}
        outside += [
            (path.name, node.lineno, node.func.attr)
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and (node.func.attr in WRITES or (node.func.attr == "update" and not node.args))
            and id(node) not in allowed
        ]
    assert outside == []


# --- Pages, files, commands -----------------------------------------------------------------------


def test_the_auditor_filters_checks_and_downloads(client: Client, tmp_path: Path) -> None:
    happen(3)
    happen(1, Level.PRIVILEGED)
    sign_in(client, Role.AUDITOR)
    page = client.get(
        "/audit/?actor=tester&action=signed_in&from=2019-10-31&to=2019-10-31"
    ).content.decode()
    assert "4 events as filtered" in page
    assert "reason 2" in page
    assert "withheld: privileged" in page
    assert client.get("/audit/?from=tomorrow").status_code == 400
    assert client.get("/audit/?page=9").status_code == 400
    assert "events stand as they were written" in client.post("/audit/check/").content.decode()
    wrong = f"2:{'0' * 64}"
    told = client.post("/audit/check/", {"head": wrong}).content.decode()
    assert "Event 2: is not the event that was noted" in told
    whole = b"".join(client.get("/audit/download.jsonl").streaming_content)
    assert b'"reason":null' in whole
    path = tmp_path / "audit.jsonl"
    path.write_bytes(whole)
    checked = offline.check_file(path, [str(checking.head())])
    assert (checked.faults, checked.head) == ([], checking.head())
    path.write_bytes(whole.replace(b"person:1", b"person:7"))
    assert offline.check_file(path).faults[0].startswith("event ")
    rows = b"".join(client.get("/audit/download.csv?actor=tester").streaming_content)
    assert rows.decode("utf-8-sig").count("\r\n") == 5


def test_a_text_that_a_spreadsheet_would_run_is_made_harmless(client: Client) -> None:
    with act(Actor("tester"), Happening.SIGNED_IN, "person:x", reason='=HYPERLINK("http://x")'):
        pass
    sign_in(client, Role.AUDITOR)
    rows = b"".join(client.get("/audit/download.csv").streaming_content).decode("utf-8-sig")
    assert "\"'=HYPERLINK" in rows


def test_the_nightly_check_notes_the_head_once_and_fails_on_a_fault(
    served: Path, tmp_path: Path, settings
) -> None:
    settings.HARVESTER_HOME = tmp_path
    happen(3)
    call_command("verify_audit")
    call_command("verify_audit")
    assert checking.noted(tmp_path) == [checking.head()]
    with hand_in_the_database():
        sql("UPDATE web_event SET actor = 'other' WHERE number = 2")
    with pytest.raises(CommandError, match="event 2: was changed"):
        call_command("verify_audit")


def test_the_head_moves_only_with_an_event() -> None:
    head = ChainHead.objects.get(pk=1)
    assert (head.number, head.hash) == (0, chain.GENESIS)
