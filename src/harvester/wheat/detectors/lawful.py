"""W17 and W18: dates that the law does not allow."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from harvester.domain.periods import Calendar, FinancialYear
from harvester.rules import gates
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
    from collections.abc import Iterator

    from harvester.rules.gates import Gate

BUDGET_YEARS = 3
"""Years an annual budget covers (MFMA s17, s33)."""

# A start in a municipal year whose budget was read and gives the project nothing, while no budget
# shows money or spending up to then and one does later. Where plans disagree about the start, the
# latest counts; where a plan has money in the year of the start, its years disagree with the budget's,
# which is W06's. Only a municipality's own documents: the start that provincial lists state may be
# that of planning.
_NOT_APPROPRIATED = """
WITH money AS (
    SELECT e.undertaking_id, e.institution, {year_of_line} AS year,
           bool_or(e.document = 'budget' AND l.phase IN ('budget', 'adjusted')) AS budgeted
    FROM fact_entry e JOIN in_lines l USING (entry_id)
    WHERE e.document IN ('budget', 'in_year') AND e.sphere = 'local' AND l.amount_cents <> 0
      AND e.undertaking_id IS NOT NULL
    GROUP BY ALL
), first_money AS (
    SELECT undertaking_id, institution, min(year) AS first_year FROM money
    GROUP BY undertaking_id, institution
    HAVING count(*) = count(year) AND min(CASE WHEN budgeted THEN year END) = min(year)
), starts AS (
    SELECT undertaking_id, institution, season, max(start_date) AS start_date,
           arg_max(entry_id, (start_date, entry_id)) AS entry_id, arg_max(name, (start_date, entry_id)) AS name,
           arg_max(document, (start_date, entry_id)) AS document, arg_max(year, (start_date, entry_id)) AS year,
           arg_max(metro, (start_date, entry_id)) AS metro, min(probability) AS probability,
           min(month0) AS plan_money
    FROM fact_standing
    WHERE document IN ('pipeline', 'idp', 'budget') AND sphere = 'local' AND start_date IS NOT NULL
    GROUP BY undertaking_id, institution, season
    QUALIFY season = max(season) OVER (PARTITION BY undertaking_id, institution)
), dated AS (
    SELECT *, year(start_date) - CASE WHEN month(start_date) < 7 THEN 1 ELSE 0 END AS start_year
    FROM starts
)
SELECT d.*, f.first_year, r.submissions AS searched, b.entries, b.amount_cents, b.year AS budget_year,
       coalesce(u."function", 'unknown') AS "function", coalesce(n.probability, 0.0) AS almost
FROM dated d
JOIN first_money f USING (undertaking_id, institution)
JOIN fact_read r ON r.document = 'budget' AND r.metro = d.institution AND r.season = d.start_year
JOIN fact_appearance b ON b.undertaking_id = d.undertaking_id AND b.document = 'budget'
     AND b.institution = d.institution
LEFT JOIN in_undertakings u ON u.undertaking_id = d.undertaking_id
LEFT JOIN (
    SELECT x.metro, x.season, n.undertaking_id, max(n.probability) AS probability
    FROM (SELECT metro, season, unnest(submissions) AS submission_id FROM fact_read
          WHERE document = 'budget') x
    JOIN fact_almost n USING (submission_id) GROUP BY x.metro, x.season, n.undertaking_id
) n ON n.undertaking_id = d.undertaking_id AND n.metro = d.institution AND n.season = d.start_year
WHERE f.first_year > d.start_year
  AND (d.plan_money IS NULL OR d.plan_money >= (d.start_year + 1) * 12 + 6)
