"""Places in words: ``Coastal, Midland``, ``Wards 3-5``, ``Region 3 A: Central Region``.

``rules.regions`` takes a text apart into wards, the metro's own regions and the rest; here those
are looked up among the areas of the entry's own municipality, and the rest by name. Matching is
exact after normalising: never a guess.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from harvester.domain.places import AreaKind
from harvester.engine.schema import UNKNOWN
from harvester.rules import demarcations, lexicon, regions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

REST = ""
"""Area of the part that words leave unsaid (a list cut off, a name nobody knows)."""

Shares = tuple[tuple[str, int], ...]
"""Pairs of area id and whole-number weight; the id is :data:`REST` for the unsaid part."""

_WARD_THEN_NAME = re.compile(r"^wards? (?:no )?(\d{1,3}) (\D.*)$")
_WARD_ALONE = re.compile(r"^wards? (?:no )?\d{1,3}$")
_WARDS_ALONE = re.compile(
    r"^\s*wards?\s*\d{1,3}(?:\s*(?:,|;|&|\band\b)\s*\d{1,3})*\s*$", re.IGNORECASE
)
_WARD_CODE = re.compile(r"(?<!\d)\d{8}(?!\d)")
_REGION = re.compile(r"^region (\d+) ?([a-z])?\b ?(.*)$")
_SPLIT = re.compile(r"[,;/|\n\r]+|\s+(?:and|en)\s+|&", re.IGNORECASE)
_STREET = re.compile(
    r"\b(street|str|straat|road|rd|weg|avenue|ave|laan|drive|crescent|corner|cnr|erf|erven|stand|"
    r"plot|farm|portion)\b",
)
_ZONE_WORDS = re.compile(
    r"\b(integration zones?|urban hubs?|hubs?|townships?|precincts?|nodes?|economic nodes?|"
    r"growth nodes?|marginali[sz]ed areas?|corridors?|iz)\b",
)
_ASIDE = re.compile(r"\s*\([^()]*\)\s*$")
_UNNUMBERED = "~"

_ABOVE = frozenset({AreaKind.MUNICIPALITY, AreaKind.DISTRICT, AreaKind.PROVINCE})
_Keyed = defaultdict[str, dict[str, list[str]]]


@lru_cache(maxsize=65_536)
def normalise(text: str) -> str:
    """Case, accents, punctuation and doubled spaces taken out."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return re.sub(r"\biz ?(\d+)\b", r"integration zone \1", " ".join(letters.split()))


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
    """One place a text names: a ward number, a region's code, or keys of a name, most telling first."""

    ward: str = ""
    region: str = ""
    keys: tuple[str, ...] = ()


@dataclass
class _Index:
    """Areas of one municipality: layer -> key -> ids. ``short`` has zones without their kind."""

    names: _Keyed = field(default_factory=lambda: defaultdict(dict))
    wards: _Keyed = field(default_factory=lambda: defaultdict(dict))
    regions: _Keyed = field(default_factory=lambda: defaultdict(dict))
    zones: _Keyed = field(default_factory=lambda: defaultdict(dict))
    short: _Keyed = field(default_factory=lambda: defaultdict(dict))


