"""The certificate of alignment: one score out of the indicators, and how far it can be trusted.

The score is the weighted mean of the indicators that are known; one that is unknown is left out, and
how much of the weight is known always stands beside it. All of this is arithmetic on a few numbers,
done in exact fractions, so that the question "how much must the weights move for the grade to
change?" has one exact answer.
"""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from harvester.rules.certificate import CertificatePolicy, Grade

MILLION = 1_000_000
_HALVINGS = 80
_QUANTILES = (5, 95)
_OF_NINE_TENTHS = 1.645
"""Standard deviations to either side of a normal distribution's middle that hold nine tenths."""


@dataclass(frozen=True)
class Measured:
    """One indicator of one scope with its weight (hundredths); more is better in all its figures.

    ``low`` to ``high`` is its band, ``bound_low`` to ``bound_high`` its bounds. ``value`` is ``None`` where nothing is known.
    """

    indicator: str
    weight: int
    value: float | None
    low: float | None
    high: float | None
    bound_low: float | None = None
    bound_high: float | None = None

    @property
    def known(self) -> bool:
        """Whether it counts in the score."""
        return self.value is not None


@dataclass(frozen=True)
class Score:
    """Weighted mean over what is known (``None`` when nothing is), its band and bounds, and the
    share of weight known."""

    value: float | None
    low: float | None
    high: float | None
    known: float
    bound_low: float | None = None
    bound_high: float | None = None


@dataclass(frozen=True)
class Move:
    """The smallest change of weights that brings a weighted mean to a limit.

    ``moved`` is the share of the weight of the known indicators (0 to 1) taken from those in
    ``away`` (largest part first) and given to ``toward``: an L1 distance of twice ``moved``.
    ``each`` is the least that the weight that moves most must move, when all may (L-infinity).
    Any more turns the answer; any less does not.
    """

    moved: float
    each: float
    away: tuple[tuple[str, float], ...]
    toward: str


@dataclass(frozen=True)
class Turn:
    """What would turn a grade or a rank: to which one, and the smallest movement that does it;
    ``move`` is ``None`` when no weights could."""

    to: str
    better: bool
    move: Move | None


def score(measured: Sequence[Measured]) -> Score:
    """The score of one scope, with band, bounds and the share of weight known.

    The band takes the doubts of different indicators to be apart: reaches add as squares. The bounds
    take every indicator at its least, and at its most.
    """
    known = [one for one in measured if one.known]
    whole, told = sum(one.weight for one in measured), sum(one.weight for one in known)
    if not told:
        return Score(None, None, None, 0.0)
    value = float(sum(one.weight * _exact(one.value) for one in known) / told)
    down, up = (
        math.hypot(*(one.weight * float(_exact(one.value) - _exact(end(one))) for one in known))
        / told
        for end in (_low, _high)
    )
    least, most = (
        float(sum(one.weight * _exact(end) for one, end in zip(known, ends, strict=True)) / told)
        for ends in (
            [_low(one) if one.bound_low is None else one.bound_low for one in known],
            [_high(one) if one.bound_high is None else one.bound_high for one in known],
        )
    )
    low, high = max(0.0, value - down), min(1.0, value + up)
    return Score(value, low, high, told / whole, min(least, low), max(most, high))


def _low(one: Measured) -> float | None:
    return one.value if one.low is None else one.low


def _high(one: Measured) -> float | None:
    return one.value if one.high is None else one.high


def _exact(share: float | None) -> Fraction:
    """A share of six decimals as a fraction."""
    return Fraction(round((share or 0.0) * MILLION), MILLION)


def grade_of(value: float | None, grades: Sequence[Grade]) -> Grade | None:
    """The grade of a score, highest first; none for an unknown one."""
    if value is None:
        return None
    exact = _exact(value) * 100
    return next(grade for grade in grades if exact >= grade.least)


def withheld(found: Score, policy: CertificatePolicy) -> bool:
    """Whether too little of the weight is known to give a grade."""
    return found.known * 100 < policy.least_known_percent


def movement(
    values: Sequence[tuple[str, int, Fraction]], limit: Fraction, *, up: bool
) -> Move | None:
    """The smallest movement of weights that brings the weighted mean of ``values`` to ``limit``.

    ``values`` are ``(indicator, weight, value)``. Weights stay non-negative and keep their sum.
    ``None`` when every mean that weights can make stays on this side of the limit. Moving weight
    from where it gains most is best at every step, so taking it greedily is exact.
    """
    sign = 1 if up else -1
    whole = sum(weight for _, weight, _ in values)
    gains = sorted(
        ((sign * (value - limit), name, Fraction(weight, whole)) for name, weight, value in values),
    )
    lacking = -sum((gain * weight for gain, _, weight in gains), Fraction(0))
    best, toward, _ = gains[-1]
    # From above a limit is passed only by going below it; from below it is enough to reach it.
    if best < 0 or (best == 0 and not up):
        return None
    moved, away = Fraction(0), []
    for gain, name, weight in gains:
        if lacking <= 0 or gain >= best:
            break
        taken = min(weight, lacking / (best - gain))
        moved += taken
        lacking -= taken * (best - gain)
        away.append((name, float(taken)))
    away.sort(key=lambda part: -part[1])
    return Move(float(moved), _each([(g, w) for g, _, w in gains]), tuple(away), toward)


