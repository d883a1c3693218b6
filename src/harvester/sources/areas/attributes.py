"""Attributes of areas: which column is the name, the code, the kind, the metro, the people."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from harvester.domain.places import AreaKind
from harvester.engine.schema import UNKNOWN
from harvester.rules import codes, institutions
from harvester.rules.text import mend_encoding, words
from harvester.sources.areas import kinds
from harvester.sources.values.amounts import cell_text, fold, parse_number

if TYPE_CHECKING:
    import numpy as np

    from harvester.domain.problems import Problem
    from harvester.sources.areas.opening import Layer

_NAMES = (
    "name",
    "municname",
    "munic name",
    "mun name",
    "municipality name",
    "area name",
    "wardname",
    "ward name",
    "zone name",
    "iz name",
    "precinct name",
    "hub name",
    "node name",
    "region name",
    "district name",
    "province name",
    "provname",
    "district n",
    "mapname",
    "map title",
    "title",
    "label",
    "naam",
    "descr",
    "description",
)
_CODES: dict[AreaKind, tuple[str, ...]] = {
    AreaKind.MUNICIPALITY: (
        "cat b",
        "catb",
        "mun mdb c",
        "municode",
        "mun code",
        "municipality code",
        "mdb code",
        "lm code",
        "code",
        "cat 2",
    ),
    AreaKind.DISTRICT: ("district", "district code", "dc code", "dc mdb c", "dc", "code"),
    AreaKind.PROVINCE: ("province", "province code", "pr code", "pr mdb c", "prov code", "code"),
    AreaKind.WARD: ("ward id", "wardid", "ward code", "wardcode", "ward key", "code"),
}
_OTHER_CODES = (
    "code",
    "area code",
    "zone code",
    "iz code",
    "iz no",
    "iz id",
    "precinct code",
    "hub code",
    "node code",
    "region code",
    "ref",
    "reference",
    "area id",
    "zone id",
    "precinct id",
    "wof id",
    "id",
    "number",
)
_WARD_NUMBERS = ("wardno", "ward no", "ward number", "ward", "wardnumber")
_METROS = (
    "cat b",
    "catb",
    "metro",
    "municipality",
    "municipality code",
    "municode",
    "mun code",
    "mun mdb c",
    "lm code",
    "municname",
    "munic name",
    "mun name",
    "municipality name",
    "local mun",
)
_KINDS = (
    "kind",
    "area kind",
    "area type",
    "zone type",
    "placetype",
    "type",
    "category name",
    "cat2",
    "class",
)
_POPULATION = re.compile(
    r"(?:tot(?:al)? ?)?(?:pop(?:ulation)?|people|persons)(?: ?(?:tot(?:al)?|\d{2,4}))?"
)
_HOUSEHOLDS = re.compile(
    r"(?:tot(?:al)? ?)?(?:hh|households?|number of households)(?: ?(?:tot(?:al)?|\d{2,4}))?"
)
_POOR = re.compile(
    r"(?:(?:poor|indigent) (?:hh|households?)|(?:hh|households?) (?:poor|indigent|in poverty)"
    r"|(?:hh|households?) below (?:the )?poverty line)(?: ?\d{2,4})?"
)
_POOR_SHARE = re.compile(
    r"(?:(?:share|pct|percent(?:age)?|perc|proportion) (?:of )?)?"
    r"(?:poor|indigent|poverty)(?: (?:hh|households?))?(?: (?:share|pct|percent(?:age)?|perc|rate|"
    r"proportion|headcount))(?: ?\d{2,4})?"
    r"|(?:share|pct|percent(?:age)?|perc|proportion) (?:of )?(?:(?:hh|households?) )?(?:poor|poverty)"
    r"(?: (?:hh|households?))?(?: ?\d{2,4})?"
)
_PRIORITIES = ("priority", "prioritised", "is priority", "priority area", "target", "targeted")
_ILLUSTRATIVE = ("illustrative", "is illustrative", "invented")
_VINTAGES = ("vintage", "year", "demarcation year", "demarcation", "boundary year", "mdb year")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_YES = frozenset({"true", "yes", "y", "1", "t", "ja"})
_NO = frozenset({"false", "no", "n", "0", "f", "nee"})
_ADJECTIVES = frozenset({"metro", "municipal", "provincial", "district", "ward"})
"""In a layer's name these may only say of whom (``metro_place_polygons``); their plurals tell."""


