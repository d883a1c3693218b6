"""Intergovernmental forums: what they are, and what they can decide."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from harvester.rules import parameters

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Rung(StrEnum):
    """Who sits in a forum."""

    TECHNICAL = "technical"
    POLITICAL = "political"


class Of(StrEnum):
    """Whose a forum is: there is one of it, or one for each of these."""

    COUNTRY = "country"
    SECTOR = "sector"
    PROVINCE = "province"
    METRO = "metro"
    DISTRICT = "district"
    PROVINCES = "provinces"
    MUNICIPALITIES = "municipalities"
    FORUM = "forum"


@dataclass(frozen=True)
class Forum:
    """One forum. ``decides`` is what it can do in words; ``verified`` whether its law was read.

    ``rung``: of officials (``technical``) or of those who answer for them (``political``). ``takes``
    are the matters that may usefully be put to it, and ``meets`` when it does; both are a reading.
    """

    code: str
    name: str
    law: str
    members: str
    decides: str
    rung: Rung
    takes: tuple[str, ...]
    meets: str
    verified: bool
    of: Of = Of.COUNTRY


@dataclass(frozen=True)
class ForumBook:
    """Every forum, in the order of the file."""

    forums: tuple[Forum, ...]
    matters: tuple[tuple[str, str], ...] = ()
    sectors: tuple[tuple[str, str], ...] = ()
    readings: tuple[tuple[str, str, tuple[str, ...]], ...] = ()

    def __iter__(self) -> Iterator[Forum]:
        return iter(self.forums)

    def __contains__(self, code: object) -> bool:
        return any(forum.code == code for forum in self.forums)

    @property
    def codes(self) -> tuple[str, ...]:
        """Every code."""
        return tuple(forum.code for forum in self.forums)

    def get(self, code: str) -> Forum | None:
        """The forum of a code, or ``None``."""
        return next((forum for forum in self.forums if forum.code == code), None)

    def taking(self, matter: str, rung: Rung | None = None) -> tuple[Forum, ...]:
        """Forums that a matter may be put to, those of one rung or both, in the order of the file."""
        return tuple(f for f in self.forums if matter in f.takes and rung in {None, f.rung})

    def reading(
        self, *, procedure: str = "", offering: str = "", forum: str = ""
    ) -> frozenset[str]:
        """Which matters a case or dispute is: by its procedure, its offering, and the forum that its
        kind of finding is for. A reading of this project, not law."""
        asked = {("procedure", procedure), ("offering", offering)}
        found = {
            m for kind, code, matters in self.readings if (kind, code) in asked for m in matters
        }
        suited = self.get(forum)
        return frozenset(found | set(suited.takes if suited else ()))

    def name(self, code: str) -> str:
        """Its name; the code itself when it is not in the list."""
        found = self.get(code)
        return found.name if found else code


@cache
def load(path: Path = parameters.DATA / "forums.yaml") -> ForumBook:
    """Every forum. Raises :class:`ConfigurationError` when the file is broken."""
    told = parameters.read(path)
    matters = told.body.get("matters")
    if not isinstance(matters, dict):
        raise parameters.broken(path, "matters", "must be a mapping of codes to words")
    forums = tuple(_forum(item) for item in told.items("forums"))
    for forum in forums:
        if unknown := set(forum.takes) - set(matters):
            raise parameters.broken(path, forum.code, f"takes what is no matter: {sorted(unknown)}")
    readings = _readings(told.body.get("readings"))
    if unknown := {one for _, _, read in readings for one in read} - set(matters):
        raise parameters.broken(path, "readings", f"name what is no matter: {sorted(unknown)}")
    return ForumBook(forums, _pairs(matters), _pairs(told.body.get("sectors")), readings)


def _pairs(told: object) -> tuple[tuple[str, str], ...]:
    return tuple((str(k), str(v)) for k, v in told.items()) if isinstance(told, dict) else ()


def _readings(told: object) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    if not isinstance(told, dict):
        return ()
    return tuple(
        (str(kind), str(code), tuple(str(one) for one in matters))
        for kind, of in told.items()
        for code, matters in of.items()
    )


def _forum(item: parameters.Entry) -> Forum:
    return Forum(
        code=item.text("code"),
        name=item.text("name"),
        law=item.text("law"),
        members=item.text("members"),
        decides=item.text("decides"),
        rung=item.choice("rung", Rung),
        takes=item.texts("takes"),
        meets=item.text("meets"),
        verified=item.flag("verified"),
        of=item.choice("of", Of) if "of" in item.values else Of.COUNTRY,
    )
