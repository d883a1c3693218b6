"""Words for codes: what a planner reads where a table holds ``ETH`` or ``in_year``."""

from __future__ import annotations

from functools import lru_cache

from harvester.domain.documents import Document, EntryKind, Phase, Sphere, Stage
from harvester.domain.places import AreaKind, PlaceClass
from harvester.engine.decision_log import Verdict
from harvester.rules import codes, institutions

UNKNOWN = "unknown"
ALL = "all"
CODE_LISTS = {
    "function": "functions",
    "asset_class": "asset_classes",
    "mtsf": "mtsf_outcomes",
    "iudf": "iudf_goals",
    "grant": "grants",
    "nature": "natures",
    "status": "statuses",
}
SHORT_DOCUMENTS = {
    Document.PIPELINE: "BEPP",
    Document.IDP: "IDP",
    Document.BUDGET: "Budget SA36",
    Document.IN_YEAR: "In-year SC36",
    Document.PROVINCIAL_PROJECTS: "Provincial list",
    Document.NATIONAL_PROJECTS: "National list",
    Document.AGENCY_PROJECTS: "Agency list",
    Document.INFRASTRUCTURE_PLAN: "Infrastructure plan",
    Document.STRATEGIC_PLAN: "Strategic plan",
    Document.PERFORMANCE: "Performance",
    Document.ALLOCATIONS: "Gazette",
    Document.AREAS: "Areas",
}
PHASES = {
    Phase.PLANNED: "planned",
    Phase.BUDGET: "budget",
    Phase.ADJUSTED: "adjusted budget",
    Phase.FORECAST: "full-year forecast",
    Phase.AUDITED: "audited outcome",
    Phase.ACTUAL: "spent",
    Phase.SPENT_BEFORE: "spent in earlier years",
    Phase.GAZETTED: "gazetted allocation",
}
PLACE_CLASSES = {
    PlaceClass.LOCATED: "located",
    PlaceClass.MULTI_WARD: "several wards or regions",
    PlaceClass.NETWORK: "network or bulk",
    PlaceClass.CITY_WIDE: "city-wide",
    PlaceClass.ADMINISTRATIVE: "administrative",
    PlaceClass.UNKNOWN: "says nowhere",
}
PLURAL_AREAS = {
    AreaKind.MUNICIPALITY: "Municipalities",
    AreaKind.DISTRICT: "Districts",
    AreaKind.PROVINCE: "Provinces",
    AreaKind.WARD: "Wards",
    AreaKind.REGION: "Regions as the budget names them",
    AreaKind.INTEGRATION_ZONE: "Integration zones",
    AreaKind.URBAN_HUB: "Urban hubs",
    AreaKind.MARGINALISED_AREA: "Marginalised areas",
    AreaKind.ECONOMIC_NODE: "Economic nodes",
    AreaKind.PRECINCT: "Precincts",
}
OFFERINGS = {
    "agreements": "Alignment and agreements",
    "compacts": "Compacting and contracting",
    "finance": "Finance system enablement",
    "learning": "Cross-learning",
}
SEVERITIES = {"high": "serious", "medium": "moderate", "low": "slight"}
VERDICTS = {str(one): one.label for one in Verdict}
COMMITMENT_VERDICTS = {
    "kept": "kept",
    "part_kept": "part kept",
    "not_due": "not due yet",
    "overdue": "overdue",
    "broken": "broken",
    "overtaken": "overtaken",
    "unknown": "not known",
    "not_judged": "not judged yet",
}
DECISION_STATES = {
    "standing": "stands",
    "superseded": "replaced by a later one",
    "contradicted": "contradicted: kept apart",
    "waiting": "waits for a row that is not here",
}
PROBLEM_SEVERITIES = {"error": "error", "warning": "warning", "note": "note"}
COVERAGE_STATES = {
    "received": "received",
    "late": "late",
    "not_due": "not due yet",
    "unknown": "unknown",
}


@lru_cache(maxsize=1)
def _book() -> institutions.InstitutionBook:
    return institutions.load()