class Gazetteer:
    """The areas words may name, by municipality.

    ``areas`` are areas with their municipality known; ``neutral`` names, by municipality, words
    that say nothing more (the municipality's own name, its province).
    """

    def __init__(
        self, areas: Iterable[NamedArea], neutral: Mapping[str, Iterable[str]] | None = None
    ) -> None:
        self._book = regions.load()
        self._index: dict[str, _Index] = defaultdict(_Index)
        self._codes: _Keyed = defaultdict(dict)
        self._dated: dict[str, str] = {}
        self._neutral = {
            metro: {normalise(word) for word in words} for metro, words in (neutral or {}).items()
        }
        for area in sorted(areas, key=lambda a: a.area_id):
            self._add(area)

    def located(self, metro: str, text: str, demarcation: str = "") -> dict[str, Shares]:
        """Shares by layer of what ``text`` names; layers in which it names nothing are left out.

        Areas named share equally. Where some of the places named are in no layer at all, or the
        list is cut off (``Coastal,Midland,...``), the unsaid rest is one share more for each.
        Ward numbers are those of ``demarcation``: a layer of another one is left out. Where the
        document's day is not known (``""``), a dated layer counts only when it is the only one.
        """
        index = self._index.get(metro)
        if index is None:
            return self._by_ward_codes(text, demarcation)
        pieces, cut_off = self._pieces(metro, text, index)
        others = {
            layer for layer in index.wards if not self._means(layer, index.wards, demarcation)
        }
        found = [
            {layer: ids for layer, ids in self._find(index, piece).items() if layer not in others}
            for piece in pieces
        ]
        if _STREET.search(text.casefold()):
            return _first_of_each_layer(found)
        only_names = not any(piece.ward or piece.region for piece in pieces)
        shares: dict[str, Shares] = {}
        for layer in sorted({layer for areas in found for layer in areas}):
            unsaid = cut_off + sum(
                _unsaid(index, piece, areas, layer, only_names=only_names)
                for piece, areas in zip(pieces, found, strict=True)
            )
            shares[layer] = _shares([areas[layer] for areas in found if layer in areas], unsaid)
        return shares

    def ward_layers(self, metro: str, text: str) -> list[str]:
        """Layers of wards that a text with ward numbers speaks of; none where it has no numbers, or
        where no layer bears a year, so that there are no others to tell apart."""
        if not any(self._dated.values()):
            return []
        index = self._index.get(metro)
        if index is None:
            return sorted(self._codes) if _WARD_CODE.search(text) else []
        pieces, _ = self._pieces(metro, text, index)
        return sorted(index.wards) if any(piece.ward for piece in pieces) else []

    def _means(self, layer: str, among: Mapping[str, object], demarcation: str) -> bool:
        """Whether ward numbers of a document of ``demarcation`` are those of a layer."""
        dated = self._dated.get(layer, "")
        return not dated or (dated == demarcation if demarcation else len(among) == 1)

    def zoned(self, metro: str, text: str) -> dict[str, Shares]:
        """As :meth:`located`, for a text that names targeting areas (integration zone, hub ...)."""
        index = self._index.get(metro)
        if index is None or not text:
            return {}
        whole = _zone(index, text)
        found = [whole] if whole else [_zone(index, part) for part in _SPLIT.split(text) if part]
        layers = sorted({layer for areas in found for layer in areas})
        return {
            layer: _shares([areas[layer] for areas in found if layer in areas], 0)
            for layer in layers
        }

    def _add(self, area: NamedArea) -> None:
        if area.above:
            return
        if area.kind == AreaKind.WARD:
            _put(self._codes[area.layer], area.code, area.area_id)
            if area.layer not in self._dated:
                self._dated[area.layer] = demarcations.load().of_layer(area.layer)
        if area.metro == UNKNOWN:
            return
        index = self._index[area.metro]
        if area.kind == AreaKind.WARD:
            _put(index.wards[area.layer], _ward_number(area), area.area_id)
        if area.kind == AreaKind.REGION:
            known = self._book.region(area.metro, area.code) if area.code else None
            for name in (area.name, _ASIDE.sub("", area.name)):
                known = known or self._book.region(area.metro, name)
            _put(index.regions[area.layer], known or "", area.area_id)
        for key in _area_keys(area):
            _put(index.names[area.layer], key, area.area_id)
            if area.priority:
                _put(index.zones[area.layer], key, area.area_id)
                _put(index.short[area.layer], _without_zone_words(key), area.area_id)

    def _by_ward_codes(self, text: str, demarcation: str) -> dict[str, Shares]:
        """Wards by their eight-figure codes, which are unique in the country."""
        wanted = dict.fromkeys(_WARD_CODE.findall(text))
        found: dict[str, Shares] = {}
        for layer, codes in sorted(self._codes.items()):
            if not self._means(layer, self._codes, demarcation):
                continue
            named = [codes[code] for code in wanted if code in codes]
            if named:
                found[layer] = _shares(named, len(wanted) - len(named))
        return found

    def _pieces(self, metro: str, text: str, index: _Index) -> tuple[list[_Piece], int]:
        """The places a text names, each once, and how many shares its end leaves unsaid."""
        numbers = _WARDS_ALONE.match(text)
        if numbers:  # most lists are plain numbers, and reading words is slow
            found = dict.fromkeys(int(n) for n in re.findall(r"\d+", text))
            if all(0 < n <= regions.MOST_WARDS for n in found):
                return [_Piece(ward=str(n)) for n in sorted(found)], 0
        whole = normalise(text)
        numbered = _WARD_ALONE.match(whole) is not None
        if not numbered and any(whole in names for names in index.names.values()):
            return [_Piece(keys=(whole,))], int(text.rstrip().endswith(("...", "…")))
        said = self._book.read(text, metro)
        neutral = self._neutral.get(metro, set())
        pieces = [_Piece(ward=str(n)) for n in said.wards]
        for code in said.regions:
            region = self._book.get(code)
            pieces.append(_Piece(region=code, keys=_piece_keys(region.name) if region else ()))
        pieces += [_piece(part) for part in said.unread if normalise(part) not in neutral]
        return list(dict.fromkeys(pieces)), int(said.partial)

    def _find(self, index: _Index, piece: _Piece) -> dict[str, list[str]]:
        """Areas a piece names, by layer."""
        found: dict[str, list[str]] = {}
        if piece.ward:
            for layer, wards in index.wards.items():
                if piece.ward in wards:
                    found[layer] = wards[piece.ward]
        if not piece.region and not piece.keys:
            return found
        for layer, codes in index.regions.items():
            if piece.region and piece.region in codes:
                found[layer] = codes[piece.region]
        for layer, names in index.names.items():
            for key in piece.keys:
                if key in names and layer not in found:
                    found[layer] = names[key]
        return found


