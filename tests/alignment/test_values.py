"""From parts to values: one formula for every indicator."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.alignment.indicators import INDICATORS, Scale
from harvester.alignment.stage import measure
from harvester.alignment.values import sliced, summed, values, wider
from harvester.engine import schema
from harvester.engine.content import in_order
from harvester.engine.engine import Engine
from tests.alignment.country import country, load, rows_of


@pytest.fixture(scope="module")
def calculator():
    engine = Engine(memory="1GB", threads=1)
    yield engine
    engine.close()


def valued(engine: Engine, rows: pa.Table) -> pa.Table:
    engine.table(schema.INDICATOR_PARTS, rows)
    summed(engine)
    return values(engine)


def parts(text: str) -> pa.Table:
    rows = []
    for n, row in enumerate(rows_of(text)):
        share = None if row["share"] == "?" else float(row["share"])
        rows.append(
            {
                "indicator": "X",
                "metro": row["metro"],
                "sphere": row["sphere"],
                "year": "2019/20",
                "item": str(n),
                "province": row.get("province") or "EC",
                "owner": row.get("owner") or "BUF",
                "fund": row.get("fund") or "own",
                "amount_cents": int(row["amount"]),
                "by_chance": "chance" in row,
                "doubt": None if share is None else float(row.get("doubt") or 0),
                "share": share,
                "share_low": float(row.get("low") or (0 if share is None else share)),
                "share_high": float(row.get("high") or (1 if share is None else share)),
            }
        )
    return schema.INDICATOR_PARTS.from_rows(rows)


def test_value_weighs_by_amount_and_leaves_out_what_is_unknown(calculator):
    table = valued(
        calculator,
        parts("""
        metro | sphere     | amount | share
        BUF   | local      | 300    | 1
        BUF   | provincial | 100    | 0
        BUF   | local      | 100    | ?
        CPT   | local      | 500    | 0.5
    """),
    )
    found = {
        (r["metro"], r["sphere"]): (r["value"], r["bound_low"], r["bound_high"], r["items"])
        for r in table.to_pylist()
    }
    assert found == {
        ("BUF", "local"): (1.0, 0.75, 1.0, 2),
        ("BUF", "provincial"): (0.0, 0.0, 0.0, 1),
        ("BUF", "all"): (0.75, 0.6, 0.8, 3),
        ("CPT", "local"): (0.5, 0.5, 0.5, 1),
        ("CPT", "all"): (0.5, 0.5, 0.5, 1),
        ("all", "local"): (0.6875, 0.611111, 0.722222, 3),
        ("all", "provincial"): (0.0, 0.0, 0.0, 1),
        ("all", "all"): (0.611111, 0.55, 0.65, 4),
    }


def test_band_of_unknown_money_narrows_as_more_alike_is_known(calculator):
    def band(known: int) -> tuple[float, float]:
        text = "metro | sphere | amount | share\n"
        text += "BUF | local | 100 | 1\nBUF | local | 100 | 0\n" * (known // 2)
        text += "BUF | local | 50 | ?\n" * known
        row = valued(calculator, parts(text)).to_pylist()[0]
        assert row["value"] == 0.5
        assert (row["bound_low"], row["bound_high"]) == pytest.approx((1 / 3, 2 / 3), abs=1e-6)
        return row["low"], row["high"]

    few, many = band(4), band(400)
    assert few[0] < many[0] < 0.5 < many[1] < few[1]
    # What unknown money was measured to differ by stays, however much is known: a third of 0.05.
    assert many[1] - 0.5 > 1.645 * 0.05 / 3


def test_what_is_sure_stands_as_it_is_in_bounds_and_is_doubted_in_the_band(calculator):
    text = "metro | sphere | amount | share | low | high | doubt | chance\n"
    sure = text + "BUF | local | 100 | 1 | 0 | 1 | 0.005 | yes\n" * 50
    unsure = text + "BUF | local | 100 | 1 | 0 | 1 | 0.2 | yes\n" * 50
    row = valued(calculator, parts(sure)).to_pylist()[0]
    assert 0.85 < row["low"] < 1.0
    assert row["bound_low"] == row["low"]
    row = valued(calculator, parts(unsure)).to_pylist()[0]
    assert row["bound_low"] == 0.0
    assert 0.6 < row["low"] < 0.8


def test_an_amount_no_budget_holds_breaks_nothing(calculator):
    table = valued(
        calculator,
        parts("""
            metro | sphere | amount              | share | low | high | doubt | chance
            BUF   | local  | 4000000000000000000 | 0.5   | 0   | 1    | 0.1   | yes
            BUF   | local  | 4000000000000000000 | 0.5   | 0   | 1    | 0.1   | yes
        """),
    )
    row = next(r for r in table.to_pylist() if r["metro"] == "BUF")
    assert row["low"] <= row["value"] <= row["high"]


def test_numerator_denominator_and_unknown_add_up(calculator):
    row = valued(
        calculator,
        parts("""
        metro | sphere | amount | share
        BUF   | local  | 300    | 0.5
        BUF   | local  | 100    | ?
    """),
    ).to_pylist()[0]
    assert (row["numerator"], row["denominator"], row["unknown"]) == (150.0, 300.0, 100.0)


SLICED = """
    metro | sphere     | province | owner  | fund | amount | share
    BUF   | local      | EC       | BUF    | USDG | 300    | 1
    BUF   | provincial | EC       | EC-EDU | EIG  | 100    | 0
    NMA   | provincial | EC       | EC-EDU | EIG  | 100    | 1
    CPT   | all        | all      | all    | all  | 500    | 0.5
