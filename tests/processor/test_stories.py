"""Matters told day by day in ``stories/``; each is a test a lawyer can read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from harvester.processor.adjudication import route
from harvester.processor.workflow.clocks import clocks
from harvester.processor.workflow.course import Actor, Course, Paper
from harvester.processor.workflow.moves import NotAllowedError, open_course, take
from harvester.rules import institutions
from harvester.rules.law import procedures

STORIES = sorted((Path(__file__).parent / "stories").glob("*.yaml"))


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_the_story_goes_as_told(path: Path) -> None:
    story = yaml.safe_load(path.read_text())
    if "route" in story:
        _routed(story["route"])
    procedure = procedures.in_force(story["procedure"], story["opened"])
    course = open_course(procedure, story["opened"], story["parties"], story["facts"])
    for day in story["days"]:
        course = _lived(course, day)


def _routed(told: dict[str, Any]) -> None:
    book = institutions.load()
    routing = route([book.get(code) for code in told["parties"]], told["answers"])
    assert routing.first is not None
    assert routing.first.id == told["first"]
    assert routing.to_ask == ()
    reasons = routing.considered[-1].reasons
    for words in told.get("because", []):
        assert words in reasons


def _lived(course: Course, day: dict[str, Any]) -> Course:
    if "worked_out" in day:
        course = replace(course, worked=lambda _: day["worked_out"])
    if "refuse" in day:
        with pytest.raises(NotAllowedError) as refused:
            _done(course, day, day["refuse"])
        for words in day["because"]:
            assert words in str(refused.value)
    if "do" in day:
        course = _done(course, day, day["do"])
    if "stands" in day:
        assert course.state == day["stands"], day
    if "privileged" in day:
        assert course.privileged is day["privileged"]
    for clock_id, stands in day.get("clocks", {}).items():
        found = [c for c in clocks(course, day["day"]) if c.rule.id == clock_id]
        assert found, f"no clock {clock_id} on {day['day']}"
        assert found[-1].stands == stands, (clock_id, found[-1])
    return course


def _done(course: Course, day: dict[str, Any], step: str) -> Course:
    actor = Actor("somebody", day["by"]["institution"], frozenset({day["by"]["as"]}))
    papers = [Paper(kind, kind) for kind in day.get("papers", [])]
    return take(course, step, actor, day["day"], papers=papers, told=day.get("told", {}))
