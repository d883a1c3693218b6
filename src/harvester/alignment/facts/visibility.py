"""Who sees whom: other spheres' undertakings in a metro, and the metro's wishes of them."""

from __future__ import annotations

_OTHERS = "('provincial_projects', 'national_projects', 'agency_projects', 'infrastructure_plan')"

# What the metro's plans of a season are: its IDP and its BEPP pipeline; those of the season after
# when neither was read.
PLAN_READ = """
WITH plans AS (
    SELECT metro, season, flatten(list(submissions ORDER BY document)) AS submissions,
           list(document ORDER BY document) AS documents
    FROM fact_read WHERE document IN ('pipeline', 'idp') GROUP BY metro, season
)
SELECT metro, season AS for_season, season, submissions, documents FROM plans
UNION ALL
SELECT p.metro, p.season - 1, p.season, p.submissions, p.documents FROM plans p
ANTI JOIN plans q ON q.metro = p.metro AND q.season = p.season - 1
"""

# An undertaking that more than one of the other spheres' lists carries is counted once, by the
# first of: provincial list, national list, agency list, infrastructure plan.
OTHERS_THERE = f"""
SELECT * FROM fact_appearance
WHERE document IN {_OTHERS} AND sphere IN ('national', 'provincial', 'entity')
  AND metro <> 'unknown'
QUALIFY row_number() OVER (
    PARTITION BY undertaking_id, season
    ORDER BY list_position(['provincial_projects', 'national_projects', 'agency_projects',
                            'infrastructure_plan'], document), institution) = 1
"""

SEEN = """
WITH almost AS (
    SELECT p.metro, p.for_season, n.undertaking_id, max(n.probability) AS probability
    FROM (SELECT metro, for_season, unnest(submissions) AS submission_id FROM fact_plan_read) p
    JOIN fact_almost n USING (submission_id)
    GROUP BY p.metro, p.for_season, n.undertaking_id
), named AS (
    SELECT undertaking_id, metro, season, max(probability) AS probability
    FROM fact_stood WHERE document IN ('pipeline', 'idp')
    GROUP BY undertaking_id, metro, season
)
SELECT o.*, p.submissions AS searched, p.documents AS searched_documents,
       p.season AS searched_season, p.metro IS NOT NULL AS readable,
       n.undertaking_id IS NOT NULL AS named,
       least(o.probability, coalesce(n.probability, 1.0)) AS sure,
       coalesce(a.probability, 0.0) AS almost
FROM fact_others_there o
LEFT JOIN fact_plan_read p ON p.metro = o.metro AND p.for_season = o.season
LEFT JOIN named n ON n.undertaking_id = o.undertaking_id AND n.metro = o.metro
     AND n.season = p.season
LEFT JOIN almost a ON a.undertaking_id = o.undertaking_id AND a.metro = o.metro
     AND a.for_season = o.season
"""

# Whether the owner's own list of the season was read: it published one, or a list of many owners
# names it; a department is also answered for by any list of its province.
OWNER_READ = f"""
SELECT DISTINCT season, owner FROM (
    SELECT season, institution AS owner FROM fact_current WHERE document IN {_OTHERS}
    UNION ALL
    SELECT season, owner FROM fact_entry WHERE document IN {_OTHERS}
) WHERE season IS NOT NULL AND owner <> 'unknown'
"""

WISHED = f"""
WITH wishes AS (
    SELECT * FROM fact_appearance
    WHERE document IN ('pipeline', 'idp') AND sphere IN ('national', 'provincial', 'entity')
    QUALIFY row_number() OVER (PARTITION BY undertaking_id, metro, season
                               ORDER BY document DESC) = 1
), lists AS (
    SELECT undertaking_id, season, max(probability) AS probability
    FROM fact_stood WHERE document IN {_OTHERS} GROUP BY undertaking_id, season
), almost AS (
    SELECT n.undertaking_id, c.season, max(n.probability) AS probability
    FROM fact_almost n JOIN fact_current c USING (submission_id)
    WHERE c.document IN {_OTHERS} GROUP BY n.undertaking_id, c.season
)
SELECT w.*, r.owner IS NOT NULL OR l.undertaking_id IS NOT NULL AS readable,
       l.undertaking_id IS NOT NULL AS named,
       least(w.probability, coalesce(l.probability, 1.0)) AS sure,
       coalesce(a.probability, 0.0) AS almost
FROM wishes w
LEFT JOIN fact_owner_read r ON r.season = w.season AND r.owner = w.owner
LEFT JOIN lists l ON l.undertaking_id = w.undertaking_id AND l.season = w.season
LEFT JOIN almost a ON a.undertaking_id = w.undertaking_id AND a.season = w.season
"""

FACTS = {
    "fact_plan_read": PLAN_READ,
    "fact_others_there": OTHERS_THERE,
    "fact_seen": SEEN,
    "fact_owner_read": OWNER_READ,
    "fact_wished": WISHED,
}
