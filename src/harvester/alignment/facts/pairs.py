"""Pairs of documents of one season that name the same undertaking, compared month by month.

``month0`` and ``month1`` bound the months both submissions cover; a project that began before is
compared from there on, because a budget shows nothing of earlier years.
"""

from __future__ import annotations

_ORDER = """list_position(['pipeline', 'idp', 'budget', 'in_year', 'provincial_projects',
    'national_projects', 'agency_projects', 'infrastructure_plan'], {0}.document)"""

# `a` and `b` are appearances, by their first entry.
PAIR_OF = f"""
SELECT a.entry_id AS a, b.entry_id AS b, a.undertaking_id, a.season,
       least(a.probability, b.probability) AS sure,
       greatest(va.month0, vb.month0) AS month0, least(va.month1, vb.month1) AS month1,
       va.month0 IS NOT NULL AND vb.month0 IS NOT NULL AS dated,
       greatest(a.first_month, va.month0, vb.month0) AS first_a,
       greatest(b.first_month, va.month0, vb.month0) AS first_b,
       a.first_month AS own_first_a, b.first_month AS own_first_b
FROM fact_appearance a
JOIN fact_appearance b ON a.undertaking_id = b.undertaking_id AND a.season = b.season
     AND (coalesce({_ORDER.format("a")}, 99), a.document, a.institution)
       < (coalesce({_ORDER.format("b")}, 99), b.document, b.institution)
LEFT JOIN fact_cover va ON va.submission_id = a.submission_id
LEFT JOIN fact_cover vb ON vb.submission_id = b.submission_id
"""

# Amounts over the common months, to the cent below. Undated lines cannot be compared by month.
_SIDE = """
SELECT p.a, p.b,
       sum(l.amount_cents::HUGEINT
           * greatest(0, least(l.month1, p.month1) - greatest(l.month0, p.month0) + 1)
           // (l.month1 - l.month0 + 1))::BIGINT AS amount
FROM fact_pair_of p JOIN fact_appearance_line l ON l.entry_id = p.{side}
WHERE p.dated AND p.month0 <= p.month1
GROUP BY p.a, p.b
"""

PAIR_AMOUNTS = f"""
SELECT a, b, x.amount AS amount_a, y.amount AS amount_b
FROM ({_SIDE.replace("{side}", "a")}) x JOIN ({_SIDE.replace("{side}", "b")}) y USING (a, b)
"""

# One row per linked undertaking and season: how far apart its documents' first plan months lie.
# `documents` counts those that state a year; fewer than two say nothing.
TIMING = """
WITH sides AS (
    SELECT a AS entry_id FROM fact_pair_of UNION SELECT b FROM fact_pair_of
), stated AS (
    SELECT undertaking_id, season, count(first_month) AS dated, min(entry_id) AS entry_id,
           min(year) AS year
    FROM sides JOIN fact_appearance USING (entry_id) GROUP BY undertaking_id, season
), apart AS (
    SELECT undertaking_id, season, max(abs(first_a - first_b)) FILTER (
               WHERE own_first_a IS NOT NULL AND own_first_b IS NOT NULL) AS months_apart,
           min(sure) AS sure
    FROM fact_pair_of GROUP BY undertaking_id, season
)
SELECT t.*, a.months_apart, a.sure
FROM stated t JOIN apart a USING (undertaking_id, season)
"""

FACTS = {
    "fact_pair_of": PAIR_OF,
    "fact_pair_amounts": PAIR_AMOUNTS,
    "fact_timing": TIMING,
}
