"""Money is whole cents; splitting it loses nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.domain.money import format_rand, format_rand_short, split_cents

weights = st.lists(st.integers(0, 10**9), min_size=1, max_size=20).filter(any)


@pytest.mark.parametrize(
    ("cents", "split_by", "parts"),
    [
        (100, [1, 1], [50, 50]),
        (100, [1, 1, 1], [34, 33, 33]),  # the cent left over goes to the first of equals
        (-100, [1, 1, 1], [-34, -33, -33]),
        (10, [9, 3], [8, 2]),  # nine months and three: 7.5 and 2.5, the tie to the earlier
        (7, [0, 1], [0, 7]),
        (0, [3, 1], [0, 0]),
    ],
)
def test_split_by_largest_remainder(cents, split_by, parts):
    assert split_cents(cents, split_by) == parts


@given(st.integers(-(10**15), 10**15), weights)
def test_every_cent_is_conserved(cents, split_by):
    parts = split_cents(cents, split_by)
    assert sum(parts) == cents
    assert all(part == 0 for part, weight in zip(parts, split_by, strict=True) if weight == 0)


@given(st.integers(-(10**12), 10**12), weights)
def test_no_part_is_a_cent_from_its_exact_share(cents, split_by):
    total = sum(split_by)
    for part, weight in zip(split_cents(cents, split_by), split_by, strict=True):
        assert abs(part * total - cents * weight) < total


@pytest.mark.parametrize("split_by", [[], [0, 0], [2, -1]])
def test_nothing_to_split_by_is_an_error(split_by):
    with pytest.raises(ValueError, match="need positive weights"):
        split_cents(100, split_by)


@pytest.mark.parametrize(
    ("cents", "long", "short"),
    [
        (None, "unknown", "unknown"),  # unknown is not zero
        (0, "R 0", "R 0"),
        (123456789, "R 1 234 568", "R 1.2 m"),
        (-50_000, "-R 500", "-R 500"),
        (64_000_000_000, "R 640 000 000", "R 640 m"),
        (3_140_000_000_000, "R 31 400 000 000", "R 31.4 bn"),
        (99_999_999, "R 1 000 000", "R 1.0 m"),
    ],
)
def test_words_for_money(cents, long, short):
    assert format_rand(cents) == long
    assert format_rand_short(cents) == short
