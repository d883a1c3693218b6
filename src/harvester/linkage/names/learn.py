"""Words that people's decisions teach: what an unknown word means, when accepted pairs agree on it.

Two names that people hold to be one project say the same thing. Where one name says it in words the
lexicon knows and the other in words it does not, the unknown words may mean the known ones. One
pair proves nothing; two with different names, and none that speaks against it, do.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from harvester.linkage.names.decode import Decoder
from harvester.linkage.names.opened import folded
from harvester.rules import lexicon as words
from harvester.rules.lexicon import Learned, Meaning, Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from harvester.linkage.names.decode import Decoded
    from harvester.rules.lexicon import Lexicon

LEAST_PAIRS = 2
"""Accepted pairs, different in both names, that it takes to teach a word."""

LONGEST_PHRASE = 3
_PLACES_SPLIT = "_"


@dataclass(frozen=True)
class Lesson:
    """A phrase, what it means, and the accepted pairs of names that taught it."""

    phrase: tuple[str, ...]
    meaning: Meaning
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Taught:
    """``learned`` goes to the decoder; ``lessons`` say why, in the order of their phrases."""

    learned: Learned
    lessons: tuple[Lesson, ...]


class _Claim(NamedTuple):
    phrase: tuple[str, ...]
    meaning: Meaning


@dataclass
class _Evidence:
    pairs: set[tuple[str, str]] = field(default_factory=set)
    against: int = 0

    def independent(self) -> int:
        """How many pairs there are that share neither name."""
        return min(len({a for a, _ in self.pairs}), len({b for _, b in self.pairs}))


def learned_words(
    accepted: Iterable[tuple[str, str]],
    rejected: Iterable[tuple[str, str]] = (),
    lexicon: Lexicon | None = None,
) -> Taught:
    """What accepted pairs of names teach about words the lexicon does not know.

    A word, or a phrase of up to ``LONGEST_PHRASE``, is taken to mean a kind of facility or an action
    where names that share a place agree on it, and to be another name of a place where the names
    agree in all but that. It is dropped when a rejected pair would have agreed by it, or when pairs
    teach two meanings. The outcome depends on the set of pairs only.
    """
    decoder = Decoder(lexicon or words.load())
    evidence: dict[_Claim, _Evidence] = defaultdict(_Evidence)
    for one, other in sorted(set(accepted)):
        for said, stated in ((one, other), (other, one)):
            for claim in _claims(decoder, said, stated):
                evidence[claim].pairs.add((_plain(said), _plain(stated)))
    for one, other in sorted(set(rejected)):
        for said, stated in ((one, other), (other, one)):
            for claim in _claims(decoder, said, stated):
                if claim in evidence and _agree(decoder, said, stated, claim.phrase):
                    evidence[claim].against += 1
    kept = {
        claim: found
        for claim, found in evidence.items()
        if found.independent() >= LEAST_PAIRS and not found.against
    }
    lessons = [
        Lesson(claim.phrase, claim.meaning, tuple(sorted(kept[claim].pairs)))
        for claim in sorted(_settled(kept), key=lambda c: (c.phrase, c.meaning.code))
    ]
    return Taught(Learned({lesson.phrase: lesson.meaning for lesson in lessons}), tuple(lessons))


def _claims(decoder: Decoder, said: str, stated: str) -> Iterator[_Claim]:
    """What the words only ``said`` has might mean, by what only ``stated`` says."""
    here, there = decoder.decode(said), decoder.decode(stated)
    runs = list(_runs(decoder, said, set(here.words) - set(there.words)))
    meanings = []
    if not set(here.words).isdisjoint(there.words):
        if not here.kinds:
            meanings += [Meaning(Role.KIND, kind) for kind in there.kinds]
        if not here.action and there.action:
            meanings.append(Meaning(Role.ACTION, there.action))
    for run in runs:
        for length in range(1, min(LONGEST_PHRASE, len(run)) + 1):
            for start in range(len(run) - length + 1):
                for meaning in meanings:
                    yield _Claim(run[start : start + length], meaning)
    place = _other_name(decoder, runs, here, there, stated)
    if place:
        yield place


def _other_name(
    decoder: Decoder, runs: list[tuple[str, ...]], here: Decoded, there: Decoded, stated: str
) -> _Claim | None:
    """The place that the only words of difference name, in names that agree in all else."""
    alike = here.kinds and set(here.kinds) == set(there.kinds) and here.phase == there.phase
    only_there = [word for word in there.words if word not in here.words]
    if not alike or len(runs) != 1 or len(runs[0]) > LONGEST_PHRASE or len(only_there) != 1:
        return None
    code = only_there[0]
    # Between two names nobody listed, the one first in the alphabet stands for both.
    listed = _PLACES_SPLIT in code or (code,) in decoder.lexicon.phrases
    written = code in folded(stated)
    if not listed and not (written and code < " ".join(runs[0])):
        return None
    return _Claim(runs[0], Meaning(Role.PLACE, code))


def _runs(decoder: Decoder, name: str, unknown: set[str]) -> Iterator[tuple[str, ...]]:
    """Unknown words of a name that stand side by side."""
    run: list[str] = []
    for word in [*folded(name), ""]:
        if word in unknown and (word,) not in decoder.lexicon.phrases and word.isalpha():
            run.append(word)
        elif run:
            yield tuple(run)
            run = []


def _agree(decoder: Decoder, said: str, stated: str, phrase: tuple[str, ...]) -> bool:
    """Whether two names have the same proper words but for the phrase and one name for it."""
    here, there = decoder.decode(said), decoder.decode(stated)
    return len(set(there.words) - set(here.words)) <= 1 and set(here.words) - set(phrase) <= set(
        there.words
    )


def _settled(kept: dict[_Claim, _Evidence]) -> list[_Claim]:
    """Claims left when a phrase has one meaning, and no longer phrase has the same pairs."""
    meanings: dict[tuple[str, ...], set[Meaning]] = defaultdict(set)
    for claim in kept:
        meanings[claim.phrase].add(claim.meaning)
    longer = {
        _Claim(part, claim.meaning): claim
        for claim in sorted(kept, key=lambda c: len(c.phrase))
        for part in _shorter(claim.phrase)
    }
    return [
        claim
        for claim, found in kept.items()
        if len(meanings[claim.phrase]) == 1
        and not (claim in longer and kept[longer[claim]].pairs == found.pairs)
    ]


def _shorter(phrase: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Every part of a phrase that is shorter than it."""
    if len(phrase) > 1:
        yield from ((word,) for word in phrase)
    if len(phrase) > 2:
        yield from pairwise(phrase)


def _plain(name: str) -> str:
    return " ".join(folded(name))


__all__ = ["LEAST_PAIRS", "Lesson", "Taught", "learned_words"]
