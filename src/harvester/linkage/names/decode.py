"""Names into fields: action, kind of facility, place words, phase, extension, numbers, codes.

Each distinct text is decoded once. Words the lexicon does not know are kept as proper names:
which project they point to is judged later by how rare they are.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from harvester.linkage.names import reading
from harvester.linkage.names.opened import Opened, folded, opened
from harvester.linkage.names.reading import (
    COMMON,
    LISTED,
    MEASURES,
    NAME,
    NUMBER,
    OPENING,
    OTHER,
    ROMAN,
    Answers,
)
from harvester.linkage.names.spellings import Spellings
from harvester.rules import lexicon as words
from harvester.rules.lexicon import Lexicon, Meaning, Role

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_NUMBER = 40
"""A larger bare number counts something (houses, metres) rather than naming one of several."""

_LAST_LETTERS = frozenset("abcdefgh")
_BEFORE_NUMBER = frozenset({"no", "nr", "nommer", "number", "num", "nos", "ya", "yo", "ye"})
_AND = frozenset({"and", "en", "to", "ne", "na", "le"})
_ORDINAL_PARTS = frozenset({"phase", "extension", "unit"})
_SHORTEST_JOINED = 8
_TIMES = "x"


class Decoded(NamedTuple):
    """What a text says. Text fields are ``""`` and tuples empty when it says nothing.

    ``words`` are proper names (places, people, road numbers), ``commons`` known but telling
    little; ``codespeak`` marks an accounting string rather than a name.
    """

    action: str = ""
    kinds: tuple[str, ...] = ()
    network: str = ""
    phase: str = ""
    extension: str = ""
    unit: str = ""
    package: str = ""
    erf: str = ""
    wards: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    commons: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    codespeak: bool = False


@dataclass(slots=True)
class _Draft:
    """Fields as they are found, left to right; ``suburbs``: kinds that may be part of a suburb's name."""

    action: str = ""
    kinds: list[str] = field(default_factory=list)
    network: str = ""
    parts: dict[str, list[str]] = field(default_factory=dict)
    numbers: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    commons: list[str] = field(default_factory=list)
    suburbs: list[tuple[str, list[str]]] = field(default_factory=list)

    def done(self, codes: tuple[str, ...], *, codespeak: bool) -> Decoded:
        """The finished fields, without repeats, numbers in order."""
        parts = self.parts
        if not parts:
            return Decoded(
                self.action, _once(self.kinds), self.network, "", "", "", "", "", (),
                tuple(sorted(set(self.numbers))) if self.numbers else (),
                _once(self.words), _once(self.commons), codes, codespeak,
            )  # fmt: skip
        return Decoded(
            self.action,
            _once(self.kinds),
            self.network,
            _joined(parts.get("phase")),
            _joined(parts.get("extension")),
            _joined(parts.get("unit")),
            _joined(parts.get("package")),
            _joined(parts.get("erf")),
            tuple(sorted(set(parts.get("ward", ())))),
            tuple(sorted(set(self.numbers))),
            _once(self.words),
            _once(self.commons),
            codes,
            codespeak,
        )


def _once(found: list[str]) -> tuple[str, ...]:
    return tuple(found) if len(found) < 2 else tuple(dict.fromkeys(found))


def _joined(found: list[str] | None) -> str:
    return "+".join(sorted(set(found))) if found else ""


