"""Capital rand, each undertaking counted once for each sphere and season.

A metro's own capital is what its budget of the season says; where no budget was read its IDP's,
else its pipeline's. Projects of other owners in those plans are left to the owners' own lists. An
undertaking that several lists of other spheres carry is counted by the first of: provincial list,
national list, agency list, infrastructure plan.
"""

from __future__ import annotations

CAPITAL = """
WITH own AS (
    SELECT * FROM fact_entry
    WHERE document IN ('pipeline', 'idp', 'budget') AND sphere IN ('local', 'unknown')
    QUALIFY list_position(['budget', 'idp', 'pipeline'], document)
          = min(list_position(['budget', 'idp', 'pipeline'], document))
            OVER (PARTITION BY metro, year)
), others AS (
    SELECT * FROM fact_entry
    WHERE document IN ('provincial_projects', 'national_projects', 'agency_projects',
                       'infrastructure_plan')
    QUALIFY (document, submission_id) = first((document, submission_id)) OVER (
        PARTITION BY coalesce(undertaking_id, entry_id), year
        ORDER BY list_position(['provincial_projects', 'national_projects', 'agency_projects',
                                'infrastructure_plan'], document),
                 published_on DESC NULLS LAST, submission_id)
)
SELECT * FROM own UNION ALL SELECT * FROM others
"""

# Money of capital entries by municipal year. Where two seasons plan the same year the later one
# counts. A line's months are spread flat, and cut at 1 July so that the parts sum to the line.
CAPITAL_YEAR = """
WITH latest AS (
    SELECT l.*, e.metro, e.sphere, e.place_class FROM fact_line l
    JOIN fact_capital e USING (entry_id)
    WHERE l.month0 IS NOT NULL AND l.month1 >= l.month0
    QUALIFY e.season = max(e.season) OVER (
        PARTITION BY e.document, e.institution, e.metro, l.calendar, l.start_year)
), cut AS (
    SELECT *, unnest(generate_series((month0 + 6) // 12, (month1 + 6) // 12)) AS ending,
           month1 - month0 + 1 AS months
    FROM latest
), split AS (
    SELECT *,
           amount_cents::HUGEINT * (least(month1, ending * 12 + 5) - month0 + 1) // months
         - amount_cents::HUGEINT * (greatest(month0, ending * 12 - 6) - month0) // months AS part
    FROM cut
)
SELECT entry_id, metro, sphere, place_class,
       printf('%d/%02d', ending - 1, ending % 100) AS year, sum(part)::BIGINT AS amount_cents
FROM split GROUP BY ALL
"""

# Share of each entry that lies in the priority areas of its metro. Layers of priority areas may
# overlap (a hub inside an integration zone): the greatest layer is the least it can be, their sum
# the most.
TARGETED = """
WITH layer_share AS (
    SELECT p.entry_id, p.layer,
           sum(CASE WHEN a.priority THEN p.weight ELSE 0 END)::DOUBLE / sum(p.weight) AS share
    FROM in_places p LEFT JOIN in_areas a ON a.area_id = p.area_id
    WHERE p.layer IN (SELECT layer FROM in_areas WHERE priority)
    GROUP BY p.entry_id, p.layer HAVING sum(p.weight) > 0
)
SELECT entry_id, max(share) AS share, least(1.0, sum(share)) AS share_high
FROM layer_share GROUP BY entry_id
"""

FACTS = {
    "fact_capital": CAPITAL,
    "fact_capital_year": CAPITAL_YEAR,
    "fact_targeted": TARGETED,
}
