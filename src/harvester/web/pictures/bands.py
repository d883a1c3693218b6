"""Values with their bands: a mark for the value, a shade for the band, a thin line for the bounds."""

from __future__ import annotations

from dataclasses import dataclass

from harvester.alignment.indicators import Scale

LABELS, SCALE, WIDTH, ROW = 212, 270, 630, 31


@dataclass(frozen=True)
class Band:
    """One value between 0 and 1 with its band, and words for the right-hand side."""

    label: str
    href: str
    value: float | None
    low: float | None
    high: float | None
    text: str
    note: str
    y: int
    x: float
    shade_x: float
    shade_width: float
    whisker_x: float
    whisker_width: float


@dataclass(frozen=True)
class Bands:
    """The picture."""

    rows: list[Band]

    width = WIDTH
    labels = LABELS
    scale = SCALE

    @property
    def height(self) -> int:
        """Height for all rows."""
        return ROW * len(self.rows) + 8

    @property
    def figures(self) -> int:
        """Where the figures are written."""
        return LABELS + SCALE + 12


def percent(value: float | None) -> str:
    """``61 %``; ``unknown`` for none."""
    return "unknown" if value is None else f"{value * 100:.0f} %"


def draw(values: list[dict[str, object]]) -> Bands:
    """Rows of ``label, href, value, low, high, note`` as a picture; ``text`` in place of per cent,
    ``bound_low`` and ``bound_high`` where bounds are known (no end: as far as the picture goes)."""
    rows = []
    for n, row in enumerate(values):
        value, low, high = row["value"], row["low"], row["high"]
        left, right = _ends(low, high)
        least, most = _ends(row["bound_low"], row["bound_high"]) if _bounded(row) else (left, left)
        rows.append(
            Band(
                str(row["label"]),
                str(row["href"]),
                value,
                low,
                high,
                str(row.get("text") or percent(value)),
                str(row.get("note", "")),
                ROW * n,
                round(LABELS + SCALE * min(max(value or 0.0, 0.0), 1.0) - 1.5, 1),
                round(left, 1),
                round(max(right - left, 0.0), 1),
                round(least, 1),
                round(max(most - least, 0.0), 1),
            )
        )
    return Bands(rows)


def _ends(low: object, high: object) -> tuple[float, float]:
    """Where a band begins and ends on the scale; one without an end goes as far as it does."""
    ends = (low if isinstance(low, float) else 0.0, high if isinstance(high, float) else 1.0)
    return LABELS + SCALE * min(max(ends[0], 0.0), 1.0), LABELS + SCALE * min(
        max(ends[1], 0.0), 1.0
    )


def _bounded(row: dict[str, object]) -> bool:
    """Whether bounds are told: harvests of earlier versions have none."""
    return row.get("bound_low") is not None


@dataclass(frozen=True)
class TrendPoint:
    """One year of a trend."""

    x: float
    y: float | None
    top: float
    height: float
    whisker_top: float
    whisker_height: float
    label: str
    text: str


@dataclass(frozen=True)
class Trend:
    """Values by year with bands: bars of shade, a line through what is known."""

    points: list[TrendPoint]
    line: str
    top: str
    middle: str
    bottom: str

    width, height, left, base = 620, 190, 40, 160


def trend(values: list[dict[str, object]], scale: Scale = Scale.SHARE) -> Trend | None:
    """Rows of ``year, value, low, high`` in order; ``None`` when there are none.

    A share is drawn from 0 to 1; another scale from 0 to the greatest figure shown.
    """
    if not values:
        return None
    top = 1.0 if scale is Scale.SHARE else _greatest(values)
    step = (620 - 56) / len(values)
    points = [_trend_point(row, 46 + step * (n + 0.5), top, scale) for n, row in enumerate(values)]
    known = [f"{p.x},{p.y}" for p in points if p.y is not None]
    line = " ".join(known) if len(known) > 1 else ""
    return Trend(points, line, scale.say(top), scale.say(top / 2), scale.say(0.0))


def _greatest(values: list[dict[str, object]]) -> float:
    told = [
        row[name] for row in values for name in ("value", "high", "bound_high")
        if row.get(name) is not None
    ]  # fmt: skip
    return max((float(str(figure)) for figure in told), default=0.0) or 1.0


def _trend_point(row: dict[str, object], x: float, most: float, scale: Scale) -> TrendPoint:
    def y(figure: float) -> float:
        return round(160 - 140 * min(max(figure / most, 0.0), 1.0), 1)

    value, low, high = row["value"], row["low"], row["high"]
    top = y(high if high is not None else most)
    bottom = y(low if low is not None else 0.0)
    whisker = (0.0, 0.0)
    if _bounded(row):
        whisker = (
            y(row["bound_high"] if row["bound_high"] is not None else most),
            y(row["bound_low"]),
        )
    return TrendPoint(
        round(x, 1),
        None if value is None else y(value),
        top,
        round(bottom - top, 1),
        whisker[0],
        round(whisker[1] - whisker[0], 1),
        str(row["year"]),
        scale.say(value),
    )
