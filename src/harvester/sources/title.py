"""What a file says of itself - title line, institution, year, stage - and what a person says.

A person's word (:class:`ReadOptions`) wins over the file's, and where the two differ, a problem
says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harvester.domain.documents import Stage
from harvester.domain.errors import UserError
from harvester.domain.periods import parse_year_label
from harvester.engine.schema import UNKNOWN
from harvester.rules import institutions
from harvester.sources import problem_kinds as kinds
from harvester.sources.values.amounts import text_of
from harvester.sources.values.dates import parse_date

if TYPE_CHECKING:
    import datetime as dt

    from harvester.sources.reading import Builder, ReadOptions
    from harvester.sources.tables.workbook import Sheet

TITLE_ROWS = 10
_TABLE = re.compile(r"\btable\s+(?P<table>sa\s?36|sc\s?36)\b", re.IGNORECASE)
_PUBLISHER = re.compile(
    r"^(?:(?P<province>[^:()]+):)?\s*(?P<name>[^()]*?)\s*\(\s*(?P<code>[A-Za-z]{2,3}\s?\d{0,3})\s*\)",
)
_CODE_FIRST = re.compile(r"^(?P<code>[A-Z]{2,3}\d{0,3})\s+(?P<name>[^-–:]+?)\s*[-–:]")
_FINALISED = re.compile(
    r"finali[sz]ed as at\s+(?P<date>[\d/.-]{8,10}|\d{1,2} \w+ \d{4})", re.IGNORECASE
)
_PERIOD = re.compile(
    r"period end(?:ing|ed)\s*:?\s*(?:\(\s*M\s?(?P<month>\d{1,2})\s*\))?\s*(?P<date>\d{1,2} \w+ \d{4}|[\d/.-]{8,10})",
    re.IGNORECASE,
)
_UNIT = re.compile(r"r(?:and)? ?(?:thousands?|'?000s?|millions?)", re.IGNORECASE)
"""A label of the unit; printed schedules have it below the heading."""
_STAGES = (
    (Stage.ADJUSTED, re.compile(r"\badjust(?:ed|ments?)\b(?! outcome)", re.IGNORECASE)),
    (Stage.TABLED, re.compile(r"\btabled\b", re.IGNORECASE)),
    (Stage.DRAFT, re.compile(r"\bdraft\b", re.IGNORECASE)),
    (Stage.ADOPTED, re.compile(r"\b(?:adopted|approved|final budget)\b", re.IGNORECASE)),
)
_CODE_SHAPE = re.compile(r"[A-Z]{3}|(?:EC|FS|GP|GT|KZN|LIM|MP|NC|NW|WC)\d{1,3}|DC\d{1,2}")
"""A sheet name that looks like a demarcation code; ``SA36`` does not."""


@dataclass(frozen=True)
class Title:
    """The title lines of a municipal table; an empty text or ``None`` where they do not say.

    ``as_at`` is the day the figures are of: finalised (SA36) or end of the period (SC36);
    ``month`` the month of the municipal year, 1 July to 12 June.
    """

    text: str = ""
    table: str = ""
    province: str = ""
    name: str = ""
    code: str = ""
    as_at: dt.date | None = None
    month: int | None = None
    unit: str = ""
    unit_row: int | None = None
    row: int | None = None

    @property
    def publisher(self) -> str:
        """The publisher as the title names it: ``Buffalo City (BUF)``."""
        return f"{self.name} ({self.code})" if self.name and self.code else self.name or self.code


def read_title(sheet: Sheet, before_row: int | None = None) -> Title:
    """The title lines above a table: the first rows up to the heading."""
    top = [
        (row.number, text_of(cell))
        for row in sheet.rows[:TITLE_ROWS]
        for cell in row.cells
        if isinstance(cell, str) and cell.strip()
    ]
    lines = [line for line in top if before_row is None or line[0] < before_row]
    unit_row, unit = next((line for line in top if _UNIT.fullmatch(line[1])), (None, ""))
    for number, text in lines:
        if found := _TABLE.search(text):
            table = found["table"].replace(" ", "").upper()
            return _parsed(text, table, number, unit, unit_row)
    return Title(text=lines[0][1] if lines else "", unit=unit, unit_row=unit_row)


def _parsed(text: str, table: str, row: int, unit: str, unit_row: int | None) -> Title:
    who = _PUBLISHER.match(text) or _CODE_FIRST.match(text)
    named = who.groupdict() if who else {}
    period, finalised = _PERIOD.search(text), _FINALISED.search(text)
    dated = period or finalised
    return Title(
        text=text, table=table, row=row, unit=unit, unit_row=unit_row,
        province=(named.get("province") or "").strip(), name=(named.get("name") or "").strip(),
        code=(named.get("code") or "").replace(" ", "").upper(),
        as_at=parse_date(dated["date"]).value if dated else None,
        month=int(period["month"]) if period and period["month"] else None,
    )  # fmt: skip


def settle_municipality(builder: Builder, title: Title, options: ReadOptions) -> None:
    """Set a sheet's institution from its title and name; say where they disagree."""
    book = institutions.load()
    builder.institution_text = title.publisher
    titled = _municipality(title.code, title.name, title.province)
    named = book.municipality(builder.sheet) if builder.sheet else None
    sheet_names_one = named is not None or _CODE_SHAPE.fullmatch(builder.sheet) is not None
    if title.publisher and titled is None:
        builder.problem(
            kinds.INSTITUTION_UNKNOWN.at(row=title.row, column="A", value=title.publisher),
        )
    elif titled and sheet_names_one and named != titled:
        builder.problem(
            kinds.INSTITUTION_DISAGREES.at(
                sheet=builder.sheet,
                row=title.row,
                column="A",
                value=title.publisher,
            )
        )
        titled = None
    elif not title.publisher and named:
        titled = named
        builder.institution_text = builder.sheet
    elif not title.publisher:
        builder.problem(kinds.INSTITUTION_NOT_STATED.at())
    settle_institution(builder, titled, options)


