"""Lists of codes with the words that mean them: functions, grants, statuses and so on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING

from harvester.rules import parameters
from harvester.rules.text import key, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from harvester.rules.parameters import Head

UNKNOWN = "unknown"
"""What a text resolves to when the list does not know it."""

NAMES = (
    "functions",
    "asset_classes",
    "mtsf_outcomes",
    "iudf_goals",
    "grants",
    "natures",
    "statuses",
    "area_kinds",
    "spheres",
)
"""The lists there are, each a file of ``rules/data/codes``."""

_MATCHES = ("starts", "contains", "ends")


@dataclass(frozen=True)
class Code:
    """One code: its label, the words that mean it, and what else its file says (``extra``)."""

    code: str
    label: str
    aliases: tuple[str, ...]
    extra: Mapping[str, str]


@dataclass(frozen=True)
class Pattern:
    """Texts whose words start with, contain or end with ``phrase`` (whole words) mean ``code``."""

    match: str
    phrase: str
    code: str

    def fits(self, text: str) -> bool:
        """Whether ``text``, as :func:`words` gives it, is of this pattern."""
        padded, phrase = f" {text} ", f" {self.phrase} "
        if self.match == "starts":
            return padded.startswith(phrase)
        return padded.endswith(phrase) if self.match == "ends" else phrase in padded


@dataclass(frozen=True)
class CodeList:
    """A list of codes, in the order of its file."""

    name: str
    head: Head
    items: tuple[Code, ...]
    patterns: tuple[Pattern, ...] = ()
    vague: tuple[str, ...] = ()
    separators: tuple[str, ...] = ()
    ignored_parts: tuple[str, ...] = ()
    _by_key: dict[str, str] = field(init=False, compare=False, repr=False)
    _vague: frozenset[str] = field(init=False, compare=False, repr=False)
    _ignored: frozenset[str] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        index: dict[str, str] = {}
        for item in self.items:
            for alias in (item.code, item.label, *item.aliases):
                index.setdefault(key(alias), item.code)
        object.__setattr__(self, "_by_key", index)
        object.__setattr__(self, "_vague", frozenset(key(text) for text in self.vague))
        object.__setattr__(self, "_ignored", frozenset(key(text) for text in self.ignored_parts))

    @property
    def codes(self) -> tuple[str, ...]:
        """Every code, in the order of the file."""
        return tuple(item.code for item in self.items)

    def __iter__(self) -> Iterator[Code]:
        return iter(self.items)

    def get(self, code: str) -> Code | None:
        """The item of a code, or ``None``."""
        return next((item for item in self.items if item.code == code), None)

    def label(self, code: str) -> str:
        """Its label; ``Unknown`` for ``unknown``, the code itself for one not in the list."""
        found = self.get(code)
        return found.label if found else ("Unknown" if code == UNKNOWN else code)

    def extra(self, code: str, name: str) -> str:
        """A further word of a code's file entry (``function`` of an asset class), or ``""``."""
        found = self.get(code)
        return found.extra.get(name, "") if found else ""

    def resolve(self, text: str) -> str:
        """The code a text means, or ``unknown``: exact alias, then its parts, then a pattern.

        A path such as ``Water Management - Core Function - Water Distribution`` is taken apart at
        the list's separators and its last telling part decides.
        """
        wanted = key(text)
        if not wanted or wanted in self._vague:
            return UNKNOWN
        return self._by_key.get(wanted) or self._by_parts(text) or self._by_pattern(text) or UNKNOWN

    def is_vague(self, text: str) -> bool:
        """Whether the text is known to say nothing (``Various``, ``To be corrected``) or is empty."""
        wanted = key(text)
        if not wanted or wanted in self._vague:
            return True
        telling = self._telling_parts(text)
        return bool(telling) and all(part in self._vague for part in telling)

    def suggestions(self) -> tuple[str, ...]:
        """Labels and aliases, for showing the nearest accepted words to a person."""
        names = [name for item in self.items for name in (item.label, *item.aliases)]
        return tuple(dict.fromkeys(names))

    def _by_parts(self, text: str) -> str | None:
        parts = self._telling_parts(text)
        return next((self._by_key[k] for k in reversed(parts) if k in self._by_key), None)

    def _telling_parts(self, text: str) -> list[str]:
        """Keys of the parts of a path, without the ignored ones; none when it is no path."""
        parts = [text]
        for separator in self.separators:
            parts = [piece for part in parts for piece in part.split(separator)]
        keys = map(key, parts) if len(parts) > 1 else ()
        return [k for k in keys if k and k not in self._ignored]

    def _by_pattern(self, text: str) -> str | None:
        if not self.patterns:
            return None
        wanted = words(text)
        return next((p.code for p in self.patterns if p.fits(wanted)), None)


@cache
def load(name: str, folder: Path = parameters.DATA / "codes") -> CodeList:
    """The list ``name`` (one of :data:`NAMES`).

    Raises :class:`ConfigurationError` when its file is missing or broken, when two codes claim
    one word, or when a pattern names no code of the list.
    """
    path = folder / f"{name}.yaml"
    found = parameters.read(path)
    items = tuple(_code(path, code, entry) for code, entry in found.mapping("codes").items())
    codes = {item.code for item in items}
    further = parameters.in_languages(folder / parameters.LANGUAGES, name, codes)
    items = tuple(
        replace(item, aliases=(*item.aliases, *further.get(item.code, ()))) for item in items
    )
    _refuse_doubles(path, items)
    patterns = [] if found.body.get("patterns") is None else found.items("patterns")
    parts = found.body.get("parts")
    split = parameters.entry(path, "parts", parts) if parts is not None else None
    return CodeList(
        name,
        found.head,
        items,
        patterns=tuple(_pattern(path, entry, codes) for entry in patterns),
        vague=found.whole().texts("vague"),
        separators=_raw_texts(split, "separators") if split else (),
        ignored_parts=split.texts("ignore") if split else (),
    )


def _code(path: Path, code: str, item: parameters.Entry) -> Code:
    known = {"label", "aliases"}
    extra = {
        k: str(v)
        for k, v in item.values.items()
        if k not in known and not isinstance(v, (list, dict))
    }
    if code == UNKNOWN:
        raise parameters.broken(path, f"codes.{code}", "is reserved for what is not known")
    return Code(code, item.text("label"), item.texts("aliases"), extra)


def _refuse_doubles(path: Path, items: tuple[Code, ...]) -> None:
    owners: dict[str, str] = {}
    for item in items:
        for alias in (item.code, item.label, *item.aliases):
            owner = owners.setdefault(key(alias), item.code)
            if owner != item.code:
                raise parameters.broken(
                    path, f"codes.{item.code}", f"and codes.{owner} both claim {alias!r}"
                )


def _pattern(path: Path, item: parameters.Entry, codes: set[str]) -> Pattern:
    match = next((m for m in _MATCHES if m in item.values), None)
    if match is None:
        raise parameters.broken(path, item.where, f"must have one of {', '.join(_MATCHES)}")
    code = item.text("code")
    if code not in codes:
        raise parameters.broken(path, f"{item.where}.code", f"names no code of the list: {code!r}")
    return Pattern(match, words(item.text(match)), code)


def _raw_texts(item: parameters.Entry, name: str) -> tuple[str, ...]:
    """Texts whose outer spaces matter (`` - `` is a separator, ``-`` inside a word is not)."""
    value = item.values.get(name)
    if not isinstance(value, list):
        raise parameters.broken(item.path, f"{item.where}.{name}", "must be a list")
    return tuple(str(v) for v in value)
