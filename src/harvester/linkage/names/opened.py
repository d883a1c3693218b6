"""Texts before their words are settled: what can be read of them whatever the run spells like."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from harvester.linkage.names import codespeak
from harvester.rules import lexicon as words

if TYPE_CHECKING:
    from harvester.rules.lexicon import Lexicon

MAX_WORDS = 80
"""Words read of one text: a pasted page costs no more than a long name."""

MAX_CHARACTERS = 1_000
"""Characters read of one text."""

_DECIMAL = re.compile(r"\b\d+[.,]\d+\s?(?:km|m|ml|kl|ha|mva|kv|mw)(?:/d)?\b", re.IGNORECASE)
"""A measure with a decimal: neither half of it is a number of anything."""


class Opened(NamedTuple):
    """A text before its words are settled: its ids, its words, and whether it is an accounting string
    (then with the action its nature stands for)."""

    codes: tuple[str, ...]
    tokens: list[str]
    spoken: bool = False
    action: str = ""


def opened(text: str, lexicon: Lexicon, tokens: list[str] | None = None) -> Opened:
    """What can be read of a text before any spelling is known; ``tokens``: the text folded, if at hand."""
    text = text[:MAX_CHARACTERS]
    codes, bare = codespeak.ids(text)
    spoken = codespeak.read(text if not codes else bare, lexicon)
    if spoken:
        return Opened(codes, folded(spoken.rest), spoken=True, action=spoken.action)
    return Opened(codes, folded(bare) if codes or tokens is None else tokens)


def folded(text: str) -> list[str]:
    """The words of a text that are read, folded."""
    text = text[:MAX_CHARACTERS]
    if "," in text or "." in text:
        text = _DECIMAL.sub(" ", text)
    return words.fold(text)[:MAX_WORDS]


__all__ = ["MAX_CHARACTERS", "MAX_WORDS", "Opened", "folded", "opened"]
