"""Cash flows: how a year's amount lies over its twelve months.

Without one an amount lies evenly over its months. A cash flow is twelve shares, in the order of the
financial year, for one entry, for a function, or for everything (``*``); the nearest counts. It is
for amounts of a whole year: an amount of a quarter or a month already says when.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

import pyarrow as pa
import yaml

from harvester.domain.errors import UserError
from harvester.domain.periods import MONTHS_PER_YEAR
from harvester.domain.problems import Problem, ProblemKind, Severity
from harvester.engine.schema import UNKNOWN
from harvester.rules import codes, yamls

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from ibis.expr.types import Table as IbisTable

    from harvester.engine.engine import Engine

EVERYTHING = "*"
UNIT = 10_000
"""Weights are whole hundredths of a percent times a hundred: a share of 1 is this squared."""
TOLERANCE = Decimal("0.001")
"""How far from one the shares of a year may add up: twelve times 8.33 percent is 0.9996."""

MONTHS_WRONG = ProblemKind(
    "cash_flow_months", Severity.ERROR,
    "The cash flow of {value} has {count} months; a year has twelve. It was not used.",
    "Give twelve shares, from the first month of the financial year to the last.",
)  # fmt: skip
SUM_WRONG = ProblemKind(
    "cash_flow_sum", Severity.ERROR,
    "The cash flow of {value} adds up to {total}, not to 1 (or 100 percent). It was not used.",
    "Correct the shares so that the year is whole.",
)  # fmt: skip
SHARE_WRONG = ProblemKind(
    "cash_flow_share", Severity.ERROR,
    "{share!r} in the cash flow of {value} is no share of a year. It was not used.",
    "Write twelve numbers that are not negative, as shares of 1 or as percentages.",
)  # fmt: skip
OF_NOBODY = ProblemKind(
    "cash_flow_of_nobody", Severity.WARNING,
    "The cash flow of {value} is for no function we know and no entry.",
    "Name a function code (`harvester template list` and the code lists show them), an entry id, or *.",
)  # fmt: skip
TWICE = ProblemKind(
    "cash_flow_twice", Severity.WARNING,
    "The cash flow of {value} is given twice; the first counts.",
    "Keep one of them.",
)  # fmt: skip


# Month by month, the cents left over to the largest remainders, the earliest first.
_FLOWING = """
WITH told AS (
  SELECT l.*, row_number() OVER () AS n,
    CASE WHEN own.key IS NOT NULL THEN l.entry_id WHEN f.key IS NOT NULL THEN e.function
         ELSE '*' END AS key
  FROM flow_lines l LEFT JOIN flow_entries e USING (entry_id)
  LEFT JOIN (SELECT DISTINCT key FROM flow_weights) own ON own.key = l.entry_id
  LEFT JOIN (SELECT DISTINCT key FROM flow_weights) f ON f.key = e.function
),
whole AS (
  SELECT t.*, regexp_full_match(t.year, '\\d{4}/\\d{2}')
      AND coalesce(t.period_start > t.period_end, true)
      AND t.key IN (SELECT key FROM flow_weights) AS flows
  FROM told t
),
monthly AS (
  SELECT w.n, w.amount_cents, f.month,
    CAST(left(w.year, 4) AS BIGINT) * 12 + CASE w.calendar WHEN 'municipal' THEN 6 ELSE 3 END
      + f.month AS month_at,
    abs(w.amount_cents)::HUGEINT * f.weight // sum(f.weight) OVER (PARTITION BY w.n) AS part,
    abs(w.amount_cents)::HUGEINT * f.weight % sum(f.weight) OVER (PARTITION BY w.n) AS remainder
  FROM whole w JOIN flow_weights f ON f.key = w.key WHERE w.flows AND f.weight > 0
),
ranked AS (
  SELECT *, abs(amount_cents) - sum(part) OVER (PARTITION BY n) AS spare,
    row_number() OVER (PARTITION BY n ORDER BY remainder DESC, month) AS place
  FROM monthly
),
placed AS (
  SELECT n, make_date((month_at // 12)::INTEGER, (month_at % 12 + 1)::INTEGER, 1) AS day,
    (sign(amount_cents) * (part + CASE WHEN place <= spare THEN 1 ELSE 0 END))::BIGINT AS cents
  FROM ranked
)
SELECT w.line_id || coalesce('@' || p.day, '') AS line_id, w.entry_id, w.submission_id,
  coalesce(p.cents, w.amount_cents) AS amount_cents, w.year, w.calendar,
  coalesce(p.day, w.period_start) AS period_start, coalesce(p.day, w.period_end) AS period_end,
  w.phase, w.fund_text, w.sheet, w.cell, w.header, w.raw
FROM whole w LEFT JOIN placed p USING (n)
"""


def flowing(engine: Engine, entries: IbisTable, lines: IbisTable, flows: CashFlows) -> pa.Table:
    """Lines (``schema.LINES``) in which amounts of a whole year that have a cash flow are twelve,
    one a month; each keeps its year, and they sum to it."""
    rows = engine.arrow(lines)
    if not flows.weights:
        return rows
    return engine.sql(
        _FLOWING,
        flow_lines=rows,
        flow_entries=engine.arrow(entries.select("entry_id", "function")),
        flow_weights=flows.table,
    )


@dataclass(frozen=True)
class CashFlows:
    """Whole-number weights of the twelve months, by entry id, function code or ``*``."""

    weights: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def of(self, entry_id: str, function: str) -> tuple[int, ...] | None:
        """The cash flow of an amount: its entry's, its function's, everything's, or none."""
        for key in (entry_id, function, EVERYTHING):
            if key in self.weights:
                return self.weights[key]
        return None

    @property
    def table(self) -> pa.Table:
        """``key, month`` (from 0) ``, weight``."""
        rows = [
            (key, n, w) for key, told in sorted(self.weights.items()) for n, w in enumerate(told)
        ]
        return pa.table(
            {
                "key": pa.array([r[0] for r in rows], pa.string()),
                "month": pa.array([r[1] for r in rows], pa.int64()),
                "weight": pa.array([r[2] for r in rows], pa.int64()),
            }
        )


def read(path: Path) -> tuple[CashFlows, list[Problem]]:
    """Cash flows out of a file, and what is wrong with those that are left out.

    YAML: ``cash_flows: {roads: [5, 5, ...]}``. CSV: a column with the function, entry id or ``*``,
    then the months. Raises ``UserError`` for a file that is neither.
    """
    rows = _yaml(path) if path.suffix.lower() in {".yaml", ".yml"} else _csv(path)
    weights: dict[str, tuple[int, ...]] = {}
    problems: list[Problem] = []
    for key, shares in rows:
        told, problem = weights_of(key, shares)
        if problem is None and key in weights:
            problem = TWICE.at(value=key)
        elif problem is None and told is not None:
            weights[key] = told
            if not _of_somebody(key):
                problem = OF_NOBODY.at(value=key)
        if problem is not None:
            problems.append(problem)
    return CashFlows(weights), problems


def weights_of(key: str, shares: Sequence[object]) -> tuple[tuple[int, ...] | None, Problem | None]:
    """Whole-number weights of twelve shares (of 1 or of 100), or what is wrong with them."""
    numbers = []
    for share in shares:
        try:
            number = Decimal(str(share).strip().removesuffix("%"))
        except InvalidOperation:
            number = Decimal(-1)
        if not number.is_finite() or number < 0:
            return None, SHARE_WRONG.at(value=key, share=str(share))
        numbers.append(number)
    if len(numbers) != MONTHS_PER_YEAR:
        return None, MONTHS_WRONG.at(value=key, count=len(numbers))
    total = sum(numbers, Decimal(0))
    whole = Decimal(100) if total > Decimal("1.5") else Decimal(1)
    if abs(total / whole - 1) > TOLERANCE:
        return None, SUM_WRONG.at(value=key, total=str(total))
    return tuple(round(n / whole * UNIT * UNIT) for n in numbers), None


def _of_somebody(key: str) -> bool:
    return key == EVERYTHING or ":" in key or codes.load("functions").resolve(key) != UNKNOWN


def _yaml(path: Path) -> Iterator[tuple[str, list[object]]]:
    try:
        told = yamls.load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise _unreadable(path) from error
    flows = told.get("cash_flows") if isinstance(told, dict) else None
    if not isinstance(flows, dict) or not all(isinstance(v, list) for v in flows.values()):
        raise _unreadable(path)
    for key, shares in flows.items():
        yield str(key), shares


def _csv(path: Path) -> Iterator[tuple[str, list[object]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [row for row in csv.reader(file) if any(cell.strip() for cell in row)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise _unreadable(path) from error
    if len(rows) < 2:
        raise _unreadable(path)
    for row in rows[1:]:
        shares: list[object] = [cell for cell in row[1:] if cell.strip()]
        yield row[0].strip(), shares


def _unreadable(path: Path) -> UserError:
    return UserError(
        "this file holds no cash flows.",
        where=str(path),
        mend="YAML `cash_flows: {roads: [5, 5, ... twelve]}`, or CSV: who it is for, then twelve months.",
    )
