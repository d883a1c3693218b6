"""Indicators of money: S1 spatial targeting, B1 execution."""

from __future__ import annotations

from harvester.alignment.indicators.declared import Indicator
from harvester.rules import bands

_RULES = bands.load()

# Administration cannot have a place and is left out. Allocable money that has no place yet, and
# all money of a metro whose priority areas were not read, is unknown. Where layers of areas overlap, a
# share lies between that of the greatest layer and the sum of them all.
_TARGETING = f"""
WITH targets AS (
    SELECT DISTINCT metro FROM in_areas WHERE priority
), targeted AS (
    SELECT *, share_high > share AS overlaps FROM fact_targeted
)
SELECT y.metro, y.sphere, y.year, y.entry_id AS item, y.entry_id, y.amount_cents,
       CASE WHEN k.metro IS NOT NULL AND y.place_class = 'located' THEN coalesce(t.share, 0.0)
       END AS share,
       CASE WHEN t.overlaps AND d.entry_id IS NULL THEN t.share ELSE 0.0 END AS share_low,
       CASE WHEN t.overlaps AND d.entry_id IS NULL THEN t.share_high ELSE 1.0 END AS share_high,
       CASE WHEN t.overlaps OR d.entry_id IS NOT NULL THEN {_RULES.moved} ELSE {_RULES.wrong} END
       AS doubt
FROM fact_capital_year y
LEFT JOIN fact_doubted d ON d.entry_id = y.entry_id
LEFT JOIN targets k ON k.metro = y.metro
LEFT JOIN targeted t ON t.entry_id = y.entry_id
WHERE y.amount_cents > 0 AND y.place_class <> 'administrative'
"""

_EXECUTION = f"""
SELECT metro, sphere, year, entry_id AS item, entry_id, due AS amount_cents, share, share_low,
       share_high, CASE WHEN share_high > share THEN {_RULES.open} ELSE 0.0 END AS doubt
FROM fact_execution
"""

MONEY_INDICATORS = (
    Indicator(
        "S1",
        "Spatial targeting",
        "How much of the money that has a place goes to the areas the plan targets?",
        "located rand in priority areas (integration zones, hubs, marginalised areas, nodes, "
        "precincts) ÷ located rand, by municipal year",
        "rand",
        "Watch the trend: planned spending in integration zones from the named grants must rise "
        "every year (DoRA 2020 s14). The bounds show all that unlocated money could change, the band what it is likely to. Unknown "
        "where the metro's priority areas were not read; administration is left out.",
        "DoRA 2020 s14 for the trend; the share is this project's definition (product "
        "specification, section 5)",
        higher_is_better=True,
        query=_TARGETING,
        doubt="p.doubt",
        by_chance=True,
    ),
    Indicator(
        "B1",
        "Execution",
        "Is the year's budget being spent?",
        "spent ÷ adjusted budget (original where there is none) pro rata to the month reached; "
        "each project counts at most in full",
        "rand",
        "1 means spending keeps pace with the calendar. Capital spending is seldom even over the "
        "year, so low values early in the year are common. Spending on rows without a budget "
        "widens band and bounds upwards. National-calendar years stand under the municipal year they "
        "share nine months with.",
        "This project's definition (product specification, section 5)",
        higher_is_better=True,
        query=_EXECUTION,
        doubt="p.doubt",
    ),
)
