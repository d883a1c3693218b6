"""A harvest of the small country, served to Django's test client."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.contrib.auth import get_user_model

from harvester.web.accounts import ensure_person
from harvester.web.permissions import Role
from tests.web import country

if TYPE_CHECKING:
    from pathlib import Path

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


def sign_in(client: Client, role: Role) -> None:
    """Sign a new person of this role in; ``public`` stays anonymous."""
    if role is Role.PUBLIC:
        return
    ensure_person(
        username=role.value,
        email=f"{role.value}@sample.invalid",
        name="Nomsa Dlamini",
        role=role,
        password=PASSWORD,
    )
    client.force_login(get_user_model().objects.get(username=role.value))
