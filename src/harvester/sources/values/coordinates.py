"""Coordinates out of cells: a point is published only if it lies in the country as written.

Nothing is mended silently: a point that would lie in the country with its sign turned, its
numbers swapped or its decimal point put back is reported with that proposal and left out.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from harvester.domain.coordinates import readings
from harvester.domain.places import in_south_africa
from harvester.sources import problem_kinds as kinds
from harvester.sources.values.amounts import (
    BLANK,
    NOT_GIVEN,
    Parsed,
    cell_text,
    fold,
    is_blank,
    is_error,
)
from harvester.sources.values.drawn import DECIMALS, Drawn, Point, is_drawn, parse_drawn

if TYPE_CHECKING:
    from harvester.domain.problems import ProblemKind

_CHECK_MEND = "Check the coordinates against a map; write decimal degrees, such as -29.858, 31.021."

_DMS = re.compile(
    r"(?P<before>[NSEWO])?\s*(?P<sign>[-+])?\s*(?P<d>\d{1,3})\s*(?:°|º|˚|deg(?:rees)?|d|:|\s)\s*"
    r"(?P<m>\d{1,2}(?:[.,]\d+)?)\s*(?:'|’|′|´|min(?:utes)?|m|:|\s)\s*"
    r"(?:(?P<s>\d{1,2}(?:[.,]\d+)?)\s*(?:\"|”|″|''|’’|sec(?:onds)?)?)?\s*(?P<after>[NSEWO](?![a-z]))?",
    re.IGNORECASE,
)
_MARKED_DMS = re.compile(r"[°º˚]|\bdeg|\d\s*['’′]\s*\d|\d+:\d+:\d+", re.IGNORECASE)
_DECIMAL_POINT = re.compile(
    r"(?P<before>[NSEW](?![a-z]))?\s*(?P<number>[-+]?\s?\d+\.\d+|[-+]?\s?\d+)\s*°?\s*(?P<after>[NSEW](?![a-z]))?",
    re.IGNORECASE,
)
_DECIMAL_COMMA = re.compile(
    r"(?P<before>[NSEW](?![a-z]))?\s*(?P<number>[-+]?\s?\d{1,3},\d+)\s*°?\s*(?P<after>[NSEW](?![a-z]))?",
    re.IGNORECASE,
)
_BETWEEN_POINTS = re.compile(r"\s*(?:;|\n|\r|\||\band\b|\ben\b|&)\s*", re.IGNORECASE)


def parse_coordinates(latitude: object, longitude: object) -> Parsed:
    """Points of a row with a latitude and a longitude cell; the value is a list of
    ``(longitude, latitude)`` degrees, rounded to six decimals.

    Either cell may hold the whole pair, several, or a line or area (:mod:`.drawn`). Blank in both
    is blank; ``0`` and sentinel words are no place (a note).
    """
    if is_blank(latitude) and is_blank(longitude):
        return BLANK
    for cell, other in ((latitude, longitude), (longitude, latitude)):
        if is_drawn(cell) and (_says_nothing(other) or cell == other):
            return parse_drawn(cell)
    together = _cell_with_pair(latitude, longitude)
    if together is not None:
        return parse_points(together)
    north, east = _degrees(latitude), _degrees(longitude)
    kind = _why_no_pair(latitude, longitude, north, east)
    shown = f"{cell_text(latitude)}, {cell_text(longitude)}"
    if kind is not None or east is None or north is None:
        return Parsed(None, kind, {"value": shown})
    return _judged([(east, north)], shown)


def _why_no_pair(
    latitude: object,
    longitude: object,
    north: float | None,
    east: float | None,
) -> ProblemKind | None:
    """The kind of problem of two cells that do not make a point, or ``None`` when they do."""
    if _says_nothing(latitude) and _says_nothing(longitude):
        zero = north is not None or east is not None
        return kinds.COORDINATES_ZERO if zero else kinds.COORDINATES_NOT_GIVEN
    if is_error(latitude) or is_error(longitude):
        return kinds.ERROR_CELL
    if _says_nothing(latitude) or _says_nothing(longitude):
        return kinds.COORDINATES_HALF
    return kinds.COORDINATES_UNREADABLE if north is None or east is None else None


def parse_points(cell: object) -> Parsed:
    """Points of one cell that holds a pair, latitude first, or several parted by ``;``, ``and`` or
    a line break; the value is a list of ``(longitude, latitude)``. A line or area written in the
    cell (:mod:`.drawn`) is a list of one point on it."""
    if is_blank(cell):
        return BLANK
    if is_error(cell):
        return Parsed(None, kinds.ERROR_CELL)
    if is_drawn(cell):
        return parse_drawn(cell)
    text = cell_text(cell).replace("\u2212", "-").replace("\u2013", "-").replace("\u00a0", " ")
    if fold(text).lower() in NOT_GIVEN or not re.search(r"\d", text):
        return Parsed(None, kinds.COORDINATES_NOT_GIVEN)
    numbers = _numbers_by_point(text)
    if numbers is None:
        zero = re.fullmatch(r"[\s0.,;]+", text) is not None
        return Parsed(None, kinds.COORDINATES_ZERO if zero else kinds.COORDINATES_UNREADABLE)
    return _judged([(east, north) for north, east in numbers], fold(text))


def points_text(points: list[Point]) -> str:
    """``lon lat;lon lat`` for the ``points`` column, or the WKT of a line or area; else empty."""
    if isinstance(points, Drawn):
        return points.wkt
    return ";".join(f"{lon!r} {lat!r}" for lon, lat in points) if len(points) > 1 else ""


def _says_nothing(cell: object) -> bool:
    if is_blank(cell):
        return True
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return cell == 0
    text = fold(str(cell)).lower()
    return text in NOT_GIVEN or re.fullmatch(r"[-+]?0+(?:[.,]0*)?", text) is not None


def _cell_with_pair(latitude: object, longitude: object) -> str | None:
    """The cell that holds both numbers, where the other is blank, says nothing or repeats it."""
    for cell, other in ((latitude, longitude), (longitude, latitude)):
        if not isinstance(cell, str) or not re.search(r"\d", cell):
            continue
        alone = _says_nothing(other) or fold(str(other)) == fold(cell)
        if alone and _degrees(cell) is None and _numbers_by_point(cell):
            return cell
    return None


def _numbers_by_point(text: str) -> list[tuple[float, float]] | None:
    """``(latitude, longitude)`` of each point in a text, or ``None`` when it is not points."""
    chunks = [c for c in _BETWEEN_POINTS.split(text) if c.strip(" ,()[]")]
    numbers = [_numbers(c.strip(" ()[]")) for c in chunks]
    if numbers and all(len(n) == 2 for n in numbers):
        return [_ordered(n[0], n[1]) for n in numbers]
    flat = [n for found in numbers for n in found]
    if flat and len(flat) % 2 == 0 and all(len(n) == 1 for n in numbers):
        return [_ordered(a, b) for a, b in zip(flat[::2], flat[1::2], strict=True)]
    return None


class _Degrees(float):
    """Degrees, with the letter of its axis where one was written."""

    axis: str = ""


def _ordered(first: _Degrees, second: _Degrees) -> tuple[float, float]:
    """Latitude first, unless the letters E and S say that it is the other way round."""
    if first.axis in "EW" and first.axis and second.axis != first.axis:
        return (float(second), float(first))
    return (float(first), float(second))


def _numbers(chunk: str) -> list[_Degrees]:
    """Every number of a chunk of text, in order; none when other words stand in it."""
    if _MARKED_DMS.search(chunk):
        found = list(_DMS.finditer(chunk))
        left = _DMS.sub("", chunk)
        if found and not re.search(r"[\da-z]", left, re.IGNORECASE):
            return [_from_dms(m) for m in found]
    pattern = _DECIMAL_POINT if "." in chunk or not re.search(r"\d,\d", chunk) else _DECIMAL_COMMA
    chunk = re.sub(
        r"\b(?:lat(?:itude)?|lon(?:g(?:itude)?)?|gps|x|y)\b\s*[:=]?",
        " ",
        chunk,
        flags=re.IGNORECASE,
    )
    left = pattern.sub("", chunk)
    if re.search(r"[\da-z]", left, re.IGNORECASE):
        return []
    return [_from_decimal(m) for m in pattern.finditer(chunk)]


def _degrees(cell: object) -> _Degrees | None:
    """One coordinate out of one cell."""
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, int | float):
        return _Degrees(cell) if math.isfinite(cell) else None
    text = fold(str(cell)).replace("\u2212", "-").replace("\u2013", "-").strip(" ,;")
    if m := _DECIMAL_COMMA.fullmatch(text):
        return _from_decimal(m)
    found = _numbers(text)
    if len(found) == 1:
        return found[0]
    if len(found) == 3 and (m := _DMS.fullmatch(text)):  # 29 51 30, parted by spaces
        return _from_dms(m)
    return None


def _from_decimal(match: re.Match[str]) -> _Degrees:
    number = float(match["number"].replace(" ", "").replace(",", "."))
    return _with_axis(number, match["before"] or match["after"] or "")


def _from_dms(match: re.Match[str]) -> _Degrees:
    minutes = float(match["m"].replace(",", "."))
    seconds = float((match["s"] or "0").replace(",", "."))
    number = int(match["d"]) + minutes / 60 + seconds / 3600
    if match["sign"] == "-":
        number = -number
    return _with_axis(number, match["before"] or match["after"] or "")


def _with_axis(number: float, letter: str) -> _Degrees:
    letter = letter.upper().replace("O", "E")  # Afrikaans oos
    degrees = _Degrees(-abs(number) if letter in {"S", "W"} else number)
    degrees.axis = letter
    return degrees


def _judged(points: list[Point], shown: str) -> Parsed:
    """The points if all lie in the country; those that do, with a problem, if only some do."""
    points = [(round(lon, DECIMALS), round(lat, DECIMALS)) for lon, lat in points]
    good = list(dict.fromkeys(p for p in points if in_south_africa(*p)))
    bad = [p for p in points if not in_south_africa(*p)]
    if not bad:
        return Parsed(good)
    if not good and all(p == (0.0, 0.0) for p in bad):
        return Parsed(None, kinds.COORDINATES_ZERO)
    proposal = _proposal(*bad[0])
    words = {"value": shown, "proposal": proposal}
    return Parsed(good or None, kinds.COORDINATES_ABROAD, words)


def _proposal(lon: float, lat: float) -> str:
    """What the publisher may have meant; a person decides."""
    if lon == lat:
        return f"Latitude and longitude hold the same number. {_CHECK_MEND}"
    fits = [f"{one.words} ({one.latitude}, {one.longitude})" for one in readings(lon, lat)]
    return f"It looks as if {' or '.join(fits)}. {_CHECK_MEND}" if fits else _CHECK_MEND


def pairs_in(text: str) -> list[Point]:
    """Every ``(longitude, latitude)`` a text of coordinates holds, wherever it lies."""
    found = _numbers_by_point(text.replace("\u2212", "-").replace("\u2013", "-")) or []
    return [(round(lon, DECIMALS), round(lat, DECIMALS)) for lat, lon in found]
