"""Institutions by code, and by every name they are known by."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from harvester.rules import parameters
from harvester.rules.institution_files import MUNICIPAL, InstitutionWords, Named, everything
from harvester.rules.institution_names import CODE_IN_TEXT, department_names, municipal_names
from harvester.rules.text import key, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from harvester.domain.institutions import Institution

NATIONAL = "national"
"""Pass as ``province`` to ask for a national department."""

_NATIONAL_KEYS = frozenset(
    {"national", "southafrica", "rsa", "za", "zaf", "republicofsouthafrica", "nat"}
)
_NATIONAL_BEGINNINGS = ("national ", "nasionale ")


@dataclass(frozen=True)
class InstitutionBook:
    """All institutions; names resolve only when exactly one institution answers to them."""

    named: tuple[Named, ...] = field(repr=False)
    functions_of_sectors: dict[str, str] = field(repr=False)
    other_words: InstitutionWords = field(repr=False)
    _by_code: dict[str, Named] = field(init=False, compare=False, repr=False)
    _by_key: dict[str, tuple[str, ...]] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_code", {n.institution.code: n for n in self.named})
        index: dict[str, dict[str, None]] = {}
        for n in self.named:
            for name in (n.institution.code, n.institution.name, *n.institution.aliases):
                index.setdefault(key(name), {})[n.institution.code] = None
        object.__setattr__(self, "_by_key", {k: tuple(codes) for k, codes in index.items()})

    @property
    def all(self) -> tuple[Institution, ...]:
        """Every institution: metros, districts, local municipalities, provinces and so on."""
        return tuple(n.institution for n in self.named)

    @property
    def metros(self) -> tuple[Institution, ...]:
        """The eight metropolitan municipalities."""
        return tuple(n.institution for n in self.named if n.kind == "metro")

    @property
    def provinces(self) -> tuple[Institution, ...]:
        """The nine provinces."""
        return tuple(n.institution for n in self.named if n.kind == "province")

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def __iter__(self) -> Iterator[Institution]:
        return iter(self.all)

    def get(self, code: str) -> Institution | None:
        """The institution of a code, or ``None``."""
        found = self._by_code.get(code)
        return found.institution if found else None

    def name(self, code: str) -> str:
        """Its name, with its province where the name alone does not tell; the code if unknown."""
        found = self._by_code.get(code)
        if found is None:
            return code
        if found.kind == "department":
            return f"{self.name(found.institution.province)}: {found.institution.name}"
        if found.kind == "district":
            return f"{found.institution.name} District"
        if found.kind == "national" and len(self._candidates(found.institution.name)) > 1:
            return f"National: {found.institution.name}"
        return found.institution.name

    def kind(self, code: str) -> str:
        """metro, local, district, province, department, national, entity; ``""`` if unknown."""
        found = self._by_code.get(code)
        return found.kind if found else ""

    def district(self, code: str) -> str:
        """District code of a local municipality, else ``""``."""
        found = self._by_code.get(code)
        return found.district if found else ""

    def sectors(self, code: str) -> tuple[str, ...]:
        """Sectors a department or entity answers for, leading one first."""
        found = self._by_code.get(code)
        return found.sectors if found else ()

    def function(self, code: str) -> str:
        """Function code that follows from its only sector, else ``""`` (it does several things)."""
        sectors = self.sectors(code)
        return self.functions_of_sectors.get(sectors[0], "") if len(sectors) == 1 else ""

    def serving(self, province: str, sector: str) -> str | None:
        """Code of the department of ``province`` that answers for ``sector``; leading one first."""
        found = [
            n for n in self.named if n.kind == "department" and n.institution.province == province
        ]
        ranked = sorted(
            (n.sectors.index(sector), n.institution.code) for n in found if sector in n.sectors
        )
        return ranked[0][1] if ranked else None

    def province(self, text: str) -> str | None:
        """Province code of a name, code or abbreviation; ``None`` when it is none."""
        found = self._only(self._candidates(text), kinds=("province",))
        if found:
            return found
        shorter = re.sub(
            r" (?:\d{1,2}|province|government|provincial government)$", "", words(text)
        )
        return self._only(self._candidates(shorter), kinds=("province",))

    def is_national(self, text: str) -> bool:
        """Whether a text names the country as a whole (``South Africa``, ``National``)."""
        return key(text) in _NATIONAL_KEYS

    def municipality(self, text: str, province: str = "") -> str | None:
        """Code of the municipality a text names; ``None`` when none or more than one does.

        Takes names with or without ``Local Municipality`` and the like, codes in brackets or in
        front (``Buffalo City(BUF)``, ``EC101 - Dr Beyers Naudé``), a province in front
        (``Eastern Cape: Buffalo City``), DHIS prefixes (``ec Makana``) and segment suffixes (``METRO MUN: TSHWANE 17``). A code and a name that disagree name no
        municipality. ``province`` (code or name) decides between namesakes.
        """
        within = self.province(province) if province else None
        before, colon, after = text.partition(":")
        if colon and (stated := self.province(before)):
            within, text = stated, after
        code = self._code_in(text)
        bare = CODE_IN_TEXT.sub(" ", text)
        if code and not key(bare):
            return code
        named = (None if code else self._municipality_named(text, within)) or (
            self._municipality_named(bare, within) or self._joined(bare, within)
        )
        if code and named and named != code and code not in self._candidates(bare):
            return None
        return code or named

    def department(self, text: str, province: str) -> str | None:
        """Code of the department (or entity) a text names, seen from a province.

        ``province`` is a code or a name; ``national`` or ``South Africa`` asks for a national
        department; ``""`` accepts only what needs no province. ``KwaZulu-Natal: Education`` and
        ``KZN Department of Education`` bring their own. A name no department of the province has
        is tried among national departments and entities (``Basic Education`` in KwaZulu-Natal).
        """
        within, rest = self._split_province(text)
        if not within and words(text).startswith(_NATIONAL_BEGINNINGS):
            within = NATIONAL
        if not within:
            within = NATIONAL if self.is_national(province) else (self.province(province) or "")
        for name in department_names(rest):
            found = self._department_named(name, within)
            if found:
                return found
        return None

    def resolve(self, text: str, *, province: str = "") -> str | None:
        """Code of whatever institution a text names, or ``None``; exact aliases, never a guess."""
        if not key(text):
            return None
        if not province and text.strip() in self._by_code:
            return text.strip()
        own = self._only(self._candidates(text))
        if own:
            return own
        province_code = self.province(text)
        if province_code:
            return province_code
        municipality = self.municipality(text, province)
        department = self.department(text, province)
        if municipality and department and municipality != department:
            return None
        return municipality or department

    def is_vague(self, text: str) -> bool:
        """Whether a text is known to name nobody (``Various``, ``Private sector``) or is empty."""
        wanted = key(text)
        return not wanted or wanted in self.other_words.vague

    def names_own(self, text: str) -> bool:
        """Whether a text in a municipality's own document names the municipality or a part of it."""
        padded = f" {words(text)} "
        return key(text) in self.other_words.own or any(
            f" {w} " in padded for w in self.other_words.own_contains
        )

    def is_explicit(self, text: str) -> bool:
        """Whether a text says that it names a department of a province or of the country."""
        plain = words(text)
        if any(plain.startswith(f"{words(w)} ") for w in self.other_words.explicit):
            return True
        return bool(self._split_province(text)[0])

    def namesakes(self, text: str) -> tuple[str, ...]:
        """Codes of every institution a text could name; several make it ambiguous."""
        found = map(self._candidates, (text, *department_names(text)))
        return next((codes for codes in found if codes), ())

    def suggestions(self) -> tuple[str, ...]:
        """Every accepted name, for showing the nearest ones to a person."""
        return tuple(dict.fromkeys(i.name for i in self.all))

    def clashes(self) -> dict[str, tuple[str, ...]]:
        """Keys that more than one institution answers to (they resolve only with a province)."""
        return {k: codes for k, codes in sorted(self._by_key.items()) if len(codes) > 1}

    def _candidates(self, text: str) -> tuple[str, ...]:
        return self._by_key.get(key(text), ())

    def _only(
        self,
        codes: Iterable[str],
        *,
        kinds: tuple[str, ...] = (),
        province: str | None = None,
    ) -> str | None:
        kept = [
            c
            for c in codes
            if (not kinds or self._by_code[c].kind in kinds)
            and (province is None or self._by_code[c].institution.province == province)
        ]
        return kept[0] if len(kept) == 1 else None

    def _code_in(self, text: str) -> str | None:
        found = CODE_IN_TEXT.search(text)
        if found is None:
            return None
        return self._only(self._candidates(found[1] or found[2]), kinds=MUNICIPAL)

    def _joined(self, text: str, province: str | None) -> str | None:
        """``Nkonkobe/Nxuba``: former municipalities that are one municipality now."""
        parts = [part for part in text.split("/") if key(part)]
        if len(parts) < 2:
            return None
        found = {self._municipality_named(part, province) for part in parts}
        return found.pop() if len(found) == 1 else None

    def _municipality_named(self, text: str, province: str | None) -> str | None:
        for name, kind, hinted in municipal_names(words(text)):
            found = [c for c in self._candidates(name) if self._by_code[c].kind in MUNICIPAL]
            within = province or hinted
            # A kind that is stated decides between namesakes; so does an official name, since
            # "Pixley ka Seme" is one municipality's name and another's former one.
            official = [c for c in found if key(self._by_code[c].institution.name) == key(name)]
            for codes, kinds in ((found, (kind,)), (found, MUNICIPAL), (official, MUNICIPAL)):
                code = self._only(codes, kinds=kinds, province=within)
                if code:
                    return code
        return None

    def _split_province(self, text: str) -> tuple[str, str]:
        """``("KZN", "Education")`` of ``KwaZulu-Natal: Education``; ``("", text)`` without one."""
        before, colon, after = text.partition(":")
        if colon and self.is_national(before):
            return NATIONAL, after
        if colon and (code := self.province(before)):
            return code, after
        parts = words(text).split()
        for size in (3, 2, 1):
            front, back = " ".join(parts[:size]), " ".join(parts[-size:])
            if len(parts) > size and (code := self.province(front)):
                return code, " ".join(parts[size:])
            if len(parts) > size and (code := self.province(back)):
                return code, " ".join(parts[:-size])
        return "", text

    def _department_named(self, name: str, province: str) -> str | None:
        found = self._candidates(name)
        if province and province != NATIONAL:
            own = self._only(found, kinds=("department",), province=province)
            if own:
                return own
            if any(self._by_code[c].institution.province == province for c in found):
                return None
        elsewhere = self._only(found, kinds=("national", "entity"))
        if province or self._only(found):
            return elsewhere or self._only(found, kinds=("department",))
        return None


@cache
def load(folder: Path = parameters.DATA / "institutions") -> InstitutionBook:
    """The book of institutions from the rule files.

    Raises :class:`ConfigurationError` when a file is broken or a code is there twice.
    """
    return InstitutionBook(*everything(folder))
