"""Tables of a harvest that is there, opened in an engine for questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harvester.engine import schema
from harvester.engine.schema import links

if TYPE_CHECKING:
    from ibis.expr.types import Table as IbisTable

    from harvester.engine.engine import Engine
    from harvester.engine.granary import Harvest

LINKS_IN_FULL = "links_in_full"
"""What :func:`links_in_full` is called in a query."""


def opened(engine: Engine, harvest: Harvest, table: schema.Table) -> IbisTable:
    """A table of ``harvest`` in the engine; empty where the harvest is older than the table."""
    path = harvest.path(table.name)
    return engine.scan([path], table) if path.exists() else engine.load(table.name, table.empty())


def links_in_full(engine: Engine, harvest: Harvest) -> IbisTable:
    """Links of ``harvest`` with their ``reasons`` written out; opens links and wordings."""
    opened(engine, harvest, schema.WORDINGS)
    held = opened(engine, harvest, schema.LINKS)
    return engine.stand_for(LINKS_IN_FULL, links.links_in_full(held.columns))


def chosen_in_full(engine: Engine, chosen: str) -> str:
    """SQL of the links that a query over ``links`` chooses, with their ``reasons`` written out.

    For a few of many; :func:`links_in_full` has written all of them.
    """
    columns = engine.read("SELECT * FROM links LIMIT 0").column_names
    return f"WITH chosen AS MATERIALIZED ({chosen}) {links.links_in_full(columns, 'chosen')}"


__all__ = ["LINKS_IN_FULL", "chosen_in_full", "links_in_full", "opened"]
