"""Plan money of an entry: what it is planned to cost, and in which years."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from harvester.domain.documents import Document, Phase

if TYPE_CHECKING:
    from ibis.expr.types import Table as IbisTable

_ALWAYS = (Phase.PLANNED, Phase.GAZETTED)


def plan_money(lines: IbisTable, submissions: IbisTable) -> IbisTable:
    """``plan_entry, amount_cents, first_year, last_year`` for every entry with plan money.

    Plan money is the sum of an entry's ``planned`` and ``gazetted`` lines and of one of two
    versions of its budget: its ``budget`` lines, or, where it has none at all, its ``adjusted``
    lines. In an in-year document (SC36) it is the other way: the adjusted budget, or the original
    where nothing was adjusted. Audited, forecast and actual amounts are never plan money. Cents;
    an entry without any such line has no row (its amount is not known, not zero).

    ``first_year`` and ``last_year`` are the calendar years in which its first and last financial
    year with money start, in the entry's own calendar; where every amount is zero, of the years
    that are stated; null where no year is.
    """
    in_year = submissions.filter(submissions.document == str(Document.IN_YEAR))
    money = lines.select(
        "entry_id",
        "amount_cents",
        "phase",
        start=lines.year.re_extract(r"^(\d{4})/\d{2}$", 1).try_cast("int32"),
        in_year=lines.submission_id.isin(in_year.submission_id),
    )
    phases = money.group_by("entry_id").aggregate(
        budgets=(money.phase == str(Phase.BUDGET)).sum(),
        adjusted=(money.phase == str(Phase.ADJUSTED)).sum(),
    )
    phases = phases.rename(phase_entry="entry_id")
    both = money.left_join(phases, money.entry_id == phases.phase_entry)
    use_adjusted = ibis.ifelse(both.in_year, both.adjusted > 0, both.budgets == 0)
    version = ibis.ifelse(use_adjusted, str(Phase.ADJUSTED), str(Phase.BUDGET))
    counted = both.filter(
        both.phase.isin([str(p) for p in _ALWAYS]) | (both.phase == version),
    )
    spends = counted.amount_cents != 0
    first = counted.start.min(where=spends).fill_null(counted.start.min())
    last = counted.start.max(where=spends).fill_null(counted.start.max())
    return counted.group_by(plan_entry="entry_id").aggregate(
        amount_cents=counted.amount_cents.sum().cast("int64"),
        first_year=first,
        last_year=last,
    )
