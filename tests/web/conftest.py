"""A harvest of the small country, served to Django's test client."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from harvester.web.actions.acting import Actor
from harvester.web.actions.people import appoint
from harvester.web.rights import Role
from tests.web import country

if TYPE_CHECKING:
    from pathlib import Path

    from django.contrib.auth.models import User
    from django.test import Client
    from pytest_django.fixtures import SettingsWrapper

PASSWORD = "a long enough password"


@pytest.fixture(scope="session")
def harvest_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with one harvest in service."""
    home = tmp_path_factory.mktemp("home")
    country.store(home, country.tables())
    return home


@pytest.fixture(autouse=True)
def served(settings: SettingsWrapper, harvest_home: Path) -> Path:
    """Every test here reads that store unless it points elsewhere."""
    settings.HARVESTER_HOME = harvest_home
    settings.SECRET_KEY = "for tests only"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return harvest_home


INSTITUTIONS = {Role.PLANNER: "ETH", Role.OFFICIAL: "KZN-HS"}


def person_of(role: Role, institution: str | None = None, username: str = "") -> User:
    """A person of this role, speaking for whom such a person would unless another is told."""
    return appoint(
        Actor.operator(),
        username=username or role.value,
        email=f"{username or role.value}@sample.invalid",
        name="Nomsa Dlamini",
        role=role,
        password=PASSWORD,
        institution=INSTITUTIONS.get(role, "") if institution is None else institution,
    )


def sign_in(client: Client, role: Role) -> None:
    """Sign a new person of this role in; ``public`` stays anonymous."""
    if role is not Role.PUBLIC:
        client.force_login(person_of(role))
