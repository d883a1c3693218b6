"""Indicators of plans: V1 outcomes, V2 landing, V4 visibility, T1 time."""

from __future__ import annotations

from harvester.alignment.indicators.declared import Indicator, Scale
from harvester.rules import bands

# Known: the entry names an outcome, or its document has the column and left it blank. A document
# without such a column, or words we could not resolve, say nothing.
_OUTCOMES = """
WITH askable AS (
    SELECT DISTINCT submission_id FROM in_columns WHERE field IN ('outcome_text', 'iudf_text')
), said AS (
    SELECT e.*,
           CASE WHEN e.outcome_mtsf NOT IN ('', 'unknown') OR e.outcome_iudf NOT IN ('', 'unknown')
                    THEN 1.0
                WHEN trim(e.outcome_text) <> '' OR trim(e.iudf_text) <> '' THEN NULL
                WHEN k.submission_id IS NULL THEN NULL
                ELSE 0.0 END AS share
    FROM fact_capital e LEFT JOIN askable k USING (submission_id)
)
SELECT metro, sphere, year, entry_id AS item, entry_id, amount_cents, share,
       coalesce(share, 0.0) AS share_low, coalesce(share, 1.0) AS share_high
FROM said WHERE amount_cents > 0
"""

# What seems absent may have been missed; what is joined may not belong together.
_RULES = bands.load()
_LINKED = {
    "missed": _RULES.missed,
    "unsure": f"greatest(1.0 - sure, {_RULES.wrong})",
}

_LANDING = """
SELECT metro, sphere, year, {item} AS item, entry_id, amount_due AS amount_cents,
       CASE landed WHEN TRUE THEN 1.0 WHEN FALSE THEN 0.0 END AS share,
       0.0 AS share_low, 1.0 AS share_high,
       CASE WHEN present THEN {unsure} ELSE greatest(almost, {missed}) END AS doubt
FROM fact_step WHERE amount_due > 0 AND {only}
"""

_SEEN = """
SELECT metro, sphere, year, undertaking_id AS item, entry_id, amount_cents,
       CASE WHEN NOT readable THEN NULL WHEN named THEN 1.0 ELSE 0.0 END AS share,
       0.0 AS share_low, 1.0 AS share_high,
       CASE WHEN named THEN {unsure} ELSE greatest(almost, {missed}) END AS doubt
FROM {table} WHERE amount_cents > 0
"""

# An undertaking whose link does not hold is not linked: its answer may turn either way.
_TIMES = f"""
SELECT coalesce(u.metro, 'unknown') AS metro, coalesce(u.sphere, 'unknown') AS sphere, t.year,
       t.undertaking_id AS item, t.entry_id, 1 AS amount_cents,
       CASE WHEN t.dated < 2 THEN NULL WHEN t.months_apart <= 12 THEN 1.0 ELSE 0.0 END AS share,
       0.0 AS share_low, 1.0 AS share_high, {_LINKED["unsure"]} AS doubt
FROM fact_timing t LEFT JOIN in_undertakings u USING (undertaking_id)
"""

# Months between the end of the housing and that of the first service within its reach; of several
# services the last. A medium-term budget covers 36 months: nothing in it comes later than that, so
# that is the most where one service is not certain to be there in time. The least counts only
# services that are certainly late.
_INVERSION = """
SELECT metro, sphere, year, entry_id AS item, entry_id, 1 AS amount_cents,
       max(months_late)::DOUBLE AS share,
       coalesce(max(CASE WHEN status = 'late' AND share_high = 0.0 THEN months_late END), 0)::DOUBLE
       AS share_low,
       CASE WHEN bool_and(share_low = 1.0 OR (status = 'late' AND share_high = 0.0))
            THEN max(months_late)::DOUBLE ELSE 36.0 END AS share_high
FROM fact_complement WHERE bulk GROUP BY metro, sphere, year, entry_id
"""

_V2_READING = (
    "1 means every rand planned at one rung stands at the next. A rung that was not read is "
    "unknown, not zero; money planned beyond the months the next document covers is not yet due."
)
_LANDED = (
    "rand of undertakings that stand in the {b} of the season within ± 1 year and with at least "
    "80 % of the amount, over the months both documents cover ÷ rand of undertakings in the {a} in "
    "those months"
)
_SECTION_5 = "This project's definition (product specification, section 5)"


