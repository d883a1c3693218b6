"""What a table is: its columns, types and meaning, and how rows are held to it."""

from __future__ import annotations

from dataclasses import dataclass, field

import pyarrow as pa

from harvester.domain.errors import EngineError

UNKNOWN = "unknown"
"""A code that could not be resolved; never forced to a guess."""

TEXT, WHOLE, REAL, DAY, FLAG = pa.string(), pa.int64(), pa.float64(), pa.date32(), pa.bool_()
SMALL = pa.int32()


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

    def conform(self, rows: pa.Table) -> pa.Table:
        """``rows`` with exactly these columns, order and types.

        Raises :class:`EngineError` naming the column when one is missing, has another type that
        does not cast safely, or holds a null where none may be.
        """
        missing = [n for n in self.names if n not in rows.column_names]
        extra = [n for n in rows.column_names if n not in self.names]
        if missing or extra:
            message = f"table {self.name}: missing columns {missing}, unexpected {extra}"
            raise EngineError(message)
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
