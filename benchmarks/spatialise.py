"""Time to place entries and to spatialise their budget, beside two peers, at growing sizes.

    python -m benchmarks.spatialise [--entries 10000 100000 1000000] [--peers 10000 100000] [--wards 4468] [--zones 300]

A country of 40 municipalities, each tiled by wards, with zones over them (outlines of 60 corners).
Each project stands in five papers: six in ten with a point, two with a list of three wards, two
city-wide; three amounts an entry, of municipal or national years. Ours is the two stages of a
harvest (every layer, every year, every dimension) and must conserve each layer to the cent.

The peers get the same entries, wards and zones, and do less: the amounts of three years in wards and
in zones, in floating point, without months, places in words (their ground is merged for them, outside
the clock), or dimensions. They run in an environment of their own, made once with `pip`.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import shapely

from benchmarks.measure import Measured, machine, measured
from benchmarks.spatialise_peers import AMOUNTS, PEERS
from harvester.engine import schema
from harvester.engine.engine import Engine
from harvester.rules import institutions
from harvester.space.stage import place, spatial_budget

WEST, SOUTH, EAST, NORTH = 20.0, -33.0, 30.0, -25.0
ACROSS, DOWN = 8, 5
CORNERS = 15
PAPERS = 5
TARGET_SECONDS, TARGET_TIMES = 15, 10
WARDS, ZONES = 4_468, 300


def codes() -> list[str]:
    """Codes of forty real municipalities; where they really lie does not matter here."""
    book = institutions.load()
    found = sorted(one.code for one in book if book.kind(one.code) in {"metro", "local"})
    return found[: ACROSS * DOWN]


def boxes() -> list[tuple[float, float, float, float]]:
    """The forty rectangles of the country."""
    x, y = np.linspace(WEST, EAST, ACROSS + 1), np.linspace(SOUTH, NORTH, DOWN + 1)
    return [(x[i], y[j], x[i + 1], y[j + 1]) for i in range(ACROSS) for j in range(DOWN)]


def make_areas(wards: int, zones: int) -> pa.Table:
    """Municipalities, wards that tile them and zones over them."""
    rows: list[dict[str, object]] = []
    for n, (code, (west, south, east, north)) in enumerate(zip(codes(), boxes(), strict=True)):
        rows.append(_area("municipality", code, code, shapely.box(west, south, east, north), code))
        for kind, total in (("ward", wards), ("integration_zone", zones)):
            count = total // 40 + (n < total % 40)
            columns = max(1, round(count**0.5))
            x = np.linspace(west, east, columns + 1)
            for column in range(columns):
                tall = count // columns + (column < count % columns)
                y = np.linspace(south, north, tall + 1)
                for row in range(tall):
                    number = sum(r["layer"] == kind and r["metro"] == code for r in rows) + 1
                    box = shapely.box(x[column], y[row], x[column + 1], y[row + 1])
                    edge = shapely.length(box) / 4 / CORNERS
                    rows.append(
                        _area(
                            kind,
                            f"{kind.title()} {number}",
                            "",
                            shapely.segmentize(box, edge),
                            code,
                        )
                    )
    return schema.AREAS.from_rows(rows)


def _area(
    kind: str, name: str, code: str, shape: shapely.Geometry, metro: str
) -> dict[str, object]:
    return {
        "area_id": f"{kind}:{metro}:{name}",
        "submission_id": "areas:1",
        "layer": kind,
        "kind": kind,
        "code": code,
        "name": name,
        "metro": metro,
        "priority": kind == "integration_zone",
        "population": None,
        "illustrative": True,
        "square_metres": 1.0,
        "geometry": shapely.to_wkb(shape),
    }


def make_entries(count: int, wards: int, seed: int = 7) -> pa.Table:
    """Projects in five papers each, with a point, a list of wards, or for the whole city."""
    random = np.random.default_rng(seed)
    projects = -(-count // PAPERS)
    which = np.arange(count) % projects
    pick = random.random(projects)
    town = random.integers(0, 40, projects)
    corners = np.array(boxes())[town]
    lon = random.uniform(corners[:, 0], corners[:, 2])
    lat = random.uniform(corners[:, 1], corners[:, 3])
    few = random.integers(1, wards // 40 + 1, (projects, 3))
    words = np.array(
        [
            "" if p < 0.6 else f"Wards {a}, {b} and {c}" if p < 0.8 else "Whole of the Metro"
            for p, (a, b, c) in zip(pick.tolist(), few.tolist(), strict=True)
        ]
    )
    place_class = np.where(pick < 0.6, "located", np.where(pick < 0.8, "multi_ward", "city_wide"))
    functions = np.array(["roads", "water", "housing", "transport"])[
        random.integers(0, 4, projects)
    ]
    columns = _blank(schema.ENTRIES, count)
    columns |= {
        "entry_id": pa.array([f"{i:016x}:1:{i}" for i in range(count)]),
        "submission_id": pa.array(
            np.array([f"s:{p}" for p in range(PAPERS)])[np.arange(count) // projects]
        ),
        "row": pa.array(np.arange(count, dtype=np.int32)),
        "metro": pa.array(np.array(codes())[town][which]),
        "location_text": pa.array(words[which]),
        "place_class": pa.array(place_class[which]),
        "function": pa.array(functions[which]),
        "longitude": pa.array(np.where(pick < 0.6, lon, np.nan)[which], from_pandas=True),
        "latitude": pa.array(np.where(pick < 0.6, lat, np.nan)[which], from_pandas=True),
    }
    return schema.ENTRIES.conform(pa.table(columns))


def make_lines(entries: pa.Table, seed: int = 8) -> pa.Table:
    """Three years for each entry; every third entry's are national ones."""
    random = np.random.default_rng(seed)
    count = len(entries) * AMOUNTS
    which = np.repeat(np.arange(len(entries)), AMOUNTS)
    columns = _blank(schema.LINES, count)
    columns |= {
        "line_id": pa.array(np.arange(count).astype(str)),
        "entry_id": entries["entry_id"].take(pa.array(which)).combine_chunks(),
        "submission_id": entries["submission_id"].take(pa.array(which)).combine_chunks(),
        "amount_cents": pa.array(random.integers(-(10**6), 10**10, count)),
        "year": pa.array(np.tile(np.array(["2018/19", "2019/20", "2020/21"]), len(entries))),
        "calendar": pa.array(np.where(which % 3 == 0, "national", "municipal")),
        "phase": pa.array(np.full(count, "budget")),
    }
    return schema.LINES.conform(pa.table(columns))


