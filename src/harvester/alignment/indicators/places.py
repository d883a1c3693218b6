"""Indicators of places: H3 continuity across boundaries."""

from __future__ import annotations

from harvester.alignment.indicators.declared import Indicator

_CONTINUITY = """
WITH best AS (
    SELECT metro, sphere, year, entry_id, max(CASE status WHEN 'continued' THEN 2
               WHEN 'unknown' THEN 1 ELSE 0 END) AS standing, max(almost) AS almost
    FROM fact_crossing GROUP BY metro, sphere, year, entry_id
)
SELECT metro, sphere, year, entry_id AS item, entry_id, 1 AS amount_cents,
       CASE standing WHEN 2 THEN 1.0 WHEN 0 THEN 0.0 END AS share,
       CASE standing WHEN 2 THEN 1.0 ELSE 0.0 END AS share_low,
       CASE standing WHEN 0 THEN almost ELSE 1.0 END AS share_high
FROM best
"""

PLACE_INDICATORS = (
    Indicator(
        "H3",
        "Cross-boundary continuity",
        "Do networks that reach a municipal boundary go on across it?",
        "undertakings of water, sanitation, stormwater, electricity, roads, public transport and "
        "rail that touch another municipality and have a counterpart there ÷ all such",
        "undertakings",
        "1 means every network project at the boundary is the neighbour's too, or meets one of the "
        "same kind. Touching and meeting are distances of rules/data/norms.yaml. Unknown where no "
        "plan or budget of the neighbour was read; nothing at all where no boundary was.",
        "This project's definition (product specification, section 5); the distances are its own "
        "choice",
        higher_is_better=True,
        query=_CONTINUITY,
    ),
)
