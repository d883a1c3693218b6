"""How sign-in behaves, and the people of the sample country."""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from harvester.web.actions import signing
from harvester.web.actions.acting import Actor
from harvester.web.actions.people import appoint
from harvester.web.matters.tasks import tasks_of
from harvester.web.rights import Role
from harvester.web.texts.waiting import waiting_for

if TYPE_CHECKING:
    from pathlib import Path

    from django.contrib.auth.models import User
    from django.http import HttpRequest

SAMPLE_FILE = "sample-users.txt"
SAMPLE_PEOPLE = {
    Role.SECRETARIAT: "Lindiwe Maseko",
    Role.PLANNER: "Nomsa Dlamini",
    Role.OFFICIAL: "Pieter van Wyk",
    Role.FACILITATOR: "Ayesha Patel",
    Role.ANALYST: "Thabo Nkosi",
    Role.AUDITOR: "Grace Mokoena",
}
SAMPLE_INSTITUTIONS = {Role.PLANNER: "ETH", Role.OFFICIAL: "KZN-HS"}


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up alone; too many wrong attempts on an account are put on record."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Closed; operators make accounts with ``make_person``."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """What waits for the person, where anything does."""
        today = timezone.localdate()
        if tasks_of(request.user, today) or waiting_for(request.user, today):
            return reverse("tasks")
        return super().get_login_redirect_url(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse, and note, once there were too many attempts."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            if (person := self._named(credentials)) is not None:
                signing.locked_out(person)
            raise

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Attempts are counted for the account, whether its name or its e-mail is given."""
        person = self._named(credentials)
        if person is None:
            return super()._get_login_attempts_cache_key(request, **credentials)
        return f"person:{person.pk}"

    @staticmethod
    def _named(credentials: dict[str, Any]) -> User | None:
        """The account that is meant, if there is one."""
        named = str(credentials.get("username") or credentials.get("email") or "")
        meant = Q(username__iexact=named) | Q(email__iexact=named)
        return get_user_model().objects.filter(meant).first() if named else None


class FactorAdapter(DefaultMFAAdapter):
    """Seeds of authenticator apps are kept encrypted: the key is in the home, not the database."""

    def get_totp_issuer(self) -> str:
        """What the app on the telephone shows."""
        return "Combined Harvester"

    def encrypt(self, text: str) -> str:
        """A seed or recovery code as the database holds it."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The seed again. Raises ``cryptography.fernet.InvalidToken`` under another key."""
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> Fernet:
    told = hashlib.sha256(b"second factors:" + str(settings.SECRET_KEY).encode()).digest()
    return Fernet(base64.urlsafe_b64encode(told))


class ProviderAdapter(DefaultSocialAccountAdapter):
    """Sign-in through an institution's provider: for accounts that are there, never for new ones."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Closed: the account must exist, with the e-mail that the provider has verified."""
        return False


@dataclass(frozen=True)
class SampleUser:
    """One way to sign in to the sample country."""

    role: Role
    username: str
    password: str


def ensure_sample_users(home: Path) -> list[SampleUser]:
    """One account for each role, all with one password that is random for this home.

    For the sample country only. The password is kept in ``<home>/sample-users.txt``, which only
    its owner can read, so that a second start shows the same one. The database must be migrated.
    """
    password = _sample_password(home)
    users = [SampleUser(role, role.value, password) for role in SAMPLE_PEOPLE]
    for user in users:
        appoint(
            Actor.operator(),
            username=user.username,
            email=f"{user.username}@sample.invalid",
            name=SAMPLE_PEOPLE[user.role],
            role=user.role,
            password=password,
            institution=SAMPLE_INSTITUTIONS.get(user.role, ""),
            reason="sample country",
        )
    return users


def _sample_password(home: Path) -> str:
    path = home / SAMPLE_FILE
    if path.exists():
        return path.read_text("utf-8").splitlines()[0].removeprefix("password: ").strip()
    password = f"wheat-{secrets.token_hex(5)}"
    home.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(f"password: {password}\n")
        stream.writelines(f"{role.value}: {role.label}\n" for role in SAMPLE_PEOPLE)
    return password
