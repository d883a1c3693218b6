"""Grant money in municipal budgets beside what was gazetted, version by version.

*Gazetted*: amounts of phase ``gazetted``, each gazette (a submission, or a gazette number in it) one
version. A bill or a draft is no gazette; an allocation in kind (schedule 6) is never the
municipality's money; both are left out. A later version that does not speak of a municipality,
grant and year leaves the earlier one standing. Versions are in the order of the year they are
about, then of their day, then of their stage.

*Years*: an allocation of financial year Y is set beside the municipal year Y, whichever calendar
the gazette counts in: a national year's local-government tranches are paid from July to March,
inside the municipal year of that name, and gazettes print both years side by side. (That is
general knowledge of payment schedules, not read in an Act; the month rule of
:mod:`harvester.space.months.calendars` would put a quarter of each allocation into a year in which none of
it is paid.)

*Unknown*: an allocation nobody gazetted is null. It is a known zero only where one gazette speaks of
that grant and year, and of that municipality and year, and leaves the two together out.

Tables:

``fact_gazetted``
    One row per municipality × grant × year × version: ``version`` (1 is first), ``latest``,
    ``amount_cents``, ``before_cents`` (of the version before), ``gazetted_on``, ``number``.
``fact_grant_budget``
    Grant money of a municipality's own documents by year, from the latest season that speaks of
    it: ``document`` ``budget`` (SA36, capital only) or ``allocations`` (SA18/19, the whole grant);
    ``counted`` marks the one V3 measures: SA36, or SA18/19 where SA36 names no grant that year.
    ``decided_on``: the day the document states, else 30 June, the last day a council may approve.
``fact_grant``
    Both together: ``budget_cents``; ``gazetted_cents`` of the last version and ``adopted_cents`` of
    the version that stood when the budget was decided (null: unknown); ``matched_cents`` and
    ``adopted_matched_cents``, the lesser of budget and gazette; ``cut_cents``, how much less the
    last version gives than the one adopted on.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pyarrow as pa

from harvester.alignment.facts.standing import SEASON
from harvester.domain.documents import EntryKind
from harvester.rules import codes
from harvester.rules.grants import is_conditional
from harvester.sources.values.dates import parse_date

if TYPE_CHECKING:
    from ibis.expr.types import Table as IbisTable

    from harvester.engine.engine import Engine

GAZETTED = f"""
WITH told AS (
    SELECT e.metro, e."grant", {SEASON.format("l.year")} AS start_year, s.season, s.stage_rank,
           e.submission_id, g.number, s.institution,
           coalesce(g.gazetted_on, s.published_on) AS gazetted_on, l.amount_cents, e.entry_id
    FROM in_lines l
    JOIN in_entries e ON e.entry_id = l.entry_id
    JOIN in_gazettes g ON g.entry_id = l.entry_id
    JOIN fact_submission s ON s.submission_id = e.submission_id
    WHERE l.phase = 'gazetted' AND g.binding AND s.stage_rank NOT IN (1, 2)
      AND e.metro <> 'unknown' AND e."grant" <> 'unknown'
), summed AS (
    SELECT metro, "grant", start_year, submission_id, number, min(season) AS season,
           min(stage_rank) AS stage_rank, min(institution) AS institution,
           min(gazetted_on) AS gazetted_on, sum(amount_cents)::BIGINT AS amount_cents,
           min(entry_id) AS entry_id
    FROM told WHERE start_year IS NOT NULL
    GROUP BY metro, "grant", start_year, submission_id, number
), numbered AS (
    SELECT *, row_number() OVER w AS version, lag(amount_cents) OVER w AS before_cents
    FROM summed
    WINDOW w AS (PARTITION BY metro, "grant", start_year
                 ORDER BY season, coalesce(gazetted_on, DATE '0001-01-01'), stage_rank, number,
                          submission_id)
)
SELECT *, version = max(version) OVER (PARTITION BY metro, "grant", start_year) AS latest
FROM numbered
"""

GRANT_BUDGET = """
WITH funded AS (
    SELECT e.metro, coalesce(f."grant", e."grant") AS "grant", l.start_year, e.season,
           e.document, e.submission_id, e.published_on, e.entry_id, l.amount_cents
    FROM fact_line l
    JOIN in_lines i ON i.line_id = l.line_id
    JOIN fact_entry e ON e.entry_id = l.entry_id
    LEFT JOIN in_funds f ON f.fund_text = i.fund_text
    WHERE e.document IN ('budget', 'allocations') AND e.institution = e.metro
      AND i.phase <> 'gazetted' AND e.metro <> 'unknown' AND e.season IS NOT NULL
), spoken AS (
    SELECT *, max(season) OVER (PARTITION BY metro, document, start_year) AS last_season
    FROM funded WHERE start_year IS NOT NULL
), summed AS (
    SELECT b.metro, b."grant", b.start_year, b.document, b.season,
           max(b.published_on) AS published_on, sum(b.amount_cents)::BIGINT AS amount_cents,
           min(b.submission_id) AS submission_id, min(b.entry_id) AS entry_id,
           list_sort(list_distinct(list(b.entry_id ORDER BY b.entry_id))) AS entries
    FROM spoken b JOIN in_grants g ON g."grant" = b."grant"
    WHERE b.season = b.last_season AND g.conditional
    GROUP BY b.metro, b."grant", b.start_year, b.document, b.season
)
SELECT *, coalesce(published_on, (season || '-06-30')::DATE) AS decided_on,
       document = max(document) OVER (PARTITION BY metro, start_year) AS counted
