"""Any project list, read through a mapping: the published templates, or a person's own list.

Headings are matched, not positions (:mod:`harvester.sources.mapping.match`); every row that can
be read is read (:mod:`harvester.sources.mapping.rows`). Who published it, for which year and how
far it has come: what a person says wins over the Submission sheet, that over what the rows say.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harvester.domain.errors import UnreadableFileError
from harvester.sources import problem_kinds as kinds
from harvester.sources.mapping import definition as mapping_file
from harvester.sources.mapping import kinds as own_kinds
from harvester.sources.mapping.match import Match, match
from harvester.sources.mapping.rows import RowReader
from harvester.sources.mapping.submission import Submission, is_ours, read_sheet, settle
from harvester.sources.reading import Builder, Reading, assemble
from harvester.sources.tables.workbook import column_letter, opened
from harvester.sources.values.amounts import is_blank, text_of

if TYPE_CHECKING:
    from harvester.sources.mapping.definition import Mapping
    from harvester.sources.reading import ReadOptions, SourceFile
    from harvester.sources.tables.workbook import Workbook

NAME = "mapping"
VERSION = "1"
NAMES = mapping_file.names()
"""The published templates; each is a format that can be forced."""

_LONGEST_LIST, _SHOWN_ROWS = 400, 40


@dataclass
class _Choice:
    """A mapping laid on all the sheets of a file."""

    mapping: Mapping
    whole: list[Match] = field(default_factory=list)
    partial: list[Match] = field(default_factory=list)

    @property
    def telling(self) -> int:
        """Columns found that only this kind of list has, on its best sheet."""
        return max((m.telling for m in self.whole), default=0)

    @property
    def columns(self) -> int:
        """Columns found on its best sheet."""
        return max((len(m.found) for m in self.whole), default=0)


def detect(source: SourceFile) -> bool:
    """Whether the file is one of the published lists, clearly and unambiguously.

    Raises ``UnreadableFileError`` when it is plainly a list of projects with money but could be
    more than one kind: a person then says which.
    """
    book = opened.of(source)
    if _told(book):
        return True
    found = _ranked(book)
    if not found:
        return False
    if len(found) > 1 and _rank(found[0]) == _rank(found[1]):
        raise _ambiguous(source, found)
    if not found[0].telling:
        raise _ambiguous(source, found)
    return True


def read(source: SourceFile, options: ReadOptions) -> Reading:
    """Read the list by the person's mapping file, the format told, or the best ready mapping.

    Raises ``UnreadableFileError`` when no sheet has the columns that are needed, saying which
    were found, and ``UserError`` when the mapping file is wrong.
    """
    book = opened.of(source)
    choice = _chosen(source, book, options)
    if not choice.whole:
        raise _lacking(source, book, choice)
    submission = read_sheet(book)
    builders = [
        _read_sheet(source, options, found, part, submission)
        for part, found in enumerate(choice.whole)
    ]
    _tell_file(book, choice, builders[0])
    return assemble(builders)


def _chosen(source: SourceFile, book: Workbook, options: ReadOptions) -> _Choice:
    if options.mapping is not None:
        return _laid(mapping_file.load(options.mapping), book)
    if options.format in NAMES:
        return _laid(mapping_file.ready(options.format), book)
    told = _told(book)
    if told:
        return _laid(mapping_file.ready(told), book)
    found = _ranked(book)
    if not found:
        raise _nothing_fits(source, book)
    if len(found) > 1 and _rank(found[0]) == _rank(found[1]):
        raise _ambiguous(source, found)
    return found[0]


def _told(book: Workbook) -> str:
    """The template's own name in its Submission sheet."""
    template = read_sheet(book).values.get("template", "")
    return template if template in NAMES else ""


def _laid(mapping: Mapping, book: Workbook) -> _Choice:
    choice = _Choice(mapping)
    for sheet in book.sheets:
        if sheet.hidden or not sheet.readable or is_ours(sheet):
            continue
        found = match(mapping, sheet)
        if found is not None:
            (choice.partial if found.missing else choice.whole).append(found)
    return choice


def _ranked(book: Workbook) -> list[_Choice]:
    """Ready mappings whose needed columns are all there, the best first."""
    laid = [_laid(mapping_file.ready(name), book) for name in NAMES]
    return sorted((c for c in laid if c.whole), key=_rank, reverse=True)


def _rank(choice: _Choice) -> tuple[int, int]:
    return (choice.telling, choice.columns)


def _read_sheet(
    source: SourceFile,
    options: ReadOptions,
    found: Match,
    part: int,
    submission: Submission,
) -> Builder:
    mapping = found.mapping
    settled = settle(found, submission, options)
    builder = Builder(
        source=source,
        reader=mapping.name if mapping.name in NAMES else NAME,
        reader_version=VERSION,
        part=part,
        sheet=found.sheet.name,
        document=mapping.document,
        calendar=mapping.calendar,
        institution=settled.institution,
        institution_text=settled.institution_text,
        financial_year=settled.year,
        stage=settled.stage,
        published_on=settled.published_on,
        title=settled.title,
    )
    for problem in (*found.sheet.problems, *settled.problems, *found.problems):
        builder.problem(problem)
    _note_columns(found, builder)
    RowReader(found, builder, settled.own_municipality, settled.municipality).read()
    if not builder.entry_count:
        builder.problem(kinds.NO_ROWS.at(sheet=found.sheet.name))
    return builder


