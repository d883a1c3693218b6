"""Benchmarks: the metros side by side on every indicator, with spread, trend and sureness of rank."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

from harvester.alignment import certificate as weighing
from harvester.reports import words
from harvester.reports.statements import scopes as standing
from harvester.reports.statements.certificate import (
    SCORE_COLUMNS,
    SCORE_NOTE,
    WITHHELD,
    drawn_in_words,
    hundredths,
)
from harvester.reports.statements.source import harvest_words
from harvester.reports.statements.statement import Column, Law, Row, Statement, Table
from harvester.rules import certificate as rules

if TYPE_CHECKING:
    from harvester.alignment.indicators import Indicator
    from harvester.reports.statements.scopes import Scopes
    from harvester.reports.statements.source import Source
    from harvester.rules.certificate import CertificatePolicy

KIND = "benchmark"


def benchmark(source: Source, year: str = "", kind: str = standing.METRO) -> Statement:
    """Everyone of a kind beside each other; ``verdict`` is the code that ranks first, or empty."""
    found = standing.scopes(source, kind)
    chosen = year or found.latest()
    policy = rules.load()
    scores = _scores(found, chosen, policy)
    ranked = [row for row in scores.rows if row["rank"] is not None]
    return Statement(
        kind=KIND,
        title=f"Benchmark: {kind}s side by side",
        metro="",
        year=chosen,
        finding=_finding(ranked, chosen, kind, len(found.rows)),
        verdict=ranked[0]["code"] if ranked else "",
        law=[Law(policy.head.reference, "Weights are policy and may be changed.", verified=False)],
        used=["Every indicator with its band and bounds; ranks by the value.", drawn_in_words(policy)],
        missing=[
            f"{words.institution(row['code'])}: only {words.percent(row['known'])} of the weight is "
            "known; not ranked."
            for row in scores.rows
            if row["rank"] is None
        ],
        tables=[
            scores,
            _side_by_side(found, chosen),
            _values(found, chosen, policy),
            _trend(found),
        ],
        harvest=harvest_words(source),
    )  # fmt: skip


def _finding(ranked: list[Row], year: str, kind: str, count: int) -> str:
    if not count:
        return f"No {kind} is measured in this harvest"
    if not ranked:
        return f"{year}: of none of {words.counted(count, kind)} is enough known to rank"
    first, last = ranked[0], ranked[-1]
    told = (
        f"{year}: {first['name']} stands first of {words.counted(len(ranked), kind)} with "
        f"{hundredths(first['score'])} of 100"
    )
    if first["rank_high"] > 1:
        told += f" (rank {first['rank_low']} to {first['rank_high']} in nine draws of ten)"
    if len(ranked) > 1:
        told += f"; {last['name']} last with {hundredths(last['score'])}"
    return told


_IN_WHAT = (Column("scale", "In"), Column("better", "Better is"))


def _in_what(indicator: Indicator) -> Row:
    """The scale an indicator is in, and which way is better."""
    return {
        "scale": str(indicator.scale),
        "better": "more" if indicator.higher_is_better else "less",
    }


def _scores(found: Scopes, year: str, policy: CertificatePolicy) -> Table:
    told = {code: found.measured(code, year) for code in found.rows}
    scores = {code: weighing.score(measured) for code, measured in told.items()}
    enough = {c: m for c, m in told.items() if not weighing.withheld(scores[c], policy)}
    places = weighing.ranks(enough, policy.draws, policy.seed)
    rows = []
    for code, score in scores.items():
        place = places.get(code)
        grade = weighing.grade_of(score.value, policy.grades) if place else None
        rows.append({
            "code": code, "name": words.institution(code), "score": score.value, "low": score.low,
            "high": score.high, "bound_low": score.bound_low, "bound_high": score.bound_high,
            "known": score.known, "grade": grade.grade if grade else WITHHELD,
            "rank": place.rank if place else None, "of": len(places) if place else None,
            "sure": place.sure if place else None, "rank_low": place.low if place else None,
            "rank_high": place.high if place else None,
        })  # fmt: skip
    rows.sort(key=lambda row: (row["rank"] is None, row["rank"], row["name"]))
    return Table(
        "scores", "Score, grade and rank",
        (Column("name", "Who"), Column("code", "Code"), *SCORE_COLUMNS), rows, note=SCORE_NOTE,
    )  # fmt: skip


def _side_by_side(found: Scopes, year: str) -> Table:
    """A row for each indicator, a column for each scope, and the spread over those known."""
    rows = []
    for indicator in standing.DECLARED.values():
        values = {code: found.row(code, indicator.id, year)["value"] for code in found.rows}
        known = sorted(value for value in values.values() if value is not None)
        rows.append({
            "indicator": indicator.id, "name": indicator.name, **_in_what(indicator), **values,
            "least": known[0] if known else None,
            "median": statistics.median(known) if known else None,
            "most": known[-1] if known else None,
            "spread": known[-1] - known[0] if len(known) > 1 else None, "count": len(known),
        })  # fmt: skip
    return Table(
        "side_by_side", "Every indicator side by side",
        (
            Column("indicator", "Indicator"), Column("name", "Name"), *_IN_WHAT,
            *(Column(code, words.institution(code), "measure") for code in found.rows),
            Column("least", "Least", "measure"), Column("median", "Median", "measure"),
            Column("most", "Most", "measure"), Column("spread", "Spread", "measure"),
            Column("count", "Known of", "whole"),
        ),
        rows, note="Spread is the most less the least of those known.",
    )  # fmt: skip


def _values(found: Scopes, year: str, policy: CertificatePolicy) -> Table:
    """Each indicator of each scope with its band, rank and how sure that is."""
    rows = []
    for indicator in standing.DECLARED.values():
        told = {code: found.row(code, indicator.id, year) for code in found.rows}
        measured = {code: [found.ranked(code, indicator.id, year)] for code in found.rows}
        places = weighing.ranks(measured, policy.draws, policy.seed)
        for code, row in told.items():
            place = places.get(code)
            rows.append({
                "indicator": indicator.id, "label": indicator.name, "code": code,
                "name": words.institution(code), **_in_what(indicator), **row,
                "rank": place.rank if place else None, "of": len(places) if place else None,
                "sure": place.sure if place else None, "rank_low": place.low if place else None,
                "rank_high": place.high if place else None,
            })  # fmt: skip
    return Table(
        "values", "Every indicator with its band and rank",
        (
            Column("indicator", "Indicator"), Column("label", "What it is"), Column("name", "Who"),
            Column("code", "Code"), *_IN_WHAT, Column("value", "Value", "measure"),
            Column("low", "Nine times in ten, from", "measure"), Column("high", "to", "measure"),
            Column("bound_low", "Could lie anywhere from", "measure"),
            Column("bound_high", "to", "measure"),
            Column("rank", "Rank", "whole"), Column("of", "Of", "whole"),
            Column("sure", "Chance of that rank", "share"),
            Column("rank_low", "Best rank in nine draws of ten", "whole"),
            Column("rank_high", "Worst", "whole"),
        ),
        rows, note="Rank 1 is best; equal values share a rank.",
    )  # fmt: skip


def _trend(found: Scopes) -> Table:
    """Each indicator of each scope by year, and the change from the first known to the last."""
    years = found.years
    rows = []
    for indicator in standing.DECLARED.values():
        for code in found.rows:
            values = {year: found.row(code, indicator.id, year)["value"] for year in years}
            known = [value for value in values.values() if value is not None]
            if known:
                change = known[-1] - known[0] if len(known) > 1 else None
                rows.append({
                    "indicator": indicator.id, "label": indicator.name, "code": code,
                    "name": words.institution(code), **_in_what(indicator), **values,
                    "change": change,
                })  # fmt: skip
    return Table(
        "trend", "Year by year",
        (
            Column("indicator", "Indicator"), Column("label", "What it is"), Column("name", "Who"),
            Column("code", "Code"), *_IN_WHAT, *(Column(year, year, "measure") for year in years),
            Column("change", "First to last known", "measure"),
        ),
        rows, note="What is not known is unknown, and no step in either direction.",
    )  # fmt: skip
