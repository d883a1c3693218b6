"""Rule files: YAML (with a CSV beside it for long lists), each with a head that says its source.

Every fault in a file is a :class:`ConfigurationError` that names the file and the key.
"""

from __future__ import annotations

import csv
import datetime as dt
import itertools
import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import yaml

from harvester.domain.errors import ConfigurationError
from harvester.rules import yamls

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

Choice = TypeVar("Choice", bound=StrEnum)

DATA = Path(__file__).parent / "data"
"""Folder of the rule files that come with the Harvester."""

LANGUAGES = "languages.yaml"
"""Beside rule files: what their codes are called in other languages than English."""


@dataclass(frozen=True)
class Head:
    """What a rule file says about itself.

    ``reference`` is the law, policy or code list; ``source`` where its words were read;
    ``from_date`` the day it holds from; ``verified`` whether the source was seen, not only known.
    """

    title: str
    reference: str
    source: str
    from_date: dt.date
    verified: bool
    notes: str


@dataclass(frozen=True)
class Parameters:
    """One rule file: its head, its keys and, where it names a ``table``, the rows of that CSV."""

    path: Path
    head: Head
    body: Mapping[str, object]
    rows: tuple[Mapping[str, str], ...] = ()

    def items(self, name: str) -> list[Entry]:
        """The list of mappings under ``name``, or the CSV rows when ``name`` is ``table``."""
        if name == "table":
            return [Entry(self.path, f"table row {n + 2}", row) for n, row in enumerate(self.rows)]
        return self.whole().items(name)

    def mapping(self, name: str) -> dict[str, Entry]:
        """The mapping of mappings under ``name``."""
        found = self.body.get(name)
        if not isinstance(found, dict):
            raise broken(self.path, name, "must be a mapping")
        return {str(k): entry(self.path, f"{name}.{k}", item) for k, item in found.items()}

    def whole(self) -> Entry:
        """The file itself, to read single keys from."""
        return Entry(self.path, "", self.body)


