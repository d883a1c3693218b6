"""Words of reports."""

from __future__ import annotations

import datetime as dt

import pytest

from harvester.reports import charts, words

DAY = dt.date(2018, 10, 12)


@pytest.mark.parametrize(
    ("published", "as_at", "said"),
    [
        (DAY, DAY, "0 days"),
        (dt.date(2018, 10, 11), DAY, "1 day"),
        (dt.date(2018, 7, 12), DAY, "92 days"),
        (dt.date(2017, 10, 12), DAY, "12 months"),
        (dt.date(2018, 11, 1), DAY, "not out yet"),
        (None, DAY, "unknown"),
        (DAY, None, "unknown"),
    ],
)
def test_age(published, as_at, said):
    assert words.age(published, as_at) == said


@pytest.mark.parametrize(
    ("share", "said"),
    [(None, "unknown"), (0.0, "0 %"), (0.004, "under 1 %"), (0.614, "61 %"), (0.999, "over 99 %"), (1.0, "100 %")],
)  # fmt: skip
def test_percent_is_0_or_100_only_where_it_is_exactly_so(share, said):
    assert words.percent(share) == said


def test_days_and_counts():
    assert words.day(DAY) == "12 Oct 2018"
    assert words.day(None) == "no date stated"
    assert words.counted(1, "finding") == "1 finding"
    assert words.counted(12_345, "finding") == "12 345 findings"


def test_institutions_by_name_with_their_sphere():
    assert words.institution("unknown") == "Not stated"
    assert words.listed("ETH,") == [{"name": words.institution("ETH"), "sphere": "local"}]


def test_a_band_is_drawn_from_low_to_high_with_a_line_at_the_value():
    drawn = str(charts.band(0.5, 0.25, 0.75, "Half"))
    assert '<rect x="25.00%" width="50.00%" height="100%" class="shade"/>' in drawn
    assert '<rect x="50.00%" width="0.80%" height="100%" class="mark"/>' in drawn


def test_a_label_cannot_become_markup():
    assert 'aria-label="&#34;&gt;&lt;x"' in str(charts.bar(1, 2, '"><x'))


def test_negative_sums_draw_nothing():
    assert "<rect" not in str(charts.stacked({"located": -5}, 10, "Journal"))
    assert "<rect" not in str(charts.bar(-5, 10, "Journal"))
