"""Dates and financial years out of cells. Pure; each returns :class:`values.Parsed`."""

from __future__ import annotations

import datetime as dt
import re

from harvester.domain.periods import EARLIEST_YEAR, LATEST_YEAR, parse_year_label
from harvester.sources import problem_kinds as kinds
from harvester.sources.values.amounts import BLANK, NOT_GIVEN, Parsed, fold, is_blank, is_error

EARLIEST_DATE, LATEST_DATE = dt.date(1950, 1, 1), dt.date(2100, 12, 31)
_SERIAL_ZERO = dt.date(1899, 12, 30)
_SERIALS = range((EARLIEST_DATE - _SERIAL_ZERO).days, (LATEST_DATE - _SERIAL_ZERO).days + 1)

_MONTH_STEMS = (
    ("jan", 1), ("feb", 2), ("mar", 3), ("maa", 3), ("mrt", 3), ("apr", 4), ("may", 5), ("mei", 5),
    ("jun", 6), ("jul", 7), ("aug", 8), ("sep", 9), ("okt", 10), ("oct", 10), ("nov", 11),
    ("dec", 12), ("des", 12),
)  # fmt: skip
"""First letters of English and Afrikaans month names."""
_MONTH_NAMES = frozenset(
    {
        "january", "february", "march", "april", "may", "june", "july", "august", "september",
        "october", "november", "december", "januarie", "februarie", "maart", "mei", "junie",
        "julie", "augustus", "oktober", "desember",
    },
)  # fmt: skip
_EXTRA_SHORT = {"sept", "mrt", "maa"}

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[t ]\d{1,2}:\d{2}.*)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})(?: \d{1,2}:\d{2}.*)?")
_DAY_NAME = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ \-/.]*([a-z]{3,10})\.?[ \-/,.]*(\d{4}|\d{2})")
_NAME_DAY = re.compile(r"([a-z]{3,10})\.?[ \-]*(\d{1,2})(?:st|nd|rd|th)?,?[ \-]+(\d{4})")
_NAME_YEAR = re.compile(r"([a-z]{3,10})\.?[ \-/,.']*(\d{4}|\d{2})")
_YEAR_NAME = re.compile(r"(\d{4})[ \-/]*([a-z]{3,10})")
_YEAR_MONTH = re.compile(r"(\d{4})[-/](\d{1,2})")
_MONTH_YEAR = re.compile(r"(\d{1,2})[-/](\d{4})")
_WEEKDAY = re.compile(r"^(?:mon|tues?|wednes|wed|thurs?|fri|satur|sat|sun)(?:day)?,? +")


def parse_date(cell: object, *, end: bool = False) -> Parsed:
    """A day. Day comes before month in numbers (``03/04/2020`` is 3 April); where only the month
    is given, its first day, or its last when ``end`` is true. Excel serial numbers are read.
    Words such as ``TBC`` are no date; an impossible day is never moved to a possible one.
    """
    if isinstance(cell, dt.datetime):
        return _checked(cell.date())
    if isinstance(cell, dt.date):
        return _checked(cell)
    if isinstance(cell, bool | dt.time | dt.timedelta):
        return Parsed(None, kinds.DATE_UNREADABLE)
    if isinstance(cell, int | float):
        return _from_number(float(cell))
    if is_blank(cell):
        return BLANK
    return _from_text(str(cell), end=end)


def parse_year(cell: object, *, single: str = "") -> Parsed:
    """Start year of a financial year in a cell.

    ``2018/19`` and its forms need nothing; ``single`` says what one number means to this
    publisher: ``start`` or ``end`` of the year, or ``""`` when it must not be read.
    """
    if is_blank(cell):
        return BLANK
    text = fold(str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell))
    start = parse_year_label(text)
    if start is not None:
        return Parsed(start)
    alone = re.fullmatch(r"(?:fy\s*)?((?:19|20)\d\d)", text.lower())
    if single and alone and EARLIEST_YEAR <= int(alone[1]) <= LATEST_YEAR:
        return Parsed(int(alone[1]) - (single == "end"))
    return Parsed(None, kinds.YEAR_UNREADABLE)


