"""What a coordinate that cannot be true may have been meant to be. A person decides."""

from __future__ import annotations

import math
from dataclasses import dataclass

from harvester.domain.places import in_south_africa

DECIMALS = 6


@dataclass(frozen=True)
class Meant:
    """One reading of a coordinate: its code, its point in degrees, and what went wrong in words."""

    code: str
    longitude: float
    latitude: float
    words: str


def readings(longitude: float, latitude: float) -> list[Meant]:
    """Points in the country that the two numbers may have been meant to be, likeliest first.

    A sign left out, the numbers swapped, both, or a decimal point lost. The point as it stands is
    never among them; nothing where no reading lies in the country.
    """
    ways = (
        ("sign", longitude, -latitude, "the minus sign of the latitude is missing"),
        ("swapped", latitude, longitude, "latitude and longitude are swapped"),
        ("swapped_sign", latitude, -longitude, "latitude and longitude are swapped and a minus sign is missing"),
        ("sign", -longitude, latitude, "the longitude has a minus sign too many"),
        ("point", _point_back(longitude, 16, 33), -_point_back(latitude, 22, 35), "the decimal point is missing"),
    )  # fmt: skip
    found = []
    for code, x, y, words in ways:
        point = (round(x, DECIMALS), round(y, DECIMALS))
        if in_south_africa(*point) and point != (longitude, latitude):
            found.append(Meant(code, *point, words))
    return found


def _point_back(number: float, low: int, high: int) -> float:
    """The number with its decimal point put back so that it lies between two whole degrees."""
    size = abs(number)
    if size <= 180:
        return math.nan
    while size > high + 1:
        size /= 10
    return size if size >= low else math.nan
