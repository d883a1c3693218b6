"""W16 stalled or under-spent, W20 expected submission missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harvester.wheat import words
from harvester.wheat.finding import Bench, Draft, Shown, declared, name_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

# Spending of an undertaking by one institution in one financial year. A row whose spending is
# blank is unknown and is left out; a finished project that spends little has saved.
_SPENDING = """
WITH spending AS (
    SELECT x.undertaking_id, x.institution, x.year, min(x.months) AS months,
           max(x.document) AS document, sum(x.due)::BIGINT AS due, sum(x.spent)::BIGINT AS spent,
           sum(x.due * x.share_high) AS most, sum(x.due * x.share) AS counted,
           list(x.entry_id ORDER BY x.entry_id) AS entries, min(x.probability) AS sure,
           coalesce(min(x.metro) FILTER (WHERE x.metro <> 'unknown'), 'unknown') AS metro,
           coalesce(min(x.owner) FILTER (WHERE x.owner <> 'unknown'), 'unknown') AS owner,
           min(x.season) AS season, bool_or(x.status IN ({done})) AS done
    FROM fact_execution x WHERE x.spent IS NOT NULL AND x.undertaking_id IS NOT NULL
    GROUP BY x.undertaking_id, x.institution, x.year
), statuses AS (
    SELECT undertaking_id, document, institution, season, min(status) AS status
    FROM fact_standing WHERE status <> 'unknown'
    GROUP BY undertaking_id, document, institution, season HAVING count(DISTINCT status) = 1
), still AS (
    SELECT b.undertaking_id, b.institution, b.season, b.status, a.season AS since
    FROM statuses b JOIN statuses a ON a.undertaking_id = b.undertaking_id
         AND a.document = b.document AND a.institution = b.institution
         AND a.season = b.season - 1 AND a.status = b.status
)
SELECT s.*, t.status AS still_status, t.since, u.name,
       coalesce(u."function", 'unknown') AS "function"
FROM spending s JOIN in_undertakings u USING (undertaking_id)
LEFT JOIN still t ON t.undertaking_id = s.undertaking_id AND t.institution = s.institution
     AND t.season = s.season
WHERE s.months >= {months} AND NOT s.done AND s.due - s.spent >= {floor}
  AND s.spent::HUGEINT * 100 < {percent} * s.due::HUGEINT
QUALIFY row_number() OVER (PARTITION BY s.undertaking_id, s.institution, s.year
                           ORDER BY t.since NULLS LAST, t.status) = 1
ORDER BY s.undertaking_id, s.year, s.institution
"""


def stalled_or_underspent(bench: Bench) -> Iterator[Draft]:
    """W16: spending far below the budget pro rata to the month; stalled where the stage stands still."""
    limits = bench.thresholds
    done = ", ".join(f"'{code}'" for code in bench.finished()) or "''"
    query = _SPENDING.format(
        done=done,
        months=limits["W16.least_months"],
        floor=limits.cents("W16.floor_rand"),
        percent=limits["W16.spent_percent"],
    )
    for row in bench.facts.query(query).to_pylist():
        short, due = row["due"] - max(row["spent"], 0), row["due"]
        unexplained = max(0.0, min(1.0, (due - row["most"]) / (due - row["counted"])))
        here = words.paper(bench.book, row["document"], row["institution"], row["year"])
        still = _still(bench, row)
        yield Draft(
            about=(row["undertaking_id"], row["year"], row["institution"]),
            statement=f"{words.project(row['name'])} has spent {words.rand(row['spent'])} of {words.rand(due)} due after "
            f"{row['months']} months in {here} ({words.percent(max(row['spent'], 0) / due)}){still}.",
            metro=row["metro"],
            year=row["year"],
            parties=(row["institution"], row["owner"]),
            rand=short,
            rand_low=round(short * unexplained),
            rand_high=short,
            confidence=row["sure"] * unexplained,
            undertaking_id=row["undertaking_id"],
            function=row["function"],
            evidence=[
                *(name_of(e, f"named in {here}") for e in row["entries"]),
                *(
                    Shown(
                        "spending", f"budget and spending in {here}", entry_id=e, field=row["year"]
                    )
                    for e in row["entries"]
                ),
                *(
                    [
                        Shown("field", "stage", entry_id=e, field="status_text")
                        for e in row["entries"]
                    ]
                    if still
                    else []
                ),
            ],
        )


def _still(bench: Bench, row: dict[str, object]) -> str:
    if row["still_status"] is None:
        return ""
    return f"; its stage has stood at {bench.statuses.label(row['still_status'])} since {words.season(row['since'])}"


_MISSING = """
SELECT institution, document, metro, year, due_on, rule FROM in_coverage WHERE state = 'late'
ORDER BY institution, document, metro, year
"""


def submission_missing(bench: Bench) -> Iterator[Draft]:
    """W20: a submission that was due by the day of the harvest and has not come."""
    high = bench.thresholds.lists["W20.high_documents"]
    for row in bench.facts.query(_MISSING).to_pylist():
        what = words.paper(bench.book, row["document"], row["institution"], row["year"])
        about = (
            f" for {words.municipality(bench.book, row['metro'])}"
            if row["metro"] != row["institution"]
            else ""
        )
        yield Draft(
            about=(row["institution"], row["document"], row["metro"], row["year"]),
            statement=f"Missing on {words.day(bench.as_at)}: {what}{about}{_due(row['due_on'])}.",
            metro=row["metro"],
            year=row["year"],
            parties=(row["institution"], row["metro"]),
            rand=None,
            rand_low=None,
            rand_high=None,
            confidence=1.0,
            severity="high" if row["document"] in high else "medium",
            evidence=[Shown("nothing", f"nothing received; expected by rule {row['rule']}")],
        )


def _due(day: dt.date | None) -> str:
    return "" if day is None else f", due by {words.day(day)}"


DELIVERY_DETECTORS = (
    declared("W16", stalled_or_underspent),
    declared("W20", submission_missing),
)
