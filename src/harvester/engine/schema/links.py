"""Links between entries, and the wordings in which their reasons are told.

Of millions of links many give the same reasons but for a figure or a name, so each wording is held
once, and a link holds its number and what is its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harvester.engine.schema.table import FLAG, REAL, TEXT, WHOLE, Column, Table

if TYPE_CHECKING:
    from collections.abc import Collection

LINKS = Table(
    "links",
    "Pairs of entries that may be one project, with reasons.",
    ("entry_a", "entry_b"),
    (
        Column("entry_a", TEXT, "the lesser entry id"),
        Column("entry_b", TEXT, "the greater entry id"),
        Column("probability", REAL, "that both are one project, 0 to 1, 6 decimals"),
        Column("weight", REAL, "match weight in bits, 4 decimals"),
        Column("joined", FLAG, "whether both stand in one undertaking"),
        Column("decided", TEXT, "`accepted`, `rejected` by a person, or empty"),
        Column("wording", WHOLE, "what its reasons say, in `wordings`"),
        Column(
            "figures", TEXT, "the pair's own figures, a tab between: for `{1}`, `{2}` ... there"
        ),
    ),
)

WORDINGS = Table(
    "wordings",
    "What the reasons of links say, each wording once however many links have it.",
    ("wording",),
    (
        Column("wording", WHOLE, "number of the wording"),
        Column(
            "reasons",
            TEXT,
            "JSON list of {`reason`, `weight`} a planner can read; `{1}`, `{2}` ... stand for figures",
        ),
    ),
)

MOST_FIGURES = 12
"""Figures of its own that the reasons of a pair hold at most."""

BETWEEN = "\t"
"""What stands between two figures."""


def in_full(reasons: str, figures: str) -> str:
    """SQL of the reasons of a pair with its own figures in their places, from the SQL of both."""
    for n in range(1, MOST_FIGURES + 1):
        reasons = f"replace({reasons}, '{{{n}}}', split_part({figures}, '{BETWEEN}', {n}))"
    return reasons


def in_words(reasons: str, figures: str) -> str:
    """As :func:`in_full`, of one pair that is at hand."""
    given = figures.split(BETWEEN)
    for n in range(1, MOST_FIGURES + 1):
        reasons = reasons.replace(f"{{{n}}}", given[n - 1] if n <= len(given) else "")
    return reasons


def links_in_full(columns: Collection[str], links: str = "links") -> str:
    """SQL of links with their ``reasons``, for a reader; ``columns`` are those ``links`` has.

    The engine writes out the reasons of every row before it joins them with anything: to read a few
    pairs of many, choose them first and give the table that holds them as ``links``. Harvests of an earlier version hold the reasons in ``links`` itself.
    """
    own = ", ".join(f"l.{c.name}" for c in LINKS.columns if c.name not in {"wording", "figures"})
    if "reasons" in columns:
        return f"SELECT {own}, l.reasons FROM {links} l"
    told = in_full("w.reasons", "l.figures")
    return f"SELECT {own}, {told} AS reasons FROM {links} l LEFT JOIN wordings w ON w.wording = l.wording"
