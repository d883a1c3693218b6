"""What a person wrote in an address, checked: a wrong value is a 400 page, never a fault."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.core.exceptions import BadRequest

from harvester.domain.periods import EARLIEST_YEAR, LATEST_YEAR, parse_year_label

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.http import QueryDict

CODE = re.compile(r"[A-Za-z0-9_.:/\- ]{1,120}")
LONGEST_SEARCH = 200
MOST_WORDS = 8
MOST_PAGES = 1_000_000


class BadQueryError(BadRequest):
    """A value in the address that cannot be used; the message says which and what would do."""


def text(query: QueryDict, name: str, longest: int = LONGEST_SEARCH) -> str:
    """Free text, trimmed."""
    value = query.get(name, "").strip()
    if len(value) > longest:
        raise BadQueryError(f"‘{name}’ is too long: at most {longest} characters.")
    if "\x00" in value:
        raise BadQueryError(f"‘{name}’ holds a character that cannot be searched for.")
    return value


def words(query: QueryDict, name: str) -> list[str]:
    """The words of a search, lower case; at most eight."""
    return text(query, name).lower().split()[:MOST_WORDS]


def code(query: QueryDict, name: str) -> str:
    """A code: letters, figures and ``_ . : / -``; empty when it is not given."""
    value = query.get(name, "").strip()
    if value and CODE.fullmatch(value) is None:
        raise BadQueryError(f"‘{name}’ is not a code we know.")
    return value


def choice(query: QueryDict, name: str, known: Collection[str], default: str = "") -> str:
    """One of ``known``, or ``default`` when it is not given."""
    value = query.get(name, "").strip()
    if not value:
        return default
    if value not in known:
        raise BadQueryError(f"‘{name}’ cannot be ‘{value[:60]}’ here.")
    return value


def page_number(query: QueryDict) -> int:
    """``page``, counted from 1."""
    value = query.get("page", "").strip() or "1"
    if not value.isascii() or not value.isdigit() or not 1 <= int(value[:9]) <= MOST_PAGES:
        raise BadQueryError("‘page’ must be a whole number from 1.")
    return int(value[:9])


def year(query: QueryDict, name: str) -> int | None:
    """A financial year, ``2018/19`` or its first half ``2018``; ``None`` when it is not given."""
    value = query.get(name, "").strip()
    if not value:
        return None
    start = parse_year_label(value) if "/" in value or "-" in value else None
    if start is None and value.isascii() and value.isdigit() and len(value) == 4:
        start = int(value)
    if start is None or not EARLIEST_YEAR <= start <= LATEST_YEAR:
        raise BadQueryError(f"‘{name}’ must be a financial year such as 2018/19.")
    return start


def box(query: QueryDict, name: str) -> tuple[float, float, float, float] | None:
    """West, south, east, north in degrees, comma between; ``None`` when it is not given."""
    value = query.get(name, "").strip()
    if not value:
        return None
    try:
        west, south, east, north = (float(part) for part in value[:100].split(","))
    except ValueError:
        raise BadQueryError(f"‘{name}’ must be west,south,east,north in degrees.") from None
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise BadQueryError(f"‘{name}’ must be west,south,east,north in degrees.")
    return west, south, east, north
