"""A server of its own process on the small country, and Chromium to look at it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright

from tests.web import country

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

SERVE = """
import signal, sys
from pathlib import Path
signal.signal(signal.SIGINT, signal.default_int_handler)  # a suite in the background is deaf to it
from harvester.web.server import prepare, serve
home = Path(sys.argv[1])
print(prepare(home), flush=True)
serve(home, "127.0.0.1", 0, ready=lambda address: print(address, flush=True))
"""
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True)
class Site:
    """Where the pages are, and the password of the sample people."""

    address: str
    password: str


@contextmanager
def served(home: Path, script: str = SERVE) -> Iterator[Site]:
    """A home, served as ``harvester serve`` serves it; stopped as Ctrl-C stops it."""
    surroundings = {
        k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "ALLOWED_HOSTS"}
    }
    with subprocess.Popen(
        [sys.executable, "-c", script, str(home)],
        env=surroundings,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        password = address = ""
        for line in process.stdout:
            password = password or "".join(re.findall(r"the password (\S+)", line))
            if line.startswith("http"):
                address = line.strip().rstrip("/")
                break
        yield Site(address, password)
        process.send_signal(signal.SIGINT)
        process.stdout.read()
        assert process.wait(timeout=20) == 0, "Ctrl-C must end it cleanly"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The pages of the small country, on which no other module left a trace."""
    home = tmp_path_factory.mktemp("home")
    country.store(home, country.tables())
    with served(home) as found:
        yield found


@pytest.fixture(scope="module")  # its event loop must end before Django tests of the same worker
def chromium() -> Iterator[Browser]:
    """The machine's Chromium."""
    found = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("BROWSER NOT TRIED: no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()
