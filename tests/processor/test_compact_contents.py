"""The contents of a protocol: written and read back, put into words, compared, checked."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.domain.documents import Document
from harvester.domain.errors import UserError
from harvester.domain.periods import Calendar, FinancialYear
from harvester.processor.compacts.changes import changes
from harvester.processor.compacts.checks import CHECKS, open_checks
from harvester.processor.compacts.entry import landing
from harvester.processor.compacts.protocol import (
    Brings,
    Challenge,
    Commitment,
    Contribution,
    Protocol,
    Role,
)
from harvester.processor.compacts.wording import sections
from harvester.processor.compacts.written import read, written
from harvester.processor.negotiation.text import Mark
from harvester.rules.law import contents
from tests.processor.test_compacts import BULK, MONEY, MUNICIPAL_19, WHOLE, day

TEXT = st.text(max_size=20)
YEARS = st.builds(FinancialYear, st.integers(1994, 2100), st.sampled_from(Calendar))
CENTS = st.none() | st.integers(-(10**17), 10**17)
PROTOCOLS = st.builds(
    Protocol, TEXT, st.tuples(TEXT, TEXT),
    challenges=st.lists(st.builds(Challenge, TEXT, TEXT), max_size=3).map(tuple),
    roles=st.lists(st.builds(Role, TEXT, TEXT), max_size=3).map(tuple),
    outcomes=st.lists(TEXT, max_size=3).map(tuple),
    indicators=st.lists(TEXT, max_size=3).map(tuple),
    oversight=TEXT, dispute_clause=TEXT, other=TEXT, trigger=TEXT,
    contributions=st.lists(
        st.builds(Contribution, TEXT, st.sampled_from(Brings), TEXT, YEARS, CENTS, TEXT, TEXT, TEXT, TEXT),
        max_size=3,
    ).map(tuple),
    commitments=st.lists(
        st.builds(Commitment, TEXT, TEXT, TEXT, st.sampled_from(Document), YEARS, CENTS, TEXT, TEXT,
                  st.booleans()),
        max_size=3,
    ).map(tuple),
    begins=st.none() | st.dates(), ends=st.none() | st.dates(),
)  # fmt: skip


@given(PROTOCOLS)
def test_what_is_written_is_read_back_and_written_the_same(protocol: Protocol) -> None:
    text = written(protocol)
    assert read(text) == protocol
    assert written(read(text)) == text


@given(PROTOCOLS, PROTOCOLS)
def test_one_text_is_one_protocol(one: Protocol, other: Protocol) -> None:
    assert (written(one) == written(other)) == (one == other)


@pytest.mark.parametrize(
    "text",
    ["", "[]", '{"form":2}', "{}", written(WHOLE).replace('"cents":1000000000', '"cents":1.5', 1),
     written(WHOLE).replace("municipal:2019", "lunar:2019", 1)],
)  # fmt: skip
def test_any_other_text_is_refused_in_words(text: str) -> None:
    with pytest.raises(UserError):
        read(text)


def test_every_content_of_the_law_has_its_section_in_words() -> None:
    told = {one.field: one for one in sections(WHOLE)}
    for content in contents.load().contents:
        assert told[content.field].law == content.law
        assert told[content.field].lines, content.field
    (line,) = told["commitments"].lines
    assert "R 10 000 000" in line
    assert "Capital budget (SA36), 2019/20 (July to June)" in line
    assert "no project on record yet" in line


def test_only_what_differs_is_shown_word_by_word() -> None:
    after = replace(
        WHOLE, oversight="Monthly at the metropolitan forum", outcomes=(*WHOLE.outcomes, "A school")
    )
    found = {change.field: change.lines for change in changes(WHOLE, after)}
    assert set(found) == {"oversight", "outcomes"}
    assert found["outcomes"] == (((Mark.IN, "A school"),),)
    (pieces,) = found["oversight"]
    assert "".join(text for mark, text in pieces if mark is not Mark.IN) == WHOLE.oversight
    assert (Mark.OUT, "Quarterly") in pieces
    assert changes(WHOLE, WHOLE) == ()


@given(PROTOCOLS, PROTOCOLS)
def test_a_redline_reads_back_both_ways(before: Protocol, after: Protocol) -> None:
    for change in changes(before, after):
        assert any(mark is not Mark.SAME for pieces in change.lines for mark, _ in pieces)


GRANT = replace(MONEY, condition="Bulk services in integration zones")
SIGNED = day("2019-03-01")


def checked(*contributions: Contribution, approved: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    protocol = replace(WHOLE, contributions=contributions, commitments=())
    return [(one.check.id, one.party) for one in open_checks(protocol, SIGNED, approved)]


def far(start: int, calendar: Calendar = Calendar.MUNICIPAL) -> Contribution:
    return replace(GRANT, year=FinancialYear(start, calendar))


@pytest.mark.parametrize(
    ("contribution", "found"),
    [
        (GRANT, []),
        # The budget of 2018/19 covers 2018/19 to 2020/21; money after that is a long contract.
        (far(2020), []),
        (far(2021), ["long_contract"]),
        # The province has no section 33; nor has a contribution without money.
        (replace(far(2021, Calendar.NATIONAL), party="EC-HS", fund="own"), []),
        (replace(GRANT, condition=" "), ["grant_condition"]),
        (replace(GRANT, fund=""), ["grant_named"]),
        (replace(GRANT, fund="XYZ"), ["grant_named"]),
        (replace(GRANT, fund="own", condition=""), []),
        (replace(GRANT, fund="equitable_share", condition=""), []),
        # Whether a province set conditions stands in its own gazette: somebody has to say it.
        (replace(GRANT, fund="provincial_transfer", condition=""), ["grant_condition"]),
        (replace(GRANT, fund="provincial_transfer", condition="none is set"), []),
        (replace(GRANT, fund="HSDG"), ["grant_receiver"]),
        (replace(GRANT, party="DHS", fund="HSDG"), []),
        (replace(GRANT, paid_to="Mdantsane Housing Trust"), ["transfer"]),
        (replace(GRANT, paid_to="Mdantsane Housing Trust", assurance="Letter of 3 May"), []),
        (replace(GRANT, paid_to="HDA"), []),
        (Contribution("BUF", Brings.LAND, "Erf 5", MUNICIPAL_19), []),
    ],
)
def test_each_check_before_signing(contribution: Contribution, found: list[str]) -> None:
    assert [check for check, _ in checked(contribution)] == found


def test_a_fund_of_which_nobody_knows_whether_it_has_conditions_is_not_called_conditional() -> None:
    unsaid = replace(GRANT, fund="provincial_transfer", condition="")
    (opened,) = open_checks(replace(WHOLE, contributions=(unsaid,), commitments=()), SIGNED)
    assert "nobody knows whether it has any" in opened.why


def test_a_long_contract_its_council_approved_closes_the_check() -> None:
    assert checked(far(2021)) == [("long_contract", "BUF")]
    assert checked(far(2021), approved=("BUF",)) == []


def test_every_check_has_its_law_as_data_and_says_how_to_pass_it() -> None:
    told = {one.id: one for one in contents.load().checks}
    assert set(told) == set(CHECKS)
    (opened,) = open_checks(replace(WHOLE, contributions=(far(2021),)), SIGNED)
    assert "2021/22" in opened.why
    assert opened.check.law.reference == "MFMA 33"
    assert opened.mend


@pytest.mark.parametrize(
    ("commitment", "agreed", "year", "due"),
    [
        (BULK, "2018-11-15", "2019/20", "2019-06-30"),
        # The law allows earlier; the commitment is due in the budget of its own year.
        (replace(BULK, year=FinancialYear(2021, Calendar.MUNICIPAL)), "2018-11-15", "2021/22", "2021-06-30"),
        # Agreed too late for its year: due in the first the law allows.
        (BULK, "2019-09-01", "2020/21", "2020-06-30"),
        (replace(BULK, new=False), "2019-09-01", "2019/20", "2020-02-28"),
        (replace(BULK, document=Document.PIPELINE), "2018-11-15", "2019/20", "2019-05-31"),
        (replace(BULK, document=Document.PIPELINE), "2019-07-15", "2020/21", "2020-05-31"),
        # No door into an in-year return is known: due when its year ends.
        (replace(BULK, document=Document.IN_YEAR), "2018-11-15", "2019/20", "2020-06-30"),
    ],
)  # fmt: skip
def test_when_a_commitment_must_have_landed(
    commitment: Commitment, agreed: str, year: str, due: str
) -> None:
    found = landing(commitment, day(agreed))
    assert (found.commitment.year.label, str(found.due)) == (year, due)
    assert found.commitment.year.calendar is Calendar.MUNICIPAL


@given(st.dates(dt.date(2012, 1, 1), dt.date(2035, 12, 31)), st.integers(2012, 2038), st.booleans())
def test_nothing_is_due_before_it_was_agreed(agreed: dt.date, start: int, new: bool) -> None:
    year = FinancialYear(start, Calendar.MUNICIPAL)
    found = landing(replace(BULK, year=year, new=new), agreed)
    assert found.due >= agreed
    assert found.commitment.year.start >= start
