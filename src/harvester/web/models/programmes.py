"""Programmes of engagement: what was planned when one was started, and every act since."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from harvester.web.models.keeping import Kept
from harvester.web.models.matters import Matter
from harvester.web.models.meetings import Meeting
from harvester.web.models.papers import LEVELS

PERSON = settings.AUTH_USER_MODEL


class Programme(Kept):
    """A programme as it was started from a template: its milestones dated, whom it engages."""

    number = models.PositiveIntegerField(unique=True, help_text="from 1, in order of starting")
    template = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    starts = models.DateField()
    milestones = models.JSONField(help_text="id, title, day, who, product and why of each")
    stakeholders = models.JSONField(help_text="who, and at which forums")
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="programmes")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-starts", "-number"]

    def __str__(self) -> str:
        return f"{self.key} {self.name}"

    @property
    def key(self) -> str:
        """How events name it."""
        return f"programme:{self.number}"


class ProgrammeAct(Kept):
    """One act of a programme: with whom or on which milestone, what kind, in which words.

    A promise has a day it is ``due``; what followed names the act it ``answers``.
    """

    PROMISED, HELD, SAID, FOLLOWED, DONE = "promised", "held", "said", "followed", "done"
    KINDS = [
        (PROMISED, "promised"), (HELD, "held"), (SAID, "said"), (FOLLOWED, "what followed"),
        (DONE, "milestone reached"),
    ]  # fmt: skip

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="acts")
    number = models.PositiveIntegerField(help_text="from 1 within the programme")
    stakeholder = models.CharField(max_length=200, blank=True)
    milestone = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=10, choices=KINDS)
    words = models.TextField()
    on = models.DateField()
    due = models.DateField(null=True)
    answers = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="answered_by"
    )
    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, null=True, related_name="programme_acts"
    )
    matter = models.ForeignKey(
        Matter, on_delete=models.PROTECT, null=True, related_name="programme_acts"
    )
    level = models.CharField(max_length=12, choices=LEVELS)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="programme_acts")
    at = models.DateTimeField()

    class Meta:
        ordering = ["programme_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="programme_act_once")
        ]
