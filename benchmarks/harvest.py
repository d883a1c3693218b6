"""A full harvest at several sizes: seconds of each stage, peak memory, and how the cost grows.

    python -m benchmarks.harvest [--entries 10000 30000 100000 1000000] [--fresh]

Each size is a sample country (files written and read beforehand, kept in the benchmark's folder of
the user's cache, or ``HARVESTER_BENCH``), harvested anew in a process of its own. A million entries
take half an hour to write and read the first time.
"""

from __future__ import annotations

import argparse
import math
import shutil
import sys
from typing import TYPE_CHECKING

from benchmarks.linkage.store import home as kept
from benchmarks.measure import Measured, loop_seconds, machine, measured
from harvester.engine.granary import Granary
from harvester.harvest import STAGES, run
from harvester.intake import ingest
from harvester.sample.stage import make_sample

if TYPE_CHECKING:
    from pathlib import Path

SIZES = (10_000, 30_000, 100_000)
ENTRIES_AT_SCALE_ONE = 33_700
SEED = 36
TARGETS = {100_000: 60, 1_000_000: 360}
"""Seconds a full harvest may take (PRODUCT section 8)."""


def country(entries: int, *, fresh: bool) -> Path:
    """A home with the files of a country of about so many entries taken in, and no harvest."""
    folder = kept() / "harvests" / str(entries)
    if fresh:
        shutil.rmtree(folder, ignore_errors=True)
    if not (folder / "ready").exists():
        shutil.rmtree(folder, ignore_errors=True)
        files = folder / "files"
        make_sample(files, seed=SEED, scale=entries / ENTRIES_AT_SCALE_ONE, progress=_say)
        ingest(folder / "home", [files], progress=_say)
        shutil.rmtree(files)
        (folder / "ready").touch()
    return folder / "home"


def harvested(place: str) -> dict[str, float]:
    """Harvest a home as if for the first time: entries, and seconds by stage."""
    granary = Granary(place).root
    shutil.rmtree(granary / "harvests", ignore_errors=True)
    (granary / "current").unlink(missing_ok=True)
    manifest = run(place).manifest
    return {"entries": manifest["counts"]["entries"], **manifest["seconds"]}


def _say(what: str, done: int, total: int) -> None:
    print(f"\r  {what:<60} {done}/{total}", end="" if done < total else "\n", file=sys.stderr)


def measure(sizes: list[int], *, fresh: bool = False) -> list[Measured]:
    """Harvest each size and print its row, then the power with which the cost grows."""
    print(f"Full harvest of a sample country ({machine()})")
    head = ("entries", *STAGES, "seconds", "s / 100 000", "peak MB", "loop s")
    print("  " + "".join(f"{name:>12}" for name in head))
    found = []
    for size in sizes:
        place = country(size, fresh=fresh)
        found.append(measured("benchmarks.harvest", "harvested", str(place)))
        print("  " + "".join(f"{cell:>12}" for cell in row(found[-1])), flush=True)
        if size in TARGETS:
            print(f"  {'':>12}wanted: under {TARGETS[size]} s")
    if len(found) > 1:
        print(f"  cost grows as entries to the power {power(found[0], found[-1]):.2f}\n")
    return found


def row(one: Measured) -> list[str]:
    """One size as cells under the head, and the machine's loop at this minute: a slow hour is not slow code."""
    entries = one.result["entries"]
    stages = (f"{one.result[stage]:.1f}" for stage in STAGES)
    per_100_000 = one.seconds / entries * 100_000
    return [
        f"{entries:,}",
        *stages,
        f"{one.seconds:.1f}",
        f"{per_100_000:.1f}",
        f"{one.peak_mb:.0f}",
        f"{loop_seconds():.1f}",
    ]


def power(small: Measured, large: Measured) -> float:
    """1 where twice the entries cost twice the seconds."""
    entries = large.result["entries"] / small.result["entries"]
    return math.log(large.seconds / small.seconds) / math.log(entries)


def main(arguments: list[str] | None = None) -> None:
    """Measure every size asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--entries", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--fresh", action="store_true", help="write and read the files anew")
    asked = parser.parse_args(arguments)
    measure(sorted(asked.entries), fresh=asked.fresh)


if __name__ == "__main__":
    main()
