"""Which submissions stand, and where each undertaking stands in them.

*Season* is the financial year a document is about, by the year it starts in. A document of the
national calendar belongs to the municipal season of the same start: the two years share nine of
twelve months, more than with any other. Amounts are never compared by that label, only by month.

*Month* is months since year 0 (``harvester.domain.periods.Month.index``).
"""

from __future__ import annotations

SEASON = "TRY_CAST(substr({0}, 1, 4) AS INTEGER)"
"""Start year of a label such as ``2018/19``; null for ``unknown``."""

SUBMISSION = f"""
SELECT submission_id, document, institution, financial_year AS year,
       {SEASON.format("financial_year")} AS season, published_on,
       {SEASON.format("financial_year")} * 12 + CASE calendar WHEN 'national' THEN 3 ELSE 6 END
       AS first_month,
       CASE stage WHEN 'draft' THEN 1 WHEN 'tabled' THEN 2 WHEN 'adopted' THEN 3
                  WHEN 'adjusted' THEN 4 WHEN 'in_year' THEN 5 WHEN 'audited' THEN 6 ELSE 0
       END AS stage_rank,
       -- which of two is the later: by the day it bears, then by its id
       row_number() OVER (ORDER BY coalesce(published_on, DATE '0001-01-01'), submission_id) AS turn,
       CASE WHEN institution = 'unknown' THEN submission_id ELSE institution END AS series
FROM in_submissions
WHERE document <> 'areas'
"""

# Of the four rungs the furthest stage stands, and of it the latest dated version: an adopted budget
# replaces the tabled one, and the M09 actuals those of M06. Versions that bear no date all stand.
# A publisher we could not resolve never replaces anything. Lists of many owners are sorted out
# owner by owner, in ENTRY.
CURRENT = """
WITH furthest AS (
    SELECT *, document IN ('pipeline', 'idp', 'budget', 'in_year') AS ladder FROM fact_submission
    QUALIFY NOT ladder
         OR stage_rank = max(stage_rank) OVER (PARTITION BY document, series, year)
)
SELECT * FROM furthest
QUALIFY NOT ladder OR published_on IS NULL
     OR published_on = max(published_on) OVER (PARTITION BY document, series, year)
"""

# The municipality a point or shape lies in, where boundaries were read: how a national list that
# names no municipality comes to stand in one. More than half of the entry must lie there.
SITED = """
WITH inside AS (
    SELECT p.entry_id, a.metro, sum(p.weight) AS weight FROM in_places p
    JOIN in_areas a USING (area_id)
    WHERE a.kind = 'municipality' AND a.metro <> 'unknown' GROUP BY p.entry_id, a.metro
), whole AS (
    SELECT entry_id, sum(weight) AS weight FROM in_places
    WHERE layer IN (SELECT layer FROM in_areas WHERE kind = 'municipality') GROUP BY entry_id
)
SELECT entry_id, i.metro FROM inside i JOIN whole w USING (entry_id)
WHERE i.weight * 2 > w.weight
"""

# Who an entry is counted under. A municipality's own document that names no other owner speaks of
# the municipality's project, and a provincial list of a province's; an owner that is named but not
# resolved stays unknown. The metro is the publisher for the four rungs of the ladder, else the municipality
# the list names, else the one its point lies in, else that of its undertaking; a municipal document
# whose publisher is not known is nobody's. In a list of
# many owners a later version replaces an earlier one owner by owner: the departments of a province
# may each hand in their own file. Where versions bear no date, a project that two of them name is
# counted once, from one of them.
ENTRY = """
WITH listed AS (
    SELECT e.entry_id, e.owner, c.document, c.institution, c.season, c.year, c.published_on,
           c.turn, c.ladder, c.series
    FROM in_entries e JOIN fact_current c USING (submission_id)
    QUALIFY c.ladder OR c.stage_rank = max(c.stage_rank)
            OVER (PARTITION BY c.document, c.series, c.year, e.owner)
), latest AS (
    SELECT * FROM listed
    QUALIFY ladder OR published_on IS NULL
         OR published_on = max(published_on) OVER (PARTITION BY document, series, year, owner)
), spoken AS (
    SELECT l.entry_id, l.document, l.institution, l.season, l.year, l.published_on, l.turn, l.ladder,
           m.undertaking_id, coalesce(m.probability, 1.0) AS probability,
           CASE WHEN l.ladder OR l.owner = 'unknown' THEN l.institution ELSE l.owner END AS speaker
    FROM latest l LEFT JOIN in_memberships m USING (entry_id)
    QUALIFY undertaking_id IS NULL OR speaker = 'unknown'
         OR turn = max(turn) OVER (PARTITION BY undertaking_id, document, speaker, season)
), joined AS (
    SELECT e.* EXCLUDE (institution, document, sphere, metro), s.* EXCLUDE (entry_id),
           e.sphere AS stated_sphere, e.metro AS stated_metro, t.metro AS sited_metro,
           u.metro AS undertaking_metro
    FROM in_entries e
    JOIN spoken s USING (entry_id)
    LEFT JOIN in_undertakings u USING (undertaking_id)
    LEFT JOIN fact_sited t USING (entry_id)
)
SELECT *,
       CASE WHEN stated_sphere <> 'unknown' THEN stated_sphere
            WHEN ladder AND owner_text = '' THEN 'local'
            WHEN document = 'provincial_projects' THEN 'provincial'
            ELSE 'unknown' END AS sphere,
       CASE WHEN ladder AND institution <> 'unknown' THEN institution
            WHEN ladder OR stated_metro <> 'unknown' THEN stated_metro
            ELSE coalesce(sited_metro, undertaking_metro, 'unknown') END AS metro
FROM joined
"""

