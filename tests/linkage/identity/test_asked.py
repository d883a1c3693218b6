"""An id as a person types it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.domain.errors import UserError
from harvester.linkage.identity import asked, ids
from harvester.linkage.identity.redirects import Redirect

ID = ids.mint("BUF", "a road")
OTHER = ids.mint("BUF", "a clinic")
LIVING = {ID: "A road"}
MOVED = [Redirect(OTHER, ID, "merge", "A clinic")]


def test_a_living_id_leads_to_itself_with_nothing_to_say() -> None:
    told = asked.follow(f" {ID.lower()} ", MOVED, LIVING)
    assert told is not None
    assert (told.living, told.sentence) == ((ID,), "")


def test_an_old_id_leads_on_in_a_plain_sentence() -> None:
    told = asked.follow(OTHER, MOVED, LIVING)
    assert told is not None
    assert told.living == (ID,)
    assert told.sentence == f"{OTHER} (A clinic) is now {ID}: both turned out to be one project."


def test_a_right_id_that_nobody_gave_out_leads_nowhere() -> None:
    assert asked.follow(ids.mint("BUF", "nothing"), MOVED, LIVING) is None


@settings(max_examples=60, deadline=None)
@given(at=st.integers(3, len(ID) - 1), other=st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_one_wrong_character_names_the_id_that_was_meant(at: int, other: str) -> None:
    typed = ID[:at] + other + ID[at + 1 :]
    if ID[at] in {"-", other}:
        return
    with pytest.raises(UserError, match="check character does not fit") as told:
        asked.follow(typed, MOVED, LIVING)
    assert f"Did you mean {ID}?" in str(told.value)


def test_two_characters_the_wrong_way_round_are_named() -> None:
    at = next(n for n in range(8, len(ID) - 3) if ID[n] != ID[n + 1])
    typed = ID[:at] + ID[at + 1] + ID[at] + ID[at + 2 :]
    with pytest.raises(UserError) as told:
        asked.follow(typed, MOVED, LIVING)
    assert f"{ID[at + 1]} and {ID[at]} are swapped." in str(told.value)


@pytest.mark.parametrize(("typed", "slip"), [(ID[:9] + ID[10:], "is missing"), (ID[:9] + "Z" + ID[9:], "is one too many")])  # fmt: skip
def test_a_character_missing_or_too_many_is_named(typed: str, slip: str) -> None:
    with pytest.raises(UserError) as told:
        asked.follow(typed, MOVED, LIVING)
    assert slip in str(told.value)


def test_what_no_single_slip_explains_asks_to_look_it_up() -> None:
    with pytest.raises(UserError, match="look the project up by name"):
        asked.follow("ZA-BUF-00000000-0", MOVED, LIVING)


@pytest.mark.parametrize(("text", "looks"), [(ID, True), (ID.lower(), True), ("ZA-BUF-O000000I-0", True), ("V2", False), ("W01:abc", False), ("0123456789abcdef:1:2", False)])  # fmt: skip
def test_other_ids_are_not_taken_for_it(text: str, looks: bool) -> None:
    assert asked.looks_like(text) is looks
