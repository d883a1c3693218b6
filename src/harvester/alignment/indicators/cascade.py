"""Indicators of the cascade: V5, targets with funded undertakings behind them."""

from __future__ import annotations

from harvester.alignment.indicators.declared import Indicator

_CASCADE = """
SELECT metro, sphere, year, entry_id AS item, entry_id, 1 AS amount_cents,
       CASE funded WHEN TRUE THEN 1.0 WHEN FALSE THEN 0.0 END AS share,
       CASE funded WHEN TRUE THEN 1.0 ELSE 0.0 END AS share_low,
       CASE funded WHEN FALSE THEN 0.0 ELSE 1.0 END AS share_high
FROM fact_cascade WHERE theme <> ''
"""

# A province's targets, asked again of each of its metros.
_HERE = """
WITH metros AS (
    SELECT DISTINCT r.metro, r.season, i.province FROM fact_read r
    JOIN in_institutions i ON i.code = r.metro WHERE i.is_metro
), behind AS (
    SELECT DISTINCT target_entry, metro FROM fact_target_work
)
SELECT m.metro, c.sphere, c.year, c.entry_id || ':' || m.metro AS item, c.entry_id,
       1 AS amount_cents,
       CASE WHEN b.metro IS NOT NULL THEN 1.0 WHEN c.readable THEN 0.0 END AS share,
       CASE WHEN b.metro IS NOT NULL THEN 1.0 ELSE 0.0 END AS share_low,
       CASE WHEN b.metro IS NOT NULL OR NOT c.readable THEN 1.0 ELSE 0.0 END AS share_high
FROM fact_cascade c
JOIN metros m ON m.province = c.province AND m.season = c.season
LEFT JOIN behind b ON b.target_entry = c.entry_id AND b.metro = m.metro
WHERE c.theme <> '' AND c.metro IN ('unknown', m.metro)
"""

_READING = (
    "Targets that ask for no works (a report tabled, a person trained) are left out; what a target "
    "asks for is read from the words of its indicator. An undertaking stands behind it when it is of "
    "that kind, has money in those years, and is the department's own or paid by its grant. "
    "Unknown where the department's project list was not read. Being behind is not being enough."
)
_SOURCE = (
    "This project's definition (product specification, section 5); kinds of works are "
    "rules/data/crosswalk.yaml, not verified"
)

CASCADE_INDICATORS = (
    Indicator(
        "V5",
        "Cascade",
        "Do the targets departments promise have funded projects behind them?",
        "targets of annual performance and strategic plans that ask for works and have funded "
        "undertakings behind them ÷ all such targets",
        "targets",
        "1 means every promised kind of works has money somewhere. " + _READING,
        _SOURCE,
        higher_is_better=True,
        query=_CASCADE,
    ),
    Indicator(
        "V5.metro",
        "Cascade in the metro",
        "Do the targets of its province's departments have funded projects in the metro?",
        "targets that ask for works and have funded undertakings behind them in the metro ÷ all "
        "such targets of its province, each metro asked",
        "targets",
        "A target may rightly be met elsewhere in the province. " + _READING,
        _SOURCE,
        higher_is_better=True,
        query=_HERE,
    ),
)
