"""Accounts: groups of the table of rights, sample people, and how sign-in behaves."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import transaction

from harvester.web.permissions import OF_INSTITUTION, Role

if TYPE_CHECKING:
    from pathlib import Path

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
    """Nobody signs up alone: an account stands for a role that somebody gave."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Closed; ``harvester`` operators make accounts with the ``person`` command."""
        return False


def ensure_roles(**_: object) -> None:
    """Make a group for each role of the table of rights (all but ``public``)."""
    for role in Role:
        if role is not Role.PUBLIC:
            Group.objects.get_or_create(name=role.value)


@dataclass(frozen=True)
class SampleUser:
    """One way to sign in to the sample country."""

    role: Role
    username: str
    password: str


@transaction.atomic
def ensure_person(
    *,
    username: str,
    email: str,
    name: str,
    role: Role,
    password: str,
    institution: str = "",
) -> None:
    """Make or renew one account with exactly one role, speaking for one institution or none."""
    people = get_user_model().objects
    first, _, last = name.partition(" ")
    person, _ = people.update_or_create(
        username=username,
        defaults={"email": email, "first_name": first, "last_name": last, "is_active": True},
    )
    if not person.check_password(password):
        person.set_password(password)
        person.save()
    names = [role.value, *([f"{OF_INSTITUTION}{institution}"] if institution else [])]
    person.groups.set([Group.objects.get_or_create(name=name)[0] for name in names])


def ensure_sample_users(home: Path) -> list[SampleUser]:
    """One account for each role, all with one password that is random for this home.

    For the sample country only. The password is kept in ``<home>/sample-users.txt``, which only
    its owner can read, so that a second start shows the same one. The database must be migrated.
    """
    password = _sample_password(home)
    users = [SampleUser(role, role.value, password) for role in SAMPLE_PEOPLE]
    for user in users:
        ensure_person(
            username=user.username,
            email=f"{user.username}@sample.invalid",
            name=SAMPLE_PEOPLE[user.role],
            role=user.role,
            password=password,
            institution=SAMPLE_INSTITUTIONS.get(user.role, ""),
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
