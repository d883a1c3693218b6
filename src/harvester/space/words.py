"""Places in words: ``Coastal, Midland``, ``Wards 3-5``, ``Region 3 A: Central Region``.

A text is cut into pieces; each piece is looked up among the names and codes of the areas of the
entry's own municipality. Matching is exact after normalising: never a guess.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

from harvester.domain.places import AreaKind
from harvester.engine.schema import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

REST = ""
"""Area of the part that words leave unsaid (a truncated list, a name nobody knows)."""

Shares = tuple[tuple[str, int], ...]
"""Pairs of area id and whole-number weight; the id is :data:`REST` for the unsaid part."""

_WARD = re.compile(r"^wards?\s*(?:nos?|numbers?)?\s*(\d{1,3})(?=\D|$)\s*(.*)$")
_WARD_SHORT = re.compile(r"^w\s?(\d{1,3})$")
_WARD_CODE = re.compile(r"^\d{8}$")
_NUMBER = re.compile(r"^\d{1,3}$")
_RANGE = re.compile(r"\b(\d{1,3})\s*(?:-|–|—|\bto\b)\s*(\d{1,3})\b", re.IGNORECASE)
_REGION = re.compile(r"^region (\d+) ?([a-z])?\b ?(.*)$")
_ONLY_NUMBERS = re.compile(r"^[\d\s,;&/and.\-–—to]+$", re.IGNORECASE)
_SPLIT = re.compile(r"[,;/|\n\r]+|\s+(?:and|en|&)\s+|&", re.IGNORECASE)
_TRUNCATED = re.compile(r"(\.\.\.|…|\betc\.?)\s*$", re.IGNORECASE)
_STREET = re.compile(
    r"\b(street|str|straat|road|rd|weg|avenue|ave|laan|drive|crescent|corner|cnr|erf|erven|stand|"
    r"plot|farm|portion)\b",
)
_ZONE_WORDS = re.compile(
    r"\b(integration zones?|urban hubs?|hubs?|townships?|precincts?|nodes?|economic nodes?|"
    r"growth nodes?|marginali[sz]ed areas?|corridors?|iz)\b",
)
_LONGEST_RANGE = 60
_UNNUMBERED = "~"


@lru_cache(maxsize=65_536)
def normalise(text: str) -> str:
    """Case, accents, punctuation and doubled spaces taken out."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return re.sub(r"\biz ?(\d+)\b", r"integration zone \1", " ".join(letters.split()))


_ABOVE = frozenset({AreaKind.MUNICIPALITY, AreaKind.DISTRICT, AreaKind.PROVINCE})
_Keyed = defaultdict[str, dict[str, list[str]]]


@dataclass(frozen=True)
class NamedArea:
    """What words can say about an area."""

    area_id: str
    layer: str
    kind: str
    code: str
    name: str
    metro: str
    priority: bool

    @property
    def above(self) -> bool:
        """Whether whole municipalities lie in it: a municipality, district or province."""
        return self.kind in _ABOVE

    @property
    def holder(self) -> str:
        """Municipality it is a part of, or ``unknown`` (always so for an area above wards)."""
        return UNKNOWN if self.above else self.metro


@dataclass(frozen=True)
class _Piece:
    """One place a text names: its keys from most to least telling, and its ward number if any."""

    keys: tuple[str, ...]
    ward: str = ""


@dataclass
class _Index:
    """Areas of one municipality: layer -> key -> ids. ``short`` has zones without their kind."""

    names: _Keyed = field(default_factory=lambda: defaultdict(dict))
    zones: _Keyed = field(default_factory=lambda: defaultdict(dict))
    short: _Keyed = field(default_factory=lambda: defaultdict(dict))
    wards: _Keyed = field(default_factory=lambda: defaultdict(dict))


