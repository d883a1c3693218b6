"""Whose a row is, and where: owner, sphere, municipality and province of a row's own words.

Pure: one combination of texts in, codes and doubts out; the stage applies it to distinct
combinations only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harvester.domain.documents import Document, Sphere
from harvester.engine.schema import UNKNOWN
from harvester.rules.institutions import NATIONAL

if TYPE_CHECKING:
    from harvester.rules.codes import CodeList
    from harvester.rules.institutions import InstitutionBook

MUNICIPAL_KINDS = frozenset({"metro", "local", "district"})

_SPHERE_OF_DOCUMENT = {
    Document.BUDGET: Sphere.LOCAL,
    Document.IN_YEAR: Sphere.LOCAL,
    Document.PROVINCIAL_PROJECTS: Sphere.PROVINCIAL,
    Document.NATIONAL_PROJECTS: Sphere.NATIONAL,
    Document.AGENCY_PROJECTS: Sphere.ENTITY,
}
"""Documents in which one sphere lists its own projects; the others mix spheres."""


@dataclass(frozen=True)
class Submission:
    """What a submission says for all of its rows."""

    document: str
    institution: str
    sheet: str = ""


@dataclass(frozen=True)
class Words:
    """The texts of a row that say whose it is and where."""

    owner: str = ""
    sphere: str = ""
    province: str = ""
    municipality: str = ""


@dataclass(frozen=True)
class Doubt:
    """One field of a row that could not be resolved: which, how (a problem code), and its text."""

    field: str
    code: str
    text: str
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Parties:
    """Codes of a row's owner, sphere, municipality and province, each perhaps ``unknown``."""

    owner: str
    sphere: str
    metro: str
    province: str
    doubts: tuple[Doubt, ...] = ()


