"""The cascade: targets of departments, and the funded undertakings that stand behind them.

A *target* is a row of a five-year strategic plan (``level`` ``strategic``) or of a performance report,
which repeats the annual performance plan's (``level`` ``annual``). What works it asks for is its
*theme* (``rules/data/crosswalk.yaml``), told by the words of its indicator; a target of no theme
asks for none and nothing is expected behind it.

An undertaking stands *behind* a target when it is of the theme, has plan money in the target's season
(of a strategic target: in any of its five), and ``how``:

- ``own``: its owner is the target's department or entity;
- ``grant``: its grant is one the target's national department transfers;
- ``province``: its grant is one that provinces receive, and it lies in the province whose
  department the target is, which answers for the function.

Tables, all by entry so that each figure leads to its cell:

``fact_target``
    ``entry_id``, ``level``, ``owner``, ``sphere``, ``province``, ``metro`` (mostly unknown: targets
    are province-wide), ``season``, ``year``, ``code``, ``name``, ``target`` (number),
    ``outcome_mtsf``, ``outcome_iudf``, ``objective_text``, ``programme_text``, ``theme``.
``fact_work``
    Capital entries by theme: ``entry_id``, ``undertaking_id``, ``theme``, owner, metro, season,
    amount, and the month its money begins and ends.
``fact_target_work``
    ``target_entry`` × ``work_entry`` with ``how``: what stands behind a target.
``fact_cascade``
    One row per target: ``works`` and ``undertakings`` behind it, ``amount_cents`` of their plan
    money, ``readable`` (whether the department's own project list of the season was read, or
    anything was found), ``funded`` (null where not readable; null where it asks for no works).
``fact_crosswalk``
    The entries of the rule file: ``of_scheme``, ``of_code``, ``scheme``, ``code``, ``source``,
    ``verified``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from harvester.domain.documents import EntryKind
from harvester.rules import crosswalk
from harvester.rules.text import phrase_pattern

if TYPE_CHECKING:
    from ibis.expr.types import Table as IbisTable

    from harvester.engine.engine import Engine
    from harvester.rules.crosswalk import Theme

YEARS_OF_A_STRATEGIC_PLAN = 5

TARGET = """
SELECT t.entry_id,
       CASE WHEN e.document = 'strategic_plan' THEN 'strategic' ELSE 'annual' END AS level,
       e.owner, e.sphere, coalesce(i.province, e.province) AS province, e.metro, e.season, e.year,
       t.code, t.name, t.target, e.outcome_mtsf, e.outcome_iudf, e."function", t.objective_text,
       t.programme_text, t.theme
FROM in_targets t
JOIN fact_entry e ON e.entry_id = t.entry_id
LEFT JOIN in_institutions i ON i.code = e.owner AND i.province <> ''
WHERE e.season IS NOT NULL
"""


def _is_of(theme: Theme) -> str:
    """SQL: whether an entry is a work of this theme."""
    named = ", ".join(f"'{function}'" for function in theme.functions)
    said = f'c."function" IN ({named})'
    if theme.works:
        said += f" AND regexp_matches(lower(c.name), '{phrase_pattern(theme.works)}')"
    return said


_COLUMNS = """c.entry_id, c.undertaking_id, c.metro, c.province, c.sphere, c.owner, c.season, c.year,
       c.document, c.name, c.amount_cents, c."grant", c.month0, c.month1"""

WORK = " UNION ALL ".join(
    f"SELECT {_COLUMNS}, '{code}' AS theme FROM fact_capital_dated c WHERE {_is_of(theme)}"
    for code, theme in crosswalk.load().themes.items()
)

TARGET_WORK = f"""
WITH windows AS (
    SELECT *, CASE level WHEN 'strategic' THEN season + {YEARS_OF_A_STRATEGIC_PLAN - 1}
                         ELSE season END AS last_season
    FROM fact_target WHERE theme <> '' AND owner <> 'unknown'
)
SELECT t.entry_id AS target_entry, w.entry_id AS work_entry, w.undertaking_id, w.metro,
       w.amount_cents, w.season,
       CASE WHEN w.owner = t.owner THEN 'own'
            WHEN g.transferred_by = t.owner THEN 'grant' ELSE 'province' END AS how
FROM windows t
JOIN fact_work w ON w.theme = t.theme AND w.season >= t.season AND w.season <= t.last_season
LEFT JOIN in_grants g ON g."grant" = w."grant" AND g.conditional
WHERE w.owner = t.owner OR g.transferred_by = t.owner
   OR (g.received_by = 'provincial' AND t.sphere = 'provincial' AND w.province = t.province)
"""

CASCADE = """
WITH behind AS (
    SELECT target_entry, count(*) AS works, count(DISTINCT undertaking_id) AS undertakings,
           sum(amount_cents)::BIGINT AS amount_cents, min(work_entry) AS work_entry
    FROM fact_target_work GROUP BY target_entry
), judged AS (
    SELECT t.*, coalesce(b.works, 0) AS works, coalesce(b.undertakings, 0) AS undertakings,
           coalesce(b.amount_cents, 0) AS amount_cents, b.work_entry,
           b.target_entry IS NOT NULL OR r.owner IS NOT NULL AS readable
    FROM fact_target t
    LEFT JOIN behind b ON b.target_entry = t.entry_id
    LEFT JOIN fact_owner_read r ON r.owner = t.owner AND r.season = t.season
)
SELECT *, CASE WHEN theme <> '' AND readable THEN works > 0 END AS funded FROM judged
"""

FACTS = {
    "fact_target": TARGET,
    "fact_work": WORK,
    "fact_target_work": TARGET_WORK,
    "fact_cascade": CASCADE,
    "fact_crosswalk": "SELECT * FROM in_crosswalk",
}

_TARGET_COLUMNS = (
    "entry_id", "source_code", "name", "units", "objective_text", "parent_text",
)  # fmt: skip


def targets(engine: Engine, entries: IbisTable | None) -> pa.Table:
    """Target rows with what only they are asked for, and the theme of each."""
    found = []
    if entries is not None:
        kinds = [str(EntryKind.INDICATOR), str(EntryKind.OUTCOME)]
        rows = entries.filter(entries.kind.isin(kinds)).select(*_TARGET_COLUMNS)
        found = engine.arrow(rows).to_pylist()
    told = crosswalk.load()
    return pa.table(
        {
            "entry_id": pa.array([row["entry_id"] for row in found], pa.string()),
            "code": pa.array([row["source_code"] for row in found], pa.string()),
            "name": pa.array([row["name"] for row in found], pa.string()),
            "target": pa.array([row["units"] for row in found], pa.float64()),
            "objective_text": pa.array([row["objective_text"] for row in found], pa.string()),
            "programme_text": pa.array([row["parent_text"] for row in found], pa.string()),
            "theme": pa.array([told.theme_of(row["name"]) for row in found], pa.string()),
        }
    )


def references() -> pa.Table:
    """The crosswalk's entries as a table."""
    told = crosswalk.load().references
    names = ("of_scheme", "of_code", "scheme", "code", "source", "verified")
    return pa.table({name: [getattr(one, name) for one in told] for name in names})
