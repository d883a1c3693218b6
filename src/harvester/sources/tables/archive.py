"""What must be known of a file before it is parsed: what it truly is, and how large unpacked."""

from __future__ import annotations

import itertools
import re
import zipfile
import zlib
from typing import TYPE_CHECKING

from harvester.domain.errors import UnreadableFileError

if TYPE_CHECKING:
    from pathlib import Path

MEGABYTE = 1 << 20
MAX_UNPACKED_BYTES = 1024 * MEGABYTE
"""Of all parts of a zipped workbook together."""
MAX_SHEET_BYTES = 512 * MEGABYTE
"""Of one sheet; a larger one is passed over and the others are read."""
MAX_RATIO = 300
"""Unpacked to packed. Blank formatted rows reach 12 to 40, deflate's own limit is 1032."""
RATIO_MATTERS_FROM = 50 * MEGABYTE
MAX_PARTS = 10_000
MAX_SHARED_TEXT_BYTES = 512 * MEGABYTE
MAX_REPEAT = 5_000
"""How often an OpenDocument cell that holds something may repeat itself."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NOT_WORKBOOKS = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"II*\x00", "a picture (TIFF)"),
    (b"MM\x00*", "a picture (TIFF)"),
    (b"{\\rtf", "a rich-text document"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"SQLite format 3", "an SQLite database"),
    (b"PAR1", "a Parquet file"),
)


def kind_of(path: Path) -> str:
    """``xlsx``, ``xls``, ``ods`` or ``text``, by content; the name is not trusted.

    Raises ``UnreadableFileError`` for anything else, saying what the file is.
    """
    size = path.stat().st_size
    if size == 0:
        raise UnreadableFileError(
            "The file is empty.",
            where=path.name,
            mend="Save or download it again.",
        )
    with path.open("rb") as stream:
        head = stream.read(4096)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _kind_of_zip(path)
    if head.startswith(_OLE):
        return _kind_of_ole(path)
    if head[:2] in (b"\x09\x08", b"\x09\x04", b"\x09\x02") and head[2:4] in (
        b"\x08\x00",
        b"\x10\x00",
        b"\x06\x00",
    ):
        return "xls"
    return _kind_of_text(path, head)


def _not_a_table(path: Path, what: str, mend: str = "") -> UnreadableFileError:
    return UnreadableFileError(
        f"This is {what}, not a table.",
        where=path.name,
        mend=mend or "Give the table as .xlsx, .xls, .ods or .csv.",
    )


def _kind_of_text(path: Path, head: bytes) -> str:
    for magic, what in _NOT_WORKBOOKS:
        if head.startswith(magic):
            raise _not_a_table(path, what)
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    as_excel = "Open it in Excel and save it as .xlsx."
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<body", b"<meta")):
        raise _not_a_table(path, "a web page (HTML) saved under a table's name", as_excel)
    if start.startswith((b"<?xml", b"<workbook")):
        what = "an Excel 2003 XML spreadsheet" if b"spreadsheet" in start else "an XML file"
        raise _not_a_table(path, what, as_excel)
    if start.startswith(b"mime-version"):
        raise _not_a_table(path, "a web archive saved under a table's name", as_excel)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "text"
    if head.startswith(b"BM") and b"\x00" in head:
        raise _not_a_table(path, "a picture (BMP)")
    if b"\x00" in head:
        raise _not_a_table(path, "a binary file of a kind we do not know")
    return "text"


def _kind_of_zip(path: Path) -> str:
    with open_zip(path) as archive:
        names = set(archive.namelist())
        if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
            mime = archive.read("mimetype").decode("latin-1")
            if "spreadsheet" in mime:
                _refuse_encrypted_ods(path, archive)
                return "ods"
            raise _not_a_table(path, f"an OpenDocument file of type {mime.strip()}")
    if any(n.lower() == "xl/workbook.xml" for n in names):
        return "xlsx"
    if any(n.lower() == "xl/workbook.bin" for n in names):
        raise _not_a_table(path, "an Excel binary workbook (.xlsb)", "Save it as .xlsx.")
    for part, what in (
        ("word/", "a Word document"),
        ("ppt/", "a PowerPoint presentation"),
        ("index/", "an Apple Numbers or Pages document"),
        ("doc.kml", "a map file (KMZ)"),
    ):
        if any(n.lower().startswith(part) for n in names):
            raise _not_a_table(path, what)
    inside = ", ".join(sorted(names)[:3])
    raise _not_a_table(
        path, f"a zip archive of {len(names)} files ({inside} ...)", "Unpack it and give the files."
    )


def _refuse_encrypted_ods(path: Path, archive: zipfile.ZipFile) -> None:
    if "META-INF/manifest.xml" not in archive.namelist():
        return
    if archive.getinfo("META-INF/manifest.xml").file_size > MEGABYTE:
        return
    if b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise password_error(path)


def password_error(path: Path) -> UnreadableFileError:
    """The refusal of a file that is locked with a password."""
    return UnreadableFileError(
        "The workbook is protected with a password, so nothing in it can be read.",
        where=path.name,
        mend="Save it without a password and give it again.",
    )


def _kind_of_ole(path: Path) -> str:
    """A compound file: an .xls, or a password-protected .xlsx, or another Office document."""
    with path.open("rb") as stream:
        content = stream.read(64 * MEGABYTE)

    def holds(name: str) -> bool:
        return name.encode("utf-16-le") in content

    if holds("EncryptedPackage") or holds("EncryptionInfo"):
        raise password_error(path)
    if holds("Workbook") or holds("Book"):
        return "xls"
    for name, what in (
        ("WordDocument", "a Word document"),
        ("PowerPoint Document", "a PowerPoint presentation"),
        ("__substg1.0", "an Outlook message"),
    ):
        if holds(name):
            raise _not_a_table(path, what)
    raise _not_a_table(path, "an Office file of a kind we do not know")


def open_zip(path: Path) -> zipfile.ZipFile:
    """The archive, once its directory has passed the limits against zip bombs.

    Raises ``UnreadableFileError`` when it is damaged, encrypted, or too large unpacked.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise UnreadableFileError(
            f"The file is damaged ({error}).",
            where=path.name,
            mend="Download or save it again.",
        ) from error
    try:
        _check_directory(path, archive.infolist())
    except UnreadableFileError:
        archive.close()
        raise
    return archive


