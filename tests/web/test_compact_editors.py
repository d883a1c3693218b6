"""Two parties write one protocol at once, over connections of their own: no line of either is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from tests.web.stores import cluster, meeting, ready, run

if TYPE_CHECKING:
    from pathlib import Path

    from tests.web.stores import Ready

__all__ = ["cluster", "ready"]

OPEN = """
import json, os, datetime as dt
from pathlib import Path
from harvester.web.server import make_ready
make_ready(Path(os.environ["HARVESTER_HOME"]))
from django.contrib.auth import get_user_model
from harvester.web.actions.acting import Actor
from harvester.web.actions.matters import open_matter
from harvester.web.rights import Level
planner = Actor.of(get_user_model().objects.get(username="planner"))
open_matter(planner, "protocol", title="One", parties=["ETH", "KZN-HS"], level=Level.PARTIES,
            known={}, opened=dt.date(2026, 1, 5))
print(json.dumps(True))
"""
WRITE = """
import json, os, sys, threading, time
from dataclasses import replace
from pathlib import Path
from harvester.web.server import make_ready
make_ready(Path(os.environ["HARVESTER_HOME"]))
from django.contrib.auth import get_user_model
from django.db import connection
from harvester.web.actions.acting import Actor
from harvester.web.actions.compacts import WrittenSinceError, save_version
from harvester.web.compacts.standing import contents_of, latest
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
                matter = Matter.objects.get(number=1)
                seen = latest(matter)
                had = contents_of(matter, seen)
                mine = replace(had, outcomes=(*had.outcomes, f"{name} {n} {i}"))
                try:
                    save_version(Actor.of(person), 1, mine, seen=seen.number if seen else 0)
                    break
                except WrittenSinceError as error:
                    assert error.latest.number > (seen.number if seen else 0)
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
CHECK = """
import json, os
from pathlib import Path
from harvester.web.server import check_log
checked = check_log(Path(os.environ["HARVESTER_HOME"]))
from django.db import connection
from harvester.processor.compacts.written import read
from harvester.web.models import CompactVersion
refused = 0
for statement in ("UPDATE web_compactversion SET contents = '{}'", "DELETE FROM web_compactversion"):
    try:
        with connection.cursor() as cursor:
            cursor.cursor.execute(statement)
    except Exception:
        refused += 1
versions = list(CompactVersion.objects.order_by("number"))
print(json.dumps({
    "vendor": connection.vendor, "faults": checked.faults, "refused": refused,
    "numbers": [one.number for one in versions], "outcomes": read(versions[-1].contents).outcomes,
}))
"""


@pytest.mark.parametrize("database", ["postgresql", "sqlite"])
def test_of_two_who_write_a_protocol_at_once_neither_loses_a_line(
    database: str, ready: Ready, tmp_path: Path
) -> None:
    each = 4
    surroundings = ready(database, tmp_path)
    run(OPEN, surroundings)
    meet = meeting(tmp_path, 4)
    with ThreadPoolExecutor(2) as pool:
        told = list(
            pool.map(
                lambda name: run(WRITE, meet | surroundings, name, each), ["planner", "official"]
            )
        )
    assert [one["failed"] for one in told] == [[], []]
    assert sum(one["told"] for one in told) > 0, "they never met: the test shows nothing"
    checked = run(CHECK, surroundings)
    lines = {
        f"{who} {n} {i}" for who in ("planner", "official") for n in (0, 1) for i in range(each)
    }
    assert checked["vendor"] == database
    assert checked["faults"] == []
    assert set(checked["outcomes"]) == lines
    assert len(checked["outcomes"]) == len(lines)
    assert checked["numbers"] == list(range(1, len(lines) + 1))
    assert checked["refused"] == 2
