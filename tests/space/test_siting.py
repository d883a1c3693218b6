"""Areas that come twice count once; rows that name no municipality get that of their point."""

from __future__ import annotations

import pytest
import shapely

from harvester.engine import schema
from harvester.space.ground.siting import one_of_each, sited
from tests.space.conftest import BUF, NMA, area, entries_table


def areas_of(engine, rows):
    return engine.table(schema.AREAS, schema.AREAS.from_rows(rows))


@pytest.fixture
def simplified():
    fine = shapely.segmentize(shapely.from_wkb(BUF["geometry"]), 0.1)
    return [BUF, {**BUF, "submission_id": "areas:fine", "geometry": shapely.to_wkb(fine)}]


def test_the_most_detailed_of_the_same_area_counts_and_the_other_is_noted(engine, simplified):
    for rows in (simplified, simplified[::-1]):
        kept, problems = one_of_each(engine, areas_of(engine, [*rows, NMA]))
        chosen = {r["area_id"]: r["submission_id"] for r in engine.arrow(kept).to_pylist()}
        assert chosen == {"municipality:BUF": "areas:fine", "municipality:NMA": "areas:1"}
        (note,) = problems.to_pylist()
        assert (note["submission_id"], note["severity"]) == ("areas:1", "note")
        assert "1 areas" in note["message"]


def metro_of(engine, *rows, areas=(BUF, NMA)):
    entries = engine.table(schema.ENTRIES, entries_table(*rows))
    made = engine.arrow(sited(engine, entries, areas_of(engine, list(areas))))
    return [(r["metro"], r["province"]) for r in made.sort_by("entry_id").to_pylist()]


INSIDE = {"longitude": 27.2, "latitude": -32.7}
AT_SEA = {"longitude": 29.5, "latitude": -33.5}
UNNAMED = {"metro": "unknown", "province": "unknown"}


def test_a_row_that_names_no_municipality_is_where_its_point_is(engine):
    assert metro_of(engine, {**UNNAMED, **INSIDE}) == [("BUF", "EC")]


@pytest.mark.parametrize(
    "row",
    [
        {**UNNAMED, **AT_SEA},
        {**UNNAMED},
        {**UNNAMED, **INSIDE, "municipality_text": "Nowhere Municipality"},
    ],
    ids=["in the sea", "no point", "words we could not read"],
)
def test_what_is_not_known_stays_unknown(engine, row):
    assert metro_of(engine, row) == [("unknown", "unknown")]


def test_a_named_municipality_is_never_overruled_by_a_point(engine):
    assert metro_of(engine, {"metro": "NMA", "province": "EC", **INSIDE}) == [("NMA", "EC")]


def test_without_municipal_boundaries_nothing_changes(engine):
    zone = area("zone:a", "integration_zone", (27, -33, 28, -32))
    assert metro_of(engine, {**UNNAMED, **INSIDE}, areas=[zone]) == [("unknown", "unknown")]


def test_a_harvest_without_repeated_or_any_areas_is_left_as_it_is(engine):
    for rows in ([BUF, NMA], []):
        kept, problems = one_of_each(engine, areas_of(engine, rows))
        assert engine.arrow(kept).num_rows == len(rows)
        assert problems.num_rows == 0
