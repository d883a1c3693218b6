"""Small countries with zones: every rand placed by hand, spread by the real spatial stage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from harvester.engine import schema
from harvester.engine.engine import Engine
from harvester.reports.statements.source import named
from harvester.space.stage import spatial_budget
from tests.alignment import country

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MILLION = country.MILLION


class Held:
    """Tables in an engine, asked as a statement asks them."""

    manifest = {"run": "h0001", "digest": "ab" * 32, "as_at": "2020-07-01"}

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def rows(self, query: str, **values: object) -> list[dict[str, Any]]:
        """The answer as dictionaries."""
        return self.engine.query(query, named(query, values)).to_pylist()


def zone(
    area_id: str, metro: str = "BUF", layer: str = "integration_zone", **more: object
) -> dict[str, object]:
    """One area of a layer."""
    return {"area_id": area_id, "submission_id": "areas:0", "layer": layer, "kind": layer.partition("-")[0],
            "name": area_id.partition(":")[2], "metro": metro, "priority": True} | more  # fmt: skip


def share(
    entry_id: str,
    area_id: str,
    place_class: str = "located",
    weight: int = 1,
    layer: str = "integration_zone",
) -> dict[str, object]:
    """One share of an entry in an area (empty: in none)."""
    return {"entry_id": entry_id, "layer": layer, "area_id": area_id, "place_class": place_class,
            "weight": weight, "rule": "by hand"}  # fmt: skip


def _in_municipality(
    tables: dict[str, Any], places: list[dict[str, object]]
) -> list[dict[str, object]]:
    """Every entry in its municipality, as every harvest has it, with the class of its other share."""
    classes = {row["entry_id"]: row["place_class"] for row in places}
    given = {row["entry_id"] for row in places if row["layer"] == "municipality"}
    return [
        share(row["entry_id"], f"municipality:{row['metro']}", str(classes.get(row["entry_id"], "located")), layer="municipality")
        for row in tables["entries"].to_pylist() if row["entry_id"] not in given
    ]  # fmt: skip


@pytest.fixture
def held() -> Iterator[Callable[..., Held]]:
    """Make a :class:`Held` of an ASCII country, its areas and its shares."""
    engine = Engine()

    def make(
        text: str, areas: list[dict[str, object]], places: list[dict[str, object]], **more: Any
    ) -> Held:
        tables = country.country(text, areas=areas, places=places, **more)
        tables["places"] = schema.PLACES.from_rows([*places, *_in_municipality(tables, places)])
        have = country.load(engine, tables)
        spread = spatial_budget(
            engine, have["entries"], have["lines"], have["places"], have["areas"]
        )
        engine.table(schema.SPATIAL_BUDGET, spread)
        return Held(engine)

    yield make
    engine.close()
