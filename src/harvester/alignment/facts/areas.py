"""Where capital money lies: sectors beside one another, people's shares, zones and their grants.

*Located* money is that of entries with a point, line or area; what lies in several areas is split
by the entry's shares. Municipal years, as in ``fact_capital_year``.

``fact_layer``
    The layer that a metro's sectors are compared over: of wards or regions the one with most areas,
    of those with as many the last by name; where neither was read, of any layer within the metro.
``fact_sector_area``
    Located rand of a function in each area of that layer, by metro and year.
``fact_sector``
    Rand of a function that can have a place, what of it is located, and which share is not.
``fact_pair_similarity``
    Pairs of functions with money in one metro and year: ``similarity`` is 1 − the
    Jensen–Shannon distance (base 2) of their located shares over areas: 1 the same places in the
    same proportion, 0 no place in common, null where one has no located money. A pair weighs the
    lesser of both sectors' money, located or not (``amount_cents``). ``low``: the unlocated money of both lay in places of their
    own; ``high``: it filled up what they have in common (bounded by the total variation that must
    remain, with Lin's inequality).
``fact_people``
    Share of a metro's people that live in its marginalised areas; null where either was not read.
``fact_doubted``
    Entries whose undertaking has points too far apart to be one place (``rules/data/bands.yaml``).
``fact_zone_spending``
    Planned rand from the grants that section 14 of that year's Division of Revenue Act names, by
    metro and year: in integration zones, and of no known place.
"""

from __future__ import annotations

import pyarrow as pa

from harvester.rules import bands, statements

_METRES_OF_A_DEGREE = 111_320
"""Of latitude, and of longitude on the equator."""

LAYER = """
WITH sized AS (
    SELECT metro, layer, min(CASE WHEN kind IN ('ward', 'region') THEN 0 ELSE 1 END) AS rank,
           count(*) AS areas
    FROM in_areas
    WHERE metro <> 'unknown' AND kind NOT IN ('municipality', 'district', 'province')
    GROUP BY metro, layer
), best AS (
    SELECT *, row_number() OVER (PARTITION BY metro ORDER BY rank, areas DESC, layer DESC) AS place
    FROM sized
)
SELECT metro, layer FROM best WHERE place = 1
"""

SECTOR_AREA = """
WITH whole AS (
    SELECT entry_id, layer, sum(weight) AS weight FROM in_places GROUP BY entry_id, layer
), entry_year AS (
    SELECT y.entry_id, y.metro, y.year, e."function", y.amount_cents
    FROM fact_capital_year y JOIN in_entries e ON e.entry_id = y.entry_id
    WHERE y.place_class = 'located' AND y.amount_cents > 0 AND e."function" <> 'unknown'
)
SELECT y.metro, y.year, y."function", p.area_id,
       sum(round(y.amount_cents * p.weight::DOUBLE / w.weight)) AS amount
FROM entry_year y
JOIN fact_layer l ON l.metro = y.metro
JOIN in_places p ON p.entry_id = y.entry_id AND p.layer = l.layer
JOIN whole w ON w.entry_id = p.entry_id AND w.layer = p.layer
WHERE p.weight > 0 AND p.area_id <> ''
GROUP BY y.metro, y.year, y."function", p.area_id
"""

SECTOR = """
WITH planned AS (
    SELECT y.metro, y.year, e."function", sum(y.amount_cents)::DOUBLE AS amount
    FROM fact_capital_year y JOIN in_entries e ON e.entry_id = y.entry_id
    WHERE y.place_class <> 'administrative' AND y.amount_cents > 0 AND e."function" <> 'unknown'
    GROUP BY y.metro, y.year, e."function"
), placed AS (
    SELECT metro, year, "function", sum(amount) AS amount FROM fact_sector_area
    GROUP BY metro, year, "function"
)
SELECT p.metro, p.year, p."function", p.amount AS planned, coalesce(l.amount, 0.0) AS located,
       least(1.0, greatest(0.0, 1.0 - coalesce(l.amount, 0.0) / p.amount)) AS unlocated
FROM planned p
JOIN fact_layer k ON k.metro = p.metro
LEFT JOIN placed l ON l.metro = p.metro AND l.year = p.year AND l."function" = p."function"
"""

