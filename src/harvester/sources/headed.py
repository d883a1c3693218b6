"""Reading a file whose sheets are told by their headings: IRM, ENE and eQPRS alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harvester.domain.errors import UnreadableFileError
from harvester.domain.periods import Calendar
from harvester.sources.capital import rows as capital_rows
from harvester.sources.reading import Builder, assemble
from harvester.sources.tables.workbook import opened

if TYPE_CHECKING:
    from collections.abc import Callable

    from harvester.domain.documents import Document
    from harvester.sources.reading import Reading, SourceFile
    from harvester.sources.tables.headers import Header
    from harvester.sources.tables.workbook import Sheet


@dataclass(frozen=True)
class HeadedFormat:
    """A format of national-calendar lists: ``what`` it is and ``mend`` are words of its refusal;
    ``find`` gives the headings of a sheet of it, ``None`` for any other sheet."""

    name: str
    version: str
    document: Document
    what: str
    mend: str
    find: Callable[[Sheet], Header | None]


def read_headed(
    source: SourceFile,
    form: HeadedFormat,
    read_sheet: Callable[[Builder, Sheet, Header], None],
) -> Reading:
    """Every sheet that has the headings of ``form``, each one submission filled by ``read_sheet``.

    Raises ``UnreadableFileError`` when no sheet has them.
    """
    book = opened.of(source)
    builders, passed = [], []
    for part, sheet in enumerate(book.sheets):
        header = form.find(sheet)
        if header is None:
            passed.append(sheet)
            continue
        builder = Builder(
            source, form.name, form.version, part, sheet.name, form.document, Calendar.NATIONAL
        )
        read_sheet(builder, sheet, header)
        builders.append(builder)
    if not builders:
        raise UnreadableFileError(
            f"No sheet has the headings of {form.what}.", where=source.name, mend=form.mend
        )
    capital_rows.report_sheets(builders, form.what, passed, book)
    return assemble(builders)
