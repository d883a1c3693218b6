"""Place words of a row: wards, a metro's own regions, the whole city, head office."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from harvester.domain.places import PlaceClass
from harvester.rules import parameters
from harvester.rules.text import key, words

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

MOST_WARDS = 200
"""No municipality has had more wards (Johannesburg 135); a greater number is no ward."""

_PARTIAL = re.compile(r"\s*[,;]?\s*(?:\.{3}|…)\s*$")
_SEPARATORS = re.compile(r"[,;|\n]|(?<=\d)\s*/\s*(?=\d)|\s&\s|\band\b", re.IGNORECASE)
_WARD_WORD = re.compile(
    r"^\s*(?:wards?|wrd|w)\s*(?:no\.?|number|nr\.?|#)?\s*[.:#-]?\s*(?=\d)", re.IGNORECASE
)
_RANGE = re.compile(
    r"^(\d{1,3})(?:\.0)?\s*(?:-|–|to)\s*(?:ward\s*)?(\d{1,3})(?:\.0)?$", re.IGNORECASE
)
_NUMBER = re.compile(r"^(\d{1,3})(?:\.0)?\s*(?:\(.*\))?$")
_WARD_ID = re.compile(r"^(\d{5})(\d{3})(?:\.0)?$")
_WARDS_INSIDE = re.compile(r"\bwards?\b", re.IGNORECASE)


@dataclass(frozen=True)
class Region:
    """A metro's own region: its code (``BUF-COASTAL``), the name its budget uses, other words.

    ``seen`` tells whether the words were read in a published budget.
    """

    code: str
    metro: str
    name: str
    aliases: tuple[str, ...]
    seen: bool


@dataclass(frozen=True)
class PlaceWords:
    """What the place words of a row say.

    ``regions`` are region codes and ``wards`` ward numbers of the municipality, each in order;
    ``partial`` when the publisher cut the list off (``Coastal,Midland,...``); ``whole`` and
    ``administrative`` when those words stand in it; ``unread`` are parts nobody knows.
    """

    regions: tuple[str, ...] = ()
    wards: tuple[int, ...] = ()
    partial: bool = False
    whole: bool = False
    administrative: bool = False
    unread: tuple[str, ...] = ()

    @property
    def place_class(self) -> PlaceClass:
        """The class these words alone give, this project's rule.

        The whole municipality outweighs the regions named beside it; named wards or regions,
        even one, are multi-ward; head office counts only where no other place is named.
        """
        if self.whole:
            return PlaceClass.CITY_WIDE
        if self.regions or self.wards:
            return PlaceClass.MULTI_WARD
        return PlaceClass.ADMINISTRATIVE if self.administrative else PlaceClass.UNKNOWN


@dataclass(frozen=True)
class RegionBook:
    """Every metro's regions and the words for the whole of a municipality and its head office."""

    regions: tuple[Region, ...]
    ward_prefixes: dict[str, str]
    whole_words: tuple[str, ...]
    administrative_words: tuple[str, ...]
    silent_words: tuple[str, ...]
    _by_key: dict[tuple[str, str], str] = field(init=False, compare=False, repr=False)
    _whole: frozenset[str] = field(init=False, compare=False, repr=False)
    _administrative: frozenset[str] = field(init=False, compare=False, repr=False)
    _silent: frozenset[str] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        index = {
            (r.metro, key(name)): r.code
            for r in self.regions
            for name in (r.code, r.name, *r.aliases)
        }
        object.__setattr__(self, "_by_key", index)
        for name in ("whole", "administrative", "silent"):
            keys = frozenset(key(word) for word in getattr(self, f"{name}_words"))
            object.__setattr__(self, f"_{name}", keys)

    def of(self, metro: str) -> tuple[Region, ...]:
        """The regions of one metro; empty where none can be stated."""
        return tuple(r for r in self.regions if r.metro == metro)

    def get(self, code: str) -> Region | None:
        """The region of a code, or ``None``."""
        return next((r for r in self.regions if r.code == code), None)

    def region(self, metro: str, text: str) -> str | None:
        """Region code of a metro's own region word; ``None`` when it is none.

        ``Region 4: Centurion`` is ``Region 4`` whatever stands after the colon.
        """
        found = self._by_key.get((metro, key(text)))
        if found is None and ":" in text and "," not in text:
            found = self._by_key.get((metro, key(text.partition(":")[0])))
        return found

    def read(self, text: str, metro: str) -> PlaceWords:
        """Take the place words of a row apart, as words of ``metro`` (a municipality code).

        Reads ward lists (``Ward 12``, ``W12``, ``12;13;14``, ``Wards 1-5``, 8-digit ward ids of
        this municipality), the metro's regions and the words for the whole and for head office.
        """
        partial = bool(_PARTIAL.search(text))
        body = _PARTIAL.sub("", text).strip()
        whole_text = self._said(body, metro)
        if whole_text is not None:
            return _gather([whole_text], partial=partial)
        in_wards = bool(_WARDS_INSIDE.search(body))
        pieces = [piece.strip() for piece in _SEPARATORS.split(body)]
        said = [self._piece(piece, metro, in_wards=in_wards) for piece in pieces if key(piece)]
        return _gather(said, partial=partial)

    def _said(self, text: str, metro: str) -> PlaceWords | None:
        """What one phrase says when it is a known phrase."""
        wanted = key(text)
        if wanted in self._silent:
            return PlaceWords()
        region = self._by_key.get((metro, wanted)) or (":" in text and self.region(metro, text))
        if region:
            return PlaceWords(regions=(region,))
        if wanted in self._whole:
            return PlaceWords(whole=True)
        if wanted in self._administrative:
            return PlaceWords(administrative=True)
        return None

    def _piece(self, piece: str, metro: str, *, in_wards: bool) -> PlaceWords:
        said = self._said(piece, metro)
        if said is not None:
            return said
        bare, count = _WARD_WORD.subn("", piece)
        wards = self._wards(bare.strip(), metro, said_ward=bool(count) or in_wards)
        return PlaceWords(wards=wards) if wards else PlaceWords(unread=(piece,))

    def _wards(self, text: str, metro: str, *, said_ward: bool) -> tuple[int, ...]:
        identifier = _WARD_ID.match(text)
        if identifier:
            own = self.ward_prefixes.get(metro)
            return (
                (int(identifier[2]),) if own in (None, identifier[1]) and int(identifier[2]) else ()
            )
        spread = _RANGE.match(text)
        if spread:
            first, last = int(spread[1]), int(spread[2])
            return tuple(range(first, last + 1)) if 0 < first <= last <= MOST_WARDS else ()
        number = _NUMBER.match(text)
        if (
            number
            and 0 < int(number[1]) <= MOST_WARDS
            and (said_ward or text == number[1] or ".0" in text)
        ):
            return (int(number[1]),)
        return ()