def _municipality(code: str, name: str, province: str) -> str | None:
    book = institutions.load()
    if code and book.get(code) is not None:
        return code
    return book.municipality(name, province) if name and not code else None


def settle_institution(builder: Builder, found: str | None, options: ReadOptions) -> None:
    """What a person named, else what was found, else ``unknown``; a note where both differ."""
    told = options.institution
    if told and found and told != found:
        builder.problem(kinds.INSTITUTION_FORCED.at(value=found, told=told))
    builder.institution = told or found or UNKNOWN


def settle_year(builder: Builder, found: int | None, options: ReadOptions) -> int | None:
    """Set the financial year (start) a person named, else the one found; returns it."""
    told = parse_year_label(options.year) if options.year else None
    if told is not None and found is not None and told != found:
        builder.problem(kinds.YEAR_DISAGREES.at(value=_label(found), told=_label(told)))
    start = found if told is None else told
    builder.financial_year = UNKNOWN if start is None else _label(start)
    if start is None:
        builder.problem(kinds.YEAR_NOT_STATED.at())
    return start


def settle_stage(builder: Builder, text: str, assumed: Stage, options: ReadOptions) -> None:
    """Set the stage a person named, else the one ``text`` says, else the assumed one, with a note."""
    if options.stage:
        builder.stage = Stage(options.stage)
        return
    said = next((stage for stage, words in _STAGES if words.search(text)), None)
    builder.stage = said or assumed
    if said is None and assumed is not Stage.UNKNOWN:
        builder.problem(kinds.STAGE_ASSUMED.at(value=str(assumed)))


def year_in_name(name: str) -> int | None:
    """Start year in a file's name: ``2019-20``, ``2018_19``, or ``2018-q2`` (the year's start)."""
    text = re.sub(r"(?<=\d)_(?=\d)", "-", name)
    labelled = parse_year_label(text)
    if labelled is not None:
        return labelled
    quarter = re.search(r"(?<!\d)((?:19|20)\d\d)[-_ ]?q[1-4]\b", text.lower())
    return int(quarter[1]) if quarter else None


def check_options(options: ReadOptions) -> None:
    """Raise ``UserError`` when a person named an institution, year or stage there is none of."""
    if options.institution and institutions.load().get(options.institution) is None:
        raise UserError(
            f"{options.institution!r} is no institution code we know.",
            where="--institution",
            mend="Use a code such as BUF, TSH, EC101, KZN-EDU, NT.",
        )
    if options.year and parse_year_label(options.year) is None:
        raise UserError(
            f"{options.year!r} is not a financial year.",
            where="--year",
            mend="Write 2018/19.",
        )
    stages = [str(stage) for stage in Stage]
    if options.stage and options.stage not in stages:
        raise UserError(
            f"{options.stage!r} is not a stage.",
            where="--stage",
            mend=f"Use one of {', '.join(stages)}.",
        )


def _label(start: int) -> str:
    return f"{start}/{(start + 1) % 100:02d}"
