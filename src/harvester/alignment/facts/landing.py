"""Steps of the landing ladder: pipeline to IDP, IDP to budget, budget to in-year actuals.

A step asks of every undertaking at one rung of a metro and season whether it stands at the next
rung. The next rung is the document of the same season; where that was not read, the one a season
later; where neither was, nothing can be said. Money is compared over the months both documents
cover, so a project planned beyond the budget's last year is not yet due there and weighs nothing.
"""

from __future__ import annotations

LANDED_SHARE_OF_AMOUNT = 0.8
"""Least part of the amount that must stand at the next rung (PRODUCT section 5, V2)."""

YEARS_AGREE_WITHIN_MONTHS = 12
"""Plan years agree when the first plan months are at most a year apart (PRODUCT section 5)."""

STEP_WINDOW = """
WITH rung(document, target) AS (
    VALUES ('pipeline', 'idp'), ('idp', 'budget'), ('budget', 'in_year')
), reached AS (
    SELECT a.document, a.metro, a.season, a.month0 AS a0, a.month1 AS a1, g.target,
           b.season AS target_season, b.year AS target_year, b.submissions, b.month0 AS b0,
           b.month1 AS b1
    FROM fact_read a
    JOIN rung g USING (document)
    LEFT JOIN fact_read b ON b.document = g.target AND b.metro = a.metro
         AND b.season IN (a.season, a.season + 1)
    QUALIFY row_number() OVER (PARTITION BY a.document, a.metro, a.season
                               ORDER BY b.season NULLS LAST) = 1
)
SELECT *, CASE WHEN a0 IS NOT NULL AND b0 IS NOT NULL THEN greatest(a0, b0) END AS w0,
       CASE WHEN a1 IS NOT NULL AND b1 IS NOT NULL THEN least(a1, b1) END AS w1
FROM reached
"""

# Amounts within the window, to the cent below; a line that states no months counts in full.
_WITHIN = """CASE WHEN l.month0 IS NULL OR w.w0 IS NULL THEN l.amount_cents::HUGEINT
     ELSE l.amount_cents::HUGEINT * greatest(0, least(l.month1, w.w1) - greatest(l.month0, w.w0) + 1)
          // (l.month1 - l.month0 + 1) END"""

STEP_SOURCE = f"""
SELECT s.undertaking_id, w.document, w.metro, w.season, sum({_WITHIN})::BIGINT AS amount
FROM fact_standing s
JOIN fact_step_window w ON w.document = s.document AND w.metro = s.institution AND w.season = s.season
JOIN fact_line l USING (entry_id)
GROUP BY s.undertaking_id, w.document, w.metro, w.season
"""

STEP_FOUND = f"""
SELECT s.undertaking_id, w.document, w.metro, w.season, sum({_WITHIN})::BIGINT AS amount
FROM fact_standing s
JOIN fact_step_window w ON w.target = s.document AND w.metro = s.institution
     AND w.target_season = s.season
JOIN fact_line l USING (entry_id)
GROUP BY s.undertaking_id, w.document, w.metro, w.season
"""

# A whole is there with its own rows and those of its parts; a part without a row of its own, with
# the row of the whole.
STEP_TARGET = """
WITH there AS (
    SELECT * FROM fact_step_found
    UNION ALL
    SELECT k.undertaking_id, t.document, t.metro, t.season, t.amount
    FROM fact_step_found t JOIN fact_kin k ON k.kin = t.undertaking_id
    LEFT JOIN fact_step_found o ON o.undertaking_id = k.undertaking_id AND o.document = t.document
         AND o.metro = t.metro AND o.season = t.season
    WHERE k.role = 'whole' OR o.undertaking_id IS NULL
)
SELECT undertaking_id, document, metro, season, sum(amount)::BIGINT AS amount
FROM there GROUP BY undertaking_id, document, metro, season
"""

_ALMOST_AT_TARGET = """
SELECT w.document, w.metro, w.season, n.undertaking_id, max(n.probability) AS probability
FROM (SELECT document, metro, season, unnest(submissions) AS submission_id
      FROM fact_step_window) w
JOIN fact_almost n USING (submission_id)
GROUP BY w.document, w.metro, w.season, n.undertaking_id
"""

# `landed` is null when it cannot be said: the next rung was not read, the owner is not the
# municipality's to budget for, or an amount or a year is missing.
STEP = f"""
WITH almost AS ({_ALMOST_AT_TARGET}), met AS (
    SELECT a.*, w.target, w.target_season, w.target_year, w.submissions AS searched,
           w.w0, w.w1, x.amount AS amount_due, y.amount AS amount_there,
           b.entry_id AS target_entry, b.first_month AS target_first_month,
           b.undertaking_id IS NOT NULL AS present,
           least(a.probability, coalesce(b.probability, 1.0)) AS sure,
           coalesce(n.probability, 0.0) AS almost,
           w.target = 'budget' AND a.sphere NOT IN ('local', 'unknown') AS others_to_budget
    FROM fact_appearance a
    JOIN fact_step_window w
      ON w.document = a.document AND w.metro = a.institution AND w.season = a.season
    LEFT JOIN fact_step_source x ON x.undertaking_id = a.undertaking_id
         AND x.document = w.document AND x.metro = w.metro AND x.season = w.season
    LEFT JOIN fact_step_target y ON y.undertaking_id = a.undertaking_id
         AND y.document = w.document AND y.metro = w.metro AND y.season = w.season
    LEFT JOIN fact_stood b ON b.undertaking_id = a.undertaking_id AND b.document = w.target
         AND b.institution = w.metro AND b.season = w.target_season
    LEFT JOIN almost n ON n.undertaking_id = a.undertaking_id
         AND n.document = w.document AND n.metro = w.metro AND n.season = w.season
)
SELECT * EXCLUDE (others_to_budget),
       CASE WHEN target_season IS NULL THEN NULL
            WHEN target = 'budget' AND sphere = 'unknown' THEN NULL
            WHEN NOT present THEN FALSE
            WHEN amount_there < {LANDED_SHARE_OF_AMOUNT} * amount_due THEN FALSE
            WHEN amount_there IS NULL OR target_first_month IS NULL OR first_month IS NULL
                THEN NULL
            WHEN abs(greatest(target_first_month, coalesce(w0, target_first_month))
                     - greatest(first_month, coalesce(w0, first_month)))
                 > {YEARS_AGREE_WITHIN_MONTHS} THEN FALSE
            ELSE TRUE END AS landed
FROM met
WHERE NOT others_to_budget
"""

FACTS = {
    "fact_step_window": STEP_WINDOW,
    "fact_step_source": STEP_SOURCE,
    "fact_step_found": STEP_FOUND,
    "fact_step_target": STEP_TARGET,
    "fact_step": STEP,
}
