"""``make bench``: every measured figure, its peer and the ratio, as a table."""

from __future__ import annotations

import argparse

from benchmarks import bands, detectors, harvest, read_sa36, spatialise
from benchmarks.linkage.__main__ import main as linkage

LINKAGE = (
    ["projects", "--levels", "2", "--tools", "harvester", "splink", "tf-idf"],
    ["persons"],
    ["scale", "--sizes", "100000", "--tools", "harvester", "splink"],
)
"""What a round of all benchmarks runs of the proof of linkage; ``python -m benchmarks.linkage`` runs all."""


def linkage_rows(_: int) -> None:
    """Projects at the usual level of dirt, persons, and a hundred thousand entries, measured anew."""
    for arguments in LINKAGE:
        linkage([*arguments, "--fresh"])


def harvest_rows(_: int) -> None:
    """A full harvest from ten thousand entries to a hundred thousand."""
    harvest.main([])


def bands_rows(_: int) -> None:
    """How often the band of each indicator holds the truth on sample countries."""
    bands.main([])


def detector_rows(_: int) -> None:
    """Every detector at three levels of dirt, on whole harvests and with true links."""
    detectors.main([])


BENCHMARKS = {
    "read-sa36": read_sa36.main,
    "detectors": detector_rows,
    "linkage": linkage_rows,
    "spatialise": spatialise.main,
    "harvest": harvest_rows,
    "bands": bands_rows,
}


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
