"""Indicators of places: H2 co-location, H3 continuity, S1's trend, S2 equity."""

from __future__ import annotations

from harvester.alignment.indicators.declared import Indicator, Scale
from harvester.rules import bands

_RULES = bands.load()

_COLOCATION = """
SELECT metro, 'all' AS sphere, year, function_a || ':' || function_b AS item, '' AS entry_id,
       amount_cents, similarity AS share, low AS share_low, high AS share_high
FROM fact_pair_similarity WHERE amount_cents > 0
"""

_CONTINUITY = f"""
WITH best AS (
    SELECT metro, sphere, year, entry_id, max(CASE status WHEN 'continued' THEN 2
               WHEN 'unknown' THEN 1 ELSE 0 END) AS standing, max(almost) AS almost
    FROM fact_crossing GROUP BY metro, sphere, year, entry_id
)
SELECT metro, sphere, year, entry_id AS item, entry_id, 1 AS amount_cents,
       CASE standing WHEN 2 THEN 1.0 WHEN 0 THEN 0.0 END AS share,
       0.0 AS share_low, 1.0 AS share_high,
       greatest(CASE standing WHEN 0 THEN almost ELSE 0.0 END, {_RULES.missed}) AS doubt
FROM best
"""

# Planned spending of a year beside that of the year before, both with a plan that was read.
_RISING = """
SELECT b.metro, 'all' AS sphere, b.year, 'zones' AS item, b.entry_id, 1 AS amount_cents,
       CASE WHEN a.in_zones + a.nowhere + b.in_zones + b.nowhere = 0 THEN NULL
            WHEN b.in_zones > a.in_zones THEN 1.0 ELSE 0.0 END AS share,
       CASE WHEN b.in_zones > a.in_zones + a.nowhere THEN 1.0 ELSE 0.0 END AS share_low,
       CASE WHEN b.in_zones + b.nowhere > a.in_zones THEN 1.0 ELSE 0.0 END AS share_high
FROM fact_zone_spending b
JOIN fact_zone_spending a ON a.metro = b.metro AND a.start_year = b.start_year - 1
"""

# A negative share of the people: it is not known.
_EQUITY = f"""
SELECT y.metro, y.sphere, y.year, y.entry_id AS item, y.entry_id, y.amount_cents,
       CASE WHEN p.share IS NOT NULL AND y.place_class = 'located' THEN coalesce(m.share, 0.0)
       END AS share,
       0.0 AS share_low, 1.0 AS share_high,
       CASE WHEN d.entry_id IS NULL THEN {_RULES.wrong} ELSE {_RULES.moved} END AS doubt,
       coalesce(p.share, -1.0) AS people
FROM fact_capital_year y
LEFT JOIN fact_doubted d ON d.entry_id = y.entry_id
LEFT JOIN fact_people p ON p.metro = y.metro
LEFT JOIN fact_in_marginalised m ON m.entry_id = y.entry_id
WHERE y.amount_cents > 0 AND y.place_class <> 'administrative'
"""

PLACE_INDICATORS = (
    Indicator(
        "H2",
        "Co-location",
        "Do the sectors put their money in the same places?",
        "rand of the lesser sector × (1 − Jensen–Shannon distance of both sectors' located capital "
        "over areas), summed over pairs of sectors ÷ rand of the lesser sectors",
        "rand",
        "1 means two sectors spread their money alike over the metro's wards (or regions, where no "
        "wards were read), 0 that they share no place. It does not say that the same places are "
        "the right ones. Larger areas look more alike: compare metros only over like layers. It cannot "
        "be cut by sphere or owner, for a pair has several.",
        "This project's definition (product specification, section 5); Jensen–Shannon distance with "
        "logarithms of base 2",
        higher_is_better=True,
        query=_COLOCATION,
        doubt=f"{_RULES.averaged}",
        owner="'all'",
        fund="'all'",
    ),
    Indicator(
        "H3",
        "Cross-boundary continuity",
        "Do networks that reach a municipal boundary go on across it?",
        "undertakings of water, sanitation, stormwater, electricity, roads, public transport and "
        "rail that touch another municipality and have a counterpart there ÷ all such",
        "undertakings",
        "1 means every network project at the boundary is the neighbour's too, or meets one of the "
        "same kind. Touching and meeting are distances of rules/data/norms.yaml. Unknown where no "
        "plan or budget of the neighbour was read; nothing at all where no boundary was.",
        "This project's definition (product specification, section 5); the distances are its own "
        "choice",
        higher_is_better=True,
        query=_CONTINUITY,
        doubt="p.doubt",
        by_chance=True,
    ),
    Indicator(
        "S1.rise",
        "Spatial targeting: yearly rise",
        "Does planned spending in integration zones rise from year to year?",
        "metros whose planned spending in integration zones, from the grants that section 14 names "
        "together, is greater than the year before ÷ metros with both years",
        "metros",
        "Of one metro 1 means it rises and 0 that it does not. Nominal rand; the bounds say whether "
        "money of the named grants that has no place could turn the answer. The Act of 2020 asks "
        "for it; other years are shown for comparison.",
        "DoRA 2020 s14 (planned spending must increase every year); grants by year are "
        "rules/data/statements.yaml",
        higher_is_better=True,
        query=_RISING,
        doubt=f"{_RULES.moved}",
        owner="'all'",
        fund="'all'",
    ),
    Indicator(
        "S2",
        "Spatial equity",
        "Is as much planned for a person in marginalised areas as elsewhere?",
        "located capital rand for each person in marginalised areas ÷ located capital rand for each "
        "person elsewhere",
        "rand",
        "1 means the same for each person on both sides, 2 twice as much in marginalised areas. "
        "People are those the areas that were read state; where they state none it is unknown. Over "
        "several metros the shares of people are weighted by rand. Money without a place widens "
        "band and bounds; no upper end means all of it could lie in marginalised areas.",
        "This project's definition (product specification, section 5)",
        higher_is_better=True,
        query=_EQUITY,
        scale=Scale.RATIO,
        people="p.people",
        doubt="p.doubt",
        by_chance=True,
    ),
)