@dataclass
class Attributes:
    """What one feature's attributes say; ``None`` and ``""`` where they say nothing."""

    name: str = ""
    code: str = ""
    kind: AreaKind = AreaKind.OTHER
    metro: str = UNKNOWN
    priority: bool = False
    population: int | None = None
    households: int | None = None
    poor_share: float | None = None
    illustrative: bool = False
    vintage: str = ""


@dataclass
class Reader:
    """Reads the attributes of one layer, feature by feature; ``forced`` wins as the kind."""

    layer: Layer
    forced: AreaKind | None = None
    problems: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.columns: dict[str, np.ndarray] = {}
        for name, values in self.layer.columns.items():
            self.columns.setdefault(fold_attribute(name), values)
        self.size = len(self.layer.geometry)
        self.population = self._column(_POPULATION)
        self.households = self._column(_HOUSEHOLDS)
        self.poor, self.poor_share = self._column(_POOR), self._column(_POOR_SHARE)
        self.percent = self._is_percent()
        self.layer_kind = self._layer_kind()

    def read(self, index: int) -> Attributes:
        """The attributes of feature ``index`` from 0."""
        kind = self._kind(index)
        found = Attributes(kind=kind, code=self._code(index, kind), vintage=self._vintage(index))
        found.metro = self._metro(index, found)
        if kind is AreaKind.WARD and not found.code:
            number = self._first(index, _WARD_NUMBERS)
            found.code = f"{found.metro}-{number}" if number and found.metro != UNKNOWN else number
        found.name = self._name(index, found)
        found.population = self._count(index, self.population)
        found.households = self._count(index, self.households)
        found.poor_share = self._poor(index, found.households)
        priority = self._flag(index, _PRIORITIES)
        found.priority = kind.priority if priority is None else priority
        found.illustrative = bool(self._flag(index, _ILLUSTRATIVE))
        return found

    def name(self, index: int) -> str:
        """The feature's own name, for messages."""
        return self._first(index, _NAMES)

    def _text(self, index: int, column: str) -> str:
        values = self.columns.get(column)
        return "" if values is None else _text(values[index])

    def _first(self, index: int, columns: tuple[str, ...]) -> str:
        return next((t for c in columns if (t := self._text(index, c))), "")

    def _kind(self, index: int) -> AreaKind:
        if self.forced is not None:
            return self.forced
        for column in _KINDS:
            found = codes.load("area_kinds").resolve(self._text(index, column))
            if found != UNKNOWN:
                return AreaKind(found)
        return self.layer_kind

    def _layer_kind(self) -> AreaKind:
        """The kind by the layer's name, else by which code stands once per feature; else other."""
        if self.forced is not None:
            return self.forced
        if any(self._text(i, "placetype") for i in range(min(self.size, 50))):
            return AreaKind.OTHER
        found = kind_in_words(self.layer.name)
        if found is not None:
            return found
        for kind, columns in (
            (AreaKind.WARD, _CODES[AreaKind.WARD][:-1]),
            (AreaKind.MUNICIPALITY, _CODES[AreaKind.MUNICIPALITY][:7]),
        ):
            if any(self._tells_each(column) for column in columns):
                return kind
        return AreaKind.OTHER

    def _tells_each(self, column: str) -> bool:
        values = [self._text(i, column) for i in range(self.size)] if column in self.columns else []
        return bool(values) and all(values) and len(set(values)) == len(values)

    def _code(self, index: int, kind: AreaKind) -> str:
        """The code; of municipalities and provinces as our register writes it (``GT`` is ``GP``)."""
        code = self._first(index, _CODES.get(kind, _OTHER_CODES))
        book = institutions.load()
        if code and kind is AreaKind.PROVINCE:
            return book.province(code) or code
        if code and kind in {AreaKind.MUNICIPALITY, AreaKind.DISTRICT}:
            return book.municipality(code) or code
        return code

    def _metro(self, index: int, found: Attributes) -> str:
        """Municipality the area is in; for a municipality, itself. Unknown ones are told once."""
        book = institutions.load()
        if found.kind in {AreaKind.MUNICIPALITY, AreaKind.DISTRICT}:
            code = book.municipality(found.code) if found.code else None
            return code if code and book.kind(code) != "district" else UNKNOWN
        if found.kind is AreaKind.PROVINCE:
            return UNKNOWN
        province = self._text(index, "province")
        for column in _METROS:
            text = self._text(index, column)
            code = book.municipality(text, province) if text else None
            if code:
                return code
        text = self._first(index, _METROS)
        if text:
            self.problems.append(
                kinds.METRO_UNKNOWN.at(
                    sheet=self.layer.name,
                    row=index + 1,
                    header="municipality",
                    value=text,
                )
            )
        return UNKNOWN

    def _name(self, index: int, found: Attributes) -> str:
        name = self._first(index, _NAMES)
        official = found.kind in {AreaKind.MUNICIPALITY, AreaKind.DISTRICT, AreaKind.PROVINCE}
        if not name and official and found.code:
            institution = institutions.load().get(found.code)
            name = institution.name if institution else ""
        if not name and found.kind is AreaKind.WARD:
            number = self._first(index, _WARD_NUMBERS) or found.code
            name = f"Ward {number}" if number else ""
        if not name:
            self.problems.append(
                kinds.NAME_MISSING.at(
                    sheet=self.layer.name,
                    row=index + 1,
                    value=str(index + 1),
                )
            )
        return name

    def _column(self, wanted: re.Pattern[str]) -> str:
        """The first column whose folded name is of this pattern, or empty."""
        return next((c for c in self.columns if wanted.fullmatch(c)), "")

    def _number(self, index: int, column: str) -> float | None:
        """A number that is not negative; nothing where none stands, or a problem is told."""
        text = self._text(index, column) if column else ""
        if not text:
            return None
        parsed = parse_number(text.removesuffix("%"))
        if parsed.value is None or parsed.value < 0 or parsed.value > 1e9:
            self._odd(index, column, text)
            return None
        return parsed.value

    def _count(self, index: int, column: str) -> int | None:
        found = self._number(index, column)
        return None if found is None else round(found)

    def _is_percent(self) -> bool:
        """Whether the layer's shares of poor households run to 100 and not to 1."""
        if not self.poor_share:
            return False
        texts = [self._text(i, self.poor_share) for i in range(self.size)]
        told = [parse_number(text.removesuffix("%")).value for text in texts if text]
        return any(text.endswith("%") for text in texts) or any(
            v is not None and v > 1 for v in told
        )

    def _poor(self, index: int, households: int | None) -> float | None:
        """Share of households that are poor: poor ÷ all where both are counted, else as written."""
        poor = self._number(index, self.poor)
        if poor is not None and households:
            share, column = poor / households, self.poor
        else:
            written = self._number(index, self.poor_share)
            if written is None:
                return None
            share, column = written / 100 if self.percent else written, self.poor_share
        if share > 1:
            self._odd(index, column, self._text(index, column))
            return None
        return round(share, 6)

    def _flag(self, index: int, columns: tuple[str, ...]) -> bool | None:
        text = self._first(index, columns).lower()
        if not text or text in _YES | _NO:
            return text in _YES if text else None
        self._odd(index, columns[0], text)
        return None

    def _odd(self, index: int, header: str, text: str) -> None:
        self.problems.append(
            kinds.ATTRIBUTE_ODD.at(
                sheet=self.layer.name,
                row=index + 1,
                header=header,
                value=text,
            )
        )

    def _vintage(self, index: int) -> str:
        found = _YEAR.search(self._first(index, _VINTAGES)) or _YEAR.search(self.layer.name)
        return found[1] if found else ""


def fold_attribute(name: str) -> str:
    """An attribute's name for comparing: ``CAT_B``, ``cat_b`` and ``Cat B`` are one."""
    return words(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).replace("_", " "))


def kind_in_words(text: str) -> AreaKind | None:
    """The one kind of area a layer's or file's name tells; ``None`` when none or several do."""
    book = codes.load("area_kinds")
    tokens = [t for t in fold_attribute(text).split() if not t.isdigit()]
    found: set[str] = set()
    for size in (3, 2, 1):
        for start in range(len(tokens) - size + 1):
            phrase = " ".join(tokens[start : start + size])
            if phrase in _ADJECTIVES and len(tokens) > 1:
                continue
            found |= {book.resolve(p) for p in (phrase, _singular(phrase))} - {UNKNOWN}
        if found:
            break
    return AreaKind(found.pop()) if len(found) == 1 else None


def _singular(text: str) -> str:
    if text.endswith("ies"):
        return text.removesuffix("ies") + "y"
    return text.removesuffix("s")


def _text(value: Any) -> str:
    """An attribute as text: numpy's missing values are nothing, whole floats have no point."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    item = value.item() if hasattr(value, "item") else value
    return fold(mend_encoding(cell_text(item)))
