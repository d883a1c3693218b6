"""Which words of a run are misspellings, locative forms or run-together forms of which others."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from collections.abc import Set as AbstractSet

SHORTEST = 6
"""Shorter words are not taken for misspelt words of the lexicon."""

SHORTEST_NAME = 4
"""Shorter words are not taken for misspelt names."""

SHORTEST_TWICE = 9
"""Shorter words are never two slips from a word."""

LONGEST = 24
_SHARED_KEY_LIMIT = 40
_CLEARLY_COMMONER = 3
_MUCH_COMMONER = 5
_RARE = 5
_HEAD = 4
_BASE = 0x9E3779B97F4A7C15  # odd, so that no letter's place is lost
_LOCATIVES = ("kwa", "lase", "base", "kwi", "ese", "ga", "ha", "e", "i", "o", "u")
_SURE_LOCATIVES = ("wase", "yase", "sase", "zase", "kwase")
"""No name starts with these: a possessive and a locative together."""

_SHORTEST_BARE = 5


def respell(
    counts: Mapping[str, int],
    known: Iterable[str],
    where: Mapping[str, set[str]] | None = None,
    listed: AbstractSet[str] = frozenset(),
) -> dict[str, str]:
    """Map from a word to the spelling it stands for; words that stand for themselves are left out.

    ``counts``: in how many texts each word that may be a name occurs. ``known``: words of
    the lexicon. ``where``: municipalities each word is written in (``""`` for not known).
    ``listed``: names the lexicon has, which are rightly spelt however rare. A word
    goes to a known word one slip away (a letter lost, doubled, changed or swapped with its
    neighbour), else to a commoner unknown word of the same municipality one slip away with the same
    first letter; a long word also two slips, to a much commoner word with the same first letters;
    else to itself without a locative prefix (eMdantsane, KwaMashu) where the run also writes it so
    (yaseMdantsane: in any case),
    or to its two parts where one is a known word and the run also writes the other. Linear in the
    number of words.
    """
    near = where or {}
    lexical = _lexical(known)
    to_known = _to_known({w: n for w, n in counts.items() if w not in listed}, lexical)
    names = {w: n for w, n in counts.items() if w not in to_known}
    found = _one_slip_away(names, names, near)
    found = {w: target for w, target in found.items() if w not in listed}
    open_ = {w: n for w, n in names.items() if w not in found and w not in listed}
    found.update(_two_slips_away(open_, names, near))
    found.update(_bare({w: n for w, n in open_.items() if w not in found}, names, lexical))
    settled = {w: _follow(w, found) for w in found}
    return dict(sorted({**settled, **to_known}.items()))


def resolve(
    fresh: Iterable[str],
    known: Iterable[str],
    settled: Mapping[str, int],
    where: Mapping[str, set[str]],
    listed: AbstractSet[str] = frozenset(),
) -> dict[str, str]:
    """As :func:`respell`, for words that come after ``settled`` ones, which stay as they are.

    How often a fresh word is written does not matter: what it is compared with was settled before.
    """
    lexical = _lexical(known)
    once = {w: 1 for w in sorted(fresh) if w not in listed}
    to_known = _to_known(once, lexical)
    rest = {w: 1 for w in once if w not in to_known}
    # Anything settled counts as commoner than a word never seen.
    targets = {w: n + 1 for w, n in settled.items()}
    found = _one_slip_away(rest, targets, where)
    found.update(_two_slips_away({w: 1 for w in rest if w not in found}, targets, where))
    found.update(_bare({w: 1 for w in rest if w not in found}, settled, lexical))
    return dict(sorted({**found, **to_known}.items()))


def _lexical(known: Iterable[str]) -> dict[str, int]:
    return {w: 1 for w in sorted(known) if SHORTEST <= len(w) <= LONGEST and w.isalpha()}


def _to_known(counts: Mapping[str, int], lexical: Mapping[str, int]) -> dict[str, str]:
    """Words of the lexicon that were meant."""
    found = _one_slip_away(counts, lexical, None)
    return {
        **_two_slips_away({w: n for w, n in counts.items() if w not in found}, lexical, None),
        **found,
    }


def _one_slip_away(
    words: Mapping[str, int], targets: Mapping[str, int], where: Mapping[str, set[str]] | None
) -> dict[str, str]:
    """Best target one slip away for each word.

    ``where`` is given where the targets are names as the words are: then a target has to be
    commoner and to stand in one of the word's municipalities.
    """
    shortest = SHORTEST if where is None else SHORTEST_NAME
    found: dict[str, str] = {}
    for word, target in _neighbours(words, targets, shortest):
        if where is not None and not _commoner(target, targets[target], word, words[word]):
            continue
        if not one_slip(word, target):
            continue
        if where is not None and not _together(where.get(word), where.get(target)):
            continue
        best = found.get(word)
        if best is None or (-targets[target], target) < (-targets[best], best):
            found[word] = target
    return found


def _neighbours(
    words: Mapping[str, int], targets: Mapping[str, int], shortest: int
) -> Iterator[tuple[str, str]]:
    """Pairs of a word and a target that may be one slip apart, with one first letter; each once.

    Two words one slip apart are equal once a letter of each, or of one, is left out. Under each
    such key the first targets alone are looked at.
    """
    asked = _fitting(words, shortest)
    offered = asked if words is targets else _fitting(targets, shortest)
    if not asked or not offered:
        return
    keys, word = _keys(asked)
    target_keys, target = (keys, word) if words is targets else _keys(offered)
    rank = np.arange(len(target_keys)) - np.searchsorted(target_keys, target_keys)
    first = rank < _SHARED_KEY_LIMIT
    target_keys, target = target_keys[first], target[first]
    start = np.searchsorted(target_keys, keys)
    found = np.searchsorted(target_keys, keys, side="right") - start
    within = np.arange(found.sum()) - np.repeat(np.cumsum(found) - found, found)
    pairs = np.sort(
        np.repeat(word, found) * len(offered) + target[np.repeat(start, found) + within]
    )
    for pair in pairs[np.diff(pairs, prepend=-1) > 0].tolist():
        one, other = divmod(pair, len(offered))
        if asked[one] != offered[other]:
            yield asked[one], offered[other]


def _fitting(words: Iterable[str], shortest: int) -> list[str]:
    return sorted(word for word in words if shortest <= len(word) <= LONGEST)


def _keys(words: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Numbers of each word and of every form of it with one letter, not the first, left out.

    The numbers in order, and the word of each; a number once for a word. Two forms have one number
    by chance once in millions of runs.
    """
    letters = np.array(words, f"U{LONGEST}").view(np.uint32).reshape(-1, LONGEST).astype(np.uint64)
    places = np.cumprod(np.full(LONGEST, _BASE, np.uint64))
    before = np.cumsum(letters * places, axis=1)
    shifted = np.cumsum(letters[:, 1:] * places[:-1], axis=1)
    # Without letter k: the letters before it, and those behind it one place further on.
    without = before[:, :-1] + shifted[:, -1:] - shifted
    numbers = np.concatenate((before[:, -1:], without), axis=1)
    lengths = np.array([len(word) for word in words])
    there = np.arange(LONGEST)[None, :] < lengths[:, None]
    each = np.broadcast_to(np.arange(len(words))[:, None], there.shape)
    keys, word = numbers[there], each[there]
    order = np.lexsort((word, keys))
    keys, word = keys[order], word[order]
    new = np.ones(len(keys), bool)
    new[1:] = (keys[1:] != keys[:-1]) | (word[1:] != word[:-1])
    return keys[new], word[new]


