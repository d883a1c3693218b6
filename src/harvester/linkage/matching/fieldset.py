"""What a linker needs to be told of a kind of record: its fields, its keys, what is compared.

A level's ``m`` is the chance of seeing it in two entries of one thing, ``u`` in two entries of
different things; its weight is ``log2(m / u)``. Levels of an aspect are tried in order.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pyarrow as pa

    from harvester.engine.engine import Engine
    from harvester.linkage.matching.scoring import Model


@dataclass(frozen=True)
class Level:
    """One outcome of a comparison. ``when`` is SQL on ``x_l``/``x_r``; ``says`` SQL for its words.

    A level with ``m == u`` weighs nothing and is not mentioned.
    """

    when: str
    m: float
    u: float
    says: str

    @property
    def weight(self) -> float:
        """Bits for (or against) one thing."""
        return math.log2(self.m / self.u)


@dataclass(frozen=True)
class Aspect:
    """One comparison: levels tried in order; missing values (``null``) weigh nothing.

    ``measure`` is SQL worked out once for each pair; ``null``, ``when`` and ``says`` read it as
    ``<name>_measure``. ``first`` (column to SQL) is worked out before it, and read by all of them.
    """

    name: str
    null: str
    levels: tuple[Level, ...]
    otherwise: Level
    measure: str = ""
    first: Mapping[str, str] = field(default_factory=dict)

    @property
    def outcomes(self) -> tuple[Level, ...]:
        """Levels in order, the last for what none of them fits; outcome 0 (missing) is not one."""
        return (*self.levels, self.otherwise)


def bits(when: str, weight: float, says: str, *, m: float = 0.05) -> Level:
    """A level of a given weight, for ``u`` that the run measured."""
    return Level(when, m, min(1.0, m * 2.0**-weight), says)


LATER = "TRUE"
"""Stands for ``null`` of an aspect that the field set's ``refine`` judges, once pairs are scored."""

NEUTRAL = Level("", 0.5, 0.5, "''")
"""Tells nothing either way."""


@dataclass(frozen=True)
class Additions:
    """How records are added to a linked whole.

    ``features`` and ``keys`` do what a field set's do, judged by the ``statistics`` of the whole
    (tables ``link_...``, there as ``known_...``); ``standing`` are those of them that stay as they
    are. ``marks`` is the SQL of ``uid``, ``entry_id`` and ``mark`` of ``link_records``: a number
    that changes with anything the record says; ``link_features`` has ``entry_id`` and ``mark`` too.
    """

    features: Callable[[Engine, pa.Table], int]
    keys: Callable[[Engine], str]
    marks: str
    statistics: Sequence[str]
    standing: Sequence[str]


@dataclass(frozen=True)
class FieldSet:
    """One kind of record and how two of them are compared. All SQL is in DuckDB's words.

    ``features`` makes table ``link_features`` (``uid`` 0, 1, 2 ...; ``src``, the number of its
    source; ``base_everywhere``, log2 of how many different things the run can hold; and what the
    aspects read) and returns the number of rows. ``editions`` (if any) makes pairs ``l``, ``r`` that
    need no key and, in ``link_attached`` (``uid``), the records that then need none. ``keys`` gives
    the SQL of ``uid``, ``src``, ``k``, ``within`` (pairs of one source too) and ``bound`` (no pair
    of two such), where what is told may be a key by itself on so many records at most: ``crowd``, or
    fewer where pairs would be too many. ``members`` is the SQL of ``uid``, ``src``,
    ``codes`` (those that let rows of one source be one), ``municipality`` and the columns of ``parts``:
    a cluster holds one of each at most; null says nothing. ``yearly`` names the aspects in which the
    editions of one row differ; the others have to say the same of a pair whichever side is left. ``learn``
    draws from ``link_pairs`` what only the run can teach, and ``refine`` gives the SQL of ``uid_l``,
    ``uid_r`` and the new ``pattern`` of scored pairs that it bears on. ``calibration``: slope
    and offset that turn bits of evidence into honest ones, learnt where the truth was known.
    """

    name: str
    features: Callable[[Engine, pa.Table], int]
    keys: Callable[[Engine, int], str]
    aspects: Callable[[float], Sequence[Aspect]]
    members: str
    parts: tuple[str, ...] = ()
    editions: Callable[[Engine], str] | None = None
    yearly: Sequence[str] = ()
    learn: Callable[[Engine, int], None] | None = None
    refine: Callable[[Engine, Model, str], str] | None = None
    additions: Additions | None = None
    crowd: int = 0
    calibration: tuple[float, float] = (1.0, 0.0)
