"""Names into fields: action, kind of facility, place words, phase, extension, numbers, codes.

Each distinct text is decoded once. Words the lexicon does not know are kept as proper names:
which project they point to is judged later by how rare they are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harvester.linkage.names import spelling
from harvester.rules import lexicon as words
from harvester.rules.lexicon import Lexicon, Meaning, Role

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_WORDS = 80
"""Words read of one text: a pasted page costs no more than a long name."""

MAX_CHARACTERS = 1_000
"""Characters read of one text."""

MAX_NUMBER = 40
"""A larger bare number counts something (houses, metres) rather than naming one of several."""

_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9,
          "x": 10, "xi": 11, "xii": 12, "xiii": 13, "xiv": 14, "xv": 15}  # fmt: skip
_SURE_ROMAN = frozenset({"ii", "iii", "iv", "vi", "vii", "viii", "ix", "xi", "xii"})
_NUMBER = re.compile(r"0*(\d{1,5})([a-z]?)\Z")
_ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th|de|ste)\Z")
_GLUED = re.compile(r"(phase|ph|fase|stage|extension|extn|ext|uitbr|x|nu|zone|unit|block|blk|ward|wyk)0*(\d{1,4}[a-z]?)\Z")  # fmt: skip
_QUANTITY = re.compile(r"r?\d+(?:mm|cm|m|m2|m3|km|ml|kl|l|ha|kv|kva|mva|mw|kw|v|a|mil|rm|bn)\Z")
_YEAR = re.compile(r"(?:19|20)\d\d\Z")
_CODE = re.compile(
    r"(?:(?!R)[A-Z]|[A-Z]{2,4})[/_-]?\d{5,}(?:[/_-][A-Z0-9]+)*|\d{5,}(?:[/_][A-Z0-9]+)+"
)
"""Ids written into a text: long figures with letters or strokes; bare figures count something."""
_CODESPEAK = re.compile(
    r"\s*P-?C(?P<where>NI|I)(?P<nature>N|ER|EU)\b[\s:.-]*(?P<rest>.*)", re.DOTALL
)
_PATH = re.compile(r"\s*(capital|operational)\s*:", re.IGNORECASE)
_NATURES = {"N": "construct", "ER": "rehabilitate", "EU": "upgrade"}
_MEASURES = frozenset(
    {"mm", "cm", "m", "m2", "m3", "km", "kms", "ml", "kl", "ha", "kv", "kva", "mva"}
)
_LAST_LETTERS = frozenset("abcdefgh")


@dataclass(frozen=True, slots=True)
class Decoded:
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
    """Fields as they are found, left to right."""

    action: str = ""
    kinds: list[str] = field(default_factory=list)
    network: str = ""
    parts: dict[str, list[str]] = field(default_factory=dict)
    numbers: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    commons: list[str] = field(default_factory=list)

    def done(self, codes: tuple[str, ...], *, codespeak: bool) -> Decoded:
        """The finished fields, without repeats, numbers in order."""
        part = {name: "+".join(sorted(set(found))) for name, found in self.parts.items()}
        return Decoded(
            action=self.action,
            kinds=tuple(dict.fromkeys(self.kinds)),
            network=self.network,
            phase=part.get("phase", ""),
            extension=part.get("extension", ""),
            unit=part.get("unit", ""),
            package=part.get("package", ""),
            erf=part.get("erf", ""),
            wards=tuple(sorted(set(self.parts.get("ward", ())))),
            numbers=tuple(sorted(set(self.numbers))),
            words=tuple(dict.fromkeys(self.words)),
            commons=tuple(dict.fromkeys(self.commons)),
            codes=codes,
            codespeak=codespeak,
        )


class Decoder:
    """Decodes texts of one run; spelling is judged against all words of that run."""

    def __init__(self, lexicon: Lexicon | None = None) -> None:
        self.lexicon = lexicon or words.load()
        self._respelt: dict[str, str] = {}
        self._unknown: frozenset[str] = frozenset()

    def learn(self, texts: Iterable[str] | Iterable[tuple[str, str]]) -> None:
        """Count the words of ``texts`` and settle which are misspellings of which.

        A text may come with its municipality. The outcome depends on the set of distinct texts
        only, not on their order.
        """
        counts: dict[str, int] = {}
        where: dict[str, set[str]] = {}
        for text, municipality in {t if isinstance(t, tuple) else (t, "") for t in texts}:
            for word in set(_fold(text)):
                counts[word] = counts.get(word, 0) + 1
                where.setdefault(word, set()).add(municipality)
        known = {w for phrase in self.lexicon.phrases for w in phrase}
        known |= set(self.lexicon.ambiguous) | set(self.lexicon.numbers)
        known |= set(self.lexicon.expand)
        unknown = {w: n for w, n in sorted(counts.items()) if w not in known and w.isalpha()}
        self._respelt = spelling.respell(unknown, self.lexicon.single_words(), where)
        self._unknown = frozenset(self._respelt.get(w, w) for w in unknown)

    def decode_all(self, texts: Iterable[str]) -> dict[str, Decoded]:
        """Each distinct text decoded once."""
        return {text: self.decode(text) for text in dict.fromkeys(texts)}

    def decode(self, text: str) -> Decoded:
        """One text into fields; an empty or unreadable one gives empty fields, never an error."""
        text = text[:MAX_CHARACTERS]
        codes = tuple(dict.fromkeys(_CODE.findall(text.upper()))) if _has_long_number(text) else ()
        bare = _CODE.sub(" ", text.upper()).lower() if codes else text
        draft = _Draft()
        spoken = _CODESPEAK.match(text)
        if spoken:
            draft.action = _NATURES[spoken["nature"]]
            bare = " ".join(self._expand(spoken["rest"]))
        elif _PATH.match(text):
            bare = _path_words(text, draft)
        tokens = self._joined(_fold(bare))
        self._scan(tokens, draft)
        self._lone_kinds(tokens, draft)
        codespeak = bool(spoken or _PATH.match(text))
        if codespeak:  # accounting words name a class of project, however rarely they are written
            draft.commons, draft.words = [*draft.commons, *draft.words], []
        return draft.done(codes, codespeak=codespeak)

    def _expand(self, rest: str) -> list[str]:
        """Accounting abbreviations in words."""
        speak = self.lexicon.codespeak
        return [w for word in _fold(rest) for w in speak.get(word, (word,))]

    def _joined(self, tokens: list[str]) -> list[str]:
        """Respelt words; two that others write as one ("Thaba Nchu") are one."""
        expand = self.lexicon.expand
        respelt = [expand.get(t) or self._respelt.get(t, t) for t in tokens]
        out: list[str] = []
        for token in respelt:
            if out and (out[-1] + token) in self._unknown and token.isalpha():
                out[-1] += token
            else:
                out.append(token)
        return out

    def _scan(self, tokens: list[str], draft: _Draft) -> None:
        at = 0
        while at < len(tokens):
            at += (
                self._part(tokens, at, draft)
                or self._phrase(tokens, at, draft)
                or self._loose(tokens, at, draft)
            )

    def _part(self, tokens: list[str], at: int, draft: _Draft) -> int:
        """A phase, extension, unit, ward ... with its number; how many words it took, or 0."""
        token = tokens[at]
        glued = _GLUED.match(token)
        if glued:
            code = self.lexicon.designators.get(glued[1], "")
            draft.parts.setdefault(code, []).append(glued[2])
            return 1 + self._more_numbers(tokens, at + 1, code, draft)
        following = tokens[at + 1] if at + 1 < len(tokens) else ""
        before = _ordinal(token, self.lexicon)
        if before and self.lexicon.designators.get(following) in {"phase", "extension", "unit"}:
            draft.parts.setdefault(self.lexicon.designators[following], []).append(before)
            return 2
        code = self.lexicon.designators.get(token, "")
        if not code:
            return 0
        skip = 1 if following in {"no", "nr", "nommer", "number"} else 0
        value = self._value(tokens, at + 1 + skip, code)
        measured = tokens[at + 2 + skip : at + 3 + skip]
        if not value or (measured and measured[0] in _MEASURES):
            return 0
        draft.parts.setdefault(code, []).append(value)
        return 2 + skip + self._more_numbers(tokens, at + 2 + skip, code, draft)

    def _more_numbers(self, tokens: list[str], at: int, code: str, draft: _Draft) -> int:
        """The rest of "wards 12, 13 and 14" or "phase 1 and 2"; how many words it took."""
        start = at
        while at < len(tokens):
            step = 1 if tokens[at] in {"and", "en", "to"} else 0
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
        found = _NUMBER.match(token)
        if found and not _YEAR.match(token):
            return found[1] + found[2]
        if token in _ROMAN:
            return str(_ROMAN[token])
        if token in self.lexicon.numbers:
            return str(self.lexicon.numbers[token])
        return token if len(token) == 1 and token.isalpha() and code in {"phase", "unit"} else ""

    def _is_quantity(self, tokens: list[str], at: int) -> bool:
        """Whether the number here counts things ("500 units") rather than naming one."""
        return at + 1 < len(tokens) and tokens[at].isdigit() and (
            tokens[at + 1] in self.lexicon.quantity_units
            and len(tokens[at + 1]) > 1
            and tokens[at + 1] not in self.lexicon.designators
        )  # fmt: skip

    def _phrase(self, tokens: list[str], at: int, draft: _Draft) -> int:
        """The longest phrase of the lexicon that starts here; how many words it took, or 0."""
        longest = min(self.lexicon.starts.get(tokens[at], 0), len(tokens) - at)
        for length in range(longest, 0, -1):
            meaning = self.lexicon.phrases.get(tuple(tokens[at : at + length]))
            if meaning is not None and not (length == 1 and tokens[at] in self.lexicon.ambiguous):
                self._note(meaning, tokens[at : at + length], draft)
                return length
        return 0

    def _note(self, meaning: Meaning, found: list[str], draft: _Draft) -> None:
        for token in found:
            draft.network = draft.network or self.lexicon.networks.get(token, "")
        if meaning.role is Role.KIND:
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
        if token in self.lexicon.ambiguous:
            self._ambiguous(token, tokens, draft)
        elif _YEAR.match(token):
            return 2 if not last and re.fullmatch(r"\d\d|(?:19|20)\d\d", tokens[at + 1]) else 1
        elif _QUANTITY.match(token):
            return 1
        elif _NUMBER.match(token):
            if self._is_quantity(tokens, at):
                return 2
            if int(_NUMBER.match(token)[1]) <= MAX_NUMBER:
                draft.numbers.append(self._value(tokens, at, ""))
        elif token in _SURE_ROMAN or (last and token in self.lexicon.numbers):
            draft.numbers.append(self._value(tokens, at, ""))
        elif len(token) == 1:
            if last and at and token in _LAST_LETTERS:
                draft.numbers.append(token)
        else:
            draft.words.append(token)
        return 1

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
        if draft.kinds:
            return
        for token in tokens:
            for choice in self.lexicon.ambiguous.get(token, ()):
                if choice.alone and choice.near.intersection(tokens):
                    draft.kinds.append(choice.kind)


def _fold(text: str) -> list[str]:
    return words.fold(text[:MAX_CHARACTERS])[:MAX_WORDS]


def _has_long_number(text: str) -> bool:
    return sum(c.isdigit() for c in text) >= 5


def _ordinal(token: str, lexicon: Lexicon) -> str:
    """``"2"`` for "2nd", "second", "tweede"; ``""`` for other words."""
    found = _ORDINAL.match(token)
    if found:
        return found[1]
    return str(lexicon.numbers[token]) if token in lexicon.numbers else ""


def _path_words(text: str, draft: _Draft) -> str:
    """The telling levels of ``Capital:Infrastructure:New:Roads Infrastructure:...``."""
    levels = [level.strip() for level in text.split(":")]
    said = {level.lower() for level in levels}
    if "new" in said:
        draft.action = "construct"
    elif "upgrading" in said:
        draft.action = "upgrade"
    elif "renewal" in said:
        draft.action = "rehabilitate"
    dull = {"capital", "operational", "infrastructure", "non-infrastructure", "new", "existing",
            "upgrading", "renewal"}  # fmt: skip
    return " ".join(level for level in levels if level.lower() not in dull)
