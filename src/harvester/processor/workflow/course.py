"""A matter under a procedure: what was done, by whom, when, on what papers; and so where it stands.

A course is a value. Its state and facts are worked out from the steps taken, so the record cannot
say one thing and the state another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from harvester.rules.law.procedures import SAME

if TYPE_CHECKING:
    import datetime as dt

    from harvester.rules.law.procedures import Procedure, Step

Facts = Mapping[str, object]
"""What is known of a matter: texts, numbers, lists of texts. Never changed in place."""


@dataclass(frozen=True)
class Actor:
    """Somebody who acts: a person, for an institution, in the ways (kinds of actor) they may."""

    person: str
    institution: str
    kinds: frozenset[str]


@dataclass(frozen=True)
class Paper:
    """A document put in: its kind (of the procedure), its title, and where it is kept."""

    kind: str
    title: str
    reference: str = ""


@dataclass(frozen=True)
class Taken:
    """One step that was taken. ``on`` is the day it has effect, which may lie before it was recorded."""

    step: str
    on: dt.date
    person: str
    institution: str
    kind: str
    reason: str = ""
    papers: tuple[Paper, ...] = ()
    told: Facts = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Course:
    """A matter: the version of the procedure it began with, its parties, and every step taken.

    ``worked`` gives the facts that its procedure says are worked out (what a protocol lacks), as
    they stand on a day; they come from elsewhere in the record and nobody tells them.
    """

    procedure: Procedure
    opened: dt.date
    parties: tuple[str, ...]
    known: Facts = field(default_factory=lambda: MappingProxyType({}))
    taken: tuple[Taken, ...] = ()
    worked: Callable[[dt.date], Facts] | None = field(default=None, compare=False, repr=False)

    @cached_property
    def state(self) -> str:
        """Where the matter stands now."""
        return self._replayed[0]

    @cached_property
    def facts(self) -> Facts:
        """Everything known: what was stated at the opening, and what the steps told and added."""
        return MappingProxyType(self._replayed[1])

    @cached_property
    def is_over(self) -> bool:
        """Whether nothing more follows."""
        return self.procedure.state(self.state).end

    @cached_property
    def privileged(self) -> bool:
        """Whether papers put in from now on are privileged: once so, a matter stays so."""
        return any(self.procedure.state(state).privileged for state in (*self.passed, self.state))

    @property
    def passed(self) -> tuple[str, ...]:
        """Every state the matter was in, in order."""
        return self._replayed[2]

    @cached_property
    def last_day(self) -> dt.date:
        """The day of the latest step; the opening where there is none."""
        return max((t.on for t in self.taken), default=self.opened)

    def waiting_for(self, step: Step) -> tuple[str, ...]:
        """Parties that have yet to take a step that each must take, since it was last open to them."""
        return tuple(p for p in self.parties if p not in self._joined_in(step))

    def with_facts(self, **stated: object) -> Course:
        """The same matter with more known of it."""
        return replace(self, known=MappingProxyType({**self.known, **stated}))

    def _joined_in(self, step: Step) -> set[str]:
        return self._replayed[3].get(step.id, set())

    @cached_property
    def _replayed(self) -> tuple[str, dict[str, object], tuple[str, ...], dict[str, set[str]]]:
        """State, facts, states passed, and who has joined in steps that each party must take."""
        state = self.procedure.start
        facts: dict[str, object] = {"parties": list(self.parties), **self.known}
        passed = [state]
        joined: dict[str, set[str]] = {}
        for taken in self.taken:
            step = self.procedure.step(taken.step)
            assert step is not None, f"{self.procedure.id} has no step {taken.step}"
            _tell(facts, step, taken)
            if step.each_party:
                joined.setdefault(step.id, set()).add(taken.institution)
                if not joined[step.id] >= set(self.parties):
                    continue
            if step.target != SAME:
                state = step.target
                passed.append(state)
                joined = {}
        return state, facts, tuple(passed), joined


def _tell(facts: dict[str, object], step: Step, taken: Taken) -> None:
    """Put what a step told, added and set among the facts."""
    facts.update(taken.told)
    facts.update(dict(step.sets))
    for added in step.adds:
        name, _, value = added.partition(":")
        if not value:
            number = facts.get(name, 0)
            facts[name] = (number if isinstance(number, int) else 0) + 1
            continue
        said = value.format(**{k: str(v) for k, v in taken.told.items()})
        for other in _siblings(step, name):
            held = facts.get(other, [])
            facts[other] = [one for one in held if one != said] if isinstance(held, list) else []
        chosen = name.format(**{k: str(v) for k, v in taken.told.items()})
        held = facts.get(chosen, [])
        facts[chosen] = [*(held if isinstance(held, list) else []), said]


def _siblings(step: Step, name: str) -> list[str]:
    """Every collection a template can name, by the answers its question allows."""
    for asked in step.asks:
        mark = "{" + asked.fact + "}"
        if mark in name:
            return [name.replace(mark, one) for one in asked.one_of]
    return [name]
