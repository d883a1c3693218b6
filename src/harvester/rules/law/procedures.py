"""Procedures as data: states, the steps between them, who may take them, on what papers, in what time.

One file of ``rules/data/procedures`` is one version of one procedure. A change of law is a new file
with a later ``from``; a matter that is running keeps the version it began with.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from harvester.domain.errors import UserError
from harvester.rules import parameters
from harvester.rules.law.conditions import Condition, condition_of
from harvester.rules.law.periods import Basis, Period, period_of

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

FOLDER = parameters.DATA / "procedures"
ANY = "any"
"""As a step's ``from``: every state that is not an end."""
SAME = "same"
"""As a step's ``to``: the state stays; the step only adds to the record."""
OPENED = "opened"
"""As what starts a clock: the day the matter was opened."""


@dataclass(frozen=True)
class Law:
    """Where a rule comes from, and whether somebody read it there."""

    reference: str
    verified: bool


@dataclass(frozen=True)
class State:
    """Where a matter can be. ``end``: nothing follows. ``privileged``: its papers are from here on."""

    id: str
    name: str
    end: bool
    privileged: bool


@dataclass(frozen=True)
class PaperKind:
    """A document a step needs."""

    kind: str
    name: str


@dataclass(frozen=True)
class Asked:
    """Something whoever takes a step must say: a fact by name, in words, perhaps one of a few."""

    fact: str
    name: str
    one_of: tuple[str, ...]
    many: bool


@dataclass(frozen=True)
class Step:
    """A move from one of ``sources`` to ``target`` (:data:`SAME` where it only adds something).

    ``by`` names kinds of actor. With ``each_party`` it is taken by every party before the state
    changes. ``sets`` states facts. ``adds`` counts a fact up, or, written ``fact:{told}``, adds what
    was told to a collection: ``spheres_{vote}:{sphere}`` puts a sphere among those for or against,
    and its last word counts. ``records`` are facts that are worked out, never told, and kept with the
    step as they stood. A ``retired`` step is known, so that a record which has it can be read, and
    can be taken no more.
    """

    id: str
    name: str
    sources: tuple[str, ...]
    target: str
    by: tuple[str, ...]
    each_party: bool
    only_if: tuple[Condition, ...]
    papers: tuple[PaperKind, ...]
    asks: tuple[Asked, ...]
    adds: tuple[str, ...]
    sets: tuple[tuple[str, str], ...]
    records: tuple[str, ...]
    retired: bool
    law: Law


@dataclass(frozen=True)
class ClockRule:
    """Time that runs from one step until another: ``period`` of it, by law or by policy."""

    id: str
    name: str
    starts: tuple[str, ...]
    stops: tuple[str, ...]
    period: Period
    basis: Basis
    law: Law
    when_late: str

    @property
    def by_law(self) -> bool:
        """Whether law fixes the days and somebody read it there; nothing less is called statutory."""
        return self.basis is Basis.STATUTORY and self.law.verified

    @property
    def standing(self) -> str:
        """Whose days these are, in words."""
        if self.by_law:
            return "by law"
        said = self.basis is Basis.STATUTORY
        return "said to be law, not verified" if said else "policy of the working group"


@dataclass(frozen=True)
class Procedure:
    """One version of a procedure."""

    id: str
    head: parameters.Head
    until: dt.date | None
    start: str
    actors: tuple[tuple[str, str], ...]
    states: tuple[State, ...]
    steps: tuple[Step, ...]
    clocks: tuple[ClockRule, ...]
    worked_out: tuple[tuple[str, str], ...] = ()
    """Facts that the record of a matter gives, each in words: nobody tells them."""

    def state(self, state_id: str) -> State:
        """The state of an id."""
        return next(state for state in self.states if state.id == state_id)

    def step(self, step_id: str) -> Step | None:
        """The step of an id, or ``None``."""
        return next((step for step in self.steps if step.id == step_id), None)

    def steps_from(self, state_id: str) -> tuple[Step, ...]:
        """Steps that lead from a state, in the order of the file."""
        anywhere = set() if self.state(state_id).end else {ANY}
        return tuple(
            s for s in self.steps if {state_id, *anywhere} & {*s.sources} and not s.retired
        )

    def actor(self, kind: str) -> str:
        """Who a kind of actor is, in words."""
        return dict(self.actors).get(kind, kind)


@cache
def load(folder: Path = FOLDER) -> tuple[Procedure, ...]:
    """Every version of every procedure, by id and date.

    Raises :class:`ConfigurationError` when a file is broken, names a state or actor it does not
    have, leaves a state nobody can reach, or when two versions of one procedure begin on one day.
    """
    found = sorted(
        (_procedure(path) for path in sorted(folder.glob("*.yaml"))),
        key=lambda p: (p.id, p.head.from_date),
    )
    for one, other in itertools.pairwise(found):
        if (one.id, one.head.from_date) == (other.id, other.head.from_date):
            raise parameters.broken(folder, other.id, "has two versions that begin on one day")
    return tuple(found)


def in_force(procedure: str, on: dt.date, folder: Path = FOLDER) -> Procedure:
    """The version of a procedure that holds on a day. Raises ``UserError`` when none does."""
    versions = [p for p in load(folder) if p.id == procedure]
    held = [p for p in versions if p.head.from_date <= on and (p.until is None or on <= p.until)]
    if not held:
        first = f" It holds from {versions[0].head.from_date}." if versions else ""
        raise UserError(f"no procedure {procedure!r} is in force on {on}.{first}")
    return held[-1]


def version(procedure: str, begins: dt.date, folder: Path = FOLDER) -> Procedure:
    """The version that a matter began with. Raises ``UserError`` when it is not there any more."""
    for one in load(folder):
        if one.id == procedure and one.head.from_date == begins:
            return one
    raise UserError(f"the version of {procedure!r} that begins on {begins} is not known.")


