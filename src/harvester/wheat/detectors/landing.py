"""W01 to W04: projects that stand in one document and not in the one that should carry them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harvester.wheat import words
from harvester.wheat.finding import Bench, Draft, absent_from, declared, name_of, plan_of

if TYPE_CHECKING:
    from collections.abc import Iterator

# Not there at all, though the next rung was read and covers months for which there is money.
# Amounts and years that differ are other detectors' findings.
_NOT_LANDED = """
SELECT s.undertaking_id, s.name, s.metro, s.season, s.year, s.institution, s.owner, s.entry_id,
       s.entries, s.amount_due, s.target_year, s.searched, s.almost, s.first_month,
       coalesce(u.metro, 'unknown') AS home,
       coalesce(u."function", 'unknown') AS function
FROM fact_step s LEFT JOIN in_undertakings u USING (undertaking_id)
WHERE s.document = '{document}' AND s.landed IS FALSE AND NOT s.present
  AND (s.amount_due IS NULL OR s.amount_due > 0) AND trim(s.name) <> ''
ORDER BY s.undertaking_id, s.season, s.metro
"""


def _about(row: dict[str, object]) -> tuple[str, ...]:
    """Undertaking and year; and the metro, where it is not the undertaking's own."""
    about = (row["undertaking_id"], row["year"])
    return about if row["metro"] == row["home"] else (*about, row["metro"])


def _not_landed(bench: Bench, document: str, target: str) -> Iterator[Draft]:
    for row in bench.facts.query(_NOT_LANDED.format(document=document)).to_pylist():
        amount = row["amount_due"]
        here = words.paper(bench.book, document, row["institution"], row["year"])
        there = f"its {words.document(target)} {row['target_year']}"
        planned = (
            f", first planned for {words.municipal_year(row['first_month'])}"
            if row["first_month"]
            else ""
        )
        yield Draft(
            about=_about(row),
            statement=f"{words.project(row['name'])}, {words.rand(amount)} in {here}{planned}, is not in {there}.",
            metro=row["metro"],
            year=row["year"],
            parties=(row["institution"], row["owner"]),
            rand=amount,
            rand_low=_part(amount, 1 - row["almost"]),
            rand_high=amount,
            confidence=1 - row["almost"],
            undertaking_id=row["undertaking_id"],
            function=row["function"],
            evidence=[
                name_of(row["entry_id"], f"stands in {here}"),
                *plan_of(row["entries"], f"planned in {here}"),
                *absent_from(row["searched"], f"not found in {there}"),
            ],
        )


def _part(amount: int | None, share: float) -> int | None:
    return None if amount is None else round(amount * share)


def in_pipeline_not_in_idp(bench: Bench) -> Iterator[Draft]:
    """W01: undertakings of a BEPP pipeline that the metro's IDP does not name."""
    return _not_landed(bench, "pipeline", "idp")


def in_idp_not_in_budget(bench: Bench) -> Iterator[Draft]:
    """W02: the metro's own undertakings of an IDP that its capital budget does not carry."""
    return _not_landed(bench, "idp", "budget")


# A plan of an earlier season also counts: a project under way need not be listed again; so does a
# plan that names the whole of which the project is a part, or its parts. Equipment,
# administration and rows without a name cannot be looked for in a plan.
_IN_NO_PLAN = """
WITH budgeted AS (
    SELECT undertaking_id, institution, season,
           bool_and(place_class = 'administrative' OR asset_class IN ({left_out})) AS left_out
    FROM fact_standing WHERE document = 'budget' GROUP BY undertaking_id, institution, season
), planned AS (
    SELECT undertaking_id, metro, min(season) AS season FROM fact_stood
    WHERE document IN ('pipeline', 'idp') GROUP BY undertaking_id, metro
), plans AS (
    SELECT * FROM fact_plan_read WHERE season = for_season
), almost AS (
    SELECT p.metro, p.season, n.undertaking_id, max(n.probability) AS probability
    FROM (SELECT metro, season, unnest(submissions) AS submission_id FROM plans) p
    JOIN fact_almost n USING (submission_id) GROUP BY ALL
)
SELECT b.undertaking_id, b.name, b.metro, b.season, b.year, b.institution, b.owner, b.entry_id,
       b.entries, b.amount_cents, p.submissions AS searched, p.documents,
       coalesce(u.metro, 'unknown') AS home,
       coalesce(n.probability, 0.0) AS almost, coalesce(u."function", 'unknown') AS function
FROM fact_appearance b
JOIN budgeted k USING (undertaking_id, institution, season)
JOIN plans p ON p.metro = b.institution AND p.season = b.season
LEFT JOIN almost n ON n.undertaking_id = b.undertaking_id AND n.metro = b.metro
     AND n.season = b.season
LEFT JOIN in_undertakings u ON u.undertaking_id = b.undertaking_id
ANTI JOIN planned q ON q.undertaking_id = b.undertaking_id AND q.metro = b.metro
     AND q.season <= b.season
WHERE b.document = 'budget' AND b.amount_cents > 0 AND NOT k.left_out AND trim(b.name) <> ''
ORDER BY b.undertaking_id, b.season, b.metro
"""


