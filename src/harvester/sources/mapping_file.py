"""Column mappings: what a project list's columns mean, as YAML a planner can write.

The ready mappings (``rules/data/mappings/NAME.yaml``, one per published template) and a person's
own mapping file have the same shape, described in :data:`KEYS`, :data:`COLUMN_KEYS` and
:data:`AMOUNT_KEYS`. A wrong file is refused with every fault listed at once.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
import unicodedata
from dataclasses import dataclass, field
from importlib import resources
from typing import TYPE_CHECKING, Any

import yaml

from harvester.domain.documents import Document, EntryKind, Phase, Stage
from harvester.domain.errors import ConfigurationError, UserError
from harvester.domain.periods import Calendar
from harvester.engine import schema

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable
    from pathlib import Path

ENTRY_TEXTS = tuple(c.name for c in schema.SOURCE_ENTRIES.columns if c.name.endswith("_text")) + (
    "name",
    "description",
    "source_code",
    "other_code",
)
FIELDS = (
    *ENTRY_TEXTS,
    "longitude",
    "latitude",
    "gps",
    "start_date",
    "end_date",
    "total_cost",
    "units",
    "year",
    "amount",
    "extra",
)
"""What a column may be. ``gps`` holds both coordinates; ``year`` with ``amount`` is long form."""

TYPES = ("text", "amount", "date", "coordinate", "point", "whole", "number", "list")
LISTS = (
    "functions",
    "asset_classes",
    "mtsf_outcomes",
    "iudf_goals",
    "grants",
    "natures",
    "statuses",
    "area_kinds",
    "municipalities",
)
PUBLISHERS = ("municipality", "department", "entity", "treasury", "any")
UNITS = {"rand": 1, "thousand": 1_000, "million": 1_000_000}

KEYS = {
    "name": "short name, letters and hyphens",
    "title": "title of the list",
    "document": "one of " + ", ".join(Document),
    "kind": "one of " + ", ".join(EntryKind),
    "calendar": "municipal or national",
    "stage": "one of " + ", ".join(Stage),
    "phase": "what the amounts are, one of " + ", ".join(Phase),
    "publisher": "who publishes it, one of " + ", ".join(PUBLISHERS),
    "reference": "law or source it rests on",
    "from": "date it holds from",
    "verified": "true when the reference was read",
    "legal_minimum": "what the law asks for",
    "sheet": "name of the sheet with the rows",
    "unit": "rand, thousand or million",
    "single_year": "start or end: what a single year such as 2018 in a header means",
    "columns": "list of columns",
    "amounts": "the amount columns",
}
COLUMN_KEYS = {
    "field": "one of " + ", ".join(FIELDS),
    "key": "own name of the column, when a field repeats",
    "also": "a second field the same text goes to",
    "header": "the header",
    "synonyms": "list of other headers",
    "required": "true or false",
    "telling": "true when the column is found in this kind of list only",
    "basis": "law or practice",
    "submission": "published_on: holds for the whole file",
    "type": "one of " + ", ".join(TYPES),
    "list": "one of " + ", ".join(LISTS),
    "values": "list of allowed values",
    "meaning": "what it means",
    "example": "an example",
}
AMOUNT_KEYS = {
    "header": "header with {year} in it, and {fund} when split by fund",
    "funds": "list of funds the amounts are split by",
    "years": "how many years a template shows",
    "required": "true or false",
    "basis": "law or practice",
    "meaning": "what it means",
    "examples": "list of examples",
    "columns": "headers of amount columns without a year pattern: "
    "list of {header, year, phase, fund}",
}


@dataclass(frozen=True)
class MappedColumn:
    """One column: the field it fills, and the headers it is known by."""

    field: str
    key: str
    header: str
    synonyms: tuple[str, ...] = ()
    also: str = ""
    required: bool = False
    telling: bool = False
    basis: str = "practice"
    submission: str = ""
    type: str = "text"
    list: str = ""
    values: tuple[str, ...] = ()
    meaning: str = ""
    example: object = None

    @property
    def headers(self) -> frozenset[str]:
        """Every header it is known by, folded."""
        return frozenset(fold(text) for text in (self.header, *self.synonyms))


@dataclass(frozen=True)
class NamedAmount:
    """An amount column a person names outright: its header, year start, phase and fund."""

    header: str
    year: int
    phase: Phase
    fund: str = ""


@dataclass(frozen=True)
class Amounts:
    """How amount columns look: ``header`` with ``{year}`` and, when split by fund, ``{fund}``."""

    header: str = "Budget {year}"
    funds: tuple[str, ...] = ()
    years: int = 3
    required: bool = True
    basis: str = "practice"
    meaning: str = ""
    examples: tuple[object, ...] = ()
    columns: tuple[NamedAmount, ...] = ()


@dataclass(frozen=True)
class Mapping:
    """A whole mapping. ``stage`` and ``phase`` hold where the file does not say."""

    name: str
    title: str
    document: Document
    kind: EntryKind
    calendar: Calendar
    stage: Stage = Stage.UNKNOWN
    phase: Phase = Phase.PLANNED
    publisher: str = "any"
    reference: str = ""
    from_: dt.date | None = None
    verified: bool = False
    legal_minimum: str = ""
    sheet: str = ""
    unit: int = 1
    single_year: str = ""
    columns: tuple[MappedColumn, ...] = ()
    amounts: Amounts = field(default_factory=Amounts)

    @property
    def required(self) -> tuple[MappedColumn, ...]:
        """Columns without which a row means nothing."""
        return tuple(c for c in self.columns if c.required)


@dataclass(frozen=True)
class Words:
    """Words common to every list (``_words.yaml``), folded."""

    fields: dict[str, str]
    phases: tuple[tuple[str, str], ...]
    numbered: tuple[str, ...]
    funds: frozenset[str]


_UNIT_IN_BRACKETS = re.compile(r"[(\[][^)\]]*[)\]]")
_NOT_WORD = re.compile(r"[^a-z0-9]+")


def fold(text: str) -> str:
    """A header for comparing: no case, accents, brackets, punctuation or runs of white space.

    A header that stands wholly in brackets keeps its words.
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    bare = _NOT_WORD.sub(" ", _UNIT_IN_BRACKETS.sub(" ", plain)).strip()
    return bare or _NOT_WORD.sub(" ", plain).strip()


