"""Indicators of grants: V3 certainty of grant money."""

from __future__ import annotations

from harvester.alignment.indicators.declared import Indicator

_CERTAIN = """
SELECT metro, 'local' AS sphere, year, "grant" AS item, entry_id, budget_cents AS amount_cents,
       {matched}::DOUBLE / budget_cents AS share,
       coalesce({matched}::DOUBLE / budget_cents, 0.0) AS share_low,
       coalesce({matched}::DOUBLE / budget_cents, 1.0) AS share_high
FROM fact_grant WHERE counted AND budget_cents > 0
"""

_READING = (
    "1 means every rand of grant money in the budget stands in a gazette; budgeting less than was "
    "gazetted is no fault here, for a part of a grant may be spent on operations. A grant and year "
    "that no gazette speaks of is unknown, not zero. An allocation of a financial year is "
    "set beside the municipal year of that name, as gazettes print them."
)
_SOURCE = (
    "Division of Revenue Acts (allocations per municipality are gazetted; DoRA 2020 s16, 2021 "
    "s15); the measure is this project's definition (product specification, section 5)"
)

GRANT_INDICATORS = (
    Indicator(
        "V3",
        "Grant certainty",
        "Is the grant money in the budget the money that was gazetted?",
        "the lesser of budget and latest gazetted allocation, for each grant and year ÷ grant "
        "rand in municipal budgets",
        "rand",
        _READING,
        _SOURCE,
        higher_is_better=True,
        query=_CERTAIN.format(matched="matched_cents"),
        owner="p.metro",
        fund="p.item",
    ),
    Indicator(
        "V3.adoption",
        "Grant certainty at adoption",
        "Was the grant money gazetted when the council approved the budget?",
        "the lesser of budget and the allocation gazetted by the day the budget was approved (30 June "
        "where it states none), for each grant and year ÷ grant rand in municipal budgets",
        "rand",
        "Beside V3: where this is higher, a later gazette cut what had been budgeted; where it is "
        "lower or unknown, the gazette came after the budget. " + _READING,
        _SOURCE,
        higher_is_better=True,
        query=_CERTAIN.format(matched="adopted_matched_cents"),
        owner="p.metro",
        fund="p.item",
    ),
)
