"""How many people an undertaking reaches: those of the areas its money lies in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from harvester.alignment.facts import Facts

# The layer of the most areas whose population is known for every area the undertaking touches; in
# each area all people are counted once. Layers of whole municipalities, districts and provinces
# say who lives there, not who is reached, and count for city-wide undertakings alone.
_PEOPLE = """
WITH asked AS (SELECT undertaking_id FROM reach_asked), touched AS (
    SELECT DISTINCT s.undertaking_id, p.layer, p.area_id, a.population,
           a.kind IN ('municipality', 'district', 'province') AS above,
           s.place_class = 'city_wide' AS city_wide
    FROM asked q JOIN fact_standing s USING (undertaking_id)
    JOIN in_places p ON p.entry_id = s.entry_id AND p.weight > 0
    LEFT JOIN in_areas a ON a.area_id = p.area_id
), counted AS (
    SELECT undertaking_id, layer, sum(population)::BIGINT AS people
    FROM (SELECT DISTINCT undertaking_id, layer, area_id, population, above, city_wide FROM touched)
    GROUP BY undertaking_id, layer
    HAVING count(*) = count(population)
       AND (NOT bool_or(above) OR (bool_and(city_wide) AND bool_and(above)))
), layers AS (
    SELECT layer, count(*) AS areas FROM in_areas GROUP BY layer
)
SELECT c.undertaking_id, c.people FROM counted c JOIN layers l USING (layer)
QUALIFY row_number() OVER (PARTITION BY c.undertaking_id ORDER BY l.areas DESC, c.layer) = 1
"""


def people(facts: Facts, undertakings: set[str]) -> dict[str, int]:
    """People in reach of each undertaking, by id; one of which they are not known is left out."""
    wanted = sorted(undertakings - {""})
    if not wanted:
        return {}
    facts.engine.load("reach_asked", pa.table({"undertaking_id": wanted}))
    rows = facts.query(_PEOPLE).to_pylist()
    facts.engine.drop("reach_asked")
    return {row["undertaking_id"]: row["people"] for row in rows}
