"""Rows of a sheet with a stray cell far from its table, without holding the rectangle they span.

python-calamine keeps every cell from A1 to the furthest filled one; for such a sheet openpyxl's
row-by-row reader is slower and needs next to nothing.
"""

from __future__ import annotations

import warnings
import zipfile
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

import openpyxl

from harvester.domain.errors import UnreadableFileError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Any

MAX_FILLED = 200_000
"""Filled cells up to which a widely spread sheet is read this way."""


def sparse_rows(path: Path, sheet: str) -> Iterator[tuple[int, list[Any]]]:
    """Row number (as Excel shows it) and cells from column A of each row that holds anything.

    Raises ``UnreadableFileError`` when the workbook cannot be read this way either.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of features it leaves out
            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
            try:
                worksheet = book[sheet]
                worksheet.reset_dimensions()  # or every gap row would be as wide as the widest
                yield from _filled(worksheet.iter_rows(values_only=True))
            finally:
                book.close()
    except (KeyError, ValueError, TypeError, OSError, ParseError, zipfile.BadZipFile) as error:
        raise UnreadableFileError(
            f"The sheet {sheet} is damaged ({error}).",
            where=path.name,
            mend="Delete the stray cells far from the table, and save it again.",
        ) from error


def _filled(rows: Iterator[tuple[Any, ...]]) -> Iterator[tuple[int, list[Any]]]:
    for number, cells in enumerate(rows, 1):
        end = len(cells)
        while end and (cells[end - 1] is None or cells[end - 1] == ""):
            end -= 1
        if end:
            yield number, list(cells[:end])
