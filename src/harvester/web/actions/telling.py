"""How a person is told: their calendar feeds, how often they are written to, and replies by a link."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING

from django.core import signing
from django.db import IntegrityError, transaction
from django.utils import timezone

from harvester.domain.errors import UserError
from harvester.web import permissions
from harvester.web.actions.acting import Actor, act
from harvester.web.actions.answers import SpentLinkError, WrongLinkError
from harvester.web.actions.decisions import answer_decision
from harvester.web.actions.matters import take_step
from harvester.web.matters import courses
from harvester.web.models import Feed, ReminderChoice, ReplyLink, ReplyUse
from harvester.web.permissions import Subject
from harvester.web.rights import Action

if TYPE_CHECKING:
    import datetime as dt

    from django.contrib.auth.models import User

SALT = "harvester.reply-link"
SECRET_BYTES = 32
MOST_FEEDS = 5


def own(person: User) -> Subject:
    """What is a person's very own."""
    return Subject(seats=frozenset({person.pk}))


def in_person(person: User) -> User:
    """A person who proved who they are before: by the secret of a feed or of a letter. Being asked for
    a second factor on the pages is not asked again here."""
    person.signed_in_elsewhere = True
    return person


def make_feed(actor: Actor, person: User, *, at: dt.datetime | None = None) -> str:
    """Make a calendar feed; the secret of its address, which is kept nowhere and told once.

    Raises ``UserError`` when the person has as many as one may have.
    """
    when = at or timezone.now()
    if Feed.objects.filter(person=person, ended_at=None).count() >= MOST_FEEDS:
        raise UserError(f"you have {MOST_FEEDS} feeds.", mend="End one first.", where="feed")
    secret = secrets.token_urlsafe(SECRET_BYTES)
    with act(
        actor, Action.BE_TOLD, f"person:{person.get_username()}", on=own(person), at=when
    ) as note:
        feed = Feed.objects.create(person=person, secret=_hash(secret), made_at=when)
        note.payload.update({"feed": feed.pk, "made": True})
    return secret


def end_feed(actor: Actor, person: User, feed_id: int, *, at: dt.datetime | None = None) -> bool:
    """Revoke a feed of one's own; whether there was one. Its address leads nowhere from now on."""
    when = at or timezone.now()
    subject = f"person:{person.get_username()}"
    with act(actor, Action.BE_TOLD, subject, on=own(person), at=when) as note:
        found = Feed.objects.filter(pk=feed_id, person=person, ended_at=None)
        ended = found.update(ended_at=when)
        note.nothing = not ended
        note.payload.update({"feed": feed_id, "ended": True})
    return bool(ended)


def person_of_feed(secret: str) -> User | None:
    """Whose feed an address is; ``None`` where it was revoked, never was, or the person has gone."""
    feed = Feed.objects.filter(secret=_hash(secret), ended_at=None).select_related("person").first()
    if feed is None or not feed.person.is_active:
        return None
    person = in_person(feed.person)
    return person if permissions.may(person, Action.BE_TOLD, own(person)) else None


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def choose_reminders(
    actor: Actor, person: User, how: str, *, at: dt.datetime | None = None
) -> ReminderChoice:
    """Choose how often one is written to. Raises ``UserError`` for anything else."""
    if how not in dict(ReminderChoice.CHOICES):
        raise UserError("each working day, once a week, or never.", where="how")
    subject = f"person:{person.get_username()}"
    with act(actor, Action.BE_TOLD, subject, on=own(person), at=at) as note:
        choice, _ = ReminderChoice.objects.update_or_create(person=person, defaults={"how": how})
        note.payload.update({"how": how})
    return choice


def signed(link: ReplyLink) -> str:
    """The part of the address that only we can have written."""
    return signing.dumps(link.token, salt=SALT)


def opened(text: str, today: dt.date) -> ReplyLink:
    """The link of an address, still to be used, of somebody who still may.

    Raises :class:`WrongLinkError` for an address that was changed, :class:`SpentLinkError` for a link
    that was used, whose last day has passed, or whose person may answer no more.
    """
    try:
        token = signing.loads(text, salt=SALT)
    except signing.BadSignature:
        raise WrongLinkError("this address is not whole.", mend="Copy all of it.") from None
    rows = ReplyLink.objects.select_related("person", "decision__meeting", "matter", "use")
    link = rows.filter(token=str(token)).first()
    if link is None:
        raise WrongLinkError("this address is not known here.")
    if hasattr(link, "use"):
        raise SpentLinkError("an answer was given through this link already.")
    if today > link.last_day:
        raise SpentLinkError(f"this link could be used up to {link.last_day:%d %b %Y}.")
    if not link.person.is_active:
        raise SpentLinkError("this link was for somebody who has left.")
    if link.matter is not None and courses.course_of(link.matter).privileged:
        raise SpentLinkError("this matter takes no answers by a link.")
    return link


def reply(
    text: str, *, words: str, done: bool = True, shown_by: str = "", at: dt.datetime | None = None
) -> ReplyLink:
    """Answer through a link of a letter, which is then spent: only one row can hold its use.

    The answer is recorded as that person's, with the link. Raises the errors of :func:`opened`, of
    ``answer_decision`` and ``take_step``; then the link can still be used.
    """
    when = at or timezone.now()
    link = opened(text, timezone.localdate(when))
    person = in_person(link.person)
    actor = Actor.of(person)
    try:
        with transaction.atomic():
            with act(
                actor, Action.BE_TOLD, f"person:{person.get_username()}", on=own(person), at=when
            ) as note:
                ReplyUse.objects.create(link=link, at=when)
                note.payload.update({"reply": link.pk})
            if link.decision is not None:
                answer_decision(
                    actor, link.decision, done=done, words=words, shown_by=shown_by,
                    payload={"reply": link.pk}, at=when,
                )  # fmt: skip
            else:
                take_step(
                    actor, link.matter.number, "answer", on=timezone.localdate(when),
                    told={"answer": words.strip()}, reason="by a link of a reminder", at=when,
                )  # fmt: skip
    except IntegrityError:
        raise SpentLinkError("an answer was given through this link already.") from None
    return link
