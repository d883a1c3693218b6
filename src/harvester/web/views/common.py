"""What views share: the harvest in service, or the page that says there is none yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import render

from harvester.web import harvest_store
from harvester.web.permissions import Action, needs
from harvester.web.scope import scope_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase


def over_harvest(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A page over the harvest in service: ``view(request, tables, scope, ...)``.

    Asks the right to read, checks the scope of the address, and shows what to do where nothing has
    been harvested yet.
    """

    @needs(Action.READ)
    def shown(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        scope = scope_of(request)
        tables = harvest_store.current()
        if tables is None:
            return render(request, "empty.html")
        return view(request, tables, scope, *args, **kwargs)

    shown.__name__ = view.__name__
    shown.__doc__ = view.__doc__
    return shown


def require(thing: Any, what: str) -> Any:
    """``thing``, or the 404 page that says ``what`` is not in the harvest in service."""
    if thing is None:
        raise Http404(f"{what} is not in the harvest in service.")
    return thing