"""


def test_parts_are_cut_by_province_owner_and_fund_and_again_by_metro(calculator):
    calculator.table(schema.INDICATOR_PARTS, parts(SLICED))
    summed(calculator)
    rows = wider(calculator).to_pylist()
    assert {(r["dimension"], r["code"], r["metro"]): r["value"] for r in rows} == {
        ("province", "EC", "all"): 0.8,
        ("owner", "BUF", "all"): 1.0,
        ("owner", "BUF", "BUF"): 1.0,
        ("owner", "EC-EDU", "all"): 0.5,
        ("owner", "EC-EDU", "BUF"): 0.0,
        ("owner", "EC-EDU", "NMA"): 1.0,
        ("fund", "USDG", "all"): 1.0,
        ("fund", "USDG", "BUF"): 1.0,
        ("fund", "EIG", "all"): 0.5,
        ("fund", "EIG", "BUF"): 0.0,
        ("fund", "EIG", "NMA"): 1.0,
    }


def test_any_dimensions_can_be_asked_for_and_what_stands_for_several_is_cut_by_none(calculator):
    calculator.table(schema.INDICATOR_PARTS, parts(SLICED))
    summed(calculator)
    rows = sliced(calculator, [("owner", "fund"), ()]).to_pylist()
    found = {(r["owner"], r["fund"]): (r["value"], r["metro"]) for r in rows}
    assert found == {
        ("BUF", "USDG"): (1.0, "all"),
        ("EC-EDU", "EIG"): (0.5, "all"),
        ("all", "all"): (0.65, "all"),
    }


def test_a_value_per_person_is_money_per_head_there_over_money_per_head_elsewhere(calculator):
    """30 of 100 rand for the 60 % of people who live there: 0.5 a head there, 1.75 elsewhere."""
    table = parts("""
        metro | sphere | amount | share | low | high
        BUF   | local  | 40     | 0.5   | 0.5 | 0.5
        BUF   | local  | 60     | ?     | 0   | 1
        BUF   | local  | 60     | 0.166667 | 0.166667 | 0.166667
    """)
    told = table.set_column(
        table.schema.get_field_index("people"), "people", pa.array([0.6] * 3, pa.float64())
    )
    row = valued(calculator, schema.INDICATOR_PARTS.conform(told)).to_pylist()[0]
    assert row["value"] == pytest.approx((30 / 60) / (70 / 40), abs=1e-5)
    assert row["bound_low"] <= row["low"] < row["value"] < row["high"] <= row["bound_high"]
    assert (row["bound_low"], row["bound_high"]) == pytest.approx(
        ((30 / 60) / (130 / 40), (90 / 60) / (70 / 40)), abs=1e-4
    )


def test_chance_widens_the_band_of_few_doubtful_parts_more_than_that_of_many(calculator):
    def band(n: int) -> float:
        text = "metro | sphere | amount | share | low | doubt | chance\n"
        text += "BUF | local | 100 | 1 | 0 | 0.1 | yes\n" * n
        row = valued(calculator, parts(text)).to_pylist()[0]
        assert row["value"] == 1.0
        return 1.0 - row["low"]

    for n in (4, 400):
        # What few known parts do not tell, two imagined ones do: half a part at either end.
        variance = (n + 0.5) / (n + 1) - ((n + 0.5) / (n + 1)) ** 2
        reach = 1.645 * (0.09 / n + 0.1 * variance / n) ** 0.5 + 0.5 / n
        assert band(n) == pytest.approx(0.1 + reach, abs=1e-6)


part = st.tuples(
    st.integers(1, 10**13),
    st.one_of(st.none(), st.floats(0, 1)),
    st.floats(0, 1),
    st.floats(0, 1),
    st.sampled_from((0.0, 0.005, 0.08, 0.1, 0.5)),
)


def _table(drawn) -> pa.Table:
    rows = []
    for n, (amount, share, a, b, doubt) in enumerate(drawn):
        low, high = sorted((a, b)) if share is None else (min(a, share), max(b, share))
        rows.append(
            {
                "indicator": "X",
                "metro": "BUF",
                "sphere": "local",
                "year": "2019/20",
                "item": str(n),
                "amount_cents": amount,
                "by_chance": n % 2 == 0,
                "doubt": None if share is None else round(doubt, 6),
                "share": None if share is None else round(share, 6),
                "share_low": round(low, 6),
                "share_high": round(high, 6),
            }
        )
    return schema.INDICATOR_PARTS.from_rows(rows)


@settings(max_examples=60, deadline=None)
@given(drawn=st.lists(part, min_size=1, max_size=12))
def test_value_lies_within_its_band(calculator, drawn):
    for row in valued(calculator, _table(drawn)).to_pylist():
        assert 0 <= row["bound_low"] <= row["low"] <= row["high"] <= row["bound_high"] <= 1
        assert row["value"] is None or row["low"] <= row["value"] <= row["high"]


@settings(max_examples=40, deadline=None)
@given(drawn=st.lists(part, min_size=1, max_size=8), more=st.integers(1, 10**13))
def test_more_unknown_never_changes_the_value_and_never_narrows_a_band(calculator, drawn, more):
    before = valued(calculator, _table(drawn)).to_pylist()[0]
    after = valued(calculator, _table([*drawn, (more, None, 0.0, 1.0, 0.0)])).to_pylist()[0]
    assert after["value"] == before["value"]
    assert after["unknown"] == before["unknown"] + more
    for end in ("low", "bound_low"):
        assert after[end] <= before[end] + 1e-6
    for end in ("high", "bound_high"):
        assert after[end] >= before[end] - 1e-6


def test_same_tables_give_the_same_measures(calculator):
    def found_in(tables: dict[str, pa.Table]) -> dict[str, pa.Table]:
        made = measure(calculator, load(calculator, tables))._asdict()
        return {
            name: in_order(getattr(schema, name.upper()), calculator.arrow(table))
            for name, table in made.items()
        }

    tables = country("""
        document | project | p   | 2019
        pipeline | a       | 0.7 | 10
        idp      | a       | 0.7 | 7
        idp      | b       | 1   | 33
        budget   | b       | 0.9 | 3
    """)
    first = found_in(tables)
    shuffled = {
        n: t.take(pa.array(range(t.num_rows - 1, -1, -1), pa.int64())) for n, t in tables.items()
    }
    again = found_in(shuffled)
    assert all(again[name].equals(rows) for name, rows in first.items())


def test_keys_are_unique(calculator):
    tables = country("""
        document | project | 2019
        pipeline | a       | 10
        idp      | a       | 10
        budget   | a       | 10
    """)
    for table, rows in zip(
        (
            schema.INDICATOR_PARTS,
            schema.INDICATORS,
            schema.INDICATOR_SLICES,
            schema.TARGETS,
            schema.TARGET_WORKS,
        ),
        measure(calculator, load(calculator, tables)),
        strict=True,
    ):
        keys = list(
            zip(*(calculator.arrow(rows).column(k).to_pylist() for k in table.key), strict=True)
        )
        assert len(keys) == len(set(keys))


@pytest.mark.parametrize("indicator", INDICATORS, ids=lambda i: i.id)
def test_every_indicator_says_what_it_is(indicator):
    for word in (
        indicator.name,
        indicator.question,
        indicator.formula,
        indicator.unit,
        indicator.reading,
        indicator.source,
    ):
        assert word.strip() == word
        assert word
    assert "÷" in indicator.formula
    assert indicator.question.endswith("?")


def test_ids_are_unique_and_families_stand_first():
    ids = [i.id for i in INDICATORS]
    assert len(ids) == len(set(ids))
    assert {
        "V1",
        "V2",
        "V2.idp",
        "V2.budget",
        "V2.in_year",
        "V4",
        "V4.reverse",
        "S1",
        "T1",
        "B1",
        "P1",
        "Q1",
    } <= set(ids)
    assert {i.family for i in INDICATORS} <= set(ids)


@pytest.mark.parametrize(
    ("scale", "value", "words"),
    [
        (Scale.SHARE, 0.614, "61 %"),
        (Scale.RATIO, 0.4285, "0.43 times"),
        (Scale.MONTHS, 7.5, "7.5 months"),
        (Scale.RATIO, None, "unknown"),
    ],
)
def test_a_value_is_said_in_its_own_scale(scale, value, words):
    assert scale.say(value) == words
