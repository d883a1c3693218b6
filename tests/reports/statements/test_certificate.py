"""Certificates and the benchmark say the same, in words and in tables."""

from __future__ import annotations

import openpyxl
import pytest

from harvester.domain.errors import UserError
from harvester.engine import schema
from harvester.engine.engine import Engine
from harvester.reports.statements import scopes
from harvester.reports.statements.benchmark import benchmark
from harvester.reports.statements.certificate import WITHHELD, certificates
from harvester.reports.statements.files import write_workbook
from tests.reports.statements.conftest import Held

ALL = ("V1", "V2", "V3", "V4", "H1", "S1", "T1", "B1", "P1", "Q1")


def value(
    metro: str, indicator: str, share: float | None, width: float = 0.0, year: str = "2018/19"
) -> dict[str, object]:
    band = (
        {"low": None, "high": None}
        if share is None
        else {
            "low": max(share - width, 0.0),
            "high": share + width if share > 1 else min(share + width, 1.0),
        }
    )
    return {"indicator": indicator, "metro": metro, "sphere": "all", "year": year, "value": share, **band,
            "numerator": 0.0, "denominator": 1.0, "unknown": 0.0, "items": 1}  # fmt: skip


@pytest.fixture
def told():
    """Three metros: one good, one middling with wide bands, one of which little is known."""
    rows = [value("BUF", one, 0.9) for one in ALL] + [value("ETH", one, 0.6, 0.3) for one in ALL]
    rows += [value("CPT", "P1", 1.0), value("CPT", "Q1", 1.0), value("CPT", "V1", None)]
    rows += [
        value("ETH", "V2", 0.4, year="2017/18"),
        value("EC101", "V2", 1.0),
        value("all", "V2", 0.5),
    ]
    owned = [
        {k: v for k, v in value("all", one, 0.7).items() if k != "sphere"}
        | {"dimension": "owner", "code": "KZN-EDU"}
        for one in ALL
    ]
    engine = Engine()
    engine.load("indicators", schema.INDICATORS.from_rows(rows))
    engine.load("indicator_slices", schema.INDICATOR_SLICES.from_rows(owned))
    yield Held(engine)
    engine.close()


def only(statement, name):
    return statement.table(name).rows


def test_a_certificate_says_score_band_known_grade_and_rank(told):
    (made,) = certificates(told, scopes.METRO, "ETH")

    assert made.year == "2018/19", "the year most is known of"
    assert made.finding.startswith(
        "eThekwini, 2018/19: 60 of 100, nine times in ten between 50 and 70, with 78 % of the weight known"
    )
    assert "grade C (partly aligned), the band reaching from D to B; rank 2 of 2" in made.finding
    assert made.verdict == "C"
    assert made.law[0].verified is False
    assert sum(row["weight"] for row in only(made, "indicators")) == 100
    assert sum(row["gives"] or 0 for row in only(made, "indicators")) == pytest.approx(0.6)


def test_unknown_is_told_and_withholds_the_grade(told):
    (made,) = certificates(told, scopes.METRO, "CPT", "2018/19")

    assert made.verdict == WITHHELD
    assert "no grade, for that needs 50 %" in made.finding
    assert only(made, "score")[0]["grade"] == WITHHELD
    assert only(made, "score")[0]["rank"] is None
    assert any(text.startswith("V1 Outcome coverage: unknown, 5 of 100") for text in made.missing)
    assert only(made, "sensitivity") == []


def test_sensitivity_names_both_neighbouring_grades(told):
    (made,) = certificates(told, scopes.METRO, "ETH")

    ways = {row["grade"]: row for row in only(made, "sensitivity")}
    assert set(ways) == {"B", "D"}
    assert ways["B"]["how"] == "No weights could: nothing known is that high."


def test_a_certificate_of_an_institution(told):
    (made,) = certificates(told, scopes.INSTITUTION, "KZN-EDU")

    assert (made.verdict, only(made, "score")[0]["of"]) == ("B", 1)


def test_nothing_known_of_a_scope_is_an_answer_a_person_can_use(told):
    with pytest.raises(UserError, match="measures nothing"):
        certificates(told, scopes.METRO, "TSH")
    with pytest.raises(UserError, match="kind of scope"):
        certificates(told, "galaxy")


