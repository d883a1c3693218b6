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

MISSED, WRONG, OPEN = 0.1, 0.005, 0.08
"""Chances that an answer is not as stated (``rules/data/bands.yaml``)."""
RECOUNTED, SURE, APART, IMAGINED, LUMPED, REACH = 0.1, 0.1, 0.05, 0.5, 0.25, 1.645
HEAVIEST = 10**15

Part = tuple[str, str, str, str, int, float | None, float, float, float]
"""Metro, sphere, year, item, cents, share, least share, most share, doubt."""

Figure = tuple[float | None, float, float, float, float, int, int]
"""Value, band, bounds, cents known, cents unknown."""


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
        doubt = max(1 - s["sure"], WRONG) if s["present"] else max(s["almost"], MISSED)
        item = f"{s['undertaking']}:{s['target']}"
        parts.append(_exactly(s, item, s["due"], share, 0.0, 1.0, doubt))
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
            doubt = OPEN if share is not None and high > share else 0.0
            parts.append(_exactly(entry, entry["id"], due, share, met / due, high, doubt))
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
        doubt = max(said[3] for said in answers.values())
        found["Q1"].append(_exactly(e, e["id"], e["amount_cents"], *mean, doubt))
    return found


Answer = tuple[float, float, float, float]
"""Share, least, most, doubt."""


def _located(_: Papers, __: Ladder, e: Row) -> Answer | None:
    if e["place_class"] == "administrative":
        return None
    said = float(e["place_class"] == "located")
    return said, said, said, 0.0


def _linked(papers: Papers, ladder: Ladder, e: Row) -> Answer | None:
    if e["undertaking"] is None:
        return None
    mates = {
        (o["document"], o["institution"])
        for o in papers.entries.values()
        if o["undertaking"] == e["undertaking"]
    }
    if len(mates) > 1:
        return 1.0, 0.0, 1.0, max(1 - e["probability"], WRONG)
    unseen = [p for (u, _), p in ladder.almost.items() if u == e["undertaking"]]
    return 0.0, 0.0, 1.0, max([*unseen, MISSED])


def _dated(papers: Papers, _: Ladder, e: Row) -> Answer:
    lines = papers.lines_of(e["id"])
    whole = sum(abs(line["cents"]) for line in lines)
    dated = sum(abs(line["cents"]) for line in lines if line["first"] is not None)
    said = dated / whole if whole else 0.0
    return said, said, said, 0.0


def _owned(_: Papers, __: Ladder, e: Row) -> Answer:
    said = float(e["owner"] != "unknown")
    return said, said, said, 0.0


ANSWERS = {"located": _located, "linked": _linked, "dated": _dated, "owned": _owned}


def _part(e: Row, item: str, cents: int, share: float | None, low: float, high: float) -> Part:
    """A part whose band is the value itself where it is known."""
    if share is not None:
        low = high = share
    return _exactly(e, item, cents, share, low, high)


def _exactly(
    e: Row, item: str, cents: int, share: float | None, low: float, high: float, doubt: float = 0.0
) -> Part:
    if share is not None:
        low, high = min(low, share), max(high, share)
    return (e["metro"], e["sphere"], e["year"], item, cents, share, low, high, round(doubt, 6))


def figures(parts: list[Part], *, by_chance: bool) -> dict[tuple[str, str, str], Figure]:
    """By metro, sphere and year, and over all (see ``docs/explanation/bands.md``).

    ``by_chance``: a part that is not as stated turns whole, and bounds take one that is sure enough
    as it stands.
    """
    slices: dict[tuple[str, str, str], list[Part]] = {}
    for part in parts:
        for metro in (part[0], "all"):
            for sphere in (part[1], "all"):
                slices.setdefault((metro, sphere, part[2]), []).append(part)
    return {key: _figure(held, by_chance=by_chance) for key, held in slices.items()}


def _figure(parts: list[Part], *, by_chance: bool) -> Figure:
    known, unknown = ([p for p in parts if (p[5] is None) is lacking] for lacking in (False, True))
    of_known, of_unknown = (sum(p[4] for p in some) for some in (known, unknown))
    least, most = (
        _mean([(p[4], p[5] if by_chance and p[5] is not None and p[8] <= SURE else p[n])
               for p in parts], of_known + of_unknown)
        for n in (6, 7)
    )  # fmt: skip
    if not of_known:
        return None, least, most, least, most, of_known, of_unknown
    value = _mean([(p[4], p[5]) for p in known], of_known)
    pool, variance, alike = _like_the_known(known, value)
    gap, beside = of_unknown / (of_known + of_unknown), of_unknown / of_known
    lumps = LUMPED * (beside / (1 + beside) ** 2 if beside <= 1 else 0.25)
    heaviest = max((_weight(p) for p in unknown), default=0)
    of_gap = gap**2 * (APART**2 + variance / alike) + heaviest / of_known * lumps * variance
    doubtful = sum(_weight(p) ** 2 for p in known if p[8] > 0)
    ends = []
    for side, bound in ((-1, least), (1, most)):
        sizes = [(p[4], p[5] - p[6] if side < 0 else p[7] - p[5], p[8]) for p in known]
        of_doubts = (
            sum(min(a, HEAVIEST) ** 2 * q * (1 - q) * size * size for a, size, q in sizes)
            + RECOUNTED * variance * doubtful
        ) / of_known**2
        shift = sum(a * q * size for a, size, q in sizes)
        if by_chance:
            shift += max((a * size for a, size, q in sizes if q >= SURE), default=0) / 2
        pull = gap * max(0.0, side * (pool - value))
        wide = pull + REACH * math.sqrt(of_doubts + of_gap)
        within = side * (bound - value) + REACH * math.sqrt(of_doubts)
        ends.append(max(0.0, min(wide, within) + shift / of_known))
    low, high = max(0.0, value - ends[0]), min(1.0, value + ends[1])
    return value, low, high, min(least, low), max(most, high), of_known, of_unknown


def _like_the_known(known: list[Part], value: float) -> tuple[float, float, float]:
    """Mean and variance of a part like the known and two imagined ones, and how many parts of
    one weight the known are worth."""
    weight = sum(p[4] for p in known)
    alike = weight**2 / sum(_weight(p) ** 2 for p in known)
    square = _mean([(p[4], p[5] ** 2) for p in known], weight)
    told = alike + 2 * IMAGINED
    pool = (alike * value + IMAGINED) / told
    return pool, max(0.0, (alike * square + IMAGINED) / told - pool**2), alike


def _weight(part: Part) -> int:
    """What a part weighs in what chance can do: one beyond all budgets is a slip of the key."""
    return min(part[4], HEAVIEST)


def _mean(weighed: list[tuple[int, Any]], total: int) -> Any:
    if not total:
        return None
    return float(
        sum(cents * Fraction(round(share * 1_000_000), 1_000_000) for cents, share in weighed)
        / total
    )
