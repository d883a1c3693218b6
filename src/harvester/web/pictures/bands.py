"""Values with their bands: a line for the value, a shade for what it could be."""

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
    """Rows of ``label, href, value, low, high, note`` as a picture; ``text`` in place of per cent."""
    rows = []
    for n, row in enumerate(values):
        value, low, high = row["value"], row["low"], row["high"]
        left = LABELS + SCALE * min(max(low if low is not None else 0.0, 0.0), 1.0)
        right = LABELS + SCALE * min(max(high if high is not None else 1.0, 0.0), 1.0)
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
            )
        )
    return Bands(rows)


@dataclass(frozen=True)
class TrendPoint:
    """One year of a trend."""

    x: float
    y: float | None
    top: float
    height: float
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
    told = [row[name] for row in values for name in ("value", "high") if row[name] is not None]
    return max((float(str(figure)) for figure in told), default=0.0) or 1.0


def _trend_point(row: dict[str, object], x: float, most: float, scale: Scale) -> TrendPoint:
    def y(figure: float) -> float:
        return round(160 - 140 * min(max(figure / most, 0.0), 1.0), 1)

    value, low, high = row["value"], row["low"], row["high"]
    top = y(high if high is not None else most)
    bottom = y(low if low is not None else 0.0)
    return TrendPoint(
        round(x, 1),
        None if value is None else y(value),
        top,
        round(bottom - top, 1),
        str(row["year"]),
        scale.say(value),
    )
