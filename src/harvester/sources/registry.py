"""Which readers there are, which of them a file is for, and reading it with that one.

A reader is a module of this room with ``NAME``, ``VERSION``, ``detect`` and ``read``
(:class:`harvester.sources.reading.Reader`). It may also have ``NAMES``: further format names it
answers to when forced (the mapping reader's templates).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harvester.domain.collecting import no_collecting
from harvester.domain.errors import UnreadableFileError, UserError
from harvester.sources import ene, eqprs, irm, sa36, sc36, title
from harvester.sources.areas import reader as areas
from harvester.sources.mapping import reader as mapping
from harvester.sources.tables.workbook import opened

if TYPE_CHECKING:
    from harvester.sources.reading import Reader, Reading, ReadOptions, SourceFile

READERS: dict[str, Reader] = {
    reader.NAME: reader for reader in (areas, sa36, sc36, irm, ene, eqprs, mapping)
}
"""Every reader by its format name, in the order :func:`detect` asks them: the strictest first, the
mapping reader, which takes any list, last."""


def formats() -> list[str]:
    """Every format name that can be forced, sorted."""
    further = [n for reader in READERS.values() for n in getattr(reader, "NAMES", ())]
    return sorted({*READERS, *further})


def detect(source: SourceFile) -> str:
    """Name of the format a file's content is in.

    Raises ``UnreadableFileError`` when it is in none, saying what was tried and how to force one,
    or when the file cannot be opened at all.
    """
    for name, reader in READERS.items():
        if reader.detect(source):
            return name
    sheets = [sheet.name for sheet in opened.of(source).sheets]
    held = f" (sheets: {', '.join(sheets[:8])})" if any(sheets) else ""
    raise UnreadableFileError(
        f"The content is none of the formats {', '.join(READERS)}{held}.",
        where=source.name,
        mend="Name the format with --as FORMAT, or put the table in a template "
        "(harvester template NAME OUT.xlsx).",
    )


def read(source: SourceFile, options: ReadOptions) -> Reading:
    """Read a file by the format told in ``options``, or else by the one its content is in.

    Raises ``UnreadableFileError`` when nothing in it can be read, ``UserError`` when the format
    told is none of :func:`formats`.
    """
    title.check_options(options)
    told = options.format or ("mapping" if options.mapping else "")
    try:
        with no_collecting():
            return _reader(told or detect(source)).read(source, options)
    finally:
        opened.forget()


def _reader(name: str) -> Reader:
    for own_name, reader in READERS.items():
        if name == own_name or name in getattr(reader, "NAMES", ()):
            return reader
    raise UserError(
        f"{name!r} is not a format.",
        where="--as",
        mend=f"Use one of {', '.join(formats())}.",
    )
