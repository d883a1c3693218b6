"""What every page shows round its own content: scope bar, age of the data, navigation, rights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.utils.functional import SimpleLazyObject

from harvester.web import harvest_store, labels, permissions
from harvester.web.params import BadQueryError
from harvester.web.queries import overview, submissions
from harvester.web.scope import Scope, scope_of, year_label

if TYPE_CHECKING:
    from django.http import HttpRequest

NAVIGATION = (
    ("home", "Overview", "the mechanism at a glance"),
    ("wheat", "Wheat", "what does not line up"),
    ("cases", "Processor", "what is being settled, by whom, until when"),
    ("projects", "Projects", "undertakings and their ladder"),
    ("links", "Links to settle", "which rows are one project"),
    ("map", "Map", "where the money goes"),
    ("statements", "Statements", "what the law asks to be laid out"),
    ("cascade", "Cascade", "from national outcome to budget line"),
    ("indicators", "Indicators", "how well it lines up"),
    ("certificates", "Certificates", "who lines up how well, side by side"),
    ("submissions", "Submissions", "who has given what"),
    ("law", "Procedures", "how things are settled, and by when"),
    ("about", "About", "what this is, and is not"),
)
SECTIONS = {
    "project": "projects",
    "entry": "projects",
    "finding": "wheat",
    "link_pair": "links",
    "link_decisions": "links",
    "indicator": "indicators",
    "submission": "submissions",
    "coverage": "submissions",
    "problems": "submissions",
    "upload": "upload",
    "upload_result": "upload",
    "upload_log": "upload",
    "harvest_job": "upload",
    "areas": "map",
    "matter": "cases",
    "matter_step": "cases",
    "compact": "cases",
    "compact_edit": "cases",
    "compact_version": "cases",
    "contest": "cases",
    "replace_commitment": "cases",
    "commitments": "cases",
    "triage": "cases",
    "open_matter": "cases",
    "report": "cases",
    "calendar": "law",
    "procedure": "law",
    "area": "map",
    "statement": "statements",
    "spatial": "statements",
    "certificate": "certificates",
    "benchmark": "certificates",
}


@dataclass(frozen=True)
class Bar:
    """The scope bar of one page."""

    scope: Scope
    metros: list[tuple[str, str]]
    years: list[str]
    run: str
    as_at: str
    files_up_to: Any
    digest: str
    expected: dict[str, Any] | None


def read_scope(request: HttpRequest) -> Scope:
    """The scope of a page; the whole country where the address is wrong (the page says so)."""
    try:
        return scope_of(request)
    except BadQueryError:
        return Scope()


def bar(request: HttpRequest) -> Bar:
    """What the scope bar says."""
    scope = read_scope(request)
    tables = harvest_store.current()
    metros = list(labels.metros().items())
    if scope.metro and scope.metro not in labels.metros():
        metros.append((scope.metro, labels.place_name(scope.metro)))
    if tables is None:
        return Bar(scope, metros, [], "", "", None, "", None)
    return Bar(
        scope,
        metros,
        [year_label(y) for y in overview.scope_years(tables)],
        tables.run,
        overview.as_at(tables),
        overview.files_up_to(tables),
        str(tables.harvest.manifest.get("digest", "")),
        submissions.expected(tables, scope),
    )


def page(request: HttpRequest) -> dict[str, Any]:
    """For every template; the lazy parts cost nothing where a template does not ask."""
    match = getattr(request, "resolver_match", None)
    name = match.url_name if match else ""
    return {
        "bar": SimpleLazyObject(lambda: bar(request)),
        "scope": read_scope(request),
        "navigation": NAVIGATION,
        "here": SECTIONS.get(name, name),
        # A request refused before sign-in was looked at (a wrong host name) has nobody yet.
        "can": SimpleLazyObject(
            lambda: permissions.rights_of(getattr(request, "user", AnonymousUser()))
        ),
    }
