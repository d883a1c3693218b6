"""How a person is told of what waits: calendar feeds, reminders by e-mail, links to reply by."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from harvester.web.models.keeping import Kept
from harvester.web.models.matters import Matter
from harvester.web.models.meetings import Decision
from harvester.web.models.papers import new_token

PERSON = settings.AUTH_USER_MODEL


class Feed(models.Model):
    """An address by which a calendar program reads what a person may know. Only its hash is kept."""

    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="feeds")
    secret = models.CharField(
        max_length=64, unique=True, help_text="SHA-256 of the address's secret"
    )
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, help_text="when it was revoked")

    class Meta:
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return f"feed of {self.person}"


class ReminderChoice(models.Model):
    """How often a person is written to."""

    DAILY, WEEKLY, NONE = "daily", "weekly", "none"
    CHOICES = [(DAILY, "each working day"), (WEEKLY, "once a week"), (NONE, "never")]

    person = models.OneToOneField(PERSON, on_delete=models.PROTECT, related_name="reminder_choice")
    how = models.CharField(max_length=10, choices=CHOICES)

    def __str__(self) -> str:
        return f"{self.person}: {self.how}"


class Reminder(Kept):
    """One letter to a person on a day, claimed before it is sent so that nobody sends it twice."""

    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="reminders")
    on = models.DateField()
    attempt = models.PositiveSmallIntegerField(default=1)
    lines = models.PositiveIntegerField(help_text="things it tells of")
    late = models.PositiveIntegerField(help_text="of these past their day")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["person", "on", "attempt"], name="reminder_once")
        ]


class ReminderOutcome(Kept):
    """What became of a letter: taken by the mail server, not taken, or come back."""

    SENT, FAILED, BOUNCED = "sent", "failed", "bounced"
    OUTCOMES = [(one, one) for one in (SENT, FAILED, BOUNCED)]

    reminder = models.ForeignKey(Reminder, on_delete=models.PROTECT, related_name="outcomes")
    outcome = models.CharField(max_length=10, choices=OUTCOMES)
    said = models.CharField(max_length=500, blank=True, help_text="what the mail server said")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]


class ReplyLink(Kept):
    """An address in a letter by which one person answers once: a decision owed, or a case."""

    token = models.CharField(max_length=24, unique=True, default=new_token)
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="reply_links")
    reminder = models.ForeignKey(Reminder, on_delete=models.PROTECT, related_name="links")
    decision = models.ForeignKey(
        Decision, on_delete=models.PROTECT, null=True, related_name="reply_links"
    )
    matter = models.ForeignKey(
        Matter, on_delete=models.PROTECT, null=True, related_name="reply_links"
    )
    made_at = models.DateTimeField()
    last_day = models.DateField()


class ReplyUse(Kept):
    """A reply link that was used: there is one row for a link, so it works once."""

    link = models.OneToOneField(ReplyLink, on_delete=models.PROTECT, related_name="use")
    at = models.DateTimeField()
