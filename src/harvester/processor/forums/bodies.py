"""A forum as it sits: the one of its kind, or that of a sector, a province, a metro or another forum.

A body is named by its forum and whose it is, with colons between: ``MTEC``, ``MINMEC:HS``,
``PIF:KZN``, ``METRO:ETH``, ``INTERMUNICIPAL:ETH+KZN292``, ``TECHNICAL:METRO:ETH``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from harvester.processor.forums.meeting import referrals
from harvester.rules import forums, institutions
from harvester.rules.forums import Of, Rung

if TYPE_CHECKING:
    from collections.abc import Collection

    from harvester.rules.forums import Forum

MARK, AND = ":", "+"
MOST_PLACES = 6
SUPPORTED = ("METRO", "PIF", "MINMEC", "DISTRICT")
"""Forums that a technical structure of their own may support (IGRFA 30)."""


@dataclass(frozen=True)
class Body:
    """One forum as it sits. ``of`` are the codes of whose it is; none where there is only one."""

    forum: Forum
    of: tuple[str, ...] = ()
    supports: Body | None = None

    @property
    def code(self) -> str:
        """``PIF:KZN``."""
        whose = self.supports.code if self.supports else AND.join(self.of)
        return f"{self.forum.code}{MARK}{whose}" if whose else self.forum.code

    @property
    def rung(self) -> Rung:
        """Of officials, or of those who answer for them."""
        return self.forum.rung

    @property
    def name(self) -> str:
        """``Premier's intergovernmental forum of KwaZulu-Natal``."""
        if self.supports:
            return f"{self.forum.name} of the {_lower(self.supports.name)}"
        if self.forum.of is Of.SECTOR:
            return f"MinMEC of {_lower(dict(forums.load().sectors)[self.of[0]])}"
        book = institutions.load()
        places = " and ".join(book.name(code) for code in self.of)
        return f"{self.forum.name} of {places}" if places else self.forum.name

    def concerns(self, parties: Collection[str]) -> bool:
        """Whether a matter between these institutions may come before it: it is somebody's of them."""
        if self.supports:
            return self.supports.concerns(parties)
        if self.forum.of is Of.COUNTRY:
            return True
        return any(_belongs(self.forum.of, place, code) for place in self.of for code in parties)


@cache
def body_of(code: str) -> Body | None:
    """The body of a code; ``None`` where there is no such forum, or it cannot be of that."""
    name, _, whose = code.partition(MARK)
    forum = forums.load().get(name)
    if forum is None:
        return None
    if forum.of is Of.FORUM:
        under = body_of(whose)
        fits = under is not None and under.forum.code in SUPPORTED
        return Body(forum, (), under) if fits else None
    places = tuple(whose.split(AND)) if whose else ()
    if forum.of is Of.COUNTRY:
        return Body(forum) if not places else None
    most = MOST_PLACES if forum.of in {Of.PROVINCES, Of.MUNICIPALITIES} else 1
    known = all(_is(forum.of, place) for place in places)
    sound = 1 <= len(places) <= most and places == tuple(sorted(set(places)))
    return Body(forum, places) if known and sound else None


@cache
def bodies() -> tuple[Body, ...]:
    """Every body that can be listed, in the order of the file: not those that some agree upon."""
    found: list[Body] = []
    for forum in forums.load():
        if forum.of is Of.FORUM:
            supported = [one for code in SUPPORTED for one in _of_forum(code)]
            found += [Body(forum, (), one) for one in supported]
        else:
            found += _of_forum(forum.code)
    return tuple(found)


def fitting(
    takes: Collection[str], parties: Collection[str], rung: Rung | None = None
) -> tuple[Body, ...]:
    """Bodies that a matter between these institutions may be put to, in the order of the file."""
    return tuple(
        body
        for body in bodies()
        if set(takes) & set(body.forum.takes)
        and rung in {None, body.rung}
        and body.concerns(parties)
    )


def onward(body: Body, takes: Collection[str], parties: Collection[str]) -> tuple[Body, ...]:
    """Where a matter can go from a body when it cannot be settled there, the nearest first.

    From a technical structure to the forum it supports; else as
    :func:`harvester.processor.forums.meeting.referrals` says, those of one of the parties before
    those of the whole country.
    """
    found = [
        one
        for referral in referrals(forums.load(), body.forum, sorted(takes))
        for one in _of_forum(referral.forum.code)
        if one.concerns(parties) and one.code != body.code
    ]
    found.sort(key=lambda one: one.forum.of is Of.COUNTRY)
    return tuple(dict.fromkeys([*([body.supports] if body.supports else []), *found]))


@cache
def _of_forum(code: str) -> tuple[Body, ...]:
    """The bodies of one forum that can be listed."""
    forum = forums.load().get(code)
    if forum is None:
        return ()
    if forum.of is Of.COUNTRY:
        return (Body(forum),)
    book = institutions.load()
    places = {
        Of.SECTOR: [code for code, _ in forums.load().sectors],
        Of.PROVINCE: [one.code for one in book.provinces],
        Of.METRO: [one.code for one in book.metros],
        Of.DISTRICT: [one.code for one in book if book.kind(one.code) == "district"],
    }.get(forum.of, [])
    return tuple(Body(forum, (place,)) for place in places)


def _is(of: Of, place: str) -> bool:
    book = institutions.load()
    if of is Of.SECTOR:
        return place in dict(forums.load().sectors)
    if of is Of.MUNICIPALITIES:
        return book.kind(place) in {"metro", "local", "district"}
    return book.kind(place) == {Of.PROVINCES: "province"}.get(of, str(of))


def _belongs(of: Of, place: str, code: str) -> bool:
    """Whether an institution is one of a sector's, province's, district's, or the one itself."""
    book = institutions.load()
    if of is Of.SECTOR:
        return place in book.sectors(code)
    if of in {Of.PROVINCE, Of.PROVINCES}:
        found = book.get(code)
        return found is not None and place in {found.code, found.province}
    return code == place or (of is Of.DISTRICT and book.district(code) == place)


def _lower(name: str) -> str:
    """A name as it stands within a sentence; what begins with capitals by itself keeps them."""
    return name if name[1:2].isupper() or name.startswith("MinMEC") else name[0].lower() + name[1:]