def _folder() -> Traversable:
    return resources.files("harvester.rules").joinpath("data").joinpath("mappings")


@functools.cache
def names() -> tuple[str, ...]:
    """Names of the ready mappings, in order of the alphabet."""
    found = (f.name for f in _folder().iterdir() if f.name.endswith(".yaml"))
    return tuple(sorted(n.removesuffix(".yaml") for n in found if not n.startswith("_")))


@functools.cache
def ready(name: str) -> Mapping:
    """A ready mapping. Raises :class:`UserError` with the names there are for another name."""
    if name not in names():
        raise UserError(
            f"there is no template called {name!r}.",
            where="template",
            mend="Choose one of: " + ", ".join(names()) + ".",
        )
    return parse(_folder().joinpath(f"{name}.yaml").read_text("utf-8"), where=f"{name}.yaml")


@functools.cache
def words() -> Words:
    """The common words."""
    raw = yaml.safe_load(_folder().joinpath("_words.yaml").read_text("utf-8"))
    fields: dict[str, str] = {}
    for name, texts in raw["fields"].items():
        for text in texts:
            if fields.setdefault(fold(text), name) != name:
                raise ConfigurationError(
                    f"{text!r} is a word for both {fields[fold(text)]} and {name}.",
                    where="_words.yaml",
                    mend="Leave it with one field.",
                )
    phases = [(fold(t), phase) for phase, texts in raw["phases"].items() for t in texts]
    return Words(
        fields=fields,
        phases=tuple(sorted(phases, key=lambda p: (-len(p[0]), p[0]))),
        numbered=tuple(sorted((fold(t) for t in raw["numbered"]), key=lambda t: (-len(t), t))),
        funds=frozenset(fold(t) for t in raw["funds"]),
    )


def load(path: Path) -> Mapping:
    """A person's mapping file.

    Raises :class:`UserError` when it cannot be read, is not YAML, or holds a wrong key or value;
    every fault is listed with its key and what is allowed there.
    """
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(
            f"the mapping file cannot be read ({error}).",
            where=str(path),
            mend="Give the path of a YAML file in UTF-8.",
        ) from error
    return parse(text, where=path.name)


