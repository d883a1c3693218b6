"""Which sphere answers for which function (Constitution, Schedules 4 and 5)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from harvester.domain.documents import Sphere
from harvester.rules import parameters

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Responsibility:
    """What each sphere does in one function; ``lead`` carries it in a metro.

    ``contested`` is ``yes``, ``no``, ``some`` or a word; ``verified`` whether the law was read.
    """

    function: str
    schedule: str
    lead: Sphere
    national: str
    provincial: str
    municipal: str
    contested: str
    verified: bool


@cache
def load(path: Path = parameters.DATA / "responsibilities.yaml") -> dict[str, Responsibility]:
    """Responsibilities by function code. Raises :class:`ConfigurationError` when broken."""
    return {
        function: Responsibility(
            function,
            item.text("schedule"),
            item.choice("lead", Sphere),
            item.text("national"),
            item.text("provincial"),
            item.text("municipal"),
            item.text("contested"),
            item.flag("verified"),
        )
        for function, item in parameters.read(path).mapping("functions").items()
    }
