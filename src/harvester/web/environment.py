"""Settings that come from the environment: the home folder, its secret key, the database."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import cast
from urllib.parse import parse_qsl, unquote, urlsplit

from harvester.domain.errors import ConfigurationError

KEY_FILE = "secret-key"
SECRET_BYTES = 50
SMTP_PORTS = {"starttls": 587, "tls": 465, "none": 25}
POSTGRES_SCHEMES = ("postgresql", "postgres")


def secret_key(home: Path) -> str:
    """The key in ``home``, made on first use and readable by its owner only.

    Two processes that start together agree: the file is created exclusively, and the one that
    comes second reads what the first wrote.
    """
    path = home / KEY_FILE
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        _write_once(path, secrets.token_urlsafe(SECRET_BYTES))
    return path.read_text("utf-8").strip()


def _write_once(path: Path, text: str) -> None:
    """Put ``text`` at ``path`` whole and owner-only, unless something is there already."""
    scratch = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
    try:
        # A link refuses where a rename would replace: the first key stays.
        path.hardlink_to(scratch)
    except FileExistsError:
        return
    finally:
        scratch.unlink()


def flag(name: str, *, default: bool) -> bool:
    """An on/off environment variable: 1, true, yes, on (any case) are on.

    Raises ``ConfigurationError`` for a word that is neither.
    """
    told = os.environ.get(name, "").strip().lower()
    if not told:
        return default
    if told in {"1", "true", "yes", "on"}:
        return True
    if told in {"0", "false", "no", "off"}:
        return False
    raise ConfigurationError(f"{name} is {told!r}.", mend="Set it to 1 or 0.")


def words(name: str, default: list[str]) -> list[str]:
    """A comma-separated environment variable."""
    told = [word.strip() for word in os.environ.get(name, "").split(",")]
    return [word for word in told if word] or default


def minutes(name: str, default: int) -> int:
    """A whole number of minutes, at least one. Raises ``ConfigurationError`` for anything else."""
    told = os.environ.get(name, "").strip() or str(default)
    if not (told.isascii() and told.isdigit() and int(told) >= 1):
        raise ConfigurationError(f"{name} is {told!r}.", mend="Set it to a number of minutes.")
    return int(told)


@dataclass(frozen=True)
class Mail:
    """How letters are sent: Django's backend, and the server where there is one."""

    backend: str
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = ""
    starttls: bool = False
    tls: bool = False


def mail() -> Mail:
    """Letters through the server of ``HARVESTER_SMTP_HOST``; without one they are printed.

    ``HARVESTER_SMTP_SECURITY`` is ``starttls`` (the default, port 587), ``tls`` (465) or ``none`` (25).
    Raises ``ConfigurationError`` for any other word or a port that is no number.
    """
    host = os.environ.get("HARVESTER_SMTP_HOST", "").strip()
    if not host:
        return Mail("django.core.mail.backends.console.EmailBackend")
    security = os.environ.get("HARVESTER_SMTP_SECURITY", "").strip().lower() or "starttls"
    if security not in SMTP_PORTS:
        raise ConfigurationError(
            f"HARVESTER_SMTP_SECURITY is {security!r}.", mend=f"One of {', '.join(SMTP_PORTS)}."
        )
    port = os.environ.get("HARVESTER_SMTP_PORT", "").strip() or str(SMTP_PORTS[security])
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise ConfigurationError(f"HARVESTER_SMTP_PORT is {port!r}.", mend="Set it to a number.")
    return Mail(
        "django.core.mail.backends.smtp.EmailBackend", host, int(port),
        os.environ.get("HARVESTER_SMTP_USER", "").strip(),
        os.environ.get("HARVESTER_SMTP_PASSWORD", ""),
        starttls=security == "starttls", tls=security == "tls",
    )  # fmt: skip


def address() -> str:
    """Where people reach the pages, for links in letters: ``HARVESTER_ADDRESS``.

    Raises ``ConfigurationError`` for what is no http address.
    """
    told = os.environ.get("HARVESTER_ADDRESS", "").strip() or "http://localhost:8000"
    parts = urlsplit(told)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ConfigurationError(
            f"HARVESTER_ADDRESS is {told!r}.", mend="Write it as https://harvest.example.org."
        )
    return told.rstrip("/")


def path(name: str) -> Path | None:
    """A file or folder; ``None`` where the variable is not set."""
    told = os.environ.get(name, "").strip()
    return Path(told) if told else None


def provider() -> dict[str, object] | None:
    """The OpenID Connect provider of ``HARVESTER_OIDC_*``; ``None`` where none is told.

    Raises ``ConfigurationError`` when only a part is told, or its address is not safe to trust.
    """
    names = ("ISSUER", "CLIENT_ID", "CLIENT_SECRET")
    told = {name: os.environ.get(f"HARVESTER_OIDC_{name}", "").strip() for name in names}
    if not any(told.values()):
        return None
    missing = [f"HARVESTER_OIDC_{name}" for name, value in told.items() if not value]
    if missing:
        raise ConfigurationError(
            f"{' and '.join(missing)} not set.", mend="Set all three of issuer, client and secret."
        )
    parts = urlsplit(told["ISSUER"])
    if parts.scheme != "https" and parts.hostname not in {"localhost", "127.0.0.1"}:
        raise ConfigurationError(
            f"HARVESTER_OIDC_ISSUER is {told['ISSUER']!r}.", mend="An issuer begins with https://."
        )
    return {
        "provider_id": "institution",
        "name": os.environ.get("HARVESTER_OIDC_NAME", "").strip() or "your institution",
        "client_id": told["CLIENT_ID"],
        "secret": told["CLIENT_SECRET"],
        "settings": {"server_url": told["ISSUER"].rstrip("/")},
    }


def origins(told: dict[str, object] | None) -> list[str]:
    """Where a sign-in form may lead: the origin of the provider's issuer."""
    if told is None:
        return []
    parts = urlsplit(str(cast("dict[str, str]", told["settings"])["server_url"]))
    return [f"{parts.scheme}://{parts.netloc}"]


def database(url: str, home: Path) -> dict[str, object]:
    """Django's description of the database at ``url``; ``home/db.sqlite3`` when it is empty.

    ``postgresql://user:password@host:port/name?host=/socket/folder`` and ``sqlite:///path`` are
    understood. Raises ``ConfigurationError`` for anything else.
    """
    if not url:
        return _sqlite(home / "db.sqlite3")
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(Path(unquote(parts.path.removeprefix("/"))))
    if parts.scheme not in POSTGRES_SCHEMES or not parts.path.strip("/"):
        raise ConfigurationError(
            f"DATABASE_URL begins with {parts.scheme!r} or names no database.",
            mend="Write postgresql://user:password@host:5432/name or sqlite:///path.",
        )
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def _sqlite(path: Path) -> dict[str, object]:
    """SQLite that readers and one writer can share: write-ahead log, patient locks."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }
