"""What the editor shows of a protocol, sent back as it stands, is that protocol: nothing is lost on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from harvester.domain.documents import Sphere
from harvester.domain.periods import EARLIEST_YEAR, LATEST_YEAR, FinancialYear
from harvester.processor.compacts.protocol import (
    DOCUMENTS_OF,
    Brings,
    Challenge,
    Commitment,
    Contribution,
    Protocol,
    Role,
)
from harvester.rules.law import contents
from harvester.web.compacts.editing import draft_of, protocol_of, rand, typed
from harvester.web.compacts.fields import blocks

if TYPE_CHECKING:
    from collections.abc import Callable

PARTIES = ("ETH", "KZN-HS", "DHS", "PRASA")
SPHERES = dict(
    zip(PARTIES, (Sphere.LOCAL, Sphere.PROVINCIAL, Sphere.NATIONAL, Sphere.ENTITY), strict=True)
)
LETTERS = st.characters(
    blacklist_categories=("Cc", "Cs", "Zl", "Zp", "Zs"), blacklist_characters="\x85"
)
LINE = st.text(LETTERS, max_size=12)
SAID = st.text(LETTERS, min_size=1, max_size=12)
CENTS = st.none() | st.integers(0, 10**15 - 1)
YEARS = st.integers(EARLIEST_YEAR, LATEST_YEAR - 1)


@st.composite
def contributions(draw: Callable) -> Contribution:
    party = draw(st.sampled_from(PARTIES))
    brings = draw(st.sampled_from(Brings))
    year = FinancialYear(draw(YEARS), SPHERES[party].calendar)
    cents = draw(CENTS) if brings is Brings.MONEY else None
    fund = draw(st.sampled_from(["", "USDG", "own"]))
    return Contribution(
        party, brings, draw(SAID), year, cents, fund, draw(LINE), draw(LINE), draw(LINE)
    )


@st.composite
def commitments(draw: Callable) -> tuple[Commitment, ...]:
    found = []
    for number in draw(st.lists(st.integers(1, 50), unique=True, max_size=3)):
        party = draw(st.sampled_from(PARTIES))
        found.append(
            Commitment(
                f"k{number}", party, draw(SAID), draw(st.sampled_from(DOCUMENTS_OF[SPHERES[party]])),
                FinancialYear(draw(YEARS), SPHERES[party].calendar), draw(CENTS),
                draw(st.sampled_from(["", "U-0001"])), draw(LINE), draw(st.booleans()),
            )
        )  # fmt: skip
    return tuple(found)


PROTOCOLS = st.builds(
    Protocol, SAID, st.just(PARTIES),
    challenges=st.lists(st.builds(Challenge, SAID, LINE), max_size=3).map(tuple),
    roles=st.lists(st.builds(Role, st.sampled_from(PARTIES), SAID), max_size=3).map(tuple),
    outcomes=st.lists(SAID, max_size=3).map(tuple), indicators=st.lists(SAID, max_size=3).map(tuple),
    oversight=LINE, dispute_clause=LINE, other=LINE,
    trigger=st.sampled_from(["", *(one.id for one in contents.load().triggers)]),
    contributions=st.lists(contributions(), max_size=3).map(tuple), commitments=commitments(),
    begins=st.none() | st.dates(), ends=st.none() | st.dates(),
)  # fmt: skip


@given(PROTOCOLS)
def test_what_the_form_shows_and_gets_back_is_the_same_protocol(protocol: Protocol) -> None:
    sent = QueryDict(mutable=True)
    draft = draft_of(protocol)
    sent.update(draft.single)
    for section, rows in draft.rows.items():
        sent[f"{section}-rows"] = str(len(rows))
        for n, row in enumerate(rows):
            sent.update({f"{section}-{n}-{name}": value for name, value in row.items()})
    again = typed(sent)
    assert protocol_of(again, PARTIES, 51, lambda _: True) == protocol, again.errors


@given(PROTOCOLS)
def test_every_field_of_the_form_has_one_input_with_its_label(protocol: Protocol) -> None:
    draft = draft_of(protocol)
    shown = blocks(draft, PARTIES, {})
    inputs = [i for b in shown for i in (*b.inputs, *(x for row in b.rows for x in row.inputs))]
    hidden = [name for b in shown for row in b.rows for name, _ in row.hidden]
    names = [i.name for i in inputs] + hidden
    wanted = {*draft.single} | {
        f"{section}-{n}-{name}"
        for section, rows in draft.rows.items()
        for n, row in enumerate(rows)
        for name in row
    }
    assert set(names) == wanted
    assert len(names) == len(set(names))
    assert all(i.label for i in inputs)


def test_a_new_commitment_gets_a_number_that_none_ever_had() -> None:
    sent = QueryDict(mutable=True)
    sent.update({"title": "x", "commitments-rows": "3"})
    for n, number in enumerate(("k2", "", "k9")):
        sent.update({
            f"commitments-{n}-id": number, f"commitments-{n}-party": "ETH",
            f"commitments-{n}-action": "build", f"commitments-{n}-document": "budget",
            f"commitments-{n}-year": "2019/20",
        })  # fmt: skip
    made = protocol_of(typed(sent), PARTIES, 5, lambda _: True)
    assert made is not None
    assert [one.id for one in made.commitments] == ["k2", "k5", "k6"]


def test_rows_beyond_the_most_and_strange_counts_are_refused_in_words() -> None:
    sent = QueryDict(mutable=True)
    sent.update({"title": "x", "roles-rows": "500", "challenges-rows": "many"})
    draft = typed(sent)
    assert protocol_of(draft, PARTIES, 1, lambda _: True) is None
    assert draft.told == [("roles", "At most 80 rows, please.")]


def test_amounts_are_typed_as_they_are_read() -> None:
    assert [rand(None), rand(0), rand(1_000_000_00), rand(1_50)] == ["", "0", "1 000 000", "1.50"]
