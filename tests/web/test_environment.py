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


def test_letters_are_printed_until_a_mail_server_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert environment.mail().backend.endswith("console.EmailBackend")
    monkeypatch.setenv("HARVESTER_SMTP_HOST", "mail.example.org")
    told = environment.mail()
    assert told.backend.endswith("smtp.EmailBackend")
    assert (told.host, told.port, told.starttls, told.tls) == ("mail.example.org", 587, True, False)
    monkeypatch.setenv("HARVESTER_SMTP_SECURITY", "tls")
    assert (environment.mail().port, environment.mail().tls) == (465, True)


@pytest.mark.parametrize(
    ("name", "value"),
    [("HARVESTER_SMTP_SECURITY", "some"), ("HARVESTER_SMTP_PORT", "99999"), ("HARVESTER_ADDRESS", "harvest.example.org")],
)  # fmt: skip
def test_a_mail_setting_that_cannot_be_says_how_to_mend_it(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv("HARVESTER_SMTP_HOST", "mail.example.org")
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError, match=name):
        (environment.address if name == "HARVESTER_ADDRESS" else environment.mail)()


def test_links_in_letters_lead_to_the_address_that_was_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert environment.address() == "http://localhost:8000"
    monkeypatch.setenv("HARVESTER_ADDRESS", "https://harvest.example.org/")
    assert environment.address() == "https://harvest.example.org"
