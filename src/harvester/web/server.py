"""Serving the web: the database made ready, then waitress until Ctrl-C."""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING, Any, NoReturn

from harvester.domain.errors import ConfigurationError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from harvester.reports.view import HarvestView
    from harvester.web.audit.offline import Checked

THREADS = 8
HERE = {"localhost", "127.0.0.1", "::1"}
MEGABYTE = 1024 * 1024


def _point_at(home: Path) -> None:
    """Have Django serve ``home``. Raises ``ConfigurationError`` when it already serves another."""
    told = str(home.resolve())
    os.environ["HARVESTER_HOME"] = told
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "harvester.web.settings")
    import django
    from django.conf import settings

    django.setup()
    if str(settings.HARVESTER_HOME) != told:
        raise ConfigurationError(
            f"this process already serves {settings.HARVESTER_HOME}.",
            mend="Start another for it.",
        )


def make_ready(home: Path) -> None:
    """Point Django at ``home`` and bring its database up to date. Safe to call again.

    Raises ``ConfigurationError`` when the process already serves another home.
    """
    home.mkdir(parents=True, exist_ok=True)
    _point_at(home)
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


def check_log(home: Path, heads: Sequence[str] = ()) -> Checked | None:
    """The audit log of a store checked; ``None`` where it has none yet. Changes nothing.

    ``heads`` are heads that somebody holds, ``number:hash``. Raises ``UserError`` for one that is
    none.
    """
    if not has_log(home):
        return None
    from harvester.web.audit import checking, offline

    return checking.check(home, [offline.head_told(one) for one in heads])


def audit_head(home: Path) -> str:
    """The head of the audit log of a store, ``number:hash``, as packs print it; empty without a log."""
    if not has_log(home):
        return ""
    from harvester.web.audit import checking

    return str(checking.head())


def laid_out_pdf(home: Path, digest: str) -> bytes | None:
    """The file of a text of this hash as a store laid it out to be signed; ``None`` where it has none."""
    if not digest or not has_log(home):
        return None
    from harvester.web.models import Edition

    found = Edition.objects.filter(sha256=digest).first()
    return bytes(found.pdf) if found else None


def has_log(home: Path) -> bool:
    """Whether a store has an audit log; Django is set up for it where it may have."""
    if not os.environ.get("DATABASE_URL") and not (home / "db.sqlite3").exists():
        return False
    _point_at(home)
    from django.db import connection

    return "web_event" in connection.introspection.table_names()


def close_mended(home: Path) -> int:
    """Close the cases of a store that its harvest in service shows to be mended; how many.

    Safe to call again. A store that never served pages has no cases, and no database is made.
    """
    if not os.environ.get("DATABASE_URL") and not (home / "db.sqlite3").exists():
        return 0
    make_ready(home)
    from harvester.web.harvest_job import close_what_is_mended

    return close_what_is_mended()


def commitments(home: Path, as_at: dt.date) -> list[dict[str, object]]:
    """Every commitment of every protocol of a store with its latest verdict, the worst first.

    For whoever has the server's command line; pages show each person their own. A store that never
    served pages has none.
    """
    if not os.environ.get("DATABASE_URL") and not (home / "db.sqlite3").exists():
        return []
    make_ready(home)
    from harvester.web.compacts import listing, promises

    found = listing.ordered(listing.promises(promises.everything(as_at)), "")
    return [listing.row(one) for one in found]


def meeting_pack(
    home: Path, harvest: HarvestView, forum: str, on: dt.date, *, reader: str = ""
) -> tuple[dict[str, Any], dict[str, bytes]] | None:
    """The pack of the meeting of a forum on a day, and the papers it carries; ``None`` where no such
    meeting is called in this store.

    ``reader`` is the user name of the person it is for, who is told what they may know; everyone
    where it is empty. Raises ``UserError`` for a name without an account.
    """
    if not has_log(home):
        return None
    make_ready(home)
    from django.contrib.auth import get_user_model
    from django.contrib.auth.models import AnonymousUser
    from django.utils import timezone

    from harvester.domain.errors import UserError
    from harvester.web.forums import annexes, packing
    from harvester.web.models import Meeting

    person = get_user_model().objects.filter(username=reader).first() if reader else AnonymousUser()
    if person is None:
        raise UserError(f"nobody has the user name {reader!r}.", where="--reader")
    meeting = Meeting.objects.filter(forum=forum, on=on).first()
    if meeting is None:
        return None
    pack = packing.pack_of(person, meeting, harvest, timezone.localdate())
    return pack, annexes.carried_by(pack)


def prepare(home: Path) -> str:
    """Make the database ready with one sample person for each role; say how to sign in.

    For the sample country (``harvester up``) only: a store of real files gets its people from
    ``make_person``.
    """
    make_ready(home)
    from harvester.web.accounts import ensure_sample_users

    users = ensure_sample_users(home)
    listed = "\n".join(f"  {user.username:<12} {user.role.label}" for user in users)
    return (
        f"Sign in with any of these names and the password {users[0].password}\n{listed}\n"
        "Reading needs no account."
    )


def _check_host(host: str) -> None:
    """Past this machine, the names people use must be told, so that no other is answered to.

    Raises ``ConfigurationError`` when they are not.
    """
    if os.environ.get("ALLOWED_HOSTS") or host in HERE:
        return
    raise ConfigurationError(
        f"people on other machines could reach {host or 'every address'}, but ALLOWED_HOSTS is empty.",
        mend="Set ALLOWED_HOSTS to the host names people use, comma between; cookies then need "
        "HTTPS (set HARVESTER_HTTPS=0 only on a network you trust).",
    )


def _stop(*_: object) -> NoReturn:
    sys.exit(0)


def serve(
    home: Path,
    host: str = "127.0.0.1",
    port: int = 8000,
    ready: Callable[[str], None] | None = None,
) -> None:
    """Serve the store at ``home`` until Ctrl-C or a polite stop, and end cleanly.

    ``ready`` is told the address once the port is held. Raises ``ConfigurationError`` when the
    port is taken or the host cannot be served.
    """
    _check_host(host)
    make_ready(home)
    from django.conf import settings
    from waitress import create_server

    from harvester.web import harvest_job, harvest_store
    from harvester.web.wsgi import application

    harvest_job.forget_dead()
    harvest_store.current()
    try:
        server = create_server(
            application,
            host=host,
            port=port,
            threads=THREADS,
            ident="harvester",
            max_request_body_size=settings.UPLOAD_BYTES_PER_REQUEST + MEGABYTE,
            channel_timeout=300,
            clear_untrusted_proxy_headers=not settings.PROXIES,
        )
    except OSError as error:
        raise ConfigurationError(
            f"cannot listen on {host}:{port} ({error.strerror or error}).",
            mend="Choose another port with --port.",
        ) from error
    signal.signal(signal.SIGTERM, _stop)
    if ready is not None:
        ready(f"http://{host}:{server.effective_port}/")
    try:
        server.run()
    finally:
        server.close()