def _blank(table: schema.Table, count: int) -> dict[str, pa.Array]:
    return {
        column.name: pa.repeat(pa.scalar("", pa.string()), count)
        if column.type == schema.TEXT
        else pa.nulls(count, column.type)
        for column in table.columns
    }


def ours(folder: str) -> dict[str, int]:
    """Place and spatialise what the folder holds; fails when a layer loses a cent."""
    engine = Engine()
    read = {
        t.name: pq.read_table(Path(folder) / f"{t.name}.parquet")
        for t in (schema.ENTRIES, schema.LINES, schema.AREAS)
    }
    tables = {
        t.name: engine.table(t, read[t.name]) for t in (schema.ENTRIES, schema.LINES, schema.AREAS)
    }
    made = place(engine, tables["entries"], tables["areas"])
    budget = engine.arrow(
        spatial_budget(engine, tables["entries"], tables["lines"], made.places, tables["areas"])
    )
    whole = pc.sum(read["lines"]["amount_cents"]).as_py()
    sums = budget.group_by("layer").aggregate([("amount_cents", "sum")]).to_pylist()
    if not all(row["amount_cents_sum"] == whole for row in sums):
        raise RuntimeError(f"not {whole}: {sums}")
    return {"rows": len(budget), "layers": len(sums)}


def write(folder: Path, count: int, wards: int, zones: int) -> None:
    """The country as Parquet, for ours and for the peers."""
    entries = make_entries(count, wards)
    pq.write_table(make_areas(wards, zones), folder / "areas.parquet")
    pq.write_table(entries, folder / "entries.parquet")
    pq.write_table(make_lines(entries), folder / "lines.parquet")


def peer(python: Path, name: str, folder: Path) -> Measured:
    """A peer's time, in its own environment."""
    script = Path(__file__).with_name("spatialise_peers.py")
    done = subprocess.run(
        [str(python), "-W", "ignore", str(script), name, str(folder)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr[-4000:])
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


def compare(sizes: list[int], peer_sizes: list[int], wards: int, zones: int) -> None:
    """Print a row for each size, and the peers' beside those they are run at."""
    print(f"Spatialise over {wards} wards and {zones} zones ({machine()})")
    print(
        f"  {'':<30}{'entries':>12}{'seconds':>10}{'us/entry':>10}{'peak MB':>10}{'times ours':>12}"
    )
    python = environment() if peer_sizes else Path()
    for count in sorted({*sizes, *peer_sizes}):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            write(folder, count, wards, zones)
            mine = measured("benchmarks.spatialise", "ours", name)
            _row("ours, to the cent", count, mine, mine)
            for tool in PEERS if count in peer_sizes else ():
                _row(tool, count, peer(python, tool, folder), mine)
    print(
        f"  wanted: 1 000 000 entries under {TARGET_SECONDS} s, peers at least {TARGET_TIMES} times ours\n"
    )


def environment() -> Path:
    """The python of the peers' environment, made when it is not there yet."""
    from benchmarks.linkage.store import peers_python

    return peers_python(Path(__file__).with_name("spatialise_peers.txt"))


def _row(name: str, count: int, found: Measured, mine: Measured) -> None:
    print(
        f"  {name:<30}{count:>12,}{found.seconds:>10.2f}{found.seconds / count * 1e6:>10.1f}"
        f"{found.peak_mb:>10.0f}{found.seconds / mine.seconds:>12.1f}",
        flush=True,
    )


def main(_: int) -> None:
    """The row of ``make bench``: the growth curve, and the peers at the two lesser sizes."""
    compare([10_000, 100_000, 1_000_000], [10_000, 100_000], WARDS, ZONES)


def _asked() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--entries", type=int, nargs="*", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--peers", type=int, nargs="*", default=[10_000, 100_000])
    parser.add_argument("--wards", type=int, default=WARDS)
    parser.add_argument("--zones", type=int, default=ZONES)
    told = parser.parse_args()
    compare(told.entries, told.peers, told.wards, told.zones)


if __name__ == "__main__":
    _asked()
