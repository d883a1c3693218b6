"""A worker process: ``python -m harvester.linkage.names.worker``, Arrow in and out by pipes."""

from __future__ import annotations

import sys

from harvester.linkage.names import workers


def main() -> None:
    """Serve the process that started this one, once."""
    workers.serve(sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main()