# Half of p log2(p/m) + q log2(q/m), m their middle. Where one is zero the other gives half of
# itself; so does all money of a place of its own.
_DIVERGENCE = """sum(CASE WHEN p > 0 AND q > 0
     THEN 0.5 * (p * log2(2.0 * p / (p + q)) + q * log2(2.0 * q / (p + q)))
     ELSE 0.5 * (p + q) END)"""

PAIR_SIMILARITY = f"""
WITH cells AS (
    SELECT a.metro, a.year, a."function" AS function_a, b."function" AS function_b, x.area_id,
           a.unlocated AS lost_a, b.unlocated AS lost_b,
           CASE WHEN x."function" = a."function" THEN x.amount / a.located ELSE 0.0 END AS p,
           CASE WHEN x."function" = b."function" THEN x.amount / b.located ELSE 0.0 END AS q
    FROM fact_sector a
    JOIN fact_sector b ON b.metro = a.metro AND b.year = a.year AND a."function" < b."function"
    JOIN fact_sector_area x ON x.metro = a.metro AND x.year = a.year
         AND x."function" IN (a."function", b."function")
    WHERE a.located > 0 AND b.located > 0
), areas AS (
    SELECT metro, year, function_a, function_b, area_id, min(lost_a) AS lost_a,
           min(lost_b) AS lost_b, max(p) AS p, max(q) AS q
    FROM cells GROUP BY metro, year, function_a, function_b, area_id
), known AS (
    SELECT metro, year, function_a, function_b, {_DIVERGENCE} AS divergence
    FROM areas GROUP BY metro, year, function_a, function_b
), least_alike AS (
    SELECT metro, year, function_a, function_b,
           {_DIVERGENCE} + min(0.5 * lost_a + 0.5 * lost_b) AS divergence,
           greatest(0.0, 1.0 - sum(least(p, q)) - min(lost_a + lost_b)) AS apart
    FROM (SELECT metro, year, function_a, function_b, lost_a, lost_b,
                 p * (1.0 - lost_a) AS p, q * (1.0 - lost_b) AS q FROM areas)
    GROUP BY metro, year, function_a, function_b
), bounded AS (
    SELECT k.*, n.divergence AS most_divergence, n.apart,
           (1.0 - n.apart) / 2.0 AS x
    FROM known k JOIN least_alike n ON n.metro = k.metro AND n.year = k.year
         AND n.function_a = k.function_a AND n.function_b = k.function_b
)
SELECT a.metro, a.year, a."function" AS function_a, b."function" AS function_b,
       round(least(a.planned, b.planned))::BIGINT AS amount_cents,
       CASE WHEN k.divergence IS NOT NULL
            THEN round(1.0 - sqrt(least(1.0, greatest(0.0, k.divergence))), 6) END AS similarity,
       CASE WHEN k.divergence IS NULL THEN 0.0
            ELSE round(1.0 - sqrt(least(1.0, greatest(0.0, k.most_divergence))), 6) END AS low,
       CASE WHEN k.divergence IS NULL THEN 1.0 WHEN k.x <= 0.000001 THEN 0.0
            ELSE round(1.0 - sqrt(least(1.0, greatest(0.0,
                     1.0 + k.x * log2(k.x) + (1.0 - k.x) * log2(1.0 - k.x)))), 6) END AS high
FROM fact_sector a
JOIN fact_sector b ON b.metro = a.metro AND b.year = a.year AND a."function" < b."function"
LEFT JOIN bounded k ON k.metro = a.metro AND k.year = a.year
     AND k.function_a = a."function" AND k.function_b = b."function"
"""

