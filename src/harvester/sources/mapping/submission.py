"""Who published a list, for which year and how far it has come: told, written, or agreed by rows."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from harvester.domain.documents import Stage
from harvester.domain.errors import UserError
from harvester.domain.periods import FinancialYear, parse_year_label
from harvester.engine.schema import UNKNOWN
from harvester.rules import institutions
from harvester.sources import problem_kinds as kinds
from harvester.sources.annotate.listing import SHEET as PROBLEMS
from harvester.sources.mapping import kinds as own_kinds
from harvester.sources.mapping.definition import fold
from harvester.sources.templates import EXAMPLE_MARK, LISTS, META, README, SUBMISSION
from harvester.sources.values.amounts import is_blank, text_of
from harvester.sources.values.dates import parse_date

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from harvester.domain.problems import Problem
    from harvester.sources.mapping.match import Match
    from harvester.sources.reading import ReadOptions
    from harvester.sources.tables.workbook import Sheet, Workbook

_OUR_SHEETS = frozenset(fold(name) for name in (README, SUBMISSION, LISTS, PROBLEMS))
_LABELS = {
    **{fold(label): key for key, (label, _) in META.items()},
    "institution": "institution",
    "municipality": "institution",
    "publisher": "institution",
    "code": "institution",
    "municipality code": "institution",
    "department": "institution",
    "year": "financial_year",
    "fy": "financial_year",
    "budget year": "financial_year",
    "status": "stage",
    "date": "published_on",
    "date published": "published_on",
    "published": "published_on",
    "publication date": "published_on",
    "document": "title",
    "document title": "title",
    "format": "template",
}
_STAGE_WORDS = {
    "final": Stage.ADOPTED,
    "approved": Stage.ADOPTED,
    "adopted": Stage.ADOPTED,
    "draft": Stage.DRAFT,
    "tabled": Stage.TABLED,
    "adjusted": Stage.ADJUSTED,
    "adjustment": Stage.ADJUSTED,
    "adjustments": Stage.ADJUSTED,
    "in year": Stage.IN_YEAR,
    "audited": Stage.AUDITED,
    "unknown": Stage.UNKNOWN,
}
_ROWS_OF_META = 30


@dataclass
class Submission:
    """What the Submission sheet says: text by key of ``templates.META``, cells, and where."""

    sheet: str = ""
    values: dict[str, str] = field(default_factory=dict)
    cells: dict[str, Any] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)


@dataclass
class Settled:
    """What a submission is, with the problems of finding it out."""

    institution: str = UNKNOWN
    institution_text: str = ""
    own_municipality: str = ""
    province: str = ""
    year: str = UNKNOWN
    stage: Stage = Stage.UNKNOWN
    published_on: dt.date | None = None
    title: str = ""
    problems: list[Problem] = field(default_factory=list)

    def municipality(self, text: str) -> str | None:
        """Code of the municipality a text names, seen from the publisher's province."""
        return _municipality(text, self.province) or _municipality(text, "")


def is_ours(sheet: Sheet) -> bool:
    """Whether a sheet is one of a template's own or our list of problems, with no rows to read."""
    if fold(sheet.name) in _OUR_SHEETS:
        return True
    first = sheet.rows[0].cells if sheet.rows else []
    return bool(first) and text_of(first[0]).startswith(EXAMPLE_MARK)


def read_sheet(book: Workbook) -> Submission:
    """The Submission sheet of a workbook; empty when it has none."""
    sheet = next((s for s in book.sheets if fold(s.name) == fold(SUBMISSION)), None)
    if sheet is None:
        return Submission()
    found = Submission(sheet.name)
    for row in sheet.rows[:_ROWS_OF_META]:
        if len(row.cells) < 2 or is_blank(row.cells[0]) or is_blank(row.cells[1]):
            continue
        key = _LABELS.get(fold(text_of(row.cells[0])))
        if key and key not in found.values:
            found.values[key] = text_of(row.cells[1])
            found.cells[key] = row.cells[1]
            found.rows[key] = row.number
    return found


