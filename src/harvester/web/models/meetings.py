"""Meetings of forums, and what they decide. All of it is added to, nothing is changed."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from harvester.web.models.keeping import Kept
from harvester.web.models.matters import Matter
from harvester.web.models.papers import LEVELS, new_token

PERSON = settings.AUTH_USER_MODEL


class Meeting(Kept):
    """A forum called together on a day. ``forum`` is a code of ``processor.forums.bodies``."""

    number = models.PositiveIntegerField(unique=True, help_text="from 1, in order of calling")
    forum = models.CharField(max_length=60, db_index=True)
    on = models.DateField(db_index=True)
    following = models.DateField(help_text="when the forum is thought to meet next")
    venue = models.CharField(max_length=200, blank=True)
    metro = models.CharField(max_length=20, blank=True, help_text="whom it is about; empty: no one")
    chair = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="chairs")
    called_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="meetings_called")
    called_at = models.DateTimeField()

    class Meta:
        ordering = ["on", "number"]

    def __str__(self) -> str:
        return f"{self.key}: {self.forum} on {self.on}"

    @property
    def key(self) -> str:
        """How events name it."""
        return f"meeting:{self.number}"


class AgendaChange(Kept):
    """A matter put on an agenda, or taken off it, by whoever keeps it. The latest holds."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="changes")
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="agenda_changes")
    put_on = models.BooleanField()
    reason = models.CharField(max_length=500)
    level = models.CharField(max_length=12, choices=LEVELS)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="agenda_changes")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]


class Attendance(Kept):
    """Who was there, for whom, as what; or who sent an apology. The latest for a name holds."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendance")
    institution = models.CharField(max_length=60, blank=True)
    name = models.CharField(max_length=120)
    capacity = models.CharField(
        max_length=120, blank=True, help_text="such as chief financial officer"
    )
    present = models.BooleanField(help_text="else an apology")
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="attendance_kept")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]


class Decision(Kept):
    """What a meeting decided: on which matter (or none), in which words, owed by whom, until when.

    ``to`` is the forum it sends the matter on to. ``replaces`` is an earlier decision this one stands
    for instead.
    """

    DECIDED, RETURNED, REFERRED = "decided", "returned", "referred"
    OUTCOMES = [(DECIDED, DECIDED), (RETURNED, RETURNED), (REFERRED, REFERRED)]

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="decisions")
    token = models.CharField(max_length=24, unique=True, default=new_token)
    matter = models.ForeignKey(
        Matter, on_delete=models.PROTECT, null=True, related_name="decisions"
    )
    words = models.TextField()
    owner = models.CharField(max_length=60, help_text="institution that is to do it")
    due = models.DateField()
    outcome = models.CharField(max_length=10, choices=OUTCOMES)
    to = models.CharField(max_length=60, blank=True)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="replaced_by"
    )
    level = models.CharField(max_length=12, choices=LEVELS)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="decisions_kept")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.key

    @property
    def key(self) -> str:
        """How events name it. Never a number: whoever may not see one would count it."""
        return f"decision:{self.token}"


class Dissent(Kept):
    """What an institution says against a decision. It stands beside it."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="dissents")
    institution = models.CharField(max_length=60)
    words = models.TextField()
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="dissents_kept")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]


class DecisionAnswer(Kept):
    """What became of a decision; ``done`` ends it. ``shown_by`` names the paper or document."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="answers")
    done = models.BooleanField()
    words = models.TextField()
    shown_by = models.CharField(max_length=300, blank=True)
    on = models.DateField()
    institution = models.CharField(max_length=60, blank=True)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="decisions_answered")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]


class MeetingClosed(Kept):
    """Minutes fixed, or the meeting called off: nothing is added to it after.

    ``agenda`` is what stood on it, for everybody; each reader is shown what they may see of it.
    """

    meeting = models.OneToOneField(Meeting, on_delete=models.PROTECT, related_name="closed")
    held = models.BooleanField(help_text="else called off")
    words = models.TextField()
    agenda = models.JSONField(help_text="matter, why and press of each item, in order")
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="meetings_closed")
    at = models.DateTimeField()


class Escalation(Kept):
    """A matter that went on to another forum because time ran out. Each ``cause`` does so once."""

    cause = models.CharField(max_length=200, unique=True)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="escalations")
    decision = models.ForeignKey(
        Decision, on_delete=models.PROTECT, null=True, related_name="escalations"
    )
    to = models.CharField(max_length=60)
    why = models.CharField(max_length=400)
    on = models.DateField()
    level = models.CharField(max_length=12, choices=LEVELS)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
