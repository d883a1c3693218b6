"""The peers of ``benchmarks.spatialise``, run by the python of their own environment.

    python spatialise_peers.py overlay|area_interpolate FOLDER

Prints one JSON line as ``benchmarks.measure`` does. The ground of each entry is made before the
clock starts: its point, or the wards it names merged into one.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

AMOUNTS = 3
PEERS = ("geopandas overlay", "tobler area_interpolate")
PLANE = "+proj=aea +lat_1=-24 +lat_2=-33 +lat_0=0 +lon_0=24 +datum=WGS84 +units=m"
DISC = 1e-4
"""Radius of a point's disc in degrees (some 10 m): tobler shares areas only."""


def read(folder: Path):
    """Entries with their ground and three amounts, wards, zones; on the plane."""
    import geopandas
    import numpy as np
    import pyarrow.parquet as pq
    import shapely

    areas = pq.read_table(folder / "areas.parquet").to_pandas()
    shapes = shapely.from_wkb(areas["geometry"])
    layers = {
        kind: geopandas.GeoDataFrame(
            {"area_id": areas["area_id"][areas["layer"] == kind].to_numpy()},
            geometry=shapes[(areas["layer"] == kind).to_numpy()],
            crs=4326,
        )
        for kind in ("ward", "integration_zone")
    }
    ward_of = dict(zip(areas["area_id"], shapes, strict=True))
    entries = pq.read_table(
        folder / "entries.parquet", columns=["metro", "location_text", "longitude", "latitude"]
    ).to_pandas()
    amounts = (
        pq.read_table(folder / "lines.parquet", columns=["amount_cents"])["amount_cents"]
        .to_numpy()
        .reshape(-1, AMOUNTS)
    )
    ground = np.empty(len(entries), dtype=object)
    merged: dict[tuple[str, str], object] = {}
    for n, (metro, text, lon, lat) in enumerate(entries.itertuples(index=False)):
        if text.startswith("Wards"):
            if (metro, text) not in merged:
                numbers = [t for t in text.replace(",", " ").split() if t.isdigit()]
                merged[metro, text] = shapely.union_all(
                    [ward_of[f"ward:{metro}:Ward {number}"] for number in set(numbers)]
                )
            ground[n] = merged[metro, text]
        elif np.isfinite(lon):
            ground[n] = shapely.buffer(shapely.Point(lon, lat), DISC, quad_segs=2)
    kept = np.array([g is not None for g in ground])
    frame = geopandas.GeoDataFrame(
        {f"y{k}": amounts[kept, k].astype(float) for k in range(AMOUNTS)},
        geometry=ground[kept],
        crs=4326,
    )
    return frame.to_crs(PLANE), {name: layer.to_crs(PLANE) for name, layer in layers.items()}


def overlay(frame, layers) -> int:
    """Shares by the area of each piece of the overlay, amounts summed by area."""
    import geopandas

    frame = frame.assign(whole=frame.area)
    rows = 0
    for layer in layers.values():
        pieces = geopandas.overlay(frame, layer, how="intersection", keep_geom_type=True)
        share = pieces.area / pieces["whole"]
        sums = {f"y{k}": pieces[f"y{k}"] * share for k in range(AMOUNTS)}
        rows += len(pieces[["area_id"]].assign(**sums).groupby("area_id").sum())
    return rows


def area_interpolate(frame, layers) -> int:
    """The extensive variables of the entries' ground in each layer."""
    from tobler.area_weighted import area_interpolate as interpolate

    names = [f"y{k}" for k in range(AMOUNTS)]
    return sum(
        len(interpolate(frame, layer, extensive_variables=names, allocate_total=False))
        for layer in layers.values()
    )


def main() -> None:
    """Run one peer and print its seconds, memory and rows."""
    from measure import peak_mb  # beside this file; the peers' python does not know the project

    name, folder = sys.argv[1], Path(sys.argv[2])
    work = overlay if "overlay" in name else area_interpolate
    frame, layers = read(folder)
    started = time.perf_counter()
    rows = work(frame, layers)
    seconds = time.perf_counter() - started
    print(json.dumps({"seconds": seconds, "peak_mb": peak_mb(), "result": {"rows": rows}}))


if __name__ == "__main__":
    main()
