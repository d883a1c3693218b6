"""What a band must hold: how far a link and a point are trusted (``rules/data/bands.yaml``)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from harvester.rules import parameters

if TYPE_CHECKING:
    from pathlib import Path

FILE = parameters.DATA / "bands.yaml"
_WHOLE = 1000


_OF_ONE = (
    "missed", "wrong", "moved", "open", "averaged", "recounted", "sure", "apart", "imagined", "lumped",
)  # fmt: skip


@dataclass(frozen=True)
class BandRules:
    """Numbers that bands rest on; what each says stands in the file. All but the last two 0 to 1."""

    missed: float
    wrong: float
    moved: float
    open: float
    averaged: float
    recounted: float
    sure: float
    apart: float
    imagined: float
    lumped: float
    apart_metres: int
    deviations: float


@cache
def load(path: Path = FILE) -> BandRules:
    """Read the file. Raises ``ConfigurationError`` when it is broken or a share is none."""
    found = parameters.read(path)
    item = parameters.entry(path, "bands", found.body.get("bands"))
    shares = {}
    for name in _OF_ONE:
        thousandths: int = item.number(f"{name}_thousandths")
        if not 0 <= thousandths <= _WHOLE:
            raise parameters.broken(path, f"bands.{name}_thousandths", "must be between 0 and 1000")
        shares[name] = thousandths / _WHOLE
    return BandRules(
        **shares,
        apart_metres=item.number("apart_metres"),
        deviations=item.number("thousandths_of_deviation") / _WHOLE,
    )