def _two_slips_away(
    words: Mapping[str, int], targets: Mapping[str, int], where: Mapping[str, set[str]] | None
) -> dict[str, str]:
    """Best much commoner target two slips away, for long words that begin alike."""
    heads: dict[str, list[str]] = defaultdict(list)
    least = 1 if where is None else _MUCH_COMMONER
    for target in sorted(targets, key=lambda t: (-targets[t], t)):
        if SHORTEST_TWICE <= len(target) <= LONGEST and targets[target] >= least:
            heads[target[:_HEAD]].append(target)
    found: dict[str, str] = {}
    for word, count in words.items():
        if SHORTEST_TWICE <= len(word) <= LONGEST:
            for target in heads.get(word[:_HEAD], ())[:_SHARED_KEY_LIMIT]:
                near = where is None or (
                    targets[target] >= _MUCH_COMMONER * count
                    and _together(where.get(word), where.get(target))
                )
                if near and target != word and _alike(word, target) and slips(word, target, 2) <= 2:
                    found[word] = target
                    break
    return found


def _alike(a: str, b: str) -> bool:
    """Whether no more than two letters of either are strange to the other, as two slips leave it."""
    here, there = set(a), set(b)
    return len(here - there) <= 2 and len(there - here) <= 2


def slips(a: str, b: str, most: int) -> int:
    """Letters to lose, add, change or swap to make two words equal; ``most + 1`` if more."""
    if abs(len(a) - len(b)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        earlier, before, row = before, row, [i]
        for j, other in enumerate(b, 1):
            cost = min(before[j] + 1, row[-1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


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


def one_slip(a: str, b: str) -> bool:
    """Whether one letter lost, added, changed, or swapped with its neighbour makes them equal."""
    if abs(len(a) - len(b)) > 1 or a == b:
        return False
    start, shorter = 0, min(len(a), len(b))
    while start < shorter and a[start] == b[start]:
        start += 1
    if len(a) > len(b):
        return a[start + 1 :] == b[start:]
    if len(b) > len(a):
        return b[start + 1 :] == a[start:]
    swapped = a[start : start + 2] == b[start : start + 2][::-1]
    return a[start + 1 :] == b[start + 1 :] or (swapped and a[start + 2 :] == b[start + 2 :])


def _bare(
    words: Mapping[str, int], written: Mapping[str, int], lexical: Mapping[str, int]
) -> dict[str, str]:
    """Words without a locative, and words run together with a word of the lexicon."""
    found = {}
    for word in words:
        bare = _without_locative(word, written) or _parts(word, written, lexical)
        if bare:
            found[word] = bare
    return found


def _without_locative(word: str, written: Mapping[str, int]) -> str:
    for prefix in _SURE_LOCATIVES:
        bare = word.removeprefix(prefix)
        if bare != word and len(bare) >= _SHORTEST_BARE:
            return bare
    for prefix in _LOCATIVES:
        bare = word.removeprefix(prefix)
        if bare != word and len(bare) >= _SHORTEST_BARE and bare in written:
            return bare
    return ""


def _parts(word: str, written: Mapping[str, int], lexical: Mapping[str, int]) -> str:
    """``"vroxton kliniek"`` for "vroxtonkliniek" where "vroxton" is written too; else ``""``."""
    if len(word) > LONGEST:
        return ""
    for cut in range(_SHORTEST_BARE, len(word) - _SHORTEST_BARE + 1):
        head, tail = word[:cut], word[cut:]
        if (tail in lexical and head in written) or (head in lexical and tail in written):
            return f"{head} {tail}"
    return ""


def _follow(word: str, found: Mapping[str, str]) -> str:
    """The end of a short chain of respellings (commoner words only, so it cannot turn back)."""
    seen = {word}
    target = found[word]
    while target in found and found[target] not in seen and len(seen) < 4:
        seen.add(target)
        target = found[target]
    return target
