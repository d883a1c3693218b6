"""Reminders sent: one letter a day to a person, claimed before it goes out, its outcome recorded."""

from __future__ import annotations

import datetime as dt
import smtplib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from harvester.rules.law.periods import is_working_day
from harvester.web import permissions
from harvester.web.actions import telling
from harvester.web.actions.acting import Actor, act
from harvester.web.forums.reminding import Line, is_worth_a_letter, lines_of
from harvester.web.models import Reminder, ReminderChoice, ReminderOutcome, ReplyLink
from harvester.web.rights import Action, Happening

if TYPE_CHECKING:
    from django.contrib.auth.models import User

MOST_ATTEMPTS = 3
LINK_DAYS = 14
"""How long a reply link can be used. Policy of the working group."""
LONGEST_SAID = 500


@dataclass
class Sent:
    """How a run went: letters taken by the mail server, not taken, and people with nothing to be told."""

    sent: int = 0
    failed: int = 0
    nothing: int = 0


def remind(today: dt.date | None = None) -> Sent:
    """Write to everybody who has something due or late, and wants to be told today.

    A second run on a day sends nothing again, unless the mail server did not take the letter; then it
    is tried up to three times. Nobody is written to on days that are not working days.
    """
    day = today or timezone.localdate()
    told = Sent()
    if not is_working_day(day):
        return told
    people = get_user_model().objects.filter(is_active=True, appointment__isnull=False)
    for person in people.exclude(email="").order_by("pk"):
        attempt = _attempt(person, day)
        if attempt is None:
            continue
        lines = lines_of(telling.in_person(person), day)
        if not is_worth_a_letter(lines, day):
            told.nothing += 1
            continue
        claimed = _claim(person, day, attempt, lines)
        if claimed is None:
            continue
        if _send(person, claimed, lines, day):
            told.sent += 1
        else:
            told.failed += 1
    return told


def _attempt(person: User, day: dt.date) -> int | None:
    """Which attempt of the day this is; ``None`` where none is to be made."""
    choice = ReminderChoice.objects.filter(person=person).first()
    how = choice.how if choice else ReminderChoice.DAILY
    if how == ReminderChoice.NONE or not permissions.may(
        telling.in_person(person), Action.BE_TOLD, telling.own(person)
    ):
        return None
    if how == ReminderChoice.WEEKLY:
        monday = day - dt.timedelta(day.weekday())
        earlier = Reminder.objects.filter(person=person, on__gte=monday, on__lt=day)
        if earlier.filter(outcomes__outcome=ReminderOutcome.SENT).exists():
            return None
    last = Reminder.objects.filter(person=person, on=day).order_by("-attempt").first()
    if last is None:
        return 1
    failed = [row.outcome for row in last.outcomes.all()] == [ReminderOutcome.FAILED]
    # A letter without an outcome may have gone out before the run was cut off: never twice.
    return last.attempt + 1 if failed and last.attempt < MOST_ATTEMPTS else None


def _claim(person: User, day: dt.date, attempt: int, lines: list[Line]) -> Reminder | None:
    """The letter written down before it goes out; ``None`` where another run has it already."""
    when = timezone.now()
    subject = f"person:{person.get_username()}"
    try:
        with (
            transaction.atomic(),
            act(Actor.system(), Happening.REMINDED, subject, at=when) as note,
        ):
            made = Reminder.objects.create(
                person=person, on=day, attempt=attempt, lines=len(lines),
                late=sum(line.late for line in lines), at=when,
            )  # fmt: skip
            note.payload.update(
                {"on": day.isoformat(), "attempt": attempt, "lines": made.lines, "late": made.late}
            )
            for line in lines:
                if line.decision is not None or line.matter is not None:
                    ReplyLink.objects.create(
                        person=person, reminder=made, decision=line.decision, matter=line.matter,
                        made_at=when, last_day=day + dt.timedelta(LINK_DAYS),
                    )  # fmt: skip
    except IntegrityError:
        return None
    return made


def _send(person: User, claimed: Reminder, lines: list[Line], day: dt.date) -> bool:
    links = {(link.decision_id, link.matter_id): link for link in claimed.links.all()}
    told = []
    for line in lines:
        answers = line.decision is not None or line.matter is not None
        key = (line.decision.pk if line.decision else None, line.matter.pk if line.matter else None)
        address = reverse("reply", args=[telling.signed(links[key])]) if answers else ""
        told.append((line, f"{settings.SITE_ADDRESS}{address}" if address else ""))
    late = claimed.late
    subject = (
        f"{late} late, {claimed.lines - late} coming up" if late else f"{claimed.lines} coming up"
    )
    body = render_to_string("forums/reminder.txt", {
        "person": person, "lines": told, "late": late, "site": settings.SITE_ADDRESS, "days": LINK_DAYS,
        "day": day,
    })  # fmt: skip
    letter = EmailMessage(f"Combined Harvester: {subject}", body, to=[person.email])
    try:
        taken = letter.send()
    except (OSError, smtplib.SMTPException) as error:
        record_outcome(claimed, ReminderOutcome.FAILED, f"{type(error).__name__}: {error}")
        return False
    if not taken:
        record_outcome(claimed, ReminderOutcome.FAILED, "the mail server took none of it")
        return False
    record_outcome(claimed, ReminderOutcome.SENT)
    return True


def record_outcome(reminder: Reminder, outcome: str, said: str = "") -> ReminderOutcome:
    """Write down what became of a letter."""
    when = timezone.now()
    subject = f"person:{reminder.person.get_username()}"
    with act(Actor.system(), Happening.REMINDED, subject, at=when) as note:
        row = ReminderOutcome.objects.create(
            reminder=reminder, outcome=outcome, said=said[:LONGEST_SAID], at=when
        )
        note.payload.update({"reminder": reminder.pk, "outcome": outcome, "said": row.said})
    return row


def note_bounce(address: str, said: str) -> ReminderOutcome | None:
    """Write down that a letter came back; ``None`` where nobody with that address was written to."""
    last = Reminder.objects.filter(person__email__iexact=address.strip()).order_by("-at").first()
    return record_outcome(last, ReminderOutcome.BOUNCED, said) if last else None


def undelivered(since: dt.date) -> list[ReminderOutcome]:
    """Letters that were not taken or came back since a day, the newest first."""
    bad = (ReminderOutcome.FAILED, ReminderOutcome.BOUNCED)
    rows = ReminderOutcome.objects.filter(outcome__in=bad, reminder__on__gte=since)
    return list(rows.select_related("reminder__person").order_by("-at"))
