"""An allocation of a finished harvest: narrowed to a year, a metro or a phase, with real amounts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from harvester.domain.errors import UserError
from harvester.domain.periods import Calendar, parse_year_label
from harvester.engine import schema
from harvester.engine.engine import Engine
from harvester.rules import prices
from harvester.space.allocation.allocate import Allocation, Request, allocate, totals_of
from harvester.space.budget import Period

if TYPE_CHECKING:
    from harvester.engine.granary import Harvest

NEEDED = (
    schema.ENTRIES, schema.LINES, schema.AREAS, schema.PLACES, schema.BENEFITS,
)  # fmt: skip


@dataclass(frozen=True)
class Narrowed:
    """Which rows to keep. ``every`` keeps papers that a later one replaces; without it, only the
    latest that speaks of a year, which may be added up. ``real`` is the year whose prices to use."""

    year: str = ""
    metro: str = ""
    phase: str = ""
    every: bool = False
    real: str = ""


def allocate_harvest(harvest: Harvest, request: Request, narrowed: Narrowed) -> Allocation:
    """Allocate the money of a finished harvest.

    Raises ``UserError`` for a layer or year that cannot be, and when nothing is left to allocate.
    """
    year = _year(narrowed.year, "--year")
    base = _base(narrowed.real)
    engine = Engine(scratch=harvest.folder.parent.parent / "scratch")
    try:
        tables = {t.name: engine.scan([harvest.path(t.name)], t) for t in NEEDED}
        if narrowed.phase:
            tables["lines"] = tables["lines"].filter(tables["lines"].phase == narrowed.phase)
        found = allocate(engine, tables, request)
        rows = _kept(found.rows, narrowed, year)
        if not len(rows):
            raise UserError(
                "there is no money of that year, metro and phase.",
                mend="`harvester show spatial-budget` shows what there is.",
            )
        totals = totals_of(engine, rows)
    finally:
        engine.close()
    if base is not None:
        rows = with_real(rows, base)
    return replace(found, rows=rows, totals=totals)


def with_real(rows: pa.Table, base: int) -> pa.Table:
    """``rows`` with ``real_cents``: amounts in the prices of municipal year ``base`` (its start).

    Null where prices of the row's year or of the base are not known. Rows are rounded one by one.
    """
    book = prices.load()
    told = []
    for label, cents in zip(
        rows["year"].to_pylist(), rows["amount_cents"].to_pylist(), strict=True
    ):
        start = parse_year_label(label)
        told.append(None if start is None else book.real(cents, start, base))
    return rows.append_column("real_cents", pa.array(told, pa.int64()))


def _year(text: str, where: str) -> int | None:
    start = parse_year_label(text) if text else None
    if text and start is None:
        raise UserError(f"{text!r} is not a financial year.", where=where, mend="Write 2018/19.")
    return start


def _base(text: str) -> int | None:
    """The year whose prices to use; ``UserError`` when they are not known."""
    start = _year(text, "--real")
    if start is not None and prices.load().of_year(start, Calendar.MUNICIPAL) is None:
        known = sorted(prices.load().index)
        raise UserError(
            f"prices of {text} are not known.",
            where="--real",
            mend=f"Known: years from {known[0]}/{(known[0] + 1) % 100:02d} to "
            f"{known[-1] - 1}/{known[-1] % 100:02d}.",
        )
    return start


def _kept(rows: pa.Table, narrowed: Narrowed, year: int | None) -> pa.Table:
    keep = pc.is_valid(rows["area_id"])
    if year is not None:
        label = f"{year}/{(year + 1) % 100:02d}"
        months = [f"{year + (m > 12)}-{(m - 1) % 12 + 1:02d}" for m in range(7, 19)]
        keep = pc.and_(keep, pc.is_in(rows["year"], pa.array([label, *months])))
    if narrowed.metro:
        keep = pc.and_(keep, pc.equal(rows["metro"], narrowed.metro))
    if not narrowed.every:
        keep = pc.and_(keep, rows["latest"])
    return rows.filter(keep)


__all__ = ["Narrowed", "Period", "allocate_harvest", "with_real"]
