"""Headings of amounts: the financial year, what the money is, its fund, and the unit stated."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harvester.domain.documents import Phase
from harvester.domain.periods import EARLIEST_YEAR, LATEST_YEAR, parse_year_label
from harvester.engine.schema import UNKNOWN
from harvester.rules import codes
from harvester.sources.mapping.definition import fold, words
from harvester.sources.tables.workbook import column_letter

if TYPE_CHECKING:
    from harvester.sources.mapping.definition import Mapping

YEAR = re.compile(
    r"(?:\bFY\s*)?(?<!\d)(?:19|20)\d\d\s*[/\-\u2013]\s*(?:(?:19|20)?\d\d)(?!\d)",
    re.IGNORECASE,
)
SINGLE_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_THOUSAND = re.compile(
    r"(?:\b(?:r|rand|zar))?\s*['\u2018\u2019`\u00b4]\s*000s?\b|\b(?:r|rand|zar)\s*000s?\b"
    r"|\b(?:(?:r|rand|zar)\s*)?thousands?\b",
    re.IGNORECASE,
)
_MILLION = re.compile(
    r"\b(?:r|rand|zar)\s*['\u2018\u2019]?\s*(?:millions?|mil|mn|m)\b|\brm\b|\bmillions?\b"
    r"|(?:\b(?:r|rand|zar))?\s*['\u2018\u2019]?\s*000\s*['\u2018\u2019 ]\s*000\b",
    re.IGNORECASE,
)
_RAND = re.compile(r"[(\[]\s*(?:in\s+)?(?:whole\s+)?(?:r|rand|zar)\s*[)\]]", re.IGNORECASE)
_NUMBERED = re.compile(r"[+]?(?:\d|one|two|three|four|five)")


@dataclass(frozen=True)
class AmountColumn:
    """One column of money: its place, financial year (``None`` not stated), phase, fund, factor."""

    index: int
    header: str
    year: int | None
    phase: Phase
    fund: str = ""
    factor: int = 1

    @property
    def letter(self) -> str:
        """Column letter."""
        return column_letter(self.index)


@functools.lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """A heading folded, without the unit it states."""
    return fold(without_unit(text)) or fold(text)


def amount_column(mapping: Mapping, index: int, text: str) -> AmountColumn | None:
    """What an amount heading says; ``None`` when it is not one.

    ``Budget 2018/19``, ``2018/19``, ``MTEF year 1 2018/19``, ``USDG 2018/19``,
    ``Adjusted budget 2018/19 (R'000)``: a financial year, with nothing else than words for the
    phase, a numbered year and a fund that the grants list or the mapping knows.
    """
    for named in mapping.amounts.columns:
        if fold(named.header) == fold(text):
            factor, _ = unit_of(text)
            return AmountColumn(
                index,
                text,
                named.year,
                named.phase,
                named.fund,
                factor * mapping.unit,
            )
    found = YEAR.search(text)
    year = parse_year_label(text)
    if year is None and mapping.single_year:
        found = SINGLE_YEAR.search(text)
        year = _single_year(mapping, int(found[1])) if found else None
    if found is None or year is None:
        return None
    rest = without_unit(text[: found.start()] + " " + text[found.end() :])
    said = phase_and_fund(mapping, rest)
    if said is None:
        return None
    factor, _ = unit_of(text)
    return AmountColumn(index, text, year, said[0], said[1], factor * mapping.unit)


def _single_year(mapping: Mapping, number: int) -> int | None:
    start = number if mapping.single_year == "start" else number - 1
    return start if EARLIEST_YEAR <= start <= LATEST_YEAR else None


def phase_and_fund(mapping: Mapping, rest: str) -> tuple[Phase, str] | None:
    """The phase and the fund in an amount heading without its year and unit."""
    tokens = [(t, fold(t)) for t in re.sub(r"[(){}\[\]:;,_]|\s[-\u2013]\s", " ", rest).split()]
    tokens = [(t, f) for t, f in tokens if f]
    phase = mapping.phase
    while tokens:
        if _is_fund(mapping, " ".join(f for _, f in tokens)):
            break
        cut = _cut_phase(tokens) or _cut_numbered(tokens)
        if cut is None:
            return None
        tokens, said = cut
        if said not in {"", "own"}:
            phase = Phase(said)
    return phase, " ".join(t for t, _ in tokens).strip(" -\u2013:/")


_Tokens = list[tuple[str, str]]


def _cut_phase(tokens: _Tokens) -> tuple[_Tokens, str] | None:
    """The tokens without the longest phrase of a phase at either end, and that phase."""
    texts = [f for _, f in tokens]
    for phrase, phase in words().phases:
        for k in range(1, len(texts) + 1):
            if " ".join(texts[:k]) == phrase:
                return tokens[k:], phase
            if " ".join(texts[-k:]) == phrase:
                return tokens[:-k], phase
    return None


def _cut_numbered(tokens: _Tokens) -> tuple[_Tokens, str] | None:
    """``MTEF year 1``, ``Budget year +1``: what is left once the number is gone too."""
    texts = [f for _, f in tokens]
    for k in range(1, len(texts) + 1):
        if _NUMBERED.fullmatch(texts[k - 1]):
            before = " ".join(texts[: k - 1])
            if not before or before in words().numbered:
                return tokens[k:], ""
    if _NUMBERED.fullmatch(texts[-1]):
        return tokens[:-1], ""
    return None


def _is_fund(mapping: Mapping, text: str) -> bool:
    if text in words().funds or text in {fold(f) for f in mapping.amounts.funds}:
        return True
    return _grant(text) != UNKNOWN


@functools.cache
def _grant(text: str) -> str:
    return codes.load("grants").resolve(text)


def unit_of(text: str) -> tuple[int, list[str]]:
    """Factor to whole rand that a heading states, and the units it names (two are a conflict)."""
    said = []
    rest = text
    for pattern, name in ((_MILLION, "R million"), (_THOUSAND, "R thousand"), (_RAND, "R")):
        if pattern.search(rest):
            said.append(name)
            rest = pattern.sub(" ", rest)
    if len(said) != 1:
        return 1, said
    return {"R million": 1_000_000, "R thousand": 1_000, "R": 1}[said[0]], said


def without_unit(text: str) -> str:
    """The text without the units :func:`unit_of` knows."""
    for pattern in (_MILLION, _THOUSAND, _RAND):
        text = pattern.sub(" ", text)
    return text
