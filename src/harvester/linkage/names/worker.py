"""A worker process: ``python -m harvester.linkage.names.worker``, Arrow in and out by pipes."""

from __future__ import annotations

import gc
import sys

from harvester.linkage.names import workers


def main() -> None:
    """Serve the process that started this one, once."""
    gc.disable()  # millions of small objects and no cycle among them
    workers.serve(sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main()
