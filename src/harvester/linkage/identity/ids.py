"""Persistent ids of undertakings, with a check character, and the ledger that keeps them.

An id is ``ZA-<metro>-<eight Crockford base 32 characters>-<check>``, such as ``ZA-BUF-7K3M9QXA-4``.
It is minted once from the least entry key of its first cluster, so two installations that start
from the same files mint the same ids; afterwards the ledger alone decides.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CHECK = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*"
_VALUE = {character: value for value, character in enumerate(_CHECK)}
_TWO = [one + other for one in CROCKFORD for other in CROCKFORD]
_TWO_VALUE = [_VALUE[one] * 4 + _VALUE[other] * 2 for one, other in _TWO]
"""What two characters add to the sum of a check character."""

_SHAPE = re.compile(
    r"ZA-(?P<place>[0-9A-Z]{1,8})-(?P<body>[0-9A-HJKMNP-TV-Z]{8})-(?P<check>[0-9A-Z])\Z"
)
NOWHERE = "ZA"
"""Stands for the metro where it is not known."""


def check_character(text: str) -> str:
    """Check character of a text over figures and capitals: ISO/IEC 7064 MOD 37-2.

    Finds every single wrong character and every swap of neighbours. One text in 37 would need the
    sign ``*``, which no id bears. Raises ``KeyError`` for other characters.
    """
    return _CHECK[(1 - _checked(text)) % 37]


def _checked(text: str) -> int:
    total = 0
    for character in text:
        total = (total + _VALUE[character]) * 2 % 37
    return total


def is_valid(undertaking_id: str) -> bool:
    """Whether an id has the right shape and its check character fits."""
    found = _SHAPE.match(undertaking_id)
    return bool(found) and check_character(found["place"] + found["body"]) == found["check"]


def mint(place: str, seed: str, taken: Iterable[str] = ()) -> str:
    """An id for a new undertaking in ``place`` (a metro code) from ``seed``, not among ``taken``.

    ``taken`` should offer fast ``in``. Free of chance: the same seed gives the same id.
    """
    where, checked = _place_in_id(place)
    turn = 0
    while True:
        digest = hashlib.sha256(f"{where}\x1f{seed}\x1f{turn}".encode()).digest()
        number = int.from_bytes(digest[:5], "big")
        a, b, c, d = number >> 30, number >> 20 & 1023, number >> 10 & 1023, number & 1023
        total = checked  # of `check_character`, two characters at a time
        for two in (a, b, c, d):
            total = (total * 4 + _TWO_VALUE[two]) % 37
        check = _CHECK[(1 - total) % 37]
        minted = f"ZA-{where}-{_TWO[a]}{_TWO[b]}{_TWO[c]}{_TWO[d]}-{check}"
        if check != "*" and minted not in taken:
            return minted
        turn += 1


@cache
def _place_in_id(place: str) -> tuple[str, int]:
    """A place as an id writes it, and what it adds to the sum of the check character."""
    where = re.sub(r"[^0-9A-Z]", "", place.upper())[:8] or NOWHERE
    return where, _checked(where)


def mint_each(places: Sequence[str], seeds: Sequence[str], taken: set[str]) -> list[str]:
    """A new id for each seed, minted in the order of seeds; ``taken`` grows by them."""
    found = [""] * len(seeds)
    for n in sorted(range(len(seeds)), key=lambda at: (seeds[at], at)):
        found[n] = mint(places[n], seeds[n], taken)
        taken.add(found[n])
    return found


def settle(
    clusters: Sequence[Sequence[str]], places: Sequence[str], ledger: Mapping[str, str]
) -> list[str]:
    """An id for each cluster of entry keys.

    A cluster takes the id that most of its known keys hold. Where two want one id, the one with
    more keys for it keeps it (then the one with the lesser key); the other takes its next, or a new
    one. ``places`` gives each cluster's metro for new ids. The order of clusters does not matter.
    """
    claims: list[tuple[int, str, str, int]] = []
    least = [min(keys) for keys in clusters]
    for n, keys in enumerate(clusters):
        votes: dict[str, int] = defaultdict(int)
        for key in set(keys):
            if key in ledger:
                votes[ledger[key]] += 1
        claims.extend((-count, known, least[n], n) for known, count in votes.items())
    found = [""] * len(clusters)
    used: set[str] = set()
    for _, known, _, n in sorted(claims):
        if not found[n] and known not in used:
            found[n] = known
            used.add(known)
    fresh = [n for n, known in enumerate(found) if not known]
    taken = used | set(ledger.values())
    minted = mint_each([places[n] for n in fresh], [least[n] for n in fresh], taken)
    for n, made in zip(fresh, minted, strict=True):
        found[n] = made
    return found
