"""The certificate: a score over what is known, and exactly how far the weights are from another grade."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from harvester.alignment.certificate import (
    Measured,
    grade_of,
    grade_turns,
    movement,
    rank_turn,
    ranks,
    score,
    withheld,
)
from harvester.alignment.indicators import INDICATORS
from harvester.domain.errors import ConfigurationError
from harvester.rules import certificate as policy

GRADES = policy.load().grades


def known(
    indicator: str, weight: int, value: float, low: float | None = None, high: float | None = None
) -> Measured:
    return Measured(
        indicator, weight, value, value if low is None else low, value if high is None else high
    )


def unknown(indicator: str, weight: int) -> Measured:
    return Measured(indicator, weight, None, None, None)


HAND = [
    known("V2", 40, 0.9, 0.8, 1.0),
    known("S1", 20, 0.3, 0.1, 0.5),
    unknown("H1", 30),
    known("P1", 10, 1.0),
]


def test_a_hand_case():
    found = score(HAND)

    # (40 × 0.9 + 20 × 0.3 + 10 × 1) ÷ 70
    assert found.value == pytest.approx(52 / 70)
    # 40 × 0.1 and 20 × 0.2 add as squares in the band, and as they are in the bounds.
    assert found.low == pytest.approx((52 - 32**0.5) / 70)
    assert found.high == pytest.approx((52 + 32**0.5) / 70)
    assert (found.bound_low, found.bound_high) == pytest.approx((44 / 70, 60 / 70))
    assert found.known == pytest.approx(0.7)
    assert grade_of(found.value, GRADES).grade == "B"


def test_unknown_is_left_out_and_never_counts_as_bad():
    without = [one for one in HAND if one.known]

    assert score(HAND).value == score(without).value
    assert score([unknown("V2", 100)]).value is None
    assert grade_of(None, GRADES) is None


def test_a_grade_is_withheld_where_too_little_is_known():
    assert withheld(score([known("V2", 49, 1.0), unknown("S1", 51)]), policy.load())
    assert not withheld(score([known("V2", 50, 1.0), unknown("S1", 50)]), policy.load())


def test_the_hand_movement():
    # From 0.5 to 0.65 by moving weight from 0.2 to 0.8: each hundredth moved gains 0.006.
    told = [("low", 50, Fraction(2, 10)), ("high", 50, Fraction(8, 10))]

    move = movement(told, Fraction(65, 100), up=True)

    assert move.moved == pytest.approx(0.25)
    assert move.each == pytest.approx(0.25), "two weights: what one loses the other gains"
    assert (move.away, move.toward) == ((("low", pytest.approx(0.25)),), "high")


def test_weight_leaves_the_lowest_first_and_what_no_weights_can_do_is_none():
    told = [("a", 10, Fraction(0)), ("b", 40, Fraction(1, 2)), ("c", 50, Fraction(3, 5))]

    move = movement(told, Fraction(57, 100), up=True)

    # 0.5 now; all of a's tenth gains 0.06, and a tenth of b's gains 0.01.
    assert dict(move.away) == {"a": pytest.approx(0.1), "b": pytest.approx(0.1)}
    assert movement(told, Fraction(61, 100), up=True) is None
    assert movement(told, Fraction(0), up=False) is None, "never below nothing"


def test_turns_name_the_next_grades():
    turns = {turn.to: turn for turn in grade_turns(HAND, GRADES)}

    assert set(turns) == {"A", "C"}
    assert turns["A"].better
    assert turns["A"].move.toward == "P1"
    assert turns["C"].move.toward == "S1"


weights = st.lists(st.integers(1, 40), min_size=2, max_size=7)
shares = st.integers(0, 1_000_000).map(lambda n: n / 1_000_000)


@st.composite
def scopes(draw):
    told = draw(weights)
    return [known(f"I{n}", weight, draw(shares)) for n, weight in enumerate(told)]


def mean(measured, moved):
    """The exact mean with weights changed by ``moved`` (shares of the whole)."""
    whole = sum(one.weight for one in measured)
    return sum(
        (Fraction(one.weight, whole) + moved.get(one.indicator, 0))
        * Fraction(round(one.value * 10**6), 10**6)
        for one in measured
    )


def applied(turn, factor):
    """The change of weights of a turn, ``factor`` times as far."""
    moved = {name: -Fraction(part) * factor for name, part in turn.move.away}
    moved[turn.move.toward] = (
        moved.get(turn.move.toward, Fraction(0))
        + sum(Fraction(part) for _, part in turn.move.away) * factor
    )
    return moved


@given(scopes())
def test_moving_the_weights_by_the_stated_amount_changes_the_grade_and_by_less_does_not(measured):
    now = grade_of(score(measured).value, GRADES)
    for turn in grade_turns(measured, GRADES):
        if turn.move is None:
            continue
        # A billionth further, for the fractions were written as floats.
        after = mean(measured, applied(turn, 1 + Fraction(1, 10**9))) + (
            Fraction(1, 10**12) if turn.better else -Fraction(1, 10**12)
        )
        before = mean(measured, applied(turn, 1 - Fraction(1, 10**6)))
        limit = next(g.least for g in GRADES if g.grade == (turn.to if turn.better else now.grade))
        assert (after * 100 >= limit) if turn.better else (after * 100 < limit)
        if turn.move.moved > 1e-6:
            assert (before * 100 < limit) == turn.better


@given(scopes(), st.data())
def test_no_other_movement_of_less_weight_changes_the_grade(measured, data):
    for turn in grade_turns(measured, GRADES):
        reach = (
            Fraction(1)
            if turn.move is None
            else Fraction(turn.move.moved) * Fraction(999_999, 10**6)
        )
        whole = sum(one.weight for one in measured)
        have = {one.indicator: Fraction(one.weight, whole) for one in measured}
        moved: dict[str, Fraction] = dict.fromkeys(have, Fraction(0))
        left = reach
        for _ in range(4):
            source, target = (
                data.draw(st.sampled_from(sorted(have))),
                data.draw(st.sampled_from(sorted(have))),
            )
            part = (
                min(left, have[source] + min(moved[source], Fraction(0)))
                * data.draw(st.integers(0, 100))
                / 100
            )
            part = max(part, Fraction(0))
            moved[source] -= part
            moved[target] += part
            left -= part
        assume(all(have[name] + change >= 0 for name, change in moved.items()))
        got = mean(measured, moved) * 100
        now = next(g for g in GRADES if mean(measured, {}) * 100 >= g.least)
        limit = next(g.least for g in GRADES if g.grade == (turn.to if turn.better else now.grade))
        assert (got < limit) if turn.better else (got >= limit)


@given(scopes())
def test_the_weight_that_moves_most_moves_no_less_than_stated(measured):
    for turn in grade_turns(measured, GRADES):
        if turn.move is None:
            continue
        assert turn.move.each <= turn.move.moved + 1e-12
        # Spread over n weights, a sum of moves of `moved` one way needs at least that over n - 1 each.
        assert turn.move.each * (len(measured) - 1) >= turn.move.moved * (1 - 1e-9)


def test_a_rank_turns_where_two_draw_level():
    mine = [known("V2", 50, 0.8), known("S1", 50, 0.4)]
    other = [known("V2", 50, 0.4), known("S1", 50, 0.6)]

    move = rank_turn(mine, other)

    # 0.4 w − 0.2 (1 − w) = 0 at w = 1/3.
    assert move.moved == pytest.approx(0.5 - 1 / 3)
    assert move.toward == "S1"
    assert rank_turn(mine, [known("V2", 50, 0.1), known("S1", 50, 0.1)]) is None, (
        "better on everything"
    )
    assert rank_turn(mine, [unknown("V2", 50), known("H1", 50, 1.0)]) is None, "nothing in common"


def test_chances_of_a_rank_follow_the_bands():
    sure = {"A": [known("V2", 10, 0.8)], "B": [known("V2", 10, 0.5)], "C": [unknown("V2", 10)]}
    found = ranks(sure, 2000, 1)
    assert set(found) == {"A", "B"}
    assert (found["A"].rank, found["A"].sure, found["B"].chances) == (1, 1.0, (0.0, 1.0))

    wide = {"A": [known("V2", 10, 0.5, 0.0, 1.0)], "B": [known("V2", 10, 0.5, 0.0, 1.0)]}
    even = ranks(wide, 10_000, 1)
    assert even["A"].rank == even["B"].rank == 1
    assert even["A"].chances[0] == pytest.approx(0.5, abs=0.02)
    assert (even["A"].low, even["A"].high) == (1, 2)


@pytest.mark.parametrize(("other", "first"), [(0.4, 0.95), (0.5, 0.5), (0.9, 0.05)])
def test_a_band_holds_nine_draws_of_ten(other, first):
    """One draw in twenty falls below the band and one above it; the value has half on either side."""
    found = ranks({"A": [known("V2", 1, 0.5, 0.4, 0.9)], "B": [known("V2", 1, other)]}, 20_000, 3)

    assert found["A"].chances[0] == pytest.approx(first, abs=0.01)


def test_no_draw_lies_beyond_the_bounds():
    bounded = Measured("V2", 1, 0.5, 0.4, 0.6, 0.39, 0.61)
    found = ranks({"A": [bounded], "B": [known("V2", 1, 0.385)]}, 20_000, 3)

    assert found["A"].sure == 1.0


def test_chances_are_the_same_every_time_and_whoever_else_stands_there():
    told = {code: [known("V2", 10, v, v - 0.1, v + 0.1)] for code, v in (("A", 0.5), ("B", 0.55))}

    first, again = ranks(told, 500, 9), ranks(dict(reversed(told.items())), 500, 9)
    assert first == again
    beside = ranks({**told, "Z": [known("V2", 10, 0.0)]}, 500, 9)
    assert beside["A"].chances[:2] == first["A"].chances


def test_the_policy_is_whole_and_says_it_is_no_law():
    told = policy.load()

    assert sum(one.weight for one in told.weights) == 100
    assert told.head.verified is False
    assert "no law" in told.head.reference
    families = {one.family for one in INDICATORS}
    assert families <= {one.indicator for one in told.weights}, "an indicator without a weight"
    assert all(one.why for one in told.weights)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("weight: 15", "weight: 16"),
        ("indicator: V2", "indicator: V1"),
        ("least: 0,", "least: 5,"),
        ("weight: 5,", "weight: -5,"),
    ],
)
def test_a_policy_that_does_not_add_up_is_refused(tmp_path, old, new):
    path = tmp_path / "certificate.yaml"
    path.write_text(policy.FILE.read_text("utf-8").replace(old, new, 1), "utf-8")

    with pytest.raises(ConfigurationError):
        policy.load(path)


def test_the_least_known_share_is_in_the_policy():
    assert 0 < policy.load().least_known_percent <= 100
    assert math.isclose(score(HAND).known * 100, 70)
