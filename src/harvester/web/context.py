"""What every page shows round its own content: scope bar, age of the data, navigation, rights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.utils.functional import SimpleLazyObject

from harvester.web import harvest_store, labels, permissions
from harvester.web.navigation import SECTIONS, place_of
from harvester.web.params import BadQueryError
from harvester.web.queries import overview, submissions
from harvester.web.scope import Scope, scope_of, year_label

if TYPE_CHECKING:
    from django.http import HttpRequest

    from harvester.web.navigation import Page, Section


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


def _pages(request: HttpRequest, section: Section | None) -> list[Page]:
    """The pages of a section that this person has something to do on."""
    user = getattr(request, "user", AnonymousUser())
    return [
        one
        for one in (section.pages if section else ())
        if one.right is None or permissions.may_somewhere(user, one.right)
    ]


def page(request: HttpRequest) -> dict[str, Any]:
    """For every template; the lazy parts cost nothing where a template does not ask."""
    match = getattr(request, "resolver_match", None)
    section, here = place_of((match.url_name or "") if match else "")
    return {
        "bar": SimpleLazyObject(lambda: bar(request)),
        "scope": read_scope(request),
        "sections": SECTIONS,
        "section": section,
        "section_pages": SimpleLazyObject(lambda: _pages(request, section)),
        "here": here,
        # A request refused before sign-in was looked at (a wrong host name) has nobody yet.
        "can": SimpleLazyObject(
            lambda: permissions.rights_of(getattr(request, "user", AnonymousUser()))
        ),
    }
