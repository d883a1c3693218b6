"""W13 and W21: who may build what, and who owns what the metro expects of others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harvester.rules import responsibilities
from harvester.rules.text import phrase_pattern
from harvester.wheat import words
from harvester.wheat.finding import (
    Bench,
    Draft,
    Shown,
    absent_from,
    declared,
    name_of,
    plan_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from harvester.rules.responsibilities import Segments

# The latest budget of each institution speaks. Its function is what all its rows say; the funds
# are those that any document of the season gives the project, and what it is called in the IDP
# speaks beside a budget's own words, which may be those of the chart of accounts.
_BUDGETED = """
WITH rows AS (
    SELECT undertaking_id, document, institution, season, min("function") AS "function",
           min(lower(name)) AS words
    FROM fact_standing WHERE "function" <> 'unknown'
    GROUP BY undertaking_id, document, institution, season
    HAVING min("function") = max("function")
), called AS (
    SELECT undertaking_id, institution, season, entry_id AS called_entry, lower(name) AS called
    FROM fact_standing WHERE document = 'idp' AND trim(name) <> ''
    QUALIFY row_number() OVER (PARTITION BY undertaking_id, institution, season
            ORDER BY row, entry_id) = 1
), funds AS (
    SELECT undertaking_id, season, list_sort(list(DISTINCT "grant")) AS grants,
           arg_min(entry_id, (document, entry_id)) AS fund_entry
    FROM fact_standing WHERE "grant" <> 'unknown' GROUP BY undertaking_id, season
)
SELECT a.*, r."function", r.words, f.grants, f.fund_entry, coalesce(c.called, '') AS called,
       c.called_entry
FROM fact_appearance a
JOIN rows r USING (undertaking_id, document, institution, season)
LEFT JOIN funds f USING (undertaking_id, season)
LEFT JOIN called c USING (undertaking_id, institution, season)
WHERE a.document IN ('budget', 'provincial_projects', 'national_projects', 'agency_projects')
  AND a.amount_cents >= {floor} AND trim(a.name) <> ''
QUALIFY a.season = max(a.season) OVER (PARTITION BY a.undertaking_id, a.document, a.institution)
"""

_CONTRADICTS = """
SELECT * FROM (
    SELECT *, {by_itself} AS by_itself, {by_its_plan} AS by_its_plan FROM ({budgeted})
    WHERE document = 'budget'
) WHERE by_itself OR by_its_plan
ORDER BY undertaking_id, document, institution
"""

_HELD_BY_ANOTHER = """
SELECT b.*, p.part FROM ({budgeted}) b
JOIN (VALUES {parts}) p("function", sphere, part)
  ON p."function" = b."function" AND p.sphere = b.sphere
WHERE NOT (b.sphere = 'local' AND regexp_matches(b.words, '{local_words}'))
ORDER BY undertaking_id, document, institution
"""


def mandate_disagrees(bench: Bench) -> Iterator[Draft]:
    """W13: a budget row whose function contradicts its name, or is another sphere's to build."""
    budgeted = _BUDGETED.format(floor=bench.thresholds.cents("W13.floor_rand"))
    seen = set()
    for draft in _contradictions(bench, budgeted):
        seen.add(draft.about)
        yield draft
    for draft in _held_by_another(bench, budgeted):
        if draft.about not in seen:
            yield draft


def _contradictions(bench: Bench, budgeted: str) -> Iterator[Draft]:
    known = responsibilities.segments()
    for row in bench.facts.query(_contradicting(budgeted, known)).to_pylist():
        here = words.paper(bench.book, row["document"], row["institution"], row["year"])
        plan = words.paper(bench.book, "idp", row["institution"], row["year"])
        name = "its name" if row["by_itself"] else f"its name in {plan}"
        yield _budget_row(
            row,
            statement=f"{words.project(row['name'])}, {words.rand(row['amount_cents'])} in {here}, is "
            f"booked under {bench.functions.label(row['function'])}, which {name} contradicts.",
            confidence=row["probability"] * bench.thresholds.share("W13.segment_percent"),
            here=here,
            also=[] if row["by_itself"] else [name_of(row["called_entry"], f"named in {plan}")],
        )


