"""W05 and W15: what the gazette and the performance plan say, against budgets and projects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harvester.alignment.facts.cascade import YEARS_OF_A_STRATEGIC_PLAN
from harvester.rules import crosswalk
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

# The budget's own year only: figures for later years are indicative on both sides. The capital
# budget (SA36) holds the capital part of a grant and may hold less of it than was gazetted; the
# table of grants (SA18/19) holds the whole, and speaks where there is one.
_GRANTS = """
SELECT f.*, e.owner AS giver FROM fact_grant f
LEFT JOIN in_entries e ON e.entry_id = f.gazetted_entry
WHERE f.start_year = f.season
QUALIFY f.document = min(f.document) OVER (PARTITION BY f.metro, f."grant", f.start_year)
ORDER BY f.metro, f."grant", f.start_year
"""


def grant_differs(bench: Bench) -> Iterator[Draft]:
    """W05: a grant in the budget against the gazette it was adopted on, and cuts since then."""
    floor = bench.thresholds.cents("W05.floor_rand")
    percent = bench.thresholds.share("W05.difference_percent")
    for row in bench.facts.query(_GRANTS).to_pylist():
        adopted, now, budget = row["adopted_cents"], row["gazetted_cents"], row["budget_cents"]
        if adopted is None:
            continue
        least = max(floor, percent * max(adopted, budget))
        cut = row["cut_cents"] or 0
        apart = abs(budget - adopted) if row["document"] == "allocations" else budget - adopted
        name = bench.grants.label(row["grant"])
        metro = words.municipality(bench.book, row["metro"])
        if cut >= least:
            yield _of_grant(
                row,
                f"{name} of {metro} for {row['year']} was cut by {words.rand(cut)} after the budget was adopted: "
                f"{words.rand(adopted)} stood gazetted then, {words.rand(now)} since {_gazetted(row)}.",
                cut,
            )
        elif apart >= least:
            yield _of_grant(
                row,
                f"{metro} budgets {words.rand(budget)} of the {name} for {row['year']}; "
                f"{words.rand(adopted)} was gazetted when it adopted.",
                apart,
            )


def _gazetted(row: dict[str, object]) -> str:
    told = [str(row["number"] or "")]
    if row["gazetted_on"] is not None:
        told.append(words.day(row["gazetted_on"]))
    return " of ".join(part for part in told if part) or "the last gazette"


def _of_grant(row: dict[str, object], statement: str, rand: int) -> Draft:
    gazettes = [
        (row["adopted_entry"], "gazetted when the budget was adopted"),
        (row["gazetted_entry"], "gazetted last"),
    ]
    shown = {entry: note for entry, note in reversed(gazettes) if entry}
    return Draft(
        about=(row["metro"], row["grant"], row["year"]),
        statement=statement,
        metro=row["metro"],
        year=row["year"],
        parties=(row["metro"], row["giver"] or ""),
        rand=rand,
        rand_low=rand,
        rand_high=rand,
        confidence=1.0,
        evidence=[
            *plan_of(row["entries"], "in the budget"),
            *(s for entry, note in shown.items() for s in plan_of([entry], note)),
            *([] if shown else absent_from([row["gazette"]], "the gazette does not give it")),
        ],
    )


# Targets with nothing behind them, though their department's project list was read. Where a list
# holds works of the function whose names say no theme, one of them may well be what is missing.
_TARGETS = """
WITH themed AS (SELECT * FROM (VALUES {themes}) t(theme, "function")),
unnamed AS (
    SELECT DISTINCT c.owner, c.season, t.theme
    FROM fact_capital_dated c JOIN themed t USING ("function")
    ANTI JOIN (SELECT w.entry_id FROM fact_work w
               WHERE w.theme IN (SELECT theme FROM themed)) w ON w.entry_id = c.entry_id
)
SELECT c.*, r.submissions AS searched
FROM fact_cascade c
LEFT JOIN (
    SELECT season, owner, list_sort(list(DISTINCT submission_id)) AS submissions FROM fact_entry
    WHERE document IN ('provincial_projects', 'national_projects', 'agency_projects',
                       'infrastructure_plan')
    GROUP BY season, owner
) r ON r.season = c.season AND r.owner = c.owner
ANTI JOIN unnamed u ON u.owner = c.owner AND u.theme = c.theme AND u.season = c.season
WHERE c.funded IS FALSE AND c.owner <> 'unknown' AND (c.target IS NULL OR c.target > 0)
ORDER BY c.entry_id
"""

# Works of a department of none of the themes it has targets for, where its targets for the season
# were read; a work belongs to several themes (a clinic is a health facility).
_UNTARGETED = """
WITH aims AS (
    SELECT DISTINCT owner, season, theme FROM fact_target WHERE level = 'annual' AND owner <> 'unknown'
    UNION
    SELECT t.owner, y.season, t.theme FROM fact_target t
    JOIN (SELECT DISTINCT season FROM fact_work) y
      ON y.season >= t.season AND y.season < t.season + {strategic_years}
    WHERE t.level = 'strategic' AND t.owner <> 'unknown'
), planners AS (
    SELECT owner, season, min(entry_id) AS target_entry FROM fact_target
    WHERE level = 'annual' AND owner <> 'unknown' GROUP BY owner, season
), works AS (
    SELECT w.entry_id, w.owner, w.season, w.year, w.amount_cents, min(w.theme) AS theme,
           bool_or(a.theme IS NOT NULL) AS aimed
    FROM fact_work w LEFT JOIN aims a USING (owner, season, theme)
    GROUP BY w.entry_id, w.owner, w.season, w.year, w.amount_cents
)
SELECT w.owner, w.season, w.year, w.theme, p.target_entry, count(*) AS works,
       sum(w.amount_cents)::BIGINT AS amount_cents,
       list(w.entry_id ORDER BY w.amount_cents DESC, w.entry_id) AS entries
