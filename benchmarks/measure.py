"""Time a function in a process of its own and read the most memory that process held."""

from __future__ import annotations

import json
import os
import platform
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Measured:
    """Seconds of wall time, peak resident memory in megabytes, and what the work gave back."""

    seconds: float
    peak_mb: float
    result: dict[str, int]


_CHILD = """
import importlib, json, sys, time
from benchmarks.measure import peak_mb
module, function, argument = sys.argv[1:4]
work = getattr(importlib.import_module(module), function)
started = time.perf_counter()
result = work(argument)
seconds = time.perf_counter() - started
print(json.dumps({"seconds": seconds, "peak_mb": peak_mb(), "result": result}))
"""


def measured(module: str, function: str, argument: str) -> Measured:
    """Run ``module.function(argument)`` in a fresh process; imports at its top are not timed."""
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, module, function, argument],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr[-4000:])
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


def peak_mb() -> float:
    """Most memory this process, or the largest it started, held, in megabytes."""
    if sys.platform == "darwin":
        who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        return max(resource.getrusage(one).ru_maxrss for one in who) / 1024**2
    # Linux counts in kilobytes, and getrusage begins with what the process that started us held.
    told = Path("/proc/self/status").read_text("utf-8").splitlines()
    own = next(int(line.split()[1]) for line in told if line.startswith("VmHWM"))
    return max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024


def loop_seconds() -> float:
    """Seconds of a loop of twenty million additions: how fast this machine is at this minute."""
    started, total = time.perf_counter(), 0
    for n in range(20_000_000):
        total += n
    return time.perf_counter() - started


def machine() -> str:
    """One line about the machine, and how fast it is at this minute."""
    return (
        f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}, "
        f"a loop of 20 million additions in {loop_seconds():.1f} s"
    )
