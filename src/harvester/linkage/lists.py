"""Link any list of projects: what ``harvester link`` runs."""

from __future__ import annotations

import csv
import io
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from harvester.domain.collecting import no_collecting
from harvester.domain.errors import UserError
from harvester.domain.periods import parse_year_label
from harvester.domain.places import SOUTH_AFRICA
from harvester.engine import open_engine
from harvester.engine.schema.links import in_full
from harvester.linkage.identity import ids
from harvester.linkage.matching.linker import Matched, Progress, match, silent
from harvester.linkage.projects.aspects import PROJECTS
from harvester.rules import institutions, lexicon

if TYPE_CHECKING:
    from collections.abc import Callable

    from harvester.engine.engine import Engine
    from harvester.engine.spark import SparkEngine

    AnyEngine = Engine | SparkEngine

NEEDED = ("entry_id", "source", "name")
OPTIONAL = ("description", "place", "owner", "municipality", "function", "latitude", "longitude", "amount",
            "first_year", "last_year", "code")  # fmt: skip
COLUMNS = NEEDED + OPTIONAL
"""Columns of a list, in the order they are published; all but the first three may be empty."""

MEMORY = "2500MB"
"""Memory the engine may hold before it spills to disk; Python's part comes on top."""

_YEAR = re.compile(r"\s*((?:19|20)\d\d)(?:\.0+)?\s*\Z")
_KIND = "project"


@dataclass(frozen=True)
class LinkedList:
    """``links``: ``entry_id``, ``undertaking_id``, ``probability`` for each row, by entry id.

    ``pairs`` (where asked for): ``entry_a``, ``entry_b``, ``probability``, ``joined`` and ``reasons`` (a
    JSON list of words and weights in bits) of every pair worth keeping, the surest first.
    """

    links: pa.Table
    pairs: pa.Table | None = None


def link_list(rows: pa.Table) -> pa.Table:
    """Link a list: ``entry_id``, ``undertaking_id``, ``probability`` for each row, by entry id.

    ``rows`` has :data:`COLUMNS` (text or numbers; amounts in rand; years as 2018 or 2018/19); columns of
    :data:`OPTIONAL` may be absent. Entries of one ``source`` are usually different projects. A
    figure that cannot be read counts as empty. Raises :class:`UserError` naming missing columns,
    or entry ids that are empty or given twice.
    """
    return link_rows(rows).links


def link_rows(
    rows: pa.Table,
    *,
    engine: AnyEngine | None = None,
    pairs: bool = False,
    progress: Progress = silent,
) -> LinkedList:
    """As :func:`link_list`, on an engine of your own (closed afterwards), with pairs if asked for."""
    _check_columns(rows)
    with no_collecting(), tempfile.TemporaryDirectory(prefix="harvester-link-") as scratch:
        records = _records(rows)
        worked_on = engine or open_engine(memory=MEMORY, scratch=Path(scratch))
        try:
            matched = match(worked_on, PROJECTS, records, explain=pairs, progress=progress)
            best = _best(worked_on, matched)
            told = _pairs(worked_on, matched) if pairs else None
        finally:
            worked_on.close()
        undertaking = _name(matched, records)
    links = pa.table({
        "entry_id": records.column("entry_id"),
        "undertaking_id": undertaking,
        "probability": pa.array(best, pa.float64()),
    })  # fmt: skip
    return LinkedList(links, told)


def link_csv(
    entries: Path,
    output: Path,
    *,
    engine: AnyEngine | None = None,
    pairs: Path | None = None,
    progress: Progress = silent,
) -> dict[str, int | list[str]]:
    """Link a CSV file into another; returns how many ``entries`` and ``undertakings``, and which of
    its columns were ``not_read``.

    UTF-8 (with or without a byte order mark) or Windows-1252; comma, semicolon or tab between.
    ``pairs``: a CSV for the pairs and their reasons. Raises :class:`UserError` where a file cannot be
    read or written, or as :func:`link_list`.
    """
    rows, not_read = _read(entries)
    linked = link_rows(rows, engine=engine, pairs=pairs is not None, progress=progress)
    _write(linked.links, output)
    if pairs is not None and linked.pairs is not None:
        _write(linked.pairs, pairs)
    found = linked.links.column("undertaking_id")
    return {
        "entries": linked.links.num_rows,
        "undertakings": len(found.unique()),
        "not_read": not_read,
    }


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


