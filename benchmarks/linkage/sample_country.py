"""The sample country through the real path: made, ingested, registered; and its truth.

The harvest's linker gets the table of entries. Every tool, ours too, also gets the same rows in
the published columns of ``harvester link``.
"""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from harvester.engine import schema
from harvester.engine.engine import Engine
from harvester.engine.granary import Granary
from harvester.intake import ingest
from harvester.linkage.stage import LINKED_KINDS
from harvester.register.stage import register
from harvester.sample.stage import make_sample
from harvester.space.ground.siting import one_of_each, sited

if TYPE_CHECKING:
    import pyarrow as pa

Row = dict[str, str]


def country(scale: float, dirt: int, seed: int) -> tuple[pa.Table, list[Row], dict[str, str]]:
    """The table of entries, the same entries as rows of a list, and their truth."""
    with tempfile.TemporaryDirectory() as folder:
        published, home = Path(folder, "published"), Path(folder, "home")
        make_sample(published, seed=seed, scale=scale, dirt=dirt)
        ingest(home, [published])
        entries, files = _registered(home)
        true = _truth(published)
    told = entries.to_pylist()
    truth = {
        e["entry_id"]: true[files[e["submission_id"]], e["sheet"], e["row"]] or f"stray {e['entry_id']}"
        for e in told
    }  # fmt: skip
    return entries, [_listed(e) for e in told], truth


def _registered(home: Path) -> tuple[pa.Table, dict[str, str]]:
    """Entries that linkage takes, as a harvest makes them, and the file of each submission."""
    engine = Engine()
    try:
        readings = Granary(home).readings()
        tables = {
            t.name: engine.scan([r.path(t.name) for r in readings], t)
            for t in schema.READING_TABLES
        }
        areas, _ = one_of_each(engine, tables["areas"])
        found, _ = register(
            engine, tables["submissions"], tables["source_entries"], tables["lines"]
        )
        found = sited(engine, found, areas)
        wanted = found.filter(found.kind.isin(sorted(LINKED_KINDS))).order_by("entry_id")
        submissions = engine.arrow(tables["submissions"]).to_pylist()
        return engine.arrow(wanted), {s["submission_id"]: s["file"] for s in submissions}
    finally:
        engine.close()


def _truth(published: Path) -> dict[tuple[str, str, int], str]:
    """Undertaking of each row, by file, sheet and row; empty for a stray one."""
    with (published / "truth" / "entries.csv").open(encoding="utf-8", newline="") as stream:
        return {
            (r["file"], r["sheet"], int(r["row"])): r["undertaking"] for r in csv.DictReader(stream)
        }


def _listed(entry: dict[str, object]) -> Row:
    """An entry in the columns of a list; what was not resolved is empty."""

    def said(name: str) -> str:
        value = entry[name]
        return "" if value in {None, schema.UNKNOWN} else str(value)

    cents = entry["amount_cents"]
    return {
        "entry_id": said("entry_id"), "source": said("submission_id"), "name": said("name"),
        "description": said("description"), "owner": said("owner"), "municipality": said("metro"),
        "function": said("function"), "latitude": said("latitude"), "longitude": said("longitude"),
        "amount": "" if cents is None else f"{int(str(cents)) / 100:.2f}",
        "first_year": said("first_year"), "last_year": said("last_year"), "code": said("source_code"),
    }  # fmt: skip
