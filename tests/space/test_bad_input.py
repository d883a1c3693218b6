"""Areas, people and amounts as bad as they come: told where a person can mend them, money conserved."""

from __future__ import annotations

import math
from collections import defaultdict

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harvester.engine import schema
from harvester.space.allocation import Request, Split, allocate
from harvester.space.named.crosswalk import MILLION, By, People, carry
from harvester.space.stage import place, spatial_budget
from tests.space.conftest import BUF, area, entries_table, lines_table

corner = st.tuples(st.integers(0, 12), st.integers(0, 12))


@st.composite
def rectangles(draw):
    """A rectangle on a grid of twelfths of a degree, perhaps with a hole."""
    (a, b), (c, d) = draw(corner), draw(corner)
    west, east, south, north = min(a, c), max(a, c) + 1, min(b, d), max(b, d) + 1
    box = shapely.box(27 + west / 12, -33.2 + south / 20, 27 + east / 12, -33.2 + north / 20)
    if draw(st.booleans()):
        box = box.difference(shapely.box(*shapely.buffer(box.centroid, 0.01).bounds))
    return box


@settings(deadline=None, max_examples=60)
@given(
    st.lists(rectangles(), min_size=1, max_size=4),
    st.lists(rectangles(), max_size=5),
    st.booleans(),
)
def test_carrying_conserves_and_agrees_with_plain_intersections(sources, targets, peopled):
    """Whatever overlaps, has holes, lies outside or is missing: millionths, and none below zero."""
    ids = [f"t{n}" for n in range(len(targets))]
    people = None
    if peopled:
        people = People(np.array(targets, dtype=object), np.full(len(targets), 1_000.0))
    made = carry(np.array(sources, dtype=object), np.array(targets, dtype=object), ids, people)
    assert len(made) == len(sources)
    for source, found in zip(sources, made, strict=True):
        shares = dict(found.shares)
        assert sum(shares.values()) == MILLION
        assert all(weight > 0 for weight in shares.values())
        covered = shapely.union_all([source.intersection(t) for t in targets]).area / source.area
        assert shares.get("", 0) / MILLION == pytest.approx(1 - covered, abs=0.03)
        if found.by is By.AREA and len(targets) == 1:
            part = source.intersection(targets[0]).area / source.area
            assert shares.get("t0", 0) / MILLION == pytest.approx(part, abs=0.03)


@pytest.mark.slow
@settings(
    deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(rectangles(), min_size=1, max_size=3),
    st.lists(rectangles(), min_size=1, max_size=3),
    st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=3),
    st.sampled_from([Split.AREA, Split.POPULATION]),
)
def test_no_layer_however_bad_loses_a_cent(engine, wards, zones, amounts, by):
    rows = [BUF]
    for kind, shapes in (("ward", wards), ("integration_zone", zones)):
        for n, shape in enumerate(shapes, 1):
            one = area(f"{kind}:{n}", kind, (0, 0, 1, 1), name=f"{kind.title()} {n}", metro="BUF")
            people = n * 100 if n % 2 else None
            rows.append(
                {
                    **one,
                    "geometry": shapely.to_wkb(shape),
                    "population": people,
                    "square_metres": shape.area * 1e10,
                }
            )
    entries = entries_table(
        {"location_text": "Wards 1, 2, 3 and 4"},
        {"points": "LINESTRING (27.1 -33.1, 27.9 -32.7)", "place_class": "located"},
        {"points": "27.5 -33;27.4 -32.9", "place_class": "located"},
    )
    lines = lines_table(
        *({"amount_cents": a, "entry_id": f"s:1:{n % 3 + 1}"} for n, a in enumerate(amounts))
    )
    tables = {
        "entries": engine.table(schema.ENTRIES, entries),
        "lines": engine.table(schema.LINES, lines),
        "areas": engine.table(schema.AREAS, schema.AREAS.from_rows(rows)),
    }
    made = place(engine, tables["entries"], tables["areas"])
    tables |= {"places": made.places, "benefits": made.benefits}
    budget = spatial_budget(
        engine, tables["entries"], tables["lines"], made.places, tables["areas"]
    )
    sums: dict[str, int] = defaultdict(int)
    for row in engine.arrow(budget).to_pylist():
        sums[row["layer"]] += row["amount_cents"]
    assert set(sums.values()) == {sum(amounts)}
    for layer in ("ward", "integration_zone"):
        found = allocate(engine, tables, Request(layer, by=by, view=True))
        assert sum(found.rows["amount_cents"].to_pylist()) == sum(amounts)
        [totals] = found.totals.to_pylist()
        parts = [totals[f"{part}_cents"] for part in ("located", "allocable", "unlocated")]
        assert sum(parts) == totals["total_cents"] == sum(amounts)


