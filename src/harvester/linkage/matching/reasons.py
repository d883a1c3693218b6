"""Why two entries were linked, or not, in words a planner reads, with the weight of each reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

    from harvester.engine.engine import Engine
    from harvester.linkage.matching.model import Aspect

LEAST_WEIGHT = 0.25
"""Reasons that weigh less than this many bits are left out."""


def explain(engine: Engine, aspects: tuple[Aspect, ...]) -> None:
    """Make table ``link_reasons`` (``uid_l``, ``uid_r``, ``reasons``) for ``link_scores``.

    ``reasons`` is a JSON list of ``{"reason", "weight"}``, heaviest first, weights in bits with two
    decimals (positive for one project, negative against); the prior is not among them.
    """
    db: duckdb.DuckDBPyConnection = engine.connection.con
    columns = [row[0] for row in db.execute("DESCRIBE link_features").fetchall()]
    sides = ", ".join(
        f"{s}.{c} AS {c}_{s}" for c in columns if c not in {"uid", "match_key"} for s in ("l", "r")
    )
    said = ",\n".join(
        f"{{'reason': CASE WHEN {a.null} THEN '' {_cases(a)} ELSE {a.otherwise.says} END, "
        f"'weight': round(mw_{a.name}, 2)}}"
        for a in aspects
    )
    db.execute(f"""
CREATE OR REPLACE TABLE link_reasons AS
WITH sided AS (
    SELECT s.*, {sides} FROM link_scores s
    JOIN link_features l ON l.uid = s.uid_l JOIN link_features r ON r.uid = s.uid_r
), said AS (SELECT uid_l, uid_r, list_filter([{said}],
    lambda x: x.reason <> '' AND abs(x.weight) >= {LEAST_WEIGHT}) AS reasons FROM sided)
SELECT uid_l, uid_r, to_json(list_transform(
    list_sort(list_transform(reasons, lambda x:
        {{'k': -abs(x.weight), 'reason': x.reason, 'weight': x.weight}})),
    lambda x: {{'reason': x.reason, 'weight': x.weight}}))::VARCHAR AS reasons
FROM said
""")


def _cases(aspect: Aspect) -> str:
    return " ".join(f"WHEN {level.when} THEN {level.says}" for level in aspect.levels)
