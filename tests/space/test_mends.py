"""Places in doubt: what is proposed, what a person says, and that every later harvest does it."""

from __future__ import annotations

import datetime as dt

import pytest

from harvester.domain.errors import UserError
from harvester.engine import schema
from harvester.engine.place_log import PlaceLog, PlaceVerdict, made
from harvester.linkage.identity.keys import entry_keys
from harvester.space.doubts.mends import settle
from harvester.space.stage import place
from tests.space.conftest import COUNTRY, entries_table

NOON = dt.datetime(2019, 5, 1, 12, tzinfo=dt.UTC)
ELSEWHERE = {"longitude": 25.5, "latitude": -33.5, "place_class": "located"}  # Nelson Mandela Bay
AT_SEA = {"longitude": 29.5, "latitude": -33.5, "place_class": "located"}


def said(entries, n, verdict, published, **more):
    """A decision on the ``n``-th row."""
    told = {
        "verdict": verdict, "reason": "site plan", "actor": "N Dlamini", "institution": "",
        "at": NOON, "run": "h0001", "entry_key": entry_keys(entries)[n], "name": "x",
        "entry": entries["entry_id"][n].as_py(), "published": published, **more,
    }  # fmt: skip
    return made(**told)


def harvested(engine, entries, decisions=(), problems=()):
    """Entries, places by layer of the first entry, mends and problems, once decisions are done."""
    entry_table = engine.table(schema.ENTRIES, entries)
    problem_table = engine.load("told", schema.PROBLEMS.from_rows(list(problems)))
    settled = settle(engine, entry_table, problem_table, list(decisions))
    areas = engine.table(schema.AREAS, schema.AREAS.from_rows(COUNTRY))
    found = place(engine, settled.entries, areas, problem_table, settled)
    places = {
        row["layer"]: row
        for row in engine.arrow(found.places).to_pylist()
        if row["entry_id"] == entries["entry_id"][0].as_py()
    }
    rows = engine.arrow(settled.entries.order_by("entry_id")).to_pylist()
    return rows, places, engine.arrow(found.mends).to_pylist(), found.problems.to_pylist()


def abroad(value, row=1):
    """The problem a reader makes of a coordinate in another country."""
    return {
        "problem_id": f"s:1:{row}", "submission_id": "s:1", "stage": "sources", "row": row,
        "code": "coordinates_outside_country", "severity": "warning", "value": value,
    }  # fmt: skip


def test_a_swapped_coordinate_that_would_lie_where_the_row_says_is_proposed(engine):
    _, _, [mend], _ = harvested(engine, entries_table({}), problems=[abroad("27.2, -32.7")])
    assert (mend["proposal"], mend["longitude"], mend["latitude"]) == ("swapped", 27.2, -32.7)
    assert mend["doubt"] == "abroad"
    assert mend["state"] == "open"


def test_of_two_readings_in_the_country_the_one_in_the_municipality_is_proposed(engine):
    """30.5, 27.5 turned round or with a sign: only one lies in the declared municipality."""
    _, _, [mend], _ = harvested(engine, entries_table({}), problems=[abroad("32.9, 27.5")])
    assert (mend["proposal"], mend["longitude"], mend["latitude"]) == ("sign", 27.5, -32.9)


def test_a_reading_that_lies_elsewhere_is_not_proposed(engine):
    _, _, [mend], _ = harvested(engine, entries_table({}), problems=[abroad("25.5, -33.5")])
    assert mend["proposal"] == ""
    assert "give the place" in mend["meaning"]


def test_points_elsewhere_and_at_sea_wait_for_a_person(engine):
    _, _, mends, problems = harvested(engine, entries_table(ELSEWHERE, AT_SEA))
    assert [(m["doubt"], m["found"]) for m in sorted(mends, key=lambda m: m["entry_id"])] == [
        ("elsewhere", "NMA"), ("nowhere", ""),
    ]  # fmt: skip
    assert len(problems) == 2


def test_an_accepted_proposal_places_the_entry_and_says_a_person_did(engine):
    entries = entries_table({})
    told = abroad("27.2, -32.7")
    yes = said(entries, 0, "accepted", "-32.7 27.2", point=(27.2, -32.7))
    rows, places, [mend], problems = harvested(engine, entries, [yes], [told])
    assert (rows[0]["longitude"], rows[0]["latitude"]) == (27.2, -32.7)
    assert rows[0]["place_class"] == "located"
    assert places["ward"]["area_id"] == "ward:29200001"
    assert places["ward"]["rule"] == "coordinate as a person mended it"
    assert (mend["state"], mend["actor"]) == ("accepted", "N Dlamini")
    assert problems == []


