"""Bars of money stacked by where it goes, one bar a row; the table beside holds the same figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

WIDTH, ROW = 400, 40
"""Of the drawing: each bar is as wide as the widest allows, its words and figure above it."""


@dataclass(frozen=True)
class Part:
    """One part of a bar: where it begins, how wide it is, its look and its words."""

    x: float
    width: float
    look: str
    label: str
    cents: int


@dataclass(frozen=True)
class Bar:
    """One bar: its label, its parts, the whole, and how far down it stands."""

    label: str
    parts: tuple[Part, ...]
    cents: int | None
    y: int


@dataclass(frozen=True)
class Stacks:
    """The picture and its legend (look and words)."""

    bars: tuple[Bar, ...]
    legend: tuple[tuple[str, str], ...]

    width = WIDTH

    @property
    def height(self) -> int:
        """Height for all bars."""
        return ROW * len(self.bars)


def draw(
    rows: Sequence[Mapping[str, object]], label: str, parts: Sequence[tuple[str, str, str]]
) -> Stacks | None:
    """A bar for each row: ``label`` names its column of words, ``parts`` its columns of cents as
    ``(column, look, words)``. A negative or unknown part draws nothing. ``None`` without any money.
    """
    sums = [sum(_drawn(row, name) for name, _, _ in parts) for row in rows]
    widest = max(sums, default=0)
    if widest <= 0:
        return None
    bars = []
    for n, row in enumerate(rows):
        at, drawn = 0.0, []
        for name, look, words in parts:
            width = WIDTH * _drawn(row, name) / widest
            if width > 0:
                drawn.append(Part(round(at, 1), round(width, 1), look, words, _drawn(row, name)))
            at += width
        total = row.get("total")
        whole = total if isinstance(total, int) else sums[n]
        bars.append(Bar(str(row[label]), tuple(drawn), whole, ROW * n))
    used = {part.look for bar in bars for part in bar.parts}
    legend = tuple((look, words) for _, look, words in parts if look in used)
    return Stacks(tuple(bars), legend)


def _drawn(row: Mapping[str, object], name: str) -> int:
    value = row.get(name)
    return max(value, 0) if isinstance(value, int) else 0