def _contradicting(budgeted: str, known: Segments) -> str:
    """SQL of budget rows whose own name, or name in the IDP, no other name fitting, contradicts."""

    def said(column: str) -> str:
        found = " ".join(
            f"WHEN '{function}' THEN regexp_matches({column}, '{foreign}') "
            f"AND NOT regexp_matches(words || ' / ' || called, '{known.fitting[function]}')"
            for function, foreign in known.foreign.items()
        )
        return f'CASE "function" {found} ELSE FALSE END'

    return _CONTRADICTS.format(
        budgeted=budgeted, by_itself=said("words"), by_its_plan=said("called")
    )


def _held_by_another(bench: Bench, budgeted: str) -> Iterator[Draft]:
    law = responsibilities.load()
    parts = [
        (function, sphere, "by agreement" if sphere in held.by_agreement else "none")
        for function, held in law.items()
        for sphere in ("local", "provincial", "national", "entity")
        if sphere not in held.holds
    ]
    query = _HELD_BY_ANOTHER.format(
        budgeted=budgeted,
        parts=", ".join(str(part) for part in parts),
        local_words=phrase_pattern(bench.thresholds.lists["W13.local_words"]),
    )
    own_money = set(bench.thresholds.lists["W13.own_money"])
    for row in bench.facts.query(query).to_pylist():
        grants = set(row["grants"] or ())
        if (row["part"] == "by agreement" and not grants) or grants - own_money:
            # Another pays, or nobody says who does: it may well be agreed.
            continue
        held = law[row["function"]]
        sure = 1.0 if grants else bench.thresholds.share("W13.unknown_fund_percent")
        here = words.paper(bench.book, row["document"], row["institution"], row["year"])
        holder = " and ".join(held.holds)
        money = " of its own money" if grants else ""
        yield _budget_row(
            row,
            statement=f"{words.project(row['name'])}, {words.rand(row['amount_cents'])}{money} in {here}, is "
            f"{bench.functions.label(row['function']).lower()}, which the {holder} sphere holds "
            f"(Constitution, Schedule {held.schedule}).",
            confidence=row["probability"] * sure,
            here=here,
        )


def _budget_row(
    row: dict[str, object],
    *,
    statement: str,
    confidence: float,
    here: str,
    also: Sequence[Shown] = (),
) -> Draft:
    fund = [Shown("field", "paid from", entry_id=row["fund_entry"], field="fund_text")]
    return Draft(
        about=(row["undertaking_id"], row["institution"]),
        statement=statement,
        metro=row["metro"],
        year=row["year"],
        parties=(row["institution"], row["owner"]),
        rand=row["amount_cents"],
        rand_low=round(row["amount_cents"] * confidence),
        rand_high=row["amount_cents"],
        confidence=confidence,
        undertaking_id=row["undertaking_id"],
        function=row["function"],
        evidence=[
            name_of(row["entry_id"], f"stands in {here}"),
            *also,
            Shown("field", "function", entry_id=row["entry_id"], field="function_text"),
            *(fund if row["fund_entry"] else []),
            *plan_of(row["entries"], f"budgeted in {here}"),
        ],
    )


