"""The iCalendar feed of deadlines."""

from __future__ import annotations

import datetime as dt

from icalendar import Calendar as Feed

from harvester.domain.periods import Calendar
from harvester.reports.calendar_feed import feed
from harvester.rules.law.calendar import occasions

AS_AT = dt.date(2018, 7, 1)


def test_a_feed_holds_every_occasion_once_and_is_the_same_every_time() -> None:
    found = occasions(2018)
    made = feed(found, "Plans and budgets 2018/19", AS_AT)
    assert made == feed(found, "Plans and budgets 2018/19", AS_AT)
    uids = [str(event["uid"]) for event in Feed.from_ical(made).walk("VEVENT")]
    assert len(uids) == len(set(uids)) == len(found)


def test_an_event_stands_on_the_day_of_practice_and_says_the_last_day_by_law() -> None:
    events = Feed.from_ical(feed(occasions(2019, Calendar.MUNICIPAL), "x", AS_AT)).walk("VEVENT")
    (tabled,) = [e for e in events if str(e["uid"]).startswith("C11:")]
    assert tabled.decoded("dtstart") == dt.date(2019, 3, 31)
    assert "Last day by law: 2 April 2019. MFMA 16(2) (verified)" in str(tabled["description"])


def test_a_date_of_practice_is_not_called_law() -> None:
    events = Feed.from_ical(feed(occasions(2019, Calendar.NATIONAL), "x", AS_AT)).walk("VEVENT")
    (bepp,) = [e for e in events if str(e["uid"]).startswith("N15:")]
    assert "no law fixes the day" in str(bepp["description"])
    assert "by law" not in str(bepp["description"])
