"""Nominal and real: prices as dated data."""

from __future__ import annotations

from fractions import Fraction

import pytest

from harvester.domain.errors import ConfigurationError
from harvester.domain.periods import Calendar
from harvester.rules import prices


@pytest.fixture
def book(tmp_path):
    """Prices that double in 2019 and stand still in 2020."""
    return prices.load(written(tmp_path, "{2019: 100, 2020: 0}"))


def written(tmp_path, rises):
    path = tmp_path / "prices.yaml"
    path.write_text(
        "title: t\nreference: r\nsource: s\nfrom: 2019-01-01\nverified: false\nnotes: n\n"
        f"rises: {rises}\n"
    )
    return path


def test_a_municipal_year_is_half_of_each_calendar_year(book):
    assert book.of_year(2018, Calendar.MUNICIPAL) == 150
    assert book.of_year(2018, Calendar.NATIONAL) == Fraction(9 * 100 + 3 * 200, 12)
    assert book.of_year(2019, Calendar.MUNICIPAL) == 200


def test_amounts_of_one_year_in_prices_of_another(book):
    assert book.real(30_000, 2018, 2019) == 40_000
    assert book.real(40_000, 2019, 2018) == 30_000
    assert book.real(-30_000, 2018, 2019) == -40_000
    assert book.real(12_345, 2019, 2019) == 12_345


def test_a_year_whose_prices_are_not_known_has_no_real_amount(book):
    assert book.real(1, 2020, 2019) is None
    assert book.real(1, 2019, 2030) is None
    assert book.of([]) is None


def test_the_prices_that_come_with_the_program_say_they_are_not_verified():
    own = prices.load()
    assert "P0141" in own.reference
    assert not own.verified
    assert own.real(100_00, 2017, 2019) > 100_00


@pytest.mark.parametrize("rises", ["{}", "5", "{2019: 4, 2021: 3}", "{2019: much}"])
def test_a_broken_file_is_said(tmp_path, rises):
    with pytest.raises(ConfigurationError):
        prices.load(written(tmp_path, rises))