def _read(path: Path) -> tuple[pa.Table, list[str]]:
    """The columns of a file that are asked for, and the names of those that are not."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise UserError(f"The list cannot be read: {error.strerror}.", where=str(path),
                        mend="Give the path of a CSV file.") from error  # fmt: skip
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    lines = io.StringIO(text.replace("\x00", ""), newline="")
    separator = max(",;\t", key=text.split("\n", 1)[0].count)
    csv.field_size_limit(10_000_000)
    try:
        reader = csv.reader(lines, delimiter=separator)
        header = [name.strip().lower() for name in next(reader, [])]
        rows = [row for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise UserError(f"The list is not a CSV file: {error}.", where=str(path),
                        mend="Save it as CSV, UTF-8.") from error  # fmt: skip
    wanted = {name: n for n, name in reversed(list(enumerate(header))) if name in COLUMNS}
    found = pa.table({
        name: pa.array([row[n] if n < len(row) else "" for row in rows], pa.string())
        for name, n in wanted.items()
    })  # fmt: skip
    return found, [name for name in header if name and name not in wanted]


def _check_columns(rows: pa.Table) -> None:
    missing = [name for name in NEEDED if name not in rows.column_names]
    if missing:
        raise UserError(
            f"The list has no column {', '.join(missing)}.",
            mend=f"Give it the columns {', '.join(COLUMNS)}; all but the first three may be empty.",
        )


def _check_ids(entry_ids: list[str]) -> None:
    empty = sum(not entry_id for entry_id in entry_ids)
    if empty:
        raise UserError(f"{empty} rows have no entry_id.", where="column entry_id",
                        mend="Give every row an id of its own.")  # fmt: skip
    if len(set(entry_ids)) == len(entry_ids):
        return
    seen: set[str] = set()
    repeated = sorted({e for e in entry_ids if e in seen or seen.add(e)})  # type: ignore[func-returns-value]
    shown = ", ".join(repeated[:5]) + (" ..." if len(repeated) > 5 else "")
    raise UserError(f"{len(repeated)} entry ids are given more than once: {shown}.",
                    where="column entry_id", mend="Give every row an id of its own.")  # fmt: skip


def _records(rows: pa.Table) -> pa.Table:
    """Rows of a list, in order of entry id, as the linker's records.

    Raises :class:`UserError` for entry ids that are empty or given twice.
    """
    text = {name: _text(rows, name) for name in COLUMNS}
    _check_ids(text["entry_id"].to_pylist())
    order = pc.sort_indices(text["entry_id"])
    text = {name: column.take(order) for name, column in text.items()}
    blank = pa.repeat("", len(order))
    longitude, latitude = _points(_numbers(text["longitude"]), _numbers(text["latitude"]))
    return pa.table({
        "uid": pa.array(np.arange(len(order))),
        "entry_id": text["entry_id"],
        "source": text["source"],
        "kind": pa.repeat(_KIND, len(order)),
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
        "amount_cents": _cents(_numbers(text["amount"])),
        "total_cents": pa.nulls(len(order), pa.int64()),
        "first_year": _each(text["first_year"], _year, pa.int32()),
        "last_year": _each(text["last_year"], _year, pa.int32()),
    })  # fmt: skip


def _text(rows: pa.Table, name: str) -> pa.Array:
    """A column as text without spaces around it, empty where it is null or absent."""
    if name not in rows.column_names:
        return pa.array([""] * rows.num_rows, pa.string())
    column = rows.column(name).combine_chunks()
    if not pa.types.is_string(column.type):
        column = pa.array([None if v is None else str(v) for v in column.to_pylist()], pa.string())
    return pc.utf8_trim_whitespace(pc.fill_null(column, ""))


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


def _numbers(column: pa.Array) -> pa.Array:
    """A column of figures, null where there is none; those written plainly are read at once."""
    plain = pc.match_substring_regex(column, r"^-?\d{1,14}(\.\d{1,12})?$")
    read = pc.cast(pc.if_else(plain, column, None), pa.float64())
    odd = pc.and_not(pc.not_equal(column, ""), plain)
    if not pc.any(odd).as_py():
        return read
    written = _each(pc.if_else(odd, column, ""), _number, pa.float64())
    return pc.coalesce(read, written)


def _cents(rand: pa.Array) -> pa.Array:
    return pc.cast(pc.round(pc.multiply(rand, 100.0)), pa.int64())


def _points(longitude: pa.Array, latitude: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Points inside the country, else none: ``0,0`` is no place."""
    west, south, east, north = SOUTH_AFRICA
    inside = pc.and_(
        pc.and_(pc.greater_equal(longitude, west), pc.less_equal(longitude, east)),
        pc.and_(pc.greater_equal(latitude, south), pc.less_equal(latitude, north)),
    )
    return pc.if_else(inside, longitude, None), pc.if_else(inside, latitude, None)


