"""Tables as text: aligned on a screen, Markdown in the note."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

Row = tuple[str, ...]


def screen(header: Row, rows: Sequence[Row]) -> str:
    """Columns aligned, the first to the left and the rest to the right."""
    widths = [max(len(cell) for cell in column) for column in zip(header, *rows, strict=True)]
    lines = [
        "  ".join(
            cell.rjust(width) if n else cell.ljust(width)
            for n, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in (header, *rows)
    ]
    return "\n".join(lines) + "\n"


def markdown(header: Row, rows: Sequence[Row]) -> str:
    """The same as a table of Markdown."""
    rule = ("---",) + ("---:",) * (len(header) - 1)
    return "".join("| " + " | ".join(row) + " |\n" for row in (header, rule, *rows))


def share(value: float | None) -> str:
    """A share with three places, a dash where there is none."""
    return "-" if value is None else f"{value:.3f}"
