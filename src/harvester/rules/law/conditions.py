"""Conditions of a rule, as data: what must be known or true before a step may be taken.

A condition is one mapping with the words a person reads and one test::

    {says: a special mechanism does not come first, fact: special_mechanism, is: none}

``present`` (a fact is stated and not empty), ``at_least`` (a number, or how many a list holds),
``is`` and ``is_not`` (a fact is one of these values, or is none of them).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harvester.rules import parameters

if TYPE_CHECKING:
    from collections.abc import Mapping

TESTS = ("present", "at_least", "is", "is_not")


@dataclass(frozen=True)
class Condition:
    """One condition: ``says`` in words, the ``fact`` it asks about, the ``test``, and ``against`` what."""

    says: str
    fact: str
    test: str
    against: tuple[str, ...]

    def holds(self, facts: Mapping[str, object]) -> bool | None:
        """Whether it holds; ``None`` when the fact is not known, which is not the same as no."""
        value = facts.get(self.fact)
        if self.test == "present":
            return not _empty(value)
        if value is None:
            return None
        if self.test == "at_least":
            return _size(value) >= int(self.against[0])
        found = {str(one).lower() for one in _listed(value)}
        among = bool(found & {one.lower() for one in self.against})
        return among if self.test == "is" else not among


def condition_of(item: parameters.Entry) -> Condition:
    """A condition of a rule file. Raises :class:`ConfigurationError` unless it has one test."""
    item.only("says", "fact", *TESTS)
    told = [test for test in TESTS if test in item.values]
    if len(told) != 1:
        raise parameters.broken(item.path, item.where, f"must have one of {', '.join(TESTS)}")
    (test,) = told
    value = item.values[test]
    if test == "present":
        against: tuple[str, ...] = ()
        if value is not True:
            raise parameters.broken(item.path, f"{item.where}.present", "must be true")
    elif test == "at_least":
        against = (str(item.number("at_least")),)
    else:
        against = tuple(_written(one) for one in (value if isinstance(value, list) else [value]))
    return Condition(item.text("says"), item.text("fact"), test, against)


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _empty(value: object) -> bool:
    return (
        value is None
        or value is False
        or value == ""
        or (isinstance(value, (list, tuple)) and not value)
    )


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, (list, tuple, set, frozenset)) else [value]


def _size(value: object) -> int:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int):
        return value
    return (
        len(value) if isinstance(value, (list, tuple, set, frozenset)) else int(not _empty(value))
    )


__all__ = ["Condition", "condition_of"]
