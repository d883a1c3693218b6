"""Which words of a run are misspellings, locative forms or run-together forms of which others."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

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
        if where is not None and not (
            _commoner(target, targets[target], word, words[word])
            and _together(where.get(word), where.get(target))
        ):
            continue
        best = found.get(word)
        if best is None or (-targets[target], target) < (-targets[best], best):
            found[word] = target
    return found


def _neighbours(
    words: Mapping[str, int], targets: Mapping[str, int], shortest: int
) -> Iterator[tuple[str, str]]:
    """Pairs of a word and a target one slip apart with one first letter, some of them twice.

    Two words one slip apart are equal once a letter of each, or of one, is left out. One first
    letter at a time, so that the index stays small.
    """
    asked, offered = _by_letter(words, shortest), _by_letter(targets, shortest)
    for letter in sorted(asked.keys() & offered.keys()):
        index: dict[str, list[str]] = {}
        for target in offered[letter]:
            for key in _keys(target):
                index.setdefault(key, []).append(target)
        if words is targets:  # then whoever shares a key is in the index already
            for near in index.values():
                if len(near) > 1:
                    yield from _slipped(near, near)
            continue
        for word in asked[letter]:
            for key in _keys(word):
                if key in index:
                    yield from _slipped([word], index[key])


def _slipped(words: list[str], targets: list[str]) -> Iterator[tuple[str, str]]:
    for target in targets[:_SHARED_KEY_LIMIT]:
        for word in words:
            if target != word and one_slip(word, target):
                yield word, target


def _by_letter(words: Iterable[str], shortest: int) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for word in sorted(words):
        if shortest <= len(word) <= LONGEST:
            found[word[0]].append(word)
    return found


def _keys(word: str) -> set[str]:
    """The word and every form of it with one letter, not the first, left out."""
    keys = {word[:i] + word[i + 1 :] for i in range(1, len(word))}
    keys.add(word)
    return keys


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
                if near and target != word and slips(word, target, 2) <= 2:
                    found[word] = target
                    break
    return found


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
