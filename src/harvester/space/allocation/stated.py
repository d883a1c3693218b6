"""Shares that somebody states: ``entry_id, area, share`` in a CSV, an entry's shares at most one."""

from __future__ import annotations

import csv
from collections import defaultdict
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

import pyarrow as pa

from harvester.domain.errors import UserError
from harvester.domain.problems import Problem, ProblemKind, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from harvester.space.layers import Layers

UNIT = 100_000_000
"""Weights are whole hundred-millionths."""
COLUMNS = ("entry_id", "area", "share")

SHARE_WRONG = ProblemKind(
    "stated_share", Severity.ERROR,
    "{value} is no share of an entry; the shares of {entry} were not used.",
    "Write a number from 0 to 1, or a percentage such as 40%.",
)  # fmt: skip
SUM_WRONG = ProblemKind(
    "stated_shares_sum", Severity.ERROR,
    "The shares of {entry} add up to {total}, which is more than the whole; they were not used.",
    "Correct them so that they add up to 1; what they leave out is in no area.",
)  # fmt: skip
AREA_UNKNOWN = ProblemKind(
    "stated_area", Severity.ERROR,
    "{value} is no area of layer {layer}; the shares of {entry} were not used.",
    "Write the area's id, code or name as the layer has it (`harvester show areas`).",
)  # fmt: skip
ENTRY_UNKNOWN = ProblemKind(
    "stated_entry", Severity.WARNING,
    "No entry of this harvest is {entry}; its shares were not used.",
    "Write entry ids as `harvester show entries` does.",
)  # fmt: skip


def read(
    path: Path, layers: Layers, layer: str, entries: Iterable[str]
) -> tuple[pa.Table, list[Problem]]:
    """``entry_id, area_id, weight`` of the shares in a file, and what is wrong with the others.

    Raises ``UserError`` for a file without those columns.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if not set(COLUMNS) <= set(reader.fieldnames or ()):
                raise UserError(
                    "this file does not state shares.", where=str(path),
                    mend=f"It needs the columns {', '.join(COLUMNS)}.",
                )  # fmt: skip
            rows = [dict(row, line=str(reader.line_num)) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UserError("this file cannot be read as CSV.", where=str(path)) from error
    known = _names(layers, layer)
    by_entry: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        by_entry[(row["entry_id"] or "").strip()].append(row)
    here = set(entries)
    problems, found = [], []
    for entry, stated in by_entry.items():
        told = (
            _of_entry(entry, stated, known, layer)
            if entry in here
            else ENTRY_UNKNOWN.at(entry=entry)
        )
        if isinstance(told, Problem):
            problems.append(told)
        else:
            found += told
    names = ("entry_id", "area_id", "weight")
    kinds = (pa.string(), pa.string(), pa.int64())
    columns = zip(names, kinds, strict=True)
    return pa.table(
        {name: pa.array([row[n] for row in found], kind) for n, (name, kind) in enumerate(columns)}
    ), problems


def _names(layers: Layers, layer: str) -> Mapping[str, str]:
    """Area ids of a layer by id, code and name; a name that several areas have is left out."""
    found: dict[str, set[str]] = defaultdict(set)
    for area in layers.areas:
        if area.layer == layer:
            for name in (area.area_id, area.code, area.name):
                found[name.strip().casefold()].add(area.area_id)
    return {name: next(iter(ids)) for name, ids in found.items() if name and len(ids) == 1}


def _of_entry(
    entry: str, stated: list[dict[str, str]], known: Mapping[str, str], layer: str
) -> list[tuple[str, str, int]] | Problem:
    shares: dict[str, int] = {}
    for row in stated:
        text = (row["share"] or "").strip()
        share = _share(text)
        where = int(row["line"])
        if share is None:
            return SHARE_WRONG.at(row=where, value=text, entry=entry)
        area = known.get((row["area"] or "").strip().casefold())
        if area is None:
            return AREA_UNKNOWN.at(row=where, value=row["area"] or "", entry=entry, layer=layer)
        shares[area] = shares.get(area, 0) + round(share * UNIT)
    total = sum(shares.values())
    if total > UNIT * 1.000_01:
        return SUM_WRONG.at(entry=entry, total=f"{total / UNIT:.4f}")
    if total < UNIT * 0.999_99:
        shares[""] = UNIT - total
    return [(entry, area, weight) for area, weight in sorted(shares.items()) if weight]


def _share(text: str) -> Decimal | None:
    try:
        number = Decimal(text.removesuffix("%").strip())
    except InvalidOperation:
        return None
    number = number / 100 if text.endswith("%") else number
    return number if number.is_finite() and 0 <= number <= 1 else None
