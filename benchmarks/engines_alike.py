"""``python -m benchmarks.engines_alike``: a harvest of a small country on both engines, table by table.

Takes many minutes on Spark, whose every query costs a fraction of a second however small the country.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import harvester


def tables_on(engine: str, home: Path, copy: Path) -> dict[str, Any]:
    """Digests of every table of a harvest of a copy of ``home``."""
    shutil.copytree(home, copy)
    tables: dict[str, Any] = harvester.run(copy, engine=engine).manifest["tables"]
    return tables


def main() -> None:
    """Harvest on both and print the tables that differ; ends with 1 where any does."""
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder)
        harvester.make_sample(top / "country", seed=5, scale=0.004, dirt=3)
        harvester.ingest(top / "home", [top / "country"])
        there, here = (tables_on(name, top / "home", top / name) for name in ("duckdb", "spark"))
    different = sorted(name for name in there if here[name] != there[name])
    print(f"{len(there)} tables, {len(different)} different: {', '.join(different) or 'none'}")
    sys.exit(1 if different else 0)


if __name__ == "__main__":
    main()
