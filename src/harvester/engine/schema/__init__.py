"""Every table of the Harvester: columns, types, units and meaning, declared once.

Written tables are cast to these schemas (:meth:`Table.conform`), so a stage that forgets or
misnames a column fails at once. ``docs/reference/tables.md`` is generated from here.

Conventions: ``*_cents`` whole cents (int64, nominal); ``longitude``/``latitude`` degrees EPSG:4326;
text is ``""`` when the publisher wrote nothing and ``unknown`` when *we* could not resolve it;
null means not known. Codes are those of ``rules/data``.
"""

from __future__ import annotations

from harvester.engine.schema.judged import (
    COVERAGE,
    EVIDENCE,
    FINDINGS,
    INDICATOR_PARTS,
    INDICATOR_SLICES,
    INDICATORS,
    MENDED,
    TARGET_WORKS,
    TARGETS,
)
from harvester.engine.schema.linked import (
    DECISIONS,
    ENTRIES,
    LEDGER,
    MEMBERSHIPS,
    REDIRECTS,
    RELATIONS,
    REVIEW,
    UNDERTAKINGS,
)
from harvester.engine.schema.links import LINKS, WORDINGS
from harvester.engine.schema.placed import BENEFITS, MENDS, PLACES, SPATIAL_BUDGET
from harvester.engine.schema.reading import (
    AREAS,
    COLUMNS,
    LINES,
    PROBLEMS,
    SOURCE_ENTRIES,
    SUBMISSIONS,
)
from harvester.engine.schema.table import (
    DAY,
    FLAG,
    REAL,
    SMALL,
    TEXT,
    UNKNOWN,
    WHOLE,
    Column,
    Table,
)

READING_TABLES = (SUBMISSIONS, COLUMNS, SOURCE_ENTRIES, LINES, PROBLEMS, AREAS)
"""What a reader makes of a file; stored with the file and never changed."""

HARVEST_TABLES = (
    SUBMISSIONS,
    COLUMNS,
    PROBLEMS,
    ENTRIES,
    LINES,
    AREAS,
    WORDINGS,
    LINKS,
    MEMBERSHIPS,
    UNDERTAKINGS,
    RELATIONS,
    LEDGER,
    REDIRECTS,
    DECISIONS,
    PLACES,
    BENEFITS,
    MENDS,
    SPATIAL_BUDGET,
    INDICATOR_PARTS,
    INDICATORS,
    INDICATOR_SLICES,
    TARGETS,
    TARGET_WORKS,
    FINDINGS,
    EVIDENCE,
    MENDED,
    COVERAGE,
    REVIEW,
)
"""What a run writes, one Parquet file each."""

__all__ = [
    "AREAS",
    "BENEFITS",
    "COLUMNS",
    "COVERAGE",
    "DAY",
    "DECISIONS",
    "ENTRIES",
    "EVIDENCE",
    "FINDINGS",
    "FLAG",
    "HARVEST_TABLES",
    "INDICATORS",
    "INDICATOR_PARTS",
    "INDICATOR_SLICES",
    "LEDGER",
    "LINES",
    "LINKS",
    "MEMBERSHIPS",
    "MENDED",
    "MENDS",
    "PLACES",
    "PROBLEMS",
    "READING_TABLES",
    "REAL",
    "REDIRECTS",
    "RELATIONS",
    "REVIEW",
    "SMALL",
    "SOURCE_ENTRIES",
    "SPATIAL_BUDGET",
    "SUBMISSIONS",
    "TARGETS",
    "TARGET_WORKS",
    "TEXT",
    "UNDERTAKINGS",
    "UNKNOWN",
    "WHOLE",
    "WORDINGS",
    "Column",
    "Table",
]