QUALIFY row_number() OVER (PARTITION BY d.undertaking_id, d.institution ORDER BY b.season) = 1
ORDER BY d.undertaking_id, d.institution
"""


def starts_too_early(bench: Bench) -> Iterator[Draft]:
    """W17: starts before the year of the first money, or before an approval can have been given."""
    seen = set()
    for draft in _before_appropriation(bench):
        seen.add(draft.undertaking_id)
        yield draft
    for draft in _before_approval(bench):
        if draft.undertaking_id not in seen:
            yield draft


def _before_appropriation(bench: Bench) -> Iterator[Draft]:
    gate = gates.load()["appropriation"]
    tolerance = dt.timedelta(days=bench.thresholds["W17.tolerance_days"])
    query = _NOT_APPROPRIATED.format(
        year_of_line="CASE l.calendar WHEN 'municipal' THEN TRY_CAST(substr(l.year, 1, 4) AS INTEGER) END"
    )
    for row in bench.facts.query(query).to_pylist():
        money = FinancialYear(row["first_year"], Calendar.MUNICIPAL)
        if money.first_day - row["start_date"] <= tolerance:
            continue
        sure = row["probability"] * (1 - row["almost"])
        here = words.paper(bench.book, row["document"], row["institution"], row["year"])
        start_year = words.season(row["start_year"])
        yield Draft(
            about=(row["undertaking_id"], row["institution"]),
            statement=f"{words.project(row['name'])} starts on {words.day(row['start_date'])} in {here}; the capital "
            f"budget has money for it from {money.label} only, and none in {start_year} ({gate.cited}).",
            metro=row["metro"],
            year=row["year"],
            parties=(row["institution"],),
            rand=row["amount_cents"],
            rand_low=None if row["amount_cents"] is None else round(row["amount_cents"] * sure),
            rand_high=row["amount_cents"],
            confidence=sure,
            undertaking_id=row["undertaking_id"],
            function=row["function"],
            evidence=[
                name_of(row["entry_id"], f"stands in {here}"),
                Shown("field", "planned start", entry_id=row["entry_id"], field="start_date"),
                *plan_of(row["entries"], f"first budgeted in {row['budget_year']}"),
                *absent_from(row["searched"], f"no money in the capital budget {start_year}"),
            ],
        )


# A project that stands before design in its owner's latest dated document, and whose name says it
# needs an approval that takes longer than the time left to its start.
_UNAPPROVED = """
SELECT s.*, coalesce(u."function", 'unknown') AS "function"
FROM (SELECT * EXCLUDE ("function") FROM fact_standing) s
JOIN in_undertakings u USING (undertaking_id)
WHERE s.document IN ('pipeline', 'idp', 'agency_projects', 'infrastructure_plan')
  AND s.status IN ({statuses}) AND s.start_date IS NOT NULL AND s.published_on IS NOT NULL
  AND s.start_date >= s.published_on AND s.nature IN ({natures})
  AND regexp_matches(lower(s.name), '{pattern}')
QUALIFY row_number() OVER (PARTITION BY s.undertaking_id
        ORDER BY s.published_on DESC, s.start_date DESC, s.entry_id) = 1
