"""``harvester verify`` over a store with a database, as its operator runs it."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow
PREPARE = """
import sys
from pathlib import Path
from harvester.web.server import prepare
prepare(Path(sys.argv[1]))
from harvester.web.audit import checking, chain
open(sys.argv[2], "w").writelines(chain.canonical(row) + "\\n" for row in checking.rows())
"""


def ran(*words: object, home: Path) -> subprocess.CompletedProcess[str]:
    surroundings = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
    return subprocess.run(
        [sys.executable, *(str(word) for word in words)],
        env={**surroundings, "HARVESTER_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


def verified(home: Path, *words: object) -> tuple[int, dict[str, object]]:
    done = ran("-m", "harvester.cli", "verify", "--json", *words, home=home)
    return done.returncode, json.loads(done.stdout)


def test_the_log_is_walked_with_the_store_and_a_download_without_it(tmp_path: Path) -> None:
    home, log = tmp_path / "home", tmp_path / "audit.jsonl"
    home.mkdir()
    assert verified(home)[1]["audit"] is None, "no database yet, and none is made"
    assert not (home / "db.sqlite3").exists()
    done = ran("-c", PREPARE, home, log, home=home)
    assert done.returncode == 0, done.stderr

    code, told = verified(home)
    assert (code, told["faults"]) == (0, [])
    head = told["audit"]["head"]
    assert head.startswith("6:")
    assert verified(home, "--head", head)[0] == 0
    assert verified(tmp_path / "elsewhere", "--log", log, "--head", head)[0] == 0

    database = sqlite3.connect(home / "db.sqlite3")
    with pytest.raises(sqlite3.IntegrityError):
        database.execute("UPDATE web_event SET reason = 'other' WHERE number = 4")
    database.rollback()
    statement = database.execute(
        "SELECT sql FROM sqlite_master WHERE name = 'web_event_no_update'"
    ).fetchone()[0]
    database.execute("DROP TRIGGER web_event_no_update")
    database.execute("UPDATE web_event SET reason = 'other' WHERE number = 4")
    database.execute(statement)
    database.commit()
    database.close()
    code, told = verified(home)
    assert (code, told["faults"]) == (2, ["event 4: was changed in its reason or payload"])

    log.write_text(log.read_text("utf-8").replace("person:analyst", "person:auditor"), "utf-8")
    code, told = verified(tmp_path / "elsewhere", "--log", log)
    assert (code, told["faults"]) == (2, ["event 5: was changed"])


def test_files_and_harvests_at_the_command_line_leave_events_where_the_store_has_a_log(
    tmp_path: Path, sample_country: Path
) -> None:
    home, junk = tmp_path / "home", tmp_path / "notes.txt"
    junk.write_text("nothing in here", "utf-8")
    workbook = min(sample_country.rglob("*_IDP_*.xlsx"))
    assert ran("-m", "harvester.cli", "ingest", workbook, home=home).returncode == 0
    assert not (home / "db.sqlite3").exists(), "a store that nobody served keeps no log"
    assert ran("-c", PREPARE, home, tmp_path / "log", home=home).returncode == 0
    assert ran("-m", "harvester.cli", "ingest", workbook, junk, home=home).returncode == 0
    for _ in range(2):
        assert ran("-m", "harvester.cli", "run", "--if-changed", home=home).returncode == 0

    told = [
        (actor.partition(":")[0], action, json.loads(payload))
        for actor, action, payload in sqlite3.connect(home / "db.sqlite3").execute(
            "SELECT actor, action, payload FROM web_event WHERE actor LIKE 'operator:%' "
            "AND action IN ('file_taken_in', 'harvest_ended') ORDER BY number"
        )
    ]
    assert [(who, action) for who, action, _ in told] == [
        ("operator", "file_taken_in"), ("operator", "file_taken_in"), ("operator", "harvest_ended"),
    ], "a harvest that was in service already is told once"  # fmt: skip
    by_name = {payload["file_name"]: payload for _, action, payload in told if "file" in action}
    assert by_name[workbook.name]["entries"] > 0
    assert by_name["notes.txt"]["refused"]
    assert told[-1][2]["digest"]
    assert verified(home)[0] == 0
