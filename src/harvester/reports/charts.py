"""Bars drawn as inline SVG inside tables, so that each picture stands beside its own figures.

Widths are percentages: nothing is scaled, so the text around them keeps its size on a phone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from harvester.reports.words import PLACE_CLASSES

if TYPE_CHECKING:
    from collections.abc import Mapping


def stacked(cents: Mapping[str, int], widest: int, label: str) -> Markup:
    """One bar, its parts by place class, as long as its sum is of ``widest``.

    Negative sums (journals) draw nothing; their figures stand in the table.
    """
    whole = max(widest, 1)
    parts, at = [], 0.0
    for name in PLACE_CLASSES:
        width = 100 * max(cents.get(name, 0), 0) / whole
        if width > 0:
            parts.append(_rect(at, width, f"c-{name}"))
        at += width
    return _svg(parts, label)


def bar(value: int, widest: int, label: str, look: str = "c-bar") -> Markup:
    """One plain bar as long as ``value`` is of ``widest``."""
    width = 100 * max(value, 0) / max(widest, 1)
    return _svg([_rect(0, width, look)] if width > 0 else [], label)


def band(  # noqa: PLR0917 - what a band is made of
    value: float | None,
    low: float | None,
    high: float | None,
    label: str,
    least: float | None = None,
    most: float | None = None,
) -> Markup:
    """A value as a mark, its band as a shade and its bounds as a thin line, on a track from 0 to 1;
    hatched when unknown."""
    if value is None:
        return _svg([_rect(0, 100, "c-unknown")], label)
    parts = [_rect(0, 100, "track")]
    if low is not None and high is not None:
        parts.append(_rect(100 * low, 100 * (high - low), "shade"))
    if least is not None and most is not None:
        parts.append(_rect(100 * least, 100 * (most - least), "whisker"))
    parts.append(_rect(min(100 * value, 99.2), 0.8, "mark"))
    return _svg(parts, label)


def _rect(x: float, width: float, look: str) -> str:
    tall = 'y="44%" height="12%"' if look == "whisker" else 'height="100%"'
    return f'<rect x="{x:.2f}%" width="{width:.2f}%" {tall} class="{look}"/>'


def _svg(parts: list[str], label: str) -> Markup:
    inside = "".join(parts)
    # Everything but the label is made here from numbers; the label is escaped.
    return Markup(  # noqa: S704
        f'<svg class="bar" role="img" aria-label="{escape(label)}">{inside}</svg>'
    )
