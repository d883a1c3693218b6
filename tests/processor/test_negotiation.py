"""A text negotiated clause by clause: nothing is overwritten, nothing is agreed but by every party."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.domain.errors import UserError
from harvester.processor.negotiation.text import Mark, Text, redline

AT = dt.datetime(2018, 9, 3, 9, 0, tzinfo=dt.UTC)
METRO, PROVINCE = ("BUF", "n.dlamini"), ("EC-EDU", "p.mokoena")


def text() -> Text:
    begun = Text("School sites in Mdantsane", ("BUF", "EC-EDU"))
    return begun.propose("1", "Site size", "A primary school needs 2.8 hectares.", PROVINCE, AT)


def test_an_offer_answers_a_version_and_both_can_be_read() -> None:
    offered = text().offer(
        "1", 1, "A primary school needs 1.5 hectares where it shares fields.", METRO, AT
    )
    clause = offered.clause("1")
    assert [v.number for v in clause.current] == [2]
    assert clause.version(1).words == "A primary school needs 2.8 hectares."


def test_offers_that_cross_both_stand_and_whoever_lost_sees_both() -> None:
    crossed = (
        text()
        .offer("1", 1, "1.5 hectares.", METRO, AT)
        .offer("1", 1, "2.0 hectares.", PROVINCE, AT)
    )
    clause = crossed.clause("1")
    assert clause.crossed
    assert {v.words for v in clause.current} == {"1.5 hectares.", "2.0 hectares."}
    assert clause.agreed(crossed.parties) is None
    chosen = crossed.choose("1", 3, METRO, AT)
    (now,) = chosen.clause("1").current
    assert (now.words, now.answers) == ("2.0 hectares.", (2, 3))
    assert len(chosen.clause("1").versions) == 4


def test_acceptance_is_of_words_and_ends_when_the_words_change() -> None:
    agreed = text()
    for party in (METRO, PROVINCE):
        agreed = agreed.stand("1", 1, party, AT, accepts=True)
    assert agreed.agreed
    changed = agreed.offer("1", 1, "A primary school needs 2.0 hectares.", METRO, AT)
    assert not changed.agreed
    assert [c.id for c in changed.open_clauses] == ["1"]


def test_dissent_stands_beside_the_text_that_is_agreed() -> None:
    agreed = text().stand("1", 1, PROVINCE, AT, accepts=True)
    agreed = agreed.stand("1", 1, METRO, AT, accepts=True, dissent="Too large for townships.")
    assert agreed.agreed
    assert [(d.party, d.dissent) for d in agreed.clause("1").dissents(1)] == [
        ("BUF", "Too large for townships."),
    ]  # fmt: skip


def test_a_text_without_clauses_is_not_agreed() -> None:
    assert not Text("Empty", ("BUF", "EC-EDU")).agreed


@pytest.mark.parametrize(
    ("tried", "words"),
    [
        (lambda t: t.offer("1", 1, "x", ("ETH", "someone"), AT), "no party"),
        (lambda t: t.offer("1", 1, " ", METRO, AT), "needs words"),
        (lambda t: t.offer("1", 1, "A primary school needs 2.8 hectares.", METRO, AT), "the same"),
        (lambda t: t.offer("1", 7, "x", METRO, AT), "no version 7"),
        (lambda t: t.offer("9", 1, "x", METRO, AT), "no clause"),
        (lambda t: t.choose("1", 1, METRO, AT), "nothing to choose"),
        (
            lambda t: t.offer("1", 1, "x", METRO, AT).stand("1", 1, METRO, AT, accepts=True),
            "has been answered",
        ),
    ],
)
def test_what_cannot_be_done_says_why(tried, words: str) -> None:
    with pytest.raises(UserError, match=words):
        tried(text())


WORDS = st.text(alphabet="ab 12.,\n-é", max_size=60)


@given(WORDS, WORDS)
def test_a_redline_loses_nothing_of_either_version(before: str, after: str) -> None:
    pieces = redline(before, after)
    assert "".join(words for mark, words in pieces if mark is not Mark.IN) == before
    assert "".join(words for mark, words in pieces if mark is not Mark.OUT) == after


def test_a_redline_marks_the_words_that_changed() -> None:
    assert redline("needs 2.8 hectares", "needs 2.0 hectares") == (
        (Mark.SAME, "needs 2."), (Mark.OUT, "8"), (Mark.IN, "0"), (Mark.SAME, " hectares"),
    )  # fmt: skip
