"""What is planted is found, and nothing else, when every link is known to be true.

Linkage is left out on purpose (entries are put together as ``truth/entries.csv`` says), so that a
finding too many is a fault of the sample or of a detector, and of nothing else.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict

import pyarrow as pa
import pytest
from benchmarks.detectors import about, planted_in

from harvester.alignment.stage import coverage
from harvester.engine import schema
from harvester.engine.engine import Engine
from harvester.register.stage import register
from harvester.sample.stage import make_sample
from harvester.sources import registry
from harvester.sources.reading import ReadOptions, SourceFile
from harvester.space.stage import place
from harvester.wheat.stage import detect
from tests.sample.conftest import rows_of
from tests.sample.test_stage import published

pytestmark = pytest.mark.slow

AS_AT = dt.date(2020, 7, 1)


def most(rows, column):
    """The code most rows give."""
    told = Counter(r[column] for r in rows if r[column] != "unknown")
    return min(told, key=lambda code: (-told[code], code)) if told else "unknown"


def place_of(rows):
    """Best class of the entries, and the point of one that has it."""
    located = [r for r in rows if r["place_class"] == "located"]
    if not located:
        return {"place_class": most(rows, "place_class")}
    pointed = [r for r in located if r["longitude"] is not None] or located
    first = min(pointed, key=lambda r: r["entry_id"])
    return {
        "place_class": "located", "longitude": first["longitude"], "latitude": first["latitude"],
    }  # fmt: skip


def truly_linked(folder, entries, submissions):
    """Memberships and undertakings as the truth has them."""
    files = {s["submission_id"]: s["file"] for s in submissions.to_pylist()}
    true = {(r["file"], int(r["row"])): r["undertaking"] for r in rows_of(folder, "entries")}
    metros = {r["undertaking"]: r["metro"] or "unknown" for r in rows_of(folder, "undertakings")}
    members = defaultdict(list)
    for entry in entries.to_pylist():
        if entry["kind"] in {"project", "programme"}:
            number = true[files[entry["submission_id"]], entry["row"]]
            members[number or f"stray-{entry['entry_id']}"].append(entry)
    undertakings = [
        {
            "undertaking_id": number, "name": min(r["name"] for r in rows),
            "metro": metros.get(number, "unknown"), "province": most(rows, "province"),
            "function": most(rows, "function"), "owner": most(rows, "owner"),
            "sphere": most(rows, "sphere"), "entries": len(rows),
            "documents": ",".join(sorted({r["document"] for r in rows})),
            "institutions": ",".join(sorted({r["institution"] for r in rows})),
            "confidence": 1.0, **place_of(rows),
        }
        for number, rows in sorted(members.items())
    ]  # fmt: skip
    memberships = [
        {"entry_id": row["entry_id"], "undertaking_id": number, "probability": 1.0}
        for number, rows in members.items()
        for row in rows
    ]
    return (
        schema.MEMBERSHIPS.from_rows(memberships),
        schema.UNDERTAKINGS.from_rows(undertakings),
    )


def findings(folder):
    """Detector and undertaking (or, for W20, institution, document and metro) of every finding."""
    readings = [registry.read(SourceFile.at(p), ReadOptions()) for p in published(folder)]
    engine = Engine()
    try:
        tables = {
            t.name: engine.table(t, pa.concat_tables([getattr(r, t.name) for r in readings]))
            for t in schema.READING_TABLES
        }
        tables["entries"], _ = register(
            engine, tables["submissions"], tables["source_entries"], tables["lines"]
        )
        members, undertakings = truly_linked(
            folder, engine.arrow(tables["entries"]), engine.arrow(tables["submissions"])
        )
        tables["memberships"] = engine.table(schema.MEMBERSHIPS, members)
        tables["undertakings"] = engine.table(schema.UNDERTAKINGS, undertakings)
        tables["links"] = engine.table(schema.LINKS, schema.LINKS.empty())
        tables["places"] = place(engine, tables["entries"], tables["areas"]).places
        tables["coverage"] = coverage(engine, tables["submissions"], tables["entries"], AS_AT)
        found, _ = detect(engine, tables, AS_AT)
        return engine.arrow(found).to_pylist()
    finally:
        engine.close()


@pytest.fixture(scope="module", params=[1, 3], ids=lambda dirt: f"dirt {dirt}")
def with_plants(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("findings") / "country"
    make_sample(folder, seed=11, scale=0.03, dirt=request.param)
    return folder, findings(folder)


def test_every_plant_is_found_and_nothing_else(with_plants):
    folder, found = with_plants
    planted, told = set(planted_in(folder)), {about(f, {}): f["statement"] for f in found}
    assert sorted(planted - set(told)) == []
    assert {k: told[k] for k in sorted(set(told) - planted, key=str)} == {}


def test_an_aligned_country_gives_no_finding(aligned_country):
    assert [f["statement"] for f in findings(aligned_country)] == []