def _zone(index: _Index, text: str) -> dict[str, list[str]]:
    """Targeting areas a text names outright, else the one it names without its kind's word."""
    key = normalise(text)
    exact = {layer: zones[key] for layer, zones in index.zones.items() if key in zones}
    if exact:
        return exact
    short = _without_zone_words(key)
    loose = {layer: zones[short] for layer, zones in index.short.items() if short in zones}
    return {layer: ids for layer, ids in loose.items() if len(ids) == 1}


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
    """Keys an area answers to, with and without an aside such as ``(2016)`` or ``(illustrative)``;
    the words after a region's number only to words without one."""
    keys = []
    own = (area.name, _ASIDE.sub("", area.name))
    for name in (*own, *_other_names(own[0]), *_other_names(own[1])):
        key, number, tail = _numbered(name)
        keys += [key, number, tail and f"{_UNNUMBERED}{tail}"]
    if area.kind == AreaKind.REGION and area.code.isdigit():
        keys.append(f"region {int(area.code)}")
    elif not area.code.isdigit():
        keys.append(normalise(area.code))
    return list(dict.fromkeys(keys))


def _other_names(name: str) -> tuple[str, ...]:
    """The old and new names of a place that has several (rules/data/lexicon/places.yaml)."""
    return _renamed().get(normalise(name), ())


@cache
def _renamed() -> dict[str, tuple[str, ...]]:
    """Every name of a place that has several, by each of them, normalised."""
    groups = lexicon.place_names()
    return {normalise(name): group for group in groups for name in group}


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


def _piece(text: str) -> _Piece:
    """A piece the region rules could not read: a name, or a ward with a name behind it."""
    ward = _WARD_THEN_NAME.match(normalise(text))
    if ward:
        return _Piece(ward=str(int(ward[1])), keys=_piece_keys(ward[2]))
    return _Piece(keys=_piece_keys(text))


def _unsaid(
    index: _Index, piece: _Piece, areas: dict[str, list[str]], layer: str, *, only_names: bool
) -> int:
    """Whether a piece leaves one share of this layer unsaid.

    A ward that is not in a ward layer does, a region that is not in a layer of regions, and a
    name that no layer knows. But a name beside wards or regions only says where those are, what
    has a number in it is no place, and a name known in another layer is one on another scale.
    """
    if layer in areas:
        return 0
    if piece.ward:
        return int(layer in index.wards)
    if piece.region:
        return int(layer in index.regions)
    number = any(c.isdigit() for key in piece.keys for c in key)
    return int(only_names and not areas and not number)


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