ORDER BY s.undertaking_id
"""


def _before_approval(bench: Bench) -> Iterator[Draft]:
    for gate in gates.load().values():
        if not gate.words or not gate.in_force(bench.as_at):
            continue
        query = _UNAPPROVED.format(
            statuses=bench.thresholds.sql_list("W17.planned_statuses"),
            natures=", ".join(f"'{nature}'" for nature in gate.natures),
            pattern=phrase_pattern(gate.words),
        )
        for row in bench.facts.query(query).to_pylist():
            least = row["published_on"] + dt.timedelta(days=gate.days)
            if row["start_date"] < least:
                yield _unapproved(bench, row, gate, least)


def _unapproved(bench: Bench, row: dict[str, object], gate: Gate, least: dt.date) -> Draft:
    here = words.paper(bench.book, row["document"], row["institution"], row["year"])
    sure = row["probability"] * bench.thresholds.share("W17.gate_percent")
    status = bench.statuses.label(row["status"]).lower()
    amount = row["amount_cents"]
    return Draft(
        about=(row["undertaking_id"], row["institution"]),
        statement=f"{words.project(row['name'])} stands at {status} in {here} of {words.day(row['published_on'])} and "
        f"starts on {words.day(row['start_date'])}; {gate.label.lower()} takes {gate.days} days "
        f"({gate.cited}), so not before {words.day(least)}.",
        metro=row["metro"],
        year=row["year"],
        parties=(row["institution"], row["owner"]),
        rand=amount,
        rand_low=None if amount is None else round(amount * sure),
        rand_high=amount,
        confidence=sure,
        undertaking_id=row["undertaking_id"],
        function=row["function"],
        evidence=[
            name_of(row["entry_id"], f"stands in {here}"),
            Shown("field", "stage", entry_id=row["entry_id"], field="status_text"),
            Shown("field", "planned start", entry_id=row["entry_id"], field="start_date"),
            *plan_of([row["entry_id"]], f"planned in {here}"),
        ],
    )


# A municipality's own project that runs past the third year of the budget of the season, is not
# yet under contract, and starts after the plan was published; the IDP speaks before the pipeline. `known_on` is the first day any
# paper of the municipality, drafts and earlier seasons too, says that it runs so long: the time
# for publicity and views could have begun then.
_LONG = """
WITH long AS (
    SELECT s.* FROM fact_standing s
    WHERE s.document IN ('pipeline', 'idp') AND s.sphere = 'local' AND s.status IN ({statuses})
      AND s.published_on IS NOT NULL AND s.start_date > s.published_on
      AND year(s.end_date) * 12 + month(s.end_date) - 1 > (s.season + {years}) * 12 + 5
    QUALIFY row_number() OVER (PARTITION BY s.undertaking_id, s.institution
            ORDER BY s.season DESC, s.document, s.start_date DESC, s.entry_id) = 1
), known AS (
    SELECT m.undertaking_id, c.institution, min(c.published_on) AS known_on
    FROM in_entries e JOIN in_memberships m USING (entry_id)
    JOIN in_submissions c ON c.submission_id = e.submission_id
    WHERE c.document IN ('pipeline', 'idp', 'budget')
      AND year(e.end_date) * 12 + month(e.end_date) - 1
          > (TRY_CAST(substr(c.financial_year, 1, 4) AS INTEGER) + {years}) * 12 + 5
    GROUP BY m.undertaking_id, c.institution
    HAVING count(*) = count(c.published_on)
)
SELECT l.* EXCLUDE ("function"), k.known_on, coalesce(u."function", 'unknown') AS "function"
FROM long l JOIN known k USING (undertaking_id, institution)
JOIN in_undertakings u USING (undertaking_id)
ORDER BY l.undertaking_id, l.institution
"""


def contract_too_long(bench: Bench) -> Iterator[Draft]:
    """W18: a project past the budget's third year that starts before s33 can be complied with."""
    gate = gates.load()["long_contract"]
    query = _LONG.format(
        statuses=bench.thresholds.sql_list("W18.planned_statuses"), years=BUDGET_YEARS
    )
    for row in bench.facts.query(query).to_pylist():
        left = (row["start_date"] - row["known_on"]).days
        if left >= gate.days:
            continue
        here = words.paper(bench.book, row["document"], row["institution"], row["year"])
        sure = row["probability"] * bench.thresholds.share("W18.one_contract_percent")
        last = words.season(row["season"] + BUDGET_YEARS - 1)
        amount = row["amount_cents"]
        yield Draft(
            about=(row["undertaking_id"], row["institution"]),
            statement=f"{words.project(row['name'])} runs to {words.day(row['end_date'])}, past the budget's last year "
            f"{last}, and starts on {words.day(row['start_date'])}, {left} days after it was first "
            f"published ({here}); a contract so long needs {gate.days} ({gate.cited}).",
            metro=row["metro"],
            year=row["year"],
            parties=(row["institution"],),
            rand=amount,
            rand_low=None if amount is None else round(amount * sure),
            rand_high=amount,
            confidence=sure,
            undertaking_id=row["undertaking_id"],
            function=row["function"],
            evidence=[
                name_of(row["entry_id"], f"stands in {here}"),
                Shown("field", "stage", entry_id=row["entry_id"], field="status_text"),
                Shown("field", "planned start", entry_id=row["entry_id"], field="start_date"),
                Shown("field", "planned end", entry_id=row["entry_id"], field="end_date"),
                *plan_of([row["entry_id"]], f"planned in {here}"),
            ],
        )


LAWFUL_DETECTORS = (
    declared("W17", starts_too_early),
    declared("W18", contract_too_long),
)
