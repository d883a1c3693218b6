"""Protocols, when a commitment can legally land, and what became of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.domain.documents import Document
from harvester.domain.periods import Calendar, FinancialYear
from harvester.processor.compacts.entry import earliest_legal_entry
from harvester.processor.compacts.protocol import (
    Brings,
    Challenge,
    Commitment,
    Contribution,
    Protocol,
    Role,
    missing_contents,
    unbound,
)
from harvester.processor.compacts.verdict import Seen, Verdict, judge

MUNICIPAL_19 = FinancialYear(2019, Calendar.MUNICIPAL)
BULK = Commitment(
    "k1", "BUF", "Build the outfall sewer", Document.BUDGET, MUNICIPAL_19, 10_000_000_00
)
MONEY = Contribution("BUF", Brings.MONEY, "outfall sewer", MUNICIPAL_19, 10_000_000_00, "USDG")
WHOLE = Protocol(
    "Houses and sewers in Mdantsane", ("BUF", "EC-HS"),
    challenges=(Challenge("No bulk sewer", "The city builds it first"),),
    roles=(Role("BUF", "bulk services"), Role("EC-HS", "houses")),
    outcomes=("1 200 houses that can be lived in",), indicators=("houses occupied",),
    oversight="Quarterly at the metropolitan forum",
    contributions=(MONEY, Contribution("EC-HS", Brings.STAFF, "project office", MUNICIPAL_19)),
    commitments=(BULK,), dispute_clause="Facilitation before chapter 4 of the IGRFA",
    begins=dt.date(2019, 7, 1), ends=dt.date(2022, 6, 30),
)  # fmt: skip


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def test_a_whole_protocol_lacks_nothing_and_every_contribution_is_bound() -> None:
    assert missing_contents(WHOLE) == ()
    assert unbound(WHOLE) == ()


@pytest.mark.parametrize(
    ("change", "field", "why"),
    [
        ({"challenges": ()}, "challenges", "no challenge"),
        (
            {"challenges": (Challenge("No bulk sewer", " "),)},
            "challenges",
            "no response to: No bulk sewer",
        ),
        ({"roles": (Role("BUF", "bulk"),)}, "roles", "EC-HS"),
        ({"contributions": (MONEY,)}, "contributions", "EC-HS"),
        (
            {"contributions": (replace(MONEY, amount_cents=None), WHOLE.contributions[1])},
            "contributions",
            "no amount of money for: outfall sewer",
        ),
        ({"outcomes": (" ",)}, "outcomes", "nothing is said"),
        ({"oversight": ""}, "oversight", "nothing is said"),
        ({"ends": None}, "duration", "not said"),
        ({"ends": day("2019-01-01")}, "duration", "ends before it begins"),
    ],
)
def test_each_content_of_section_35_3_is_asked_for(change: dict, field: str, why: str) -> None:
    (missing,) = missing_contents(replace(WHOLE, **change))
    assert missing.content.field == field
    assert why in missing.why


def test_an_empty_protocol_lacks_all_eight() -> None:
    assert len(missing_contents(Protocol("x", ("BUF",)))) == 8


def test_money_that_no_line_carries_is_unbound() -> None:
    assert unbound(replace(WHOLE, commitments=())) == (MONEY,)


@pytest.mark.parametrize(
    ("amounts", "bound"),
    [((9_999_999_99,), False), ((4_000_000_00, 6_000_000_00), True), ((1_00, None), True)],
)
def test_money_is_bound_when_lines_name_as_much(
    amounts: tuple[int | None, ...], bound: bool
) -> None:
    lines = tuple(replace(BULK, id=f"k{n}", amount_cents=a) for n, a in enumerate(amounts))
    assert (unbound(replace(WHOLE, commitments=lines)) == ()) is bound


@pytest.mark.parametrize(
    ("agreed", "new", "on", "year"),
    [
        # Agreed in November: a new project waits for the budget of July.
        ("2018-11-15", True, "2019-06-30", "2019/20"),
        # What is budgeted already may be sped up by the adjustments budget of February.
        ("2018-11-15", False, "2019-02-28", "2018/19"),
        # The day after the draft was tabled, a new project waits a year more.
        ("2019-04-01", True, "2020-06-30", "2020/21"),
        ("2019-03-31", True, "2019-06-30", "2019/20"),
    ],
)
def test_the_earliest_legal_entry_into_a_municipal_budget(
    agreed: str, new: bool, on: str, year: str
) -> None:
    entry = earliest_legal_entry(replace(BULK, new=new), day(agreed))
    assert entry is not None
    assert (str(entry.on), entry.year.label) == (on, year)


def test_a_commitment_for_a_year_that_can_no_longer_be_reached_is_late() -> None:
    early = earliest_legal_entry(BULK, day("2018-11-15"))
    late = earliest_legal_entry(BULK, day("2019-09-01"))
    assert early is not None
    assert late is not None
    assert (early.late, late.late) == (False, True)


def test_no_door_is_known_into_a_performance_report() -> None:
    assert (
        earliest_legal_entry(replace(BULK, document=Document.PERFORMANCE), day("2019-01-01"))
        is None
    )


@given(st.dates(dt.date(2012, 1, 1), dt.date(2035, 12, 31)), st.booleans())
def test_a_legal_entry_never_lies_before_the_agreement(agreed: dt.date, new: bool) -> None:
    entry = earliest_legal_entry(replace(BULK, new=new), agreed)
    assert entry is not None
    assert agreed <= entry.decide_by <= entry.on


DUE = day("2019-06-30")


def budget(
    present: bool = True, amount: int | None = 10_000_000_00, published: str = "2019-06-30"
) -> Seen:
    return Seen(Document.BUDGET, MUNICIPAL_19, day(published), present, amount, ("s:1:9:P9",))


@pytest.mark.parametrize(
    ("read", "as_at", "verdict"),
    [
        ([], "2019-05-01", Verdict.NOT_DUE),
        ([], "2019-07-15", Verdict.UNKNOWN),  # nobody has read it: not known, not bad
        ([budget()], "2019-07-15", Verdict.KEPT),
        ([budget()], "2019-05-01", Verdict.KEPT),  # kept early is kept
        ([budget(amount=8_000_000_00)], "2019-07-15", Verdict.KEPT),
        ([budget(amount=7_999_999_99)], "2019-07-15", Verdict.PART_KEPT),
        ([budget(amount=None)], "2019-07-15", Verdict.UNKNOWN),
        ([budget(amount=0)], "2019-07-15", Verdict.OVERDUE),
        ([budget(amount=0)], "2019-05-01", Verdict.NOT_DUE),
        ([budget(present=False, amount=None)], "2019-07-15", Verdict.OVERDUE),
        ([budget(present=False, amount=None)], "2020-07-01", Verdict.BROKEN),
        (
            [budget(present=False, amount=None), budget(published="2020-02-28")],
            "2020-03-01",
            Verdict.KEPT,
        ),
        (
            [budget(), budget(present=False, amount=None, published="2020-02-28")],
            "2020-03-01",
            Verdict.OVERDUE,
        ),
    ],
)
def test_the_verdict_comes_from_what_was_published(
    read: list[Seen], as_at: str, verdict: Verdict
) -> None:
    judged = judge(BULK, DUE, read, day(as_at))
    assert judged.verdict is verdict
    assert judged.reason
    if verdict in {Verdict.KEPT, Verdict.PART_KEPT}:
        assert judged.cells == ("s:1:9:P9",)


def test_what_the_parties_replaced_is_overtaken() -> None:
    judged = judge(BULK, DUE, [], day("2020-07-01"), overtaken_by="amendment 2 of 3 May 2020")
    assert judged.verdict is Verdict.OVERTAKEN


def test_another_year_or_document_shows_nothing() -> None:
    other = replace(budget(), year=FinancialYear(2020, Calendar.MUNICIPAL))
    assert judge(BULK, DUE, [other], day("2019-07-15")).verdict is Verdict.UNKNOWN
