"""Columns of a list as the linker's records: figures and places read as people write them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from harvester.domain.errors import UserError
from harvester.domain.periods import parse_year_label
from harvester.domain.places import SOUTH_AFRICA
from harvester.domain.problems import Severity
from harvester.rules import institutions, lexicon
from harvester.sources import problem_kinds as kinds
from harvester.sources.values.amounts import BLANK, Parsed, parse_amount
from harvester.sources.values.coordinates import parse_coordinates

if TYPE_CHECKING:
    from collections.abc import Callable

NEEDED = ("entry_id", "source", "name")
OPTIONAL = ("description", "place", "owner", "municipality", "function", "latitude", "longitude", "amount",
            "first_year", "last_year", "code")  # fmt: skip
COLUMNS = NEEDED + OPTIONAL
"""Columns of a list, in the order they are published; all but the first three may be empty."""

_YEAR = re.compile(r"((?:19|20)\d\d)(?:\.0+)?")
_PLAIN_RAND = r"^-?\d{1,12}(\.\d{1,12})?$"
_PLAIN_DEGREES = r"^-?\d{1,3}(\.\d{1,15})?$"
_BETWEEN = "\x1f"
"""Between the latitude and the longitude of one row: a sign that no cell has."""


class Records(NamedTuple):
    """``table``: the linker's records, in order of entry id. ``problems``: values that are lost or
    doubtful, in words, one for each kind in each column, with an example and how many rows."""

    table: pa.Table
    problems: list[str]


def read_records(rows: pa.Table) -> Records:
    """Rows of a list as the linker's records.

    Raises :class:`UserError` naming missing columns, or entry ids that are empty or given twice.
    """
    _check_columns(rows)
    text = {name: _text(rows, name) for name in COLUMNS}
    _check_ids(text["entry_id"])
    order = pc.sort_indices(text["entry_id"])
    text = {name: column.take(order) for name, column in text.items()}
    blank = pa.repeat("", len(order))
    problems: list[str] = []
    longitude, latitude = _points(text["latitude"], text["longitude"], problems)
    table = pa.table({
        "uid": pa.array(np.arange(len(order), dtype=np.int32)),
        "entry_id": text["entry_id"],
        "source": text["source"],
        "kind": pa.repeat("project", len(order)),
        "namespace": blank,
        "municipality": _each(text["municipality"], _municipality, pa.string()),
        "function": _each(text["function"], _folded, pa.string()),
        "owner": _each(text["owner"], _folded, pa.string()),
        "name": text["name"],
        "description": text["description"],
        "place_text": text["place"],
        "parent_text": blank,
        "code": text["code"],
        "other_code": blank,
        "references": blank,
        "longitude": longitude,
        "latitude": latitude,
        "amount_cents": _cents(text["amount"], problems),
        "total_cents": pa.nulls(len(order), pa.int64()),
        "first_year": _years(text["first_year"], "first_year", problems),
        "last_year": _years(text["last_year"], "last_year", problems),
    })  # fmt: skip
    return Records(table, problems)


def _check_columns(rows: pa.Table) -> None:
    missing = [name for name in NEEDED if name not in rows.column_names]
    if missing:
        raise UserError(
            f"The list has no column {', '.join(missing)}.",
            mend=f"Give it the columns {', '.join(COLUMNS)}; all but the first three may be empty.",
        )


def _check_ids(entry_ids: pa.Array) -> None:
    empty = pc.sum(pc.equal(entry_ids, "")).as_py()
    if empty:
        raise UserError(f"{empty} rows have no entry_id.", where="column entry_id",
                        mend="Give every row an id of its own.")  # fmt: skip
    if pc.count_distinct(entry_ids).as_py() == len(entry_ids):
        return
    counted = pc.value_counts(entry_ids)
    repeated = sorted(
        counted.filter(pc.greater(counted.field("counts"), 1)).field("values").to_pylist()
    )
    shown = ", ".join(repeated[:5]) + (" ..." if len(repeated) > 5 else "")
    raise UserError(f"{len(repeated)} entry ids are given more than once: {shown}.",
                    where="column entry_id", mend="Give every row an id of its own.")  # fmt: skip


def _text(rows: pa.Table, name: str) -> pa.Array:
    """A column as text without spaces around it, empty where it is null or absent."""
    if name not in rows.column_names:
        return pa.array([""] * rows.num_rows, pa.string())
    column = rows.column(name).combine_chunks()
    if not pa.types.is_string(column.type):
        column = pa.array([None if v is None else str(v) for v in column.to_pylist()], pa.string())
    return pc.utf8_trim_whitespace(pc.replace_substring(pc.fill_null(column, ""), "\x00", ""))


def _each(column: pa.Array, make: Callable[[str], object], kind: pa.DataType) -> pa.Array:
    """What each text becomes; a text that occurs often is worked out once."""
    coded = column.dictionary_encode()
    values = pa.array([make(text) for text in coded.dictionary.to_pylist()], kind)
    return values.take(coded.indices)


def _municipality(text: str) -> str:
    """The municipality's code where the name is known, else the folded name itself."""
    return (institutions.load().municipality(text) or _folded(text)) if text else ""