class Decoder:
    """Decodes texts; spelling is judged against all words of a run (:class:`Spellings`)."""

    def __init__(self, lexicon: Lexicon | None = None, spellings: Spellings | None = None) -> None:
        self.lexicon = lexicon or words.load()
        self._alone = frozenset(
            word
            for word, choices in self.lexicon.ambiguous.items()
            if any(choice.alone for choice in choices)
        )
        self._openings = frozenset(phrase[:2] for phrase in self.lexicon.phrases)
        self._compounds = frozenset(
            words[0]
            for words, meaning in self.lexicon.phrases.items()
            if len(words) == 1 and len(words[0]) >= _SHORTEST_JOINED and meaning.role is Role.KIND
        )
        self.use(spellings or Spellings())

    def use(self, spellings: Spellings) -> None:
        """Read words under these spellings from now on."""
        self.spellings = spellings
        self._joins = spellings.settled | self._compounds
        self._parted = spellings.parted | {w for w in self.lexicon.expand.values() if " " in w}
        self._said = Answers(self._say)
        self._class = Answers(lambda word: reading.class_of(word, self.lexicon))
        self._glued = Answers(lambda word: reading.glued_part(word, self.lexicon))

    def learn(self, texts: Iterable[str] | Iterable[tuple[str, str]]) -> None:
        """Settle which words of ``texts`` are misspellings of which, forgetting earlier ones.

        A text may come with its municipality. The outcome depends on the set of distinct texts
        only, not on their order.
        """
        pairs = {t if isinstance(t, tuple) else (t, "") for t in texts}
        self.use(Spellings.learn(((folded(text), town) for text, town in pairs), self.lexicon))

    def decode_all(self, texts: Iterable[str]) -> dict[str, Decoded]:
        """Each distinct text decoded once."""
        return {text: self.decode(text) for text in dict.fromkeys(texts)}

    def decode(self, text: str, tokens: list[str] | None = None) -> Decoded:
        """One text into fields; an empty or unreadable one gives empty fields, never an error.

        ``tokens``: the text folded, where that is at hand.
        """
        return self.read(opened(text, self.lexicon, tokens))

    def read(self, text: Opened) -> Decoded:
        """A text that is opened into fields."""
        draft = _Draft(text.action)
        tokens = self._settle(text.tokens)
        self._scan(tokens, draft)
        if draft.suburbs:
            _settle_suburbs(draft)
        if not draft.kinds and not self._alone.isdisjoint(tokens):
            self._lone_kinds(tokens, draft)
        if text.spoken:  # accounting words name a class of project, however rarely they are written
            draft.commons, draft.words = [*draft.commons, *draft.words], []
        return draft.done(text.codes, codespeak=text.spoken)

    def _say(self, word: str) -> str:
        """A word written out (``stn``) or rightly spelt; several words where it stands for them."""
        return self.lexicon.expand.get(word) or self.spellings.respelt.get(word, word)

    def _settle(self, tokens: list[str]) -> list[str]:
        """Rightly spelt words; two that others write as one ("Thaba Nchu") are one."""
        said, joins = self._said, self._joins
        out: list[str] = []
        last = ""
        for token in tokens:
            word = said[token]
            # A word joined to nothing is left as it is: the first has nothing before it.
            if last + word in joins and last and (last, word) not in self.lexicon.phrases:
                out[-1] = last = said[last + word]
            else:
                out.append(word)
                last = word
        if self._parted and not self._parted.isdisjoint(out):
            out = [piece for word in out for piece in word.split()]
        if "st" in out:
            out = [self._saint(out, at) if word == "st" else word for at, word in enumerate(out)]
        return out

    def _saint(self, tokens: list[str], at: int) -> str:
        """ "St" is a saint before a name at the start or after a known word, else a street."""
        known_before = at == 0 or self._class[tokens[at - 1]] != NAME
        name_after = at + 1 < len(tokens) and self._class[tokens[at + 1]] == NAME
        return "saint" if known_before and name_after else "street"

    def _scan(self, tokens: list[str], draft: _Draft) -> None:
        at, end, class_of = 0, len(tokens), self._class
        names, commons = draft.words, draft.commons
        while at < end:
            token = tokens[at]
            sort = class_of[token]
            if sort == NAME:
                names.append(token)
            elif sort == COMMON:
                commons.append(token)
            elif sort == LISTED:
                self._note(self.lexicon.phrases[(token,)], tokens, at, 1, draft)
            elif sort == OPENING:
                at += self._phrase(tokens, at, draft) or self._loose(tokens, at, draft)
                continue
            elif sort == OTHER:
                at += (
                    self._part(tokens, at, draft)
                    or self._phrase(tokens, at, draft)
                    or self._loose(tokens, at, draft)
                )
                continue
            at += 1

    def _part(self, tokens: list[str], at: int, draft: _Draft) -> int:
        """A phase, extension, unit, ward ... with its number; how many words it took, or 0."""
        token, designators = tokens[at], self.lexicon.designators
        following = tokens[at + 1] if at + 1 < len(tokens) else ""
        glued = self._glued[token]
        if glued:
            if following in MEASURES:
                return 0
            draft.parts.setdefault(glued[0], []).append(glued[1])
            return 1 + self._more_numbers(tokens, at + 1, glued[0], draft)
        code = designators.get(token, "")
        if not code:
            numbered = designators.get(following, "")
            before = _ordinal(token, self.lexicon) if numbered in _ORDINAL_PARTS else ""
            if before:
                draft.parts.setdefault(numbered, []).append(before)
            return 2 if before else 0
        if token == _TIMES and at and tokens[at - 1].isdigit():
            return 1  # "3 x 5 Ml": times, not extension
        skip = 1 if following in _BEFORE_NUMBER else 0
        value = self._value(tokens, at + 1 + skip, code)
        measured = tokens[at + 2 + skip : at + 3 + skip]
        if not value or (measured and measured[0] in MEASURES):
            return 0
        draft.parts.setdefault(code, []).append(value)
        return 2 + skip + self._more_numbers(tokens, at + 2 + skip, code, draft)

    def _more_numbers(self, tokens: list[str], at: int, code: str, draft: _Draft) -> int:
        """The rest of "wards 12, 13 and 14" or "phase 1 and 2"; how many words it took."""
        start = at
        while at < len(tokens):
            step = 1 if tokens[at] in _AND else 0
            value = self._value(tokens, at + step, code) if at + step < len(tokens) else ""
            if not value or not value[0].isdigit() or self._is_quantity(tokens, at + step):
                break
            draft.parts[code].append(value)
            at += step + 1
        return at - start

    def _value(self, tokens: list[str], at: int, code: str) -> str:
        """A number in figures, Roman figures or words, or one letter; ``""`` if it is none."""
        if at >= len(tokens):
            return ""
        token = tokens[at]
        found = NUMBER.match(token)
        if found and not reading.YEAR.match(token):
            return found[1] + found[2]
        if token in ROMAN:
            return str(ROMAN[token])
        if token in self.lexicon.numbers:
            return str(self.lexicon.numbers[token])
        return token if len(token) == 1 and token.isalpha() and code in {"phase", "unit"} else ""

    def _is_quantity(self, tokens: list[str], at: int) -> bool:
        """Whether the number here counts things ("500 units") rather than naming one."""
        return at + 1 < len(tokens) and tokens[at].isdigit() and (
            tokens[at + 1] in MEASURES or (
                tokens[at + 1] in self.lexicon.quantity_units
                and len(tokens[at + 1]) > 1
                and tokens[at + 1] not in self.lexicon.designators
            )
        )  # fmt: skip

    def _phrase(self, tokens: list[str], at: int, draft: _Draft) -> int:
        """The longest phrase of the lexicon that starts here; how many words it took, or 0."""
        longest = min(self.lexicon.starts.get(tokens[at], 0), len(tokens) - at)
        if longest > 1 and (tokens[at], tokens[at + 1]) not in self._openings:
            longest = 1
        for length in range(longest, 0, -1):
            meaning = self.lexicon.phrases.get(tuple(tokens[at : at + length]))
            if meaning is not None and not (length == 1 and tokens[at] in self.lexicon.ambiguous):
                self._note(meaning, tokens, at, length, draft)
                return length
        return 0

    def _note(
        self, meaning: Meaning, tokens: list[str], at: int, length: int, draft: _Draft
    ) -> None:
        found = tokens[at : at + length]
        if not draft.network:
            for token in found:
                draft.network = draft.network or self.lexicon.networks.get(token, "")
        if meaning.role is Role.KIND:
            if at + length < len(tokens) and tokens[at + length] in self.lexicon.suburb_endings:
                draft.suburbs.append((meaning.code, found))
            else:
                draft.kinds.append(meaning.code)
        elif meaning.role is Role.ACTION:
            draft.action = draft.action or meaning.code
        elif meaning.role is Role.PLACE:
            draft.words.append(meaning.code)
        elif meaning.role is Role.COMMON:
            draft.commons.extend(found)
        elif meaning.role is Role.DESIGNATOR:
            draft.commons.extend(t for t in found if len(t) > 3)

    def _loose(self, tokens: list[str], at: int, draft: _Draft) -> int:
        """A word the lexicon does not know, a bare number, or an ambiguous abbreviation."""
        token, last = tokens[at], at == len(tokens) - 1
        number = NUMBER.match(token)
        if token in self.lexicon.ambiguous:
            self._ambiguous(token, tokens, draft)
        elif token in reading.ROADS and self._road(tokens, at):
            draft.words.append(token + tokens[at + 1].lstrip("0"))
            return 2
        elif reading.YEAR.match(token):
            return 2 if not last and reading.YEAR_END.match(tokens[at + 1]) else 1
        elif reading.QUANTITY.match(token):
            return 1
        elif number:
            if self._is_quantity(tokens, at):
                return 2
            if int(number[1]) <= MAX_NUMBER:
                draft.numbers.append(number[1] + number[2])
        elif token in reading.SURE_ROMAN or (last and token in self.lexicon.numbers):
            draft.numbers.append(self._value(tokens, at, ""))
        elif len(token) == 1:
            if last and at and token in _LAST_LETTERS and not _measured(tokens[at - 1]):
                draft.numbers.append(token)
        else:
            draft.words.append(token)
        return 1

    def _road(self, tokens: list[str], at: int) -> bool:
        """Whether these letters and the number after them are a road ("MR 43", "road D 1234")."""
        number = tokens[at + 1] if at + 1 < len(tokens) else ""
        if not number.isdigit() or len(number) > 5 or tokens[at + 2 : at + 3] == ["000"]:
            return False
        return len(tokens[at]) > 1 or not reading.ROAD_WORDS.isdisjoint(tokens)

    def _ambiguous(self, token: str, tokens: list[str], draft: _Draft) -> None:
        """The kind an abbreviation stands for here; a word that may be a name is kept for later."""
        choices = self.lexicon.ambiguous[token]
        if choices[0].alone:
            draft.commons.append(token)
            return
        for choice in choices:
            if not choice.near or choice.near.intersection(tokens):
                draft.kinds.append(choice.kind)
                return
        draft.commons.append(token)

    def _lone_kinds(self, tokens: list[str], draft: _Draft) -> None:
        """ "Park" is a kind of facility only in a name that has no other (Kempton Park clinic)."""
        for token in tokens:
            for choice in self.lexicon.ambiguous.get(token, ()):
                if choice.alone and choice.near.intersection(tokens):
                    draft.kinds.append(choice.kind)


def _settle_suburbs(draft: _Draft) -> None:
    """ "Reservoir Hills" is a place, and a reservoir only where the name has no other kind."""
    draft.words += [word for _, found in draft.suburbs for word in found]
    draft.kinds = draft.kinds or [kind for kind, _ in draft.suburbs]


def _measured(word: str) -> bool:
    """Whether a word ends a measure: the d of "10 Ml/d" is no name."""
    return word in MEASURES or reading.QUANTITY.match(word) is not None


def _ordinal(token: str, lexicon: Lexicon) -> str:
    """``"2"`` for "2nd", "second", "tweede"; ``""`` for other words."""
    found = reading.ORDINAL.match(token)
    if found:
        return found[1]
    return str(lexicon.numbers[token]) if token in lexicon.numbers else ""


__all__ = ["Decoded", "Decoder"]
