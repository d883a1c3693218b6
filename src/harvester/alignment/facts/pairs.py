"""Pairs of documents of one season that name the same undertaking, compared month by month.

``month0`` and ``month1`` bound the months both submissions cover; a project that began before is
compared from there on, because a budget shows nothing of earlier years.
"""

from __future__ import annotations

_ORDER = """list_position(['pipeline', 'idp', 'budget', 'in_year', 'provincial_projects',
    'national_projects', 'agency_projects', 'infrastructure_plan'], {0}.document)"""

PAIR_OF = f"""
SELECT a.undertaking_id, a.season, a.document AS document_a, a.institution AS institution_a,
       b.document AS document_b, b.institution AS institution_b,
       a.submission_id AS submission_a, b.submission_id AS submission_b,
       a.entry_id AS entry_a, b.entry_id AS entry_b,
       a.entries AS entries_a, b.entries AS entries_b,
       a.owner AS owner_a, b.owner AS owner_b, a.sphere AS sphere_a, b.sphere AS sphere_b,
       a."grant" AS grant_a, b."grant" AS grant_b, a.year AS year_a, b.year AS year_b,
       a.ladder AS ladder_a, b.ladder AS ladder_b,
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
SELECT p.undertaking_id, p.season, p.document_a, p.institution_a, p.document_b, p.institution_b,
       sum(l.amount_cents::HUGEINT * greatest(0, least(l.month1, p.month1) - greatest(l.month0, p.month0) + 1)
           // (l.month1 - l.month0 + 1))::BIGINT AS amount
FROM fact_pair_of p
JOIN fact_standing s ON s.undertaking_id = p.undertaking_id AND s.season = p.season
     AND s.document = p.document_{side} AND s.institution = p.institution_{side}
JOIN fact_line l ON l.entry_id = s.entry_id
WHERE p.dated AND p.month0 <= p.month1 AND l.month0 IS NOT NULL
GROUP BY ALL
"""

_KEY = "undertaking_id, season, document_a, institution_a, document_b, institution_b"

PAIR = f"""
SELECT p.*, x.amount AS amount_a, y.amount AS amount_b
FROM fact_pair_of p
LEFT JOIN fact_pair_left x USING ({_KEY})
LEFT JOIN fact_pair_right y USING ({_KEY})
"""

# One row per linked undertaking and season: how far apart its documents' first plan months lie.
# `documents` counts those that state a year; fewer than two say nothing.
TIMING = """
WITH sides AS (
    SELECT undertaking_id, season, entry_a AS entry_id, own_first_a AS first_month FROM fact_pair_of
    UNION
    SELECT undertaking_id, season, entry_b, own_first_b FROM fact_pair_of
), stated AS (
    SELECT undertaking_id, season, count(first_month) AS dated, min(entry_id) AS entry_id
    FROM sides GROUP BY undertaking_id, season
), apart AS (
    SELECT undertaking_id, season, max(abs(first_a - first_b)) FILTER (
               WHERE own_first_a IS NOT NULL AND own_first_b IS NOT NULL) AS months_apart,
           min(sure) AS sure
    FROM fact_pair_of GROUP BY undertaking_id, season
), named AS (
    SELECT undertaking_id, season, min(year) AS year FROM fact_appearance
    GROUP BY undertaking_id, season
)
SELECT t.*, a.months_apart, a.sure, n.year
FROM stated t JOIN apart a USING (undertaking_id, season) JOIN named n USING (undertaking_id, season)
"""

FACTS = {
    "fact_pair_of": PAIR_OF, "fact_pair_left": _SIDE.replace("{side}", "a"),
    "fact_pair_right": _SIDE.replace("{side}", "b"), "fact_pair": PAIR, "fact_timing": TIMING,
}
