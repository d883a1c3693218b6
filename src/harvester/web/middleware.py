"""What happens to a request before and after its view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harvester.domain.errors import ConfigurationError, UserError
from harvester.web.views import errors

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


class PlainErrors:
    """A mistake a person can mend becomes a plain page, never a fault; features nobody needs are off."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on, and set the header that Django has no setting for."""
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The 400 page with the error's own words; set-up faults stay faults, for the operator."""
        if isinstance(error, UserError) and not isinstance(error, ConfigurationError):
            return errors.bad_request(request, error)
        return None
