"""The landing ladder: what each document says of one undertaking, month by month, on one axis.

Every document (and what its money is: budget, adjusted, spent) is a row. A bar stands on the
months its money is for, and its height is rand a month, so its area is the money. National years
are ruled from the top in April, municipal ones from the bottom in July.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any

from harvester.domain.documents import (
    LANDING_LADDER,
    OTHER_SPHERE_DOCUMENTS,
    Document,
    Phase,
    Sphere,
)
from harvester.domain.money import format_rand_short
from harvester.web import labels

if TYPE_CHECKING:
    import datetime as dt

WIDTH, LABELS, RIGHT = 1110, 236, 1104
TOP, ROW, BAR = 26, 46, 32
LEAST_BAR, WRITTEN = 3, 46
MOST_YEARS, MOST_ROWS = 14, 24
YEAR_LABEL = 132
ORDER = [*LANDING_LADDER, *OTHER_SPHERE_DOCUMENTS, Document.ALLOCATIONS]
PHASE_ORDER = [
    Phase.PLANNED,
    Phase.GAZETTED,
    Phase.BUDGET,
    Phase.ADJUSTED,
    Phase.FORECAST,
    Phase.ACTUAL,
    Phase.AUDITED,
    Phase.SPENT_BEFORE,
]


@dataclass(frozen=True)
class Bar:
    """Money on some months. Places in the units of the picture."""

    x: float
    y: float
    width: float
    height: float
    text: str
    written: bool
    title: str

    @property
    def text_x(self) -> float:
        """Where its figure begins."""
        return round(self.x + 4, 1)

    @property
    def text_y(self) -> float:
        """Its figure stands on the bar."""
        return round(self.y - 3, 1)


@dataclass(frozen=True)
class Mark:
    """A date a document names, on its row."""

    x: float
    y: float
    title: str
    finish: bool


@dataclass
class Rung:
    """One row."""

    label: str
    note: str
    sphere: str
    y: float
    bars: list[Bar] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)

    @property
    def label_y(self) -> float:
        """Where the label stands."""
        return self.y - 20

    @property
    def note_y(self) -> float:
        """Where the note stands."""
        return self.y - 5


@dataclass(frozen=True)
class Rule:
    """A line where a financial year begins."""

    x: float
    text: str
    national: bool

    @property
    def text_x(self) -> float:
        """Where its words begin."""
        return round(self.x + 4, 1)


@dataclass(frozen=True)
class Ladder:
    """The whole picture, for the template that writes it."""

    height: float
    rungs: list[Rung]
    rules: list[Rule]
    today: float | None
    today_text: str
    left_out: str

    width = WIDTH
    labels = LABELS
    right = RIGHT
    top = TOP

    @property
    def bottom(self) -> float:
        """Where the ruling ends."""
        return self.height - 41

    @property
    def foot(self) -> float:
        """Where the names of municipal years stand."""
        return self.height - 24

    @property
    def under(self) -> float:
        """Where the day of the harvest stands."""
        return self.height - 6


def _month(day: dt.date) -> int:
    return day.year * 12 + day.month - 1


def group_of(entry: dict[str, Any], line: dict[str, Any]) -> tuple[Any, ...]:
    """What makes a row: the document, its publisher, its year and stage, and what the money is."""
    order = {str(d): n for n, d in enumerate(ORDER)}
    phases = {str(p): n for n, p in enumerate(PHASE_ORDER)}
    return (
        order.get(entry["document"], len(order)),
        entry["document"],
        entry["institution"],
        entry["publication_year"],
        entry["stage"],
        phases.get(line["phase"], 99),
        line["phase"],
    )


def draw(
    entries: list[dict[str, Any]], lines: list[dict[str, Any]], as_at: dt.date | None
) -> Ladder | None:
    """The picture of some entries and their lines; ``None`` when no line has months."""
    by_id = {entry["entry_id"]: entry for entry in entries}
    dated = [line for line in lines if line["period_start"] and line["period_end"]]
    if not dated:
        return None
    first, last = _span(dated)
    shown = [
        x for x in dated if _month(x["period_start"]) < last and _month(x["period_end"]) >= first
    ]
    keyed = sorted(((group_of(by_id[x["entry_id"]], x), x) for x in shown), key=lambda p: p[0])
    rows = [(key, [x for _, x in pairs]) for key, pairs in groupby(keyed, key=lambda p: p[0])]
    axis = _Axis(first, last)
    tallest = max((_rate(x) for _, found in rows for x in _summed(found)), default=1.0) or 1.0
    rungs = [
        _rung(n=n, key=key, lines=found, by_id=by_id, axis=axis, tallest=tallest)
        for n, (key, found) in enumerate(rows[:MOST_ROWS])
    ]
    height = TOP + ROW * len(rungs) + 50
    today = axis.x(_month(as_at)) if as_at and first <= _month(as_at) < last else None
    return Ladder(
        height,
        rungs,
        _rules(axis),
        today,
        f"as at {as_at.day} {as_at:%b %Y}" if as_at else "",
        _left_out(len(lines) - len(shown), len(rows) - len(rungs)),
    )


def _left_out(lines: int, rows: int) -> str:
    told = []
    if lines:
        told.append(
            f"{lines} {'amount names' if lines == 1 else 'amounts name'} no months of the axis"
        )
    if rows:
        told.append(f"{rows} further rows are only in the table")
    return "; ".join(told)


def _span(dated: list[dict[str, Any]]) -> tuple[int, int]:
    """First month (an April) and the month after the last, at most fourteen years."""
    starts = sorted(_month(x["period_start"]) for x in dated)
    first, last = starts[0], max(_month(x["period_end"]) for x in dated) + 1
    if last - first > MOST_YEARS * 12:
        first = max(first, starts[len(starts) // 2] - MOST_YEARS * 6)
        last = min(last, first + MOST_YEARS * 12)
    first -= (first - 3) % 12
    return first, max(last + 1, first + 24)


@dataclass(frozen=True)
class _Axis:
    first: int
    last: int

    @property
    def month(self) -> float:
        """Width of a month."""
        return (RIGHT - LABELS) / (self.last - self.first)

    def x(self, month: int) -> float:
        """Where a month begins, kept on the axis."""
        kept = min(max(month, self.first), self.last)
        return round(LABELS + (kept - self.first) * self.month, 1)


def _summed(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Lines of one row with the same months, added up."""
    found: dict[tuple[dt.date, dt.date], int] = {}
    for line in lines:
        months = (line["period_start"], line["period_end"])
        found[months] = found.get(months, 0) + line["amount_cents"]
    return [
        {"period_start": start, "period_end": end, "amount_cents": cents}
        for (start, end), cents in sorted(found.items())
    ]


