"""What kinds of published document exist, at what stage, and what their amounts are."""

from __future__ import annotations

from enum import StrEnum

from harvester.domain.periods import Calendar


class Sphere(StrEnum):
    """A sphere of government; entities (PRASA, NHFC, Eskom ...) stand beside the three."""

    NATIONAL = "national"
    PROVINCIAL = "provincial"
    LOCAL = "local"
    ENTITY = "entity"

    @property
    def calendar(self) -> Calendar:
        """Municipal for the local sphere, national for every other."""
        return Calendar.MUNICIPAL if self is Sphere.LOCAL else Calendar.NATIONAL


class Document(StrEnum):
    """What a submission is. The landing ladder runs pipeline, IDP, budget, in-year."""

    PIPELINE = "pipeline"
    IDP = "idp"
    BUDGET = "budget"
    IN_YEAR = "in_year"
    PROVINCIAL_PROJECTS = "provincial_projects"
    NATIONAL_PROJECTS = "national_projects"
    AGENCY_PROJECTS = "agency_projects"
    INFRASTRUCTURE_PLAN = "infrastructure_plan"
    STRATEGIC_PLAN = "strategic_plan"
    PERFORMANCE = "performance"
    ALLOCATIONS = "allocations"
    AREAS = "areas"

    @property
    def label(self) -> str:
        """The words a planner uses for it."""
        return _DOCUMENT_LABELS[self]


_DOCUMENT_LABELS = {
    Document.PIPELINE: "BEPP pipeline",
    Document.IDP: "IDP project register",
    Document.BUDGET: "Capital budget (SA36)",
    Document.IN_YEAR: "In-year actuals (SC36)",
    Document.PROVINCIAL_PROJECTS: "Provincial infrastructure list (IRM)",
    Document.NATIONAL_PROJECTS: "National infrastructure list (ENE)",
    Document.AGENCY_PROJECTS: "Agency project list",
    Document.INFRASTRUCTURE_PLAN: "Infrastructure plan (U-AMP, IPMP)",
    Document.STRATEGIC_PLAN: "Strategic plan outcomes",
    Document.PERFORMANCE: "Quarterly performance (eQPRS)",
    Document.ALLOCATIONS: "Grant allocations (DoRA)",
    Document.AREAS: "Areas",
}

LANDING_LADDER = (Document.PIPELINE, Document.IDP, Document.BUDGET, Document.IN_YEAR)
"""The rungs of a municipal project, in order."""

OTHER_SPHERE_DOCUMENTS = (
    Document.PROVINCIAL_PROJECTS,
    Document.NATIONAL_PROJECTS,
    Document.AGENCY_PROJECTS,
    Document.INFRASTRUCTURE_PLAN,
)
"""Documents in which another sphere, or an entity, lists its own projects."""


class Stage(StrEnum):
    """How far a document has come when it is published."""

    DRAFT = "draft"
    TABLED = "tabled"
    ADOPTED = "adopted"
    ADJUSTED = "adjusted"
    IN_YEAR = "in_year"
    AUDITED = "audited"
    UNKNOWN = "unknown"


class Phase(StrEnum):
    """What an amount is."""

    PLANNED = "planned"  # pipeline, IDP, infrastructure plan, agency list
    BUDGET = "budget"  # original or MTREF/MTEF budget
    ADJUSTED = "adjusted"
    FORECAST = "forecast"  # full-year forecast of the running year
    AUDITED = "audited"
    ACTUAL = "actual"  # spent in the line's own months
    SPENT_BEFORE = "spent_before"  # spent in all years before; no year of its own
    GAZETTED = "gazetted"  # an allocation


class EntryKind(StrEnum):
    """What a row is; only projects and programmes are linked."""

    PROJECT = "project"
    PROGRAMME = "programme"
    INDICATOR = "indicator"
    OUTCOME = "outcome"
    ALLOCATION = "allocation"
