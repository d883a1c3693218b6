"""Which words of a run are misspellings, or locative forms, of which others."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SHORTEST = 6
"""Shorter words are not taken for misspelt words of the lexicon."""

SHORTEST_NAME = 4
"""Shorter words are not taken for misspelt names."""

LONGEST = 24
_SHARED_KEY_LIMIT = 40
_CLEARLY_COMMONER = 3
_RARE = 5
_LOCATIVES = ("kwa", "wase", "lase", "yase", "sase", "kwi", "ese", "e", "i", "o", "u")


def respell(
    counts: Mapping[str, int], known: Iterable[str], where: Mapping[str, set[str]] | None = None
) -> dict[str, str]:
    """Map from a word to the spelling it stands for; words that stand for themselves are left out.

    ``counts``: in how many texts each word, unknown to the lexicon, occurs. ``known``: words of
    the lexicon. ``where``: municipalities each word is written in (``""`` for not known). A word
    goes to a known word one slip away (a letter lost, doubled, changed or swapped with its
    neighbour), else to a commoner unknown word of the same municipality one slip away with the same
    first letter, else to itself without a locative prefix (eMdantsane, KwaMashu) where the run also
    writes it so. Linear in the number of words.
    """
    near = where or {}
    lexical = [w for w in known if SHORTEST <= len(w) <= LONGEST and w.isalpha()]
    to_known = _nearest(counts, dict.fromkeys(lexical, 1), None)
    rest = {w: n for w, n in counts.items() if w not in to_known}
    to_commoner = _nearest(rest, rest, near)
    found = {w: to_commoner[w] for w in to_commoner}
    for word in rest:
        if word not in found:
            bare = _without_locative(word, rest)
            if bare:
                found[word] = bare
    settled = {w: _follow(w, found) for w in found}
    return dict(sorted({**settled, **to_known}.items()))


def resolve(
    fresh: Mapping[str, int],
    known: Iterable[str],
    settled: Mapping[str, int],
    where: Mapping[str, set[str]],
) -> dict[str, str]:
    """As :func:`respell`, for words that come after ``settled`` ones, which stay as they are.

    How often a fresh word is written does not matter: what it is compared with was settled before.
    """
    lexical = [w for w in known if SHORTEST <= len(w) <= LONGEST and w.isalpha()]
    once = dict.fromkeys(fresh, 1)
    to_known = _nearest(once, dict.fromkeys(lexical, 1), None)
    rest = {w: 1 for w in once if w not in to_known}
    found = _nearest(rest, {w: n + 1 for w, n in settled.items()}, where)
    for word in rest:
        bare = "" if word in found else _without_locative(word, settled)
        if bare:
            found[word] = bare
    return dict(sorted({**found, **to_known}.items()))


def _nearest(
    words: Mapping[str, int], targets: Mapping[str, int], where: Mapping[str, set[str]] | None
) -> dict[str, str]:
    """Best target one slip away for each word.

    ``where`` is given where the targets are the words themselves: then a target has to be commoner
    and to stand in one of the word's municipalities.
    """
    shortest = SHORTEST if where is None else SHORTEST_NAME
    by_key: dict[str, list[str]] = defaultdict(list)
    for target in sorted(targets):
        if shortest <= len(target) <= LONGEST:
            for key in _keys(target):
                by_key[key].append(target)
    found: dict[str, str] = {}
    for word, count in words.items():
        if not shortest <= len(word) <= LONGEST:
            continue
        near = {t for key in _keys(word) for t in by_key.get(key, ())[:_SHARED_KEY_LIMIT]}
        good = [
            t
            for t in near
            if t != word
            and t[0] == word[0]
            and (where is None or _commoner(t, targets[t], word, count))
            and (where is None or _together(where.get(word), where.get(t)))
            and one_slip(word, t)
        ]
        if good:
            found[word] = min(good, key=lambda t: (-targets[t], t))
    return found


def _together(here: set[str] | None, there: set[str] | None) -> bool:
    """Whether two words may be written of one municipality; not knowing where allows it."""
    if not here or not there or "" in here or "" in there:
        return True
    return not here.isdisjoint(there)


def _commoner(target: str, target_count: int, word: str, count: int) -> bool:
    """Whether ``target`` may be the right spelling of ``word``."""
    if count >= _RARE:
        return target_count >= _CLEARLY_COMMONER * count
    return (target_count, word) > (count, target)


def _keys(word: str) -> set[str]:
    """The word and every form of it with one letter left out."""
    return {word} | {word[:i] + word[i + 1 :] for i in range(len(word))}


def one_slip(a: str, b: str) -> bool:
    """Whether one letter lost, added, changed, or swapped with its neighbour makes them equal."""
    if abs(len(a) - len(b)) > 1 or a == b:
        return False
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    if len(a) > len(b):
        return a[start + 1 :] == b[start:]
    if len(b) > len(a):
        return b[start + 1 :] == a[start:]
    swapped = a[start : start + 2] == b[start : start + 2][::-1]
    return a[start + 1 :] == b[start + 1 :] or (swapped and a[start + 2 :] == b[start + 2 :])


def _without_locative(word: str, counts: Mapping[str, int]) -> str:
    for prefix in _LOCATIVES:
        bare = word.removeprefix(prefix)
        if bare != word and len(bare) >= 5 and bare in counts:
            return bare
    return ""


def _follow(word: str, found: Mapping[str, str]) -> str:
    """The end of a short chain of respellings (commoner words only, so it cannot turn back)."""
    seen = {word}
    target = found[word]
    while target in found and found[target] not in seen and len(seen) < 4:
        seen.add(target)
        target = found[target]
    return target
