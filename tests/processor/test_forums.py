"""Agendas, decisions, referrals, and the working group's own programme."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.domain.errors import UserError
from harvester.processor.forums import bodies
from harvester.processor.forums.agenda import Matter, Press, agenda
from harvester.processor.forums.meeting import Answered, Decision, referrals, unanswered
from harvester.processor.forums.programme import start
from harvester.processor.workflow.clocks import clocks
from harvester.processor.workflow.moves import open_course
from harvester.rules import forums
from harvester.rules.forums import Rung
from harvester.rules.law import procedures, programmes

BOOK = forums.load()
MTEC = BOOK.get("MTEC")
ON, NEXT = dt.date(2018, 9, 3), dt.date(2018, 10, 1)


def matter(
    name: str, rand: int | None = 100, *, opened: str = "", procedure: str = "dispute", **more
) -> Matter:
    told = ()
    if opened:
        day = dt.date.fromisoformat(opened)
        told = clocks(open_course(procedures.in_force(procedure, day), day, ["BUF"]), ON)
    return Matter(
        name, name, more.get("takes", ("money",)), more.get("rung", Rung.TECHNICAL), rand, told
    )


def test_time_by_law_presses_most_then_policy_then_what_ends_before_the_next_meeting() -> None:
    found = agenda(MTEC, [
        matter("open"), matter("soon", opened="2018-08-13"), matter("late", opened="2018-07-02"),
        matter("law", opened="2018-08-01", procedure="idp_alignment"),
    ], ON, NEXT)  # fmt: skip
    assert [(i.matter.id, i.press) for i in found.items] == [
        ("law", Press.LATE_BY_LAW), ("late", Press.LATE), ("soon", Press.ENDS_BEFORE_NEXT), ("open", Press.OPEN),
    ]  # fmt: skip
    assert "time by law ran out on 11 August 2018" in found.items[0].why


def test_rand_at_stake_orders_what_presses_alike_and_unknown_is_not_nothing() -> None:
    found = agenda(
        MTEC,
        [matter("none", 0), matter("unknown", None), matter("much", 900), matter("some", 10)],
        ON,
        NEXT,
    )
    assert [i.matter.id for i in found.items] == ["much", "some", "unknown", "none"]


def test_what_was_put_to_a_forum_stands_before_what_only_may_be_and_is_never_left_off() -> None:
    found = agenda(MTEC, [
        matter("may", 900), replace(matter("put", takes=("policy",)), put="tabled on 1 August 2018"),
        matter("late", opened="2018-07-02"),
    ], ON, NEXT, most=1)  # fmt: skip
    assert [(i.matter.id, i.number, i.why) for i in found.items] == [
        ("put", 1, "tabled on 1 August 2018")
    ]
    assert {left.matter.id for left in found.left_off} == {"may", "late"}
    assert [i.matter.id for i in agenda(MTEC, [i.matter for i in found.items], ON, NEXT).items]


def test_what_is_not_for_this_forum_says_why() -> None:
    found = agenda(MTEC, [
        matter("policy", takes=("policy",)), matter("political", rung=Rung.POLITICAL), matter("a"), matter("b"),
    ], ON, NEXT, most=1)  # fmt: skip
    assert {left.matter.id: left.why for left in found.left_off} == {
        "policy": f"{MTEC.name} does not take this kind of matter",
        "political": "it stands at the political rung",
        "b": "the day holds 1 items",
    }


@given(
    st.lists(st.tuples(st.integers(-5, 5), st.sampled_from(["money", "policy"])), max_size=12),
    st.integers(0, 5),
)
def test_every_matter_is_on_the_agenda_or_left_off_with_a_reason(told, most: int) -> None:
    given_ones = [matter(f"m{n}", rand, takes=(takes,)) for n, (rand, takes) in enumerate(told)]
    found = agenda(MTEC, given_ones, ON, NEXT, most)
    listed = [i.matter.id for i in found.items] + [left.matter.id for left in found.left_off]
    assert sorted(listed) == sorted(m.id for m in given_ones)
    assert [i.number for i in found.items] == list(range(1, len(found.items) + 1))
    assert len(found.items) <= most


def test_a_decision_past_its_day_comes_back() -> None:
    first = Decision("case:1", "Send the list", "EC-HS", dt.date(2018, 8, 1))
    second = replace(first, matter="case:2", due=dt.date(2018, 7, 1))
    done = replace(first, matter="case:3", done_on=dt.date(2018, 8, 15))
    assert [d.matter for d in unanswered([first, second, done], ON)] == ["case:2", "case:1"]
    assert done.stands(dt.date(2018, 8, 10)) is Answered.OVERDUE
    assert done.stands(ON) is Answered.DONE


def test_officials_refer_upward_and_money_goes_to_the_budget_forums() -> None:
    assert {r.forum.code for r in referrals(BOOK, MTEC, ["money"])} >= {"MINCOMBUD", "BUDGET-FORUM"}
    assert {r.forum.code for r in referrals(BOOK, BOOK.get("MINMEC"), ["money"])} == {
        "BUDGET-COUNCIL", "BUDGET-FORUM", "PCC",
    }  # fmt: skip
    assert [r.forum.code for r in referrals(BOOK, BOOK.get("MINMEC"), ["policy"])] == ["PCC"]
    assert referrals(BOOK, BOOK.get("PCC"), ["policy"]) == ()


def test_the_programme_of_the_proposal_meets_its_own_time_frames() -> None:
    made = {m.id: m for m in start("proposal", dt.date(2017, 3, 3)).milestones}
    assert made["mtec"].on == dt.date(2017, 9, 30)  # into the budget guidelines of 2018
    assert made["mtbps"].on == dt.date(2018, 10, 31)  # initial results, about eighteen months on
    assert made["outcome"].on == dt.date(2020, 6, 30)  # the budget of 2020/21


@pytest.mark.parametrize("template", [t.id for t in programmes.load()])
@given(on=st.dates(dt.date(2015, 1, 1), dt.date(2035, 12, 31)))
def test_any_programme_starts_on_any_day(template: str, on: dt.date) -> None:
    made = start(template, on)
    assert all(m.on > on for m in made.milestones)
    assert [m.on for m in made.milestones] == sorted(m.on for m in made.milestones)


def test_an_unknown_programme_names_those_that_are() -> None:
    with pytest.raises(UserError, match="proposal, season"):
        start("gala", ON)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("MTEC", "Medium-Term Expenditure Committee"),
        ("MINMEC:HS", "MinMEC of human settlements"),
        ("PIF:KZN", "Premier's intergovernmental forum of KwaZulu-Natal"),
        ("INTERMUNICIPAL:ETH+KZN292", "Intermunicipality forum of eThekwini and KwaDukuza"),
        ("TECHNICAL:METRO:ETH", "Technical support structure of the metropolitan intergovernmental forum of eThekwini"),
    ],
)  # fmt: skip
def test_a_forum_as_it_sits_is_named_by_whose_it_is(code: str, name: str) -> None:
    body = bodies.body_of(code)
    assert (body.code, body.name) == (code, name)


@pytest.mark.parametrize(
    "code", ["", "NONE", "MTEC:ETH", "PIF", "PIF:ETH", "METRO:KZN292", "MINMEC:TRE", "TECHNICAL:MTEC",
             "TECHNICAL", "INTERMUNICIPAL:KZN292+ETH", "INTERMUNICIPAL:ETH+ETH", "PIF:KZN+GP"],
)  # fmt: skip
def test_a_body_that_cannot_be_is_none(code: str) -> None:
    assert bodies.body_of(code) is None


def test_every_listed_body_answers_to_its_code_once() -> None:
    codes = [body.code for body in bodies.bodies()]
    assert len(set(codes)) == len(codes)
    assert all(bodies.body_of(body.code) == body for body in bodies.bodies())


def test_a_matter_goes_to_bodies_of_its_parties_and_up_to_the_one_a_structure_supports() -> None:
    parties = ("ETH", "KZN-HS")
    takes = BOOK.reading(procedure="case", offering="compacts", forum="CBF")
    found = [body.code for body in bodies.fitting(takes, parties, Rung.TECHNICAL)]
    assert {"CBF", "TECHNICAL:METRO:ETH", "TECHNICAL:PIF:KZN", "TECHNICAL:MINMEC:HS"} <= set(found)
    assert not {code for code in found if code.endswith((":CPT", ":GP", ":EDU"))}
    up = bodies.onward(bodies.body_of("TECHNICAL:PIF:KZN"), takes, parties)
    assert up[0].code == "PIF:KZN"
    assert all(body.rung is Rung.POLITICAL for body in up)
    assert "PCC" in [b.code for b in bodies.onward(bodies.body_of("PIF:KZN"), {"policy"}, parties)]
