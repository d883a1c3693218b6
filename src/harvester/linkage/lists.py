"""Link any list of projects: what ``harvester link`` runs."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from harvester.domain.errors import UserError
from harvester.domain.periods import parse_year_label
from harvester.domain.places import in_south_africa
from harvester.engine.engine import Engine
from harvester.linkage.identity import ids
from harvester.linkage.matching.linker import Matched, match
from harvester.linkage.projects.aspects import PROJECTS
from harvester.rules import institutions, lexicon

if TYPE_CHECKING:
    from pathlib import Path

NEEDED = ("entry_id", "source", "name")
OPTIONAL = ("description", "owner", "municipality", "function", "latitude", "longitude", "amount",
            "first_year", "last_year", "code")  # fmt: skip
COLUMNS = NEEDED + OPTIONAL
"""Columns of a list, in the order they are published; all but the first three may be empty."""

_YEAR = re.compile(r"\s*((?:19|20)\d\d)(?:\.0+)?\s*\Z")
_KIND = "project"


def link_list(rows: pa.Table) -> pa.Table:
    """Link a list: ``entry_id``, ``undertaking_id``, ``probability`` for each row, by entry id.

    ``rows`` has :data:`COLUMNS` (text or numbers; amounts in rand; years as 2018 or 2018/19); columns of
    :data:`OPTIONAL` may be absent. Entries of one ``source`` are usually different projects. A
    figure that cannot be read counts as empty. Raises :class:`UserError` naming missing columns,
    or entry ids that are empty or given twice.
    """
    _check_columns(rows)
    text = {name: _texts(rows, name) for name in COLUMNS}
    _check_ids(text["entry_id"])
    order = sorted(range(rows.num_rows), key=lambda n: text["entry_id"][n])
    records = _records(text, order)
    engine = Engine()
    try:
        matched = match(engine, PROJECTS, records, explain=False)
        best = _best(engine, matched)
    finally:
        engine.close()
    entry_ids = [text["entry_id"][n] for n in order]
    undertaking = _name(matched, entry_ids, records.column("municipality").to_pylist())
    return pa.table({
        "entry_id": pa.array(entry_ids, pa.string()),
        "undertaking_id": pa.array(undertaking, pa.string()),
        "probability": pa.array(best, pa.float64()),
    })  # fmt: skip


def link_csv(entries: Path, output: Path) -> dict[str, int]:
    """Link a CSV file into another; returns how many ``entries`` and ``undertakings``.

    UTF-8 (with or without a byte order mark) or Windows-1252; comma, semicolon or tab between.
    Raises :class:`UserError` where the file cannot be read or written, or as :func:`link_list`.
    """
    linked = link_list(_read(entries))
    try:
        with output.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(linked.column_names)
            writer.writerows(zip(*(column.to_pylist() for column in linked.columns), strict=True))
    except OSError as error:
        raise UserError(f"The links cannot be written: {error.strerror}.", where=str(output),
                        mend="Name a file in a folder you may write to.") from error  # fmt: skip
    found = linked.column("undertaking_id")
    return {"entries": linked.num_rows, "undertakings": len(found.unique())}


def _read(path: Path) -> pa.Table:
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
    return pa.table({
        name: pa.array([row[n] if n < len(row) else "" for row in rows], pa.string())
        for name, n in wanted.items()
    })  # fmt: skip


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


def _texts(rows: pa.Table, name: str) -> list[str]:
    """A column as text, empty where it is null or absent."""
    if name not in rows.column_names:
        return [""] * rows.num_rows
    return ["" if value is None else str(value).strip() for value in rows.column(name).to_pylist()]


def _records(text: dict[str, list[str]], order: list[int]) -> pa.Table:
    """Rows in order of entry id as the linker's records."""
    points = [_point(text["longitude"][n], text["latitude"][n]) for n in order]
    blank = pa.array([""] * len(order), pa.string())

    def column(name: str) -> pa.Array:
        return pa.array([text[name][n] for n in order], pa.string())

    def folded(name: str) -> pa.Array:
        return pa.array([" ".join(lexicon.fold(text[name][n])) for n in order], pa.string())

    return pa.table({
        "uid": pa.array(range(len(order)), pa.int64()),
        "entry_id": column("entry_id"),
        "source": column("source"),
        "kind": pa.array([_KIND] * len(order), pa.string()),
        "namespace": blank,
        "municipality": pa.array(_resolved(text["municipality"], order), pa.string()),
        "function": folded("function"),
        "owner": folded("owner"),
        "name": column("name"),
        "description": column("description"),
        "place_text": blank,
        "parent_text": blank,
        "code": column("code"),
        "other_code": blank,
        "references": blank,
        "longitude": pa.array([p[0] for p in points], pa.float64()),
        "latitude": pa.array([p[1] for p in points], pa.float64()),
        "amount_cents": pa.array([_cents(text["amount"][n]) for n in order], pa.int64()),
        "total_cents": pa.array([None] * len(order), pa.int64()),
        "first_year": pa.array([_year(text["first_year"][n]) for n in order], pa.int32()),
        "last_year": pa.array([_year(text["last_year"][n]) for n in order], pa.int32()),
    })  # fmt: skip


def _resolved(texts: list[str], order: list[int]) -> list[str]:
    """Municipality codes where the name is known, else the folded name itself."""
    book = institutions.load()
    found = {t: book.municipality(t) or " ".join(lexicon.fold(t)) for t in sorted(set(texts)) if t}
    return [found.get(texts[n], "") for n in order]


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


def _cents(text: str) -> int | None:
    value = _number(text)
    return None if value is None else round(value * 100)


def _year(text: str) -> int | None:
    found = _YEAR.match(text)
    return int(found[1]) if found else parse_year_label(text)


def _point(longitude: str, latitude: str) -> tuple[float | None, float | None]:
    """A point inside the country, else none: ``0,0`` is no place."""
    x, y = _number(longitude), _number(latitude)
    if x is None or y is None or not in_south_africa(x, y):
        return None, None
    return x, y


def _best(engine: Engine, matched: Matched) -> np.ndarray:
    """The surest link of each record within its cluster, 1 for a record alone."""
    rows = engine.read("SELECT uid_l, uid_r, probability FROM link_chances")
    left, right = (rows.column(c).to_numpy().astype(np.int64) for c in ("uid_l", "uid_r"))
    joined = matched.roots[left] == matched.roots[right]
    found = np.zeros(len(matched.roots))
    for side in (left, right):
        np.maximum.at(found, side[joined], rows.column("probability").to_numpy()[joined])
    return np.where(found > 0, found, 1.0)


def _name(matched: Matched, entry_ids: list[str], municipalities: list[str]) -> list[str]:
    """Ids minted from the least entry id of each cluster."""
    groups: dict[int, list[int]] = defaultdict(list)
    of = matched.roots.tolist()
    for uid, root in enumerate(of):
        groups[root].append(uid)
    roots = sorted(groups)
    places = [
        min((municipalities[u] for u in groups[r] if municipalities[u]), default="") for r in roots
    ]
    codes = [place if place.isupper() else "" for place in places]
    settled = ids.settle([[entry_ids[u] for u in groups[r]] for r in roots], codes, {})
    by_root = dict(zip(roots, settled, strict=True))
    return [by_root[root] for root in of]
