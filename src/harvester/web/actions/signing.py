"""What happens to accounts at sign-in and after, put on the record as it happens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.cache import cache

from harvester.web.actions.acting import Actor, act
from harvester.web.rights import Happening

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.http import HttpRequest

LOCKED_SECONDS = 300


def _note(what: Happening, user: User, **payload: object) -> None:
    """Note it in the name of whoever asked: the person, or the operator where nobody asked a page."""
    from allauth.core import context

    name = user.get_username()
    asked = getattr(context, "request", None) is not None
    with act(Actor(name) if asked else Actor.operator(), what, f"person:{name}") as note:
        note.payload.update(payload)


def signed_in(request: HttpRequest, user: User, **told: Any) -> None:
    """Somebody signed in: by which methods."""
    from allauth.account.authentication import get_authentication_records

    methods = [str(one.get("method", "")) for one in get_authentication_records(request, user)]
    _note(Happening.SIGNED_IN, user, methods=methods)


def signed_out(user: User | None, **_: Any) -> None:
    """Somebody signed out."""
    if user is not None:
        _note(Happening.SIGNED_OUT, user)


def password_changed(user: User, **_: Any) -> None:
    """Somebody changed their password."""
    _note(Happening.PASSWORD_CHANGED, user)


def factor_saved(instance: Any, created: bool, **_: Any) -> None:  # noqa: FBT001  Django's words
    """A second factor was set up; in the transaction that keeps it."""
    if created:
        _note(Happening.FACTOR_ADDED, instance.user, kind=instance.type)


def factor_gone(instance: Any, **_: Any) -> None:
    """A second factor was taken off."""
    _note(Happening.FACTOR_REMOVED, instance.user, kind=instance.type)


def provider_saved(instance: Any, created: bool, **_: Any) -> None:  # noqa: FBT001  Django's words
    """An account was connected with the institution's own sign-in."""
    if created:
        _note(Happening.PROVIDER_ADDED, instance.user, provider=instance.provider)


def provider_gone(instance: Any, **_: Any) -> None:
    """An account was parted from the institution's own sign-in."""
    _note(Happening.PROVIDER_REMOVED, instance.user, provider=instance.provider)


def locked_out(user: User) -> None:
    """Too many wrong attempts on an account: noted once for each time it is locked."""
    if cache.add(f"locked-out:{user.pk}", 1, LOCKED_SECONDS):
        _note(Happening.LOCKED_OUT, user)


def listen() -> None:
    """Have these called; once, when Django starts.

    What allauth tells of factors it tells after the commit; the rows themselves tell it inside.
    """
    from allauth.account import signals as account
    from allauth.mfa.models import Authenticator
    from allauth.socialaccount.models import SocialAccount
    from django.contrib.auth.signals import user_logged_out
    from django.db.models.signals import post_delete, post_save

    account.user_logged_in.connect(signed_in)
    user_logged_out.connect(signed_out)
    account.password_changed.connect(password_changed)
    account.password_set.connect(password_changed)
    post_save.connect(factor_saved, sender=Authenticator)
    post_delete.connect(factor_gone, sender=Authenticator)
    post_save.connect(provider_saved, sender=SocialAccount)
    post_delete.connect(provider_gone, sender=SocialAccount)