def _rate(line: dict[str, Any]) -> float:
    """Cents a month; a period that ends before it begins counts as one month."""
    months = _month(line["period_end"]) - _month(line["period_start"]) + 1
    return abs(line["amount_cents"]) / max(1, months)


def _rung(
    *,
    n: int,
    key: tuple[Any, ...],
    lines: list[dict[str, Any]],
    by_id: dict[str, dict[str, Any]],
    axis: _Axis,
    tallest: float,
) -> Rung:
    _, document, institution, year, stage, _, phase = key
    name = labels.document_short(document)
    year_told = f" {year}" if year and year != labels.UNKNOWN else ""
    said = labels.phase(phase) if phase != Phase.PLANNED else labels.stage(stage)
    total = sum(line["amount_cents"] for line in lines)
    mine = [by_id[i] for i in dict.fromkeys(line["entry_id"] for line in lines)]
    # A national workbook has no publisher of its own: the row's owner says whose it is.
    who = mine[0]["owner"] if institution == labels.UNKNOWN else institution
    publisher = labels.place_name(who) if labels.is_municipality(who) else who
    told = [format_rand_short(total), *(w for w in (said, publisher) if w != labels.UNKNOWN)]
    rung = Rung(
        f"{name}{year_told}"[:28],
        " · ".join(part for part in told if part)[:44],
        _sphere_of(mine, institution),
        TOP + ROW * (n + 1),
    )
    rung.bars = [_bar(line, rung.y, axis, tallest) for line in _summed(lines)]
    rung.marks = _marks(mine, axis, rung.y)
    return rung


def _sphere_of(entries: list[dict[str, Any]], institution: str) -> str:
    """Sphere of the publisher; of the owner where the publisher is not known."""
    sphere = labels.institution_sphere(institution)
    if sphere == labels.UNKNOWN:
        sphere = entries[0]["sphere"]
    return sphere if sphere in set(Sphere) else labels.UNKNOWN


def _bar(line: dict[str, Any], base: float, axis: _Axis, tallest: float) -> Bar:
    x, end = axis.x(_month(line["period_start"])) + 1, axis.x(_month(line["period_end"]) + 1) - 1
    height = round(max(LEAST_BAR, BAR * _rate(line) / tallest), 1) if line["amount_cents"] else 0.0
    text = format_rand_short(line["amount_cents"])
    start, stop = line["period_start"], line["period_end"]
    return Bar(
        x,
        round(base - height, 1),
        round(max(end - x, 1), 1),
        height,
        text,
        end - x >= WRITTEN,
        f"{text}, {start:%b %Y} to {stop:%b %Y}",
    )


def _marks(entries: list[dict[str, Any]], axis: _Axis, base: float) -> list[Mark]:
    found = {}
    for entry in entries:
        for name, finish in (("start_date", False), ("end_date", True)):
            day = entry[name]
            if day and axis.first <= _month(day) < axis.last:
                words = "completion" if finish else "start"
                mark = Mark(axis.x(_month(day)), base - 5, f"{words} {day.day} {day:%b %Y}", finish)
                found[mark.x, finish] = mark
    return [found[key] for key in sorted(found)]


def _rules(axis: _Axis) -> list[Rule]:
    rules = []
    every = max(1, round(YEAR_LABEL / (axis.month * 12) + 0.49))
    for month in range(axis.first, axis.last):
        year, of_year = divmod(month, 12)
        if of_year not in {3, 6}:
            continue
        national = of_year == 3
        years_in = (month - axis.first) // 12
        label = f"{year}/{(year + 1) % 100:02d}"
        room = RIGHT - axis.x(month) > YEAR_LABEL * 0.75
        words = f"{'national' if national else 'municipal'} {label}"
        rules.append(Rule(axis.x(month), words if years_in % every == 0 and room else "", national))
    return rules
