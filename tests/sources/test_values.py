"""Amounts, dates, years and coordinates: what a cell says, and what is doubtful about it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.domain.places import in_south_africa
from harvester.sources.values.amounts import (
    cell_text,
    extras_text,
    fold,
    is_blank,
    is_error,
    parse_amount,
    parse_number,
    rand_words,
    text_of,
)
from harvester.sources.values.coordinates import parse_coordinates, parse_points, points_text
from harvester.sources.values.dates import month_number, parse_date, parse_year


@pytest.mark.parametrize(
    ("cell", "cents"),
    [
        (85425, 85_425_00),
        (340609.0, 340_609_00),
        (0, 0),
        (-500.5, -500_50),
        ("85425", 85_425_00),
        ("R 1 234,50", 1_234_50),
        ("R1,234.50", 1_234_50),
        ("1\u00a0234\u2009567", 1_234_567_00),
        ("1'234'567.50", 1_234_567_50),
        ("(500)", -500_00),
        ("(R 1 000.50)", -1_000_50),
        ("R(1 000)", -1_000_00),
        ("-500", -500_00),
        ("\u2212500", -500_00),
        ("500-", -500_00),
        ("R -5 000", -5_000_00),
        ("1.2E6", 1_200_000_00),
        ("1.234.567,89", 1_234_567_89),
        ("1,234,567.89", 1_234_567_89),
        ("12 000 000.00", 12_000_000_00),
        ("1,23", 1_23),
        ("0,123", 12),
        ("1, 234, 567", 1_234_567_00),
        ("85 425 rand", 85_425_00),
        ("ZAR 100", 100_00),
    ],
)
def test_an_amount_without_doubt(cell: object, cents: int) -> None:
    assert parse_amount(cell) == (cents, None, {})


@pytest.mark.parametrize(
    ("cell", "cents", "code"),
    [
        ("1,234", 1_234_00, "amount_comma_groups"),
        ("1.234", 1_23, "amount_ambiguous"),
        ("R 2.5m", 2_500_000_00, "amount_scaled"),
        ("R2,5 million", 2_500_000_00, "amount_scaled"),
        ("R 3bn", 3_000_000_000_00, "amount_scaled"),
        ("nil", 0, "amount_nil"),
        ("-", None, "amount_not_given"),
        ("n/a", None, "amount_not_given"),
        ("TBC", None, "amount_not_a_number"),
        ("12 34", None, "amount_not_a_number"),
        ("1.2.3", None, "amount_not_a_number"),
        (".", None, "amount_not_a_number"),
        (True, None, "amount_not_a_number"),
        (dt.date(2020, 1, 1), None, "amount_not_a_number"),
        ("5%", None, "amount_percent"),
        ("nan", None, "amount_impossible"),
        (float("nan"), None, "amount_impossible"),
        (float("inf"), None, "amount_impossible"),
        (1e13, None, "amount_impossible"),
        ("1E400", None, "amount_impossible"),
        ("#REF!", None, "error_cell"),
    ],
)
def test_an_amount_with_a_doubt_says_which(cell: object, cents: int | None, code: str) -> None:
    parsed = parse_amount(cell)
    assert parsed.value == cents
    assert parsed.kind is not None
    assert parsed.kind.code == code


def test_blank_is_not_zero() -> None:
    for blank in (None, "", "  ", "\u00a0\n"):
        assert is_blank(blank)
        assert parse_amount(blank) == (None, None, {})
    assert parse_amount("0").value == 0


def test_floats_are_rounded_by_their_shortest_form_and_half_even() -> None:
    assert parse_amount(0.1 + 0.2).value == 30
    assert parse_amount(2.675).value == 268
    assert parse_amount(2.665).value == 266
    assert parse_amount(1.005).value == 100


@given(st.integers(min_value=-(10**14), max_value=10**14))
@settings(max_examples=60, deadline=None)
def test_every_way_of_writing_an_amount_gives_it_back_to_the_cent(cents: int) -> None:
    rand = Decimal(cents) / 100
    english, african = f"R {rand:,.2f}", f"{rand:,.2f}".replace(",", " ").replace(".", ",")
    continental = f"{rand:,.2f}".replace(",", "_").replace(".", ",").replace("_", ".")
    for text in (f"{rand:.2f}", english, african, continental):
        assert parse_amount(text).value == cents
    assert parse_amount(rand_words(cents)).value == cents


def test_the_problem_of_an_amount_names_the_cell_and_what_was_read() -> None:
    problem = parse_amount("1,234").problem("1,234", row=7, column="P", header="Budget")
    assert problem is not None
    assert (problem.row, problem.column, problem.header, problem.value) == (
        7,
        "P",
        "Budget",
        "1,234",
    )
    assert "R 1 234" in problem.message
    assert parse_amount(5).problem(5) is None


def test_a_number_is_a_number_or_stays_words() -> None:
    assert parse_number("1 200").value == 1200
    assert parse_number("80%").value == 80
    assert parse_number(8.0).value == 8.0
    assert parse_number(None).kind is None
    assert parse_number("Approved HRH Strategy").kind is not None
    assert parse_number(True).kind is not None
    assert parse_number(float("nan")).kind is not None


def test_texts_are_folded_and_whole_numbers_written_whole() -> None:
    assert fold("\nProject\u00a0 Decription\u200b ") == "Project Decription"
    assert cell_text(85425.0) == "85425"
    assert cell_text(0.5) == "0.5"
    assert cell_text(None) == ""
    assert cell_text(True) == "TRUE"
    assert cell_text(dt.datetime(2020, 3, 31, tzinfo=None)) == "2020-03-31"  # noqa: DTZ001
    assert cell_text(dt.datetime(2020, 3, 31, 8, 30)) == "2020-03-31 08:30:00"  # noqa: DTZ001
    assert text_of("  a \n b ") == "a b"
    assert text_of(5.0) == "5"
    assert is_error(" #ref! ".strip())
    assert not is_error("# of units")
    assert extras_text({}) == ""
    assert extras_text({"Naudé": "1"}) == '{"Naudé":"1"}'


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        (dt.datetime(2020, 3, 31, 5), dt.date(2020, 3, 31)),  # noqa: DTZ001
        (dt.date(2020, 3, 31), dt.date(2020, 3, 31)),
        ("2020-03-31", dt.date(2020, 3, 31)),
        ("2020-03-31T00:00:00", dt.date(2020, 3, 31)),
        ("2020/03/31", dt.date(2020, 3, 31)),
        ("31/03/2020", dt.date(2020, 3, 31)),
        ("03/04/2020", dt.date(2020, 4, 3)),
        ("31.03.2020", dt.date(2020, 3, 31)),
        ("31 March 2020", dt.date(2020, 3, 31)),
        ("31 Maart 2020", dt.date(2020, 3, 31)),
        ("1st July 2019", dt.date(2019, 7, 1)),
        ("March 31, 2020", dt.date(2020, 3, 31)),
        ("Tuesday, March 31, 2020", dt.date(2020, 3, 31)),
        (20200331, dt.date(2020, 3, 31)),
    ],
)
def test_a_date_without_doubt(cell: object, day: dt.date) -> None:
    assert parse_date(cell) == (day, None, {})


@pytest.mark.parametrize(
    ("cell", "day", "code"),
    [
        (43921.0, dt.date(2020, 3, 31), "date_inexact"),
        ("43921", dt.date(2020, 3, 31), "date_inexact"),
        ("Mar 2020", dt.date(2020, 3, 1), "date_inexact"),
        ("Desember 2021", dt.date(2021, 12, 1), "date_inexact"),
        ("2020-03", dt.date(2020, 3, 1), "date_inexact"),
        ("12/2020", dt.date(2020, 12, 1), "date_inexact"),
        ("31-Mar-20", dt.date(2020, 3, 31), "date_inexact"),
        ("03/31/2020", dt.date(2020, 3, 31), "date_inexact"),
        ("31/02/2020", None, "date_impossible"),
        (dt.date(1899, 12, 31), None, "date_impossible"),
        (1.0, None, "date_impossible"),
        ("TBC", None, "date_not_given"),
        (0, None, "date_not_given"),
        ("Q1 2020", None, "date_unreadable"),
        ("2020", None, "date_unreadable"),
        ("soon", None, "date_unreadable"),
        (2020.0, None, "date_unreadable"),
        (True, None, "date_unreadable"),
        (float("nan"), None, "date_unreadable"),
        ("#N/A", None, "error_cell"),
    ],
)
def test_a_date_with_a_doubt_says_which(cell: object, day: dt.date | None, code: str) -> None:
    parsed = parse_date(cell)
    assert parsed.value == day
    assert parsed.kind is not None
    assert parsed.kind.code == code


def test_a_month_ends_on_its_last_day_when_an_end_is_asked_for() -> None:
    assert parse_date("June 2020", end=True).value == dt.date(2020, 6, 30)
    assert parse_date("Dec 2020", end=True).value == dt.date(2020, 12, 31)
    assert parse_date(None) == (None, None, {})
    assert month_number("Sept") == 9
    assert month_number("marchlands") is None


def test_a_year_by_one_number_means_what_its_publisher_means() -> None:
    assert parse_year("2019", single="start").value == 2019
    assert parse_year(2019.0, single="end").value == 2018
    assert parse_year("2018/19").value == 2018
    assert parse_year("FY 2021-22").value == 2021
    assert parse_year("2019").kind is not None
    assert parse_year("").kind is None


@pytest.mark.parametrize(
    ("latitude", "longitude", "points"),
    [
        (-29.858, 31.021, [(31.021, -29.858)]),
        ("-29,858", "31,021", [(31.021, -29.858)]),
        ("-29.858, 31.021", None, [(31.021, -29.858)]),
        ("-29,85 31,02", None, [(31.02, -29.85)]),
        ("-29,85; 31,02", None, [(31.02, -29.85)]),
        (None, "-30.1,29.1;-30.2,29.2\n-30.3,29.3", [(29.1, -30.1), (29.2, -30.2), (29.3, -30.3)]),
        ("29°51'30\"S", "31°01'15\"E", [(31.020833, -29.858333)]),
        ("S29 51 30", "E31 01 15", [(31.020833, -29.858333)]),
        ("29 51 30 S", "31 01 15 E", [(31.020833, -29.858333)]),
        ("29° 51' 30\" S 31° 01' 15\" E", "", [(31.020833, -29.858333)]),
        ("S29.858", "E31.021", [(31.021, -29.858)]),
        ("31.021E 29.858S", None, [(31.021, -29.858)]),
        ("lat: -29.858 long: 31.021", "", [(31.021, -29.858)]),
        ("-34.83", "20.01", [(20.01, -34.83)]),
    ],
)
def test_a_point_in_the_country_is_published_as_written(
    latitude: object, longitude: object, points: list[tuple[float, float]],
) -> None:  # fmt: skip
    assert parse_coordinates(latitude, longitude) == (points, None, {})


@pytest.mark.parametrize(
    ("latitude", "longitude", "code", "proposal"),
    [
        (
            "29.858",
            "31.021",
            "coordinates_outside_country",
            "minus sign of the latitude is missing",
        ),
        (31.021, -29.858, "coordinates_outside_country", "swapped (-29.858, 31.021)"),
        (-2985800, 31021000, "coordinates_outside_country", "decimal point is missing"),
        (-29.858, -29.858, "coordinates_outside_country", "the same number"),
        (51.5, -0.12, "coordinates_outside_country", "Check the coordinates"),
        (0, 0, "coordinates_zero", ""),
        ("0", "0", "coordinates_zero", ""),
        ("0", None, "coordinates_zero", ""),
        ("Not specified", "Various", "coordinates_not_given", ""),
        (-29.8, None, "coordinates_half", ""),
        ("abc", "def", "coordinates_unreadable", ""),
        ("#REF!", 30, "error_cell", ""),
    ],
)
def test_a_point_that_is_not_in_the_country_is_never_mended_only_proposed(
    latitude: object, longitude: object, code: str, proposal: str,
) -> None:  # fmt: skip
    parsed = parse_coordinates(latitude, longitude)
    assert parsed.value is None
    assert parsed.kind is not None
    assert parsed.kind.code == code
    problem = parsed.problem("shown")
    assert problem is not None
    assert proposal in problem.mend


def test_several_points_in_one_cell() -> None:
    two = parse_points("-26.378582,27.654933 and -22.111222,23.333444")
    assert two.value == [(27.654933, -26.378582), (23.333444, -22.111222)]
    assert points_text(two.value) == "27.654933 -26.378582;23.333444 -22.111222"
    assert points_text(two.value[:1]) == ""
    some = parse_points("-29.1 , 30.1 ; 0, 0")
    assert some.value == [(30.1, -29.1)]
    assert some.kind is not None


@pytest.mark.parametrize(
    "cell",
    ["Not specified", "Various", "test string with, no coords and", "Zeerust and Mafikeng"],
)
def test_words_are_no_coordinates_even_with_and_in_them(cell: str) -> None:
    parsed = parse_points(cell)
    assert parsed.value is None
    assert parsed.kind is not None
    assert parsed.kind.code == "coordinates_not_given"


@given(st.floats(-90, 90), st.floats(-180, 180))
@settings(max_examples=60, deadline=None)
def test_whatever_is_published_lies_in_the_country(latitude: float, longitude: float) -> None:
    for point in parse_coordinates(latitude, longitude).value or []:
        assert in_south_africa(*point)
