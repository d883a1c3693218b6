"""Lists of projects as files: any table in, CSV out."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from harvester.domain.errors import UserError
from harvester.linkage.lists.linking import link_rows
from harvester.linkage.lists.records import COLUMNS, NEEDED
from harvester.linkage.matching.linker import silent
from harvester.sources.tables.headers import SEARCH_ROWS, header_key
from harvester.sources.tables.workbook import open_workbook
from harvester.sources.values.amounts import cell_text

if TYPE_CHECKING:
    from pathlib import Path

    from harvester.linkage.lists.linking import AnyEngine
    from harvester.linkage.matching.linker import Progress
    from harvester.sources.tables.workbook import Row


def link_file(
    entries: Path,
    output: Path,
    *,
    engine: AnyEngine | None = None,
    pairs: Path | None = None,
    progress: Progress = silent,
) -> dict[str, int | list[str]]:
    """Link a CSV file or workbook into a CSV file; returns how many ``entries`` and ``undertakings``,
    which of its columns were ``not_read``, and ``problems``: what of the file is lost or doubtful.

    ``pairs``: a CSV for the pairs and their reasons. Raises :class:`UserError` where a file is no
    table, or cannot be read or written, or as :func:`~harvester.linkage.lists.linking.link_list`.
    """
    listed = _read(entries)
    linked = link_rows(listed.rows, engine=engine, pairs=pairs is not None, progress=progress)
    _write(linked.links, output)
    if pairs is not None and linked.pairs is not None:
        _write(linked.pairs, pairs)
    found = linked.links.column("undertaking_id")
    return {
        "entries": linked.links.num_rows,
        "undertakings": len(found.unique()),
        "not_read": listed.not_read,
        "problems": [*listed.problems, *linked.problems],
    }


@dataclass(frozen=True)
class _File:
    """A list as it stands in a file: its ``rows``, headings ``not_read``, and ``problems`` in words."""

    rows: pa.Table
    not_read: list[str]
    problems: list[str]


def _read(path: Path) -> _File:
    """The columns of a table file that are asked for, from the sheet that has them."""
    try:
        book = open_workbook(path)
    except OSError as error:
        raise UserError(f"The list cannot be read: {error.strerror}.", where=str(path),
                        mend="Give the path of a CSV file or a workbook.") from error  # fmt: skip
    filled = [sheet for sheet in book.sheets if sheet.rows] or book.sheets[:1]
    sheet, heading = next(
        ((sheet, n) for sheet in filled if (n := _heading(sheet.rows)) is not None), (filled[0], 0)
    )
    labels = [
        cell_text(cell).strip() for row in sheet.rows[heading : heading + 1] for cell in row.cells
    ]
    named = {name: n for n, name in reversed(list(enumerate(map(_column, labels)))) if name}
    rows = [row.cells for row in sheet.rows[heading + 1 :]]
    table = pa.table({
        name: pa.array([cell_text(cells[n]) if n < len(cells) else "" for cells in rows], pa.string())
        for name, n in named.items()
    })  # fmt: skip
    problems = [
        f"{f'Row {p.row}: ' if p.row else ''}{p.message} {p.mend}"
        for p in (*book.problems, *sheet.problems)
    ]
    problems += [f"Sheet {other.name} was not read." for other in filled if other is not sheet]
    return _File(
        table,
        [label for n, label in enumerate(labels) if label and n not in named.values()],
        problems,
    )


def _heading(rows: list[Row]) -> int | None:
    """The first of the rows at the top that names the columns :data:`NEEDED`; titles may precede it."""
    for n, row in enumerate(rows[:SEARCH_ROWS]):
        if {*NEEDED} <= {_column(cell) for cell in row.cells}:
            return n
    return None


def _column(cell: object) -> str | None:
    """The column that a heading names, however its words are written: ``Entry ID`` is ``entry_id``."""
    name = header_key(cell_text(cell)).replace(" ", "_")
    return name if name in COLUMNS else None


def _write(table: pa.Table, path: Path) -> None:
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(table.column_names)
            for batch in table.to_batches():
                columns = (column.to_pylist() for column in batch.columns)
                writer.writerows(zip(*columns, strict=True))
    except OSError as error:
        raise UserError(f"The links cannot be written: {error.strerror}.", where=str(path),
                        mend="Name a file in a folder you may write to.") from error  # fmt: skip