def settle(found: Match, submission: Submission, options: ReadOptions) -> Settled:
    """Settle publisher, year, stage, date and title of one matched sheet.

    Raises ``UserError`` when an option names no institution, year or stage.
    """
    settled = Settled(title=submission.values.get("title", ""))
    _settle_institution(settled, found, submission, options)
    _settle_year(settled, found, submission, options)
    _settle_stage(settled, found, submission, options)
    _settle_day(settled, found, submission)
    return settled


def institution_code(text: str) -> str | None:
    """Code of an institution by its code or any of its names; ``BUF - Buffalo City`` too."""
    book = institutions.load()
    return text if book.get(text) else book.resolve(text)


@functools.lru_cache(maxsize=100_000)
def _municipality(text: str, province: str) -> str | None:
    return institutions.load().municipality(text, province)


def _settle_institution(
    settled: Settled,
    found: Match,
    submission: Submission,
    options: ReadOptions,
) -> None:
    written = submission.values.get("institution", "")
    settled.institution_text = written
    code = institution_code(written) if written else None
    if written and code is None and not options.institution:
        settled.problems.append(
            _meta_problem(
                submission,
                "institution",
                own_kinds.META_WRONG,
                allowed="Write its code, such as BUF, or its full name.",
            )
        )
    if options.institution:
        told = institution_code(options.institution)
        if told is None:
            raise UserError(
                f"{options.institution!r} is no institution we know.",
                where="--institution",
                mend="Give its code, such as BUF or KZN-EDU, or its full name.",
            )
        if code and code != told:
            settled.problems.append(
                _meta_problem(submission, "institution", own_kinds.META_OVERRULED, told=told),
            )
        code = told
    code = code or (None if written else _from_sheet_or_rows(settled, found))
    if code is None:
        if not written:
            settled.problems.append(kinds.INSTITUTION_NOT_STATED.at(sheet=found.sheet.name))
        return
    settled.institution = code
    _own_municipality(settled, found, code)


def _own_municipality(settled: Settled, found: Match, code: str) -> None:
    """For a municipality's own list: doubt a sheet that is named after another one."""
    book = institutions.load()
    institution = book.get(code)
    settled.province = institution.province if institution else ""
    local = book.kind(code) in {"metro", "local", "district"}
    if not local or found.mapping.publisher not in {"municipality", "any"}:
        return
    if found.mapping.publisher == "municipality":
        settled.own_municipality = code
    other = _named_after(found.sheet)
    if other and other != code:
        settled.problems.append(
            own_kinds.SHEET_OF_OTHER.at(
                sheet=found.sheet.name,
                value=found.sheet.name,
                own=code,
            )
        )


def _named_after(sheet: Sheet) -> str | None:
    """The municipality a sheet is named after, if it is."""
    return _municipality(sheet.name.strip(), "") if len(sheet.name.strip()) >= 3 else None


def _from_sheet_or_rows(settled: Settled, found: Match) -> str | None:
    """The publisher by the sheet's name, or the one owner or municipality all rows agree on."""
    publisher = found.mapping.publisher
    if publisher == "municipality":
        code = _named_after(found.sheet)
        if code:
            settled.institution_text = found.sheet.name
            return code
    wanted = {
        "municipality": "municipality_text",
        "department": "owner_text",
        "entity": "owner_text",
        "any": "owner_text",
    }.get(publisher)
    texts = {text for text in _texts_of(found, wanted or "") if text}
    codes = {institution_code(text) for text in texts} if len(texts) <= 20 else {None}
    if len(codes) != 1 or None in codes:
        return None
    settled.institution_text = min(texts)
    settled.problems.append(
        own_kinds.INSTITUTION_FROM_COLUMN.at(
            sheet=found.sheet.name,
            value=settled.institution_text,
        )
    )
    return codes.pop()


def _texts_of(found: Match, name: str) -> Iterator[str]:
    index = next((i for i, c in found.fields.items() if c.field == name), None)
    if index is None:
        return
    for row in found.sheet.rows:
        if row.number > found.header.row and index < len(row.cells):
            yield text_of(row.cells[index])


