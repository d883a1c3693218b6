"""A person confirms that it is they, shortly before what cannot be taken back."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.urls import reverse

if TYPE_CHECKING:
    from django.http import HttpRequest

SECONDS = 300
"""How long a confirmation holds."""
FACTOR, PASSWORD = "mfa", "password"


def way(request: HttpRequest) -> str:
    """How this person confirms: by their second factor where they have one, else by password.

    Empty for who has neither: an account of an institution's provider without a factor here.
    """
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    if Authenticator.objects.filter(user=request.user, type__in=kinds).exists():
        return FACTOR
    return PASSWORD if request.user.has_usable_password() else ""


def confirmed(request: HttpRequest) -> str:
    """By what the person confirmed within the last minutes (``password``, ``mfa:totp``); else empty.

    Signing in is no confirmation, and a password is none for who has a second factor.
    """
    wanted = way(request)
    for record in reversed(get_authentication_records(request, request.user)):
        recent = time.time() - float(record.get("at", 0)) < SECONDS
        if record.get("reauthenticated") and recent and record.get("method") == wanted and wanted:
            kind = record.get("type")
            return f"{wanted}:{kind}" if kind else wanted
    return ""


def address(request: HttpRequest, then: str) -> str:
    """Where the person confirms, and comes back from to ``then``."""
    name = "mfa_reauthenticate" if way(request) == FACTOR else "account_reauthenticate"
    return f"{reverse(name)}?{urlencode({'next': then})}"