def test_a_place_given_takes_the_place_of_the_one_in_doubt_among_several(engine):
    entries = entries_table({"points": "27.2 -32.7;29.5 -33.5", "place_class": "located"})
    yes = said(entries, 0, "given", "29.5 -33.5", point=(27.7, -32.7))
    rows, _, _, problems = harvested(engine, entries, [yes])
    assert rows[0]["points"] == "27.2 -32.7;27.7 -32.7"
    assert problems == []


def test_a_place_left_out_leaves_its_words(engine):
    entries = entries_table({**AT_SEA, "location_text": "Coastal"})
    rows, places, [mend], problems = harvested(
        engine, entries, [said(entries, 0, "left_out", "29.5 -33.5")]
    )
    assert rows[0]["longitude"] is None
    assert rows[0]["place_class"] == "multi_ward"
    assert places["region"]["area_id"] == "region:coastal"
    assert mend["state"] == "left_out"
    assert problems == []


def test_right_as_published_is_no_longer_a_problem(engine):
    entries = entries_table(AT_SEA)
    _, places, _, problems = harvested(
        engine, entries, [said(entries, 0, "as_published", "29.5 -33.5")]
    )
    assert problems == []
    assert places["ward"]["place_class"] == "located"
    assert places["municipality"]["area_id"] == "municipality:BUF"


def test_the_municipality_may_be_what_is_wrong(engine):
    entries = entries_table(ELSEWHERE)
    yes = said(entries, 0, "municipality", "25.5 -33.5", metro="NMA")
    rows, places, _, problems = harvested(engine, entries, [yes])
    assert (rows[0]["metro"], rows[0]["province"]) == ("NMA", "EC")
    assert places["municipality"]["area_id"] == "municipality:NMA"
    assert problems == []


def test_a_drawing_in_doubt_can_be_given_its_place(engine):
    line = "LINESTRING (25.2 -33.5, 25.6 -33.5)"
    entries = entries_table({"points": line, "longitude": 25.4, "latitude": -33.5})
    yes = said(entries, 0, "given", line, point=(27.2, -32.7))
    rows, places, [mend], problems = harvested(engine, entries, [yes])
    assert rows[0]["points"] == ""
    assert places["ward"]["area_id"] == "ward:29200001"
    assert mend["published"] == line
    assert problems == []


def test_a_decision_outlives_its_file_and_waits_when_the_row_says_something_else(engine):
    old = entries_table(AT_SEA)
    yes = said(old, 0, "given", "29.5 -33.5", point=(27.2, -32.7))
    moved = entries_table(
        {**AT_SEA, "entry_id": "new:0:7", "submission_id": "new:0", "row": 7, "name": "Project 1"}
    )
    rows, _, _, _ = harvested(engine, moved, [yes])
    assert rows[0]["longitude"] == 27.2
    mended = entries_table({**AT_SEA, "longitude": 27.7, "latitude": -32.7})
    rows, _, mends, _ = harvested(engine, mended, [yes])
    assert rows[0]["longitude"] == 27.7
    assert mends == []


def test_the_latest_decision_stands(engine):
    entries = entries_table(AT_SEA)
    first = said(entries, 0, "left_out", "29.5 -33.5")
    later = said(entries, 0, "as_published", "29.5 -33.5", at=NOON + dt.timedelta(days=1))
    _, _, [mend], _ = harvested(engine, entries, [later, first])
    assert mend["state"] == "as_published"


@pytest.mark.parametrize(
    "wrong",
    [
        {"verdict": "maybe"}, {"reason": " "}, {"actor": ""}, {"verdict": "given"},
        {"verdict": "given", "point": (0.0, 0.0)}, {"verdict": "municipality"},
        {"at": NOON.replace(tzinfo=None)}, {"reason": "x" * 3_000},
    ],
)  # fmt: skip
def test_half_a_decision_is_none(wrong):
    entries = entries_table(AT_SEA)
    with pytest.raises(UserError):
        said(entries, 0, **{"verdict": "left_out", "published": "29.5 -33.5", **wrong})


def test_the_log_keeps_every_decision_once_and_tells_what_it_cannot_read(tmp_path):
    entries = entries_table(AT_SEA)
    one = said(entries, 0, PlaceVerdict.LEFT_OUT, "29.5 -33.5")
    log = PlaceLog(tmp_path)
    assert log.read().decisions == []
    assert log.read().digest == ""
    log.append(one)
    log.append(one)
    with (tmp_path / "decisions" / "places.jsonl").open("a") as file:
        file.write('{"at": 1}\nnot json\n')
    logged = log.read()
    assert logged.decisions == [one]
    assert len(logged.unreadable) == 2
    assert logged.digest