def test_a_year_nobody_knows_is_unknown_and_not_bad(told):
    (made,) = certificates(told, scopes.METRO, "BUF", "2030/31")

    assert made.verdict == WITHHELD
    assert "nothing is known" in made.finding


def test_the_benchmark_sets_metros_side_by_side(told):
    made = benchmark(told)

    assert [row["code"] for row in only(made, "scores")] == ["BUF", "ETH", "CPT"]
    assert made.verdict == "BUF"
    assert "Buffalo City stands first of 2 metros with 90 of 100" in made.finding
    row = next(r for r in only(made, "side_by_side") if r["indicator"] == "V2")
    assert (row["BUF"], row["ETH"], row["CPT"], row["count"]) == (0.9, 0.6, None, 2)
    assert row["spread"] == pytest.approx(0.3)
    assert row["median"] == pytest.approx(0.75)
    assert "EC101" not in row, "a local municipality is no metro"
    assert any("only 8 %" in text for text in made.missing)


def test_ranks_of_each_indicator_say_how_sure_they_are(told):
    rows = {(r["indicator"], r["code"]): r for r in only(benchmark(told), "values")}

    first, second = rows["V2", "BUF"], rows["V2", "ETH"]
    assert (first["rank"], second["rank"], rows["V2", "CPT"]["rank"]) == (1, 2, None)
    assert first["sure"] == pytest.approx(0.95, abs=0.01), "0.6 ± 0.3 passes 0.9 once in twenty"


def test_the_trend_tells_the_change(told):
    row = next(
        r for r in only(benchmark(told), "trend") if (r["indicator"], r["code"]) == ("V2", "ETH")
    )

    assert (row["2017/18"], row["2018/19"]) == (0.4, 0.6)
    assert row["change"] == pytest.approx(0.2)


def test_a_ratio_above_parity_counts_as_parity(told):
    told.engine.load("indicators", schema.INDICATORS.from_rows([value("BUF", "V2", 1.7, 0.9)]))

    (made,) = certificates(told, scopes.METRO, "BUF")

    row = next(r for r in only(made, "indicators") if r["indicator"] == "V2")
    assert (row["value"], row["low"], row["high"]) == (1.0, pytest.approx(0.8), 1.0)


def test_a_metro_is_asked_of_what_stands_behind_targets_in_it(told):
    told.engine.load(
        "indicators",
        schema.INDICATORS.from_rows([value("BUF", "V5", 0.1), value("BUF", "V5.metro", 0.8)]),
    )

    (made,) = certificates(told, scopes.METRO, "BUF")

    rows = {row["indicator"]: row for row in only(made, "indicators")}
    assert rows["V5.metro"]["value"] == 0.8
    assert rows["V5.metro"]["why"]
    assert "V5" not in rows
    assert sum(row["weight"] for row in rows.values()) == 100


def test_months_and_ratios_keep_their_scale_and_less_may_be_better(told, tmp_path):
    rows = [
        value("BUF", "T1.inversion", 3.5),
        value("ETH", "T1.inversion", 12.0),
        value("BUF", "S2", 0.4),
        value("ETH", "S2", 2.5),
    ]
    told.engine.load("indicators", schema.INDICATORS.from_rows(rows))

    made = benchmark(told)

    ranks = {(r["indicator"], r["code"]): r["rank"] for r in only(made, "values")}
    assert (ranks["T1.inversion", "BUF"], ranks["T1.inversion", "ETH"]) == (1, 2), (
        "fewer months are better"
    )
    assert (ranks["S2", "ETH"], ranks["S2", "BUF"]) == (1, 2)
    row = next(r for r in only(made, "side_by_side") if r["indicator"] == "T1.inversion")
    assert (row["BUF"], row["scale"], row["better"]) == (3.5, "months", "less")
    write_workbook([made], tmp_path / "b.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "b.xlsx")["Side by side"]
    cells = {row[0].value: row[4] for row in sheet.iter_rows(min_row=2)}
    assert "%" not in cells["T1.inversion"].number_format
    assert "%" in cells["V2"].number_format or cells["V2"].value is None


def test_an_empty_harvest_is_said(told):
    engine = Engine()
    engine.load("indicators", schema.INDICATORS.empty())
    engine.load("indicator_slices", schema.INDICATOR_SLICES.empty())

    assert "No metro is measured" in benchmark(Held(engine)).finding
    assert certificates(Held(engine), scopes.PROVINCE) == []
    engine.close()
