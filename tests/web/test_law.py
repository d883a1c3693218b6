"""Pages of the law: the yearly calendar and its feed, procedures, the router's form."""

from __future__ import annotations

import csv
import io

import pytest
from icalendar import Calendar as Feed

from harvester.processor.workflow.diagram import diagram
from harvester.rules.law import procedures

pytestmark = pytest.mark.django_db


def test_the_calendar_shows_the_last_day_by_law_beside_practice(client) -> None:
    page = client.get(
        "/law/calendar/", {"year": "2019/20", "calendar": "municipal"}
    ).content.decode()
    assert "Table the draft budget and draft IDP revision" in page
    assert "31 Mar" in page
    assert "by law 2 Apr" in page
    assert "Benchmark engagements" not in page


def test_the_calendar_is_searched_and_taken_along(client) -> None:
    asked = {"year": "2019/20", "q": "sdbip"}
    events = Feed.from_ical(client.get("/law/calendar/download.ics", asked).content).walk("VEVENT")
    rows = list(
        csv.DictReader(
            io.StringIO(client.get("/law/calendar/download.csv", asked).content.decode())
        )
    )
    assert len(events) == len(rows) == 3
    assert {row["reference"] for row in rows} >= {"MFMA 69(3)"}
    assert client.get("/law/calendar/download.pdf", asked).status_code == 404


@pytest.mark.parametrize("wrong", [{"year": "soon"}, {"calendar": "lunar"}])
def test_a_wrong_year_or_calendar_is_said(client, wrong) -> None:
    assert client.get("/law/calendar/", wrong).status_code == 400


@pytest.mark.parametrize("procedure", [p.id for p in procedures.load()])
def test_every_procedure_has_its_page(client, procedure: str) -> None:
    page = client.get(f"/law/procedures/{procedure}/").content.decode()
    shown = procedures.load()
    (one,) = [p for p in shown if p.id == procedure]
    assert one.head.title in page.replace("&#x27;", "'")
    assert page.count('class="state') >= len(one.states)
    assert ("not verified" in page) == any(not s.law.verified for s in one.steps)


def test_there_is_no_page_of_a_procedure_that_is_not(client) -> None:
    assert client.get("/law/procedures/duel/").status_code == 404


def test_the_router_answers_with_its_reasons_or_asks(client) -> None:
    asked = {"parties": "jhb, GP-HS", "subject": "money"}
    page = client.get("/law/", asked).content.decode()
    assert "Not known yet" in page
    page = client.get("/law/", asked | {"agreement_clause": "false"}).content.decode()
    assert "Financial dispute under the MFMA" in page
    assert "the MEC for local government may convene" in page
    assert (
        "No institution has the code NOWHERE"
        in client.get("/law/", {"parties": "NOWHERE"}).content.decode()
    )


@pytest.mark.parametrize("procedure", procedures.load(), ids=lambda p: p.id)
def test_no_two_boxes_of_a_picture_overlap_and_every_step_is_told(procedure) -> None:
    shown = diagram(procedure)
    assert len({(n.x, n.y) for n in shown.nodes}) == len(procedure.states)
    drawn = {name for edge in shown.edges for name in edge.steps}
    told = drawn | {s.name for s in (*shown.anywhere, *shown.within)}
    assert told == {s.name for s in procedure.steps if not s.retired}
