"""The rule files of institutions, read into one list."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from harvester.domain.documents import Sphere
from harvester.domain.institutions import Institution
from harvester.rules import parameters
from harvester.rules.text import key, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_ACRONYM = re.compile(r"[A-Z][A-Za-z]{1,3}[A-Z]|[A-Z]{3,5}")

MUNICIPAL = ("metro", "local", "district")
"""Kinds of municipality."""


@dataclass(frozen=True)
class Named:
    """One institution with what the book needs to find it."""

    institution: Institution
    kind: str
    district: str = ""
    sectors: tuple[str, ...] = ()


@dataclass(frozen=True)
class InstitutionWords:
    """Keys of words that name no institution of their own (``institutions/words.yaml``)."""

    vague: frozenset[str]
    own: frozenset[str]
    own_contains: tuple[str, ...]
    explicit: tuple[str, ...]


def everything(folder: Path) -> tuple[tuple[Named, ...], dict[str, str], InstitutionWords]:
    """Every institution of a folder, functions by sector, and words that name no institution.

    Raises :class:`ConfigurationError` when a file is broken or a code is there twice.
    """
    sectors = parameters.read(folder / "sectors.yaml").mapping("sectors")
    languages = folder / parameters.LANGUAGES
    words_of = {code: sector.texts("words") for code, sector in sectors.items()}
    for code, further in parameters.in_languages(languages, "sectors", words_of).items():
        words_of[code] += further
    named = [
        *_municipalities(folder / "municipalities.yaml"),
        *_listed(folder / "provinces.yaml", "province", Sphere.PROVINCIAL),
        *_departments(folder / "departments.yaml", words_of),
        *_listed(folder / "national.yaml", "national", Sphere.NATIONAL),
        *_listed(folder / "entities.yaml", "entity", Sphere.ENTITY),
    ]
    names = parameters.in_languages(languages, "names", {n.institution.code for n in named})
    named = [_named_too(n, names.get(n.institution.code, ())) for n in named]
    seen: set[str] = set()
    for n in named:
        if n.institution.code in seen:
            raise parameters.broken(folder, n.institution.code, "is the code of two institutions")
        seen.add(n.institution.code)
    functions = {code: sector.text("function", "") for code, sector in sectors.items()}
    told = parameters.read(folder / "words.yaml").whole()
    neutral = InstitutionWords(
        frozenset(map(key, told.texts("vague"))),
        frozenset(map(key, told.texts("own"))),
        tuple(map(words, told.texts("own_contains"))),
        told.texts("explicit"),
    )
    return tuple(named), functions, neutral


def _named_too(named: Named, names: tuple[str, ...]) -> Named:
    """The same institution, known by further names."""
    known = named.institution
    return replace(named, institution=replace(known, aliases=(*known.aliases, *names)))


def _municipalities(path: Path) -> Iterator[Named]:
    for row in parameters.read(path).items("table"):
        kind = row.text("kind")
        if kind not in MUNICIPAL:
            raise parameters.broken(path, f"{row.where}.kind", f"must be one of {MUNICIPAL}")
        yield Named(
            Institution(
                row.text("code"),
                row.text("name"),
                Sphere.LOCAL,
                row.text("province"),
                metro=kind == "metro",
                aliases=row.texts("aliases"),
            ),
            kind,
            district=row.text("district", ""),
        )


def _departments(path: Path, words_of: Mapping[str, tuple[str, ...]]) -> Iterator[Named]:
    """Departments; a sector's general words go to the one department of a province that leads it."""
    rows = parameters.read(path).items("table")
    leading: dict[tuple[str, str], str] = {}
    for row in sorted(rows, key=lambda r: r.text("code")):
        for sector in row.texts("sectors"):
            if sector not in words_of:
                raise parameters.broken(path, f"{row.where}.sectors", f"names no sector {sector!r}")
    for rank in range(4):
        for row in rows:
            served = row.texts("sectors")
            if rank < len(served):
                leading.setdefault((row.text("province"), served[rank]), row.text("code"))
    own = {
        (row.text("province"), key(name))
        for row in rows
        for name in (row.text("name"), *row.texts("aliases"))
    }
    taken: dict[tuple[str, str], str] = {}
    for (province, sector), code in leading.items():
        for word in words_of[sector]:
            taken.setdefault((province, key(word)), code)
    for row in rows:
        code, province = row.text("code"), row.text("province")
        general = [
            word
            for sector in row.texts("sectors")
            for word in words_of[sector]
            if taken.get((province, key(word))) == code and (province, key(word)) not in own
        ]
        glued = [f"{province}{word}" for word in general if _ACRONYM.fullmatch(word)]
        aliases = tuple(dict.fromkeys([*row.texts("aliases"), *general, *glued]))
        yield Named(
            Institution(code, row.text("name"), Sphere.PROVINCIAL, province, aliases=aliases),
            "department",
            sectors=row.texts("sectors"),
        )


def _listed(path: Path, kind: str, sphere: Sphere) -> Iterator[Named]:
    for item in parameters.read(path).items("institutions"):
        code = item.text("code")
        sector = item.text("sector", "")
        yield Named(
            Institution(
                code,
                item.text("name"),
                sphere,
                code if kind == "province" else "",
                aliases=item.texts("aliases"),
            ),
            kind,
            sectors=(sector,) if sector else (),
        )
