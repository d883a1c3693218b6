"""The yearly calendar: the statutory last day and the day of practice, for any year."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from harvester.domain.errors import ConfigurationError
from harvester.domain.periods import Calendar
from harvester.rules.law import calendar

if TYPE_CHECKING:
    from pathlib import Path


def of(start: int) -> dict[str, calendar.Occasion]:
    return {o.rule.id: o for o in calendar.occasions(start) if o.number == 1}


@pytest.mark.parametrize(
    ("event", "statutory", "practice"),
    [
        ("C1", "2018-08-31", None),  # ten months before the year, MFMA 21(1)(b)
        ("C11", "2019-04-02", "2019-03-31"),  # ninety days before the year, MFMA 16(2)
        ("C14", "2019-06-01", "2019-05-31"),  # thirty days before the year, MFMA 24(1)
        ("C15", "2019-06-30", None),
        ("C18", "2019-07-28", None),  # 28 days after approval
        ("C7", "2020-01-31", None),
    ],
)
def test_dates_of_the_budget_year_2019_20(event: str, statutory: str, practice: str | None) -> None:
    occasion = of(2019)[event]
    assert str(occasion.statutory) == statutory
    assert (str(occasion.practice) if occasion.practice else None) == practice


def test_an_event_that_follows_another_moves_with_it() -> None:
    year = of(2019)
    assert year["C21"].last - year["C20"].last == dt.timedelta(30)
    assert year["C20"].last - year["C15"].last == dt.timedelta(10)


def test_practice_is_never_shown_as_law() -> None:
    for occasion in calendar.occasions(2019):
        if occasion.rule.fixed is calendar.Fixed.PRACTICE:
            assert occasion.statutory is None


def test_a_day_nobody_read_in_its_act_is_said_to_be_law_and_no_more() -> None:
    adjusted = of(2019)["C9"]  # MFMA 28(4): the day is background knowledge
    assert (adjusted.statutory, adjusted.only_said, str(adjusted.last)) == (
        None,
        True,
        "2020-02-28",
    )
    for occasion in calendar.occasions(2019):
        assert occasion.statutory is None or occasion.rule.law.verified


def test_monthly_statements_are_due_ten_working_days_after_each_month() -> None:
    found = [o for o in calendar.occasions(2018) if o.rule.id == "C4"]
    assert len(found) == 12
    assert found[0].last == dt.date(2018, 8, 15)  # Thursday 9 August is a public holiday
    assert [o.number for o in found] == list(range(1, 13))


def test_the_bepp_is_not_expected_after_2020() -> None:
    assert "N15" in of(2020)
    assert not {"N15", "N16", "N17"} & set(of(2021))


@given(st.integers(2011, 2040))
def test_every_year_is_in_order_and_both_calendars_stand_side_by_side(start: int) -> None:
    found = calendar.occasions(start)
    assert [o.last for o in found] == sorted(o.last for o in found)
    assert {o.rule.calendar for o in found} == set(Calendar)
    assert len({o.id for o in found}) == len(found)
    for occasion in found:
        assert occasion.first is None or occasion.first <= occasion.last
        if occasion.practice and occasion.statutory:
            assert occasion.practice <= occasion.statutory


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"latest": {}}, "in one way"),
        ({"every": "month"}, "goes with every"),
        (
            {"latest": {"after_event": "gone", "time": {"amount": 1, "unit": "days"}}},
            "follows no event",
        ),
        ({"latest": {}, "window": {"year": 0, "first": 5, "last": 3}}, "months in order"),
    ],
)
def test_a_broken_event_says_what_is_wrong(tmp_path: Path, change: dict, words: str) -> None:
    event = {"id": "X", "title": "X", "calendar": "municipal", "who": "x", "basis": "practice",
             "latest": {"day": {"year": 0, "month": 1, "day": 1}}, "reference": "x", "verified": False}  # fmt: skip
    file = tmp_path / "calendar.yaml"
    head = {"title": "t", "reference": "r", "from": dt.date(2011, 1, 1), "verified": False}
    file.write_text(yaml.safe_dump(head | {"events": [event | change]}))
    with pytest.raises(ConfigurationError, match=words):
        calendar.load(file)
