"""Undertakings that stand for one another: a whole and the parts it was split into, or merged from.

Where a plan names the whole and a budget its parts, neither has fallen out: the whole landed through
its parts, and each part was planned as part of the whole.
"""

from __future__ import annotations

# Both ways: `role` is what `undertaking_id` is to `kin`, a whole or a part.
KIN = """
WITH parts AS (
    SELECT from_undertaking AS whole, to_undertaking AS part, probability FROM in_relations
    WHERE kind = 'split_into'
    UNION ALL
    SELECT to_undertaking, from_undertaking, probability FROM in_relations
    WHERE kind = 'merged_into'
), once AS (
    SELECT whole, part, max(probability) AS probability FROM parts GROUP BY whole, part
)
SELECT whole AS undertaking_id, part AS kin, 'whole' AS role, probability FROM once
UNION ALL SELECT part, whole, 'part', probability FROM once
"""

# Where an undertaking stands: where a row of it does, else where its kin does in its stead.
STOOD = """
SELECT undertaking_id, document, institution, metro, season, entry_id, first_month, probability
FROM fact_appearance
UNION ALL
SELECT k.undertaking_id, b.document, b.institution, b.metro, b.season,
       arg_min(b.entry_id, (coalesce(b.first_month, 99999), b.entry_id)) AS entry_id,
       min(b.first_month) AS first_month, min(least(b.probability, k.probability)) AS probability
FROM fact_kin k JOIN fact_appearance b ON b.undertaking_id = k.kin
ANTI JOIN fact_appearance o ON o.undertaking_id = k.undertaking_id AND o.document = b.document
     AND o.institution = b.institution AND o.season = b.season
GROUP BY k.undertaking_id, b.document, b.institution, b.metro, b.season
"""

FACTS = {"fact_kin": KIN, "fact_stood": STOOD}
