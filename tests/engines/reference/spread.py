"""Money by paper, phase and municipal year, and which paper of several may be added up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.engines.reference.papers import first_month_of_year, month_of, season_of

if TYPE_CHECKING:
    from tests.engines.reference.papers import Row, Tables

STAGES = ("audited", "in_year", "adjusted", "adopted", "tabled")


def spread(tables: Tables) -> dict[tuple[str, str, str, bool], int]:
    """Cents by (submission, phase, municipal year, latest), whatever the areas."""
    entries = {e["entry_id"]: e for e in tables["entries"]}
    said = [_said(line, entries.get(line["entry_id"])) for line in tables["lines"]]
    found: dict[tuple[str, str, str, bool], int] = {}
    for line in said:
        latest = line["paper"] is None or line["submission_id"] == _latest_paper(line, said)
        for year, cents in by_year(line).items():
            key = (line["submission_id"], line["phase"], year, latest)
            found[key] = found.get(key, 0) + cents
    return found


def _said(line: Row, entry: Row | None) -> Row:
    """A line with who speaks in it: the publisher, else the owner, else the paper alone."""
    if entry is None:
        return {**line, "paper": None}
    names = [n for n in (entry["institution"], entry["owner"]) if n != "unknown"]
    return {**line, "paper": entry, "speaker": names[0] if names else line["submission_id"]}


def _latest_paper(mine: Row, said: list[Row]) -> str:
    """The latest paper in which that publisher speaks of that year and phase."""
    rivals = [
        o for o in said
        if o["paper"] is not None and o["paper"]["document"] == mine["paper"]["document"]
        and all(o[k] == mine[k] for k in ("speaker", "calendar", "year", "phase"))
    ]  # fmt: skip
    return max(rivals, key=_how_late)["submission_id"]


def _how_late(line: Row) -> tuple[Any, ...]:
    paper = line["paper"]
    year, day, stage = paper["publication_year"], paper["published_on"], paper["stage"]
    return (
        year != "unknown", year, day is not None, day and day.toordinal(),
        -(STAGES.index(stage) if stage in STAGES else len(STAGES)), line["submission_id"],
    )  # fmt: skip


def by_year(line: Row) -> dict[str, int]:
    """An amount spread flat over its months, whole cents, the first months one cent more."""
    start, end = line["period_start"], line["period_end"]
    if start is not None and end is not None and start <= end:
        first, last = month_of(start), month_of(end)
    elif season_of(line["year"]) is not None:
        first = season_of(line["year"]) * 12 + first_month_of_year(line["calendar"])
        last = first + 11
    else:
        return {"unknown": line["amount_cents"]}
    months, size = last - first + 1, abs(line["amount_cents"])
    sign = -1 if line["amount_cents"] < 0 else 1
    found: dict[str, int] = {}
    for n in range(months):
        began = (first + n - 6) // 12
        label = f"{began}/{(began + 1) % 100:02d}"
        found[label] = found.get(label, 0) + sign * (size // months + (n < size % months))
    return found


__all__ = ["by_year", "spread"]
