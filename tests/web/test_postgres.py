"""The transactional side on PostgreSQL: migrations, sign-in, an upload record."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/local/pgsql/bin", "/opt/homebrew/opt/postgresql*/bin")
SERVER_USER = "postgres"

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


def binaries() -> Path | None:
    """The newest PostgreSQL server on this machine."""
    named = os.environ.get("HARVESTER_PG_BIN")
    if named:
        return Path(named)
    found = [
        path
        for pattern in FOLDERS
        for path in sorted(Path("/").glob(pattern[1:]))
        if (path / "initdb").exists()
    ]
    return found[-1] if found else None


def as_server(command: list[str], cwd: Path) -> None:
    """Run a server command; as root it must be another user, for PostgreSQL refuses root."""
    if os.geteuid() == 0:
        # A service's PATH often lacks the administrator's folders.
        runuser = shutil.which("runuser") or "/usr/sbin/runuser"
        command = [runuser, "-u", SERVER_USER, "--", *command]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=90, check=False)
    assert done.returncode == 0, done.stderr + done.stdout


@pytest.fixture
def postgres() -> Iterator[str]:
    """A cluster of this test alone, on a Unix socket; its DATABASE_URL."""
    bin_folder = binaries()
    if bin_folder is None:
        pytest.skip(
            "POSTGRESQL NOT TRIED: no server binaries; set HARVESTER_PG_BIN to their folder"
        )
    # A short path, because a socket's may have only some hundred characters.
    folder = Path("/tmp") / f"harvester-pg-{os.getpid()}"
    folder.mkdir(mode=0o755)
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, SERVER_USER)
        data = folder / "data"
        as_server(
            [
                str(bin_folder / "initdb"),
                "-D",
                str(data),
                "-U",
                "harvester",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--no-sync",
            ],
            folder,
        )
        options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
        log = str(folder / "log")
        as_server(
            [str(bin_folder / "pg_ctl"), "-D", str(data), "-l", log, "-w", "-o", options, "start"],
            folder,
        )
        try:
            yield f"postgresql://harvester@/postgres?host={folder}"
        finally:
            as_server(
                [str(bin_folder / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop"], folder
            )
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def test_people_sign_in_and_give_files_on_postgresql(postgres: str, tmp_path: Path) -> None:
    surroundings = {**os.environ, "DATABASE_URL": postgres, "HARVESTER_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env=surroundings,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told == {
        "vendor": "postgresql",
        "signed": 302,
        "given": 302,
        "outcome": "refused",
        "person": "planner",
        "page": 200,
    }