def _folded(text: str) -> str:
    return " ".join(lexicon.fold(text))


def _cents(column: pa.Array, problems: list[str]) -> pa.Array:
    """Amounts in cents, null where there is none; those written plainly are read at once."""
    plain = pc.match_substring_regex(column, _PLAIN_RAND)
    rand = pc.cast(pc.if_else(plain, column, None), pa.float64())
    cents = pc.cast(pc.round(pc.multiply(rand, 100.0)), pa.int64())
    odd = pc.if_else(plain, "", column)
    return pc.coalesce(cents, _parsed(odd, "amount", parse_amount, pa.int64(), problems))


def _years(column: pa.Array, name: str, problems: list[str]) -> pa.Array:
    return _parsed(column, name, _year, pa.int32(), problems)


def _year(text: str) -> Parsed:
    """A year (2018), or the first of a financial year (2018/19)."""
    if not text:
        return BLANK
    found = _YEAR.fullmatch(text)
    year = int(found[1]) if found else parse_year_label(text)
    return Parsed(year, None if year else kinds.YEAR_UNREADABLE)


def _points(
    latitude: pa.Array, longitude: pa.Array, problems: list[str]
) -> tuple[pa.Array, pa.Array]:
    """Longitude and latitude in degrees, both null where there is no place inside the country."""
    west, south, east, north = SOUTH_AFRICA
    plain = pc.and_(
        pc.match_substring_regex(latitude, _PLAIN_DEGREES),
        pc.match_substring_regex(longitude, _PLAIN_DEGREES),
    )
    x, y = (pc.cast(pc.if_else(plain, c, None), pa.float64()) for c in (longitude, latitude))
    across = pc.and_(pc.greater_equal(x, west), pc.less_equal(x, east))
    up = pc.and_(pc.greater_equal(y, south), pc.less_equal(y, north))
    inside = pc.and_kleene(
        plain, pc.and_(across, up)
    )  # false where not plain, whatever else is null
    pair = pc.binary_join_element_wise(latitude, longitude, _BETWEEN)
    odd = pc.if_else(pc.or_(inside, pc.equal(pair, _BETWEEN)), "", pair)
    read = _parsed(odd, "latitude, longitude", _point, pa.list_(pa.float64(), 2), problems)
    return tuple(  # type: ignore[return-value]
        pc.coalesce(pc.if_else(inside, given, None), pc.list_element(read, n))
        for n, given in enumerate((x, y))
    )


def _point(pair: str) -> Parsed:
    """Longitude and latitude of a row's two cells: of its first point, where it has several."""
    if not pair:
        return BLANK
    parsed = parse_coordinates(*pair.split(_BETWEEN))
    return parsed._replace(value=parsed.value[0] if parsed.value else None)


def _parsed(
    column: pa.Array,
    name: str,
    parse: Callable[[str], Parsed],
    kind: pa.DataType,
    problems: list[str],
) -> pa.Array:
    """What each text is parsed as. Adds to ``problems`` what is lost or doubtful; notes are no more
    than what a list may leave out."""
    coded = column.dictionary_encode()
    texts = coded.dictionary.to_pylist()
    parsed = [parse(text) for text in texts]
    doubtful: dict[str, list[int]] = {}
    for n, found in enumerate(parsed):
        if found.kind is not None and found.kind.severity is not Severity.NOTE:
            doubtful.setdefault(found.kind.code, []).append(n)
    for found_in in doubtful.values():
        rows = pc.sum(pc.is_in(coded.indices, pa.array(found_in, coded.indices.type))).as_py()
        example = parsed[found_in[0]].problem(texts[found_in[0]])
        problems.append(
            f"Column {name}, {rows} of {len(column)} rows: {example.message} {example.mend}"
        )
    return pa.array([found.value for found in parsed], kind).take(coded.indices)