def month_number(word: str) -> int | None:
    """1 to 12 for an English or Afrikaans month name or its usual abbreviation."""
    word = word.lower().rstrip(".")
    known = len(word) == 3 or word in _EXTRA_SHORT or word in _MONTH_NAMES
    if not known:
        return None
    return next((number for stem, number in _MONTH_STEMS if word.startswith(stem)), None)


def _checked(day: dt.date, read_from: str = "") -> Parsed:
    if not EARLIEST_DATE <= day <= LATEST_DATE:
        return Parsed(None, kinds.DATE_IMPOSSIBLE)
    if read_from:
        return Parsed(day, kinds.DATE_INEXACT, {"read": day.isoformat()})
    return Parsed(day)


def _from_number(value: float) -> Parsed:
    if not abs(value) <= 1e9:  # also true of nan
        return Parsed(None, kinds.DATE_UNREADABLE)
    whole = int(value)
    if whole == 0:
        return Parsed(None, kinds.DATE_NOT_GIVEN)
    if EARLIEST_DATE.year <= whole <= LATEST_DATE.year:
        return Parsed(None, kinds.DATE_UNREADABLE)
    if 19_500_101 <= whole <= 21_001_231:
        return _made(whole // 10_000, whole // 100 % 100, whole % 100)
    if whole in _SERIALS:
        return _checked(_SERIAL_ZERO + dt.timedelta(days=whole), "serial")
    return Parsed(None, kinds.DATE_IMPOSSIBLE)


def _made(year: int, month: int, day: int, read_from: str = "") -> Parsed:
    try:
        return _checked(dt.date(year, month, day), read_from)
    except ValueError:
        return Parsed(None, kinds.DATE_IMPOSSIBLE)


def _from_text(raw: str, *, end: bool) -> Parsed:
    if is_error(raw):
        return Parsed(None, kinds.ERROR_CELL)
    text = _WEEKDAY.sub("", fold(raw).lower()).strip(" '\"")
    if text in NOT_GIVEN or text == "0":
        return Parsed(None, kinds.DATE_NOT_GIVEN)
    if re.fullmatch(r"\d{5}(?:\.\d+)?|\d{8}", text):
        return _from_number(float(text))
    exact = _exact_day(text)
    return exact if exact is not None else _whole_month(text, end=end)


def _exact_day(text: str) -> Parsed | None:
    if m := _ISO.fullmatch(text):
        return _made(int(m[1]), int(m[2]), int(m[3]))
    if m := _DAY_FIRST.fullmatch(text):
        year, first, second = _full_year(m[3]), int(m[1]), int(m[2])
        if second > 12 >= first:  # only the American order makes a date of it
            return _made(year, first, second, "month first")
        return _made(year, second, first, "short year" if len(m[3]) == 2 else "")
    if (m := _DAY_NAME.fullmatch(text)) and (month := month_number(m[2])):
        return _made(_full_year(m[3]), month, int(m[1]), "short year" if len(m[3]) == 2 else "")
    if (m := _NAME_DAY.fullmatch(text)) and (month := month_number(m[1])):
        return _made(int(m[3]), month, int(m[2]))
    return None


def _whole_month(text: str, *, end: bool) -> Parsed:
    year, month = 0, 0
    if m := _NAME_YEAR.fullmatch(text):
        year, month = _full_year(m[2]), month_number(m[1]) or 0
    elif m := _YEAR_NAME.fullmatch(text):
        year, month = int(m[1]), month_number(m[2]) or 0
    elif m := _YEAR_MONTH.fullmatch(text):
        year, month = int(m[1]), int(m[2])
    elif m := _MONTH_YEAR.fullmatch(text):
        year, month = int(m[2]), int(m[1])
    if not 1 <= month <= 12:
        return Parsed(None, kinds.DATE_UNREADABLE)
    day = dt.date(year, month, 1)
    if end:
        day = dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)
    return _checked(day, "month")


def _full_year(digits: str) -> int:
    """Four digits of a year; two digits are 2000 to 2069, or 1970 to 1999."""
    year = int(digits)
    if len(digits) == 4:
        return year
    return year + (2000 if year < 70 else 1900)