# Plan money, as `entries.amount_cents` counts it: planned, budget and gazetted lines, and adjusted
# ones where the entry has no budget line. First and last month are null where no year is stated.
LINE = f"""
WITH kept AS (
    SELECT l.*, e.submission_id, {SEASON.format("l.year")} AS start_year,
           CASE l.calendar WHEN 'national' THEN 3 ELSE 6 END AS first_of_year
    FROM in_lines l JOIN fact_entry e USING (entry_id)
    WHERE l.phase IN ('planned', 'budget', 'gazetted', 'adjusted')
    QUALIFY l.phase <> 'adjusted'
         OR NOT bool_or(l.phase = 'budget') OVER (PARTITION BY l.entry_id)
)
SELECT line_id, entry_id, submission_id, amount_cents, start_year, calendar,
       coalesce(year(period_start) * 12 + month(period_start) - 1,
                start_year * 12 + first_of_year) AS month0,
       coalesce(year(period_end) * 12 + month(period_end) - 1,
                start_year * 12 + first_of_year + 11) AS month1
FROM kept
"""

# A document covers at least the year it is about, even when no project of it begins then.
COVER = """
SELECT l.submission_id, least(min(l.month0), min(c.first_month)) AS month0,
       greatest(max(l.month1), min(c.first_month) + 11) AS month1
FROM fact_line l JOIN fact_current c USING (submission_id)
WHERE l.month0 IS NOT NULL AND l.month1 IS NOT NULL
GROUP BY l.submission_id
"""

# An institution that lists an undertaking in two files of one document and season is counted once,
# from its latest file.
STANDING = """
WITH dated AS (
    SELECT l.entry_id,
           min(l.month0) FILTER (WHERE l.amount_cents <> 0) AS month0,
           max(l.month1) FILTER (WHERE l.amount_cents <> 0) AS month1
    FROM fact_line l GROUP BY l.entry_id
), latest AS (
    SELECT undertaking_id, document, institution, season, max(turn) AS turn FROM fact_entry
    WHERE undertaking_id IS NOT NULL AND season IS NOT NULL
    GROUP BY undertaking_id, document, institution, season
)
SELECT e.*, d.month0, d.month1,
       coalesce(d.month0, year(e.start_date) * 12 + month(e.start_date) - 1) AS first_month
FROM fact_entry e
SEMI JOIN latest USING (undertaking_id, document, institution, season, turn)
LEFT JOIN dated d USING (entry_id)
"""

# One row per undertaking × document × publisher × season: an appearance. It is known by its first
# entry, which is in no other.
APPEARANCE = """
WITH told AS (
    SELECT undertaking_id, document, institution, season, min(year) AS year,
           min(submission_id) AS submission_id, bool_or(ladder) AS ladder,
           coalesce(min(metro) FILTER (WHERE metro <> 'unknown'), 'unknown') AS metro,
           coalesce(min(owner) FILTER (WHERE owner <> 'unknown'), 'unknown') AS owner,
           coalesce(min(sphere) FILTER (WHERE sphere <> 'unknown'), 'unknown') AS sphere,
           coalesce(min("grant") FILTER (WHERE "grant" <> 'unknown'), 'unknown') AS "grant",
           list_sort(list({'row': row, 'entry_id': entry_id, 'name': name})) AS listed,
           sum(amount_cents)::BIGINT AS amount_cents,
           min(first_month) AS first_month, min(probability) AS probability
    FROM fact_standing
    GROUP BY undertaking_id, document, institution, season
)
SELECT * EXCLUDE (listed), list_transform(listed, lambda x: x.entry_id) AS entries,
       listed[1].entry_id AS entry_id, listed[1].name AS name
FROM told
"""

