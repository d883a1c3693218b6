"""A small country: two square metros, their wards, regions and an integration zone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import shapely

from harvester.engine import schema
from harvester.engine.engine import Engine

if TYPE_CHECKING:
    import pyarrow as pa


@pytest.fixture
def engine():
    """One engine, closed afterwards."""
    found = Engine(threads=1)
    yield found
    found.close()


def box(west, south, east, north):
    """WKB of a rectangle in degrees."""
    return shapely.to_wkb(shapely.box(west, south, east, north))


def area(area_id, kind, bounds, *, layer="", code="", name="", metro="unknown", priority=False):
    """One row of areas."""
    return {
        "area_id": area_id,
        "submission_id": "areas:1",
        "layer": layer or kind,
        "kind": kind,
        "code": code,
        "name": name or code,
        "metro": metro,
        "priority": priority,
        "population": None,
        "illustrative": True,
        "square_metres": 1.0,
        "geometry": box(*bounds),
    }


BUF = area(
    "municipality:BUF",
    "municipality",
    (27, -33.2, 28, -32.6),
    code="BUF",
    name="Buffalo City",
    metro="BUF",
)
NMA = area(
    "municipality:NMA",
    "municipality",
    (25, -34, 26, -33),
    code="NMA",
    name="Nelson Mandela Bay",
    metro="NMA",
)
COAST = area("region:coastal", "region", (27, -33.2, 28, -33), name="Coastal", metro="BUF")
MIDLAND = area("region:midland", "region", (27, -33, 28, -32.8), name="Midland", metro="BUF")
INLAND = area("region:inland", "region", (27, -32.8, 28, -32.6), name="Inland", metro="BUF")
WARD1 = area(
    "ward:29200001", "ward", (27, -33.2, 27.5, -32.6), code="29200001", name="Ward 1", metro="BUF"
)
WARD2 = area(
    "ward:29200002", "ward", (27.5, -33.2, 28, -32.6), code="29200002", name="Ward 2", metro="BUF"
)
ZONE = area(
    "integration_zone:a",
    "integration_zone",
    (27.4, -33, 27.6, -32.9),
    name="Mdantsane integration zone",
    metro="BUF",
    priority=True,
)
COUNTRY = [BUF, NMA, COAST, MIDLAND, INLAND, WARD1, WARD2, ZONE]


def entries_table(*rows) -> pa.Table:
    """Entries with sensible defaults: Buffalo City, of no known place, one row each."""
    filled = []
    for i, row in enumerate(rows, 1):
        base = {
            "entry_id": f"s:1:{i}",
            "submission_id": "s:1",
            "sheet": "BUF",
            "row": i,
            "kind": "project",
            "name": f"Project {i}",
            "metro": "BUF",
            "province": "EC",
            "place_class": "unknown",
            "sphere": "local",
            "owner": "BUF",
            "function": "roads",
            "grant": "own",
            "document": "budget",
            "institution": "BUF",
            "stage": "adopted",
            "publication_year": "2018/19",
        }
        filled.append(base | row)
    return schema.ENTRIES.from_rows(filled)


def lines_table(*rows) -> pa.Table:
    """Lines with sensible defaults: municipal 2018/19 budget."""
    filled = []
    for i, row in enumerate(rows, 1):
        base = {
            "line_id": f"l{i}",
            "entry_id": "s:1:1",
            "submission_id": "s:1",
            "year": "2018/19",
            "calendar": "municipal",
            "phase": "budget",
            "sheet": "BUF",
            "cell": f"P{i}",
        }
        filled.append(base | row)
    return schema.LINES.from_rows(filled)
