"""What a band must hold: how far a link and a point are trusted (``rules/data/bands.yaml``)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from harvester.rules import parameters

if TYPE_CHECKING:
    from pathlib import Path

FILE = parameters.DATA / "bands.yaml"


@dataclass(frozen=True)
class BandRules:
    """``missed``: chance that what seems absent was missed. ``apart_metres``: points further apart
    are in doubt. ``deviations``: standard deviations to either side that hold nine tenths."""

    missed: float
    apart_metres: int
    deviations: float


@cache
def load(path: Path = FILE) -> BandRules:
    """Read the file. Raises ``ConfigurationError`` when it is broken or a chance is none."""
    found = parameters.read(path)
    item = parameters.entry(path, "bands", found.body.get("bands"))
    missed = item.number("missed_percent")
    if not 0 <= missed <= 100:
        raise parameters.broken(path, "bands.missed_percent", "must be between 0 and 100")
    return BandRules(
        missed / 100, item.number("apart_metres"), item.number("thousandths_of_deviation") / 1000
    )
