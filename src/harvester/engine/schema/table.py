"""What a table is: its columns, types and meaning, and how rows are held to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa

from harvester.domain.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Iterable

UNKNOWN = "unknown"
"""A code that could not be resolved; never forced to a guess."""

TEXT, WHOLE, REAL, DAY, FLAG = pa.string(), pa.int64(), pa.float64(), pa.date32(), pa.bool_()
SMALL = pa.int32()

_SQL = {TEXT: "VARCHAR", WHOLE: "BIGINT", REAL: "DOUBLE", DAY: "DATE", FLAG: "BOOLEAN",
        SMALL: "INTEGER"}  # fmt: skip
"""What each type is called in DuckDB's words."""


@dataclass(frozen=True)
class Column:
    """One column: name, Arrow type, meaning; ``null`` whether a value may be missing."""

    name: str
    type: pa.DataType
    meaning: str
    null: bool = False


@dataclass(frozen=True)
class Table:
    """One table: its key (which makes a row unique) and its columns in order."""

    name: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    arrow: pa.Schema = field(init=False, compare=False)

    def __post_init__(self) -> None:
        fields = [pa.field(c.name, c.type, nullable=c.null) for c in self.columns]
        object.__setattr__(self, "arrow", pa.schema(fields))

    @property
    def names(self) -> list[str]:
        """Column names in order."""
        return [c.name for c in self.columns]

    def empty(self) -> pa.Table:
        """The table with no rows."""
        return self.arrow.empty_table()

    def selected(self, query: str) -> str:
        """SQL (in DuckDB's words) of the answer to ``query``, with these columns, order and types."""
        cells = (f'CAST("{c.name}" AS {_SQL[c.type]}) AS "{c.name}"' for c in self.columns)
        return f"SELECT {', '.join(cells)} FROM ({query}) AS answer"

    def nulls(self, name: str) -> str:
        """SQL of how many rows of table ``name`` hold a null where none may be, column by column."""
        counts = (f'count(*) - count("{c.name}") AS "{c.name}"' for c in self.columns if not c.null)
        return f'SELECT {", ".join(counts)} FROM "{name}"'

    def refuse_columns(self, given: Iterable[str]) -> None:
        """Raise :class:`EngineError` where ``given`` are not the columns of this table, in any order."""
        given = list(given)
        missing = [n for n in self.names if n not in given]
        extra = [n for n in given if n not in self.names]
        if missing or extra:
            message = f"table {self.name}: missing columns {missing}, unexpected {extra}"
            raise EngineError(message)

    def refuse_nulls(self, counted: pa.Table) -> None:
        """Raise :class:`EngineError` naming the first column in which :meth:`nulls` found some."""
        for name, count in counted.to_pylist()[0].items():
            if count:
                raise EngineError(f"table {self.name}, column {name}: {count} nulls")

    def conform(self, rows: pa.Table) -> pa.Table:
        """``rows`` with exactly these columns, order and types.

        Raises :class:`EngineError` naming the column when one is missing, has another type that
        does not cast safely, or holds a null where none may be.
        """
        self.refuse_columns(rows.column_names)
        arrays = []
        for column in self.columns:
            array = rows.column(column.name)
            try:
                array = array.cast(column.type)
            except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
                message = f"table {self.name}, column {column.name}: {error}"
                raise EngineError(message) from error
            if not column.null and array.null_count:
                message = f"table {self.name}, column {column.name}: {array.null_count} nulls"
                raise EngineError(message)
            arrays.append(array)
        return pa.Table.from_arrays(arrays, schema=self.arrow)

    def from_rows(self, rows: list[dict[str, object]]) -> pa.Table:
        """Rows as dictionaries; a column left out is null (or ``""`` for text that may not be)."""
        used: set[str] = set()
        for row in rows:
            used.update(row)
        try:
            table = pa.table({c.name: _column_of(c, rows, used) for c in self.columns})
        except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
            message = f"table {self.name}: {error}"
            raise EngineError(message) from error
        return self.conform(table)


def _column_of(column: Column, rows: list[dict[str, object]], used: set[str]) -> pa.Array:
    """One column out of rows; one that no row names is made at once."""
    blank = "" if column.type == TEXT and not column.null else None
    if column.name not in used:
        return pa.repeat(pa.scalar(blank, type=column.type), len(rows))
    return pa.array([row.get(column.name, blank) for row in rows], type=column.type)