def _gather(said: Iterable[PlaceWords], *, partial: bool) -> PlaceWords:
    parts = list(said)
    return PlaceWords(
        regions=tuple(dict.fromkeys(r for p in parts for r in p.regions)),
        wards=tuple(sorted({w for p in parts for w in p.wards})),
        partial=partial,
        whole=any(p.whole for p in parts),
        administrative=any(p.administrative for p in parts),
        unread=tuple(dict.fromkeys(u for p in parts for u in p.unread)),
    )


@cache
def load(path: Path = parameters.DATA / "regions.yaml") -> RegionBook:
    """The book of regions. Raises :class:`ConfigurationError` when its file is broken."""
    found = parameters.read(path)
    top = found.whole()
    metros = found.mapping("metros")
    regions = [r for metro, entry in metros.items() for r in _regions(path, metro, entry)]
    return RegionBook(
        tuple(regions),
        {metro: entry.text("ward_prefix") for metro, entry in metros.items()},
        top.texts("whole_words"),
        top.texts("administrative_words"),
        top.texts("silent_words"),
    )


def _regions(path: Path, metro: str, item: parameters.Entry) -> list[Region]:
    listed = item.values.get("regions", {})
    if not isinstance(listed, dict):
        raise parameters.broken(path, f"{item.where}.regions", "must be a mapping")
    regions = []
    for code, value in listed.items():
        one = parameters.entry(path, f"{item.where}.regions.{code}", value)
        regions.append(
            Region(
                f"{metro}-{code}", metro, one.text("name"), one.texts("aliases"), one.flag("seen")
            ),
        )
    numbered = item.values.get("numbered")
    if numbered is not None:
        regions += _numbered(metro, parameters.entry(path, f"{item.where}.numbered", numbered))
    return regions


def _numbered(metro: str, item: parameters.Entry) -> list[Region]:
    """Regions that are only counted: ``Subcouncil 1`` to ``Subcouncil 24``."""
    word, others, seen = item.text("word"), item.texts("aliases"), item.flag("seen")
    return [
        Region(
            f"{metro}-{words(word).upper().replace(' ', '')}{n}",
            metro,
            f"{word} {n}",
            tuple(f"{other} {n}" for other in others),
            seen,
        )
        for n in range(1, item.number("count") + 1)
    ]