def _check_directory(path: Path, parts: list[zipfile.ZipInfo]) -> None:
    def bomb(why: str) -> UnreadableFileError:
        return UnreadableFileError(
            f"The file was not opened, because {why}: it may be a zip bomb.",
            where=path.name,
            mend="Ask its sender for a clean copy, or split the workbook.",
        )

    if len(parts) > MAX_PARTS:
        raise bomb(f"it holds {len(parts)} parts, more than {MAX_PARTS}")
    if any(part.flag_bits & 1 for part in parts):
        raise password_error(path)
    unpacked, packed = sum(p.file_size for p in parts), sum(p.compress_size for p in parts)
    if unpacked > MAX_UNPACKED_BYTES:
        raise bomb(f"it would unpack to {_size(unpacked)}, more than {_size(MAX_UNPACKED_BYTES)}")
    if unpacked > RATIO_MATTERS_FROM and unpacked > MAX_RATIO * max(packed, 1):
        raise bomb(f"it would unpack to {unpacked // max(packed, 1)} times its size")
    by_place = sorted(parts, key=lambda p: p.header_offset)
    for part, following in itertools.pairwise(by_place):
        if part.header_offset + 30 + part.compress_size > following.header_offset:
            raise bomb("its parts overlap")


def _size(count: int) -> str:
    return f"{count / MEGABYTE:,.0f} MB".replace(",", " ")


_REPEATED_CELL = re.compile(
    rb'<table:(?:covered-)?table-cell\b(?=[^>]*office:value-type)[^>]*number-columns-repeated="(\d+)"',
)
_REPEATED_ROW = re.compile(
    rb'<table:table-row\b[^>]*number-rows-repeated="(\d+)"[^>]*(?<!/)>(.*?)</table:table-row>',
    re.DOTALL,
)


def refuse_repeated_cells(path: Path, archive: zipfile.ZipFile) -> None:
    """Refuse an .ods whose filled cells repeat themselves into millions: it is a bomb."""
    try:
        content = archive.read("content.xml")
    except (KeyError, zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise UnreadableFileError(
            f"The file is damaged ({error}).",
            where=path.name,
            mend="Save it again.",
        ) from error
    worst = max((int(n) for n in _REPEATED_CELL.findall(content)), default=0)
    for count, row in _REPEATED_ROW.findall(content):
        if b"office:value-type" in row:
            worst = max(worst, int(count))
    if worst > MAX_REPEAT:
        raise UnreadableFileError(
            f"The file was not opened, because one of its cells repeats itself {worst} times: it "
            "may be a bomb.",
            where=path.name,
            mend="Delete the repeated rows or columns.",
        )
