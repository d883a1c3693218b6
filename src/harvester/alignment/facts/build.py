"""The facts: tables in the engine that indicators measure and detectors read.

They are built from the harvest's tables when a query first names them, and live only while a stage
works. Each is one SQL query in a module of this package, with its meaning beside it; detectors read
these same tables, so that a landing rate and the findings under it can never disagree.

Every query is a chain of joins on ids and grouped sums: the work grows in line with the number
of entries.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyarrow as pa

from harvester.alignment.facts import (
    areas,
    boundary,
    capital,
    cascade,
    complements,
    execution,
    grants,
    kin,
    landing,
    near,
    pairs,
    standing,
    visibility,
)
from harvester.engine import schema
from harvester.rules import institutions

if TYPE_CHECKING:
    from types import TracebackType

    from ibis.expr.types import Table as IbisTable

    from harvester.engine.engine import Engine

_ENTRY_COLUMNS = (
    "entry_id",
    "submission_id",
    "row",
    "kind",
    "name",
    "location_text",
    "document",
    "institution",
    "owner",
    "owner_text",
    "sphere",
    "metro",
    "province",
    "function",
    "asset_class",
    "nature",
    "outcome_mtsf",
    "outcome_iudf",
    "outcome_text",
    "iudf_text",
    "grant",
    "status",
    "status_text",
    "place_class",
    "zone_text",
    "longitude",
    "latitude",
    "points",
    "start_date",
    "end_date",
    "units",
    "amount_cents",
    "first_year",
)
_LINE_COLUMNS = (
    "line_id",
    "entry_id",
    "amount_cents",
    "year",
    "calendar",
    "period_start",
    "period_end",
    "phase",
    "fund_text",
)
_SUBMISSION_COLUMNS = (
    "submission_id",
    "document",
    "institution",
    "financial_year",
    "calendar",
    "stage",
    "published_on",
)
_LINK_COLUMNS = ("entry_a", "entry_b", "probability", "joined", "decided")
_AREA_COLUMNS = (
    "area_id",
    "layer",
    "kind",
    "name",
    "metro",
    "priority",
    "population",
    "square_metres",
)
_UNDERTAKING_COLUMNS = (
    "undertaking_id",
    "name",
    "metro",
    "sphere",
    "function",
    "owner",
    "place_class",
    "longitude",
    "latitude",
)
_INPUTS = (
    (schema.SUBMISSIONS, _SUBMISSION_COLUMNS),
    (schema.COLUMNS, ("submission_id", "field")),
    (schema.ENTRIES, _ENTRY_COLUMNS),
    (schema.LINES, _LINE_COLUMNS),
    (schema.LINKS, _LINK_COLUMNS),
    (schema.MEMBERSHIPS, tuple(schema.MEMBERSHIPS.names)),
    (schema.UNDERTAKINGS, _UNDERTAKING_COLUMNS),
    (schema.RELATIONS, ("from_undertaking", "to_undertaking", "kind", "probability")),
    (schema.PLACES, ("entry_id", "layer", "area_id", "place_class", "weight")),
    (schema.BENEFITS, ("entry_id", "layer", "area_id", "weight")),
    (schema.AREAS, _AREA_COLUMNS),
    (schema.COVERAGE, tuple(schema.COVERAGE.names)),
)

_QUERIES = {
    **standing.FACTS,
    **kin.FACTS,
    **landing.FACTS,
    **pairs.FACTS,
    **visibility.FACTS,
    **execution.FACTS,
    **capital.FACTS,
    **grants.FACTS,
    **complements.FACTS,
    **boundary.FACTS,
    **cascade.FACTS,
    **areas.FACTS,
}
# Facts that are worked out in Python, for what SQL cannot say (distances on the ground).
_MADE = {
    "fact_near": near.near,
    "fact_namesake": complements.namesakes,
    "fact_across": boundary.across,
    "fact_continued": boundary.continued,
}
_FACT = re.compile(r"\bfact_\w+")


class Facts:
    """The facts of one harvest, held in the engine; use as a context, or call :meth:`close`.

    ``tables`` are the harvest's tables by schema name; one that is left out counts as empty, so a
    partial harvest can still be measured.
    """

    def __init__(self, engine: Engine, tables: dict[str, IbisTable]) -> None:
        self.engine, self.tables = engine, tables
        for table, columns in _INPUTS:
            given = tables.get(table.name)
            if given is None:
                engine.load(f"in_{table.name}", table.empty().select(list(columns)))
            else:
                engine.hold(f"in_{table.name}", given.select(*columns))
        self._told = _told(engine, tables)
        for name, rows in self._told.items():
            engine.load(name, rows)
        self._built: set[str] = set()

    def query(self, sql: str) -> pa.Table:
        """Rows of one query over the facts (tables ``fact_*``) and the inputs (``in_*``)."""
        self._need(sql)
        return self.engine.read(sql)

    def make(self, name: str, sql: str) -> None:
        """Hold the answer to such a query in the engine as table ``name``; it is not let go with these."""
        self._need(sql)
        self.engine.make(name, sql)

    def _need(self, sql: str) -> None:
        """Build the facts a query names, and those they name, that are not there yet."""
        for name in sorted(set(_FACT.findall(sql))):
            if name in self._built:
                continue
            if name in _MADE:
                self.engine.load(name, _MADE[name](self))
            else:
                self._need(_QUERIES[name])
                self.engine.make(name, _QUERIES[name])
            self._built.add(name)

    def close(self) -> None:
        """Free the engine's memory."""
        inputs = [f"in_{table.name}" for table, _ in _INPUTS]
        self.engine.drop(*self._built, *inputs, *self._told)

    def __enter__(self) -> Facts:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _told(engine: Engine, tables: dict[str, IbisTable]) -> dict[str, pa.Table]:
    """Inputs made of the rules, and of what a column of a table holds inside."""
    entries = tables.get("entries")
    return {
        "in_institutions": _institutions(),
        "in_gazettes": grants.gazettes(engine, entries),
        "in_grants": grants.grants(),
        "in_funds": grants.funds(engine, tables.get("lines")),
        "in_bulk_stated": complements.bulk_stated(engine, entries),
        "in_complements": complements.complements(),
        "in_providers": complements.providers(),
        "in_targets": cascade.targets(engine, entries),
        "in_crosswalk": cascade.references(),
        "in_section_14": areas.section_14(),
    }


def _institutions() -> pa.Table:
    """Code, sphere and province of every institution."""
    known = list(institutions.load())
    return pa.table(
        {
            "code": [i.code for i in known],
            "sphere": [str(i.sphere) for i in known],
            "province": [i.province for i in known],
            "is_metro": [i.metro for i in known],
        }
    )