class Gazetteer:
    """The areas words may name, by municipality.

    ``areas`` are areas with their municipality known; ``neutral`` names, by municipality, words
    that say nothing more (the municipality's own name, its province); ``aliases`` give, by
    municipality, other words for a name (``{"BUF": {"coastal region": "coastal"}}``).
    """

    def __init__(
        self,
        areas: Iterable[NamedArea],
        neutral: Mapping[str, Iterable[str]] | None = None,
        aliases: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        self._index: dict[str, _Index] = defaultdict(_Index)
        self._codes: dict[str, dict[str, list[str]]] = defaultdict(dict)
        self._neutral = {
            metro: {normalise(word) for word in words} for metro, words in (neutral or {}).items()
        }
        self._aliases = {
            metro: {normalise(word): normalise(name) for word, name in words.items()}
            for metro, words in (aliases or {}).items()
        }
        for area in sorted(areas, key=lambda a: a.area_id):
            self._add(area)
        self._cached = lru_cache(maxsize=1_000_000)(self._located)
        self._cached_zone = lru_cache(maxsize=1_000_000)(self._zoned)

    def located(self, metro: str, text: str) -> dict[str, Shares]:
        """Shares by layer of what ``text`` names; layers in which it names nothing are left out.

        Areas named share equally. Where some of the places named are in no layer at all, or the
        list is cut off (``Coastal,Midland,...``), the unsaid rest is one share more for each.
        """
        return self._cached(metro, text) if text else {}

    def zoned(self, metro: str, text: str) -> dict[str, Shares]:
        """As :meth:`located`, for a text that names targeting areas (integration zone, hub ...)."""
        return self._cached_zone(metro, text) if text else {}

    def _add(self, area: NamedArea) -> None:
        if area.above:
            return
        if area.kind == AreaKind.WARD and area.code:
            _put(self._codes[area.layer], normalise(area.code), area.area_id)
        if area.metro == UNKNOWN:
            return
        index = self._index[area.metro]
        number = _ward_number(area) if area.kind == AreaKind.WARD else ""
        if number:
            _put(index.wards[area.layer], number, area.area_id)
        for key in _area_keys(area):
            _put(index.names[area.layer], key, area.area_id)
            if area.priority:
                _put(index.zones[area.layer], key, area.area_id)
                _put(index.short[area.layer], _without_zone_words(key), area.area_id)

    def _located(self, metro: str, text: str) -> dict[str, Shares]:
        index = self._index.get(metro)
        aliases = self._aliases.get(metro, {})
        pieces, rest = self._pieces(metro, text, index)
        found = [self._find(index, aliases, piece) for piece in pieces]
        if _STREET.search(text.casefold()):
            return _first_of_each_layer(found)
        wards_known = any(piece.ward for piece in pieces)
        shares: dict[str, Shares] = {}
        for layer in sorted({layer for areas in found for layer in areas}):
            of_wards = index is not None and layer in index.wards
            unsaid = rest + sum(
                _unsaid(piece, areas, layer, of_wards=of_wards, wards_known=wards_known)
                for piece, areas in zip(pieces, found, strict=True)
            )
            shares[layer] = _shares([areas[layer] for areas in found if layer in areas], unsaid)
        return shares

    def _zoned(self, metro: str, text: str) -> dict[str, Shares]:
        index = self._index.get(metro)
        if index is None:
            return {}
        whole = self._zone(index, text)
        found = [whole] if whole else [self._zone(index, part) for part in _cut(text)]
        layers = sorted({layer for areas in found for layer in areas})
        return {
            layer: _shares([areas[layer] for areas in found if layer in areas], 0)
            for layer in layers
        }

    def _zone(self, index: _Index, text: str) -> dict[str, list[str]]:
        """Targeting areas a text names outright, else the one it names without its kind's word."""
        key = normalise(text)
        exact = {layer: zones[key] for layer, zones in index.zones.items() if key in zones}
        if exact:
            return exact
        short = _without_zone_words(key)
        loose = {layer: zones[short] for layer, zones in index.short.items() if short in zones}
        return {layer: ids for layer, ids in loose.items() if len(ids) == 1}

    def _pieces(self, metro: str, text: str, index: _Index | None) -> tuple[list[_Piece], int]:
        """The places a text names, each once, and how many shares it leaves unsaid by itself."""
        cut_off = _TRUNCATED.search(text)
        body = text[: cut_off.start()] if cut_off else text
        whole = normalise(body)
        if index is not None and any(whole in names for names in index.names.values()):
            return [_Piece((whole,))], int(cut_off is not None)
        neutral = self._neutral.get(metro, set())
        pieces = [p for p in _read_pieces(body) if not (p.keys and p.keys[0] in neutral)]
        return list(dict.fromkeys(pieces)), int(cut_off is not None)

    def _find(
        self, index: _Index | None, aliases: Mapping[str, str], piece: _Piece
    ) -> dict[str, list[str]]:
        """Areas a piece names, by layer."""
        found: dict[str, list[str]] = {}
        if _WARD_CODE.match(piece.ward):
            return {
                layer: codes[piece.ward]
                for layer, codes in self._codes.items()
                if piece.ward in codes
            }
        if index is None:
            return {}
        for layer, wards in index.wards.items():
            if piece.ward and piece.ward in wards:
                found[layer] = wards[piece.ward]
        for layer, names in index.names.items():
            for key in piece.keys:
                ids = names.get(key) or names.get(aliases.get(key, key))
                if ids and layer not in found:
                    found[layer] = ids
        return found


def _put(index: dict[str, list[str]], key: str, area_id: str) -> None:
    if not key:
        return
    ids = index.setdefault(key, [])
    if area_id not in ids:
        ids.append(area_id)


def _ward_number(area: NamedArea) -> str:
    """A ward's number in its municipality, from its name, label or eight-figure code."""
    named = re.search(r"\bward\s*(?:no\.?)?\s*(\d{1,3})\b", area.name, re.IGNORECASE)
    if named:
        return str(int(named[1]))
    for text in (area.code, area.name):
        if re.fullmatch(r"\d{8}", text):
            return str(int(text[-3:]))
        label = re.fullmatch(r"(?:\w+_)?(\d{1,3})", text.strip())
        if label:
            return str(int(label[1]))
    return ""


def _area_keys(area: NamedArea) -> list[str]:
    """Keys an area answers to; the words after a region's number only to words without one."""
    key, number, tail = _numbered(area.name)
    keys = [key, number, tail and f"{_UNNUMBERED}{tail}"]
    if area.kind == AreaKind.REGION and area.code.isdigit():
        keys.append(f"region {int(area.code)}")
    elif not area.code.isdigit():
        keys.append(normalise(area.code))
    return list(dict.fromkeys(keys))


def _piece_keys(text: str) -> tuple[str, ...]:
    """Keys to look a text up by, most telling first."""
    key, number, tail = _numbered(text)
    keys = (key, number, tail) if number else (key, f"{_UNNUMBERED}{key}")
    return tuple(k for k in keys if k)


def _numbered(text: str) -> tuple[str, str, str]:
    """A name, and (for ``Region 3 A: Central Region``) its number and the words after it."""
    key = normalise(text)
    found = _REGION.match(key)
    if not found:
        return key, "", ""
    return key, f"region {int(found[1])}{found[2] or ''}", found[3].strip()


def _without_zone_words(key: str) -> str:
    return " ".join(_ZONE_WORDS.sub(" ", key).split())


def _cut(text: str) -> list[str]:
    return [part.strip() for part in _SPLIT.split(text) if part and part.strip()]


def _expand_ranges(text: str) -> str:
    """``3-5`` as ``3, 4, 5`` (only where it can be wards: short and rising)."""

    def expand(found: re.Match[str]) -> str:
        first, last = int(found[1]), int(found[2])
        if not first < last <= first + _LONGEST_RANGE:
            return found[0]
        return ", ".join(str(n) for n in range(first, last + 1))

    return _RANGE.sub(expand, text)


def _read_pieces(text: str) -> list[_Piece]:
    """Pieces of a text; a bare number after ``ward`` is a ward, and so is one among numbers."""
    wards = bool(re.search(r"\bwards?\b", text, re.IGNORECASE)) or bool(_ONLY_NUMBERS.match(text))
    pieces, in_wards = [], bool(_ONLY_NUMBERS.match(text))
    for part in _cut(_expand_ranges(text) if wards else text):
        key = normalise(part)
        ward = _WARD.match(key) or _WARD_SHORT.match(key)
        if ward:
            in_wards = True
            tail = ward[2].strip() if ward.re is _WARD else ""
            pieces.append(_Piece((tail,) if tail else (), str(int(ward[1]))))
        elif _WARD_CODE.match(key):
            pieces.append(_Piece((), key))
        elif _NUMBER.match(key):
            if in_wards:
                pieces.append(_Piece((), str(int(key))))
        elif key:
            in_wards = False
            pieces.append(_Piece(_piece_keys(part)))
    return pieces


def _unsaid(
    piece: _Piece, areas: dict[str, list[str]], layer: str, *, of_wards: bool, wards_known: bool
) -> int:
    """Whether a piece leaves one share of this layer unsaid.

    A ward that is not in a ward layer does, and so does a name that no layer knows. A name beside
    ward numbers only says where the wards are, and a ward says nothing in a layer of names; a
    name known in another layer is a place on another scale.
    """
    if layer in areas:
        return 0
    if piece.ward:
        return int(of_wards)
    looks_like_a_number = any(c.isdigit() for c in piece.keys[0])
    return int(not areas and not of_wards and not wards_known and not looks_like_a_number)


def _first_of_each_layer(found: list[dict[str, list[str]]]) -> dict[str, Shares]:
    """An address goes from fine to coarse: the first area it names in a layer takes all of it."""
    first: dict[str, Shares] = {}
    for areas in found:
        for layer, ids in sorted(areas.items()):
            first.setdefault(layer, _shares([ids], 0))
    return first


def _shares(named: list[list[str]], unsaid: int) -> Shares:
    """One share for each place named (split among areas of one name) and each one unsaid."""
    if all(len(ids) == 1 for ids in named):
        counts = Counter(ids[0] for ids in named)
        if unsaid:
            counts[REST] = unsaid
        return tuple(sorted(counts.items()))
    parts: dict[str, Fraction] = defaultdict(Fraction)
    for ids in named:
        for area_id in ids:
            parts[area_id] += Fraction(1, len(ids))
    if unsaid:
        parts[REST] += unsaid
    scale = math.lcm(*(part.denominator for part in parts.values()))
    return tuple((area_id, int(part * scale)) for area_id, part in sorted(parts.items()))