def _procedure(path: Path) -> Procedure:
    told = parameters.read(path)
    whole = told.whole()
    actors = whole.values.get("actors")
    if not isinstance(actors, dict) or not actors:
        raise parameters.broken(path, "actors", "must be a mapping of kinds of actor to words")
    states = tuple(_state(state_id, item) for state_id, item in told.mapping("states").items())
    made = Procedure(
        id=whole.text("procedure"),
        head=told.head,
        until=whole.day("until"),
        start=whole.text("start"),
        actors=tuple((str(kind), str(words)) for kind, words in actors.items()),
        states=states,
        steps=tuple(_step(item) for item in whole.items("steps")),
        clocks=tuple(
            _clock(item) for item in (whole.items("clocks") if "clocks" in whole.values else [])
        ),
        worked_out=_words(path, whole.values.get("worked_out", {})),
    )
    _check(path, made)
    return made


def _words(path: Path, told: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(told, dict):
        raise parameters.broken(path, "worked_out", "must be a mapping of facts to words")
    return tuple((str(fact), str(words)) for fact, words in told.items())


def _state(state_id: str, item: parameters.Entry) -> State:
    item.only("name", "end", "privileged")
    return State(
        state_id,
        item.text("name"),
        item.flag("end", default=False),
        item.flag("privileged", default=False),
    )


def _step(item: parameters.Entry) -> Step:
    item.only("id", "name", "from", "to", "by", "each_party", "only_if", "papers", "asks", "adds", "sets",
              "records", "retired", "reference", "verified")  # fmt: skip
    sets = item.values.get("sets", {})
    if not isinstance(sets, dict):
        raise parameters.broken(item.path, f"{item.where}.sets", "must be a mapping")
    return Step(
        id=item.text("id"),
        name=item.text("name"),
        sources=item.texts("from"),
        target=item.text("to"),
        by=item.texts("by"),
        each_party=item.flag("each_party", default=False),
        only_if=tuple(condition_of(one) for one in _list(item, "only_if")),
        papers=tuple(_paper(p) for p in _list(item, "papers")),
        asks=tuple(_asked(a) for a in _list(item, "asks")),
        adds=item.texts("adds"),
        sets=tuple((str(fact), str(value)) for fact, value in sets.items()),
        records=item.texts("records"),
        retired=item.flag("retired", default=False),
        law=_law(item),
    )


def _paper(item: parameters.Entry) -> PaperKind:
    item.only("kind", "name")
    return PaperKind(item.text("kind"), item.text("name"))


def _asked(item: parameters.Entry) -> Asked:
    item.only("fact", "name", "one_of", "many")
    return Asked(
        item.text("fact"), item.text("name"), item.texts("one_of"), item.flag("many", default=False)
    )


def _clock(item: parameters.Entry) -> ClockRule:
    item.only(
        "id", "name", "starts", "stops", "time", "basis", "reference", "verified", "when_late"
    )
    return ClockRule(
        id=item.text("id"),
        name=item.text("name"),
        starts=item.texts("starts"),
        stops=item.texts("stops"),
        period=period_of(
            parameters.entry(item.path, f"{item.where}.time", item.values.get("time"))
        ),
        basis=item.choice("basis", Basis),
        law=_law(item),
        when_late=item.text("when_late", ""),
    )


def _law(item: parameters.Entry) -> Law:
    return Law(item.text("reference"), item.flag("verified"))


def _list(item: parameters.Entry, name: str) -> list[parameters.Entry]:
    return item.items(name) if name in item.values else []


def _check(path: Path, made: Procedure) -> None:
    """Refuse a file that names what it does not have, or has a state nothing leads to."""
    states = {state.id for state in made.states}
    kinds = {kind for kind, _ in made.actors}
    steps = [step.id for step in made.steps]
    reached = {made.start}
    for step in made.steps:
        where = f"step {step.id}"
        if steps.count(step.id) > 1:
            raise parameters.broken(path, where, "stands in it twice")
        unknown = {*step.sources} - states - {ANY} | {step.target} - states - {SAME}
        if unknown or not step.sources:
            raise parameters.broken(
                path, where, f"needs states it can lead between: {sorted(unknown)}"
            )
        if not step.by or set(step.by) - kinds:
            raise parameters.broken(
                path, where, f"names actors that are not: {sorted(set(step.by) - kinds)}"
            )
        reached.add(step.target)
        _check_worked_out(path, made, step)
    if states - reached:
        raise parameters.broken(
            path, "states", f"hold what no step leads to: {sorted(states - reached)}"
        )
    for clock in made.clocks:
        unknown = {*clock.starts, *clock.stops} - {*steps, OPENED}
        if unknown or not clock.starts:
            raise parameters.broken(
                path, f"clock {clock.id}", f"names steps that are not: {sorted(unknown)}"
            )
        if clock.basis is Basis.POLICY and clock.law.verified:
            raise parameters.broken(path, f"clock {clock.id}", "is policy: no law to verify")


def _check_worked_out(path: Path, made: Procedure, step: Step) -> None:
    """Refuse a step that tells what is worked out, or records what is not."""
    known = {fact for fact, _ in made.worked_out}
    told = {asked.fact for asked in step.asks} | {fact for fact, _ in step.sets}
    if told & known and not step.retired:
        raise parameters.broken(
            path, f"step {step.id}", f"tells what is worked out: {sorted(told & known)}"
        )
    if set(step.records) - known:
        raise parameters.broken(
            path, f"step {step.id}", f"records what is not: {sorted(set(step.records) - known)}"
        )