def _number(text: str) -> float | None:
    """A figure as people write it: ``R 1 234,50``, ``1,234.50``, ``1 234``; else ``None``."""
    cleaned = re.sub(r"[\s\u00a0R]", "", text)
    if "," in cleaned and ("." in cleaned or re.fullmatch(r"-?\d{1,3}(?:,\d{3})+", cleaned)):
        cleaned = cleaned.replace(",", "")
    try:
        value = float(cleaned.replace(",", "."))
    except ValueError:
        return None
    return value if abs(value) < 1e15 else None


def _year(text: str) -> int | None:
    found = _YEAR.match(text)
    return int(found[1]) if found else parse_year_label(text)


def _best(engine: AnyEngine, matched: Matched) -> np.ndarray:
    """The surest link of each record within its cluster, 1 for a record alone."""
    rows = engine.read("SELECT uid_l, uid_r, probability FROM link_chances")
    left, right = (rows.column(c).to_numpy().astype(np.int64) for c in ("uid_l", "uid_r"))
    joined = matched.roots[left] == matched.roots[right]
    found = np.zeros(len(matched.roots))
    for side in (left, right):
        np.maximum.at(found, side[joined], rows.column("probability").to_numpy()[joined])
    return np.where(found > 0, found, 1.0)


def _pairs(engine: AnyEngine, matched: Matched) -> pa.Table:
    engine.load(
        "link_roots", pa.table({"uid": np.arange(len(matched.roots)), "root": matched.roots})
    )
    told = in_full("w.reasons", "c.figures")
    return engine.read(f"""
SELECT least(l.entry_id, r.entry_id) AS entry_a, greatest(l.entry_id, r.entry_id) AS entry_b,
    c.probability, a.root = b.root AS joined, {told} AS reasons
FROM link_chances c JOIN link_wordings w ON w.pattern = c.pattern
JOIN link_features l ON l.uid = c.uid_l JOIN link_features r ON r.uid = c.uid_r
JOIN link_roots a ON a.uid = c.uid_l JOIN link_roots b ON b.uid = c.uid_r
ORDER BY c.probability DESC, entry_a, entry_b
""")


def _name(matched: Matched, records: pa.Table) -> pa.Array:
    """Ids minted from the least entry id of each cluster, in the municipality it names."""
    named = records.select(["entry_id", "municipality"]).append_column(
        "root", pa.array(matched.roots)
    )
    towns = named.column("municipality")
    named = named.set_column(1, "municipality", pc.if_else(pc.equal(towns, ""), None, towns))
    least = (
        named.group_by("root", use_threads=False)
        .aggregate([("entry_id", "min"), ("municipality", "min")])
        .sort_by("root")
    )
    codes = [
        place if place and place.isupper() else ""
        for place in least.column("municipality_min").to_pylist()
    ]
    minted = ids.mint_each(codes, least.column("entry_id_min").to_pylist(), set())
    at = np.searchsorted(least.column("root").to_numpy(), matched.roots)
    return pa.array(minted, pa.string()).take(pa.array(at))