def _note_columns(found: Match, builder: Builder) -> None:
    """Which column gave which field: the way back to a cell."""
    for index, column in sorted(found.fields.items()):
        names = {
            "gps": ("longitude", "latitude"),
            "shape": ("points",),
            "total_cost": ("total_cost_cents",),
        }.get(column.field, (column.field,))
        if column.field == "extra":
            names = ("extras",)
        if column.also:
            names = (*names, column.also)
        for name in names:
            builder.column(name, column_letter(index), found.header.labels[index])
    for amount in found.amounts:
        builder.column("amount", amount.letter, amount.header)
    for index, label in sorted(found.extras.items()):
        builder.column("extras", column_letter(index), label)


def _tell_file(book: Workbook, choice: _Choice, builder: Builder) -> None:
    """Problems of the file, and every sheet that was passed over, on its first submission."""
    for problem in book.problems:
        builder.problem(problem)
    used = {id(found.sheet) for found in choice.whole}
    lacking = {id(found.sheet): found for found in choice.partial}
    for sheet in book.sheets:
        if id(sheet) in used or (sheet.readable and is_ours(sheet)):
            continue
        for problem in sheet.problems:
            builder.problem(problem)
        if not sheet.readable or not sheet.rows:
            continue
        if sheet.hidden:
            builder.problem(own_kinds.SHEET_HIDDEN.at(sheet=sheet.name))
        elif id(sheet) in lacking:
            found = lacking[id(sheet)]
            builder.problem(
                own_kinds.SHEET_LACKS_COLUMNS.at(
                    sheet=sheet.name,
                    value=", ".join(found.missing),
                    found=_headings(found),
                )
            )
        else:
            builder.problem(
                kinds.SHEET_NOT_RECOGNISED.at(
                    sheet=sheet.name,
                    wanted=f"a list of the kind {choice.mapping.name}",
                )
            )


def _headings(found: Match) -> str:
    return ", ".join(label for label in found.header.labels if label)[:_LONGEST_LIST]


def _lacking(source: SourceFile, book: Workbook, choice: _Choice) -> UnreadableFileError:
    """No sheet has the columns: which headings were found, and which are needed."""
    for sheet in book.sheets:
        lost = [p for p in sheet.problems if p.severity == "error" and p.row is None]
        if not sheet.readable and lost and len(book.sheets) == 1:
            return UnreadableFileError(lost[0].message, where=source.name, mend=lost[0].mend)
    if not choice.partial:
        needed = ", ".join(c.header for c in choice.mapping.required)
        return UnreadableFileError(
            f"No sheet has a heading row that fits {choice.mapping.title!r}; it needs the columns "
            f"{needed}. {_first_texts(book)}",
            where=source.name,
            mend=f"Put the headings of `harvester template {choice.mapping.name}` in one row, or "
            "say with a mapping file (--mapping) which of your columns is which.",
        )
    best = max(choice.partial, key=lambda m: len(m.found))
    return UnreadableFileError(
        f"Sheet {best.sheet.name!r} lacks the columns: {', '.join(best.missing)}. "
        f"The headings found in row {best.header.row} are: {_headings(best)}.",
        where=source.name,
        mend="Add the columns, or say with a mapping file (--mapping) which of yours they are.",
    )


def _first_texts(book: Workbook) -> str:
    """The first row with several texts, so that a person sees what was looked at."""
    for sheet in book.sheets:
        for row in sheet.rows[:_SHOWN_ROWS] if sheet.readable else []:
            texts = [text_of(c) for c in row.cells if isinstance(c, str) and not is_blank(c)]
            if len(texts) > 1:
                shown = ", ".join(texts)[:_LONGEST_LIST]
                return f"Row {row.number} of sheet {sheet.name!r} holds: {shown}."
    return "No row with several texts was found."


def _nothing_fits(source: SourceFile, book: Workbook) -> UnreadableFileError:
    return UnreadableFileError(
        f"The columns fit none of the lists {', '.join(NAMES)}. {_first_texts(book)}",
        where=source.name,
        mend="Say which it is with --as, or what its columns are with a mapping file (--mapping).",
    )


def _ambiguous(source: SourceFile, found: list[_Choice]) -> UnreadableFileError:
    names = ", ".join(c.mapping.name for c in found)
    return UnreadableFileError(
        f"This is a list of projects or allocations, but of which kind is not clear: {names}.",
        where=source.name,
        mend=f"Say which it is, for example with --as {found[0].mapping.name}.",
    )
