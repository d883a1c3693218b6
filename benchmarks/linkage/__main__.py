"""``python -m benchmarks.linkage``: run parts of the proof of linkage and print their tables."""

from __future__ import annotations

import argparse

from benchmarks.linkage import (
    added,
    bad,
    calibration,
    margins,
    persons,
    projects,
    report,
    runs,
    sizes,
    split,
)

PARTS = ("projects", "margins", "persons", "scale", "added", "bad", "calibration", "report")
FAMILIES = ("sample", "invented")


def main(arguments: list[str] | None = None) -> None:
    """Run the parts named, or all; results are kept and only missing ones are worked out."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks.linkage", description=__doc__)
    asked.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)} (default: all)")
    asked.add_argument("--families", nargs="+", choices=FAMILIES, default=FAMILIES)
    asked.add_argument("--levels", nargs="+", type=int, choices=split.LEVELS, default=split.LEVELS)
    asked.add_argument(
        "--tools", nargs="+", default=[""], help="beginnings of names of tools (default: all)"
    )
    asked.add_argument("--sizes", nargs="+", type=int, choices=split.SCALE, default=split.SCALE)
    asked.add_argument("--fresh", action="store_true", help="work kept results out again")
    given = asked.parse_args(arguments)
    unknown = sorted(set(given.parts) - set(PARTS))
    if unknown:
        asked.error(f"no part {', '.join(unknown)}: choose from {', '.join(PARTS)}")
    tools = [tool for tool in runs.TOOLS if tool.name.lower().startswith(_lower(given.tools))]
    parts = given.parts or PARTS
    if "projects" in parts:
        projects.run(given.families, given.levels, tools, fresh=given.fresh)
    if "margins" in parts:
        margins.run(given.families, given.levels, tools, fresh=given.fresh)
    if "persons" in parts:
        persons.run(_lower(given.tools), fresh=given.fresh)
    if "scale" in parts:
        sizes.run(given.sizes, tools, fresh=given.fresh)
    if "added" in parts:
        added.run(given.sizes, fresh=given.fresh)
    if "bad" in parts:
        bad.run(fresh=given.fresh)
    if "calibration" in parts:
        calibration.run(fresh=given.fresh)
    if "report" in parts:
        report.main()


def _lower(names: list[str]) -> tuple[str, ...]:
    return tuple(name.lower() for name in names)


if __name__ == "__main__":
    main()