# A project of another sphere in the metro's plan: with no owner named at all, or in none of its
# owner's lists though those were read. An owner that is named but not resolved is not known, and
# one whose list has not come is W20's. Where the owner's list holds the same money to the rand for
# the same function in the metro, or for it knows not where, it may well be that project under
# another name: that is a question about a link, not about the owner. But a plan names a project
# once: what it names in another row too is that row's, and the money is the same by chance.
_UNOWNED = """
WITH named AS (
    SELECT undertaking_id, bool_or(trim(owner_text) <> '') AS names_owner
    FROM fact_standing GROUP BY undertaking_id
), searched AS (
    SELECT season, owner, list_sort(list(DISTINCT submission_id)) AS submissions FROM (
        SELECT season, institution AS owner, submission_id FROM fact_current
        WHERE document IN {others}
        UNION ALL
        SELECT season, owner, submission_id FROM fact_entry WHERE document IN {others}
    ) GROUP BY season, owner
), listed AS (
    SELECT DISTINCT f.season, f.owner, f.metro, f."function", f.amount_cents, w.metro AS wished_by
    FROM fact_entry f
    JOIN (SELECT DISTINCT metro, season FROM fact_wished) w ON w.season = f.season
    LEFT JOIN fact_stood t ON t.undertaking_id = f.undertaking_id AND t.metro = w.metro
         AND t.season = f.season AND t.document IN ('pipeline', 'idp')
    WHERE f.document IN {others} AND f.owner <> 'unknown' AND f.amount_cents IS NOT NULL
      AND t.undertaking_id IS NULL AND (f.metro = w.metro OR f.metro = 'unknown')
)
SELECT w.*, s.submissions AS searched, n.names_owner,
       coalesce(u."function", 'unknown') AS "function"
FROM fact_wished w
JOIN named n USING (undertaking_id)
LEFT JOIN searched s ON s.season = w.season AND s.owner = w.owner
LEFT JOIN in_undertakings u ON u.undertaking_id = w.undertaking_id
ANTI JOIN listed o ON o.season = w.season AND o.owner = w.owner AND o."function" = u."function"
     AND o.amount_cents = w.amount_cents AND o.wished_by = w.metro
WHERE NOT w.named AND trim(w.name) <> ''
  AND (w.amount_cents IS NULL OR w.amount_cents >= {floor})
  AND ((w.owner <> 'unknown' AND w.readable) OR (w.owner = 'unknown' AND NOT n.names_owner))
ORDER BY w.undertaking_id, w.season, w.metro
"""
_OTHERS = "('provincial_projects', 'national_projects', 'agency_projects', 'infrastructure_plan')"


def owner_missing_or_silent(bench: Bench) -> Iterator[Draft]:
    """W21: projects the metro's plan gives to another sphere that nobody there owns or lists."""
    query = _UNOWNED.format(others=_OTHERS, floor=bench.thresholds.cents("W21.floor_rand"))
    for row in bench.facts.query(query).to_pylist():
        amount, sure = row["amount_cents"], 1 - row["almost"]
        here = words.paper(bench.book, row["document"], row["institution"], row["year"])
        start = f"{words.project(row['name'])}, {words.rand(amount)} in {here}, "
        if row["owner"] == "unknown":
            said = f"belongs to the {row['sphere']} sphere and has no owner."
            field = "sphere_text"
        else:
            owner = words.institution(bench.book, row["owner"])
            said = f"is given to {owner}, whose own lists of {row['year']} do not name it."
            field = "owner_text"
        yield Draft(
            about=(row["undertaking_id"], row["year"]),
            statement=start + said,
            metro=row["metro"],
            year=row["year"],
            parties=(row["metro"], row["owner"]),
            rand=amount,
            rand_low=None if amount is None else round(amount * sure),
            rand_high=amount,
            confidence=sure,
            undertaking_id=row["undertaking_id"],
            function=row["function"],
            evidence=[
                name_of(row["entry_id"], f"stands in {here}"),
                Shown("field", "whose it is said to be", entry_id=row["entry_id"], field=field),
                *plan_of(row["entries"], f"planned in {here}"),
                *absent_from(row["searched"] or [], "not found in the owner's list"),
            ],
        )


MANDATE_DETECTORS = (
    declared("W13", mandate_disagrees),
    declared("W21", owner_missing_or_silent),
)