def _settle_year(
    settled: Settled,
    found: Match,
    submission: Submission,
    options: ReadOptions,
) -> None:
    written = submission.values.get("financial_year", "")
    start = parse_year_label(written)
    if written and start is None and not options.year:
        settled.problems.append(
            _meta_problem(
                submission,
                "financial_year",
                own_kinds.META_WRONG,
                allowed="Write it as 2018/19.",
            )
        )
    if options.year:
        told = parse_year_label(options.year)
        if told is None:
            raise UserError(
                f"{options.year!r} is not a financial year.",
                where="--year",
                mend="Write it as 2018/19.",
            )
        if start is not None and start != told:
            settled.problems.append(
                _meta_problem(
                    submission,
                    "financial_year",
                    own_kinds.META_OVERRULED,
                    told=options.year,
                )
            )
        start = told
    if start is None and not written:
        start = _first_year(settled, found)
    if start is not None:
        settled.year = FinancialYear(start, found.mapping.calendar).label


def _first_year(settled: Settled, found: Match) -> int | None:
    """The first year of the amounts that are the list's own (not audited or spent ones)."""
    years = [a.year for a in found.amounts if a.year is not None and a.phase == found.mapping.phase]
    if not years:
        settled.problems.append(own_kinds.YEAR_UNKNOWN.at(sheet=found.sheet.name))
        return None
    label = FinancialYear(min(years), found.mapping.calendar).label
    settled.problems.append(own_kinds.YEAR_FROM_COLUMNS.at(sheet=found.sheet.name, value=label))
    return min(years)


def _settle_stage(
    settled: Settled,
    found: Match,
    submission: Submission,
    options: ReadOptions,
) -> None:
    written = submission.values.get("stage", "")
    stage = _stage(written)
    if written and stage is None:
        settled.problems.append(
            _meta_problem(
                submission,
                "stage",
                own_kinds.META_WRONG,
                allowed="Write one of " + ", ".join(Stage) + ".",
            )
        )
    if options.stage:
        told = _stage(options.stage)
        if told is None:
            raise UserError(
                f"{options.stage!r} is not a stage.",
                where="--stage",
                mend="Use one of " + ", ".join(Stage) + ".",
            )
        if stage is not None and stage is not told:
            settled.problems.append(
                _meta_problem(submission, "stage", own_kinds.META_OVERRULED, told=told),
            )
        stage = told
    if stage is None:
        stage = found.mapping.stage
        if stage is not Stage.UNKNOWN:
            settled.problems.append(kinds.STAGE_ASSUMED.at(sheet=found.sheet.name, value=stage))
    settled.stage = stage


def _stage(text: str) -> Stage | None:
    if text in set(Stage):
        return Stage(text)
    return _STAGE_WORDS.get(fold(text))


def _settle_day(settled: Settled, found: Match, submission: Submission) -> None:
    """The day of publication: as written, or the one day all rows give where a column is for it."""
    if "published_on" in submission.values:
        parsed = parse_date(submission.cells["published_on"])
        settled.published_on = parsed.value
        problem = parsed.problem(
            submission.cells["published_on"],
            sheet=submission.sheet,
            row=submission.rows["published_on"],
            column="B",
            header="Published on",
        )
        if problem:
            settled.problems.append(problem)
        return
    index = next((i for i, c in found.fields.items() if c.submission == "published_on"), None)
    if index is None:
        return
    cells = {
        text_of(row.cells[index]): row.cells[index]
        for row in found.sheet.rows
        if row.number > found.header.row
        and index < len(row.cells)
        and not is_blank(row.cells[index])
    }
    if len(cells) == 1:
        settled.published_on = parse_date(next(iter(cells.values()))).value


def _meta_problem(
    submission: Submission,
    key: str,
    kind: own_kinds.ProblemKind,
    **words: object,
) -> Problem:
    return kind.at(
        sheet=submission.sheet,
        row=submission.rows[key],
        column="B",
        header=META[key][0],
        value=submission.values[key],
        **words,
    )
