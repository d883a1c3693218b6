"""Designed pages for what goes wrong: each says what, and what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import BadRequest
from django.shortcuts import render

from harvester.domain.errors import UserError

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: something in the address or form cannot be used."""
    ours = isinstance(exception, BadRequest | UserError)
    told = str(exception) if ours else "Something in the request cannot be used."
    return render(request, "400.html", {"told": told[:400]}, status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: signed in, but this is not among the rights of the role."""
    told = str(exception) if exception.args else "Your account may not do this."
    return render(request, "403.html", {"told": told[:400]}, status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form is stale or came from elsewhere; Django's own reason is for developers."""
    told = "The form was open too long, or cookies are switched off. Open the page again and resend it."
    return render(request, "403.html", {"told": told}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: no such page, or nothing of that id in the harvest in service."""
    told = exception.args[0] if exception.args and isinstance(exception.args[0], str) else ""
    return render(request, "404.html", {"told": told[:400]}, status=404)


def fault(request: HttpRequest) -> HttpResponse:
    """500: a fault of ours. Drawn without the harvest, which may be what is broken."""
    from django.http import HttpResponseServerError
    from django.template.loader import render_to_string

    return HttpResponseServerError(render_to_string("500.html"))
