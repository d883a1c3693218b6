"""A small line for each row of a table: values from 0 to 1 by year, broken where one is unknown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, HEIGHT, EDGE = 120, 26, 4


@dataclass(frozen=True)
class Spark:
    """One line: its pieces (``x,y x,y``), its known points, and its words."""

    lines: tuple[str, ...]
    points: tuple[tuple[float, float], ...]
    text: str

    width, height = WIDTH, HEIGHT


def draw(values: Sequence[tuple[str, float | None, str]]) -> Spark:
    """``(year, value from 0 to 1, its words)`` in order; one scale, so that rows can be compared."""
    step = (WIDTH - 2 * EDGE) / max(len(values) - 1, 1)
    pieces: list[list[tuple[float, float]]] = [[]]
    for n, (_, value, _) in enumerate(values):
        if value is None:
            pieces.append([])
        else:
            share = min(max(value, 0.0), 1.0)
            y = HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * share
            pieces[-1].append((round(EDGE + step * n, 1), round(y, 1)))
    lines = tuple(" ".join(f"{x},{y}" for x, y in piece) for piece in pieces if len(piece) > 1)
    told = ", ".join(f"{year} {words}" for year, _, words in values)
    return Spark(lines, tuple(point for piece in pieces for point in piece), told)
