"""Words of reports: names, dates, ages, shares, counts."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from harvester.alignment.indicators import Scale
from harvester.domain.documents import Document
from harvester.domain.places import PlaceClass
from harvester.engine.schema import UNKNOWN
from harvester.rules import codes, institutions

if TYPE_CHECKING:
    import datetime as dt

PLACE_CLASSES = {
    PlaceClass.LOCATED.value: "Located",
    PlaceClass.MULTI_WARD.value: "Several wards",
    PlaceClass.NETWORK.value: "Network or bulk",
    PlaceClass.CITY_WIDE.value: "City-wide",
    PlaceClass.ADMINISTRATIVE.value: "Administrative",
    PlaceClass.UNKNOWN.value: "Says nowhere",
}
"""The six place classes in the words a planner uses, in the order they are shown."""

SPHERES = {
    "national": "National", "provincial": "Provincial", "local": "Local", "entity": "Entity",
    UNKNOWN: "Unknown",
}  # fmt: skip

OFFERINGS = {
    "agreements": "Alignment and agreements", "compacts": "Compacts", "finance": "Finance system",
    "learning": "Cross-learning",
}  # fmt: skip

_DAYS_IN_MONTH, _LONGEST_IN_DAYS = 30.4375, 92
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def institution(code: str) -> str:
    """Name of an institution; ``Not stated`` where it could not be resolved."""
    return "Not stated" if code in {"", UNKNOWN} else institutions.load().name(code)


def sphere_of(code: str) -> str:
    """Sphere of an institution, or ``unknown``."""
    found = institutions.load().get(code)
    return found.sphere.value if found else UNKNOWN


def document(code: str) -> str:
    """Label of a document."""
    return Document(code).label if code in set(Document) else code.replace("_", " ")


def function(code: str) -> str:
    """Label of a function."""
    return _list("functions").label(code)


def day(when: dt.date | None) -> str:
    """``23 Oct 2018``; ``no date stated`` for none."""
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}" if when else "no date stated"


def age(published: dt.date | None, as_at: dt.date | None) -> str:
    """How old a paper is: ``41 days``, ``14 months``; ``unknown`` where a day is not known."""
    if published is None or as_at is None:
        return "unknown"
    days = (as_at - published).days
    if days < 0:
        return "not out yet"
    return (
        counted(days, "day") if days <= _LONGEST_IN_DAYS else f"{days / _DAYS_IN_MONTH:.0f} months"
    )


def counted(number: int, singular: str, plural: str = "") -> str:
    """``1 finding``, ``1 204 findings``."""
    word = singular if number == 1 else plural or f"{singular}s"
    return f"{whole(number)} {word}"


def whole(number: int) -> str:
    """``1 204``."""
    return f"{number:,}".replace(",", " ")


def said(value: float | None, scale: Scale) -> str:
    """The value of an indicator in its own scale: a share in per cent, else a ratio or months."""
    return percent(value) if scale is Scale.SHARE else scale.say(value)


def percent(share: float | None) -> str:
    """``61 %``; ``unknown`` for none. Rounded, but 0 and 100 only where it is exactly so."""
    if share is None:
        return "unknown"
    if 0 < share < 0.005:
        return "under 1 %"
    if 0.995 <= share < 1:
        return "over 99 %"
    return f"{share * 100:.0f} %"


def listed(codes_text: str) -> list[dict[str, Any]]:
    """Institutions of a comma-separated list: ``name`` and ``sphere`` of each."""
    return [
        {"name": institution(code), "sphere": sphere_of(code)}
        for code in codes_text.split(",")
        if code
    ]


@cache
def _list(name: str) -> codes.CodeList:
    return codes.load(name)
