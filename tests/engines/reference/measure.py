"""V1, V2, B1 and Q1: parts of each indicator, and the figures they add up to."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tests.engines.reference.ladder import towards_zero
from tests.engines.reference.papers import grouped, month_of, season_of

if TYPE_CHECKING:
    from tests.engines.reference.ladder import Ladder
    from tests.engines.reference.papers import Papers, Row

OWN_LISTS = ("budget", "idp", "pipeline")
OTHERS_LISTS = (
    "provincial_projects",
    "national_projects",
    "agency_projects",
    "infrastructure_plan",
)

MISSED = 0.1
"""Chance that what seems absent was missed (``rules/data/bands.yaml``)."""

Part = tuple[str, str, str, str, int, float | None, float, float]
"""Metro, sphere, year, item, cents, share, least share, most share."""


def capital(papers: Papers) -> list[Row]:
    """Entries whose money is counted: one document of a metro and year, one list of an undertaking."""
    entries = list(papers.entries.values())
    own = [e for e in entries if e["document"] in OWN_LISTS and e["sphere"] in {"local", "unknown"}]
    found = []
    for group in grouped(own, "metro", "year").values():
        best = min(OWN_LISTS.index(e["document"]) for e in group)
        found += [e for e in group if OWN_LISTS.index(e["document"]) == best]
    others = [
        {**e, "who": e["undertaking"] or e["id"]} for e in entries if e["document"] in OTHERS_LISTS
    ]
    for group in grouped(others, "who", "year").values():
        first = min(group, key=_first_list)
        found += [
            e for e in group
            if (e["document"], e["submission"]) == (first["document"], first["submission"])
        ]  # fmt: skip
    return found


def _first_list(entry: Row) -> tuple[Any, ...]:
    published = entry["published"]
    latest = (1, 0) if published is None else (0, -published.toordinal())
    return (OTHERS_LISTS.index(entry["document"]), latest, entry["submission"])


def v1(papers: Papers) -> list[Part]:
    """Does the row name an outcome; nothing said where its paper has no column to name one in."""
    askable = {
        c["submission_id"]
        for c in papers.tables["columns"]
        if c["field"] in {"outcome_text", "iudf_text"}
    }
    parts = []
    for e in capital(papers):
        if e["amount_cents"] is None or e["amount_cents"] <= 0:
            continue
        share: float | None = 0.0
        if any(e[c] not in {"", "unknown"} for c in ("outcome_mtsf", "outcome_iudf")):
            share = 1.0
        elif e["outcome_text"].strip() or e["iudf_text"].strip() or e["submission"] not in askable:
            share = None
        parts.append(_part(e, e["id"], e["amount_cents"], share, 0.0, 1.0))
    return parts


def v2(ladder: Ladder) -> list[Part]:
    """Has it landed, each step of the ladder."""
    parts = []
    for s in ladder.steps():
        if s["due"] is None or s["due"] <= 0:
            continue
        share = None if s["landed"] is None else float(s["landed"])
        low = s["sure"] if s["landed"] else 0.0
        high = 1.0
        if s["landed"] is False:
            high = 0.0 if s["present"] else max(s["almost"], MISSED)
        parts.append(_exactly(s, f"{s['undertaking']}:{s['target']}", s["due"], share, low, high))
    return parts


def b1(papers: Papers) -> list[Part]:
    """Spending against what is due by the month the paper has reached."""
    rows = [r for e in papers.entries.values() for r in _spending(papers, e)]
    parts = []
    for group in grouped(rows, "paper", "of_year").values():
        spare = sum(max(r["spent"] or 0, 0) for r in group if r["due"] is None or r["due"] <= 0)
        owed = [r for r in group if r["due"] is not None and r["due"] > 0]
        short = sum(r["due"] - _met(r) for r in owed)
        for r in owed:
            met, due = _met(r), r["due"]
            share = None if r["spent"] is None else met / due
            high = 1.0
            if r["spent"] is not None and short:
                high = (met + (due - met) * min(1.0, spare / short)) / due
            entry = {**r["entry"], "year": r["of_year"]}
            parts.append(_exactly(entry, entry["id"], due, share, met / due, high))
    return parts


def _met(row: Row) -> int:
    return min(max(row["spent"] or 0, 0), row["due"])


def _spending(papers: Papers, entry: Row) -> list[Row]:
    """What an entry has budgeted and spent in each year its paper reports spending of."""
    lines = papers.tables["lines"]
    mates = {e["id"] for e in papers.entries.values() if e["submission"] == entry["submission"]}
    actual = [
        line for line in lines
        if line["entry_id"] in mates and line["phase"] == "actual" and line["year"] != "unknown"
    ]  # fmt: skip
    found = []
    for (year, calendar), reported in grouped(actual, "year", "calendar").items():
        mine = [
            line for line in lines
            if line["entry_id"] == entry["id"] and (line["year"], line["calendar"]) == (year, calendar)
        ]  # fmt: skip
        if not mine:
            continue
        ends = [month_of(line["period_end"]) for line in reported if line["period_end"]]
        start = season_of(year) * 12 + (3 if calendar == "national" else 6)
        months = min(12, max(1, max(ends) - start + 1)) if ends else 12
        budget = _sum(mine, "adjusted")
        if budget is None:
            budget = _sum(mine, "budget")
        found.append({
            "entry": entry, "paper": entry["submission"], "of_year": year,
            "spent": _sum(mine, "actual"),
            "due": None if budget is None else towards_zero(budget * months, 12),
        })  # fmt: skip
    return found


def _sum(lines: list[Row], phase: str) -> int | None:
    cents = [line["amount_cents"] for line in lines if line["phase"] == phase]
    return sum(cents) if cents else None


def q1(papers: Papers, ladder: Ladder) -> dict[str, list[Part]]:
    """Located, linked, dated, owned; and the mean of the answers that were asked for."""
    found: dict[str, list[Part]] = {"Q1": [], **{f"Q1.{n}": [] for n in ANSWERS}}
    for e in papers.entries.values():
        if e["amount_cents"] is None or e["amount_cents"] <= 0:
            continue
        if e["kind"] not in {"project", "programme"}:
            continue
        answers = {name: said for name, ask in ANSWERS.items() if (said := ask(papers, ladder, e))}
        for name, said in answers.items():
            found[f"Q1.{name}"].append(_exactly(e, e["id"], e["amount_cents"], *said))
        mean = [sum(said[i] for said in answers.values()) / len(answers) for i in range(3)]
        found["Q1"].append(_exactly(e, e["id"], e["amount_cents"], *mean))
    return found


def _located(_: Papers, __: Ladder, e: Row) -> tuple[float, float, float] | None:
    if e["place_class"] == "administrative":
        return None
    said = float(e["place_class"] == "located")
    return said, said, said


def _linked(papers: Papers, ladder: Ladder, e: Row) -> tuple[float, float, float] | None:
    if e["undertaking"] is None:
        return None
    mates = {
        (o["document"], o["institution"])
        for o in papers.entries.values()
        if o["undertaking"] == e["undertaking"]
    }
    if len(mates) > 1:
        return 1.0, e["probability"], 1.0
    unseen = [p for (u, _), p in ladder.almost.items() if u == e["undertaking"]]
    return 0.0, 0.0, max([*unseen, MISSED])


def _dated(papers: Papers, _: Ladder, e: Row) -> tuple[float, float, float]:
    lines = papers.lines_of(e["id"])
    whole = sum(abs(line["cents"]) for line in lines)
    dated = sum(abs(line["cents"]) for line in lines if line["first"] is not None)
    said = dated / whole if whole else 0.0
    return said, said, said


def _owned(_: Papers, __: Ladder, e: Row) -> tuple[float, float, float]:
    said = float(e["owner"] != "unknown")
    return said, said, said


ANSWERS = {"located": _located, "linked": _linked, "dated": _dated, "owned": _owned}


def _part(e: Row, item: str, cents: int, share: float | None, low: float, high: float) -> Part:
    """A part whose band is the value itself where it is known."""
    if share is not None:
        low = high = share
    return _exactly(e, item, cents, share, low, high)


def _exactly(e: Row, item: str, cents: int, share: float | None, low: float, high: float) -> Part:
    if share is not None:
        low, high = min(low, share), max(high, share)
    return (e["metro"], e["sphere"], e["year"], item, cents, share, low, high)


def figures(
    parts: list[Part], *, by_chance: bool
) -> dict[tuple[str, str, str], tuple[float | None, float, float, int, int]]:
    """By metro, sphere and year, and over all: value, least, most, cents known, cents unknown.

    ``by_chance``: least and most are chances that a part turns, and not the bounds of its share.
    """
    slices: dict[tuple[str, str, str], list[Part]] = {}
    for part in parts:
        for metro in (part[0], "all"):
            for sphere in (part[1], "all"):
                slices.setdefault((metro, sphere, part[2]), []).append(part)
    return {key: _figure(held, by_chance=by_chance) for key, held in slices.items()}


def _figure(parts: list[Part], *, by_chance: bool) -> tuple[float | None, float, float, int, int]:
    known = [p for p in parts if p[5] is not None]
    total, of_known = sum(p[4] for p in parts), sum(p[4] for p in known)
    value = _mean([(p[4], p[5]) for p in known], of_known)
    low, high = (_mean([(p[4], p[n]) for p in parts], total) for n in (6, 7))
    if by_chance and total:
        low -= _chance([(p[4], p[5] - p[6]) for p in known], total)
        high += _chance([(p[4], p[7] - p[5]) for p in known], total)
    if value is not None:
        low, high = min(low, value), max(high, value)
    return value, max(0.0, low), min(1.0, high), of_known, total - of_known


def _chance(weighed: list[tuple[int, float]], total: int) -> float:
    """How far chance reaches: 1.645 standard deviations of what the parts may lose, or gain."""
    variance = sum(
        cents**2 * round(max(0.0, part * (1 - part)) * 1_000_000) for cents, part in weighed
    )
    # Chance comes in whole parts: half of the heaviest that may well turn.
    step = max((cents for cents, part in weighed if round(part, 6) >= 0.1), default=0)
    return (1.645 * math.sqrt(variance / 1_000_000) + step / 2) / total


def _mean(weighed: list[tuple[int, Any]], total: int) -> Any:
    if not total:
        return None
    return float(
        sum(cents * Fraction(round(share * 1_000_000), 1_000_000) for cents, share in weighed)
        / total
    )
