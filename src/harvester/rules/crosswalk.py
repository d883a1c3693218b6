"""How plans refer to one another, from national outcome to project (``rules/data/crosswalk.yaml``)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from harvester.rules import codes, parameters
from harvester.rules.text import phrase_pattern

if TYPE_CHECKING:
    from pathlib import Path

FILE = parameters.DATA / "crosswalk.yaml"
_LISTS = {"mtsf": "mtsf_outcomes", "iudf": "iudf_goals", "function": "functions"}


@dataclass(frozen=True)
class Reference:
    """One entry: what ``of`` (the wider) holds, each a scheme and a code."""

    of_scheme: str
    of_code: str
    scheme: str
    code: str
    source: str
    verified: bool


@dataclass(frozen=True)
class Theme:
    """Works a target may ask for. ``words`` tell it in a target, ``works`` in an undertaking's name
    (empty: its function alone tells)."""

    code: str
    label: str
    functions: tuple[str, ...]
    words: tuple[str, ...]
    works: tuple[str, ...]


@dataclass(frozen=True)
class Crosswalk:
    """The whole file; ``chapters`` are those of the National Development Plan by number."""

    head: parameters.Head
    chapters: dict[str, str]
    references: tuple[Reference, ...]
    themes: dict[str, Theme]

    def theme_of(self, text: str) -> str:
        """Theme of a target's text, by its first telling word in the text; ``""`` for none."""
        said = text.lower()
        found = [
            (match.start(), n, code)
            for n, (code, theme) in enumerate(self.themes.items())
            if (match := re.search(phrase_pattern(theme.words), said))
        ]
        return min(found)[2] if found else ""


@cache
def load(path: Path = FILE) -> Crosswalk:
    """Read the crosswalk.

    Raises ``ConfigurationError`` when the file is broken, or an entry names a scheme, code or
    function that does not exist.
    """
    found = parameters.read(path)
    told = found.body.get("ndp")
    if not isinstance(told, dict):
        raise parameters.broken(path, "ndp", "must be a mapping")
    chapters = {str(number): str(name) for number, name in told.items()}
    known = {scheme: set(codes.load(name).codes) for scheme, name in _LISTS.items()}
    known["ndp"] = set(chapters)
    return Crosswalk(
        found.head,
        chapters,
        tuple(_reference(item, known, found.head) for item in found.items("links")),
        {code: _theme(code, item, known) for code, item in found.mapping("themes").items()},
    )


def _reference(
    item: parameters.Entry, known: dict[str, set[str]], head: parameters.Head
) -> Reference:
    of, to = (_code(item, name, known) for name in ("from", "to"))
    return Reference(
        *of,
        *to,
        source=item.text("source", head.source),
        verified=item.flag("verified", default=head.verified),
    )


def _code(item: parameters.Entry, name: str, known: dict[str, set[str]]) -> tuple[str, str]:
    scheme, _, code = item.text(name).partition(":")
    if code not in known.get(scheme, ()):
        wanted = f"must be scheme:code that exists, not {item.text(name)}"
        raise parameters.broken(item.path, f"{item.where}.{name}", wanted)
    return scheme, code


def _theme(code: str, item: parameters.Entry, known: dict[str, set[str]]) -> Theme:
    functions, words = item.texts("functions"), item.texts("words")
    if not functions or set(functions) - known["function"]:
        wanted = f"must name functions that exist, not {list(functions)}"
        raise parameters.broken(item.path, f"{item.where}.functions", wanted)
    if not words:
        raise parameters.broken(item.path, f"{item.where}.words", "is missing")
    return Theme(
        code=code,
        label=item.text("label"),
        functions=functions,
        words=tuple(word.lower() for word in words),
        works=tuple(word.lower() for word in item.texts("works")),
    )
