"""Text tables: encoding, delimiter and quoting found from the content."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
from typing import TYPE_CHECKING

from harvester.domain.errors import UnreadableFileError
from harvester.sources import problem_kinds as kinds

if TYPE_CHECKING:
    from pathlib import Path

    from harvester.domain.problems import Problem

DELIMITERS = (",", ";", "\t", "|")
MAX_FIELD = 4 << 20
"""Characters in one field; more means an unclosed quote."""
_SAMPLE_LINES = 60


def read_rows(path: Path) -> tuple[list[tuple[int, list[str | None]]], list[Problem]]:
    """Rows that hold anything as (row number, cells), and problems of the text itself.

    Row numbers count records from 1, as a spreadsheet shows them (a quoted line break does not
    start a row; a blank line does). Raises ``UnreadableFileError`` on an unclosed quote.
    """
    text, problems = decode(path)
    delimiter = sniff(text)
    if text[:4].lower() == "sep=":  # Excel's own hint; it hides that row but still counts it
        hint = text[4:5]
        delimiter = hint if hint in DELIMITERS else delimiter
        text = "\n" + text.partition("\n")[2]
    csv.field_size_limit(MAX_FIELD)
    rows: list[tuple[int, list[str | None]]] = []
    number = 0
    try:
        for number, record in enumerate(
            csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1
        ):
            end = len(record)
            while end and not record[end - 1].strip():
                end -= 1
            if end:
                rows.append((number, [cell or None for cell in record[:end]]))
    except csv.Error as error:
        raise UnreadableFileError(
            f"Row {number + 1} cannot be read ({error}).",
            where=path.name,
            mend="Look for a quotation mark that is never closed.",
        ) from error
    swallowed = rows and any(cell and cell.count("\n") > 1 for cell in rows[-1][1])
    if swallowed and text.count('"') % 2:
        problems.append(kinds.QUOTE_NOT_CLOSED.at(row=rows[-1][0]))
    return rows, problems


def decode(path: Path) -> tuple[str, list[Problem]]:
    """The file's text: UTF-8 (with or without BOM), UTF-16 by its BOM, else Windows-1252."""
    raw = path.read_bytes()
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return raw.decode("utf-16"), []
        except UnicodeDecodeError as error:
            raise UnreadableFileError(
                f"The text is damaged ({error.reason}).",
                where=path.name,
                mend="Save it again as UTF-8.",
            ) from error
    try:
        return raw.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        # five bytes have no character in Windows-1252; they are kept as the replacement sign
        return raw.decode("cp1252", "replace"), [kinds.ENCODING_GUESSED.at()]


def sniff(text: str) -> str:
    """The delimiter that cuts the first lines into the most equal, and the most, fields."""
    sample = list(itertools.islice(io.StringIO(text[: 256 * 1024], newline=""), _SAMPLE_LINES))
    best, best_score = ",", (0, 0)
    for delimiter in DELIMITERS:
        try:
            widths = [len(record) for record in csv.reader(sample, delimiter=delimiter) if record]
        except csv.Error:
            continue
        wide = [w for w in widths if w > 1]
        if not wide:
            continue
        commonest = max(set(wide), key=lambda w: (wide.count(w), w))
        score = (wide.count(commonest) * (commonest - 1), commonest)
        if score > best_score:
            best, best_score = delimiter, score
    return best
