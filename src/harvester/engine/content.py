"""The content of a table: its rows in the order of their key, and a digest of what they say."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from harvester.engine import schema

SORTED_BY_ARROW = 100_000
"""Up to so many rows Arrow sorts sooner; of more, DuckDB does in a fraction of the time, and Arrow
gathers no more than two gigabytes of a text column at once."""

METHOD = "columns in order of key"
"""What :func:`digest` is of, as manifests name it."""

_TEXTS = {pa.string(): "", pa.binary(): b""}
"""Types whose values have lengths, each with what stands for a null."""


def in_order(table: schema.Table, rows: pa.Table) -> pa.Table:
    """The rows by their key: the engine keeps no order, and files that are the same need one."""
    if rows.num_rows <= SORTED_BY_ARROW:
        return rows.sort_by([(column, "ascending") for column in table.key])
    connection = duckdb.connect(config={"threads": 1})
    try:
        connection.register("rows", rows)
        by = ", ".join(f'"{column}"' for column in table.key)
        ordered = connection.execute(f"SELECT * FROM rows ORDER BY {by}").to_arrow_table()
    finally:
        connection.close()
    return table.conform(ordered)


def digest(rows: pa.Table) -> str:
    """SHA-256 of what a table says, row by row as they stand; see :func:`in_order`.

    It is of names, types and values (numbers as a little-endian machine holds them, minus zero as
    zero, a null apart from every value), and not of how they lie in memory or in a file.
    """
    total = hashlib.sha256()
    for name, column in zip(rows.column_names, rows.columns, strict=True):
        said = f"{name}\x1f{column.type}\x1f{len(column)}\x1f{column.null_count}\x1e"
        total.update(said.encode())
        # A pass over all chunks for each, so that it does not show where one chunk ends.
        if column.null_count:
            for chunk in column.chunks:
                total.update(_bytes(chunk.is_valid().cast(pa.uint8())))
        if column.type in _TEXTS:
            for chunk in column.chunks:
                total.update(_bytes(pc.binary_length(_filled(chunk))))
            for chunk in column.chunks:
                total.update(_run_together(_filled(chunk)))
        else:
            for chunk in column.chunks:
                total.update(_bytes(_filled(_number(chunk))))
    return total.hexdigest()


def digest_of_texts(rows: pa.Table) -> str:
    """SHA-256 of each row as text, hashed, sorted and hashed together: how harvests whose manifest
    does not name :data:`METHOD` were digested. For checking those, not for new ones."""
    connection = duckdb.connect()
    connection.register("rows", rows)
    cells = ", ".join(
        f"""coalesce({f'hex("{f.name}")' if pa.types.is_binary(f.type) else f'"{f.name}"::VARCHAR'}, '\\N')"""
        for f in rows.schema
    )
    found = connection.execute(
        f"SELECT sha256(concat_ws(chr(31), {cells})) AS h FROM rows ORDER BY h"
    )
    total = hashlib.sha256(",".join(rows.schema.names).encode())
    for batch in found.to_arrow_reader(100_000):
        total.update(_run_together(batch.column(0)))
    connection.close()
    return total.hexdigest()


def _number(chunk: pa.Array) -> pa.Array:
    """Flags and days as numbers."""
    if pa.types.is_boolean(chunk.type):
        return chunk.cast(pa.uint8())
    return chunk.cast(pa.int32()) if pa.types.is_date32(chunk.type) else chunk


def _filled(chunk: pa.Array) -> pa.Array:
    """A chunk with one value for every null, whatever lay there."""
    if not chunk.null_count:
        return chunk
    return pc.fill_null(
        chunk, _TEXTS[chunk.type] if chunk.type in _TEXTS else pa.scalar(0, chunk.type)
    )


def _bytes(numbers: pa.Array) -> memoryview:
    """The bytes of numbers, none of them null."""
    values = np.ascontiguousarray(numbers.to_numpy(zero_copy_only=False))
    return memoryview(values + 0.0 if values.dtype.kind == "f" else values).cast("B")


def _run_together(texts: pa.Array) -> memoryview | bytes:
    """All texts of an array one after another, as they lie in memory."""
    _, ends, said = texts.buffers()
    if not len(texts) or said is None:
        return b""
    places = memoryview(ends).cast("i")
    return memoryview(said)[places[texts.offset] : places[texts.offset + len(texts)]]


__all__ = ["METHOD", "digest", "digest_of_texts", "in_order"]
