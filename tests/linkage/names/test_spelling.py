"""Which words are slips of which."""

from __future__ import annotations

import pytest

from harvester.linkage.names.spelling import one_slip, resolve, respell, slips


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


@pytest.mark.parametrize(
    ("a", "b", "most", "count"),
    [("vroxtonia", "vroxtonia", 2, 0), ("vroxtonia", "vroxtni", 2, 2), ("abcd", "badc", 2, 2), ("abc", "xyz", 2, 3)],
)  # fmt: skip
def test_slips_are_counted_up_to_a_limit(a: str, b: str, most: int, count: int) -> None:
    assert slips(a, b, most) == slips(b, a, most) == count


def test_a_long_name_may_slip_twice_beside_a_much_commoner_one() -> None:
    assert respell({"vroxtonkwena": 9, "vroxtankwna": 1}, []) == {"vroxtankwna": "vroxtonkwena"}
    assert respell({"vroxtonkwena": 4, "vroxtankwna": 1}, []) == {}
    assert respell({"vroxton": 90, "vraxtin": 1}, []) == {}


def test_a_possessive_before_a_name_goes_even_where_the_bare_name_is_not_written() -> None:
    assert respell({"yasevroxton": 1}, []) == {"yasevroxton": "vroxton"}
    assert respell({"evroxton": 1}, []) == {}


def test_a_name_run_together_with_a_known_word_is_two() -> None:
    assert respell({"vroxton": 2, "vroxtonkliniek": 1}, ["kliniek"]) == {
        "vroxtonkliniek": "vroxton kliniek"
    }


def test_later_words_go_to_settled_ones_of_their_municipality() -> None:
    where = {"vroxton": {"BUF"}, "vroxtn": {"BUF"}, "vroxon": {"CPT"}}
    assert resolve(["vroxtn", "vroxon"], [], {"vroxton": 1}, where) == {"vroxtn": "vroxton"}
