"""Stores of their own for tests that act from several processes: on PostgreSQL and on SQLite.

A store is made ready once for a file of tests; each test gets a copy. Processes that are to act at
the same time wait for one another (``together()``), so that no machine is too slow to meet.
"""

from __future__ import annotations

import itertools
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Ready = Callable[[str, Path], dict[str, str]]

FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/local/pgsql/bin", "/opt/homebrew/opt/postgresql*/bin")
SERVER_USER = "postgres"
PREPARE = """
import json, os
from pathlib import Path
from harvester.web.server import prepare
print(json.dumps(bool(prepare(Path(os.environ["HARVESTER_HOME"])))))
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


@pytest.fixture(scope="module")
def cluster() -> Iterator[Path]:
    """A PostgreSQL server of this file of tests, on a Unix socket: the folder of the socket."""
    bin_folder = binaries()
    if bin_folder is None:
        pytest.skip(
            "POSTGRESQL NOT TRIED: no server binaries; set HARVESTER_PG_BIN to their folder"
        )
    # A short path, because a socket's may have only some hundred characters.
    folder = Path("/tmp") / f"harvester-pg-{os.getpid()}"
    folder.mkdir(mode=0o755)
    data = str(folder / "data")
    control = [str(bin_folder / "pg_ctl"), "-D", data]
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, SERVER_USER)
        as_server(
            [str(bin_folder / "initdb"), "-D", data, "-U", "harvester", "-A", "trust", "-E", "UTF8",
             "--no-sync"],
            folder,
        )  # fmt: skip
        options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
        as_server([*control, "-l", str(folder / "log"), "-w", "-o", options, "start"], folder)
        try:
            yield folder
        finally:
            as_server([*control, "-m", "immediate", "stop"], folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


_turns = itertools.count(1)


def new_database(cluster: Path, template: str = "template1") -> tuple[str, str]:
    """An empty database of a cluster, or the copy of another one: its name and DATABASE_URL."""
    name = f"turn_{next(_turns)}"
    bin_folder = binaries()
    assert bin_folder is not None
    as_server(
        [str(bin_folder / "createdb"), "-h", str(cluster), "-U", "harvester", "-T", template, name],
        cluster,
    )
    return name, f"postgresql://harvester@/{name}?host={cluster}"


@pytest.fixture
def postgres(cluster: Path) -> str:
    """The DATABASE_URL of an empty database."""
    return new_database(cluster)[1]


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Ready:
    """Makes a copy of a store that is ready, with its people, in a home; gives its surroundings."""
    made: dict[str, tuple[Path, str]] = {}

    def copy(database: str, home: Path) -> dict[str, str]:
        surroundings = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
        cluster = request.getfixturevalue("cluster") if database == "postgresql" else None
        if database not in made:
            first, name = tmp_path_factory.mktemp(database), ""
            where = surroundings | {"HARVESTER_HOME": str(first)}
            if cluster is not None:
                name, where["DATABASE_URL"] = new_database(cluster)
            run(PREPARE, where)
            made[database] = first, name
        first, name = made[database]
        shutil.copytree(first, home, dirs_exist_ok=True)
        surroundings["HARVESTER_HOME"] = str(home)
        if cluster is not None:
            surroundings["DATABASE_URL"] = new_database(cluster, name)[1]
        return surroundings

    return copy


TOGETHER = """
def together():
    import os, pathlib, time, uuid
    place, many, late = pathlib.Path(os.environ["MEET"]), int(os.environ["MEET_OF"]), time.time() + 120
    (place / uuid.uuid4().hex).touch()
    while len(os.listdir(place)) < many:
        if time.time() > late:
            raise TimeoutError(f"{len(os.listdir(place))} of {many} came")
        time.sleep(0.002)
"""


def meeting(folder: Path, many: int) -> dict[str, str]:
    """Surroundings in which scripts call ``together()`` and go on when so many have called it."""
    place = folder / "meet"
    place.mkdir()
    return {"MEET": str(place), "MEET_OF": str(many)}


def run(script: str, surroundings: dict[str, str], *words: object) -> Any:
    """What a script in a process of its own printed last."""
    done = subprocess.run(
        [sys.executable, "-c", TOGETHER + script, *(str(word) for word in words)],
        env=surroundings,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])
