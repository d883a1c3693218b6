"""What is wrong with the places of a harvest: points and drawings in doubt, wards of another day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harvester.domain.problems import ProblemKind, Severity
from harvester.engine import schema
from harvester.space.ground.points import ELSEWHERE, NOWHERE
from harvester.space.named.naming import NOT_LOADED

if TYPE_CHECKING:
    import pyarrow as pa

    from harvester.domain.problems import Problem
    from harvester.engine.engine import Engine
    from harvester.space.ground.footing import Footing

SHOWN = 80
"""Characters of a drawing a message shows."""

WARDS_NOT_LOADED = ProblemKind(
    "wards_not_loaded",
    Severity.WARNING,
    "{rows} of this file name a {ward}, {not_loaded}; their money is in no ward.",
    "Load the ward boundaries of that demarcation (a layer whose name or attribute bears its year); "
    "numbers of one demarcation are not those of another.",
)


def doubted_places(engine: Engine, footing: Footing, places: pa.Table) -> pa.Table:
    """Problems (``schema.PROBLEMS``, stage ``space``): one for each point or drawing in doubt, and
    one a submission and demarcation for wards (``places``) whose boundaries are not loaded."""
    counted: dict[str, int] = {}
    problems = []
    told = [(row, _doubt(row, footing)) for row in doubted(engine, footing)]
    told += [(row, _wards(row)) for row in _unloaded_wards(engine, footing, places)]
    for row, problem in told:
        submission = str(row["submission_id"])
        counted[submission] = counted.get(submission, 0) + 1
        problems.append(_row(submission, counted[submission], problem))
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


def _unloaded_wards(engine: Engine, footing: Footing, places: pa.Table) -> list[dict[str, object]]:
    """``submission_id, ward, entries`` of rows that name wards nobody has loaded."""
    return list(
        engine.sql(
            f"""
            SELECT e.submission_id, split_part(p.rule, ',', 1) AS ward,
              count(DISTINCT p.entry_id) AS entries
            FROM space_shares p JOIN space_entries e USING (entry_id)
            WHERE p.area_id = '' AND p.rule LIKE '%{NOT_LOADED}'
            GROUP BY ALL ORDER BY ALL
            """,
            space_shares=places,
            space_entries=footing.ents,
        ).to_pylist()
    )


def _wards(row: dict[str, object]) -> Problem:
    rows = f"{row['entries']} row{'' if row['entries'] == 1 else 's'}"
    return WARDS_NOT_LOADED.at(rows=rows, ward=row["ward"], not_loaded=NOT_LOADED)


def _doubt(row: dict[str, object], footing: Footing) -> Problem:
    spots, drawings, layers = footing.spots, footing.drawings, footing.layers
    if row["spot"] is not None:
        at = int(str(row["spot"]))
        found, metro = spots.found[at], spots.metro[at]
        value = f"{spots.longitude[at]} {spots.latitude[at]}"
    else:
        at = int(str(row["drawing"]))
        found, metro, value = drawings.found[at], drawings.metro[at], drawings.texts[at][:SHOWN]
    return (ELSEWHERE if found else NOWHERE).at(
        sheet=str(row["sheet"]),
        row=int(str(row["row"])),
        value=value,
        found=layers.municipality_name(found) if found else "",
        declared=layers.municipality_name(metro),
    )


def _row(submission_id: str, n: int, problem: Problem) -> dict[str, object]:
    return {
        "problem_id": f"{submission_id}:space:{n}",
        "submission_id": submission_id,
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
