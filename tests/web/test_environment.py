"""Settings come from the environment, and a wrong one says how to mend it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command

from harvester.domain.errors import ConfigurationError
from harvester.web import environment, server


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    home = tmp_path / "new"
    first = environment.secret_key(home)
    assert len(first) > 50
    assert environment.secret_key(home) == first
    assert (home / "secret-key").stat().st_mode & 0o077 == 0
    assert [path.name for path in home.iterdir()] == ["secret-key"]


def test_sqlite_in_the_home_is_the_default(tmp_path: Path) -> None:
    told = environment.database("", tmp_path)
    assert told["NAME"] == tmp_path / "db.sqlite3"
    assert environment.database("sqlite:////srv/x.db", tmp_path)["NAME"] == Path("/srv/x.db")


def test_a_postgresql_address_is_understood(tmp_path: Path) -> None:
    told = environment.database("postgresql://me:p%40ss@db:5433/harvest?sslmode=require", tmp_path)
    assert (told["USER"], told["PASSWORD"], told["HOST"], told["PORT"], told["NAME"]) == (
        "me",
        "p@ss",
        "db",
        "5433",
        "harvest",
    )
    assert told["OPTIONS"] == {"sslmode": "require"}
    assert (
        environment.database("postgres://me@/harvest?host=/run/pg", tmp_path)["HOST"] == "/run/pg"
    )


@pytest.mark.parametrize("url", ["mysql://x/y", "postgresql://host", "nonsense"])
def test_another_database_is_refused_with_the_form_to_use(url: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="postgresql://user"):
        environment.database(url, tmp_path)


def test_a_flag_is_on_or_off_or_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLAG", "Yes")
    assert environment.flag("FLAG", default=False)
    monkeypatch.setenv("FLAG", "perhaps")
    with pytest.raises(ConfigurationError, match="Set it to 1 or 0"):
        environment.flag("FLAG", default=False)


def test_other_machines_are_served_only_by_names_that_were_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("ALLOWED_HOSTS", raising=False)
    with pytest.raises(ConfigurationError, match="ALLOWED_HOSTS"):
        server.serve(tmp_path, "0.0.0.0", 0)


@pytest.mark.django_db
def test_every_change_of_a_model_has_its_migration() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