def _landing(suffix: str, name: str, a: str, b: str, only: str) -> Indicator:
    return Indicator(
        f"V2.{suffix}",
        name,
        f"Does what the {a} plans reach the {b}?",
        _LANDED.format(a=a, b=b),
        "rand",
        _V2_READING,
        _SECTION_5,
        higher_is_better=True,
        query=_LANDING.format(**_LINKED, item="undertaking_id", only=only),
        doubt="p.doubt",
        by_chance=True,
    )


PLAN_INDICATORS = (
    Indicator(
        "V1",
        "Outcome coverage",
        "How much of the capital money says which national outcome it serves?",
        "rand of entries that name a national outcome (MTSF or IUDF) ÷ capital rand",
        "rand",
        "1 means every rand names an outcome. Naming is not achieving. A document that has no "
        "place to name an outcome is unknown.",
        _SECTION_5,
        higher_is_better=True,
        query=_OUTCOMES,
    ),
    Indicator(
        "V2",
        "Landing rate",
        "Does what is planned reach the next rung: pipeline, IDP, budget, in-year actuals?",
        "over the three steps together: rand that stands at the next rung within ± 1 year and "
        "with at least 80 % of the amount ÷ rand due there",
        "rand",
        _V2_READING,
        _SECTION_5,
        higher_is_better=True,
        query=_LANDING.format(**_LINKED, item="undertaking_id || ':' || target", only="TRUE"),
        doubt="p.doubt",
        by_chance=True,
    ),
    _landing("idp", "Landing: pipeline to IDP", "BEPP pipeline", "IDP", "target = 'idp'"),
    _landing("budget", "Landing: IDP to budget", "IDP", "capital budget", "target = 'budget'"),
    _landing(
        "in_year",
        "Landing: budget to in-year",
        "capital budget",
        "in-year actuals",
        "target = 'in_year'",
    ),
    Indicator(
        "V4",
        "Mutual visibility: the metro sees the others",
        "Does the metro's IDP or BEPP name what other spheres will build there?",
        "rand of other spheres' undertakings in the metro that its IDP or BEPP of the season names "
        "÷ rand of other spheres' undertakings there",
        "rand",
        "1 means the metro's plans name all of it. Unknown where neither IDP nor BEPP was read.",
        _SECTION_5,
        higher_is_better=True,
        query=_SEEN.format(**_LINKED, table="fact_seen"),
        doubt="p.doubt",
        by_chance=True,
    ),
    Indicator(
        "V4.reverse",
        "Mutual visibility: the others see the metro",
        "Do other spheres' lists carry what the metro's IDP or BEPP expects of them?",
        "rand of undertakings that the metro's IDP or BEPP names as another sphere's and that a "
        "list of the other spheres carries ÷ rand of all such undertakings",
        "rand",
        "1 means all that the metro counts on stands in its owner's list. Unknown where no list of "
        "that owner was read.",
        _SECTION_5,
        higher_is_better=True,
        query=_SEEN.format(**_LINKED, table="fact_wished"),
        doubt="p.doubt",
        by_chance=True,
    ),
    Indicator(
        "T1",
        "Time agreement",
        "Do the documents agree on when a project happens?",
        "linked undertakings whose first plan months agree within 12 months across the documents "
        "of a season ÷ linked undertakings",
        "undertakings",
        "1 means the years agree everywhere. First plan months are compared from the first month "
        "both documents cover. Undertakings with fewer than two stated years are unknown.",
        _SECTION_5,
        higher_is_better=True,
        query=_TIMES,
        doubt="p.doubt",
        by_chance=True,
    ),
    Indicator(
        "T1.inversion",
        "Dependency inversion",
        "How long do new houses stand before the bulk services they need are there?",
        "months from the end of each housing project to the end of the last of the bulk water, "
        "sanitation and electricity projects within its reach ÷ housing projects with such",
        "housing projects",
        "0 means no service ends after the housing it serves. Months come from the years money is "
        "planned for, so they move in steps of twelve. A service that is nowhere planned does not "
        "count here (see H1); housing with none within reach is unknown.",
        _SECTION_5,
        higher_is_better=False,
        query=_INVERSION,
        scale=Scale.MONTHS,
        doubt=f"{_RULES.open}",
    ),
)
