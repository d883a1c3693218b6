"""The engine of procedures: what it refuses, what it keeps, how its clocks run."""

from __future__ import annotations

import contextlib
import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.domain.errors import UserError
from harvester.processor.workflow.clocks import Running, clocks
from harvester.processor.workflow.course import Actor, Course, Paper, Taken
from harvester.processor.workflow.moves import NotAllowedError, moves, open_course, take
from harvester.rules.law import procedures
from harvester.rules.law.periods import Period, Unit

OPENED = dt.date(2019, 1, 7)
DISPUTE = procedures.in_force("dispute", OPENED)
PROTOCOL = procedures.in_force("protocol", OPENED)
NOBODY = Actor("x", "", frozenset())


WHOLE = {"contents_version": 3, "missing_contents": 0, "open_checks": 0, "unbound_contributions": 0}
"""What is worked out of a protocol's contents when nothing stands in its way."""


def actor(institution: str, *kinds: str) -> Actor:
    return Actor("somebody", institution, frozenset(kinds))


PARTY = actor("JHB", "party")


def dispute(**facts: object) -> Course:
    return open_course(
        DISPUTE, OPENED, ["JHB", "GP"], {"special_mechanism": "none", "convener": "mec"} | facts
    )


def test_everything_in_the_way_is_said_at_once() -> None:
    with pytest.raises(NotAllowedError) as refused:
        take(dispute(), "declare", NOBODY, OPENED - dt.timedelta(1))
    reasons = " ".join(refused.value.reasons)
    for words in (
        "Issue raised",
        "it is for",
        "not known whether",
        "missing: Written notice",
        "is before",
    ):
        assert words in reasons


def test_not_known_is_not_the_same_as_no() -> None:
    course = open_course(DISPUTE, OPENED, ["JHB", "GP"])
    course = take(course, "negotiate", PARTY, OPENED, papers=[Paper("issue_sheet", "Sheet")])
    (declare,) = [m for m in moves(course, PARTY, OPENED) if m.step.id == "declare"]
    assert "not known whether no special mechanism comes first" in declare.in_the_way
    (declare,) = [
        m for m in moves(course.with_facts(special_mechanism="financial"), PARTY, OPENED)
        if m.step.id == "declare"
    ]  # fmt: skip
    assert "not so: no special mechanism comes first" in declare.in_the_way


def test_moves_list_what_is_closed_too_with_the_reasons() -> None:
    found = {m.step.id: m for m in moves(dispute(), PARTY, OPENED)}
    assert found["negotiate"].open
    assert "not so: a special mechanism comes first" in found["route"].in_the_way
    assert "declare" not in found


def test_a_step_never_changes_the_course_it_was_taken_in() -> None:
    before = dispute()
    after = take(before, "negotiate", PARTY, OPENED, papers=[Paper("issue_sheet", "Sheet")])
    assert (before.state, after.state) == ("issue", "negotiating")
    assert before.taken == ()


def test_each_party_signs_before_a_protocol_is_signed() -> None:
    course = open_course(PROTOCOL, OPENED, ["BUF", "EC-HS"])
    lead = actor("BUF", "lead", "organ", "drafter", "adviser", "authority", "signatory")
    other = replace(lead, institution="EC-HS")
    course = take(
        course, "consider", lead, OPENED, papers=[Paper("consultation_record", "Minutes")],
        told={"trigger": "service_in_area", "consulted": ["EC-HS"]},
    )  # fmt: skip
    course = take(course, "draft", lead, OPENED, papers=[Paper("draft", "Draft 1")])
    course = replace(course, worked=lambda _: WHOLE)
    for step, paper in (
        ("check", "opinion"),
        ("authorise", "authorisation"),
        ("sign", "signed_text"),
    ):
        state = course.state
        course = take(course, step, lead, OPENED, papers=[Paper(paper, paper)])
        assert course.state == state
        assert course.waiting_for(PROTOCOL.step(step)) == ("EC-HS",)
        course = take(course, step, other, OPENED, papers=[Paper(paper, paper)])
        assert course.state != state
    assert course.state == "signed"


def drafted() -> tuple[Course, Actor]:
    """A protocol of one party that is drafted, and somebody who may do everything."""
    everything = actor("BUF", *dict(PROTOCOL.actors))
    course = open_course(PROTOCOL, OPENED, ["BUF"])
    course = take(
        course, "consider", everything, OPENED, papers=[Paper("consultation_record", "Minutes")],
        told={"trigger": "agreed", "consulted": ["EC-HS"]},
    )  # fmt: skip
    return take(course, "draft", everything, OPENED, papers=[Paper("draft", "Draft 1")]), everything


OPINION = [Paper("opinion", "Opinion")]