PEOPLE = """
WITH towns AS (
    SELECT metro, max(population) AS people FROM in_areas
    WHERE kind = 'municipality' GROUP BY metro
), wards AS (
    SELECT metro, max(people) AS people FROM (
        SELECT metro, layer, CASE WHEN count(population) = count(*) THEN sum(population) END AS people
        FROM in_areas WHERE kind = 'ward' GROUP BY metro, layer)
    GROUP BY metro
), poor AS (
    SELECT metro, CASE WHEN count(population) = count(*) THEN sum(population) END AS people
    FROM in_areas WHERE kind = 'marginalised_area' GROUP BY metro
)
SELECT p.metro,
       CASE WHEN p.people > 0 AND p.people < coalesce(t.people, w.people)
            THEN p.people::DOUBLE / coalesce(t.people, w.people) END AS share
FROM poor p
LEFT JOIN towns t ON t.metro = p.metro
LEFT JOIN wards w ON w.metro = p.metro
"""

# Entries of an undertaking whose published points are too far apart to be one place.
DOUBTED = f"""
WITH spread AS (
    SELECT undertaking_id, max(latitude) - min(latitude) AS high,
           (max(longitude) - min(longitude)) * cos(radians(avg(latitude))) AS wide
    FROM fact_entry
    WHERE undertaking_id IS NOT NULL AND place_class = 'located' AND longitude IS NOT NULL
      AND latitude IS NOT NULL
    GROUP BY undertaking_id
)
SELECT e.entry_id FROM fact_entry e JOIN spread s ON s.undertaking_id = e.undertaking_id
WHERE greatest(s.high, s.wide) * {_METRES_OF_A_DEGREE} > {bands.load().apart_metres}
"""

_IN_KIND = """
SELECT p.entry_id, least(1.0, sum(CASE WHEN a.kind = '{kind}' THEN p.weight ELSE 0 END)::DOUBLE
                              / sum(p.weight)) AS share
FROM in_places p LEFT JOIN in_areas a ON a.area_id = p.area_id
WHERE p.layer IN (SELECT layer FROM in_areas WHERE kind = '{kind}')
GROUP BY p.entry_id HAVING sum(p.weight) > 0
"""

ZONE_SPENDING = """
WITH named AS (
    SELECT y.*, TRY_CAST(substr(y.year, 1, 4) AS INTEGER) AS start_year, e."grant"
    FROM fact_capital_year y JOIN in_entries e ON e.entry_id = y.entry_id
    WHERE y.place_class <> 'administrative'
)
SELECT n.metro, n.start_year, min(n.year) AS year, min(n.entry_id) AS entry_id,
       sum(CASE WHEN n.place_class = 'located' THEN round(n.amount_cents * coalesce(z.share, 0.0))
                ELSE 0.0 END) AS in_zones,
       sum(CASE WHEN n.place_class = 'located' THEN 0.0 ELSE n.amount_cents END) AS nowhere
FROM named n
JOIN in_section_14 s ON s."grant" = n."grant" AND n.start_year >= s.first_year
     AND n.start_year < s.next_year
JOIN (SELECT DISTINCT metro FROM in_areas WHERE kind = 'integration_zone') k ON k.metro = n.metro
LEFT JOIN fact_in_zone z ON z.entry_id = n.entry_id
WHERE n.amount_cents > 0
GROUP BY n.metro, n.start_year
"""

FACTS = {
    "fact_layer": LAYER,
    "fact_sector_area": SECTOR_AREA,
    "fact_sector": SECTOR,
    "fact_pair_similarity": PAIR_SIMILARITY,
    "fact_people": PEOPLE,
    "fact_in_zone": _IN_KIND.format(kind="integration_zone"),
    "fact_in_marginalised": _IN_KIND.format(kind="marginalised_area"),
    "fact_zone_spending": ZONE_SPENDING,
    "fact_doubted": DOUBTED,
}

_NO_YEAR_AFTER = 9999


def section_14() -> pa.Table:
    """Grants that section 14 names: ``grant, first_year, next_year`` (the last one excluded)."""
    sections = statements.load().sections
    after = [one.first for one in sections[1:]] + [_NO_YEAR_AFTER]
    rows = [
        {"grant": grant, "first_year": one.first, "next_year": end}
        for one, end in zip(sections, after, strict=True)
        for grant in one.grants
    ]
    return pa.Table.from_pylist(rows)
