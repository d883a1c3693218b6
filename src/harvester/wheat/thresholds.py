"""The numbers and words the detectors go by, from ``rules/data/detectors.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from harvester.domain.money import CENTS_PER_RAND
from harvester.rules import parameters

if TYPE_CHECKING:
    from pathlib import Path

FILE = parameters.DATA / "detectors.yaml"
WORDS = ("title", "question", "offering", "forum", "source")
"""What a detector says of itself besides its id."""

_BASES = ("policy", "statutory")


@dataclass(frozen=True)
class Thresholds:
    """Named whole numbers and lists; asking for one that is not there is a ``KeyError``.

    ``words``: title, question, offering, forum and source of each detector by its id.
    """

    head: parameters.Head
    numbers: dict[str, int]
    lists: dict[str, tuple[str, ...]]
    words: dict[str, dict[str, str]]

    def __getitem__(self, name: str) -> int:
        return self.numbers[name]

    def cents(self, name: str) -> int:
        """A threshold in rand, as cents."""
        return self.numbers[name] * CENTS_PER_RAND

    def share(self, name: str) -> float:
        """A threshold in per cent, as a part of one."""
        return self.numbers[name] / 100

    def sql_list(self, name: str) -> str:
        """A list as SQL literals, comma between; never empty, so that ``IN`` can take it."""
        return ", ".join(f"'{item}'" for item in self.lists[name]) or "''"


@cache
def load(path: Path = FILE) -> Thresholds:
    """Read the thresholds.

    Raises ``ConfigurationError`` when the file is broken, or a threshold lacks its value, unit or
    reason, or states another basis than policy or statutory, or a detector lacks a word.
    """
    found = parameters.read(path)
    numbers, lists = {}, {}
    for name, item in found.mapping("thresholds").items():
        _check(item)
        item.text("unit")
        numbers[name] = item.number("value")
    for name, item in found.mapping("lists").items():
        _check(item)
        lists[name] = item.texts("items")
    words = {
        name: {key: item.text(key) for key in WORDS}
        for name, item in found.mapping("detectors").items()
    }
    return Thresholds(found.head, numbers, lists, words)


def _check(item: parameters.Entry) -> None:
    item.text("why")
    basis = item.text("basis")
    if basis not in _BASES:
        raise parameters.broken(item.path, f"{item.where}.basis", "must be policy or statutory")
    if basis == "statutory":
        item.text("reference")