@dataclass
class PartyResolver:
    """Resolves rows' parties; keeps what it has seen, so a text is looked up once."""

    book: InstitutionBook
    spheres: CodeList
    _seen: dict[tuple[Submission, Words], Parties] = field(default_factory=dict)

    def resolve(self, submission: Submission, words: Words) -> Parties:
        """Owner, sphere, municipality and province of a row.

        - municipality: its own text; where that is empty (or says ``Various``) the publisher when
          it is a municipality, else the sheet's name;
        - owner: its own text, seen from its sphere and province; where that is empty the publisher
          of a document of its own, the municipality for the local sphere;
        - sphere: the owner's, else its own text, else that of a one-sphere document;
        - province: its own text, else the municipality's, the owner's, the publisher's.
        A text that cannot be resolved is ``unknown`` with a :class:`Doubt`; nothing stands in for it.
        """
        known = self._seen.get((submission, words))
        if known is None:
            known = self._seen[submission, words] = self._resolve(submission, words)
        return known

    def _resolve(self, submission: Submission, words: Words) -> Parties:
        doubts: list[Doubt] = []
        stated = self._province(words.province, doubts)
        metro = self._metro(submission, words, stated, doubts)
        sphere = self._sphere(words.sphere, doubts)
        home = stated or self._province_of(metro)
        owner = self._owner(submission, words, _Seen(metro, sphere, home), doubts)
        owned = self.book.get(owner)
        if owned:
            sphere = str(owned.sphere)
        elif not sphere:
            sphere = self._sphere_of_document(submission, words)
        province = home or self._province_of(owner) or self._province_of(submission.institution)
        return Parties(owner, sphere or UNKNOWN, metro, province or UNKNOWN, tuple(doubts))

    def _province(self, text: str, doubts: list[Doubt]) -> str:
        if self.book.is_vague(text) or self.book.is_national(text):
            return ""
        code = self.book.province(text)
        if code is None:
            doubts.append(Doubt("province", "province_unknown", text))
        return code or ""

    def _metro(
        self, submission: Submission, words: Words, province: str, doubts: list[Doubt]
    ) -> str:
        text = words.municipality
        publisher = submission.institution if self._is_municipal(submission.institution) else ""
        if self.book.is_vague(text) or (publisher and self.book.names_own(text)):
            return publisher or self.book.municipality(submission.sheet) or UNKNOWN
        code = self.book.municipality(text, province)
        if code:
            return code
        elsewhere = self.book.municipality(text) if province else None
        if elsewhere:
            others = (elsewhere, self._province_of(elsewhere), province)
            doubts.append(Doubt("municipality", "municipality_province_disagree", text, others))
        else:
            doubts.append(self._doubt("municipality", text, municipal=True))
        return UNKNOWN

    def _sphere(self, text: str, doubts: list[Doubt]) -> str:
        if self.spheres.is_vague(text):
            return ""
        code = self.spheres.resolve(text)
        if code == UNKNOWN:
            doubts.append(Doubt("sphere", "sphere_unknown", text))
            return ""
        return code

    def _owner(self, submission: Submission, words: Words, seen: _Seen, doubts: list[Doubt]) -> str:
        municipal = self._is_municipal(submission.institution)
        if seen.sphere == Sphere.LOCAL:
            code = self._local_owner(submission, words, seen, municipal=municipal)
            if code == UNKNOWN and not self.book.is_vague(words.owner):
                doubts.append(self._doubt("owner", words.owner))
            return code
        if not words.owner.strip():
            return self._publisher_as_owner(submission, seen)
        if self.book.is_vague(words.owner):
            doubts.append(Doubt("owner", "owner_vague", words.owner))
            return UNKNOWN
        code = self._owner_named(submission, words, seen, municipal=municipal)
        if code is not None and not self._fits(code, seen.sphere):
            doubts.append(Doubt("owner", "owner_sphere_disagree", words.owner, (code,)))
            return UNKNOWN
        if code is None:
            own = submission.institution if municipal and not seen.sphere else ""
            doubts.append(self._doubt("owner", words.owner, own=own))
        return code or UNKNOWN

    def _owner_named(
        self, submission: Submission, words: Words, seen: _Seen, *, municipal: bool
    ) -> str | None:
        text = words.owner
        if municipal and not seen.sphere:
            # In a municipality's own list "Water and Sanitation" may be its own directorate or
            # the national department: without a sphere, only a telling name is taken.
            if self.book.names_own(text):
                return submission.institution
            entity = self.book.resolve(text)
            if entity and self.book.kind(entity) in MUNICIPAL_KINDS | {"entity"}:
                return entity
            if not self.book.is_explicit(text):
                return None
        return self.book.resolve(text, province=self._viewpoint(submission, words, seen))

    def _fits(self, code: str, sphere: str) -> bool:
        """Whether an institution may belong to a stated sphere; an entity may to any."""
        institution = self.book.get(code)
        allowed = {sphere, str(Sphere.ENTITY)} if sphere != Sphere.ENTITY else {sphere}
        return not sphere or (institution is not None and str(institution.sphere) in allowed)

    def _viewpoint(self, submission: Submission, words: Words, seen: _Seen) -> str:
        """The province (or the country) a department's name is to be read in."""
        publisher = self._province_of(submission.institution)
        national = self.book.get(submission.institution)
        is_national = national is not None and national.sphere == Sphere.NATIONAL
        if seen.sphere == Sphere.NATIONAL or self.book.is_national(words.province):
            return NATIONAL
        if not seen.sphere and submission.document == Document.NATIONAL_PROJECTS:
            return NATIONAL
        if submission.document == Document.ALLOCATIONS:
            # The row's province is that of who receives the grant, not of who pays it.
            return NATIONAL if is_national and not seen.sphere else publisher or seen.province
        if not seen.sphere and is_national and not seen.province:
            return NATIONAL
        return seen.province or publisher

    def _local_owner(
        self, submission: Submission, words: Words, seen: _Seen, *, municipal: bool
    ) -> str:
        """The municipality itself; a directorate it names is a part of it."""
        named = self.book.municipality(words.owner, seen.province) if words.owner.strip() else None
        own = submission.institution if municipal else seen.metro
        return named or own

    def _publisher_as_owner(self, submission: Submission, seen: _Seen) -> str:
        document, publisher = submission.document, submission.institution
        if document == Document.PIPELINE or not self._fits(publisher, seen.sphere):
            return UNKNOWN
        if publisher in self.book:
            return publisher
        # A sheet that names its municipality is that municipality's own budget.
        return (
            seen.metro if _SPHERE_OF_DOCUMENT.get(Document(document)) == Sphere.LOCAL else UNKNOWN
        )

    def _sphere_of_document(self, submission: Submission, words: Words) -> str:
        own = _SPHERE_OF_DOCUMENT.get(Document(submission.document))
        if own:
            return str(own)
        if words.owner.strip() or submission.document == Document.PIPELINE:
            return ""
        publisher = self.book.get(submission.institution)
        return str(publisher.sphere) if publisher else ""

    def _doubt(self, what: str, text: str, *, municipal: bool = False, own: str = "") -> Doubt:
        """``own``: the municipality whose directorate the text may name as well."""
        found = self.book.namesakes(text)
        if municipal:
            found = tuple(c for c in found if self._is_municipal(c))
        elif own and found:
            found = (own, *found)
        if len(found) > 1:
            return Doubt(what, f"{what}_ambiguous", text, found)
        return Doubt(what, f"{what}_unknown", text)

    def _is_municipal(self, code: str) -> bool:
        return self.book.kind(code) in MUNICIPAL_KINDS

    def _province_of(self, code: str) -> str:
        institution = self.book.get(code)
        return institution.province if institution else ""


@dataclass(frozen=True)
class _Seen:
    """What is known of a row before its owner: municipality, stated sphere, province."""

    metro: str
    sphere: str
    province: str
