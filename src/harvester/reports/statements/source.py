"""The tables a statement asks, whoever holds them open."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Protocol

from harvester.engine import schema
from harvester.engine.engine import Engine
from harvester.reports.tables import opened

if TYPE_CHECKING:
    from types import TracebackType

    from harvester.engine.granary import Harvest

_NAME = re.compile(r"\$(\w+)")


class Source(Protocol):
    """Where a statement gets its rows: the web's open harvest, or :class:`OpenHarvest`."""

    @property
    def manifest(self) -> dict[str, Any]:
        """What the run says of itself."""
        ...

    def rows(self, query: str, **values: object) -> list[dict[str, Any]]:
        """The answer of a query; ``$name`` in it is ``values["name"]``, values not named are left."""
        ...


class OpenHarvest:
    """A harvest opened for questions; use as a context."""

    def __init__(self, harvest: Harvest) -> None:
        self.manifest = harvest.manifest
        self._engine = Engine()
        for table in schema.HARVEST_TABLES:
            opened(self._engine, harvest, table)

    def rows(self, query: str, **values: object) -> list[dict[str, Any]]:
        """The answer of a query as dictionaries. Raises ``EngineError``."""
        return self._engine.query(query, named(query, values)).to_pylist()

    def __enter__(self) -> OpenHarvest:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._engine.close()


def named(query: str, values: dict[str, object]) -> dict[str, object]:
    """Those values that the query names."""
    asked = set(_NAME.findall(query))
    return {name: value for name, value in values.items() if name in asked}


def harvest_words(source: Source) -> dict[str, Any]:
    """Run, digest and day of judgement, as every statement carries them."""
    return {name: source.manifest.get(name) for name in ("run", "digest", "as_at")}