FROM works w JOIN planners p USING (owner, season)
WHERE NOT w.aimed GROUP BY w.owner, w.season, w.year, w.theme, p.target_entry
HAVING sum(w.amount_cents) >= {floor}
ORDER BY w.owner, w.season, w.theme
"""

MOST_SHOWN = 10
"""Projects shown as evidence of a finding about many."""


def targets_and_projects(bench: Bench) -> Iterator[Draft]:
    """W15: a target that asks for works with none behind it; works of a kind without a target."""
    themes = crosswalk.load().themes
    worded = ", ".join(
        f"('{code}', '{function}')"
        for code, theme in themes.items()
        if theme.works
        for function in theme.functions
    )
    for row in bench.facts.query(_TARGETS.format(themes=worded)).to_pylist():
        owner = words.institution(bench.book, row["owner"])
        yield Draft(
            about=(
                row["owner"],
                row["level"],
                row["theme"],
                row["year"],
                row["code"] or row["name"],
            ),
            statement=f"{owner} has the target {words.project(row['name'])} for {row['year']}, and no "
            f"project of {themes[row['theme']].label} in the lists that were read.",
            metro=row["metro"],
            year=row["year"],
            parties=(row["owner"],),
            rand=None,
            rand_low=None,
            rand_high=None,
            confidence=bench.thresholds.share("W15.theme_percent"),
            function=row["function"],
            evidence=[
                name_of(row["entry_id"], "the target"),
                Shown("field", "how much", entry_id=row["entry_id"], field="units"),
                *absent_from(row["searched"] or [], "no such project"),
            ],
        )
    query = _UNTARGETED.format(
        strategic_years=YEARS_OF_A_STRATEGIC_PLAN,
        floor=bench.thresholds.cents("W15.floor_rand"),
    )
    for row in bench.facts.query(query).to_pylist():
        owner, rand = words.institution(bench.book, row["owner"]), row["amount_cents"]
        label = themes[row["theme"]].label
        yield Draft(
            about=(row["owner"], "untargeted", row["theme"], row["year"]),
            statement=f"{owner} has {row['works']} {'project' if row['works'] == 1 else 'projects'} of {label}, {words.rand(rand)}, in {row['year']}, and "
            "no target for them in its performance plan.",
            metro="unknown",
            year=row["year"],
            parties=(row["owner"],),
            rand=rand,
            rand_low=round(rand * bench.thresholds.share("W15.theme_percent")),
            rand_high=rand,
            confidence=bench.thresholds.share("W15.theme_percent"),
            function=themes[row["theme"]].functions[0],
            evidence=[
                *(name_of(entry, "a project") for entry in row["entries"][:MOST_SHOWN]),
                *(
                    s
                    for entry in row["entries"][:MOST_SHOWN]
                    for s in plan_of([entry], "its money")
                ),
                name_of(row["target_entry"], "a target of the plan that was searched"),
            ],
        )


ALLOCATION_DETECTORS = (
    declared("W05", grant_differs),
    declared("W15", targets_and_projects),
)