def in_budget_in_no_plan(bench: Bench) -> Iterator[Draft]:
    """W03: budgeted undertakings that no plan of the metro names, where a plan was read."""
    left_out = ", ".join(
        f"'{code}'" for code in bench.thresholds.lists["W03.left_out_asset_classes"]
    )
    pipeline_only = bench.thresholds["W03.pipeline_only_percent"] / 100
    for row in bench.facts.query(_IN_NO_PLAN.format(left_out=left_out or "''")).to_pylist():
        amount = row["amount_cents"]
        sure = (1 - row["almost"]) * (1.0 if "idp" in row["documents"] else pipeline_only)
        here = words.paper(bench.book, "budget", row["institution"], row["year"])
        plans = words.documents(row["documents"])
        yield Draft(
            about=_about(row),
            statement=f"{words.project(row['name'])}, {words.rand(amount)} in {here}, is in no plan: "
            f"the {plans} {row['year']} and those before do not name it.",
            metro=row["metro"],
            year=row["year"],
            parties=(row["institution"], row["owner"]),
            rand=amount,
            rand_low=_part(amount, sure),
            rand_high=amount,
            confidence=sure,
            undertaking_id=row["undertaking_id"],
            function=row["function"],
            evidence=[
                name_of(row["entry_id"], f"stands in {here}"),
                *plan_of(row["entries"], f"budgeted in {here}"),
                *absent_from(row["searched"], f"not found in the {plans} {row['year']}"),
            ],
        )


_UNSEEN = """
SELECT s.*, coalesce(u."function", 'unknown') AS "function"
FROM fact_seen s LEFT JOIN in_undertakings u USING (undertaking_id)
WHERE s.readable AND NOT s.named AND (s.amount_cents IS NULL OR s.amount_cents > 0)
  AND trim(s.name) <> ''
ORDER BY s.undertaking_id, s.season
"""


def unknown_to_the_metro(bench: Bench) -> Iterator[Draft]:
    """W04: other spheres' undertakings in a metro that its IDP or BEPP does not name."""
    for row in bench.facts.query(_UNSEEN).to_pylist():
        amount, metro = row["amount_cents"], words.municipality(bench.book, row["metro"])
        here = words.paper(bench.book, row["document"], row["institution"], row["year"])
        plans = (
            f"{words.documents(row['searched_documents'])} {words.season(row['searched_season'])}"
        )
        owner = row["owner"] if row["owner"] != "unknown" else row["institution"]
        yield Draft(
            about=(row["undertaking_id"], row["year"]),
            statement=f"{words.project(row['name'])}, {words.rand(amount)} of "
            f"{words.institution(bench.book, owner)} in {metro}, is not named in the metro's {plans}.",
            metro=row["metro"],
            year=row["year"],
            parties=(row["metro"], owner),
            rand=amount,
            rand_low=_part(amount, 1 - row["almost"]),
            rand_high=amount,
            confidence=1 - row["almost"],
            undertaking_id=row["undertaking_id"],
            function=row["function"],
            evidence=[
                name_of(row["entry_id"], f"stands in {here}"),
                *plan_of(row["entries"], f"planned in {here}"),
                *absent_from(row["searched"], f"not found in the {plans} of {metro}"),
            ],
        )


LANDING_DETECTORS = (
    declared("W01", in_pipeline_not_in_idp),
    declared("W02", in_idp_not_in_budget),
    declared("W03", in_budget_in_no_plan),
    declared("W04", unknown_to_the_metro),
)
