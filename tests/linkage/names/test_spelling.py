"""Which words are slips of which."""

from __future__ import annotations

import pytest

from harvester.linkage.names.spelling import one_slip, respell


@pytest.mark.parametrize(
    ("a", "b", "slip"),
    [
        ("dumani", "dumni", True),
        ("dumani", "dummani", True),
        ("dumani", "duamni", True),
        ("dumani", "dumami", True),
        ("dumani", "dumani", False),
        ("dumani", "dmuna", False),
        ("dumani", "dumanixx", False),
    ],
)
def test_one_slip(a: str, b: str, slip: bool) -> None:
    assert one_slip(a, b) is slip
    assert one_slip(b, a) is slip


def test_the_commoner_spelling_wins() -> None:
    assert respell({"vroxton": 9, "vroxtn": 1}, []) == {"vroxtn": "vroxton"}


def test_two_common_words_stay_two() -> None:
    assert respell({"vroxton": 9, "vraxton": 8}, []) == {}


def test_names_of_two_municipalities_stay_two() -> None:
    where = {"vroxton": {"BUF"}, "vroxtn": {"CPT"}}
    assert respell({"vroxton": 9, "vroxtn": 1}, [], where) == {}


def test_a_misspelt_word_of_the_lexicon() -> None:
    assert respell({"libary": 3}, ["library"]) == {"libary": "library"}


def test_short_words_are_not_mended_into_the_lexicon() -> None:
    assert respell({"halo": 1}, ["hall"]) == {}