# The appearance that speaks for an undertaking: of its latest season, the document nearest to money.
VOICE = """
SELECT * FROM fact_appearance
QUALIFY row_number() OVER (PARTITION BY undertaking_id ORDER BY season DESC, CASE document
            WHEN 'budget' THEN 1 WHEN 'provincial_projects' THEN 2 WHEN 'national_projects' THEN 3
            WHEN 'agency_projects' THEN 4 WHEN 'idp' THEN 5 WHEN 'pipeline' THEN 6
            WHEN 'infrastructure_plan' THEN 7 ELSE 8 END, amount_cents DESC, institution, document) = 1
"""

# Its dated plan money.
APPEARANCE_LINE = """
SELECT a.entry_id, l.month0, l.month1, sum(l.amount_cents)::BIGINT AS amount_cents
FROM fact_standing s
JOIN fact_appearance a USING (undertaking_id, document, institution, season)
JOIN fact_line l ON l.entry_id = s.entry_id
WHERE l.month0 IS NOT NULL GROUP BY a.entry_id, l.month0, l.month1
"""

# Which document of which metro and season was read, from which submissions, over which months.
READ = """
SELECT c.document, c.institution AS metro, c.season, min(c.year) AS year,
       list(c.submission_id ORDER BY c.submission_id) AS submissions,
       min(v.month0) AS month0, max(v.month1) AS month1
FROM fact_current c LEFT JOIN fact_cover v USING (submission_id)
WHERE c.document IN ('pipeline', 'idp', 'budget', 'in_year')
  AND c.institution <> 'unknown' AND c.season IS NOT NULL
GROUP BY c.document, c.institution, c.season
"""

# Pairs that may be one project but were not joined: how likely an undertaking stands, unseen, in
# a submission that seems not to have it. A person's rejection settles it; so does one list that
# names both, for a list names a project once.
ALMOST = """
WITH both_ways AS (
    SELECT entry_a AS mine, entry_b AS theirs, probability FROM in_links
    WHERE NOT joined AND decided <> 'rejected' AND probability >= 0.3
    UNION ALL
    SELECT entry_b, entry_a, probability FROM in_links
    WHERE NOT joined AND decided <> 'rejected' AND probability >= 0.3
), maybe AS (
    SELECT m.undertaking_id, o.undertaking_id AS other, e.submission_id,
           max(b.probability) AS probability
    FROM both_ways b
    JOIN in_memberships m ON m.entry_id = b.mine
    JOIN in_memberships o ON o.entry_id = b.theirs
    JOIN fact_entry e ON e.entry_id = b.theirs
    GROUP BY m.undertaking_id, o.undertaking_id, e.submission_id
), listed AS (
    SELECT DISTINCT undertaking_id, submission_id FROM fact_entry
    WHERE undertaking_id IN (SELECT undertaking_id FROM maybe)
), apart AS (
    SELECT DISTINCT m.undertaking_id, m.other
    FROM (SELECT DISTINCT undertaking_id, other FROM maybe) m
    JOIN listed x ON x.undertaking_id = m.undertaking_id
    JOIN listed y ON y.undertaking_id = m.other AND y.submission_id = x.submission_id
)
SELECT undertaking_id, submission_id, max(probability) AS probability
FROM maybe ANTI JOIN apart USING (undertaking_id, other)
GROUP BY undertaking_id, submission_id
"""

FACTS = {
    "fact_submission": SUBMISSION,
    "fact_current": CURRENT,
    "fact_sited": SITED,
    "fact_entry": ENTRY,
    "fact_line": LINE,
    "fact_cover": COVER,
    "fact_standing": STANDING,
    "fact_appearance": APPEARANCE,
    "fact_voice": VOICE,
    "fact_appearance_line": APPEARANCE_LINE,
    "fact_read": READ,
    "fact_almost": ALMOST,
}
