"""Coordinates and drawings that cannot be where their row says they are, one problem for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harvester.engine import schema
from harvester.space.points import ELSEWHERE, NOWHERE

if TYPE_CHECKING:
    import pyarrow as pa

    from harvester.engine.engine import Engine
    from harvester.space.footing import Footing

SHOWN = 80
"""Characters of a drawing a message shows."""


def doubted_places(engine: Engine, footing: Footing) -> pa.Table:
    """Problems (``schema.PROBLEMS``, stage ``space``), one for each point or drawing in doubt."""
    counted: dict[str, int] = {}
    problems = []
    for row in doubted(engine, footing):
        submission = str(row["submission_id"])
        counted[submission] = counted.get(submission, 0) + 1
        problems.append(_problem(row, counted[submission], footing))
    return schema.PROBLEMS.from_rows(problems)


def doubted(engine: Engine, footing: Footing) -> list[dict[str, object]]:
    """Rows with a point or drawing in doubt; ``spot`` or ``drawing`` is its number, else null."""
    return list(
        engine.sql(
            """
            SELECT e.submission_id, e.sheet, e.row, e.entry_id, s.spot, NULL::BIGINT AS drawing
            FROM space_points p
            JOIN space_spots s USING (longitude, latitude, metro)
            JOIN space_entries e USING (ix)
            WHERE NOT s.true
            UNION ALL
            SELECT e.submission_id, e.sheet, e.row, e.entry_id, NULL, d.drawing
            FROM space_drawn d JOIN space_entries e USING (ix) WHERE NOT d.true
            ORDER BY submission_id, row, entry_id, spot, drawing
            """,
            space_points=footing.points,
            space_spots=footing.spots.table,
            space_drawn=footing.drawings.table,
            space_entries=footing.ents,
        ).to_pylist()
    )


def _problem(row: dict[str, object], n: int, footing: Footing) -> dict[str, object]:
    spots, drawings, layers = footing.spots, footing.drawings, footing.layers
    if row["spot"] is not None:
        at = int(str(row["spot"]))
        found, metro = spots.found[at], spots.metro[at]
        value = f"{spots.longitude[at]} {spots.latitude[at]}"
    else:
        at = int(str(row["drawing"]))
        found, metro, value = drawings.found[at], drawings.metro[at], drawings.texts[at][:SHOWN]
    problem = (ELSEWHERE if found else NOWHERE).at(
        sheet=str(row["sheet"]),
        row=int(str(row["row"])),
        value=value,
        found=layers.municipality_name(found) if found else "",
        declared=layers.municipality_name(metro),
    )
    return {
        "problem_id": f"{row['submission_id']}:space:{n}",
        "submission_id": row["submission_id"],
        "stage": "space",
        "code": problem.code,
        "severity": problem.severity.value,
        "sheet": problem.sheet,
        "row": problem.row,
        "column": problem.column,
        "header": problem.header,
        "value": problem.value,
        "message": problem.message,
        "mend": problem.mend,
    }
