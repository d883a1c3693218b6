"""Which words of a run are misspellings, or locative forms, of which others."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SHORTEST = 6
"""Shorter words are not respelt: "Langa" and "Lanza" may both be places."""

LONGEST = 24
_SHARED_KEY_LIMIT = 40
_CLEARLY_COMMONER = 3
_RARE = 5
_LOCATIVES = ("kwa", "wase", "lase", "yase", "sase", "kwi", "ese", "e", "i", "o", "u")


def respell(counts: Mapping[str, int], known: Iterable[str]) -> dict[str, str]:
    """Map from a word to the spelling it stands for; words that stand for themselves are left out.

    ``counts``: in how many texts each word, unknown to the lexicon, occurs. ``known``: words of
    the lexicon. A word goes to a known word one slip away (a letter lost, doubled, changed or
    swapped with its neighbour), else to a clearly commoner unknown word one slip away with the
    same first letter, else to itself without a locative prefix (eMdantsane, KwaMashu) where the
    run also writes it so. Linear in the number of words.
    """
    lexical = [w for w in known if SHORTEST <= len(w) <= LONGEST and w.isalpha()]
    to_known = _nearest(counts, dict.fromkeys(lexical, _RARE * 1000000), own=False)
    rest = {w: n for w, n in counts.items() if w not in to_known}
    to_commoner = _nearest(rest, rest, own=True)
    found = {w: to_commoner[w] for w in to_commoner}
    for word in rest:
        if word not in found:
            bare = _without_locative(word, rest)
            if bare:
                found[word] = bare
    settled = {w: _follow(w, found) for w in found}
    return dict(sorted({**settled, **to_known}.items()))


def _nearest(words: Mapping[str, int], targets: Mapping[str, int], *, own: bool) -> dict[str, str]:
    """Best target one slip away for each word; ``own``: targets are the words themselves."""
    by_key: dict[str, list[str]] = defaultdict(list)
    for target in sorted(targets):
        if SHORTEST <= len(target) <= LONGEST:
            for key in _keys(target):
                by_key[key].append(target)
    found: dict[str, str] = {}
    for word, count in words.items():
        if not SHORTEST <= len(word) <= LONGEST:
            continue
        near = {
            t
            for key in _keys(word)
            for t in by_key.get(key, ())[:_SHARED_KEY_LIMIT]
            if t != word and t[0] == word[0] and (not own or _commoner(t, targets[t], word, count))
        }
        good = [t for t in near if one_slip(word, t)]
        if good:
            found[word] = min(good, key=lambda t: (-targets[t], t))
    return found


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