@pytest.mark.parametrize(
    "shape",
    [
        shapely.Polygon(),
        shapely.box(16.5, -34.9, 33.0, -22.1),
        shapely.box(27.1, -32.9, 27.1000001, -32.8999999),
        shapely.MultiPolygon(
            [shapely.box(27, -33, 27.2, -32.9), shapely.box(27.4, -33, 27.6, -32.9)]
        ),
    ],
    ids=["empty", "as huge as the country", "no larger than a stone", "in two parts"],
)
def test_areas_of_any_size_take_part_and_nothing_falls_over(engine, shape):
    odd = {**area("zone:x", "integration_zone", (0, 0, 1, 1), name="Odd", metro="BUF"),
           "geometry": shapely.to_wkb(shape), "population": 10**9}  # fmt: skip
    wards = [
        {
            **area("ward:1", "ward", (27, -33.2, 27.5, -32.6), name="Ward 1", metro="BUF"),
            "population": 5,
        },
    ]
    rows = entries_table(
        {"location_text": "Ward 1"},
        {"longitude": 27.1, "latitude": -32.9, "place_class": "located"},
        {"points": "LINESTRING (27.05 -32.95, 27.5 -32.95)", "place_class": "located"},
    )
    lines = lines_table(*({"amount_cents": 1_000, "entry_id": f"s:1:{n}"} for n in (1, 2, 3)))
    tables = {
        "entries": engine.table(schema.ENTRIES, rows),
        "lines": engine.table(schema.LINES, lines),
        "areas": engine.table(schema.AREAS, schema.AREAS.from_rows([BUF, *wards, odd])),
    }
    made = place(engine, tables["entries"], tables["areas"])
    tables |= {"places": made.places, "benefits": made.benefits}
    for by in (Split.AREA, Split.POPULATION):
        found = allocate(engine, tables, Request("integration_zone", by=by))
        assert sum(found.rows["amount_cents"].to_pylist()) == 3_000


def test_an_area_nobody_lives_in_holds_nothing_by_people_but_all_its_ground():
    source = np.array([shapely.box(27, -33, 28, -32)], dtype=object)
    halves = np.array(
        [shapely.box(27, -33, 27.5, -32), shapely.box(27.5, -33, 28, -32)], dtype=object
    )
    [by_people] = carry(source, halves, ["w", "e"], People(halves, np.array([0.0, 40.0])))
    assert (by_people.by, dict(by_people.shares)) == (By.POPULATION, {"e": MILLION})
    [by_nobody] = carry(source, halves, ["w", "e"], People(halves, np.array([0.0, 0.0])))
    assert by_nobody.by is By.AREA
    [unknown] = carry(source, halves, ["w", "e"], People(halves, np.array([5.0, math.nan])))
    assert unknown.by is By.AREA


def test_reversed_amounts_leave_nothing_behind(engine):
    """A journal and its reversal: every area and month ends at nothing."""
    rows = entries_table({"points": "27.2 -32.7;27.7 -32.7;27.7 -33.1", "place_class": "located"})
    lines = lines_table({"amount_cents": 1_000_001}, {"amount_cents": -1_000_001})
    wards = [
        area("ward:1", "ward", (27, -33.2, 27.5, -32.6), name="Ward 1", metro="BUF"),
        area("ward:2", "ward", (27.5, -33.2, 28, -32.6), name="Ward 2", metro="BUF"),
    ]
    entry_table = engine.table(schema.ENTRIES, rows)
    line_table = engine.table(schema.LINES, lines)
    areas = engine.table(schema.AREAS, schema.AREAS.from_rows([BUF, *wards]))
    made = place(engine, entry_table, areas)
    budget = spatial_budget(engine, entry_table, line_table, made.places, areas)
    assert {row["amount_cents"] for row in engine.arrow(budget).to_pylist()} == {0}