FROM summed
"""

# `cell` is the closure: one gazette that speaks of the grant, and of the municipality.
GRANT = """
WITH adopted AS (
    SELECT b.metro, b."grant", b.start_year, b.document, max(g.version) AS version
    FROM fact_grant_budget b
    JOIN fact_gazetted g ON g.metro = b.metro AND g."grant" = b."grant"
         AND g.start_year = b.start_year
    WHERE CASE WHEN g.gazetted_on IS NULL THEN g.season <= b.season AND g.stage_rank <= 3
               ELSE g.gazetted_on <= b.decided_on END
    GROUP BY b.metro, b."grant", b.start_year, b.document
), of_grant AS (
    SELECT DISTINCT "grant", start_year, submission_id FROM fact_gazetted
), of_metro AS (
    SELECT DISTINCT metro, start_year, submission_id FROM fact_gazetted
), cell AS (
    SELECT m.metro, g."grant", g.start_year, min(g.submission_id) AS submission_id
    FROM of_grant g JOIN of_metro m ON m.start_year = g.start_year
         AND m.submission_id = g.submission_id
    GROUP BY m.metro, g."grant", g.start_year
), beside AS (
    SELECT b.metro, b."grant", b.start_year,
           printf('%d/%02d', b.start_year, (b.start_year + 1) % 100) AS year,
           b.season, b.document, b.counted, b.decided_on, b.submission_id, b.entry_id, b.entries,
           b.amount_cents AS budget_cents,
           coalesce(z.amount_cents, CASE WHEN c.metro IS NOT NULL THEN 0 END) AS gazetted_cents,
           coalesce(y.amount_cents,
                    CASE WHEN z.metro IS NULL AND c.metro IS NOT NULL THEN 0 END) AS adopted_cents,
           z.entry_id AS gazetted_entry, y.entry_id AS adopted_entry,
           coalesce(z.submission_id, c.submission_id) AS gazette, z.number, z.gazetted_on,
           y.gazetted_on AS adopted_gazetted_on, coalesce(z.version, 0) AS versions
    FROM fact_grant_budget b
    LEFT JOIN fact_gazetted z ON z.metro = b.metro AND z."grant" = b."grant"
         AND z.start_year = b.start_year AND z.latest
    LEFT JOIN adopted a ON a.metro = b.metro AND a."grant" = b."grant"
         AND a.start_year = b.start_year AND a.document = b.document
    LEFT JOIN fact_gazetted y ON y.metro = a.metro AND y."grant" = a."grant"
         AND y.start_year = a.start_year AND y.version = a.version
    LEFT JOIN cell c ON c.metro = b.metro AND c."grant" = b."grant"
         AND c.start_year = b.start_year
)
SELECT *,
       CASE WHEN gazetted_cents IS NOT NULL
            THEN least(greatest(budget_cents, 0), greatest(gazetted_cents, 0)) END AS matched_cents,
       CASE WHEN adopted_cents IS NOT NULL
            THEN least(greatest(budget_cents, 0), greatest(adopted_cents, 0))
       END AS adopted_matched_cents,
       CASE WHEN adopted_cents IS NOT NULL AND gazetted_cents IS NOT NULL
            THEN greatest(adopted_cents - gazetted_cents, 0) END AS cut_cents
FROM beside
"""

FACTS = {
    "fact_gazetted": GAZETTED,
    "fact_grant_budget": GRANT_BUDGET,
    "fact_grant": GRANT,
}

_NOT_BINDING = frozenset({"bill", "draft"})


def gazettes(engine: Engine, entries: IbisTable | None) -> pa.Table:
    """Allocation rows: ``entry_id, number, gazetted_on, binding``, from their code and extras.

    ``binding`` is false for a bill and for money in kind (schedule 6 alone).
    """
    rows = []
    if entries is not None:
        allocations = entries.filter(entries.kind == str(EntryKind.ALLOCATION))
        rows = engine.arrow(allocations.select("entry_id", "other_code", "extras")).to_pylist()
    told = [json.loads(row["extras"] or "{}") for row in rows]
    return pa.table(
        {
            "entry_id": pa.array([row["entry_id"] for row in rows], pa.string()),
            "number": pa.array([row["other_code"] for row in rows], pa.string()),
            "gazetted_on": pa.array(
                [parse_date(more.get("gazette_date")).value for more in told], pa.date32()
            ),
            "binding": pa.array(
                [
                    str(more.get("version", "")).strip().lower() not in _NOT_BINDING
                    and not _in_kind(str(more.get("schedule", "")))
                    for more in told
                ],
                pa.bool_(),
            ),
        }
    )


def _in_kind(schedule: str) -> bool:
    digits = {letter for letter in schedule if letter.isdigit()}
    return digits == {"6"}


def funds(engine: Engine, lines: IbisTable | None) -> pa.Table:
    """Grant of each fund text that amounts state: ``fund_text, grant``."""
    known = codes.load("grants")
    texts: list[str] = []
    if lines is not None:
        told = engine.arrow(lines.select("fund_text").distinct())
        texts = sorted(set(told["fund_text"].to_pylist()) - {""})
    return pa.table(
        {
            "fund_text": pa.array(texts, pa.string()),
            "grant": pa.array([known.resolve(text) for text in texts], pa.string()),
        }
    )


def grants() -> pa.Table:
    """Every funding word: ``grant, transferred_by, received_by, conditional``.

    ``conditional``: a grant that is gazetted to a sphere.
    """
    known = list(codes.load("grants"))
    return pa.table(
        {
            "grant": [item.code for item in known],
            "transferred_by": [str(item.extra.get("transferred_by", "")) for item in known],
            "received_by": [str(item.extra.get("received_by", "")) for item in known],
            "conditional": [
                is_conditional(item) is True
                and item.extra.get("received_by") in {"local", "provincial"}
                for item in known
            ],
        }
    )
