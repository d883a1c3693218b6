"""One action: the right asked, the rows written, the event chained, all in one transaction."""

from __future__ import annotations

import datetime as dt
import getpass
import secrets
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from harvester.domain.errors import UserError
from harvester.web import permissions
from harvester.web.actions.guard import writing
from harvester.web.audit import chain
from harvester.web.models import ChainHead, Event
from harvester.web.permissions import OPEN, Subject
from harvester.web.rights import Action, Happening, Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.contrib.auth.models import User

LONGEST_REASON = 2_000
LONGEST_NAME = 200
SYSTEM = "system"


@dataclass(frozen=True)
class Actor:
    """Who acts: a person, perhaps for another; or the operator at the command line; or the system."""

    name: str
    on_behalf_of: str = ""
    person: User | None = None

    @classmethod
    def of(cls, person: User) -> Actor:
        """A person of a request, with whom they act for."""
        principal = permissions.acting_for(person)
        for_whom = principal.get_username() if principal else ""
        return cls(person.get_username(), for_whom, person)

    @classmethod
    def operator(cls, on_behalf_of: str = "") -> Actor:
        """Whoever has the command line of the server; the machine answers for their rights."""
        return cls(f"operator:{getpass.getuser()}", on_behalf_of)

    @classmethod
    def guest(cls, name: str) -> Actor:
        """Somebody without an account, by what they call themselves."""
        return cls(f"guest:{name.strip()}"[:LONGEST_NAME])

    @classmethod
    def system(cls) -> Actor:
        """The program itself: what ended, what was noticed."""
        return cls(SYSTEM)


@dataclass
class Note:
    """What the event will say; an action fills in what it knows only while it writes.

    ``nothing`` says that nothing was to be done after all: what was written is undone, and there is
    no event.
    """

    subject: str
    payload: dict[str, Any] = field(default_factory=dict)
    nothing: bool = False


@contextmanager
def act(
    actor: Actor,
    action: Action | Happening,
    subject: str,
    *,
    on: Subject = OPEN,
    reason: str = "",
    at: dt.datetime | None = None,
) -> Iterator[Note]:
    """Do what is inside as one action, and chain its event; an error inside undoes both.

    ``on`` is what the right is asked about; ``at`` (now, unless told) must know its time zone.
    Raises ``PermissionDenied`` before anything is written, ``UserError`` for a reason too long.
    """
    if isinstance(action, Action) and actor.person is not None:
        permissions.check(actor.person, action, on)
    if len(reason) > LONGEST_REASON:
        raise UserError(f"a reason has at most {LONGEST_REASON} characters.", where="reason")
    note = Note(subject)
    with transaction.atomic(), writing():
        yield note
        if note.nothing:
            transaction.set_rollback(True)
            return
        # The head is locked last and held shortest: everyone who writes waits for it.
        _append(actor, action, note, level=on.level, reason=reason, at=at or timezone.now())


def _append(
    actor: Actor,
    action: Action | Happening,
    note: Note,
    *,
    level: Level,
    reason: str,
    at: dt.datetime,
) -> None:
    """Add the event behind the head. The row of the head is locked until the transaction ends.

    PostgreSQL waits at the row; SQLite has let one writer in since the transaction began.
    """
    head = ChainHead.objects.select_for_update().get(pk=1)
    told: dict[str, Any] = {
        "number": head.number + 1,
        "at": instant(at),
        "actor": actor.name[:LONGEST_NAME],
        "on_behalf_of": actor.on_behalf_of[:LONGEST_NAME],
        "action": action.value,
        "subject": note.subject[:LONGEST_NAME],
        "level": level.value,
        "reason": reason,
        "payload": chain.canonical(note.payload),
        "salt": secrets.token_hex(16),
        "previous": head.hash,
    }
    told["seal"] = chain.seal_of(told["salt"], told["reason"], told["payload"])
    told["hash"] = chain.hash_of(told)
    Event(**told).save(force_insert=True)
    head.number, head.hash = told["number"], told["hash"]
    head.save(update_fields=["number", "hash"])


def instant(at: dt.datetime) -> str:
    """An instant as events and decisions write it: UTC, to the microsecond.

    Raises ``UserError`` when the time zone is not known.
    """
    if at.tzinfo is None:
        raise UserError("the time of an action has no time zone.", where="at")
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
