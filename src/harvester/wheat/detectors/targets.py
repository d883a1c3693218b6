"""W11: what lies outside the areas the plan targets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harvester.wheat import words
from harvester.wheat.finding import Bench, Draft, Shown, declared, name_of, plan_of

if TYPE_CHECKING:
    from collections.abc import Iterator

# An undertaking with a point of its own, no part of which lies in a priority area of any layer, in
# a metro whose priority areas were read. A row that names a zone, or lies in one, speaks for it.
_OUTSIDE = """
WITH targeted AS (
    SELECT DISTINCT metro FROM in_areas WHERE priority
), lying AS (
    SELECT p.entry_id, bool_and(p.place_class = 'located') AS sure,
           sum(CASE WHEN a.priority THEN p.weight ELSE 0 END) AS inside
    FROM in_places p LEFT JOIN in_areas a ON a.area_id = p.area_id
    WHERE p.layer IN (SELECT layer FROM in_areas WHERE priority) GROUP BY p.entry_id
), told AS (
    SELECT s.undertaking_id, s.metro, sum(l.inside) AS inside,
           bool_or(l.sure AND s.longitude IS NOT NULL) AS pointed,
           arg_min(s.entry_id, CASE WHEN l.sure AND s.longitude IS NOT NULL
                                    THEN (-s.season, s.entry_id) END) AS point_entry,
           max(CASE WHEN s."function" = 'housing' AND s.nature = 'new' THEN s.units END) AS units,
           list_sort(list(DISTINCT CASE WHEN s."grant" IN ({tied}) THEN s."grant" END)) AS tied,
           arg_min(s.entry_id, CASE WHEN s."grant" IN ({tied}) THEN s.entry_id END) AS tied_entry,
           bool_or(trim(s.zone_text) <> '') AS names_zone, min(s.probability) AS sure
    FROM fact_standing s JOIN lying l USING (entry_id)
    WHERE s.kind = 'project' GROUP BY s.undertaking_id, s.metro
)
SELECT v.*, t.point_entry, t.tied, t.tied_entry, t.units, t.sure, coalesce(u."function", 'unknown')
       AS "function"
FROM told t JOIN targeted USING (metro)
JOIN fact_voice v ON v.undertaking_id = t.undertaking_id
JOIN in_undertakings u ON u.undertaking_id = t.undertaking_id
WHERE t.pointed AND t.inside = 0 AND NOT t.names_zone AND v.amount_cents > 0
  AND (t.tied_entry IS NOT NULL OR t.units >= {units})
ORDER BY t.undertaking_id
"""


def outside_the_targets(bench: Bench) -> Iterator[Draft]:
    """W11: targeted grants, and settlements that shape the city, outside every priority area."""
    query = _OUTSIDE.format(
        tied=bench.thresholds.sql_list("W11.tied_grants"),
        units=bench.thresholds["W11.mega_units"],
    )
    for row in bench.facts.query(query).to_pylist():
        here = words.paper(bench.book, row["document"], row["institution"], row["year"])
        tied = [grant for grant in row["tied"] or [] if grant]
        why = (
            f"paid from {' and '.join(bench.grants.label(grant) for grant in tied)}"
            if tied
            else f"of {round(row['units']):,} units".replace(",", " ")
        )
        shown = (
            Shown("field", "paid from", entry_id=row["tied_entry"], field="fund_text")
            if tied
            else Shown("field", "units", entry_id=row["point_entry"], field="units")
        )
        yield Draft(
            about=(row["undertaking_id"],),
            statement=f"{words.project(row['name'])}, {words.rand(row['amount_cents'])} in {here}, {why}, lies outside "
            f"every area that {words.municipality(bench.book, row['metro'])} targets.",
            metro=row["metro"],
            year=row["year"],
            parties=(row["metro"], row["institution"], row["owner"]),
            rand=row["amount_cents"],
            rand_low=round(row["amount_cents"] * row["sure"]),
            rand_high=row["amount_cents"],
            confidence=row["sure"],
            undertaking_id=row["undertaking_id"],
            function=row["function"],
            evidence=[
                name_of(row["entry_id"], f"stands in {here}"),
                *(
                    Shown("field", "place", entry_id=row["point_entry"], field=field)
                    for field in ("latitude", "longitude")
                ),
                shown,
                *plan_of(row["entries"], f"planned in {here}"),
            ],
        )


TARGET_DETECTORS = (declared("W11", outside_the_targets),)
