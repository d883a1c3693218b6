"""What the areas say about other tables: one area of each id, and the municipality of a point."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from harvester.domain.problems import ProblemKind, Severity
from harvester.engine import schema
from harvester.rules import institutions
from harvester.space.ground.points import touching
from harvester.space.layers import read_layers

if TYPE_CHECKING:
    from ibis.expr.types import Table as IbisTable

    from harvester.engine.engine import Engine

REPEATED = ProblemKind(
    "area_in_another_file",
    Severity.NOTE,
    "{count} areas of this file are also in another one, in more detail; those of the other count.",
    "Nothing needs mending. To use these, take the other file out.",
)


def one_of_each(engine: Engine, areas: IbisTable) -> tuple[IbisTable, pa.Table]:
    """The most detailed area of each ``area_id`` (``schema.AREAS``), and notes on the others.

    The same boundaries are published at several simplifications; the geometry with the most bytes
    is the least simplified. Equal ones are told apart by submission, so the answer is the same
    whatever the order of files.
    """
    chosen = engine.arrow(areas).sort_by([("area_id", "ascending"), ("submission_id", "ascending")])
    size = pc.binary_length(chosen.column("geometry")).to_numpy()
    ids = chosen.column("area_id").to_pylist()
    best: dict[str, int] = {}
    for i, area_id in enumerate(ids):
        if area_id not in best or size[i] > size[best[area_id]]:
            best[area_id] = i
    kept = pa.array(sorted(best.values()), pa.int64())
    left = chosen.take(pa.array(sorted(set(range(len(ids))) - set(best.values())), pa.int64()))
    counts = (
        left.group_by("submission_id").aggregate([("area_id", "count")]).sort_by("submission_id")
    )
    problems = [_note(row["submission_id"], row["area_id_count"]) for row in counts.to_pylist()]
    return engine.table(schema.AREAS, chosen.take(kept)), schema.PROBLEMS.from_rows(problems)


def _note(submission_id: str, count: int) -> dict[str, object]:
    problem = REPEATED.at(count=count)
    return {
        "problem_id": f"{submission_id}:space:areas",
        "submission_id": submission_id,
        "stage": "space",
        "code": problem.code,
        "severity": str(problem.severity),
        "message": problem.message,
        "mend": problem.mend,
    }


def sited(engine: Engine, entries: IbisTable, areas: IbisTable) -> IbisTable:
    """Entries whose row names no municipality get that of their point (``schema.ENTRIES``).

    National lists name none and give only coordinates. A row that names a municipality we could
    not resolve stays ``unknown``: a point does not overrule words. A point on a boundary, or in no
    municipality of the harvest, leaves it ``unknown`` too.
    """
    layers = read_layers(engine.arrow(areas))
    held = [i for i, area in enumerate(layers.areas) if area.kind == "municipality"]
    nameless = (entries.metro == schema.UNKNOWN) & (entries.municipality_text == "")
    lost = entries.filter(nameless & entries.longitude.notnull())
    points = engine.arrow(lost.select("entry_id", "longitude", "latitude", "province"))
    if not held or not points.num_rows:
        return entries
    hits = touching(
        layers.polygons[held],
        points.column("longitude").to_numpy(),
        points.column("latitude").to_numpy(),
    )
    metros: dict[int, set[str]] = {}
    for area, point in zip(hits.areas.tolist(), hits.points.tolist(), strict=True):
        metros.setdefault(point, set()).add(layers.areas[held[area]].metro)
    book = institutions.load()
    ids, provinces = (points.column(name).to_pylist() for name in ("entry_id", "province"))
    found: list[dict[str, str]] = []
    for point, (code, *others) in ((p, sorted(codes)) for p, codes in metros.items()):
        if others or code not in book:
            continue
        said = provinces[point]
        province = book.get(code).province if said == schema.UNKNOWN else said
        found.append({"sited": ids[point], "in_metro": code, "in_province": province})
    put = engine.load("sited_entries", pa.Table.from_pylist(found, _SITED))
    both = entries.left_join(put, entries.entry_id == put.sited)
    both = both.mutate(
        metro=both.in_metro.coalesce(both.metro), province=both.in_province.coalesce(both.province)
    )
    made = engine.table(schema.ENTRIES, both.select(schema.ENTRIES.names))
    engine.drop("sited_entries")
    return made


_SITED = pa.schema([(name, pa.string()) for name in ("sited", "in_metro", "in_province")])