@pytest.mark.parametrize(
    ("worked", "why"),
    [
        (None, "not known whether every content of section 35"),
        ({"missing_contents": 2}, "not so: every content of section 35"),
        ({"open_checks": 1}, "not so: no check is open"),
    ],
)
def test_the_gates_of_a_protocol_are_worked_out_and_nobody_can_tell_them(
    worked: dict[str, int] | None, why: str
) -> None:
    course, everything = drafted()
    if worked is not None:
        course = replace(course, worked=lambda _: WHOLE | worked)
    said = {"missing_contents": "0", "open_checks": "0"}
    with pytest.raises(NotAllowedError, match=why):
        take(course, "check", everything, OPENED, papers=OPINION, told=said)
    told_at_opening = course.with_facts(**said) if worked else course
    with pytest.raises(NotAllowedError, match=why):
        take(told_at_opening, "check", everything, OPENED, papers=OPINION, told=said)


def test_what_was_worked_out_is_kept_with_the_step_as_it_stood() -> None:
    course, everything = drafted()
    checked = take(
        replace(course, worked=lambda _: WHOLE), "check", everything, OPENED, papers=OPINION
    )
    assert checked.taken[-1].told == {
        "contents_version": 3, "missing_contents": 0, "open_checks": 0, "unbound_contributions": 0,
    }  # fmt: skip
    assert replace(checked, worked=None).facts["contents_version"] == 3


def test_what_is_worked_out_is_asked_for_only_where_a_step_needs_it() -> None:
    asked: list[dt.date] = []

    def worked(on: dt.date) -> dict[str, int]:
        asked.append(on)
        return WHOLE

    course = replace(open_course(PROTOCOL, OPENED, ["BUF"]), worked=worked)
    moves(course, NOBODY, OPENED)
    assert not asked
    draft, _ = drafted()
    moves(replace(draft, worked=worked), NOBODY, OPENED)
    assert asked == [OPENED]


def test_a_step_that_was_retired_is_read_and_taken_no_more() -> None:
    course, everything = drafted()
    assert "state_contents" not in {m.step.id for m in moves(course, everything, OPENED)}
    with pytest.raises(NotAllowedError, match="the matter stands at"):
        take(course, "state_contents", everything, OPENED)
    old = Taken("state_contents", OPENED, "x", "BUF", "lead", told={"duration": "Three years"})
    assert replace(course, taken=(*course.taken, old)).state == "drafted"


def test_an_answer_must_be_one_of_those_offered() -> None:
    course = open_course(PROTOCOL, OPENED, ["BUF"])
    with pytest.raises(NotAllowedError, match="one of national_priority"):
        take(course, "consider", actor("BUF", "lead"), OPENED,
             papers=[Paper("consultation_record", "x")], told={"trigger": "whim", "consulted": ["x"]})  # fmt: skip


def test_the_working_group_sets_policy_times_and_never_those_of_the_law() -> None:
    limits = {"dispute.answer": Period(2, Unit.WORKING_DAYS)}
    (clock,) = clocks(dispute(), OPENED + dt.timedelta(3), limits)
    assert (clock.due, clock.stands) == (OPENED + dt.timedelta(2), Running.OVER)
    contract = procedures.in_force("long_contract", OPENED)
    with pytest.raises(UserError, match="fixed by MFMA 33"):
        clocks(
            open_course(contract, OPENED, ["ETH"]), OPENED,
            {"long_contract.notice": Period(1, Unit.DAYS)},
        )  # fmt: skip


def test_privileged_once_is_privileged_for_good() -> None:
    course = take(dispute(), "negotiate", PARTY, OPENED, papers=[Paper("issue_sheet", "Sheet")])
    course = take(
        course,
        "log_effort",
        PARTY,
        OPENED,
        papers=[Paper("effort_record", "Letter")],
        told={"effort": "x"},
    )
    assert not course.privileged
    course = take(
        course,
        "declare",
        PARTY,
        OPENED,
        papers=[Paper("notice", "N"), Paper("proof_of_service", "P")],
    )
    assert course.privileged
    for party in ("JHB", "GP"):
        course = take(
            course, "settle", actor(party, "party"), OPENED, papers=[Paper("settlement", "S")]
        )
    assert course.is_over
    assert course.privileged


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 40)), max_size=25))
def test_whatever_is_tried_the_record_and_the_state_agree(tries: list[tuple[int, int]]) -> None:
    """Random steps by somebody who may do all: refused or taken, replaying gives the same state."""
    everybody = frozenset(dict(DISPUTE.actors))
    course, day = dispute(), OPENED
    for number, wait in tries:
        step = DISPUTE.steps[number % len(DISPUTE.steps)]
        day += dt.timedelta(wait)
        told = {a.fact: (["x"] if a.many else (a.one_of or ("x",))[0]) for a in step.asks}
        papers = [Paper(kind.kind, kind.name) for kind in step.papers]
        with contextlib.suppress(NotAllowedError):
            course = take(
                course, step.id, Actor("p", "JHB", everybody), day, papers=papers, told=told
            )
    replayed = replace(course, taken=course.taken)
    assert (replayed.state, dict(replayed.facts)) == (course.state, dict(course.facts))
    assert course.state in {state.id for state in DISPUTE.states}
    for clock in clocks(course, day):
        assert clock.due >= clock.started
        assert (clock.stopped is None) == (clock.stands in {Running.RUNNING, Running.OVER})
