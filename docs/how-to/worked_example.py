"""A worked example: a small sample country from files to findings. Run it with a folder name."""

from __future__ import annotations

import sys
from pathlib import Path

import harvester


def main(folder: Path) -> None:
    """Make a country, harvest it, and look at one finding down to its cells."""
    harvester.make_sample(folder / "country", seed=1, scale=0.02)
    ingested = harvester.ingest(folder / "home", [folder / "country"])
    read = [row for result in ingested for row in result.submissions()]
    print(f"{len(read)} submissions, {sum(row['entries'] for row in read)} entries")

    harvest = harvester.run(folder / "home")
    for row in harvester.table(harvest, "indicators", metro="ETH").to_pylist():
        if row["sphere"] == "all" and row["value"] is not None:
            band = f"{row['low']:.0%} to {row['high']:.0%}"
            print(f"{row['indicator']} {row['year']}: {row['value']:.0%} ({band})")

    findings = harvester.table(harvest, "findings").to_pylist()
    worst = max(findings, key=lambda f: f["rand_cents"] or 0)
    print(worst["statement"])
    for cell in harvester.explain(harvest, worst["finding_id"])["evidence"]:
        print(f"  {cell['file']} {cell['sheet']}!{cell['cell']}: {cell['value']} ({cell['note']})")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
