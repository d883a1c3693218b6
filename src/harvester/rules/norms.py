"""Norms and standards of facilities, as dated numbers, and what housing needs around it.

The figures are ``rules/data/norms.yaml``; formulas and detectors hold none of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from harvester.rules import parameters
from harvester.rules.codes import load as load_codes

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

FILE = parameters.DATA / "norms.yaml"
_BASES = ("policy", "statutory")
_MEASURES = ("reach", "site", "capacity", "least", "people", "class", "share")


@dataclass(frozen=True)
class Norm:
    """One norm: what it says of a ``subject``, in ``unit``, from which days.

    ``basis`` is statutory or policy; ``verified`` whether the figure was read in ``reference``.
    """

    id: str
    subject: str
    measure: str
    unit: str
    basis: str
    reference: str
    verified: bool
    values: tuple[tuple[dt.date, int], ...]

    def at(self, day: dt.date) -> int | None:
        """The figure in force on a day; ``None`` before there was any."""
        return next((value for start, value in reversed(self.values) if start <= day), None)

    @property
    def latest(self) -> int:
        """The figure in force last."""
        return self.values[-1][1]


@dataclass(frozen=True)
class Complement:
    """What housing needs around it: which undertakings are one, and how near is near.

    ``reach`` is the id of a norm in metres. ``bulk`` services come from a network, which serves an
    area beyond the place its asset stands in. ``left_out`` and ``only`` are lower-case phrases.
    """

    code: str
    label: str
    functions: tuple[str, ...]
    reach: str
    bulk: bool
    left_out: tuple[str, ...]
    only: tuple[str, ...]


@dataclass(frozen=True)
class Norms:
    """Every norm by id, the complements of housing by code, and the functions that are networks."""

    head: parameters.Head
    norms: dict[str, Norm]
    complements: dict[str, Complement]
    networks: tuple[str, ...]

    def __getitem__(self, norm_id: str) -> Norm:
        return self.norms[norm_id]


@cache
def load(path: Path = FILE) -> Norms:
    """Read the norms.

    Raises ``ConfigurationError`` when the file is broken: a norm without figure, basis or
    reference, figures out of order of their days, or a complement that names a norm or function
    that does not exist.
    """
    found = parameters.read(path)
    norms = {code: _norm(code, item) for code, item in found.mapping("norms").items()}
    complements = {
        code: _complement(code, item, norms) for code, item in found.mapping("complements").items()
    }
    networks = found.whole().texts("networks")
    _functions(networks, found.path, "networks")
    return Norms(found.head, norms, complements, networks)


def _norm(code: str, item: parameters.Entry) -> Norm:
    basis, measure = item.text("basis"), item.text("measure")
    if basis not in _BASES:
        raise parameters.broken(item.path, f"{item.where}.basis", "must be policy or statutory")
    if measure not in _MEASURES:
        wanted = f"must be one of {', '.join(_MEASURES)}"
        raise parameters.broken(item.path, f"{item.where}.measure", wanted)
    values = tuple(_value(one) for one in item.items("values"))
    days = [start for start, _ in values]
    if not days or days != sorted(set(days)):
        wanted = "must hold figures in the order of their days"
        raise parameters.broken(item.path, f"{item.where}.values", wanted)
    return Norm(
        id=code,
        subject=item.text("subject"),
        measure=measure,
        unit=item.text("unit"),
        basis=basis,
        reference=item.text("reference"),
        verified=item.flag("verified"),
        values=values,
    )


def _value(item: parameters.Entry) -> tuple[dt.date, int]:
    start, value = item.day("from"), item.number("value")
    if start is None:
        raise parameters.broken(item.path, f"{item.where}.from", "is missing")
    if value <= 0:
        raise parameters.broken(item.path, f"{item.where}.value", "must be more than zero")
    return start, value


def _complement(code: str, item: parameters.Entry, norms: dict[str, Norm]) -> Complement:
    reach, functions = item.text("reach"), item.texts("functions")
    if reach not in norms or norms[reach].measure != "reach":
        raise parameters.broken(item.path, f"{item.where}.reach", f"names no reach: {reach}")
    _functions(functions, item.path, f"{item.where}.functions")
    return Complement(
        code=code,
        label=item.text("label"),
        functions=functions,
        reach=reach,
        bulk=item.flag("bulk"),
        left_out=tuple(phrase.lower() for phrase in item.texts("not")),
        only=tuple(phrase.lower() for phrase in item.texts("only")),
    )


def _functions(named: tuple[str, ...], path: Path, key: str) -> None:
    unknown = set(named) - set(load_codes("functions").codes)
    if unknown or not named:
        wanted = f"must name functions that exist, not {sorted(unknown)}"
        raise parameters.broken(path, key, wanted)
