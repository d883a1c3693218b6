"""Both engines against plain Python on random tiny countries (see :mod:`tests.engines.reference`)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from harvester.alignment.facts import Facts
from harvester.alignment.stage import measure
from harvester.engine import schema
from harvester.space.stage import spatial_budget
from harvester.wheat import thresholds
from harvester.wheat.stage import detect
from tests.engines.reference import countries
from tests.engines.reference.finds import Finds
from tests.engines.reference.ladder import Ladder
from tests.engines.reference.measure import b1, figures, q1, v1, v2
from tests.engines.reference.papers import Papers
from tests.engines.reference.spread import spread

if TYPE_CHECKING:
    from tests.engines.reference.papers import Tables

TO_SIX_DECIMALS = 1.5e-6
OF_A_ROOT = 1e-5
"""Ends of bands rest on roots of sums of shares that were kept to six decimals."""
BY_CHANCE = {"V2", "Q1", "Q1.linked", "Q1.located", "Q1.dated", "Q1.owned"}
DETECTORS = ("W01", "W02", "W03", "W07")
quietly = {
    "deadline": None, "derandomize": True, "database": None,
    "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
}  # fmt: skip


def near(value: float | None, within: float = TO_SIX_DECIMALS) -> Any:
    """A share kept to six decimals."""
    return None if value is None else pytest.approx(value, abs=within)


def found_by(engine: Any, country: Tables) -> dict[str, Any]:
    """What an engine makes of a country: parts, figures, findings, and money by year."""
    needed = {**countries.NEEDED, "places": schema.PLACES, "areas": schema.AREAS}
    held = {
        name: engine.table(table, table.from_rows(country.get(name, [])))
        for name, table in needed.items()
    }
    with Facts(engine, held) as facts:
        parts, indicators, *_ = measure(engine, held, facts)
        findings, _ = detect(engine, held, dt.date(2020, 6, 30), facts)
    budget = spatial_budget(
        engine, *(held[name] for name in ("entries", "lines", "places", "areas"))
    )
    rows = {
        name: engine.arrow(table).to_pylist()
        for name, table in (
            ("parts", parts), ("figures", indicators), ("findings", findings), ("budget", budget)
        )
    }  # fmt: skip
    engine.drop(*engine.held())
    return rows


pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")


def agree(rows: dict[str, Any], country: Tables) -> None:
    """Hold what an engine made against what plain Python says."""
    papers = Papers(country)
    ladder = Ladder(papers)
    wanted = {"V1": v1(papers), "V2": v2(ladder), "B1": b1(papers), **q1(papers, ladder)}
    for name, parts in wanted.items():
        columns = (
            "metro",
            "sphere",
            "year",
            "item",
            "amount_cents",
            "share",
            "share_low",
            "share_high",
            "doubt",
        )
        found = [tuple(r[c] for c in columns) for r in rows["parts"] if r["indicator"] == name]
        said = [
            (*p[:5], *(near(x) for x in p[5:8]), near(None if p[5] is None else p[8]))
            for p in sorted(parts, key=lambda p: p[:4])
        ]
        assert sorted(found, key=lambda p: p[:4]) == said, name
        sums = {
            (r["metro"], r["sphere"], r["year"]):
                (r["value"], r["low"], r["high"], r["bound_low"], r["bound_high"], r["denominator"], r["unknown"])
            for r in rows["figures"] if r["indicator"] == name
        }  # fmt: skip
        assert sums == {
            key: (near(said[0]), *(near(x, OF_A_ROOT) for x in said[1:5]), *map(float, said[5:]))
            for key, said in figures(parts, by_chance=name in BY_CHANCE).items()
        }, name
    limits = thresholds.load()
    finds = Finds(ladder, limits.numbers, limits.lists["W03.left_out_asset_classes"]).all()
    assert {
        r["finding_id"]: (r["rand_cents"], r["confidence"])
        for r in rows["findings"] if r["detector"] in DETECTORS
    } == {key: (rand, near(sure)) for key, (rand, sure) in finds.items()}  # fmt: skip
    money: dict[tuple[Any, ...], int] = {}
    for r in rows["budget"]:
        key = tuple(r[c] for c in ("submission_id", "phase", "year", "latest"))
        money[key] = money.get(key, 0) + r["amount_cents"]
    assert money == spread(country)


@pytest.mark.slow
@settings(max_examples=40, **quietly)
@given(country=countries.countries())
def test_duckdb_agrees_with_plain_python(duckdb, country) -> None:
    agree(found_by(duckdb, country), country)


@pytest.mark.slow
@pytest.mark.spark
@settings(max_examples=1, phases=[Phase.generate], **quietly)
@given(country=countries.countries(least=7).filter(lambda c: len(c["lines"]) > 9))
def test_spark_agrees_with_plain_python(spark, country) -> None:
    agree(found_by(spark, country), country)
