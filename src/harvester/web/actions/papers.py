"""Papers of a matter added, and its parties named."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from harvester.domain.errors import UserError
from harvester.rules import institutions
from harvester.web import permissions
from harvester.web.actions.acting import Actor, act
from harvester.web.models import Paper, Party, Seat
from harvester.web.permissions import Subject
from harvester.web.rights import Action, Level

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from django.contrib.auth.models import User

LONGEST_TITLE = 200
MEGABYTE = 1024 * 1024


def name_parties(
    actor: Actor,
    matter: str,
    parties: Iterable[str],
    seats: Iterable[User] = (),
    *,
    reason: str,
    at: dt.datetime | None = None,
) -> None:
    """Say which institutions are party to a matter and who has a seat at it; nobody is taken off.

    Nobody seats themselves: that would open privileged papers by one's own hand. Raises
    ``UserError`` for an institution that is not known and for a seat of one's own.
    """
    codes, people = list(dict.fromkeys(parties)), list(seats)
    book = institutions.load()
    unknown = [code for code in codes if book.get(code) is None]
    if unknown:
        raise UserError(f"no institution has the code {unknown[0]!r}.", where="parties")
    if any(actor.name == person.get_username() for person in people):
        raise UserError("nobody gives themselves a seat.", where="seats")
    with act(
        actor, Action.NAME_PARTIES, matter, on=Subject(Level.PUBLIC), reason=reason, at=at
    ) as note:
        for code in codes:
            Party.objects.get_or_create(matter=matter, institution=code)
        for person in people:
            Seat.objects.get_or_create(matter=matter, person=person)
        note.payload.update(
            {"parties": codes, "seats": [person.get_username() for person in people]}
        )


def add_paper(
    person: User,
    matter: str,
    level: Level,
    title: str,
    *,
    body: str = "",
    file_name: str = "",
    content: bytes = b"",
    reason: str = "",
    at: dt.datetime | None = None,
) -> Paper:
    """Add a paper to a matter.

    The event holds neither title nor file name, only a salted hash by which whoever has the paper
    can prove that it is the one that was added. Raises ``UserError`` for a paper without a title or
    a file too large.
    """
    from harvester.web.uploading import safe_name

    if not title.strip() or len(title) > LONGEST_TITLE:
        raise UserError(f"give a title of at most {LONGEST_TITLE} characters.", where="title")
    if len(content) > settings.UPLOAD_BYTES_PER_FILE:
        limit = settings.UPLOAD_BYTES_PER_FILE // MEGABYTE
        raise UserError(f"the file is larger than {limit} MB.", where="file")
    when = at or timezone.now()
    paper = Paper(
        matter=matter,
        level=level.value,
        title=title.strip(),
        body=body,
        file_name=safe_name(file_name) if file_name else "",
        content=content,
        added_by=person,
        added_at=when,
        salt=secrets.token_hex(16),
    )
    subject = permissions.subject_of(matter, level)
    with act(
        Actor.of(person), Action.ADD_PAPER, matter, on=subject, reason=reason, at=when
    ) as note:
        paper.save()
        note.payload.update({"paper": paper.token, "seal": paper_seal(paper)})
    return paper


def paper_seal(paper: Paper) -> str:
    """Hash over all a paper says, with its salt."""
    told = hashlib.sha256()
    parts = (paper.salt, paper.matter, paper.level, paper.title, paper.body, paper.file_name)
    for part in (*(text.encode() for text in parts), bytes(paper.content)):
        told.update(len(part).to_bytes(8, "big") + part)
    return told.hexdigest()
