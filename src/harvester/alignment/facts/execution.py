"""Spending against budget, entry by entry, up to the month the submission reports.

The month reached is the last month for which the submission holds any actual amount: a blank
month has not been reported, a zero has. Budget is the adjusted one where there is one. In real
in-year returns the budget and the spending of one project may stand on different rows; spending on
rows without a budget therefore widens the band (`share_high`) instead of being lost or assigned.
"""

from __future__ import annotations

from harvester.alignment.facts.standing import SEASON

# Actual lines of a submission and financial year, with the months reached in it.
REACHED = f"""
WITH actuals AS (
    SELECT e.submission_id, l.year, l.calendar, {SEASON.format("l.year")} AS start_year,
           year(l.period_end) * 12 + month(l.period_end) - 1 AS month1
    FROM in_lines l JOIN fact_entry e USING (entry_id)
    WHERE l.phase = 'actual' AND l.year <> 'unknown'
)
SELECT submission_id, year, calendar,
       least(12, greatest(1, coalesce(
           max(month1) - (min(start_year) * 12
                          + CASE calendar WHEN 'national' THEN 3 ELSE 6 END) + 1, 12))) AS months
FROM actuals GROUP BY submission_id, year, calendar
"""

ENTRY_SPENDING = """
SELECT e.entry_id, e.submission_id, e.undertaking_id, e.document, e.institution, e.metro, e.owner,
       e.sphere, e.season, e.name, e.status, e."function", r.year, r.months, e.probability,
       sum(l.amount_cents) FILTER (WHERE l.phase = 'actual') AS spent,
       coalesce(sum(l.amount_cents) FILTER (WHERE l.phase = 'adjusted'),
                sum(l.amount_cents) FILTER (WHERE l.phase = 'budget')) AS budget
FROM fact_entry e
JOIN fact_reached r USING (submission_id)
JOIN in_lines l ON l.entry_id = e.entry_id AND l.year = r.year AND l.calendar = r.calendar
GROUP BY ALL
"""

EXECUTION = """
WITH rated AS (
    SELECT *, (budget * months // 12)::BIGINT AS due FROM fact_entry_spending
), met AS (
    SELECT *, CASE WHEN due > 0 THEN least(greatest(coalesce(spent, 0), 0), due) END AS met_part
    FROM rated
), pooled AS (
    SELECT *, sum(CASE WHEN coalesce(due, 0) <= 0 THEN greatest(coalesce(spent, 0), 0) ELSE 0 END)
                  OVER w AS unbudgeted,
           sum(CASE WHEN due > 0 THEN due - met_part ELSE 0 END) OVER w AS shortfall
    FROM met WINDOW w AS (PARTITION BY submission_id, year)
)
SELECT * EXCLUDE (met_part, unbudgeted, shortfall),
       CASE WHEN spent IS NOT NULL THEN met_part / due END AS share,
       met_part / due AS share_low,
       CASE WHEN spent IS NULL OR shortfall = 0 THEN 1.0
            ELSE (met_part + (due - met_part) * least(1.0, unbudgeted / shortfall)) / due
       END AS share_high
FROM pooled WHERE due > 0
"""

FACTS = {
    "fact_reached": REACHED,
    "fact_entry_spending": ENTRY_SPENDING,
    "fact_execution": EXECUTION,
}
