"""People at work on the pages of a large harvest: how long each page takes, the slow tail above all.

    python -m benchmarks.pages [--entries 100000] [--people 50] [--seconds 60]

The country of :mod:`benchmarks.harvest` is harvested (once) and served as ``harvester serve`` does,
in a process of its own. Each person asks for a page, reads it for some seconds, and asks for the
next. Beside the pages stands the one page that asks nothing of the harvest (``/law/``), served in
the same minutes: what the machine takes for a page as such.
"""

from __future__ import annotations

import argparse
import http.client
import random
import socket
import subprocess
import sys
import threading
import time
from collections import defaultdict
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import duckdb

from benchmarks.harvest import country
from benchmarks.measure import machine
from harvester.engine.granary import Granary
from harvester.harvest import run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WANTED = 0.3
"""Seconds that 19 pages of 20 stay under (PRODUCT section 8)."""

PLAIN = "/law/"
READING = (2.0, 10.0)
"""Seconds a person looks at a page, at least and at most."""


def addresses(harvest: Path) -> list[str]:
    """Pages people open, with ids that stand in this harvest."""
    with closing(duckdb.connect()) as tables:

        def one(column: str, table: str, at: int) -> str:
            query = f"SELECT {column} FROM '{harvest}/{table}.parquet' ORDER BY {column} LIMIT 1 OFFSET {at}"
            found = tables.execute(query).fetchone()
            return str(found[0]) if found else ""

        undertaking, entry = (
            one("undertaking_id", "undertakings", 42),
            one("entry_id", "entries", 4242),
        )
        finding, submission = (
            one("finding_id", "findings", 99),
            one("submission_id", "submissions", 7),
        )
    return [
        PLAIN, "/", "/?metro=ETH", "/?metro=CPT&from=2018/19&to=2020/21",
        "/projects/", "/projects/?metro=JHB&page=7", "/projects/?q=reservoir", "/projects/?sort=name&page=90",
        "/projects/?document=idp&sort=-entries", f"/projects/{undertaking}/", f"/entries/{entry}/",
        "/wheat/", "/wheat/?metro=ETH&severity=high", "/wheat/?q=clinic&sort=confidence", f"/wheat/{finding}/",
        "/indicators/", "/indicators/V1/?metro=ETH", "/statements/?metro=ETH", "/cascade/?metro=ETH",
        "/certificates/", "/certificates/metro/ETH/", "/certificates/benchmark/",
        "/submissions/", f"/submissions/{submission}/", "/submissions/coverage/", "/map/", "/map/points.json",
    ]  # fmt: skip


@contextmanager
def served(home: Path) -> Iterator[int]:
    """The pages of a home, served; gives the port."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = int(found.getsockname()[1])
    command = [sys.executable, "-m", "harvester.cli", "serve", "--port", str(port), "--home", str(home)]  # fmt: skip
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        for _ in range(600):
            try:
                asked(port, PLAIN)
                break
            except OSError:
                time.sleep(0.2)
        yield port
    finally:
        server.terminate()
        server.wait()


def asked(port: int, address: str) -> float:
    """Seconds until the whole of a page is here. Raises :class:`RuntimeError` for an error page."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as line:
        started = time.perf_counter()
        line.request("GET", address)
        answer = line.getresponse()
        answer.read()
        took = time.perf_counter() - started
    if answer.status != 200:
        raise RuntimeError(f"{address} answered {answer.status}")
    return took


def at_work(port: int, pages: list[str], people: int, seconds: float) -> dict[str, list[float]]:
    """Seconds that each page took, by address, while so many people were at work."""
    took: dict[str, list[float]] = defaultdict(list)
    wrong: list[Exception] = []
    end = time.monotonic() + seconds

    def work(seed: int) -> None:
        chance = random.Random(seed)
        time.sleep(chance.uniform(0, READING[1]))
        try:
            while time.monotonic() < end:
                address = chance.choice(pages)
                took[address].append(asked(port, address))
                time.sleep(chance.uniform(*READING))
        except (OSError, RuntimeError) as error:
            wrong.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise wrong[0]
    return took


def tail(times: list[float], share: float = 0.95) -> float:
    """The time that ``share`` of them stay within."""
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


def main(arguments: list[str] | None = None) -> None:
    """Measure, and print a row for each page and one for all."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    told = parser.parse_args(arguments)
    home = country(told.entries, fresh=False)
    harvest = Granary(home).harvest() or run(home)
    pages = addresses(harvest.folder)
    print(f"Pages of {harvest.manifest['counts']['entries']:,} entries, {told.people} people at work "
          f"({machine()})")  # fmt: skip
    with served(home) as port:
        first = {address: asked(port, address) for address in pages}
        took = at_work(port, pages, told.people, told.seconds)
    print(f"  {'page':<44}{'asked':>8}{'first ms':>10}{'median':>10}{'95 %':>10}")
    for address in pages:
        times = took.get(address) or [first[address]]
        cells = (first[address], tail(times, 0.5), tail(times))
        print(f"  {address:<44}{len(took.get(address, ())):>8}" + "".join(f"{s * 1000:>10.0f}" for s in cells))  # fmt: skip
    every = [seconds for address, times in took.items() if address != PLAIN for seconds in times]
    print(f"  all pages: 95 % within {tail(every) * 1000:.0f} ms (wanted: {WANTED * 1000:.0f}); "
          f"{tail(every) / tail(took.get(PLAIN) or [first[PLAIN]]):.1f} times the plain page\n")  # fmt: skip


if __name__ == "__main__":
    main()
