"""Mechanisms that settle disputes between organs of state, in the order they take priority."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from harvester.rules import parameters
from harvester.rules.law.conditions import Condition, condition_of
from harvester.rules.law.procedures import Law

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Mechanism:
    """One way to settle. ``procedure`` is empty where it runs outside this system."""

    id: str
    name: str
    procedure: str
    only_if: tuple[Condition, ...]
    facts: str
    law: Law


@dataclass(frozen=True)
class Question:
    """Something to be known of a dispute before it can be routed: code and words of each answer."""

    fact: str
    says: str
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Mechanisms:
    """The table: questions to ask, and mechanisms in order."""

    questions: tuple[Question, ...]
    mechanisms: tuple[Mechanism, ...]

    def get(self, mechanism_id: str) -> Mechanism | None:
        """The mechanism of an id, or ``None``."""
        return next((m for m in self.mechanisms if m.id == mechanism_id), None)


@cache
def load(path: Path = parameters.DATA / "mechanisms.yaml") -> Mechanisms:
    """The table. Raises :class:`ConfigurationError` when the file is broken, or when no mechanism
    takes what no other does."""
    told = parameters.read(path)
    questions = tuple(_question(fact, item) for fact, item in told.mapping("questions").items())
    mechanisms = tuple(_mechanism(item) for item in told.whole().items("mechanisms"))
    if not mechanisms or mechanisms[-1].only_if:
        raise parameters.broken(path, "mechanisms", "must end with one that takes all the rest")
    return Mechanisms(questions, mechanisms)


def _mechanism(item: parameters.Entry) -> Mechanism:
    item.only("id", "name", "procedure", "only_if", "facts", "reference", "verified")
    return Mechanism(
        id=item.text("id"),
        name=item.text("name"),
        procedure=item.text("procedure", ""),
        only_if=tuple(condition_of(one) for one in item.items("only_if")),
        facts=item.text("facts", ""),
        law=Law(item.text("reference"), item.flag("verified")),
    )


def _question(fact: str, item: parameters.Entry) -> Question:
    answers = item.values.get("one_of")
    if not isinstance(answers, dict):
        raise parameters.broken(item.path, f"{item.where}.one_of", "must be a mapping")
    return Question(
        fact, item.text("says"), tuple((str(code), str(words)) for code, words in answers.items())
    )
