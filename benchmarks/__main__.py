"""``make bench``: every measured figure, its peer and the ratio, as a table."""

from __future__ import annotations

import argparse

from benchmarks import read_sa36

BENCHMARKS = {"read-sa36": read_sa36.main}


def main() -> None:
    """Run all benchmarks, or those named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *BENCHMARKS], help="which (default: all)")
    parser.add_argument("--projects", type=int, default=20_000, help="projects to read")
    asked = parser.parse_args()
    for name in asked.names or BENCHMARKS:
        BENCHMARKS[name](asked.projects)


if __name__ == "__main__":
    main()
