"""What the suite needs and pip does not bring: Chromium, PostgreSQL's server binaries, and Java.

Run by ``make test``. Installs what it may (Debian, as root); what cannot be had is said loudly
here, and counted by pytest at the end as skipped.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from harvester.domain.errors import ConfigurationError
from harvester.engine.spark import java_home

WANTED = {
    "chromium": "browser tests",
    "postgresql": "tests on PostgreSQL",
    "openjdk-17-jre-headless": "tests on Spark",
}


def present(package: str) -> bool:
    """Whether the programs of a Debian package are on this machine."""
    if package == "chromium":
        return any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    if package.startswith("openjdk"):
        return has_java()
    return bool(list(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or shutil.which("initdb"))


def has_java() -> bool:
    """Whether there is a Java that Spark can use."""
    try:
        java_home()
    except ConfigurationError:
        return False
    return True


def install(packages: list[str]) -> None:
    """Install Debian packages where that is allowed; says so where it is not."""
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages],
    ):
        done = subprocess.run(command, env=quiet, capture_output=True, text=True, check=False)
        if done.returncode:
            print(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}", file=sys.stderr)


def main() -> None:
    """Install what is missing, then say what still is."""
    missing = [package for package in WANTED if not present(package)]
    if missing:
        print(f"Installing for the tests: {', '.join(missing)}", flush=True)
        install(missing)
    for package, tests in WANTED.items():
        if not present(package):
            print(f"NOT TESTED HERE: {tests}: no {package} on this machine", flush=True)


if __name__ == "__main__":
    main()
