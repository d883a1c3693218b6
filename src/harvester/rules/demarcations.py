"""Which wards a document means: the demarcation in force on its day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from harvester.rules import parameters

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")


@dataclass(frozen=True)
class Demarcation:
    """Ward boundaries by the year of the election that brought them in; ``years`` of files too."""

    code: str
    from_date: dt.date
    years: tuple[int, ...]


@dataclass(frozen=True)
class Demarcations:
    """Every demarcation, oldest first."""

    listed: tuple[Demarcation, ...]

    def on(self, day: dt.date) -> str:
        """Code of the demarcation in force on a day; ``""`` before the first."""
        held = [d.code for d in self.listed if d.from_date <= day]
        return held[-1] if held else ""

    def of_year(self, year: int) -> str:
        """Code of the demarcation that boundaries of a year show; ``""`` before the first."""
        for one in self.listed:
            if year in one.years:
                return one.code
        held = [d.code for d in self.listed if d.from_date.year <= year]
        return held[-1] if held else ""

    def of_layer(self, layer: str) -> str:
        """Code of the demarcation a layer's name bears (``ward-2016``); ``""`` when undated."""
        found = _YEAR.findall(layer)
        return self.of_year(int(found[-1])) if found else ""


@cache
def load(path: Path = parameters.DATA / "demarcations.yaml") -> Demarcations:
    """The demarcations. Raises :class:`ConfigurationError` when the file is broken."""
    found = []
    for code, item in parameters.read(path).mapping("demarcations").items():
        day = item.day("from")
        if day is None:
            raise parameters.broken(path, f"demarcations.{code}.from", "is missing")
        years = tuple(int(year) for year in item.texts("years"))
        found.append(Demarcation(code, day, years))
    return Demarcations(tuple(sorted(found, key=lambda one: one.from_date)))