def _each(gains: Sequence[tuple[Fraction, Fraction]]) -> float:
    """The least ``e`` such that weights, none moving by more than ``e``, bring the sum to 0."""
    low, high = Fraction(0), Fraction(1)
    if _most(gains, low) >= 0:
        return 0.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if _most(gains, middle) >= 0 else (middle, high)
    return float(high)


def _most(gains: Sequence[tuple[Fraction, Fraction]], each: Fraction) -> Fraction:
    """The greatest weighted sum with no weight moved by more than ``each``; ``gains`` ascending."""
    total = sum((gain * weight for gain, weight in gains), Fraction(0))
    bottom, top = 0, len(gains) - 1
    out = min(gains[0][1], each)
    into = each
    while bottom < top:
        step = min(out, into)
        total += step * (gains[top][0] - gains[bottom][0])
        out, into = out - step, into - step
        if out == 0:
            bottom += 1
            out = min(gains[bottom][1], each)
        if into == 0:
            top -= 1
            into = each
    return total


def grade_turns(measured: Sequence[Measured], grades: Sequence[Grade]) -> list[Turn]:
    """What would raise the grade to the next better one, and what would lower it to the next worse."""
    known = [(one.indicator, one.weight, _exact(one.value)) for one in measured if one.known]
    if not known:
        return []
    whole = sum(weight for _, weight, _ in known)
    exact = sum((weight * value for _, weight, value in known), Fraction(0)) / whole
    at = next(n for n, grade in enumerate(grades) if exact * 100 >= grade.least)
    turns = []
    if at > 0:
        limit = Fraction(grades[at - 1].least, 100)
        turns.append(Turn(grades[at - 1].grade, better=True, move=movement(known, limit, up=True)))
    if at < len(grades) - 1:
        limit = Fraction(grades[at].least, 100)
        turns.append(
            Turn(grades[at + 1].grade, better=False, move=movement(known, limit, up=False))
        )
    return turns


def rank_turn(mine: Sequence[Measured], other: Sequence[Measured]) -> Move | None:
    """The smallest movement of weights at which ``other`` draws level with ``mine`` (or the reverse).

    Over the indicators that both know; ``None`` when no weights could, or they share none.
    """
    theirs = {one.indicator: one.value for one in other if one.known}
    both = [
        (one.indicator, one.weight, _exact(one.value) - _exact(theirs[one.indicator]))
        for one in mine
        if one.known and one.indicator in theirs
    ]
    if not both:
        return None
    ahead = sum((weight * gap for _, weight, gap in both), Fraction(0)) >= 0
    return movement(both, Fraction(0), up=not ahead)


@dataclass(frozen=True)
class Rank:
    """Where a scope stands: ``rank`` by its score (1 is best, equal scores share one); ``chances``
    of each rank from first to last; ``low`` to ``high`` the ranks of nine draws in ten."""

    rank: int
    chances: tuple[float, ...]
    low: int
    high: int

    @property
    def sure(self) -> float:
        """Chance of the rank shown."""
        return self.chances[self.rank - 1]


def ranks(scopes: Mapping[str, Sequence[Measured]], draws: int, seed: int) -> dict[str, Rank]:
    """Rank of each scope by its score, with the chance of every rank out of the bands.

    Each known indicator is drawn on its own from a bell about its value, to either side so wide that
    the band holds nine tenths; one scope's draws depend on its name and ``seed`` alone. Scopes of which nothing is
    known are left out.
    """
    known = {code: [m for m in told if m.known] for code, told in sorted(scopes.items())}
    known = {code: told for code, told in known.items() if told}
    if not known:
        return {}
    drawn = np.stack([_draw(code, told, draws, seed) for code, told in known.items()])
    placed = np.stack([1 + (drawn > mine).sum(axis=0) for mine in drawn])
    shown = np.array([round(score(told).value or 0.0, 9) for told in known.values()])
    found = {}
    for n, code in enumerate(known):
        chances = np.bincount(placed[n], minlength=len(known) + 1)[1:] / draws
        low, high = np.percentile(placed[n], _QUANTILES, method="nearest")
        rank = 1 + int((shown > shown[n]).sum())
        found[code] = Rank(rank, tuple(float(c) for c in chances), int(low), int(high))
    return found


def _draw(code: str, told: Sequence[Measured], draws: int, seed: int) -> NDArray[np.float64]:
    """Scores of one scope with every indicator drawn from its band."""
    generator = np.random.default_rng([seed, zlib.crc32(code.encode())])
    weights = np.array([one.weight for one in told], dtype=float)
    chance = generator.standard_normal((len(told), draws))
    values = np.stack([_bell(one, chance[n]) for n, one in enumerate(told)])
    return np.round(weights @ values / weights.sum(), 9)


def _bell(one: Measured, chance: NDArray[np.float64]) -> NDArray[np.float64]:
    """Draws about the value, each side as wide as the band has it, none beyond the bounds."""
    value = one.value or 0.0
    low = value if one.low is None else min(value, one.low)
    high = value if one.high is None else max(value, one.high)
    drawn = value + chance * np.where(chance < 0, value - low, high - value) / _OF_NINE_TENTHS
    least = -np.inf if one.bound_low is None else min(one.bound_low, low)
    most = np.inf if one.bound_high is None else max(one.bound_high, high)
    return np.clip(drawn, least, most)
