"""Ids that last."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.linkage.identity import ids


def test_an_id_says_country_metro_body_and_check() -> None:
    minted = ids.mint("BUF", "BUF|budget|PC1")
    assert minted.startswith("ZA-BUF-")
    assert len(minted.split("-")[2]) == 8
    assert ids.is_valid(minted)


@settings(max_examples=60, deadline=None)
@given(seed=st.text(max_size=30), place=st.sampled_from(["BUF", "EC101", "ETH", "unknown", ""]))
def test_every_wrong_character_is_found(seed: str, place: str) -> None:
    minted = ids.mint(place, seed)
    assert ids.is_valid(minted)
    head, body, check = minted.rsplit("-", 2)
    for at, character in enumerate(body):
        other = "0" if character != "0" else "1"
        assert not ids.is_valid(f"{head}-{body[:at]}{other}{body[at + 1 :]}-{check}")
    for at in range(len(body) - 1):
        if body[at] != body[at + 1]:
            swapped = body[:at] + body[at + 1] + body[at] + body[at + 2 :]
            assert not ids.is_valid(f"{head}-{swapped}-{check}")


def test_a_taken_id_is_not_minted_again() -> None:
    first = ids.mint("BUF", "seed")
    assert ids.mint("BUF", "seed", {first}) != first


@pytest.mark.parametrize("wrong", ["", "ZA-BUF-12345678", "XX-BUF-12345678-0", "ZA-BUF-1234567I-0"])
def test_other_shapes_are_no_ids(wrong: str) -> None:
    assert not ids.is_valid(wrong)


def test_a_cluster_keeps_the_id_most_of_its_keys_hold() -> None:
    ledger = {"a": "ZA-1", "b": "ZA-1", "c": "ZA-2"}
    assert ids.settle([["a", "b", "c", "d"]], ["BUF"], ledger) == ["ZA-1"]


def test_of_two_claims_the_larger_wins_and_the_other_is_new() -> None:
    found = ids.settle([["a"], ["b", "c"]], ["BUF", "BUF"], dict.fromkeys("abc", "ZA-1"))
    assert found[1] == "ZA-1"
    assert ids.is_valid(found[0])


def test_a_tie_goes_to_the_lesser_id() -> None:
    assert ids.settle([["a", "b"]], ["BUF"], {"a": "ZA-2", "b": "ZA-1"}) == ["ZA-1"]


def test_the_order_of_clusters_does_not_matter() -> None:
    ledger = {"a": "ZA-1", "b": "ZA-1"}
    clusters = [["a"], ["b"], ["c"], ["d"]]
    straight = ids.settle(clusters, ["BUF"] * 4, ledger)
    assert ids.settle(clusters[::-1], ["BUF"] * 4, ledger)[::-1] == straight