@lru_cache(maxsize=1)
def metros() -> dict[str, str]:
    """The metros: code to short name, by name."""
    found = {one.code: short(one.name) for one in _book().metros}
    return dict(sorted(found.items(), key=lambda pair: pair[1].lower()))


def is_municipality(code: str) -> bool:
    """Whether a code is that of a municipality."""
    return _book().kind(code) in {"metro", "local", "district"}


def short(name: str) -> str:
    """A municipality's name without the words that every one has."""
    for tail in (" Metropolitan Municipality", " Local Municipality", " District Municipality"):
        name = name.removesuffix(tail)
    return name.removeprefix("City of ") if name.startswith("City of ") else name


@lru_cache(maxsize=4096)
def institution(code: str) -> str:
    """An institution's name; the code itself where the book has none."""
    return code if not code or code in {UNKNOWN, ALL} else _book().name(code)


@lru_cache(maxsize=4096)
def institution_sphere(code: str) -> str:
    """Its sphere, or ``unknown``."""
    known = _book().get(code) if code and code != UNKNOWN else None
    return str(known.sphere) if known else UNKNOWN


def place_name(code: str) -> str:
    """A municipality in words."""
    if code == ALL:
        return "the whole country"
    if code in {"", UNKNOWN}:
        return "no municipality named"
    return metros().get(code) or short(institution(code))


@lru_cache(maxsize=16)
def _codes(name: str) -> codes.CodeList:
    return codes.load(name)


@lru_cache(maxsize=4096)
def coded(kind: str, code: str) -> str:
    """A code of one of :data:`CODE_LISTS` in words."""
    if not code or code == UNKNOWN:
        return code
    known = _codes(CODE_LISTS[kind])
    return known.label(code) if code in known.codes else code.replace("_", " ")


def function(code: str) -> str:
    """A function in words."""
    return coded("function", code)


def _enum(code: str, words: dict[object, str]) -> str:
    return next(
        (word for member, word in words.items() if str(member) == code), code.replace("_", " ")
    )


def document(code: str) -> str:
    """A kind of document in words."""
    return Document(code).label if code in set(Document) else code.replace("_", " ")


def document_short(code: str) -> str:
    """A kind of document in a word or two."""
    return _enum(code, SHORT_DOCUMENTS)


def phase(code: str) -> str:
    """What an amount is, in words."""
    return _enum(code, PHASES)


def place_class(code: str) -> str:
    """A place class in words."""
    return _enum(code, PLACE_CLASSES)


def stage(code: str) -> str:
    """How far a document had come, in words."""
    return "in-year" if code == Stage.IN_YEAR else code.replace("_", " ")


def area_kind(code: str) -> str:
    """A kind of area, plural."""
    return _enum(code, PLURAL_AREAS).capitalize()


def sphere(code: str) -> str:
    """A sphere in words."""
    return code


SPHERES = [str(one) for one in Sphere]
STAGES = [(str(one), stage(str(one))) for one in Stage if one is not Stage.UNKNOWN]
DOCUMENTS = [(str(one), one.label) for one in Document]
KINDS = [str(one) for one in EntryKind]


def words(kind: str, code: str) -> str:
    """The words for ``code`` as ``kind``: the one way templates and downloads ask."""
    asked = _WORDS.get(kind)
    return asked(code) if asked else coded(kind, code)


_WORDS = {
    "institution": institution,
    "metro": place_name,
    "document": document,
    "document_short": document_short,
    "phase": phase,
    "stage": stage,
    "place_class": place_class,
    "area_kind": area_kind,
    "sphere": sphere,
    "offering": lambda code: OFFERINGS.get(code, code),
    "severity": lambda code: SEVERITIES.get(code, code),
    "verdict": lambda code: VERDICTS.get(code, code),
    "commitment_verdict": lambda code: COMMITMENT_VERDICTS.get(code, code),
    "decision_state": lambda code: DECISION_STATES.get(code, code),
    "state": lambda code: COVERAGE_STATES.get(code, code),
}
