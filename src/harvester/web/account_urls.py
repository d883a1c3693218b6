"""Addresses of sign-in, second factors and the institution's provider: allauth's own views.

What such a view writes, and the event of it, is one transaction; so a factor cannot be added
without its event.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import TemplateView

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.http import HttpRequest, HttpResponse

COUNTING = frozenset(
    {"account_login", "mfa_authenticate", "mfa_login_webauthn", "account_reauthenticate"}
)
"""Views that count attempts: a count stands at once and for every process, whatever comes after."""


def _whole(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def called(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        with transaction.atomic():
            return view(request, *args, **kwargs)

    return called


def _made_whole(patterns: Iterable[URLPattern | URLResolver]) -> None:
    for one in patterns:
        if isinstance(one, URLResolver):
            _made_whole(one.url_patterns)
        elif one.name not in COUNTING:
            one.callback = _whole(one.callback)


urlpatterns: list[URLPattern | URLResolver] = [
    path(
        "password/reset/",
        TemplateView.as_view(template_name="account/ask.html"),
        name="account_reset_password",
    ),
    path(
        "email/",
        TemplateView.as_view(template_name="account/ask.html"),
        name="account_email",
    ),
    path("", include("allauth.account.urls")),
    path("2fa/", include("allauth.mfa.urls")),
]
if settings.PROVIDER:
    urlpatterns += [
        path("", include("allauth.socialaccount.providers.openid_connect.urls")),
        path("3rdparty/", include("allauth.socialaccount.urls")),
    ]
_made_whole(urlpatterns)