def parse(text: str, *, where: str) -> Mapping:
    """A mapping from YAML text; raises :class:`UserError` listing every fault."""
    try:
        raw = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise UserError(
            f"not YAML: {error}.",
            where=where,
            mend="Mend the line named and try again.",
        ) from error
    if not isinstance(raw, dict):
        raise UserError(
            "a mapping is a list of keys and values.",
            where=where,
            mend="Start with the keys: " + ", ".join(KEYS) + ".",
        )
    checker = _Checker()
    mapping = checker.mapping(raw)
    if checker.faults:
        raise UserError(
            f"{len(checker.faults)} fault(s) in the mapping:\n- " + "\n- ".join(checker.faults),
            where=where,
            mend="\n`harvester template` shows the mappings there are.",
        )
    return mapping


class _Checker:
    """Reads the raw values and gathers every fault, so that a person mends all at once."""

    def __init__(self) -> None:
        self.faults: list[str] = []

    def mapping(self, raw: dict[str, Any]) -> Mapping:
        self._known(raw, KEYS, "")
        columns = tuple(
            self._column(c, n) for n, c in enumerate(self._list(raw, "columns", ""), start=1)
        )
        self._columns_together(columns)
        return Mapping(
            name=str(raw.get("name") or "mapping"),
            title=str(raw.get("title") or raw.get("name") or "Project list"),
            document=Document(self._choice(raw, "document", tuple(Document), "agency_projects")),
            kind=EntryKind(self._choice(raw, "kind", tuple(EntryKind), "project")),
            calendar=Calendar(self._choice(raw, "calendar", tuple(Calendar), None)),
            stage=Stage(self._choice(raw, "stage", tuple(Stage), "unknown")),
            phase=Phase(self._choice(raw, "phase", tuple(Phase), "planned")),
            publisher=self._choice(raw, "publisher", PUBLISHERS, "any"),
            reference=str(raw.get("reference") or ""),
            from_=self._day(raw.get("from")),
            verified=self._flag(raw, "verified", ""),
            legal_minimum=str(raw.get("legal_minimum") or "").strip(),
            sheet=str(raw.get("sheet") or ""),
            unit=UNITS[self._choice(raw, "unit", tuple(UNITS), "rand")],
            single_year=self._choice(raw, "single_year", ("", "start", "end"), ""),
            columns=columns,
            amounts=self._amounts(raw.get("amounts")),
        )

    def _column(self, raw: object, n: int) -> MappedColumn:
        at = f"columns[{n}]"
        if not isinstance(raw, dict):
            self.faults.append(f"{at}: must have the keys field and header")
            return MappedColumn("extra", f"column {n}", "")
        at += f" {raw.get('header') or raw.get('field') or ''!s}"
        self._known(raw, COLUMN_KEYS, at)
        name = self._choice(raw, "field", FIELDS, None, at)
        header = str(raw.get("header") or "")
        if not header:
            self.faults.append(f"{at}: key header is missing")
        also = self._choice(raw, "also", ("", *ENTRY_TEXTS), "", at)
        default = "amount" if name in {"amount", "total_cost"} else "text"
        return MappedColumn(
            field=name,
            key=str(raw.get("key") or (header if name == "extra" else name)),
            header=header,
            synonyms=tuple(str(s) for s in self._list(raw, "synonyms", at)),
            also=also,
            required=self._flag(raw, "required", at),
            telling=self._flag(raw, "telling", at),
            basis=self._choice(raw, "basis", ("practice", "law"), "practice", at),
            submission=self._choice(raw, "submission", ("", "published_on"), "", at),
            type=self._choice(raw, "type", TYPES, default, at),
            list=self._choice(raw, "list", ("", *LISTS), "", at),
            values=tuple(str(v) for v in self._list(raw, "values", at)),
            meaning=str(raw.get("meaning") or ""),
            example=raw.get("example"),
        )

    def _columns_together(self, columns: tuple[MappedColumn, ...]) -> None:
        if not columns:
            self.faults.append("key columns is missing or empty: list at least the name column")
        elif not any(c.field == "name" for c in columns):
            self.faults.append("columns: one column must have field: name")
        seen: dict[str, str] = {}
        for column in columns:
            if column.key in seen:
                self.faults.append(
                    f"columns: {seen[column.key]!r} and {column.header!r} are both {column.key}; "
                    "give one of them another field, or a key of its own",
                )
            seen[column.key] = column.header
        fields = {c.field for c in columns}
        if len(fields & {"year", "amount"}) == 1:
            self.faults.append("columns: fields year and amount go together (long form)")

    def _amounts(self, raw: object) -> Amounts:
        if raw is None:
            return Amounts(required=False)
        if not isinstance(raw, dict):
            self.faults.append("amounts: must have keys such as header and years")
            return Amounts()
        self._known(raw, AMOUNT_KEYS, "amounts")
        header = str(raw.get("header") or "Budget {year}")
        if "{year}" not in header:
            self.faults.append("amounts: header must hold {year}, such as 'Budget {year}'")
        years = raw.get("years", 3)
        if not isinstance(years, int) or isinstance(years, bool) or not 1 <= years <= 10:
            self.faults.append(
                f"amounts: years is {years!r}; a whole number from 1 to 10 is allowed"
            )
            years = 3
        return Amounts(
            header=header,
            funds=tuple(str(f) for f in self._list(raw, "funds", "amounts")),
            years=years,
            required=self._flag(raw, "required", "amounts", default=True),
            basis=self._choice(raw, "basis", ("practice", "law"), "practice", "amounts"),
            meaning=str(raw.get("meaning") or ""),
            examples=tuple(self._list(raw, "examples", "amounts")),
            columns=tuple(
                self._named(c, n)
                for n, c in enumerate(self._list(raw, "columns", "amounts"), start=1)
            ),
        )

    def _named(self, raw: object, n: int) -> NamedAmount:
        from harvester.domain.periods import parse_year_label

        at = f"amounts.columns[{n}]"
        if not isinstance(raw, dict) or not raw.get("header"):
            self.faults.append(f"{at}: must have the keys header and year")
            return NamedAmount("", 0, Phase.PLANNED)
        self._known(raw, {"header": "", "year": "", "phase": "", "fund": ""}, at)
        year = parse_year_label(str(raw.get("year") or ""))
        if year is None:
            self.faults.append(f"{at}: year is {raw.get('year')!r}; write it as 2018/19")
        phase = self._choice(raw, "phase", tuple(Phase), "planned", at)
        return NamedAmount(str(raw["header"]), year or 0, Phase(phase), str(raw.get("fund") or ""))

    def _known(self, raw: dict[str, Any], keys: dict[str, str], at: str) -> None:
        for key in raw:
            if key not in keys:
                where = f"{at}: " if at else ""
                self.faults.append(
                    f"{where}unknown key {key!r}; allowed keys are {', '.join(keys)}",
                )

    def _choice(
        self,
        raw: dict[str, Any],
        key: str,
        allowed: tuple[str, ...],
        default: str | None,
        at: str = "",
    ) -> str:
        """The value when allowed; else a fault and something harmless to go on with."""
        value = raw.get(key, default)
        if isinstance(value, str) and value in allowed:
            return str(value)
        where = f"{at}: " if at else ""
        told = "is missing" if value is None else f"is {value!r}"
        listed = ", ".join(v for v in allowed if v)
        self.faults.append(f"{where}{key} {told}; allowed: {listed}")
        return allowed[0] if default is None else default

    def _flag(self, raw: dict[str, Any], key: str, at: str, *, default: bool = False) -> bool:
        value = raw.get(key, default)
        if isinstance(value, bool):
            return value
        where = f"{at}: " if at else ""
        self.faults.append(f"{where}{key} is {value!r}; allowed: true, false")
        return default

    def _list(self, raw: dict[str, Any], key: str, at: str) -> list[Any]:
        value = raw.get(key)
        if value is None:
            return []
        if isinstance(value, list):
            return value
        where = f"{at}: " if at else ""
        self.faults.append(f"{where}{key} must be a list, such as [one, two]")
        return []

    def _day(self, value: object) -> dt.date | None:
        if value is None or isinstance(value, dt.date):
            return value
        self.faults.append(f"from is {value!r}; write it as 2018-07-01")
        return None
