"""Weights, grades and limits of the certificate of alignment: policy, as data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from harvester.rules import parameters

if TYPE_CHECKING:
    from pathlib import Path

FILE = parameters.DATA / "certificate.yaml"
WHOLE = 100


@dataclass(frozen=True)
class Weight:
    """What one indicator counts for, in hundredths, and why; ``of_metro`` is the one that asks the
    same of a metro (mostly itself)."""

    indicator: str
    of_metro: str
    weight: int
    why: str


@dataclass(frozen=True)
class Grade:
    """A grade given from a score of ``least`` hundredths."""

    grade: str
    least: int
    says: str


@dataclass(frozen=True)
class CertificatePolicy:
    """The whole file; grades from the highest down."""

    head: parameters.Head
    weights: tuple[Weight, ...]
    grades: tuple[Grade, ...]
    least_known_percent: int
    draws: int
    seed: int


@cache
def load(path: Path = FILE) -> CertificatePolicy:
    """Read the policy.

    Raises ``ConfigurationError`` when the file is broken: weights that are not positive or do not
    sum to 100, an indicator named twice, or grades that do not end at 0.
    """
    found = parameters.read(path)
    weights = tuple(
        Weight(
            item.text("indicator"),
            item.text("of_metro", item.text("indicator")),
            item.number("weight"),
            item.text("why"),
        )
        for item in found.items("weights")
    )
    grades = tuple(
        Grade(item.text("grade"), item.number("least"), item.text("says"))
        for item in found.items("grades")
    )
    if sum(one.weight for one in weights) != WHOLE or min(one.weight for one in weights) <= 0:
        raise parameters.broken(path, "weights", "must be positive and sum to 100")
    if len({one.indicator for one in weights}) != len(weights):
        raise parameters.broken(path, "weights", "name an indicator twice")
    leasts = [one.least for one in grades]
    if not leasts or leasts[-1] != 0 or leasts != sorted(set(leasts), reverse=True):
        raise parameters.broken(path, "grades", "must go down to 0")
    whole = found.whole()
    least, draws = whole.number("least_known_percent"), whole.number("draws")
    return CertificatePolicy(found.head, weights, grades, least, draws, whole.number("seed"))
