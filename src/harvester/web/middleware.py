"""What happens to a request before and after its view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib.auth import logout
from django.utils import timezone

from harvester.domain.errors import ConfigurationError, UserError
from harvester.web.actions.people import principals_of
from harvester.web.views import errors

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

SIGNED_IN_AT, SEEN_AT, ACTING_FOR = "signed_in_at", "seen_at", "acting_for"
NOTICED_EVERY = 60
"""Seconds between two writings-down of when a session was last used."""
PERMISSIONS = (
    "camera=(), geolocation=(), microphone=(), payment=(), usb=(), "
    "publickey-credentials-get=(self), publickey-credentials-create=(self)"
)


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


class WhoIsAsking:
    """Ends sessions that are too old or were left, and says whom the person acts for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look at the session of whoever is signed in; strangers cost nothing."""
        if request.session.session_key and request.user.is_authenticated:
            if self._is_over(request):
                logout(request)
            else:
                self._mark(request)
        return self.get_response(request)

    @staticmethod
    def _is_over(request: HttpRequest) -> bool:
        """Whether the session is past its whole life or its idle time; notes that it is used."""
        now = timezone.now().timestamp()
        began = request.session.setdefault(SIGNED_IN_AT, now)
        seen = request.session.setdefault(SEEN_AT, now)
        if now - began > settings.SESSION_COOKIE_AGE or now - seen > settings.SESSION_IDLE_SECONDS:
            return True
        if now - seen > NOTICED_EVERY:
            request.session[SEEN_AT] = now
        return False

    @staticmethod
    def _mark(request: HttpRequest) -> None:
        """Whom the person acts for, while the delegation is in force; how they signed in."""
        methods = get_authentication_records(request, request.user)
        request.user.signed_in_elsewhere = any(
            one.get("method") == "socialaccount" for one in methods
        )
        chosen = request.session.get(ACTING_FOR)
        if chosen is not None:
            possible = {p.pk: p for p in principals_of(request.user, timezone.localdate())}
            request.user.acting_for = possible.get(chosen)
            if chosen not in possible:
                del request.session[ACTING_FOR]
