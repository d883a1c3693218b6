"""From what a detector wants shown to the cells that show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from harvester.engine import schema

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ibis.expr.types import Table as IbisTable

    from harvester.engine.engine import Engine
    from harvester.wheat.finding import Draft

FIELDS = (
    "name", "owner_text", "sphere_text", "municipality_text", "function_text", "fund_text",
    "zone_text", "status_text", "points", "latitude", "longitude", "start_date", "end_date",
    "units",
)  # fmt: skip
"""Fields of an entry that evidence may show."""

_WANTED = pa.schema(
    [
        ("finding_id", pa.string()),
        ("turn", pa.int32()),
        ("kind", pa.string()),
        ("note", pa.string()),
        ("entry_id", pa.string()),
        ("submission_id", pa.string()),
        ("field", pa.string()),
    ],
)

_VALUE = " ".join(f"WHEN '{name}' THEN CAST(e.{name} AS VARCHAR)" for name in FIELDS)

# A field's cell is the letter of the column that gave it and the row of the entry. Two columns may
# have given one field; both are shown.
_CELLS = f"""
WITH field_cells AS (
    SELECT w.finding_id, w.turn, w.note, w.entry_id, e.submission_id, e.sheet,
           CASE WHEN c."column" IS NULL THEN '' ELSE c."column" || e.row END AS cell,
           coalesce(CASE w.field {_VALUE} END, '') AS value
    FROM wanted w
    JOIN shown_entries e ON e.entry_id = w.entry_id
    LEFT JOIN shown_columns c ON c.submission_id = e.submission_id AND c.field = w.field
    WHERE w.kind = 'field'
), money_cells AS (
    SELECT w.finding_id, w.turn, w.note, w.entry_id, l.submission_id, l.sheet, l.cell,
           l.raw AS value
    FROM wanted w JOIN shown_lines l ON l.entry_id = w.entry_id
    WHERE (w.kind = 'plan' AND (l.phase IN ('planned', 'budget', 'gazetted')
                                OR (l.phase = 'adjusted' AND NOT l.has_budget)))
       OR (w.kind = 'spending' AND l.year = w.field
           AND l.phase IN ('budget', 'adjusted', 'actual'))
), whole_papers AS (
    SELECT w.finding_id, w.turn, w.note, '' AS entry_id, w.submission_id, s.sheet, '' AS cell,
           '' AS value
    FROM wanted w LEFT JOIN shown_submissions s ON s.submission_id = w.submission_id
    WHERE w.kind IN ('searched', 'nothing')
), cells AS (
    SELECT * FROM field_cells UNION ALL SELECT * FROM money_cells
    UNION ALL SELECT * FROM whole_papers
)
SELECT c.finding_id,
       row_number() OVER (PARTITION BY c.finding_id ORDER BY c.turn,
           length(regexp_extract(c.cell, '^[A-Z]*')), c.cell, c.entry_id)::INTEGER AS n,
       c.note, c.entry_id, c.submission_id, coalesce(s.file, '') AS file,
       coalesce(c.sheet, '') AS sheet, c.cell, c.value
FROM cells c LEFT JOIN shown_submissions s USING (submission_id)
ORDER BY c.finding_id, n
"""


def gather(
    engine: Engine, tables: dict[str, IbisTable], drafts: Iterable[tuple[str, Draft]]
) -> pa.Table:
    """``schema.EVIDENCE`` of findings given as (finding id, draft), in order of finding and turn.

    Only the entries that are shown are looked up, in one pass over each table.
    """
    wanted = _wanted(drafts)
    ids = engine.load("wanted_entries", wanted.select(["entry_id"]))
    entries = tables["entries"].semi_join(ids, "entry_id")
    lines = tables["lines"].semi_join(ids, "entry_id")
    has_budget = (lines.phase == "budget").any().over(group_by="entry_id")
    rows = engine.sql(
        _CELLS,
        wanted=wanted,
        shown_entries=entries.select("entry_id", "submission_id", "sheet", "row", *FIELDS),
        shown_columns=tables["columns"].select("submission_id", "field", "column"),
        shown_lines=lines.select(
            "entry_id",
            "submission_id",
            "sheet",
            "cell",
            "raw",
            "phase",
            "year",
            has_budget=has_budget,
        ),
        shown_submissions=tables["submissions"].select("submission_id", "file", "sheet"),
    )
    engine.drop("wanted_entries")
    return schema.EVIDENCE.conform(rows)


def _wanted(drafts: Iterable[tuple[str, Draft]]) -> pa.Table:
    rows: list[tuple[object, ...]] = []
    for finding_id, draft in drafts:
        for turn, shown in enumerate(dict.fromkeys(draft.evidence)):
            rows.append(
                (
                    finding_id,
                    turn,
                    shown.kind,
                    shown.note,
                    shown.entry_id,
                    shown.submission_id,
                    shown.field,
                ),
            )
    columns = zip(*rows, strict=True) if rows else [()] * len(_WANTED)
    return pa.table(
        [pa.array(c, f.type) for c, f in zip(columns, _WANTED, strict=True)],
        schema=_WANTED,
    )
