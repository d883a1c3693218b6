"""What a statement is: a finding in a sentence, the law behind it, and tables that reconcile.

Page, workbook, CSV, JSON and command line all show the same :class:`Statement`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Row = dict[str, Any]


@dataclass(frozen=True)
class Column:
    """One column of a table. ``kind``: text, rand (whole cents), share (0 to 1), number, whole;
    measure: a figure in the scale its row names (``scale``: share, ratio or months).

    A missing value is unknown, whatever the kind.
    """

    name: str
    label: str
    kind: str = "text"

    @property
    def key(self) -> str:
        """Its name in files for machines: money says that it is in cents."""
        return f"{self.name}_cents" if self.kind == "rand" else self.name


@dataclass(frozen=True)
class Table:
    """One table: rows of plain values by column name; ``totals`` are its last rows.

    ``note`` says how to read it.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: list[Row]
    totals: list[Row] = field(default_factory=list)
    note: str = ""


@dataclass(frozen=True)
class Law:
    """A rule a statement answers to; ``verified`` whether its text was read."""

    reference: str
    says: str
    verified: bool


@dataclass(frozen=True)
class Statement:
    """A statement of one place.

    ``finding`` is the sentence with the figures in it; ``verdict`` a word for machines (see each
    kind); ``used`` says what it was made from and how; ``missing`` what could not be known, and
    why. ``first`` names the table that a CSV holds when none is chosen.
    """

    kind: str
    title: str
    metro: str
    year: str
    finding: str
    verdict: str
    law: list[Law]
    used: list[str]
    missing: list[str]
    tables: list[Table]
    harvest: Row

    @property
    def first(self) -> str:
        """The table that stands for the whole."""
        return self.tables[0].name

    def table(self, name: str) -> Table | None:
        """The table of that name, or ``None``."""
        return next((table for table in self.tables if table.name == name), None)


def total_of(rows: list[Row], names: list[str], **label: str) -> Row:
    """A row of sums of ``names``; a column in which nothing is known stays unknown."""
    found: Row = dict(label)
    for name in names:
        known = [row[name] for row in rows if row.get(name) is not None]
        found[name] = sum(known) if known else None
    return found
