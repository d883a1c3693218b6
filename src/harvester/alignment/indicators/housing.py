"""Indicators of housing: H1 complement adequacy."""

from __future__ import annotations

from harvester.alignment.indicators.declared import Indicator
from harvester.rules import bands, norms

# Of the complements that can be told; the band takes each that cannot as missing, and as there.
# Shares are added as whole millionths, so that the mean does not depend on the order of rows.
_ADEQUATE = """
SELECT metro, sphere, year, entry_id AS item, entry_id, min(amount_cents) AS amount_cents,
       sum(round(share * 1000000)::BIGINT) / 1000000.0 / nullif(count(share), 0) AS share,
       sum(round(share_low * 1000000)::BIGINT) / 1000000.0 / nullif(count(share_low), 0) AS share_low,
       sum(round(share_high * 1000000)::BIGINT) / 1000000.0 / nullif(count(share_high), 0)
       AS share_high
FROM fact_complement GROUP BY metro, sphere, year, entry_id
"""

_ALL = """
SELECT metro, sphere, year, entry_id AS item, entry_id, min(amount_cents) AS amount_cents,
       CASE WHEN min(share) = 0.0 THEN 0.0 WHEN count(share) = count(*) THEN 1.0 END AS share,
       min(share_low) AS share_low, min(share_high) AS share_high
FROM fact_complement GROUP BY metro, sphere, year, entry_id
"""

_ONE = """
SELECT metro, sphere, year, entry_id AS item, entry_id, amount_cents, share, share_low, share_high
FROM fact_complement WHERE complement = '{code}'
"""

_READING = (
    "Only what the season's documents plan is seen: a school that stands already is in no list, "
    "so a low value asks a question and proves nothing. Reach is a straight line of the norm's "
    "length; for water, sanitation and electricity an area that both name will do. Unknown: "
    "housing without a place or months, and complements whose provider's list was not read, or that "
    "have no point and name the place the housing names."
)
_SOURCE = (
    "This project's definition (product specification, section 5); distances are the dated norms of "
    "rules/data/norms.yaml, none of them verified yet"
)


_RULES = bands.load()


def _one(code: str, label: str) -> Indicator:
    return Indicator(
        f"H1.{code}",
        f"Complement: {label}",
        f"Is there {label} within reach of new housing, and in time?",
        f"rand of housing with {label} within reach and not later ÷ rand of housing",
        "rand",
        _READING,
        _SOURCE,
        higher_is_better=True,
        query=_ONE.format(code=code),
        doubt=f"{_RULES.open}",
    )


_COMPLEMENTS = norms.load().complements

HOUSING_INDICATORS = (
    Indicator(
        "H1",
        "Complement adequacy",
        "Does new housing come with the services and facilities it needs?",
        f"rand of housing × the share of its {len(_COMPLEMENTS)} complements "
        f"({', '.join(c.label for c in _COMPLEMENTS.values())}) within reach and not later "
        "÷ rand of housing",
        "rand",
        "1 means every complement, 0 none. " + _READING,
        _SOURCE,
        higher_is_better=True,
        query=_ADEQUATE,
        doubt=f"{_RULES.averaged}",
    ),
    Indicator(
        "H1.all",
        "Complement adequacy: all of them",
        "How much of the housing money has every complement?",
        "rand of housing with every complement within reach and not later ÷ rand of housing",
        "rand",
        "The strict reading: one missing complement and the housing does not count. " + _READING,
        _SOURCE,
        higher_is_better=True,
        query=_ALL,
        doubt=f"{_RULES.open}",
    ),
    *(_one(code, c.label) for code, c in _COMPLEMENTS.items()),
)
