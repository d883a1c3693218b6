"""A text negotiated clause by clause: nothing is overwritten, nothing is agreed but by every party."""

from __future__ import annotations

import datetime as dt
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.domain.errors import UserError
from harvester.processor.negotiation.canonical import (
    Dissent,
    Document,
    Section,
    agreed_document,
)
from harvester.processor.negotiation.moves import Kind, Move, apply, replay
from harvester.processor.negotiation.text import Mark, Position, Rung, Text, redline
from harvester.reports.signing import laid_out

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


def two_clauses() -> Text:
    return text().propose("2", "Parking", "Forty bays for each school.", PROVINCE, AT)


def test_a_clause_is_struck_like_any_offer_when_every_party_accepts_it() -> None:
    struck = two_clauses().strike("2", 1, METRO, AT, reason="Parking is the by-law's.")
    clause = struck.clause("2")
    assert clause.current[0].struck
    assert clause.agreed(struck.parties) is None, "one party's offer is not yet agreed"
    struck = struck.stand("2", 2, PROVINCE, AT, accepts=True, dissent="We would keep it.")
    struck = struck.stand("1", 1, METRO, AT, accepts=True)
    assert struck.agreed
    assert redline(clause.version(1).words, clause.version(2).words) == (
        (Mark.OUT, "Forty bays for each school."),
    )
    paper = agreed_document(struck, "case 7", str.title).canonical
    assert "\n2. Parking [struck out]\n" in paper
    assert "Forty bays" not in paper
    assert "Dissent of EC-EDU on 2\n    We would keep it." in paper


def test_a_struck_clause_is_restored_by_words_that_answer_the_striking() -> None:
    struck = two_clauses().strike("2", 1, METRO, AT, reason="The by-law's.")
    restored = struck.offer("2", 2, "Thirty bays for each school.", PROVINCE, AT)
    assert restored.clause("2").current[0].words == "Thirty bays for each school."
    assert [v.number for v in restored.clause("2").versions] == [1, 2, 3]


def test_striking_crosses_other_words_and_either_can_be_chosen() -> None:
    crossed = (
        two_clauses()
        .offer("2", 1, "Thirty bays.", PROVINCE, AT)
        .strike("2", 1, METRO, AT, reason="The by-law's.")
    )
    assert crossed.clause("2").crossed
    assert crossed.choose("2", 3, PROVINCE, AT).clause("2").current[0].struck
    assert crossed.choose("2", 2, PROVINCE, AT).clause("2").current[0].words == "Thirty bays."


def test_what_cannot_be_struck() -> None:
    with pytest.raises(UserError, match="say why"):
        two_clauses().strike("2", 1, METRO, AT, reason=" ")
    struck = two_clauses().strike("2", 1, METRO, AT, reason="x")
    with pytest.raises(UserError, match="strikes the clause already"):
        struck.strike("2", 2, PROVINCE, AT, reason="x")
    with pytest.raises(UserError, match="version 2 says this already"):
        struck.strike("2", 1, PROVINCE, AT, reason="x")


def test_a_text_of_which_every_clause_is_struck_is_no_agreed_text() -> None:
    struck = text().strike("1", 1, METRO, AT, reason="x").stand("1", 2, PROVINCE, AT, accepts=True)
    assert struck.open_clauses == ()
    assert not struck.agreed


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


def test_a_redline_marks_the_words_and_whole_figures_that_changed() -> None:
    assert redline("needs 2.8 hectares", "needs 2.0 hectares") == (
        (Mark.SAME, "needs "), (Mark.OUT, "2.8"), (Mark.IN, "2.0"), (Mark.SAME, " hectares"),
    )  # fmt: skip
    assert redline("the Urban Grant pays", "the province pays") == (
        (Mark.SAME, "the "), (Mark.OUT, "Urban Grant"), (Mark.IN, "province"), (Mark.SAME, " pays"),
    )  # fmt: skip


def test_offering_words_is_accepting_them_until_the_party_says_otherwise() -> None:
    clause = text().clause("1")
    assert clause.position("EC-EDU", 1) is Position.ACCEPTS
    assert clause.position("BUF", 1) is Position.SILENT
    declined = text().stand("1", 1, PROVINCE, AT, accepts=False).clause("1")
    assert declined.position("EC-EDU", 1) is Position.DECLINES
    assert clause.awaits("BUF")
    assert not clause.awaits("EC-EDU")


def test_crossed_offers_are_bridged_by_words_of_neither() -> None:
    crossed = text().offer("1", 1, "1.5 ha.", METRO, AT).offer("1", 1, "2.0 ha.", PROVINCE, AT)
    bridged = crossed.bridge("1", "1.8 ha.", METRO, AT).clause("1")
    (now,) = bridged.current
    assert (now.words, now.answers) == ("1.8 ha.", (2, 3))
    with pytest.raises(UserError, match="Choose that offer"):
        crossed.bridge("1", "2.0 ha.", METRO, AT)
    with pytest.raises(UserError, match="no offers are crossed"):
        text().bridge("1", "x", METRO, AT)


