"""The words of project names: kinds of facility, actions, parts, places, common words.

Data, with sources, in ``rules/data/lexicon/*.yaml``. A word that is not here is not lost: linkage
treats it as a proper name and weighs it by how rare it is.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from harvester.domain.errors import ConfigurationError
from harvester.rules import word_forms, yamls

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

FILES = ("kinds", "actions", "parts", "words", "places", "mscoa", "languages", "renamed")
"""Files of ``rules/data/lexicon``; what an earlier one says of a word stands."""

_WORD = re.compile(r"[^\W_]+")
_DOTTED = re.compile(r"(?<!\w)[a-z](?:\.[a-z])+\.?(?!\w)")
_APOSTROPHES = str.maketrans("", "", "'`\u2018\u2019\u02bc\u00b4")
_ASCII_SIGNS = bytes(c if bytes((c,)).isalnum() else 32 for c in range(256))
"""Of plain letters and figures alone, each sign as a space: several times as quick as a pattern."""


class Role(StrEnum):
    """What a word of a name does there."""

    KIND = "kind"
    ACTION = "action"
    PLACE = "place"
    DESIGNATOR = "designator"
    STOP = "stop"
    COMMON = "common"


@dataclass(frozen=True)
class Meaning:
    """What a word or phrase means: its role and its code (a place's is its current name)."""

    role: Role
    code: str


@dataclass(frozen=True)
class Kind:
    """A kind of facility. ``general`` kinds (furniture, vehicles) have no place of their own."""

    code: str
    label: str
    group: str
    general: bool = False


@dataclass(frozen=True)
class Choice:
    """One meaning of an ambiguous word, taken when a word of ``near`` is in the name.

    ``alone``: only where nothing else in the name is a kind of facility.
    """

    kind: str
    near: frozenset[str]
    alone: bool = False


@dataclass(frozen=True)
class Learned:
    """Words and phrases that people's decisions taught, with what each means."""

    phrases: Mapping[tuple[str, ...], Meaning]

    def __bool__(self) -> bool:
        return bool(self.phrases)

    def written(self) -> str:
        """As JSON, in a settled order."""
        rows = sorted((list(w), m.role.value, m.code) for w, m in self.phrases.items())
        return json.dumps(rows, ensure_ascii=False)

    @classmethod
    def read(cls, written: str) -> Learned:
        """From JSON that :meth:`written` made."""
        return cls({
            tuple(words): Meaning(Role(role), code) for words, role, code in json.loads(written)
        })  # fmt: skip


LONG_WORD = 9
"""Letters from which a word of any language may be what a misspelt one was meant to be."""

CLOSED_LANGUAGES = ("en", "af")


@dataclass(frozen=True)
class Lexicon:
    """All words. ``phrases`` maps folded words to meanings; ``starts`` the longest by first word.

    ``closed``: English and Afrikaans words, and those of common speech, which no name is like.
    ``suburb_endings``: a kind of facility before one of these may be part of a suburb's name.
    """

    kinds: Mapping[str, Kind]
    actions: Mapping[str, str]
    phrases: Mapping[tuple[str, ...], Meaning]
    starts: Mapping[str, int]
    designators: Mapping[str, str]
    networks: Mapping[str, str]
    ambiguous: Mapping[str, tuple[Choice, ...]]
    numbers: Mapping[str, int]
    quantity_units: frozenset[str]
    codespeak: Mapping[str, tuple[str, ...]]
    expand: Mapping[str, str]
    closed: frozenset[str] = frozenset()
    suburb_endings: frozenset[str] = frozenset()

    def with_learned(self, learned: Learned) -> Lexicon:
        """This lexicon and the learned phrases it has no meaning for; its own always stand."""
        phrases, starts = dict(self.phrases), dict(self.starts)
        for words, meaning in sorted(learned.phrases.items()):
            taken = words in phrases or (len(words) == 1 and self._uses(words[0]))
            if words and not taken:
                phrases[words] = meaning
                starts[words[0]] = max(starts.get(words[0], 0), len(words))
        return replace(self, phrases=phrases, starts=starts)

    def _uses(self, word: str) -> bool:
        """Whether a single word has a use here beside those of phrases."""
        return word in self.designators or word in self.ambiguous or word in self.numbers

    def place_words(self) -> frozenset[str]:
        """Words of names of places that have no other use here: what a misspelt name may mean."""
        names = {w for p, m in self.phrases.items() if m.role is Role.PLACE for w in p}
        other = {w for p, m in self.phrases.items() if m.role is not Role.PLACE for w in p}
        return frozenset(
            w for w in names - other if w not in self.expand and not self._uses(w) and w.isalpha()
        )

    def single_words(self) -> list[str]:
        """Words of kinds, actions and common speech, sorted: targets for misspelt words.

        Words of the nine languages written in open syllables only when they are long: names of
        places are made of the same syllables, and a short one is soon one slip from such a word.
        """
        wanted = {Role.KIND, Role.ACTION, Role.COMMON}
        said = {w for p, m in self.phrases.items() if m.role in wanted for w in p if w.isalpha()}
        return sorted(w for w in said if len(w) >= LONG_WORD or w in self.closed)


def fold(text: str) -> list[str]:
    """Words of a text: lower case, no accents, no apostrophes, ``&`` read as "and".

    Letters with full stops between are one word (``W.W.T.W.``).
    """
    plain = text.lower().replace("&", " and ")
    ascii_only = plain.isascii()
    if not ascii_only:
        decomposed = unicodedata.normalize("NFKD", plain)
        plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    if "." in plain:
        plain = _DOTTED.sub(lambda found: found[0].replace(".", ""), plain)
    if ascii_only:
        return plain.encode("ascii").translate(_ASCII_SIGNS, b"'`").decode("ascii").split()
    return _WORD.findall(plain.translate(_APOSTROPHES))


@cache
def load() -> Lexicon:
    """The lexicon of the package. Raises :class:`ConfigurationError` naming a faulty file."""
    return build({name: _read(name) for name in FILES})


def build(data: Mapping[str, Mapping[str, object]]) -> Lexicon:
    """A lexicon from the parsed YAML files.

    A phrase in two roles takes the first of kind, action, place, designator, stop, common; a
    phrase that names two kinds, two actions or two places is a :class:`ConfigurationError`.
    """
    phrases: dict[tuple[str, ...], Meaning] = {}
    for words, meaning in _meanings(data):
        known = phrases.setdefault(words, meaning)
        if known.role == meaning.role and known.code != meaning.code:
            what = f"'{' '.join(words)}' means both {known.code} and {meaning.code}."
            raise ConfigurationError(what, where="rules/data/lexicon", mend="Keep one of them.")
    for words, meaning in [*_more_meanings(data), *_forms(data)]:
        phrases.setdefault(words, meaning)
    starts: dict[str, int] = {}
    for words in phrases:
        starts[words[0]] = max(starts.get(words[0], 0), len(words))
    parts, kinds = data["parts"], data["kinds"]
    return Lexicon(
        kinds={_text(k, "code"): _kind(k) for k in _records(kinds, "kinds")},
        actions={_text(a, "code"): _text(a, "label") for a in _records(data["actions"], "actions")},
        phrases=phrases,
        starts=starts,
        designators={
            word: _text(d, "code")
            for d in _records(parts, "designators")
            for word in [*_texts(d, "words"), *_more(data, "designators", _text(d, "code"))]
            if len(fold(word)) == 1
        },
        networks={
            word: _text(n, "code")
            for n in _records(parts, "networks")
            for word in _texts(n, "words")
        },
        ambiguous={_text(a, "word"): _choices(a) for a in _records(kinds, "ambiguous")},
        numbers={**_numbers(data["languages"], "numbers"), **_numbers(parts, "number_words")},
        quantity_units=frozenset(_texts(parts, "quantity_units")),
        codespeak=_codespeak(data["mscoa"]),
        expand=_expansions(data["words"]),
        closed=frozenset(_closed(data)),
        suburb_endings=frozenset(_texts(data["places"], "suburb_endings")),
    )


def _closed(data: Mapping[str, Mapping[str, object]]) -> Iterator[str]:
    """Words of English, Afrikaans and common speech."""
    for kind in _records(data["kinds"], "kinds"):
        for language, words in _mapping(kind, "words").items():
            if language in CLOSED_LANGUAGES:
                yield from (w for text in words for w in fold(str(text)))
    for action in _records(data["actions"], "actions"):
        yield from (w for text in _texts(action, "words") for w in fold(text))
    yield from (w for text in _texts(data["words"], "common") for w in fold(text))


@cache
def place_names() -> tuple[tuple[str, ...], ...]:
    """Every place with several names, the current one first."""
    data = {name: _read(name) for name in ("places", "renamed")}
    return tuple(tuple(names) for names in _named_places(data))


def _named_places(data: Mapping[str, Mapping[str, object]]) -> list[list[str]]:
    renamed = [_texts(record, "names") for record in _records(data["renamed"], "renamed")]
    return [*_lists(data["places"], "places"), *renamed]


def _meanings(
    data: Mapping[str, Mapping[str, object]],
) -> Iterator[tuple[tuple[str, ...], Meaning]]:
    for kind in _records(data["kinds"], "kinds"):
        words = kind.get("words")
        if not isinstance(words, dict):
            raise _fault(f"kind {kind.get('code')!r} has no words by language")
        for language in words:
            yield from _as(Role.KIND, _text(kind, "code"), _texts(words, language))
    for action in _records(data["actions"], "actions"):
        yield from _as(Role.ACTION, _text(action, "code"), _texts(action, "words"))
    for names in _named_places(data):
        yield from _as(Role.PLACE, "_".join(fold(names[0])), names)
    for designator in _records(data["parts"], "designators"):
        yield from _as(Role.DESIGNATOR, _text(designator, "code"), _texts(designator, "words"))
    yield from _as(Role.STOP, "", _texts(data["words"], "stop"))
    yield from _as(Role.COMMON, "", _texts(data["words"], "common"))


def _more_meanings(
    data: Mapping[str, Mapping[str, object]],
) -> Iterator[tuple[tuple[str, ...], Meaning]]:
    """Words of languages.yaml; those that an earlier file knows keep that meaning."""
    for role, key, earlier in ((Role.KIND, "kinds", "kinds"), (Role.ACTION, "actions", "actions")):
        known = {_text(record, "code") for record in _records(data[earlier], key)}
        for code, by_language in _mapping(data["languages"], key).items():
            if code not in known:
                raise _fault(f"languages.yaml has {key} {code!r}, which {earlier}.yaml has not")
            for language in by_language:
                yield from _as(role, code, _texts(by_language, language))
    for code in _mapping(data["languages"], "designators"):
        yield from _as(Role.DESIGNATOR, code, _more(data, "designators", code))


def _more(data: Mapping[str, Mapping[str, object]], key: str, code: str) -> list[str]:
    """Words languages.yaml adds to those of a code, if any."""
    added = data["languages"].get(key)
    return _texts(added, code) if isinstance(added, dict) and code in added else []


def _forms(
    data: Mapping[str, Mapping[str, object]],
) -> Iterator[tuple[tuple[str, ...], Meaning]]:
    """Concords and locatives of the nouns of kinds: kwesikole samabanga aphansi."""
    grammar = _mapping(data["languages"], "grammar")
    concords = _texts(grammar["nguni"], "concords")
    rules: dict[str, Callable[[str], Iterator[str]]] = {
        "nguni": lambda word: word_forms.nguni(word, concords),
        "sotho": word_forms.sotho,
        "venda": word_forms.venda,
    }
    by_code = [(_text(k, "code"), k["words"]) for k in _records(data["kinds"], "kinds")]
    for code, by_language in [*by_code, *_mapping(data["languages"], "kinds").items()]:
        for name, rule in rules.items():
            for language in _texts(grammar[name], "languages"):
                for phrase in (
                    by_language.get(language, ()) if isinstance(by_language, dict) else ()
                ):
                    first, *rest = fold(phrase)
                    if len(first) >= int(str(grammar[name]["shortest"])):
                        for form in rule(first):
                            yield (form, *rest), Meaning(Role.KIND, code)


def _mapping(record: Mapping[str, object], key: str) -> dict[str, dict[str, object]]:
    found = record.get(key)
    if not isinstance(found, dict):
        raise _fault(f"{key} is not a mapping")
    return found


def _as(role: Role, code: str, words: Iterable[str]) -> Iterator[tuple[tuple[str, ...], Meaning]]:
    for word in words:
        folded = tuple(fold(word))
        if folded:
            yield folded, Meaning(role, code)


def _kind(record: Mapping[str, object]) -> Kind:
    general = record.get("general") is True
    return Kind(_text(record, "code"), _text(record, "label"), _text(record, "group"), general)


def _choices(record: Mapping[str, object]) -> tuple[Choice, ...]:
    return tuple(
        Choice(_text(c, "kind"), frozenset(_texts(c, "near")), c.get("alone") is True)
        for c in _records(record, "choices")
    )


def _numbers(data: Mapping[str, object], key: str) -> dict[str, int]:
    found = data.get(key)
    if not isinstance(found, dict):
        raise _fault(f"{key} is missing")
    return {str(word): int(value) for word, value in found.items()}


def _expansions(words: Mapping[str, object]) -> dict[str, str]:
    found = words.get("expand")
    if not isinstance(found, dict):
        raise _fault("words.yaml has no expand")
    return {str(short): str(written) for short, written in found.items()}


def _codespeak(mscoa: Mapping[str, object]) -> dict[str, tuple[str, ...]]:
    found = mscoa.get("abbreviations")
    if not isinstance(found, dict):
        raise _fault("mscoa.yaml has no abbreviations")
    return {str(short).lower(): tuple(fold(str(words))) for short, words in found.items()}


def _read(name: str) -> dict[str, object]:
    path = files("harvester.rules") / "data" / "lexicon" / f"{name}.yaml"
    found = yamls.load(path.read_text(encoding="utf-8"))
    if not isinstance(found, dict):
        raise _fault(f"{name}.yaml is not a mapping")
    return found


def _records(record: Mapping[str, object], key: str) -> list[dict[str, object]]:
    found = record.get(key)
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise _fault(f"{key} is not a list of records")
    return found


def _lists(record: Mapping[str, object], key: str) -> list[list[str]]:
    found = record.get(key)
    if not isinstance(found, list) or not all(isinstance(item, list) and item for item in found):
        raise _fault(f"{key} is not a list of lists")
    return [[str(word) for word in item] for item in found]


def _texts(record: Mapping[str, object], key: str) -> list[str]:
    found = record.get(key)
    # YAML reads an unquoted `no` or `on` as false or true; such a word must be quoted.
    if not isinstance(found, list) or not all(isinstance(word, str) for word in found):
        raise _fault(f"{key} is not a list of words: {found!r}")
    return list(found)


def _text(record: Mapping[str, object], key: str) -> str:
    found = record.get(key)
    if not isinstance(found, str):
        raise _fault(f"{key} is missing or not text in {dict(record)!r}")
    return found


def _fault(what: str) -> ConfigurationError:
    return ConfigurationError(f"{what}.", where="rules/data/lexicon", mend="Mend the YAML file.")
