"""Column mappings: what a project list's columns mean, as YAML a planner can write.

The ready mappings (``rules/data/mappings/NAME.yaml``, one per published template) and a person's
own mapping file have the same shape, described in :data:`KEYS`, :data:`COLUMN_KEYS` and
:data:`AMOUNT_KEYS`. A wrong file is refused with every fault listed at once.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass, field
from importlib import resources
from typing import TYPE_CHECKING

import yaml

from harvester.domain.documents import Document, EntryKind, Phase, Stage
from harvester.domain.errors import ConfigurationError, UserError
from harvester.engine import schema
from harvester.rules import yamls
from harvester.sources.tables.headers import header_key

if TYPE_CHECKING:
    import datetime as dt
    from importlib.resources.abc import Traversable
    from pathlib import Path

    from harvester.domain.periods import Calendar

ENTRY_TEXTS = (
    *tuple(c.name for c in schema.SOURCE_ENTRIES.columns if c.name.endswith("_text")),
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
    "shape",
    "start_date",
    "end_date",
    "total_cost",
    "units",
    "year",
    "amount",
    "extra",
)
"""What a column may be. ``gps`` holds both coordinates, ``shape`` a line or area (WKT, GeoJSON or
its corners in order); ``year`` with ``amount`` is long form."""

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

    @functools.cached_property
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


_IN_BRACKETS = re.compile(r"[(\[][^)\]]*[)\]]")


@functools.lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """A header for comparing: no case, accents, brackets, punctuation or runs of white space.

    Misspellings publishers are known for are mended. A header that stands wholly in brackets
    keeps its words.
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return header_key(_IN_BRACKETS.sub(" ", plain)) or header_key(plain)


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
    raw = yamls.load(_folder().joinpath("_words.yaml").read_text("utf-8"))
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
        raw = yamls.load(text)
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
    # The checker builds the classes above, so it is imported when they are there.
    from harvester.sources.mapping.check import Checker

    checker = Checker()
    mapping = checker.mapping(raw)
    if checker.faults:
        raise UserError(
            f"{len(checker.faults)} fault(s) in the mapping:\n- " + "\n- ".join(checker.faults),
            where=where,
            mend="\n`harvester template` shows the mappings there are.",
        )
    return mapping
