"""Time to place entries and to spatialise their budget, at two sizes.

    python benchmarks/spatialise.py [--entries 10000 100000] [--wards 4468] [--zones 300]

Makes a grid country (wards and zones as polygons of 60 corners), entries with points, ward lists
and city-wide ones, three municipal and two national lines each; prints one row for each size.
Checks that every layer sums to the lines, to the cent.
"""

from __future__ import annotations

import argparse
import resource
import time

import numpy as np
import pyarrow as pa
import shapely

from harvester.engine import schema
from harvester.engine.engine import Engine
from harvester.space.stage import place, spatial_budget

WEST, SOUTH, EAST, NORTH = 27.0, -33.2, 28.0, -32.6
CORNERS = 15


def grid(count: int, kind: str) -> list[dict[str, object]]:
    """About ``count`` areas that tile the country, with many corners as real boundaries have."""
    across = max(1, round(count**0.5))
    x = np.linspace(WEST, EAST, across + 1)
    y = np.linspace(SOUTH, NORTH, across + 1)
    rows = []
    for i in range(across):
        for j in range(across):
            box = shapely.segmentize(
                shapely.box(x[i], y[j], x[i + 1], y[j + 1]), (x[1] - x[0]) / CORNERS
            )
            n = i * across + j + 1
            rows.append(_area(f"{kind}:{n}", kind, f"{kind.title()} {n}", box))
    return rows


def _area(area_id: str, kind: str, name: str, shape: shapely.Geometry) -> dict[str, object]:
    return {
        "area_id": area_id,
        "submission_id": "areas:1",
        "layer": kind,
        "kind": kind,
        "code": "BUF" if kind == "municipality" else "",
        "name": name,
        "metro": "BUF",
        "priority": kind == "integration_zone",
        "population": None,
        "illustrative": True,
        "square_metres": 1.0,
        "geometry": shapely.to_wkb(shape),
    }


def make_entries(count: int, wards: int, seed: int = 7) -> pa.Table:
    """Six in ten with a point, two with a list of wards, two city-wide."""
    random = np.random.default_rng(seed)
    pick = random.random(count)
    lon = random.uniform(WEST, EAST, count)
    lat = random.uniform(SOUTH, NORTH, count)
    few = random.integers(1, min(wards, 999), (count, 3))
    words = [
        "" if p < 0.6 else f"Wards {a}, {b} and {c}" if p < 0.8 else "Whole of the Metro"
        for p, (a, b, c) in zip(pick, few.tolist(), strict=True)
    ]
    place_class = np.where(pick < 0.6, "located", np.where(pick < 0.8, "multi_ward", "city_wide"))
    columns: dict[str, pa.Array] = {}
    for column in schema.ENTRIES.columns:
        if column.type == schema.TEXT:
            columns[column.name] = pa.array(np.full(count, ""), pa.string())
        else:
            columns[column.name] = pa.nulls(count, column.type)
    ids = [f"{i:016x}:1:{i}" for i in range(count)]
    functions = np.array(["roads", "water", "housing", "transport"])[random.integers(0, 4, count)]
    columns |= {
        "entry_id": pa.array(ids),
        "submission_id": pa.array(np.full(count, "s:1")),
        "row": pa.array(np.arange(count, dtype=np.int32)),
        "metro": pa.array(np.full(count, "BUF")),
        "province": pa.array(np.full(count, "EC")),
        "location_text": pa.array(words),
        "place_class": pa.array(place_class),
        "function": pa.array(functions),
        "longitude": pa.array(np.where(pick < 0.6, lon, np.nan), from_pandas=True),
        "latitude": pa.array(np.where(pick < 0.6, lat, np.nan), from_pandas=True),
    }
    return schema.ENTRIES.conform(pa.table(columns))


def make_lines(entries: pa.Table, seed: int = 8) -> pa.Table:
    """Three municipal years and two national ones for each entry."""
    random = np.random.default_rng(seed)
    count = len(entries) * 5
    which = np.repeat(np.arange(len(entries)), 5)
    years = np.tile(np.array(["2018/19", "2019/20", "2020/21", "2018/19", "2019/20"]), len(entries))
    calendars = np.tile(np.array(["municipal"] * 3 + ["national"] * 2), len(entries))
    columns: dict[str, pa.Array] = {}
    for column in schema.LINES.columns:
        if column.type == schema.TEXT:
            columns[column.name] = pa.array(np.full(count, ""), pa.string())
        else:
            columns[column.name] = pa.nulls(count, column.type)
    columns |= {
        "entry_id": entries["entry_id"].take(pa.array(which)).combine_chunks(),
        "amount_cents": pa.array(random.integers(-(10**6), 10**10, count)),
        "year": pa.array(years),
        "calendar": pa.array(calendars),
        "phase": pa.array(np.full(count, "budget")),
    }
    return schema.LINES.conform(pa.table(columns))


def measure(count: int, areas: pa.Table, wards: int) -> None:
    """Print seconds for one size, and fail if a cent is lost."""
    engine = Engine()
    entries = make_entries(count, wards)
    lines = make_lines(entries)
    entry_table = engine.table(schema.ENTRIES, entries)
    line_table = engine.table(schema.LINES, lines)
    area_table = engine.table(schema.AREAS, areas)
    began = time.perf_counter()
    places = place(engine, entry_table, area_table).places
    placed = time.perf_counter()
    budget = engine.arrow(spatial_budget(engine, entry_table, line_table, places, area_table))
    done = time.perf_counter()
    whole = sum(lines["amount_cents"].to_pylist())
    sums = budget.group_by("layer").aggregate([("amount_cents", "sum")]).to_pylist()
    assert all(row["amount_cents_sum"] == whole for row in sums), f"not {whole}: {sums}"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{count:>9,} entries  {len(areas):>5,} areas  place {placed - began:6.2f} s  "
        f"spread {done - placed:6.2f} s  rows {len(budget):>8,}  peak {peak:6.0f} MB"
    )
    engine.close()


def main() -> None:
    """Run every size asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--entries", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--wards", type=int, default=4_468)
    parser.add_argument("--zones", type=int, default=300)
    told = parser.parse_args()
    municipality = _area(
        "municipality:BUF", "municipality", "Buffalo City", shapely.box(WEST, SOUTH, EAST, NORTH)
    )
    rows = [municipality, *grid(told.wards, "ward"), *grid(told.zones, "integration_zone")]
    areas = schema.AREAS.from_rows(rows)
    for count in told.entries:
        measure(count, areas, told.wards)


if __name__ == "__main__":
    main()
