"""Indicators of the material itself: P1 participation, Q1 data quality."""

from __future__ import annotations

from harvester.alignment.indicators.declared import Indicator
from harvester.rules import bands

# A submission that is not yet due is not expected yet. Who publishes says the sphere.
_PARTICIPATION = """
SELECT c.metro, coalesce(i.sphere, 'unknown') AS sphere, c.year,
       c.institution || ':' || c.document AS item, '' AS entry_id, 1 AS amount_cents,
       CASE c.state WHEN 'received' THEN 1.0 ELSE 0.0 END AS share,
       CASE c.state WHEN 'received' THEN 1.0 ELSE 0.0 END AS share_low,
       CASE c.state WHEN 'received' THEN 1.0 ELSE 0.0 END AS share_high, c.institution
FROM in_coverage c LEFT JOIN in_institutions i ON i.code = c.institution
WHERE c.state IN ('received', 'late')
"""

_LOCATED = """
SELECT *, CASE place_class WHEN 'located' THEN 1.0 ELSE 0.0 END AS share,
       CASE place_class WHEN 'located' THEN 1.0 ELSE 0.0 END AS low,
       CASE place_class WHEN 'located' THEN 1.0 ELSE 0.0 END AS high, 0.0 AS doubt
FROM fact_entry WHERE place_class <> 'administrative'
"""

_RULES = bands.load()

_LINKED = f"""
WITH size AS (
    SELECT undertaking_id, count(DISTINCT (document, institution)) AS documents
    FROM fact_entry WHERE undertaking_id IS NOT NULL GROUP BY undertaking_id
), almost AS (
    SELECT undertaking_id, max(probability) AS probability FROM fact_almost GROUP BY undertaking_id
)
SELECT e.*, CASE WHEN s.documents > 1 THEN 1.0 ELSE 0.0 END AS share,
       0.0 AS low, 1.0 AS high,
       CASE WHEN s.documents > 1 THEN greatest(1.0 - e.probability, {_RULES.wrong})
            ELSE greatest(coalesce(n.probability, 0.0), {_RULES.missed}) END AS doubt
FROM fact_entry e JOIN size s USING (undertaking_id) LEFT JOIN almost n USING (undertaking_id)
"""

_DATED = """
WITH dated AS (
    SELECT entry_id, sum(abs(amount_cents)) FILTER (WHERE month0 IS NOT NULL)::DOUBLE
                     / nullif(sum(abs(amount_cents)), 0) AS part
    FROM fact_line GROUP BY entry_id
)
SELECT e.*, coalesce(d.part, 0.0) AS share, coalesce(d.part, 0.0) AS low,
       coalesce(d.part, 0.0) AS high, 0.0 AS doubt
FROM fact_entry e LEFT JOIN dated d USING (entry_id)
"""

_OWNED = """
SELECT *, CASE WHEN owner <> 'unknown' THEN 1.0 ELSE 0.0 END AS share,
       CASE WHEN owner <> 'unknown' THEN 1.0 ELSE 0.0 END AS low,
       CASE WHEN owner <> 'unknown' THEN 1.0 ELSE 0.0 END AS high, 0.0 AS doubt
FROM fact_entry
"""

_QUALITIES = {"located": _LOCATED, "linked": _LINKED, "dated": _DATED, "owned": _OWNED}


_PARTS = """
SELECT metro, sphere, year, entry_id AS item, entry_id, amount_cents, share, low AS share_low,
       high AS share_high, doubt
FROM ({answers}) WHERE amount_cents > 0 AND kind IN ('project', 'programme')
"""

# An entry's answers weigh the same; administration is not asked for a place, nor an entry that is
# not linked at all (no project or programme) for its links.
_ALL_FOUR = f"""
WITH answers AS ({
    " UNION ALL ".join(
        f"SELECT entry_id, share, low, high, doubt FROM ({query})" for query in _QUALITIES.values()
    )
}), mean AS (
    SELECT entry_id, avg(share) AS share, avg(low) AS low, avg(high) AS high,
           max(doubt) AS doubt
    FROM answers GROUP BY entry_id
)
SELECT e.*, m.share, m.low, m.high, m.doubt FROM fact_entry e JOIN mean m USING (entry_id)
"""


def _declare(which: str, name: str, question: str, formula: str, reading: str) -> Indicator:
    return Indicator(
        f"Q1.{which}",
        name,
        question,
        formula,
        "rand",
        reading,
        "This project's definition (product specification, section 5)",
        higher_is_better=True,
        query=_PARTS.format(answers=_QUALITIES[which]),
        doubt="p.doubt",
        by_chance=True,
    )


QUALITY_INDICATORS = (
    Indicator(
        "P1",
        "Participation",
        "Who has given what was expected of them?",
        "expected submissions received ÷ submissions expected by now, each institution and metro "
        "counting one",
        "submissions",
        "1 means nothing is outstanding. A submission that is not yet due is not counted; a list "
        "that holds no project in the metro counts as received.",
        "This project's definition (product specification, section 5); due dates are dated rules "
        "with their own sources",
        higher_is_better=True,
        query=_PARTICIPATION,
        owner="p.institution",
    ),
    Indicator(
        "Q1",
        "Data quality",
        "How much of the money can be placed, linked, dated and owned?",
        "rand × the mean of its four answers (located, linked, dated, owned) ÷ rand of entries",
        "rand",
        "1 means every rand of every list has a point, stands in two documents, has its months "
        "and has an owner. It describes the lists that were read, not the projects.",
        "This project's definition (product specification, section 5)",
        higher_is_better=True,
        query=_PARTS.format(answers=_ALL_FOUR),
        doubt="p.doubt",
        by_chance=True,
    ),
    _declare(
        "located",
        "Data quality: located",
        "How much of the money has a place on the map?",
        "rand of entries with a point, line or area ÷ rand of entries that can have one",
        "Administration is left out. Money for several wards, a network or the whole city is "
        "not located.",
    ),
    _declare(
        "linked",
        "Data quality: linked",
        "How much of the money stands in two documents?",
        "rand of entries whose undertaking stands in two or more documents ÷ rand of entries",
        "Unlinked money is not wrong: some projects belong in one document only.",
    ),
    _declare(
        "dated",
        "Data quality: dated",
        "How much of the money says which months it is for?",
        "rand with stated months or years ÷ rand of entries",
        "1 means no amount lacks a year.",
    ),
    _declare(
        "owned",
        "Data quality: owned",
        "How much of the money has a known owner?",
        "rand of entries whose owner is resolved ÷ rand of entries",
        "An owner written in words we could not resolve counts as not owned.",
    ),
)