def test_the_same_words_sent_twice_do_not_cross_themselves() -> None:
    offered = text().offer("1", 1, "1.5 hectares.", METRO, AT)
    with pytest.raises(UserError, match="version 2 says this already"):
        offered.offer("1", 1, "1.5 hectares.", METRO, AT)


def test_a_text_goes_up_and_back_for_a_reason_and_nothing_said_is_lost() -> None:
    said = text().stand("1", 1, METRO, AT, accepts=False, dissent="Too large.")
    up = said.refer(Rung.POLITICAL, METRO, AT, reason="Officials cannot settle it.")
    assert (up.rung, up.clauses) == (Rung.POLITICAL, said.clauses)
    assert up.refer(Rung.TECHNICAL, METRO, AT, reason="Settled.").rung is Rung.TECHNICAL
    for rung, reason, told in ((Rung.POLITICAL, "x", "already"), (Rung.TECHNICAL, " ", "say why")):
        with pytest.raises(UserError, match=told):
            up.refer(rung, METRO, AT, reason=reason)


PARTIES = ("BUF", "EC-EDU", "NT")
MOVES = st.builds(
    Move, st.sampled_from(Kind), st.sampled_from((*PARTIES, "ETH")), st.just("n"), st.just(AT),
    st.sampled_from(Rung), st.sampled_from(["1", "2"]), st.just("h"), st.integers(0, 4),
    st.sampled_from(["", "a", "b", "c d"]), st.sampled_from(["", "why"]),
)  # fmt: skip


@given(st.lists(MOVES, max_size=30))
def test_what_is_kept_of_the_moves_is_the_text(tried: list[Move]) -> None:
    """Made one by one or taken again from the list, the text is the same; and it keeps its promises."""
    now, kept = Text("T", PARTIES), []
    for move in tried:
        try:
            after = apply(now, move)
        except UserError:
            continue
        for clause in now.clauses:
            again = after.clause(clause.id)
            assert again.versions[: len(clause.versions)] == clause.versions
            assert again.stands[: len(clause.stands)] == clause.stands
        now, kept = after, [*kept, move]
        assert replay("T", PARTIES, kept) == now
    for clause in now.clauses:
        assert clause.current, "some words always stand"
        agreed = clause.agreed(PARTIES)
        assert agreed is None or all(
            clause.position(party, agreed.number) is Position.ACCEPTS for party in PARTIES
        )


LINES = st.text(alphabet="ab 1.:\n\r\u2028é\u0301", max_size=40)
DOCUMENTS = st.builds(
    Document, LINES, st.just("case:1"), st.just((("BUF", "Buffalo City"), ("EC-EDU", "Education"))),
    st.lists(st.builds(Section, st.sampled_from(["1", "2"]), LINES, LINES.filter(str.strip)),
             max_size=3).map(tuple),
    st.lists(st.builds(Dissent, st.just("1"), st.just("BUF"), LINES.filter(str.strip)),
             max_size=2).map(tuple),
)  # fmt: skip


@given(DOCUMENTS)
def test_a_canonical_text_is_read_back_part_by_part(document: Document) -> None:
    """So no words of a clause can pass for a heading, and one text cannot be read as two."""
    head, parts = laid_out.parts_of(document.canonical)
    assert head["Matter"] == "case:1"
    assert laid_out.parties_of(document.canonical) == document.parties
    told = [*document.sections, *document.dissents]
    assert len(parts) == 1 + len(told)
    for part, one in zip(parts[1:], told, strict=True):
        words = unicodedata.normalize("NFC", one.words)
        lines = tuple(line.rstrip() for line in words.strip().splitlines())
        assert part.lines == lines


def test_the_canonical_text_does_not_depend_on_how_letters_and_lines_are_written() -> None:
    one = Document("T", "case:1", (("A", "a"),), (Section("1", "H", "caf\u00e9\r\nx "),))
    other = Document(" T ", "case:1", (("A", "a"),), (Section("1", "H ", "cafe\u0301\nx"),))
    assert one.digest == other.digest
    assert one.digest != Document("T", "case:1", (("A", "a"),), (Section("1", "H", "x"),)).digest


def test_what_is_not_agreed_is_not_laid_out() -> None:
    with pytest.raises(UserError, match="clauses still open: 1"):
        agreed_document(text(), "case:1", str)
    agreed = text().stand("1", 1, METRO, AT, accepts=True, dissent="Too large.")
    document = agreed_document(agreed, "case:1", str)
    assert "Dissent of BUF on 1\n    Too large." in document.canonical