@dataclass(frozen=True)
class Entry:
    """One mapping of a rule file; its readers raise :class:`ConfigurationError` with the key."""

    path: Path
    where: str
    values: Mapping[str, object]

    def text(self, name: str, default: str | None = None) -> str:
        """A text; required unless a default is given."""
        value = self.values.get(name, default)
        if value is None:
            raise broken(self.path, self._key(name), "is missing")
        if isinstance(value, (str, int, float)) and not isinstance(value, bool):
            return str(value).strip()
        raise broken(self.path, self._key(name), f"must be text, not {value!r}")

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts (in a CSV: ``;`` between); empty when it is left out."""
        value = self.values.get(name)
        if value is None or value == "":
            return ()
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(";") if part.strip())
        if isinstance(value, list) and all(isinstance(v, (str, int)) for v in value):
            if any(isinstance(v, bool) for v in value):
                raise broken(self.path, self._key(name), "quote words such as yes, no and on")
            return tuple(str(v).strip() for v in value)
        raise broken(self.path, self._key(name), f"must be a list of texts, not {value!r}")

    def number(self, name: str, default: int | None = None) -> int:
        """A whole number; required unless a default is given."""
        value = self.values.get(name, default)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        raise broken(self.path, self._key(name), f"must be a whole number, not {value!r}")

    def flag(self, name: str, *, default: bool | None = None) -> bool:
        """True or false; required unless a default is given."""
        value = self.values.get(name, default)
        if isinstance(value, bool):
            return value
        raise broken(self.path, self._key(name), f"must be true or false, not {value!r}")

    def day(self, name: str) -> dt.date | None:
        """A date, or ``None`` when it is left out."""
        value = self.values.get(name)
        if value is None or isinstance(value, dt.date):
            return value
        raise broken(self.path, self._key(name), f"must be a date like 2018-07-01, not {value!r}")

    def choice(self, name: str, kind: type[Choice]) -> Choice:
        """One of the values of an enum; required."""
        value = self.text(name)
        try:
            return kind(value)
        except ValueError as error:
            allowed = ", ".join(kind)
            message = f"must be one of {allowed}, not {value!r}"
            raise broken(self.path, self._key(name), message) from error

    def only(self, *names: str) -> Entry:
        """This mapping, once it is sure that it has no other keys (a comma in words makes one)."""
        others = sorted({str(key) for key in self.values} - set(names))
        if others:
            raise broken(self.path, self.where, f"has keys nobody reads: {', '.join(others)}")
        return self

    def items(self, name: str) -> list[Entry]:
        """The list of mappings under ``name``; required."""
        value = self.values.get(name)
        if not isinstance(value, list):
            raise broken(self.path, self._key(name), "must be a list")
        return [entry(self.path, f"{self._key(name)}[{n}]", v) for n, v in enumerate(value)]

    def _key(self, name: str) -> str:
        return f"{self.where}.{name}" if self.where else name


def broken(path: Path, key: str, what: str) -> ConfigurationError:
    """The error for a rule file that is wrong at ``key``."""
    return ConfigurationError(
        f"{key} {what}.", where=f"rule file {path.name}", mend=f"Mend {path}."
    )


def entry(path: Path, where: str, value: object) -> Entry:
    """``value`` as an :class:`Entry`; raises when it is no mapping."""
    if not isinstance(value, dict):
        raise broken(path, where, f"must be a mapping, not {value!r}")
    return Entry(path, where, value)


def read(path: Path) -> Parameters:
    """Read one rule file.

    Raises :class:`ConfigurationError` when the file is missing, is no YAML mapping, or its head
    lacks ``title``, ``reference``, ``from`` or ``verified``.
    """
    body = _yaml(path)
    top = Entry(path, "", body)
    from_date = top.day("from")
    if from_date is None:
        raise broken(path, "from", "is missing")
    reference = top.text("reference")
    head = Head(
        title=top.text("title"),
        reference=reference,
        source=top.text("source", reference),
        from_date=from_date,
        verified=top.flag("verified"),
        notes=top.text("notes", ""),
    )
    table = top.text("table", "")
    return Parameters(path, head, body, _table(path.parent / table) if table else ())


def in_languages(path: Path, part: str, known: Container[str]) -> dict[str, tuple[str, ...]]:
    """Further words of ``known`` codes, whatever the language, from a part of a file of languages.

    Nothing where there is no such file or part. Raises :class:`ConfigurationError` for a code that
    is not known.
    """
    if not path.exists() or part not in (told := read(path)).body:
        return {}
    found = {}
    for code, by_language in told.mapping(part).items():
        if code not in known:
            raise broken(path, f"{part}.{code}", "is a code of no list here")
        words = (by_language.texts(language) for language in by_language.values)
        found[code] = tuple(itertools.chain.from_iterable(words))
    return found


def _yaml(path: Path) -> dict[str, object]:
    try:
        body = yamls.load(path.read_text("utf-8"))
    except OSError as error:
        raise broken(path, "the file", f"cannot be read ({error.strerror})") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise broken(path, "the file", f"is not good YAML: {error}") from error
    if not isinstance(body, dict):
        raise broken(path, "the file", "must be a mapping")
    _refuse_cut_words(path, "", body)
    return body


_KEY = re.compile(r"[\w.-]+")


def _refuse_cut_words(path: Path, where: str, value: object) -> None:
    """Refuse words that a comma cut in two: YAML makes an empty key of what follows it."""
    if isinstance(value, dict):
        for key, inner in value.items():
            here = f"{where}.{key}" if where else str(key)
            if inner is None and not _KEY.fullmatch(str(key)):
                raise broken(path, here, "is the end of words that a comma cut: put them in quotes")
            _refuse_cut_words(path, here, inner)
    elif isinstance(value, list):
        for n, inner in enumerate(value):
            _refuse_cut_words(path, f"{where}[{n}]", inner)


def _table(path: Path) -> tuple[Mapping[str, str], ...]:
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            reader = csv.DictReader(stream, strict=True)
            rows = tuple(reader)
    except OSError as error:
        raise broken(path, "the file", f"cannot be read ({error.strerror})") from error
    except (csv.Error, UnicodeDecodeError) as error:
        raise broken(path, "the file", f"is not a good CSV: {error}") from error
    for number, row in enumerate(rows, start=2):
        if None in row or None in row.values():
            raise broken(path, f"row {number}", f"has not {len(reader.fieldnames or [])} columns")
    return rows
