"""The alignment stage: who submitted what, and how well the spheres line up."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, NamedTuple

from harvester.alignment.coverage import coverage
from harvester.alignment.facts import Facts
from harvester.alignment.indicators import INDICATORS
from harvester.alignment.values import summed, tidied, values, wider
from harvester.engine import schema

if TYPE_CHECKING:
    from ibis.expr.types import Table as IbisTable

    from harvester.engine.engine import Engine

__all__ = ["coverage", "measure"]


class Measured(NamedTuple):
    """What measuring gives, each the table of its name in :mod:`harvester.engine.schema`."""

    indicator_parts: IbisTable
    indicators: IbisTable
    indicator_slices: IbisTable
    targets: IbisTable
    target_works: IbisTable


# One work stands behind a target once, whatever the themes it is told by.
_WORKS = """
SELECT target_entry, work_entry, min(coalesce(undertaking_id, '')) AS undertaking_id,
       min(metro) AS metro, min(how) AS how, max(amount_cents) AS amount_cents
FROM fact_target_work GROUP BY target_entry, work_entry
"""


def measure(engine: Engine, tables: dict[str, IbisTable], facts: Facts | None = None) -> Measured:
    """Every indicator on every slice, and the cascade from targets to works.

    ``tables`` are the harvest's tables by schema name: submissions, columns, entries, lines,
    links, memberships, undertakings, places, areas, coverage, spatial_budget; one left out counts
    as empty. ``facts`` are those of the same tables, where they are held already. The parts stay
    where they are made, a table of the engine for each indicator: a second copy of the largest
    table of a harvest serves nobody. Raises ``EngineError`` when a table lacks a column.
    """
    with nullcontext(facts) if facts else Facts(engine, tables) as held:
        made = {f"parts_{n}": tidied(indicator) for n, indicator in enumerate(INDICATORS)}
        for name, query in made.items():
            held.make(name, query)
        names = ", ".join(f'"{name}"' for name in schema.TARGETS.names)
        promised = held.query(f"SELECT {names} FROM fact_cascade")
        works = held.query(_WORKS)
    told = schema.INDICATOR_PARTS
    every = " UNION ALL ".join(f"SELECT * FROM {name}" for name in made)
    parts = engine.stand_for(told.name, told.selected(every))
    told.refuse_nulls(engine.read(told.nulls(told.name)))
    summed(engine)
    measured = Measured(
        parts,
        engine.table(schema.INDICATORS, values(engine)),
        engine.table(schema.INDICATOR_SLICES, wider(engine)),
        engine.table(schema.TARGETS, schema.TARGETS.conform(promised)),
        engine.table(schema.TARGET_WORKS, schema.TARGET_WORKS.conform(works)),
    )
    engine.drop("indicator_sums")
    return measured
