"""A sheet's XML seen once, as a stream, before it is parsed.

It shows how far the filled cells reach (``python-calamine`` would hold every cell of the rectangle
they span), which formulas have no saved result, and which cells show an error.
"""

from __future__ import annotations

import html
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING

from harvester.domain.errors import UnreadableFileError
from harvester.sources.tables.archive import MEGABYTE

if TYPE_CHECKING:
    from collections.abc import Iterator

DENSE_CELLS_ALWAYS_FINE = 4_000_000
MAX_CELLS_PER_FILLED = 20
"""Above ``DENSE_CELLS_ALWAYS_FINE``, a sheet may have this many cells for each filled one."""
_CHUNK = 4 * MEGABYTE
_OVERLAP = 1 << 16


@dataclass
class SheetScan:
    """What one sheet's XML holds, seen without parsing it."""

    unpacked: int = 0
    filled: int = 0
    last_row: int = 0
    last_column: int = 0
    uncalculated: list[str] = field(default_factory=list)
    zero_formulas: list[str] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    damage: str = ""

    @property
    def dense_cells(self) -> int:
        """Cells of the rectangle from A1 to the last filled cell."""
        return self.last_row * self.last_column

    @property
    def too_spread(self) -> bool:
        """Whether the rectangle is out of all proportion to what is in it."""
        limit = max(DENSE_CELLS_ALWAYS_FINE, MAX_CELLS_PER_FILLED * self.filled)
        return self.dense_cells > limit


def sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name to the part that holds it (``xl/worksheets/sheet1.xml``)."""
    names = {n.lower(): n for n in archive.namelist()}
    workbook = _small_part(archive, names.get("xl/workbook.xml"))
    relations = _small_part(archive, names.get("xl/_rels/workbook.xml.rels"))
    targets = {}
    for tag in re.findall(r"<(?:\w+:)?Relationship\b[^>]*>", relations):
        wanted = {k: v for k, _, v in re.findall(r'\b(Id|Target)=(["\'])(.*?)\2', tag)}
        target = html.unescape(wanted.get("Target", ""))
        target = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        targets[wanted.get("Id", "")] = names.get(target.lower(), "")
    found = {}
    for tag in re.findall(r"<(?:\w+:)?sheet\b[^>]*>", workbook):
        name = re.search(r'\bname=(["\'])(.*?)\1', tag)
        relation = re.search(r':id=(["\'])(.*?)\1', tag)
        if name and relation:
            found[html.unescape(name[2])] = targets.get(relation[2], "")
    return found


def never_calculated(archive: zipfile.ZipFile) -> bool:
    """Whether the workbook asks to be calculated when opened: its saved results are not real."""
    names = {n.lower(): n for n in archive.namelist()}
    workbook = _small_part(archive, names.get("xl/workbook.xml"))
    return re.search(r'fullCalcOnLoad=["\'](?:1|true)', workbook) is not None


def has_macros(archive: zipfile.ZipFile) -> bool:
    """Whether the workbook holds a VBA project."""
    return any(n.lower().endswith("vbaproject.bin") for n in archive.namelist())


def _small_part(archive: zipfile.ZipFile, name: str | None) -> str:
    if not name or archive.getinfo(name).file_size > 16 * MEGABYTE:
        return ""
    try:
        return archive.read(name).decode("utf-8", "replace")
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise UnreadableFileError(
            f"The file is damaged ({error}).",
            where=name,
            mend="Download or save it again.",
        ) from error


_FILLED_FAR = re.compile(rb'\br="([A-Z]{2,3})\d{1,7}"[^>]*>\s*<(?:\w+:)?(?:v|f|is)\b')
_NEAR_COLUMNS = 26
"""A sheet is taken as at least A to Z: only cells further right are looked for, which is quick."""
_VALUES = (b"<v>", b"<is>", b":v>", b":is>")
_FORMULA = re.compile(
    rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3}\d{1,7})"[^>]*>\s*'
    rb"<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*(0?)\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>",
)

_ERROR = re.compile(
    rb'<(?:\w+:)?c\b(?=[^>]*\bt="e")[^>]*?\br="([A-Z]{1,3}\d{1,7})"[^>]*>'
    rb"(?:\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>))?\s*<(?:\w+:)?v>([^<]*)</",
)


def scan_sheet(archive: zipfile.ZipFile, part: str) -> SheetScan:
    """Read a sheet's XML once, in chunks: how far its filled cells reach, which formulas have no
    saved result, and which cells show an error (calamine leaves those blank). Reading it to the end also proves its declared size and checksum."""
    scan = SheetScan(unpacked=archive.getinfo(part).file_size)
    columns: set[bytes] = set()
    try:
        with archive.open(part) as stream:
            for text in _overlapping(stream):
                _scan_text(text, scan, columns)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        scan.damage = str(error) or type(error).__name__
    far = max((_column_number(letters) for letters in columns), default=0)
    scan.last_column = max(far, _NEAR_COLUMNS)
    return scan


def _overlapping(stream: IO[bytes]) -> Iterator[bytes]:
    """Chunks cut after a whole cell, so that none is seen twice or torn."""
    rest = b""
    while chunk := stream.read(_CHUNK):
        text = rest + chunk
        cut = max(text.rfind(b"</c>"), text.rfind(b":c>")) + 4
        if cut < 4:  # only blank cells, which close themselves
            cut = max(len(text) - _OVERLAP, 0)
        yield text[:cut]
        rest = text[cut:]
    yield rest


def _scan_text(text: bytes, scan: SheetScan, columns: set[bytes]) -> None:
    filled = text.count(b"<v>") + text.count(b"<is>")
    filled += (
        text.count(b":v>") + text.count(b":is>")
    ) // 2  # counted at both ends of a prefix tag
    if not filled and b"<f" not in text and b":f" not in text:
        return
    scan.filled += filled
    columns.update(_FILLED_FAR.findall(text))
    last = max(text.rfind(value) for value in _VALUES)
    place = text.rfind(b' r="', 0, last)
    if place >= 0 and (found := re.match(rb' r="[A-Z]{0,3}(\d{1,7})"', text[place : place + 20])):
        scan.last_row = max(scan.last_row, int(found[1]))
    if b't="e"' in text:
        for cell, error in _ERROR.findall(text):
            scan.errors[cell.decode("ascii")] = error.decode("utf-8", "replace")
    if b"<f" in text or b":f" in text:
        for cell, zero in _FORMULA.findall(text):
            (scan.zero_formulas if zero else scan.uncalculated).append(cell.decode("ascii"))


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
