"""Words that tell a network or bulk project, which serves another place than its own."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from harvester.rules import parameters
from harvester.rules.text import phrase_pattern, words

if TYPE_CHECKING:
    from pathlib import Path


@cache
def load(path: Path = parameters.DATA / "network.yaml") -> tuple[str, ...]:
    """The phrases, lower case. Raises :class:`ConfigurationError` when the file is broken."""
    phrases = parameters.read(path).whole().texts("phrases")
    if not phrases:
        raise parameters.broken(path, "phrases", "is missing")
    return tuple(dict.fromkeys(words(phrase) for phrase in phrases))


@cache
def pattern(path: Path = parameters.DATA / "network.yaml") -> str:
    """One regular expression (RE2 and Python alike) for lower-case text with those phrases."""
    return phrase_pattern(load(path))
